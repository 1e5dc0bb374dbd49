import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TradingPhase } from '../../src/book/instrument.js';
import type { OrderRequest, PrivateEvent } from '../../src/sim/desk-types.js';
import type { Exchange } from '../../src/sim/index.js';
import { balanced, listen, make, order, START } from './support.js';

const GATHERING = ['pre_open', 'auction'] as const;

/** The only orders are those of the test: so slow a crowd does nothing, and what it began with is cancelled by none. */
const quiet = (): Exchange => make({ symbols: 1, ratePerSymbol: 1e-9 });

const place = (exchange: Exchange, number: number, given: Partial<OrderRequest>): string => {
  const clientOrderId = `order-${String(number).padStart(4, '0')}`;
  const result = exchange.desk.place(order({ clientOrderId, ...given }), START);
  return result.kind === 'rejected' ? result.code : result.kind;
};

const fillsOf = (events: readonly PrivateEvent[]): Record<string, unknown>[] =>
  events.flatMap((event) => (event.type === 'order_fill' ? [{ ...event.data }] : []));

const isCrossed = (exchange: Exchange, symbol = 'SCOM'): boolean => {
  const { bids, asks } = exchange.listing(symbol)!.book;
  return bids.length > 0 && asks.length > 0 && bids.priceAt(0) >= asks.priceAt(0);
};

describe('phases of the market', () => {
  it('SX171 before and in an auction limit orders gather without trading, and can be changed and cancelled', () => {
    for (const phase of GATHERING) {
      const exchange = quiet();
      const events = listen(exchange);
      exchange.setPhase('SCOM', phase, START);
      assert.equal(place(exchange, 1, { limitPrice: '18.50' }), 'accepted');
      assert.equal(place(exchange, 2, { side: 'sell', limitPrice: '16.50', account: 'A-2' }), 'accepted');
      assert.ok(isCrossed(exchange));
      const change = { account: 'A-1', clientOrderId: 'order-0001', revision: 1, stopPrice: null };
      const replaced = exchange.desk.replace({ ...change, quantity: '300', limitPrice: '18.60' }, START);
      assert.equal(replaced.kind, 'replaced');
      assert.equal(exchange.desk.cancel('A-2', 'order-0002', START).kind, 'cancelled');
      assert.deepEqual(fillsOf(events), []);
      const { trades } = exchange.listing('SCOM')!;
      assert.equal(trades.lastSequence, 0);
      assert.equal(exchange.desk.query('A-1', 'order-0001')?.quantity, '300');
    }
  });

  it('SX172 before and in an auction other orders are refused until later, and their ids stay free', () => {
    const barred: readonly Partial<OrderRequest>[] = [
      { orderType: 'market', limitPrice: null },
      { orderType: 'stop', limitPrice: null, stopPrice: '17.00' },
      { orderType: 'stop_limit', stopPrice: '17.00' },
      { timeInForce: 'ioc' },
      { timeInForce: 'fok' },
      { postOnly: true },
    ];
    for (const phase of GATHERING) {
      const exchange = quiet();
      exchange.setPhase('SCOM', phase, START);
      for (const [i, given] of barred.entries()) {
        const clientOrderId = `order-000${i}`;
        const result = exchange.desk.place(order({ clientOrderId, ...given }), START);
        assert.ok(result.kind === 'rejected' && result.code === 'not_permitted' && result.retryable);
        assert.deepEqual(result.details, { phase });
      }
      exchange.setPhase('SCOM', 'continuous', START);
      for (const [i, given] of barred.entries()) assert.equal(place(exchange, i, given), 'accepted');
    }
  });

  it('SX172 a post-only order cannot be changed before the auction has ended', () => {
    const exchange = quiet();
    place(exchange, 1, { postOnly: true });
    exchange.setPhase('SCOM', 'auction', START);
    const change = { account: 'A-1', clientOrderId: 'order-0001', revision: 1, quantity: '100', stopPrice: null };
    const result = exchange.desk.replace({ ...change, limitPrice: '18.00' }, START);
    assert.deepEqual(result, { kind: 'rejected', code: 'not_permitted', status: 'open' });
    assert.equal(exchange.desk.cancel('A-1', 'order-0001', START).kind, 'cancelled');
  });

  it('SX173 at the end of an auction all trades have one price, which is the last, and who came later is the taker', () => {
    const exchange = quiet();
    const [one, other] = [listen(exchange), listen(exchange, 'A-2')];
    exchange.setPhase('SCOM', 'pre_open', START);
    place(exchange, 1, { limitPrice: '18.50', quantity: '300' });
    exchange.setPhase('SCOM', 'auction', START);
    place(exchange, 2, { limitPrice: '17.00', quantity: '500', side: 'sell', account: 'A-2' });
    exchange.setPhase('SCOM', 'continuous', START + 5);
    const listing = exchange.listing('SCOM')!;
    assert.ok(!isCrossed(exchange));
    const trades = Array.from({ length: listing.trades.lastSequence }, (_, i) => listing.trades.at(i + 1)!);
    assert.deepEqual([...new Set(trades.map(({ price }) => price))], [listing.ticker.price]);
    assert.deepEqual([...new Set(trades.map(({ eventTime }) => eventTime))], [START + 5]);
    const [bought, sold] = [fillsOf(one), fillsOf(other)];
    assert.deepEqual([bought[0]?.['liquidity'], sold[0]?.['liquidity']], ['maker', 'taker']);
    for (const fill of [...bought, ...sold]) assert.equal(fill['price'], listing.ticker.price);
    assert.equal(exchange.desk.query('A-1', 'order-0001')?.status, 'filled');
    balanced(exchange);
  });

  it('SX176 a halt and a close take cancels only; what has crossed stays so and nothing trades', () => {
    for (const [phase, code] of [
      ['halted', 'halted'],
      ['closed', 'market_closed'],
    ] as const) {
      // prettier-ignore
      const exchange = quiet();
      const events = listen(exchange);
      exchange.setPhase('SCOM', 'pre_open', START);
      place(exchange, 1, { limitPrice: '18.50', timeInForce: 'gtc' });
      place(exchange, 2, { limitPrice: '18.50', timeInForce: 'gtc' });
      exchange.setPhase('SCOM', phase, START);
      assert.equal(place(exchange, 3, {}), code);
      const change = { account: 'A-1', clientOrderId: 'order-0001', revision: 1, quantity: '100', stopPrice: null };
      const result = exchange.desk.replace({ ...change, limitPrice: '18.00' }, START);
      assert.equal(result.kind === 'rejected' && result.code, code);
      exchange.step(START + 5_000);
      assert.equal(exchange.desk.cancel('A-1', 'order-0001', START).kind, 'cancelled');
      assert.ok(isCrossed(exchange));
      assert.deepEqual(fillsOf(events), []);
      exchange.setPhase('SCOM', 'continuous', START);
      assert.deepEqual([fillsOf(events).length, isCrossed(exchange)], [1, false]);
    }
  });

  it('SX177 an auction that is closed trades before its day orders expire; one that is halted or put off does not', () => {
    for (const [phase, status] of [
      ['closed', 'filled'],
      ['halted', 'open'],
      ['pre_open', 'open'],
    ] as const) {
      // prettier-ignore
      const exchange = quiet();
      exchange.setPhase('SCOM', 'auction', START);
      place(exchange, 1, { limitPrice: '18.50' });
      exchange.setPhase('SCOM', phase, START);
      assert.equal(exchange.desk.query('A-1', 'order-0001')?.status, status);
    }
    const exchange = quiet();
    exchange.setPhase('SCOM', 'pre_open', START);
    place(exchange, 1, { limitPrice: '18.50' });
    exchange.setPhase('SCOM', 'closed', START);
    assert.equal(exchange.desk.query('A-1', 'order-0001')?.status, 'expired', 'without an auction nothing trades');
  });

  it('SX179 the crowd gathers limit orders that cross, and goes on as before after the auction', () => {
    const exchange = make({ symbols: 3, ratePerSymbol: 50 });
    for (const symbol of exchange.symbols) exchange.setPhase(symbol, 'pre_open', START);
    exchange.step(START + 2_000);
    for (const symbol of exchange.symbols) {
      const listing = exchange.listing(symbol)!;
      assert.ok(isCrossed(exchange, symbol), symbol);
      assert.equal(listing.trades.lastSequence, 0);
      exchange.setPhase(symbol, 'continuous', START + 2_000);
      assert.ok(listing.trades.lastSequence > 0 && !isCrossed(exchange, symbol), symbol);
    }
    const before = exchange.symbols.map((symbol) => exchange.listing(symbol)!.trades.lastSequence);
    for (let ms = 4_000; ms <= 20_000; ms += 2_000) exchange.step(START + ms);
    exchange.symbols.forEach((symbol, i) => {
      assert.ok(exchange.listing(symbol)!.trades.lastSequence > before[i]!, symbol);
    });
  });

  it('SX175 in whatever phases and orders, nothing trades outside of continuous and no money or share is made or lost', () => {
    const phase = fc.constantFrom<TradingPhase>('pre_open', 'auction', 'continuous', 'halted', 'closed');
    const wish = fc.record({
      account: fc.constantFrom('A-1', 'A-2', 'A-3'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.integer({ min: 1, max: 40 }).map((lots) => `${lots}00`),
      limitPrice: fc.integer({ min: 330, max: 370 }).map((ticks) => (ticks * 0.05).toFixed(2)),
      timeInForce: fc.constantFrom('day' as const, 'gtc' as const, 'ioc' as const),
    });
    const step = fc.oneof(
      { weight: 1, arbitrary: phase.map((to) => ({ to })) },
      { weight: 4, arbitrary: wish.map((given) => ({ given })) },
      { weight: 1, arbitrary: fc.nat(30).map((cancel) => ({ cancel })) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map((pass) => ({ pass })) },
    );
    fc.assert(
      fc.property(fc.nat(99), fc.array(step, { maxLength: 40 }), (seed, steps) => {
        const exchange = make({ symbols: 1, seed, ratePerSymbol: 40 });
        const listing = exchange.listing('SCOM')!;
        const placed: (readonly [account: string, id: string])[] = [];
        let now = START;
        for (const done of steps) {
          const [was, traded] = [listing.phase, listing.trades.lastSequence];
          if ('to' in done) exchange.setPhase('SCOM', done.to, now);
          else if ('pass' in done) exchange.step((now += done.pass));
          else if ('cancel' in done) {
            const [account, id] = placed[done.cancel] ?? ['A-1', 'order-none'];
            exchange.desk.cancel(account, id, now);
          } else {
            const clientOrderId = `order-${placed.length}-x`;
            placed.push([done.given.account, clientOrderId]);
            exchange.desk.place(order({ clientOrderId, ...done.given }), now);
          }
          const isEnd = 'to' in done && (done.to === 'continuous' || (was === 'auction' && done.to === 'closed'));
          if (was !== 'continuous' && !isEnd) assert.equal(listing.trades.lastSequence, traded);
          if (listing.phase === 'continuous') assert.ok(!isCrossed(exchange));
          balanced(exchange);
          for (const account of ['A-1', 'A-2', 'A-3']) {
            for (const { available, reserved } of exchange.desk.snapshot(account)?.data.balances ?? []) {
              assert.ok(!available.startsWith('-') && !reserved.startsWith('-'));
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
