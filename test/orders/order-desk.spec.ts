import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ZERO, add, compare, formatDecimal, isZero, subtract } from '../../src/book/decimal.js';
import type { Decimal } from '../../src/book/decimal.js';
import { memoryJournal, storageJournal } from '../../src/orders/journal.js';
import type { OrderJournal, StorageLike } from '../../src/orders/journal.js';
import { ReservationLedger, reservedBy } from '../../src/orders/ledger.js';
import type { ReservationTerms } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { PlaceResult } from '../../src/orders/gateway.js';
import { FORGOTTEN, brokenInvariant } from '../../src/orders/order.js';
import type { Order } from '../../src/orders/order.js';
import { FakeVenue, ManualClock, settled } from './fake-venue.js';
import type { Fate } from './fake-venue.js';
import { decimal, request, sameNumber } from './venue-history.js';

const terms: ReservationTerms = { asset: 'cash:KES', unit: decimal('17.50'), feeRate: decimal('0.0012'), decimals: 2 };

function setUp(journal: OrderJournal = memoryJournal(), venue = new FakeVenue(), ledger = new ReservationLedger()) {
  const clock = new ManualClock();
  const desk = new OrderDesk({ account: 'A-1', gateway: venue, journal, ledger, clock });
  const undo = desk.observe(() => undefined);
  return { desk, venue, clock, journal, ledger, undo };
}

/** What an order must hold back: the dearer of what it is and what it may become. */
function heldBy(order: Order): Decimal {
  const at = (price: string | null, pieces: Decimal): Decimal =>
    isZero(pieces) ? ZERO : reservedBy({ ...terms, unit: decimal(price ?? '17.50') }, pieces);
  const now = at(order.limitPrice, order.leaves);
  if (order.asked === undefined) return now;
  const left = subtract(decimal(order.asked.quantity), order.filled);
  const then = compare(left, ZERO) > 0 ? at(order.asked.limitPrice, left) : ZERO;
  return compare(then, now) > 0 ? then : now;
}

const throughGateway = () => 'gateway' as const;

function fakeStorage(): StorageLike {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

describe('OrderDesk', () => {
  it('OR20 one id is sent once, however often it is submitted', async () => {
    const { desk, venue } = setUp();
    for (let i = 0; i < 100; i++) desk.submit(request(), terms, throughGateway);
    await settled();
    for (let i = 0; i < 100; i++) desk.submit(request(), terms, throughGateway);
    await settled();
    assert.equal(venue.placeCalls, 1);
    assert.equal(desk.orders.length, 1);
    assert.equal(desk.orders[0]?.state, 'open');
  });

  it('OR21 an order is stored before it is handed over, and not sent when it cannot be stored', async () => {
    const journal = memoryJournal();
    const { desk } = setUp(journal);
    let storedAtHandOver = 0;
    desk.submit(request(), terms, () => {
      storedAtHandOver = journal.entries().length;
      return 'gateway';
    });
    assert.equal(storedAtHandOver, 1);
    const full: OrderJournal = {
      ...memoryJournal(),
      add: () => {
        throw new Error('quota');
      },
    };
    const second = setUp(full);
    const order = second.desk.submit(request(), terms, throughGateway);
    assert.equal(order?.reason?.code, 'not_stored');
    assert.equal(second.venue.placeCalls, 0);
    assert.ok(sameNumber(second.desk.reserved('cash:KES', false), ZERO));
    // The route is stored as well: an order that could not be asked for after a reload is not sent either.
    let writes = 0;
    const nearlyFull = memoryJournal();
    const third = setUp({
      ...nearlyFull,
      add: (entry) => {
        if (++writes > 1) throw new Error('quota');
        nearlyFull.add(entry);
      },
    });
    assert.equal(third.desk.submit(request(), terms, throughGateway)?.reason?.code, 'not_stored');
    assert.equal(third.venue.placeCalls, 0);
    assert.equal(nearlyFull.entries().length, 0);
  });

  it('OR22 a withdrawn order leaves nothing behind', () => {
    const { desk, journal } = setUp();
    assert.equal(
      desk.submit(request(), terms, () => 'withdrawn'),
      undefined,
    );
    assert.equal(desk.orders.length, 0);
    assert.equal(journal.entries().length, 0);
    assert.ok(sameNumber(desk.reserved('cash:KES', false), ZERO));
  });

  it('OR23 silence makes an order unknown; it is asked for by its id and never sent again', async () => {
    for (const fate of ['lost_before', 'lost_after'] as const) {
      const { desk, venue, clock } = setUp();
      venue.isTelling = false;
      venue.fate = fate;
      desk.submit(request(), terms, throughGateway);
      await settled();
      await clock.pass(60_000);
      await settled();
      assert.equal(venue.placeCalls, 1);
      const [order] = desk.orders;
      assert.equal(order?.state, fate === 'lost_before' ? 'rejected' : 'open');
      assert.equal(order?.reason?.code, fate === 'lost_before' ? 'never_arrived' : undefined);
    }
  });

  it('OR24 an order in flight when the page goes is unknown on the next page, reserves, and is settled by its id', async () => {
    const storage = fakeStorage();
    const venue = new FakeVenue();
    const { desk } = setUp(storageJournal(storage, 'A-1'), venue);
    desk.submit(request(), terms, throughGateway);
    // The page goes before the answer is in; the next one begins with what was stored.
    const journal = storageJournal(storage, 'A-1');
    const next = new OrderDesk({
      account: 'A-1',
      gateway: venue,
      journal,
      ledger: new ReservationLedger(),
      clock: new ManualClock(),
    });
    assert.equal(next.orders[0]?.state, 'unknown');
    assert.equal(formatDecimal(next.reserved('cash:KES', true)), '1752.1');
    venue.fill(request().clientOrderId, '100');
    next.observe(() => undefined);
    await settled();
    assert.equal(next.orders[0]?.state, 'filled');
    assert.equal(journal.entries().length, 0);
    assert.equal(venue.placeCalls, 1);
  });

  it('OR33 an unknown order that the page carried can only be settled by the page or a person', async () => {
    const journal = memoryJournal();
    const { desk } = setUp(journal);
    desk.submit(request(), terms, () => Promise.reject(new Error('network')));
    await settled();
    const order = desk.orders[0]!;
    assert.equal(order.state, 'unknown');
    assert.equal(desk.mayCancel(order), false);
    assert.ok(desk.mayDismiss(order));
    assert.equal(formatDecimal(desk.reserved('cash:KES', false)), '1752.1');
    desk.dismiss(request().clientOrderId);
    assert.equal(desk.orders.length, 0);
    assert.equal(journal.entries().length, 0);
    assert.ok(sameNumber(desk.reserved('cash:KES', false), ZERO));
  });

  it('OR33 a page that never answers does not bind a person for ever; a late answer brings the order back', async () => {
    const { desk, clock } = setUp();
    let answer: ((result: PlaceResult) => void) | undefined;
    desk.submit(request(), terms, () => new Promise((resolve) => (answer = resolve)));
    await clock.pass(10_000);
    assert.ok(desk.mayDismiss(desk.orders[0]!));
    desk.dismiss(request().clientOrderId);
    assert.equal(desk.orders.length, 0);
    answer?.({ outcome: 'accepted', facts: { status: 'open', filled: ZERO } });
    await settled();
    assert.equal(desk.orders[0]?.state, 'open');
  });

  it('OR36 an order that was acknowledged and that the venue now denies is a contradiction for a person', async () => {
    const { desk, venue } = setUp();
    desk.submit(request(), terms, throughGateway);
    await settled();
    venue.disconnect();
    venue.forget();
    venue.reconnect();
    await settled();
    const [order] = desk.orders;
    assert.equal(order?.contradiction, FORGOTTEN);
    assert.ok(order && desk.mayDismiss(order) && desk.mayCancel(order));
    desk.cancel(request().clientOrderId);
    await settled();
    assert.equal(desk.orders[0]?.contradiction, FORGOTTEN);
    desk.dismiss(request().clientOrderId);
    await settled();
    assert.equal(desk.orders.length, 0);
    assert.ok(sameNumber(desk.reserved('cash:KES', false), ZERO));
  });

  it('OR37 an order that was placed elsewhere is asked for when it is first heard of', async () => {
    const venue = new FakeVenue();
    const here = setUp(memoryJournal(), venue);
    const elsewhere = request({ clientOrderId: '01JD9Z6QBBBBBBBBBBBBBBBBBB' });
    await venue.place(elsewhere);
    venue.fill(elsewhere.clientOrderId, '40');
    venue.fill(elsewhere.clientOrderId, '10');
    await settled();
    const [order] = here.desk.orders;
    assert.deepEqual([order?.request.limitPrice, order?.state], ['17.50', 'partially_filled']);
    assert.ok(sameNumber(order?.filled, decimal('50')));
    assert.ok(order && here.desk.mayCancel(order));
    assert.equal(venue.findCalls, 1);
  });

  it('OR185 an end that is told before the list that still has the order is not lost, answered or not', async () => {
    for (const isAnswered of [true, false]) {
      const venue = new FakeVenue();
      const elsewhere = request({ clientOrderId: '01JD9Z6QBBBBBBBBBBBBBBBBBB' });
      await venue.place(elsewhere);
      venue.disconnect();
      const { desk } = setUp(memoryJournal(), venue);
      const facts = venue.factsOf(elsewhere.clientOrderId)!;
      venue.isConnected = true;
      if (!isAnswered) venue.find = () => Promise.resolve(undefined);
      venue.fill(elsewhere.clientOrderId, '100');
      // The list was made before the end of which the page has heard already.
      venue.tell({ type: 'ready', orders: [{ request: elsewhere, facts }] });
      await settled();
      assert.deepEqual(
        desk.orders.map(({ state }) => state),
        ['filled'],
      );
    }
  });

  it('OR186 one function that observes twice is told until both have ended', () => {
    const { desk } = setUp();
    let told = 0;
    const listener = (): void => void told++;
    const first = desk.observe(listener);
    const second = desk.observe(listener);
    first();
    desk.submit(request(), terms, throughGateway);
    assert.ok(told > 0);
    second();
    const before = told;
    desk.cancel(request().clientOrderId);
    assert.equal(told, before);
  });

  it('OR187 doubt that comes while an order is being asked for is not taken away by that answer', async () => {
    const { desk, venue, clock } = setUp();
    desk.submit(request(), terms, throughGateway);
    await settled();
    const old = venue.factsOf(request().clientOrderId)!;
    let answer = (): void => undefined;
    const query = venue.query.bind(venue);
    venue.query = async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { outcome: 'known', facts: old };
    };
    venue.cancel = () => Promise.resolve({ outcome: 'unknown', reason: 'timeout' });
    desk.cancel(request().clientOrderId);
    await settled();
    // It ends meanwhile, and a list without it comes before the answer that still has it.
    venue.isTelling = false;
    venue.fill(request().clientOrderId, '100');
    venue.query = query;
    venue.tell({ type: 'ready', orders: [] });
    venue.isTelling = true;
    venue.tell({ type: 'ready', orders: [] });
    answer();
    await settled();
    await clock.pass(1_000);
    assert.equal(desk.order(request().clientOrderId)?.state, 'filled');
  });

  it('OR188 an ended order stays known while the balance does not show what it filled', async () => {
    const { desk, venue } = setUp();
    venue.tellBalance('100000.00', true);
    desk.submit(request(), terms, throughGateway);
    await settled();
    venue.fill(request().clientOrderId, '100');
    await settled();
    const held = formatDecimal(desk.reserved('cash:KES', true));
    for (let i = 0; i < 60; i++) {
      desk.submit(request({ clientOrderId: `other-${i}` }), undefined, throughGateway);
      await settled();
      venue.fill(`other-${i}`, '100');
    }
    assert.equal(formatDecimal(desk.reserved('cash:KES', true)), held);
    assert.notEqual(held, '0');
    assert.notEqual(desk.order(request().clientOrderId), undefined);
    venue.tellBalance('98247.90', true);
    assert.equal(formatDecimal(desk.reserved('cash:KES', true)), '0');
  });

  it('OR38 an order that was found out by asking is in the balance, and holds nothing back beside it', async () => {
    const { desk, venue } = setUp();
    venue.isTelling = false;
    venue.fate = 'lost_after';
    desk.submit(request(), terms, throughGateway);
    venue.isTelling = true;
    venue.tellBalance('48247.90', true);
    await settled();
    assert.equal(desk.orders[0]?.state, 'open');
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '48247.9');
    // Our own act is no news of the venue, and changes nothing either.
    venue.fate = 'lost_before';
    desk.cancel(request().clientOrderId);
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '48247.9');
  });

  it('OR39 an observer that throws is reported, and keeps no order from being followed', async (t) => {
    const { desk } = setUp();
    const reports: (() => void)[] = [];
    t.mock.method(globalThis, 'queueMicrotask', (callback: () => void) => reports.push(callback));
    desk.observe(() => {
      throw new Error('a mistake of the page');
    });
    desk.submit(request(), terms, throughGateway);
    await settled();
    assert.equal(desk.orders[0]?.state, 'open');
    assert.throws(() => reports[0]?.(), /a mistake of the page/);
  });

  it('OR34 a stored entry that cannot be read is left alone and does not stop the others', () => {
    const storage = fakeStorage();
    const journal = storageJournal(storage, 'A-1');
    journal.add({ request: request(), route: 'gateway', terms });
    storage.setItem('touchline.order.v1|A-1|bad', '{');
    storage.setItem('touchline.order.v1|A-1|worse', '{"request":{"quantity":"NaN"}}');
    assert.deepEqual(
      journal.entries().map((entry) => entry.request),
      [request()],
    );
    assert.deepEqual(journal.entries()[0]?.terms, terms);
  });

  it('OR191 what an earlier version stored under another scope is read, and taken out there; other accounts are apart', () => {
    const storage = fakeStorage();
    const isEarlier = (scope: string): boolean => scope.endsWith('|gateway b|A');
    storageJournal(storage, 'wss://x|gateway b|A').add({ request: request(), route: 'gateway', terms });
    storageJournal(storage, '|gateway b|A|x').add({
      request: request({ clientOrderId: '01JD9Z6QBBBBBBBBBBBBBBBBBB' }),
      route: 'gateway',
      terms,
    });
    const journal = storageJournal(storage, '|gateway b|A', isEarlier);
    assert.deepEqual(
      journal.entries().map((entry) => entry.request),
      [request()],
    );
    journal.add({ request: request(), route: 'page', terms });
    assert.deepEqual(
      journal.entries().map(({ route }) => route),
      ['page'],
    );
    journal.remove(request().clientOrderId);
    assert.deepEqual(journal.entries(), []);
    assert.equal(storage.length, 1);
  });

  it('OR195 what stands in a journal that gateways share does not end by the word of one that does not know it', async () => {
    const journal = memoryJournal();
    const ledger = new ReservationLedger();
    const [carrier, stranger, clock] = [new FakeVenue(), new FakeVenue(), new ManualClock()];
    const options = { account: 'A-1', journal, ledger, clock, isJournalShared: true };
    const other = new OrderDesk({ ...options, gateway: stranger });
    const desk = new OrderDesk({ ...options, gateway: carrier });
    desk.observe(() => undefined);
    carrier.fate = 'lost_after';
    carrier.isTelling = false;
    carrier.query = () => Promise.reject(new Error('down'));
    desk.submit(request(), terms, throughGateway);
    await settled();
    // Sent while nobody looked on there: it is found all the same.
    assert.equal(other.orders.length, 0);
    other.observe(() => undefined);
    await settled();
    await clock.pass(60_000);
    assert.equal(stranger.queryCalls, 1);
    const [found] = other.orders;
    assert.ok(found?.state === 'unknown' && other.mayDismiss(found));
    assert.equal(journal.entries().length, 1);
    stranger.tell({ type: 'order', clientOrderId: request().clientOrderId, event: { type: 'never_arrived' } });
    assert.equal(journal.entries().length, 1);
    // Its own desk, and one that shares with nobody, believe their venue.
    const alone = new OrderDesk({ ...options, gateway: stranger, isJournalShared: false });
    alone.observe(() => undefined);
    await settled();
    assert.equal(alone.orders[0]?.reason?.code, 'never_arrived');
  });

  it('OR25 an order that is missing from the venue’s list after a reconnect is asked for', async () => {
    const { desk, venue } = setUp();
    desk.submit(request(), terms, throughGateway);
    await settled();
    venue.disconnect();
    assert.equal(desk.isReady, false);
    venue.fill(request().clientOrderId, '100');
    venue.reconnect();
    await settled();
    assert.equal(desk.isReady, true);
    assert.equal(desk.orders[0]?.state, 'filled');
  });

  it('OR26 an order that is still on its way is asked for again later, not given up', async () => {
    const { desk, venue, clock } = setUp();
    venue.fate = 'lost_before';
    let answers = 0;
    venue.query = async () =>
      answers++ === 0 ? { outcome: 'unsure', retryAfterMs: 3_000 } : { outcome: 'never_arrived' };
    desk.submit(request(), terms, throughGateway);
    await settled();
    assert.equal(desk.orders[0]?.state, 'unknown');
    await clock.pass(2_999);
    assert.equal(answers, 1);
    await clock.pass(1);
    await settled();
    assert.equal(desk.orders[0]?.state, 'rejected');
  });

  it('OR27 a gateway that throws, rejects or stays silent leaves the order unknown', async () => {
    const failures: (() => Promise<never>)[] = [
      () => {
        throw new Error('broken');
      },
      () => Promise.reject(new Error('broken')),
      () => new Promise(() => undefined),
    ];
    for (const place of failures) {
      const venue = new FakeVenue();
      venue.place = place;
      venue.query = async () => ({ outcome: 'failed', reason: 'no' });
      const { desk, clock } = setUp(memoryJournal(), venue);
      desk.submit(request(), terms, throughGateway);
      await settled();
      await clock.pass(10_000);
      await settled();
      assert.equal(desk.orders[0]?.state, 'unknown');
    }
  });

  it('OR35 a venue that has another order under the id is asked what it is; the order is not called rejected', async () => {
    const { desk, venue } = setUp();
    const facts = { status: 'open', filled: ZERO, leaves: decimal('100') } as const;
    venue.place = async () => ({ outcome: 'rejected', code: 'duplicate_conflict', message: '' });
    venue.query = async () => ({ outcome: 'known', facts });
    desk.submit(request(), terms, throughGateway);
    await settled();
    assert.equal(desk.orders[0]?.state, 'open');
  });

  it('OR28 a late answer still counts', async () => {
    const venue = new FakeVenue();
    let answer: (result: Awaited<ReturnType<FakeVenue['place']>>) => void = () => undefined;
    venue.place = () => new Promise((resolve) => (answer = resolve));
    venue.query = async () => ({ outcome: 'failed', reason: 'no' });
    const { desk, clock } = setUp(memoryJournal(), venue);
    desk.submit(request(), terms, throughGateway);
    await clock.pass(11_000);
    assert.equal(desk.orders[0]?.state, 'unknown');
    answer({ outcome: 'rejected', code: 'price_band', message: 'no' });
    await settled();
    assert.equal(desk.orders[0]?.reason?.code, 'price_band');
  });

  it('OR29 a cancel goes in every state, once, and what became of it is found out', async () => {
    const { desk, venue, clock } = setUp();
    const { clientOrderId } = request();
    desk.submit(request(), terms, throughGateway);
    await settled();
    venue.fate = 'lost_after';
    desk.cancel(clientOrderId);
    desk.cancel(clientOrderId);
    assert.equal(desk.orders[0]?.state, 'pending_cancel');
    await settled();
    await clock.pass(1_000);
    assert.equal(desk.orders[0]?.state, 'cancelled');
    assert.equal(desk.mayCancel(desk.orders[0]!), false);
  });

  it('OR30 nobody observes: no listener, no timer', async () => {
    const { desk, venue, clock, undo } = setUp();
    venue.fate = 'lost_before';
    venue.query = async () => ({ outcome: 'unsure', retryAfterMs: 3_000 });
    desk.submit(request(), terms, throughGateway);
    await settled();
    assert.equal(clock.timerCount, 1);
    undo();
    assert.equal(venue.listenerCount, 0);
    assert.equal(clock.timerCount, 0);
  });

  it('OR31 what is held back is what the balance does not show yet, and a partial fill frees its share', async () => {
    const { desk, venue } = setUp();
    venue.tellBalance('50000.00', true);
    desk.submit(request(), terms, throughGateway);
    assert.equal(formatDecimal(desk.available('cash:KES')!), '48247.9');
    await settled();
    // Acknowledged, but the balance is from before.
    assert.equal(formatDecimal(desk.available('cash:KES')!), '48247.9');
    venue.tellBalance('48250.00');
    assert.equal(formatDecimal(desk.available('cash:KES')!), '48250');
    assert.equal(formatDecimal(desk.reserved('cash:KES', false)), '1752.1');
    venue.fill(request().clientOrderId, '40');
    venue.tellBalance('48249.00');
    assert.equal(formatDecimal(desk.reserved('cash:KES', false)), '1051.26');
    assert.equal(formatDecimal(desk.available('cash:KES')!), '48249');
    venue.fill(request().clientOrderId, '60');
    // All filled, and the balance does not show it yet: nobody may spend that money a second time.
    assert.equal(formatDecimal(desk.available('cash:KES')!), '46496.9');
    venue.tellBalance('48247.90');
    assert.ok(sameNumber(desk.reserved('cash:KES', false), ZERO));
  });

  it('OR32 through any disturbance: no order twice, no order lost, and the ledger is the sum of what is held', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('submit' as const), id: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ do: fc.constant('cancel' as const), id: fc.integer({ min: 0, max: 4 }) }),
      fc.record({
        do: fc.constant('amend' as const),
        id: fc.integer({ min: 0, max: 4 }),
        quantity: fc.integer({ min: 1, max: 200 }),
        cents: fc.integer({ min: 1700, max: 1800 }),
      }),
      fc.record({
        do: fc.constant('fill' as const),
        id: fc.integer({ min: 0, max: 4 }),
        size: fc.integer({ min: 1, max: 100 }),
      }),
      fc.record({
        do: fc.constant('fate' as const),
        fate: fc.constantFrom<Fate>('arrives', 'lost_before', 'lost_after'),
      }),
      fc.record({ do: fc.constant('deaf' as const), isTelling: fc.boolean() }),
      fc.record({
        do: fc.constantFrom('disconnect' as const, 'reconnect' as const, 'reload' as const, 'wait' as const),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const venue = new FakeVenue();
        const journal = memoryJournal();
        let page = setUp(journal, venue);
        const idOf = (id: number): string => `order-${id}`;
        const drawn = new Set<string>();
        let own = new Set<string>();
        for (const move of steps) {
          switch (move.do) {
            case 'submit': {
              const { desk } = page;
              const { clientOrderId } = request({ clientOrderId: idOf(move.id) });
              // A new page knows nothing of orders that ended before; a ticket never draws an old id again.
              if (drawn.has(clientOrderId)) break;
              drawn.add(clientOrderId);
              own.add(clientOrderId);
              desk.submit(request({ clientOrderId }), terms, throughGateway);
              desk.submit(request({ clientOrderId }), terms, throughGateway);
              break;
            }
            case 'cancel':
              page.desk.cancel(idOf(move.id));
              break;
            case 'amend': {
              const { quantity, cents } = move;
              page.desk.amend(idOf(move.id), { quantity: String(quantity), limitPrice: (cents / 100).toFixed(2) });
              break;
            }
            case 'fill':
              venue.fill(idOf(move.id), String(move.size));
              break;
            case 'fate':
              venue.fate = move.fate;
              break;
            case 'deaf':
              venue.isTelling = move.isTelling;
              break;
            case 'disconnect':
              venue.disconnect();
              break;
            case 'reconnect':
              venue.reconnect();
              break;
            case 'reload':
              page.undo();
              own = new Set(journal.entries().map((entry) => entry.request.clientOrderId));
              page = setUp(journal, venue);
              break;
            case 'wait':
              await page.clock.pass(1_000);
          }
          await settled();
          let held = ZERO;
          for (const order of page.desk.orders) {
            assert.equal(brokenInvariant(order), undefined);
            assert.equal(order.contradiction, undefined);
            // Orders adopted from the venue's list are in the venue's balance; ours hold back what is left of them.
            if (own.has(order.request.clientOrderId)) held = add(held, heldBy(order));
          }
          assert.ok(sameNumber(page.desk.reserved('cash:KES', false), held), 'the ledger is not the sum');
        }
        // In the end all is well again, and the page must know what the venue knows.
        venue.fate = 'arrives';
        venue.isTelling = true;
        venue.disconnect();
        venue.reconnect();
        await settled();
        await page.clock.pass(120_000);
        await settled();
        assert.equal(new Set(venue.placed).size, venue.placed.length, 'an order arrived twice');
        for (const order of page.desk.orders) {
          const truth = venue.factsOf(order.request.clientOrderId);
          if (truth === undefined) assert.equal(order.state, 'rejected');
          else {
            assert.equal(
              order.state,
              truth.status === 'open' && !isZero(truth.filled) ? 'partially_filled' : truth.status,
            );
            assert.equal(order.limitPrice, truth.limitPrice);
            assert.ok(sameNumber(order.quantity, truth.quantity));
            assert.ok(compare(order.filled, truth.filled) === 0);
          }
        }
        for (const id of venue.placed) {
          const isWorking = compare(venue.factsOf(id)?.leaves ?? ZERO, ZERO) > 0;
          assert.ok(!isWorking || page.desk.order(id) !== undefined, 'a working order is not on the page');
        }
        assert.equal(journal.entries().length, 0);
      }),
      { numRuns: 150 },
    );
  });
});
