/**
 * The structures that `book-structures.ts` compares, one side each: the kit's own and those that it might have been.
 * They hold integer prices and sizes, remove at size 0, and hand out the best levels for a read.
 */
import BTreeModule from 'sorted-btree';

/** `best` writes the prices and sizes of the best `count` levels, best first, and returns how many there were. */
export interface Structure {
  set(price: number, size: number): void;
  best(count: number, prices: Float64Array, sizes: Float64Array): number;
}

/** 1 for bids, -1 for asks: prices are multiplied with it, so that larger is better. */
export type Sign = 1 | -1;

// The package is CommonJS: what Node calls its default is the whole module.
const BTree = ((BTreeModule as unknown as { default?: typeof BTreeModule }).default ??
  BTreeModule) as typeof BTreeModule;

/** The bare bones of `BookSide`: no private names, binary search over the whole, `copyWithin` only. */
export class BareBestAtEnd implements Structure {
  keys = new Float64Array(64);
  sizes = new Float64Array(64);
  length = 0;
  constructor(readonly sign: Sign) {}

  set(price: number, size: number): void {
    const key = price * this.sign;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    const isKnown = low < this.length && this.keys[low] === key;
    if (size === 0) {
      if (!isKnown) return;
      this.keys.copyWithin(low, low + 1, this.length);
      this.sizes.copyWithin(low, low + 1, this.length);
      this.length--;
    } else if (isKnown) this.sizes[low] = size;
    else {
      if (this.length === this.keys.length) this.#grow();
      this.keys.copyWithin(low + 1, low, this.length);
      this.sizes.copyWithin(low + 1, low, this.length);
      this.keys[low] = key;
      this.sizes[low] = size;
      this.length++;
    }
  }

  best(count: number, prices: Float64Array, sizes: Float64Array): number {
    const rows = Math.min(count, this.length);
    for (let i = 0; i < rows; i++) {
      prices[i] = this.keys[this.length - 1 - i]! * this.sign;
      sizes[i] = this.sizes[this.length - 1 - i]!;
    }
    return rows;
  }

  #grow(): void {
    const { keys, sizes } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.sizes = new Float64Array(keys.length * 2);
    this.keys.set(keys);
    this.sizes.set(sizes);
  }
}

/** Two plain arrays and `splice`, best first: what most people would write. */
export class PlainBestFirst implements Structure {
  keys: number[] = [];
  sizes: number[] = [];
  constructor(readonly sign: Sign) {}

  set(price: number, size: number): void {
    const key = price * this.sign;
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle]! > key) low = middle + 1;
      else high = middle;
    }
    const isKnown = this.keys[low] === key;
    if (size === 0) {
      if (!isKnown) return;
      this.keys.splice(low, 1);
      this.sizes.splice(low, 1);
    } else if (isKnown) this.sizes[low] = size;
    else {
      this.keys.splice(low, 0, key);
      this.sizes.splice(low, 0, size);
    }
  }

  best(count: number, prices: Float64Array, sizes: Float64Array): number {
    const rows = Math.min(count, this.keys.length);
    for (let i = 0; i < rows; i++) {
      prices[i] = this.keys[i]! * this.sign;
      sizes[i] = this.sizes[i]!;
    }
    return rows;
  }
}

/** A Map by price, sorted when it is read. */
export class MapAndSort implements Structure {
  readonly levels = new Map<number, number>();
  constructor(readonly sign: Sign) {}

  set(price: number, size: number): void {
    if (size === 0) this.levels.delete(price);
    else this.levels.set(price, size);
  }

  best(count: number, prices: Float64Array, sizes: Float64Array): number {
    const sorted = [...this.levels.keys()].sort((a, b) => (b - a) * this.sign);
    const rows = Math.min(count, sorted.length);
    for (let i = 0; i < rows; i++) {
      prices[i] = sorted[i]!;
      sizes[i] = this.levels.get(sorted[i]!)!;
    }
    return rows;
  }
}

/** The B+ tree of the package `sorted-btree`, keyed so that the best comes first. */
export class SortedBTree implements Structure {
  readonly tree = new BTree<number, number>(undefined, (a, b) => a - b);
  constructor(readonly sign: Sign) {}

  set(price: number, size: number): void {
    if (size === 0) this.tree.delete(-price * this.sign);
    else this.tree.set(-price * this.sign, size);
  }

  best(count: number, prices: Float64Array, sizes: Float64Array): number {
    let rows = 0;
    this.tree.forRange(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, false, (key, size) => {
      prices[rows] = -key * this.sign;
      sizes[rows] = size;
      return ++rows < count ? undefined : { break: true };
    });
    return rows;
  }
}

/**
 * A ring of sizes indexed by price, a bit a price to skip the empty ones: no search and no shifting, for memory that grows
 * with the span of prices and not with the number of levels. It doubles when the span outgrows it.
 */
export class PriceRing implements Structure {
  sizes: Float64Array;
  bits: Uint32Array;
  mask: number;
  bestKey = Number.NEGATIVE_INFINITY;
  worstKey = Number.POSITIVE_INFINITY;
  count = 0;

  constructor(
    readonly sign: Sign,
    capacity = 256,
  ) {
    this.sizes = new Float64Array(capacity);
    this.bits = new Uint32Array(capacity >>> 5);
    this.mask = capacity - 1;
  }

  set(price: number, size: number): void {
    const key = price * this.sign;
    if (size === 0) {
      if (this.count === 0 || key > this.bestKey || key < this.worstKey) return;
      const slot = key & this.mask;
      if (this.sizes[slot] === 0) return;
      this.sizes[slot] = 0;
      this.bits[slot >>> 5]! &= ~(1 << (slot & 31));
      this.count--;
      if (key === this.bestKey) this.bestKey = this.count === 0 ? Number.NEGATIVE_INFINITY : this.#below(key);
      return;
    }
    if (this.count === 0) {
      this.bestKey = key;
      this.worstKey = key;
    } else if (key > this.bestKey) this.bestKey = key;
    // The worst price is a lower bound only: removals do not raise it.
    else if (key < this.worstKey) this.worstKey = key;
    while (this.bestKey - this.worstKey > this.mask) this.#makeRoom(key);
    const slot = key & this.mask;
    if (this.sizes[slot] === 0) {
      this.count++;
      this.bits[slot >>> 5]! |= 1 << (slot & 31);
    }
    this.sizes[slot] = size;
  }

  best(count: number, prices: Float64Array, sizes: Float64Array): number {
    const rows = Math.min(count, this.count);
    let key = this.bestKey;
    for (let i = 0; i < rows; i++) {
      prices[i] = key * this.sign;
      sizes[i] = this.sizes[key & this.mask]!;
      if (i + 1 < rows) key = this.#below(key);
    }
    return rows;
  }

  /** The next occupied key below `key`; there is one. */
  #below(key: number): number {
    let at = key - 1;
    for (;;) {
      const slot = at & this.mask;
      const bit = slot & 31;
      const word = this.bits[slot >>> 5]! & (0xffffffff >>> (31 - bit));
      if (word !== 0) return at - (bit - (31 - Math.clz32(word)));
      at -= bit + 1;
    }
  }

  /** Finds the true worst price, and doubles the ring if the span is still too wide. */
  #makeRoom(newKey: number): void {
    const keys: number[] = [];
    const kept: number[] = [];
    const span = this.mask + 1;
    // Until the new key is in, the ring's keys lie in one span on the far side of it.
    const top = newKey === this.bestKey ? this.worstKey + span - 1 : this.bestKey;
    for (let key = top; key > top - span; key--) {
      const size = this.sizes[key & this.mask]!;
      if (size === 0 || key === newKey) continue;
      keys.push(key);
      kept.push(size);
    }
    this.worstKey = Math.min(keys.at(-1) ?? newKey, newKey);
    const capacity = this.bestKey - this.worstKey > this.mask ? span * 2 : span;
    this.sizes = new Float64Array(capacity);
    this.bits = new Uint32Array(capacity >>> 5);
    this.mask = capacity - 1;
    this.count = keys.length;
    keys.forEach((key, i) => {
      const slot = key & this.mask;
      this.sizes[slot] = kept[i]!;
      this.bits[slot >>> 5]! |= 1 << (slot & 31);
    });
  }
}
