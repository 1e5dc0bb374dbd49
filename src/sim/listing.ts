/**
 * One symbol of the market: its engine, the last trades and the ticker they make. Everything a reader may see is here;
 * nothing here knows accounts.
 */
import { divideDown, formatDecimal, fromUnits, unitsToText } from '../book/decimal.js';
import type { BookSide } from '../book/book-side.js';
import type { Instrument, TradingPhase } from '../book/instrument.js';
import { LOT_SIZE, type Offering, PRICE_SCALE } from './instruments.js';
import { MatchingEngine, type MatchListener } from './matching-engine.js';
import type { Order } from './order.js';
import { PriceGrid } from './price-grid.js';
import { type TapeTrade, TradeTape } from './trade-tape.js';

/** A ticker as decimal text. `sequence` rises with every trade; a change of phase takes a number of the same stream. */
export interface ListingTicker {
  readonly sequence: number;
  readonly eventTime: number;
  readonly price: string;
  readonly volume: string;
  readonly high: string;
  readonly low: string;
  readonly change: string;
  readonly changePercent: string;
}

/** The public book, changing in place; the shape of a served book. */
export interface ListingBook {
  readonly epoch: string;
  readonly sequence: number;
  readonly eventTime: number;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly bids: BookSide;
  readonly asks: BookSide;
}

export interface FilledOrders {
  readonly maker: Order;
  readonly taker: Order;
  /** Price units. */
  readonly price: number;
  readonly quantity: number;
  readonly tradeId: string;
  readonly atMs: number;
}

/** Who keeps the accounts of those that traded. */
export interface Clearing {
  settle(listing: Listing, fill: FilledOrders): void;
  cancelled: MatchListener['cancelled'];
  woken(order: Order): void;
  settled(listing: Listing, nowMs: number): void;
}

export class Listing {
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly grid: PriceGrid;
  readonly engine: MatchingEngine;
  readonly book: ListingBook;
  readonly trades = new TradeTape();
  /** The price of the day before, in units: the change is counted from it. */
  readonly referencePrice: number;

  #phase: TradingPhase = 'continuous';
  #phaseSequence = 0;
  #phaseTime: number;
  #tickerSequence = 1;
  #tickerTime: number;
  #high: number;
  #low: number;
  #volume = 0;
  #ticker: ListingTicker | undefined;

  /** What all trade ids of this run begin with. */
  readonly #tradePrefix: string;

  /** `run`: which of the runs that remember each other it is; trade ids of no two are the same. */
  constructor(offering: Offering, epoch: string, nowMs: number, clearing: Clearing, run = 1) {
    const { instrument, referencePrice } = offering;
    this.grid = new PriceGrid(offering);
    this.#tradePrefix = `t${run === 1 ? '' : run}-${instrument.symbol}`;
    this.symbol = instrument.symbol;
    this.instrument = instrument;
    this.referencePrice = this.#high = this.#low = referencePrice;
    this.#tickerTime = this.#phaseTime = nowMs;
    this.engine = new MatchingEngine(
      {
        filled: (maker, taker, price, quantity, atMs) => {
          const tradeId = this.#record(taker, price, quantity, atMs);
          clearing.settle(this, { maker, taker, price, quantity, tradeId, atMs });
        },
        cancelled: (order, reason, atMs) => clearing.cancelled(order, reason, atMs),
        woken: (order) => clearing.woken(order),
        settled: (atMs) => clearing.settled(this, atMs),
      },
      referencePrice,
      nowMs,
    );
    this.book = bookOf(this.engine, epoch);
  }

  /** Goes on from the last price of an earlier run, or from the nearest one of today. Before anything has traded. */
  openAt(lastPrice: number): void {
    const price = this.grid.priceAt(Math.max(0, this.grid.indexAtOrBelow(lastPrice)));
    this.engine.lastPrice = price;
    this.#high = Math.max(this.#high, price);
    this.#low = Math.min(this.#low, price);
    this.#ticker = undefined;
  }

  get phase(): TradingPhase {
    return this.#phase;
  }

  /** The number of the last change of phase in the ticker's stream; 0 before the first. */
  get phaseSequence(): number {
    return this.#phaseSequence;
  }

  get phaseTime(): number {
    return this.#phaseTime;
  }

  /**
   * Only in `continuous` does anything trade, but for the end of an auction: what has crossed trades at one price before the
   * phase changes. An auction that is halted, or put off to `pre_open`, has not ended.
   */
  setPhase(phase: TradingPhase, nowMs: number): void {
    if (phase === this.#phase) return;
    if (phase === 'continuous' || (phase === 'closed' && this.#phase === 'auction')) {
      this.engine.uncross(this.grid, nowMs);
    }
    this.#phase = phase;
    this.#phaseSequence = ++this.#tickerSequence;
    this.#phaseTime = nowMs;
    this.#tickerChanged(nowMs);
    if (phase === 'continuous') this.engine.resume(nowMs);
    else this.engine.pause();
  }

  /** Text is made when somebody looks, not with every trade. */
  get ticker(): ListingTicker {
    this.#ticker ??= {
      sequence: this.#tickerSequence,
      eventTime: this.#tickerTime,
      price: priceText(this.engine.lastPrice),
      volume: String(this.#volume),
      high: priceText(this.#high),
      low: priceText(this.#low),
      change: priceText(this.engine.lastPrice - this.referencePrice),
      changePercent: percentText(this.engine.lastPrice - this.referencePrice, this.referencePrice),
    };
    return this.#ticker;
  }

  #record(taker: Order, price: number, quantity: number, atMs: number): string {
    const sequence = this.trades.lastSequence + 1;
    const trade: TapeTrade = {
      tradeId: `${this.#tradePrefix}-${sequence}`,
      price: priceText(price),
      quantity: String(quantity),
      aggressor: taker.side,
      eventTime: atMs,
    };
    this.trades.add(trade);
    this.#high = Math.max(this.#high, price);
    this.#low = Math.min(this.#low, price);
    this.#volume += quantity;
    this.#tickerChanged(atMs);
    return trade.tradeId;
  }

  #tickerChanged(nowMs: number): void {
    this.#tickerSequence++;
    this.#tickerTime = nowMs;
    this.#ticker = undefined;
  }
}

/** Whether a quantity is a whole number of lots. */
export const isWholeLots = (quantity: number): boolean => quantity % LOT_SIZE === 0;

export const priceText = (units: number): string => unitsToText(units, PRICE_SCALE);

/** Four decimals, rounded down. */
const percentText = (change: number, reference: number): string =>
  formatDecimal(divideDown(fromUnits(change * 100, PRICE_SCALE), fromUnits(reference, PRICE_SCALE), 4), 2);

const bookOf = (engine: MatchingEngine, epoch: string): ListingBook => ({
  epoch,
  priceScale: PRICE_SCALE,
  sizeScale: 0,
  bids: engine.bids,
  asks: engine.asks,
  get sequence() {
    return engine.sequence;
  },
  get eventTime() {
    return engine.eventTime;
  },
});
