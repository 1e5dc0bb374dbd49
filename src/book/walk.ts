/**
 * What an order would meet in the visible book: the levels it would take, one after the other, until its size or its limit
 * is reached. A forecast and nothing more: the book may have changed by the time an order arrives.
 */
import type { SideView } from './book-view.js';
import {
  add,
  compare,
  divideDown,
  divideUp,
  fromUnits,
  isZero,
  multiply,
  subtract,
  ZERO,
  type Decimal,
} from './decimal.js';

/** Decimals of an average price beyond those of the book's prices. */
const AVERAGE_EXTRA_SCALE = 4;

export interface Walk {
  /** How much of the quantity the levels hold. `filled + unfilled` is the quantity. */
  readonly filled: Decimal;
  /** What is left over. Above zero, the order is not fully covered by what can be seen. */
  readonly unfilled: Decimal;
  /** Price times size over all fills, exact. */
  readonly notional: Decimal;
  /** The price of the last level taken; undefined when nothing would be filled. */
  readonly worst: Decimal | undefined;
  /** `notional / filled`, rounded down, with four decimals more than the book's prices: for what a seller receives. */
  readonly averageDown: Decimal | undefined;
  /** The same, rounded up: for what a buyer pays. */
  readonly averageUp: Decimal | undefined;
  /** How many levels are touched, the last perhaps in part. */
  readonly levels: number;
  /**
   * Whether the visible levels ended before the quantity or the limit did. Visible is what is known: levels beyond the
   * side's horizon are not taken, since there may be others before them.
   */
  readonly exceedsVisible: boolean;
}

/**
 * Walks the asks for a buyer and the bids for a seller. `limit` is the worst price to accept, none by default.
 * A quantity of zero or less fills nothing.
 */
export function walkBook(
  view: SideView,
  scales: { readonly priceScale: number; readonly sizeScale: number },
  quantity: Decimal,
  limit?: Decimal,
): Walk {
  let unfilled = quantity;
  let filled = ZERO;
  let notional = ZERO;
  let worst: Decimal | undefined;
  let levels = 0;
  let isStoppedByLimit = false;
  const known = view.knownLength;
  for (; levels < known && compare(unfilled, ZERO) > 0; levels++) {
    const price = fromUnits(view.priceAt(levels), scales.priceScale);
    isStoppedByLimit = limit !== undefined && isWorse(view, price, limit);
    if (isStoppedByLimit) break;
    const size = fromUnits(view.sizeAt(levels), scales.sizeScale);
    const taken = compare(size, unfilled) < 0 ? size : unfilled;
    filled = add(filled, taken);
    unfilled = subtract(unfilled, taken);
    notional = add(notional, multiply(price, taken));
    worst = price;
  }
  const averageScale = scales.priceScale + AVERAGE_EXTRA_SCALE;
  const hasFilled = !isZero(filled);
  return {
    filled,
    unfilled,
    notional,
    worst,
    averageDown: hasFilled ? divideDown(notional, filled, averageScale) : undefined,
    averageUp: hasFilled ? divideUp(notional, filled, averageScale) : undefined,
    levels,
    exceedsVisible: compare(unfilled, ZERO) > 0 && !isStoppedByLimit && !isKnownUpTo(view, scales.priceScale, limit),
  };
}

function isWorse(view: SideView, price: Decimal, limit: Decimal): boolean {
  return view.side === 'ask' ? compare(price, limit) > 0 : compare(price, limit) < 0;
}

/** Whether the limit is reached before, or with, the last of the levels that are known. */
function isKnownUpTo(view: SideView, priceScale: number, limit: Decimal | undefined): boolean {
  if (limit === undefined || Number.isNaN(view.horizon)) return false;
  return !isWorse(view, limit, fromUnits(view.horizon, priceScale));
}
