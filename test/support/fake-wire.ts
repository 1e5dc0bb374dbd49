import type { ClientMessage } from '../../src/stream/protocol/messages.js';
import type { Transport, TransportEvents, TransportFactory } from '../../src/stream/transport/transport.js';

/** One connection as the server sees it. */
export class FakeSocket implements Transport {
  readonly sent: ClientMessage[] = [];
  /** The same as they stood on the wire. */
  readonly sentTexts: string[] = [];
  isOpen = false;
  isClosed = false;
  isStuck = false;
  readonly #events: TransportEvents;
  readonly #onOpen: ((socket: FakeSocket) => void) | undefined;
  /** What the server does with each message. */
  onSent: ((message: ClientMessage, socket: FakeSocket) => void) | undefined;

  constructor(events: TransportEvents, onOpen: ((socket: FakeSocket) => void) | undefined) {
    this.#events = events;
    this.#onOpen = onOpen;
  }

  // Seen from the client

  open(): void {
    this.#onOpen?.(this);
  }

  close(): void {
    this.isClosed = true;
    this.isOpen = false;
  }

  send(text: string): boolean {
    if (!this.isOpen || this.isStuck) return false;
    this.sentTexts.push(text);
    // Some venues have words that are no JSON.
    if (!text.startsWith('{')) return true;
    const message = JSON.parse(text) as ClientMessage;
    this.sent.push(message);
    this.onSent?.(message, this);
    return true;
  }

  // Seen from the server

  accept(): void {
    this.isOpen = true;
    this.#events.onOpen();
  }

  push(...messages: readonly unknown[]): void {
    for (const message of messages) this.pushText(JSON.stringify(message));
  }

  pushText(text: string, url?: string): void {
    if (!this.isClosed) this.#events.onMessage(text, url);
  }

  pushBinary(): void {
    if (!this.isClosed) this.#events.onRefused('binary');
  }

  drop(code = 1006, reason = ''): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isOpen = false;
    this.#events.onClose(code, reason);
  }

  /** The messages of one type that the client has sent. */
  got<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter((message): message is Extract<ClientMessage, { type: T }> => message.type === type);
  }
}

/** All connections that were ever made, and how the server takes them. */
export class FakeWire {
  readonly sockets: FakeSocket[] = [];
  /** What happens when a client connects: by default it waits. */
  onConnect: ((socket: FakeSocket) => void) | undefined;

  readonly transport: TransportFactory = (_src, events) => {
    const socket = new FakeSocket(events, (opened) => this.onConnect?.(opened));
    this.sockets.push(socket);
    return socket;
  };

  /** The newest connection. */
  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nobody has connected');
    return socket;
  }

  /** Connections that neither side has ended. */
  get alive(): number {
    return this.sockets.filter(({ isClosed }) => !isClosed).length;
  }
}
