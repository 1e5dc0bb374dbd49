import type { SideView } from '../../book/book.js';
import { Ladder } from '../../book/ladder.js';
import type { Decimal } from '../../book/decimal.js';
import type { Side } from '../../book/side.js';
import type { OwnLevel } from '../../orders/own-levels.js';
import { sizesByRow } from './own-orders.js';

/** A column of the book. `total` is the size from the best price to the row, `notional` price times size of the row. */
export type Column = 'price' | 'size' | 'total' | 'notional';
/** What the length of a bar stands for. */
export type Bar = 'size' | 'total' | 'notional' | 'none';

/** How one side is laid out at the moment. */
export interface SideShape {
  readonly depth: number;
  readonly columns: readonly Column[];
  readonly bar: Bar;
  /** Whether the best row is the last one, as for asks above the spread. */
  readonly bestLast: boolean;
  /** Whether bars grow from the left edge. */
  readonly barsFromLeft: boolean;
}

export interface SideFormats {
  price(units: number): string;
  size(units: number): string;
  notional(priceUnits: number, sizeUnits: number): string;
  /** A size that is no units of the book. */
  exactSize(size: Decimal): string;
}

/** What is said of own orders on the row of a price, behind its size: `, yours 300`. Empty without any. */
export function ownText(picture: SidePicture, priceUnits: number, formats: SideFormats): string {
  const size = picture.ownSizeAt(priceUnits);
  return size ? `, yours ${formats.exactSize(size)}` : '';
}

/** How long a change is tinted: about one tick. */
const TINT_MS = 120;
/** A row is tinted again only so long after its last tint began: a change is a hint, never a flicker. */
const TINT_AGAIN_MS = 350;
/** Half the height of a mark, in rows. */
const MARK_HALF = 0.18;
const NO_SIZES: ReadonlyMap<number, Decimal> = new Map();

/**
 * One side as it is painted: one text for each column, one polygon for all bars, one for all tinted rows. The numbers
 * behind the paint stay here, so that a pick gives exactly what was seen.
 */
export class SidePicture {
  readonly ladder: Ladder;
  readonly texts: Record<Column, string> = { price: '', size: '', total: '', notional: '' };
  /** The price beyond which nothing is known, where the rows end there before they fill the depth; else empty. */
  knownUpTo = '';
  bars = 'none';
  flash = 'none';
  /** The marks of the rows on which own orders rest. */
  marks = 'none';
  /** Characters of the longest number painted since the picture was last forgotten. */
  widest = 0;
  /** When the tint of a price began. */
  readonly #tintedAt = new Map<number, number>();
  readonly #sizeBefore = new Map<number, number>();
  #ownSizes: ReadonlyMap<number, Decimal> = NO_SIZES;
  #horizon = Number.NaN;
  #shape: SideShape = { depth: 0, columns: [], bar: 'none', bestLast: false, barsFromLeft: false };

  constructor(side: Side) {
    this.ladder = new Ladder(side);
  }

  /** Reads the side anew. What changed since the last reading is tinted for a moment. */
  read(view: SideView, depth: number, groupingUnits: number, now: number, withFlash: boolean): void {
    const ladder = this.ladder;
    ladder.fill(view, depth, groupingUnits);
    this.#horizon = view.horizon;
    const before = this.#sizeBefore;
    if (withFlash && before.size > 0) this.#tintChanges(now);
    before.clear();
    for (let i = 0; i < ladder.length; i++) before.set(ladder.prices[i] ?? 0, ladder.sizes[i] ?? 0);
  }

  /** Takes in where own orders rest, for the rows that were read last. */
  readOwn(own: readonly OwnLevel[], priceScale: number, groupingUnits: number): void {
    this.#ownSizes = own.length === 0 ? NO_SIZES : sizesByRow(own, this.ladder, priceScale, groupingUnits);
  }

  /** What of the page's own orders rests on the row of this price; undefined without any. */
  ownSizeAt(priceUnits: number): Decimal | undefined {
    return this.#ownSizes.get(priceUnits);
  }

  /** Tints the rows that changed, unless most of them did: a book that moved as a whole is no news of single rows. */
  #tintChanges(now: number): void {
    const { ladder } = this;
    const changed: number[] = [];
    for (let i = 0; i < ladder.length; i++) {
      const price = ladder.prices[i] ?? 0;
      if (this.#sizeBefore.get(price) !== ladder.sizes[i]) changed.push(price);
    }
    if (changed.length * 2 > ladder.length) return;
    for (const price of changed) {
      if (now - (this.#tintedAt.get(price) ?? -Infinity) >= TINT_AGAIN_MS) this.#tintedAt.set(price, now);
    }
  }

  /** Wipes the paint and forgets what was seen: nothing of one symbol may stand under the name of another. */
  forget(): void {
    this.#sizeBefore.clear();
    this.#tintedAt.clear();
    this.ladder.clear();
    for (const column of ['price', 'size', 'total', 'notional'] as const) this.texts[column] = '';
    this.knownUpTo = '';
    this.bars = 'none';
    this.flash = 'none';
    this.marks = 'none';
    this.#ownSizes = NO_SIZES;
    this.widest = 0;
  }

  /** Whether a tint is on that has to be taken off later. */
  get isFlashing(): boolean {
    return this.flash !== 'none';
  }

  /** The largest value that a bar stands for. */
  largest(bar: Bar): number {
    const { ladder } = this;
    if (bar === 'size') return ladder.maxSize;
    if (bar === 'total') return ladder.maxTotal;
    let largest = 0;
    if (bar === 'notional') {
      for (let i = 0; i < ladder.length; i++) largest = Math.max(largest, this.#barValue(bar, i));
    }
    return largest;
  }

  /** Writes texts and polygons. `reference` is the value of a full bar. */
  paint(shape: SideShape, formats: SideFormats, reference: number, now: number): void {
    this.#shape = shape;
    const { ladder } = this;
    const { depth, columns, bestLast } = shape;
    const { prices, sizes, totals } = ladder;
    const padding = bestLast ? '\n'.repeat(depth - ladder.length) : '';
    for (const column of columns) {
      let text = '';
      for (let row = 0; row < ladder.length; row++) {
        const i = bestLast ? ladder.length - 1 - row : row;
        const price = prices[i] ?? NaN;
        const size = sizes[i] ?? NaN;
        let cell: string;
        if (column === 'price') cell = formats.price(price);
        else if (column === 'size') cell = formats.size(size);
        else if (column === 'total') cell = formats.size(totals[i] ?? NaN);
        else cell = formats.notional(price, size);
        this.widest = Math.max(this.widest, cell.length);
        text += row > 0 ? `\n${cell}` : cell;
      }
      this.texts[column] = padding + text;
    }
    this.knownUpTo = ladder.endsUnknown && ladder.length < depth ? formats.price(this.#horizon) : '';
    this.bars = this.#barPolygon(reference);
    this.flash = this.#flashPolygon(now);
    this.marks = this.#markPolygon();
  }

  /** The level on a painted row, or -1 where the row is empty. */
  levelAtRow(row: number): number {
    const level = this.#shape.bestLast ? this.#shape.depth - 1 - row : row;
    return level >= 0 && level < this.ladder.length ? level : -1;
  }

  /** The painted row of a level. */
  rowOfLevel(level: number): number {
    return this.#shape.bestLast ? this.#shape.depth - 1 - level : level;
  }

  /** The level that shows this price, or -1. */
  levelOfPrice(priceUnits: number): number {
    for (let i = 0; i < this.ladder.length; i++) if (this.ladder.prices[i] === priceUnits) return i;
    return -1;
  }

  #barValue(bar: Bar, level: number): number {
    const { prices, sizes, totals } = this.ladder;
    const size = sizes[level] ?? 0;
    if (bar === 'size') return size;
    if (bar === 'total') return totals[level] ?? 0;
    // A length in pixels: the one place where a rounded product does no harm.
    return size * (prices[level] ?? 0);
  }

  /** One staircase down the side: two points a row. The thin gaps between bars are the style sheet's. */
  #barPolygon(reference: number): string {
    const { bar, barsFromLeft, bestLast, depth } = this.#shape;
    const { length } = this.ladder;
    if (bar === 'none' || length === 0 || !(reference > 0)) return 'none';
    const edge = barsFromLeft ? '0%' : '100%';
    const firstRow = bestLast ? depth - length : 0;
    let points = `${edge} ${this.#edgeOfRow(firstRow)}`;
    for (let row = firstRow; row < firstRow + length; row++) {
      const share = Math.min(1, this.#barValue(bar, this.levelAtRow(row)) / reference) * 100;
      const end = `${(barsFromLeft ? share : 100 - share).toFixed(2)}%`;
      points += `,${end} ${this.#edgeOfRow(row)},${end} ${this.#edgeOfRow(row + 1)}`;
    }
    return `polygon(${points},${edge} ${this.#edgeOfRow(firstRow + length)})`;
  }

  #flashPolygon(now: number): string {
    const points: string[] = [];
    for (const [price, since] of this.#tintedAt) {
      if (now - since >= TINT_AGAIN_MS) this.#tintedAt.delete(price);
      const level = now - since < TINT_MS ? this.levelOfPrice(price) : -1;
      if (level < 0) continue;
      const row = this.rowOfLevel(level);
      const top = this.#edgeOfRow(row);
      const bottom = this.#edgeOfRow(row + 1);
      points.push(`0% ${top}`, `100% ${top}`, `100% ${bottom}`, `0% ${bottom}`);
    }
    return points.length === 0 ? 'none' : `polygon(${points.join(',')})`;
  }

  /** A diamond for each row with own orders; what joins them has no width. */
  #markPolygon(): string {
    const points: string[] = [];
    for (const price of this.#ownSizes.keys()) {
      const level = this.levelOfPrice(price);
      if (level < 0) continue;
      const middle = this.rowOfLevel(level) + 0.5;
      const at = this.#edgeOfRow(middle);
      const top = this.#edgeOfRow(middle - MARK_HALF);
      points.push(`0% ${at}`, `50% ${top}`, `100% ${at}`, `50% ${this.#edgeOfRow(middle + MARK_HALF)}`, `0% ${at}`);
    }
    return points.length === 0 ? 'none' : `polygon(${points.join(',')})`;
  }

  /** Upper edge of a row as a share of the side, so that the row height stays the style sheet's own affair. */
  #edgeOfRow(row: number): string {
    return `${((100 * row) / this.#shape.depth).toFixed(4)}%`;
  }
}
