/**
 * Whether an order may be taken at all, before anybody asks for its money. The first rule that is broken is the answer,
 * in the order: phase, what the phase takes, form, lot, tick, band, the instrument's limits, exits, post-only. Nothing is ever rounded into shape.
 */
import { parseDecimal, toUnits } from '../book/decimal.js';
import { TickTable } from '../book/tick-table.js';
import { brokenBracket } from './bracket-check.js';
import type { OrderRequest, Rejection } from './desk-types.js';
import { PRICE_SCALE } from './instruments.js';
import { isWholeLots, type Listing } from './listing.js';
import type { OrderTerms } from './order.js';
import type { OrderLimits } from './order-limits.js';
import { reject } from './order-rejection.js';

/** Largest quantity of one order: with it, sums of a whole book stay far below 2^53. */
const MAX_ORDER_QUANTITY = 1_000_000_000;

/** What the instrument says about prices, read once. */
export class PriceRules {
  readonly lowest: number;
  readonly highest: number;
  readonly #table: TickTable;

  constructor({ instrument }: Listing) {
    const table = TickTable.of(instrument);
    if (table === undefined || instrument.priceBand === undefined) {
      throw new TypeError(`${instrument.symbol}: a listing needs a tick table and a price band`);
    }
    this.#table = table;
    this.lowest = toUnits(instrument.priceBand[0], PRICE_SCALE);
    this.highest = toUnits(instrument.priceBand[1], PRICE_SCALE);
  }

  /** The price in units, or why it may not be used. */
  read(text: string, field: 'limitPrice' | 'stopPrice' | 'takeProfit' | 'stopLoss'): number | Rejection {
    const price = parseDecimal(text);
    const units = toUnits(text, PRICE_SCALE);
    if (price === undefined || !(units > 0) || !this.#table.isOnTick(price)) {
      return reject('bad_price', `The ${field} is not on the price grid.`, { field, price: text });
    }
    if (units < this.lowest || units > this.highest) {
      return reject('price_band', `The ${field} is outside the price band of the day.`, { field, price: text });
    }
    return units;
  }
}

/** The terms for the engine, or the rule that is broken. A market order's worst price is what the book has now. */
export const checkOrder = (
  request: OrderRequest,
  listing: Listing,
  rules: PriceRules,
  limits: OrderLimits,
): OrderTerms | Rejection => {
  if (listing.phase === 'closed') return reject('market_closed', 'The market is closed.', undefined, true);
  if (listing.phase === 'halted') return reject('halted', 'Trading in this symbol is halted.', undefined, true);

  const { side, orderType: type, timeInForce, limitPrice, stopPrice } = request;
  if (listing.phase !== 'continuous' && !mayGather(request)) {
    const message = 'Until the auction has ended only plain limit orders that may rest are taken.';
    return reject('not_permitted', message, { phase: listing.phase }, true);
  }
  const hasLimit = type === 'limit' || type === 'stop_limit';
  const hasStop = type === 'stop' || type === 'stop_limit';
  if (hasLimit !== (limitPrice !== null) || hasStop !== (stopPrice !== null)) {
    return reject('bad_price', `An order of type ${type} has the wrong set of prices.`, { limitPrice, stopPrice });
  }
  if ((hasStop && (timeInForce === 'ioc' || timeInForce === 'fok')) || (type === 'market' && timeInForce === 'gtc')) {
    return reject('not_permitted', `An order of type ${type} cannot be ${timeInForce}.`, { timeInForce });
  }

  const quantity = toUnits(request.quantity, 0);
  if (!(quantity > 0) || quantity > MAX_ORDER_QUANTITY || !isWholeLots(quantity)) {
    const { lotSize } = listing.instrument;
    return reject('bad_quantity', `The quantity is not a whole number of lots of ${lotSize}.`, { lotSize });
  }

  const limit = limitPrice === null ? undefined : rules.read(limitPrice, 'limitPrice');
  if (typeof limit === 'object') return limit;
  const stop = stopPrice === null ? undefined : rules.read(stopPrice, 'stopPrice');
  if (typeof stop === 'object') return stop;

  const { displayQuantity, postOnly } = request;
  const terms: OrderTerms = {
    side,
    type,
    timeInForce,
    quantity,
    stop,
    limit: limit ?? worstPrice(request, listing, rules, quantity),
    display: displayQuantity === undefined ? undefined : toUnits(displayQuantity, 0),
  };
  const broken = limits.broken(request, terms) ?? brokenBracket(request, terms, listing, rules);
  if (broken !== undefined) return broken;
  if (postOnly === true && listing.engine.wouldTake(side, terms.limit)) {
    return reject('would_take', 'The order is postOnly and would trade at once.', { limitPrice });
  }
  return terms;
};

/** Before the end of an auction nothing can be taken and nobody knows what will be: only orders that can wait for it are good. */
const mayGather = ({ orderType, timeInForce, postOnly }: OrderRequest): boolean =>
  orderType === 'limit' && (timeInForce === 'day' || timeInForce === 'gtc') && postOnly !== true;

/**
 * What an order without a limit may trade at. A stop wakes in a book nobody knows yet: it may go to the end of the band.
 * A market order goes no further than the book does now; where nobody is there, it meets nobody and ends.
 */
const worstPrice = (request: OrderRequest, listing: Listing, rules: PriceRules, quantity: number): number => {
  const endOfBand = request.side === 'buy' ? rules.highest : rules.lowest;
  if (request.orderType !== 'market') return endOfBand;
  return listing.engine.worstPrice(request.side, quantity) ?? endOfBand;
};
