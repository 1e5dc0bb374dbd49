/** Where the numbers of a ticket came from, and what is left there. */
import { ZERO, add, compare, fromUnits, parseDecimal, type Decimal } from '../book/decimal.js';
import type { BookView } from '../book/book-view.js';
import type { Side } from '../book/side.js';
import type { PickedLevel, PriceField } from './ticket.js';

/** What a draft has from one row of the book. */
export interface FromBook {
  readonly side: Side;
  readonly price: Decimal;
  /** What stood there, at that price alone or up to it. */
  readonly size: Decimal;
  /** Whether everything up to the price counts: so for totals, and for a row that stands for several prices. */
  readonly isDepth: boolean;
  /** The field that the price went to, while it stands there. */
  readonly priceField: PriceField | undefined;
  /** The size that went to the quantity, while it stands there. */
  readonly taken: Decimal | undefined;
}

/** What a pick puts into a draft whose price goes to `priceField`; undefined where a number is missing. */
export function fromLevel(
  level: PickedLevel & { readonly grouped: boolean },
  priceField: PriceField | undefined,
): FromBook | undefined {
  const isWhole = level.field === 'total' || level.field === 'notional';
  const price = parseDecimal(level.price);
  const size = parseDecimal(level.size);
  const depth = parseDecimal(level.cumulativeSize);
  const isDepth = isWhole || level.grouped;
  const stood = isDepth ? depth : size;
  if (!price || !size || !stood) return undefined;
  return {
    side: level.side,
    price,
    size: stood,
    isDepth,
    priceField: level.field === 'size' ? undefined : priceField,
    taken: level.field === 'price' ? undefined : isWhole ? depth : size,
  };
}

/** What stands there now; undefined where the book does not reach so far. */
export function leftOf({ side, price, isDepth }: FromBook, book: BookView): Decimal | undefined {
  const levels = side === 'bid' ? book.bids : book.asks;
  const sign = side === 'bid' ? -1 : 1;
  let left = ZERO;
  for (let i = 0; i < levels.length; i++) {
    const order = compare(fromUnits(levels.priceAt(i), book.priceScale), price) * sign;
    if (order > 0) break;
    if (isDepth || order === 0) left = add(left, sizeAt(book, side, i));
  }
  const { horizon } = levels;
  const isKnown = Number.isNaN(horizon) || compare(fromUnits(horizon, book.priceScale), price) * sign >= 0;
  return isKnown ? left : undefined;
}

/** Exact, also where the sizes of the book are rounded. */
function sizeAt(book: BookView, side: Side, i: number): Decimal {
  const text = book.hasRoundedSizes ? book.textAt(side, i)?.[1] : undefined;
  const levels = side === 'bid' ? book.bids : book.asks;
  return (text === undefined ? undefined : parseDecimal(text)) ?? fromUnits(levels.sizeAt(i), book.sizeScale);
}
