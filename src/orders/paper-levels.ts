/**
 * What paper orders have taken of one side of a book. The levels stand there as before, since nobody has traded with them, so
 * it is remembered here: what was taken once is not there again until the venue shows more.
 */
import type { BookView, SideView } from '../book/book-view.js';
import { ZERO, add, compare, decimalToUnits, formatDecimal, fromUnits, isZero, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';

/** A price and what is left to take there. */
export interface PaperLevel {
  readonly price: Decimal;
  readonly size: Decimal;
}

interface Taken {
  readonly price: Decimal;
  /** What the level showed when it was last looked at. */
  shown: Decimal;
  used: Decimal;
}

export class PaperLevels {
  readonly #side: 'bids' | 'asks';
  readonly #taken = new Map<string, Taken>();

  constructor(side: 'bids' | 'asks') {
    this.#side = side;
  }

  /** Looks at the book as it stands. What a level gained may be taken; what it lost counts as lost to others first. */
  look(book: BookView): void {
    const view = book[this.#side];
    for (const [key, taken] of this.#taken) {
      const units = decimalToUnits(taken.price, book.priceScale);
      // Beyond the horizon a level is unknown and not gone.
      if (isBeyond(view, units)) continue;
      const size = Number.isNaN(units) ? ZERO : shownSize(book, view.sizeOf(units));
      const loss = subtract(taken.shown, size);
      if (compare(loss, ZERO) > 0) taken.used = subtract(taken.used, compare(loss, taken.used) < 0 ? loss : taken.used);
      taken.shown = size;
      if (isZero(taken.used)) this.#taken.delete(key);
    }
  }

  /** The levels that an order may meet, best first and no worse than `limit`, as far as its quantity. */
  left(book: BookView, quantity: Decimal, limit?: Decimal): PaperLevel[] {
    const view = book[this.#side];
    const levels: PaperLevel[] = [];
    let wanted = quantity;
    for (let i = 0; i < view.knownLength && compare(wanted, ZERO) > 0; i++) {
      const price = fromUnits(view.priceAt(i), book.priceScale);
      if (limit !== undefined && compare(price, limit) * (view.side === 'ask' ? 1 : -1) > 0) break;
      const shown = shownSize(book, view.sizeAt(i));
      const rest = subtract(shown, this.#taken.get(formatDecimal(price))?.used ?? ZERO);
      if (compare(rest, ZERO) <= 0) continue;
      const size = compare(rest, wanted) < 0 ? rest : wanted;
      wanted = subtract(wanted, size);
      levels.push({ price, size });
    }
    return levels;
  }

  take(book: BookView, { price, size }: PaperLevel): void {
    const key = formatDecimal(price);
    const taken = this.#taken.get(key);
    if (taken !== undefined) taken.used = add(taken.used, size);
    else {
      const shown = shownSize(book, book[this.#side].sizeOf(decimalToUnits(price, book.priceScale)));
      this.#taken.set(key, { price, shown, used: size });
    }
  }
}

/** A size that had to be rounded to one unit may be less than that. */
const shownSize = (book: BookView, units: number): Decimal =>
  book.hasRoundedSizes && units <= 1 ? ZERO : fromUnits(units, book.sizeScale);

const isBeyond = ({ side, horizon }: SideView, units: number): boolean =>
  side === 'ask' ? units > horizon : units < horizon;
