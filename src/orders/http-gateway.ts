/**
 * Orders over plain HTTP, as docs/PROTOCOL.md has it under "Orders over HTTP". Each order is sent once, under its client order id; what
 * an answer does not say for certain is `unknown`, and is found out by that id. Fills and balances are seen by asking for the account.
 */
import { machineClock, type DeskClock } from './clock.js';
import type {
  CancelResult,
  GatewayEvent,
  ListedOrder,
  OrderGateway,
  PlaceResult,
  QueryResult,
  ReplaceResult,
} from './gateway.js';
import { HttpPoll } from './http-poll.js';
import { HttpWire, type HttpAnswer, type HttpHeaders } from './http-wire.js';
import { ENDED } from './order-facts.js';
import type { OrderChange, OrderFacts, OrderRequest } from './order.js';
import { fieldsOf, readListedOrder, readWholeFacts, textOf } from './wire.js';

export interface HttpGatewayOptions {
  /** The address that `/orders` and `/account` are put after, e.g. `https://broker.example/api`. */
  readonly url: string;
  /** Headers of each request, such as `Authorization`. What it throws or rejects with means that nothing was sent. Default: none. */
  readonly headers?: () => HttpHeaders | Promise<HttpHeaders>;
  /** What carries the requests: the platform's `fetch`, or a page's own around it. */
  readonly fetch: typeof globalThis.fetch;
  /** Default: this machine's. */
  readonly clock?: DeskClock;
  /** A number from 0 to 1, for waits after a failure. Default: `Math.random`. */
  readonly random?: () => number;
  /** How often the account is asked for, in milliseconds. Default 2000. */
  readonly pollEvery?: number;
  /** How long an answer may take, in milliseconds. Default 5000. */
  readonly timeout?: number;
  /** Tells the gateways of one page apart in what is stored for a reload. Default: the address. */
  readonly name?: string;
}

/** How far our idea of the venue's time may be off before its refusal of late orders can be relied on. */
const CLOCK_MARGIN_MS = 3_000;
/** How long an order may be on its way where the venue was not told until when it is good. */
const LONGEST_WAY_MS = 60_000;

/** A gateway over HTTP. Throws a TypeError for an address that is none and a RangeError for times not above 0. */
export function createHttpGateway(options: HttpGatewayOptions): OrderGateway {
  return new HttpGateway(options);
}

class HttpGateway implements OrderGateway {
  readonly name: string;
  readonly capabilities = {
    cancel: true,
    replace: true,
    query: true,
    events: true,
    balancesExcludeOpenOrders: true,
  } as const;
  readonly #wire: HttpWire;
  readonly #clock: DeskClock;
  readonly #random: () => number;
  readonly #pollEvery: number;
  readonly #polls = new Map<string, HttpPoll>();

  constructor(options: HttpGatewayOptions) {
    const { url, headers = () => ({}), clock = machineClock, pollEvery = 2_000, timeout = 5_000 } = options;
    const base = new URL(url, globalThis.location?.href).href.replace(/\/+$/, '');
    for (const [name, value] of Object.entries({ pollEvery, timeout })) {
      if (!(value > 0)) throw new RangeError(`${name} must be a number of milliseconds above 0, got ${value}`);
    }
    this.name = options.name ?? base;
    this.#clock = clock;
    this.#random = options.random ?? Math.random;
    this.#pollEvery = pollEvery;
    this.#wire = new HttpWire({ url: base, headers, fetch: options.fetch, clock, timeoutMs: timeout });
  }

  venueNow(): number | undefined {
    return this.#wire.venueNow();
  }

  async place(order: OrderRequest): Promise<PlaceResult> {
    const { createdAt: _, ...data } = order;
    const key = { 'idempotency-key': order.clientOrderId };
    const answer = await this.#around(order, () => this.#wire.request('POST', '/orders', data, key));
    if (answer.kind !== 'answer') return unanswered(answer);
    const { status, body } = answer;
    const facts = isGood(status) ? factsIn(body, order) : undefined;
    if (facts !== undefined) return { outcome: 'accepted', facts };
    const code = refusalIn(answer, (taken) => taken === 'duplicate_conflict');
    return code === undefined
      ? { outcome: 'unknown', reason: unclear(answer) }
      : { outcome: 'rejected', code, message: textOf(body['message']) };
  }

  async cancel(order: OrderRequest): Promise<CancelResult> {
    const answer = await this.#around(order, () => this.#wire.request('DELETE', pathOf(order)));
    if (answer.kind !== 'answer') return unanswered(answer);
    const facts = isGood(answer.status) ? factsIn(answer.body, order) : undefined;
    if (facts !== undefined && ENDED.has(facts.status)) return { outcome: 'cancelled', facts };
    const code = refusalIn(answer);
    return code === undefined ? { outcome: 'unknown', reason: unclear(answer) } : { outcome: 'rejected', code };
  }

  async replace(order: OrderRequest, change: OrderChange): Promise<ReplaceResult> {
    const answer = await this.#around(order, () => this.#wire.request('PATCH', pathOf(order), change));
    if (answer.kind !== 'answer') return unanswered(answer);
    const facts = isGood(answer.status) ? factsIn(answer.body, order) : undefined;
    if (facts !== undefined && facts.revision === change.revision) return { outcome: 'replaced', facts };
    const code = refusalIn(answer);
    return code === undefined ? { outcome: 'unknown', reason: unclear(answer) } : { outcome: 'rejected', code };
  }

  async query(order: OrderRequest): Promise<QueryResult> {
    const answer = await this.#wire.request('GET', pathOf(order));
    if (answer.kind !== 'answer') {
      return { outcome: 'failed', reason: answer.kind === 'silent' ? answer.reason : answer.code };
    }
    const facts = isGood(answer.status) ? factsIn(answer.body, order) : undefined;
    if (facts !== undefined) {
      // What the answer counts in has to be in the balances before it is told.
      const poll = this.#polls.get(order.account);
      return poll === undefined || (await poll.now())
        ? { outcome: 'known', facts }
        : { outcome: 'failed', reason: 'the account could not be read' };
    }
    if (answer.status !== 404 || answer.body['code'] !== 'unknown_order') {
      return { outcome: 'failed', reason: unclear(answer) };
    }
    const waitMs = this.#stillOnItsWay(order);
    return waitMs > 0 ? { outcome: 'unsure', retryAfterMs: waitMs } : { outcome: 'never_arrived' };
  }

  async find(account: string, clientOrderId: string): Promise<ListedOrder | undefined> {
    const answer = await this.#wire.request('GET', pathOf({ account, clientOrderId }));
    if (answer.kind !== 'answer' || !isGood(answer.status)) return undefined;
    const found = readListedOrder(fieldsOf(answer.body['order']), account, undefined);
    return found?.request.clientOrderId === clientOrderId ? found : undefined;
  }

  observe(account: string, listener: (event: GatewayEvent) => void): () => void {
    const [wire, clock, random, everyMs] = [this.#wire, this.#clock, this.#random, this.#pollEvery];
    const poll = new HttpPoll({ wire, clock, random, everyMs, account, listener });
    this.#polls.set(account, poll);
    return () => {
      poll.stop();
      if (this.#polls.get(account) === poll) this.#polls.delete(account);
    };
  }

  #around({ account }: OrderRequest, act: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    return this.#polls.get(account)?.around(act) ?? act();
  }

  /** How long an order that is not there may still arrive, by the time until which the venue takes it. */
  #stillOnItsWay({ goodUntil, createdAt }: OrderRequest): number {
    const venueNow = this.venueNow();
    return goodUntil === undefined || venueNow === undefined
      ? createdAt + LONGEST_WAY_MS - this.#clock.now()
      : goodUntil + CLOCK_MARGIN_MS - venueNow;
  }
}

const pathOf = ({ account, clientOrderId }: Pick<OrderRequest, 'account' | 'clientOrderId'>): string =>
  `/orders/${encodeURIComponent(clientOrderId)}?account=${encodeURIComponent(account)}`;

const isGood = (status: number): boolean => status === 200 || status === 201;

/** The order in an answer, if it is the one that was asked about. */
function factsIn(body: Readonly<Record<string, unknown>>, { clientOrderId }: OrderRequest): OrderFacts | undefined {
  const order = fieldsOf(body['order']);
  return order['clientOrderId'] === clientOrderId ? readWholeFacts(order, undefined) : undefined;
}

/**
 * The code of an answer that refuses for certain. Only the venue itself writes one: what has none, a proxy may have said, before or
 * behind which the request went on. 408 and 5xx never tell, but for 503 with the venue's own word. `isFinal` judges the codes of 409,
 * by which a venue also says that it is still at work on the first request.
 */
function refusalIn(
  { status, body }: Extract<HttpAnswer, { kind: 'answer' }>,
  isFinal: (code: string) => boolean = () => true,
): string | undefined {
  const code = textOf(body['code']);
  if (code === '' || status === 408) return undefined;
  if (status === 429 || status === 503) return typeof body['retryable'] === 'boolean' ? code : undefined;
  if (status === 409) return isFinal(code) ? code : undefined;
  return status >= 400 && status < 500 ? code : undefined;
}

const unclear = ({ status, body }: Extract<HttpAnswer, { kind: 'answer' }>): string =>
  [`status ${status}`, textOf(body['code'])].filter((part) => part !== '').join(' ');

const unanswered = (
  answer: Exclude<HttpAnswer, { kind: 'answer' }>,
): Extract<PlaceResult, { outcome: 'not_sent' | 'unknown' }> =>
  answer.kind === 'not_sent'
    ? { outcome: 'not_sent', code: answer.code, message: answer.message }
    : { outcome: 'unknown', reason: answer.reason };
