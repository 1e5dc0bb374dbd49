import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ZERO, add, compare, formatDecimal, isZero, multiply, subtract } from '../../src/book/decimal.js';
import type { Decimal } from '../../src/book/decimal.js';
import type { Instrument } from '../../src/book/instrument.js';
import type { LevelText } from '../../src/book/book.js';
import type { Asset } from '../../src/orders/account.js';
import { offerOf } from '../../src/orders/combinations.js';
import type { GatewayEvent } from '../../src/orders/gateway.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import { brokenInvariant } from '../../src/orders/order.js';
import type { Fill, OrderFacts, OrderRequest } from '../../src/orders/order.js';
import { createPaperGateway, type PaperGatewayOptions } from '../../src/orders/paper-gateway.js';
import { createPaperGateway as leftOut } from '../../src/left-out/paper-gateway.js';
import { FakeStream } from '../support/fake-stream.js';
import { ManualClock, settled } from './fake-venue.js';
import { decimal, request } from './venue-history.js';

const SCOM: Instrument = {
  symbol: 'SCOM',
  currency: 'KES',
  tickSize: '0.05',
  lotSize: '1',
  priceBand: ['10', '30'],
  takerFee: '0.0012',
  makerFee: '0.0002',
};
const BIDS: LevelText[] = [
  ['17.45', '300'],
  ['17.40', '500'],
];
const ASKS: LevelText[] = [
  ['17.50', '100'],
  ['17.55', '200'],
  ['17.60', '400'],
];

function setUp(balances: PaperGatewayOptions['balances'] = { cash: { KES: '100000' }, positions: { SCOM: '1000' } }) {
  const stream = new FakeStream();
  stream.setInstrument(SCOM);
  const gateway = createPaperGateway({ stream, balances });
  const events: GatewayEvent[] = [];
  const available = new Map<Asset, Decimal>();
  const undo = gateway.observe?.('A-1', (event) => {
    events.push(event);
    if (event.type !== 'account') return;
    for (const [asset, amount] of event.update.available) available.set(asset, amount);
  });
  let count = 0;
  const wish = (change: Partial<OrderRequest> = {}): OrderRequest =>
    request({ clientOrderId: `order-${String(++count).padStart(20, '0')}`, ...change });
  const place = async (change: Partial<OrderRequest> = {}) => {
    const order = wish(change);
    return { order, result: await gateway.place(order) };
  };
  const facts = async (order: OrderRequest): Promise<OrderFacts> => {
    const answer = await gateway.query?.(order);
    assert.equal(answer?.outcome, 'known');
    return (answer as { facts: OrderFacts }).facts;
  };
  const fills = (): Fill[] =>
    events.flatMap((event) => (event.type === 'order' && event.event.type === 'fill' ? [event.event.fill] : []));
  const book = (bids: readonly LevelText[] = BIDS, asks: readonly LevelText[] = ASKS) =>
    stream.pushBook('SCOM', bids, asks);
  const has = (asset: Asset): string => formatDecimal(available.get(asset) ?? ZERO);
  book();
  return { stream, gateway, events, available, undo, wish, place, facts, fills, book, has };
}

const told = ({ price, quantity, liquidity }: Fill): string =>
  `${formatDecimal(quantity)} @ ${formatDecimal(price)} ${liquidity}`;
const standing = ({ status, filled, leaves }: OrderFacts): string =>
  `${status} ${formatDecimal(filled)}/${leaves && formatDecimal(leaves)}`;
const codeOf = (result: { outcome: string; code?: string }): string => result.code ?? result.outcome;

describe('createPaperGateway', () => {
  it('GW1 what an order meets is filled level by level as taker, at most what is shown, and the rest of a limit rests', async () => {
    const { place, fills, facts } = setUp();
    const { order, result } = await place({ quantity: '500', limitPrice: '17.55' });
    assert.equal(result.outcome, 'accepted');
    assert.deepEqual(fills().map(told), ['100 @ 17.5 taker', '200 @ 17.55 taker']);
    assert.equal(standing(await facts(order)), 'partially_filled 300/200');
    assert.equal(formatDecimal((await facts(order)).averagePrice ?? ZERO), '17.53333333');
    const sale = await place({ side: 'sell', orderType: 'market', limitPrice: null, quantity: '400' });
    assert.deepEqual(fills().slice(2).map(told), ['300 @ 17.45 taker', '100 @ 17.4 taker']);
    assert.equal(standing(await facts(sale.order)), 'filled 400/0');
  });

  it('GW2 a resting order is filled at its own price as maker when the other side comes to it, best and earliest first', async () => {
    const { place, fills, facts, book } = setUp();
    const late = await place({ quantity: '50', limitPrice: '17.40' });
    const first = await place({ quantity: '50', limitPrice: '17.45' });
    const second = await place({ quantity: '50', limitPrice: '17.45' });
    book([['17.30', '10']], [['17.45', '70']]);
    assert.deepEqual(fills().map(told), ['50 @ 17.45 maker', '20 @ 17.45 maker']);
    assert.equal(standing(await facts(first.order)), 'filled 50/0');
    assert.equal(standing(await facts(second.order)), 'partially_filled 20/30');
    assert.equal(standing(await facts(late.order)), 'open 0/50');
    // A price that went through is no gift: the order's own price is paid, for what is shown up to it.
    book(
      [['17.20', '10']],
      [
        ['17.30', '15'],
        ['17.40', '100'],
      ],
    );
    assert.deepEqual(fills().slice(2).map(told), ['30 @ 17.45 maker', '50 @ 17.4 maker']);
  });

  it('GW3 what was taken on paper is not there again until the venue shows more', async () => {
    const { place, fills, facts, book } = setUp();
    const taken = (): string[] => fills().splice(0).map(told);
    await place({ quantity: '100', limitPrice: '17.50' });
    const next = await place({ quantity: '80', limitPrice: '17.50' });
    assert.equal(standing(await facts(next.order)), 'open 0/80');
    book();
    book(BIDS, [['17.50', '60'], ...ASKS.slice(1)]);
    assert.deepEqual(taken(), ['100 @ 17.5 taker']);
    // 60 stand there, of which 60 were taken: what others took meanwhile was taken from the same.
    book(BIDS, [['17.50', '85'], ...ASKS.slice(1)]);
    assert.deepEqual(taken().slice(1), ['25 @ 17.5 maker']);
    // Gone and back again: other pieces.
    book(BIDS, ASKS.slice(1));
    book(BIDS, [['17.50', '30'], ...ASKS.slice(1)]);
    assert.deepEqual(taken().slice(2), ['30 @ 17.5 maker']);
    assert.equal(standing(await facts(next.order)), 'partially_filled 55/25');
  });

  it('GW4 an IOC and a market order leave nothing resting; a FOK fills whole or not at all', async () => {
    const { place, facts, fills } = setUp();
    const some = await place({ quantity: '150', limitPrice: '17.50', timeInForce: 'ioc' });
    assert.equal(standing(await facts(some.order)), 'cancelled 100/0');
    assert.equal((await facts(some.order)).reason?.code, 'ioc');
    const none = await place({ quantity: '201', limitPrice: '17.55', timeInForce: 'fok' });
    assert.equal(standing(await facts(none.order)), 'cancelled 0/0');
    assert.equal((await facts(none.order)).reason?.code, 'fok');
    const all = await place({ quantity: '200', limitPrice: '17.55', timeInForce: 'fok' });
    assert.equal(standing(await facts(all.order)), 'filled 200/0');
    const market = await place({ quantity: '401', orderType: 'market', limitPrice: null });
    assert.equal(standing(await facts(market.order)), 'cancelled 400/0');
    assert.equal(fills().length, 3);
  });

  it('GW5 a post-only order that would take is refused, also where paper has taken it all; any other rests', async () => {
    const { place, facts } = setUp();
    await place({ quantity: '100', limitPrice: '17.50' });
    const taking = await place({ quantity: '10', limitPrice: '17.50', postOnly: true });
    assert.equal(codeOf(taking.result as never), 'would_take');
    const resting = await place({ quantity: '10', limitPrice: '17.45', postOnly: true });
    assert.equal(standing(await facts(resting.order)), 'open 0/10');
  });

  it('GW6 a stop waits whole until the price that it would get reaches its trigger, then takes or rests', async () => {
    const { place, facts, fills, book, has } = setUp();
    const buy = await place({ orderType: 'stop', limitPrice: null, stopPrice: '17.60', quantity: '150' });
    const sell = await place({
      side: 'sell',
      orderType: 'stop_limit',
      stopPrice: '17.30',
      limitPrice: '17.30',
      quantity: '60',
    });
    assert.equal(standing(await facts(buy.order)), 'open 0/150');
    assert.equal(has('position:SCOM'), '940');
    book([['17.50', '10']], [['17.55', '10']]);
    assert.deepEqual(fills(), []);
    book([['17.50', '10']], [['17.60', '90']]);
    assert.equal(standing(await facts(buy.order)), 'cancelled 90/0');
    book([['17.30', '25']], [['17.60', '90']]);
    assert.deepEqual(fills().map(told), ['90 @ 17.6 taker', '25 @ 17.3 taker']);
    assert.equal(standing(await facts(sell.order)), 'partially_filled 25/35');
    // Once it is awake it rests like any limit, wherever the price goes.
    book([['17.40', '35']], [['17.60', '90']]);
    assert.deepEqual(fills().slice(2).map(told), ['35 @ 17.3 maker']);
    // What it needs at its trigger may be more than there is by then.
    const poor = setUp({ cash: { KES: '1800' } });
    const dear = await poor.place({ orderType: 'stop', limitPrice: null, stopPrice: '17.60', quantity: '100' });
    poor.book([['18.50', '10']], [['19.00', '500']]);
    assert.equal((await poor.facts(dear.order)).reason?.code, 'insufficient_funds');
    assert.equal(poor.has('cash:KES'), '1800');
  });

  it('GW7 nothing trades on a book that is not live, is crossed or does not trade continuously', async () => {
    const bad: ((on: ReturnType<typeof setUp>) => void)[] = [
      ({ stream }) => stream.setVerdict('SCOM', { state: 'stale', reason: 'heartbeat_missed' }),
      ({ stream }) => stream.setVerdict('SCOM', { state: 'resyncing', reason: 'sequence_gap' }),
      ({ stream }) => stream.setVerdict('SCOM', { state: 'disconnected', reason: 'offline' }),
      ({ stream }) => stream.setInstrument({ ...SCOM, phase: 'auction' }),
      ({ book }) => book([['17.55', '10']], [['17.50', '100']]),
    ];
    for (const spoil of bad) {
      const on = setUp();
      spoil(on);
      const market = await on.place({ quantity: '10', orderType: 'market', limitPrice: null });
      assert.equal(codeOf(market.result as never), 'not_permitted');
      const only = await on.place({ quantity: '10', limitPrice: '12', postOnly: true });
      assert.equal(codeOf(only.result as never), 'not_permitted');
      const limit = await on.place({ quantity: '1', limitPrice: '17.50' });
      assert.equal(standing(await on.facts(limit.order)), 'open 0/1');
      on.stream.setVerdict('SCOM', {});
      assert.deepEqual(on.fills(), []);
      on.stream.setInstrument(SCOM);
      on.book();
      on.stream.setVerdict('SCOM', { state: 'live', reason: 'ok' });
      assert.deepEqual(on.fills().map(told), ['1 @ 17.5 maker']);
    }
    const { stream, place } = setUp();
    for (const [phase, code] of [
      ['halted', 'halted'],
      ['closed', 'market_closed'],
    ] as const) {
      stream.setInstrument({ ...SCOM, phase });
      assert.equal(codeOf((await place()).result as never), code);
    }
  });

  it('GW8 the fee is the taker’s or the maker’s share, rounded up once for the order; a sale never costs more than it brings', async () => {
    const { place, fills, book, has } = setUp();
    await place({ quantity: '300', limitPrice: '17.55' });
    // 1750 and 3510 at 0.12 %: 2.1 and 4.212, together 6.32.
    assert.deepEqual(
      fills().map(({ fee }) => fee && formatDecimal(fee)),
      ['2.1', '4.22'],
    );
    assert.equal(has('cash:KES'), '94733.68');
    await place({ side: 'sell', quantity: '100', limitPrice: '17.70' });
    book(BIDS, [['17.70', '5']]);
    book([['17.70', '100']], [['17.80', '5']]);
    assert.equal(formatDecimal(fills()[2]?.fee ?? ZERO), '0.36');
    const tiny = setUp({ positions: { SCOM: '1' } });
    tiny.stream.setInstrument({ symbol: 'SCOM', currency: 'KES', takerFee: '0.5' });
    tiny.book([['0.001', '10']], []);
    await tiny.place({ side: 'sell', quantity: '1', orderType: 'market', limitPrice: null });
    assert.equal(tiny.has('cash:KES'), '0');
  });

  it('GW9 an order binds the worst that it may come to and is refused beyond what there is; its end frees it', async () => {
    const { place, gateway, has } = setUp({ cash: { KES: '1754.10' }, positions: { SCOM: '20' } });
    const buy = await place({ quantity: '100', limitPrice: '17.50', timeInForce: 'gtc' });
    // 1750 and 2.10: all was taken at once.
    assert.equal(has('cash:KES'), '2');
    assert.equal(codeOf((await place({ quantity: '1', limitPrice: '17.40' })).result as never), 'insufficient_funds');
    const market = { orderType: 'market', limitPrice: null, quantity: '1' } as const;
    assert.equal(codeOf((await place(market)).result as never), 'insufficient_funds');
    assert.equal(codeOf((await place({ side: 'sell', quantity: '121' })).result as never), 'insufficient_position');
    const sale = await place({ side: 'sell', quantity: '120', limitPrice: '18' });
    assert.equal(has('position:SCOM'), '0');
    assert.equal((await gateway.cancel?.(sale.order))?.outcome, 'cancelled');
    assert.equal(has('position:SCOM'), '120');
    assert.equal(codeOf((await gateway.cancel?.(sale.order)) as never), 'already_cancelled');
    assert.equal(codeOf((await gateway.cancel?.(buy.order)) as never), 'too_late');
    assert.equal(
      codeOf((await gateway.cancel?.({ ...buy.order, clientOrderId: 'nobody-00' })) as never),
      'unknown_order',
    );
  });

  it('GW10 a change is made once for each revision, binds what its terms need, and is refused where it cannot be', async () => {
    const { place, gateway, facts, has, fills } = setUp({ cash: { KES: '1000' } });
    const { order } = await place({ quantity: '50', limitPrice: '17.00' });
    const change = { revision: 1, quantity: '20', limitPrice: '17.20', stopPrice: null };
    const replace = async (over: object) => gateway.replace?.(order, { ...change, ...over });
    assert.equal((await replace({}))?.outcome, 'replaced');
    assert.equal(has('cash:KES'), '655.58');
    const { revision, limitPrice, quantity } = await facts(order);
    assert.deepEqual([revision, limitPrice, quantity && formatDecimal(quantity)], [1, '17.20', '20']);
    assert.equal((await replace({}))?.outcome, 'replaced');
    for (const [over, code] of [
      [{ quantity: '30' }, 'revision_conflict'],
      [{ revision: 3 }, 'revision_conflict'],
      [{ revision: 2, limitPrice: '17.22' }, 'bad_price'],
      [{ revision: 2, limitPrice: '31' }, 'price_band'],
      [{ revision: 2, quantity: '0' }, 'bad_quantity'],
      [{ revision: 2, quantity: '59' }, 'insufficient_funds'],
    ] as const) {
      assert.equal(codeOf((await replace(over)) as never), code, JSON.stringify(over));
    }
    assert.equal((await replace({ revision: 2, limitPrice: '17.55' }))?.outcome, 'replaced');
    assert.deepEqual(fills().map(told), ['20 @ 17.5 taker']);
    assert.equal(codeOf((await replace({ revision: 3 })) as never), 'too_late');
    // Less keeps its place, more or another price goes last.
    for (const [quantity, firstGets] of [
      ['8', '8'],
      ['12', '0'],
    ] as const) {
      const line = setUp();
      const [first] = [
        await line.place({ quantity: '10', limitPrice: '17.00' }),
        await line.place({ quantity: '10', limitPrice: '17.00' }),
      ];
      await line.gateway.replace?.(first.order, { revision: 1, quantity, limitPrice: '17.00', stopPrice: null });
      line.book([['16.00', '1']], [['17.00', '10']]);
      assert.equal(formatDecimal((await line.facts(first.order)).filled), firstGets);
    }
  });

  it('GW11 through any mix of orders, cancels, changes and books, money and pieces are conserved and nothing is taken twice', async () => {
    const price = fc.integer({ min: 345, max: 355 });
    const size = fc.integer({ min: 1, max: 40 });
    const side = fc.constantFrom('buy' as const, 'sell' as const);
    const order = fc.record({
      kind: fc.constant('place' as const),
      side,
      price,
      size,
      orderType: fc.constantFrom(
        'limit' as const,
        'limit' as const,
        'market' as const,
        'stop' as const,
        'stop_limit' as const,
      ),
      timeInForce: fc.constantFrom('day' as const, 'ioc' as const, 'fok' as const),
    });
    const move = fc.record({
      kind: fc.constant('book' as const),
      mid: price,
      sizes: fc.array(size, { minLength: 4, maxLength: 4 }),
      isLive: fc.integer({ max: 5, min: 0 }),
    });
    const touch = fc.record({
      kind: fc.constantFrom('cancel' as const, 'change' as const),
      which: fc.nat(20),
      price,
      size,
    });
    const text = (ticks: number): string => formatDecimal({ units: BigInt(ticks) * 5n, scale: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(order, move, move, touch), { maxLength: 40 }), async (acts) => {
        const t = setUp({ cash: { KES: '3000' }, positions: { SCOM: '60' } });
        const orders: OrderRequest[] = [];
        // What was ever newly shown at each price: nothing more can be taken there.
        const shown = new Map<string, number>();
        const before = new Map<string, number>();
        const show = (levels: readonly (readonly [string, number])[]) => {
          const now = new Map(levels);
          for (const key of new Set([...before.keys(), ...now.keys()])) {
            const gain = (now.get(key) ?? 0) - (before.get(key) ?? 0);
            if (gain > 0) shown.set(key, (shown.get(key) ?? 0) + gain);
            before.set(key, now.get(key) ?? 0);
          }
        };
        show([
          ...BIDS.map(([p, s]) => [`b${formatDecimal(decimal(p))}`, Number(s)] as const),
          ...ASKS.map(([p, s]) => [`a${formatDecimal(decimal(p))}`, Number(s)] as const),
        ]);
        for (const act of acts) {
          if (act.kind === 'book') {
            const [a, b, c, d] = act.sizes as [number, number, number, number];
            const levels = {
              bids: [
                [act.mid - 1, a],
                [act.mid - 2, b],
              ],
              asks: [
                [act.mid, c],
                [act.mid + 1, d],
              ],
            } as const;
            t.stream.setVerdict('SCOM', { state: act.isLive === 0 ? 'stale' : 'live' });
            show([
              ...levels.bids.map(([p, s]) => [`b${text(p)}`, s] as const),
              ...levels.asks.map(([p, s]) => [`a${text(p)}`, s] as const),
            ]);
            t.book(
              levels.bids.map(([p, s]) => [text(p), String(s)]),
              levels.asks.map(([p, s]) => [text(p), String(s)]),
            );
          } else if (act.kind === 'place') {
            const isStop = act.orderType === 'stop' || act.orderType === 'stop_limit';
            const { order: placed, result } = await t.place({
              side: act.side,
              orderType: act.orderType,
              quantity: String(act.size),
              limitPrice: act.orderType === 'limit' || act.orderType === 'stop_limit' ? text(act.price) : null,
              stopPrice: isStop ? text(act.price) : null,
              timeInForce: isStop ? 'day' : act.timeInForce,
            });
            if (result.outcome === 'accepted') orders.push(placed);
          } else {
            const target = orders[act.which % Math.max(1, orders.length)];
            if (target === undefined) continue;
            if (act.kind === 'cancel') await t.gateway.cancel?.(target);
            else {
              const revision = ((await t.facts(target)).revision ?? 0) + 1;
              const terms = {
                quantity: String(act.size),
                limitPrice: target.limitPrice && text(act.price),
                stopPrice: target.stopPrice,
              };
              await t.gateway.replace?.(target, { revision, ...terms });
            }
          }
          for (const [asset, amount] of t.available) assert.ok(compare(amount, ZERO) >= 0, `${asset} below 0`);
        }
        for (const each of orders) await t.gateway.cancel?.(each);
        let cash = decimal('3000');
        let pieces = decimal('60');
        const taken = new Map<string, Decimal>();
        for (const event of t.events) {
          if (event.type !== 'order' || event.event.type !== 'fill') continue;
          const { price: at, quantity, fee = ZERO, liquidity } = event.event.fill;
          const isBuy = orders.find(({ clientOrderId }) => clientOrderId === event.clientOrderId)?.side === 'buy';
          const notional = multiply(at, quantity);
          cash = subtract(isBuy ? subtract(cash, notional) : add(cash, notional), fee);
          pieces = isBuy ? add(pieces, quantity) : subtract(pieces, quantity);
          const key = `${isBuy ? 'a' : 'b'}${formatDecimal(at)}`;
          if (liquidity === 'taker') taken.set(key, add(taken.get(key) ?? ZERO, quantity));
        }
        assert.equal(t.has('cash:KES'), formatDecimal(cash));
        assert.equal(t.has('position:SCOM'), formatDecimal(pieces));
        for (const [key, quantity] of taken)
          assert.ok(compare(quantity, decimal(String(shown.get(key) ?? 0))) <= 0, key);
        const [bought, sold] = ['buy', 'sell'].map((of) =>
          t.events.reduce(
            (sum, event) =>
              event.type === 'order' &&
              event.event.type === 'fill' &&
              orders.find(({ clientOrderId }) => clientOrderId === event.clientOrderId)?.side === of
                ? add(sum, event.event.fill.quantity)
                : sum,
            ZERO,
          ),
        );
        const all = (of: string) =>
          [...shown].reduce((sum, [key, quantity]) => (key.startsWith(of) ? sum + quantity : sum), 0);
        assert.ok(compare(bought ?? ZERO, decimal(String(all('a')))) <= 0);
        assert.ok(compare(sold ?? ZERO, decimal(String(all('b')))) <= 0);
      }),
      { numRuns: 300 },
    );
  });

  it('GW12 a desk works on paper as on any venue: whole, ready, placed, filled, held back and freed', async () => {
    const { stream, gateway, book, wish } = setUp();
    const ledger = new ReservationLedger();
    const desk = new OrderDesk({ account: 'A-1', gateway, journal: memoryJournal(), ledger, clock: new ManualClock() });
    const refused: unknown[] = [];
    const undo = desk.observe(({ refusal }) => refusal && refused.push(refusal));
    assert.equal(desk.isReady, true);
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '100000');
    // A whole account has nothing of what it does not list.
    assert.ok(isZero(desk.available('cash:USD') ?? decimal('1')));
    const terms = { asset: 'cash:KES', unit: decimal('17.55'), feeRate: decimal('0.0012'), decimals: 2 } as const;
    const order = desk.submit(wish({ quantity: '500', limitPrice: '17.55' }), terms, () => 'gateway');
    await settled();
    const id = order?.request.clientOrderId ?? '';
    assert.equal(desk.order(id)?.state, 'partially_filled');
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '91219.47');
    assert.equal(formatDecimal(desk.available('position:SCOM') ?? ZERO), '1300');
    book(BIDS, [['17.50', '300']]);
    const done = desk.order(id);
    assert.equal(done?.state, 'filled');
    assert.equal(done && brokenInvariant(done), undefined);
    assert.equal(done?.fills.length, 3);
    assert.ok(isZero(desk.reserved('cash:KES', true)));
    const free = formatDecimal(desk.available('cash:KES') ?? ZERO);
    const resting = desk.submit(wish({ quantity: '10', limitPrice: '17.00' }), terms, () => 'gateway');
    await settled();
    assert.notEqual(formatDecimal(desk.available('cash:KES') ?? ZERO), free);
    desk.cancel(resting?.request.clientOrderId ?? '');
    await settled();
    assert.equal(desk.order(resting?.request.clientOrderId ?? '')?.state, 'cancelled');
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), free);
    const moved =
      desk.submit(wish({ quantity: '10', limitPrice: '17.00' }), terms, () => 'gateway')?.request.clientOrderId ?? '';
    await settled();
    desk.amend(moved, { limitPrice: '17.05', quantity: '12' });
    await settled();
    const { limitPrice = '', revision, state, leaves = ZERO } = desk.order(moved) ?? {};
    assert.deepEqual([limitPrice, revision, state, formatDecimal(leaves)], ['17.05', 1, 'open', '12']);
    desk.cancel(moved);
    await settled();
    assert.deepEqual(refused, []);
    // The next observer begins with the whole account, and a working order of elsewhere is on it.
    undo();
    await gateway.place(wish({ quantity: '5', limitPrice: '17.00' }));
    desk.observe(() => undefined);
    assert.equal(desk.orders.filter(({ state }) => state === 'open').length, 1);
    assert.equal(stream.subscribed.length, 1);
  });

  it('OR176 a paper order has no exits: they are not offered, and refused as `not_permitted`', async () => {
    const { gateway, place, has } = setUp();
    assert.equal(offerOf({ ...SCOM, bracket: true }, gateway.capabilities).bracket, false);
    for (const exits of [{ takeProfit: '18.00' }, { stopLoss: '17.00' }, { takeProfit: '18.00', stopLoss: '17.00' }]) {
      assert.equal(codeOf((await place(exits)).result as never), 'not_permitted', JSON.stringify(exits));
    }
    assert.equal(has('cash:KES'), '100000');
  });

  it('GW34 a file for a script tag without the simulator has no such gateway and says which file does', () => {
    assert.throws(() => leftOut({ stream: new FakeStream() }), /need touchline-demo\.js/);
  });

  it('GW13 the same id with the same content is one order, with other content a conflict; accounts are apart', async () => {
    const { gateway, place, fills, wish } = setUp();
    const { order } = await place({ quantity: '30', limitPrice: '17.50' });
    assert.equal((await gateway.place({ ...order, quantity: '30.0', createdAt: 5 })).outcome, 'accepted');
    assert.equal(fills().length, 1);
    assert.equal(codeOf((await gateway.place({ ...order, quantity: '31' })) as never), 'duplicate_conflict');
    assert.equal((await gateway.place({ ...order, account: 'A-2' })).outcome, 'accepted');
    assert.equal(fills().length, 1);
    assert.equal((await gateway.query?.(wish()))?.outcome, 'never_arrived');
    assert.equal((await gateway.find?.('A-1', order.clientOrderId))?.request, order);
    assert.equal(await gateway.find?.('A-2', 'nobody-00'), undefined);
  });

  it('GW14 it holds one subscription for each symbol with working orders, while it is observed, and nothing else', async () => {
    const { stream, gateway, place, undo, facts, fills, book } = setUp();
    assert.deepEqual(stream.subscribed, []);
    const { order } = await place({ limitPrice: '17.00' });
    await place({ limitPrice: '17.05' });
    assert.deepEqual(stream.subscribed, ['SCOM']);
    undo?.();
    assert.equal(stream.listenerCount, 0);
    // Nobody looked: what came and went meanwhile is nothing that happened.
    book([['16.00', '1']], [['17.00', '500']]);
    book();
    const again = gateway.observe?.('A-1', () => undefined);
    assert.deepEqual(stream.subscribed, ['SCOM']);
    assert.deepEqual(fills(), []);
    book([['16.00', '1']], [['17.00', '500']]);
    assert.deepEqual(stream.subscribed, []);
    assert.equal((await facts(order)).status, 'filled');
    again?.();
    assert.equal(stream.listenerCount, 0);
  });

  it('GW15 an account begins with what it is given; a currency is funded once; what is no amount is refused', async () => {
    const { gateway, place, has } = setUp({});
    assert.equal(codeOf((await place()).result as never), 'insufficient_funds');
    gateway.fund('KES', '5000');
    gateway.fund('KES', '7000');
    assert.equal(has('cash:KES'), '5000');
    assert.equal((await place()).result.outcome, 'accepted');
    gateway.fund('KES', '9000');
    assert.equal(has('cash:KES'), '3247.9');
    const others: GatewayEvent[] = [];
    gateway.observe?.('A-2', (event) => others.push(event));
    assert.deepEqual(
      others.map((event) => event.type === 'account' && formatDecimal(event.update.available.get('cash:KES') ?? ZERO)),
      ['5000', false],
    );
    assert.throws(() => gateway.fund('KES', '-1'), RangeError);
    assert.throws(() => gateway.fund('KES', 'much'), RangeError);
    assert.throws(() => setUp({ cash: { KES: '1,000' } }), RangeError);
    assert.throws(() => setUp({ positions: { SCOM: '-1' } }), RangeError);
  });

  it('GW16 orders out of form are refused by the code of the rule; a day order ends with the day', async () => {
    const { stream, place, facts } = setUp();
    for (const [change, code] of [
      [{ limitPrice: '17.52' }, 'bad_price'],
      [{ limitPrice: null }, 'bad_price'],
      [{ limitPrice: '9.95' }, 'price_band'],
      [{ quantity: '0.5' }, 'bad_quantity'],
      [{ quantity: '-1' }, 'bad_quantity'],
      [{ orderType: 'stop', limitPrice: null, stopPrice: '18', timeInForce: 'ioc' }, 'not_permitted'],
      [{ postOnly: true, timeInForce: 'fok' }, 'not_permitted'],
      [{ displayQuantity: '10' }, 'not_permitted'],
      [{ takeProfit: '18.00' }, 'not_permitted'],
      [{ stopLoss: '17.00' }, 'not_permitted'],
      [{ symbol: 'NONE' }, 'unknown_symbol'],
    ] as const) {
      assert.equal(
        codeOf((await place(change as Partial<OrderRequest>)).result as never),
        code,
        JSON.stringify(change),
      );
    }
    stream.setInstrument({ ...SCOM, minQuantity: '5', maxQuantity: '50', minNotional: '100', maxNotional: '500' });
    for (const quantity of ['4', '51', '5', '30']) {
      const { result } = await place({ quantity, limitPrice: '17' });
      assert.equal(codeOf(result as never), 'bad_quantity', quantity);
    }
    stream.setInstrument({ symbol: 'FREE', tickSize: '0.01' });
    assert.equal(codeOf((await place({ symbol: 'FREE' })).result as never), 'not_permitted');
    stream.setInstrument(SCOM);
    const day = await place({ limitPrice: '17.00' });
    const good = await place({ limitPrice: '17.00', timeInForce: 'gtc' });
    stream.setInstrument({ ...SCOM, phase: 'closed' });
    assert.equal((await facts(day.order)).status, 'expired');
    assert.equal((await facts(good.order)).status, 'open');
  });
});
