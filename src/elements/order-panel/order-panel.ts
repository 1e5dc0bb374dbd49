import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { LocalizeController } from '@shoelace-style/localize';
import type { Decimal } from '../../book/decimal.js';
import type { Instrument } from '../../book/instrument.js';
import { StreamController } from '../../context/stream-controller.js';
import { addressWish } from '../../context/stream-wish.js';
import { readPageBalances, type PageBalances } from '../../orders/account.js';
import { EXIT_FIELDS } from '../../orders/exits.js';
import { isPaperGateway, type OrderGateway } from '../../orders/gateway.js';
import { formatForInput, separatorsOf, type NumberSeparators } from '../../orders/number-input.js';
import type { Carrier, DeskChange } from '../../orders/desk-types.js';
import type { OrderRequest, OrderSide, OrderType } from '../../orders/order.js';
import { answerEvent, pageAnswer, type OrderAnswer } from '../../orders/promise-gateway.js';
import { takesOrders } from '../../orders/stream-gateway.js';
import { EMPTY_DRAFT, type NumberField, type TicketDraft } from '../../orders/ticket.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { isTradable } from '../../stream/verdict.js';
import { FormControl } from '../internal/form-control.js';
import { FocusKeeper } from '../internal/focus-keeper.js';
import { sentences } from '../internal/sentence.styles.js';
import { tokens } from '../internal/tokens.styles.js';
import { ViewStates } from '../internal/view-states.js';
import { warnOnce, warnTextOnce } from '../internal/warn.js';
import { AmendController } from './amend-controller.js';
import { amendStyles } from './amend.styles.js';
import { armLine } from './arm-line.js';
import { Arming } from './arming.js';
import { confirmDialog } from './confirm-dialog.js';
import { ConsentController } from './consent-controller.js';
import { consentLine } from './consent-line.js';
import { DeskController } from './desk-controller.js';
import { LastLook } from './last-look.js';
import { LevelListener, isOtherFeed } from './level-listener.js';
import { OrderNews, type NewsWords } from './order-news.js';
import { OrderSubmitEvent, viewOf } from './order-panel.events.js';
import { confirmDialogStyles } from './confirm-dialog.styles.js';
import { paperStyles } from './paper-badge.js';
import { PacedText } from './paced-text.js';
import { PaperTrading, wantsPaper } from './paper-trading.js';
import { numberFieldStyles } from './number-field.styles.js';
import { styles } from './order-panel.styles.js';
import { listedOrders, ordersList } from './orders-list.js';
import {
  readArmedFor,
  readConfirm,
  readStoredDraft,
  readMaxAge,
  readOrderTypes,
  warnOfTypes,
  type ConfirmPolicy,
} from './ticket-attributes.js';
import { shareOfMost, steppedField, steppedShare, type TicketCheck, type TicketFacts } from './ticket-check.js';
import { TicketFormat } from './ticket-format.js';
import { TicketEntry } from './ticket-entry.js';
import { RowPresses } from './row-presses.js';
import { saying } from './saying.js';
import { ticketForm } from './ticket-form.js';
import { barText } from './ticket-options.js';
import { ticketSelection, type TicketWork } from './ticket-selection.js';
import { ticketSight } from './ticket-sight.js';
import { TicketSubmission } from './ticket-submission.js';
import { validityOf } from './ticket-validity.js';
import { issueText, placedText, refusalText, standingText } from './words.js';

export type {} from '../event-map.js';

const NOBODY = 'Nobody on this page takes orders. Nothing was sent.';

/**
 * An order ticket: side, type, price and quantity of one symbol, checked against the live book, the venue's rules and the
 * account, and confirmed before anything leaves. It never sends by itself: it asks the page with `order-submit`, and only
 * if nobody there answers, its gateway.
 *
 * @summary Buy and sell one symbol, with every check before the press.
 * @tag order-panel
 *
 * @example
 * <order-panel symbol="SCOM" account="A-1"></order-panel>
 *
 * @slot - Shown until the element is defined.
 *
 * @fires {OrderSubmitEvent} order-submit - An order is wanted and confirmed. Answer with `respondWith(promise)`, or forbid it with `preventDefault()`.
 * @fires {OrderUpdateEvent} order-update - An order of this ticket changed.
 * @fires {OrderRejectEvent} order-reject - An order of this ticket was rejected, or never left.
 *
 * @csspart form - The ticket.
 * @csspart paper - The badge of a ticket whose orders are simulated, also in the confirmation.
 * @csspart market - The state of the prices, the best two and the spread.
 * @csspart side - Buy or sell.
 * @csspart type - The order types.
 * @csspart field - A number with its label, steps and line of explanation.
 * @csspart input - The frame around a number and its steps.
 * @csspart share - How much of what is available, as a slider.
 * @csspart options - Time in force, post-only, shown quantity.
 * @csspart bracket - Take profit and stop loss behind one line, and what they would come to in the confirmation.
 * @csspart sums - What the order would do and cost.
 * @csspart submit - The button, whose text says what will happen.
 * @csspart note - The line under the button.
 * @csspart agree - What has to be accepted by a tick, in the confirmation.
 * @csspart decline - "Do not ask again", in the confirmation.
 * @csspart arm - Whether one press sends, and the button for it.
 * @csspart consent - What goes without asking, and the way back.
 * @csspart orders - The list of orders.
 * @csspart order - One order in it.
 * @csspart dialog - The confirmation, and the place where one order is changed.
 * @csspart amend - The form that changes an order.
 *
 * @cssprop [--tl-surface] - Background.
 * @cssprop [--tl-raised] - Background of controls.
 * @cssprop [--tl-line] - Thin lines.
 * @cssprop [--tl-text] - Text.
 * @cssprop [--tl-muted] - Quiet text.
 * @cssprop [--tl-bid] - Colour of buying.
 * @cssprop [--tl-ask] - Colour of selling, and of errors.
 * @cssprop [--tl-on-side] - Text on those two.
 * @cssprop [--tl-accent] - Focus.
 * @cssprop [--tl-warn] - Colour of doubt.
 * @cssprop [--tl-warn-text] - Text of doubt.
 * @cssprop [--tl-radius=12px] - Corner radius.
 * @cssprop [--tl-pad=14px] - Inner distance.
 * @cssprop [--tl-font-size=14px] - Base font size.
 *
 * @cssstate live - Prices are verified.
 * @cssstate quiet - The link is good and the market has no news.
 * @cssstate delayed - The feed sends old data.
 * @cssstate stale - Prices may be behind.
 * @cssstate resyncing - A message was lost.
 * @cssstate crossed - The best bid is not below the best ask.
 * @cssstate closed - The market is closed or halted.
 * @cssstate disconnected - There is no connection.
 * @cssstate armed - One press sends.
 */
export class OrderPanelElement extends FormControl {
  static override styles = [
    tokens,
    numberFieldStyles,
    styles,
    confirmDialogStyles,
    amendStyles,
    paperStyles,
    sentences,
  ];
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  /** The venue's spelling of the symbol, e.g. `SCOM`. */
  @property() symbol = '';
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  @property() src = '';
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  @property() venue = '';
  /** The account to order for. Without it, orders go to the page only. */
  @property() account = '';
  /** Types offered, in this order: some of `limit market stop stop_limit`. */
  @property({ attribute: 'order-types' }) orderTypes = 'limit market stop';
  /**
   * Orders are simulated against the live book, go nowhere, and the page is not asked for them. The value is what the paper account
   * begins with in the symbol's currency, e.g. `50000`; empty: 100000. It wins over `gateway` and `balances`.
   */
  @property() paper: string | undefined;
  /**
   * When to ask before sending: `always`; `unless-declined`, where a person may tick "Do not ask again" for an account and
   * order type, and take that back in the ticket; `unless-trivial`, which lets limit orders go of which nothing has to be
   * said; `armed`, where a person arms the ticket for a while in which one press sends; or `never`. What is doubtful is always
   * asked.
   */
  @property() confirm: ConfirmPolicy = 'always';
  /** How long a ticket with `confirm="armed"` may lie unused until it is disarmed, in milliseconds. Default: a minute. */
  @property({ type: Number, attribute: 'armed-for' }) armedFor: number | undefined;
  /** Oldest prices to order on, in milliseconds. Default: the verdict of the feed decides. */
  @property({ type: Number, attribute: 'max-age' }) maxAge: number | undefined;
  /** Keeps the ticket from being used. Orders can still be cancelled. */
  @property({ type: Boolean, reflect: true }) disabled = false;
  /** The name under which a form sends the draft. With a name or without, an empty ticket keeps its form from being submitted. */
  @property({ reflect: true }) name = '';
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  @property({ reflect: true }) theme = '';
  /** Row height: `comfortable` or `compact`. */
  @property({ reflect: true }) density: 'comfortable' | 'compact' = 'comfortable';
  /** When its data are asked for: `auto`, `lazy` or `eager`, as with the book. With an entry or an open order it is awake. */
  @property() loading: 'auto' | 'lazy' | 'eager' = 'auto';
  /** What is traded, by hand; default: what the feed says. */
  @property({ attribute: false }) instrument: Instrument | undefined;
  /** What may be spent and sold, by hand; default: what the gateway says. */
  @property({ attribute: false }) balances: PageBalances | undefined;
  /** Who takes the orders that the page does not take; default: the feed's server, if it offers that and there is an account. */
  @property({ attribute: false }) gateway: OrderGateway | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  @property({ attribute: false }) stream: MarketStream | undefined;

  /** Buying or selling. */
  @property()
  get side(): OrderSide {
    return this.#entry.draft.side;
  }
  set side(side: OrderSide) {
    if (side === 'buy' || side === 'sell') this.#entry.edit({ side });
    else warnOnce(this, 'side', side, '"buy" or "sell"');
  }

  readonly #localize = new LocalizeController(this);
  readonly #feed = new StreamController(this, {
    source: () => ({ stream: this.stream, options: addressWish(this.src, this.venue) }),
    symbols: () => [...new Set([this.symbol, this.#amending.symbol ?? ''])].filter((symbol) => symbol !== ''),
    select: (stream) => ticketSelection(stream, this.#work),
    sight: ticketSight(this, () => this.#work),
  });
  readonly #desks = new DeskController(this, (change) => this.#follow(change));
  readonly #consents = new ConsentController(this, () => ({
    account: this.account,
    src: this.#feed.stream?.src ?? '',
    gatewayName: this.gateway && (this.gateway.name ?? ''),
    isPaper: this.#isPaper,
    isOffered: readConfirm(this, this.confirm) === 'unless-declined',
  }));
  readonly #arming = new Arming(this, () => ({
    isOffered: readConfirm(this, this.confirm) === 'armed' && !this.#isDisabled,
    isLive: !this.#feed.isAsleep && isTradable(this.#feed.stream?.verdict(this.symbol)),
    subject: [this.symbol, this.account, this.#feed.stream, this.gateway, this.#isPaper],
    idleMs: readArmedFor(this, this.armedFor),
    now: this.#now(),
  }));
  readonly #paperTrading = new PaperTrading(this);
  readonly #entry = new TicketEntry(() => this.requestUpdate());
  readonly #lastLook = new LastLook();
  readonly #news = new OrderNews();
  readonly #focus = new FocusKeeper(this);
  readonly #moves = new PacedText();
  readonly #presses = new RowPresses(() => this.#now());
  readonly #states = new ViewStates(this.internals);
  readonly #submission = new TicketSubmission({
    // With the language: `1.200` is another number in another one.
    key: () => JSON.stringify([this.account, this.symbol, this.#isPaper, this.#localize.lang(), this.#entry.draft]),
    route: () => [this.#feed.stream, this.gateway],
    setting: () => ({
      account: this.account,
      symbol: this.symbol,
      isDisabled: this.#isDisabled,
      policy: readConfirm(this, this.confirm),
    }),
    now: () => this.#now(),
    hasJustGone: () => this.#presses.hasJustGone,
    gone: () => this.#presses.gone(),
    judge: (isAnew) => {
      this.#bind();
      return isAnew ? this.#judge(undefined, true) : this.#judge(this.#check);
    },
    desk: () => this.#desks.desk,
    isUnasked: (type) => this.#isUnasked(type),
    decline: (type) => this.#consents.give(type),
    carry: (request) => this.#carry(request),
    changed: () => this.requestUpdate(),
  });
  readonly #amending = new AmendController(this, {
    desk: () => this.#desks.desk,
    isDisabled: () => this.#isDisabled,
    facts: ({ request: { symbol } }) => ({
      ...this.#facts(),
      instrument: symbol === this.symbol ? this.instrument : undefined,
    }),
    format: (_, { instrument, tickTable }) => new TicketFormat(this.#localize.lang(), instrument, tickTable),
    now: () => this.#now(),
    asked: (id) => this.#tellOf(id),
    gone: () => this.#presses.gone(),
    what: (order) => placedText(order, this.symbol, this.#format),
  });
  readonly #work: TicketWork = {
    ticket: this,
    entry: this.#entry,
    submission: this.#submission,
    desks: this.#desks,
    arming: this.#arming,
    amending: this.#amending,
  };
  readonly #newsWords: NewsWords = {
    order: (order) => `${placedText(order, this.symbol, this.#format)}: ${standingText(order, this.#format)}`,
    refusal: (refusal, order) => refusalText(refusal, placedText(order, this.symbol, this.#format)),
  };
  #check!: TicketCheck;
  #format!: TicketFormat;
  #isFormDisabled = false;
  #isBracketOpen = false;

  constructor() {
    super();
    new LevelListener(this, (pick, stream) => {
      if (isOtherFeed(stream, this.#feed.stream)) return;
      const { confirmation, isGuarded } = this.#submission;
      if (pick.symbol !== this.symbol || this.#isDisabled || confirmation || isGuarded) return;
      this.#arming.use();
      this.#entry.pick(pick, this.#separators, this.#now());
    });
  }

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#news.follow(undefined);
    this.#submission.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('symbol')) {
      this.#entry.clear('quantity', 'limitPrice', 'stopPrice', 'displayQuantity', ...EXIT_FIELDS);
    }
    if (changed.has('balances') && this.balances) {
      for (const each of readPageBalances(this.balances).refused) {
        warnTextOnce(`<order-panel>: balances must be decimal text, got ${each}. It is not checked.`);
      }
    }
    // Whatever went wrong, it was of another wish.
    if (this.#submission.isUnread) this.#news.warn('');
    this.#bind();
    this.#submission.review();
    this.#news.follow(this.#desks.desk);
    this.#arming.check();
    // Taken: the same press shall not do the same again by accident.
    if (this.#submission.takeDone()) this.#entry.clear('quantity', 'displayQuantity', ...EXIT_FIELDS);
    this.#check = this.#judge();
    const types = this.#types();
    if (this.#entry.settleType(types, this.#check.offer)) this.#check = this.#judge();
    if (types.every((type) => barText(type, this.#check) !== '')) warnOfTypes(this, this.orderTypes, this.#check.offer);
    this.#format = new TicketFormat(this.#localize.lang(), this.#check.instrument, this.#check.tickTable);
    this.#news.catchUp(this.#newsWords, this.#now());
    this.#amending.settle();
    this.#focus.remember();
    this.internals.setFormValue(this.value);
    if (this.#feed.isMissing) warnTextOnce('<order-panel>: no feed. Put it inside <market-stream> or give it a src.');
  }

  protected override render(): TemplateResult {
    const { desk } = this.#desks;
    const now = this.#now();
    const { touched, picked } = this.#entry;
    const unanswered = this.#submission.pending(this.#check);
    const view = {
      check: this.#check,
      format: this.#format,
      symbol: this.symbol,
      types: this.#types(),
      touched,
      pending: unanswered,
      isUpToPerson: unanswered !== undefined && desk?.mayDismiss(unanswered) === true,
      picked: picked && { ...picked, ageMs: picked.ageMs + now - picked.at },
      confirm: readConfirm(this, this.confirm),
      isUnasked: this.#isUnasked(this.#entry.draft.orderType),
      now,
      lang: this.#localize.lang(),
      isDisabled: this.#isDisabled,
      isBracketOpen: this.#isBracketOpen,
      isAsleep: this.#feed.isAsleep,
      isBehind: desk?.isReady === false,
      isPaper: this.#isPaper,
      alarm: this.#news.alarm,
    };
    const orders = listedOrders(desk?.orders ?? [], this.symbol);
    const { confirmation } = this.#submission;
    return html`
      ${ticketForm(view, {
        submit: (event) => this.#submit(event),
        openBracket: (isOpen) => (this.#isBracketOpen = isOpen),
        edit: (change) => this.#entry.edit(change),
        enter: (field, text) => this.#entry.edit({ [field]: text }),
        leave: (field) => this.#entry.draft[field] !== '' && this.#entry.touch(field),
        step: (field, direction) => this.#step(field, direction),
        take: (field, value) => this.#write(field, value),
        share: (percent) => {
          const quantity = shareOfMost(this.#judge(), percent);
          if (quantity) this.#write('quantity', quantity);
        },
        shareStep: (direction) => {
          const quantity = steppedShare(this.#judge(), direction);
          if (quantity) this.#write('quantity', quantity);
        },
      })}
      ${readConfirm(this, this.confirm) === 'armed' ? this.#armLine() : nothing}
      ${this.#consents.isOffered ? consentLine(this.#consents.types, this.account, () => this.#consents.revoke()) : nothing}
      ${ordersList(orders, desk, this.symbol, this.#format, this.#isDisabled ? undefined : this.#amending.open, this.#onRow)}
      <div class="visually-hidden" role="status">${saying(this.#news.spoken)}</div>
      ${confirmDialog(
        {
          confirmation,
          current: this.#check,
          hindrance: this.#submission.hindrance(this.#check),
          symbol: this.symbol,
          account: this.account,
          isPaper: this.#isPaper,
          format: this.#format,
          spoken: (text) => this.#moves.follow(text, now),
          mayDecline: this.#consents.isOffered,
          isDeclining: this.#submission.isDeclining,
          isAccepting: this.#submission.isAccepting,
        },
        {
          agree: (isAccepting) => this.#submission.setAccepting(isAccepting),
          decline: (isDeclining) => this.#submission.setDeclining(isDeclining),
          send: () => this.#submission.confirm(),
          accept: () => this.#submission.lookAgain(),
          close: () => this.#submission.close(),
          // A dialog that was opened again before this event came is another one.
          closed: () => !this.dialog.open && this.#submission.close(),
        },
      )}
      ${this.#amending.render()}
    `;
  }

  protected override updated(): void {
    const problem = this.#check.issues.find(({ severity }) => severity === 'error');
    if (problem) {
      const anchor = this.renderRoot.querySelector<HTMLElement>(`#${problem.field}`) ?? undefined;
      this.internals.setValidity(
        validityOf(problem.code),
        issueText(problem, this.#format, this.#check.verdict),
        anchor,
      );
    } else {
      this.internals.setValidity({});
    }
    this.#submission.read();
    this.#states.set([
      this.#check.verdict?.state ?? 'disconnected',
      ...(this.#arming.check() ? (['armed'] as const) : []),
    ]);
    const { confirmation } = this.#submission;
    if (confirmation && !this.dialog.open) this.dialog.showModal();
    if (!confirmation && this.dialog.open) this.dialog.close();
    this.#focus.restore();
  }

  /** The orders of this account, newest first. */
  get orders(): readonly ReturnType<typeof viewOf>[] {
    return this.#desks.desk?.orders.map(viewOf) ?? [];
  }

  /** Tells what became of an order that the page carries: fills, an end, a rejection. Orders that are not known are left alone. */
  updateOrder(clientOrderId: string, answer: OrderAnswer): void {
    const order = this.#desks.desk?.order(clientOrderId);
    const event = order && answerEvent(answer, order);
    if (order && !event)
      throw new TypeError(`updateOrder: the answer must have a known status, got ${JSON.stringify(answer)}`);
    if (event) this.#desks.desk?.report(clientOrderId, event);
  }

  /** @internal */
  formResetCallback(): void {
    this.#entry.edit({ ...EMPTY_DRAFT, side: this.getAttribute('side') === 'sell' ? 'sell' : 'buy' });
    this.#entry.clear('quantity');
  }

  /** @internal */
  formDisabledCallback(isDisabled: boolean): void {
    this.#isFormDisabled = isDisabled;
    // It may come from within an update, by the attribute that this one reflects: then that one is over first.
    queueMicrotask(() => this.requestUpdate());
  }

  /** @internal */
  formStateRestoreCallback(stored: unknown): void {
    const draft = typeof stored === 'string' ? readStoredDraft(stored) : undefined;
    if (draft) this.#entry.edit(draft);
  }

  /** What was entered and not yet sent, as JSON: what a form sends and a browser restores. Anything else is told, and left out. */
  get value(): string {
    return JSON.stringify(this.#entry.draft);
  }
  set value(text: string) {
    const draft = readStoredDraft(text);
    if (draft) this.#entry.edit(draft);
    else warnOnce(this, 'value', text, 'the value of a ticket');
  }

  get #isDisabled(): boolean {
    return this.disabled || this.#isFormDisabled;
  }

  /** Whether the person has chosen not to be asked for plain orders of this type, or has armed the ticket. */
  #isUnasked(type: OrderType): boolean {
    return this.#consents.types.includes(type) || this.#arming.check();
  }

  get #takesOrders(): boolean {
    const { stream } = this.#feed;
    if (this.#isPaper || (this.gateway ?? undefined) !== undefined) return true;
    return this.account !== '' && stream !== undefined && takesOrders(stream);
  }

  get #isPaper(): boolean {
    return wantsPaper(this.paper) || isPaperGateway(this.gateway);
  }

  get #separators(): NumberSeparators {
    return separatorsOf(this.#localize.lang());
  }

  /** Finds the feed and the desk that the properties ask for, as they are now. */
  #bind(): void {
    this.#feed.refresh();
    const { stream } = this.#feed;
    const { account, symbol, paper, instrument, gateway } = this;
    const wish = { account, stream, gateway, instrument };
    this.#desks.refresh(wantsPaper(paper) ? this.#paperTrading.wish(wish, paper, symbol, instrument) : wish);
  }

  #now(): number {
    return this.#feed.stream?.now() ?? Date.now();
  }

  #types(): readonly OrderType[] {
    return readOrderTypes(this, this.orderTypes);
  }

  #facts(): TicketFacts {
    return {
      symbol: this.symbol,
      stream: this.#feed.stream,
      desk: this.#desks.desk,
      isGatewayUsed: this.#takesOrders,
      refusal: wantsPaper(this.paper) ? this.#paperTrading.refusal : '',
      instrument: this.instrument,
      balances: wantsPaper(this.paper) ? undefined : this.balances,
      maxAgeMs: readMaxAge(this, this.maxAge),
      separators: this.#separators,
    };
  }

  /** `read` is what was read last: of a quantity in money it counts, until another one is read, or is to be read `isAnew`. */
  #judge(read?: TicketCheck, isAnew = false): TicketCheck {
    const { confirmation } = this.#submission;
    const facts = {
      ...this.#facts(),
      from: this.#entry.picked?.from,
      readQuantity: isAnew ? undefined : (confirmation?.check ?? read)?.numbers.quantity,
    };
    return this.#lastLook.judge(this.#entry.draft, facts, this.#feed.isAsleep);
  }

  #write(field: NumberField, value: Decimal, quantityIn: TicketDraft['quantityIn'] = 'pieces'): void {
    const scale = field === 'quantity' || field === 'displayQuantity' ? 0 : (this.#check.tickTable?.scale ?? 0);
    const unit = field === 'quantity' ? { quantityIn } : {};
    this.#entry.edit({ [field]: formatForInput(value, this.#separators, scale), ...unit });
    this.#entry.touch(field);
  }

  #step(field: NumberField, direction: 1 | -1): void {
    const next = steppedField(this.#judge(), field, direction);
    if (next) this.#write(field, next, this.#entry.draft.quantityIn);
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.#submission.press() !== 'refused') return;
    this.#entry.touchAll();
    void this.updateComplete.then(() => this.#focusInvalid());
  }

  /** Asks the page for an order that has been stored; what nobody there takes or forbids goes to the gateway. One on paper goes there at once. */
  #carry(request: OrderRequest): Carrier {
    const { desk } = this.#desks;
    this.#news.warn('');
    this.requestUpdate();
    if (desk) this.#news.own(request.clientOrderId, desk);
    if (this.#isPaper) return desk?.gateway?.capabilities.paper ? 'gateway' : 'withdrawn';
    // A copy: what a listener does to it is not what was stored and shown.
    const event = new OrderSubmitEvent({ ...request });
    this.dispatchEvent(event);
    const isForGateway = this.#takesOrders && desk?.gateway !== undefined;
    const answer = event.close(isForGateway);
    if (answer) return pageAnswer(answer, request, () => desk?.order(request.clientOrderId));
    if (event.defaultPrevented) return 'withdrawn';
    if (isForGateway) return 'gateway';
    this.#news.warn(NOBODY);
    return 'withdrawn';
  }

  readonly #onRow = (clientOrderId: string, act: () => void): void => {
    if (!this.#presses.isMeant(clientOrderId)) return;
    this.#tellOf(clientOrderId);
    act();
  };

  /** What becomes of an order that was touched here is told here, whoever placed it. */
  #tellOf(clientOrderId: string): void {
    const { desk } = this.#desks;
    if (desk) this.#news.own(clientOrderId, desk);
  }

  #armLine(): TemplateResult {
    const isArmed = this.#arming.check();
    return armLine(
      {
        isArmed,
        why: this.#arming.why,
        idleMs: readArmedFor(this, this.armedFor),
        mayArm: !this.#isDisabled && isTradable(this.#check.verdict),
        lang: this.#localize.lang(),
      },
      { arm: () => this.#arming.arm(), disarm: () => this.#arming.disarm() },
    );
  }

  #follow(change: DeskChange): void {
    if (change.order?.state === 'rejected' || change.order?.state === 'unknown') this.#arming.disarm('trouble');
    this.requestUpdate();
    for (const event of this.#news.take(change, this.#newsWords, this.#now())) this.dispatchEvent(event);
  }

  #focusInvalid(): void {
    const invalid = this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]');
    const hidden = invalid?.closest('details');
    if (hidden) hidden.open = true;
    // Of a group the one that is chosen.
    (invalid?.querySelector<HTMLElement>('input:checked') ?? invalid)?.focus();
  }
}
