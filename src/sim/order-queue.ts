/**
 * One side of a book order by order: a first-in, first-out queue for each price. The sum of every queue stands in a
 * `BookSide`, which is all that the market publishes; the two never differ between calls. An order that shows a part of itself
 * counts with that part; once it is filled, the next goes last in the queue.
 */
import { BookSide } from '../book/book-side.js';
import type { Side } from '../book/side.js';
import type { AuctionLevel } from './auction.js';
import type { Level, Order } from './order.js';

export class OrderQueue {
  readonly side: BookSide;
  readonly #levels = new Map<number, Level>();

  constructor(side: Side) {
    this.side = new BookSide(side);
  }

  get isEmpty(): boolean {
    return this.side.length === 0;
  }

  /** The best level. Only to be asked of a side that is not empty. */
  get best(): Level {
    return this.levelAt(0);
  }

  /** The level `i` places from the best. */
  levelAt(i: number): Level {
    const level = this.#levels.get(this.side.priceAt(i));
    if (level === undefined) throw new Error(`no queue at ${this.side.priceAt(i)}: queues and levels differ`);
    return level;
  }

  /** Every order, in the order in which they would trade. */
  *orders(): Generator<Order> {
    for (let i = 0; i < this.side.length; i++) {
      for (let order = this.levelAt(i).first; order !== undefined; order = order.after) yield order;
    }
  }

  /** Best first, with what isn't shown. */
  wholeLevels(): AuctionLevel[] {
    const levels: { readonly price: number; quantity: number }[] = [];
    for (const { limit, leaves } of this.orders()) {
      const last = levels.at(-1);
      if (last?.price === limit) last.quantity += leaves;
      else levels.push({ price: limit, quantity: leaves });
    }
    return levels;
  }

  /** Puts an order last in the queue of its limit. */
  append(order: Order): void {
    let level = this.#levels.get(order.limit);
    if (level === undefined) {
      level = { price: order.limit, total: 0, first: undefined, last: undefined };
      this.#levels.set(order.limit, level);
    }
    order.place = 'resting';
    this.#link(order, level);
    this.#resize(level, order.shown);
  }

  /** Takes a quantity that is shown off a resting order, and the order out of its queue once nothing is left. */
  reduce(order: Order, quantity: number): void {
    const level = order.level;
    if (level === undefined) throw new Error('only a resting order can be reduced');
    const { shown } = order;
    order.leaves -= quantity;
    order.shown -= quantity;
    if (order.shown === 0) {
      this.#unlink(order, level);
      if (order.leaves > 0) this.#link(order, level);
      else order.place = 'done';
    }
    this.#resize(level, order.shown - shown);
  }

  /** Makes a resting order smaller, in its place. Something must be left. */
  shrink(order: Order, quantity: number): void {
    const level = order.level;
    if (level === undefined || quantity >= order.leaves) throw new Error('only a resting order can shrink, to above 0');
    const { shown } = order;
    order.leaves -= quantity;
    order.shown = Math.min(shown, order.leaves);
    this.#resize(level, order.shown - shown);
  }

  /** Takes a quantity off a resting order, shown or not, which keeps its place while something is left. */
  fill(order: Order, quantity: number): void {
    if (quantity < order.leaves) return this.shrink(order, quantity);
    this.remove(order);
    order.leaves = 0;
  }

  /** Takes an order out with all that it leaves. */
  remove(order: Order): void {
    const level = order.level;
    if (level === undefined) throw new Error('only a resting order can be removed');
    this.#unlink(order, level);
    order.place = 'done';
    this.#resize(level, -order.shown);
    order.shown = 0;
  }

  /** Puts it last, with as much shown as it may. */
  #link(order: Order, level: Level): void {
    order.shown = Math.min(order.display ?? order.leaves, order.leaves);
    order.level = level;
    order.before = level.last;
    if (level.last === undefined) level.first = order;
    else level.last.after = order;
    level.last = order;
  }

  #unlink(order: Order, level: Level): void {
    if (order.before === undefined) level.first = order.after;
    else order.before.after = order.after;
    if (order.after === undefined) level.last = order.before;
    else order.after.before = order.before;
    order.level = order.before = order.after = undefined;
  }

  #resize(level: Level, change: number): void {
    level.total += change;
    if (level.total === 0) this.#levels.delete(level.price);
    this.side.set(level.price, level.total);
  }
}
