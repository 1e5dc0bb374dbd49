/**
 * Levels of one side of one message as integers, before they are believed. A protocol that reads digits straight into units
 * fills one of these; the text path fills one through `LevelReader`. Buffers are reused: nothing is allocated per message
 * once they have grown to its size.
 */
import { scaleOf, toUnits } from './decimal.js';

/** One level as it stands on the wire: exact decimal text. */
export type LevelText = readonly [price: string, size: string];

/**
 * The largest price that is reckoned with, in units. It leaves half of the safe integers free, so that the sum of two prices
 * and a price rounded up to its bucket are exact as well. An ask beyond it, as nobody will ever pay, is held behind nearer ones
 * where a double holds it exactly: it is compared and written, never added or folded.
 */
export const MAX_PRICE_UNITS = 2 ** 52 - 1;

const INITIAL_CAPACITY = 64;

const NO_TEXTS: readonly LevelText[] = [];

/** An array that has room for `count` numbers: the same one where it has, else one at least twice as long. */
export function withRoom(numbers: Float64Array<ArrayBuffer>, count: number): Float64Array<ArrayBuffer> {
  if (count <= numbers.length) return numbers;
  const longer = new Float64Array(Math.max(count, numbers.length * 2));
  longer.set(numbers);
  return longer;
}

export class LevelBuffer {
  /** Prices in units; only the first `length` count. Another array after a `push` that had to grow. */
  prices = new Float64Array(INITIAL_CAPACITY);
  /** Sizes in units, side by side with `prices`. */
  sizes = new Float64Array(INITIAL_CAPACITY);
  /** The texts that all levels were read from, side by side with `prices`; none where they came as units. */
  texts = NO_TEXTS;
  length = 0;

  clear(): void {
    this.length = 0;
    this.texts = NO_TEXTS;
  }

  push(priceUnits: number, sizeUnits: number): void {
    this.prices = withRoom(this.prices, this.length + 1);
    this.sizes = withRoom(this.sizes, this.length + 1);
    this.prices[this.length] = priceUnits;
    this.sizes[this.length] = sizeUnits;
    this.length++;
  }

  /** Whether every price is a whole number from 1 to `mostPrice` and every size a safe one, 0 or above. */
  isValid(mostPrice = MAX_PRICE_UNITS): boolean {
    for (let i = 0; i < this.length; i++) {
      const price = this.prices[i]!;
      const size = this.sizes[i]!;
      if (!(price > 0 && price <= mostPrice && Number.isInteger(price))) return false;
      if (!(size >= 0 && Number.isSafeInteger(size))) return false;
    }
    return true;
  }
}

/** The levels of a message as units, at scales that hold them all. */
export interface ReadLevels {
  readonly bids: LevelBuffer;
  readonly asks: LevelBuffer;
  readonly priceScale: number;
  readonly sizeScale: number;
}

/** Reads the text levels of a message into two buffers, at the smallest scales, from given ones up, that hold them all. */
export class LevelReader implements ReadLevels {
  readonly bids = new LevelBuffer();
  readonly asks = new LevelBuffer();
  /** The scales of the last message read. */
  priceScale = 0;
  sizeScale = 0;

  /** Returns false when a text is no decimal, when no scale holds all of them as safe integers, or when one is out of bounds. */
  read(bids: readonly LevelText[], asks: readonly LevelText[], priceScale: number, sizeScale: number): boolean {
    this.priceScale = priceScale;
    this.sizeScale = sizeScale;
    if (!this.#fill(bids, asks)) {
      // Raised once for all that is in the message, so that a second failure is a text that fits no scale.
      for (const [price, size] of [...bids, ...asks]) {
        this.priceScale = Math.max(this.priceScale, scaleOf(price));
        this.sizeScale = Math.max(this.sizeScale, scaleOf(size));
      }
      if (!this.#fill(bids, asks)) return false;
    }
    return this.bids.isValid() && this.asks.isValid();
  }

  #fill(bids: readonly LevelText[], asks: readonly LevelText[]): boolean {
    return this.#fillSide(this.bids, bids) && this.#fillSide(this.asks, asks);
  }

  #fillSide(buffer: LevelBuffer, levels: readonly LevelText[]): boolean {
    buffer.clear();
    for (const level of levels) {
      const price = toUnits(level[0], this.priceScale);
      const size = toUnits(level[1], this.sizeScale);
      // NaN is the only number that differs from itself.
      if (price !== price || size !== size) return false;
      buffer.push(price, size);
    }
    buffer.texts = levels;
    return true;
  }
}
