/**
 * One symbol of a recording that is played. A book that can no longer be trusted is emptied and its symbol halted until
 * the next snapshot: an old book never looks live. A crossed book is what the venue sent, and is served as it is.
 */
import { Book, type BookChange } from '../src/book/book.js';
import { add, compare, type Decimal, formatDecimal, parseDecimal, scaleOf } from '../src/book/decimal.js';
import type { Instrument, TradingPhase } from '../src/book/instrument.js';
import type { LevelBuffer } from '../src/book/level-buffer.js';
import { LevelTexts } from '../src/book/level-texts.js';
import { TradeTape } from '../src/sim/trade-tape.js';
import type { ServedListing, ServedTicker } from '../src/stream/protocol/session.js';
import type { BookScales, DeltaFacts, Sides, SnapshotFacts, VenueTrade } from '../src/stream/venue/venue-protocol.js';

export class ReplayListing implements ServedListing {
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly trades = new TradeTape();
  phase: TradingPhase = 'continuous';
  phaseSequence = 0;
  phaseTime = 0;
  ticker: ServedTicker | undefined;
  /** Undefined before the first snapshot. */
  book: Book | undefined;
  readonly #epoch: string;
  /** Books so far, empty ones of lost symbols among them: each begins an epoch of its own. */
  #books = 0;
  #tickerSequence = 0;
  #volume: Decimal = { units: 0n, scale: 0 };
  #high: Decimal | undefined;
  #low: Decimal | undefined;

  constructor(instrument: Instrument, epoch: string) {
    this.symbol = instrument.symbol;
    this.instrument = instrument;
    this.#epoch = epoch;
  }

  /** There are a book and digits to be read into it. */
  get scales(): BookScales | undefined {
    const { book } = this;
    return book === undefined || this.#isLost || book.hasRoundedSizes ? undefined : book;
  }

  snapshot(sides: Sides, facts: SnapshotFacts): BookChange {
    // With the instrument's decimals from the start no delta has to grow them.
    const { tickSize, lotSize } = this.instrument;
    this.book ??= new Book(this.symbol, {
      priceScale: decimalsOf(tickSize),
      sizeScale: decimalsOf(lotSize),
      texts: new LevelTexts(),
    });
    const change = this.book.applySnapshot({ ...facts, ...sides, ...this.#newEpoch() }, true);
    if (change === 'applied') this.#setPhase('continuous', facts.eventTime);
    else this.lose(facts.eventTime);
    return change;
  }

  delta(sides: Sides, facts: DeltaFacts): BookChange {
    return this.#judge(facts, (book, place) => book.applyDelta({ ...facts, ...sides, ...place }, true));
  }

  deltaUnits(bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange {
    return this.#judge(facts, (book, place) => book.applyUnits({ ...facts, ...place }, bids, asks, true));
  }

  /** The book is void until the next snapshot. */
  lose(nowMs: number): void {
    this.book?.applySnapshot({ ...this.#newEpoch(), bids: [], asks: [], eventTime: nowMs }, true);
    this.#setPhase('halted', nowMs);
  }

  trade({ tradeId, price, size, aggressor }: VenueTrade, eventTime: number): void {
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

  get #isLost(): boolean {
    return this.phase === 'halted';
  }

  #newEpoch(): { readonly epoch: string; readonly sequence: number } {
    return { epoch: `${this.#epoch}.${++this.#books}`, sequence: (this.book?.sequence ?? 0) + 1 };
  }

  #judge(facts: DeltaFacts, apply: (book: Book, place: Place) => BookChange): BookChange {
    const { book } = this;
    if (book === undefined || this.#isLost) return 'gap';
    const { epoch, sequence } = book;
    const change = apply(book, { epoch, previousSequence: sequence, sequence: sequence + 1 });
    if (change !== 'applied') this.lose(facts.eventTime);
    return change;
  }

  #setPhase(phase: TradingPhase, nowMs: number): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.phaseTime = nowMs;
    this.phaseSequence = ++this.#tickerSequence;
  }
}

/** Where a change stands in our own numbering: the venue's has done its work before. */
interface Place {
  readonly epoch: string;
  readonly previousSequence: number;
  readonly sequence: number;
}

const decimalsOf = (step: string | undefined): number => (step === undefined ? 0 : Math.max(0, scaleOf(step)));
