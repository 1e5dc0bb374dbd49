/**
 * All orders of one account over one gateway or stream. The desk sends each order once, follows it until it has ended, asks for
 * those whose fate is not known, and tells its observers. Every ticket on a page that orders for the same account
 * shares one desk.
 *
 * What always holds: an order is stored before it is handed over; an id is handed over at most once; silence makes an
 * order `unknown` and never a failure; an unknown order is asked for by its id and never sent again.
 */
import type { Decimal } from '../book/decimal.js';
import type { Asset } from './account.js';
import { settleAnswer } from './answers.js';
import { machineClock } from './clock.js';
import type { DeskClock } from './clock.js';
import type { Carrier, DeskChange, OrderDeskOptions, WantedTerms } from './desk-types.js';
import type { CancelResult, ListedOrder, OrderGateway, PlaceResult, QueryResult, ReplaceResult } from './gateway.js';
import { GatewayBorder, carriedResult } from './gateway-border.js';
import type { BorderEvent } from './gateway-border.js';
import { Holdings } from './holdings.js';
import type { OrderJournal, Route } from './journal.js';
import type { ReservationLedger, ReservationTerms } from './ledger.js';
import { changeOf, hasTerms, isOvertaken } from './order-change.js';
import { haveOtherTerms } from './order-facts.js';
import { createOrder, isEnded, isUnanswered, isWorking, reduceOrder } from './order.js';
import type { Order, OrderChange, OrderEvent, OrderRequest } from './order.js';
import { trackOrder } from './tracked-order.js';
import type { Tracked } from './tracked-order.js';

/** An order that takes longer than this on its way is refused by the venue, where it has a clock. */
export const GOOD_FOR_MS = 5_000;
/**
 * Between two questions after an order that nobody answered, doubling from the first up to the longest. A gateway may ask for
 * more, up to the most that a timer can wait, and for no less than the first.
 */
const RETRY_MS = { first: 1_000, longest: 30_000, most: 2_147_483_647 } as const;
/** How often a cancel is sent again that came too fast after others. */
const CANCEL_TRIES = 8;
/** Ended orders kept to be shown. */
const KEPT_ORDERS = 50;

export class OrderDesk {
  readonly account: string;
  readonly gateway: OrderGateway | undefined;
  /** Where it writes down what its orders hold back. */
  readonly ledger: ReservationLedger;
  readonly #border: GatewayBorder | undefined;
  readonly #journal: OrderJournal;
  readonly #isJournalShared: boolean;
  readonly #clock: DeskClock;
  readonly #tracked = new Map<string, Tracked>();
  readonly #listeners = new Set<(change: DeskChange) => void>();
  readonly #holdings: Holdings;
  /** Ids of strange orders that are being asked for. */
  readonly #learning = new Set<string>();
  #isReady: boolean;
  /** Whether all balances were told, and of no order anything since. */
  #isAccountWhole = false;
  #unobserve: (() => void) | undefined;

  constructor(options: OrderDeskOptions) {
    this.account = options.account;
    this.gateway = options.gateway;
    this.#border = options.gateway && new GatewayBorder(options.gateway);
    this.ledger = options.ledger;
    this.#journal = options.journal;
    this.#isJournalShared = options.isJournalShared ?? false;
    this.#holdings = new Holdings(
      options.account,
      options.ledger,
      options.gateway?.capabilities.balancesExcludeOpenOrders ?? false,
    );
    this.#clock = options.clock ?? machineClock;
    this.#isReady = this.#border?.hasEvents !== true;
    this.#inherit();
  }

  /** Newest first. */
  get orders(): readonly Order[] {
    return [...this.#tracked.values()].map(({ order }) => order).reverse();
  }

  /** Whether orders and balances are whole. Always true where the gateway does not report them. */
  get isReady(): boolean {
    return this.#isReady;
  }

  order(clientOrderId: string): Order | undefined {
    return this.#tracked.get(clientOrderId)?.order;
  }

  /** What the order was sent for, as `submit` was told, also before a reload as long as its fate is not known. */
  wishOf(order: Order): string | undefined {
    return this.#tracked.get(order.request.clientOrderId)?.wish;
  }

  /** Lets orders hold something back that were placed elsewhere or before a reload, once it can be told what. */
  completeTerms(termsOf: (request: OrderRequest) => ReservationTerms | undefined): void {
    for (const tracked of this.#tracked.values()) {
      const { order } = tracked;
      // Both exits of a pair are for the same pieces.
      if (tracked.terms !== undefined || isEnded(order) || this.#isHeldByTwin(order.request)) continue;
      const terms = termsOf(order.request);
      if (terms === undefined) continue;
      tracked.terms = terms;
      // A list comes with balances that show what is in it.
      tracked.accountRevision = -1;
      this.#holdings.hold(tracked);
    }
  }

  #isHeldByTwin({ parent, clientOrderId }: OrderRequest): boolean {
    if (parent === undefined) return false;
    return [...this.#tracked.values()].some(
      ({ order, terms }) =>
        terms !== undefined &&
        order.request.parent === parent &&
        order.request.clientOrderId !== clientOrderId &&
        !isEnded(order),
    );
  }

  /** What the venue says may still be spent or sold, less what our own orders hold back; undefined when it says nothing. */
  available(asset: Asset): Decimal | undefined {
    return this.#holdings.available(asset);
  }

  /** What orders hold back. `balanceExcludesOpenOrders` counts only those that the balance does not show yet. */
  reserved(asset: Asset, balanceExcludesOpenOrders: boolean): Decimal {
    return this.#holdings.reserved(asset, balanceExcludesOpenOrders);
  }

  /**
   * Stores an order, then has it carried. An id that the desk has seen is not carried again: its order is returned as it
   * stands. Undefined when it was withdrawn. What `carry` throws is thrown on, and counts as withdrawn. `wish` is what it is
   * sent for, in the caller's own words.
   */
  submit(
    asked: OrderRequest,
    terms: ReservationTerms | undefined,
    carry: (request: OrderRequest) => Carrier,
    wish?: string,
  ): Order | undefined {
    const { clientOrderId } = asked;
    const known = this.order(clientOrderId);
    if (known !== undefined) return known;
    const venueNow = this.#border?.venueNow();
    const request = venueNow === undefined ? asked : { ...asked, goodUntil: venueNow + GOOD_FOR_MS };
    const tracked = this.#track(createOrder(request), 'page', terms, wish);
    if (!this.#store(tracked)) return tracked.order;
    this.#holdings.hold(tracked);
    let carrier: Carrier;
    try {
      carrier = carry(request);
      if (carrier === 'gateway' && this.gateway === undefined) {
        throw new TypeError('this desk has no gateway to carry an order');
      }
    } catch (error) {
      this.#drop(tracked);
      throw error;
    }
    if (carrier === 'withdrawn') {
      this.#drop(tracked);
      return undefined;
    }
    if (carrier === 'gateway') {
      tracked.route = 'gateway';
      if (!this.#store(tracked)) return tracked.order;
      if (isLate(request, this.#border?.venueNow())) {
        this.#apply(tracked, { type: 'not_sent', code: 'went_stale', message: '' });
        return tracked.order;
      }
    }
    this.#tell({ order: tracked.order });
    const answer =
      carrier === 'gateway' ? this.#ask((border) => border.place(request)) : carriedResult(carrier, clientOrderId);
    tracked.isPlacing = true;
    this.#apply(tracked, { type: 'sent' });
    void answer.then(
      () => (tracked.isPlacing = false),
      () => (tracked.isPlacing = false),
    );
    settleAnswer<PlaceResult>(this.#clock, answer, silence, (result) => this.#settlePlace(tracked, result));
    return tracked.order;
  }

  /** Whether a cancel of this order can be sent now: its gateway can, and none is on its way. */
  mayCancel(order: Order): boolean {
    const tracked = this.#tracked.get(order.request.clientOrderId);
    return (
      tracked?.route === 'gateway' && this.#border?.can('cancel') === true && !isEnded(order) && order.cancel !== 'sent'
    );
  }

  /** Asks for the rest of an order to be cancelled. Allowed in every state of feed and market; does nothing twice. */
  cancel(clientOrderId: string): void {
    const tracked = this.#tracked.get(clientOrderId);
    if (tracked === undefined || !this.mayCancel(tracked.order)) return;
    tracked.cancelTries = 0;
    this.#apply(tracked, { type: 'cancel_sent' });
    this.#sendCancel(tracked);
  }

  #sendCancel(tracked: Tracked): void {
    const { request } = tracked.order;
    const answer = this.#ask((border) => border.cancel(request));
    settleAnswer<CancelResult>(this.#clock, answer, silence, (result) => this.#settleCancel(tracked, result));
  }

  /** A cancel that came too fast after others is sent again, as one more of the same changes nothing. Whether it will be. */
  #willCancelAgain(tracked: Tracked): boolean {
    if (tracked.order.cancel !== 'sent' || tracked.cancelTries >= CANCEL_TRIES) return false;
    tracked.cancelTries++;
    tracked.isCancelDue = true;
    // While nobody looks on nothing waits: the next observer has it sent.
    if (this.#listeners.size > 0) this.#waitToCancel(tracked);
    return true;
  }

  #waitToCancel(tracked: Tracked): void {
    tracked.callOffCancel = this.#clock.setTimer(() => {
      tracked.isCancelDue = false;
      if (tracked.order.cancel === 'sent' && !isEnded(tracked.order)) this.#sendCancel(tracked);
    }, RETRY_MS.first * tracked.cancelTries);
  }

  /** Whether a change of this order can be sent now: its gateway can, it works, and neither cancel nor change is on its way. */
  mayAmend(order: Order): boolean {
    const tracked = this.#tracked.get(order.request.clientOrderId);
    return (
      tracked?.route === 'gateway' &&
      this.#border?.can('replace') === true &&
      this.#isReady &&
      isWorking(order) &&
      order.cancel === 'none' &&
      order.amend === 'none' &&
      order.contradiction === undefined
    );
  }

  /**
   * Asks for other terms. Until the answer is in, the order trades on what it had, and the dearer of both is held back. Does
   * nothing when it may not be changed now or nothing would change; a quantity that has filled meanwhile is refused with
   * `too_late` and not sent. Throws `RangeError` for terms that are no decimals above 0, or that the order type does not have.
   */
  amend(clientOrderId: string, wanted: WantedTerms): void {
    const tracked = this.#tracked.get(clientOrderId);
    if (tracked === undefined || !this.mayAmend(tracked.order)) return;
    const { order } = tracked;
    const change = changeOf(order, wanted);
    if (change === undefined) return;
    if (isOvertaken(order, change)) return this.#tell({ order, refusal: { of: 'replace', code: 'too_late' } });
    this.#apply(tracked, { type: 'replace_sent', change });
    const answer = this.#ask((border) => border.replace(order.request, change));
    let isLate = false;
    settleAnswer<ReplaceResult>(this.#clock, answer, silence, (result) => {
      this.#settleReplace(tracked, change, result, isLate);
      isLate ||= result.outcome === 'unknown';
    });
  }

  /** What the page that carries an order has learnt of it. Orders that the desk does not know are left alone. */
  report(clientOrderId: string, event: OrderEvent): void {
    const tracked = this.#tracked.get(clientOrderId);
    if (tracked !== undefined) this.#apply(tracked, event);
  }

  /** Whether a person has to settle this order, because nobody can be asked for it, or two words of the venue differ. */
  mayDismiss(order: Order): boolean {
    const tracked = this.#tracked.get(order.request.clientOrderId);
    const canAsk = tracked?.route === 'gateway' && this.#border?.can('query') === true;
    if (tracked === undefined) return false;
    return (
      order.contradiction !== undefined || (order.base === 'unknown' && (!canAsk || this.#mayBeOfAnother(tracked)))
    );
  }

  /** Takes such an order off the desk, on the word of a person who has asked the broker. A late answer brings it back. */
  dismiss(clientOrderId: string): void {
    const tracked = this.#tracked.get(clientOrderId);
    if (tracked === undefined || !this.mayDismiss(tracked.order)) return;
    this.#drop(tracked);
    this.#tell({});
  }

  /** Calls after every change until the returned function is called. The gateway is listened to while anybody observes. */
  observe(listener: (change: DeskChange) => void): () => void {
    // The same function twice is two observers.
    const own = (change: DeskChange): void => listener(change);
    // While nobody looked on, another desk may have sent what stands in the same journal.
    if (this.#listeners.size === 0) {
      this.#inherit();
      for (const tracked of this.#tracked.values()) if (tracked.isCancelDue) this.#waitToCancel(tracked);
    }
    this.#listeners.add(own);
    this.#unobserve ??= this.#border?.observe(this.account, (event) => this.#take(event));
    if (this.#isReady) this.#reconcile();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size > 0) return;
      this.#unobserve?.();
      this.#unobserve = undefined;
      // Events may be missed from here on; the next observer begins with a whole account.
      this.#isReady = this.#border?.hasEvents !== true;
      this.#isAccountWhole = false;
      for (const tracked of this.#tracked.values()) {
        tracked.callOff?.();
        tracked.callOffCancel?.();
      }
    };
  }

  /** Takes the orders in that stand in the journal and are not here: their fate is not known. */
  #inherit(): void {
    for (const { request, route, terms, wish } of this.#journal.entries()) {
      if (this.#tracked.has(request.clientOrderId)) continue;
      const tracked = this.#track(createOrder(request), route, terms, wish);
      tracked.order = reduceOrder(tracked.order, { type: 'timeout', of: 'place' }).order;
      tracked.isInherited = true;
      tracked.isDoubtful = true;
      this.#holdings.hold(tracked);
    }
  }

  #mayBeOfAnother({ isInherited }: Tracked): boolean {
    return isInherited && this.#isJournalShared;
  }

  #take(event: BorderEvent): void {
    switch (event.type) {
      case 'order': {
        this.#isAccountWhole = false;
        const tracked = this.#tracked.get(event.clientOrderId);
        if (tracked === undefined) return this.#learn(event.clientOrderId);
        if (event.event !== undefined) return this.#apply(tracked, event.event);
        tracked.isDoubtful = !isEnded(tracked.order);
        return this.#reconcile();
      }
      case 'account':
        if (!this.#holdings.take(event.update)) return;
        this.#isAccountWhole ||= event.update.isWhole;
        for (const tracked of this.#tracked.values()) this.#holdings.hold(tracked);
        return this.#tell({});
      case 'lost':
        this.#isReady = false;
        this.#isAccountWhole = false;
        return this.#tell({});
      case 'ready':
        this.#isReady = true;
        if (event.orders === undefined) this.#reconcile();
        else this.#compare(event.orders);
        return this.#tell({});
    }
  }

  /** An order that was placed elsewhere, in another tab perhaps: its events do not say what was asked, so it is asked for. */
  #learn(clientOrderId: string): void {
    if (clientOrderId === '' || this.#border?.canFind !== true || this.#learning.has(clientOrderId)) return;
    this.#learning.add(clientOrderId);
    const answer = this.#ask((border) => border.find(this.account, clientOrderId));
    settleAnswer(
      this.#clock,
      answer,
      () => undefined,
      (found) => {
        this.#learning.delete(clientOrderId);
        const known = this.#tracked.get(clientOrderId);
        if (found !== undefined) {
          const tracked = known ?? this.#track(createOrder(found.request), 'gateway', undefined);
          this.#apply(tracked, { type: 'status', facts: found.facts });
          this.#learnEntry(found.request);
        } else if (known !== undefined) {
          // A list has named it meanwhile, perhaps from before the event that made us ask. Else the next list will.
          known.isDoubtful = !isEnded(known.order);
          this.#reconcile();
        }
      },
    );
  }

  /** An exit says whose it is; the entry itself may have ended before anybody here heard of it. */
  #learnEntry({ parent }: OrderRequest): void {
    if (parent !== undefined && !this.#tracked.has(parent)) this.#learn(parent);
  }

  /** Lays the venue's list of working orders beside ours. */
  #compare(listed: readonly ListedOrder[]): void {
    const seen = new Set<string>();
    for (const { request, facts } of listed) {
      seen.add(request.clientOrderId);
      const tracked =
        this.#tracked.get(request.clientOrderId) ?? this.#track(createOrder(request), 'gateway', undefined);
      this.#apply(tracked, { type: 'status', facts });
      // What was told of the whole account just before counts all that the list does.
      if (this.#isAccountWhole) tracked.accountRevision = -1;
      this.#holdings.hold(tracked);
    }
    this.#isAccountWhole = false;
    for (const { request } of listed) this.#learnEntry(request);
    for (const tracked of this.#tracked.values()) {
      const isMissing = tracked.route === 'gateway' && !seen.has(tracked.order.request.clientOrderId);
      if (isMissing && !tracked.isPlacing && !isEnded(tracked.order)) tracked.isDoubtful = true;
    }
    this.#reconcile();
  }

  #settlePlace(tracked: Tracked, result: PlaceResult): void {
    switch (result.outcome) {
      case 'accepted':
        return this.#apply(tracked, { type: 'ack', facts: result.facts });
      case 'not_sent':
        return this.#apply(tracked, { type: 'not_sent', code: result.code, message: result.message });
      case 'rejected':
        // The id is taken: an order stands there, and what it is has to be asked.
        if (result.code === 'duplicate_conflict') return this.#doubt(tracked, { type: 'timeout', of: 'place' });
        return this.#apply(tracked, { type: 'reject', code: result.code, message: result.message });
      case 'unknown':
        return this.#doubt(tracked, { type: 'timeout', of: 'place' });
    }
  }

  #settleCancel(tracked: Tracked, result: CancelResult): void {
    switch (result.outcome) {
      case 'cancelled':
        return this.#apply(tracked, { type: 'cancelled', facts: result.facts });
      case 'not_sent':
        return this.#apply(tracked, { type: 'cancel_reject', code: result.code });
      case 'rejected':
        if (result.code === 'rate_limited' && this.#willCancelAgain(tracked)) return;
        // It was too late or the order is not there: either way we are behind.
        return this.#doubt(tracked, { type: 'cancel_reject', code: result.code });
      case 'unknown':
        return this.#doubt(tracked, { type: 'timeout', of: 'cancel' });
    }
  }

  /** `isLate`: silence was taken for the answer before. */
  #settleReplace(tracked: Tracked, change: OrderChange, result: ReplaceResult, isLate: boolean): void {
    const { asked, revision } = tracked.order;
    // Settled by other news already, perhaps as never made: a late word of it is not one of the change after it.
    if (asked !== change) {
      // Somebody else's change came first and was taken for it.
      if (result.outcome === 'rejected') {
        const { order } = tracked;
        if (isLate || isEnded(order)) return;
        return this.#tell({ order, previous: order, refusal: { of: 'replace', code: result.code } });
      }
      if (result.outcome !== 'replaced' || revision >= change.revision || isEnded(tracked.order)) return;
      tracked.isDoubtful = true;
      return this.#reconcile();
    }
    switch (result.outcome) {
      case 'replaced':
        return this.#apply(tracked, { type: 'replaced', facts: result.facts });
      case 'not_sent':
        return this.#apply(tracked, { type: 'replace_reject', code: result.code });
      case 'rejected':
        // It may have ended, or been changed by somebody else: what holds now has to be asked.
        return this.#doubt(tracked, { type: 'replace_reject', code: result.code });
      case 'unknown':
        return this.#doubt(tracked, { type: 'timeout', of: 'replace' });
    }
  }

  #doubt(tracked: Tracked, event: OrderEvent): void {
    this.#apply(tracked, event);
    tracked.isDoubtful = !isEnded(tracked.order);
    this.#reconcile();
  }

  /** Asks for every doubtful order, as soon as it can be asked. */
  #reconcile(): void {
    if (!this.#isReady || this.#listeners.size === 0 || this.#border?.can('query') !== true) return;
    for (const tracked of this.#tracked.values()) {
      if (!tracked.isDoubtful || tracked.isAsking || tracked.route !== 'gateway') continue;
      tracked.isAsking = true;
      // What casts doubt on it from here on may not be in the answer.
      tracked.isDoubtful = false;
      tracked.callOff?.();
      const { request } = tracked.order;
      const answer = this.#ask((border) => border.query(request));
      const failure = (reason: string): QueryResult => ({ outcome: 'failed', reason });
      settleAnswer(this.#clock, answer, failure, (result) => this.#settleQuery(tracked, result));
    }
  }

  #settleQuery(tracked: Tracked, result: QueryResult): void {
    tracked.isAsking = false;
    if (result.outcome === 'known' || result.outcome === 'never_arrived') {
      tracked.tries = 0;
      this.#apply(
        tracked,
        result.outcome === 'known' ? { type: 'status', facts: result.facts } : { type: 'never_arrived' },
      );
      // Where balances are told as they change, all that the answer counts was told before it.
      if (this.#border?.hasEvents === true) tracked.accountRevision = -1;
      this.#holdings.hold(tracked);
      tracked.isDoubtful &&= !isEnded(tracked.order);
      if (tracked.isDoubtful) this.#reconcile();
      return;
    }
    tracked.isDoubtful = true;
    const wait = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** tracked.tries++);
    const asked = result.outcome === 'unsure' ? result.retryAfterMs : NaN;
    const delay = asked > 0 && asked < Infinity ? Math.min(RETRY_MS.most, Math.max(RETRY_MS.first, asked)) : wait;
    // Without an observer there is nobody to tell; the next one starts the asking anew.
    if (this.#listeners.size > 0) tracked.callOff = this.#clock.setTimer(() => this.#reconcile(), delay);
  }

  #apply(tracked: Tracked, event: OrderEvent): void {
    const previous = tracked.order;
    // Only who carried an order can say that it never came.
    if (event.type === 'never_arrived' && this.#mayBeOfAnother(tracked)) return;
    const { order, outcome } = reduceOrder(previous, event);
    // What a question was answered with is not asked again.
    const isAnswer = event.type === 'status' || event.type === 'never_arrived';
    if (outcome === 'refused' && !isAnswer) tracked.isDoubtful = true;
    if (order !== previous) {
      tracked.order = order;
      // Dismissed meanwhile, and now there is news of it all the same.
      this.#tracked.set(order.request.clientOrderId, tracked);
      const isTold =
        order.base !== previous.base || order.filled !== previous.filled || haveOtherTerms(order, previous);
      if (isTold) {
        tracked.accountRevision = this.#holdings.revision;
        tracked.isMarked = 'facts' in event && event.facts.mark !== undefined;
      }
      this.#holdings.hold(tracked);
      if (!isUnanswered(order)) this.#journal.remove(order.request.clientOrderId);
      if (outcome !== 'duplicate') this.#tell({ order, previous, ...(refusalOf(event) ?? lostOf(previous, order)) });
    }
    if (outcome === 'refused') this.#reconcile();
  }

  #track(order: Order, route: Route, terms: ReservationTerms | undefined, wish?: string): Tracked {
    const tracked = trackOrder(order, route, terms, this.#holdings.revision, wish);
    this.#tracked.set(order.request.clientOrderId, tracked);
    for (const [id, old] of this.#tracked) {
      if (this.#tracked.size <= KEPT_ORDERS) break;
      // What has filled may not be in the balance yet.
      if (isEnded(old.order) && !this.#holdings.isHolding(old)) this.#tracked.delete(id);
    }
    return tracked;
  }

  #drop(tracked: Tracked): void {
    const { clientOrderId } = tracked.order.request;
    tracked.callOff?.();
    this.#tracked.delete(clientOrderId);
    this.#journal.remove(clientOrderId);
    this.#holdings.free(tracked);
  }

  /** Stores an order on its present route. False when that failed: then the order has ended, unsent. */
  #store(tracked: Tracked): boolean {
    const { route, terms, order, wish } = tracked;
    try {
      this.#journal.add({ request: order.request, route, terms, wish });
      return true;
    } catch (error) {
      this.#apply(tracked, { type: 'not_sent', code: 'not_stored', message: String(error) });
      return false;
    }
  }

  /** One call to the gateway; what it throws at once becomes a rejected promise like any other. */
  async #ask<Result>(call: (border: GatewayBorder) => Promise<Result>): Promise<Result> {
    if (this.#border === undefined) throw new TypeError('this desk has no gateway');
    return call(this.#border);
  }

  #tell(change: DeskChange): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        // An observer's mistake is reported like any uncaught one, and keeps no order from being followed.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

const refusalOf = (event: OrderEvent): Pick<DeskChange, 'refusal'> | undefined => {
  if (event.type === 'cancel_reject') return { refusal: { of: 'cancel', code: event.code } };
  return event.type === 'replace_reject' ? { refusal: { of: 'replace', code: event.code } } : undefined;
};

/** A cancel or change that had no answer, and by what is known now was never done. */
function lostOf(previous: Order, order: Order): Pick<DeskChange, 'refusal'> | undefined {
  if (isEnded(order)) return undefined;
  if (previous.cancel === 'unsure' && order.cancel === 'none') return { refusal: { of: 'cancel', code: 'lost' } };
  const isChangeLost = previous.amend === 'unsure' && order.amend === 'none';
  return isChangeLost && !isMade(previous.asked, order) ? { refusal: { of: 'replace', code: 'lost' } } : undefined;
}

/** Whether an order stands as a change asked; not every venue numbers its changes. */
const isMade = (asked: OrderChange | undefined, order: Order): boolean =>
  asked !== undefined && (order.revision >= asked.revision || hasTerms(order, asked));

/** Whether the time in which an order is good has passed: the page may have taken it to answer. */
const isLate = ({ goodUntil }: OrderRequest, venueNow: number | undefined): boolean =>
  goodUntil !== undefined && venueNow !== undefined && venueNow > goodUntil;

const silence = (reason: string): { readonly outcome: 'unknown'; readonly reason: string } => ({
  outcome: 'unknown',
  reason,
});
