/**
 * One order's life, as a pure reducer: an order and an event give the next order. It never reads a clock and never talks.
 *
 * What always holds: while the order works, quantity = filled + leaves; once it has ended, leaves = 0 and no event brings
 * it back; what is filled never falls. Events may come twice, late or out of turn, and some may never come, so each
 * one carries totals (cumulative, not differences) and the later of two states is told by its mark, never by arrival.
 */
import { ZERO, add, compare, divideDown, isZero, multiply, parseDecimal, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';

export type OrderSide = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit';
export type TimeInForce = 'day' | 'gtc' | 'ioc' | 'fok';

/** What is asked of the venue. Never changes: a changed wish is a new order with a new id. Numbers are exact decimal text. */
export interface OrderRequest {
  /** Made and stored before anything is sent; unique for ever within the account. 26 characters. */
  readonly clientOrderId: string;
  /** Empty where the page that takes the order knows whose it is. */
  readonly account: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly orderType: OrderType;
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly timeInForce: TimeInForce;
  /** It may rest and never take; the venue refuses it otherwise. Absent: no. */
  readonly postOnly?: true;
  /** How much of it the book shows at a time. Absent: all. */
  readonly displayQuantity?: string;
  /** When it was made, milliseconds since 1970 by this machine's clock. */
  readonly createdAt: number;
  /** Venue time in milliseconds after which the venue must refuse it; absent where the gateway has no venue time. */
  readonly goodUntil?: number;
}

/** What the venue says of an order. The last four never change again. */
export type VenueState = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'expired' | 'rejected';

/**
 * What the page shows of an order. Four states exist only here: `submitting` (not yet handed over), `pending_new` (handed
 * over, no answer), `unknown` (no answer came: neither placed nor failed) and `pending_cancel`.
 */
export type OrderState = VenueState | 'submitting' | 'pending_new' | 'unknown' | 'pending_cancel';

/** A place in a private stream: of two marks of one epoch, the higher sequence is the later. */
export interface Mark {
  readonly epoch: string;
  readonly sequence: number;
}

export interface Fill {
  readonly fillId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Decimal | undefined;
  readonly feeCurrency: string | undefined;
  readonly liquidity: 'maker' | 'taker' | undefined;
}

/** Why an order ended or was refused. `by: 'page'` is our own conclusion and gives way to the venue's word. */
export interface OrderReason {
  readonly code: string;
  readonly message: string;
  readonly by: 'venue' | 'page';
}

export interface Order {
  readonly request: OrderRequest;
  readonly quantity: Decimal;
  /** What to show. Follows from `base` and `cancel`. */
  readonly state: OrderState;
  /** The state without regard to a cancel that is under way. */
  readonly base: Exclude<OrderState, 'pending_cancel'>;
  /** `unsure`: a cancel was sent and no answer came. */
  readonly cancel: 'none' | 'sent' | 'unsure';
  readonly orderId: string | undefined;
  readonly filled: Decimal;
  readonly leaves: Decimal;
  readonly averagePrice: Decimal | undefined;
  readonly fills: readonly Fill[];
  readonly mark: Mark | undefined;
  readonly reason: OrderReason | undefined;
  /** Set when the venue said two things that cannot both be true. It is for a person to clear up, and stays. */
  readonly contradiction: string | undefined;
}

/** The venue's account of an order, whole, at one moment. */
export interface OrderFacts {
  readonly status: VenueState;
  readonly orderId?: string;
  readonly filled: Decimal;
  /** Left out by a page that does not count it; then it follows from the quantity. */
  readonly leaves?: Decimal;
  readonly averagePrice?: Decimal;
  readonly reason?: OrderReason;
  readonly mark?: Mark;
}

export type OrderEvent =
  | { readonly type: 'sent' }
  | { readonly type: 'not_sent'; readonly code: string; readonly message: string }
  | { readonly type: 'ack'; readonly facts: OrderFacts }
  | { readonly type: 'fill'; readonly fill: Fill; readonly facts: OrderFacts }
  | { readonly type: 'reject'; readonly code: string; readonly message: string }
  | { readonly type: 'cancel_sent' }
  | { readonly type: 'cancelled'; readonly facts: OrderFacts }
  | { readonly type: 'cancel_reject'; readonly code: string }
  | { readonly type: 'timeout'; readonly of: 'place' | 'cancel' }
  /** The answer to a query, or an entry of an account snapshot. */
  | { readonly type: 'status'; readonly facts: OrderFacts }
  /** The venue does not have it and can no longer get it. */
  | { readonly type: 'never_arrived' };

/**
 * `applied`: the order changed. `duplicate`: known already. `late`: older than what is known, or no longer of any effect.
 * `refused`: it cannot be true together with what is known; ask the venue.
 */
export type Outcome = 'applied' | 'duplicate' | 'late' | 'refused';

export interface Transition {
  readonly order: Order;
  readonly outcome: Outcome;
}

/** The contradiction of an order that the venue had acknowledged and now says it never had: one that restarted, perhaps. */
export const FORGOTTEN = 'acknowledged, and now unknown to the venue';

/** Decimals of an average that we work out ourselves, beyond those of the prices it is made of. */
const AVERAGE_SCALE = 8;

const ENDED: ReadonlySet<OrderState> = new Set<OrderState>(['filled', 'cancelled', 'expired', 'rejected']);
const UNANSWERED: ReadonlySet<OrderState> = new Set<OrderState>(['submitting', 'pending_new', 'unknown']);

/** Whether nothing more can happen to it. */
export const isEnded = (order: Order): boolean => ENDED.has(order.state);
/** Whether the venue has yet to say anything of it. */
export const isUnanswered = (order: Order): boolean => UNANSWERED.has(order.base);
/** Whether it rests at the venue, as far as is known. */
export const isWorking = (order: Order): boolean => order.base === 'open' || order.base === 'partially_filled';

/** An order that has been made and not yet sent. Throws `RangeError` when the quantity is not a positive decimal. */
export function createOrder(request: OrderRequest): Order {
  const quantity = parseDecimal(request.quantity);
  if (quantity === undefined || compare(quantity, ZERO) <= 0) {
    throw new RangeError(`order quantity must be a decimal above 0, got "${request.quantity}"`);
  }
  return {
    request,
    quantity,
    state: 'submitting',
    base: 'submitting',
    cancel: 'none',
    orderId: undefined,
    filled: ZERO,
    leaves: quantity,
    averagePrice: undefined,
    fills: [],
    mark: undefined,
    reason: undefined,
    contradiction: undefined,
  };
}

/** The next order. Never throws, whatever the venue says. */
export function reduceOrder(order: Order, event: OrderEvent): Transition {
  switch (event.type) {
    case 'sent':
      return order.base === 'submitting' ? applied(order, { base: 'pending_new' }) : late(order);
    case 'not_sent':
      return order.base === 'submitting' || order.base === 'pending_new'
        ? applied(order, ended('rejected', { code: event.code, message: event.message, by: 'page' }))
        : late(order);
    case 'timeout':
      return timedOut(order, event.of);
    case 'never_arrived':
      if (isWorking(order)) return contradicted(order, FORGOTTEN);
      return order.base === 'unknown'
        ? applied(order, ended('rejected', { code: 'never_arrived', message: '', by: 'page' }))
        : late(order);
    case 'reject':
      return rejected(order, { code: event.code, message: event.message, by: 'venue' });
    case 'cancel_sent':
      if (isEnded(order)) return late(order);
      return order.cancel === 'sent' ? duplicate(order) : applied(order, { cancel: 'sent' });
    case 'cancel_reject':
      // A failed cancel never brings a finished order back.
      return order.cancel === 'none' || isEnded(order) ? late(order) : applied(order, { cancel: 'none' });
    case 'fill':
      return filled(order, event.fill, event.facts);
    case 'status': {
      const merged = merge(order, event.facts);
      // The cancel had no answer and the venue still works the order: the cancel was lost.
      return merged.order.cancel === 'unsure' && merged.outcome !== 'refused' && isWorking(merged.order)
        ? applied(merged.order, { cancel: 'none' })
        : merged;
    }
    case 'ack':
    case 'cancelled':
      return merge(order, event.facts);
  }
}

/** What does not hold of an order, or undefined when all is well. For tests and for a desk that distrusts itself. */
export function brokenInvariant(order: Order): string | undefined {
  if (compare(order.filled, order.quantity) > 0) return 'filled above quantity';
  if (isEnded(order)) return isZero(order.leaves) ? undefined : 'an ended order has leaves';
  if (compare(add(order.filled, order.leaves), order.quantity) !== 0) return 'filled + leaves is not the quantity';
  if (order.base === 'partially_filled' && isZero(order.filled)) return 'partially filled with nothing';
  return undefined;
}

function timedOut(order: Order, of: 'place' | 'cancel'): Transition {
  if (of === 'cancel') {
    return order.cancel === 'sent' && !isEnded(order) ? applied(order, { cancel: 'unsure' }) : late(order);
  }
  return order.base === 'submitting' || order.base === 'pending_new'
    ? applied(order, { base: 'unknown' })
    : late(order);
}

function rejected(order: Order, reason: OrderReason): Transition {
  if (order.base === 'rejected') return duplicate(order);
  if (!UNANSWERED.has(order.base)) return contradicted(order, `rejected (${reason.code}) after ${order.base}`);
  return applied(order, ended('rejected', reason));
}

function filled(order: Order, fill: Fill, facts: OrderFacts): Transition {
  if (order.fills.some((known) => known.fillId === fill.fillId)) return duplicate(order);
  // Money has moved: the fill is kept even where the totals that came with it are old news or make no sense.
  const { order: next, outcome } = merge({ ...order, fills: [...order.fills, fill] }, facts);
  if (outcome === 'refused') return { order: next, outcome };
  return {
    order: { ...next, averagePrice: next.averagePrice ?? averageOf(next.fills, next.filled) },
    outcome: 'applied',
  };
}

function merge(order: Order, facts: OrderFacts): Transition {
  const flaw = flawOf(order, facts);
  if (flaw !== undefined) return contradicted(order, flaw);
  const isLater = laterThan(facts.mark, order.mark);
  const growth = compare(facts.filled, order.filled);
  const base = baseOf(facts);

  if (isEnded(order) && order.reason?.by !== 'page') {
    if (growth > 0) return contradicted(order, `more filled after ${order.state}`);
    if (ENDED.has(base) && base !== order.base) return contradicted(order, `${base} after ${order.state}`);
    // A rejected order never worked, so that here even an older word of its working is one too many.
    if (!ENDED.has(base) && (isLater === true || order.base === 'rejected'))
      return contradicted(order, `${base} after ${order.state}`);
    return base === order.base ? duplicate(order) : late(order);
  }
  if (growth < 0) {
    return isLater === true || ENDED.has(base) ? contradicted(order, 'less filled than before') : late(order);
  }
  if (isLater === false) return growth > 0 ? contradicted(order, 'an older state with more filled') : late(order);

  const isEnd = ENDED.has(base);
  const orderId = facts.orderId ?? order.orderId;
  const mark = facts.mark ?? order.mark;
  const isNews = base !== order.base || growth > 0 || orderId !== order.orderId;
  const next: Partial<Order> = {
    base,
    cancel: isEnd ? 'none' : order.cancel,
    orderId,
    mark,
    filled: facts.filled,
    leaves: isEnd ? ZERO : subtract(order.quantity, facts.filled),
    averagePrice: facts.averagePrice ?? (growth > 0 ? averageOf(order.fills, facts.filled) : order.averagePrice),
    reason: facts.reason,
  };
  return isNews ? applied(order, next) : { order: { ...order, mark }, outcome: 'duplicate' };
}

/** What is wrong with the facts by themselves, given the order's quantity. */
function flawOf(order: Order, facts: OrderFacts): string | undefined {
  const { status, filled: total, leaves } = facts;
  if (compare(total, ZERO) < 0 || compare(total, order.quantity) > 0) return 'filled beyond the quantity';
  const rest = subtract(order.quantity, total);
  if (status === 'filled') return isZero(rest) ? undefined : 'filled with a rest';
  if (ENDED.has(status)) return leaves === undefined || isZero(leaves) ? undefined : `${status} with leaves`;
  if (isZero(rest)) return `${status} with nothing left`;
  return leaves === undefined || compare(leaves, rest) === 0 ? undefined : 'filled + leaves is not the quantity';
}

/** A fill before the acknowledgement means that the order works; the count decides between open and partially filled. */
function baseOf({ status, filled: total }: OrderFacts): VenueState {
  if (ENDED.has(status)) return status;
  return isZero(total) ? 'open' : 'partially_filled';
}

/** Whether `a` is later than `b`; undefined where the two cannot be compared. The same mark is not later. */
function laterThan(a: Mark | undefined, b: Mark | undefined): boolean | undefined {
  return a === undefined || b === undefined || a.epoch !== b.epoch ? undefined : a.sequence > b.sequence;
}

/** The average of the fills that we saw, or undefined when we did not see all of them. */
function averageOf(fills: readonly Fill[], total: Decimal): Decimal | undefined {
  let quantity = ZERO;
  let notional = ZERO;
  for (const fill of fills) {
    quantity = add(quantity, fill.quantity);
    notional = add(notional, multiply(fill.price, fill.quantity));
  }
  return isZero(total) || compare(quantity, total) !== 0 ? undefined : divideDown(notional, quantity, AVERAGE_SCALE);
}

const ended = (base: 'rejected', reason: OrderReason): Partial<Order> => ({
  base,
  reason,
  cancel: 'none',
  leaves: ZERO,
});
const duplicate = (order: Order): Transition => ({ order, outcome: 'duplicate' });
const late = (order: Order): Transition => ({ order, outcome: 'late' });
const contradicted = (order: Order, contradiction: string): Transition => ({
  order: order.contradiction === contradiction ? order : { ...order, contradiction },
  outcome: 'refused',
});

function applied(order: Order, change: Partial<Order>): Transition {
  const next = { ...order, ...change };
  const state: OrderState = next.cancel !== 'none' && !ENDED.has(next.base) ? 'pending_cancel' : next.base;
  return { order: { ...next, state }, outcome: 'applied' };
}
