import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Ladder } from '../../src/book/ladder.js';
import { formatDecimal } from '../../src/book/decimal.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { ownLevels, watchOwnLevels } from '../../src/orders/own-levels.js';
import { showRestingOrders } from '../../src/orders/resting-orders.js';
import { FakeVenue, ManualClock, settled } from './fake-venue.js';

const order = (clientOrderId: string, change: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId,
  account: 'A-1',
  symbol: 'SCOM',
  side: 'buy',
  orderType: 'limit',
  quantity: '300',
  limitPrice: '17.45',
  stopPrice: null,
  timeInForce: 'day',
  createdAt: 1,
  ...change,
});

function open() {
  const venue = new FakeVenue();
  const desk = new OrderDesk({
    account: 'A-1',
    gateway: venue,
    journal: memoryJournal(),
    ledger: new ReservationLedger(),
    clock: new ManualClock(),
  });
  const send = async (...args: Parameters<typeof order>): Promise<void> => {
    desk.submit(order(...args), undefined, () => 'gateway');
    await settled();
  };
  return { venue, desk, send, feed: {} };
}

const textOf = (feed: object, symbol = 'SCOM'): string[] =>
  ownLevels(feed, symbol).map(({ side, price, size }) => `${side} ${formatDecimal(price)} ${formatDecimal(size)}`);

describe('where own orders rest', () => {
  it('OB83 a resting limit order is there with its leaves until it has ended', async () => {
    const { venue, desk, send, feed } = open();
    showRestingOrders(feed, desk);
    await send('a');
    await send('b', { side: 'sell', limitPrice: '17.60', quantity: '200' });
    assert.deepEqual(textOf(feed), ['ask 17.6 200', 'bid 17.45 300']);
    venue.fill('a', '100');
    assert.deepEqual(textOf(feed), ['ask 17.6 200', 'bid 17.45 200']);
    desk.cancel('b');
    await settled();
    assert.deepEqual(textOf(feed), ['bid 17.45 200']);
    venue.fill('a', '200');
    assert.deepEqual(textOf(feed), []);
  });

  it('OB83 an order that is not known to rest is not there: sent without an answer, or a stop', async () => {
    const { venue, desk, send, feed } = open();
    showRestingOrders(feed, desk);
    venue.fate = 'lost_before';
    venue.isConnected = true;
    await send('a');
    venue.fate = 'arrives';
    await send('s', { orderType: 'stop', limitPrice: null, stopPrice: '17.70' });
    await send('t', { orderType: 'stop_limit', limitPrice: '17.75', stopPrice: '17.70' });
    await send('m', { orderType: 'market', limitPrice: null });
    assert.deepEqual(textOf(feed), []);
  });

  it('OB83 orders of several desks of one feed lie beside each other, those of another feed do not', async () => {
    const first = open();
    const second = open();
    const other = open();
    const { feed } = first;
    showRestingOrders(feed, first.desk);
    showRestingOrders(feed, second.desk);
    showRestingOrders(other.feed, other.desk);
    await first.send('a');
    await second.send('b', { quantity: '500' });
    await other.send('c', { quantity: '700' });
    assert.deepEqual(textOf(feed), ['bid 17.45 300', 'bid 17.45 500']);
    assert.deepEqual(textOf(other.feed), ['bid 17.45 700']);
  });

  it('OB83 once nobody follows them, nothing is said of them; as long as one does, everything is', async () => {
    const { venue, desk, send, feed } = open();
    const hideFirst = showRestingOrders(feed, desk);
    const hideSecond = showRestingOrders(feed, desk);
    await send('a');
    assert.deepEqual(textOf(feed), ['bid 17.45 300']);
    hideFirst();
    hideFirst();
    assert.deepEqual(textOf(feed), ['bid 17.45 300']);
    hideSecond();
    assert.deepEqual(textOf(feed), []);
    assert.equal(venue.listenerCount, 0);
    showRestingOrders(feed, desk);
    assert.deepEqual(textOf(feed), ['bid 17.45 300']);
  });

  it('OB84 the list of a symbol is the same one until something of that symbol has changed', async () => {
    const { desk, send, feed } = open();
    let calls = 0;
    showRestingOrders(feed, desk);
    const unwatch = watchOwnLevels(feed, () => calls++);
    await send('a');
    const before = ownLevels(feed, 'SCOM');
    assert.equal(calls, 1);
    await send('k', { symbol: 'KCB' });
    assert.equal(calls, 2);
    assert.equal(ownLevels(feed, 'SCOM'), before);
    unwatch();
    desk.cancel('a');
    await settled();
    assert.equal(calls, 2);
    assert.deepEqual(textOf(feed), []);
    assert.deepEqual(textOf(feed, 'KCB'), ['bid 17.45 300']);
  });

  it('OB80 a price is on the row that its level is folded into', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('bid' as const, 'ask' as const),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 500 }),
        (side, price, grouping) => {
          const label = new Ladder(side).labelOf(price, grouping);
          assert.equal(label % grouping, 0);
          const distance = side === 'bid' ? price - label : label - price;
          assert.ok(distance >= 0 && distance < grouping);
          assert.equal(new Ladder(side).labelOf(price, 0), price);
        },
      ),
    );
  });
});
