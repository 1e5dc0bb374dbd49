/**
 * The handle: all that the rest of the page ever sees of a feed. Elements, tickets and scripts hold one of these,
 * never a socket and never the data itself: they are told that something changed, then read what they need.
 */
import type { BookView } from '../book/book.js';
import type { Instrument, TradingPhase } from '../book/instrument.js';
import type { Verdict, VerdictReason } from './verdict.js';

/** The connection as a whole. `offline` means that the quick tries are used up; slow ones go on. */
export type StreamState = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'offline' | 'closed';

export interface StreamStatus {
  readonly state: StreamState;
  readonly reason: VerdictReason | 'closed_by_page' | 'close_code' | 'going_away' | 'bad_address';
  /** Tries since the link was last good: 0 while it is. */
  readonly attempt: number;
  /** How many quick tries there are before `offline`. */
  readonly maxAttempts: number;
  /** When the next try starts, in the stream's clock, or 0 when none is planned. */
  readonly retryAt: number;
  /** Which dialect the server speaks, once it is known. */
  readonly dialect: 'unknown' | 'touchline' | 'guide' | 'venue';
  /** The code of the last close, 0 before the first. */
  readonly closeCode: number;
  /** When this state began, in the stream's clock. */
  readonly since: number;
}

/** The newest ticker of a symbol. Numbers are exact decimal text, or absent where the feed has none. */
export interface Ticker {
  readonly symbol: string;
  readonly price: string;
  readonly volume?: string;
  readonly high?: string;
  readonly low?: string;
  readonly change?: string;
  readonly changePercent?: string;
  /** The venue's time of the event, milliseconds since 1970; 0 when the feed has none. */
  readonly eventTime: number;
  /** When it arrived, in the stream's clock. */
  readonly receiveTime: number;
}

export interface Trade {
  readonly symbol: string;
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly aggressor: 'buy' | 'sell' | 'unknown';
  readonly eventTime: number;
}

/** What changed of one symbol since the listener was last called. */
export interface MarketUpdate {
  readonly symbol: string;
  readonly book: boolean;
  readonly ticker: boolean;
  readonly trades: boolean;
  readonly verdict: boolean;
}

export interface SubscribeOptions {
  /** Higher is delivered first when there is more than the page can take. Default 0. */
  readonly priority?: number;
  /** Whether the order book is wanted too. Default true. */
  readonly book?: boolean;
  /** Whether trades are wanted too. Default false. */
  readonly trades?: boolean;
  /** Levels a side that are wanted, 1 to 10,000. Default 50. */
  readonly depth?: number;
  /** Shortest time between two calls for one symbol, in milliseconds. Default: the stream's. 0 is every frame. */
  readonly throttle?: number;
}

export interface StreamMetrics {
  /** Market data and control messages received, those inside a batch counted one by one. */
  readonly messageCount: number;
  /** Frames received: what a socket costs. */
  readonly frameCount: number;
  /** Messages in the last full second. */
  readonly dataRate: number;
  /** Messages a second since the stream was made. */
  readonly averageRate: number;
  readonly activeSymbolCount: number;
  /** Updates received for each one delivered to a listener; 1 when nothing was merged. */
  readonly conflationRatio: number;
  /** Messages refused by the guards. */
  readonly refused: number;
  /** Good messages that were not wanted: symbols nobody asks for any more, and types that this version does not know. */
  readonly ignored: number;
  /** Trades that fell out of their bounded ring unread. Book and ticker data are never dropped. */
  readonly dropped: number;
  readonly resyncs: number;
  readonly gaps: number;
  readonly reconnects: number;
  /**
   * Milliseconds from the server's sending to our receiving, by the server's clock where it is known, over the newest
   * thousand; NaN before the first.
   */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Symbols with changes that no listener has seen yet. */
  readonly buffered: number;
  /** Round trip of the last ping in milliseconds; NaN before the first. */
  readonly roundTripMs: number;
}

/** The answer to a request sent over the stream's own connection. */
export interface Reply {
  readonly type: string;
  readonly data: unknown;
  /** The sequence on the answer's private stream, where it is on one. */
  readonly sequence?: number;
  /** The epoch of that sequence. */
  readonly epoch?: string;
}

/** Why a request has no answer. `timeout` and `connection_lost` leave its outcome unknown; `not_connected` was never sent. */
export class RequestError extends Error {
  constructor(
    readonly code: 'not_connected' | 'timeout' | 'connection_lost' | 'unsupported' | 'too_large',
    message: string,
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/** Where a feed's socket, decoding and books are. */
export interface StreamThread {
  readonly kind: 'page' | 'worker' | 'shared-worker';
  /** Why it is not the one that was asked for, for people; empty when it is. */
  readonly reason: string;
}

export interface MarketStream {
  /** The address, as the page wrote it. */
  readonly src: string;
  /** The venue's clock minus ours, in milliseconds, estimated from pings; 0 before the first. */
  readonly clockOffset: number;
  readonly state: StreamState;
  readonly status: StreamStatus;
  /** What the server offers, from its `welcome` on this connection; undefined before it and in the guide's dialect. */
  readonly features?: readonly string[] | undefined;
  /** Where the feed runs, for a stream of `touchline/worker`. Undefined: in the page, and nothing else was asked for. */
  readonly thread?: StreamThread | undefined;
  /** Now, in the clock of every `…At` and `since`. */
  now(): number;
  /**
   * Asks for symbols. The listener is called on a frame, at most once a throttle interval for each symbol, at once
   * with what is already known, and always with the last value. Returns its undo function, safe to call twice. Throws a
   * TypeError or a RangeError for options that make no sense.
   */
  subscribe(
    symbols: readonly string[],
    listener: (update: MarketUpdate) => void,
    options?: SubscribeOptions,
  ): () => void;
  /** Called when the connection's status changes and, while anyone listens, about four times a second for ages and countdowns. */
  observe(listener: () => void): () => void;
  /** The live book, or undefined before its first snapshot. It changes in place: `version` tells. */
  book(symbol: string): BookView | undefined;
  ticker(symbol: string): Ticker | undefined;
  trades(symbol: string): readonly Trade[];
  instrument(symbol: string): Instrument | undefined;
  phase(symbol: string): TradingPhase;
  verdict(symbol: string): Verdict;
  /** Every ticker known, as the guide's `marketData`. */
  readonly marketData: readonly Ticker[];
  /** Every book known, as the guide's `orderBooks`. */
  readonly orderBooks: readonly BookView[];
  metrics(): StreamMetrics;
  connect(): void;
  disconnect(): void;
  /** Drops the connection, if any, and tries at once. */
  reconnect(): void;
  /**
   * Sends one message that wants an answer, now or never: it is not queued and not repeated. Rejects with `RequestError`.
   */
  request(type: string, data: Readonly<Record<string, unknown>>, options?: { timeoutMs?: number }): Promise<Reply>;
  /** Private events (orders, fills, balances) as they come: never merged, never held back. */
  onPrivate(listener: (event: PrivateEvent) => void): () => void;
}

/** One event of a private stream, already through the guards. */
export interface PrivateEvent {
  readonly type: string;
  readonly stream: string;
  readonly epoch: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
}
