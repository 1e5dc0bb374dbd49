import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define/order-panel.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderGateway } from '../../src/orders/gateway.js';
import type { OrderType } from '../../src/orders/order.js';
import { SCOM, TicketPage, liveStream, pickLevel } from '../support/ticket-page.js';

const gatewayOf = (...orderTypes: OrderType[]): OrderGateway => ({
  capabilities: { cancel: false, query: false, events: false, balancesExcludeOpenOrders: false, orderTypes },
  place: () => new Promise(() => undefined),
});

async function mount(change: Partial<OrderPanelElement>, stream = liveStream()): Promise<TicketPage> {
  const element = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM"></order-panel>`);
  Object.assign(element, { stream, confirm: 'never', ...change });
  await element.updateComplete;
  return new TicketPage(element, stream);
}

async function set(page: TicketPage, change: Partial<OrderPanelElement>): Promise<void> {
  Object.assign(page.element, change);
  await page.element.updateComplete;
}

const typesOf = (page: TicketPage): string[] =>
  [...page.element.shadowRoot!.querySelectorAll<HTMLInputElement>('[part="type"] input')].map(
    (input) => `${input.value}${input.checked ? ' chosen' : ''}${input.disabled ? ' barred' : ''}`,
  );

describe('<order-panel> order types', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP113 a type that the gateway does not offer stays visible, cannot be chosen and says why', async () => {
    const page = await mount({});
    expect(typesOf(page)).to.deep.equal(['limit chosen', 'market', 'stop']);
    await set(page, { gateway: gatewayOf('market') });
    expect(typesOf(page)).to.deep.equal(['limit barred', 'market chosen', 'stop barred']);
    expect(page.text('#options-hint')).to.contain('Limit, Stop, Post-only, Show a part: not offered here.');
    const limit = page.find('label.limit');
    expect([limit.title, limit.querySelector('input')!.getAttribute('aria-label')]).to.deep.equal([
      'not offered here',
      'Limit, not offered here',
    ]);
    expect(page.find('[part="type"]').getAttribute('aria-describedby')).to.equal('options-hint');
    expect(page.find('label.market input').getAttribute('aria-describedby')).to.equal('options-hint');
    await page.choose('limit');
    expect(typesOf(page)).to.deep.equal(['limit barred', 'market chosen', 'stop barred']);
    await page.type('quantity', '200');
    expect(page.button).to.equal('Buy 200 SCOM at market');
    await expect(page.element).to.be.accessible();
  });

  it('OP113 so does one that the instrument does not offer', async () => {
    const stream = liveStream();
    stream.setInstrument({ ...SCOM, orderTypes: ['limit', 'stop'] });
    const page = await mount({}, stream);
    expect(typesOf(page)).to.deep.equal(['limit chosen', 'market barred', 'stop']);
    await set(page, { gateway: gatewayOf('stop', 'market') });
    expect(typesOf(page)).to.deep.equal(['limit barred', 'market barred', 'stop chosen']);
  });

  it('OP113 what was entered before its type was barred keeps the order back, and can be let go of', async () => {
    const page = await mount({});
    await page.fill();
    const height = page.element.getBoundingClientRect().height;
    await set(page, { gateway: gatewayOf('market') });
    expect(typesOf(page)).to.deep.equal(['limit chosen', 'market', 'stop barred']);
    expect(page.button).to.equal('Limit: not offered here');
    expect(page.text('#options-hint')).to.equal('Limit: not offered here');
    expect(page.find('[part="type"]').getAttribute('aria-invalid')).to.equal('true');
    expect(page.element.validationMessage).to.equal('Limit: not offered here');
    await expect(page.element).to.be.accessible();
    expect(page.element.getBoundingClientRect().height).to.equal(height);
    await page.press();
    expect(page.submitted).to.deep.equal([]);
    expect(page.element.shadowRoot!.activeElement).to.equal(page.find('label.limit input'));
    page.element.blur();
    expect(page.element.reportValidity()).to.equal(false);
    expect(page.element.shadowRoot!.activeElement).to.equal(page.find('label.limit input'));
    await page.choose('market');
    expect(typesOf(page)).to.deep.equal(['limit barred', 'market chosen', 'stop barred']);
    expect(page.find('[part="type"]').getAttribute('aria-invalid')).to.equal('false');
    expect(page.button).to.contain('at market');
  });

  it('OP114 an empty ticket stands on what was chosen last, or on the first type that is offered', async () => {
    const page = await mount({ orderTypes: 'stop limit market' });
    expect(typesOf(page)).to.deep.equal(['stop', 'limit chosen', 'market']);
    await set(page, { gateway: gatewayOf('market', 'stop') });
    expect(typesOf(page)).to.deep.equal(['stop chosen', 'limit barred', 'market']);
    await set(page, { gateway: undefined });
    expect(typesOf(page)).to.deep.equal(['stop', 'limit chosen', 'market']);
    await page.choose('market');
    await set(page, { gateway: gatewayOf('limit') });
    expect(typesOf(page)).to.deep.equal(['stop barred', 'limit chosen', 'market barred']);
    await set(page, { gateway: undefined });
    expect(typesOf(page)).to.deep.equal(['stop', 'limit', 'market chosen']);
  });

  it('OP114 a row picked in the book stays where it was picked for, and a type stood in for is not chosen by it', async () => {
    const page = await mount({ gateway: gatewayOf('stop') });
    pickLevel({ field: 'price', price: '17.60' });
    await page.element.updateComplete;
    expect(typesOf(page)).to.deep.equal(['limit barred', 'market barred', 'stop chosen']);
    await set(page, { gateway: gatewayOf('limit') });
    expect(typesOf(page)).to.deep.equal(['limit', 'market barred', 'stop chosen']);
    await page.type('stopPrice', '');
    await set(page, { gateway: undefined });
    expect(typesOf(page)).to.deep.equal(['limit chosen', 'market', 'stop']);
  });

  it('OP115 where none of its types is offered the author is told once, and the ticket says so at the types', async () => {
    const told: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => void told.push(text);
    try {
      const page = await mount({ gateway: gatewayOf('stop_limit') });
      expect(typesOf(page)).to.deep.equal(['limit chosen', 'market barred', 'stop barred']);
      expect(page.button).to.equal('Limit: not offered here');
      expect(page.text('#options-hint')).to.equal('Limit: not offered here');
      await page.type('quantity', '200');
      await set(page, { orderTypes: 'stop_limit limit' });
      expect(typesOf(page)).to.deep.equal(['stop_limit', 'limit chosen']);
      await page.type('quantity', '');
      expect(typesOf(page)).to.deep.equal(['stop_limit chosen', 'limit barred']);
    } finally {
      console.warn = warn;
    }
    expect(told).to.deep.equal([
      'touchline: <order-panel order-types="limit market stop">: order-types must be some of what gateway and instrument offer, which is "stop_limit", got "limit market stop".',
    ]);
  });
});
