import { compare } from '../../book/decimal.js';
import type { DeskChange } from '../../orders/desk-types.js';
import type { Order } from '../../orders/order.js';

/** More changes at once than this are counted, not read out. */
const MOST_SAID = 3;

/** What is said of changes to those who listen: one line, with all that has changed since the last was written. */
export class ListNews {
  readonly #fresh = new Map<string, Order>();
  /** The line. It stands until there is another one. */
  spoken = '';

  /** Takes a change in. What only got a number or a time anew is not said. */
  take({ order, previous }: DeskChange): void {
    if (order === undefined) return;
    const isNew =
      previous?.state !== order.state ||
      previous.contradiction !== order.contradiction ||
      compare(previous.filled, order.filled) !== 0;
    if (isNew) this.#fresh.set(order.request.clientOrderId, order);
  }

  /** Writes the line anew where there is something to say. */
  write(textOf: (order: Order) => string): void {
    if (this.#fresh.size === 0) return;
    const orders = [...this.#fresh.values()];
    this.#fresh.clear();
    this.spoken = orders.length > MOST_SAID ? `${orders.length} orders have changed` : orders.map(textOf).join('. ');
  }
}
