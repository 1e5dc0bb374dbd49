import type { BookView } from '../../book/book.js';
import type { OwnLevel } from '../../orders/own-levels.js';
import { BookFormats } from './book-formats.js';
import type { PaintedBook } from './book-pointer.js';
import { ReferenceScale } from './reference-scale.js';
import { SidePicture, type Bar, type Column } from './side-picture.js';

/** Where the picture stands. */
export interface PicturePlace {
  /** Whether the sides stand beside each other. */
  readonly isWide: boolean;
  readonly isRightToLeft: boolean;
  readonly lang: string;
}

/** How the page wants the book drawn, with every attribute already read. */
export interface PictureOptions extends PicturePlace {
  readonly depth: number;
  readonly groupingUnits: number;
  readonly columns: readonly Column[];
  readonly bar: Bar;
  readonly withFlash: boolean;
  /** Where the page's own orders rest. */
  readonly own: readonly OwnLevel[];
}

/** Levels a side whose sizes the lean compares. Not the visible rows: it must not change when the element is resized. */
const LEAN_LEVELS = 10;

/** What stands on the screen: both sides, drawn from one book at one moment, with the numbers behind the drawing. */
export class BookPicture implements PaintedBook {
  readonly sides = { bid: new SidePicture('bid'), ask: new SidePicture('ask') };
  readonly formats = new BookFormats();
  symbol = '';
  priceScale = 0;
  sizeScale = 0;
  sequence = 0;
  dataAt = 0;
  groupingUnits = 0;
  /** Share of the bids in the size of the ten best levels, 0 to 1, or undefined while both sides are empty. */
  lean: number | undefined;
  readonly #reference = new ReferenceScale();
  #drawnFrom = '';

  /** Draws a book. `dataAt` is when its numbers arrived. */
  draw(book: BookView, dataAt: number, now: number, options: PictureOptions): void {
    const { bid, ask } = this.sides;
    const { depth, columns, bar, isWide, isRightToLeft, groupingUnits } = options;
    const from = [book.symbol, book.priceScale, book.sizeScale, groupingUnits, bar, depth].join('|');
    if (from !== this.#drawnFrom) this.#startScale();
    this.#drawnFrom = from;
    this.symbol = book.symbol;
    this.priceScale = book.priceScale;
    this.sizeScale = book.sizeScale;
    this.sequence = book.sequence;
    this.dataAt = dataAt;
    this.groupingUnits = groupingUnits;
    this.formats.fit(book, options.lang);
    bid.read(book.bids, depth, groupingUnits, now, options.withFlash);
    ask.read(book.asks, depth, groupingUnits, now, options.withFlash);
    bid.readOwn(options.own, book.priceScale, groupingUnits);
    ask.readOwn(options.own, book.priceScale, groupingUnits);
    const reference = this.#reference.follow(Math.max(bid.largest(bar), ask.largest(bar)), now);
    // Side by side the bars grow from the middle outwards; the price axis does not turn round with the script.
    const bidColumns = isWide ? columns.toReversed() : columns;
    bid.paint(
      { depth, columns: bidColumns, bar, bestLast: false, barsFromLeft: isRightToLeft },
      this.formats,
      reference,
      now,
    );
    ask.paint(
      { depth, columns, bar, bestLast: !isWide, barsFromLeft: isWide !== isRightToLeft },
      this.formats,
      reference,
      now,
    );
    this.lean = leanOf(book);
  }

  /** Forgets what was drawn, as before another symbol. */
  forget(): void {
    this.#startScale();
    this.formats.forget();
    this.#drawnFrom = '';
    this.dataAt = 0;
    this.lean = undefined;
  }

  /** Bars and tints compare like with like only: another grouping or metric starts them anew. */
  #startScale(): void {
    this.sides.bid.forget();
    this.sides.ask.forget();
    this.#reference.reset();
  }

  /** Characters of the longest number painted so far; it never falls, so that the font size does not breathe. */
  get widest(): number {
    return Math.max(this.sides.bid.widest, this.sides.ask.widest);
  }

  /** Whether a tint is on that has to be taken off by a later drawing. */
  get isFlashing(): boolean {
    return this.sides.bid.isFlashing || this.sides.ask.isFlashing;
  }
}

function leanOf(book: BookView): number | undefined {
  let bids = 0;
  let asks = 0;
  for (let i = 0; i < LEAN_LEVELS; i++) {
    if (i < book.bids.knownLength) bids += book.bids.sizeAt(i);
    if (i < book.asks.knownLength) asks += book.asks.sizeAt(i);
  }
  return bids + asks > 0 ? bids / (bids + asks) : undefined;
}
