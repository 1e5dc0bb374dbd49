/** What a desk makes of orders that it did not place, of cancels that came too fast, and of what was lost on the way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDecimal } from '../../src/book/decimal.js';
import type { DeskChange } from '../../src/orders/desk-types.js';
import { termsOfPlaced } from '../../src/orders/estimate.js';
import type { CancelResult, OrderGateway } from '../../src/orders/gateway.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { FakeVenue, ManualClock, settled } from './fake-venue.js';
import { decimal, request } from './venue-history.js';

const SCOM = { symbol: 'SCOM', currency: 'KES', tickSize: '0.05', lotSize: '100', takerFee: '0.0012' };
const termsOf = (order: OrderRequest) => termsOfPlaced(order, SCOM);

function setUp(gateway: OrderGateway = new FakeVenue(), ledger = new ReservationLedger()) {
  const clock = new ManualClock();
  const desk = new OrderDesk({ account: 'A-1', gateway, journal: memoryJournal(), ledger, clock });
  const changes: DeskChange[] = [];
  const undo = desk.observe((change) => changes.push(change));
  return { desk, clock, changes, undo, refusals: () => changes.flatMap(({ refusal }) => (refusal ? [refusal] : [])) };
}

/** A venue whose balances have open orders in them. */
class PlainVenue extends FakeVenue {
  override readonly capabilities = { ...new FakeVenue().capabilities, balancesExcludeOpenOrders: false };
}

describe('OrderDesk, late', () => {
  it('OR215 a cancel and a change that were lost are told as refused, once that is known', async () => {
    const venue = new FakeVenue();
    const { desk, clock, refusals } = setUp(venue);
    venue.tellBalance('50000.00', true);
    const { clientOrderId } = request();
    desk.submit(request(), undefined, () => 'gateway');
    await settled();
    venue.fate = 'lost_before';
    desk.cancel(clientOrderId);
    await settled();
    await clock.pass(60_000);
    assert.equal(desk.order(clientOrderId)?.state, 'open');
    assert.deepEqual(refusals(), [{ of: 'cancel', code: 'lost' }]);
    desk.amend(clientOrderId, { limitPrice: '17.40' });
    await settled();
    await clock.pass(60_000);
    assert.deepEqual(refusals().slice(1), [{ of: 'replace', code: 'lost' }]);
    // One that was made and only its answer lost is no refusal.
    venue.fate = 'lost_after';
    desk.amend(clientOrderId, { limitPrice: '17.40' });
    await settled();
    await clock.pass(60_000);
    assert.equal(desk.order(clientOrderId)?.revision, 1);
    desk.cancel(clientOrderId);
    await settled();
    await clock.pass(60_000);
    assert.equal(desk.order(clientOrderId)?.state, 'cancelled');
    assert.equal(refusals().length, 2);
  });

  it('OR215 a change of a venue that numbers none is not told as lost where the order stands as it asked', async () => {
    const venue = new FakeVenue();
    const { desk, clock, refusals } = setUp(venue);
    venue.tellBalance('50000.00', true);
    const { clientOrderId } = request();
    desk.submit(request(), undefined, () => 'gateway');
    await settled();
    const query = venue.query.bind(venue);
    venue.query = async (order) => {
      const found = await query(order);
      if (found.outcome !== 'known') return found;
      const { revision: _, ...facts } = found.facts;
      return { outcome: 'known', facts };
    };
    venue.fate = 'lost_after';
    desk.amend(clientOrderId, { limitPrice: '17.40' });
    await settled();
    await clock.pass(60_000);
    assert.deepEqual([desk.order(clientOrderId)?.limitPrice, refusals()], ['17.40', []]);
  });

  it('OR220 a list that comes with the whole account holds back nothing that its balances show', async () => {
    for (const venue of [new PlainVenue(), new FakeVenue()]) {
      const { desk } = setUp(venue);
      venue.tellBalance('100.00', true);
      const terms = { asset: 'cash:KES', unit: decimal('5'), feeRate: decimal('0'), decimals: 2 } as const;
      const order = { ...request(), quantity: '10', limitPrice: '5.00' };
      desk.submit(order, terms, () => 'gateway');
      await settled();
      // Four fill while the line is down, and nothing that comes after is numbered.
      venue.disconnect();
      venue.isConnected = true;
      const facts = { status: 'partially_filled', filled: decimal('4'), leaves: decimal('6') } as const;
      const cash = venue instanceof PlainVenue ? '80' : '50';
      const available = new Map([['cash:KES' as const, decimal(cash)]]);
      venue.tell({ type: 'account', update: { isWhole: true, available } });
      venue.tell({ type: 'ready', orders: [{ request: order, facts }] });
      assert.equal(formatDecimal(desk.available('cash:KES')!), '50', venue.constructor.name);
    }
  });

  it('OR220 what a list counts that the last balances cannot show stays held', async () => {
    const terms = { asset: 'cash:KES', unit: decimal('5'), feeRate: decimal('0'), decimals: 2 } as const;
    const order = { ...request(), quantity: '10', limitPrice: '5.00' };
    const facts = { status: 'partially_filled', filled: decimal('4'), leaves: decimal('6') } as const;
    for (const how of ['away', 'again', 'told'] as const) {
      const venue = new PlainVenue();
      const { desk, undo } = setUp(venue);
      venue.tellBalance('100.00', true);
      desk.submit(order, terms, () => 'gateway');
      await settled();
      const whole = { isWhole: true, available: new Map([['cash:KES' as const, decimal('100')]]) };
      // Balances from before the fill, and then a list from after it.
      if (how === 'away') {
        venue.tell({ type: 'account', update: whole });
        venue.observe = (_, listener) => {
          listener({ type: 'ready', orders: [{ request: order, facts }] });
          return () => undefined;
        };
        undo();
        desk.observe(() => undefined);
      } else if (how === 'again') {
        venue.tell({ type: 'account', update: whole });
        venue.tell({
          type: 'ready',
          orders: [
            { request: order, facts: { ...facts, filled: decimal('0'), leaves: decimal('10'), status: 'open' } },
          ],
        });
        venue.tell({ type: 'ready', orders: [{ request: order, facts }] });
      } else {
        venue.tell({ type: 'account', update: whole });
        venue.tell({ type: 'order', clientOrderId: order.clientOrderId, event: { type: 'status', facts } });
        venue.tell({ type: 'ready', orders: [{ request: order, facts }] });
      }
      assert.equal(formatDecimal(desk.available('cash:KES')!), '50', how);
    }
  });

  it('OR219 a change that was refused because another came first is told, though the other was taken for it', async () => {
    const venue = new FakeVenue();
    const { desk, refusals } = setUp(venue);
    venue.tellBalance('50000.00', true);
    const { clientOrderId } = request();
    desk.submit(request(), undefined, () => 'gateway');
    await settled();
    const replace = venue.replace.bind(venue);
    venue.replace = async (order, change) => {
      await replace(order, { ...change, limitPrice: '17.30' });
      return { outcome: 'rejected', code: 'revision_conflict' };
    };
    desk.amend(clientOrderId, { limitPrice: '17.40' });
    await settled();
    assert.deepEqual(
      [desk.order(clientOrderId)?.limitPrice, desk.order(clientOrderId)?.amend, refusals()],
      ['17.30', 'none', [{ of: 'replace', code: 'revision_conflict' }]],
    );
  });

  it('OR216 a cancel that came too fast after others is sent again, and given up after eight times', async () => {
    for (const [allowed, outcome] of [
      [3, 'cancelled'],
      [99, 'open'],
    ] as const) {
      const venue = new FakeVenue();
      let sent = 0;
      const cancel = venue.cancel.bind(venue);
      venue.cancel = async (order): Promise<CancelResult> =>
        ++sent < allowed ? { outcome: 'rejected', code: 'rate_limited' } : cancel(order);
      const { desk, clock, refusals } = setUp(venue);
      venue.tellBalance('50000.00', true);
      const { clientOrderId } = request();
      desk.submit(request(), undefined, () => 'gateway');
      await settled();
      desk.cancel(clientOrderId);
      await settled();
      assert.equal(desk.order(clientOrderId)?.state, 'pending_cancel');
      assert.equal(desk.mayCancel(desk.order(clientOrderId)!), false, 'it is on its way');
      await clock.pass(120_000);
      assert.equal(desk.order(clientOrderId)?.state, outcome);
      assert.deepEqual(refusals(), outcome === 'open' ? [{ of: 'cancel', code: 'rate_limited' }] : []);
      assert.equal(sent, outcome === 'open' ? 9 : 3);
    }
    const venue = new FakeVenue();
    const cancel = venue.cancel.bind(venue);
    venue.cancel = () => Promise.resolve({ outcome: 'rejected', code: 'rate_limited' });
    const { desk, clock, undo } = setUp(venue);
    venue.tellBalance('50000.00', true);
    desk.submit(request(), undefined, () => 'gateway');
    await settled();
    desk.cancel(request().clientOrderId);
    await settled();
    undo();
    assert.equal(clock.timerCount, 0);
    assert.equal(desk.order(request().clientOrderId)?.state, 'pending_cancel');
    venue.cancel = cancel;
    desk.observe(() => undefined);
    await clock.pass(2_000);
    assert.equal(desk.order(request().clientOrderId)?.state, 'cancelled');
  });

  it('OR217 an order from before a reload holds back what it needs, a pair of exits once, as soon as it can be told', async () => {
    const venue = new PlainVenue();
    const before = setUp(venue);
    venue.tellBalance('50000.00', true);
    before.desk.submit(request(), undefined, () => 'gateway');
    const exit = { ...request(), side: 'sell', parent: request().clientOrderId, timeInForce: 'gtc' } as const;
    for (const id of ['tp', 'sl']) {
      before.desk.submit({ ...exit, clientOrderId: `${exit.parent}.${id}` }, undefined, () => 'gateway');
    }
    await settled();
    before.undo();
    const { desk } = setUp(venue);
    venue.tellBalance('50000.00', true);
    venue.reconnect();
    await settled();
    assert.equal(formatDecimal(desk.available('cash:KES')!), '50000');
    desk.completeTerms(() => undefined);
    desk.completeTerms(termsOf);
    desk.completeTerms(termsOf);
    assert.equal(formatDecimal(desk.available('cash:KES')!), '48247.9');
    assert.equal(formatDecimal(desk.reserved('position:SCOM', false)), request().quantity);
  });

  it('OR217 where balances have it taken off already nothing is taken off twice', async () => {
    const venue = new FakeVenue();
    const before = setUp(venue);
    venue.tellBalance('50000.00', true);
    before.desk.submit(request(), undefined, () => 'gateway');
    await settled();
    before.undo();
    const { desk } = setUp(venue);
    venue.tellBalance('48247.90', true);
    venue.reconnect();
    await settled();
    desk.completeTerms(termsOf);
    assert.equal(formatDecimal(desk.available('cash:KES')!), '48247.9');
    assert.equal(formatDecimal(desk.reserved('cash:KES', false)), '1752.1');
  });

  it('OR218 where balances have open orders in them too, what has filled is held until the balance shows it, and once', async () => {
    const venue = new PlainVenue();
    const { desk } = setUp(venue);
    venue.tellBalance('100000.00', true);
    const terms = { asset: 'cash:KES', unit: decimal('10'), feeRate: decimal('0'), decimals: 2 } as const;
    const order = { ...request(), quantity: '9000', limitPrice: '10.00' };
    desk.submit(order, terms, () => 'gateway');
    await settled();
    const available = (): string => formatDecimal(desk.available('cash:KES')!);
    assert.equal(available(), '10000');
    venue.fill(order.clientOrderId, '4000');
    assert.equal(available(), '10000', 'the balance is from before');
    venue.tellBalance('60000.00');
    assert.equal(available(), '10000');
    venue.fill(order.clientOrderId, '1000');
    assert.equal(available(), '10000');
    venue.tellBalance('50000.00');
    assert.equal(available(), '10000');
    venue.fill(order.clientOrderId, '4000');
    assert.equal(available(), '10000');
    venue.tellBalance('10000.00');
    assert.equal(available(), '10000');
  });
});
