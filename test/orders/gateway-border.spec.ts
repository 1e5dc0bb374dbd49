import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { formatDecimal } from '../../src/book/decimal.js';
import type { GatewayEvent, OrderGateway } from '../../src/orders/gateway.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { Order, OrderFacts } from '../../src/orders/order.js';
import { FakeVenue, ManualClock, settled } from './fake-venue.js';
import { decimal, request } from './venue-history.js';

const OPEN: OrderFacts = { status: 'open', filled: decimal('0'), quantity: decimal('100'), revision: 0 };
const placed = { outcome: 'accepted', facts: OPEN };
const { clientOrderId } = request();

/** Answers that are none, of whatever was asked. */
const NONSENSE: readonly unknown[] = [
  undefined,
  null,
  7,
  'accepted',
  {},
  [],
  { outcome: 'ok' },
  ...['accepted', 'cancelled', 'replaced', 'known'].flatMap((outcome) => [
    { outcome },
    { outcome, facts: null },
    { outcome, facts: { ...OPEN, filled: '0' } },
    { outcome, facts: { ...OPEN, filled: 0 } },
    { outcome, facts: { filled: OPEN.filled } },
    { outcome, facts: { ...OPEN, status: 'working' } },
    { outcome, facts: { ...OPEN, leaves: '100' } },
    { outcome, facts: { ...OPEN, quantity: 100 } },
    { outcome, facts: { ...OPEN, limitPrice: 'x' } },
    { outcome, facts: { ...OPEN, revision: -1 } },
    { outcome, facts: { ...OPEN, mark: { epoch: 1, sequence: '2' } } },
    { outcome, facts: { ...OPEN, filled: { units: 1n, scale: -1 } } },
  ]),
];

let count = 0;
let warnings: string[] = [];

/** A gateway whose methods answer what they are told to, on a desk that is looked at. */
function setUp(change: Record<string, unknown> = {}, capabilities: Record<string, unknown> = {}) {
  const calls: string[] = [];
  const answers: Record<string, unknown> = { place: placed, query: { outcome: 'known', facts: OPEN }, ...change };
  const method = (name: string) => async () => {
    calls.push(name);
    return answers[name];
  };
  const clock = new ManualClock();
  const gateway = {
    // Each thing is told once, also by another gateway of the same name.
    name: `broker ${++count}`,
    capabilities: {
      cancel: true,
      query: true,
      replace: true,
      events: false,
      balancesExcludeOpenOrders: false,
      ...capabilities,
    },
    ...Object.fromEntries(['place', 'cancel', 'replace', 'query', 'find'].map((name) => [name, method(name)])),
    ...Object.fromEntries(Object.entries(change).filter(([, value]) => typeof value === 'function')),
  } as unknown as OrderGateway;
  const options = { account: 'A-1', gateway, journal: memoryJournal(), ledger: new ReservationLedger(), clock };
  const desk = new OrderDesk(options);
  const end = desk.observe(() => undefined);
  const send = async (): Promise<Order> => {
    desk.submit(request(), undefined, () => 'gateway');
    await settled();
    return desk.order(clientOrderId)!;
  };
  return { desk, clock, calls, answers, send, end, name: gateway.name };
}

/** A gateway that tells by itself, and what it tells with. */
function teller(change: Partial<OrderGateway> = {}) {
  let tell: (event: GatewayEvent) => void = () => undefined;
  const observe = (_account: string, listener: (event: GatewayEvent) => void) => {
    tell = listener;
    return () => undefined;
  };
  const page = setUp({ observe, ...change }, { events: true });
  return { ...page, tell: (event: unknown) => tell(event as GatewayEvent) };
}

describe('between a desk and its gateway', () => {
  beforeEach(() => {
    warnings = [];
    mock.method(console, 'warn', (text: string) => void warnings.push(text));
  });
  afterEach(() => mock.restoreAll());

  it('GW39 a gateway can what it says and has a method for; what it says without one is told once', async () => {
    const without = setUp({}, { cancel: false, query: false, replace: false });
    const order = await without.send();
    assert.deepEqual([without.desk.mayCancel(order), without.desk.mayAmend(order)], [false, false]);
    without.desk.cancel(clientOrderId);
    without.answers['place'] = undefined;
    assert.deepEqual(without.calls, ['place']);
    const silent = setUp({ place: undefined }, { query: false });
    const unknown = await silent.send();
    await silent.clock.pass(60_000);
    assert.deepEqual([unknown.state, silent.desk.mayDismiss(unknown), silent.calls], ['unknown', true, ['place']]);

    warnings = [];
    const bare = setUp();
    for (const name of ['cancel', 'query', 'replace'] as const) delete bare.desk.gateway![name];
    const kept = await bare.send();
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(
        [bare.desk.mayCancel(kept), bare.desk.mayAmend(kept), bare.desk.mayDismiss(kept)],
        [false, false, false],
      );
    }
    const said = warnings.filter((each) => each.includes(bare.name!));
    assert.deepEqual(
      new Set(said.map((each) => /say `(\w+)`/.exec(each)?.[1])),
      new Set(['cancel', 'query', 'replace']),
    );
    assert.equal(said.length, 3);
    // Events that nobody can tell are not waited for.
    assert.equal(setUp({}, { events: true }).desk.isReady, true);
  });

  it('GW40 an answer to an order that cannot be read leaves its outcome unknown, and is told once', async () => {
    for (const answer of NONSENSE) {
      const { desk, send, answers, clock, calls, name } = setUp({ place: answer, query: { outcome: 'failed' } });
      assert.equal((await send()).state, 'unknown', JSON.stringify(answer, text));
      await clock.pass(20_000);
      assert.equal(calls.filter((call) => call === 'place').length, 1);
      assert.equal(
        warnings.filter((each) => each.includes(`"${name}", place`) && each.includes(clientOrderId)).length,
        1,
      );
      answers['query'] = { outcome: 'known', facts: OPEN };
      await clock.pass(60_000);
      assert.equal(desk.order(clientOrderId)?.state, 'open');
    }
  });

  it('GW40 one to a cancel or a change leaves that unsure, and how the order stands is asked', async () => {
    for (const answer of NONSENSE) {
      const { desk, send, calls, answers } = setUp({ cancel: answer, replace: answer });
      await send();
      answers['query'] = { outcome: 'failed' };
      desk.amend(clientOrderId, { quantity: '200' });
      await settled();
      assert.equal(desk.order(clientOrderId)?.amend, 'unsure', JSON.stringify(answer, text));
      desk.cancel(clientOrderId);
      await settled();
      assert.equal(desk.order(clientOrderId)?.cancel, 'unsure');
      assert.ok(calls.includes('query'));
      assert.ok(desk.mayCancel(desk.order(clientOrderId)!));
    }
  });

  it('GW40 one to a question is no answer: it is asked again', async () => {
    for (const answer of NONSENSE.filter((each) => (each as { outcome?: unknown } | null)?.outcome !== 'failed')) {
      const { desk, send, answers, clock, calls } = setUp({ place: undefined, query: answer });
      assert.equal((await send()).state, 'unknown');
      await clock.pass(3_500);
      assert.equal(calls.filter((call) => call === 'query').length, 3, JSON.stringify(answer, text));
      answers['query'] = { outcome: 'never_arrived' };
      await clock.pass(30_000);
      assert.equal(desk.order(clientOrderId)?.reason?.code, 'never_arrived');
    }
  });

  it('GW40 words may be missing, and what may be left out may be null', async () => {
    const facts = { ...OPEN, orderId: null, leaves: null, averagePrice: null, mark: null, reason: { code: 'x' } };
    const open = await setUp({ place: { outcome: 'accepted', facts } }).send();
    assert.deepEqual(
      [open.state, open.orderId, open.reason],
      ['open', undefined, { code: 'x', message: '', by: 'venue' }],
    );
    const rejected = await setUp({ place: { outcome: 'rejected', message: 5 } }).send();
    assert.deepEqual(rejected.reason, { code: 'rejected', message: '', by: 'venue' });
    assert.equal((await setUp({ place: { outcome: 'not_sent' } }).send()).reason?.code, 'not_sent');
  });

  it('GW41 a gateway that is unsure is asked again after a second at the earliest, as late as it wants', async () => {
    for (const [retryAfterMs, questions] of [
      [0, 3],
      [-5, 3],
      [NaN, 3],
      [Infinity, 3],
      [undefined, 3],
      ['soon', 3],
      [1, 4],
      [3_000, 2],
      [1e12, 1],
    ] as const) {
      const { clock, calls, send } = setUp({ place: undefined, query: { outcome: 'unsure', retryAfterMs } });
      await send();
      await clock.pass(3_500);
      assert.equal(calls.filter((call) => call === 'query').length, questions, String(retryAfterMs));
      assert.ok(clock.timerCount <= 1);
    }
  });

  it('GW42 a gateway that fails to report leaves an account that may be behind, and the desk stands', async () => {
    const broken = (_account: string, listener: (event: unknown) => void): never => {
      listener({ type: 'ready', orders: [] });
      throw new Error('no socket');
    };
    const { desk, name } = setUp({ observe: broken }, { events: true });
    assert.equal(desk.isReady, false);
    assert.ok(warnings.some((text) => text.includes(`"${name}", observe: failed: Error: no socket`)));
    // Where nothing is reported anyway nothing is behind, and orders can be asked for.
    const other = setUp({ observe: broken, place: undefined, query: { outcome: 'never_arrived' } });
    assert.equal((await other.send()).reason?.code, 'never_arrived');
    const end = setUp({ observe: () => 7 }).desk.observe(() => undefined);
    end();
    const careless = teller();
    const leave = careless.desk.observe(() => undefined);
    careless.end();
    leave();
    careless.tell({ type: 'ready', orders: [] });
    assert.equal(careless.desk.isReady, false);
  });

  it('GW42 a list that is none leaves it behind; an order in a list that cannot be read is left out, and asked for if known', async () => {
    const { desk, tell, send, calls } = teller();
    tell({ type: 'ready', orders: [] });
    await send();
    tell({ type: 'ready', orders: 'all' });
    assert.equal(desk.isReady, false);
    const other = { ...request(), clientOrderId: 'other', createdAt: 0 };
    const listed = (each: object): unknown => ({ request: { ...other, ...each }, facts: OPEN });
    const bad = [
      listed({ quantity: '' }),
      listed({ side: 'both' }),
      listed({ displayQuantity: 5 }),
      null,
      { request: other },
    ];
    tell({ type: 'ready', orders: [...bad, { request: request(), facts: {} }, listed({ clientOrderId: 'good' })] });
    assert.equal(desk.isReady, true);
    await settled();
    assert.deepEqual(
      desk.orders.map((order) => order.request.clientOrderId),
      ['good', clientOrderId],
    );
    assert.equal(desk.order(clientOrderId)?.state, 'open');
    assert.deepEqual(calls, ['place', 'query']);
  });

  it('GW43 news that cannot be read change nothing, and are told once; those of an order make it be asked for', async () => {
    const { desk, tell, send, calls, name } = teller();
    const available = new Map([['cash:KES', decimal('100')]]);
    tell({ type: 'account', update: { isWhole: true, available } });
    tell({ type: 'ready', orders: [] });
    await send();
    const bad = [
      ...[undefined, null, 7, {}, { type: 'hm' }, { type: 'order' }, { type: 'order', clientOrderId: 5 }],
      ...[undefined, {}, { available: { 'cash:KES': '5' } }, { available: new Map([['cash:KES', 5]]) }].map(
        (update) => ({
          type: 'account',
          update,
        }),
      ),
      { type: 'account', update: { available, mark: 5 } },
    ];
    for (const event of [...bad, ...bad]) tell(event);
    assert.equal(formatDecimal(desk.available('cash:KES')!), '100');
    assert.deepEqual([desk.isReady, desk.order(clientOrderId)?.state, calls], [true, 'open', ['place']]);
    assert.equal(warnings.filter((text) => text.includes(`"${name}"`)).length, 4);
    for (const event of [undefined, {}, { type: 'status' }, { type: 'fill', facts: { ...OPEN, filled: 5 } }]) {
      calls.length = 0;
      tell({ type: 'order', clientOrderId, event });
      await settled();
      assert.deepEqual(calls, ['query']);
    }
    // The totals of a trade that cannot be read count.
    const facts = { status: 'partially_filled', filled: decimal('40') };
    tell({ type: 'order', clientOrderId, event: { type: 'fill', fill: {}, facts } });
    assert.equal(formatDecimal(desk.order(clientOrderId)!.filled), '40');
  });

  it('GW44 a venue time that fails, or is none, is not known', async () => {
    for (const venueNow of [
      () => {
        throw new Error('no time');
      },
      () => NaN,
      () => '5',
    ]) {
      const { send } = setUp({ venueNow });
      const order = await send();
      assert.deepEqual([order.state, order.request.goodUntil], ['open', undefined]);
    }
  });

  it('GW45 a desk of what is no gateway is a TypeError in words', () => {
    for (const gateway of ['https://broker', {}, { capabilities: {} }, { place: () => placed }]) {
      assert.throws(
        () =>
          new OrderDesk({
            account: '',
            gateway: gateway as unknown as OrderGateway,
            journal: memoryJournal(),
            ledger: new ReservationLedger(),
          }),
        { name: 'TypeError', message: /^a gateway must have / },
      );
    }
  });

  it('GW46 what a script’s own carrier answers is read with the same care', async () => {
    for (const answer of NONSENSE) {
      const { desk } = setUp();
      desk.submit(request(), undefined, () => Promise.resolve(answer as never));
      await settled();
      assert.equal(desk.order(clientOrderId)?.state, 'unknown', JSON.stringify(answer, text));
    }
  });

  it('GW46 an order that is found is the one that was asked for, or none', async () => {
    for (const found of [
      null,
      {},
      { request: { ...request(), clientOrderId: 'else' }, facts: OPEN },
      { request: request() },
    ]) {
      const { desk, tell, calls } = teller({ find: undefined } as never);
      const gateway = desk.gateway as { find?: unknown };
      gateway.find = async () => {
        calls.push('find');
        return found;
      };
      tell({ type: 'ready', orders: [] });
      tell({ type: 'order', clientOrderId, event: { type: 'ack', facts: OPEN } });
      await settled();
      assert.deepEqual([desk.orders, calls], [[], ['find']]);
    }
  });

  it('GW47 whatever a gateway answers and tells, nothing is thrown, and no order is sent twice or left without a word', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('place', 'cancel', 'replace', 'query'), fc.anything({ withBigInt: true }))),
        fc.array(fc.anything({ withBigInt: true, withMap: true })),
        async (answers, events) => {
          const page = teller();
          page.tell({ type: 'ready', orders: [] });
          for (const [name, answer] of answers) page.answers[name] = answer;
          await page.send();
          for (const event of events) {
            page.tell(event);
            page.tell({ type: 'ready', orders: event });
            page.tell({ type: 'account', update: event });
            page.tell({ type: 'order', clientOrderId, event });
            page.tell({ type: 'order', clientOrderId, event: { type: 'status', facts: event } });
          }
          page.tell({ type: 'ready' });
          page.desk.amend(clientOrderId, { quantity: '200' });
          page.desk.cancel(clientOrderId);
          await page.clock.pass(60_000);
          page.answers['query'] = { outcome: 'known', facts: { ...OPEN, status: 'cancelled' } };
          page.tell({ type: 'ready', orders: [] });
          await page.clock.pass(60_000);
          assert.equal(page.calls.filter((call) => call === 'place').length, 1);
          assert.equal(page.desk.order(clientOrderId)?.state, 'cancelled');
        },
      ),
      { numRuns: 100 },
    );
  });

  it('GW47 a venue that says what it should passes unchanged', async () => {
    const venue = new FakeVenue();
    const clock = new ManualClock();
    const desk = new OrderDesk({
      account: 'A-1',
      gateway: venue,
      journal: memoryJournal(),
      ledger: new ReservationLedger(),
      clock,
    });
    desk.observe(() => undefined);
    desk.submit(request(), undefined, () => 'gateway');
    await settled();
    venue.fill(clientOrderId, '40');
    const order = desk.order(clientOrderId)!;
    assert.deepEqual([order.state, order.fills.length, order.mark?.epoch], ['partially_filled', 1, 'p1']);
    assert.deepEqual(warnings, []);
  });
});

const text = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
