import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Book } from '../../src/book/book.js';
import { formatDecimal } from '../../src/book/decimal.js';
import type { Instrument } from '../../src/book/instrument.js';
import { TickTable } from '../../src/book/tick-table.js';
import { offerOf } from '../../src/orders/combinations.js';
import { estimateOrder } from '../../src/orders/estimate.js';
import { bracketBar, entryOf, exitFieldOf, exitResult } from '../../src/orders/exits.js';
import type { GatewayCapabilities } from '../../src/orders/gateway.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { separatorsOf } from '../../src/orders/number-input.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { StreamGateway } from '../../src/orders/stream-gateway.js';
import { EMPTY_DRAFT, readDraft, type TicketDraft } from '../../src/orders/ticket.js';
import { validateOrder, type OrderIssue, type ValidationContext } from '../../src/orders/validate.js';
import { RequestError } from '../../src/stream/market-stream.js';
import { FakeStream } from '../support/fake-stream.js';
import { FakeVenue, ManualClock, settled } from './fake-venue.js';
import { decimal, request } from './venue-history.js';

const SCOM: Instrument = {
  symbol: 'SCOM',
  currency: 'KES',
  tickTable: [
    ['0', '0.01'],
    ['10', '0.05'],
    ['50', '0.25'],
  ],
  lotSize: '100',
  priceBand: ['15.75', '19.25'],
  bracket: true,
};
const book = new Book('SCOM');
book.applySnapshot(
  {
    epoch: 'e',
    sequence: 1,
    bids: [['17.50', '1200']],
    asks: [
      ['17.55', '900'],
      ['17.60', '400'],
    ],
    eventTime: 0,
  },
  true,
);
const carrier: GatewayCapabilities = { cancel: true, query: true, events: true, balancesExcludeOpenOrders: true };

function check(draft: Partial<TicketDraft>, context: Partial<ValidationContext> = {}) {
  const whole: TicketDraft = { ...EMPTY_DRAFT, quantity: '1200', limitPrice: '17.50', ...draft };
  const numbers = readDraft(whole, separatorsOf('en'));
  const { quantity = decimal('1') } = numbers;
  const estimate = estimateOrder({ ...whole, ...numbers, quantity, timeInForce: 'day' }, book, SCOM);
  const issues = validateOrder(whole, numbers, {
    instrument: SCOM,
    tickTable: TickTable.of(SCOM),
    offer: offerOf(SCOM, undefined),
    ...{ timeInForce: 'day', phase: 'continuous', book, lastPrice: decimal('17.55'), now: 0, estimate },
    verdict: { state: 'live', reason: 'ok', verified: { by: 'sequence' }, since: 0, dataAt: 0 },
    ownOrders: [],
    isAccountReady: true,
    ...context,
  });
  return { issues, whole, numbers, estimate };
}

const errors = (draft: Partial<TicketDraft>, context: Partial<ValidationContext> = {}): OrderIssue[] =>
  check(draft, context).issues.filter(({ severity }) => severity === 'error');
const told = (draft: Partial<TicketDraft>, context: Partial<ValidationContext> = {}): string[] =>
  errors(draft, context).map(({ field, code, nearest = [] }) =>
    [`${field} ${code}`, ...nearest.map((near) => formatDecimal(near))].join(' '),
  );

describe('exits of an entry', () => {
  it('OR171 exits are prices like any, and checked only where something was entered', () => {
    assert.deepEqual(told({}), []);
    assert.deepEqual(told({ takeProfit: ' ', stopLoss: '' }), []);
    assert.deepEqual(told({ takeProfit: '18.00', stopLoss: '17.20' }), []);
    assert.deepEqual(told({ takeProfit: '18.02' }), ['takeProfit off_tick 18 18.05']);
    assert.deepEqual(told({ stopLoss: '17.22' }), ['stopLoss off_tick 17.2 17.25']);
    assert.deepEqual(told({ takeProfit: '19.30' }), ['takeProfit outside_band 19.25']);
    assert.deepEqual(told({ stopLoss: '15.00' }), ['stopLoss outside_band 15.75']);
    assert.deepEqual(told({ takeProfit: 'x', stopLoss: '0' }), ['takeProfit not_a_number', 'stopLoss not_positive']);
  });

  it('OR172 a take profit lies where the entry gains and a stop loss where it loses, whatever the type; the nearest that do are offered', () => {
    assert.deepEqual(told({ takeProfit: '17.50', stopLoss: '17.50' }), [
      'takeProfit exit_misplaced 17.55',
      'stopLoss exit_misplaced 17.45',
    ]);
    assert.deepEqual(told({ side: 'sell', takeProfit: '17.20', stopLoss: '18.00' }), []);
    assert.deepEqual(told({ side: 'sell', takeProfit: '18.00', stopLoss: '17.20' }), [
      'takeProfit exit_misplaced 17.45',
      'stopLoss exit_misplaced 17.55',
    ]);
    const stop = { stopPrice: '17.80', takeProfit: '17.75' };
    assert.deepEqual(told({ ...stop, orderType: 'stop' }), ['takeProfit exit_misplaced 17.85']);
    assert.deepEqual(told({ ...stop, orderType: 'stop_limit', limitPrice: '17.85' }), [
      'takeProfit exit_misplaced 17.9',
    ]);
    const market = { orderType: 'market', limitPrice: '', takeProfit: '17.55', stopLoss: '17.55' } as const;
    assert.deepEqual(told(market), ['takeProfit exit_misplaced 17.6', 'stopLoss exit_misplaced 17.5']);
    assert.deepEqual(told({ ...market, side: 'sell', takeProfit: '17.50', stopLoss: '17.50' }), [
      'takeProfit exit_misplaced 17.45',
      'stopLoss exit_misplaced 17.55',
    ]);
    // Without an entry price there is nothing to lie around, and that price is asked for at its own field.
    assert.deepEqual(told({ limitPrice: '', takeProfit: '17.00' }), ['limitPrice required']);
  });

  it('OR173 exits need the word of instrument and gateway, and may be for buys only; what was entered is not dropped', () => {
    const offer = (bracket: Instrument['bracket'], gateway?: boolean) =>
      offerOf(
        bracket === undefined ? undefined : { symbol: 'X', bracket },
        gateway === undefined ? carrier : { ...carrier, bracket: gateway },
      ).bracket ?? false;
    assert.deepEqual(
      [
        offer(undefined),
        offer(true),
        offer('buy'),
        offer(false, true),
        offer(true, false),
        offer('buy', true),
        offer(undefined, true),
      ],
      [false, true, 'buy', false, false, 'buy', true],
    );
    assert.deepEqual(
      [bracketBar('buy', false), bracketBar('buy', 'buy'), bracketBar('sell', 'buy'), bracketBar('sell', true)],
      ['not_offered', undefined, 'buy_only', undefined],
    );
    const exits = { side: 'sell', takeProfit: '17.20', stopLoss: '18.00' } as const;
    const of = (bracket: false | 'buy') => errors(exits, { offer: offerOf({ ...SCOM, bracket }, undefined) });
    for (const [bracket, bar] of [
      ['buy', 'buy_only'],
      [false, 'not_offered'],
    ] as const) {
      assert.deepEqual(
        of(bracket).map(({ field, code, params }) => [field, code, params['bar']]),
        [
          ['takeProfit', 'exits_barred', bar],
          ['stopLoss', 'exits_barred', bar],
        ],
      );
    }
  });

  it('OR175 what an exit would gain or lose is exact, and unknown where the entry’s price is', () => {
    const result = (draft: Partial<TicketDraft>, field: 'takeProfit' | 'stopLoss' = 'takeProfit') => {
      const { whole, numbers, estimate } = check(draft);
      const value = exitResult(field, whole, numbers, estimate);
      return value && formatDecimal(value, 2);
    };
    assert.equal(result({ takeProfit: '17.80' }), '360.00');
    assert.equal(result({ stopLoss: '17.25' }, 'stopLoss'), '-300.00');
    assert.equal(result({ side: 'sell', takeProfit: '17.25' }), '300.00');
    assert.equal(result({ orderType: 'stop', stopPrice: '17.60', takeProfit: '17.80' }), '240.00');
    // 900 at 17.55 and 300 at 17.60 are 21,075.
    assert.equal(result({ orderType: 'market', takeProfit: '17.80' }), '285.00');
    assert.equal(result({ orderType: 'market', quantity: '2000', takeProfit: '17.80' }), undefined);
    assert.equal(result({ limitPrice: '', takeProfit: '17.80' }), undefined);
    assert.equal(result({}), undefined);
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 15n), fc.bigInt(1n, 10n ** 15n), fc.bigInt(1n, 10n ** 9n), (at, exit, size) => {
        const numbers = {
          ...readDraft(EMPTY_DRAFT, separatorsOf('en')),
          ...{
            quantity: { units: size, scale: 0 },
            limitPrice: { units: at, scale: 4 },
            takeProfit: { units: exit, scale: 4 },
          },
        };
        const gain = exitResult('takeProfit', EMPTY_DRAFT, numbers, undefined);
        assert.equal(formatDecimal(gain!), formatDecimal({ units: (exit - at) * size, scale: 4 }));
      }),
    );
  });

  it('OR170 exits go out with their entry, and are read with it and with whose exit an order is', async () => {
    const wish = request({ takeProfit: '17.80', stopLoss: '17.20' });
    const facts = { orderId: 'o-1', status: 'open', cumQuantity: '0', leavesQuantity: '100' };
    const stream = new FakeStream();
    let order: Record<string, unknown> = { ...wish, ...facts };
    stream.answer = async (type) => {
      if (type !== 'order_query') throw new RequestError('timeout', 'no answer');
      return { type: 'order_status', data: { clientOrderId: order['clientOrderId'], known: true, order } };
    };
    const gateway = new StreamGateway(stream);
    await gateway.place(wish);
    const [sent] = stream.requests;
    assert.deepEqual([sent?.data?.['takeProfit'], sent?.data?.['stopLoss']], ['17.80', '17.20']);
    await gateway.place(request());
    assert.ok(!('takeProfit' in (stream.requests[1]?.data ?? {})));
    const found = await gateway.find('A-1', wish.clientOrderId);
    assert.deepEqual(
      [found?.request.takeProfit, found?.request.stopLoss, found?.request.parent],
      ['17.80', '17.20', undefined],
    );
    const clientOrderId = `${wish.clientOrderId}.tp`;
    order = { ...request({ clientOrderId }), ...facts, parent: wish.clientOrderId, takeProfit: 'none', stopLoss: 17.2 };
    const exit = await gateway.find('A-1', clientOrderId);
    assert.equal(exit?.request.parent, wish.clientOrderId);
    assert.ok(exit && !('takeProfit' in exit.request) && !('stopLoss' in exit.request));
  });

  const entry = request({ takeProfit: '17.80', stopLoss: '17.20' });
  const exitOf = (kind: 'tp' | 'sl'): OrderRequest =>
    request({
      clientOrderId: `${entry.clientOrderId}.${kind}`,
      parent: entry.clientOrderId,
      side: 'sell',
      ...(kind === 'tp' ? { limitPrice: '17.80' } : { orderType: 'stop', limitPrice: null, stopPrice: '17.20' }),
    });

  it('OR174 exits come onto the desk by their events or the account, as orders like any, and their entry is asked for', async () => {
    for (const how of ['events', 'account'] as const) {
      const venue = new FakeVenue();
      await venue.place(entry);
      for (const kind of ['tp', 'sl'] as const) await venue.place(exitOf(kind));
      venue.fill(entry.clientOrderId, '100');
      if (how === 'events') venue.disconnect();
      const ledger = new ReservationLedger();
      const desk = new OrderDesk({
        account: 'A-1',
        gateway: venue,
        journal: memoryJournal(),
        ledger,
        clock: new ManualClock(),
      });
      desk.observe(() => undefined);
      await settled();
      if (how === 'events') {
        venue.isConnected = true;
        venue.fill(`${entry.clientOrderId}.tp`, '40');
      }
      await settled();
      const exit = desk.order(`${entry.clientOrderId}.tp`);
      assert.ok(exit, how);
      assert.equal(exitFieldOf(exit.request), 'takeProfit');
      const known = entryOf(exit, desk.orders);
      assert.deepEqual([known?.request.takeProfit, known?.state], ['17.80', 'filled'], how);
      if (how === 'events') continue;
      const stop = desk.order(`${entry.clientOrderId}.sl`);
      assert.ok(stop && known);
      assert.deepEqual([exitFieldOf(stop.request), exitFieldOf(known.request)], ['stopLoss', undefined]);
      assert.equal(entryOf(known, desk.orders), undefined);
      assert.ok(desk.mayCancel(stop) && desk.mayAmend(stop));
      assert.equal(venue.findCalls, 1, 'asked for once, for both');
    }
  });
});
