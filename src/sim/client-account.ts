/** An account at the desk: what it owns, every order it ever named, and its private stream. */
import { Account } from './account.js';
import type { AccountRecord, TicketRecord } from './act.js';
import type { ActKeeper } from './act-keeper.js';
import type { AccountText, OrderRequest, PrivateEvent, PrivateNews, Rejection } from './desk-types.js';
import type { DeskOrder } from './desk-order.js';

/** Events that an account keeps for a client who was away. */
export const LOG_LENGTH = 1_000;

/** What became of one client order id. A refusal that is final is kept like an order, so that its id stays used. */
export type Ticket = { readonly request: OrderRequest } & (
  | { readonly order: DeskOrder }
  | { readonly order: undefined; readonly orderId: string; readonly rejection: Rejection; readonly atMs: number }
);

export class ClientAccount {
  readonly account: Account;
  /** By client order id, for ever. */
  readonly tickets = new Map<string, Ticket>();
  /** Orders that rest or wait. */
  readonly working = new Set<DeskOrder>();
  readonly epoch: string;
  /** The number of the newest private event; 0 before the first. */
  sequence = 0;
  readonly #log: PrivateEvent[] = [];
  readonly #listeners = new Set<(event: PrivateEvent) => void>();
  readonly #keeper: ActKeeper;
  /** Of the act under way. */
  #changedTickets = new Set<string>();
  #newEvents: PrivateEvent[] = [];

  constructor(name: string, openingCash: bigint, epoch: string, keeper: ActKeeper) {
    this.account = new Account(name, openingCash);
    this.epoch = epoch;
    this.#keeper = keeper;
  }

  listen(listener: (event: PrivateEvent) => void): () => void {
    // A wrapper of its own, so that one function may listen twice and each undo takes away one.
    const entry = (event: PrivateEvent): void => listener(event);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** The events after a number, oldest first; undefined when they are not, or no longer, kept. */
  since(sequence: number): readonly PrivateEvent[] | undefined {
    const count = this.sequence - sequence;
    if (count < 0 || count > this.#log.length) return undefined;
    return this.#log.slice(this.#log.length - count);
  }

  /** Remembers a refusal for its id. */
  refuse(ticket: Extract<Ticket, { order: undefined }>): void {
    this.tickets.set(ticket.request.clientOrderId, ticket);
    this.changed(ticket.request.clientOrderId);
  }

  /** An order has changed in a way that no event tells. */
  changed(clientOrderId: string): void {
    this.#changedTickets.add(clientOrderId);
    this.#keeper.changed(this);
  }

  /** Numbers an event; listeners are told when its act is kept. */
  publish(news: PrivateNews): void {
    this.sequence++;
    const event: PrivateEvent = { epoch: this.epoch, sequence: this.sequence, ...news };
    this.#log.push(event);
    if (this.#log.length > LOG_LENGTH) this.#log.shift();
    this.#newEvents.push(event);
    // Whatever changes an order is told with its id, so that what was told is what has changed.
    if ('clientOrderId' in event.data) this.#changedTickets.add(event.data.clientOrderId);
    this.#keeper.collect(this, event);
  }

  tell(event: PrivateEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** What has changed since the last time. */
  takeChanges(): AccountRecord {
    const { account, sequence } = this;
    const tickets = [...this.#changedTickets].flatMap((id) => {
      const ticket = this.tickets.get(id);
      return ticket === undefined ? [] : [ticketRecord(ticket)];
    });
    const events = this.#newEvents;
    this.#changedTickets = new Set();
    this.#newEvents = [];
    return { name: account.name, sequence, ...account.takeChanges(), tickets, events };
  }

  /** Takes over what was kept of it, oldest first. Its tickets are the desk's. */
  restore(kept: AccountRecord): void {
    this.account.restore(kept);
    this.sequence = kept.sequence;
    this.#log.push(...kept.events);
    if (this.#log.length > LOG_LENGTH) this.#log.splice(0, this.#log.length - LOG_LENGTH);
  }

  /** Tells the balances and the one position that an act has changed. */
  publishBalance(symbol: string, cause: Readonly<Record<string, unknown>>): void {
    const { account } = this;
    this.publish({
      type: 'balance_update',
      data: { account: account.name, cause, balances: account.balances(), positions: account.positions(symbol) },
    });
  }

  toText(): AccountText {
    return {
      account: this.account.name,
      balances: this.account.balances(),
      positions: this.account.positions(),
      orders: [...this.working].map((order) => order.toText()),
    };
  }
}

const ticketRecord = (ticket: Ticket): TicketRecord => {
  const { request, order } = ticket;
  if (order !== undefined) {
    return { orderId: order.id, request, order: order.takeRecord(), ...(order.exit && { exit: order.exit }) };
  }
  const { orderId, rejection, atMs } = ticket;
  return { orderId, request, refusal: { rejection, atMs } };
};
