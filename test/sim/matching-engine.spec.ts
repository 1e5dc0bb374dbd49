import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MatchingEngine } from '../../src/sim/matching-engine.js';
import { Order, type OrderTerms } from '../../src/sim/order.js';
import { type NaiveFill, NaiveMarket } from './naive-market.js';

const OPENING = 100;
const owners = [undefined, undefined, { name: 'A' }, { name: 'B' }];

const terms: fc.Arbitrary<OrderTerms> = fc
  .record({
    side: fc.constantFrom('buy', 'sell'),
    type: fc.constantFrom('limit', 'limit', 'limit', 'market', 'stop', 'stop_limit'),
    timeInForce: fc.constantFrom('day', 'gtc', 'ioc', 'fok'),
    quantity: fc.integer({ min: 1, max: 9 }),
    limit: fc.integer({ min: 95, max: 105 }),
    trigger: fc.integer({ min: 95, max: 105 }),
    owner: fc.constantFrom(...owners),
    display: fc.constantFrom(undefined, undefined, 1, 2, 5),
  })
  .map(
    ({ trigger, ...rest }) =>
      ({
        ...rest,
        side: rest.side as 'buy',
        display: rest.type === 'limit' ? rest.display : undefined,
        stop: rest.type.startsWith('stop') ? trigger : undefined,
      }) as OrderTerms,
  );

interface Change {
  readonly replace: number;
  /** What it leaves from then on. */
  readonly leaves: number;
  /** By how much its prices move. */
  readonly by: number;
  readonly stopBy: number;
}
type Act = { readonly submit: OrderTerms } | { readonly cancel: number } | Change;
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: terms.map((submit) => ({ submit })) },
  { weight: 1, arbitrary: fc.nat(60).map((cancel) => ({ cancel })) },
  {
    weight: 2,
    arbitrary: fc.record({
      replace: fc.nat(40),
      leaves: fc.integer({ min: 1, max: 9 }),
      by: fc.integer({ min: -2, max: 2 }),
      stopBy: fc.integer({ min: -2, max: 2 }),
    }),
  },
);

const makeEngine = () => {
  const keys = new Map<Order, number>();
  const orders: Order[] = [];
  const fills: NaiveFill[] = [];
  const ends: string[] = [];
  const keyOf = (order: Order): number => keys.get(order) ?? -1;
  const engine = new MatchingEngine(
    {
      filled: (maker, taker, price, quantity) =>
        fills.push({ maker: keyOf(maker), taker: keyOf(taker), price, quantity }),
      cancelled: (order, reason) => ends.push(`${keyOf(order)}:${reason}:${order.leaves}`),
    },
    OPENING,
    0,
  );
  const submit = (given: Partial<OrderTerms> & Pick<OrderTerms, 'side'>): Order => {
    const order = new Order({ type: 'limit', timeInForce: 'gtc', quantity: 1, limit: OPENING, ...given });
    keys.set(order, orders.length);
    orders.push(order);
    engine.submit(order, orders.length);
    return order;
  };
  const levels = (side: 'buy' | 'sell'): [number, number][] => {
    const view = side === 'buy' ? engine.bids : engine.asks;
    return Array.from({ length: view.length }, (_, i) => [view.priceAt(i), view.sizeAt(i)]);
  };
  return { engine, submit, fills, ends, orders, levels };
};

describe('MatchingEngine', () => {
  it('SX1 every sequence of orders, changes and cancels gives the trades, the ends and the book of the naive market', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const { engine, submit, fills, ends, orders, levels } = makeEngine();
        const naive = new NaiveMarket(OPENING);
        for (const step of acts) {
          if ('submit' in step) {
            naive.submit(orders.length, step.submit);
            submit(step.submit);
          } else if ('replace' in step) {
            const order = orders[step.replace];
            if (order === undefined || order.place === 'done') continue;
            const quantity = order.quantity - order.leaves + step.leaves;
            const moves = order.place === 'waiting' && order.stop !== undefined;
            const stop = moves ? (order.stop ?? 0) + step.stopBy : order.stop;
            const change = { quantity, limit: order.limit + step.by, stop };
            engine.replace(order, change, 0, () => assert.ok(order.leaves === step.leaves));
            naive.replace(step.replace, change);
          } else {
            const order = orders[step.cancel];
            if (order !== undefined) engine.cancel(order, 'requested', 0);
            naive.cancel(step.cancel);
          }
          assert.deepEqual(fills, naive.fills);
          assert.deepEqual(ends, naive.ends);
          assert.deepEqual(levels('buy'), naive.levels('buy'));
          assert.deepEqual(levels('sell'), naive.levels('sell'));
          assert.ok(!(engine.bids.priceAt(0) >= engine.asks.priceAt(0)), 'never crossed or locked');
        }
      }),
      { numRuns: 400 },
    );
  });

  it('SX117 a smaller total keeps its place; a larger one or another price goes last, and trades where it can', () => {
    const { engine, submit, fills, levels } = makeEngine();
    const [a, b] = [submit({ side: 'sell', quantity: 4 }), submit({ side: 'sell', quantity: 4 })];
    const change = (order: Order, quantity: number, limit = OPENING) => {
      engine.replace(order, { quantity, limit, stop: undefined }, 0, () => {});
    };
    const takes = (quantity: number) => {
      fills.length = 0;
      submit({ side: 'buy', quantity });
      return fills.map((fill) => [fill.maker, fill.quantity]);
    };
    change(a, 3);
    assert.deepEqual(levels('sell'), [[OPENING, 7]]);
    assert.deepEqual(takes(1), [[0, 1]]);
    change(a, 4);
    assert.deepEqual(levels('sell'), [[OPENING, 7]]);
    assert.deepEqual(takes(1), [[1, 1]]);
    change(b, 4, OPENING + 1);
    change(b, 4, OPENING);
    assert.deepEqual(takes(1), [[0, 1]]);
    submit({ side: 'buy', limit: OPENING - 2, quantity: 1 });
    fills.length = 0;
    change(b, 4, OPENING - 2);
    assert.deepEqual(fills, [{ maker: 5, taker: 1, price: OPENING - 2, quantity: 1 }]);
    assert.throws(() => change(b, 2), /above what it has filled/);
  });

  it('SX121 a stop that is changed wakes where it is due, and one that is awake does not sleep again', () => {
    const { engine, submit, fills, levels } = makeEngine();
    submit({ side: 'sell', limit: 101, quantity: 1 });
    const waiting = submit({ side: 'buy', type: 'stop', stop: 105, limit: 110, quantity: 1 });
    engine.replace(waiting, { quantity: 1, limit: 110, stop: 104 }, 0, () => {});
    assert.equal(waiting.place, 'waiting');
    engine.replace(waiting, { quantity: 1, limit: 110, stop: OPENING }, 0, () => {});
    assert.deepEqual([waiting.place, fills.length, engine.lastPrice], ['done', 1, 101]);
    const awake = submit({ side: 'buy', type: 'stop_limit', stop: 101, limit: 100, quantity: 1 });
    submit({ side: 'sell', limit: 99, quantity: 1 });
    const next = submit({ side: 'buy', type: 'stop_limit', stop: 100, limit: 98, quantity: 1 });
    assert.deepEqual([awake.place, next.place, engine.lastPrice], ['done', 'resting', 100]);
    submit({ side: 'buy', limit: 99, quantity: 1 });
    submit({ side: 'sell', limit: 99, quantity: 1 });
    assert.equal(engine.lastPrice, 99);
    engine.replace(next, { quantity: 2, limit: 97, stop: 100 }, 0, () => {});
    assert.deepEqual([next.place, levels('buy')], ['resting', [[97, 2]]]);
  });

  it('SX125 of an iceberg only the shown part stands in the book, and the next part goes last at its price', () => {
    const { engine, submit, fills, levels } = makeEngine();
    const iceberg = submit({ side: 'sell', quantity: 5, display: 2 });
    submit({ side: 'sell', quantity: 1 });
    assert.deepEqual(levels('sell'), [[OPENING, 3]]);
    submit({ side: 'buy', quantity: 1 });
    assert.deepEqual(levels('sell'), [[OPENING, 2]], 'a part that is not all filled stands');
    submit({ side: 'buy', quantity: 1 });
    assert.deepEqual(levels('sell'), [[OPENING, 3]]);
    fills.length = 0;
    submit({ side: 'buy', quantity: 4 });
    assert.deepEqual(
      fills.map(({ maker, quantity }) => [maker, quantity]),
      [
        [1, 1],
        [0, 2],
        [0, 1],
      ],
    );
    assert.deepEqual([iceberg.place, levels('sell')], ['done', []]);
    const other = submit({ side: 'buy', quantity: 6, display: 4 });
    engine.replace(other, { quantity: 3, limit: OPENING, stop: undefined }, 0, () => {});
    assert.deepEqual(levels('buy'), [[OPENING, 3]]);
    engine.cancel(other, 'requested', 0);
    assert.deepEqual(levels('buy'), []);
  });

  it('SX126 a fok counts what is not shown, but not what lies behind an order of its own', () => {
    const owner = {};
    const { submit, fills, ends } = makeEngine();
    submit({ side: 'sell', quantity: 5, display: 1 });
    submit({ side: 'buy', quantity: 4, timeInForce: 'fok' });
    assert.equal(fills.length, 4);
    submit({ side: 'sell', limit: 101, quantity: 5, display: 1 });
    submit({ side: 'sell', limit: 101, quantity: 1, owner });
    submit({ side: 'buy', limit: 101, quantity: 3, timeInForce: 'fok', owner });
    assert.deepEqual([fills.length, ends], [4, ['4:ioc:3']]);
    submit({ side: 'buy', limit: 101, quantity: 2, timeInForce: 'fok', owner });
    assert.equal(fills.length, 6);
  });

  it('SX2 at one price the first to come trades first', () => {
    const { submit, fills } = makeEngine();
    submit({ side: 'sell', limit: 101, quantity: 2 });
    submit({ side: 'sell', limit: 100, quantity: 2 });
    submit({ side: 'sell', limit: 100, quantity: 2 });
    submit({ side: 'buy', limit: 101, quantity: 5 });
    assert.deepEqual(
      fills.map(({ maker, price, quantity }) => [maker, price, quantity]),
      [
        [1, 100, 2],
        [2, 100, 2],
        [0, 101, 1],
      ],
    );
  });

  it('SX3 an order that meets one of its own owner is cancelled from there on, and the other stays', () => {
    const owner = {};
    const { submit, fills, ends, levels } = makeEngine();
    submit({ side: 'sell', limit: 100, quantity: 1 });
    submit({ side: 'sell', limit: 101, quantity: 5, owner });
    submit({ side: 'buy', limit: 102, quantity: 4, owner });
    assert.equal(fills.length, 1);
    assert.deepEqual(ends, ['2:self_trade:3']);
    assert.deepEqual(levels('sell'), [[101, 5]]);
  });

  it('SX4 a fok trades all of itself or nothing', () => {
    const { submit, fills, ends } = makeEngine();
    submit({ side: 'sell', limit: 100, quantity: 3 });
    submit({ side: 'buy', limit: 100, quantity: 4, timeInForce: 'fok' });
    assert.deepEqual([fills.length, ends], [0, ['1:ioc:4']]);
    submit({ side: 'buy', limit: 100, quantity: 3, timeInForce: 'fok' });
    assert.equal(fills.length, 1);
  });

  it('SX5 a stop waits unseen, wakes when the last price touches it, and one may wake the next', () => {
    const { submit, fills, levels } = makeEngine();
    submit({ side: 'sell', limit: 101, quantity: 1 });
    submit({ side: 'sell', limit: 102, quantity: 1 });
    submit({ side: 'sell', limit: 103, quantity: 1 });
    submit({ side: 'buy', type: 'stop', stop: 102, limit: 110, quantity: 1 });
    submit({ side: 'buy', type: 'stop', stop: 101, limit: 110, quantity: 1 });
    assert.deepEqual(levels('buy'), []);
    submit({ side: 'buy', limit: 101, quantity: 1 });
    assert.deepEqual(
      fills.map(({ taker, price }) => [taker, price]),
      [
        [5, 101],
        [4, 102],
        [3, 103],
      ],
    );
  });
});
