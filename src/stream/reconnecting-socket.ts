/**
 * `touchline/socket`: a socket for a page's own messages that is kept up. It knows nothing of markets; where the server
 * speaks of those, a market stream does all this and more.
 *
 * Nothing is ever said twice: a message goes out on the link of this moment or not at all, unless the page calls it safe
 * to wait for one. After a reconnect the page says anew, in `onOpen`, what it wants.
 */
import { ErrorDesk } from './error-desk.js';
import { KeptMessages } from './kept-messages.js';
import { KeptSocket } from './kept-socket.js';
import { Listeners } from './listeners.js';
import {
  messageText,
  readSocketOptions,
  type ReconnectingSocketOptions,
  type SocketSettings,
  type SocketState,
  type SocketStatus,
} from './socket-options.js';

export type { ReconnectingSocketOptions, SocketState, SocketStatus } from './socket-options.js';

const DEFAULT_MAX_AGE_MS = 30_000;

export interface SendOptions {
  /** Whether it may wait for a link. Only for what is still right later: never for an order. Default false. */
  readonly queue?: boolean | undefined;
  /** A later message with the same key takes the place of this one while it waits. Default: each stands for itself. */
  readonly key?: string | undefined;
  /** How long it may wait, in milliseconds. Default 30,000. */
  readonly maxAgeMs?: number | undefined;
}

/**
 * Connects as soon as it is made, like a `WebSocket`. Throws a `TypeError` or `RangeError` for options that make no
 * sense; an address that can't be used is told through `onError` and the state `closed`.
 *
 * @example
 * const socket = new ReconnectingSocket({
 *   url: '/ws/market/',
 *   onOpen: () => socket.sendMessage({ type: 'subscribe', symbols: ['SCOM', 'KCB'] }),
 *   onMessage: (message) => console.log(message),
 * });
 */
export class ReconnectingSocket<Message = unknown> {
  readonly #settings: SocketSettings<Message>;
  readonly #errors: ErrorDesk;
  readonly #socket: KeptSocket;
  readonly #kept: KeptMessages;
  readonly #messageListeners = new Listeners<[message: Message]>((error) => this.#threw(error));
  readonly #openListeners = new Listeners<[isReconnect: boolean]>((error) => this.#threw(error));
  readonly #statusListeners = new Listeners<[status: SocketStatus]>((error) => this.#threw(error));
  #lastMessage: Message | undefined;
  #refused = 0;

  constructor(options: ReconnectingSocketOptions<Message>) {
    const settings = readSocketOptions(options);
    this.#settings = settings;
    this.#errors = new ErrorDesk(settings.onError);
    this.#kept = new KeptMessages(settings.queueSize);
    if (options.onMessage !== undefined) this.#messageListeners.add(options.onMessage);
    if (options.onOpen !== undefined) this.#openListeners.add(options.onOpen);
    if (options.onStatus !== undefined) this.#statusListeners.add(options.onStatus);
    this.#socket = new KeptSocket(
      { ...settings, heartbeatText: () => this.#heartbeatText() },
      {
        onStatus: (status) => {
          if (status.state === 'closed') this.#kept.clear();
          this.#statusListeners.call(status);
        },
        onOpen: (isReconnect) => {
          // Who we are and what we want comes before what has waited.
          this.#openListeners.call(isReconnect);
          this.#flush();
        },
        onText: (text) => this.#received(text),
        onRefused: (reason) => this.#refuse(reason === 'binary' ? 'It was binary.' : 'It was too large.'),
        onError: (error) => this.#errors.tell(error),
      },
    );
    this.#socket.reconnect();
  }

  /** A new object with each change. */
  get status(): SocketStatus {
    return this.#socket.status;
  }

  get state(): SocketState {
    return this.status.state;
  }

  get isConnected(): boolean {
    return this.state === 'open';
  }

  /** The newest message, from whichever link; undefined before the first. */
  get lastMessage(): Message | undefined {
    return this.#lastMessage;
  }

  /** Messages that wait for a link. */
  get pending(): number {
    return this.#kept.count(this.now());
  }

  /** Messages that waited and will never be sent: too old, one too many, or given up with the connection. */
  get dropped(): number {
    return this.#kept.dropped;
  }

  /** Frames received that could not be read. */
  get refused(): number {
    return this.#refused;
  }

  /** Now, in the clock of `retryAt`. */
  now(): number {
    return this.#settings.clock.now();
  }

  /** Told of each message until the returned function is called. */
  onMessage(listener: (message: Message) => void): () => void {
    return this.#messageListeners.add(listener);
  }

  /** Told of each change of the status until the returned function is called. */
  observe(listener: (status: SocketStatus) => void): () => void {
    return this.#statusListeners.add(listener);
  }

  /**
   * Sends now: text as it is, anything else as JSON. False when it was not sent and never will be. With `queue` a message
   * that can't go now waits for a link, and that counts as true; once `closed` nothing waits.
   */
  sendMessage(message: unknown, options: SendOptions = {}): boolean {
    const { queue = false, key, maxAgeMs = DEFAULT_MAX_AGE_MS } = options;
    const text = messageText(message);
    if (!(maxAgeMs > 0)) throw new RangeError(`sendMessage: maxAgeMs must be above 0, got ${maxAgeMs}.`);
    if (!queue) return this.#socket.send(text);
    if (this.state === 'closed') return false;
    // Those that have waited go first.
    this.#kept.add({ text, key, maxAgeMs, keptAt: this.now() });
    this.#flush();
    return true;
  }

  /** Ends, and stays ended until `reconnect`: no timer, no listener to the page, no socket. What waited is dropped. */
  disconnect(): void {
    this.#socket.disconnect();
  }

  /** Drops what there is and tries at once, with all tries ahead again. */
  reconnect(): void {
    this.#socket.reconnect();
  }

  #flush(): void {
    this.#kept.flush(this.now(), (text) => this.#socket.send(text));
  }

  #received(text: string): void {
    // A link that took nothing for a while may do so again.
    this.#flush();
    let message: Message;
    try {
      message = this.#settings.read(text);
      if (this.#settings.isHeartbeatAnswer(message)) return;
    } catch (error) {
      this.#refuse('It could not be read.', error);
      return;
    }
    this.#lastMessage = message;
    this.#messageListeners.call(message);
  }

  #refuse(why: string, cause?: unknown): void {
    this.#refused += 1;
    this.#errors.once('refused_message', why, `A message of the server was refused. ${why}`, cause);
  }

  /** Undefined when the page's own function has nothing sensible to say. */
  #heartbeatText(): string | undefined {
    try {
      return this.#settings.heartbeatText();
    } catch (error) {
      this.#threw(error);
      return undefined;
    }
  }

  #threw(error: unknown): void {
    this.#errors.once('listener_threw', String(error), "One of the page's functions threw.", error);
  }
}
