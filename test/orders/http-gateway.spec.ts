import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ZERO, formatDecimal, isZero } from '../../src/book/decimal.js';
import type { GatewayEvent, PlaceResult } from '../../src/orders/gateway.js';
import { createHttpGateway, type HttpGatewayOptions } from '../../src/orders/http-gateway.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import { brokenInvariant, isEnded, isUnanswered, type OrderRequest } from '../../src/orders/order.js';
import { ManualClock, settled } from './fake-venue.js';
import { HttpVenue, type HttpFate } from './http-venue.js';
import { decimal, request } from './venue-history.js';

const ORDER = request({ limitPrice: '16.00', timeInForce: 'gtc' });

function setUp(options: Partial<HttpGatewayOptions> = {}) {
  const clock = new ManualClock();
  const venue = new HttpVenue(clock);
  const gateway = createHttpGateway({
    url: 'https://broker.example/api/',
    fetch: venue.fetch,
    clock,
    random: () => 0.5,
    ...options,
  });
  return { clock, venue, gateway };
}

/** A page with a desk on the gateway. */
async function withDesk(options: Partial<HttpGatewayOptions> = {}) {
  const all = setUp(options);
  const { gateway, clock } = all;
  const desk = new OrderDesk({
    account: 'A-1',
    gateway,
    journal: memoryJournal(),
    ledger: new ReservationLedger(),
    clock,
  });
  const undo = desk.observe(() => undefined);
  await settled();
  const terms = { asset: 'cash:KES', unit: decimal('16.00'), feeRate: decimal('0.0012'), decimals: 2 } as const;
  const submit = async (order: OrderRequest = ORDER) => {
    desk.submit(order, terms, () => 'gateway');
    await settled();
  };
  return { ...all, desk, undo, submit, order: () => desk.order(ORDER.clientOrderId) };
}

const brief = (result: { outcome: string; code?: string; reason?: string } | undefined): string =>
  [result?.outcome, result?.code].filter(Boolean).join(' ');
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

describe('createHttpGateway', () => {
  it('GW17 an order leaves once, as the data of order_place, its id as Idempotency-Key, and follows no redirect', async () => {
    const { venue, gateway } = setUp({ headers: () => ({ authorization: 'Bearer t' }) });
    const placed = await gateway.place({ ...ORDER, goodUntil: 1_005_000 });
    assert.equal(placed.outcome, 'accepted');
    assert.equal(venue.count('POST'), 1);
    const { path, init } = venue.sent[0]!;
    const headers = new Headers(init.headers);
    assert.deepEqual(
      [path, init.redirect, headers.get('idempotency-key'), headers.get('content-type'), headers.get('authorization')],
      ['/api/orders', 'error', ORDER.clientOrderId, 'application/json', 'Bearer t'],
    );
    const { createdAt: _, ...data } = { ...ORDER, goodUntil: 1_005_000 };
    assert.deepEqual(JSON.parse(init.body as string), data);
  });

  it('GW18 only what the venue says for certain is a refusal; all else is unknown', async () => {
    const order = {
      clientOrderId: ORDER.clientOrderId,
      orderId: 'o-1',
      status: 'open',
      cumQuantity: '0',
      leavesQuantity: '100',
    };
    for (const [response, outcome] of [
      [answer(422, { code: 'bad_price', message: 'm', retryable: false }), 'rejected bad_price'],
      [answer(400, { code: 'bad_message' }), 'rejected bad_message'],
      [answer(401, { code: 'auth_required' }), 'rejected auth_required'],
      [answer(409, { code: 'duplicate_conflict' }), 'rejected duplicate_conflict'],
      [answer(409, { code: 'in_progress' }), 'unknown'],
      [answer(429, { code: 'rate_limited', retryable: true }), 'rejected rate_limited'],
      [answer(429, { code: 'rate_limited' }), 'unknown'],
      [answer(503, { code: 'overloaded', retryable: true }), 'rejected overloaded'],
      [answer(503, 'upstream'), 'unknown'],
      [answer(408, { code: 'timeout', retryable: true }), 'unknown'],
      [answer(404, '<html>'), 'unknown'],
      [answer(500, { code: 'internal', retryable: true }), 'unknown'],
      [answer(502, ''), 'unknown'],
      [answer(201, ''), 'unknown'],
      [answer(201, { order: { ...order, clientOrderId: 'another-one' } }), 'unknown'],
      [answer(201, { order: { ...order, status: 'lost' } }), 'unknown'],
      [answer(202, { order }), 'unknown'],
      [answer(201, { order }), 'accepted'],
      [answer(200, { order }), 'accepted'],
    ] as const) {
      const { venue, gateway } = setUp();
      venue.fate = () => response;
      assert.equal(brief((await gateway.place(ORDER)) as never), outcome, String(response.status));
    }
  });

  it('GW19 what fails before anything is sent was not sent', async () => {
    for (const headers of [
      () => {
        throw new Error('signed out');
      },
      () => Promise.reject(new Error('signed out')),
      () => ({ 'no header': 'x' }),
    ]) {
      const { venue, gateway } = setUp({ headers });
      const placed: PlaceResult = await gateway.place(ORDER);
      assert.equal(brief(placed as never), 'not_sent no_headers');
      assert.equal(brief((await gateway.cancel?.(ORDER)) as never), 'not_sent no_headers');
      const change = { revision: 1, quantity: '50', limitPrice: '16.00', stopPrice: null };
      assert.equal(brief((await gateway.replace?.(ORDER, change)) as never), 'not_sent no_headers');
      assert.equal(brief((await gateway.query?.(ORDER)) as never), 'failed');
      assert.equal(venue.sent.length, 0);
    }
  });

  it('GW38 headers that take longer than the time of a request: it was not sent, and nothing leaves later', async () => {
    let give: (headers: Record<string, string>) => void = () => undefined;
    const { clock, venue, gateway } = setUp({ headers: () => new Promise((resolve) => (give = resolve)) });
    const placing = gateway.place(ORDER);
    await clock.pass(60_000);
    assert.equal(brief((await placing) as never), 'not_sent no_headers');
    give({ authorization: 'Bearer t' });
    await clock.pass(60_000);
    assert.equal(venue.sent.length, 0);
  });

  it('GW20 an order without an answer is found out by its id and never sent again', async () => {
    for (const fate of ['lost_after', 'lost_before', 'held'] as const) {
      const { clock, venue, submit, order } = await withDesk();
      venue.fate = ({ method }): HttpFate => (method === 'POST' ? fate : 'arrives');
      await submit();
      if (fate === 'held') {
        assert.equal(order()?.state, 'pending_new');
        await clock.pass(5_000);
      }
      await clock.pass(100);
      assert.equal(order()?.state, fate === 'lost_before' ? 'unknown' : 'open', fate);
      await clock.pass(60_000);
      assert.equal(order()?.state, fate === 'lost_before' ? 'rejected' : 'open');
      assert.equal(order()?.reason?.code, fate === 'lost_before' ? 'never_arrived' : undefined);
      assert.equal(venue.count('POST'), 1);
    }
  });

  it('GW21 each good look at the account that has news tells it whole, then ready; a failure tells lost once, and waits longer each time', async () => {
    const { clock, venue, gateway } = setUp();
    const heard: string[] = [];
    const undo = gateway.observe?.('A-1', (event: GatewayEvent) => {
      heard.push(event.type === 'lost' ? `lost ${event.reason}` : event.type);
      if (event.type === 'account') assert.equal(event.update.isWhole, true);
    });
    const take = () => heard.splice(0).join(' ');
    await settled();
    assert.equal(take(), 'account ready');
    await clock.pass(6_000);
    assert.equal(venue.sent.length, 4);
    assert.equal(take(), '');
    venue.exchange.desk.place({ ...ORDER, account: 'A-1' } as never, clock.now());
    await clock.pass(2_000);
    assert.equal(take(), 'account ready');
    // After a request of ours also without news: what was said of the order may be waited for.
    assert.equal((await gateway.place(ORDER)).outcome, 'accepted');
    await clock.pass(10);
    assert.equal(take(), 'account ready');
    const before = venue.sent.length;
    venue.fate = () => answer(503, '');
    await clock.pass(30_000);
    assert.equal(take(), 'lost status 503');
    // About 1.3, 2.7, 5.3, 10.7 s: never as often as when all is well.
    assert.ok(venue.sent.length - before <= 6, String(venue.sent.length - before));
    venue.fate = () => 'arrives';
    await clock.pass(30_000);
    assert.equal(take(), 'account ready');
    venue.fate = () => answer(429, { code: 'rate_limited' }, { 'retry-after': '20' });
    await clock.pass(2_000);
    assert.equal(take(), 'lost rate_limited');
    const asked = venue.sent.length;
    await clock.pass(19_000);
    assert.equal(venue.sent.length, asked);
    undo?.();
    assert.equal(clock.timerCount, 0);
  });

  it('GW22 a look that overlaps a request of ours is dropped and taken anew after it', async () => {
    const { clock, venue, gateway } = setUp();
    const available: string[] = [];
    gateway.observe?.('A-1', (event) => {
      if (event.type === 'account') available.push(formatDecimal(event.update.available.get('cash:KES') ?? ZERO));
    });
    await settled();
    venue.fate = ({ method }): HttpFate => (method === 'GET' ? 'held' : 'arrives');
    await clock.pass(2_000);
    const release = venue.release;
    assert.equal((await gateway.place(ORDER)).outcome, 'accepted');
    // What was read before the order comes after its answer, and would show money that is bound by now.
    venue.fate = () => 'arrives';
    release();
    await settled();
    await clock.pass(10);
    assert.deepEqual(available, ['5000000', '4998398.08']);
    // And while one is under way.
    venue.fate = ({ method }): HttpFate => (method === 'DELETE' ? 'held' : 'arrives');
    const cancel = gateway.cancel?.(ORDER);
    await clock.pass(4_000);
    assert.equal(available.length, 2);
    venue.release();
    assert.equal((await cancel)?.outcome, 'cancelled');
    await clock.pass(10);
    assert.deepEqual(available.slice(2), ['5000000']);
  });

  it('GW23 an order that is not there may arrive until the venue would refuse it; without a time of the venue for a minute', async () => {
    const { clock, venue, gateway } = setUp();
    venue.aheadMs = 100_000;
    const order = { ...ORDER, createdAt: clock.now(), goodUntil: clock.now() + 105_000 };
    assert.deepEqual(await gateway.query?.(order), { outcome: 'unsure', retryAfterMs: 7_500 });
    await clock.pass(8_001);
    assert.equal((await gateway.query?.(order))?.outcome, 'never_arrived');
    const blind = setUp();
    blind.venue.hasDate = false;
    const { goodUntil: _, ...bare } = { ...order, createdAt: blind.clock.now() };
    for (const wish of [bare, { ...bare, goodUntil: 1 }]) {
      assert.deepEqual(await blind.gateway.query?.(wish), { outcome: 'unsure', retryAfterMs: 60_000 });
    }
    blind.venue.fate = () => answer(404, 'no such page');
    await blind.clock.pass(70_000);
    assert.equal((await blind.gateway.query?.(bare))?.outcome, 'failed');
  });

  it('GW24 venue time is that of the last answer that said; an order is good until 5 s after it', async () => {
    const { clock, venue, gateway, submit } = await withDesk();
    venue.aheadMs = 3_600_000;
    await clock.pass(2_000);
    assert.ok(Math.abs((gateway.venueNow?.() ?? 0) - clock.now() - 3_600_000) <= 500);
    await submit();
    const sent = JSON.parse(venue.sent.find(({ method }) => method === 'POST')?.init.body as string) as OrderRequest;
    assert.ok(Math.abs((sent.goodUntil ?? 0) - clock.now() - 3_605_000) <= 500);
    const silent = setUp();
    silent.venue.hasDate = false;
    await silent.gateway.query?.(ORDER);
    assert.equal(silent.gateway.venueNow?.(), undefined);
  });

  it('GW25 a cancel or a change is done, refused by the venue’s word, or unknown; the desk finds out', async () => {
    const change = { revision: 1, quantity: '200', limitPrice: '16.05', stopPrice: null };
    const { venue, gateway } = setUp();
    assert.equal(brief((await gateway.cancel?.(ORDER)) as never), 'rejected unknown_order');
    await gateway.place(ORDER);
    const replaced = await gateway.replace?.(ORDER, change);
    assert.equal(replaced?.outcome === 'replaced' && replaced.facts.limitPrice, '16.05');
    assert.equal(
      brief((await gateway.replace?.(ORDER, { ...change, quantity: '300' })) as never),
      'rejected revision_conflict',
    );
    const older = { ...(venue.exchange.desk.query('A-1', ORDER.clientOrderId) as object), revision: 0 };
    venue.fate = () => answer(200, { order: older });
    assert.equal((await gateway.replace?.(ORDER, change))?.outcome, 'unknown');
    assert.equal((await gateway.cancel?.(ORDER))?.outcome, 'unknown');
    for (const response of [() => answer(502, ''), () => answer(409, ''), () => answer(503, { code: 'x' })]) {
      venue.fate = response;
      assert.equal((await gateway.cancel?.(ORDER))?.outcome, 'unknown');
      assert.equal((await gateway.replace?.(ORDER, change))?.outcome, 'unknown');
    }
    const page = await withDesk();
    await page.submit();
    page.venue.fate = ({ method }): HttpFate => (method === 'PATCH' || method === 'DELETE' ? 'lost_after' : 'arrives');
    page.desk.amend(ORDER.clientOrderId, { limitPrice: '16.10' });
    await settled();
    await page.clock.pass(3_000);
    assert.deepEqual([page.order()?.limitPrice, page.order()?.amend], ['16.10', 'none']);
    page.desk.cancel(ORDER.clientOrderId);
    await settled();
    await page.clock.pass(3_000);
    assert.equal(page.order()?.state, 'cancelled');
  });

  it('GW26 what an answer to a question counts in is in the balances before it is told', async () => {
    const { clock, venue, gateway, desk, submit, order } = await withDesk();
    let isBlind = true;
    venue.fate = ({ method, path }): HttpFate =>
      method === 'POST' ? 'lost_after' : isBlind && path.endsWith('/account') ? 'lost_before' : 'arrives';
    await submit();
    await clock.pass(200);
    assert.equal(order()?.state, 'unknown');
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '4998398.08');
    isBlind = false;
    await clock.pass(10_000);
    assert.equal(order()?.state, 'open');
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '4998398.08');
    assert.ok(isZero(desk.reserved('cash:KES', true)));

    // A look that began before the question may be older than its answer.
    venue.fate = ({ path }): HttpFate => (path.endsWith('/account') ? 'held' : 'arrives');
    await clock.pass(2_000);
    const release = venue.release;
    venue.exchange.desk.cancel('A-1', ORDER.clientOrderId, clock.now());
    venue.fate = () => 'arrives';
    const looks = () => venue.sent.filter(({ path }) => path.endsWith('/account')).length;
    const before = looks();
    let isTold = false;
    const query = gateway.query?.(ORDER).then(() => (isTold = true));
    await settled();
    assert.equal(isTold, false);
    release();
    await query;
    assert.equal(looks(), before + 1);
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '5000000');
  });

  it('GW27 a wrong address is a TypeError and a wrong time a RangeError, at once', () => {
    assert.throws(() => setUp({ url: 'nowhere' }), TypeError);
    for (const wrong of [{ pollEvery: 0 }, { timeout: -1 }, { pollEvery: Number.NaN }]) {
      assert.throws(() => setUp(wrong), RangeError);
    }
  });

  it('GW28 through any mix of losses over HTTP no order is placed twice, and none is lost without the desk saying so', async () => {
    const fates = fc.constantFrom<HttpFate[]>('arrives', 'arrives', 'lost_before', 'lost_after');
    const act = fc.constantFrom('submit', 'cancel', 'amend', 'wait');
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 14 }),
        fc.array(fates, { minLength: 1, maxLength: 60 }),
        async (acts, ways) => {
          const { clock, venue, desk, submit } = await withDesk();
          let turn = 0;
          venue.fate = () => ways[turn++ % ways.length]!;
          const ids: string[] = [];
          for (const [i, each] of acts.entries()) {
            const id = `order-${String(i).padStart(20, '0')}`;
            if (each === 'submit' && desk.isReady) {
              ids.push(id);
              await submit({ ...ORDER, clientOrderId: id, createdAt: clock.now() });
            } else if (each === 'cancel' && ids.length > 0) desk.cancel(ids[i % ids.length]!);
            else if (each === 'amend' && ids.length > 0)
              desk.amend(ids[i % ids.length]!, { quantity: String(100 * (i + 2)) });
            await settled();
            await clock.pass(700);
          }
          venue.fate = () => 'arrives';
          await clock.pass(180_000);
          assert.equal(new Set(venue.placed).size, venue.placed.length);
          for (const id of ids) {
            const order = desk.order(id);
            assert.ok(order && !isUnanswered(order), id);
            assert.equal(brokenInvariant(order), undefined);
            const there = venue.exchange.desk.query('A-1', id);
            assert.equal(isEnded(order), there === undefined || there.leavesQuantity === '0', id);
            if (there && !isEnded(order)) assert.equal(formatDecimal(order.quantity), there.quantity);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
