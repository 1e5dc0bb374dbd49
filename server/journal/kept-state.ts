/** What many acts leave behind, as few: the newest state of everything, and the events that a client may still ask for. */
import { type AccountRecord, type Act, type HouseRecord, joinChanges, type TicketRecord } from '../../src/sim/act.js';
import { numberOf } from '../../src/sim/clearing-house.js';
import { LOG_LENGTH } from '../../src/sim/client-account.js';
import type { PrivateEvent } from '../../src/sim/desk-types.js';

/** More than the acts can have used that a computer had not written yet when it lost its power. */
const SKIPPED_IDS = 1_000_000;

interface KeptAccount {
  last: AccountRecord;
  readonly holdings: Record<string, readonly [quantity: number, cost: string]>;
  readonly tickets: Map<string, TicketRecord>;
  readonly events: PrivateEvent[];
}

export class KeptState {
  #house: HouseRecord = { crowdCash: '0', crowdShares: {}, fees: '0', fills: 0 };
  readonly #accounts = new Map<string, KeptAccount>();

  add({ house, accounts }: Act): void {
    const phases = { ...this.#house.phases, ...house.phases };
    const prices = { ...this.#house.prices, ...house.prices };
    const crowdShares = { ...this.#house.crowdShares, ...house.crowdShares };
    this.#house = {
      ...house,
      crowdShares,
      ...(Object.keys(phases).length > 0 && { phases }),
      ...(Object.keys(prices).length > 0 && { prices }),
    };
    for (const record of accounts) {
      let kept = this.#accounts.get(record.name);
      if (kept === undefined) {
        kept = { last: record, holdings: {}, tickets: new Map(), events: [] };
        this.#accounts.set(record.name, kept);
      }
      kept.last = record;
      Object.assign(kept.holdings, record.holdings);
      for (const ticket of record.tickets) {
        const id = ticket.request.clientOrderId;
        kept.tickets.set(id, joined(kept.tickets.get(id), ticket));
      }
      kept.events.push(...record.events);
      if (kept.events.length > LOG_LENGTH) kept.events.splice(0, kept.events.length - LOG_LENGTH);
    }
  }

  /**
   * Somebody may have heard of more than is here: of the old stream nothing is told again, and no id that may have been told comes
   * again for something else.
   */
  beginAnew(): void {
    let orders = this.#house.orders ?? 0;
    for (const { events, tickets } of this.#accounts.values()) {
      events.length = 0;
      for (const { orderId } of tickets.values()) orders = Math.max(orders, numberOf(orderId));
    }
    this.#house = { ...this.#house, fills: this.#house.fills + SKIPPED_IDS, orders: orders + SKIPPED_IDS };
  }

  /** One act for each account, in the order they were opened; one for the phases where there is no account. */
  *acts(): Generator<Act> {
    if (this.#accounts.size === 0 && this.#house.phases !== undefined) yield { house: this.#house, accounts: [] };
    for (const { last, holdings, tickets, events } of this.#accounts.values()) {
      yield { house: this.#house, accounts: [{ ...last, holdings, tickets: [...tickets.values()], events }] };
    }
  }
}

/** A ticket with all its changes, as each record has only those since the one before. */
const joined = (known: TicketRecord | undefined, newer: TicketRecord): TicketRecord => {
  const { order } = newer;
  const changes = known?.order?.changes ?? [];
  return order === undefined || changes.length === 0
    ? newer
    : { ...newer, order: { ...order, changes: joinChanges(changes, order.changes) } };
};
