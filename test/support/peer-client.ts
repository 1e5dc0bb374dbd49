/**
 * A stream of ours on real sockets to the guide's own backend, in real time, with a witness who looks at every price after
 * every event: what is trusted must be what the market showed, and not too long ago.
 */
import { WebSocket } from 'ws';
import { createFrameScheduler } from '../../src/stream/frame-scheduler.js';
import {
  createMarketStream,
  type MarketStreamOptions,
  type OwnedMarketStream,
} from '../../src/stream/market-stream-core.js';
import type { StreamError } from '../../src/stream/stream-error.js';
import type { TransportFactory } from '../../src/stream/transport/transport.js';
import { createWebSocketTransport, type SocketLike } from '../../src/stream/transport/websocket.js';
import { isTrusted } from '../../src/stream/verdict.js';
import { type DjangoPeer, STILL } from './django-peer.js';
import { FakeWake } from './fake-clock.js';

/** How long a row may take before its symbol is silent, less what a clock may be off. */
const ROW_DUE_MS = 4_950;
/** How its server writes the type of a message, and the symbol of a row. */
const HEAD = /^\{"type": "(\w+)"(?:, "data": \{"symbol": "(\w+)")?/;

/** One try to connect, and what became of it. Times in milliseconds of the wall's clock; NaN while there is none. */
export interface PeerTry {
  readonly socket: WebSocket;
  readonly startedAt: number;
  openedAt: number;
  closedAt: number;
  code: number;
  /** What we have said, message by message. */
  readonly said: { readonly type: string; readonly [key: string]: unknown }[];
  readonly sayRaw: (text: string) => void;
  /** How often each type was heard, and when last. */
  readonly heard: Map<string, { readonly count: number; readonly at: number }>;
}

export class PeerClient {
  readonly stream: OwnedMarketStream;
  readonly wake = new FakeWake();
  readonly errors: StreamError[] = [];
  /** Every try, oldest first. */
  readonly tries: PeerTry[] = [];
  /** What was trusted and never so. */
  readonly lies: string[] = [];
  /** The greatest age by its own time, in milliseconds, at which a price that moves was trusted. */
  oldestTrusted = 0;
  /** What was called silent although a row of it had come within the time that a row may take. */
  readonly wronglyStale: string[] = [];
  /** When a row of each symbol last came. */
  readonly #rowAt = new Map<string, number>();
  readonly #peer: DjangoPeer;
  readonly #followed = new Set<string>();
  readonly #verdicts = new Map<string, { readonly at: number; readonly text: string }[]>();

  constructor(peer: DjangoPeer, options: Partial<MarketStreamOptions> = {}) {
    this.#peer = peer;
    this.stream = createMarketStream({
      src: peer.url,
      reconnectDelay: 200,
      transport: this.#watched(createWebSocketTransport({ makeSocket: (url) => this.#makeSocket(url) })),
      scheduler: createFrameScheduler(() => undefined),
      wake: this.wake.source,
      onError: (error) => this.errors.push(error),
      ...options,
    });
    this.stream.observe(() => this.look());
  }

  get last(): PeerTry | undefined {
    return this.tries.at(-1);
  }

  /** Sockets that are open now. */
  get open(): number {
    return this.tries.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length;
  }

  /** Times between the ends of connections and the next tries. */
  get waits(): readonly number[] {
    return this.tries.slice(1).map(({ startedAt }, i) => startedAt - (this.tries[i]?.closedAt ?? Number.NaN));
  }

  follow(symbols: readonly string[] = this.#peer.symbols): () => void {
    for (const symbol of symbols) this.#followed.add(symbol);
    return this.stream.subscribe(symbols, () => this.look(), { throttle: 0 });
  }

  /** State and reason of a symbol, as they are now. */
  verdict(symbol: string): string {
    const { state, reason } = this.stream.verdict(symbol);
    return `${state} ${reason}`;
  }

  /** All verdicts that a symbol has had, each as it began. */
  verdicts(symbol: string): readonly { readonly at: number; readonly text: string }[] {
    this.look();
    return this.#verdicts.get(symbol) ?? [];
  }

  /** Which of these may be believed just now. */
  trusted(symbols: readonly string[]): readonly string[] {
    return symbols.filter((symbol) => isTrusted(this.stream.verdict(symbol)));
  }

  /** Whether all of these may be believed just now. */
  trusts(symbols: readonly string[]): boolean {
    return this.trusted(symbols).length === symbols.length;
  }

  /** Looks at all that is followed. */
  look(): void {
    for (const symbol of this.#followed) this.#lookAt(symbol);
  }

  /** Says something of the test's own on the link that there is. */
  say(text: string): void {
    this.last?.sayRaw(text);
  }

  /** Messages of one type that were said on the last link. */
  said(type: string): PeerTry['said'] {
    return this.last?.said.filter((message) => message.type === type) ?? [];
  }

  /** How often a type was heard on the last link. */
  heard(type: string): number {
    return this.last?.heard.get(type)?.count ?? 0;
  }

  end(): void {
    this.stream.dispose();
    for (const { socket } of this.tries) socket.terminate();
  }

  #lookAt(symbol: string): void {
    const text = this.verdict(symbol);
    const now = Date.now();
    const known = this.#verdicts.get(symbol) ?? [];
    if (known.length === 0) this.#verdicts.set(symbol, known);
    if (known.at(-1)?.text !== text) {
      known.push({ at: now, text });
      const silentMs = now - (this.#rowAt.get(symbol) ?? -Infinity);
      if (text === 'stale feed_silent' && silentMs < ROW_DUE_MS) this.wronglyStale.push(`${symbol} after ${silentMs}`);
    }
    if (!isTrusted(this.stream.verdict(symbol))) return;
    const ticker = this.stream.ticker(symbol);
    const row = { price: Number(ticker?.price), timestamp: ticker?.eventTime ?? 0 };
    if (!this.#peer.isTrue(symbol, row)) this.lies.push(`${symbol} ${row.price} at ${row.timestamp}`);
    if (symbol === STILL || this.#peer.isResting) return;
    this.oldestTrusted = Math.max(this.oldestTrusted, now - row.timestamp);
  }

  /** The transport, with a look at the symbol of every row: what holds between two of them may be painted. */
  #watched(factory: TransportFactory): TransportFactory {
    return (src, events, clock) =>
      factory(
        src,
        {
          ...events,
          onMessage: (data) => {
            events.onMessage(data);
            const symbol = HEAD.exec(data)?.[2];
            if (symbol !== undefined && this.#followed.has(symbol)) this.#lookAt(symbol);
          },
        },
        clock,
      );
  }

  #makeSocket(url: string): SocketLike {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const send = socket.send.bind(socket) as (text: string) => void;
    const entry: PeerTry = {
      socket,
      startedAt: Date.now(),
      openedAt: Number.NaN,
      closedAt: Number.NaN,
      code: 0,
      sayRaw: send,
      said: [],
      heard: new Map(),
    };
    this.tries.push(entry);
    socket.send = (text: string) => {
      entry.said.push(JSON.parse(text) as PeerTry['said'][number]);
      send(text);
    };
    socket.on('open', () => {
      entry.openedAt = Date.now();
    });
    socket.on('message', (data: Buffer) => {
      const at = Date.now();
      const [, type = '?', symbol] = HEAD.exec(data.toString()) ?? [];
      entry.heard.set(type, { count: (entry.heard.get(type)?.count ?? 0) + 1, at });
      if (symbol !== undefined) this.#rowAt.set(symbol, at);
    });
    socket.on('close', (code) => {
      entry.closedAt = Date.now();
      entry.code = code;
    });
    socket.on('error', () => {});
    return socket as unknown as SocketLike;
  }
}
