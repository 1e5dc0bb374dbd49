import { formatDecimal, machineClock, parseDecimal } from '../../src/orders/index.js';
import type {
  AccountUpdate,
  Decimal,
  DeskClock,
  GatewayEvent,
  ListedOrder,
  OrderFacts,
  OrderGateway,
  OrderRequest,
} from '../../src/orders/index.js';

/** A broker as its own client library shows it: its own names, its own states, a number that rises with every change. */
export interface Broker {
  readonly isSignedIn: boolean;
  submit(ticket: BrokerTicket): Promise<BrokerOrder>;
  withdraw(ref: string): Promise<BrokerOrder>;
  lookup(ref: string): Promise<BrokerOrder | null>;
  portfolio(): Promise<Portfolio>;
  follow(onChange: (order: BrokerOrder, now: Portfolio) => void, onLink: (isUp: boolean) => void): () => void;
}
export interface BrokerTicket {
  readonly ref: string;
  readonly code: string;
  readonly action: 'B' | 'S';
  readonly shares: string;
  readonly price: string | null;
}
export interface BrokerOrder extends BrokerTicket {
  readonly state: 'live' | 'complete' | 'withdrawn' | 'refused';
  readonly done: string;
  readonly why: string;
  readonly version: number;
}
export interface Portfolio {
  readonly version: number;
  readonly free: string;
  readonly shares: Readonly<Record<string, string>>;
  readonly live: readonly BrokerOrder[];
}

/** The broker refuses a ticket that took longer than this to arrive. */
const LONGEST_WAY_MS = 30_000;

export const brokerGateway = (broker: Broker, clock: DeskClock = machineClock): OrderGateway => ({
  name: 'broker',
  capabilities: {
    cancel: true,
    query: true,
    events: true,
    balancesExcludeOpenOrders: true,
    orderTypes: ['limit', 'market'],
    timesInForce: ['day'],
    postOnly: false,
    iceberg: false,
    bracket: false,
  },

  async place(request) {
    if (!broker.isSignedIn) return { outcome: 'not_sent', code: 'auth_required', message: '' };
    // What this rejects with is left to the desk: the ticket may have arrived, and that is `unknown`.
    const order = await broker.submit(ticketOf(request));
    return order.state === 'refused'
      ? { outcome: 'rejected', code: 'refused', message: order.why }
      : { outcome: 'accepted', facts: factsOf(order) };
  },

  async cancel({ clientOrderId }) {
    const order = await broker.withdraw(clientOrderId);
    return order.state === 'withdrawn'
      ? { outcome: 'cancelled', facts: factsOf(order) }
      : { outcome: 'rejected', code: 'too_late' };
  },

  async query({ clientOrderId, createdAt }) {
    const order = await broker.lookup(clientOrderId);
    if (order !== null) return { outcome: 'known', facts: factsOf(order) };
    const waitMs = createdAt + LONGEST_WAY_MS - clock.now();
    return waitMs > 0 ? { outcome: 'unsure', retryAfterMs: waitMs } : { outcome: 'never_arrived' };
  },

  async find(account, clientOrderId) {
    const order = await broker.lookup(clientOrderId);
    return order === null ? undefined : listedOf(order, account);
  },

  observe(account, listener) {
    let isOver = false;
    const tell = (event: GatewayEvent): void => void (isOver || listener(event));
    const load = (): void => void broker.portfolio().then(tellWhole, tryAgain);
    const tellWhole = (now: Portfolio): void => {
      tell({ type: 'account', update: updateOf(now) });
      tell({ type: 'ready', orders: now.live.map((order) => listedOf(order, account)) });
    };
    const tryAgain = (reason: unknown): void => {
      tell({ type: 'lost', reason: String(reason) });
      if (!isOver) clock.setTimer(load, 2_000);
    };
    const stop = broker.follow(
      (order, now) => {
        tell({ type: 'order', clientOrderId: order.ref, event: { type: 'status', facts: factsOf(order) } });
        tell({ type: 'account', update: updateOf(now) });
      },
      (isUp) => (isUp ? load() : tell({ type: 'lost', reason: 'link down' })),
    );
    return () => {
      isOver = true;
      stop();
    };
  },
});

const ticketOf = ({ clientOrderId, symbol, side, quantity, limitPrice }: OrderRequest): BrokerTicket => ({
  ref: clientOrderId,
  code: symbol,
  action: side === 'buy' ? 'B' : 'S',
  shares: quantity,
  price: limitPrice,
});

const STATES = { live: 'open', complete: 'filled', withdrawn: 'cancelled', refused: 'rejected' } as const;

/** The mark is what puts an order's states, and the balances, in the order in which they became true. */
const markOf = (version: number) => ({ epoch: 'broker', sequence: version });

const factsOf = ({ state, done, why, version }: BrokerOrder): OrderFacts => ({
  status: STATES[state],
  filled: numberOf(done),
  ...(why === '' ? {} : { reason: { code: state, message: why, by: 'venue' } }),
  mark: markOf(version),
});

const updateOf = ({ version, free, shares }: Portfolio): AccountUpdate => {
  const pieces = Object.entries(shares).map(([code, held]) => [`position:${code}`, numberOf(held)] as const);
  return { isWhole: true, available: new Map([['cash:KES', numberOf(free)], ...pieces]), mark: markOf(version) };
};

const listedOf = (order: BrokerOrder, account: string): ListedOrder => ({
  request: {
    clientOrderId: order.ref,
    account,
    symbol: order.code,
    side: order.action === 'B' ? 'buy' : 'sell',
    orderType: order.price === null ? 'market' : 'limit',
    quantity: formatDecimal(numberOf(order.shares)),
    limitPrice: order.price,
    stopPrice: null,
    timeInForce: 'day',
    createdAt: 0,
  },
  facts: factsOf(order),
});

/** Exact, from text: what is no number must not count as one. */
const numberOf = (text: string): Decimal => {
  const value = parseDecimal(text);
  if (value === undefined) throw new TypeError(`the broker sent "${text}" for a number`);
  return value;
};
