import { Book, type LevelText } from '../../book/book.js';
import { formatDecimal, fromNumber, parseDecimal } from '../../book/decimal.js';

/** A level as a page hands it in. `quantity` is the guide's word, `size` ours; a `total` is worked out, never taken over. */
export interface LevelInput {
  readonly price: number | string;
  readonly size?: number | string;
  readonly quantity?: number | string;
}

/** Exact decimal text of a number or a text that a page handed in, or undefined for what is neither. */
export function exactText(value: unknown): string | undefined {
  const decimal =
    typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? parseDecimal(value) : undefined;
  return decimal && formatDecimal(decimal);
}

/**
 * A book that the page feeds by hand. Each change of `bids` or `asks` is a whole snapshot. A level that is no level is
 * left out and told by `onBadLevel`; the others are painted.
 */
export class HandFedBook {
  readonly book: Book;
  #sequence = 0;
  /** When the page last handed levels in, in the caller's clock. */
  fedAt = 0;

  constructor(symbol: string) {
    this.book = new Book(symbol);
  }

  feed(
    bids: readonly LevelInput[],
    asks: readonly LevelInput[],
    now: number,
    onBadLevel: (value: unknown) => void,
  ): void {
    this.fedAt = now;
    this.#sequence += 1;
    const snapshot = {
      epoch: 'by-hand',
      sequence: this.#sequence,
      bids: toTexts(bids, onBadLevel),
      asks: toTexts(asks, onBadLevel),
      eventTime: now,
    };
    // A crossed book is painted as such here: there is nobody to ask for a better one.
    if (this.book.applySnapshot(snapshot, true) === 'bad_level') onBadLevel('numbers too large to be exact');
  }
}

function toTexts(levels: readonly LevelInput[], onBadLevel: (value: unknown) => void): LevelText[] {
  const texts: LevelText[] = [];
  for (const level of levels) {
    const price = exactText(level?.price);
    const size = exactText(level?.size ?? level?.quantity);
    if (price === undefined || size === undefined || price.startsWith('-') || size.startsWith('-')) {
      onBadLevel(JSON.stringify(level));
    } else {
      texts.push([price, size]);
    }
  }
  return texts;
}
