import { compare } from '../../book/decimal.js';
import type { DeskChange } from '../../orders/desk-types.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import type { Order } from '../../orders/order.js';
import type { Saying } from '../order-panel/order-news.js';

/** More changes at once than this are counted, not read out. */
const MOST_SAID = 3;

/** Something that happened to an order. */
export interface OrderNewsItem {
  readonly order: Order;
  /** A cancel or change of it was refused. */
  readonly refusal: DeskChange['refusal'];
}

/** What is said of changes to those who listen: one line, with all that has changed since the last was written. */
export class ListNews {
  readonly #fresh = new Map<string, OrderNewsItem>();
  #desk: OrderDesk | undefined;
  #refused: OrderNewsItem | undefined;
  #spoken: Saying = { text: '', turn: 0 };

  /** The line. It stands until there is another one. */
  get spoken(): Saying {
    return this.#spoken;
  }

  /** The last cancel or change that was refused, until its order changes again. */
  get refused(): OrderNewsItem | undefined {
    return this.#refused;
  }

  /** Speaks of the orders of this desk from now on. */
  follow(desk: OrderDesk | undefined): void {
    if (desk === this.#desk) return;
    this.#desk = desk;
    this.#fresh.clear();
    this.#refused = undefined;
  }

  /** Takes a change in. What only got a number or a time anew is not said, nor what is said elsewhere. */
  take({ order, previous, refusal }: DeskChange, isSaidElsewhere: boolean): void {
    if (order === undefined) return;
    const id = order.request.clientOrderId;
    const hasChanged =
      previous?.state !== order.state ||
      previous.contradiction !== order.contradiction ||
      compare(previous.filled, order.filled) !== 0;
    if (refusal) this.#refused = { order, refusal };
    else if (this.#refused?.order.request.clientOrderId === id && hasChanged) this.#refused = undefined;
    if ((refusal || hasChanged) && !isSaidElsewhere) this.#fresh.set(id, { order, refusal });
  }

  /** Writes the line anew where there is something to say. */
  write(textOf: (item: OrderNewsItem) => string): void {
    if (this.#fresh.size === 0) return;
    const items = [...this.#fresh.values()];
    this.#fresh.clear();
    const text = items.length > MOST_SAID ? `${items.length} orders have changed` : items.map(textOf).join('. ');
    this.#spoken = { text, turn: this.#spoken.turn + 1 };
  }
}
