/**
 * Who somebody is over HTTP. A ticket that comes as `Authorization: Bearer` is used up by that and from then on stands for the
 * login that it gave, for as long as that lasts and for the same page only.
 */
import type { SessionLogin } from '../src/stream/protocol/session.js';
import type { TicketOffice } from './ticket-office.js';

/** Logins that last at one time. */
const MOST_LOGINS = 10_000;
/** And of one user: his next ends his oldest. */
export const MOST_LOGINS_OF_USER = 100;

export class HttpLogins {
  readonly #office: TicketOffice;
  readonly #mostOfUser: number;
  readonly #logins = new Map<string, { readonly login: SessionLogin; readonly origin: string | undefined }>();

  /** `mostOfUser`: logins of one user that last at one time. */
  constructor(office: TicketOffice, mostOfUser = MOST_LOGINS_OF_USER) {
    this.#office = office;
    this.#mostOfUser = mostOfUser;
  }

  /** The login of an `Authorization` header, for a page of one of these origins; undefined when it gives none. */
  find(header: string | undefined, origins: readonly (string | undefined)[], nowMs: number): SessionLogin | undefined {
    const ticket = /^Bearer +([\w-]+)$/i.exec(header ?? '')?.[1];
    if (ticket === undefined) return undefined;
    const known = this.#logins.get(ticket);
    if (known !== undefined) {
      if (known.login.expiresAt > nowMs) return origins.includes(known.origin) ? known.login : undefined;
      this.#logins.delete(ticket);
      return undefined;
    }
    const issuedTo = this.#office.originOf(ticket);
    const origin = origins.includes(issuedTo) ? issuedTo : origins[0];
    const login = this.#office.redeem(ticket, origin, nowMs);
    if (login === undefined) return undefined;
    this.#forgetOld(nowMs);
    this.#forgetOldestOf(login.user);
    this.#logins.set(ticket, { login, origin });
    return login;
  }

  /** Ends the logins of a user who has logged out. */
  logOut(user: string): void {
    for (const [ticket, { login }] of this.#logins) if (login.user === user) this.#logins.delete(ticket);
  }

  /** A login over HTTP is rare beside its requests, so they are counted. */
  #forgetOldestOf(user: string): void {
    if (this.#logins.size < this.#mostOfUser) return;
    const his = [...this.#logins].filter(([, { login }]) => login.user === user);
    const [oldest] = his[0] ?? [];
    if (his.length >= this.#mostOfUser && oldest !== undefined) this.#logins.delete(oldest);
  }

  /** They stand in the order in which they began, and so in that in which they end. */
  #forgetOld(nowMs: number): void {
    for (const [ticket, { login }] of this.#logins) {
      if (login.expiresAt > nowMs && this.#logins.size < MOST_LOGINS) return;
      this.#logins.delete(ticket);
    }
  }
}
