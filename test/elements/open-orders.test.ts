import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/define/open-orders.js';
import '../../src/define/order-panel.js';
import type { OpenOrdersElement } from '../../src/elements/open-orders/open-orders.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderRejectEvent, OrderUpdateEvent } from '../../src/elements/order-panel/order-panel.events.js';
import { deskFor } from '../../src/orders/desks.js';
import type { OrderDesk } from '../../src/orders/order-desk.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { FakeVenue } from '../orders/fake-venue.js';
import { FakeStream } from '../support/fake-stream.js';
import { expectTrouble } from '../support/page-health.js';

const SCOM = { symbol: 'SCOM', name: 'Safaricom PLC', currency: 'KES', tickSize: '0.05', lotSize: '100' };

/** What a user sees and does on a list of orders, and the venue behind it. */
class ListPage {
  #made = 0;

  constructor(
    readonly element: OpenOrdersElement,
    readonly venue: FakeVenue,
    readonly stream: FakeStream,
  ) {}

  get #root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  get desk(): OrderDesk {
    return deskFor(this.venue, 'A-1', () => {
      throw new Error('the element opened no desk');
    });
  }

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.#root.querySelector<T>(selector)!;
  }

  texts(selector: string): string[] {
    return [...this.#root.querySelectorAll(selector)].map((each) => each.textContent!.replace(/\s+/g, ' ').trim());
  }

  text(selector: string): string {
    return this.texts(selector)[0] ?? '';
  }

  get focused(): string {
    const element = this.#root.activeElement as HTMLElement | null;
    if (element?.className === 'orders') return 'orders';
    return (
      element?.getAttribute('aria-label') ?? element?.querySelector('.what')?.textContent ?? element?.className ?? ''
    );
  }

  async settled(): Promise<void> {
    await aTimeout(0);
    await this.element.updateComplete;
    await this.element.updateComplete;
  }

  /** Places an order as a ticket would; gives its id. */
  async place(change: Partial<OrderRequest> = {}): Promise<string> {
    const clientOrderId = `c-${++this.#made}`;
    const request: OrderRequest = {
      clientOrderId,
      account: 'A-1',
      symbol: 'SCOM',
      side: 'buy',
      orderType: 'limit',
      quantity: '1200',
      limitPrice: '17.50',
      stopPrice: null,
      timeInForce: 'day',
      createdAt: Date.UTC(2026, 10, 29, 9, 30, this.#made),
      ...change,
    };
    this.desk.submit(request, undefined, () => 'gateway');
    await this.settled();
    return clientOrderId;
  }

  async press(selector: string): Promise<void> {
    this.find(selector).click();
    await this.settled();
  }
}

async function mount(change: Partial<OpenOrdersElement> = {}, venue = new FakeVenue()): Promise<ListPage> {
  const stream = new FakeStream();
  stream.setInstrument(SCOM);
  const element = await fixture<OpenOrdersElement>(html`<open-orders account="A-1" lang="en"></open-orders>`);
  Object.assign(element, { stream, gateway: venue, ...change });
  await element.updateComplete;
  return new ListPage(element, venue, stream);
}

/** A ticket beside the list, and the id of an order that was placed by it. */
async function orderByTicket(page: ListPage): Promise<{ ticket: OrderPanelElement; order: string }> {
  const ticket = await fixture<OrderPanelElement>(
    html`<order-panel symbol="SCOM" account="A-1" lang="en" confirm="never"></order-panel>`,
  );
  Object.assign(ticket, { stream: page.stream, gateway: page.venue });
  page.stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '900']]);
  await ticket.updateComplete;
  const inside = <T extends HTMLElement>(selector: string): T => ticket.shadowRoot!.querySelector<T>(selector)!;
  for (const [field, text] of [
    ['limitPrice', '17.50'],
    ['quantity', '300'],
  ] as const) {
    const input = inside<HTMLInputElement>(`#${field}`);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  await ticket.updateComplete;
  inside('[part="submit"]').click();
  await page.settled();
  await ticket.updateComplete;
  return { ticket, order: page.desk.orders[0]!.request.clientOrderId };
}

describe('<open-orders>', () => {
  beforeEach(() => sessionStorage.clear());

  it('OO1 is accessible empty, full, behind, and while it asks', async () => {
    const page = await mount();
    await expect(page.element).to.be.accessible();
    const id = await page.place();
    await page.place({ side: 'sell', limitPrice: '17.60' });
    page.venue.fill(id, '400');
    await page.settled();
    await expect(page.element).to.be.accessible();
    await page.press('[part="cancel-all"]');
    await expect(page.element).to.be.accessible();
    await page.press('dialog .back');
    page.venue.disconnect();
    await page.settled();
    await expect(page.element).to.be.accessible();
  });

  it('OO2 an order says what it is, what has filled, how it stands and when it was made', async () => {
    const page = await mount();
    const id = await page.place();
    page.venue.fill(id, '400');
    await page.settled();
    expect(page.find('ul').getAttribute('role')).to.equal('list');
    expect(page.text('.what')).to.equal('Buy 1,200 SCOM at 17.50');
    expect(page.text('.type')).to.equal('Limit');
    expect(page.text('.standing')).to.equal('Partly filled, 400 of 1,200 filled, at 17.50');
    const bar = page.find<HTMLProgressElement>('progress');
    expect(bar.value / bar.max).to.be.closeTo(1 / 3, 1e-9);
    expect(page.find<HTMLTimeElement>('time').dateTime).to.equal('2026-11-29T09:30:01.000Z');
    expect(page.text('time')).to.match(/29.*\d\d:\d\d:\d\d|\d\d:\d\d:\d\d/);
    page.venue.fill(id, '800');
    await page.settled();
    expect(page.text('.standing')).to.equal('Filled, at 17.50');
    expect(bar.isConnected ? bar.value : page.find<HTMLProgressElement>('progress').value).to.equal(1200);
  });

  it('OO3 lists what may trade, the last that ended, newest first, of one symbol where that is asked for', async () => {
    const page = await mount({ history: 2 });
    await page.place({ quantity: '400' });
    for (const quantity of ['100', '200', '300']) {
      const id = await page.place({ quantity });
      page.desk.cancel(id);
      await page.settled();
    }
    await page.place({ quantity: '500', symbol: 'KCB', limitPrice: '36.5' });
    await page.settled();
    const all = ['Buy 500 KCB at 36.5', 'Buy 400 SCOM at 17.50', 'Buy 300 SCOM at 17.50', 'Buy 200 SCOM at 17.50'];
    expect(page.texts('.what')).to.deep.equal(all);
    expect(page.element.orders.map(({ quantity }) => quantity)).to.deep.equal(['500', '400', '300', '200']);
    page.element.symbol = 'SCOM';
    await page.settled();
    expect(page.texts('.what')).to.deep.equal(['Buy 400 at 17.50', 'Buy 300 at 17.50', 'Buy 200 at 17.50']);
    page.venue.fate = 'lost_before';
    page.venue.query = () => Promise.resolve({ outcome: 'failed', reason: 'no answer' });
    await page.place({ symbol: 'KCB', quantity: '600', limitPrice: '36.5' });
    expect(page.text('.what')).to.equal('Buy 600 KCB at 36.5');
    expect(page.text('.standing')).to.contain('Outcome unknown');
    page.element.history = 0;
    page.element.symbol = '';
    await page.settled();
    expect(page.texts('.what')).to.have.length(3);
    expectTrouble(/history must be/);
    page.element.history = -1;
    await page.settled();
    expect(page.texts('.what')).to.have.length(6);
  });

  it('OO4 shares its orders with a ticket, and gives everything back when it leaves', async () => {
    const page = await mount();
    const ticket = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM" account="A-1"></order-panel>`);
    Object.assign(ticket, { stream: page.stream, gateway: page.venue });
    await ticket.updateComplete;
    const id = await page.place();
    expect(ticket.orders.map(({ clientOrderId }) => clientOrderId)).to.deep.equal([id]);
    expect(page.venue.listenerCount).to.equal(1);
    ticket.remove();
    expect(page.venue.listenerCount).to.equal(1);
    expect(page.text('.what')).to.equal('Buy 1,200 SCOM at 17.50');
    const { element } = page;
    const { parentElement } = element;
    await page.press('[part="cancel-all"]');
    element.remove();
    expect(page.venue.listenerCount).to.equal(0);
    expect(page.stream.listenerCount).to.equal(0);
    parentElement!.append(element);
    await page.settled();
    expect(page.find<HTMLDialogElement>('dialog').open).to.equal(false);
    expect(page.text('.what')).to.equal('Buy 1,200 SCOM at 17.50');
  });

  it('OO5 cancels what can be cancelled, once, whatever the market does', async () => {
    const page = await mount();
    let cancels = 0;
    const cancel = page.venue.cancel.bind(page.venue);
    page.venue.cancel = (request) => {
      cancels++;
      return cancel(request);
    };
    await page.place();
    page.stream.setStatus({ state: 'reconnecting', reason: 'reconnecting' });
    const button = page.find('[data-act="cancel"]');
    expect(button.getAttribute('aria-label')).to.equal('Cancel Buy 1,200 SCOM at 17.50');
    button.click();
    button.click();
    await page.settled();
    expect(cancels).to.equal(1);
    expect(page.text('.standing')).to.equal('Cancelled');
    expect(page.find('[data-act="cancel"]')).to.equal(null);
  });

  it('OO6 cancel all asks, names the orders, and cancels exactly those that can still be cancelled', async () => {
    const page = await mount();
    const first = await page.place();
    await page.place({ side: 'sell', quantity: '300', limitPrice: '17.65' });
    await page.press('[part="cancel-all"]');
    expect(page.text('dialog h2')).to.equal('Cancel 2 orders?');
    expect(page.texts('dialog li')).to.deep.equal(['Sell 300 SCOM at 17.65', 'Buy 1,200 SCOM at 17.50']);
    // One that comes meanwhile was not asked about, one that fills needs no cancel.
    const late = await page.place({ quantity: '700' });
    page.venue.fill(first, '1200');
    await page.settled();
    expect(page.text('dialog .go')).to.equal('Cancel 1 order');
    await page.press('dialog .go');
    expect(page.find<HTMLDialogElement>('dialog').open).to.equal(false);
    expect(page.texts('.orders .standing')).to.deep.equal(['Open', 'Cancelled', 'Filled, at 17.50']);
    expect(page.desk.order(late)?.state).to.equal('open');
  });

  it('OO6 cancel all leaves orders alone that are not listed', async () => {
    const page = await mount({ symbol: 'SCOM' });
    const other = await page.place({ symbol: 'KCB' });
    await page.place();
    await page.press('[part="cancel-all"]');
    expect(page.texts('dialog li')).to.deep.equal(['Buy 1,200 at 17.50']);
    await page.press('dialog .go');
    expect(page.desk.order(other)?.state).to.equal('open');
  });

  it('OO6 Back and Escape cancel none, and a held Enter does not confirm', async () => {
    const page = await mount();
    const id = await page.place();
    page.find('[part="cancel-all"]').focus();
    await sendKeys({ down: 'Enter' });
    await page.settled();
    await sendKeys({ down: 'Enter' });
    await sendKeys({ up: 'Enter' });
    await page.settled();
    const dialog = page.find<HTMLDialogElement>('dialog');
    expect(dialog.open).to.equal(true);
    await sendKeys({ press: 'Escape' });
    await page.settled();
    expect(dialog.open).to.equal(false);
    await page.press('[part="cancel-all"]');
    await page.press('dialog .back');
    expect(dialog.open).to.equal(false);
    expect(page.desk.order(id)?.state).to.equal('open');
  });

  it('OO7 says each change once in one polite region, and counts many', async () => {
    const page = await mount();
    const id = await page.place();
    expect(page.texts('[role="status"]')).to.deep.equal(['Buy 1,200 SCOM at 17.50: Open']);
    page.venue.fill(id, '400');
    await page.settled();
    expect(page.text('[role="status"]')).to.equal(
      'Buy 1,200 SCOM at 17.50: Partly filled, 400 of 1,200 filled, at 17.50',
    );
    await page.place({ quantity: '100' });
    expect(page.text('[role="status"]')).to.equal('Buy 100 SCOM at 17.50: Open');
    for (let i = 0; i < 2; i++) await page.place({ quantity: '100' });
    await page.press('[part="cancel-all"]');
    await page.press('dialog .go');
    expect(page.text('[role="status"]')).to.equal('4 orders have changed');
    page.element.requestUpdate();
    await page.settled();
    expect(page.text('[role="status"]')).to.equal('4 orders have changed');
  });

  it('OO8 tells the page of every change, and of a rejection', async () => {
    const page = await mount({ symbol: 'SCOM' });
    const updates: string[] = [];
    const rejects: string[] = [];
    page.element.addEventListener('order-update', (event) => {
      const { order, previousState } = event as OrderUpdateEvent;
      updates.push(`${order.clientOrderId} ${previousState ?? '-'} ${order.state} ${order.filled}`);
    });
    page.element.addEventListener('order-reject', (event) => rejects.push((event as OrderRejectEvent).code));
    const id = await page.place();
    page.venue.fill(id, '400');
    page.venue.isConnected = false;
    await page.place();
    await page.place({ symbol: 'KCB' });
    expect(updates).to.deep.equal([
      'c-1 - submitting 0',
      'c-1 submitting pending_new 0',
      'c-1 pending_new open 0',
      'c-1 open partially_filled 400',
      'c-2 - submitting 0',
      'c-2 submitting pending_new 0',
      'c-2 pending_new rejected 0',
    ]);
    expect(rejects).to.deep.equal(['not_connected']);
  });

  it('OO9 the focus stays on its order while rows come and go', async () => {
    const page = await mount({ history: 0 });
    await page.place();
    const second = await page.place({ quantity: '300' });
    page.find(`[data-id="${second}"] [data-act="cancel"]`).focus();
    await page.place({ quantity: '700' });
    expect(page.focused).to.equal('Cancel Buy 300 SCOM at 17.50');
    await sendKeys({ press: 'Tab' });
    expect(page.focused).to.equal('Change Buy 1,200 SCOM at 17.50');
    await sendKeys({ down: 'Shift' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ up: 'Shift' });
    // While its cancel is under way there is no button, and the row has the focus.
    let answer = (): void => undefined;
    const cancel = page.venue.cancel.bind(page.venue);
    page.venue.cancel = async (request) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return cancel(request);
    };
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.focused).to.equal('Buy 300 SCOM at 17.50');
    answer();
    await page.settled();
    expect(page.texts('.what')).to.deep.equal(['Buy 700 SCOM at 17.50', 'Buy 1,200 SCOM at 17.50']);
    expect(page.focused).to.equal('orders');
  });

  it('OO18 an order is changed in a dialog that reads its prices and sends what the desk is to ask for', async () => {
    const page = await mount();
    const id = await page.place();
    page.stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '900']]);
    expect(page.stream.subscribed.includes('SCOM')).to.equal(false);
    page.find('[data-act="amend"]').focus();
    await page.press('[data-act="amend"]');
    expect(page.find<HTMLDialogElement>('dialog.amending').open).to.equal(true);
    expect(page.text('#amend-title')).to.equal('Change Buy 1,200 SCOM at 17.50');
    expect(page.stream.subscribed.includes('SCOM')).to.equal(true);
    await expect(page.element).to.be.accessible();
    page.stream.pushBook('SCOM', [['17.40', '1200']], [['17.60', '900']]);
    await page.settled();
    expect(page.text('.field:has(#amend-limitPrice) .note')).to.equal('best 17.40 / 17.60');
    const price = page.find<HTMLInputElement>('#amend-limitPrice');
    price.value = '17.45';
    price.dispatchEvent(new Event('input', { bubbles: true }));
    await page.settled();
    page.venue.disconnect();
    await page.settled();
    expect(page.text('.amend .go')).to.contain('account');
    await page.press('.amend .go');
    expect(page.venue.replaceCalls).to.equal(0);
    page.venue.reconnect();
    await page.settled();
    expect(price.value).to.equal('17.45');
    await page.press('.amend .go');
    expect(page.find('dialog.amending')).to.equal(null);
    // Its button was made anew while the account was behind: the row has the focus.
    expect(page.focused).to.equal('Buy 1,200 SCOM at 17.45');
    expect(page.stream.subscribed.includes('SCOM')).to.equal(false);
    await page.settled();
    expect(page.venue.replaceCalls).to.equal(1);
    expect(page.text('.what')).to.equal('Buy 1,200 SCOM at 17.45');
    expect(page.desk.order(id)?.revision).to.equal(1);
    page.venue.fill(id, '1200');
    await page.settled();
    expect(page.find('[data-act="amend"]')).to.equal(null);
  });

  it("OO18 so it is in the ticket's own list", async () => {
    const page = await mount();
    const ticket = await fixture<OrderPanelElement>(
      html`<order-panel symbol="SCOM" account="A-1" lang="en"></order-panel>`,
    );
    Object.assign(ticket, { stream: page.stream, gateway: page.venue });
    page.stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '900']]);
    await ticket.updateComplete;
    await page.place();
    await ticket.updateComplete;
    const find = <T extends HTMLElement>(selector: string): T => ticket.shadowRoot!.querySelector<T>(selector)!;
    find('[data-act="amend"]').click();
    await ticket.updateComplete;
    await expect(ticket).to.be.accessible();
    const rest = find<HTMLInputElement>('#amend-quantity');
    rest.value = '500';
    rest.dispatchEvent(new Event('input', { bubbles: true }));
    await ticket.updateComplete;
    find('.amend .go').click();
    await page.settled();
    await ticket.updateComplete;
    expect(find('.orders .what').textContent).to.equal('Buy 500 at 17.50');
    expect(page.venue.replaceCalls).to.equal(1);
    const buttons = (): number => ticket.shadowRoot!.querySelectorAll('[data-act="amend"]').length;
    expect(buttons()).to.equal(1);
    page.venue.fill('c-1', '500');
    await ticket.updateComplete;
    expect(buttons()).to.equal(0);
  });

  it('OO20 a change and a cancel that were refused are told with the reason, until the order changes', async () => {
    const page = await mount();
    const id = await page.place();
    page.venue.replace = () => Promise.resolve({ outcome: 'rejected', code: 'revision_conflict' });
    page.desk.amend(id, { quantity: '800' });
    await page.settled();
    const refused = 'Not changed: Buy 1,200 SCOM at 17.50, somebody else had changed it';
    expect([page.text('.notice'), page.text('[role="status"]')]).to.deep.equal([refused, refused]);
    await expect(page.element).to.be.accessible();
    await page.place({ quantity: '100' });
    expect(page.text('.notice')).to.equal(refused);
    for (const filled of ['100', '200']) {
      page.venue.fill(id, filled);
      await page.settled();
      expect(page.text('.notice')).to.equal('');
      page.desk.amend(id, { quantity: '800' });
      await page.settled();
      expect(page.text('.notice')).to.equal(refused);
    }
    const cancel = page.venue.cancel.bind(page.venue);
    page.venue.cancel = () => Promise.resolve({ outcome: 'rejected', code: 'too_late' });
    page.desk.cancel(id);
    await page.settled();
    expect(page.text('.notice')).to.equal('Not cancelled: Buy 1,200 SCOM at 17.50, it was too late');
    page.venue.cancel = cancel;
    page.desk.cancel(id);
    await page.settled();
    expect(page.text('.notice')).to.equal('');
  });

  it('OO21 what a ticket says of its own orders the list does not say again, and does once that has gone', async () => {
    const page = await mount();
    const { ticket, order } = await orderByTicket(page);
    expect(page.desk.order(order)?.state).to.equal('open');
    expect(page.text('[role="status"]')).to.equal('');
    ticket.remove();
    page.venue.fill(order, '100');
    await page.settled();
    expect(page.text('[role="status"]')).to.contain('Buy 300 SCOM at 17.50: Partly filled');
  });

  it('OO21 events are each element’s own: the list tells of every order, the ticket of those placed in it', async () => {
    const page = await mount();
    const { ticket, order } = await orderByTicket(page);
    const told = [0, 0];
    page.element.addEventListener('order-update', () => told[0]!++);
    ticket.addEventListener('order-update', () => told[1]!++);
    page.venue.fill(order, '100');
    expect(told).to.deep.equal([1, 1]);
    await page.place();
    expect([told[0]! > 1, told[1]]).to.deep.equal([true, 1]);
    expect(page.text('[role="status"]')).to.equal('Buy 1,200 SCOM at 17.50: Open');
  });

  it('OP100 a disabled ticket changes nothing, and cancels all the same', async () => {
    const page = await mount();
    const { ticket, order } = await orderByTicket(page);
    const find = (selector: string): HTMLElement | null => ticket.shadowRoot!.querySelector(selector);
    find('[data-act="amend"]')!.click();
    await ticket.updateComplete;
    expect(find('dialog.amending form')).not.to.equal(null);
    ticket.disabled = true;
    await ticket.updateComplete;
    await ticket.updateComplete;
    expect([find('dialog.amending form'), find('[data-act="amend"]')]).to.deep.equal([null, null]);
    expect(find('dialog[open]')).to.equal(null);
    // Sooner it would count as a press on the dialog.
    page.stream.pass(400);
    find('[data-act="cancel"]')!.click();
    await page.settled();
    expect(page.desk.order(order)?.state).to.equal('cancelled');
    expect(page.venue.replaceCalls).to.equal(0);
  });

  it('OP98 a refused change or cancel of an order of the ticket is told under its button, of no other', async () => {
    const page = await mount();
    const { ticket, order } = await orderByTicket(page);
    const said = (): string => ticket.shadowRoot!.querySelector('.say')!.textContent!.trim();
    const other = await page.place();
    page.venue.replace = () => Promise.resolve({ outcome: 'rejected', code: 'too_late' });
    page.desk.amend(other, { quantity: '200' });
    await page.settled();
    await ticket.updateComplete;
    expect(said()).not.to.contain('Not changed');
    page.desk.amend(order, { quantity: '200' });
    await page.settled();
    await ticket.updateComplete;
    expect(said()).to.contain('Not changed: Buy 300 at 17.50, it was too late');
    page.venue.cancel = () => Promise.resolve({ outcome: 'rejected', code: 'too_late' });
    page.desk.cancel(order);
    await page.settled();
    await ticket.updateComplete;
    expect(said()).to.contain('Not cancelled: Buy 300 at 17.50, it was too late');
  });

  it('OO19 a page reads the terms that hold, and is told of a change', async () => {
    const page = await mount();
    const id = await page.place();
    const told: string[] = [];
    page.element.addEventListener('order-update', (event) => {
      const { state, revision, quantity, limitPrice } = (event as OrderUpdateEvent).order;
      told.push([state, revision, quantity, limitPrice].join(' '));
    });
    page.desk.amend(id, { quantity: '800', limitPrice: '17.40' });
    await page.settled();
    expect(told).to.deep.equal(['pending_replace 0 1200 17.50', 'open 1 800 17.40']);
    expect(page.element.orders[0]?.limitPrice).to.equal('17.40');
    const stop = await page.place({ orderType: 'stop_limit', stopPrice: '17.60', limitPrice: '17.70' });
    page.desk.amend(stop, { stopPrice: '17.65' });
    await page.settled();
    const { stopPrice, limitPrice, revision } = page.element.orders[0]!;
    expect([stopPrice, limitPrice, revision]).to.deep.equal(['17.65', '17.70', 1]);
  });

  it("OO16 so it does in the ticket's own list", async () => {
    const page = await mount();
    const ticket = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM" account="A-1"></order-panel>`);
    Object.assign(ticket, { stream: page.stream, gateway: page.venue });
    await ticket.updateComplete;
    const root = ticket.shadowRoot!;
    const focused = (): string | null | undefined =>
      root.activeElement?.getAttribute('aria-label') ?? root.activeElement?.querySelector('.what')?.textContent;
    await page.place();
    await page.place({ quantity: '300' });
    await ticket.updateComplete;
    root.querySelector<HTMLElement>('[data-id="c-1"][data-act="cancel"]')!.focus();
    await page.place({ quantity: '700' });
    await ticket.updateComplete;
    expect(focused()).to.equal('Cancel Buy 1,200 at 17.50');
    await sendKeys({ press: 'Enter' });
    await page.settled();
    await ticket.updateComplete;
    expect(focused()).to.equal('Buy 1,200 at 17.50');
    ticket.symbol = 'KCB';
    await ticket.updateComplete;
    expect(root.activeElement?.className).to.equal('orders');
  });

  it('OO9 after cancel all the focus is on the list', async () => {
    const page = await mount();
    await page.place();
    page.find('[part="cancel-all"]').focus();
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.focused).to.equal('');
    await page.press('dialog .go');
    expect(page.focused).to.equal('orders');
  });

  it('OO10 says when it may be behind, keeps its rows and its height', async () => {
    const page = await mount();
    // Chromium reports no layout shift in the first half second of a page.
    await aTimeout(600);
    const height = page.element.getBoundingClientRect().height;
    expect(page.text('[part="notice"]')).to.equal('No orders yet');
    expect(page.element.matches(':state(empty)')).to.equal(true);
    for (let i = 0; i < 8; i++) await page.place();
    await aTimeout(100);
    expect(page.element.matches(':state(live)')).to.equal(true);
    page.venue.disconnect();
    await page.settled();
    expect(page.text('[part="notice"]')).to.equal('May be behind: waiting for the account');
    expect(page.element.matches(':state(stale)')).to.equal(true);
    expect(page.texts('.what')).to.have.length(8);
    expect(page.element.getBoundingClientRect().height).to.equal(height);
    Object.assign(page.element, { gateway: undefined, stream: undefined });
    await page.settled();
    expect(page.text('[part="notice"]')).to.equal('No feed: orders cannot be seen');
    expect(page.element.matches(':state(disconnected)')).to.equal(true);
    expect(page.element.getBoundingClientRect().height).to.equal(height);
  });

  it('OO10 nothing in a row moves when what can be done with it changes', async () => {
    for (const width of ['280px', '420px', '900px']) {
      const page = await mount();
      page.element.style.width = width;
      page.venue.query = () => Promise.resolve({ outcome: 'failed', reason: 'no answer' });
      const id = await page.place();
      const boxes = (): string =>
        JSON.stringify(
          ['li', '.what', '.type', 'progress', 'time'].map((part) => {
            const { x, y, height } = page.find(`.orders ${part}`).getBoundingClientRect();
            return [part, x, y, height];
          }),
        );
      const before = boxes();
      expect(page.find('[data-act="cancel"]'), width).not.to.equal(null);
      page.desk.cancel(id);
      await page.element.updateComplete;
      expect(page.find('[data-act="cancel"]'), width).to.equal(null);
      expect(boxes(), width).to.equal(before);
      await page.settled();
      // Two words of the venue that differ: a person has to settle it.
      page.desk.report(id, { type: 'reject', code: 'admin', message: '' });
      await page.settled();
      expect(page.find('[data-act="dismiss"]'), width).not.to.equal(null);
      expect(boxes(), width).to.equal(before);
      page.element.remove();
    }
  });

  it('OO11 writes prices by the tick table, or with the decimals that the order has', async () => {
    const page = await mount();
    await page.place({ limitPrice: '17.5' });
    await page.place({ symbol: 'KCB', limitPrice: '36.500' });
    expect(page.texts('.what')).to.deep.equal(['Buy 1,200 KCB at 36.500', 'Buy 1,200 SCOM at 17.50']);
    page.element.lang = 'de';
    await page.settled();
    await page.settled();
    expect(page.texts('.what')).to.deep.equal(['Buy 1.200 KCB at 36,500', 'Buy 1.200 SCOM at 17,50']);
  });
});
