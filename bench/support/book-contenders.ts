/**
 * What `book-structures.ts` measures: many books behind one face, the kit's own through its public doors, the others bare.
 */
import { Book, type BookChange, type LevelText } from '../../src/book/book.js';
import { unitsToText } from '../../src/book/decimal.js';
import { Ladder } from '../../src/book/ladder.js';
import { LevelBuffer } from '../../src/book/level-buffer.js';
import {
  BareBestAtEnd,
  MapAndSort,
  PlainBestFirst,
  PriceRing,
  SortedBTree,
  type Sign,
  type Structure,
} from './book-structures.js';
import type { BookStream, Changes } from './book-stream.js';

const READ_EVERY = 100;
const READ_LEVELS = 25;
const PRICE_SCALE = 2;

/** Many books in one structure. `apply` runs a whole stream of changes and returns a digest of what was read on the way. */
export interface Contender {
  load(start: readonly Changes[]): void;
  apply(stream: PreparedStream): number;
}

export interface PreparedStream {
  readonly changes: Changes;
  readonly texts: readonly (readonly LevelText[])[];
}

const NO_LEVELS: readonly LevelText[] = [];

/** The kit's own book, through its public doors: text or units, with the sequence check and all validation. */
class BookContender implements Contender {
  readonly #books: Book[] = [];
  readonly #bids = new Ladder('bid');
  readonly #asks = new Ladder('ask');

  constructor(readonly entry: 'text' | 'units') {}

  load(start: readonly Changes[]): void {
    for (const changes of start) {
      const book = new Book('X', { priceScale: PRICE_SCALE });
      const rows = Array.from({ length: changes.length }, (_, i) => i);
      const side = (wanted: number) => rows.filter((i) => changes.side[i] === wanted).map((i) => textLevel(changes, i));
      expectApplied(book.applySnapshot({ epoch: 'e', sequence: 0, eventTime: 0, bids: side(0), asks: side(1) }));
      this.#books.push(book);
    }
  }

  apply({ changes, texts }: PreparedStream): number {
    const { book: bookOf, side, price, size, length } = changes;
    const buffers = [new LevelBuffer(), new LevelBuffer()] as const;
    const message = { epoch: 'e', previousSequence: 0, sequence: 0, eventTime: 0, bids: NO_LEVELS, asks: NO_LEVELS };
    let digest = 0;
    for (let i = 0; i < length; i++) {
      const book = this.#books[bookOf[i]!]!;
      message.previousSequence = book.sequence;
      message.sequence = book.sequence + 1;
      if (this.entry === 'text') {
        message.bids = side[i] === 0 ? texts[i]! : NO_LEVELS;
        message.asks = side[i] === 0 ? NO_LEVELS : texts[i]!;
        expectApplied(book.applyDelta(message));
      } else {
        buffers[0].clear();
        buffers[1].clear();
        buffers[side[i] === 0 ? 0 : 1].push(price[i]!, size[i]!);
        expectApplied(book.applyUnits(message, buffers[0], buffers[1]));
      }
      if (i % READ_EVERY === 0) digest += this.#read(book);
    }
    return digest;
  }

  #read(book: Book): number {
    this.#bids.fill(book.bids, READ_LEVELS, 0);
    this.#asks.fill(book.asks, READ_LEVELS, 0);
    let digest = 0;
    for (const { prices, totals, length } of [this.#bids, this.#asks]) {
      for (let row = 0; row < length; row++) digest += prices[row]! + totals[row]!;
    }
    return digest;
  }
}

/** A bare structure: no sequence, no validation, nothing but the levels. */
class BareContender implements Contender {
  readonly #sides: Structure[] = [];

  constructor(readonly create: (sign: Sign) => Structure) {}

  load(start: readonly Changes[]): void {
    start.forEach((changes, book) => {
      this.#sides.push(this.create(1), this.create(-1));
      for (let i = changes.length - 1; i >= 0; i--) {
        this.#sides[2 * book + changes.side[i]!]!.set(changes.price[i]!, changes.size[i]!);
      }
    });
  }

  apply({ changes }: PreparedStream): number {
    const { book, side, price, size, length } = changes;
    const prices = new Float64Array(READ_LEVELS);
    const sizes = new Float64Array(READ_LEVELS);
    let digest = 0;
    for (let i = 0; i < length; i++) {
      const first = 2 * book[i]!;
      this.#sides[first + side[i]!]!.set(price[i]!, size[i]!);
      if (i % READ_EVERY !== 0) continue;
      for (let which = 0; which < 2; which++) {
        const rows = this.#sides[first + which]!.best(READ_LEVELS, prices, sizes);
        let total = 0;
        for (let row = 0; row < rows; row++) {
          total += sizes[row]!;
          digest += prices[row]! + total;
        }
      }
    }
    return digest;
  }
}

export const CONTENDERS: readonly (readonly [name: string, create: () => Contender])[] = [
  ['Book, from units', () => new BookContender('units')],
  ['Book, from text', () => new BookContender('text')],
  ['bare Float64 pair, best at end', () => new BareContender((sign) => new BareBestAtEnd(sign))],
  ['plain arrays, best first', () => new BareContender((sign) => new PlainBestFirst(sign))],
  ['Map + sort', () => new BareContender((sign) => new MapAndSort(sign))],
  ['sorted-btree', () => new BareContender((sign) => new SortedBTree(sign))],
  ['price-indexed ring', () => new BareContender((sign) => new PriceRing(sign))],
];

function textLevel(changes: Changes, i: number): LevelText {
  return [unitsToText(changes.price[i]!, PRICE_SCALE), unitsToText(changes.size[i]!, 0)];
}

export function prepare({ changes }: BookStream): PreparedStream {
  return { changes, texts: Array.from({ length: changes.length }, (_, i) => [textLevel(changes, i)]) };
}

function expectApplied(change: BookChange): void {
  if (change !== 'applied') throw new Error(`the stream must apply cleanly, got ${change}`);
}
