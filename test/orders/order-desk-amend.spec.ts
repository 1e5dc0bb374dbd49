import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDecimal } from '../../src/book/decimal.js';
import type { DeskChange } from '../../src/orders/desk-types.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import type { ReplaceResult } from '../../src/orders/gateway.js';
import type { ReservationTerms } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { Order } from '../../src/orders/order.js';
import { FakeVenue, ManualClock, settled } from './fake-venue.js';
import { decimal, request } from './venue-history.js';

const terms: ReservationTerms = { asset: 'cash:KES', unit: decimal('17.50'), feeRate: decimal('0'), decimals: 2 };
const { clientOrderId } = request();

async function setUp(change: Partial<Parameters<typeof request>[0]> = {}, held: ReservationTerms = terms) {
  const venue = new FakeVenue();
  const clock = new ManualClock();
  const desk = new OrderDesk({
    account: 'A-1',
    gateway: venue,
    journal: memoryJournal(),
    ledger: new ReservationLedger(),
    clock,
  });
  const changes: DeskChange[] = [];
  desk.observe((told) => changes.push(told));
  desk.submit(request(change), held, () => 'gateway');
  await settled();
  const order = (): Order => desk.order(clientOrderId)!;
  const reserved = (): string => formatDecimal(desk.reserved(held.asset, false));
  return { venue, clock, desk, changes, order, reserved };
}

describe('OrderDesk, changing an order', () => {
  it('OR111 a change goes once, names the next revision and the terms that were left out', async () => {
    const { venue, desk, order } = await setUp();
    assert.ok(desk.mayAmend(order()));
    desk.amend(clientOrderId, { limitPrice: '17.60' });
    assert.deepEqual(order().asked, { revision: 1, quantity: '100', limitPrice: '17.60', stopPrice: null });
    assert.equal(desk.mayAmend(order()), false);
    assert.ok(desk.mayCancel(order()));
    desk.amend(clientOrderId, { limitPrice: '17.70' });
    await settled();
    assert.equal(venue.replaceCalls, 1);
    assert.deepEqual([order().state, order().limitPrice, order().revision], ['open', '17.60', 1]);
    // Nothing would be different.
    desk.amend(clientOrderId, { limitPrice: '17.6', quantity: '100.0' });
    assert.equal(venue.replaceCalls, 1);
    desk.amend(clientOrderId, { quantity: '80' });
    await settled();
    assert.deepEqual([formatDecimal(order().quantity), order().revision], ['80', 2]);
  });

  it('OR112 terms that make no sense are told to the programmer, and those that time overtook are not sent', async () => {
    const { venue, desk, changes } = await setUp();
    for (const wanted of [{ quantity: '0' }, { limitPrice: 'x' }, { stopPrice: '17' }]) {
      assert.throws(() => desk.amend(clientOrderId, wanted), RangeError);
    }
    venue.fill(clientOrderId, '40');
    desk.amend(clientOrderId, { quantity: '40' });
    assert.deepEqual(changes.at(-1)?.refusal, { of: 'replace', code: 'too_late' });
    assert.equal(venue.replaceCalls, 0);
  });

  it('OR113 what is dearer of old and new is held back until the answer is in, and a partial fill frees its share', async () => {
    const { venue, desk, reserved } = await setUp();
    assert.equal(reserved(), '1750');
    desk.amend(clientOrderId, { quantity: '150', limitPrice: '18.00' });
    assert.equal(reserved(), '2700');
    venue.fill(clientOrderId, '40');
    assert.equal(reserved(), '1980');
    await settled();
    assert.equal(reserved(), '1980');
    desk.amend(clientOrderId, { quantity: '60', limitPrice: '17.00' });
    assert.equal(reserved(), '1980');
    await settled();
    assert.equal(reserved(), '340');
    desk.cancel(clientOrderId);
    await settled();
    assert.equal(reserved(), '0');
  });

  it('OR113 the balance that has the old terms taken off is lessened by what the new ones add', async () => {
    const { venue, desk } = await setUp();
    venue.tellBalance('48250.00', true);
    const available = (): string => formatDecimal(desk.available('cash:KES')!);
    assert.equal(available(), '48250');
    desk.amend(clientOrderId, { limitPrice: '18.00' });
    assert.equal(available(), '48200');
    await settled();
    venue.tellBalance('48200.00');
    assert.equal(available(), '48200');
  });

  it('OR113 pieces are held by their number, and a stop by its new trigger with its buffer', async () => {
    const sale = await setUp({ side: 'sell' }, { ...terms, asset: 'position:SCOM', unit: decimal('1') });
    sale.desk.amend(clientOrderId, { limitPrice: '18.00', quantity: '120' });
    assert.equal(sale.reserved(), '120');
    const stop = await setUp(
      { orderType: 'stop', limitPrice: null, stopPrice: '20' },
      { ...terms, unit: decimal('20.4') },
    );
    assert.equal(stop.reserved(), '2040');
    stop.desk.amend(clientOrderId, { stopPrice: '21' });
    assert.equal(stop.reserved(), '2142');
  });

  it('OR114 a refused change leaves the order, tells why, and is followed by a question how it stands', async () => {
    const { venue, desk, changes, order, reserved } = await setUp();
    venue.replace = async () => ({ outcome: 'rejected', code: 'revision_conflict' });
    desk.amend(clientOrderId, { quantity: '150' });
    await settled();
    assert.deepEqual([order().state, formatDecimal(order().quantity), reserved()], ['open', '100', '1750']);
    assert.ok(changes.some(({ refusal }) => refusal?.of === 'replace' && refusal.code === 'revision_conflict'));
    assert.equal(venue.queryCalls, 1);
    venue.replace = async () => ({ outcome: 'not_sent', code: 'not_connected' });
    desk.amend(clientOrderId, { quantity: '150' });
    await settled();
    assert.deepEqual([order().state, venue.queryCalls], ['open', 1]);
  });

  it('OR115 a change that got no answer is found out by asking and never sent again', async () => {
    for (const [fate, quantity] of [
      ['lost_before', '100'],
      ['lost_after', '150'],
    ] as const) {
      const { venue, desk, order } = await setUp();
      venue.fate = fate;
      desk.amend(clientOrderId, { quantity: '150' });
      assert.equal(order().state, 'pending_replace');
      await settled();
      assert.deepEqual([order().state, formatDecimal(order().quantity), venue.replaceCalls], ['open', quantity, 1]);
    }
    const { venue, clock, desk, order } = await setUp();
    venue.replace = () => new Promise(() => undefined);
    desk.amend(clientOrderId, { quantity: '150' });
    await clock.pass(9_999);
    assert.equal(order().amend, 'sent');
    await clock.pass(1);
    await settled();
    assert.deepEqual([order().state, formatDecimal(order().quantity)], ['open', '100']);
  });

  it('OR189 a late word of an older change is not taken for one of the newer', async () => {
    const { venue, clock, desk, order } = await setUp();
    const replace = venue.replace.bind(venue);
    let answerFirst: (result: ReplaceResult) => void = () => undefined;
    venue.replace = () => new Promise((resolve) => (answerFirst = resolve));
    desk.amend(clientOrderId, { limitPrice: '17.60' });
    await clock.pass(12_000);
    // The venue has told that it was not made.
    assert.deepEqual([order().state, order().limitPrice], ['open', '17.50']);
    let answerSecond: (result: ReplaceResult) => void = () => undefined;
    venue.replace = () => new Promise((resolve) => (answerSecond = resolve));
    desk.amend(clientOrderId, { limitPrice: '17.70' });
    const { status, filled } = venue.factsOf(clientOrderId)!;
    answerFirst({ outcome: 'replaced', facts: { status, filled } });
    await settled();
    assert.deepEqual([order().state, order().limitPrice], ['pending_replace', '17.50']);
    answerFirst({ outcome: 'rejected', code: 'too_late' });
    await settled();
    assert.equal(order().state, 'pending_replace');
    answerSecond(await replace(order().request, order().asked!));
    await settled();
    assert.deepEqual([order().state, order().limitPrice], ['open', '17.70']);
  });

  it('OR189 nor is a late refusal of it told once it was told as lost', async () => {
    const { venue, clock, desk, order } = await setUp();
    const refusals: string[] = [];
    desk.observe(({ refusal }) => void (refusal && refusals.push(refusal.code)));
    const replace = venue.replace.bind(venue);
    let answerFirst: (result: ReplaceResult) => void = () => undefined;
    venue.replace = () => new Promise((resolve) => (answerFirst = resolve));
    desk.amend(clientOrderId, { limitPrice: '17.60' });
    await clock.pass(12_000);
    venue.replace = replace;
    desk.amend(clientOrderId, { limitPrice: '17.70' });
    await settled();
    answerFirst({ outcome: 'rejected', code: 'bad_price' });
    await settled();
    assert.deepEqual([order().limitPrice, refusals], ['17.70', ['lost']]);
  });

  it('OR190 an answer that does not say where it stands frees nothing that the balance may not show yet', async () => {
    const { venue, desk, order } = await setUp();
    venue.tellBalance('48250.00', true);
    const available = (): string => formatDecimal(desk.available('cash:KES')!);
    venue.replace = async () => {
      await Promise.resolve();
      return { outcome: 'replaced', facts: { status: 'open', filled: decimal('0') } };
    };
    desk.amend(clientOrderId, { limitPrice: '18.00' });
    const during = available();
    await settled();
    assert.equal(order().limitPrice, '18.00');
    assert.equal(available() <= during, true, `${available()} after ${during}`);
    venue.tellBalance('48200.00', true);
    assert.equal(available(), '48200');
  });

  it('OR116 an order may be changed only where its gateway can, while it works and the account is whole', async () => {
    const { venue, desk, order } = await setUp();
    desk.cancel(clientOrderId);
    assert.equal(desk.mayAmend(order()), false);
    await settled();
    assert.equal(desk.mayAmend(order()), false);
    const second = await setUp();
    second.venue.disconnect();
    assert.equal(second.desk.mayAmend(second.order()), false);
    const third = await setUp();
    third.venue.capabilities.replace = false;
    assert.equal(third.desk.mayAmend(third.order()), false);
    third.desk.amend(clientOrderId, { quantity: '150' });
    assert.equal(third.venue.replaceCalls + venue.replaceCalls, 0);
  });
});
