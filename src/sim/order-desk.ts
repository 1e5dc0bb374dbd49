/**
 * Where clients place orders. It takes each client order id once and for ever, and binds what an order may cost before
 * the engine sees it. An order that was acknowledged is on the account's private stream before anything it sets off.
 * Every act is kept before anybody hears of it; what cannot be kept is refused.
 */
import type { TradingPhase } from '../book/instrument.js';
import { compare, type Decimal, parseDecimal, toUnits } from '../book/decimal.js';
import { moneyText } from './account.js';
import { isExitId } from './bracket.js';
import { bindCash, type ClearingHouse, numberOf } from './clearing-house.js';
import { type Act, joinChanges, type MadeChange, type TicketRecord } from './act.js';
import type { ClientAccount, Ticket } from './client-account.js';
import { DeskOrder, type FeeRates } from './desk-order.js';
import type {
  AccountText,
  CancelResult,
  OrderChange,
  OrderRequest,
  OrderText,
  PlaceResult,
  PrivateEvent,
  Rejection,
  ReplaceRejectCode,
  ReplaceResult,
} from './desk-types.js';
import { PRICE_SCALE } from './instruments.js';
import type { Listing } from './listing.js';
import type { OrderTerms } from './order.js';
import { checkOrder, PriceRules } from './order-check.js';
import { OrderLimits } from './order-limits.js';
import { reject } from './order-rejection.js';

/** How far ahead `goodUntil` may lie: an order that is good for longer can be delayed for longer than anybody watches it. */
const MAX_GOOD_FOR_MS = 10_000;
/** Ids are kept for ever, so their number is bounded. */
const MAX_TICKETS_PER_ACCOUNT = 100_000;
/** So are the changes of one order by its client, for the same reason. */
const MAX_CHANGES = 1_000;

/** What was kept of the market, on its way back into it. */
interface KeptMarket {
  readonly phases: ReadonlyMap<string, TradingPhase>;
  /** Those that still work, in the order of their ids. */
  readonly orders: readonly DeskOrder[];
}

/** What a listing says of orders, read once. */
interface ListingRules {
  readonly prices: PriceRules;
  readonly limits: OrderLimits;
  readonly fees: FeeRates;
}

export class OrderDesk {
  readonly #listings: ReadonlyMap<string, Listing>;
  readonly #house: ClearingHouse;
  readonly #rules = new Map<Listing, ListingRules>();

  constructor(listings: ReadonlyMap<string, Listing>, house: ClearingHouse) {
    this.#listings = listings;
    this.#house = house;
  }

  /** Whether an act could not be kept. Nothing is done or told any more: the market must be started anew from what was. */
  get isBroken(): boolean {
    return this.#house.isBroken;
  }

  /** The account as it stands, opened if need be. Undefined when it cannot be opened now, or the desk is broken. */
  snapshot(
    name: string,
  ): { readonly epoch: string; readonly sequence: number; readonly data: AccountText } | undefined {
    const client = this.isBroken ? undefined : this.#open(name);
    return client && { epoch: client.epoch, sequence: client.sequence, data: client.toText() };
  }

  /** The events of an account after a number of this run, oldest first; undefined when they are not, or no longer, kept. */
  since(name: string, epoch: string, sequence: number): readonly PrivateEvent[] | undefined {
    const client = this.#find(name);
    return client?.epoch === epoch ? client.since(sequence) : undefined;
  }

  /** Calls back before the call returns that causes an event. Throws a RangeError when the account cannot be opened. */
  listen(name: string, listener: (event: PrivateEvent) => void): () => void {
    const client = this.#open(name);
    if (client === undefined) throw new RangeError('the account cannot be opened');
    return client.listen(listener);
  }

  place(request: OrderRequest, nowMs: number): PlaceResult {
    if (this.isBroken) return reject('overloaded', 'No orders can be kept any more.', undefined, true);
    const client = this.#open(request.account);
    if (client === undefined) return reject('overloaded', 'The account cannot be opened now.', undefined, true);
    const known = client.tickets.get(request.clientOrderId);
    if (known !== undefined) return repeat(client, known, request);
    if (isExitId(request.clientOrderId)) {
      return reject('not_permitted', 'Only the exchange gives an order an id with a dot.', undefined, true);
    }
    if (client.tickets.size >= MAX_TICKETS_PER_ACCOUNT) {
      // Said again it would be the same for ever.
      return reject('overloaded', 'This account has placed as many orders as the desk remembers.');
    }
    if (!this.#house.isReady) return reject('overloaded', 'No orders can be kept now.', undefined, true);
    const order = this.#accept(client, request, nowMs);
    if (order instanceof DeskOrder) this.#start(order, nowMs);
    else if (!order.retryable) {
      client.refuse({ request, order: undefined, orderId: this.#house.nextOrderId(), rejection: order, atMs: nowMs });
    }
    if (!this.#house.endAct()) return reject('internal', 'The order could not be kept.', undefined, true);
    return order instanceof DeskOrder ? { kind: 'accepted' } : order;
  }

  /** Gives a working order new terms, once for each revision. Nothing has changed when it is refused. */
  replace(change: OrderChange, nowMs: number): ReplaceResult {
    if (this.isBroken) return { kind: 'rejected', code: 'overloaded' };
    const client = this.#house.find(change.account);
    const ticket = client?.tickets.get(change.clientOrderId);
    if (client === undefined || ticket === undefined) return { kind: 'rejected', code: 'unknown_order' };
    const { order } = ticket;
    if (order === undefined) return { kind: 'rejected', code: 'too_late', status: 'rejected' };
    const made = order.changeOf(change.revision);
    if (made !== undefined && isSameChange(made, change)) {
      const { epoch, sequence } = client;
      return { kind: 'duplicate', epoch, sequence, data: order.toReplaced(true) };
    }
    if (!this.#house.isReady) return { kind: 'rejected', code: 'overloaded', status: order.status };
    const terms = this.#checkChange(order, change);
    if (typeof terms === 'string') return { kind: 'rejected', code: terms, status: order.status };
    const { symbol } = order.request;
    const more = terms.quantity - order.quantity;
    if (order.side === 'sell') client.account.reserveShares(symbol, more);
    this.#listingOf(order).engine.replace(order, terms, nowMs, () => {
      order.addChange(change, nowMs);
      bindCash(order);
      client.publish({ type: 'order_replaced', data: order.toReplaced(false) });
      client.publishBalance(symbol, { orderId: order.id });
    });
    if (!this.#house.endAct()) return { kind: 'rejected', code: 'internal', status: order.status };
    return { kind: 'replaced' };
  }

  cancel(name: string, clientOrderId: string, nowMs: number): CancelResult {
    if (this.isBroken) return { kind: 'rejected', code: 'overloaded' };
    const ticket = this.#house.find(name)?.tickets.get(clientOrderId);
    if (ticket === undefined) return { kind: 'rejected', code: 'unknown_order' };
    const { order } = ticket;
    if (order !== undefined && order.place !== 'done' && !this.#house.isReadyToEnd) {
      return { kind: 'rejected', code: 'overloaded', status: order.status };
    }
    if (order !== undefined && this.#listingOf(order).engine.cancel(order, 'requested', nowMs)) {
      this.#house.settled(this.#listingOf(order), nowMs);
      return this.#house.endAct() ? { kind: 'cancelled' } : { kind: 'rejected', code: 'internal' };
    }
    const status = order === undefined ? 'rejected' : order.status;
    return { kind: 'rejected', code: status === 'cancelled' ? 'already_cancelled' : 'too_late', status };
  }

  /** The order of an id, whatever became of it. Undefined as well when the desk is broken. */
  query(name: string, clientOrderId: string): OrderText | undefined {
    const ticket = this.#find(name)?.tickets.get(clientOrderId);
    if (ticket === undefined) return undefined;
    return ticket.order === undefined ? rejectedText(ticket) : ticket.order.toText();
  }

  /** Ends the day orders of a symbol. */
  expireDay(listing: Listing, nowMs: number): void {
    for (const client of this.#house.clients) {
      for (const order of [...client.working]) {
        const isDue = order.request.symbol === listing.symbol && order.timeInForce === 'day';
        if (isDue) listing.engine.cancel(order, 'expired', nowMs);
      }
    }
    this.#house.settled(listing, nowMs);
  }

  /** The new terms for the engine, or the rule that they break. */
  #checkChange(order: DeskOrder, change: OrderChange): OrderTerms | ReplaceRejectCode {
    const { client, request } = order;
    if (change.revision <= order.revision) return 'revision_conflict';
    if (order.place !== 'resting' && order.place !== 'waiting') return 'too_late';
    if (change.revision > order.revision + 1) return 'revision_conflict';
    if (order.changes.length >= MAX_CHANGES) return 'not_permitted';
    const listing = this.#listingOf(order);
    const { quantity, limitPrice, stopPrice } = change;
    const wish = { ...request, quantity, limitPrice, stopPrice };
    const { prices, limits } = this.#rulesOf(listing);
    const wished = checkOrder(wish, listing, prices, limits);
    if ('kind' in wished) return wished.code as ReplaceRejectCode;
    const broken = order.entry && brokenExit(order, wished);
    if (broken !== undefined) return broken;
    const filled = order.quantity - order.leaves;
    if (wished.quantity <= filled) return 'too_late';
    const isAwake = order.place === 'resting';
    // An order that is awake waits for nothing any more, and after a restart the engine does not know what for it did.
    if (isAwake && wished.stop !== stopOf(order)) return 'bad_price';
    const terms = isAwake ? { ...wished, stop: order.stop } : wished;
    const needed = order.cashFor(terms.quantity - filled, terms.limit);
    if (needed - order.boundCash > client.account.availableCash) return 'insufficient_funds';
    const isShort = terms.quantity - order.quantity > client.account.availableSharesOf(request.symbol);
    return order.side === 'sell' && isShort ? 'insufficient_position' : terms;
  }

  /**
   * Takes over what was kept, and lets each listing go on from its last price. The orders that still work are not in the
   * market before `goOn`. Throws when a symbol is no longer listed.
   */
  restore(kept: Iterable<Act>, nowMs: number): KeptMarket {
    const working = new Map<string, DeskOrder>();
    const phases = new Map<string, TradingPhase>();
    const prices = new Map<string, number>();
    for (const { house, accounts } of kept) {
      this.#house.restore(house);
      for (const [symbol, phase] of Object.entries(house.phases ?? {})) phases.set(symbol, phase);
      for (const [symbol, price] of Object.entries(house.prices ?? {})) prices.set(symbol, price);
      for (const record of accounts) {
        const symbol = Object.keys(record.holdings).find((name) => !this.#listings.has(name));
        if (symbol !== undefined) throw new RangeError(`account ${record.name} has ${symbol}, which is not listed`);
        const client = this.#house.restoreAccount(record);
        for (const ticket of record.tickets) this.#restoreTicket(client, ticket, working, nowMs);
      }
    }
    const orders = [...working.values()].sort((a, b) => numberOf(a.id) - numberOf(b.id));
    this.#joinExits();
    for (const order of orders) {
      order.client.working.add(order);
      if (order.side === 'buy') bindCash(order);
      else if (order.entry !== undefined) {
        order.client.account.reserveShares(order.request.symbol, order.entry.bracket?.adopt(order) ?? 0);
      } else order.client.account.reserveShares(order.request.symbol, order.leaves);
    }
    this.#house.issueNewShares();
    for (const [symbol, price] of prices) this.#listings.get(symbol)?.openAt(price);
    return { phases, orders };
  }

  /**
   * Puts each symbol into the phase that was kept, then lets the orders come in behind the crowd, in the order of their ids:
   * what meets somebody trades where the phase lets it, or ends where it is post-only. Throws when it cannot be kept.
   */
  goOn({ phases, orders }: KeptMarket, nowMs: number): void {
    // Before the orders: only where trading goes on may they meet anybody.
    for (const [symbol, phase] of phases) this.#listings.get(symbol)?.setPhase(phase, nowMs);
    for (const order of orders) {
      // An exit may have ended with its twin before its turn came.
      if (order.place !== 'new') continue;
      const { engine } = this.#listingOf(order);
      // The crowd is another one than it was when the order came.
      const isLate = order.request.postOnly === true && engine.wouldTake(order.side, order.limit);
      if (isLate) engine.refuse(order, 'would_take', nowMs);
      else engine.submit(order, nowMs);
    }
    if (!this.#house.endAct()) throw new Error('what the market begins with could not be kept');
  }

  /** Ids that are given out go on after the highest. */
  #restoreTicket(
    client: ClientAccount,
    { request, orderId, order: kept, refusal, exit }: TicketRecord,
    working: Map<string, DeskOrder>,
    nowMs: number,
  ): void {
    this.#house.knowOrderId(orderId);
    working.delete(orderId);
    if (refusal !== undefined) {
      client.tickets.set(request.clientOrderId, { request, order: undefined, orderId, ...refusal });
    } else if (kept !== undefined) {
      const listing = this.#listings.get(request.symbol);
      if (listing === undefined) throw new RangeError(`order ${orderId} is of ${request.symbol}, which is not listed`);
      const order = new DeskOrder(client, orderId, request, kept.terms, this.#rulesOf(listing).fees, nowMs, exit);
      const known = client.tickets.get(request.clientOrderId)?.order?.changes ?? [];
      order.restore({ ...kept, changes: joinChanges(known, kept.changes) });
      client.tickets.set(request.clientOrderId, { request, order });
      if (kept.isWorking) working.set(orderId, order);
    }
  }

  /** Finds every exit its entry again. */
  #joinExits(): void {
    for (const { tickets } of this.#house.clients) {
      for (const { order } of tickets.values()) {
        if (order?.exit === undefined) continue;
        const entry = tickets.get(order.exit.parent)?.order;
        if (entry?.bracket === undefined) throw new Error(`exit ${order.id} has no entry`);
        order.entry = entry;
        entry.bracket.pairs = Math.max(entry.bracket.pairs, order.exit.pair);
      }
    }
  }

  /** An account, as long as what is in memory is what was kept. */
  #find(name: string): ClientAccount | undefined {
    return this.isBroken ? undefined : this.#house.find(name);
  }

  /** The account, opened and kept if need be. Undefined when it cannot be opened now. */
  #open(name: string): ClientAccount | undefined {
    const known = this.#house.find(name);
    if (known !== undefined) return known;
    if (!this.#house.isReady) return undefined;
    const client = this.#house.open(name);
    return this.#house.endAct() ? client : undefined;
  }

  /** Checks everything and binds what the order may cost. Nothing has changed when it is refused. */
  #accept(client: ClientAccount, request: OrderRequest, nowMs: number): DeskOrder | Rejection {
    const { symbol, goodUntil } = request;
    const listing = this.#listings.get(symbol);
    if (listing === undefined) return reject('unknown_symbol', 'No such symbol is listed.', { symbol });
    if (goodUntil !== undefined && nowMs > goodUntil) {
      return reject('too_late', 'The order came after the time it was good for.', { goodUntil, now: nowMs });
    }
    if (goodUntil !== undefined && goodUntil > nowMs + MAX_GOOD_FOR_MS) {
      const message = `goodUntil is more than ${MAX_GOOD_FOR_MS / 1_000} s ahead of the clock of the exchange.`;
      return reject('not_permitted', message, { goodUntil, now: nowMs }, true);
    }
    const rules = this.#rulesOf(listing);
    const terms = checkOrder(request, listing, rules.prices, rules.limits);
    if ('kind' in terms) return terms;

    const order = new DeskOrder(client, this.#house.nextOrderId(), request, terms, rules.fees, nowMs);
    const { account } = client;
    if (order.side === 'buy') {
      const available = account.availableCash;
      const required = order.cashToBind;
      if (required > available) {
        const details = { available: moneyText(available), required: moneyText(required) };
        return reject('insufficient_funds', 'The account has not enough cash for this order.', details);
      }
      bindCash(order);
    } else {
      const available = account.availableSharesOf(symbol);
      if (order.quantity > available) {
        const details = { available: String(available), required: String(order.quantity) };
        return reject('insufficient_position', 'The account has not enough shares for this order.', details);
      }
      account.reserveShares(symbol, order.quantity);
    }
    return order;
  }

  #start(order: DeskOrder, nowMs: number): void {
    const { client, request } = order;
    client.tickets.set(request.clientOrderId, { request, order });
    client.working.add(order);
    client.publish({ type: 'order_ack', data: order.toAck(false) });
    client.publishBalance(request.symbol, { orderId: order.id });
    this.#listingOf(order).engine.submit(order, nowMs);
  }

  #listingOf(order: DeskOrder): Listing {
    const listing = this.#listings.get(order.request.symbol);
    if (listing === undefined) throw new Error(`order ${order.id} is of a symbol that is not listed`);
    return listing;
  }

  #rulesOf(listing: Listing): ListingRules {
    let rules = this.#rules.get(listing);
    if (rules === undefined) {
      rules = { prices: new PriceRules(listing), limits: new OrderLimits(listing), fees: feesOf(listing) };
      this.#rules.set(listing, rules);
    }
    return rules;
  }
}

/** An id that is known is never an order again. */
const repeat = (client: ClientAccount, known: Ticket, request: OrderRequest): PlaceResult => {
  if (!isSameWish(known.request, request)) {
    return reject('duplicate_conflict', 'This client order id belongs to another order, which stands.');
  }
  if (known.order === undefined) return known.rejection;
  return { kind: 'duplicate', epoch: client.epoch, sequence: client.sequence, data: known.order.toAck(true) };
};

/** Everything that makes the order what it is. `goodUntil` is about the message and may differ. */
const isSameWish = (a: OrderRequest, b: OrderRequest): boolean =>
  a.symbol === b.symbol &&
  a.side === b.side &&
  a.orderType === b.orderType &&
  isSameNumber(a.quantity, b.quantity) &&
  isSameNumber(a.limitPrice, b.limitPrice) &&
  isSameNumber(a.stopPrice, b.stopPrice) &&
  a.timeInForce === b.timeInForce &&
  a.postOnly === b.postOnly &&
  isSameNumber(a.displayQuantity, b.displayQuantity) &&
  isSameNumber(a.takeProfit, b.takeProfit) &&
  isSameNumber(a.stopLoss, b.stopLoss);

type NumberText = string | null | undefined;

/** However a number is written: who sends an order again may have made its text anew. */
const isSameNumber = (a: NumberText, b: NumberText): boolean => {
  if (a === b) return true;
  const [one, other] = [parseDecimal(a ?? ''), parseDecimal(b ?? '')];
  return one !== undefined && other !== undefined && compare(one, other) === 0;
};

/** An exit is as large as its pair, and stays on its side of its twin. */
const brokenExit = (exit: DeskOrder, { quantity, limit, stop }: OrderTerms): ReplaceRejectCode | undefined => {
  if (quantity !== exit.quantity) return 'not_permitted';
  const twin = exit.entry?.bracket?.pair?.exits.find((other) => other !== exit);
  if (twin === undefined) return undefined;
  const [target, trigger] = stop === undefined ? [limit, twin.stop] : [twin.limit, stop];
  return trigger !== undefined && trigger >= target ? 'bad_price' : undefined;
};

/** What it was asked to wait for. */
const stopOf = ({ terms: { stopPrice } }: DeskOrder): number | undefined =>
  stopPrice === null ? undefined : toUnits(stopPrice, PRICE_SCALE);

const isSameChange = (a: MadeChange, b: OrderChange): boolean =>
  isSameNumber(a.quantity, b.quantity) &&
  isSameNumber(a.limitPrice, b.limitPrice) &&
  isSameNumber(a.stopPrice, b.stopPrice);

/** Throws a TypeError when a fee is no decimal, or below 0: a rebate could take more than the house has. */
const feesOf = ({ instrument }: Listing): FeeRates => {
  const read = (name: 'takerFee' | 'makerFee'): Decimal => {
    const rate = parseDecimal(instrument[name] ?? '0');
    if (rate === undefined || rate.units < 0n) {
      throw new TypeError(`${instrument.symbol}: ${name} must be a decimal not below 0`);
    }
    return rate;
  };
  const [taker, maker] = [read('takerFee'), read('makerFee')];
  const scale = Math.max(taker.scale, maker.scale);
  const unitsOf = (rate: Decimal): bigint => rate.units * 10n ** BigInt(scale - rate.scale);
  return { taker: unitsOf(taker), maker: unitsOf(maker), denominator: 10n ** BigInt(scale) };
};

const rejectedText = ({ request, orderId, rejection, atMs }: Extract<Ticket, { order: undefined }>): OrderText => ({
  clientOrderId: request.clientOrderId,
  orderId,
  symbol: request.symbol,
  side: request.side,
  orderType: request.orderType,
  quantity: request.quantity,
  limitPrice: request.limitPrice,
  stopPrice: request.stopPrice,
  timeInForce: request.timeInForce,
  cumQuantity: '0',
  leavesQuantity: '0',
  averagePrice: null,
  revision: 0,
  ...(request.postOnly && { postOnly: request.postOnly }),
  ...(request.displayQuantity !== undefined && { displayQuantity: request.displayQuantity }),
  ...(request.takeProfit !== undefined && { takeProfit: request.takeProfit }),
  ...(request.stopLoss !== undefined && { stopLoss: request.stopLoss }),
  status: 'rejected',
  reason: rejection.code,
  timestamp: atMs,
});
