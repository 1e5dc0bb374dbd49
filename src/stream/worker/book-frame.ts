/**
 * Books as one array of numbers, to be handed from a worker to a page without a copy. First how many there are; then of
 * each a header and its levels, best first: prices of the bids, their sizes, prices of the asks, their sizes. Everything
 * is an integer that a double holds, so that nothing is rounded on the way.
 */
import type { BookView, SideView } from '../../book/book-view.js';

/** Where each number of a header stands. */
export const MARK = 0;
/** Numbers of this book, its header included. */
export const LENGTH = 1;
export const SEQUENCE = 2;
export const EVENT_TIME = 3;
export const PRICE_SCALE = 4;
export const SIZE_SCALE = 5;
export const DEPTH_LIMIT = 6;
export const IS_ROUNDED = 7;
/** When the newest data of the symbol arrived. */
export const DATA_AT = 8;
/** Of a side three numbers: how many levels are here, how many of them are known, and the horizon. */
export const BIDS = 9;
export const ASKS = 12;
/** Of what waited: how many changes, the age of the oldest, that of the oldest from the server, and how long its way was. */
export const CHANGES = 15;
export const AGE_MS = 16;
export const WAITED_MS = 17;
export const VENUE_MS = 18;
export const HEADER = 19;

/** What of a symbol waited to be handed over, as `News.lags` says it. */
export type Lag = readonly [changes: number, ageMs: number, waitedMs: number, venueMs: number];

/** How many numbers a book takes, with `depth` levels a side at most. */
export const lengthOf = (book: BookView, depth: number): number =>
  HEADER + 2 * (Math.min(depth, book.bids.length) + Math.min(depth, book.asks.length));

/** Writes a book at `at` and returns where the next one stands. */
export const writeBook = (
  into: Float64Array,
  at: number,
  mark: number,
  book: BookView,
  depth: number,
  dataAt: number,
  lag: Lag,
): number => {
  const { bids, asks, depthLimit } = book;
  into[at + MARK] = mark;
  into[at + SEQUENCE] = book.sequence;
  into[at + EVENT_TIME] = book.eventTime;
  into[at + PRICE_SCALE] = book.priceScale;
  into[at + SIZE_SCALE] = book.sizeScale;
  into[at + DEPTH_LIMIT] =
    depthLimit === 0 && Math.max(bids.length, asks.length) <= depth ? 0 : least(depthLimit, depth);
  into[at + IS_ROUNDED] = book.hasRoundedSizes ? 1 : 0;
  into[at + DATA_AT] = dataAt;
  into.set(lag, at + CHANGES);
  let next = writeSide(into, at + HEADER, at + BIDS, bids, depth);
  next = writeSide(into, next, at + ASKS, asks, depth);
  into[at + LENGTH] = next - at;
  return next;
};

const least = (limit: number, depth: number): number => (limit === 0 ? depth : Math.min(limit, depth));

const writeSide = (into: Float64Array, at: number, header: number, side: SideView, depth: number): number => {
  const count = Math.min(depth, side.length);
  const known = Math.min(count, side.knownLength);
  for (let i = 0; i < count; i++) {
    into[at + i] = side.priceAt(i);
    into[at + count + i] = side.sizeAt(i);
  }
  into[header] = count;
  into[header + 1] = known;
  // What was left out is known to nobody who reads this: the last level that is here is where knowledge ends.
  into[header + 2] = side.length > count && known === count ? side.priceAt(count - 1) : side.horizon;
  return at + 2 * count;
};

/** Arrays that come back from the page and go out again. */
export class FrameArrays {
  #spare: Float64Array<ArrayBuffer> | undefined;

  /** One with room for so many numbers. */
  take(length: number): Float64Array<ArrayBuffer> {
    const spare = this.#spare;
    this.#spare = undefined;
    // One that is far too large would be carried for ever after one large moment.
    if (spare !== undefined && spare.length >= length && spare.length <= 16 * Math.max(length, 64)) return spare;
    return new Float64Array(2 ** Math.ceil(Math.log2(Math.max(length, 64))));
  }

  give(spare: Float64Array<ArrayBuffer>): void {
    this.#spare = spare;
  }
}
