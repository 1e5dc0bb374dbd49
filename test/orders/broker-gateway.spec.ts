import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ZERO, formatDecimal } from '../../src/book/decimal.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { root } from '../../tools/run.mjs';
import { brokerGateway, type Broker, type BrokerOrder, type BrokerTicket, type Portfolio } from './broker-gateway.js';
import { ManualClock, settled } from './fake-venue.js';
import { decimal, request } from './venue-history.js';

/** The broker, in memory. Every change counts its version up and is told. */
class MemoryBroker implements Broker {
  isSignedIn = true;
  isSilent = false;
  /** Whether changes are told as they happen. */
  isTelling = true;
  submitted = 0;
  asked = 0;
  #version = 0;
  #free = 10_000;
  readonly #orders = new Map<string, BrokerOrder>();
  readonly #shares: Record<string, string> = {};
  #change: Parameters<Broker['follow']>[0] | undefined;
  #link: Parameters<Broker['follow']>[1] | undefined;

  async submit(ticket: BrokerTicket): Promise<BrokerOrder> {
    this.submitted++;
    const isPoor = Number(ticket.shares) * 20 > this.#free;
    const [state, why] = isPoor ? (['refused', 'not enough cash'] as const) : (['live', ''] as const);
    if (!isPoor) this.#free -= Number(ticket.shares) * 20;
    const order = this.#set({ ...ticket, state, why, done: '0', version: 0 });
    if (this.isSilent) throw new Error('no answer');
    return order;
  }

  async withdraw(ref: string): Promise<BrokerOrder> {
    const order = this.#orders.get(ref)!;
    return order.state === 'live' ? this.#set({ ...order, state: 'withdrawn' }) : order;
  }

  async lookup(ref: string): Promise<BrokerOrder | null> {
    return this.#orders.get(ref) ?? null;
  }

  get isFollowed(): boolean {
    return this.#link !== undefined;
  }

  async portfolio(): Promise<Portfolio> {
    this.asked++;
    if (this.isSilent) throw new Error('no answer');
    const live = [...this.#orders.values()].filter(({ state }) => state === 'live');
    return { version: this.#version, free: String(this.#free), shares: { ...this.#shares }, live };
  }

  follow(...[onChange, onLink]: Parameters<Broker['follow']>): () => void {
    [this.#change, this.#link] = [onChange, onLink];
    onLink(true);
    return () => ([this.#change, this.#link] = [undefined, undefined]);
  }

  trade(ref: string, done: string): void {
    const order = this.#orders.get(ref)!;
    this.#shares[order.code] = done;
    this.#set({ ...order, done, state: done === order.shares ? 'complete' : 'live' });
  }

  link(isUp: boolean): void {
    this.#link?.(isUp);
  }

  /** What it told before comes again, late. */
  tellAgain(order: BrokerOrder): void {
    const { version } = order;
    this.#change?.(order, { version, free: String(this.#free), shares: { ...this.#shares }, live: [] });
  }

  #set(order: BrokerOrder): BrokerOrder {
    const next = { ...order, version: ++this.#version };
    this.#orders.set(order.ref, next);
    const { version, free, shares } = { version: this.#version, free: String(this.#free), shares: { ...this.#shares } };
    if (this.isTelling) this.#change?.(next, { version, free, shares, live: [] });
    return next;
  }
}

describe('docs/GATEWAYS.md', () => {
  it('GW35 shows the adapter that the next test runs, word for word', () => {
    const page = readFileSync(join(root, 'docs/GATEWAYS.md'), 'utf8');
    const code = readFileSync(join(root, 'test/orders/broker-gateway.ts'), 'utf8');
    const shown = page.includes(code.replaceAll('../../src/orders/index.js', 'touchline/orders'));
    assert.ok(shown, 'the adapter in docs/GATEWAYS.md is not test/orders/broker-gateway.ts');
  });

  it('GW36 its adapter makes a desk of a broker with words of its own', async () => {
    const broker = new MemoryBroker();
    const clock = new ManualClock();
    const gateway = brokerGateway(broker, clock);
    const [journal, ledger] = [memoryJournal(), new ReservationLedger()];
    const desk = new OrderDesk({ account: 'A-1', gateway, journal, ledger, clock });
    const undo = desk.observe(() => undefined);
    await settled();
    assert.equal(desk.isReady, true);
    const terms = { asset: 'cash:KES', unit: decimal('20'), feeRate: ZERO, decimals: 2 } as const;
    const submit = async (clientOrderId: string, quantity = '100') => {
      desk.submit(request({ clientOrderId, quantity, createdAt: clock.now() }), terms, () => 'gateway');
      await settled();
      return () => desk.order(clientOrderId);
    };
    const first = await submit('order-000000000000000001');
    assert.equal(first()?.state, 'open');
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '8000');
    broker.trade('order-000000000000000001', '40');
    assert.equal(first()?.state, 'partially_filled');
    assert.equal(formatDecimal(desk.available('position:SCOM') ?? ZERO), '40');
    desk.cancel('order-000000000000000001');
    await settled();
    assert.equal(first()?.state, 'cancelled');
    const poor = await submit('order-000000000000000002', '900');
    assert.deepEqual([poor()?.state, poor()?.reason?.message], ['rejected', 'not enough cash']);
    // No answer, and yet it is there.
    broker.isSilent = true;
    const silent = await submit('order-000000000000000003');
    await settled();
    assert.equal(silent()?.state, 'open');
    broker.isSilent = false;
    broker.isSignedIn = false;
    assert.equal((await submit('order-000000000000000004'))()?.reason?.code, 'auth_required');
    assert.equal(broker.submitted, 3);
    // What happens while the link is down is found out when it is up.
    broker.isSignedIn = true;
    broker.link(false);
    assert.equal(desk.isReady, false);
    broker.trade('order-000000000000000003', '100');
    broker.link(true);
    await settled();
    assert.equal(silent()?.state, 'filled');
    assert.equal(desk.isReady, true);
    broker.isSilent = true;
    broker.link(true);
    await settled();
    assert.equal(desk.isReady, false);
    broker.isSilent = false;
    await clock.pass(2_000);
    assert.equal(desk.isReady, true);
    const nowhere = { ...request(), createdAt: clock.now() };
    assert.deepEqual(await gateway.query?.(nowhere), { outcome: 'unsure', retryAfterMs: 30_000 });
    await clock.pass(30_000);
    assert.deepEqual(await gateway.query?.(nowhere), { outcome: 'never_arrived' });
    assert.equal((await gateway.find?.('A-1', 'order-000000000000000003'))?.request.quantity, '100');
    broker.link(true);
    undo();
    await settled();
    assert.equal(desk.isReady, false);
  });

  it('GW36 what the broker answers counts, also where it tells nothing by itself', async () => {
    const broker = new MemoryBroker();
    const gateway = brokerGateway(broker, new ManualClock());
    broker.isTelling = false;
    const [first, poor, late] = [1, 2, 3].map((count) => request({ clientOrderId: `order-${count}` })) as [
      OrderRequest,
      OrderRequest,
      OrderRequest,
    ];
    const placed = await gateway.place(first);
    assert.equal(placed.outcome === 'accepted' && placed.facts.status, 'open');
    assert.deepEqual(await gateway.place({ ...poor, quantity: '900' }), {
      outcome: 'rejected',
      code: 'refused',
      message: 'not enough cash',
    });
    const known = await gateway.query?.(first);
    assert.equal(known?.outcome === 'known' && known.facts.status, 'open');
    const withdrawn = await gateway.cancel?.(first);
    assert.equal(withdrawn?.outcome === 'cancelled' && withdrawn.facts.status, 'cancelled');
    await gateway.place(late);
    broker.trade('order-3', '100');
    assert.deepEqual(await gateway.cancel?.(late), { outcome: 'rejected', code: 'too_late' });
    // What is no number is no answer: nobody knows what became of the order.
    broker.trade('order-3', 'many');
    await assert.rejects(async () => gateway.query?.(late), /the broker sent "many" for a number/);
  });

  it('GW36 a desk that comes later finds the account and its orders, and what comes late takes nothing back', async () => {
    const broker = new MemoryBroker();
    const clock = new ManualClock();
    const gateway = brokerGateway(broker, clock);
    const sell = { clientOrderId: 'order-1', side: 'sell', orderType: 'market', limitPrice: null } as const;
    await gateway.place(request(sell));
    await gateway.place(request({ clientOrderId: 'order-2' }));
    broker.trade('order-2', '40');
    const [journal, ledger] = [memoryJournal(), new ReservationLedger()];
    const desk = new OrderDesk({ account: 'A-1', gateway, journal, ledger, clock });
    const undo = desk.observe(() => undefined);
    await settled();
    const found = ['order-1', 'order-2'].map((id) => desk.order(id));
    assert.deepEqual(
      found.map((order) => [order?.request.side, order?.request.orderType, order?.request.limitPrice, order?.state]),
      [
        ['sell', 'market', null, 'open'],
        ['buy', 'limit', '17.50', 'partially_filled'],
      ],
    );
    assert.equal(formatDecimal(desk.available('cash:KES') ?? ZERO), '6000');
    assert.equal(formatDecimal(desk.available('position:SCOM') ?? ZERO), '40');
    const before = await broker.lookup('order-2');
    broker.trade('order-2', '100');
    assert.equal(desk.order('order-2')?.state, 'filled');
    broker.tellAgain(before!);
    assert.deepEqual([desk.order('order-2')?.state, desk.order('order-2')?.contradiction], ['filled', undefined]);
    // Nobody who has gone is told, or asks again.
    broker.isSilent = true;
    broker.link(true);
    undo();
    await settled();
    const { asked } = broker;
    await clock.pass(60_000);
    assert.deepEqual([broker.asked, broker.isFollowed], [asked, false]);
  });
});
