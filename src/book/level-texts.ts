/**
 * What the book of an exchange needs beside its units: the wire's own texts, where a checksum is made of them; and numbers
 * that no units hold together. Sizes that differ by too many digits are held rounded down, though never to nothing, with
 * their exact texts here. An ask so far away that nobody will ever pay it is held where a double holds it exactly.
 *
 * All of that lasts until the next snapshot.
 */
import type { BookSide } from './book-side.js';
import { decimalToUnits, parseDecimal, roundDown, scaleOf, toUnits, withScale } from './decimal.js';
import { LevelBuffer, MAX_PRICE_UNITS, type LevelText, type ReadLevels } from './level-buffer.js';
import type { Side } from './side.js';

/** Texts of prices that have left the book, kept before they are looked for. */
const MOST_LEFT = 256;

/** The book that a delta is for. */
interface OpenBook {
  readonly bids: BookSide;
  readonly asks: BookSide;
  readonly priceScale: number;
  readonly sizeScale: number;
  textAt(side: Side, i: number): LevelText | undefined;
  widen(priceScale: number, sizeScale: number, mostPrice: number): boolean;
}

export class LevelTexts implements ReadLevels {
  readonly bids = new LevelBuffer();
  readonly asks = new LevelBuffer();
  priceScale = 0;
  sizeScale = 0;
  /** Whether sizes are held rounded. */
  isRounded = false;
  /** Whether every level has its text here. */
  isKept = false;
  /** Whether a size of the last message was rounded. */
  #isReadRounded = false;
  /** By price in units. */
  readonly #texts = { bid: new Map<number, LevelText>(), ask: new Map<number, LevelText>() };

  /** The text of a level that is there; undefined where none are kept. */
  at(side: Side, priceUnits: number): LevelText | undefined {
    return this.#texts[side].get(priceUnits);
  }

  /** A size at another scale, by its text. */
  sizeOf(side: Side, priceUnits: number, sizeScale: number): number {
    return toUnitsDown(this.at(side, priceUnits)?.[1] ?? '0', sizeScale);
  }

  /**
   * Reads a snapshot that `tried` could not, which has raised its scales for it. Returns false when there is more wrong
   * with it than numbers that do not go together.
   */
  readSnapshot(bids: readonly LevelText[], asks: readonly LevelText[], tried: ReadLevels): boolean {
    return this.#read(bids, asks, tried.priceScale, tried.sizeScale, false);
  }

  /** Reads a delta that is more than numbers and book can hold together, and makes the book ready for it, or changes nothing. */
  readDelta(bids: readonly LevelText[], asks: readonly LevelText[], book: OpenBook): boolean {
    const hasNearAsk = book.asks.priceAt(0) <= MAX_PRICE_UNITS;
    if (!this.#read(bids, asks, book.priceScale, book.sizeScale, hasNearAsk)) return false;
    const priceFactor = 10 ** (this.priceScale - book.priceScale);
    if (!staysExact(book.asks, priceFactor) || !book.widen(this.priceScale, 0, Infinity)) return false;
    if (!this.isKept) this.#keepAll(book);
    this.isRounded ||= this.#isReadRounded;
    return true;
  }

  /** A snapshot is in the book. `isPlain`: its numbers go together. */
  begin(keepsTexts: boolean, isPlain: boolean): void {
    this.isRounded = !isPlain && this.#isReadRounded;
    this.isKept = keepsTexts || !isPlain;
    this.#texts.bid.clear();
    this.#texts.ask.clear();
  }

  /** Takes the texts of levels that have been set; `textOf` writes them out where they came as units. */
  note(side: BookSide, levels: LevelBuffer, textOf: (priceUnits: number, sizeUnits: number) => LevelText): void {
    const known = this.#texts[side.side];
    const { texts, prices, sizes, length } = levels;
    const areTexts = texts.length === length;
    for (let i = 0; i < length; i++) {
      const price = prices[i]!;
      const size = sizes[i]!;
      if (size === 0) known.delete(price);
      else known.set(price, areTexts ? texts[i]! : textOf(price, size));
    }
    // A depth cuts levels off without a word.
    if (known.size <= side.length + MOST_LEFT) return;
    for (const price of known.keys()) if (side.sizeOf(price) === 0) known.delete(price);
  }

  /** Prices are counted in smaller units from now on. */
  rescale(priceFactor: number): void {
    if (priceFactor === 1) return;
    for (const side of ['bid', 'ask'] as const) {
      const levels = [...this.#texts[side]];
      this.#texts[side].clear();
      for (const [price, text] of levels) this.#texts[side].set(price * priceFactor, text);
    }
  }

  #keepAll(book: OpenBook): void {
    for (const view of [book.bids, book.asks]) {
      const texts = this.#texts[view.side];
      for (let i = 0; i < view.length; i++) texts.set(view.priceAt(i), book.textAt(view.side, i)!);
    }
    this.isKept = true;
  }

  /** At the given scale of sizes or, where the largest of them does not fit it, at the finest that it fits. */
  #read(
    bids: readonly LevelText[],
    asks: readonly LevelText[],
    priceScale: number,
    sizeScale: number,
    hasNearAsk: boolean,
  ): boolean {
    this.priceScale = priceScale;
    this.sizeScale = sizeScale;
    let neededScale = 0;
    for (const [price, size] of [...bids, ...asks]) {
      neededScale = Math.max(neededScale, scaleOf(size));
      this.priceScale = Math.max(this.priceScale, scaleOf(price));
      while (this.sizeScale > 0 && Number.isNaN(toUnitsDown(size, this.sizeScale))) this.sizeScale--;
    }
    // A scale that was taken back rounds the sizes that are in the book already.
    this.#isReadRounded = neededScale > this.sizeScale || this.sizeScale < sizeScale;
    if (!this.#fill(this.bids, bids) || !this.#fill(this.asks, asks)) return false;
    if (!this.bids.isValid() || !this.asks.isValid(Infinity)) return false;
    return hasNearAsk || isNear(this.asks);
  }

  #fill(buffer: LevelBuffer, levels: readonly LevelText[]): boolean {
    buffer.clear();
    for (const level of levels) {
      const price = toFarUnits(level[0], this.priceScale);
      const size = toUnitsDown(level[1], this.sizeScale);
      if (Number.isNaN(price + size)) return false;
      buffer.push(price, size);
    }
    buffer.texts = levels;
    return true;
  }
}

/** Whether one of these asks is within reach; also when none is set at all. */
function isNear({ prices, sizes, length }: LevelBuffer): boolean {
  let lowest = Infinity;
  for (let i = 0; i < length; i++) if (sizes[i]! > 0) lowest = Math.min(lowest, prices[i]!);
  return lowest <= MAX_PRICE_UNITS || lowest === Infinity;
}

/** Whether all prices, times a factor, are exactly what doubles hold, and the best one within reach. */
function staysExact(side: BookSide, factor: number): boolean {
  if (factor <= 1) return true;
  if (side.priceAt(0) * factor > MAX_PRICE_UNITS) return false;
  for (let i = side.length - 1; i >= 0; i--) {
    const product = side.priceAt(i) * factor;
    // Best first: from here on all are nearer.
    if (product <= MAX_PRICE_UNITS) return true;
    if (BigInt(product) !== BigInt(side.priceAt(i)) * BigInt(factor)) return false;
  }
  return true;
}

/** As `toUnits`, with the decimals beyond `scale` cut off, and what would thereby become nothing rounded up to one unit. */
function toUnitsDown(text: string, scale: number): number {
  const value = parseDecimal(text);
  if (value === undefined || value.units < 0n) return Number.NaN;
  const units = decimalToUnits(roundDown(value, scale), scale);
  return units === 0 && value.units > 0n ? 1 : units;
}

/**
 * As `toUnits`, also for a number beyond the safe integers, as long as a double holds exactly that: a few digits before
 * many zeros.
 */
function toFarUnits(text: string, scale: number): number {
  const units = toUnits(text, scale);
  if (!Number.isNaN(units)) return units;
  const value = parseDecimal(text);
  const scaled = value && withScale(value, scale);
  const far = scaled === undefined ? Number.NaN : Number(scaled.units);
  return Number.isFinite(far) && BigInt(far) === scaled?.units ? far : Number.NaN;
}
