/**
 * The rows of one side as they are shown: the raw levels, or buckets of `grouping` units of price.
 *
 * A bucket bears its worst price for a taker: bids round down and asks up, so that a limit at the label takes the whole
 * bucket, grouping never improves a price, and the two sides cannot overlap unless the book itself does. Labels are
 * multiples of the grouping in price units, also across the bands of a tick table.
 *
 * `fill` runs on frames: it allocates only when a ladder has to become longer than it ever was.
 */
import type { SideView } from './book-view.js';
import { MAX_PRICE_UNITS, withRoom } from './level-buffer.js';
import type { Side } from './side.js';

const INITIAL_CAPACITY = 64;

export class Ladder {
  readonly side: Side;
  /** How many rows there are. */
  length = 0;
  /** Prices or bucket labels in units, best first; only the first `length` count. Another array after a fill that grew. */
  prices = new Float64Array(INITIAL_CAPACITY);
  /** The size of each row in units. NaN once a sum leaves the safe integers. */
  sizes = new Float64Array(INITIAL_CAPACITY);
  /** The size from the best price to the end of each row, in units. NaN once a sum leaves the safe integers. */
  totals = new Float64Array(INITIAL_CAPACITY);
  /** The largest of `sizes`, 0 when there is no row. NaN when one of them is. */
  maxSize = 0;
  /** How many raw levels are folded into the rows. */
  touched = 0;
  /**
   * Whether the rows hold every level up to the side's horizon, and what lies beyond it is unknown. No row begins there;
   * a bucket that reaches across the horizon holds what is known of it.
   */
  endsUnknown = false;

  constructor(side: Side) {
    this.side = side;
  }

  /** The last of `totals`, 0 when there is no row. */
  get maxTotal(): number {
    return this.length === 0 ? 0 : this.totals[this.length - 1]!;
  }

  /**
   * Reads the best rows of a side, as far as it is known. `depth` is the most rows wanted, `Infinity` for all;
   * `groupingUnits` is the width of a bucket in units of price, 0 for raw levels. Throws a RangeError for a depth below 0
   * and for a grouping that is no whole number, and a TypeError for the other side of the book.
   */
  fill(view: SideView, depth: number, groupingUnits: number): void {
    if (view.side !== this.side) throw new TypeError(`Ladder: expected the ${this.side} side, got ${view.side}`);
    if (!(depth >= 0)) throw new RangeError(`Ladder: depth must be 0 or above, got ${depth}`);
    if (!Number.isInteger(groupingUnits) || groupingUnits < 0 || groupingUnits > MAX_PRICE_UNITS) {
      throw new RangeError(
        `Ladder: grouping must be a whole number of price units from 0 to ${MAX_PRICE_UNITS}, got ${groupingUnits}`,
      );
    }
    const count = view.knownLength;
    const most = Math.min(depth, count);
    this.prices = withRoom(this.prices, most);
    this.sizes = withRoom(this.sizes, most);
    this.totals = withRoom(this.totals, most);
    this.maxSize = 0;
    let row = -1;
    let size = 0;
    let total = 0;
    let level = 0;
    for (; level < count; level++) {
      const price = this.labelOf(view.priceAt(level), groupingUnits);
      if (row < 0 || price !== this.prices[row]) {
        if (row + 1 >= depth) break;
        row++;
        size = 0;
        this.prices[row] = price;
      }
      const added = view.sizeAt(level);
      size = exact(size + added);
      total = exact(total + added);
      this.sizes[row] = size;
      this.totals[row] = total;
      this.maxSize = Math.max(this.maxSize, size);
    }
    this.length = row + 1;
    this.touched = level;
    this.endsUnknown = level === count && !Number.isNaN(view.horizon);
  }

  /** Takes all rows away, as before another symbol. */
  clear(): void {
    this.length = 0;
    this.maxSize = 0;
    this.touched = 0;
    this.endsUnknown = false;
  }

  /** The row that a price is on: the price itself, or the label of its bucket of `grouping` units. */
  labelOf(price: number, grouping: number): number {
    // A price too far to be reckoned with stands for itself.
    const beyond = grouping === 0 || price > MAX_PRICE_UNITS ? 0 : price % grouping;
    if (beyond === 0) return price;
    return this.side === 'bid' ? price - beyond : price + (grouping - beyond);
  }
}

/** NaN is contagious: once a sum is not exact, no later one is. */
function exact(sum: number): number {
  return sum <= Number.MAX_SAFE_INTEGER ? sum : Number.NaN;
}
