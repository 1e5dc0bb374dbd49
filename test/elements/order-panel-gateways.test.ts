import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define/open-orders.js';
import '../../src/define/order-panel.js';
import type { OpenOrdersElement } from '../../src/elements/open-orders/open-orders.js';
import type { OrderGateway, PlaceResult, QueryResult } from '../../src/orders/gateway.js';
import { expectTrouble, troublesSoFar } from '../support/page-health.js';
import { accepted, answerWith, gatewayOf, liveStream, mount, type TicketPage } from '../support/ticket-page.js';

const NEVER = new Promise<PlaceResult>(() => undefined);

/** A broker that never answers a placing, and what it was asked. */
function silentBroker(change: Partial<OrderGateway> = {}, answer: QueryResult = { outcome: 'never_arrived' }) {
  const placed: string[] = [];
  const asked: string[] = [];
  const gateway: OrderGateway = {
    ...gatewayOf(({ clientOrderId }) => {
      placed.push(clientOrderId);
      return NEVER;
    }),
    capabilities: { cancel: true, query: true, events: false, balancesExcludeOpenOrders: false },
    query: async ({ clientOrderId }) => {
      asked.push(clientOrderId);
      return answer;
    },
    ...change,
  };
  return { gateway, placed, asked };
}

/** Errors that the page reports end no test, until the returned function is called. */
function bearErrors(): () => void {
  const own = window.onerror;
  window.onerror = () => true;
  return () => (window.onerror = own);
}

async function listOf(gateway: OrderGateway, account: string): Promise<OpenOrdersElement> {
  const list = await fixture<OpenOrdersElement>(html`<open-orders account=${account}></open-orders>`);
  list.gateway = gateway;
  await list.updateComplete;
  return list;
}

async function send(page: TicketPage): Promise<void> {
  await page.fill();
  await page.press();
}

describe('the gateways of a page', () => {
  beforeEach(() => sessionStorage.clear());

  it('OR191 an order in flight is there after a reload, whether a list without a feed or a ticket opened the desk', async () => {
    for (const isListFirst of [true, false]) {
      const account = `A-${isListFirst}`;
      const stream = Object.assign(liveStream(), { src: 'wss://market.example/ws' });
      const { gateway, placed } = silentBroker({ name: 'broker' });
      if (isListFirst) await listOf(gateway, account);
      const page = await mount({ confirm: 'never', account, gateway }, stream);
      await send(page);
      expect(placed.length).to.equal(1);
      // Another object of the same name stands for the next page.
      const next = silentBroker({ name: 'broker' }, { outcome: 'failed', reason: 'down' });
      if (!isListFirst) await listOf(next.gateway, account);
      const again = await mount({ confirm: 'never', account, gateway: next.gateway }, stream);
      expect(again.element.orders[0]?.state, String(isListFirst)).to.equal('unknown');
      await send(again);
      expect(next.placed).to.deep.equal([]);
    }
  });

  it('OR192 gateways on one feed spend the same money, also where a list without a feed came first', async () => {
    const stream = liveStream();
    const balances = { cash: { KES: '30000.00' } };
    const { gateway } = silentBroker({ name: 'one' });
    await listOf(gateway, 'A-9');
    const first = await mount({ confirm: 'never', account: 'A-9', balances, gateway }, stream);
    const other = silentBroker({ name: 'other' });
    const second = await mount({ confirm: 'never', account: 'A-9', balances, gateway: other.gateway }, stream);
    await second.fill();
    await send(first);
    stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '900']]);
    await second.element.updateComplete;
    expect(second.button).to.equal('Not enough KES: 11,930.26 missing');
  });

  it('OR193 pages of one gateway hold back for each other, with a feed or without', async () => {
    const balances = { cash: { KES: '30000.00' } };
    const one = await mount(
      { confirm: 'never', account: 'A-8', balances, gateway: silentBroker({ name: 'broker' }).gateway },
      Object.assign(liveStream(), { src: 'wss://one.example/ws' }),
    );
    sessionStorage.clear();
    const two = await mount(
      { confirm: 'never', account: 'A-8', balances, gateway: silentBroker({ name: 'broker' }).gateway },
      Object.assign(liveStream(), { src: 'wss://two.example/ws' }),
    );
    await two.fill();
    await send(one);
    await waitUntil(() => two.button === 'Not enough KES: 11,930.26 missing');
  });

  it('OR194 a second gateway without a name for an account takes nothing while the first is in use, and says so', async () => {
    expectTrouble(/TypeError: touchline: a second gateway without a name for account "A-7"/);
    const stop = bearErrors();
    const stream = liveStream();
    const [one, two] = [silentBroker(), silentBroker()];
    const first = await mount({ confirm: 'never', account: 'A-7', gateway: one.gateway }, stream);
    await send(first);
    expect(one.placed.length).to.equal(1);
    const second = await mount({ confirm: 'never', account: 'A-7', gateway: two.gateway }, stream);
    await second.type('limitPrice', '17.40');
    await second.type('quantity', '100');
    await second.press();
    expect(second.text('.alarm')).to.contain('Nobody on this page takes orders');
    expect([two.placed, two.asked]).to.deep.equal([[], []]);
    expect(second.element.orders).to.deep.equal([]);
    const elsewhere = await mount({ confirm: 'never', account: 'A-6', gateway: two.gateway }, stream);
    await send(elsewhere);
    expect(two.placed.length).to.equal(1);
    stop();
    expect(troublesSoFar().filter((text) => text.startsWith('error:')).length).to.equal(1);
  });

  it('OR194 where a page changes the gateway of all its elements at once, in whatever order, none is left behind', async () => {
    for (const isListFirst of [true, false]) {
      const account = `A-8${String(isListFirst)}`;
      const stream = liveStream();
      const [one, two] = [silentBroker(), silentBroker()];
      const page = await mount({ confirm: 'never', account, gateway: one.gateway }, stream);
      const list = await fixture<OpenOrdersElement>(html`<open-orders account=${account}></open-orders>`);
      Object.assign(list, { stream, gateway: one.gateway });
      await list.updateComplete;
      for (const element of isListFirst ? [list, page.element] : [page.element, list]) element.gateway = two.gateway;
      await page.settled();
      await list.updateComplete;
      await send(page);
      expect(two.placed.length).to.equal(1);
      expect(list.orders.length, 'the list has it too').to.equal(1);
      list.remove();
    }
  });

  it('OR194 an order that the page carries from a refused gateway is there when that one may be used', async () => {
    expectTrouble(/TypeError: touchline: a second gateway without a name for account "A-9"/);
    const stop = bearErrors();
    const stream = liveStream();
    const [one, two] = [silentBroker(), silentBroker()];
    const first = await mount({ confirm: 'never', account: 'A-9', gateway: one.gateway }, stream);
    const second = await mount({ confirm: 'never', account: 'A-9', gateway: two.gateway }, stream);
    answerWith(second, new Promise(() => undefined));
    await second.fill();
    await second.press();
    expect(second.submitted.length).to.equal(1);
    first.element.gateway = undefined;
    await first.settled();
    await second.settled();
    stream.pass(400);
    await second.press();
    expect(second.submitted.length, second.button).to.equal(1);
    expect(second.element.orders[0]?.state).to.equal('unknown');
    stop();
  });

  it('OR195 what a gateway without a name finds of the page before does not end by its not knowing it', async () => {
    const stream = liveStream();
    const one = silentBroker();
    const first = await mount({ confirm: 'never', account: 'A-5', gateway: one.gateway }, stream);
    await send(first);
    first.element.remove();
    const two = silentBroker();
    const next = await mount({ confirm: 'never', account: 'A-5', gateway: two.gateway }, stream);
    await waitUntil(() => two.asked.length === 1);
    await next.settled();
    expect(next.element.orders[0]?.state).to.equal('unknown');
    await send(next);
    expect(two.placed).to.deep.equal([]);
    expect(Object.keys(sessionStorage).length).to.equal(1);
    // The person who has asked the broker settles it.
    next.find('[data-act="dismiss"]').click();
    await next.settled();
    expect(next.element.orders).to.deep.equal([]);
  });

  it('OR196 what is no gateway takes no orders, and neither does anybody in its place', async () => {
    expectTrouble(/a gateway must have `capabilities`, got "https:/);
    expectTrouble(/a gateway must have `capabilities`, got one of the name ""/);
    expectTrouble(/a gateway must have a method `place`/);
    const stop = bearErrors();
    const flawed = ['https://broker', {}, { capabilities: {} }, { place: async () => accepted }];
    for (const gateway of flawed) {
      const page = await mount({ confirm: 'never', account: 'A-4', gateway: gateway as unknown as OrderGateway });
      await send(page);
      expect(page.text('.alarm')).to.contain('Nobody on this page takes orders');
      // The page itself may still carry one.
      answerWith(page, Promise.resolve(accepted));
      page.stream.pass(400);
      await page.press();
      expect(page.element.orders[0]?.state).to.equal('open');
      // The desk of the feed, whose server might take orders, has no part in it.
      const plain = await mount({ account: 'A-4' }, page.stream);
      expect(plain.element.orders).to.deep.equal([]);
      page.element.remove();
    }
    stop();
  });

  it('GW48 whatever fails in a gateway, the ticket stands and its orders can be cancelled', async () => {
    expectTrouble(/gateway "broken", observe: failed: Error: no socket/);
    expectTrouble(/gateway "broken", observe: order x in its list cannot be read/);
    expectTrouble(/gateway "broken", venueNow: failed: Error: no time/);
    const { gateway } = silentBroker({
      name: 'broken',
      capabilities: { cancel: true, query: false, events: true, balancesExcludeOpenOrders: false },
      place: async () => ({ outcome: 'accepted', facts: { status: 'open', filled: { units: 0n, scale: 0 } } }),
      venueNow: () => {
        throw new Error('no time');
      },
    });
    let isBroken = false;
    gateway.observe = (_account, listener) => {
      listener({ type: 'ready', orders: [{ request: { clientOrderId: 'x', quantity: '' } } as never] });
      if (isBroken) throw new Error('no socket');
      return () => undefined;
    };
    const page = await mount({ confirm: 'never', account: 'A-3', gateway });
    await send(page);
    expect(page.element.orders[0]?.state).to.equal('open');
    isBroken = true;
    page.element.remove();
    document.body.append(page.element);
    await page.settled();
    expect(page.button).to.contain('Waiting');
    page.find('[data-act="cancel"]').click();
    await page.settled();
    expect(page.element.orders[0]?.state).to.equal('cancelled');
    page.element.remove();
  });
});
