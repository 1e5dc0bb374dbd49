/**
 * A real WebSocket server on the loopback that misbehaves on command. It speaks protocol 1 over a market of its own, like
 * the reference exchange; what is wrong with a connection is planned before it comes. It remembers every state of every
 * book, so that a test can say of any book under any number whether the market ever looked like that.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { Exchange } from '../../src/sim/index.js';
import type { Clock } from '../../src/stream/clock.js';
import { ServerSession, type SessionLimits } from '../../src/stream/protocol/session.js';
import { levelsText } from './book-levels.js';

const STEP_MS = 20;
/** Levels a side that are remembered of each state of a book. */
export const REMEMBERED_LEVELS = 10;

/** What goes wrong before any frame. */
export type HandshakeFault =
  /** The address is taken, and no answer to the handshake ever comes. */
  | { readonly do: 'hang' }
  /** The handshake is answered by HTTP. */
  | { readonly do: 'refuse'; readonly status: number; readonly retryAfterS?: number }
  /** The handshake is cut off. */
  | { readonly do: 'cut' }
  /** Upgraded, and then nothing: neither read nor written. */
  | { readonly do: 'mute' };

/**
 * What goes wrong with one frame. `at` counts what a connection is sent, from 0: with a client of ours the greeting, the
 * first pong, the confirmation, a snapshot for each symbol, then what changes.
 */
export type FrameFault = { readonly at: number } & (
  | {
      readonly do:
        /** A reset in place of the frame. */
        | 'kill'
        /** Half of the frame, and then an end without a goodbye. */
        | 'tear'
        | 'drop'
        | 'repeat'
        | 'swap'
        /** From this frame on nothing is sent, heard or closed: the far end is gone, and nobody has said so. */
        | 'freeze';
    }
  /** A goodbye in place of the frame; without a code where there is none. */
  | { readonly do: 'close'; readonly code?: number; readonly reason?: string }
  /** The frame comes after the next so many. */
  | { readonly do: 'late'; readonly by: number }
  /** This frame and all that follow are held for so long, in the clock's time, and then come in one go. */
  | { readonly do: 'stall'; readonly ms: number }
  /** From this frame on nothing is read for so long, in the clock's time; what there is to say is still said. */
  | { readonly do: 'deafen'; readonly ms: number }
  /** A frame of the test's own before this one. */
  | { readonly do: 'say'; readonly frame: string | Buffer; readonly binary?: boolean }
  /** Bytes past the protocol, before this frame. */
  | { readonly do: 'write'; readonly bytes: Buffer }
);

export type Fault = HandshakeFault | FrameFault;

/** One client as the server has it. */
export class FaultyLink {
  /** When it asked to be upgraded, in the clock's time. */
  readonly askedAt: number;
  readonly #server: FaultyServer;
  readonly #socket: Duplex & { resetAndDestroy?(): void };
  readonly #faults: Set<Fault>;
  webSocket: WebSocket | undefined;
  session: ServerSession | undefined;
  /** Frames that the session has made. */
  made = 0;
  /** How often each book was spoken of, as it should be, since the last fault. */
  readonly #clean = new Map<string, number>();
  /** What the client has said, message by message. */
  readonly heard: { readonly type: string; readonly [key: string]: unknown }[] = [];
  /** Text of the frames that faults have met. */
  readonly met: string[] = [];
  isFrozen = false;
  #late: { text: string; after: number }[] = [];
  #stalled: string[] | undefined;

  constructor(server: FaultyServer, socket: Duplex, faults: readonly Fault[], askedAt: number) {
    this.askedAt = askedAt;
    this.#server = server;
    this.#socket = socket;
    this.#faults = new Set(faults);
  }

  /** A client that can be talked to: open, and not on a dead wire. */
  get isAlive(): boolean {
    return !this.isFrozen && this.webSocket?.readyState === WebSocket.OPEN;
  }

  /** Whether every fault that was planned has happened. */
  get isSpent(): boolean {
    return this.#faults.size === 0 && this.#late.length === 0 && this.#stalled === undefined;
  }

  /** Goes wrong with the next frame. */
  strike(kind: 'kill' | 'tear' | 'freeze' | 'close'): void {
    this.#faults.add({ do: kind, at: this.made });
  }

  /** Takes what is to go wrong before any frame. */
  takeFirst(): HandshakeFault | undefined {
    for (const fault of this.#faults) {
      if ('at' in fault) continue;
      this.#faults.delete(fault);
      return fault;
    }
    return undefined;
  }

  open(webSocket: WebSocket, market: Exchange, clock: Clock, isMute: boolean): void {
    this.webSocket = webSocket;
    webSocket.on('error', () => this.session?.dispose());
    webSocket.on('close', () => this.session?.dispose());
    if (isMute) return this.#freeze();
    this.session = new ServerSession({
      market,
      sessionId: `s-${this.#server.links.length}`,
      limits: this.#server.limits,
      now: () => clock.now(),
      bufferedAmount: () => webSocket.bufferedAmount,
      send: (text) => this.#out(text),
      close: (code, reason) => webSocket.close(code, reason),
    });
    webSocket.on('message', (data: Buffer) => {
      if (this.isFrozen) return;
      const text = data.toString();
      this.heard.push(JSON.parse(text) as FaultyLink['heard'][number]);
      this.session?.receive(text);
    });
  }

  /** The messages of one type that the client has sent. */
  got(type: string): readonly { readonly [key: string]: unknown }[] {
    return this.heard.filter((message) => message.type === type);
  }

  #out(text: string): boolean {
    const index = this.made++;
    if (!this.isAlive) return false;
    const met = this.met.length;
    let copies = [text];
    for (const fault of this.#faults) {
      if (!('at' in fault) || fault.at !== index) continue;
      this.#faults.delete(fault);
      this.met.push(text);
      copies = this.#happen(fault, text, index, copies);
    }
    for (const copy of copies) this.#put(copy);
    const due = this.#late.filter(({ after }) => after <= index);
    this.#late = this.#late.filter(({ after }) => after > index);
    for (const late of due) this.#put(late.text);
    if (this.met.length > met || due.length > 0) this.#clean.clear();
    else for (const [, symbol = ''] of text.matchAll(/"book:(\w+)"/g)) this.#clean.set(symbol, this.clean(symbol) + 1);
    return true;
  }

  /**
   * How often the book of a symbol was spoken of, as it should be, since the last fault. No chain can show a loss that
   * nothing follows, so a test waits for what does.
   */
  clean(symbol: string): number {
    return this.#clean.get(symbol) ?? 0;
  }

  /** Makes a fault happen, and says what is left to be sent of the frame that it met. */
  #happen(fault: FrameFault, text: string, index: number, copies: string[]): string[] {
    switch (fault.do) {
      case 'kill':
        this.#socket.resetAndDestroy?.();
        return [];
      case 'tear':
        this.#socket.end(textFrame(text).subarray(0, Math.max(1, text.length >> 1)));
        return [];
      case 'close':
        this.webSocket?.close(fault.code, fault.reason);
        return [];
      case 'drop':
        return [];
      case 'repeat':
        return [text, text];
      case 'swap':
        this.#late.push({ text, after: index + 1 });
        return [];
      case 'late':
        this.#late.push({ text, after: index + fault.by });
        return [];
      case 'stall':
        this.#stalled = [];
        this.#server.after(fault.ms, () => this.#release());
        return copies;
      case 'freeze':
        this.#freeze();
        return [];
      case 'deafen':
        this.#socket.pause();
        this.#server.after(fault.ms, () => this.#socket.resume());
        return copies;
      case 'say':
        this.webSocket?.send(fault.frame, { binary: fault.binary === true });
        return copies;
      case 'write':
        this.#socket.write(fault.bytes);
        return copies;
    }
  }

  #put(text: string): void {
    if (this.#stalled !== undefined) this.#stalled.push(text);
    else if (this.isAlive) this.webSocket?.send(text);
  }

  #release(): void {
    const stalled = this.#stalled ?? [];
    this.#stalled = undefined;
    this.#clean.clear();
    for (const text of stalled) this.#put(text);
  }

  #freeze(): void {
    this.isFrozen = true;
    this.#socket.pause();
  }

  destroy(): void {
    this.session?.dispose();
    this.#socket.destroy();
  }
}

export interface FaultyServerOptions {
  /** Shared with the client: both ends must agree on the time. */
  readonly clock: Clock;
  readonly seed?: number;
  /** Default 2. */
  readonly symbols?: number;
  /** What a connection may have. Default: what sessions allow. */
  readonly limits?: Partial<SessionLimits>;
}

export class FaultyServer {
  readonly market: Exchange;
  readonly limits: Partial<SessionLimits>;
  /** Every connection that ever asked to be upgraded, oldest first. */
  readonly links: FaultyLink[] = [];
  /** What goes wrong with the connection of this number, from 0. */
  plan: (connection: number) => readonly Fault[] = () => [];
  readonly #clock: Clock;
  readonly #pending: (() => void)[] = [];
  readonly #http: Server = createServer((_request, response) => response.writeHead(404).end());
  readonly #acceptor = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
  readonly #history = new Map<string, string>();
  readonly #tcp = new Set<Duplex>();
  #stepping: NodeJS.Timeout | undefined;
  #isResting = false;

  constructor({ clock, seed = 1, symbols = 2, limits = {} }: FaultyServerOptions) {
    this.#clock = clock;
    this.limits = limits;
    this.market = new Exchange({ symbols, seed, ratePerSymbol: 80 / symbols, startMs: clock.now(), epoch: `e${seed}` });
    this.#remember();
    this.#http.on('connection', (socket) => {
      this.#tcp.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#tcp.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/ws/market/`;
  }

  get last(): FaultyLink | undefined {
    return this.links.at(-1);
  }

  /** Clients that can be talked to. */
  get alive(): number {
    return this.links.filter(({ isAlive }) => isAlive).length;
  }

  /** Times between the starts of connections, in the clock's time. */
  get waits(): readonly number[] {
    return this.links.slice(1).map(({ askedAt }, i) => askedAt - (this.links[i]?.askedAt ?? 0));
  }

  /** Connections of any kind that the client has not let go of. */
  get tcpConnections(): number {
    return this.#tcp.size;
  }

  /** Acts after so long in the clock's time, unless it has been stopped. */
  after(clockMs: number, act: () => void): void {
    this.#pending.push(this.#clock.setTimer(act, clockMs));
  }

  async listen(port = 0): Promise<this> {
    this.#http.listen(port, '127.0.0.1');
    await once(this.#http, 'listening');
    this.#stepping = setInterval(() => {
      if (!this.#isResting) {
        this.market.step(this.#clock.now());
        this.#remember();
      }
      for (const { session } of this.links) session?.flush();
    }, STEP_MS / 2);
    return this;
  }

  /** The market stands still from now on. What was not sent yet still goes out. */
  rest(): void {
    this.#isResting = true;
  }

  /** The best levels of a book as they are now. */
  now(symbol: string): string {
    return levelsText(this.market.listing(symbol)?.book, REMEMBERED_LEVELS);
  }

  /** The best levels of a book as they were under this number; undefined when the market never was there. */
  asOf(symbol: string, epoch: string, sequence: number): string | undefined {
    return this.#history.get(`${symbol} ${epoch} ${sequence}`);
  }

  /** Cuts whatever there is. Safe to call twice. */
  async stop(): Promise<void> {
    clearInterval(this.#stepping);
    for (const cancel of this.#pending) cancel();
    if (!this.#http.listening) return;
    for (const link of this.links) link.destroy();
    for (const socket of this.#tcp) socket.destroy();
    const closed = once(this.#http, 'close');
    this.#http.close();
    await closed;
  }

  #remember(): void {
    for (const symbol of this.market.symbols) {
      const book = this.market.listing(symbol)?.book;
      if (book === undefined) continue;
      const key = `${symbol} ${book.epoch} ${book.sequence}`;
      if (!this.#history.has(key)) this.#history.set(key, levelsText(book, REMEMBERED_LEVELS));
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const link = new FaultyLink(this, socket, this.plan(this.links.length), this.#clock.now());
    this.links.push(link);
    const fault = link.takeFirst();
    if (fault?.do === 'cut') socket.destroy();
    // What nobody reads would never be found to have ended.
    else if (fault?.do === 'hang') socket.on('end', () => socket.end()).resume();
    else if (fault?.do === 'refuse') {
      const { status, retryAfterS } = fault;
      const wait = retryAfterS === undefined ? '' : `Retry-After: ${retryAfterS}\r\n`;
      socket.end(`HTTP/1.1 ${status} No\r\n${wait}Connection: close\r\nContent-Length: 0\r\n\r\n`);
    } else {
      this.#acceptor.handleUpgrade(request, socket, head, (webSocket) =>
        link.open(webSocket, this.market, this.#clock, fault?.do === 'mute'),
      );
    }
  }
}

/** A whole text frame as a server puts it on the wire. */
const textFrame = (text: string): Buffer => {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x81, length])
      : length < 65_536
        ? Buffer.from([0x81, 126, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([0x81, 127]), bigEndian(length)]);
  return Buffer.concat([head, payload]);
};

const bigEndian = (length: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
};
