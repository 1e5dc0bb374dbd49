import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AuctionGrid, uncrossing } from '../../src/sim/auction.js';
import { MatchingEngine } from '../../src/sim/matching-engine.js';
import { Order, type OrderTerms } from '../../src/sim/order.js';

const OPENING = 100;

/** Every whole price from 1 to 200. */
const grid: AuctionGrid = {
  length: 200,
  priceAt: (index) => index + 1,
  indexAtOrBelow: (price) => Math.min(199, Math.floor(price) - 1),
};

interface Fill {
  readonly first: number;
  readonly later: number;
  readonly price: number;
  readonly quantity: number;
}

const makeEngine = () => {
  const orders: Order[] = [];
  const fills: Fill[] = [];
  const ends: string[] = [];
  const keyOf = (order: Order): number => orders.indexOf(order);
  const engine = new MatchingEngine(
    {
      filled: (maker, taker, price, quantity) =>
        fills.push({ first: keyOf(maker), later: keyOf(taker), price, quantity }),
      cancelled: (order, reason) => ends.push(`${keyOf(order)}:${reason}`),
    },
    OPENING,
    0,
  );
  const submit = (side: 'buy' | 'sell', limit: number, quantity: number, more: Partial<OrderTerms> = {}): Order => {
    const order = new Order({ side, type: 'limit', timeInForce: 'gtc', limit, quantity, ...more });
    orders.push(order);
    engine.submit(order, 0);
    return order;
  };
  const levels = (side: 'buy' | 'sell'): [number, number][] => {
    const view = side === 'buy' ? engine.bids : engine.asks;
    return Array.from({ length: view.length }, (_, i) => [view.priceAt(i), view.sizeAt(i)]);
  };
  return { engine, submit, fills, ends, orders, levels };
};

const isCrossed = ({ bids, asks }: MatchingEngine): boolean =>
  bids.length > 0 && asks.length > 0 && bids.priceAt(0) >= asks.priceAt(0);

describe('an auction in the engine', () => {
  it('SX171 while it is paused nothing trades, the book crosses, and orders can be changed and cancelled', () => {
    const { engine, submit, fills, ends, levels } = makeEngine();
    engine.pause();
    const bid = submit('buy', 105, 5);
    const ask = submit('sell', 95, 3);
    assert.deepEqual([levels('buy'), levels('sell'), fills], [[[105, 5]], [[95, 3]], []]);
    engine.replace(bid, { quantity: 7, limit: 110, stop: undefined }, 0, () => {});
    assert.deepEqual(levels('buy'), [[110, 7]]);
    assert.ok(engine.cancel(ask, 'requested', 0));
    assert.deepEqual([levels('sell'), ends, fills], [[], ['1:requested'], []]);
  });

  it('SX173 all that has crossed trades at one price: the best first, then who came first; the rest keeps its place', () => {
    const { engine, submit, fills, levels } = makeEngine();
    engine.pause();
    submit('buy', 102, 4);
    submit('buy', 104, 2);
    submit('sell', 100, 5);
    submit('buy', 102, 4);
    submit('sell', 103, 9);
    engine.uncross(grid, 7);
    engine.resume(7);
    assert.deepEqual(fills, [
      { first: 1, later: 2, price: 102, quantity: 2 },
      { first: 0, later: 2, price: 102, quantity: 3 },
    ]);
    assert.deepEqual([levels('buy'), levels('sell')], [[[102, 5]], [[103, 9]]]);
    assert.deepEqual([engine.lastPrice, engine.eventTime], [102, 7]);
    submit('sell', 102, 2);
    assert.deepEqual(fills.slice(2), [
      { first: 0, later: 5, price: 102, quantity: 1 },
      { first: 3, later: 5, price: 102, quantity: 1 },
    ]);
  });

  it('SX173 an order that shows a part of itself counts with all of it, and shows that part of the rest', () => {
    const { engine, submit, fills, levels } = makeEngine();
    engine.pause();
    submit('buy', 100, 10, { display: 3 });
    submit('buy', 100, 5);
    submit('sell', 100, 8);
    assert.deepEqual(levels('buy'), [[100, 8]]);
    engine.uncross(grid, 0);
    engine.resume(0);
    assert.deepEqual(fills, [{ first: 0, later: 2, price: 100, quantity: 8 }]);
    assert.deepEqual(levels('buy'), [[100, 7]]);
  });

  it('SX174 where two orders of one owner would meet the later one ends, and the price is that of the others', () => {
    const { engine, submit, fills, ends } = makeEngine();
    const owner = {};
    engine.pause();
    submit('buy', 110, 5, { owner });
    submit('sell', 90, 5, { owner });
    submit('sell', 104, 5);
    engine.uncross(grid, 0);
    assert.deepEqual(ends, ['1:self_trade']);
    assert.deepEqual(fills, [{ first: 0, later: 2, price: 104, quantity: 5 }]);
  });

  it('SX174 two orders of one owner that do not meet both stay', () => {
    const { engine, submit, fills, ends } = makeEngine();
    const owner = {};
    engine.pause();
    submit('buy', 110, 5, { owner });
    submit('sell', 90, 5);
    submit('buy', 105, 5);
    submit('sell', 95, 5, { owner });
    engine.uncross(grid, 0);
    assert.deepEqual([ends, fills.map(({ first, later }) => [first, later])], [[], [[0, 1], [2, 3]]]); // prettier-ignore
  });

  it('SX178 stops wait out the auction, also those its price would wake, and wake when trading goes on', () => {
    const { engine, submit, fills, levels } = makeEngine();
    submit('sell', 108, 9);
    const waiting = submit('buy', 200, 2, { type: 'stop', stop: 103 });
    engine.pause();
    const due = submit('buy', 200, 1, { type: 'stop', stop: 90 });
    assert.deepEqual([waiting.place, due.place], ['waiting', 'waiting']);
    submit('buy', 105, 4);
    submit('sell', 104, 4);
    engine.uncross(grid, 0);
    assert.deepEqual([engine.lastPrice, waiting.place, due.place], [104, 'waiting', 'waiting']);
    engine.resume(0);
    assert.deepEqual([waiting.place, due.place, levels('sell')], ['done', 'done', [[108, 6]]]);
    assert.equal(fills.length, 3);
  });

  it('SX175 whatever was collected, what trades is what the price and the queue say, and the book is not crossed', () => {
    const collected = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      limit: fc.integer({ min: 95, max: 105 }),
      quantity: fc.integer({ min: 1, max: 9 }),
      display: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      owner: fc.option(fc.nat(2), { nil: undefined }),
    });
    const owners = [{}, {}, {}];
    let crossed = 0;
    fc.assert(
      fc.property(fc.array(collected, { maxLength: 24 }), (given) => {
        const { engine, submit, fills, ends, orders, levels } = makeEngine();
        engine.pause();
        for (const { side, limit, quantity, owner, ...rest } of given) {
          submit(side, limit, quantity, { ...rest, owner: owner === undefined ? undefined : owners[owner] });
        }
        engine.uncross(grid, 0);
        engine.resume(0);
        assert.ok(!isCrossed(engine));
        assert.equal(new Set(fills.map(({ price }) => price)).size <= 1, true);
        // Those that ended would have met their own; without them the auction is as if they had never come.
        const kept = orders.filter((_, i) => !ends.includes(`${i}:self_trade`));
        const queue = (side: 'buy' | 'sell'): Order[] =>
          kept
            .filter((order) => order.side === side)
            .toSorted((a, b) => (side === 'buy' ? b.limit - a.limit : a.limit - b.limit) || a.arrival - b.arrival);
        const sums = (side: 'buy' | 'sell') => {
          const map = new Map<number, number>();
          for (const { limit, quantity } of queue(side)) map.set(limit, (map.get(limit) ?? 0) + quantity);
          return [...map].map(([price, quantity]) => ({ price, quantity }));
        };
        const expected = uncrossing(sums('buy'), sums('sell'), OPENING, grid);
        assert.equal(fills[0]?.price, expected?.price);
        for (const side of ['buy', 'sell'] as const) {
          let left = expected?.volume ?? 0;
          for (const order of queue(side)) {
            const filled = Math.min(left, order.quantity);
            left -= filled;
            assert.equal(order.quantity - order.leaves, filled);
          }
          const shown = new Map<number, number>();
          for (const { limit, shown: size } of queue(side))
            if (size > 0) shown.set(limit, (shown.get(limit) ?? 0) + size);
          assert.deepEqual(levels(side), [...shown]);
        }
        for (const { first, later } of fills) {
          const [one, other] = [orders[first]!, orders[later]!];
          assert.ok(one.arrival < other.arrival && one.side !== other.side);
          assert.ok(one.owner === undefined || one.owner !== other.owner);
        }
        if (expected !== undefined) crossed++;
      }),
      { numRuns: 2_000 },
    );
    assert.ok(crossed > 500, `${crossed} of them crossed`);
  });
});
