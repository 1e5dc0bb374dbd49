import { compare } from '../../book/decimal.js';
import type { DeskChange } from '../../orders/desk-types.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import { isUnanswered, type Order } from '../../orders/order.js';
import { eventsOf } from './order-panel.events.js';
import { isUnsure } from './words.js';

/** A text to be read out. Each saying is one of its own, also when it is the same text again. */
export interface Saying {
  readonly text: string;
  readonly turn: number;
}

/** What fills bit by bit is read out so often. */
const FILLS_EVERY_MS = 5_000;

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
  /** When an order was last spoken of. */
  readonly #spokenAt = new Map<string, number>();
  /** Those that have filled further since, too soon to be spoken of again. */
  readonly #late = new Set<string>();
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
    if (desk === undefined) return;
    voices.set(desk, (voices.get(desk) ?? new Set()).add(this));
    // Those on their way from before a reload: somebody waits for them.
    for (const order of desk.orders) {
      const { clientOrderId } = order.request;
      if (isUnanswered(order) && !isToldByTicket(desk, clientOrderId)) this.own(clientOrderId, desk);
    }
  }

  /** Whether this is an order of this ticket. */
  tells(clientOrderId: string): boolean {
    return this.#own.has(clientOrderId);
  }

  /** Counts an order among those of this ticket. */
  own(clientOrderId: string, desk: OrderDesk): void {
    for (const id of this.#own) {
      if (desk.order(id) !== undefined) continue;
      this.#own.delete(id);
      this.#spokenAt.delete(id);
    }
    this.#own.add(clientOrderId);
  }

  /** Says what went wrong with no order in particular; an empty text takes back what was said. */
  warn(text: string): void {
    if (text === '' && this.#alarm.text === '') return;
    this.#alarm = { text, turn: this.#alarm.turn + 1 };
    this.#alarmId = '';
  }

  /** Takes a change in, and gives what the page is to be told of it. */
  take({ order, previous, refusal }: DeskChange, words: NewsWords, now: number): readonly Event[] {
    if (order === undefined) {
      // A person has settled what the alarm was of.
      if (this.#alarmId !== '' && this.#desk?.order(this.#alarmId) === undefined) this.warn('');
      return [];
    }
    const { clientOrderId } = order.request;
    if (!this.#own.has(clientOrderId)) return [];
    const isNew =
      previous?.state !== order.state ||
      previous.contradiction !== order.contradiction ||
      isUnsure(previous) !== isUnsure(order);
    if (refusal) this.#complain(order, words.refusal(refusal, order));
    else if (isNew) this.#speak(order, words.order(order), now);
    else if (compare(previous.filled, order.filled) !== 0) this.#late.add(clientOrderId);
    this.catchUp(words, now);
    return eventsOf(order, previous);
  }

  /** Speaks of what has filled further, once it is not too soon any more. */
  catchUp(words: NewsWords, now: number): void {
    for (const id of this.#late) {
      const elapsed = now - (this.#spokenAt.get(id) ?? -Infinity);
      // A clock that was set back has lost its word on how long ago that was.
      if (elapsed >= 0 && elapsed < FILLS_EVERY_MS) continue;
      const order = this.#desk?.order(id);
      if (order) this.#speak(order, words.order(order), now);
      this.#late.delete(id);
    }
  }

  #speak(order: Order, text: string, now: number): void {
    const { clientOrderId } = order.request;
    this.#late.delete(clientOrderId);
    this.#spokenAt.set(clientOrderId, now);
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
