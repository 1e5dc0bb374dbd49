import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define/open-orders.js';
import '../../src/define/order-panel.js';
import type { OpenOrdersElement } from '../../src/elements/open-orders/open-orders.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderGateway } from '../../src/orders/gateway.js';
import { ownLevels } from '../../src/orders/own-levels.js';
import { createPaperGateway } from '../../src/orders/paper-gateway.js';
import { FakeStream } from '../support/fake-stream.js';

const SCOM = { symbol: 'SCOM', currency: 'KES', tickSize: '0.05', lotSize: '100', takerFee: '0.0012' };

function liveStream(): FakeStream {
  const stream = new FakeStream();
  stream.setInstrument(SCOM);
  stream.pushTicker('SCOM', { price: '17.55' });
  stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '900']]);
  // A server that takes orders: nothing may come to it.
  Object.assign(stream, { features: ['orders'] });
  return stream;
}

const inside = <T extends HTMLElement = HTMLElement>(panel: OrderPanelElement, selector: string): T | null =>
  panel.shadowRoot!.querySelector<T>(selector);
const textOf = (panel: OrderPanelElement, selector: string): string =>
  (inside(panel, selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
const buttonOf = (panel: OrderPanelElement): string => textOf(panel, '[part="submit"]');

async function write(panel: OrderPanelElement, field: string, value: string): Promise<void> {
  const input = inside<HTMLInputElement>(panel, `#${field}`)!;
  input.value = value;
  for (const type of ['input', 'change', 'blur']) input.dispatchEvent(new Event(type, { bubbles: type !== 'blur' }));
  await panel.updateComplete;
}

async function press(panel: OrderPanelElement, selector = '[part="submit"]'): Promise<void> {
  inside(panel, selector)!.click();
  await panel.updateComplete;
}

/** Whatever the page, a gateway or the feed's server is asked is written down. */
async function mount(change: Partial<OrderPanelElement>, stream = liveStream()) {
  const asked: string[] = [];
  const panel = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM" account="A-1"></order-panel>`);
  panel.addEventListener('order-submit', () => asked.push('page'));
  stream.answer = (type) => {
    if (type === 'order_place') asked.push('server');
    return Promise.reject(new Error('nobody'));
  };
  Object.assign(panel, { stream, confirm: 'never', ...change });
  await panel.updateComplete;
  // What the account has to say comes before what the draft lacks.
  await waitUntil(() => buttonOf(panel) === 'Enter a price', 'the paper account is ready');
  return { panel, stream, asked };
}

const realGateway = (asked: string[], paper?: boolean): OrderGateway => ({
  capabilities: {
    cancel: false,
    query: false,
    events: false,
    balancesExcludeOpenOrders: false,
    ...(paper === undefined ? {} : { paper }),
  },
  place: () => {
    asked.push('gateway');
    return new Promise(() => undefined);
  },
});

describe('<order-panel> on paper', () => {
  beforeEach(() => sessionStorage.clear());

  it('GW30 a ticket with `paper` trades on paper alone: neither page nor gateway nor server hears of it', async () => {
    const asked: string[] = [];
    const gateway = realGateway(asked);
    const {
      panel,
      stream,
      asked: more,
    } = await mount({
      paper: '50000',
      gateway,
      balances: { cash: { KES: '5' } },
    });
    const states: string[] = [];
    panel.addEventListener('order-update', (event) =>
      states.push((event as never as { order: { state: string } }).order.state),
    );
    expect(textOf(panel, '.available')).to.contain('50,000');
    await write(panel, 'limitPrice', '17.55');
    await write(panel, 'quantity', '1,000');
    expect(buttonOf(panel)).to.equal('Buy 1,000 SCOM at 17.55');
    await press(panel);
    await waitUntil(() => states.includes('partially_filled'), 'it fills');
    expect(panel.orders[0]!.state).to.equal('partially_filled');
    // What is left stands in no book.
    expect(ownLevels(stream, 'SCOM')).to.deep.equal([]);
    stream.pushBook('SCOM', [['17.50', '1200']], [['17.50', '300']]);
    await waitUntil(() => states.includes('filled'), 'the rest fills');
    await panel.updateComplete;
    expect(textOf(panel, '.available')).to.contain('32,428.94');
    expect([...asked, ...more]).to.deep.equal([]);
    // Not even for the account, while the code for paper was on its way.
    expect(stream.requests).to.deep.equal([]);
    // Gone from the page, nothing of it is left on the feed.
    panel.remove();
    expect(stream.listenerCount).to.equal(0);
  });

  it('GW31 PAPER stands in the ticket and in the confirmation whenever the gateway’s orders are simulated, and never else', async () => {
    const { panel } = await mount({ paper: '', confirm: 'always' });
    expect(textOf(panel, 'form [part="paper"]')).to.equal('PAPER Simulated. Nothing is sent.');
    await write(panel, 'limitPrice', '17.45');
    await write(panel, 'quantity', '100');
    await press(panel);
    const badge = inside(panel, 'dialog [part="paper"]')!;
    expect(badge.checkVisibility()).to.equal(true);
    expect(badge.getBoundingClientRect().height).to.be.above(10);
    await expect(panel).to.be.accessible();
    // Taken back while the summary stands: what was read is another order.
    // Out of the page's layout first: a badge that goes moves what is below it.
    panel.style.display = 'none';
    Object.assign(panel, { paper: null });
    await panel.updateComplete;
    expect(inside<HTMLDialogElement>(panel, 'dialog')!.open).to.equal(false);
    expect(inside(panel, '[part="paper"]')).to.equal(null);

    const stream = liveStream();
    const own = await mount({ gateway: createPaperGateway({ stream, balances: { cash: { KES: '9000' } } }) }, stream);
    expect(inside(own.panel, 'form [part="paper"]')).not.to.equal(null);
    await write(own.panel, 'limitPrice', '17.45');
    await write(own.panel, 'quantity', '100');
    await press(own.panel);
    await waitUntil(() => own.panel.orders[0]?.state === 'open', 'it rests');
    expect(own.asked).to.deep.equal([]);

    for (const paper of [undefined, false]) {
      const real = await mount({ gateway: realGateway([], paper), balances: { cash: { KES: '90000' } } });
      expect(inside(real.panel, '[part="paper"]')).to.equal(null);
      real.panel.remove();
    }
  });

  it('GW32 tickets of one feed share their paper account; it is apart from what real orders hold back', async () => {
    const stream = liveStream();
    const first = await mount({ paper: '' }, stream);
    await write(first.panel, 'limitPrice', '17.45');
    await write(first.panel, 'quantity', '1000');
    await press(first.panel);
    await waitUntil(() => first.panel.orders[0]?.state === 'open', 'it rests');
    const second = await mount({ paper: '' }, stream);
    expect(second.panel.orders.length).to.equal(1);
    expect(textOf(second.panel, '.available')).to.contain('82,529.06');
    const real = await mount({ gateway: realGateway([]), balances: { cash: { KES: '60000' } } }, stream);
    expect(real.panel.orders.length).to.equal(0);
    expect(textOf(real.panel, '.available')).to.contain('60,000');
    const other = await mount({ paper: '7000' }, stream);
    expect(other.panel.orders.length).to.equal(0);
    expect(textOf(other.panel, '.available')).to.contain('7,000');
  });

  it('GW37 `<open-orders paper>` lists the paper orders of the tickets, says PAPER, and changes and cancels them on paper', async () => {
    const stream = liveStream();
    const { panel, asked } = await mount({ paper: '' }, stream);
    const list = await fixture<OpenOrdersElement>(
      html`<open-orders account="A-1" paper .stream=${stream}></open-orders>`,
    );
    await write(panel, 'limitPrice', '17.45');
    await write(panel, 'quantity', '1000');
    await press(panel);
    await waitUntil(() => list.orders[0]?.state === 'open', 'it rests');
    await list.updateComplete;
    const shadow = list.shadowRoot!;
    const badge = (of: string) =>
      shadow.querySelector(`${of} [part="paper"]`)?.textContent?.replace(/\s+/g, ' ').trim();
    expect(badge('.frame >')).to.equal('PAPER Simulated. Nothing is sent.');
    expect(shadow.querySelector('ul')!.textContent).to.contain('SCOM');
    await expect(list).to.be.accessible();
    shadow.querySelector<HTMLButtonElement>('li button')!.click();
    await list.updateComplete;
    expect(badge('dialog.amending')).to.equal('PAPER Simulated. Nothing is sent.');
    shadow.querySelector<HTMLButtonElement>('dialog.amending .back')!.click();
    await list.updateComplete;
    stream.pass(400);
    [...shadow.querySelectorAll<HTMLButtonElement>('li button')].at(-1)!.click();
    await waitUntil(() => panel.orders[0]!.state === 'cancelled', 'it is cancelled');
    expect(asked).to.deep.equal([]);
    expect(stream.requests.filter(({ type }) => type.startsWith('order'))).to.deep.equal([]);

    const real = await fixture<OpenOrdersElement>(html`<open-orders account="A-1" .stream=${stream}></open-orders>`);
    expect(real.orders.length).to.equal(0);
    expect(real.shadowRoot!.querySelector('[part="paper"]')).to.equal(null);
  });

  it('GW33 an amount that is none is told to the author and counts as the usual one', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => void warnings.push(text);
    try {
      const { panel } = await mount({ paper: 'much' });
      expect(textOf(panel, '.available')).to.contain('100,000');
    } finally {
      console.warn = warn;
    }
    expect(warnings.filter((text) => text.includes('paper="much"')).length).to.equal(1);
  });
});
