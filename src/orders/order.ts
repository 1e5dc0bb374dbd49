/**
 * One order's life, as a pure reducer: an order and an event give the next order. It never reads a clock and never talks.
 *
 * What always holds: while the order works, quantity = filled + leaves; once it has ended, leaves = 0 and no event brings
 * it back; what is filled never falls. Events may come twice, late or out of turn, and some may never come, so each
 * one carries totals (cumulative, not differences) and the later of two states is told by its mark, never by arrival.
 * Terms are changed by the venue's word alone: until it says `replaced` the order trades on what it had before.
 */
import { ZERO, add, compare, isZero, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import { ENDED, applied, contradicted, duplicate, late, mergeFacts, mergeFill } from './order-facts.js';

export type OrderSide = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit';
export type TimeInForce = 'day' | 'gtc' | 'ioc' | 'fok';

/** What was first asked of the venue. Never changes: what holds now is in `Order`. Numbers are exact decimal text. */
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
  /** The limit at which the venue shall end the position again, as it fills. Absent: none. */
  readonly takeProfit?: string;
  /** The price at which it shall end it at the market. Absent: none. The end of one of the two ends the other. */
  readonly stopLoss?: string;
  /** Of an exit that the venue made: the client order id of its entry. Never of an order that is sent. */
  readonly parent?: string;
  /** When it was made, milliseconds since 1970 by this machine's clock. */
  readonly createdAt: number;
  /** Venue time in milliseconds after which the venue must refuse it; absent where the gateway has no venue time. */
  readonly goodUntil?: number;
}

/** A change of an order: all its terms as they shall be. */
export interface OrderChange {
  /** The number that the change makes: the last known one + 1, so that a change that was overtaken is refused. */
  readonly revision: number;
  /** The whole quantity, with what has filled. Exact decimal text. */
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
}

/** What the venue says of an order. `suspended` and `done_for_day` are no ends: it may trade again. The last four never change. */
export type VenueState = (typeof VENUE_STATES)[number];

export const VENUE_STATES = [
  'open',
  'partially_filled',
  'suspended',
  'done_for_day',
  'filled',
  'cancelled',
  'expired',
  'rejected',
] as const;

/**
 * What the page shows of an order. Five states exist only here: `submitting` (not yet handed over), `pending_new` (handed
 * over, no answer), `unknown` (no answer came: neither placed nor failed), `pending_replace` and, before it where both are
 * under way, `pending_cancel`.
 */
export type OrderState = VenueState | 'submitting' | 'pending_new' | 'unknown' | 'pending_cancel' | 'pending_replace';

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
  /** What was first asked. */
  readonly request: OrderRequest;
  /** The whole quantity as it holds now. */
  readonly quantity: Decimal;
  /** The limit as it holds now; null where there is none. */
  readonly limitPrice: string | null;
  /** The trigger as it holds now; null where there is none. */
  readonly stopPrice: string | null;
  /** How often its terms were changed. */
  readonly revision: number;
  /** What to show. Follows from `base`, `cancel` and `amend`. */
  readonly state: OrderState;
  /** The state without regard to a cancel or a change that is under way. */
  readonly base: Exclude<OrderState, 'pending_cancel' | 'pending_replace'>;
  /** `unsure`: a cancel was sent and no answer came. */
  readonly cancel: 'none' | 'sent' | 'unsure';
  /** `unsure`: a change was sent and no answer came. */
  readonly amend: 'none' | 'sent' | 'unsure';
  /** The change that is under way; undefined exactly when `amend` is `none`. */
  readonly asked: OrderChange | undefined;
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
  /** The terms as they hold, and how often they were changed. Left out where that is not told. */
  readonly quantity?: Decimal;
  readonly limitPrice?: string | null;
  readonly stopPrice?: string | null;
  readonly revision?: number;
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
  | { readonly type: 'replace_sent'; readonly change: OrderChange }
  /** The terms were changed: by the change that is under way where the facts name none. */
  | { readonly type: 'replaced'; readonly facts: OrderFacts }
  | { readonly type: 'replace_reject'; readonly code: string }
  | { readonly type: 'timeout'; readonly of: 'place' | 'cancel' | 'replace' }
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

const WORKING: ReadonlySet<OrderState> = new Set<OrderState>(['open', 'partially_filled', 'suspended', 'done_for_day']);
const UNANSWERED: ReadonlySet<OrderState> = new Set<OrderState>(['submitting', 'pending_new', 'unknown']);

/** Whether nothing more can happen to it. */
export const isEnded = (order: Order): boolean => ENDED.has(order.state);
/** Whether the venue has yet to say anything of it. */
export const isUnanswered = (order: Order): boolean => UNANSWERED.has(order.base);
/** Whether it rests at the venue, as far as is known. */
export const isWorking = (order: Order): boolean => WORKING.has(order.base);

/** An order that has been made and not yet sent. Throws `RangeError` when the quantity is not a positive decimal. */
export function createOrder(request: OrderRequest): Order {
  const quantity = parseDecimal(request.quantity);
  if (quantity === undefined || compare(quantity, ZERO) <= 0) {
    throw new RangeError(`order quantity must be a decimal above 0, got "${request.quantity}"`);
  }
  return {
    request,
    quantity,
    limitPrice: request.limitPrice,
    stopPrice: request.stopPrice,
    revision: 0,
    state: 'submitting',
    base: 'submitting',
    cancel: 'none',
    amend: 'none',
    asked: undefined,
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
        ? applied(order, rejection({ code: event.code, message: event.message, by: 'page' }))
        : late(order);
    case 'timeout':
      return timedOut(order, event.of);
    case 'never_arrived':
      if (isWorking(order)) return contradicted(order, FORGOTTEN);
      return order.base === 'unknown'
        ? applied(order, rejection({ code: 'never_arrived', message: '', by: 'page' }))
        : late(order);
    case 'reject':
      return rejected(order, { code: event.code, message: event.message, by: 'venue' });
    case 'cancel_sent':
      if (isEnded(order)) return late(order);
      return order.cancel === 'sent' ? duplicate(order) : applied(order, { cancel: 'sent' });
    case 'cancel_reject':
      // A failed cancel never brings a finished order back.
      return order.cancel === 'none' || isEnded(order) ? late(order) : applied(order, { cancel: 'none' });
    case 'replace_sent':
      if (!isWorking(order)) return late(order);
      return order.amend === 'sent' ? duplicate(order) : applied(order, { amend: 'sent', asked: event.change });
    case 'replace_reject':
      return order.amend === 'none' ? late(order) : applied(order, SETTLED);
    case 'replaced':
      return replaced(order, event.facts);
    case 'fill':
      return mergeFill(order, event.fill, event.facts);
    case 'status':
      return status(order, event.facts);
    case 'ack':
    case 'cancelled':
      return mergeFacts(order, event.facts);
  }
}

/** What does not hold of an order, or undefined when all is well. For tests and for a desk that distrusts itself. */
export function brokenInvariant(order: Order): string | undefined {
  if (compare(order.filled, order.quantity) > 0) return 'filled above quantity';
  if ((order.amend === 'none') !== (order.asked === undefined)) return 'a change under way that nobody asked for';
  if (isEnded(order)) {
    if (order.amend !== 'none') return 'an ended order is being changed';
    return isZero(order.leaves) ? undefined : 'an ended order has leaves';
  }
  if (compare(add(order.filled, order.leaves), order.quantity) !== 0) return 'filled + leaves is not the quantity';
  if (order.base === 'partially_filled' && isZero(order.filled)) return 'partially filled with nothing';
  return undefined;
}

const SETTLED = { amend: 'none', asked: undefined } as const;

function timedOut(order: Order, of: 'place' | 'cancel' | 'replace'): Transition {
  if (of === 'cancel') {
    return order.cancel === 'sent' && !isEnded(order) ? applied(order, { cancel: 'unsure' }) : late(order);
  }
  if (of === 'replace') return order.amend === 'sent' ? applied(order, { amend: 'unsure' }) : late(order);
  return order.base === 'submitting' || order.base === 'pending_new'
    ? applied(order, { base: 'unknown' })
    : late(order);
}

function rejected(order: Order, reason: OrderReason): Transition {
  if (order.base === 'rejected') return duplicate(order);
  if (!UNANSWERED.has(order.base)) return contradicted(order, `rejected (${reason.code}) after ${order.base}`);
  return applied(order, rejection(reason));
}

/** A venue that does not number changes, or repeat terms, means those that were asked for. */
function replaced(order: Order, facts: OrderFacts): Transition {
  const { asked } = order;
  const quantity = asked && parseDecimal(asked.quantity);
  if (asked === undefined || quantity === undefined) return mergeFacts(order, facts);
  const { revision, limitPrice, stopPrice } = asked;
  return mergeFacts(order, { revision, quantity, limitPrice, stopPrice, ...facts });
}

/** How an order stands settles what nobody answered: what is not done by now was lost. */
function status(order: Order, facts: OrderFacts): Transition {
  const merged = mergeFacts(order, facts);
  const { cancel, amend, asked } = merged.order;
  if (merged.outcome === 'refused' || !isWorking(merged.order)) return merged;
  // Where the answer does not tell the terms, nothing is known of the change.
  const isChangeTold = facts.revision !== undefined || facts.quantity !== undefined;
  const isCancelLost = cancel === 'unsure';
  const isChangeSettled = amend === 'unsure' && asked !== undefined && isChangeTold;
  if (!isCancelLost && !isChangeSettled) return merged;
  return applied(merged.order, { ...(isCancelLost ? { cancel: 'none' } : {}), ...(isChangeSettled ? SETTLED : {}) });
}

const rejection = (reason: OrderReason): Partial<Order> => ({
  base: 'rejected',
  reason,
  cancel: 'none',
  ...SETTLED,
  leaves: ZERO,
});
