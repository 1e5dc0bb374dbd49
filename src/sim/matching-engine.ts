/**
 * Price-time priority for one symbol. The best price trades first and, at one price, who came first; a trade happens
 * at the price of the order that was there. An incoming order that meets one of its own owner is cancelled from there
 * on (cancel newest). Of an order that shows a part of itself only that part can trade, then it goes last. Stops wait
 * outside the book until the last price reaches them, then come in as if new.
 *
 * While it is paused, orders come and go and nothing trades. What has crossed by then trades at one price when an auction
 * ends (`uncross`), where an order counts with all that it leaves, and the rest keeps its place.
 *
 * Between two calls no queue is empty; unless it is paused, the book is not crossed either and no stop is due.
 * All numbers are safe integers: price units and whole shares.
 */
import type { BookSide } from '../book/book-side.js';
import { type AuctionGrid, uncrossing } from './auction.js';
import { type AuctionPair, pairsAt } from './auction-pairs.js';
import type { ChangedTerms, Order, OrderSide } from './order.js';
import { OrderQueue } from './order-queue.js';

/**
 * Why an order left without being filled. `ioc` stands for all that may not rest: market, ioc and fok; `would_take` for one
 * that must only add to the book and could not come back without trading; `linked` for an exit whose twin has ended.
 */
export type CancelReason = 'requested' | 'ioc' | 'expired' | 'self_trade' | 'would_take' | 'linked';

/** No call but `settled` may come back to the engine: it is in the middle of an act. */
export interface MatchListener {
  /** `maker` was resting, `taker` came to it. What they leave is already less. */
  filled(maker: Order, taker: Order, price: number, quantity: number, atMs: number): void;
  /** The order is done with its `leaves` unfilled. */
  cancelled(order: Order, reason: CancelReason, atMs: number): void;
  /** A stop is a stop no longer; what it does now is told next. */
  woken?(order: Order): void;
  /** One order has done what it does, and no stop has woken by it yet. */
  settled?(nowMs: number): void;
}

export class MatchingEngine {
  /** Counts every change of a level, so that a reader of the book can tell what it has missed. */
  sequence = 0;
  /** When the book last changed. */
  eventTime: number;
  /** The price of the last trade, in units: stops look at it. */
  lastPrice: number;

  readonly #bids = new OrderQueue('bid');
  readonly #asks = new OrderQueue('ask');
  readonly #listener: MatchListener;
  /** In the order they came, which is the order they wake in. */
  #waiting: Order[] = [];
  #arrivals = 0;
  #isPaused = false;

  constructor(listener: MatchListener, openingPrice: number, nowMs: number) {
    this.#listener = listener;
    this.lastPrice = openingPrice;
    this.eventTime = nowMs;
  }

  get bids(): BookSide {
    return this.#bids.side;
  }

  get asks(): BookSide {
    return this.#asks.side;
  }

  /** From now on nothing trades and no stop wakes. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on trading. What has crossed must have been traded before. */
  resume(nowMs: number): void {
    this.#isPaused = false;
    this.#wakeStops(nowMs);
  }

  /**
   * Trades all that has crossed, at one price, which becomes the last one: better prices first and, at one price, who came
   * first. Where two orders of one owner would meet, the later one is cancelled and the price is found anew, so that
   * nothing has traded at another.
   */
  uncross(grid: AuctionGrid, nowMs: number): void {
    for (let round = this.#nextRound(grid); round !== undefined; round = this.#nextRound(grid)) {
      const own = round.pairs.find(({ first, later }) => isSameOwner(first, later));
      if (own !== undefined) {
        this.cancel(own.later, 'self_trade', nowMs);
        continue;
      }
      this.lastPrice = round.price;
      for (const { first, later, quantity } of round.pairs) {
        this.#queueOf(first.side).fill(first, quantity);
        this.#queueOf(later.side).fill(later, quantity);
        this.#bookChanged(nowMs);
        this.#listener.filled(first, later, round.price, quantity, nowMs);
      }
    }
    this.#listener.settled?.(nowMs);
  }

  /** Takes a new order in and runs everything it sets off. */
  submit(order: Order, nowMs: number): void {
    if (order.place !== 'new') throw new Error('an order can be submitted once');
    if (order.stop !== undefined && (this.#isPaused || !this.#isDue(order))) {
      order.place = 'waiting';
      this.#waiting.push(order);
      return;
    }
    this.#enter(order, nowMs);
    this.#wakeStops(nowMs);
  }

  /** Ends a new order instead of taking it in. */
  refuse(order: Order, reason: CancelReason, nowMs: number): void {
    if (order.place !== 'new') throw new Error('only a new order can be refused');
    this.#end(order, reason, nowMs);
  }

  /**
   * Gives an order that rests or waits new terms. Only one that gets smaller and nothing else keeps its place; any other goes
   * last, or trades at once. `taken` is called when the terms stand and nothing has traded by them yet.
   * Throws when the order is done, or the quantity is not above what it has filled.
   */
  replace(order: Order, { quantity, limit, stop }: ChangedTerms, nowMs: number, taken: () => void): void {
    const { place } = order;
    const shrinkBy = order.quantity - quantity;
    if ((place !== 'resting' && place !== 'waiting') || shrinkBy >= order.leaves) {
      throw new Error('only an order that rests or waits can be changed, to above what it has filled');
    }
    if (limit === order.limit && stop === order.stop && shrinkBy >= 0) {
      order.quantity = quantity;
      if (place === 'waiting') order.leaves -= shrinkBy;
      else if (shrinkBy > 0) {
        this.#queueOf(order.side).shrink(order, shrinkBy);
        this.#bookChanged(nowMs);
      }
      return taken();
    }
    if (place === 'waiting') this.#waiting = this.#waiting.filter((other) => other !== order);
    else {
      this.#queueOf(order.side).remove(order);
      this.#bookChanged(nowMs);
    }
    order.place = 'new';
    order.quantity = quantity;
    order.leaves -= shrinkBy;
    order.limit = limit;
    order.stop = stop;
    taken();
    if (place === 'waiting') return this.submit(order, nowMs);
    // It is awake, whatever its stop says of the price now.
    this.#enter(order, nowMs);
    this.#wakeStops(nowMs);
  }

  /** Takes out an order that rests or waits. False when it is already done. */
  cancel(order: Order, reason: CancelReason, nowMs: number): boolean {
    if (order.place === 'waiting') this.#waiting = this.#waiting.filter((other) => other !== order);
    else if (order.place === 'resting') {
      this.#queueOf(order.side).remove(order);
      this.#bookChanged(nowMs);
    } else return false;
    this.#end(order, reason, nowMs);
    return true;
  }

  /** The worst price that a market order of this size would reach now, or undefined when nobody is there. */
  worstPrice(side: OrderSide, quantity: number): number | undefined {
    const opposite = this.#oppositeOf(side).side;
    let left = quantity;
    let worst: number | undefined;
    for (let i = 0; i < opposite.length && left > 0; i++) {
      worst = opposite.priceAt(i);
      left -= opposite.sizeAt(i);
    }
    return worst;
  }

  /** Whether an order at this price would meet anybody now. */
  wouldTake(side: OrderSide, limit: number): boolean {
    const opposite = this.#oppositeOf(side).side;
    return opposite.length > 0 && reaches({ side, limit }, opposite.priceAt(0));
  }

  /** What would trade now at one price, if anything. */
  #nextRound(grid: AuctionGrid): { readonly price: number; readonly pairs: readonly AuctionPair[] } | undefined {
    const found = uncrossing(this.#bids.wholeLevels(), this.#asks.wholeLevels(), this.lastPrice, grid);
    return found && { price: found.price, pairs: pairsAt(this.#bids, this.#asks, found.volume) };
  }

  #enter(order: Order, nowMs: number): void {
    if (this.#isPaused) return this.#rest(order, nowMs);
    if (order.timeInForce === 'fok' && !this.#isFillable(order)) return this.#end(order, 'ioc', nowMs);
    const opposite = this.#oppositeOf(order.side);
    while (order.leaves > 0 && !opposite.isEmpty) {
      const level = opposite.best;
      if (!reaches(order, level.price)) break;
      const maker = level.first;
      if (maker === undefined) throw new Error('a level without orders');
      if (isSameOwner(maker, order)) return this.#end(order, 'self_trade', nowMs);
      const quantity = Math.min(order.leaves, maker.shown);
      order.leaves -= quantity;
      if (order.leaves === 0) order.place = 'done';
      opposite.reduce(maker, quantity);
      this.#bookChanged(nowMs);
      this.lastPrice = level.price;
      this.#listener.filled(maker, order, level.price, quantity, nowMs);
    }
    if (order.leaves === 0) return;
    this.#rest(order, nowMs);
  }

  #rest(order: Order, nowMs: number): void {
    if (!mayRest(order)) return this.#end(order, 'ioc', nowMs);
    order.arrival = ++this.#arrivals;
    this.#queueOf(order.side).append(order);
    this.#bookChanged(nowMs);
  }

  /** One woken stop can move the price and wake the next; each wakes once, so this ends. */
  #wakeStops(nowMs: number): void {
    while (!this.#isPaused) {
      this.#listener.settled?.(nowMs);
      const due = this.#waiting.find((order) => this.#isDue(order));
      if (due === undefined) return;
      this.#waiting = this.#waiting.filter((order) => order !== due);
      this.#listener.woken?.(due);
      this.#enter(due, nowMs);
    }
  }

  /** To touch the stop is enough. */
  #isDue(order: Order): boolean {
    if (order.stop === undefined) return true;
    return order.side === 'buy' ? this.lastPrice >= order.stop : this.lastPrice <= order.stop;
  }

  /** Whether all of it would trade now, with what isn't shown. An order of the same owner on the way would stop it, so it counts as a wall. */
  #isFillable(order: Order): boolean {
    const opposite = this.#oppositeOf(order.side);
    let left = order.leaves;
    for (let i = 0; i < opposite.side.length; i++) {
      const level = opposite.levelAt(i);
      if (!reaches(order, level.price)) return false;
      let hidden = 0;
      for (let maker = level.first; maker !== undefined; maker = maker.after) {
        if (isSameOwner(maker, order)) return false;
        left -= maker.shown;
        if (left <= 0) return true;
        hidden += maker.leaves - maker.shown;
      }
      // What is not shown trades after everything that is, so a wall in the same queue stands before it.
      left -= hidden;
      if (left <= 0) return true;
    }
    return false;
  }

  #end(order: Order, reason: CancelReason, nowMs: number): void {
    order.place = 'done';
    this.#listener.cancelled(order, reason, nowMs);
  }

  #bookChanged(nowMs: number): void {
    this.sequence++;
    this.eventTime = nowMs;
  }

  #queueOf(side: OrderSide): OrderQueue {
    return side === 'buy' ? this.#bids : this.#asks;
  }

  #oppositeOf(side: OrderSide): OrderQueue {
    return side === 'buy' ? this.#asks : this.#bids;
  }
}

const reaches = (order: Pick<Order, 'side' | 'limit'>, price: number): boolean =>
  order.side === 'buy' ? price <= order.limit : price >= order.limit;

const mayRest = (order: Order): boolean =>
  (order.type === 'limit' || order.type === 'stop_limit') &&
  (order.timeInForce === 'day' || order.timeInForce === 'gtc');

const isSameOwner = (a: Order, b: Order): boolean => a.owner !== undefined && a.owner === b.owner;
