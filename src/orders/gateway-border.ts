/**
 * Between a desk and its gateway. What a gateway says is read here, once, and what cannot be read means the least that it may
 * mean: an outcome is unknown, an account may be behind. No fault of a gateway gets further, and its author is told of each.
 */
import { readAct, readListed, readOrderEvent, readQuery, readUpdate } from './gateway-answers.js';
import type { ActResult } from './gateway-answers.js';
import { gatewayFlaw } from './gateway.js';
import type { GatewayEvent, ListedOrder, OrderGateway, PlaceResult, QueryResult } from './gateway.js';
import type { OrderChange, OrderEvent, OrderRequest } from './order.js';

/** What a gateway reports; of an order without an `event` there is news that could not be read. */
export type BorderEvent =
  | Exclude<GatewayEvent, { type: 'order' }>
  | { readonly type: 'order'; readonly clientOrderId: string; readonly event: OrderEvent | undefined };

const UNREADABLE = 'an answer that cannot be read';
const told = new Set<string>();

function warnOnce(text: string): void {
  if (told.has(text)) return;
  told.add(text);
  console.warn(`touchline: ${text}`);
}

/** What came of an order that a page or a script carries. */
export async function carriedResult(answer: Promise<unknown>, clientOrderId: string): Promise<PlaceResult> {
  const result = readAct(await answer, 'accepted');
  if (result !== undefined) return result;
  warnOnce(`what was said of order ${clientOrderId} cannot be read: its outcome is unknown.`);
  return { outcome: 'unknown', reason: UNREADABLE };
}

export class GatewayBorder {
  readonly #gateway: OrderGateway;

  /** Throws a `TypeError` for what is no gateway. */
  constructor(gateway: OrderGateway) {
    const flaw = gatewayFlaw(gateway);
    if (flaw !== undefined) throw new TypeError(flaw);
    this.#gateway = gateway;
  }

  /** Whether it says that it can, and has the method. */
  can(act: 'cancel' | 'replace' | 'query'): boolean {
    return this.#has(act, act);
  }

  /** Whether it reports what happens. */
  get hasEvents(): boolean {
    return this.#has('events', 'observe');
  }

  /** Undefined where it has no time, or none that is one. */
  venueNow(): number | undefined {
    try {
      const now = this.#gateway.venueNow?.();
      if (now === undefined || Number.isFinite(now)) return now;
      this.#warn('venueNow', 'is no number');
    } catch (error) {
      this.#warn('venueNow', `failed: ${String(error)}`);
    }
    return undefined;
  }

  place(order: OrderRequest): Promise<PlaceResult> {
    return this.#act('place', order, 'accepted', (gateway) => gateway.place(order));
  }

  cancel(order: OrderRequest): Promise<ActResult<'cancelled'>> {
    return this.#act('cancel', order, 'cancelled', (gateway) => gateway.cancel?.(order));
  }

  replace(order: OrderRequest, change: OrderChange): Promise<ActResult<'replaced'>> {
    return this.#act('replace', order, 'replaced', (gateway) => gateway.replace?.(order, change));
  }

  async query(order: OrderRequest): Promise<QueryResult> {
    const result = readQuery(await this.#gateway.query?.(order));
    if (result !== undefined) return result;
    this.#warn('query', `${UNREADABLE} for order ${order.clientOrderId}`);
    return { outcome: 'failed', reason: UNREADABLE };
  }

  /** Whether orders that were placed elsewhere can be found. */
  get canFind(): boolean {
    return typeof this.#gateway.find === 'function';
  }

  async find(account: string, clientOrderId: string): Promise<ListedOrder | undefined> {
    const answer: unknown = await this.#gateway.find?.(account, clientOrderId);
    if (answer === undefined || answer === null) return undefined;
    const found = readListed(answer);
    if (found?.request.clientOrderId === clientOrderId) return found;
    this.#warn('find', `${UNREADABLE} for order ${clientOrderId}`);
    return undefined;
  }

  /** Reports until the returned function is called. A gateway that fails at it leaves the account as one that may be behind. */
  observe(account: string, listener: (event: BorderEvent) => void): () => void {
    let isOver = false;
    let stop: unknown;
    try {
      stop = this.#gateway.observe?.(account, (event) => {
        const read = isOver ? undefined : this.#read(event);
        if (read !== undefined) listener(read);
      });
    } catch (error) {
      this.#warn('observe', `failed: ${String(error)}`);
      if (this.hasEvents) listener({ type: 'lost', reason: String(error) });
    }
    return () => {
      isOver = true;
      try {
        if (typeof stop === 'function') stop();
      } catch (error) {
        this.#warn('observe', `failed to end: ${String(error)}`);
      }
    };
  }

  #read(event: unknown): BorderEvent | undefined {
    const { type, clientOrderId, event: news, update, orders, reason } = (event ?? {}) as Record<string, unknown>;
    switch (type) {
      case 'order': {
        if (typeof clientOrderId !== 'string' || clientOrderId === '') break;
        const read = readOrderEvent(news);
        if (read === undefined) this.#warn('observe', `news of order ${clientOrderId} cannot be read`);
        return { type, clientOrderId, event: read };
      }
      case 'account': {
        const read = readUpdate(update);
        if (read !== undefined) return { type, update: read };
        this.#warn('observe', 'balances cannot be read');
        return undefined;
      }
      case 'ready':
        if (orders === undefined) return { type };
        if (Array.isArray(orders)) return { type, orders: orders.flatMap((order) => this.#listed(order)) };
        this.#warn('observe', 'its list of orders is none');
        return { type: 'lost', reason: UNREADABLE };
      case 'lost':
        return { type, reason: typeof reason === 'string' ? reason : '' };
    }
    this.#warn('observe', `an event that is none, of type "${String(type)}"`);
    return undefined;
  }

  #listed(order: unknown): ListedOrder[] {
    const read = readListed(order);
    if (read !== undefined) return [read];
    const { request } = (order ?? {}) as { request?: { clientOrderId?: unknown } | null };
    this.#warn('observe', `order ${String(request?.clientOrderId)} in its list cannot be read`);
    return [];
  }

  async #act<Done extends string>(
    name: string,
    { clientOrderId }: OrderRequest,
    done: Done,
    call: (gateway: OrderGateway) => unknown,
  ): Promise<ActResult<Done>> {
    const result = readAct(await call(this.#gateway), done);
    if (result !== undefined) return result;
    this.#warn(name, `${UNREADABLE} for order ${clientOrderId}: its outcome is unknown`);
    return { outcome: 'unknown', reason: UNREADABLE };
  }

  #has(flag: 'cancel' | 'replace' | 'query' | 'events', method: 'cancel' | 'replace' | 'query' | 'observe'): boolean {
    if (this.#gateway.capabilities[flag] !== true) return false;
    if (typeof this.#gateway[method] === 'function') return true;
    this.#warn(method, `capabilities say \`${flag}\`, and there is no such method`);
    return false;
  }

  #warn(what: string, text: string): void {
    warnOnce(`gateway "${this.#gateway.name ?? ''}", ${what}: ${text}.`);
  }
}
