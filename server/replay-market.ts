/**
 * A recording of a venue as a market that sessions can serve: its books, trades and last prices, at the recording's own
 * pace or faster. It plays once and ends with the last books standing. Times are moved to now, so that a client sees
 * events as old as those of the day of recording saw them.
 *
 * There is no desk: nobody trades with the past.
 */
import type { BookChange } from '../src/book/book.js';
import type { LevelBuffer } from '../src/book/level-buffer.js';
import type { ServedListing, ServedMarket } from '../src/stream/protocol/session.js';
import type {
  BookScales,
  DeltaFacts,
  Sides,
  SnapshotFacts,
  VenueSession,
  VenueSink,
  VenueTrade,
} from '../src/stream/venue/venue-protocol.js';
import type { Recording, TimedFrame } from './recording/recording.js';
import { ReplayListing } from './replay-listing.js';

/** Frames read ahead of the time they are due. */
const READ_AHEAD = 4_096;

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

export class ReplayMarket implements ServedMarket, VenueSink {
  readonly epoch: string;
  readonly symbols: readonly string[];
  readonly #listings = new Map<string, ReplayListing>();
  readonly #recording: Recording;
  readonly #session: VenueSession;
  readonly #speed: number;
  readonly #startMs: number;
  readonly #onEnd: (error?: unknown) => void;
  #ahead: TimedFrame[] = [];
  /** The first of `#ahead` that has not been played. */
  #next = 0;
  #nowMs: number;
  /** When the frame that is being played was recorded. */
  #frameMs = 0;
  #isRead = false;
  #isEnded = false;
  #readError: unknown;
  #readOn: (() => void) | undefined;

  constructor({ recording, speed = 1, startMs, epoch, onEnd = () => {} }: ReplayOptions) {
    if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`speed must be a number above 0, got ${speed}`);
    this.epoch = epoch;
    this.symbols = recording.symbols;
    this.#recording = recording;
    this.#session = recording.protocol.start(this);
    this.#speed = speed;
    this.#startMs = startMs;
    this.#nowMs = startMs;
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

  /** Plays what was due until `nowMs`. */
  step(nowMs: number): void {
    if (this.#isEnded) return;
    this.#nowMs = nowMs;
    const dueMs = this.#recording.startMs + (nowMs - this.#startMs) * this.#speed;
    for (; this.#next < this.#ahead.length; this.#next++) {
      const { text, url, atMs } = this.#ahead[this.#next]!;
      if (atMs > dueMs) break;
      this.#frameMs = atMs;
      this.#session.read(text, url);
    }
    if (this.#ahead.length - this.#next < READ_AHEAD / 2) this.#readOn?.();
    if (this.#isRead && this.#next === this.#ahead.length) {
      this.#isEnded = true;
      this.#onEnd(this.#readError);
    }
  }

  snapshot(symbol: string, sides: Sides, facts: SnapshotFacts): BookChange {
    return this.#change(symbol, facts, (listing, moved) => listing.snapshot(sides, moved));
  }

  delta(symbol: string, sides: Sides, facts: DeltaFacts): BookChange {
    return this.#change(symbol, facts, (listing, moved) => listing.delta(sides, moved));
  }

  scales(symbol: string): BookScales | undefined {
    return this.#listings.get(symbol)?.scales;
  }

  deltaUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange {
    return this.#change(symbol, facts, (listing, moved) => listing.deltaUnits(bids, asks, moved));
  }

  gap(symbol: string): void {
    this.#listings.get(symbol)?.lose(this.#nowMs);
  }

  trade(trade: VenueTrade): void {
    this.#listings.get(trade.symbol)?.trade(trade, this.#moved(trade.eventTime));
  }

  quote(): void {}
  skipped(): void {}
  refused(): void {}
  acknowledged(): void {}
  rejected(): void {}
  complained(): void {}
  reply(): void {}
  leaving(): void {}

  async #read(): Promise<void> {
    try {
      for await (const frames of this.#recording.frames()) {
        this.#ahead = [...this.#ahead.slice(this.#next), ...frames];
        this.#next = 0;
        if (this.#ahead.length >= READ_AHEAD) await new Promise<void>((resolve) => (this.#readOn = resolve));
      }
    } catch (error) {
      this.#readError = error;
    }
    this.#isRead = true;
  }

  /** A symbol without a listing has no book in the whole recording. */
  #change<Facts extends DeltaFacts>(
    symbol: string,
    facts: Facts,
    apply: (listing: ReplayListing, facts: Facts) => BookChange,
  ): BookChange {
    const listing = this.#listings.get(symbol);
    if (listing === undefined) return 'gap';
    return apply(listing, { ...facts, eventTime: this.#moved(facts.eventTime) });
  }

  /** A time of the venue as a time of its playing, never in the future. */
  #moved(eventMs: number): number {
    const recordedMs = eventMs > 0 ? eventMs : this.#frameMs;
    return Math.min(this.#nowMs, Math.round(this.#startMs + (recordedMs - this.#recording.startMs) / this.#speed));
  }
}
