/**
 * Who the client of one connection is. A ticket works once, a login for as long as it says; a minute before its end the client
 * is told, and may log in again on the same socket. What a server wants a login for it names by area: `market` (everything),
 * `private` (accounts), `orders`.
 */
import type { Auth, ClientMessage, ErrorCode, ServerMessage } from './messages.js';

export type LoginArea = 'market' | 'private' | 'orders';

/** What a ticket stands for. */
export interface SessionLogin {
  readonly user: string;
  /** Accounts that may be looked at, and traded with where the scopes have `trade`. */
  readonly accounts: readonly string[];
  readonly scopes: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Who judges tickets. */
export interface LoginDesk {
  readonly required: readonly LoginArea[];
  /** Takes a ticket. Undefined when it is unknown, too old or used; `too_many` when its user has all the connections that he may. */
  redeem(ticket: string, nowMs: number): SessionLogin | 'too_many' | undefined;
}

/** How long before its end the client is told. */
export const EXPIRING_MS = 60_000;
/** How long a client may take to log in where nothing is to be had without. */
export const LOGIN_WAIT_MS = 5_000;

export interface SessionAuthOptions {
  /** Undefined where nobody can log in. */
  readonly desk: LoginDesk | undefined;
  readonly send: (message: ServerMessage) => void;
  readonly sendError: (code: ErrorCode, message: string, about: { id?: string | undefined; fatal?: boolean }) => void;
  readonly close: (code: number, reason: string) => void;
  /** There is another login than before, and its client has been told. */
  readonly onLogin: () => void;
  /** When the connection began. */
  readonly nowMs: number;
}

export class SessionAuth {
  readonly #options: SessionAuthOptions;
  #login: SessionLogin | undefined;
  #warnedOf = 0;

  constructor(options: SessionAuthOptions) {
    this.#options = options;
  }

  get required(): readonly LoginArea[] {
    return this.#options.desk?.required ?? [];
  }

  get user(): string | undefined {
    return this.#login?.user;
  }

  receive({ id, data: { ticket } }: Auth, nowMs: number): void {
    const { desk, send, sendError, onLogin } = this.#options;
    if (desk === undefined) return sendError('unknown_type', 'This server knows no login.', { id });
    const login = desk.redeem(ticket, nowMs);
    if (login === 'too_many') return sendError('overloaded', 'This user has as many connections as he may.', { id });
    if (login === undefined || login.expiresAt <= nowMs) {
      return sendError('auth_failed', 'The ticket is unknown, too old or used.', { id });
    }
    if (this.#login !== undefined && this.#login.user !== login.user) {
      return sendError('auth_failed', 'This connection belongs to another user.', { id });
    }
    this.#login = login;
    const { user, accounts, scopes, expiresAt } = login;
    send({ type: 'auth_ok', id, data: { user, accounts, scopes, expiresAt } });
    onLogin();
  }

  /** Whether the events of an account may be heard. */
  mayHear(account: string): boolean {
    return this.refusal({ type: 'account_subscribe', id: '', data: { account } }) === undefined;
  }

  /** Why a message is refused: for want of a login, or of a right. Undefined when it is not. */
  refusal(message: ClientMessage): Refusal | undefined {
    return refusalOf(message, this.#login, this.required);
  }

  /** Looks at the time: tells of an end that is near, and ends what is over. */
  pulse(nowMs: number): void {
    const { send, sendError, close } = this.#options;
    if (this.#login !== undefined) {
      const { expiresAt } = this.#login;
      if (nowMs >= expiresAt) {
        sendError('auth_expired', 'The login has run out.', { fatal: true });
        close(4401, 'auth_expired');
      } else if (nowMs >= expiresAt - EXPIRING_MS && this.#warnedOf !== expiresAt) {
        this.#warnedOf = expiresAt;
        send({ type: 'auth_expiring', data: { expiresAt } });
      }
    } else if (this.required.includes('market') && nowMs - this.#options.nowMs >= LOGIN_WAIT_MS) {
      sendError('auth_required', 'Nothing is served without a login.', { fatal: true });
      close(4401, 'auth_required');
    }
  }
}

export interface Refusal {
  readonly code: Extract<ErrorCode, 'auth_required' | 'not_entitled'>;
  readonly text: string;
}

/** Why a message is refused to whoever has this login, where these areas want one. Undefined when it is not. */
export function refusalOf(
  message: ClientMessage,
  login: SessionLogin | undefined,
  required: readonly LoginArea[],
): Refusal | undefined {
  const area = AREAS[message.type];
  // Who wants a login for all that is served wants it for accounts and orders too.
  if (area === undefined || !(required.includes(area) || required.includes('market'))) return undefined;
  if (login === undefined) return { code: 'auth_required', text: `Log in before ${message.type}.` };
  const account = 'data' in message && 'account' in message.data ? message.data.account : undefined;
  const isTrade = TRADES.has(message.type);
  const mayAct =
    (account === undefined || login.accounts.includes(account)) && (!isTrade || login.scopes.includes('trade'));
  return mayAct ? undefined : { code: 'not_entitled', text: 'This login does not permit that.' };
}

/** What needs the scope `trade`. */
const TRADES: ReadonlySet<ClientMessage['type']> = new Set(['order_place', 'order_replace', 'order_cancel']);

/** What needs a login where its area is named. */
const AREAS: Readonly<Partial<Record<ClientMessage['type'], LoginArea>>> = {
  subscribe: 'market',
  unsubscribe: 'market',
  order_book_resync: 'market',
  account_subscribe: 'private',
  order_place: 'orders',
  order_replace: 'orders',
  order_cancel: 'orders',
  order_query: 'orders',
};
