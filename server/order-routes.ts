/**
 * Orders over HTTP. Each request is turned into the message of protocol 1 that says the same and goes the way of that message: the
 * same guards, the same login, the same rates and the same desk, which answers when the act is kept.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkClientMessage } from '../src/stream/protocol/guards-client.js';
import type { ClientMessage, ServerMessage } from '../src/stream/protocol/messages.js';
import { refusalOf } from '../src/stream/protocol/session-auth.js';
import { DEFAULT_LIMITS, RateLimit } from '../src/stream/protocol/session-limits.js';
import { OrderSession, type OrderMessage } from '../src/stream/protocol/session-orders.js';
import type { LoginArea, ServedMarket } from '../src/stream/protocol/session.js';
import { readJson } from './http-body.js';
import type { HttpLogins } from './http-logins.js';
import { JournalError } from './journal/journal-error.js';

const ID = 'http';

export interface OrderRoutesOptions {
  readonly market: ServedMarket;
  /** Whether a page of this origin, or whoever names none, may ask at all. */
  readonly isPermitted: (origin: string | undefined) => boolean;
  /** Undefined where nobody has to log in. */
  readonly login: { readonly logins: HttpLogins; readonly required: readonly LoginArea[] } | undefined;
  readonly now: () => number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What asks for one account, held to the rates of one connection. */
interface Client {
  readonly session: OrderSession;
  readonly rate: RateLimit;
}

/** Whether an address is one of these routes. */
export const isOrderPath = (pathname: string): boolean =>
  pathname === '/api/account' || pathname === '/api/orders' || pathname.startsWith('/api/orders/');

export class OrderRoutes {
  readonly #options: OrderRoutesOptions;
  readonly #clients = new Map<string, Client>();
  #answer: ServerMessage | undefined;

  constructor(options: OrderRoutesOptions) {
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin } = request.headers;
    const isPermitted = originsOf(request).some(this.#options.isPermitted);
    if (origin !== undefined && isPermitted) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', 'date, retry-after');
    }
    response.setHeader('vary', 'origin');
    const { status, body, headers } = isPermitted
      ? await this.#reply(request).catch(unforeseen)
      : refused(403, 'not_entitled', 'This page may not ask for orders.');
    const text = body === undefined ? '' : JSON.stringify(body);
    response.writeHead(status, {
      ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      // What is left of a body that was refused is not read.
      ...(status === 413 || status === 415 ? { connection: 'close' } : {}),
      ...headers,
    });
    response.end(text);
  }

  dispose(): void {
    for (const { session } of this.#clients.values()) session.dispose();
    this.#clients.clear();
  }

  async #reply(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://exchange');
    const [, id] = /^\/api\/orders\/([^/]*)$/.exec(url.pathname) ?? [];
    const { method = '' } = request;
    const allowed = url.pathname === '/api/account' ? 'GET' : id === undefined ? 'POST' : 'GET, PATCH, DELETE';
    if (url.pathname !== '/api/account' && url.pathname !== '/api/orders' && id === undefined) {
      return refused(404, 'unknown_order', 'There is nothing here.');
    }
    if (method === 'OPTIONS') return preflight(allowed);
    if (!allowed.split(', ').includes(method)) {
      return { ...refused(405, 'bad_message', `Only ${allowed}.`), headers: { allow: allowed } };
    }
    const key = { account: url.searchParams.get('account') ?? '', clientOrderId: decoded(id ?? '') };
    switch (method) {
      case 'POST':
        return this.#write(request, (data) => ({ type: 'order_place', data }));
      case 'PATCH':
        return this.#write(request, (data) => ({ type: 'order_replace', data: { ...fieldsOf(data), ...key } }));
      case 'DELETE':
        return this.#act(request, { type: 'order_cancel', data: key });
      default:
        return id === undefined
          ? this.#act(request, { type: 'account_subscribe', data: { account: key.account } })
          : this.#act(request, { type: 'order_query', data: key });
    }
  }

  async #write(request: IncomingMessage, messageOf: (data: unknown) => object): Promise<Answer> {
    const body = await readJson(request, DEFAULT_LIMITS.messageBytes);
    if ('code' in body) return refused(body.status, body.code, body.message);
    return this.#act(request, messageOf(body.value));
  }

  #act(request: IncomingMessage, wish: object): Answer {
    const parsed = checkClientMessage({ ...wish, id: ID });
    if (!parsed.ok) return refused(400, parsed.code, parsed.message);
    const { message } = parsed;
    if (!isOrderMessage(message)) return refused(400, 'bad_message', 'This is no order.');
    const given = request.headers['idempotency-key'];
    if (message.type === 'order_place' && given !== message.data.clientOrderId) {
      return refused(400, 'bad_message', 'The header Idempotency-Key must be the clientOrderId.');
    }
    const denied = this.#denial(request, message);
    if (denied !== undefined) return denied;
    const nowMs = this.#options.now();
    const client = this.#clientOf(message.data.account, nowMs);
    const waitMs = client.rate.take(nowMs);
    this.#answer = undefined;
    if (waitMs === 0) {
      if (message.type === 'account_subscribe') return this.#account(message.data.account);
      client.session.receive(message, nowMs);
    } else if (message.type === 'order_place' || message.type === 'order_replace') {
      client.session.refuseHasty(message, nowMs);
    } else return hasty(waitMs);
    return this.#read(message);
  }

  #denial(request: IncomingMessage, message: OrderMessage): Answer | undefined {
    const { login, now } = this.#options;
    if (login === undefined) return undefined;
    const who = login.logins.find(request.headers.authorization, originsOf(request), now());
    const refusal = refusalOf(message, who, login.required);
    if (refusal === undefined) return undefined;
    const isUnknown = refusal.code === 'auth_required';
    const answer = refused(isUnknown ? 401 : 403, refusal.code, refusal.text);
    return isUnknown ? { ...answer, headers: { 'www-authenticate': 'Bearer' } } : answer;
  }

  #account(account: string): Answer {
    const { desk } = this.#options.market;
    if (desk === undefined) return refused(403, 'not_entitled', 'This server keeps no accounts.');
    if (desk.isBroken) return refused(500, 'internal', 'The desk can tell nothing until it is started anew.');
    const snapshot = desk.snapshot(account);
    if (snapshot === undefined) return refused(503, 'overloaded', 'No more accounts can be opened.', true);
    const { epoch, sequence, data } = snapshot;
    return { status: 200, body: { epoch, sequence, ...data } };
  }

  /** What a session said in answer, as an answer of HTTP. */
  #read(message: Exclude<OrderMessage, { type: 'account_subscribe' }>): Answer {
    const said = this.#answer;
    const { account, clientOrderId } = message.data;
    const order = this.#options.market.desk?.query(account, clientOrderId);
    switch (said?.type) {
      case 'order_ack':
        return { status: said.data.duplicate ? 200 : 201, body: { order } };
      case 'order_replaced':
      case 'order_cancelled':
        return { status: 200, body: { order } };
      case 'order_status':
        return order === undefined
          ? refused(404, 'unknown_order', 'No order has this id.')
          : { status: 200, body: { order } };
      case 'order_reject': {
        const { code, message: text, retryable, details } = said.data;
        return refused(PLACE_STATUS[code] ?? 422, code, text, retryable, details && { details });
      }
      case 'order_replace_reject':
      case 'order_cancel_reject': {
        const { code, status } = said.data;
        const isRetryable = code in BUSY_STATUS;
        const answered = BUSY_STATUS[code] ?? (code === 'unknown_order' ? 404 : 409);
        return refused(answered, code, TEXTS[code] ?? code, isRetryable, status === undefined ? undefined : { status });
      }
      default:
        return refused(500, 'internal', 'The desk gave no answer.');
    }
  }

  #clientOf(account: string, nowMs: number): Client {
    let client = this.#clients.get(account);
    if (client === undefined) {
      const { messagesPerSecond, ordersPerSecond } = DEFAULT_LIMITS;
      const session = new OrderSession({
        desk: this.#options.market.desk,
        send: (message) => {
          // Events of the account go past here too; nobody is there to hear them.
          if ('id' in message && message.id === ID) this.#answer = message;
        },
        sendError: () => undefined,
        takeMark: () => undefined,
        ordersPerSecond,
        nowMs,
      });
      client = { session, rate: new RateLimit(messagesPerSecond, nowMs) };
      this.#forgetIdle();
      this.#clients.set(account, client);
    }
    return client;
  }

  /** Names are anybody's to make up, so that what is kept for them is bounded; who comes back begins anew. */
  #forgetIdle(): void {
    for (const [account, { session }] of this.#clients) {
      if (this.#clients.size < MOST_CLIENTS) return;
      session.dispose();
      this.#clients.delete(account);
    }
  }
}

/** Accounts whose rates are remembered. */
const MOST_CLIENTS = 10_000;

const BUSY_STATUS: Readonly<Record<string, number>> = { rate_limited: 429, overloaded: 503, internal: 500 };
const PLACE_STATUS: Readonly<Record<string, number>> = { ...BUSY_STATUS, duplicate_conflict: 409 };

/** Why a change or a cancel is refused: on a socket the code says it alone. */
const TEXTS: Readonly<Record<string, string>> = {
  unknown_order: 'No order has this id.',
  too_late: 'The order has ended, or has filled as much.',
  already_cancelled: 'The order was cancelled before.',
  revision_conflict: 'The revision is not the next one, or was made by another change.',
  not_permitted: 'This cannot be changed of the order, or not now.',
  bad_price: 'A price is off the tick, or does not suit the order.',
  bad_quantity: 'The quantity is no whole number of lots, or beyond a limit.',
  price_band: "A price is outside the day's band.",
  would_take: 'The order only adds to the book, and would trade at once.',
  insufficient_funds: 'The account has not enough cash for this change.',
  insufficient_position: 'The account has not enough shares for this change.',
  market_closed: 'The market is closed.',
  halted: 'Trading is halted.',
  rate_limited: 'Too many orders, or requests, a second.',
  overloaded: 'Nothing can be kept now.',
  internal: 'The server could not keep this.',
};

const ORDER_TYPES: ReadonlySet<ClientMessage['type']> = new Set([
  'account_subscribe',
  'order_place',
  'order_replace',
  'order_cancel',
  'order_query',
]);
const isOrderMessage = (message: ClientMessage): message is OrderMessage => ORDER_TYPES.has(message.type);

const refused = (
  status: number,
  code: string,
  message: string,
  retryable = false,
  more: Readonly<Record<string, unknown>> = {},
): Answer => ({
  status,
  body: { code, message, retryable, ...more },
  ...(status === 429 ? { headers: { 'retry-after': '1' } } : {}),
});

/** Whoever asked finds out by asking again. Where nobody can tell whether an act was kept there is no answer at all. */
const unforeseen = (error: unknown): Answer => {
  if (error instanceof JournalError) throw error;
  return refused(500, 'internal', 'Nobody can tell what became of this.');
};

const hasty = (waitMs: number): Answer => ({
  ...refused(429, 'rate_limited', 'Too many requests a second.', true),
  headers: { 'retry-after': String(Math.ceil(waitMs / 1_000)) },
});

const preflight = (methods: string): Answer => ({
  status: 204,
  body: undefined,
  headers: {
    'access-control-allow-methods': methods,
    'access-control-allow-headers': 'authorization, content-type, idempotency-key',
    'access-control-max-age': '600',
  },
});

/**
 * The origin that a request may come from. A page does not name its own when it reads from there, and whether that is `https` is
 * known to whoever ends TLS in front of this server: then it is either.
 */
const originsOf = ({ headers, method }: IncomingMessage): readonly (string | undefined)[] =>
  headers.origin === undefined && method === 'GET' && headers['sec-fetch-site'] === 'same-origin'
    ? [`https://${headers.host}`, `http://${headers.host}`]
    : [headers.origin];

const fieldsOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};
