/**
 * The handle: all that the rest of the page ever sees of a feed. Elements, tickets and scripts hold one of these,
 * never a socket and never the data itself: they are told that something changed, then read what they need.
 */
import type { BookView } from '../book/book.js';
import type { Instrument, TradingPhase } from '../book/instrument.js';
import type { LatencyFigures } from './latency-histogram.js';
import type { Verdict, VerdictReason } from './verdict.js';
import type { Stage } from './waterfall.js';

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
  /** Sockets that the stream wants: more than one where the other end takes fewer symbols on one than are wanted. */
  readonly connections: number;
  /** How many of them are ready. */
  readonly openConnections: number;
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
  /**
   * Levels a side that must stay when the page cannot keep up and less is asked for, at least 10. Default: `depth`, so
   * that the listener's books are never made shallower.
   */
  readonly leastDepth?: number;
}

/**
 * How a stream copes with its load. `slower`: the page cannot keep up, and listeners are called less often than they
 * asked for. `shallower`: so much so that fewer levels are asked for as well, down to those on show.
 */
export type LoadMode = 'full' | 'slower' | 'shallower';

export interface StreamMetrics {
  /**
   * Messages received, those inside a batch counted one by one; a frame of a venue, or its answer by HTTP, is one. Each
   * has one fate, so that this is the sum of `applied`, `unchanged`, `control`, `ignored` and `refused`.
   */
  readonly messageCount: number;
  /** Messages that changed something of a symbol: its book, row, trades or phase. */
  readonly applied: number;
  /**
   * Good messages of wanted symbols that changed nothing when they came: repeated, older than what is known, or of no use
   * before a snapshot that is awaited.
   */
  readonly unchanged: number;
  /** Greetings, pongs, confirmations, private events, errors; of a venue all frames that brought nothing of a symbol. */
  readonly control: number;
  /** Frames received: what a socket costs. */
  readonly frameCount: number;
  /** Messages in the last full second. */
  readonly dataRate: number;
  /** Messages a second since the stream was made. */
  readonly averageRate: number;
  readonly activeSymbolCount: number;
  /**
   * Changes told by a call of a listener, in the page also where the feed is in a worker. A change counts for each listener of its symbol, what is told to a new listener
   * at first included.
   */
  readonly delivered: number;
  /**
   * Changes that joined one which their listener had not been told of yet: both are told by one call. Those that joined in a
   * worker are counted when it hands them over.
   */
  readonly conflated: number;
  /** Changes for each call of a listener; 1 when nothing was merged. */
  readonly conflationRatio: number;
  /**
   * Times that what was delivered of a symbol came on the screen, as far as whoever shows it says so with `painted`. Several
   * elements that show it in one frame count once.
   */
  readonly painted: number;
  /**
   * Age of the oldest change that a listener has not been told of, in milliseconds; 0 while there is none. What waits in a
   * worker is known as of its last word, a quarter of a second ago at most.
   */
  readonly queueAgeMs: number;
  /** Messages refused by the guards, unread or for what they say. */
  readonly refused: number;
  /** Good messages that were not wanted: symbols nobody asks for any more, and types that this version does not know. */
  readonly ignored: number;
  /** Trades that fell out of their bounded ring unread. Book and ticker data are never dropped. */
  readonly dropped: number;
  readonly resyncs: number;
  readonly gaps: number;
  readonly reconnects: number;
  /** The stage `arrival` of the waterfall: milliseconds from the server's sending to our receiving. */
  readonly latency: LatencyFigures;
  /**
   * Where the time goes, stage by stage, in milliseconds, of about the last minute, right to 5 %. A figure is NaN while
   * nothing was measured; what depends on a clock that is not known, or was set, is not measured.
   * In a worker `arrival` and `apply` are the worker's, and `delivery` begins there.
   * - `arrival`: from the server's sending to our receiving. Only where the server says when it sent and what time it has.
   * - `apply`: from receiving a frame to having applied all that is in it.
   * - `delivery`: from the oldest change that a listener was not told of to the call that tells it; here the throttle waits.
   * - `paint`: from that call to the first frame after it is on the screen.
   * - `total`: from the server's sending of that change to the screen.
   */
  readonly waterfall: Readonly<Record<Stage, LatencyFigures>>;
  /** Symbols with changes that no listener has seen yet; the more of both where some wait in the page, some in a worker. */
  readonly buffered: number;
  /** How the stream copes with its load; `full` while the page keeps up, and the worker too where there is one. */
  readonly mode: LoadMode;
  /** Round trip of the last ping in milliseconds; NaN before the first. */
  readonly roundTripMs: number;
}

export interface RecordOptions {
  /** With orders, accounts and what else was said of them. Default true. */
  readonly private?: boolean;
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

/** Why a request has no answer. `timeout` and `connection_lost` leave its outcome unknown; with all others it was never sent. */
export class RequestError extends Error {
  constructor(
    readonly code: 'not_connected' | 'timeout' | 'connection_lost' | 'unsupported' | 'too_large' | 'not_authenticated',
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
  /** Whether the page cannot keep up, so that listeners are called less often than they asked for. Observers are told when it changes. */
  readonly throttled: boolean;
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
  /**
   * Says that what was delivered of a symbol is on the screen now, for `metrics().painted` and the waterfall. Elements say
   * it by themselves; a script that paints by itself may, on the frame after the one in which it has painted.
   */
  painted?(symbol: string): void;
  instrument(symbol: string): Instrument | undefined;
  phase(symbol: string): TradingPhase;
  verdict(symbol: string): Verdict;
  /** Every ticker known, as the guide's `marketData`. */
  readonly marketData: readonly Ticker[];
  /** Every book known, as the guide's `orderBooks`. */
  readonly orderBooks: readonly BookView[];
  metrics(): StreamMetrics;
  /**
   * What the stream heard, said and decided in its last minute, as the text of a file that `replay:` and `npm run replay`
   * play. Orders and accounts are in it unless `private` is false; tickets of a login and what stands in the query of the
   * address never are. Rejects with an `Error` where `recorderSize` is 0, or where the worker that recorded has ended. A shared
   * worker records what it hears for all its pages.
   */
  record(options?: RecordOptions): Promise<string>;
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
