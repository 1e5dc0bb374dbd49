/**
 * One side of a book: two parallel typed arrays, sorted, with the best level at the END.
 *
 * Nine touches in ten are near the best price, so that an insertion or a removal shifts a handful of numbers, and a search
 * that starts at the best ends after a few steps. docs/decisions/0001-book-structure.md has the figures.
 *
 * Asks are stored with their sign turned: then "larger is better" holds on both sides, and there is one search.
 * Invariant: `#keys` rises strictly from 0 to `length - 1`; every size is above zero.
 */
import { MAX_PRICE_UNITS, withRoom, type LevelBuffer } from './level-buffer.js';
import type { Side } from './side.js';

const INITIAL_CAPACITY = 16;

/** Below this, a loop moves numbers faster than a call into the engine does. */
const SHORT_SHIFT = 16;

export class BookSide {
  readonly side: Side;
  readonly #sign: 1 | -1;
  #keys = new Float64Array(INITIAL_CAPACITY);
  #sizes = new Float64Array(INITIAL_CAPACITY);
  #length = 0;
  /** The key of the last level of a snapshot that had not all of them; NaN when it had. */
  #horizonKey = Number.NaN;
  /** Levels kept at most; 0 for all. */
  #most = 0;

  constructor(side: Side) {
    this.side = side;
    this.#sign = side === 'bid' ? 1 : -1;
  }

  /** How many levels there are. */
  get length(): number {
    return this.#length;
  }

  /** The price of level `i`, 0 being the best, in units of the book's price scale. NaN for no level. */
  priceAt(i: number): number {
    return i >= 0 && i < this.#length ? this.#sign * this.#keys[this.#length - 1 - i]! : Number.NaN;
  }

  /** The size of level `i`, 0 being the best, in units of the book's size scale. NaN for no level. */
  sizeAt(i: number): number {
    return i >= 0 && i < this.#length ? this.#sizes[this.#length - 1 - i]! : Number.NaN;
  }

  /**
   * The worst price, in units, up to which every level is known; what lies beyond is unknown, not empty. NaN when the
   * whole side is known.
   */
  get horizon(): number {
    return this.#sign * this.#leastKnownKey;
  }

  /** How many levels stand up to the horizon. Between those beyond it there may be others. */
  get knownLength(): number {
    const key = this.#leastKnownKey;
    return Number.isNaN(key) ? this.#length : this.#length - this.#find(key);
  }

  /** The size at a price, 0 when there is no such level. */
  sizeOf(priceUnits: number): number {
    const key = this.#sign * priceUnits;
    const at = this.#find(key);
    return at < this.#length && this.#keys[at] === key ? this.#sizes[at]! : 0;
  }

  /**
   * Sets the size at a price; 0 removes the level, and removing an unknown one does nothing.
   */
  set(priceUnits: number, sizeUnits: number): void {
    const key = this.#sign * priceUnits;
    const at = this.#find(key);
    const isKnown = at < this.#length && this.#keys[at] === key;
    if (sizeUnits === 0) {
      if (isKnown) this.#remove(at);
    } else if (isKnown) this.#sizes[at] = sizeUnits;
    else this.#insert(at, key, sizeUnits);
  }

  /** Writes price and size of each level in turn, best first, from `at` on. Returns where the next number goes. */
  copyTo(into: Float64Array, at: number): number {
    let next = at;
    for (let i = this.#length - 1; i >= 0; i -= 1) {
      into[next] = this.#sign * this.#keys[i]!;
      into[next + 1] = this.#sizes[i]!;
      next += 2;
    }
    return next;
  }

  /**
   * Replaces all levels. Any order is legal; of two levels at one price the later wins, and size 0 is no level. `covers`:
   * levels that the source would have given at most; where there are as many, those beyond the last are unknown.
   */
  load(levels: LevelBuffer, covers = 0): void {
    this.#length = 0;
    const keyAt = (i: number) => this.#sign * levels.prices[i]!;
    // From the worst to the best, each is set at the end. The sort is stable: the later of two is set last.
    const order = Array.from({ length: levels.length }, (_, i) => i).sort((a, b) => keyAt(a) - keyAt(b));
    for (const i of order) this.set(levels.prices[i]!, levels.sizes[i]!);
    this.#horizonKey = covers > 0 && this.#length >= covers ? this.#keys[0]! : Number.NaN;
  }

  /** Keeps no more than the `depth` best levels, now and after each `cut`; 0 is all. */
  limit(depth: number): void {
    this.#most = depth;
    this.cut();
  }

  /** Forgets the levels beyond the limit. */
  cut(): void {
    const surplus = this.#length - this.#most;
    if (this.#most === 0 || surplus <= 0) return;
    this.#keys.copyWithin(0, surplus, this.#length);
    this.#sizes.copyWithin(0, surplus, this.#length);
    this.#length = this.#most;
  }

  /** Sets every size anew, by its price. */
  resize(sizeOf: (priceUnits: number) => number): void {
    for (let i = 0; i < this.#length; i++) this.#sizes[i] = sizeOf(this.#sign * this.#keys[i]!);
  }

  /** Whether `rescale` with these factors would keep every price and size exact and within its bound. */
  canRescale(priceFactor: number, sizeFactor: number, mostPrice = MAX_PRICE_UNITS): boolean {
    if (Math.abs(this.#horizonKey) * priceFactor > mostPrice) return false;
    for (let i = 0; i < this.#length; i++) {
      if (!(Math.abs(this.#keys[i]!) * priceFactor <= mostPrice)) return false;
      if (!(this.#sizes[i]! * sizeFactor <= Number.MAX_SAFE_INTEGER)) return false;
    }
    return true;
  }

  /** Multiplies every price and size. Ask `canRescale` first. */
  rescale(priceFactor: number, sizeFactor: number): void {
    for (let i = 0; i < this.#length; i++) {
      this.#keys[i] = this.#keys[i]! * priceFactor;
      this.#sizes[i] = this.#sizes[i]! * sizeFactor;
    }
    this.#horizonKey *= priceFactor;
  }

  /** The key up to which every level is known; NaN when the whole side is. */
  get #leastKnownKey(): number {
    const isFull = this.#most > 0 && this.#length >= this.#most;
    if (!isFull) return this.#horizonKey;
    const worst = this.#keys[0]!;
    return this.#horizonKey > worst ? this.#horizonKey : worst;
  }

  /** The first index whose key is not below `key`; `length` when `key` is better than the best. */
  #find(key: number): number {
    const keys = this.#keys;
    let high = this.#length;
    let step = 1;
    let low = high - 1;
    while (low >= 0 && keys[low]! >= key) {
      high = low;
      low -= step;
      step *= 2;
    }
    // keys[low] < key <= keys[high], where an index outside the array counts as infinitely far.
    if (low < -1) low = -1;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! >= key) high = middle;
      else low = middle;
    }
    return high;
  }

  #insert(at: number, key: number, size: number): void {
    const length = this.#length;
    const keys = (this.#keys = withRoom(this.#keys, length + 1));
    const sizes = (this.#sizes = withRoom(this.#sizes, length + 1));
    if (length - at > SHORT_SHIFT) {
      keys.copyWithin(at + 1, at, length);
      sizes.copyWithin(at + 1, at, length);
    } else {
      for (let i = length; i > at; i--) {
        keys[i] = keys[i - 1]!;
        sizes[i] = sizes[i - 1]!;
      }
    }
    keys[at] = key;
    sizes[at] = size;
    this.#length = length + 1;
  }

  #remove(at: number): void {
    const last = this.#length - 1;
    const keys = this.#keys;
    const sizes = this.#sizes;
    if (last - at > SHORT_SHIFT) {
      keys.copyWithin(at, at + 1, last + 1);
      sizes.copyWithin(at, at + 1, last + 1);
    } else {
      for (let i = at; i < last; i++) {
        keys[i] = keys[i + 1]!;
        sizes[i] = sizes[i + 1]!;
      }
    }
    this.#length = last;
  }
}
