/**
 * From money to pieces: how many whole lots an amount buys or sells, and how many may be ordered at most. Rounding is always
 * down to the lot, so that what comes out never needs more than what went in.
 */
import {
  ZERO,
  add,
  compare,
  divideDown,
  fromUnits,
  multiply,
  parseDecimal,
  roundDown,
  subtract,
} from '../book/decimal.js';
import type { BookView } from '../book/book-view.js';
import type { Decimal } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';
import {
  SLIPPAGE_REFUSAL,
  buffered,
  dearerRateOf,
  estimateOrder,
  isStop,
  notionalOf,
  oppositeOf,
  type EstimateInput,
} from './estimate.js';
import { minorDecimals } from './money.js';
import type { Order } from './order.js';
import { lotOf, lotsAround } from './ticket.js';

const ONE: Decimal = { units: 1n, scale: 0 };
/** Digits beyond those of lot and sizes: enough that a whole number of lots is never missed by rounding. */
const GUARD_DIGITS = 12;

/** An order without its quantity, and what it would meet. */
export interface Market {
  readonly input: Omit<EstimateInput, 'quantity'>;
  readonly book: BookView | undefined;
  readonly instrument: Instrument | undefined;
  readonly own: readonly Order[];
}

/** What keeps an order from being larger. */
export type Limit =
  | 'balance'
  | 'lot'
  | 'book'
  /** More would move the price too far, or nobody knows how far. */
  | 'slippage'
  | 'max_quantity'
  | 'max_notional'
  /** The most is below the venue's least: nothing can be ordered. */
  | 'min_quantity'
  | 'min_notional';

export interface Most {
  /** Whole lots; zero where nothing can be ordered. */
  readonly quantity: Decimal;
  readonly limit: Limit;
}

/** What is traded in whole numbers of: the lot, else the smallest size of the book. */
const gridOf = ({ instrument, book }: Market): Decimal =>
  lotOf(instrument?.lotSize) ?? { units: 1n, scale: book?.sizeScale ?? 0 };

/** The price of what rests or waits; undefined for a market order, and where none above zero is known. */
function restPriceOf({ input }: Market): Decimal | undefined {
  const price = input.orderType === 'stop' ? input.stopPrice : input.limitPrice;
  return price && compare(price, ZERO) > 0 ? price : undefined;
}

/**
 * The most whole lots whose price times quantity, without the fee, is no more than this: at the book's prices for what would
 * fill at once, at the limit or the trigger for the rest. Beyond the visible book the worst price goes on. Undefined
 * where there is no price.
 */
export function quantityForMoney(money: Decimal, market: Market): Decimal | undefined {
  const { input, book } = market;
  const restPrice = restPriceOf(market);
  if (restPrice === undefined && input.orderType !== 'market') return undefined;
  const grid = gridOf(market);
  const scale = Math.max(grid.scale, book?.sizeScale ?? 0) + GUARD_DIGITS;
  let left = money;
  let quantity = ZERO;
  let price = restPrice;
  for (const level of isStop(input.orderType) ? [] : levelsOf(market)) {
    const cost = multiply(level.price, level.size);
    if (restPrice === undefined) price = level.price;
    if (compare(cost, left) >= 0) {
      price = level.price;
      break;
    }
    quantity = add(quantity, level.size);
    left = subtract(left, cost);
  }
  return price && lotsAround(add(quantity, divideDown(left, price, scale)), grid)[0];
}

/** The levels that an order would take, best first. */
function levelsOf({ input, book, own }: Market): { readonly price: Decimal; readonly size: Decimal }[] {
  if (book === undefined || input.isAuction === true) return [];
  const side = oppositeOf(input.side, book, own);
  const levels = [];
  for (let i = 0; i < side.knownLength; i++) {
    const price = fromUnits(side.priceAt(i), book.priceScale);
    const beyond = input.limitPrice && compare(price, input.limitPrice) * (input.side === 'buy' ? 1 : -1);
    if (beyond === 1) break;
    levels.push({ price, size: fromUnits(side.sizeAt(i), book.sizeScale) });
  }
  return levels;
}

/**
 * The most that may be ordered with what is available: by the reservation's own rounding, within the visible book for a market
 * order, and within the venue's least and most. So it passes every check of size and balance. Undefined where
 * there is no price.
 */
export function mostOf(available: Decimal, market: Market): Most | undefined {
  const { input, instrument, book } = market;
  const grid = gridOf(market);
  const price = restPriceOf(market);
  if (price === undefined && (input.orderType !== 'market' || book === undefined)) return undefined;
  let { quantity, limit } = affordable(available, market, grid, price);
  const cap = (most: Decimal | undefined, by: Limit): void => {
    if (most && compare(most, quantity) < 0) [quantity, limit] = [most, by];
  };
  const [minQuantity, maxQuantity, minNotional, maxNotional] = [
    instrument?.minQuantity,
    instrument?.maxQuantity,
    instrument?.minNotional,
    instrument?.maxNotional,
  ].map((text) => parseDecimal(text ?? ''));
  cap(maxQuantity && lotsFor(maxQuantity, ONE, grid), 'max_quantity');
  cap(
    maxNotional && (price ? lotsFor(maxNotional, price, grid) : quantityForMoney(maxNotional, market)),
    'max_notional',
  );
  if (input.orderType === 'market') cap(bearable(quantity, market, grid), 'slippage');
  if (compare(quantity, ZERO) <= 0) return { quantity: ZERO, limit };
  if (minQuantity && compare(quantity, minQuantity) < 0) return { quantity: ZERO, limit: 'min_quantity' };
  const whole = { ...input, quantity };
  const notional = notionalOf(input.orderType, whole, estimateOrder(whole, book, instrument, market));
  const isLittle = minNotional && notional && compare(notional, minNotional) < 0;
  return isLittle ? { quantity: ZERO, limit: 'min_notional' } : { quantity, limit };
}

/** The most of so many whole lots that a market order may take before it is refused for what it does to the price. */
function bearable(quantity: Decimal, { input, book, instrument, own }: Market, grid: Decimal): Decimal {
  const isBearable = (lots: bigint): boolean => {
    const order = { ...input, quantity: multiply(grid, { units: lots, scale: 0 }) };
    const slippage = estimateOrder(order, book, instrument, { own })?.slippage;
    return slippage !== undefined && compare(slippage, SLIPPAGE_REFUSAL) < 0;
  };
  let [good, bad] = [0n, divideDown(quantity, grid, 0).units + 1n];
  if (bad === 1n || isBearable(bad - 1n)) return quantity;
  // The average only gets worse with every piece.
  for (bad -= 1n; bad - good > 1n;) {
    const middle = (good + bad) / 2n;
    if (isBearable(middle)) good = middle;
    else bad = middle;
  }
  return multiply(grid, { units: good, scale: 0 });
}

/** Whole lots that an amount is enough for, at so much a piece. */
const lotsFor = (amount: Decimal, perPiece: Decimal, grid: Decimal): Decimal =>
  multiply(divideDown(amount, multiply(grid, perPiece), 0), grid);

/** What the balance is enough for, and for a market order also the visible book. */
function affordable(available: Decimal, market: Market, grid: Decimal, price: Decimal | undefined): Most {
  const { input, instrument } = market;
  const spendable = roundDown(available, minorDecimals(instrument?.currency));
  const withFee = add(ONE, dearerRateOf(instrument));
  const enoughAt = (unit: Decimal): Decimal =>
    input.side === 'sell' ? lotsFor(available, ONE, grid) : lotsFor(spendable, multiply(unit, withFee), grid);
  const isSpent = compare(available, ZERO) <= 0;
  const byBalance = (quantity: Decimal): Most => ({
    quantity,
    limit: compare(quantity, ZERO) > 0 || isSpent ? 'balance' : 'lot',
  });
  if (price) return byBalance(enoughAt(input.orderType === 'stop' ? buffered(price) : price));
  let best = ZERO;
  let reach = ZERO;
  // The deeper it goes the dearer is every piece, since the worst price is what is held back by.
  for (const level of levelsOf(market)) {
    reach = add(reach, level.size);
    const enough = enoughAt(buffered(level.price));
    const visible = lotsFor(reach, ONE, grid);
    const here = compare(enough, visible) < 0 ? enough : visible;
    if (compare(here, best) > 0) best = here;
    if (compare(enough, visible) < 0) return byBalance(best);
  }
  return { quantity: best, limit: 'book' };
}
