import type { DeskChange } from '../../orders/desk-types.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import type { Order } from '../../orders/order.js';
import { eventsOf } from './order-panel.events.js';

/** A text to be read out. Each saying is one of its own, also when it is the same text again. */
export interface Saying {
  readonly text: string;
  readonly turn: number;
}

const SILENCE: Saying = { text: '', turn: 0 };

/** What is told of the orders that were placed in one ticket: to the page by events, to the person by a line. */
export class OrderNews {
  /** Ids of these orders, those that the desk still keeps. */
  readonly #own = new Set<string>();
  #alarmId = '';
  #alarm = SILENCE;
  #spoken = SILENCE;

  /** What went wrong, for the line under the button. Empty when nothing did. */
  get alarm(): Saying {
    return this.#alarm;
  }

  /** The last good news, for those who listen. */
  get spoken(): Saying {
    return this.#spoken;
  }

  /** Counts an order among those of this ticket. */
  own(clientOrderId: string, desk: OrderDesk): void {
    for (const id of this.#own) if (desk.order(id) === undefined) this.#own.delete(id);
    this.#own.add(clientOrderId);
  }

  /** Says what went wrong with no order in particular; an empty text takes back what was said. */
  warn(text: string): void {
    this.#alarm = { text, turn: this.#alarm.turn + 1 };
    this.#alarmId = '';
  }

  /** Takes a change in, and gives what the page is to be told of it. */
  take({ order, previous }: DeskChange, write: (order: Order) => string): readonly Event[] {
    if (order === undefined || !this.#own.has(order.request.clientOrderId)) return [];
    const isNew = previous?.state !== order.state || previous.contradiction !== order.contradiction;
    if (isNew) this.#speak(order, write(order));
    return eventsOf(order, previous);
  }

  #speak(order: Order, text: string): void {
    const { clientOrderId } = order.request;
    const isBad = order.state === 'rejected' || order.state === 'unknown' || order.contradiction !== undefined;
    if (isBad) {
      this.warn(text);
      this.#alarmId = clientOrderId;
      return;
    }
    // What was said of it before is no longer true.
    if (this.#alarmId === clientOrderId) this.warn('');
    if (order.state !== 'submitting') this.#spoken = { text, turn: this.#spoken.turn + 1 };
  }
}
