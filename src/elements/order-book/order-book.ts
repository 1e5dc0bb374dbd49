import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { OwnLevelsController } from '../../context/own-levels-controller.js';
import { StreamController } from '../../context/stream-controller.js';
import { addressWish } from '../../context/stream-wish.js';
import type { OwnLevel } from '../../orders/own-levels.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { isTradable, type Verdict } from '../../stream/verdict.js';
import { frame } from '../internal/frame.styles.js';
import { readLoading } from '../internal/loading.js';
import { Locale } from '../internal/locale.js';
import { OwnWidth } from '../internal/own-width.js';
import { tokens } from '../internal/tokens.styles.js';
import { stateWord } from '../internal/verdict-words.js';
import { ViewStates } from '../internal/view-states.js';
import { warnTextOnce } from '../internal/warn.js';
import { BookInteraction } from './book-interaction.js';
import { BookModel } from './book-model.js';
import { bookNotice, isHopeless, isWaiting, type NoticeFacts } from './book-notice.js';
import { readColumns, readDepth, readLayout } from './book-options.js';
import { groupingControl } from './grouping-control.js';
import type { LevelInput } from './hand-fed.js';
import { midRow } from './mid-row.js';
import { GroupingChangeEvent, LevelSelectEvent, type LevelPick } from './order-book.events.js';
import { styles } from './order-book.styles.js';
import { readOwnOrders, type OwnOrderInput } from './own-orders.js';
import { columnHeads, sideTemplate } from './side-template.js';
import { truthLine } from './truth-line.js';

export type {} from '../event-map.js';

/** From this own width on, `layout="auto"` puts the sides beside each other, in CSS pixels. */
const WIDE_FROM = 520;
/** Levels a side asked of the feed at least, so that a page may show more of them without asking anew. */
const LEAST_SUBSCRIBED = 50;
/** Doubts that last. A passing one is not said: speech that repeats itself is not heard any more. */
const SAID_STATES: ReadonlySet<string> = new Set(['delayed', 'stale', 'closed', 'disconnected']);

/**
 * A live order book: bids, asks, spread and last price of one symbol, with depth bars and a verdict that says whether
 * the numbers can be trusted. It reads the nearest `<market-stream>`, its own `src`, or levels that the page hands in.
 *
 * @summary Live bids and asks of one symbol.
 * @tag order-book
 *
 * @example
 * <order-book src="wss://feed.example/ws/market/" symbol="SCOM"></order-book>
 *
 * @slot - Shown until the element is defined: a link or a price for pages without script.
 *
 * @fires {LevelSelectEvent} level-select - A level was picked, with the numbers that were painted when the pointer went down.
 * @fires {GroupingChangeEvent} grouping-change - The user chose another grouping.
 *
 * @csspart header - Symbol, name and grouping.
 * @csspart symbol - The symbol.
 * @csspart status - The line that says whether the numbers can be trusted.
 * @csspart columns - The column heads.
 * @csspart asks - The ask side.
 * @csspart bids - The bid side.
 * @csspart bars - The depth bars of a side.
 * @csspart price - The price column of a side.
 * @csspart size - The size column of a side.
 * @csspart total - The column of sizes from the best price to the row.
 * @csspart notional - The column of price times size.
 * @csspart spread - The row between the sides.
 * @csspart last-price - The last traded price.
 * @csspart cursor - The row under the keyboard's cursor.
 * @csspart mark - The marks of the rows on which the page's own orders rest.
 * @csspart lean - The bar that compares the sizes of both sides.
 * @csspart notice - What is said instead of rows.
 *
 * @cssprop [--tl-surface] - Background.
 * @cssprop [--tl-raised] - Background of the spread row and of controls.
 * @cssprop [--tl-line] - Thin lines.
 * @cssprop [--tl-text] - Text.
 * @cssprop [--tl-muted] - Quiet text.
 * @cssprop [--tl-bid] - Colour of the bid side.
 * @cssprop [--tl-ask] - Colour of the ask side.
 * @cssprop [--tl-up] - Colour of a rising price; default: that of bids.
 * @cssprop [--tl-down] - Colour of a falling price; default: that of asks.
 * @cssprop [--tl-bar-bid] - Bars of the bid side.
 * @cssprop [--tl-bar-ask] - Bars of the ask side.
 * @cssprop [--tl-accent] - Focus and cursor.
 * @cssprop [--tl-own] - Marks of own orders; default: that of the focus.
 * @cssprop [--tl-warn] - Colour of doubt.
 * @cssprop [--tl-row-height=24px] - Height of a row; it follows the font size.
 * @cssprop [--tl-radius=12px] - Corner radius.
 * @cssprop [--tl-pad=14px] - Inner distance at the inline edges.
 * @cssprop [--tl-font-size=14px] - Font size, which all others and the heights follow.
 * @cssprop [--tl-book-font-size=13px] - Font size of the rows; smaller where a number would not fit.
 *
 * @cssstate live - The numbers are verified or come by hand.
 * @cssstate quiet - The link is good and the market has no news.
 * @cssstate delayed - The feed sends old data.
 * @cssstate stale - The numbers may be behind.
 * @cssstate resyncing - A message was lost; a new snapshot is on its way.
 * @cssstate crossed - The best bid is not below the best ask.
 * @cssstate closed - The market is closed or halted.
 * @cssstate disconnected - There is no connection.
 * @cssstate empty - There are no rows to show.
 * @cssstate error - Nothing on this page will make the book appear.
 */
export class OrderBookElement extends LitElement {
  static override styles = [tokens, frame, styles];

  /** The venue's spelling of the symbol, e.g. `SCOM`. */
  @property() symbol = '';
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  @property() src = '';
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  @property() venue = '';
  /** Levels a side, 1 to 1000. */
  @property({ type: Number }) depth = 10;
  /** Width of a price bucket as price text, a whole number of ticks; empty for none. */
  @property({ reflect: true }) grouping = '';
  /** Columns in this order: some of `price size total notional`. */
  @property() columns = 'price size total';
  /** How the sides stand; `auto` goes by the element's own width. */
  @property() layout: 'stacked' | 'side-by-side' | 'auto' = 'auto';
  /** What the length of a bar stands for. */
  @property() bar: 'size' | 'total' | 'notional' | 'none' = 'total';
  /** Row height: `comfortable` (24 px) or `compact` (20 px). */
  @property({ reflect: true }) density: 'comfortable' | 'compact' = 'comfortable';
  /** Leaves the row between the sides out. */
  @property({ type: Boolean, attribute: 'without-spread' }) withoutSpread = false;
  /** Leaves the tint of changed rows out. */
  @property({ type: Boolean, attribute: 'without-flash' }) withoutFlash = false;
  /** Freezes the picture. It is marked as frozen, and says how old it is. */
  @property({ type: Boolean, reflect: true }) paused = false;
  /**
   * When its data are asked for. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport;
   * seen again, it shows its last numbers marked as stale, then live ones. `lazy`: not before it is within a screen of the
   * viewport, then as `auto`. `eager`: at once and for good.
   */
  @property() loading: 'auto' | 'lazy' | 'eager' = 'auto';
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  @property({ reflect: true }) theme = '';
  /** Bids by hand, in any order: `{price, size}` or, as in the guide, `{price, quantity}`. */
  @property({ attribute: false }) bids: readonly LevelInput[] | undefined;
  /** Asks by hand. */
  @property({ attribute: false }) asks: readonly LevelInput[] | undefined;
  /** Last traded price by hand; default: the feed's. */
  @property({ attribute: false }) lastPrice: number | string | undefined;
  /**
   * The page's own orders in this book, by hand: `{side, price, size}` each. Default: those of the tickets and order lists
   * on the same feed.
   */
  @property({ attribute: false }) ownOrders: readonly OwnOrderInput[] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  @property({ attribute: false }) stream: MarketStream | undefined;

  readonly #states = new ViewStates(this.attachInternals());
  readonly #locale = new Locale(this);
  readonly #width = new OwnWidth(this, WIDE_FROM);
  readonly #model = new BookModel(this);
  readonly #interaction = new BookInteraction(this, this.#model.picture, () => readDepth(this, this.depth));
  readonly #own = new OwnLevelsController(this);
  readonly #feed = new StreamController(this, {
    source: () => ({ stream: this.stream, options: addressWish(this.src, this.venue) }),
    symbols: () => (this.symbol === '' || this.#model.isByHand ? [] : [this.symbol]),
    subscription: () => {
      const shown = readDepth(this, this.depth);
      const depth = Math.max(LEAST_SUBSCRIBED, shown);
      // A row of a grouped book is made of nobody knows how many levels.
      return { book: true, depth, leastDepth: this.grouping === '' ? shown : depth };
    },
    select: (stream) => this.#model.select(stream),
    // What the page feeds by hand asks for nothing.
    sight: { loading: () => (this.#model.isByHand ? 'eager' : readLoading(this, this.loading)) },
  });

  #isWide = false;
  #ownByHand: readonly OwnLevel[] | undefined;
  #facts: NoticeFacts = this.#model.facts(false);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('ownOrders')) this.#ownByHand = this.ownOrders && readOwnOrders(this.ownOrders);
    this.#feed.refresh();
    this.#isWide = readLayout(this, this.layout, this.#width.isWide);
    const { lang, isRightToLeft } = this.#locale;
    // Whatever is asked for by hand is the page's own affair as a whole.
    const feed = this.#model.isByHand ? undefined : this.#feed.stream;
    const own = this.#ownByHand ?? this.#own.follow(feed, this.symbol);
    const isNew = this.#model.follow(this.#feed, { isWide: this.#isWide, isRightToLeft, lang, own });
    if (isNew) this.#interaction.reset();
    this.#facts = this.#model.facts(this.#feed.isMissing);
    if (this.#facts.isFeedMissing) {
      warnTextOnce('<order-book>: no feed. Put it inside <market-stream>, give it a src, or hand it bids and asks.');
    }
  }

  protected override render(): TemplateResult {
    const { picture, verdict, book, last, name, tickTable, groupings, table } = this.#model;
    const { hasBook, isEmpty } = this.#facts;
    const { lang } = this.#locale;
    const { stream } = this.#feed;
    const { bid, ask } = picture.sides;
    const columns = readColumns(this, this.columns);
    const bidColumns = this.#isWide ? columns.toReversed() : columns;
    // A skeleton says: it is coming.
    const waits = isWaiting(this.#facts);
    const isOneSided = hasBook && !isEmpty;
    const isDoubtful = hasBook && !isTradable(verdict);
    const on = this.#interaction;
    return html`<div class="frame">
      <div class="ruler"></div>
      <div class="head" part="header">
        <span class="title"
          ><span class="symbol" part="symbol">${this.symbol}</span
          ><span class="name" .textContent=${name}></span
        ></span>
        ${groupingControl(groupings, this.grouping, lang, this.#chooseGrouping)}
      </div>
      ${truthLine(verdict, stream, hasBook, this.now(), lang)}
      <div
        class="book ${this.#isWide ? 'wide' : ''} ${isDoubtful ? 'doubt' : ''}"
        role="group"
        aria-label="Order book ${this.symbol}"
        aria-describedby="how"
        tabindex="0"
        @pointerdown=${on.press}
        @pointerup=${on.release}
        @pointercancel=${on.cancel}
        @pointermove=${on.hover}
        @pointerleave=${on.leave}
        @keydown=${on.steer}
        @focus=${this.#refreshTable}
      >
        <div class="ask-block" aria-hidden="true">
          ${columnHeads(columns)}${sideTemplate('ask', columns, ask, waits, isOneSided && ask.ladder.length === 0)}
        </div>
        ${this.withoutSpread ? nothing : midRow(last, book, tickTable, lang, stream?.phase(this.symbol) ?? 'continuous')}
        <div class="bid-block" aria-hidden="true">
          ${this.#isWide ? columnHeads(bidColumns) : nothing}${sideTemplate(
            'bid',
            bidColumns,
            bid,
            waits,
            isOneSided && bid.ladder.length === 0,
          )}
        </div>
        ${bookNotice(this.#facts)}
      </div>
      <div class="lean ${picture.lean === undefined ? 'unknown' : ''}" part="lean" role="img" aria-label=${leanText(picture.lean)}>
        <i></i><i></i>
      </div>
      <span class="visually-hidden" id="how">Arrow keys move along the levels, Enter picks a price.</span>
      <div class="visually-hidden" role="status">${on.spoken}</div>
      <div class="visually-hidden" role="status">
        ${hasBook && isSaid(verdict) ? `${this.symbol}: ${stateWord(verdict)}` : nothing}
      </div>
      <div class="visually-hidden">${table}</div>
    </div>`;
  }

  protected override updated(): void {
    const { picture, verdict } = this.#model;
    const { bid, ask } = picture.sides;
    // Through CSSOM, never a style attribute: a strict content security policy refuses those.
    const { style } = this.renderRoot.querySelector<HTMLElement>('.book')!;
    style.setProperty('--_depth', String(readDepth(this, this.depth)));
    style.setProperty('--_columns', String(readColumns(this, this.columns).length));
    style.setProperty('--_widest', String(picture.widest));
    this.#clip('.bids .bars', bid.bars);
    this.#clip('.bids .flash', bid.flash);
    this.#clip('.asks .bars', ask.bars);
    this.#clip('.asks .flash', ask.flash);
    this.#clip('.bids .own', bid.marks);
    this.#clip('.asks .own', ask.marks);
    this.#interaction.place(this.renderRoot);
    // Clipped, not sized: a box that grows would push its neighbour, and count as a layout shift.
    const share = (100 * (picture.lean ?? 0.5)).toFixed(1);
    this.#clip('.lean i', `inset(0 calc(${100 - Number(share)}% + 1px) 0 0)`);
    this.#clip('.lean i + i', `inset(0 0 0 calc(${share}% + 1px))`);
    const { hasBook, isEmpty } = this.#facts;
    const beside = isHopeless(this.#facts) ? (['error'] as const) : !hasBook || isEmpty ? (['empty'] as const) : [];
    this.#states.set([verdict.state, ...beside]);
  }

  /** Now, in the clock of the painted numbers. @internal */
  now(): number {
    return this.#model.now;
  }

  /** Tells the page what was picked. @internal */
  pick(pick: LevelPick): void {
    this.dispatchEvent(new LevelSelectEvent(pick, this.#model.isByHand ? undefined : this.#feed.stream));
  }

  readonly #refreshTable = (): void => {
    this.#model.writeTable();
    this.requestUpdate();
  };

  readonly #chooseGrouping = (event: Event): void => {
    this.grouping = (event.target as HTMLSelectElement).value;
    this.dispatchEvent(new GroupingChangeEvent(this.grouping));
  };

  #clip(selector: string, shape: string): void {
    const element = this.renderRoot.querySelector<HTMLElement>(selector);
    if (!element) return;
    element.style.visibility = shape === 'none' ? 'hidden' : '';
    element.style.clipPath = shape;
  }
}

/** Nobody has seen what is out of sight, and it is over as soon as somebody does. */
const isSaid = ({ state, reason }: Verdict): boolean => SAID_STATES.has(state) && reason !== 'out_of_sight';

function leanText(lean: number | undefined): string {
  return lean === undefined ? 'No sizes yet' : `${Math.round(lean * 100)} % of the size within 10 levels is bid`;
}
