import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/define/open-orders.js';
import '../../src/define/order-panel.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OpenOrdersElement } from '../../src/elements/open-orders/open-orders.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import { parseDecimal } from '../../src/book/decimal.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { FakeVenue } from '../orders/fake-venue.js';
import { FakeStream } from '../support/fake-stream.js';

const SCOM = {
  symbol: 'SCOM',
  currency: 'KES',
  tickSize: '0.05',
  lotSize: '100',
  priceBand: ['16', '19'] as const,
  bracket: true as boolean | 'buy',
};

function liveStream(instrument: object = SCOM): FakeStream {
  const stream = new FakeStream();
  stream.setInstrument(instrument as never);
  stream.pushTicker('SCOM', { price: '17.55' });
  stream.pushBook(
    'SCOM',
    [['17.50', '1200']],
    [
      ['17.55', '900'],
      ['17.60', '400'],
    ],
  );
  return stream;
}

class Ticket {
  readonly sent: OrderSubmitEvent['order'][] = [];

  constructor(
    readonly element: OrderPanelElement,
    readonly stream: FakeStream,
  ) {
    element.addEventListener('order-submit', (event) => {
      this.sent.push((event as OrderSubmitEvent).order);
      (event as OrderSubmitEvent).respondWith(new Promise(() => undefined));
    });
  }

  find<T extends HTMLElement = HTMLInputElement>(selector: string): T {
    return this.element.shadowRoot!.querySelector<T>(selector)!;
  }

  text(selector: string): string {
    return (this.find(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  texts(selector: string): string[] {
    return [...this.element.shadowRoot!.querySelectorAll(selector)].map((each) =>
      each.textContent!.replace(/\s+/g, ' ').trim(),
    );
  }

  get button(): string {
    return this.text('[part="submit"]');
  }

  /** What stands beside the label of a field. */
  note(field: string): string {
    return this.find(`#${field}`).closest('.field')!.querySelector('.note')!.textContent!;
  }

  async set(field: string, value: string): Promise<void> {
    const input = this.find(`#${field}`);
    input.value = value;
    for (const type of ['input', 'blur']) input.dispatchEvent(new Event(type, { bubbles: type !== 'blur' }));
    await this.element.updateComplete;
  }

  async click(selector: string): Promise<void> {
    this.find(selector).click();
    await this.element.updateComplete;
    // What follows at once would count as the second press of a double click.
    if (/submit|\.go|amend/.test(selector)) this.stream.pass(400);
  }

  /** Enter, as a person gives it: what moves by it has been asked for. */
  async press(selector: string): Promise<void> {
    this.find(selector).focus();
    await sendKeys({ press: 'Enter' });
    await this.element.updateComplete;
    await this.element.updateComplete;
  }

  async step(field: string, direction: 'Lower' | 'Raise'): Promise<void> {
    this.find(`#${field}`).closest('.field')!.querySelector<HTMLElement>(`[aria-label^="${direction}"]`)!.click();
    await this.element.updateComplete;
  }

  async fill(): Promise<void> {
    await this.set('limitPrice', '17.50');
    await this.set('quantity', '1,200');
  }
}

async function mount(change: Partial<OrderPanelElement> = {}, stream = liveStream()): Promise<Ticket> {
  const element = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM"></order-panel>`);
  Object.assign(element, { stream, confirm: 'never', ...change });
  await element.updateComplete;
  return new Ticket(element, stream);
}

describe('<order-panel> exits', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP91 exits are there where instrument and gateway offer them, closed, and are accessible open and wrong', async () => {
    for (const bracket of [undefined, false]) {
      const ticket = await mount({}, liveStream({ ...SCOM, bracket }));
      expect(ticket.find('[part="bracket"]')).to.equal(null);
    }
    const venue = new FakeVenue();
    Object.assign(venue, { capabilities: { ...venue.capabilities, bracket: false } });
    expect((await mount({ account: 'A-1', gateway: venue })).find('[part="bracket"]')).to.equal(null);
    const ticket = await mount();
    const details = ticket.find<HTMLDetailsElement>('[part="bracket"]');
    expect(details.open).to.equal(false);
    expect(ticket.text('summary')).to.equal('Exitstake profit, stop loss');
    await ticket.press('summary');
    expect(details.open).to.equal(true);
    await expect(ticket.element).to.be.accessible();
    await ticket.fill();
    await ticket.set('takeProfit', '17.00');
    await expect(ticket.element).to.be.accessible();
    expect(ticket.text('summary')).to.equal('Exitstake profit 17.00');
  });

  it('OP91 where they are for buys only, a sell has none: the line says so, and what was entered keeps the order back', async () => {
    const ticket = await mount({}, liveStream({ ...SCOM, bracket: 'buy' }));
    await ticket.press('summary');
    await ticket.fill();
    await ticket.set('stopLoss', '17.20');
    ticket.element.side = 'sell';
    await ticket.element.updateComplete;
    expect(ticket.text('summary')).to.equal('Exitsfor buys only');
    expect([ticket.find('#takeProfit').disabled, ticket.find('#stopLoss').disabled]).to.deep.equal([true, false]);
    expect(ticket.button).to.equal('Exits are for buys only');
    await ticket.click('[part="submit"]');
    expect(ticket.sent.length).to.equal(0);
    await ticket.set('stopLoss', '');
    expect(ticket.button).to.equal('Sell 1,200 SCOM at 17.50');
  });

  it('OP92 exits step by tick from the first price that would do, and say what is wrong, what would do and what they come to', async () => {
    const ticket = await mount();
    await ticket.press('summary');
    await ticket.fill();
    await ticket.step('takeProfit', 'Raise');
    await ticket.step('stopLoss', 'Lower');
    expect([ticket.find('#takeProfit').value, ticket.find('#stopLoss').value]).to.deep.equal(['17.55', '17.45']);
    await ticket.step('takeProfit', 'Raise');
    expect([ticket.find('#takeProfit').value, ticket.note('takeProfit')]).to.deep.equal(['17.60', 'gains KES 120.00']);
    expect(ticket.note('stopLoss')).to.equal('loses KES 60.00');
    await ticket.set('takeProfit', '17.50');
    expect(ticket.text('#takeProfit-hint .error')).to.equal('Take profit must be above 17.50');
    expect(ticket.button).to.equal('Take profit must be above 17.50');
    await ticket.click('#takeProfit-hint .nearest');
    expect(ticket.find('#takeProfit').value).to.equal('17.55');
    await ticket.set('stopLoss', '17.42');
    expect(ticket.texts('#stopLoss-hint .nearest')).to.deep.equal(['17.40', '17.45']);
    await ticket.set('stopLoss', '15.00');
    expect(ticket.button).to.equal('Today’s limits are 16.00 to 19.00');
    // A press that is refused opens what was closed over the mistake.
    await ticket.press('summary');
    expect(ticket.find<HTMLDetailsElement>('details').open).to.equal(false);
    await ticket.press('#quantity');
    expect(ticket.find<HTMLDetailsElement>('details').open).to.equal(true);
    expect(ticket.element.shadowRoot!.activeElement?.id).to.equal('stopLoss');
  });

  it('OP93 exits stand on the button, in the order and in its sameness, and go with the quantity once it is taken', async () => {
    const ticket = await mount();
    await ticket.press('summary');
    await ticket.fill();
    await ticket.set('takeProfit', '17.8');
    await ticket.set('stopLoss', '17.2');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.50, take profit 17.80, stop loss 17.20');
    await ticket.click('[part="submit"]');
    const { takeProfit, stopLoss } = ticket.sent[0]!;
    expect([takeProfit, stopLoss]).to.deep.equal(['17.80', '17.20']);
    expect(ticket.button).to.equal('Sending');
    await ticket.set('stopLoss', '17.25');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.50, take profit 17.80, stop loss 17.25');
    await ticket.set('stopLoss', '17.20');
    await ticket.set('takeProfit', '');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.50, stop loss 17.20');
    await ticket.set('takeProfit', '17.80');
    expect(ticket.button).to.equal('Sending');
    ticket.element.updateOrder(ticket.sent[0]!.clientOrderId, { status: 'open', orderId: 'o-1' } as never);
    await ticket.element.updateComplete;
    await ticket.element.updateComplete;
    expect(['quantity', 'takeProfit', 'stopLoss', 'limitPrice'].map((id) => ticket.find(`#${id}`).value)).to.deep.equal(
      ['', '', '', '17.50'],
    );
    await ticket.fill();
    await ticket.click('[part="submit"]');
    expect('takeProfit' in ticket.sent[1]!).to.equal(false);
    ticket.element.symbol = 'KCB';
    await ticket.element.updateComplete;
  });

  it('OP94 the confirmation says what each exit would gain or lose at its price, to the cent', async () => {
    const ticket = await mount({ confirm: 'always' });
    await ticket.press('summary');
    await ticket.fill();
    await ticket.click('[part="submit"]');
    expect(ticket.find('dialog [part="bracket"]')).to.equal(null);
    await ticket.click('dialog .back');
    ticket.stream.pass(400);
    await ticket.set('takeProfit', '17.85');
    await ticket.set('stopLoss', '17.20');
    await ticket.click('[part="submit"]');
    expect(ticket.texts('dialog [part="bracket"] div')).to.deep.equal([
      'Take profit at 17.85 gains KES 420.00',
      'Stop loss at 17.20 loses KES 360.00',
    ]);
    expect(ticket.text('.exits-note')).to.equal('All of it, before fees.');
    expect(ticket.find('dialog').scrollWidth).to.be.at.most(ticket.find('dialog').clientWidth);
    expect(ticket.text('dialog h2')).to.equal('Buy 1,200 SCOM at 17.50, take profit 17.85, stop loss 17.20?');
    await expect(ticket.element).to.be.accessible();
    ticket.stream.pass(400);
    await ticket.click('dialog .go');
    expect([ticket.sent[0]?.takeProfit, ticket.sent[0]?.stopLoss]).to.deep.equal(['17.85', '17.20']);
  });

  const request = (change: Partial<OrderRequest>): OrderRequest => ({
    clientOrderId: 'entry-0001',
    account: 'A-1',
    symbol: 'SCOM',
    side: 'buy',
    orderType: 'limit',
    quantity: '1200',
    limitPrice: '17.50',
    stopPrice: null,
    timeInForce: 'gtc',
    createdAt: 1,
    ...change,
  });
  const placeAll = async (venue: FakeVenue): Promise<void> => {
    await venue.place(request({ takeProfit: '17.80', stopLoss: '17.20' }));
    const exit = { parent: 'entry-0001', side: 'sell' } as const;
    await venue.place(request({ ...exit, clientOrderId: 'entry-0001.tp', limitPrice: '17.80' }));
    const stop = { orderType: 'stop', limitPrice: null, stopPrice: '17.20' } as const;
    await venue.place(request({ ...exit, ...stop, clientOrderId: 'entry-0001.sl' }));
  };

  it('OP95 the lists say of an exit which one it is, and of what', async () => {
    const venue = new FakeVenue();
    await placeAll(venue);
    venue.fill('entry-0001', '1200');
    const stream = liveStream();
    const ticket = await mount({ account: 'A-1', gateway: venue }, stream);
    const list = await fixture<OpenOrdersElement>(html`<open-orders account="A-1" lang="en"></open-orders>`);
    Object.assign(list, { stream, gateway: venue });
    await aTimeout(0);
    await Promise.all([list.updateComplete, ticket.element.updateComplete]);
    const standing = (element: HTMLElement, id: string): string =>
      element.shadowRoot!.querySelector(`[part="order"][data-id="${id}"] .standing`)!.textContent!;
    expect(standing(ticket.element, 'entry-0001.tp')).to.equal('take profit of Buy 1,200 at 17.50: Open');
    expect(standing(ticket.element, 'entry-0001.sl')).to.equal('stop loss of Buy 1,200 at 17.50: Open');
    expect(standing(list, 'entry-0001.tp')).to.equal('take profit of Buy 1,200 SCOM at 17.50: Open');
    expect(standing(list, 'entry-0001')).to.match(/^Filled/);
    await expect(list).to.be.accessible();
    venue.tell({
      type: 'order',
      clientOrderId: 'entry-0001.sl',
      event: {
        type: 'cancelled',
        facts: {
          status: 'cancelled',
          filled: parseDecimal('0')!,
          leaves: parseDecimal('0')!,
          reason: { code: 'linked', message: '', by: 'venue' },
        },
      },
    });
    await list.updateComplete;
    expect(standing(list, 'entry-0001.sl')).to.equal(
      'stop loss of Buy 1,200 SCOM at 17.50: Cancelled, its twin has ended',
    );
  });

  it('OP96 of an exit only the price can be changed, and an entry stays between its exits', async () => {
    const venue = new FakeVenue();
    await placeAll(venue);
    const ticket = await mount({
      account: 'A-1',
      gateway: venue,
      balances: { cash: { KES: '50000' }, positions: { SCOM: '1200' } },
    });
    await aTimeout(0);
    await ticket.element.updateComplete;
    await ticket.click('[data-id="entry-0001.tp"][data-act="amend"]');
    await ticket.element.updateComplete;
    expect([ticket.find('#amend-limitPrice')?.value, ticket.find('#amend-quantity')]).to.deep.equal(['17.80', null]);
    await ticket.set('amend-limitPrice', '17.95');
    await ticket.click('.amend .go');
    await aTimeout(0);
    const changed = venue.factsOf('entry-0001.tp');
    expect([changed?.limitPrice, changed?.revision]).to.deep.equal(['17.95', 1]);
    await ticket.element.updateComplete;
    await ticket.click('[data-id="entry-0001"][data-act="amend"]');
    await ticket.element.updateComplete;
    await ticket.set('amend-limitPrice', '17.15');
    expect(ticket.text('.amend .go')).to.equal('Stop loss must be below 17.15');
    await ticket.set('amend-limitPrice', '17.45');
    expect(ticket.text('.amend .go')).to.equal('Buy 1,200 at 17.45 instead');
  });
});
