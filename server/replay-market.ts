/**
 * A recording of a venue as a market that sessions can serve: its books, trades and last prices, at the recording's own
 * pace or faster. It plays once and ends with the last books standing. Times are moved to now, so that a client sees
 * events as old as those of the day of recording saw them.
 *
 * A book that can no longer be trusted is emptied and its symbol halted until the next snapshot: an old book never looks
 * live. There is no desk: nobody trades with the past.
 */
import { Book } from '../src/book/book.js';
import { add, compare, type Decimal, formatDecimal, parseDecimal, scaleOf } from '../src/book/decimal.js';
import type { Instrument, TradingPhase } from '../src/book/instrument.js';
import { TradeTape } from '../src/sim/trade-tape.js';
import type { ServedListing, ServedMarket, ServedTicker } from '../src/stream/protocol/session.js';
import type { Recording } from './recording/recording.js';
import type { RecordedOperation } from './recording/recorded-operation.js';

/** Operations read ahead of the time they are due. */
const READ_AHEAD = 4_096;

type BookOperation = Extract<RecordedOperation, { kind: 'snapshot' | 'delta' }>;
type TradeOperation = Extract<RecordedOperation, { kind: 'trade' }>;

export interface ReplayOptions {
  readonly recording: Recording;
  /** How many times faster than it was recorded. Default 1. */
  readonly speed?: number;
  /** When it starts: now, in milliseconds since 1970. */
  readonly startMs: number;
  readonly epoch: string;
  /** Told once when it has played to its end, or could not: the books stand as they are from then on. */
  readonly onEnd?: (error?: unknown) => void;
}

export class ReplayMarket implements ServedMarket {
  readonly epoch: string;
  readonly symbols: readonly string[];
  readonly #listings = new Map<string, ReplayListing>();
  readonly #recording: Recording;
  readonly #speed: number;
  readonly #startMs: number;
  readonly #onEnd: (error?: unknown) => void;
  #ahead: RecordedOperation[] = [];
  #isRead = false;
  #isEnded = false;
  #readError: unknown;
  #readOn: (() => void) | undefined;

  constructor({ recording, speed = 1, startMs, epoch, onEnd = () => {} }: ReplayOptions) {
    if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`speed must be a number above 0, got ${speed}`);
    this.epoch = epoch;
    this.symbols = recording.symbols;
    this.#recording = recording;
    this.#speed = speed;
    this.#startMs = startMs;
    this.#onEnd = onEnd;
    for (const instrument of recording.instruments) {
      this.#listings.set(instrument.symbol, new ReplayListing(instrument, epoch));
    }
    void this.#read();
  }

  listing(symbol: string): ServedListing | undefined {
    return this.#listings.get(symbol);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Applies what was due until `nowMs`. */
  step(nowMs: number): void {
    if (this.#isEnded) return;
    const dueMs = this.#recording.startMs + (nowMs - this.#startMs) * this.#speed;
    let count = 0;
    for (const operation of this.#ahead) {
      if (operation.atMs > dueMs) break;
      this.#apply(operation, nowMs);
      count++;
    }
    if (count > 0) this.#ahead = this.#ahead.slice(count);
    if (this.#ahead.length < READ_AHEAD / 2) this.#readOn?.();
    if (this.#isRead && this.#ahead.length === 0) {
      this.#isEnded = true;
      this.#onEnd(this.#readError);
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const operation of this.#recording.operations()) {
        this.#ahead.push(operation);
        if (this.#ahead.length >= READ_AHEAD) await new Promise<void>((resolve) => (this.#readOn = resolve));
      }
    } catch (error) {
      this.#readError = error;
    }
    this.#isRead = true;
  }

  #apply(operation: RecordedOperation, nowMs: number): void {
    if (operation.kind === 'refused' || operation.kind === 'skipped') return;
    const listing = this.#listings.get(operation.symbol);
    if (listing === undefined) return;
    if (operation.kind === 'gap') return listing.lose(nowMs);
    const eventTime = this.#moved(operation.eventTime > 0 ? operation.eventTime : operation.atMs, nowMs);
    if (operation.kind === 'trade') listing.trade(operation, eventTime);
    else listing.change(operation, eventTime);
  }

  /** A time of the recording as a time of its playing, never in the future. */
  #moved(recordedMs: number, nowMs: number): number {
    return Math.min(nowMs, Math.round(this.#startMs + (recordedMs - this.#recording.startMs) / this.#speed));
  }
}

class ReplayListing implements ServedListing {
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly trades = new TradeTape();
  phase: TradingPhase = 'continuous';
  phaseSequence = 0;
  phaseTime = 0;
  ticker: ServedTicker | undefined;
  readonly #epoch: string;
  readonly #book: Book;
  #hasBook = false;
  #losses = 0;
  #tickerSequence = 0;
  #volume: Decimal = { units: 0n, scale: 0 };
  #high: Decimal | undefined;
  #low: Decimal | undefined;

  constructor(instrument: Instrument, epoch: string) {
    this.symbol = instrument.symbol;
    this.instrument = instrument;
    this.#epoch = epoch;
    this.#book = new Book(instrument.symbol, {
      priceScale: decimalsOf(instrument.tickSize),
      sizeScale: decimalsOf(instrument.lotSize),
    });
  }

  get book(): Book | undefined {
    return this.#hasBook ? this.#book : undefined;
  }

  change(operation: BookOperation, eventTime: number): void {
    const { bids, asks, sequence } = operation;
    const epoch = `${this.#epoch}.${operation.epoch}`;
    if (operation.kind === 'snapshot') {
      const result = this.#book.applySnapshot({ epoch, sequence, bids, asks, eventTime, depth: operation.depth }, true);
      if (result !== 'applied') return this.lose(eventTime);
      this.#hasBook = true;
      this.#setPhase('continuous', eventTime);
    } else if (this.#hasBook && this.phase === 'continuous') {
      const previousSequence = operation.previousSequence;
      const result = this.#book.applyDelta({ epoch, previousSequence, sequence, bids, asks, eventTime }, true);
      if (result !== 'applied') this.lose(eventTime);
    }
  }

  /** The book is void until the next snapshot. */
  lose(nowMs: number): void {
    this.#losses++;
    const epoch = `${this.#epoch}.lost${this.#losses}`;
    this.#book.applySnapshot({ epoch, sequence: 0, bids: [], asks: [], eventTime: nowMs });
    this.#setPhase('halted', nowMs);
  }

  trade({ tradeId, price, size, aggressor }: TradeOperation, eventTime: number): void {
    const paid = parseDecimal(price);
    const quantity = parseDecimal(size);
    if (paid === undefined || quantity === undefined) return;
    this.#volume = add(this.#volume, quantity);
    if (this.#high === undefined || compare(paid, this.#high) > 0) this.#high = paid;
    if (this.#low === undefined || compare(paid, this.#low) < 0) this.#low = paid;
    this.ticker = {
      sequence: ++this.#tickerSequence,
      eventTime,
      price,
      volume: formatDecimal(this.#volume),
      high: formatDecimal(this.#high),
      low: formatDecimal(this.#low),
    };
    // The wire has no word for a side that nobody knows; the price counts all the same.
    if (aggressor === 'unknown') return;
    const id = tradeId === '' ? `r-${this.symbol}-${this.trades.lastSequence + 1}` : tradeId;
    this.trades.add({ tradeId: id, price, quantity: size, aggressor, eventTime });
  }

  #setPhase(phase: TradingPhase, nowMs: number): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.phaseTime = nowMs;
    this.phaseSequence = ++this.#tickerSequence;
  }
}

const decimalsOf = (step: string | undefined): number => (step === undefined ? 0 : Math.max(0, scaleOf(step)));
