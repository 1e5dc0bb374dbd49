import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderChange, OrderRequest, ReplaceResult } from '../../src/sim/desk-types.js';
import type { Exchange } from '../../src/sim/index.js';
import { listen, make, order, START } from './support.js';

const change = (given: Partial<OrderChange> = {}): OrderChange => ({
  account: 'A-1',
  clientOrderId: 'order-0001',
  revision: 1,
  quantity: '300',
  limitPrice: '16.05',
  stopPrice: null,
  ...given,
});
const code = (result: ReplaceResult): string => (result.kind === 'rejected' ? result.code : result.kind);
const reserved = (exchange: Exchange): string | undefined => exchange.desk.snapshot('A-1')?.data.balances[0]?.reserved;
const availableShares = (exchange: Exchange): string | undefined =>
  exchange.desk.snapshot('A-1')?.data.positions.find(({ symbol }) => symbol === 'SCOM')?.available;
/** All of an account and the public book, but the order's number of the day. */
const picture = (exchange: Exchange): unknown => [
  exchange.desk.snapshot('A-1'),
  exchange.listing('SCOM')?.book.sequence,
];

describe('OrderDesk: changes', () => {
  it('SX118 a change binds exactly what the new terms need, and tells it before the fills that it brings', () => {
    const exchange = make();
    const events = listen(exchange);
    exchange.desk.place(order(), START);
    assert.equal(code(exchange.desk.replace(change(), START + 1)), 'replaced');
    // 300 x 16.05 = 4815.00, and 0.12 % of it is 5.778.
    assert.equal(reserved(exchange), '4820.78');
    exchange.desk.replace(change({ revision: 2, quantity: '100' }), START + 2);
    assert.equal(reserved(exchange), '1606.93');
    const best = ((exchange.listing('SCOM')?.book.asks.priceAt(0) ?? 0) / 100).toFixed(2);
    events.length = 0;
    exchange.desk.replace(change({ revision: 3, quantity: '200', limitPrice: best }), START + 3);
    assert.deepEqual(
      events.slice(0, 4).map(({ type }) => type),
      ['order_replaced', 'balance_update', 'order_fill', 'balance_update'],
    );
    const told = events[0];
    assert.ok(told?.type === 'order_replaced');
    assert.deepEqual(told.data, {
      clientOrderId: 'order-0001',
      orderId: 'o-1',
      revision: 3,
      quantity: '200',
      limitPrice: best,
      stopPrice: null,
      status: 'open',
      cumQuantity: '0',
      leavesQuantity: '200',
      timestamp: START + 3,
    });
    const now = exchange.desk.query('A-1', 'order-0001');
    assert.deepEqual([now?.quantity, now?.limitPrice, now?.revision], ['200', best, 3]);
    assert.equal(now?.status === 'filled' ? reserved(exchange) : '0.00', '0.00');
  });

  it('SX118 a sell binds as many shares more or fewer', () => {
    const exchange = make();
    exchange.desk.place(order({ side: 'sell', quantity: '300', limitPrice: '19.00' }), START);
    exchange.desk.replace(change({ quantity: '500', limitPrice: '19.05' }), START);
    assert.equal(availableShares(exchange), '9500');
    exchange.desk.replace(change({ revision: 2, quantity: '100', limitPrice: '19.05' }), START);
    assert.equal(availableShares(exchange), '9900');
    exchange.desk.cancel('A-1', 'order-0001', START);
    assert.equal(availableShares(exchange), '10000');
  });

  it('SX119 a change is made once for each revision, and another of the same number is a conflict', () => {
    const exchange = make();
    exchange.desk.place(order(), START);
    exchange.desk.replace(change(), START);
    exchange.desk.replace(change({ revision: 2, quantity: '200' }), START);
    const before = picture(exchange);
    for (const again of [change(), change({ revision: 2, quantity: '200' })]) {
      const result = exchange.desk.replace(again, START + 5);
      assert.ok(result.kind === 'duplicate' && result.data.duplicate === true);
      assert.deepEqual([result.data.revision, result.data.quantity], [2, '200']);
      assert.equal(result.sequence, exchange.desk.snapshot('A-1')?.sequence);
    }
    for (const other of [
      change({ quantity: '400' }),
      change({ revision: 2, quantity: '200', limitPrice: '16.10' }),
      change({ revision: 0 }),
      change({ revision: 4 }),
    ]) {
      assert.deepEqual(exchange.desk.replace(other, START + 5), {
        kind: 'rejected',
        code: 'revision_conflict',
        status: 'open',
      });
    }
    assert.deepEqual(picture(exchange), before);
    exchange.desk.cancel('A-1', 'order-0001', START);
    assert.equal(code(exchange.desk.replace(change(), START)), 'duplicate');
    assert.equal(code(exchange.desk.replace(change({ revision: 3 }), START)), 'too_late');
  });

  const refused: [string, Partial<OrderChange>, string, Partial<OrderRequest>?][] = [
    ['more than the cash there is', { quantity: '900000' }, 'insufficient_funds'],
    [
      'more than the shares there are',
      { quantity: '10100', limitPrice: '19.00' },
      'insufficient_position',
      { side: 'sell', limitPrice: '19.00' },
    ],
    ['an odd lot', { quantity: '150' }, 'bad_quantity'],
    ['nothing', { quantity: '0' }, 'bad_quantity'],
    ['a price between ticks', { limitPrice: '17.52' }, 'bad_price'],
    ['a limit without a price', { limitPrice: null }, 'bad_price'],
    ['a stop price of what never waits', { stopPrice: '17.00' }, 'bad_price'],
    ['a price beyond the band', { limitPrice: '25.00' }, 'price_band'],
    ['an unknown order', { clientOrderId: 'order-9999' }, 'unknown_order'],
    ['an order of another account', { account: 'B-2' }, 'unknown_order'],
    [
      'another stop price of an order that is awake',
      { limitPrice: '16.00', stopPrice: '17.40' },
      'bad_price',
      { orderType: 'stop_limit', stopPrice: '17.00', limitPrice: '16.00' },
    ],
  ];
  for (const [what, given, expected, first] of refused) {
    it(`SX120 ${what} is refused as ${expected}, without any effect`, () => {
      const exchange = make();
      exchange.desk.place(order(first), START);
      const before = picture(exchange);
      assert.equal(code(exchange.desk.replace(change(given), START)), expected);
      assert.deepEqual(picture(exchange), before);
      exchange.desk.cancel('A-1', 'order-0001', START);
      assert.deepEqual([reserved(exchange), availableShares(exchange)], ['0.00', '10000']);
    });
  }

  it('SX120 a change waits for no halt, and is too late for what is filled or was refused', () => {
    const exchange = make();
    exchange.desk.place(order(), START);
    exchange.setPhase('SCOM', 'halted', START);
    assert.equal(code(exchange.desk.replace(change(), START)), 'halted');
    exchange.setPhase('SCOM', 'continuous', START);
    const best = ((exchange.listing('SCOM')?.book.asks.priceAt(0) ?? 0) / 100).toFixed(2);
    const there = exchange.listing('SCOM')?.book.asks.sizeAt(0) ?? 0;
    // Takes all that is at the best price, and rests with 300 more.
    const total = String(there + 300);
    exchange.desk.place(order({ clientOrderId: 'order-0002', quantity: total, limitPrice: best }), START);
    const late = change({ clientOrderId: 'order-0002', quantity: String(there), limitPrice: best });
    assert.deepEqual(exchange.desk.replace(late, START), {
      kind: 'rejected',
      code: 'too_late',
      status: 'partially_filled',
    });
    const rest = exchange.desk.replace({ ...late, quantity: String(there + 100) }, START);
    assert.equal(code(rest), 'replaced');
    assert.equal(exchange.desk.query('A-1', 'order-0002')?.leavesQuantity, '100');
    exchange.desk.place(order({ clientOrderId: 'order-0003', quantity: '150' }), START);
    assert.equal(code(exchange.desk.replace(change({ clientOrderId: 'order-0003' }), START)), 'too_late');
  });

  it('SX234 the same numbers in another spelling are the same change and the same order', () => {
    const exchange = make();
    const { desk } = exchange;
    const first = order({ quantity: '200', limitPrice: '16.00', displayQuantity: '100', takeProfit: '18.50' });
    assert.equal(desk.place(first, START).kind, 'accepted');
    const spellings = [
      { quantity: '200.0' },
      { limitPrice: '16.0' },
      { limitPrice: '16' },
      { limitPrice: '1.6e1' },
      { displayQuantity: '100.00' },
      { takeProfit: '18.5' },
    ];
    for (const spelling of spellings) {
      assert.equal(desk.place({ ...first, ...spelling }, START).kind, 'duplicate', JSON.stringify(spelling));
    }
    for (const other of [
      { quantity: '200.1' },
      { limitPrice: '16.05' },
      { limitPrice: null },
      { stopPrice: '16.00' },
    ]) {
      const refused = desk.place({ ...first, ...other }, START);
      assert.ok(refused.kind === 'rejected' && refused.code === 'duplicate_conflict', JSON.stringify(other));
    }
    const change = { account: 'A-1', clientOrderId: 'order-0001', revision: 1, quantity: '300', stopPrice: null };
    assert.equal(desk.replace({ ...change, limitPrice: '16.10' }, START).kind, 'replaced');
    assert.equal(desk.replace({ ...change, limitPrice: '16.1', quantity: '300.0' }, START).kind, 'duplicate');
    const refused = desk.replace({ ...change, limitPrice: '16.15' }, START);
    assert.ok(refused.kind === 'rejected' && refused.code === 'revision_conflict');
  });

  it('SX237 an order is changed a thousand times by its client, and what the exchange changes of an exit does not count', () => {
    const exchange = make();
    const { desk } = exchange;
    desk.place(order({ quantity: '101000', limitPrice: '17.50', takeProfit: '18.50' }), START);
    for (let i = 0; i < 1_010; i++) {
      const fill = { account: `S-${i % 11}`, side: 'sell', limitPrice: '17.50', timeInForce: 'ioc' } as const;
      desk.place(order({ clientOrderId: `fill-${i}`, ...fill }), START);
    }
    const exit = 'order-0001.tp';
    assert.equal(desk.query('A-1', exit)?.quantity, '101000');
    const revision = desk.query('A-1', exit)?.revision ?? 0;
    assert.ok(revision > 1_000, `${revision} revisions`);
    const change = { account: 'A-1', clientOrderId: exit, quantity: '101000', stopPrice: null };
    for (let i = 1; i <= 1_000; i++) {
      const limitPrice = i % 2 === 0 ? '18.50' : '18.55';
      assert.equal(desk.replace({ ...change, revision: revision + i, limitPrice }, START).kind, 'replaced');
    }
    const refused = desk.replace({ ...change, revision: revision + 1_001, limitPrice: '18.45' }, START);
    assert.ok(refused.kind === 'rejected' && refused.code === 'not_permitted');
    assert.equal(desk.cancel('A-1', exit, START).kind, 'cancelled');
  });

  it('SX237 an account that has used all its ids is told so for good, and can still cancel', () => {
    const { desk } = make();
    desk.place(order(), START);
    for (let i = 1; i < 100_000; i++) desk.place(order({ clientOrderId: `bad-${i}`, quantity: '1' }), START);
    const refused = desk.place(order({ clientOrderId: 'order-0002' }), START);
    assert.ok(refused.kind === 'rejected' && refused.code === 'overloaded' && !refused.retryable);
    assert.equal(desk.cancel('A-1', 'order-0001', START).kind, 'cancelled');
    assert.equal(desk.place(order({ account: 'B-2' }), START).kind, 'accepted');
  });
});
