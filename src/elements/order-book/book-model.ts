import { nothing, type TemplateResult } from 'lit';
import type { BookView } from '../../book/book.js';
import { fromUnits, type Decimal } from '../../book/decimal.js';
import type { Instrument } from '../../book/instrument.js';
import { TickTable } from '../../book/tick-table.js';
import type { OwnLevel } from '../../orders/own-levels.js';
import type { MarketStream } from '../../stream/market-stream.js';
import type { Verdict } from '../../stream/verdict.js';
import { isOutlived, keptVerdict } from '../internal/kept-verdict.js';
import { warnOnce, warnTextOnce } from '../internal/warn.js';
import type { NoticeFacts } from './book-notice.js';
import { readBar, readColumns, readDepth, readGrouping } from './book-options.js';
import { BookPicture, type PicturePlace } from './book-picture.js';
import { bookVerdict } from './book-verdict.js';
import { groupingChoices } from './grouping-choices.js';
import { HandFedBook, exactText, type LevelInput } from './hand-fed.js';
import { LastPriceTracker } from './last-price.js';
import { levelTable } from './level-table.js';

/** Shortest time between two writings of the table for assistive technology, in milliseconds. */
const TABLE_EVERY_MS = 1000;

/** Where the book comes from. */
export interface BookSource {
  /** Undefined without a feed, and while the element is asleep. */
  readonly stream: MarketStream | undefined;
  /** Tells one feed from another, also while the element is asleep. */
  readonly feed: unknown;
  /** Whether nobody sees the element, and nothing is asked for on its behalf. */
  readonly isAsleep: boolean;
}

/** Where the picture stands, and whose orders rest in it. */
export interface BookPlace extends PicturePlace {
  readonly own: readonly OwnLevel[];
}

/** The attributes that decide what is drawn, as the page wrote them. */
export interface BookAttributes extends Element {
  readonly symbol: string;
  readonly depth: number;
  readonly grouping: string;
  readonly columns: string;
  readonly bar: string;
  readonly withoutFlash: boolean;
  readonly paused: boolean;
  readonly bids: readonly LevelInput[] | undefined;
  readonly asks: readonly LevelInput[] | undefined;
  readonly lastPrice: number | string | undefined;
}

/**
 * What one element shows, and whether it may be believed: the book of its feed or of its page, drawn into a picture,
 * with the verdict on it. All of it is of one symbol and one source; with another of either it begins anew. An element
 * that was asleep keeps its last picture, marked, until the feed has the book again.
 */
export class BookModel {
  readonly picture = new BookPicture();
  readonly #element: BookAttributes;
  readonly #last = new LastPriceTracker();
  #stream: MarketStream | undefined;
  #feed: unknown;
  /** The last verdict before the element fell asleep, while the picture is of that time. */
  #kept: Verdict | undefined;
  #hand: HandFedBook | undefined;
  #symbol = '';
  #bids: readonly LevelInput[] | undefined;
  #asks: readonly LevelInput[] | undefined;
  #verdict: Verdict = bookVerdict(undefined, '', undefined, false, 0);
  #book: BookView | undefined;
  #instrument: Instrument | undefined;
  #tickTable: TickTable | undefined;
  #table: TemplateResult | typeof nothing = nothing;
  #tableAt: number | undefined;
  #tableVersion = -1;
  #own: readonly OwnLevel[] | undefined;

  constructor(element: BookAttributes) {
    this.#element = element;
  }

  /** Whether the page feeds this book; the feed has no say then. */
  get isByHand(): boolean {
    return this.#element.bids !== undefined || this.#element.asks !== undefined;
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  /** The book that is drawn, or undefined before the first. */
  get book(): BookView | undefined {
    return this.#book;
  }

  get last() {
    return this.#last.last;
  }

  /** The instrument's name, or empty while the feed has not told it. */
  get name(): string {
    return (this.#stream?.instrument(this.#symbol) ?? this.#instrument)?.name ?? '';
  }

  /** The ticks of the instrument, where the feed has told them. */
  get tickTable(): TickTable | undefined {
    return this.#tickTable;
  }

  /** The picture as a table for assistive technology, at most a second behind. */
  get table(): TemplateResult | typeof nothing {
    return this.#table;
  }

  /** Bucket widths that make sense for this book. */
  get groupings(): string[] {
    return this.#book ? groupingChoices(this.#book.priceScale, this.#tickTable, this.#reference) : [];
  }

  /** Now, in the clock of the numbers: the feed's, or the page's own while it feeds by hand. */
  get now(): number {
    return this.#stream && !this.isByHand ? this.#stream.now() : Date.now();
  }

  /** Draws what is true now. Says whether it began anew, so that nothing is kept that was meant for what stood here. */
  follow({ stream, feed, isAsleep }: BookSource, place: BookPlace): boolean {
    const { symbol, paused } = this.#element;
    // A feed may have been closed and opened again meanwhile: for the picture it is the same.
    const isSameFeed = isAsleep || this.#kept ? feed === this.#feed : stream === this.#stream;
    const isSame = symbol === this.#symbol && isSameFeed && this.isByHand === (this.#hand !== undefined);
    if (!isSame) this.#startOver();
    this.#symbol = symbol;
    this.#stream = stream;
    this.#feed = feed;
    if (this.isByHand) this.#takeLevels();
    if (isAsleep && this.#book !== undefined) this.#kept ??= this.#verdict;
    else if (isOutlived(stream, symbol)) this.#kept = undefined;
    this.#verdict = this.#judge(stream, paused);
    if (!paused || this.#book === undefined) this.#draw(place);
    return !isSame;
  }

  /** What the picture depends on; no two of its items differ as long as there is nothing new to draw. */
  select(stream: MarketStream): readonly unknown[] {
    const { symbol, paused } = this.#element;
    const now = stream.now();
    const verdict = this.#judge(stream, false);
    const book = stream.book(symbol);
    const age = now - verdict.dataAt;
    return [
      // A frozen picture follows nothing but its own age.
      ...(paused ? [] : [book, book?.version, stream.ticker(symbol), verdict.state, verdict.reason]),
      stream.instrument(symbol),
      stream.status,
      // An age that is not shown, or not in tenths, would be updates for nothing.
      !paused && verdict.state === 'live' ? 0 : Math.floor(age / (age < 10_000 ? 250 : 1000)),
      this.picture.isFlashing ? Math.floor(now / 250) : 0,
      // The second in which the table was or would be written: writing it is no reason for another update.
      book && Math.floor((book.version === this.#tableVersion ? (this.#tableAt ?? 0) : now) / TABLE_EVERY_MS),
    ];
  }

  facts(isFeedMissing: boolean): NoticeFacts {
    const stream = this.#stream;
    return {
      hasBook: this.#book !== undefined,
      isEmpty: this.#book?.isEmpty ?? true,
      isFeedMissing: isFeedMissing && !this.isByHand,
      symbol: this.isByHand ? 'by hand' : this.#symbol,
      verdict: this.#verdict,
      feedHasNoBook: stream?.status.dialect === 'guide' && stream.ticker(this.#symbol) !== undefined,
    };
  }

  /** Writes the table at once, as for a reader who arrives. */
  writeTable(): void {
    if (this.#book === undefined) return;
    const { bid, ask } = this.picture.sides;
    this.#tableAt = this.now;
    this.#tableVersion = this.#book.version;
    this.#table = levelTable(`Order book ${this.#symbol}`, ask, bid, this.picture.formats);
  }

  #judge(stream: MarketStream | undefined, isPaused: boolean): Verdict {
    const found = bookVerdict(stream, this.#element.symbol, this.#hand, isPaused, this.picture.dataAt);
    return this.#kept && found.reason !== 'paused' ? keptVerdict(found, this.#kept) : found;
  }

  #startOver(): void {
    this.picture.forget();
    this.#last.reset();
    this.#hand = undefined;
    this.#kept = undefined;
    this.#book = undefined;
    this.#instrument = undefined;
    this.#tickTable = undefined;
    this.#table = nothing;
    this.#tableVersion = -1;
    this.#tableAt = undefined;
  }

  #takeLevels(): void {
    const { bids, asks } = this.#element;
    if (this.#hand && bids === this.#bids && asks === this.#asks) return;
    this.#bids = bids;
    this.#asks = asks;
    this.#hand ??= new HandFedBook(this.#symbol);
    this.#hand.feed(bids ?? [], asks ?? [], Date.now(), (level) => {
      warnTextOnce(`<order-book>: a level must be {price, size} with numbers or decimal text, got ${String(level)}.`);
    });
  }

  #draw(place: BookPlace): void {
    const element = this.#element;
    const feed = this.#hand ? undefined : this.#stream;
    const kept = this.#kept && this.#book;
    const book = this.#hand?.book ?? feed?.book(this.#symbol) ?? kept;
    if (book === undefined && this.#book !== undefined) this.#startOver();
    this.#book = book;
    this.#instrument = feed?.instrument(this.#symbol) ?? (kept && this.#instrument);
    this.#tickTable = this.#instrument && TickTable.of(this.#instrument);
    this.#followLastPrice(feed);
    if (book === undefined) return;
    const { now } = this;
    // What stands in the table of them is no longer so.
    if (place.own !== this.#own) this.#tableVersion = -1;
    this.#own = place.own;
    this.picture.draw(book, this.#verdict.dataAt, now, {
      ...place,
      depth: readDepth(element, element.depth),
      groupingUnits: readGrouping(element, element.grouping, book.priceScale, this.#tickTable, this.#reference),
      columns: readColumns(element, element.columns),
      bar: readBar(element, element.bar),
      withFlash: !element.withoutFlash,
    });
    // The rows that are seen come first; the table follows a moment later. Levels by hand have no pulse to wait for.
    this.#tableAt ??= this.#hand ? -Infinity : now - TABLE_EVERY_MS / 2;
    if (now - this.#tableAt >= TABLE_EVERY_MS) this.writeTable();
  }

  #followLastPrice(feed: MarketStream | undefined): void {
    const { lastPrice } = this.#element;
    const byHand = lastPrice === undefined ? undefined : exactText(lastPrice);
    if (lastPrice !== undefined && byHand === undefined) {
      warnOnce(this.#element, 'lastPrice', lastPrice, 'a finite number or decimal text');
    }
    const ticker = feed?.ticker(this.#symbol);
    const text = byHand ?? ticker?.price;
    if (text !== undefined) this.#last.follow(text, ticker?.changePercent ?? '');
  }

  /** A price of the book that tells which band of ticks it trades in. */
  get #reference(): Decimal | undefined {
    const book = this.#book;
    if (book === undefined || book.isEmpty) return undefined;
    return fromUnits((book.bids.length > 0 ? book.bids : book.asks).priceAt(0), book.priceScale);
  }
}
