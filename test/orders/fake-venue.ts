import { ZERO, add, compare, parseDecimal, subtract } from '../../src/book/decimal.js';
import type { DeskClock } from '../../src/orders/clock.js';
import type {
  CancelResult,
  GatewayEvent,
  ListedOrder,
  OrderGateway,
  PlaceResult,
  QueryResult,
  ReplaceResult,
} from '../../src/orders/gateway.js';
import type { Fill, OrderChange, OrderFacts, OrderRequest } from '../../src/orders/order.js';

/** A clock that moves when a test says so, and fires its timers in order. */
export class ManualClock implements DeskClock {
  #now = 1_000_000;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  get timerCount(): number {
    return this.#timers.length;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass; promises that the timers settle are settled too. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      this.#timers.sort((a, b) => a.at - b.at);
      const next = this.#timers[0];
      if (next === undefined || next.at > end) break;
      this.#timers.shift();
      this.#now = next.at;
      next.callback();
      await settled();
    }
    this.#now = end;
  }
}

/** Lets every promise that can settle do so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Resting {
  readonly request: OrderRequest;
  facts: OrderFacts;
}

/** What happens to a message on its way: it may be lost before the venue, or its answer after it. */
export type Fate = 'arrives' | 'lost_before' | 'lost_after';

/** A venue that truly keeps orders, behind a wire that can lose. Counts what really arrived. */
export class FakeVenue implements OrderGateway {
  readonly capabilities = { cancel: true, query: true, events: true, balancesExcludeOpenOrders: true, replace: true };
  /** Every placing that reached the venue, repeats included. */
  readonly placed: string[] = [];
  /** Calls of `place`, whatever became of them. */
  placeCalls = 0;
  queryCalls = 0;
  replaceCalls = 0;
  findCalls = 0;
  fate: Fate = 'arrives';
  isConnected = true;
  /** Whether private events are delivered. */
  isTelling = true;
  readonly #orders = new Map<string, Resting>();
  readonly #listeners = new Set<(event: GatewayEvent) => void>();
  #sequence = 0;
  #fills = 0;

  get listenerCount(): number {
    return this.#listeners.size;
  }

  factsOf(clientOrderId: string): OrderFacts | undefined {
    return this.#orders.get(clientOrderId)?.facts;
  }

  async place(request: OrderRequest): Promise<PlaceResult> {
    this.placeCalls++;
    if (!this.isConnected) return { outcome: 'not_sent', code: 'not_connected', message: '' };
    if (this.fate === 'lost_before') return { outcome: 'unknown', reason: 'timeout' };
    this.placed.push(request.clientOrderId);
    const quantity = parseDecimal(request.quantity) ?? ZERO;
    const { limitPrice, stopPrice } = request;
    const facts = this.#next({
      status: 'open',
      filled: ZERO,
      leaves: quantity,
      orderId: `o-${this.placed.length}`,
      quantity,
      limitPrice,
      stopPrice,
      revision: 0,
    });
    this.#orders.set(request.clientOrderId, { request, facts });
    if (this.fate === 'lost_after') return { outcome: 'unknown', reason: 'connection_lost' };
    return { outcome: 'accepted', facts };
  }

  async cancel(request: OrderRequest): Promise<CancelResult> {
    if (!this.isConnected) return { outcome: 'not_sent', code: 'not_connected' };
    if (this.fate === 'lost_before') return { outcome: 'unknown', reason: 'timeout' };
    const order = this.#orders.get(request.clientOrderId);
    if (order === undefined) return { outcome: 'rejected', code: 'unknown_order' };
    if (compare(order.facts.leaves ?? ZERO, ZERO) === 0) return { outcome: 'rejected', code: 'too_late' };
    order.facts = this.#next({ ...order.facts, status: 'cancelled', leaves: ZERO });
    if (this.fate === 'lost_after') return { outcome: 'unknown', reason: 'connection_lost' };
    return { outcome: 'cancelled', facts: order.facts };
  }

  async replace(request: OrderRequest, change: OrderChange): Promise<ReplaceResult> {
    this.replaceCalls++;
    // No answer comes within the call itself.
    await Promise.resolve();
    if (!this.isConnected) return { outcome: 'not_sent', code: 'not_connected' };
    if (this.fate === 'lost_before') return { outcome: 'unknown', reason: 'timeout' };
    const order = this.#orders.get(request.clientOrderId);
    if (order === undefined) return { outcome: 'rejected', code: 'unknown_order' };
    const { filled, leaves = ZERO, revision = 0 } = order.facts;
    const quantity = parseDecimal(change.quantity) ?? ZERO;
    if (compare(leaves, ZERO) === 0 || compare(quantity, filled) <= 0) return { outcome: 'rejected', code: 'too_late' };
    if (change.revision !== revision + 1) return { outcome: 'rejected', code: 'revision_conflict' };
    order.facts = this.#next({ ...order.facts, ...change, quantity, leaves: subtract(quantity, filled) });
    if (this.fate === 'lost_after') return { outcome: 'unknown', reason: 'connection_lost' };
    this.tell({ type: 'order', clientOrderId: request.clientOrderId, event: { type: 'replaced', facts: order.facts } });
    return { outcome: 'replaced', facts: order.facts };
  }

  async query(request: OrderRequest): Promise<QueryResult> {
    this.queryCalls++;
    if (!this.isConnected) return { outcome: 'failed', reason: 'not_connected' };
    const order = this.#orders.get(request.clientOrderId);
    if (order === undefined) return { outcome: 'never_arrived' };
    const { mark: _, ...facts } = order.facts;
    return { outcome: 'known', facts };
  }

  async find(_account: string, clientOrderId: string): Promise<ListedOrder | undefined> {
    this.findCalls++;
    return this.isConnected ? this.#orders.get(clientOrderId) : undefined;
  }

  /** A restart that kept nothing. */
  forget(): void {
    this.#orders.clear();
  }

  observe(_account: string, listener: (event: GatewayEvent) => void): () => void {
    this.#listeners.add(listener);
    if (this.isConnected) this.#ready(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Trades against a resting order. */
  fill(clientOrderId: string, size: string): void {
    const order = this.#orders.get(clientOrderId);
    const wanted = parseDecimal(size);
    if (order === undefined || wanted === undefined) return;
    const leaves = order.facts.leaves ?? ZERO;
    if (compare(leaves, ZERO) === 0) return;
    const quantity = compare(wanted, leaves) > 0 ? leaves : wanted;
    const rest = subtract(leaves, quantity);
    const isDone = compare(rest, ZERO) === 0;
    order.facts = this.#next({
      ...order.facts,
      status: isDone ? 'filled' : 'partially_filled',
      filled: add(order.facts.filled, quantity),
      leaves: rest,
    });
    const price = parseDecimal(order.request.limitPrice ?? '17.50') ?? ZERO;
    const told: Fill = {
      fillId: `f-${++this.#fills}`,
      price,
      quantity,
      fee: ZERO,
      feeCurrency: 'KES',
      liquidity: 'maker',
    };
    this.tell({ type: 'order', clientOrderId, event: { type: 'fill', fill: told, facts: barely(order.facts) } });
  }

  tell(event: GatewayEvent): void {
    if (!this.isTelling || !this.isConnected) return;
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Absolute cash, as of now. */
  tellBalance(cash: string, isWhole = false): void {
    const available = new Map([['cash:KES' as const, parseDecimal(cash) ?? ZERO]]);
    this.tell({ type: 'account', update: { isWhole, available, mark: { epoch: 'p1', sequence: ++this.#sequence } } });
  }

  disconnect(): void {
    this.tell({ type: 'lost', reason: 'connection_lost' });
    this.isConnected = false;
  }

  reconnect(): void {
    this.isConnected = true;
    for (const listener of [...this.#listeners]) this.#ready(listener);
  }

  #ready(listener: (event: GatewayEvent) => void): void {
    const orders = [...this.#orders.values()]
      .filter(({ facts }) => compare(facts.leaves ?? ZERO, ZERO) > 0)
      .map(({ request, facts }) => ({ request, facts }));
    listener({ type: 'ready', orders });
  }

  #next(facts: OrderFacts): OrderFacts {
    return { ...facts, mark: { epoch: 'p1', sequence: ++this.#sequence } };
  }
}

/** A trade tells totals and no terms, like the wire's. */
function barely(whole: OrderFacts): OrderFacts {
  const facts: { -readonly [name in keyof OrderFacts]: OrderFacts[name] } = { ...whole };
  for (const term of ['quantity', 'limitPrice', 'stopPrice', 'revision'] as const) delete facts[term];
  return facts;
}
