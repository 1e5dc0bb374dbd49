/** A client of ours, with its stream, gateway and desk, through a day of the reference exchange on real sockets. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type ExchangeServer, startExchange } from '../../server/exchange-server.js';
import { formatDecimal } from '../../src/book/decimal.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { StreamGateway } from '../../src/orders/stream-gateway.js';
import { createMarketStream, type OwnedMarketStream } from '../../src/stream/market-stream-core.js';
import { createWebSocketTransport } from '../../src/stream/transport/websocket.js';
import { nodeSocket } from '../support/node-socket.js';

const DAY = { pre_open: 2_500, auction: 1_000, continuous: 2_000, closed: 1_000 };

const open: { close: () => unknown }[] = [];
after(async () => {
  for (const one of open.reverse()) await one.close();
});

class Client {
  readonly stream: OwnedMarketStream;
  readonly desk: OrderDesk;
  /** What was seen of it, change by change. */
  readonly phases: string[] = [];
  readonly verdicts = new Set<string>();
  /** In which phases its book was seen crossed. */
  readonly crossedIn = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #count = 0;

  constructor(server: ExchangeServer) {
    this.stream = createMarketStream({
      src: server.url,
      transport: createWebSocketTransport({ makeSocket: nodeSocket() }),
      onError: () => {},
    });
    open.push({ close: () => this.stream.dispose() });
    this.stream.subscribe(['SCOM'], () => this.#look(), { trades: true });
    this.desk = new OrderDesk({
      account: 'A-1',
      gateway: new StreamGateway(this.stream),
      journal: memoryJournal(),
      ledger: new ReservationLedger(),
    });
    const undo = this.desk.observe(() => this.#look());
    open.push({ close: undo });
  }

  place(given: Partial<OrderRequest>): string {
    const clientOrderId = `day-order-${++this.#count}`;
    const wish: OrderRequest = {
      clientOrderId,
      account: 'A-1',
      symbol: 'SCOM',
      side: 'buy',
      orderType: 'limit',
      quantity: '300',
      limitPrice: '16.00',
      stopPrice: null,
      timeInForce: 'day',
      createdAt: Date.now(),
      ...given,
    };
    this.desk.submit(wish, undefined, () => 'gateway');
    return clientOrderId;
  }

  stateOf(clientOrderId: string): string {
    const { state, reason } = this.desk.order(clientOrderId)!;
    return state === 'rejected' ? `${state} ${reason?.code}` : state;
  }

  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isTrue()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  async isIn(phase: string): Promise<void> {
    await this.until(() => this.stream.phase('SCOM') === phase);
  }

  async has(clientOrderId: string, state: string): Promise<void> {
    await this.until(() => this.stateOf(clientOrderId) === state);
  }

  #look(): void {
    const phase = this.stream.phase('SCOM');
    const book = this.stream.book('SCOM');
    if (book !== undefined) {
      if (phase !== this.phases.at(-1)) this.phases.push(phase);
      this.verdicts.add(this.stream.verdict('SCOM').state);
      if (book.isCrossed) this.crossedIn.add(phase);
    }
    for (const look of [...this.#waiting]) look();
  }
}

describe('a client through a trading day', () => {
  it(
    'OR163 orders gather, trade at one price, go on, expire, and are refused in each phase as it takes them; the crossed book is never in doubt',
    { timeout: 60_000 },
    async () => {
      const server = await startExchange({ symbols: 1, rate: 100, day: DAY });
      open.push(server);
      const client = new Client(server);
      await client.until(() => client.desk.isReady && client.stream.verdict('SCOM').state === 'live');

      const crossing = client.place({ limitPrice: '18.50', timeInForce: 'gtc' });
      const [day, kept] = [client.place({}), client.place({ timeInForce: 'gtc' })];
      const market = client.place({ orderType: 'market', limitPrice: null });
      await client.has(market, 'rejected not_permitted');
      for (const id of [crossing, day, kept]) await client.has(id, 'open');
      await client.isIn('auction');
      assert.equal(client.stateOf(crossing), 'open');
      assert.ok(client.stream.book('SCOM')!.isCrossed);
      assert.deepEqual(client.stream.trades('SCOM'), []);

      await client.isIn('continuous');
      await client.has(crossing, 'filled');
      const { fills } = client.desk.order(crossing)!;
      const prices = new Set(fills.map(({ price }) => formatDecimal(price, 2)));
      assert.equal(prices.size, 1);
      const [price] = prices;
      const ended = client.stream.trades('SCOM')[0]!;
      const auction = client.stream.trades('SCOM').filter(({ eventTime }) => eventTime === ended.eventTime);
      assert.ok(auction.length >= fills.length);
      assert.deepEqual([...new Set(auction.map((trade) => trade.price))], [price]);
      await client.has(client.place({ orderType: 'market', limitPrice: null }), 'filled');

      await client.isIn('closed');
      await client.has(day, 'expired');
      await client.has(client.place({}), 'rejected market_closed');
      assert.equal(client.stateOf(kept), 'open');
      client.desk.cancel(kept);
      await client.has(kept, 'cancelled');
      await client.isIn('pre_open');
      assert.equal(client.stream.verdict('SCOM').reason, 'ok');

      assert.deepEqual(client.phases.slice(-4), ['auction', 'continuous', 'closed', 'pre_open']);
      const good = ['live', 'quiet', 'closed'];
      assert.deepEqual(
        [...client.verdicts].filter((state) => !good.includes(state)),
        [],
      );
      assert.ok(!client.crossedIn.has('continuous') && client.crossedIn.has('auction'));
      const { resyncs, gaps, refused } = client.stream.metrics();
      assert.deepEqual([resyncs, gaps, refused], [0, 0, 0]);
    },
  );
});
