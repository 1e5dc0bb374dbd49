/**
 * Gives tickets and takes them back: whoever has shown over HTTP who he is gets 32 random bytes that stand for it for half a
 * minute and work once. So no password and no cookie goes over a socket, and what stands in a log is worth nothing.
 */
import { randomBytes } from 'node:crypto';
import type { SessionLogin } from '../src/stream/protocol/session.js';

/** How long a ticket may wait to be used. */
export const TICKET_LIFE_MS = 30_000;
/** Tickets that may wait at one time: anybody may ask for one. */
const MOST_TICKETS = 10_000;
/** And of one user: nobody has more pages that log in within half a minute, and one alone must not take all. */
export const MOST_TICKETS_OF_USER = 100;

/** Who somebody is, and for how long. */
export interface Visitor {
  readonly user: string;
  readonly accounts: readonly string[];
  /** `trade`: orders may be placed. */
  readonly scopes: readonly string[];
}

interface Ticket {
  readonly visitor: Visitor;
  /** The page's origin; undefined when the request named none. */
  readonly origin: string | undefined;
  readonly issuedMs: number;
}

export class TicketOffice {
  readonly #lifeMs: number;
  readonly #mostOfUser: number;
  readonly #tickets = new Map<string, Ticket>();
  /** How many of each user wait. */
  readonly #counts = new Map<string, number>();

  /** `lifeMs`: how long a login lasts. `mostOfUser`: tickets of one user that may wait. */
  constructor(lifeMs: number, mostOfUser = MOST_TICKETS_OF_USER) {
    this.#lifeMs = lifeMs;
    this.#mostOfUser = mostOfUser;
  }

  /** Undefined when too many are waiting. Of one user with many the new one takes the place of his oldest. */
  issue(visitor: Visitor, origin: string | undefined, nowMs: number): string | undefined {
    // They stand in the order in which they were given.
    for (const [ticket, { issuedMs }] of this.#tickets) {
      if (nowMs - issuedMs <= TICKET_LIFE_MS) break;
      this.#drop(ticket);
    }
    const { user } = visitor;
    if ((this.#counts.get(user) ?? 0) >= this.#mostOfUser) this.#drop(this.#oldestOf(user));
    if (this.#tickets.size >= MOST_TICKETS) return undefined;
    const ticket = randomBytes(32).toString('base64url');
    this.#tickets.set(ticket, { visitor, origin, issuedMs: nowMs });
    this.#counts.set(user, (this.#counts.get(user) ?? 0) + 1);
    return ticket;
  }

  /** The origin of the page that a ticket was given to; undefined when it named none, or the ticket is unknown. */
  originOf(ticket: string): string | undefined {
    return this.#tickets.get(ticket)?.origin;
  }

  /** Takes a ticket, which is used up by that. Undefined when it is unknown, too old, used, or of another page. */
  redeem(ticket: string, origin: string | undefined, nowMs: number): SessionLogin | undefined {
    const found = this.#tickets.get(ticket);
    this.#drop(ticket);
    if (found === undefined || found.origin !== origin || nowMs - found.issuedMs > TICKET_LIFE_MS) return undefined;
    return { ...found.visitor, expiresAt: nowMs + this.#lifeMs };
  }

  /** Takes back the tickets of a user who has logged out. */
  logOut(user: string): void {
    for (const [ticket, { visitor }] of this.#tickets) if (visitor.user === user) this.#drop(ticket);
  }

  #oldestOf(user: string): string | undefined {
    for (const [ticket, { visitor }] of this.#tickets) if (visitor.user === user) return ticket;
    return undefined;
  }

  #drop(ticket: string | undefined): void {
    const found = ticket === undefined ? undefined : this.#tickets.get(ticket);
    if (ticket === undefined || found === undefined) return;
    this.#tickets.delete(ticket);
    const { user } = found.visitor;
    const left = (this.#counts.get(user) ?? 0) - 1;
    if (left > 0) this.#counts.set(user, left);
    else this.#counts.delete(user);
  }
}
