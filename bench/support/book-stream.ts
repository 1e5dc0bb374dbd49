/**
 * A seeded stream of level changes shaped like a venue's: nine touches in ten at a geometric distance (mean 8 levels) from
 * the best price, the rest anywhere; 23 % removals, 5 % a new best, 18 % insertions, otherwise a new size; now and then a
 * sweep through the best 5 to 20 levels. The number of levels keeps near its target and the book never crosses.
 *
 * The same seed gives the same stream, so that before and after see the same data.
 */

/** Which book, which side (0 bids, 1 asks), at what price, what size: column by column, one entry a change. */
export interface BookStream {
  readonly books: number;
  readonly start: readonly Changes[];
  readonly changes: Changes;
}

export interface Changes {
  readonly book: Uint16Array;
  readonly side: Uint8Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  readonly length: number;
}

interface Row {
  readonly book: number;
  readonly side: 0 | 1;
  readonly price: number;
  readonly size: number;
}

const MID = 1_000_000;
const SWEEPS_PER_CHANGE = 1 / 2000;

/** Mulberry32: small, fast, and good enough to shape a bench. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One side of the generator's own book: sorted, best last, prices mirrored for asks so that larger is better. */
class Model {
  readonly keys: number[] = [];

  insert(key: number): void {
    let at = this.keys.length;
    while (at > 0 && this.keys[at - 1]! > key) at--;
    if (this.keys[at - 1] !== key) this.keys.splice(at, 0, key);
  }

  has(key: number): boolean {
    return this.keys.lastIndexOf(key) >= 0;
  }
}

class Generator {
  readonly rows: Row[] = [];
  readonly #sides: readonly [Model, Model] = [new Model(), new Model()];

  constructor(
    readonly book: number,
    readonly levels: number,
    readonly random: () => number,
  ) {}

  /** The snapshot, best first a side. */
  open(): void {
    for (const side of [0, 1] as const) {
      const first = this.rows.length;
      let key = side === 0 ? MID : -(MID + 2);
      for (let i = 0; i < this.levels; i++) {
        this.#sides[side].keys.unshift(key);
        this.#emit(side, key, this.#size());
        key -= this.#gap();
      }
      if (this.rows.length - first !== this.levels) throw new Error('a snapshot has as many rows as levels');
    }
  }

  step(): void {
    const side = this.random() < 0.5 ? 0 : 1;
    const { keys } = this.#sides[side];
    if (this.random() < SWEEPS_PER_CHANGE && keys.length > 25) {
      for (let count = 5 + Math.floor(this.random() * 16); count > 0; count--) this.#emit(side, keys.pop()!, 0);
      return;
    }
    if (keys.length < this.levels * 0.9) return this.#insert(side, keys[0]! - this.#gap());
    if (keys.length > this.levels * 1.1) return this.#emit(side, keys.shift()!, 0);
    const at = keys.length - 1 - this.#distance(keys.length);
    const action = this.random();
    if (action < 0.23 && keys.length > 1) this.#emit(side, keys.splice(at, 1)[0]!, 0);
    else if (action < 0.28) this.#improve(side, keys.at(-1)! + 1);
    else if (action < 0.46) this.#insertBelow(side, keys[at]!);
    else this.#emit(side, keys[at]!, this.#size());
  }

  /** A new best, or a new size of the old one where there is no room before the other side. */
  #improve(side: 0 | 1, key: number): void {
    const other = this.#sides[side === 0 ? 1 : 0].keys.at(-1)!;
    if (-other > key) this.#insert(side, key);
    else this.#emit(side, key - 1, this.#size());
  }

  #insertBelow(side: 0 | 1, near: number): void {
    let key = near - 1;
    while (this.#sides[side].has(key)) key--;
    this.#insert(side, key);
  }

  #insert(side: 0 | 1, key: number): void {
    this.#sides[side].insert(key);
    this.#emit(side, key, this.#size());
  }

  #emit(side: 0 | 1, key: number, size: number): void {
    this.rows.push({ book: this.book, side, price: Math.abs(key), size });
  }

  #distance(length: number): number {
    if (this.random() < 0.1) return Math.floor(this.random() * length);
    return Math.min(length - 1, Math.floor(Math.log(1 - this.random()) / Math.log(1 - 1 / 8)));
  }

  #gap(): number {
    return 1 + Math.floor(this.random() * 3);
  }

  #size(): number {
    return 100 * (1 + Math.floor(this.random() * 1000));
  }
}

/** Changes to `books` books of `levels` levels a side each; with several books some get many more than others. */
export function bookStream(seed: number, books: number, levels: number, count: number): BookStream {
  const random = seededRandom(seed);
  const generators = Array.from({ length: books }, (_, book) => new Generator(book, levels, random));
  for (const generator of generators) generator.open();
  const start = generators.map(({ rows }) => toChanges(rows.splice(0)));
  const rows: Row[] = [];
  while (rows.length < count) {
    const generator = generators[Math.floor(random() ** 2 * books)]!;
    generator.step();
    rows.push(...generator.rows.splice(0));
  }
  return { books, start, changes: toChanges(rows.slice(0, count)) };
}

function toChanges(rows: readonly Row[]): Changes {
  return {
    book: Uint16Array.from(rows, (row) => row.book),
    side: Uint8Array.from(rows, (row) => row.side),
    price: Float64Array.from(rows, (row) => row.price),
    size: Float64Array.from(rows, (row) => row.size),
    length: rows.length,
  };
}
