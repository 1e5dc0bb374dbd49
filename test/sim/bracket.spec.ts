import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TradingPhase } from '../../src/book/instrument.js';
import type { OrderRequest, OrderText, PrivateEvent } from '../../src/sim/desk-types.js';
import type { Exchange } from '../../src/sim/index.js';
import { balanced, listen, make, order, ruled, START } from './support.js';

const ENTRY = 'order-0001';
const [TARGET, STOP] = [`${ENTRY}.tp`, `${ENTRY}.sl`];

/** The crowd has its first orders and does nothing: best bid 17.45, best ask 17.55. */
const quiet = (): Exchange => make({ symbols: 1, ratePerSymbol: 1e-9 });
/** Rests between the crowd's best prices. */
const entry = (given: Partial<OrderRequest> = {}): OrderRequest =>
  order({ quantity: '300', limitPrice: '17.50', takeProfit: '17.80', stopLoss: '17.20', timeInForce: 'gtc', ...given });

let count = 0;
const place = (exchange: Exchange, request: OrderRequest): string => {
  const result = exchange.desk.place(request, START);
  return result.kind === 'rejected' ? result.code : result.kind;
};
/** Somebody else's order, of whose id nobody cares. */
const other = (exchange: Exchange, given: Partial<OrderRequest>): string =>
  place(exchange, order({ clientOrderId: `other-${String(++count).padStart(6, '0')}`, account: 'B-1', ...given }));
const sellTo = (exchange: Exchange, limitPrice: string, quantity: string): void => {
  assert.equal(other(exchange, { side: 'sell', limitPrice, quantity }), 'accepted');
};
const buyFrom = (exchange: Exchange, limitPrice: string, quantity: string): void => {
  assert.equal(other(exchange, { limitPrice, quantity, timeInForce: 'ioc' }), 'accepted');
};
/** Takes all of one side up to a price, and that quantity beyond what stands there. */
const sweep = (exchange: Exchange, side: 'buy' | 'sell', limitPrice: string, account = 'C-1'): void => {
  const { bids, asks } = exchange.listing('SCOM')!.book;
  const to = Math.round(Number(limitPrice) * 100);
  const opposite = side === 'buy' ? asks : bids;
  let quantity = 0;
  for (let i = 0; i < opposite.length; i++) {
    if (side === 'buy' ? opposite.priceAt(i) <= to : opposite.priceAt(i) >= to) quantity += opposite.sizeAt(i);
  }
  for (let i = 0; quantity > 0; i++, quantity -= 5_000) {
    const part = { quantity: String(Math.min(quantity, 5_000)), limitPrice, timeInForce: 'ioc' } as const;
    assert.equal(other(exchange, { account: `${account}${i}`, side, ...part }), 'accepted');
  }
};
const text = (exchange: Exchange, id: string): OrderText => {
  const found = exchange.desk.query('A-1', id);
  assert.ok(found, id);
  return found;
};
/** Status, filled and leaves. */
const state = (exchange: Exchange, id: string): string => {
  const { status, cumQuantity, leavesQuantity } = text(exchange, id);
  return `${status} ${cumQuantity}+${leavesQuantity}`;
};
const shares = (exchange: Exchange): [string | undefined, string | undefined] => {
  const position = exchange.desk.snapshot('A-1')?.data.positions.find(({ symbol }) => symbol === 'SCOM');
  return [position?.quantity, position?.available];
};
const cancel = (exchange: Exchange, clientOrderId: string): void => {
  assert.equal(exchange.desk.cancel('A-1', clientOrderId, START).kind, 'cancelled');
};
const reasons = (events: readonly PrivateEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'order_cancelled' ? [`${event.data.clientOrderId} ${event.data.reason}`] : [],
  );

describe('OrderDesk: exits', () => {
  const refused: [string, Partial<OrderRequest>, string][] = [
    ['a target between ticks', { takeProfit: '17.82' }, 'bad_price'],
    ['a target at the limit', { takeProfit: '17.50' }, 'bad_price'],
    ['a trigger at the limit', { stopLoss: '17.50' }, 'bad_price'],
    ['a trigger above the limit', { stopLoss: '17.60' }, 'bad_price'],
    ['a target beyond the band', { takeProfit: '19.30' }, 'price_band'],
    ['a trigger beyond the band', { stopLoss: '15.00' }, 'price_band'],
    ['text for a number', { stopLoss: 'none' }, 'bad_price'],
    ['a sell', { side: 'sell', takeProfit: '17.20', stopLoss: '17.80' }, 'not_permitted'],
    [
      'a target below the best ask',
      { orderType: 'market', limitPrice: null, timeInForce: 'day', takeProfit: '17.55' },
      'bad_price',
    ],
    [
      'a trigger above the best ask',
      { orderType: 'market', limitPrice: null, timeInForce: 'day', stopLoss: '17.55' },
      'bad_price',
    ],
    ['a target below the stop', { orderType: 'stop', limitPrice: null, stopPrice: '17.80' }, 'bad_price'],
    [
      'a trigger above the limit of a stop',
      { orderType: 'stop_limit', stopPrice: '17.40', limitPrice: '17.15' },
      'bad_price',
    ],
  ];
  for (const [what, given, code] of refused) {
    it(`SX200 ${what} is refused as ${code} and binds nothing`, () => {
      const exchange = quiet();
      const before = exchange.desk.snapshot('A-1');
      assert.equal(place(exchange, entry(given)), code);
      assert.deepEqual(exchange.desk.snapshot('A-1'), before);
    });
  }

  it('SX200 where they are not offered they are refused; the six shares offer them on buys', () => {
    const exchange = make({ symbols: ruled(1, { bracket: false }) });
    assert.equal(place(exchange, entry()), 'not_permitted');
    const offered = make({ symbols: 7 });
    const offers = offered.symbols.map((symbol) => offered.listing(symbol)?.instrument.bracket);
    assert.deepEqual(offers, ['buy', 'buy', 'buy', 'buy', 'buy', 'buy', undefined]);
  });

  for (const [what, given] of [
    ['market', { orderType: 'market', limitPrice: null, timeInForce: 'day' }],
    ['limit', { limitPrice: '17.55', timeInForce: 'ioc' }],
    ['stop', { orderType: 'stop', limitPrice: null, stopPrice: '17.50' }],
    ['stop_limit', { orderType: 'stop_limit', limitPrice: '17.60', stopPrice: '17.50' }],
  ] as const) {
    it(`SX201 a ${what} order that fills at once has its exits at once`, () => {
      const exchange = quiet();
      assert.equal(place(exchange, entry(given)), 'accepted');
      assert.deepEqual(
        [ENTRY, TARGET, STOP].map((id) => state(exchange, id)),
        ['filled 300+0', 'open 0+300', 'open 0+300'],
      );
      const timeInForce = 'stopPrice' in given ? 'gtc' : 'day';
      assert.deepEqual(
        [text(exchange, TARGET).timeInForce, text(exchange, STOP).timeInForce],
        [timeInForce, timeInForce],
      );
    });
  }

  it('SX201 exits come and grow with what the entry fills, and say whose they are', () => {
    const exchange = quiet();
    const events = listen(exchange);
    place(exchange, entry());
    assert.equal(exchange.desk.query('A-1', TARGET), undefined);
    sellTo(exchange, '17.50', '100');
    assert.deepEqual(
      [TARGET, STOP].map((id) => state(exchange, id)),
      ['open 0+100', 'open 0+100'],
    );
    const acks = events.flatMap(({ type, data }) => (type === 'order_ack' ? [[data.clientOrderId, data.parent]] : []));
    assert.deepEqual(acks, [
      [ENTRY, undefined],
      [TARGET, ENTRY],
      [STOP, ENTRY],
    ]);
    events.length = 0;
    sellTo(exchange, '17.50', '200');
    assert.deepEqual(
      events
        .flatMap(({ type, data }) =>
          type === 'order_replaced' ? [`${data.clientOrderId} r${data.revision} ${data.quantity}`] : [],
        )
        .sort(),
      [`${STOP} r1 300`, `${TARGET} r1 300`],
    );
    const { orderId: _, timestamp: __, ...target } = text(exchange, TARGET);
    assert.deepEqual(target, {
      clientOrderId: TARGET,
      symbol: 'SCOM',
      side: 'sell',
      orderType: 'limit',
      quantity: '300',
      limitPrice: '17.80',
      stopPrice: null,
      timeInForce: 'gtc',
      cumQuantity: '0',
      leavesQuantity: '300',
      averagePrice: null,
      revision: 1,
      parent: ENTRY,
      status: 'open',
    });
    const { orderType, limitPrice, stopPrice, parent } = text(exchange, STOP);
    assert.deepEqual([orderType, limitPrice, stopPrice, parent], ['stop', null, '17.20', ENTRY]);
    const listed = exchange.desk.snapshot('A-1')?.data.orders.map(({ clientOrderId }) => clientOrderId);
    assert.deepEqual(listed, [TARGET, STOP]);
    const { takeProfit, stopLoss, parent: none } = text(exchange, ENTRY);
    assert.deepEqual([takeProfit, stopLoss, none], ['17.80', '17.20', undefined]);
  });

  it('SX201 either can be left out', () => {
    for (const [given, there, absent] of [
      [{ takeProfit: undefined }, STOP, TARGET],
      [{ stopLoss: undefined }, TARGET, STOP],
    ] as const) {
      const exchange = quiet();
      const { takeProfit, stopLoss, ...plain } = entry();
      const request = 'takeProfit' in given ? { ...plain, stopLoss: stopLoss! } : { ...plain, takeProfit: takeProfit! };
      place(exchange, request);
      sellTo(exchange, '17.50', '300');
      assert.equal(state(exchange, there), 'open 0+300');
      assert.equal(exchange.desk.query('A-1', absent), undefined);
      assert.deepEqual(shares(exchange), ['10300', '10000']);
      cancel(exchange, there);
      assert.deepEqual(shares(exchange), ['10300', '10300']);
    }
  });

  it('SX202 what one exit trades the other loses, and the last of it ends the other', () => {
    const exchange = quiet();
    place(exchange, entry());
    sellTo(exchange, '17.50', '300');
    const events = listen(exchange);
    sweep(exchange, 'buy', '17.75');
    // Before the crowd at 17.80: it came first there, so all of it goes.
    const { asks } = exchange.listing('SCOM')!.book;
    const ahead = asks.sizeAt(0) - 300;
    buyFrom(exchange, '17.80', String(ahead + 100));
    assert.deepEqual(
      [TARGET, STOP].map((id) => state(exchange, id)),
      ['partially_filled 100+200', 'open 0+200'],
    );
    assert.equal(text(exchange, STOP).quantity, '200');
    assert.deepEqual(reasons(events), []);
    buyFrom(exchange, '17.80', '200');
    assert.deepEqual(
      [TARGET, STOP].map((id) => state(exchange, id)),
      ['filled 300+0', 'cancelled 0+0'],
    );
    assert.deepEqual(reasons(events), [`${STOP} linked`]);
    assert.deepEqual(shares(exchange), ['10000', '10000']);
    balanced(exchange);
  });

  it('SX202 a stop loss goes off at the market when the price touches it, and takes the take profit along', () => {
    const exchange = quiet();
    place(exchange, entry());
    sellTo(exchange, '17.50', '300');
    const events = listen(exchange);
    sweep(exchange, 'sell', '17.20');
    assert.deepEqual(
      [TARGET, STOP].map((id) => state(exchange, id)),
      ['cancelled 0+0', 'filled 300+0'],
    );
    assert.deepEqual(reasons(events), [`${TARGET} linked`]);
    assert.deepEqual(shares(exchange), ['10000', '10000']);
    balanced(exchange);
  });

  it('SX202 a stop loss that its entry has passed already goes off at once', () => {
    const exchange = quiet();
    sweep(exchange, 'sell', '17.00');
    sellTo(exchange, '17.10', '300');
    // It fills at 17.10, below the trigger.
    place(exchange, entry({ stopLoss: '17.20' }));
    assert.deepEqual(
      [TARGET, STOP].map((id) => state(exchange, id)),
      ['cancelled 0+0', 'filled 300+0'],
    );
    balanced(exchange);
  });

  it('SX203 both bind the shares once, with the fill that brings them, and free them once', () => {
    for (const ended of [TARGET, STOP]) {
      const exchange = quiet();
      const events = listen(exchange);
      place(exchange, entry());
      sellTo(exchange, '17.50', '300');
      const fill = events.findIndex(({ type }) => type === 'order_fill');
      const told = events[fill + 1];
      assert.ok(told?.type === 'balance_update');
      assert.deepEqual([told.data.positions[0]?.quantity, told.data.positions[0]?.available], ['10300', '10000']);
      assert.deepEqual(shares(exchange), ['10300', '10000']);
      events.length = 0;
      cancel(exchange, ended);
      assert.deepEqual(shares(exchange), ['10300', '10300']);
      assert.deepEqual(reasons(events), [`${ended} requested`, `${ended === STOP ? TARGET : STOP} linked`]);
    }
  });

  it('SX205 a cancelled entry keeps the exits of what it filled', () => {
    const exchange = quiet();
    place(exchange, entry());
    sellTo(exchange, '17.50', '100');
    cancel(exchange, ENTRY);
    assert.deepEqual(
      [TARGET, STOP].map((id) => state(exchange, id)),
      ['open 0+100', 'open 0+100'],
    );
    assert.deepEqual(shares(exchange), ['10100', '10000']);
  });

  it('SX205 what the entry fills after a pair has ended has the next one', () => {
    const exchange = quiet();
    place(exchange, entry());
    sellTo(exchange, '17.50', '100');
    cancel(exchange, STOP);
    sellTo(exchange, '17.50', '100');
    sellTo(exchange, '17.50', '100');
    assert.deepEqual(
      [TARGET, STOP, `${TARGET}2`, `${STOP}2`].map((id) => state(exchange, id)),
      ['cancelled 0+0', 'cancelled 0+0', 'open 0+200', 'open 0+200'],
    );
    assert.equal(text(exchange, `${TARGET}2`).parent, ENTRY);
    assert.deepEqual(shares(exchange), ['10300', '10100']);
  });

  it('SX206 the price of an exit is changed like any, up to its twin; its quantity is the pair’s', () => {
    const exchange = quiet();
    place(exchange, entry());
    sellTo(exchange, '17.50', '100');
    const change = (clientOrderId: string, revision: number, quantity: string, price: string): string => {
      const prices =
        clientOrderId === TARGET ? { limitPrice: price, stopPrice: null } : { limitPrice: null, stopPrice: price };
      const result = exchange.desk.replace({ account: 'A-1', clientOrderId, revision, quantity, ...prices }, START);
      return result.kind === 'rejected' ? result.code : result.kind;
    };
    assert.equal(change(TARGET, 1, '200', '17.80'), 'not_permitted');
    assert.equal(change(STOP, 1, '100', '17.80'), 'bad_price');
    assert.equal(change(TARGET, 1, '100', '17.20'), 'bad_price');
    assert.equal(change(TARGET, 1, '100', '17.90'), 'replaced');
    assert.equal(change(STOP, 1, '100', '17.30'), 'replaced');
    sellTo(exchange, '17.50', '200');
    const { limitPrice, quantity, revision } = text(exchange, TARGET);
    assert.deepEqual([limitPrice, quantity, revision], ['17.90', '300', 2]);
    assert.equal(text(exchange, STOP).stopPrice, '17.30');
    // The same again is known, and one that the exchange has overtaken is not.
    assert.equal(change(TARGET, 1, '100', '17.90'), 'duplicate');
    assert.equal(change(TARGET, 2, '300', '17.95'), 'revision_conflict');
    assert.equal(change(TARGET, 3, '300', '17.95'), 'replaced');
    assert.deepEqual(shares(exchange), ['10300', '10000']);
  });

  it('SX206 a changed entry keeps its price between its exits', () => {
    const exchange = quiet();
    place(exchange, entry());
    const change = (limitPrice: string) =>
      exchange.desk.replace(
        { account: 'A-1', clientOrderId: ENTRY, revision: 1, quantity: '300', limitPrice, stopPrice: null },
        START,
      );
    const result = change('17.20');
    assert.ok(result.kind === 'rejected' && result.code === 'bad_price');
    assert.equal(change('17.25').kind, 'replaced');
  });

  it('SX207 exits are content of an order, and sending it again makes no more of them', () => {
    const exchange = quiet();
    place(exchange, entry());
    sellTo(exchange, '17.50', '300');
    assert.equal(place(exchange, entry()), 'duplicate');
    assert.equal(place(exchange, entry({ takeProfit: '17.85' })), 'duplicate_conflict');
    assert.equal(place(exchange, entry({ stopLoss: '17.25' })), 'duplicate_conflict');
    assert.deepEqual(shares(exchange), ['10300', '10000']);
  });

  it('SX208 the ids of exits are the exchange’s alone', () => {
    const exchange = quiet();
    assert.equal(place(exchange, order({ clientOrderId: TARGET })), 'not_permitted');
    assert.equal(exchange.desk.query('A-1', TARGET), undefined);
    place(exchange, entry());
    sellTo(exchange, '17.50', '300');
    assert.equal(state(exchange, TARGET), 'open 0+300');
  });

  it('SX209 what an auction fills has its exits with the fill, and no stop loss goes off before trading goes on', () => {
    for (const last of ['continuous', 'closed'] as const) {
      const exchange = quiet();
      exchange.setPhase('SCOM', 'auction', START);
      // Its price lies below the trigger once the auction has found one.
      place(exchange, entry({ limitPrice: '17.55', stopLoss: '17.40' }));
      for (let i = 0; i < 4; i++)
        other(exchange, { account: `D-${i}`, side: 'sell', limitPrice: '17.00', quantity: '5000' });
      exchange.setPhase('SCOM', last, START);
      assert.equal(state(exchange, ENTRY), 'filled 300+0');
      assert.ok(exchange.listing('SCOM')!.engine.lastPrice <= 1740);
      assert.equal(state(exchange, STOP), last === 'closed' ? 'open 0+300' : 'filled 300+0');
      assert.equal(state(exchange, TARGET), last === 'closed' ? 'open 0+300' : 'cancelled 0+0');
      balanced(exchange);
    }
  });

  it('SX209 a day order that the last auction fills ends the day without exits', () => {
    const exchange = quiet();
    exchange.setPhase('SCOM', 'auction', START);
    place(exchange, entry({ limitPrice: '17.55', timeInForce: 'day' }));
    for (let i = 0; i < 4; i++)
      other(exchange, { account: `D-${i}`, side: 'sell', limitPrice: '17.00', quantity: '5000' });
    exchange.setPhase('SCOM', 'closed', START);
    assert.deepEqual(
      [ENTRY, TARGET, STOP].map((id) => state(exchange, id)),
      ['filled 300+0', 'expired 0+0', 'expired 0+0'],
    );
    assert.deepEqual(shares(exchange), ['10300', '10300']);
  });

  it('SX209 the close ends the exits of a day order as expired, and frees their shares', () => {
    const exchange = quiet();
    const events = listen(exchange);
    place(exchange, entry({ timeInForce: 'day' }));
    sellTo(exchange, '17.50', '100');
    exchange.setPhase('SCOM', 'closed', START);
    assert.deepEqual(reasons(events).sort(), [`${ENTRY} expired`, `${STOP} expired`, `${TARGET} expired`]);
    assert.deepEqual(shares(exchange), ['10100', '10100']);
  });

  it('SX210 an exit that would meet an order of its own account ends, and its twin with it', () => {
    const exchange = quiet();
    place(exchange, entry());
    sellTo(exchange, '17.50', '300');
    sweep(exchange, 'sell', '17.25');
    // Nobody buys above it but the account itself.
    place(exchange, order({ clientOrderId: 'order-0002', quantity: '100', limitPrice: '17.25', timeInForce: 'gtc' }));
    const events = listen(exchange);
    // Somebody sells to it until the price is at the trigger, past what stands before.
    assert.equal(
      exchange.desk.replace(
        { account: 'A-1', clientOrderId: STOP, revision: 1, quantity: '300', limitPrice: null, stopPrice: '17.25' },
        START,
      ).kind,
      'replaced',
    );
    assert.deepEqual(reasons(events), [`${STOP} self_trade`, `${TARGET} linked`]);
    assert.equal(state(exchange, 'order-0002'), 'open 0+100');
    assert.deepEqual(shares(exchange), ['10300', '10300']);
  });
});

describe('OrderDesk: exits on any path', () => {
  const PRICES = ['17.00', '17.20', '17.35', '17.45', '17.50', '17.55', '17.60', '17.65', '17.80', '18.00'];
  const price = fc.constantFrom(...PRICES);
  const lots = fc.integer({ min: 1, max: 12 }).map((n) => String(n * 100));
  const act = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('enter' as const),
        orderType: fc.constantFrom('market', 'limit', 'limit', 'limit', 'stop', 'stop_limit'),
        quantity: lots,
        limitPrice: price,
        stopPrice: price,
        takeProfit: fc.option(fc.constantFrom('17.55', '17.60', '17.80', '18.05')),
        stopLoss: fc.option(fc.constantFrom('17.45', '17.40', '17.20', '16.95')),
        isDay: fc.boolean(),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('trade' as const),
        side: fc.constantFrom('buy', 'sell'),
        limitPrice: price,
        quantity: lots,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('sweep' as const),
        side: fc.constantFrom('buy', 'sell'),
        less: fc.integer({ min: 0, max: 3 }),
        limitPrice: price,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('own' as const),
        side: fc.constantFrom('buy', 'sell'),
        limitPrice: price,
        quantity: lots,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(50) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('change' as const), which: fc.nat(50), price }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('phase' as const),
        phase: fc.constantFrom<TradingPhase>('auction', 'continuous', 'continuous', 'continuous', 'halted', 'closed'),
      }),
    },
  );

  it('SX204 the exits of an entry never trade more than it filled, leave the same, and bind once; nothing is lost', () => {
    let traded = 0;
    fc.assert(
      fc.property(fc.array(act, { minLength: 10, maxLength: 50 }), (acts) => {
        const exchange = quiet();
        const filled = new Map<string, number>();
        const entryOf = (id: string): string => id.split('.')[0]!;
        exchange.desk.listen('A-1', (event) => {
          if (event.type !== 'order_fill') return;
          const { clientOrderId: id, quantity } = event.data;
          filled.set(id, (filled.get(id) ?? 0) + Number(quantity));
          if (!id.includes('.')) return;
          traded += Number(quantity);
          // At every single moment that anybody is told of.
          const exits = [...filled].filter(([other]) => other.includes('.') && entryOf(other) === entryOf(id));
          const sum = exits.reduce((all, [, some]) => all + some, 0);
          assert.ok(sum <= (filled.get(entryOf(id)) ?? 0), `${id}: ${sum}`);
        });
        let entries = 0;
        const working = (which: number): OrderText | undefined => {
          const { orders = [] } = exchange.desk.snapshot('A-1')?.data ?? {};
          return orders[which % Math.max(1, orders.length)];
        };
        for (const given of acts) {
          if (given.kind === 'enter') {
            const { kind: _, orderType, isDay, limitPrice, stopPrice, takeProfit, stopLoss, quantity } = given;
            place(
              exchange,
              order({
                clientOrderId: `entry-${String(++entries).padStart(4, '0')}`,
                orderType: orderType as OrderRequest['orderType'],
                quantity,
                limitPrice: orderType.endsWith('limit') ? limitPrice : null,
                stopPrice: orderType.startsWith('stop') ? stopPrice : null,
                timeInForce: isDay || orderType === 'market' ? 'day' : 'gtc',
                ...(takeProfit !== null && { takeProfit }),
                ...(stopLoss !== null && { stopLoss }),
              }),
            );
          } else if (given.kind === 'sweep') {
            if (exchange.listing('SCOM')!.phase === 'continuous') {
              const { bids, asks } = exchange.listing('SCOM')!.book;
              const opposite = given.side === 'buy' ? asks : bids;
              for (let i = 0; i < 6 && opposite.length > 0; i++) {
                const reach =
                  given.side === 'buy'
                    ? opposite.priceAt(0) <= cents(given.limitPrice)
                    : opposite.priceAt(0) >= cents(given.limitPrice);
                if (!reach) break;
                const there = opposite.sizeAt(0);
                // At the last price something is left, perhaps of an exit.
                const left = opposite.priceAt(0) === cents(given.limitPrice) ? 100 * given.less : 0;
                if (there <= left) break;
                other(exchange, {
                  account: `C-${i}`,
                  side: given.side as 'buy',
                  limitPrice: given.limitPrice,
                  quantity: String(Math.min(there - left, 9_000)),
                  timeInForce: 'ioc',
                });
              }
            }
          } else if (given.kind === 'trade' || given.kind === 'own') {
            const { kind, side, ...rest } = given;
            other(exchange, { side: side as 'buy', ...rest, ...(kind === 'own' && { account: 'A-1' }) });
          } else if (given.kind === 'phase') exchange.setPhase('SCOM', given.phase, START);
          else if (given.kind === 'cancel')
            exchange.desk.cancel('A-1', working(given.which)?.clientOrderId ?? 'none', START);
          else {
            const found = working(given.which);
            if (found === undefined) continue;
            const { clientOrderId, revision, quantity } = found;
            const prices = { limitPrice: found.limitPrice && given.price, stopPrice: found.stopPrice && given.price };
            exchange.desk.replace(
              { account: 'A-1', clientOrderId, revision: revision + 1, quantity, ...prices },
              START,
            );
          }
          balanced(exchange);
          checkExits(exchange, filled);
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(traded > 0);
  });
});

const cents = (price: string): number => Math.round(Number(price) * 100);

/** Between two acts: every pair is whole and of one size, and all that may be sold is bound exactly once. */
const checkExits = (exchange: Exchange, filled: ReadonlyMap<string, number>): void => {
  const data = exchange.desk.snapshot('A-1')?.data;
  assert.ok(data);
  const pairs = new Map<string, OrderText[]>();
  let bound = 0;
  for (const each of data.orders) {
    if (each.parent !== undefined) {
      const number = `${each.parent} ${/\d*$/.exec(each.clientOrderId)![0]}`;
      pairs.set(number, [...(pairs.get(number) ?? []), each]);
    } else if (each.side === 'sell') bound += Number(each.leavesQuantity);
  }
  for (const exits of pairs.values()) {
    const entry = exchange.desk.query('A-1', exits[0]!.parent!)!;
    const wanted = Number(entry.takeProfit !== undefined) + Number(entry.stopLoss !== undefined);
    assert.equal(exits.length, wanted, 'both or neither');
    const sizes = new Set(exits.map(({ leavesQuantity }) => leavesQuantity));
    assert.equal(sizes.size, 1);
    bound += Number(exits[0]!.leavesQuantity);
    let sold = Number(exits[0]!.leavesQuantity);
    for (const [id, some] of filled) if (id.startsWith(`${entry.clientOrderId}.`)) sold += some;
    assert.ok(sold <= Number(entry.cumQuantity), `${entry.clientOrderId} ${sold} of ${entry.cumQuantity}`);
  }
  const position = data.positions.find(({ symbol }) => symbol === 'SCOM');
  assert.equal(Number(position?.quantity) - Number(position?.available), bound);
};
