import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { scaleOf } from '../../book/decimal.js';
import { TickTable } from '../../book/tick-table.js';
import { StreamController } from '../../context/stream-controller.js';
import { addressWish } from '../../context/stream-wish.js';
import type { PageBalances } from '../../orders/account.js';
import type { DeskChange } from '../../orders/desk-types.js';
import { isPaperGateway, type OrderGateway } from '../../orders/gateway.js';
import { separatorsOf } from '../../orders/number-input.js';
import type { Order } from '../../orders/order.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { frame } from '../internal/frame.styles.js';
import { Locale } from '../internal/locale.js';
import { sentences } from '../internal/sentence.styles.js';
import { tokens } from '../internal/tokens.styles.js';
import { ViewStates } from '../internal/view-states.js';
import { warnOnce } from '../internal/warn.js';
import { AmendController } from '../order-panel/amend-controller.js';
import { amendStyles } from '../order-panel/amend.styles.js';
import { confirmDialogStyles } from '../order-panel/confirm-dialog.styles.js';
import { calm } from '../order-panel/calm.js';
import { DeskController } from '../order-panel/desk-controller.js';
import { eventsOf, viewOf, type OrderView } from '../order-panel/order-panel.events.js';
import { numberFieldStyles } from '../order-panel/number-field.styles.js';
import { listedOrders } from '../order-panel/orders-list.js';
import { TicketFormat } from '../order-panel/ticket-format.js';
import { amendSelection } from '../order-panel/ticket-selection.js';
import { isToldByTicket } from '../order-panel/order-news.js';
import { saying } from '../order-panel/saying.js';
import { placedText, refusalText, standingText } from '../order-panel/words.js';
import { cancelAllDialog, stillCancellable, type CancelAllQuestion } from './cancel-all.js';
import { paperBadge, paperStyles } from '../order-panel/paper-badge.js';
import { PaperTrading, wantsPaper } from '../order-panel/paper-trading.js';
import { FocusKeeper } from '../internal/focus-keeper.js';
import { ListNews } from './list-news.js';
import { styles } from './open-orders.styles.js';
import { RowPresses } from '../order-panel/row-presses.js';
import { orderRow } from './order-row.js';

export type {} from '../event-map.js';

const DEFAULT_HISTORY = 5;
/** Ended orders that a desk keeps at most. */
const LARGEST_HISTORY = 50;

/**
 * The orders of one account, wherever the page wants them: those that may still trade and the last that have ended, each
 * with what has filled, how it stands in words, and what can be done with it. It shares them with every ticket of the
 * same feed or gateway and account, and places none itself.
 *
 * @summary The orders of an account, with change and cancel.
 * @tag open-orders
 *
 * @example
 * <open-orders account="A-1"></open-orders>
 *
 * @slot - Shown until the element is defined.
 *
 * @fires {OrderUpdateEvent} order-update - An order in this list changed, whoever placed it.
 * @fires {OrderRejectEvent} order-reject - An order in this list was rejected, or never left.
 *
 * @csspart header - The line above the list.
 * @csspart paper - The badge of a list whose orders are simulated, also where one is changed.
 * @csspart cancel-all - The button that asks for all to be cancelled.
 * @csspart notice - What is said when the list may be behind or is empty, or a cancel or change was refused.
 * @csspart orders - The list.
 * @csspart order - One order in it.
 * @csspart fill - The bar of what has filled.
 * @csspart dialog - The question before all are cancelled, and the place where one order is changed.
 * @csspart amend - The form that changes an order.
 * @csspart field - One of its numbers, with its label and the line below it.
 * @csspart input - The box of that number.
 *
 * @cssprop [--tl-surface] - Background.
 * @cssprop [--tl-raised] - Background of controls and of the empty part of a bar.
 * @cssprop [--tl-line] - Thin lines.
 * @cssprop [--tl-text] - Text.
 * @cssprop [--tl-muted] - Quiet text.
 * @cssprop [--tl-bid] - Colour of buying.
 * @cssprop [--tl-ask] - Colour of selling, and of cancelling all.
 * @cssprop [--tl-on-side] - Text on those two.
 * @cssprop [--tl-accent] - Focus, and what has filled.
 * @cssprop [--tl-warn] - Colour of doubt.
 * @cssprop [--tl-warn-text] - Text of doubt.
 * @cssprop [--tl-orders-height=260px] - Height of the list, which it keeps while orders come and go.
 * @cssprop [--tl-radius=12px] - Corner radius.
 * @cssprop [--tl-pad=14px] - Inner distance.
 * @cssprop [--tl-font-size=14px] - Base font size.
 *
 * @cssstate live - The list is whole.
 * @cssstate stale - The list may be behind.
 * @cssstate disconnected - There is neither a feed nor a gateway.
 * @cssstate empty - No order is listed.
 */
export class OpenOrdersElement extends LitElement {
  static override styles = [
    tokens,
    frame,
    numberFieldStyles,
    confirmDialogStyles,
    styles,
    amendStyles,
    paperStyles,
    sentences,
  ];

  /** Lists only orders of this symbol, and those of any other that have no answer or contradictory ones. Empty: all. */
  @property() symbol = '';
  /** The account whose orders are listed. */
  @property() account = '';
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  @property() src = '';
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  @property() venue = '';
  /** Lists the paper orders of the tickets of the same feed whose `paper` is the same. It wins over `gateway` and `balances`. */
  @property() paper: string | undefined;
  /** How many orders that have ended are listed, 0 to 50. */
  @property({ type: Number }) history = DEFAULT_HISTORY;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  @property({ reflect: true }) theme = '';
  /** Row height: `comfortable` or `compact`. */
  @property({ reflect: true }) density: 'comfortable' | 'compact' = 'comfortable';
  /** Who carries the orders; default: the feed's server, if there is an account. The same as that of the tickets. */
  @property({ attribute: false }) gateway: OrderGateway | undefined;
  /** What may be spent and sold, by hand; default: what the gateway says. A changed order is judged by it. */
  @property({ attribute: false }) balances: PageBalances | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  @property({ attribute: false }) stream: MarketStream | undefined;

  readonly #states = new ViewStates(this.attachInternals());
  readonly #locale = new Locale(this);
  readonly #feed = new StreamController(this, {
    source: () => ({ stream: this.stream, options: addressWish(this.src, this.venue) }),
    symbols: () => (this.#amending.symbol === undefined ? [] : [this.#amending.symbol]),
    // What prices do is none of a list's affairs, but for the order that is being changed; how they are written is.
    select: (stream) => [
      stream,
      ...this.#listed.map(({ request }) => stream.instrument(request.symbol)),
      ...(this.#amending.symbol === undefined ? [] : amendSelection(stream, this.#amending.symbol)),
    ],
  });
  readonly #desks = new DeskController(this, (change) => this.#follow(change));
  readonly #amending = new AmendController(this, {
    desk: () => this.#desks.desk,
    facts: () => ({
      stream: this.#feed.stream,
      isGatewayUsed: true,
      instrument: undefined,
      balances: wantsPaper(this.paper) ? undefined : this.balances,
      maxAgeMs: undefined,
      separators: separatorsOf(this.#locale.lang),
    }),
    format: (order) => this.#formatOf(order),
    now: () => this.#now(),
    gone: () => this.#presses.gone(),
    what: (order) => this.#textOf(order),
  });
  readonly #paperTrading = new PaperTrading(this);
  readonly #focus = new FocusKeeper(this);
  readonly #news = new ListNews();
  #listed: readonly Order[] = [];
  #question: CancelAllQuestion | undefined;
  readonly #presses = new RowPresses(() => this.#now());
  #formats = new Map<string, TicketFormat>();

  protected override willUpdate(): void {
    this.#feed.refresh();
    const { account, gateway, paper, symbol } = this;
    const wish = { account, stream: this.#feed.stream, gateway };
    this.#desks.refresh(wantsPaper(paper) ? this.#paperTrading.wish(wish, paper, symbol) : wish);
    this.#formats = new Map();
    const { desk } = this.#desks;
    this.#news.follow(desk);
    this.#listed = listedOrders(desk?.orders ?? [], this.symbol, this.#readHistory());
    this.#news.write(({ order, refusal }) =>
      refusal
        ? refusalText(refusal, this.#textOf(order))
        : `${this.#textOf(order)}: ${standingText(order, this.#formatOf(order))}`,
    );
    if (desk === undefined) this.#question = undefined;
    this.#amending.settle();
    this.#focus.remember();
  }

  protected override render(): TemplateResult {
    const { desk } = this.#desks;
    const asked = this.#question && stillCancellable(this.#question, desk);
    const open = this.#cancellable();
    return html`<div class="frame">
      <div class="head" part="header">
        <h2 id="title">Orders${this.symbol === '' ? '' : ` ${this.symbol}`}</h2>
        <button type="button" class="cancel-all" part="cancel-all" ?disabled=${open.length === 0} @click=${this.#ask}>Cancel all</button>
      </div>
      ${paperBadge(wantsPaper(this.paper) || isPaperGateway(this.gateway))}
      <p class="notice ${this.#news.refused ? 'refused' : ''}" part="notice">${calm(this.#notice())}</p>
      <section class="orders" part="orders" aria-labelledby="title" tabindex="0">
        ${keyed(
          this.#listed.map(({ request }) => request.clientOrderId).join(),
          desk === undefined || this.#listed.length === 0
            ? nothing
            : html`<ul role="list">${this.#listed.map((order) =>
                orderRow({
                  order,
                  desk,
                  symbol: this.symbol,
                  format: this.#formatOf(order),
                  lang: this.#locale.lang,
                  amend: this.#amending.open,
                  guard: this.#onRow,
                }),
              )}</ul>`,
        )}
      </section>
      <div class="visually-hidden" role="status">${saying(this.#news.spoken)}</div>
      ${cancelAllDialog(asked, (order) => this.#textOf(order), {
        send: this.#cancelAll,
        close: this.#close,
        closed: () => !this.#dialog.open && this.#close(),
      })}
      ${this.#amending.render()}
    </div>`;
  }

  protected override updated(): void {
    const { desk } = this.#desks;
    const state = desk === undefined ? 'disconnected' : desk.isReady ? 'live' : 'stale';
    this.#states.set(this.#listed.length === 0 ? [state, 'empty'] : [state]);
    if (this.#question && !this.#dialog.open) this.#dialog.showModal();
    if (!this.#question && this.#dialog.open) {
      this.#dialog.close();
      // The button that opened it may take no focus any more.
      if (this.shadowRoot?.activeElement === null) this.renderRoot.querySelector<HTMLElement>('.orders')?.focus();
    }
    this.#focus.restore();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  /** The orders that are listed, newest first. */
  get orders(): readonly OrderView[] {
    return this.#listed.map(viewOf);
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  #notice(): string {
    const { desk } = this.#desks;
    if (desk === undefined) return 'No feed: orders cannot be seen';
    if (!desk.isReady) return 'May be behind: waiting for the account';
    const { refused } = this.#news;
    if (refused?.refusal) return refusalText(refused.refusal, this.#textOf(refused.order));
    return this.#listed.length === 0 ? 'No orders yet' : '';
  }

  #cancellable(): readonly Order[] {
    return this.#listed.filter((order) => this.#desks.desk?.mayCancel(order));
  }

  #textOf(order: Order): string {
    return placedText(order, this.symbol, this.#formatOf(order));
  }

  #formatOf({ request, limitPrice, stopPrice }: Order): TicketFormat {
    const { symbol } = request;
    const instrument = this.#feed.stream?.instrument(symbol);
    const ticks = instrument && TickTable.of(instrument);
    // Without a tick table a price is written as the order has it.
    const written = Math.max(...[limitPrice, stopPrice].map((text) => decimalsOf(text)));
    const key = `${symbol}|${ticks ? '' : written}`;
    let format = this.#formats.get(key);
    if (format === undefined) {
      format = new TicketFormat(this.#locale.lang, instrument, ticks ?? { scale: written });
      this.#formats.set(key, format);
    }
    return format;
  }

  #readHistory(): number {
    const { history } = this;
    if (Number.isInteger(history) && history >= 0 && history <= LARGEST_HISTORY) return history;
    warnOnce(this, 'history', history, `a whole number from 0 to ${LARGEST_HISTORY}`);
    return DEFAULT_HISTORY;
  }

  #follow(change: DeskChange): void {
    this.requestUpdate();
    const { order, previous } = change;
    if (order === undefined || (this.symbol !== '' && order.request.symbol !== this.symbol)) return;
    this.#news.take(
      change,
      this.#desks.desk !== undefined && isToldByTicket(this.#desks.desk, order.request.clientOrderId),
    );
    for (const event of eventsOf(order, previous)) this.dispatchEvent(event);
  }

  #now(): number {
    return this.#feed.stream?.now() ?? Date.now();
  }

  readonly #onRow = (clientOrderId: string, act: () => void): void => {
    if (this.#presses.isMeant(clientOrderId)) act();
  };

  readonly #ask = (): void => {
    this.#question = { ids: this.#cancellable().map(({ request }) => request.clientOrderId) };
    this.requestUpdate();
  };

  readonly #close = (): void => {
    if (this.#question) this.#presses.gone();
    this.#question = undefined;
    this.requestUpdate();
  };

  readonly #cancelAll = (): void => {
    const { desk } = this.#desks;
    if (this.#question) {
      for (const { request } of stillCancellable(this.#question, desk)) desk?.cancel(request.clientOrderId);
    }
    this.#close();
  };
}

/** The decimals that a price is written with. */
function decimalsOf(text: string | null): number {
  if (text === null || scaleOf(text) < 0) return 0;
  const point = text.indexOf('.');
  return point < 0 ? scaleOf(text) : Math.max(scaleOf(text), text.length - point - 1);
}
