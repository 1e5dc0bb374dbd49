/**
 * The market: listings with a crowd each, and a desk where clients trade with them. It has no timers and no clock: it is
 * told the time and does what was due. The same options and the same calls give the same market, trade by trade.
 */
import type { ActJournal } from './act.js';
import type { TradingPhase } from '../book/instrument.js';
import { ClearingHouse, type Audit } from './clearing-house.js';
import { type Offering, offerings } from './instruments.js';
import { Listing } from './listing.js';
import { OrderDesk } from './order-desk.js';
import { OrderFlow } from './order-flow.js';
import { Random } from './random.js';
import { type DayLengths, TradingDay } from './trading-day.js';

/** Time that nobody told is made up for to this length; the rest is skipped, so that a page that slept wakes at once. */
const MAX_CATCH_UP_MS = 2_000;

/** Acts of the crowd a second and symbol, where nothing else is asked for. */
export const DEFAULT_RATE_PER_SYMBOL = 20;

export interface ExchangeOptions {
  /** What is listed, or how many of the standing list. Default: the six Kenyan shares. */
  readonly symbols?: number | readonly Offering[];
  /** Default 1. */
  readonly seed?: number;
  /** Acts of the crowd a second, for each symbol. Default 20. */
  readonly ratePerSymbol?: number;
  /** Now, in milliseconds since 1970. */
  readonly startMs: number;
  /** Names this run of the market: another run must have another, or its numbers look like the same. */
  readonly epoch: string;
  /** Where acts are kept, and were by earlier runs of this market. Default: in memory, for as long as it lives. */
  readonly journal?: ActJournal;
  /**
   * Goes through the phases of trading by itself, day after day, all symbols at once. After a restart it begins the phase that
   * it was in anew; a phase that a symbol was put in by hand stands until the next turn. Default: only `setPhase` changes phases.
   */
  readonly day?: DayLengths;
}

export class Exchange {
  readonly epoch: string;
  /** Sorted. */
  readonly symbols: readonly string[];
  readonly desk: OrderDesk;
  readonly #listings = new Map<string, Listing>();
  readonly #flows = new Map<Listing, OrderFlow>();
  readonly #house: ClearingHouse;
  readonly #day: TradingDay | undefined;
  #nowMs: number;

  constructor({
    symbols,
    seed = 1,
    ratePerSymbol = DEFAULT_RATE_PER_SYMBOL,
    startMs,
    epoch,
    journal,
    day,
  }: ExchangeOptions) {
    this.epoch = epoch;
    this.#nowMs = startMs;
    this.#house = new ClearingHouse(this.#listings, journal?.epoch ?? `p${epoch}`, journal);
    this.desk = new OrderDesk(this.#listings, this.#house);
    for (const offering of typeof symbols === 'object' ? symbols : offerings(symbols)) {
      const listing = new Listing(offering, epoch, startMs, this.#house, journal?.run);
      this.#listings.set(listing.symbol, listing);
    }
    this.symbols = [...this.#listings.keys()].sort();
    const kept = journal && this.desk.restore(journal.kept, startMs);
    for (const listing of this.#listings.values()) {
      const flow = new OrderFlow({
        engine: listing.engine,
        grid: listing.grid,
        random: new Random(`${seed}:${listing.symbol}`),
        referencePrice: listing.referencePrice,
        openingPrice: listing.engine.lastPrice,
        ratePerSecond: ratePerSymbol,
        startMs,
      });
      this.#flows.set(listing, flow);
    }
    if (kept) this.desk.goOn(kept, startMs);
    if (day === undefined) return;
    const phases = kept?.phases ?? new Map<string, TradingPhase>();
    const known = this.symbols.map((symbol) => phases.get(symbol)).find((phase) => phase !== undefined && phase in day);
    this.#day = new TradingDay(day, known, startMs);
    this.#turnTo(this.#day.phase, startMs, (symbol) => !phases.has(symbol));
    if (!this.#house.endAct()) throw new Error('what the day begins with could not be kept');
  }

  listing(symbol: string): Listing | undefined {
    return this.#listings.get(symbol);
  }

  /**
   * Lets the crowd act until `nowMs`. Time never runs backwards: an earlier one changes nothing. The market rests while
   * nothing can be kept.
   */
  step(nowMs: number): void {
    if (!this.#house.isReady) return;
    const lost = nowMs - this.#nowMs - MAX_CATCH_UP_MS;
    if (lost > 0) {
      for (const flow of this.#flows.values()) flow.skip(nowMs - MAX_CATCH_UP_MS);
      this.#day?.skip(lost);
    }
    const day = this.#day;
    while (day !== undefined && day.endsAtMs <= nowMs) {
      const { endsAtMs } = day;
      this.#advance(endsAtMs);
      this.#turnTo(day.turn(), endsAtMs);
      if (!this.#house.endAct() || !this.#house.isReady) return;
    }
    this.#advance(nowMs);
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    this.#house.endAct();
  }

  /** Lets the crowd of each symbol do what it may in its phase. */
  #advance(nowMs: number): void {
    for (const [listing, flow] of this.#flows) {
      if (listing.phase === 'halted' || listing.phase === 'closed') flow.skip(nowMs);
      else flow.step(nowMs, listing.phase !== 'continuous');
    }
  }

  /** Of all symbols in one act, so that a restart never finds some of them in another phase. */
  #turnTo(phase: TradingPhase, nowMs: number, isMeant = (_symbol: string): boolean => true): void {
    for (const [symbol, listing] of this.#listings) if (isMeant(symbol)) this.#put(listing, phase, nowMs);
  }

  #put(listing: Listing, phase: TradingPhase, nowMs: number): void {
    this.#house.setPhase(listing, phase, nowMs);
    if (phase === 'closed') this.desk.expireDay(listing, nowMs);
  }

  /**
   * Puts a symbol into a phase. Going to `continuous` trades what has crossed at one price, closing ends its day orders.
   * Throws a RangeError when it is not listed, an Error when it cannot be kept.
   */
  setPhase(symbol: string, phase: TradingPhase, nowMs: number): void {
    const listing = this.#listings.get(symbol);
    if (listing === undefined) throw new RangeError(`no symbol ${symbol} is listed`);
    if (!this.#house.isReady) throw new Error('nothing can be kept now');
    this.#put(listing, phase, nowMs);
    if (!this.#house.endAct()) throw new Error('the change of phase could not be kept');
  }

  /** Adds up all money and shares, so that anybody can see that none was made or lost. */
  audit(): Audit {
    return this.#house.audit();
  }
}
