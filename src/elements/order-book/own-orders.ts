import { ZERO, add, compare, parseDecimal, toUnits, formatDecimal, type Decimal } from '../../book/decimal.js';
import type { Ladder } from '../../book/ladder.js';
import type { OwnLevel } from '../../orders/own-levels.js';
import { warnTextOnce } from '../internal/warn.js';
import { exactText } from './hand-fed.js';

/** An order of the page's own that rests in the book, by hand. */
export interface OwnOrderInput {
  /** Which side of the book it rests on; `buy` stands for `bid` and `sell` for `ask`. */
  readonly side: 'bid' | 'ask' | 'buy' | 'sell';
  readonly price: number | string;
  /** What of it has not traded. */
  readonly size: number | string;
}

const SIDES: Readonly<Record<string, OwnLevel['side']>> = { bid: 'bid', buy: 'bid', ask: 'ask', sell: 'ask' };

/** Orders by hand as exact numbers. What is none is told once and left out. */
export function readOwnOrders(orders: readonly OwnOrderInput[]): readonly OwnLevel[] {
  return orders.flatMap((order) => {
    const side = SIDES[order?.side];
    const price = parseDecimal(exactText(order?.price) ?? '');
    const size = parseDecimal(exactText(order?.size) ?? '');
    if (side && price && size && compare(price, ZERO) > 0 && compare(size, ZERO) > 0) return [{ side, price, size }];
    warnTextOnce(
      `<order-book>: an own order must be {side, price, size} with numbers above 0 or decimal text, got ${JSON.stringify(order)}.`,
    );
    return [];
  });
}

/** What of these rests on each row of a ladder, by the row's price in units; a price that the book can't write is on no row. */
export function sizesByRow(
  own: readonly OwnLevel[],
  ladder: Ladder,
  priceScale: number,
  groupingUnits: number,
): ReadonlyMap<number, Decimal> {
  const sizes = new Map<number, Decimal>();
  for (const { side, price, size } of own) {
    if (side !== ladder.side) continue;
    const row = ladder.labelOf(toUnits(formatDecimal(price), priceScale), groupingUnits);
    if (!Number.isNaN(row)) sizes.set(row, add(sizes.get(row) ?? ZERO, size));
  }
  return sizes;
}
