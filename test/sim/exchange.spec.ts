import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDecimal, toUnits } from '../../src/book/decimal.js';
import { TickTable } from '../../src/book/tick-table.js';
import type { OrderRequest } from '../../src/sim/desk-types.js';
import { type Exchange, offerings, OPENING_CASH_CENTS } from '../../src/sim/index.js';
import type { ServedMarket } from '../../src/stream/protocol/session.js';
import { balanced, listen, make, order, ruled, START } from './support.js';

/** Everything anybody can see of a symbol. */
const picture = (exchange: Exchange, symbol: string): unknown => {
  const listing = exchange.listing(symbol);
  assert.ok(listing);
  const { book, trades, ticker } = listing;
  const side = (view: typeof book.bids) =>
    Array.from({ length: view.length }, (_, i) => [view.priceAt(i), view.sizeAt(i)]);
  return {
    sequence: book.sequence,
    bids: side(book.bids),
    asks: side(book.asks),
    last: trades.at(trades.lastSequence),
    ticker,
  };
};

describe('Exchange', () => {
  it('SX10 the same seed and the same calls give the same market, another seed another', () => {
    const [a, b, c] = [make({ seed: 7 }), make({ seed: 7 }), make({ seed: 8 })];
    for (const exchange of [a, b, c]) exchange.step(START + 2_000);
    assert.deepEqual(picture(a, 'SCOM'), picture(b, 'SCOM'));
    assert.notDeepEqual(picture(a, 'SCOM'), picture(c, 'SCOM'));
  });

  it('SX11 it does not matter in what steps the time is told', () => {
    const [coarse, fine] = [make(), make()];
    coarse.step(START + 1_900);
    for (let at = START; at <= START + 1_900; at += 7) fine.step(at);
    fine.step(START + 1_900);
    assert.deepEqual(picture(coarse, 'KCB'), picture(fine, 'KCB'));
  });

  it('SX12 after a long silence it goes on from now and never plays the silence back', () => {
    const exchange = make({ ratePerSymbol: 50 });
    const before = exchange.listing('SCOM')?.book.sequence ?? 0;
    exchange.step(START + 3_600_000);
    const after = exchange.listing('SCOM')?.book.sequence ?? 0;
    assert.ok(after > before && after - before < 1_000, `${after - before} changes`);
    assert.ok((exchange.listing('SCOM')?.book.eventTime ?? 0) > START + 3_590_000);
  });

  it('SX13 for ten minutes every book has two sides, no cross, and prices on the tick and in the band', () => {
    const exchange = make({ symbols: 20 });
    const rules = offerings(20).map(({ instrument }) => {
      const table = TickTable.of(instrument);
      assert.ok(table && instrument.priceBand);
      const [low, high] = instrument.priceBand.map((text) => toUnits(text, 2));
      return { symbol: instrument.symbol, table, low: low ?? 0, high: high ?? 0 };
    });
    for (let at = START; at < START + 600_000; at += 1_000) {
      exchange.step(at);
      for (const { symbol, table, low, high } of rules) {
        const book = exchange.listing(symbol)?.book;
        assert.ok(book && book.bids.length > 0 && book.asks.length > 0, symbol);
        assert.ok(book.bids.priceAt(0) < book.asks.priceAt(0), symbol);
        for (const view of [book.bids, book.asks]) {
          const [best, worst] = [view.priceAt(0), view.priceAt(view.length - 1)];
          for (const price of [best, worst]) {
            assert.ok(price >= low && price <= high, `${symbol} ${price}`);
            assert.ok(table.isOnTick({ units: BigInt(price), scale: 2 }), `${symbol} ${price}`);
          }
        }
      }
    }
  });

  it('SX14 the crowd acts about as often as it was asked to', () => {
    const exchange = make({ symbols: 10, ratePerSymbol: 20 });
    const total = () =>
      exchange.symbols.reduce((sum, symbol) => sum + (exchange.listing(symbol)?.book.sequence ?? 0), 0);
    const before = total();
    for (let at = START; at <= START + 300_000; at += 500) exchange.step(at);
    const perSecond = (total() - before) / 300;
    assert.ok(perSecond > 140 && perSecond < 280, `${perSecond} changes a second of 200`);
  });

  it('SX15 a hundred symbols are listed, all different, and the shape is that of a served market', () => {
    const exchange = make({ symbols: 100 });
    const served: ServedMarket = exchange;
    assert.equal(new Set(served.symbols).size, 100);
    assert.deepEqual(exchange.listing('SYM094')?.instrument.lotSize, '100');
  });
});

describe('OrderDesk', () => {
  it('SX20 money and shares are kept to the cent through any sequence of orders, changes, cancels and trades', () => {
    const request = fc.record({
      account: fc.constantFrom('A-1', 'B-2', 'C-3'),
      symbol: fc.constantFrom('SCOM', 'KCB'),
      side: fc.constantFrom('buy', 'sell'),
      orderType: fc.constantFrom('market', 'limit', 'limit', 'stop', 'stop_limit'),
      quantity: fc.constantFrom('100', '300', '2500', '10000', '90000', '150', '0'),
      offset: fc.integer({ min: -8, max: 8 }),
      stopOffset: fc.integer({ min: -6, max: 6 }),
      postOnly: fc.constantFrom(undefined, undefined, true),
      displayQuantity: fc.constantFrom(undefined, undefined, '100', '1000', '2500'),
      changeOffset: fc.integer({ min: -8, max: 8 }),
      timeInForce: fc.constantFrom('day', 'gtc', 'ioc', 'fok'),
    });
    const makerFees = fc.constantFrom(undefined, '0.0002', '0.0031');
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), fc.nat(1_000), makerFees, (requests, seed, makerFee) => {
        const symbols = ruled(2, makerFee === undefined ? {} : { makerFee });
        const exchange = make({ seed, ratePerSymbol: 40, symbols });
        let atMs = START;
        requests.forEach(({ offset, stopOffset, changeOffset, account, postOnly, displayQuantity, ...rest }, i) => {
          const middle = exchange.listing(rest.symbol)?.engine.lastPrice ?? 0;
          const price = (steps: number): string => ((middle + steps * 5) / 100).toFixed(2);
          const isPassive = rest.orderType === 'limit' && (rest.timeInForce === 'day' || rest.timeInForce === 'gtc');
          const placed = {
            ...rest,
            ...(isPassive && { postOnly, displayQuantity }),
            account,
            clientOrderId: `order-${String(i).padStart(4, '0')}`,
            limitPrice: rest.orderType.endsWith('limit') ? price(offset) : null,
            stopPrice: rest.orderType.startsWith('stop') ? price(stopOffset) : null,
          } as OrderRequest;
          exchange.desk.place(placed, atMs);
          const earlier = requests[i - 3];
          const known = earlier && exchange.desk.query(earlier.account, `order-${String(i - 3).padStart(4, '0')}`);
          if (known !== undefined && i % 2 === 1) {
            const { clientOrderId, revision, limitPrice, stopPrice } = known;
            exchange.desk.replace(
              {
                account: earlier?.account ?? '',
                clientOrderId,
                revision: revision + 1,
                quantity: rest.quantity,
                limitPrice: limitPrice && price(changeOffset),
                stopPrice: stopPrice && price(stopOffset),
              },
              atMs,
            );
          }
          if (i % 5 === 4) exchange.desk.cancel(account, `order-${String(i - 2).padStart(4, '0')}`, atMs);
          exchange.step((atMs += 300));
          balanced(exchange);
          for (const symbol of exchange.symbols) {
            const book = exchange.listing(symbol)?.book;
            assert.ok(book && !(book.bids.priceAt(0) >= book.asks.priceAt(0)), 'never crossed or locked');
          }
        });
        for (const name of ['A-1', 'B-2', 'C-3']) {
          const snapshot = exchange.desk.snapshot(name);
          assert.ok(snapshot);
          const [bound] = snapshot.data.balances;
          assert.ok(bound && !bound.available.startsWith('-') && !bound.reserved.startsWith('-'));
          for (const { available } of snapshot.data.positions) assert.ok(!available.startsWith('-'));
          // Nothing stays bound once nothing works.
          for (const { clientOrderId } of snapshot.data.orders) exchange.desk.cancel(name, clientOrderId, atMs);
          const { balances, positions } = exchange.desk.snapshot(name)?.data ?? snapshot.data;
          assert.equal(balances[0]?.reserved, '0.00');
          for (const { quantity, available } of positions) assert.equal(available, quantity);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('SX21 a limit buy binds its worst cost with the fee rounded up, and a cancel frees all of it', () => {
    const exchange = make();
    const events = listen(exchange);
    exchange.desk.place(order({ quantity: '300', limitPrice: '16.05' }), START);
    // 300 x 16.05 = 4815.00, and 0.12 % of it is 5.778.
    const balance = events[1];
    assert.ok(balance?.type === 'balance_update');
    assert.equal(balance.data.balances[0]?.reserved, '4820.78');
    assert.deepEqual(exchange.desk.cancel('A-1', 'order-0001', START), { kind: 'cancelled' });
    assert.deepEqual(exchange.desk.snapshot('A-1')?.data.balances[0], {
      currency: 'KES',
      total: '5000000.00',
      available: '5000000.00',
      reserved: '0.00',
    });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['order_ack', 'balance_update', 'order_cancelled', 'balance_update'],
    );
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      [1, 2, 3, 4],
    );
  });

  it('SX22 a taker pays the fee once on the whole order, however many fills it has', () => {
    const exchange = make();
    const events = listen(exchange);
    assert.equal(
      exchange.desk.place(order({ orderType: 'market', limitPrice: null, quantity: '9000' }), START).kind,
      'accepted',
    );
    const fills = events.flatMap((event) => (event.type === 'order_fill' ? [event.data] : []));
    assert.ok(fills.length > 1, 'the order must walk');
    const cents = (text: string): bigint => parseDecimal(text)?.units ?? 0n;
    const notional = fills.reduce((sum, fill) => sum + cents(fill.price) * BigInt(fill.quantity), 0n);
    const fees = fills.reduce((sum, fill) => sum + cents(fill.fee), 0n);
    assert.equal(fees, (notional * 12n + 9_999n) / 10_000n);
    const total = cents(exchange.desk.snapshot('A-1')?.data.balances[0]?.total ?? '');
    assert.equal(total, OPENING_CASH_CENTS - notional - fees);
    assert.equal(fills.at(-1)?.status, 'filled');
    assert.equal(fills.at(-1)?.leavesQuantity, '0');
  });

  it('SX23 the same client order id is one order for ever', () => {
    const exchange = make();
    const events = listen(exchange);
    exchange.desk.place(order({ goodUntil: START + 5_000 }), START);
    const told = events.length;
    const again = exchange.desk.place(order({ goodUntil: START + 5_000 }), START + 60_000);
    assert.ok(again.kind === 'duplicate' && again.data.duplicate && again.data.status === 'open');
    assert.equal(again.sequence, told);
    const other = exchange.desk.place(order({ quantity: '200' }), START);
    assert.ok(other.kind === 'rejected' && other.code === 'duplicate_conflict');
    assert.equal(events.length, told, 'nothing happened');
    assert.equal(exchange.desk.snapshot('A-1')?.data.orders.length, 1);
    // In another account the same id is another order.
    assert.equal(exchange.desk.place(order({ account: 'B-2' }), START).kind, 'accepted');
  });

  it('SX24 a final refusal stands for its id, a retryable one does not use it up', () => {
    const exchange = make();
    const poor = order({ quantity: '999900', limitPrice: '19.00' });
    assert.equal(refusal(exchange, poor), 'insufficient_funds');
    assert.equal(refusal(exchange, poor), 'insufficient_funds');
    assert.equal(exchange.desk.query('A-1', 'order-0001')?.status, 'rejected');
    exchange.setPhase('SCOM', 'halted', START);
    const halted = order({ clientOrderId: 'order-0002' });
    assert.equal(refusal(exchange, halted), 'halted');
    exchange.setPhase('SCOM', 'continuous', START);
    assert.equal(exchange.desk.place(halted, START).kind, 'accepted');
  });

  const refused: [string, Partial<OrderRequest>, string][] = [
    ['an odd lot', { quantity: '150' }, 'bad_quantity'],
    ['a fraction of a share', { quantity: '100.5' }, 'bad_quantity'],
    ['nothing', { quantity: '0' }, 'bad_quantity'],
    ['a negative quantity', { quantity: '-100' }, 'bad_quantity'],
    ['forty digits', { quantity: '1'.repeat(40) }, 'bad_quantity'],
    ['a price between ticks', { limitPrice: '17.52' }, 'bad_price'],
    ['a negative price', { limitPrice: '-17.50' }, 'bad_price'],
    ['a limit without a price', { limitPrice: null }, 'bad_price'],
    ['a market order with a price', { orderType: 'market' }, 'bad_price'],
    ['a price beyond the band', { limitPrice: '25.00' }, 'price_band'],
    ['an unknown symbol', { symbol: 'NOPE' }, 'unknown_symbol'],
    ['more shares than there are', { side: 'sell', quantity: '10100', limitPrice: '19.00' }, 'insufficient_position'],
    [
      'a stop that may not wait',
      { orderType: 'stop', limitPrice: null, stopPrice: '18.00', timeInForce: 'ioc' },
      'not_permitted',
    ],
    ['a late order', { goodUntil: START - 1 }, 'too_late'],
  ];
  for (const [what, given, code] of refused) {
    it(`SX25 ${what} is refused as ${code}, and nothing is bound`, () => {
      const exchange = make();
      assert.equal(refusal(exchange, order(given)), code);
      assert.equal(exchange.desk.snapshot('A-1')?.data.balances[0]?.reserved, '0.00');
    });
  }

  it('SX28 a `goodUntil` more than 10 s ahead is refused, and the id stays free', () => {
    const exchange = make();
    assert.equal(refusal(exchange, order({ goodUntil: START + 10_001 })), 'not_permitted');
    assert.equal(exchange.desk.query('A-1', order().clientOrderId), undefined);
    assert.equal(exchange.desk.place(order({ goodUntil: START + 10_000 }), START).kind, 'accepted');
  });

  it('SX26 a cancel of what is done says so', () => {
    const exchange = make();
    exchange.desk.place(order(), START);
    const cancel = (id: string): string => {
      const result = exchange.desk.cancel('A-1', id, START);
      return result.kind === 'rejected' ? result.code : result.kind;
    };
    assert.deepEqual(
      [cancel('order-0001'), cancel('order-0001'), cancel('order-9999')],
      ['cancelled', 'already_cancelled', 'unknown_order'],
    );
    exchange.desk.place(order({ clientOrderId: 'order-0002', orderType: 'market', limitPrice: null }), START);
    assert.equal(cancel('order-0002'), 'too_late');
  });

  it('SX27 closing ends day orders and leaves the others', () => {
    const exchange = make();
    const events = listen(exchange);
    exchange.desk.place(order(), START);
    exchange.desk.place(order({ clientOrderId: 'order-0002', timeInForce: 'gtc' }), START);
    exchange.setPhase('SCOM', 'closed', START + 1);
    assert.deepEqual(
      exchange.desk.snapshot('A-1')?.data.orders.map(({ clientOrderId }) => clientOrderId),
      ['order-0002'],
    );
    const ended = events.find((event) => event.type === 'order_cancelled');
    assert.ok(ended?.type === 'order_cancelled' && ended.data.reason === 'expired' && ended.data.status === 'expired');
    assert.equal(refusal(exchange, order({ clientOrderId: 'order-0003' })), 'market_closed');
  });
});

const refusal = (exchange: Exchange, request: OrderRequest): string => {
  const result = exchange.desk.place(request, START);
  return result.kind === 'rejected' ? result.code : result.kind;
};
