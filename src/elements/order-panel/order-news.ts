import type { DeskChange } from '../../orders/desk-types.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import type { Order } from '../../orders/order.js';
import { eventsOf } from './order-panel.events.js';
import { isUnsure } from './words.js';

/** A text to be read out. Each saying is one of its own, also when it is the same text again. */
export interface Saying {
  readonly text: string;
  readonly turn: number;
}

const SILENCE: Saying = { text: '', turn: 0 };

/** Who speaks of the orders of a desk. */
const voices = new WeakMap<OrderDesk, Set<OrderNews>>();

/** Whether a ticket on the page tells of this order, so that nobody else has to. */
export const isToldByTicket = (desk: OrderDesk, clientOrderId: string): boolean =>
  [...(voices.get(desk) ?? [])].some((news) => news.tells(clientOrderId));

/** What an order and a refusal are called. */
export interface NewsWords {
  readonly order: (order: Order) => string;
  readonly refusal: (refusal: NonNullable<DeskChange['refusal']>, order: Order) => string;
}

/** What is told of the orders that were placed in one ticket: to the page by events, to the person by a line. */
export class OrderNews {
  #desk: OrderDesk | undefined;
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

  /** Speaks of the orders of this desk from now on; undefined: of none. */
  follow(desk: OrderDesk | undefined): void {
    if (desk === this.#desk) return;
    if (this.#desk) voices.get(this.#desk)?.delete(this);
    this.#desk = desk;
    if (desk) voices.set(desk, (voices.get(desk) ?? new Set()).add(this));
  }

  /** Whether this is an order of this ticket. */
  tells(clientOrderId: string): boolean {
    return this.#own.has(clientOrderId);
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
  take({ order, previous, refusal }: DeskChange, words: NewsWords): readonly Event[] {
    if (order === undefined || !this.#own.has(order.request.clientOrderId)) return [];
    const isNew =
      previous?.state !== order.state ||
      previous.contradiction !== order.contradiction ||
      isUnsure(previous) !== isUnsure(order);
    if (refusal) this.#complain(order, words.refusal(refusal, order));
    else if (isNew) this.#speak(order, words.order(order));
    return eventsOf(order, previous);
  }

  #speak(order: Order, text: string): void {
    const { clientOrderId } = order.request;
    const { state, contradiction } = order;
    const isBad = state === 'rejected' || state === 'unknown' || contradiction !== undefined || isUnsure(order);
    if (isBad) return this.#complain(order, text);
    // What was said of it before is no longer true.
    if (this.#alarmId === clientOrderId) this.warn('');
    if (order.state !== 'submitting') this.#spoken = { text, turn: this.#spoken.turn + 1 };
  }

  #complain({ request }: Order, text: string): void {
    this.warn(text);
    this.#alarmId = request.clientOrderId;
  }
}
