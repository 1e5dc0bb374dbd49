/**
 * A desk that trades at the matching engine, over a wire that delays, repeats, swaps and loses what it carries, and breaks;
 * with a page that is loaded anew in the middle of it. Whatever happens, in the end both sides tell the same of each order.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compare, formatDecimal, parseDecimal, ZERO } from '../../src/book/decimal.js';
import { memoryJournal, type OrderJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import { brokenInvariant, isEnded, type OrderRequest } from '../../src/orders/order.js';
import { StreamGateway } from '../../src/orders/stream-gateway.js';
import { Exchange } from '../../src/sim/index.js';
import { createMarketStream } from '../../src/stream/market-stream-core.js';
import type { MarketStream } from '../../src/stream/market-stream.js';
import { ServerSession } from '../../src/stream/protocol/session.js';
import { balanced } from '../sim/support.js';
import { FakeClock, FakeWake, fakeScheduler } from '../support/fake-clock.js';
import { FakeWire, type FakeSocket } from '../support/fake-wire.js';

const ACCOUNT = 'A-1';
const SYMBOL = 'SCOM';
type Way = 'up' | 'down';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One market, one account, one page at a time, and the wire between them. */
class Venue {
  readonly clock = new FakeClock();
  readonly exchange = new Exchange({ symbols: 1, seed: 5, ratePerSymbol: 40, startMs: this.clock.now(), epoch: 'x' });
  readonly #wire = new FakeWire();
  readonly #queues = { up: [] as (() => void)[], down: [] as (() => void)[] };
  readonly #journal: OrderJournal = memoryJournal();
  readonly placed = new Set<string>();
  /** The wire carries at once while it is calm. */
  isCalm = true;
  #sessions = 0;
  #session: ServerSession | undefined;
  #stream!: MarketStream;
  desk!: OrderDesk;
  #leave: () => void = () => undefined;

  constructor() {
    this.#wire.onConnect = (socket) => this.#serve(socket);
    this.#openPage();
  }

  #serve(socket: FakeSocket): void {
    const session = new ServerSession({
      market: this.exchange,
      sessionId: `s${++this.#sessions}`,
      now: () => this.clock.now(),
      send: (text) => this.#carry('down', () => socket.pushText(text), text.includes('"welcome"')),
      close: (code, reason) => socket.drop(code, reason),
    });
    this.#session = session;
    socket.onSent = (message) => {
      const text = JSON.stringify(message);
      this.#carry('up', () => !session.isClosed && session.receive(text), text.includes('"hello"'));
    };
    socket.accept();
  }

  /** What opens a connection is not held up: a connection that never opens is another test's. */
  #carry(way: Way, deliver: () => void, isOpening: boolean): void {
    if (isOpening) return deliver();
    this.#queues[way].push(deliver);
    if (this.isCalm) this.deliver(way, Infinity);
  }

  #openPage(): void {
    this.#stream = createMarketStream({
      src: 'ws://fake/',
      clock: this.clock,
      random: () => 0.5,
      transport: this.#wire.transport,
      scheduler: fakeScheduler(this.clock),
      wake: new FakeWake().source,
      onError: () => undefined,
    });
    this.#stream.connect();
    this.desk = new OrderDesk({
      account: ACCOUNT,
      gateway: new StreamGateway(this.#stream),
      journal: this.#journal,
      ledger: new ReservationLedger(),
      clock: this.clock,
    });
    this.#leave = this.desk.observe(() => undefined);
  }

  get journal(): OrderJournal {
    return this.#journal;
  }

  reload(): void {
    this.#leave();
    this.#stream.disconnect();
    this.cut(true);
    this.#openPage();
  }

  deliver(way: Way, count: number): void {
    for (let i = 0; i < count && this.#queues[way].length > 0; i++) this.#queues[way].shift()?.();
  }

  lose(way: Way): void {
    this.#queues[way].shift();
  }

  repeat(way: Way): void {
    const [first] = this.#queues[way];
    if (first !== undefined) this.#queues[way].push(first);
  }

  swap(way: Way): void {
    const queue = this.#queues[way];
    queue.push(...queue.splice(0, 1));
  }

  /** What was sent before it may be heard all the same, long after the page has a new connection. */
  cut(isHeard: boolean): void {
    this.#queues.down.length = 0;
    if (!isHeard) {
      this.#queues.up.length = 0;
      this.#session?.dispose();
    }
    if (this.#wire.sockets.length > 0) this.#wire.last.drop();
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      this.clock.pass(Math.min(250, left));
      this.exchange.step(this.clock.now());
      this.#session?.flush();
      await settled();
    }
  }
}

interface Model {
  made: number;
}

type Step = fc.AsyncCommand<Model, Venue>;

const step = (name: string, run: (venue: Venue, model: Model) => void | Promise<void>): Step => ({
  check: () => true,
  toString: () => name,
  async run(model, venue) {
    await run(venue, model);
    await settled();
    for (const order of venue.desk.orders) {
      assert.equal(brokenInvariant(order), undefined);
      assert.equal(order.contradiction, undefined);
    }
    balanced(venue.exchange);
  },
});

const idOf = (number: number): string => `order-${String(number).padStart(4, '0')}`;
const nth = (index: number, { made }: Model): string => idOf(made === 0 ? 0 : index % made);
const priceAt = (ticks: number): string => (16 + ticks * 0.05).toFixed(2);

const submit = fc
  .record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    lots: fc.integer({ min: 1, max: 6 }),
    ticks: fc.integer({ min: 0, max: 60 }),
    timeInForce: fc.constantFrom('day' as const, 'gtc' as const, 'ioc' as const),
  })
  .map(({ side, lots, ticks, timeInForce }) =>
    step(`submit ${side} ${lots * 100} at ${priceAt(ticks)} ${timeInForce}`, (venue, model) => {
      const request: OrderRequest = {
        clientOrderId: idOf(model.made++),
        account: ACCOUNT,
        symbol: SYMBOL,
        side,
        orderType: 'limit',
        quantity: String(lots * 100),
        limitPrice: priceAt(ticks),
        stopPrice: null,
        timeInForce,
        createdAt: venue.clock.now(),
      };
      // A second press of the same order is the same order.
      for (let press = 0; press < 2; press++) venue.desk.submit(request, undefined, () => 'gateway');
    }),
  );
const cancel = fc
  .nat(20)
  .map((index) => step(`cancel ${index}`, (venue, model) => venue.desk.cancel(nth(index, model))));
const amend = fc
  .record({ index: fc.nat(20), lots: fc.integer({ min: 1, max: 6 }), ticks: fc.integer({ min: 0, max: 60 }) })
  .map(({ index, lots, ticks }) =>
    step(`amend ${index} to ${lots * 100} at ${priceAt(ticks)}`, (venue, model) =>
      venue.desk.amend(nth(index, model), { quantity: String(lots * 100), limitPrice: priceAt(ticks) }),
    ),
  );
const way = fc.constantFrom<Way>('up', 'down');
const onWire = fc
  .record({ do: fc.constantFrom('lose' as const, 'repeat' as const, 'swap' as const), way })
  .map((move) => step(`${move.do} ${move.way}`, (venue) => venue[move.do](move.way)));
const deliver = fc
  .record({ way, count: fc.integer({ min: 1, max: 4 }) })
  .map((move) => step(`deliver ${move.count} ${move.way}`, (venue) => venue.deliver(move.way, move.count)));
const pass = fc.constantFrom(250, 1_000, 12_000).map((ms) => step(`pass ${ms}`, (venue) => venue.pass(ms)));
const weather = fc.boolean().map((isCalm) =>
  step(isCalm ? 'calm' : 'storm', (venue) => {
    venue.isCalm = isCalm;
    if (isCalm) for (const each of ['up', 'down'] as const) venue.deliver(each, Infinity);
  }),
);
const cut = fc.boolean().map((isHeard) => step(isHeard ? 'cut, heard' : 'cut', (venue) => venue.cut(isHeard)));
const reload = fc.constant(step('reload', (venue) => venue.reload()));

describe('orders on a bad wire', () => {
  it('OR184 with delays, repeats, swaps, losses, breaks and reloads nothing is ordered twice, and both sides end at one truth', async () => {
    const met = { orders: 0, filled: 0, changed: 0, cancelled: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.commands(
          [submit, submit, submit, cancel, amend, amend, onWire, onWire, deliver, deliver, pass, weather, cut, reload],
          {
            maxCommands: 60,
            size: 'max',
          },
        ),
        async (commands) => {
          const venue = new Venue();
          const acknowledged: string[] = [];
          const filled = new Map<string, Set<string>>();
          venue.exchange.desk.listen(ACCOUNT, (event) => {
            if (event.type === 'order_ack') acknowledged.push(event.data.clientOrderId);
            if (event.type !== 'order_fill') return;
            const { clientOrderId, fillId } = event.data;
            filled.set(clientOrderId, (filled.get(clientOrderId) ?? new Set()).add(fillId));
          });
          const model: Model = { made: 0 };
          await venue.pass(1_000);
          await fc.asyncModelRun(() => ({ model, real: venue }), commands);
          venue.isCalm = true;
          for (const each of ['up', 'down'] as const) venue.deliver(each, Infinity);
          venue.exchange.setPhase(SYMBOL, 'halted', venue.clock.now());
          await venue.pass(90_000);

          assert.equal(new Set(acknowledged).size, acknowledged.length, 'an order was taken twice');
          assert.equal(venue.desk.isReady, true);
          assert.deepEqual(venue.journal.entries(), []);
          for (let i = 0; i < model.made; i++) {
            const id = idOf(i);
            const [ours, theirs] = [venue.desk.order(id), venue.exchange.desk.query(ACCOUNT, id)];
            if (theirs === undefined) {
              assert.ok(ours === undefined || ours.state === 'rejected', `${id} is ${ours?.state} and nowhere`);
              continue;
            }
            const left = parseDecimal(theirs.leavesQuantity) ?? ZERO;
            assert.ok(ours !== undefined || compare(left, ZERO) === 0, `${id} works and is not on the page`);
            if (ours === undefined) continue;
            met.orders++;
            if (ours.fills.length > 0) met.filled++;
            if (ours.revision > 0) met.changed++;
            if (ours.state === 'cancelled') met.cancelled++;
            assert.equal(ours.state, theirs.status);
            assert.deepEqual(
              [ours.quantity, ours.filled, ours.leaves].map((number) => formatDecimal(number)),
              [theirs.quantity, theirs.cumQuantity, theirs.leavesQuantity],
            );
            assert.deepEqual([ours.limitPrice, ours.revision], [theirs.limitPrice, theirs.revision]);
            for (const { fillId } of ours.fills) assert.ok(filled.get(id)?.has(fillId), 'a fill of nobody');
            assert.ok(isEnded(ours) === (compare(left, ZERO) === 0));
          }
          const account = venue.exchange.desk.snapshot(ACCOUNT)?.data;
          const cash = account?.balances.find(({ currency }) => currency === 'KES')?.available;
          const shares = account?.positions.find(({ symbol }) => symbol === SYMBOL)?.available;
          assert.deepEqual(
            [venue.desk.available('cash:KES'), venue.desk.available(`position:${SYMBOL}`)].map(
              (number) => number && compare(number, ZERO) !== 0 && formatDecimal(number, number.scale),
            ),
            [cash, shares].map((text) => {
              const number = parseDecimal(text ?? '');
              return number && compare(number, ZERO) !== 0 && formatDecimal(number, number.scale);
            }),
          );
          balanced(venue.exchange);
        },
      ),
      { numRuns: 300 },
    );
    // It has to have been a trading day, or nothing was shown.
    assert.ok(met.orders > 300 && met.filled > 50 && met.changed > 20 && met.cancelled > 50, JSON.stringify(met));
  });
});
