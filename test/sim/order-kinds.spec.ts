import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Instrument } from '../../src/book/instrument.js';
import type { OrderRequest } from '../../src/sim/desk-types.js';
import type { Exchange } from '../../src/sim/index.js';
import { balanced, listen, make, order, ruled, START } from './support.js';

const code = (result: { readonly kind: string; readonly code?: string }): string => result.code ?? result.kind;
const place = (exchange: Exchange, given: Partial<OrderRequest>): string =>
  code(exchange.desk.place(order(given), START));
/** SCOM alone, with other rules. */
const listed = (given: Partial<Instrument>): Exchange => make({ symbols: ruled(1, given) });
const best = (exchange: Exchange, side: 'bids' | 'asks'): [string, number] => {
  const book = exchange.listing('SCOM')?.book[side];
  assert.ok(book);
  return [(book.priceAt(0) / 100).toFixed(2), book.sizeAt(0)];
};
/** Between the crowd's best prices. */
const MIDDLE = '17.50';

describe('OrderDesk: post-only orders and icebergs', () => {
  it('SX130 the six shares offer both, and what is not offered is refused', () => {
    const exchange = make({ symbols: 7 });
    const offers = exchange.symbols.filter((symbol) => {
      const { postOnly, icebergMinShare } = exchange.listing(symbol)?.instrument ?? {};
      return postOnly === true && icebergMinShare === '0.25';
    });
    assert.deepEqual(offers, ['ABSA', 'EQTY', 'KCB', 'NCBA', 'SAFCOM', 'SCOM']);
    const limitPrice = ((exchange.listing('SYM001')?.referencePrice ?? 0) / 100).toFixed(2);
    const plain = { symbol: 'SYM001', limitPrice };
    assert.equal(place(exchange, { ...plain, clientOrderId: 'order-0001', postOnly: true }), 'not_permitted');
    assert.equal(place(exchange, { ...plain, clientOrderId: 'order-0002', displayQuantity: '100' }), 'not_permitted');
    assert.equal(place(exchange, { ...plain, clientOrderId: 'order-0003' }), 'accepted');
  });

  it('SX124 a post-only order rests, and is refused as `would_take` where it would trade at once', () => {
    const exchange = make();
    const [ask] = best(exchange, 'asks');
    assert.equal(place(exchange, { postOnly: true, limitPrice: ask }), 'would_take');
    assert.equal(exchange.desk.snapshot('A-1')?.data.balances[0]?.reserved, '0.00');
    assert.equal(place(exchange, { clientOrderId: 'order-0002', postOnly: true, limitPrice: MIDDLE }), 'accepted');
    assert.deepEqual(best(exchange, 'bids'), [MIDDLE, 100]);
    const [bid] = best(exchange, 'bids');
    const sell = { clientOrderId: 'order-0003', side: 'sell', postOnly: true, limitPrice: bid } as const;
    assert.equal(place(exchange, sell), 'would_take');
    const before = exchange.desk.snapshot('A-1');
    const change = { account: 'A-1', clientOrderId: 'order-0002', revision: 1, quantity: '200', stopPrice: null };
    assert.equal(code(exchange.desk.replace({ ...change, limitPrice: ask }, START)), 'would_take');
    assert.deepEqual(exchange.desk.snapshot('A-1'), before);
    assert.equal(code(exchange.desk.replace({ ...change, limitPrice: MIDDLE }, START)), 'replaced');
  });

  const unfit: [string, Partial<OrderRequest>][] = [
    ['market', { orderType: 'market', limitPrice: null }],
    ['stop_limit', { orderType: 'stop_limit', stopPrice: '17.00' }],
    ['ioc', { timeInForce: 'ioc' }],
    ['fok', { timeInForce: 'fok' }],
  ];
  for (const [what, given] of unfit) {
    it(`SX127 neither goes with ${what}`, () => {
      const exchange = make();
      assert.equal(place(exchange, { ...given, postOnly: true }), 'not_permitted');
      assert.equal(place(exchange, { ...given, clientOrderId: 'order-0002', displayQuantity: '100' }), 'not_permitted');
    });
  }

  it('SX127 an iceberg shows whole lots, and at least its share of the quantity, also after a change', () => {
    const exchange = make();
    ['0', '-100', '150', '100', '100.5'].forEach((displayQuantity, i) => {
      const given = { clientOrderId: `order-000${i}`, quantity: '500', displayQuantity };
      assert.equal(place(exchange, given), 'bad_quantity', displayQuantity);
    });
    assert.equal(place(exchange, { clientOrderId: 'order-0009', quantity: '400', displayQuantity: '100' }), 'accepted');
    const change = { account: 'A-1', clientOrderId: 'order-0009', revision: 1, limitPrice: '16.00', stopPrice: null };
    assert.equal(code(exchange.desk.replace({ ...change, quantity: '500' }, START)), 'bad_quantity');
    assert.equal(code(exchange.desk.replace({ ...change, quantity: '300' }, START)), 'replaced');
  });

  it('SX125 the public book never shows more of an iceberg than it may, and all of it trades', () => {
    const exchange = make();
    place(exchange, { side: 'sell', quantity: '300', displayQuantity: '100', limitPrice: MIDDLE });
    place(exchange, { account: 'C-3', side: 'sell', quantity: '200', limitPrice: MIDDLE });
    assert.deepEqual(best(exchange, 'asks'), [MIDDLE, 300]);
    const events = listen(exchange, 'B-2');
    place(exchange, { account: 'B-2', quantity: '400', limitPrice: MIDDLE });
    const fills = events.flatMap((event) => (event.type === 'order_fill' ? [event.data.quantity] : []));
    assert.deepEqual(fills, ['100', '200', '100']);
    assert.deepEqual(best(exchange, 'asks'), [MIDDLE, 100]);
    assert.equal(exchange.desk.query('A-1', 'order-0001')?.leavesQuantity, '100');
  });

  it('SX131 both are content of an order, and stand in its texts', () => {
    const exchange = make();
    const wish = { quantity: '400', postOnly: true, displayQuantity: '200' } as const;
    assert.equal(place(exchange, wish), 'accepted');
    assert.equal(place(exchange, wish), 'duplicate');
    assert.equal(place(exchange, { quantity: '400', displayQuantity: '200' }), 'duplicate_conflict');
    assert.equal(place(exchange, { ...wish, displayQuantity: '100' }), 'duplicate_conflict');
    const [snapshot] = exchange.desk.snapshot('A-1')?.data.orders ?? [];
    for (const text of [exchange.desk.query('A-1', 'order-0001'), snapshot]) {
      assert.deepEqual([text?.postOnly, text?.displayQuantity, text?.revision], [true, '200', 0]);
    }
    place(exchange, { ...wish, clientOrderId: 'order-0002', limitPrice: best(exchange, 'asks')[0] });
    const refused = exchange.desk.query('A-1', 'order-0002');
    assert.deepEqual([refused?.status, refused?.postOnly, refused?.displayQuantity], ['rejected', true, '200']);
    place(exchange, { clientOrderId: 'order-0003' });
    const plain = exchange.desk.query('A-1', 'order-0003');
    assert.ok(plain && !('postOnly' in plain) && !('displayQuantity' in plain));
  });

  const beyond: [string, Partial<Instrument>, Partial<OrderRequest>, Partial<OrderRequest>][] = [
    ['minQuantity', { minQuantity: '300' }, { quantity: '200' }, { quantity: '300' }],
    ['maxQuantity', { maxQuantity: '300' }, { quantity: '400' }, { quantity: '300' }],
    ['minNotional', { minNotional: '3200.00' }, { quantity: '100' }, { quantity: '200' }],
    ['maxNotional', { maxNotional: '3200' }, { quantity: '200', limitPrice: '16.05' }, { quantity: '200' }],
    [
      'maxNotional of a stop',
      { maxNotional: '1800' },
      { orderType: 'stop', limitPrice: null, stopPrice: '18.05' },
      { orderType: 'stop', limitPrice: null, stopPrice: '18.00' },
    ],
  ];
  for (const [what, instrument, bad, good] of beyond) {
    it(`SX128 an order beyond the ${what} is refused as bad_quantity, one at it is not`, () => {
      const exchange = listed(instrument);
      assert.equal(place(exchange, bad), 'bad_quantity');
      assert.equal(place(exchange, { ...good, clientOrderId: 'order-0002' }), 'accepted');
      const { limitPrice, stopPrice, quantity } = order(bad);
      const change = { account: 'A-1', clientOrderId: 'order-0002', revision: 1, limitPrice, stopPrice, quantity };
      assert.equal(code(exchange.desk.replace(change, START)), 'bad_quantity');
    });
  }

  const fees: [makerFee: string, bound: string, fills: string[], left: string][] = [
    // 300 x 17.50 is 5250.00: 0.31 % of it 16.275, 0.12 % 6.30, 0.02 % 1.05.
    ['0.0031', '5266.28', ['5.43', '10.85'], '3510.85'],
    ['0.0002', '5256.30', ['0.35', '0.70'], '3504.20'],
  ];
  for (const [makerFee, bound, paid, left] of fees) {
    it(`SX129 a maker pays ${makerFee} of what it traded, rounded up once, and binds the higher of both fees`, () => {
      const exchange = listed({ makerFee });
      const events = listen(exchange);
      const reserved = () => exchange.desk.snapshot('A-1')?.data.balances[0]?.reserved;
      place(exchange, { quantity: '300', limitPrice: MIDDLE });
      assert.equal(reserved(), bound);
      place(exchange, { account: 'B-2', side: 'sell', limitPrice: MIDDLE });
      assert.equal(reserved(), left);
      place(exchange, {
        account: 'B-2',
        clientOrderId: 'order-0002',
        side: 'sell',
        quantity: '200',
        limitPrice: MIDDLE,
      });
      assert.equal(reserved(), '0.00');
      const fills = events.flatMap((event) => (event.type === 'order_fill' ? [event.data] : []));
      assert.deepEqual(
        fills.map(({ liquidity, fee }) => [liquidity, fee]),
        paid.map((fee) => ['maker', fee]),
      );
      balanced(exchange);
    });
  }

  it('SX129 a fee that is no decimal, or below 0, is a mistake of whoever lists it', () => {
    for (const makerFee of ['-0.0001', 'none']) {
      assert.throws(() => place(listed({ makerFee }), {}), TypeError);
    }
  });
});
