/** An order as the matching engine sees it: a side, a worst price, what is left, and its place in a queue. */

export type OrderSide = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit';
export type TimeInForce = 'day' | 'gtc' | 'ioc' | 'fok';

/**
 * `new` before the engine has it, `waiting` for its stop, `resting` in the book, `done` for good.
 * An order is in exactly one place: the stops, a level's queue, or nowhere.
 */
export type OrderPlace = 'new' | 'waiting' | 'resting' | 'done';

/** All orders of one price in the order they came. `total` is the sum of what they show. */
export interface Level {
  readonly price: number;
  total: number;
  first: Order | undefined;
  last: Order | undefined;
}

export interface OrderTerms {
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Whole shares. */
  readonly quantity: number;
  /** The worst price it may ever trade at, in price units. A market order has one as well: what its owner can pay. */
  readonly limit: number;
  /** The last price that wakes it, in price units; undefined for orders that don't wait. */
  readonly stop?: number | undefined;
  /** The most that it shows of itself at a time; undefined: all. */
  readonly display?: number | undefined;
  /** Two orders of one owner never trade with each other. The crowd has none: it is many. */
  readonly owner?: object | undefined;
}

/** What can be changed of an order that rests or waits. */
export type ChangedTerms = Pick<OrderTerms, 'quantity' | 'limit' | 'stop'>;

export class Order implements OrderTerms {
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  quantity: number;
  limit: number;
  stop: number | undefined;
  readonly display: number | undefined;
  readonly owner: object | undefined;
  /** What is not yet filled. A cancelled order keeps what it had left. */
  leaves: number;
  /** The part of `leaves` that stands in the public book while it rests. */
  shown = 0;
  place: OrderPlace = 'new';
  /** Rises with every order of a market that comes to rest: of two, the one with the larger number came later. */
  arrival = 0;
  level: Level | undefined;
  before: Order | undefined;
  after: Order | undefined;

  constructor(terms: OrderTerms) {
    this.side = terms.side;
    this.type = terms.type;
    this.timeInForce = terms.timeInForce;
    this.quantity = terms.quantity;
    this.limit = terms.limit;
    this.stop = terms.stop;
    this.display = terms.display;
    this.owner = terms.owner;
    this.leaves = terms.quantity;
  }
}
