/**
 * A book as a page reads it out of the array that its worker handed over. Nothing is copied while that array is the
 * newest; when it has to go back, the few books that stand in no newer one are copied out. One object for a symbol, which
 * changes in place, from one whole book to another.
 */
import type { BookView, SideView } from '../../book/book-view.js';
import { unitsToText } from '../../book/decimal.js';
import type { LevelText } from '../../book/level-buffer.js';
import type { Side } from '../../book/side.js';
import {
  ASKS,
  BIDS,
  DATA_AT,
  DEPTH_LIMIT,
  EVENT_TIME,
  HEADER,
  IS_ROUNDED,
  LENGTH,
  PRICE_SCALE,
  SEQUENCE,
  SIZE_SCALE,
} from './book-frame.js';

type Texts = Readonly<Record<Side, readonly LevelText[]>>;

const NO_BOOK = new Float64Array(HEADER);

class FrameSide implements SideView {
  readonly side: Side;
  length = 0;
  knownLength = 0;
  horizon = Number.NaN;
  #numbers = NO_BOOK;
  #at = 0;

  constructor(side: Side) {
    this.side = side;
  }

  /** `header`: where its three numbers stand; `at`: where its levels do. Returns where they end. */
  place(numbers: Float64Array<ArrayBuffer>, header: number, at: number): number {
    this.#numbers = numbers;
    this.#at = at;
    this.length = numbers[header]!;
    this.knownLength = numbers[header + 1]!;
    this.horizon = numbers[header + 2]!;
    return at + 2 * this.length;
  }

  priceAt(i: number): number {
    return i >= 0 && i < this.length ? this.#numbers[this.#at + i]! : Number.NaN;
  }

  sizeAt(i: number): number {
    return i >= 0 && i < this.length ? this.#numbers[this.#at + this.length + i]! : Number.NaN;
  }

  sizeOf(priceUnits: number): number {
    const sign = this.side === 'bid' ? -1 : 1;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sign * this.priceAt(middle) < sign * priceUnits) low = middle + 1;
      else high = middle;
    }
    return this.priceAt(low) === priceUnits ? this.sizeAt(low) : 0;
  }
}

export class FrameBook implements BookView {
  readonly symbol: string;
  readonly bids = new FrameSide('bid');
  readonly asks = new FrameSide('ask');
  epoch = '';
  #numbers = NO_BOOK;
  #at = 0;
  /** Halves, so that no number of a book in the page, which counts whole ones, can be taken for one of these. */
  #version = 0.5;
  #texts: Texts | undefined;
  #own = NO_BOOK;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  get priceScale(): number {
    return this.#header(PRICE_SCALE);
  }

  get sizeScale(): number {
    return this.#header(SIZE_SCALE);
  }

  get hasRoundedSizes(): boolean {
    return this.#header(IS_ROUNDED) === 1;
  }

  get version(): number {
    return this.#version;
  }

  get sequence(): number {
    return this.#header(SEQUENCE);
  }

  get eventTime(): number {
    return this.#header(EVENT_TIME);
  }

  get depthLimit(): number {
    return this.#header(DEPTH_LIMIT);
  }

  /** When the newest data of the symbol arrived, as this book was handed over. */
  get dataAt(): number {
    return this.#header(DATA_AT);
  }

  get isCrossed(): boolean {
    return this.bids.priceAt(0) > this.asks.priceAt(0);
  }

  get isLocked(): boolean {
    return this.bids.priceAt(0) === this.asks.priceAt(0);
  }

  get isEmpty(): boolean {
    return this.bids.length === 0 && this.asks.length === 0;
  }

  textAt(side: Side, i: number): LevelText | undefined {
    const view = side === 'bid' ? this.bids : this.asks;
    if (i < 0 || i >= view.length) return undefined;
    const text = this.#texts?.[side][i];
    return text ?? [unitsToText(view.priceAt(i), this.priceScale), unitsToText(view.sizeAt(i), this.sizeScale)];
  }

  /** Is what stands at `at` from now on. Returns where the next book stands. */
  place(numbers: Float64Array<ArrayBuffer>, at: number, texts?: Texts): number {
    this.#version += 1;
    this.#texts = texts;
    return this.#point(numbers, at);
  }

  /** The array goes back to the worker: copies out what still stands in it. */
  leave(numbers: Float64Array<ArrayBuffer>): void {
    if (this.#numbers !== numbers) return;
    const length = this.#header(LENGTH);
    if (this.#own.length < length) this.#own = new Float64Array(length);
    const at = this.#at;
    const own = this.#own;
    for (let i = 0; i < length; i++) own[i] = numbers[at + i]!;
    this.#point(own, 0);
  }

  #point(numbers: Float64Array<ArrayBuffer>, at: number): number {
    this.#numbers = numbers;
    this.#at = at;
    return this.asks.place(numbers, at + ASKS, this.bids.place(numbers, at + BIDS, at + HEADER));
  }

  #header(field: number): number {
    return this.#numbers[this.#at + field]!;
  }
}
