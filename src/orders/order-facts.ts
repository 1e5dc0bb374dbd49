/**
 * What the venue says of an order, laid beside what is known of it. How far it has come is told by the mark, how its terms
 * stand by the revision: a change may be announced after a fill that counts on it.
 */
import { ZERO, add, compare, divideDown, isZero, multiply, parseDecimal, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Fill, Mark, Order, OrderFacts, OrderState, Transition, VenueState } from './order.js';

/** Decimals of an average that we work out ourselves, beyond those of the prices it is made of. */
const AVERAGE_SCALE = 8;

export const ENDED: ReadonlySet<OrderState> = new Set<OrderState>(['filled', 'cancelled', 'expired', 'rejected']);

const BEYOND = 'filled beyond the quantity';
const UNFILLED = 'filled with a rest';
const UNEQUAL = 'filled + leaves is not the quantity';
/** What a change that we have not heard of yet would explain. */
const EXPLICABLE: ReadonlySet<string | undefined> = new Set([BEYOND, UNFILLED, UNEQUAL]);

export const duplicate = (order: Order): Transition => ({ order, outcome: 'duplicate' });
export const late = (order: Order): Transition => ({ order, outcome: 'late' });
export const contradicted = (order: Order, contradiction: string): Transition => ({
  order: order.contradiction === contradiction ? order : { ...order, contradiction },
  outcome: 'refused',
});

export function applied(order: Order, change: Partial<Order>): Transition {
  const next = { ...order, ...change };
  return { order: { ...next, state: shownState(next) }, outcome: 'applied' };
}

function shownState({ base, cancel, amend }: Order): OrderState {
  if (ENDED.has(base)) return base;
  if (cancel !== 'none') return 'pending_cancel';
  return amend === 'none' ? base : 'pending_replace';
}

/** Takes a trade in. */
export function mergeFill(order: Order, fill: Fill, facts: OrderFacts): Transition {
  if (order.fills.some((known) => known.fillId === fill.fillId)) return duplicate(order);
  // Money has moved: the fill is kept even where the totals that came with it are old news or make no sense.
  const { order: next, outcome } = mergeFacts({ ...order, fills: [...order.fills, fill] }, facts);
  if (outcome === 'refused') return { order: next, outcome };
  return {
    order: { ...next, averagePrice: next.averagePrice ?? averageOf(next.fills, next.filled) },
    outcome: 'applied',
  };
}

/** Takes the venue's account of the whole order in. */
export function mergeFacts(order: Order, facts: OrderFacts): Transition {
  const isLater = laterThan(facts.mark, order.mark);
  const isOutdated = facts.revision !== undefined && facts.revision < order.revision;
  const isOld = isLater === false || (isOutdated && facts.mark === undefined);
  // What held before a change does not add up to what holds after it, and need not.
  const quantity = isOld ? undefined : quantityIn(order, facts);
  const flaw = flawOf(facts, quantity);
  if (flaw !== undefined) return contradicted(order, flaw);
  const growth = compare(facts.filled, order.filled);
  const base = baseOf(facts);

  if (ENDED.has(order.base) && order.reason?.by !== 'page') {
    if (growth > 0) return contradicted(order, `more filled after ${order.state}`);
    if (ENDED.has(base) && base !== order.base) return contradicted(order, `${base} after ${order.state}`);
    // A rejected order never worked, so that here even an older word of its working is one too many.
    if (!ENDED.has(base) && (isLater === true || order.base === 'rejected'))
      return contradicted(order, `${base} after ${order.state}`);
    return mergeTerms(order, facts) ?? (base === order.base ? duplicate(order) : late(order));
  }
  if (growth < 0) {
    return isLater === true || ENDED.has(base)
      ? contradicted(order, 'less filled than before')
      : (mergeTerms(order, facts) ?? late(order));
  }
  if (isOld || quantity === undefined) {
    return growth > 0
      ? contradicted(order, 'an older state with more filled')
      : (mergeTerms(order, facts) ?? late(order));
  }
  if (isOutdated) return contradicted(order, 'a change that was made is not there any more');

  const isEnd = ENDED.has(base);
  const next = {
    ...order,
    ...termsOf(order, facts),
    base,
    cancel: isEnd ? ('none' as const) : order.cancel,
    ...(isEnd ? ({ amend: 'none', asked: undefined } as const) : {}),
    quantity,
    orderId: facts.orderId ?? order.orderId,
    mark: facts.mark ?? order.mark,
    filled: facts.filled,
    leaves: isEnd ? ZERO : subtract(quantity, facts.filled),
    averagePrice: facts.averagePrice ?? (growth > 0 ? averageOf(order.fills, facts.filled) : order.averagePrice),
    reason: facts.reason,
  };
  const isNews =
    base !== order.base ||
    growth > 0 ||
    next.orderId !== order.orderId ||
    next.amend !== order.amend ||
    haveOtherTerms(next, order);
  return isNews ? applied(order, next) : { order: { ...order, mark: next.mark }, outcome: 'duplicate' };
}

/** Whether two states of an order differ in what was agreed. */
export const haveOtherTerms = (a: Order, b: Order): boolean =>
  a.revision !== b.revision ||
  compare(a.quantity, b.quantity) !== 0 ||
  a.limitPrice !== b.limitPrice ||
  a.stopPrice !== b.stopPrice;

/** Only the terms of facts that are otherwise old news: those of a higher revision are news all the same. */
function mergeTerms(order: Order, facts: OrderFacts): Transition | undefined {
  if (facts.revision === undefined || facts.revision <= order.revision) return undefined;
  const quantity = facts.quantity ?? order.quantity;
  const isEnd = ENDED.has(order.base);
  const room = compare(quantity, order.filled);
  if (room < 0 || (order.base === 'filled' ? room > 0 : !isEnd && room === 0)) return undefined;
  return applied(order, {
    ...termsOf(order, facts),
    quantity,
    leaves: isEnd ? ZERO : subtract(quantity, order.filled),
  });
}

/** The terms that facts tell beside the quantity, and what that means for a change that is under way. */
function termsOf(order: Order, facts: OrderFacts): Partial<Order> {
  const { revision = order.revision, limitPrice = order.limitPrice, stopPrice = order.stopPrice } = facts;
  const isSettled = order.asked !== undefined && revision >= order.asked.revision;
  const isExplained = revision > order.revision && EXPLICABLE.has(order.contradiction);
  return {
    revision,
    limitPrice,
    stopPrice,
    ...(isSettled ? ({ amend: 'none', asked: undefined } as const) : {}),
    ...(isExplained ? { contradiction: undefined } : {}),
  };
}

/**
 * The quantity that facts count on. Where they do not say, it is the one that is known, or, where only that adds up, the one
 * that was asked for: the change was made, and its announcement is still to come.
 */
function quantityIn(order: Order, facts: OrderFacts): Decimal {
  const { asked } = order;
  if (facts.quantity === undefined && (asked === undefined || flawOf(facts, order.quantity) === undefined)) {
    return order.quantity;
  }
  const changed = facts.quantity ?? (asked && parseDecimal(asked.quantity)) ?? order.quantity;
  // It was to become less than has filled meanwhile, and the venue calls it done.
  const isOvertaken =
    facts.status === 'filled' && compare(facts.filled, changed) > 0 && compare(facts.filled, order.quantity) <= 0;
  if (isOvertaken) return facts.filled;
  return facts.quantity ?? (flawOf(facts, changed) === undefined ? changed : order.quantity);
}

/** What is wrong with the facts by themselves, given the quantity that they count on, where that is known. */
function flawOf(facts: OrderFacts, quantity: Decimal | undefined): string | undefined {
  const { status, filled: total, leaves } = facts;
  if (compare(total, ZERO) < 0) return BEYOND;
  if (ENDED.has(status) && status !== 'filled' && leaves !== undefined && !isZero(leaves)) {
    return `${status} with leaves`;
  }
  if (quantity === undefined) return undefined;
  if (compare(quantity, ZERO) <= 0) return 'a quantity that is not above 0';
  if (compare(total, quantity) > 0) return BEYOND;
  const rest = subtract(quantity, total);
  if (status === 'filled') return isZero(rest) ? undefined : UNFILLED;
  if (ENDED.has(status)) return undefined;
  if (isZero(rest)) return `${status} with nothing left`;
  return leaves === undefined || compare(leaves, rest) === 0 ? undefined : UNEQUAL;
}

/** A fill before the acknowledgement means that the order works; the count decides between open and partially filled. */
function baseOf({ status, filled: total }: OrderFacts): VenueState {
  if (status !== 'open' && status !== 'partially_filled') return status;
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
