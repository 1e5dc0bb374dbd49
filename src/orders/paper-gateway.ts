/**
 * A gateway whose orders are simulated: they trade on paper against the live book of a stream and go nowhere. For a page that
 * shows what a ticket does, for practice, and for tests. It has no timers: all happens when the stream tells of a change.
 */
import { ZERO, compare, parseDecimal } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';
import { readPageBalances, type PageBalances } from './account.js';
import type {
  CancelResult,
  GatewayEvent,
  ListedOrder,
  OrderGateway,
  PlaceResult,
  QueryResult,
  ReplaceResult,
} from './gateway.js';
import type { OrderChange, OrderRequest } from './order.js';
import { PaperVenue, type PaperStream } from './paper-venue.js';

export interface PaperGatewayOptions {
  /** Whose books the orders meet. The gateway subscribes to the symbols of working orders while it is observed. */
  readonly stream: PaperStream;
  /** What every account begins with. Default: nothing, until `fund`. */
  readonly balances?: Pick<PageBalances, 'cash' | 'positions'>;
  /** Tells the gateways of one page apart in what is stored for a reload. Default `paper`. */
  readonly name?: string;
  /** What is traded, for a feed that does not say. Default: the stream's own word. */
  readonly instrument?: (symbol: string) => Instrument | undefined;
}

export interface PaperGateway extends OrderGateway {
  /**
   * Gives every account so much of a currency to begin with, as exact decimal text; does nothing where it was given before.
   * Throws a RangeError for what is no decimal of 0 or above.
   */
  fund(currency: string, amount: string): void;
}

/**
 * A new paper gateway. Its accounts, orders and positions live as long as it does, and nothing trades while nobody observes
 * it. Throws a RangeError for balances that are no decimals of 0 or above.
 */
export function createPaperGateway(options: PaperGatewayOptions): PaperGateway {
  return new SimulatedGateway(options);
}

class SimulatedGateway implements PaperGateway {
  readonly name: string;
  readonly capabilities = {
    cancel: true,
    replace: true,
    query: true,
    events: true,
    balancesExcludeOpenOrders: true,
    paper: true,
    iceberg: false,
    bracket: false,
  } as const;
  readonly #stream: PaperStream;
  readonly #venue: PaperVenue;
  readonly #listeners = new Map<(event: GatewayEvent) => void, string>();
  readonly #watched = new Map<string, () => void>();

  constructor({ stream, balances = {}, name = 'paper', instrument = () => undefined }: PaperGatewayOptions) {
    const { available, refused } = readPageBalances(balances);
    for (const [asset, amount] of available) if (compare(amount, ZERO) < 0) refused.push(asset);
    if (refused.length > 0) throw new RangeError(`balances must be decimals of 0 or above: ${refused.join(', ')}`);
    this.name = name;
    this.#stream = stream;
    const instrumentOf = (symbol: string): Instrument | undefined => instrument(symbol) ?? stream.instrument(symbol);
    this.#venue = new PaperVenue(stream, available, instrumentOf, (account, event) => this.#tell(account, event));
  }

  fund(currency: string, amount: string): void {
    const value = parseDecimal(amount);
    if (value === undefined || compare(value, ZERO) < 0) {
      throw new RangeError(`fund: the amount must be a decimal of 0 or above, got "${amount}"`);
    }
    this.#venue.fund(`cash:${currency}`, value);
  }

  place(request: OrderRequest): Promise<PlaceResult> {
    return this.#act(() => {
      const order = this.#venue.place(request);
      return 'code' in order
        ? { outcome: 'rejected', code: order.code, message: order.message }
        : { outcome: 'accepted', facts: order.facts() };
    });
  }

  cancel(request: OrderRequest): Promise<CancelResult> {
    return this.#act(() => {
      const order = this.#venue.cancel(request);
      return typeof order === 'string'
        ? { outcome: 'rejected', code: order }
        : { outcome: 'cancelled', facts: order.facts() };
    });
  }

  replace(request: OrderRequest, change: OrderChange): Promise<ReplaceResult> {
    return this.#act(() => {
      const order = this.#venue.replace(request, change);
      return typeof order === 'string'
        ? { outcome: 'rejected', code: order }
        : { outcome: 'replaced', facts: order.facts() };
    });
  }

  query({ account, clientOrderId }: OrderRequest): Promise<QueryResult> {
    const order = this.#venue.client(account).orders.get(clientOrderId);
    return Promise.resolve(order ? { outcome: 'known', facts: order.facts() } : { outcome: 'never_arrived' });
  }

  find(account: string, clientOrderId: string): Promise<ListedOrder | undefined> {
    const order = this.#venue.client(account).orders.get(clientOrderId);
    return Promise.resolve(order && { request: order.request, facts: order.facts() });
  }

  observe(account: string, listener: (event: GatewayEvent) => void): () => void {
    // A wrapper of its own, so that one function may listen twice and each undo takes away one.
    const entry = (event: GatewayEvent): void => listener(event);
    this.#listeners.set(entry, account);
    const client = this.#venue.client(account);
    const mark = this.#venue.markOf(client);
    listener({ type: 'account', update: { isWhole: true, available: client.account.holdings(), mark } });
    const orders = [...client.working].map((order) => ({ request: order.request, facts: order.facts() }));
    listener({ type: 'ready', orders });
    this.#watch();
    return () => {
      this.#listeners.delete(entry);
      this.#watch();
    };
  }

  /** Acts after the call that asked for it has returned, as a venue would. */
  async #act<Result>(act: () => Result): Promise<Result> {
    await Promise.resolve();
    const result = act();
    this.#watch();
    return result;
  }

  #tell(account: string, event: GatewayEvent): void {
    for (const [listener, of] of [...this.#listeners]) if (of === account) listener(event);
  }

  /** Holds a subscription for each symbol that has orders, while anybody observes. */
  #watch(): void {
    const wanted = this.#listeners.size > 0 ? this.#venue.busy : new Set<string>();
    for (const [symbol, undo] of this.#watched) {
      if (wanted.has(symbol)) continue;
      this.#watched.delete(symbol);
      undo();
    }
    for (const symbol of wanted) {
      if (this.#watched.has(symbol)) continue;
      // Taken note of first: the stream may call back at once.
      this.#watched.set(symbol, () => undefined);
      const undo = this.#stream.subscribe([symbol], () => this.#look(symbol), { throttle: 0 });
      if (this.#watched.has(symbol)) this.#watched.set(symbol, undo);
      else undo();
    }
  }

  #look(symbol: string): void {
    this.#venue.look(symbol);
    this.#watch();
  }
}
