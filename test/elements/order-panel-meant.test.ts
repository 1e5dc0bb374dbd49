import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define/open-orders.js';
import '../../src/define/order-panel.js';
import type { OpenOrdersElement } from '../../src/elements/open-orders/open-orders.js';
import { LevelSelectEvent } from '../../src/elements/order-book/order-book.events.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { FakeVenue } from '../orders/fake-venue.js';
import { expectTrouble } from '../support/page-health.js';
import { SCOM, accepted, answerWith, gatewayOf, liveStream, mount, pickLevel } from '../support/ticket-page.js';

const open = { outcome: 'accepted', facts: { status: 'open', filled: { units: 0n, scale: 0 } } } as const;

describe('<order-panel> does what was meant', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP123 the second press on a summary that has gone does nothing to the order that lay under it', async () => {
    const cancelled: string[] = [];
    const page = await mount({ gateway: gatewayOf(() => Promise.resolve(open), cancelled), account: 'A-1' });
    await page.fill();
    await page.press();
    page.stream.pass(400);
    await page.settled();
    page.find('dialog .go').click();
    await page.settled();
    page.find('[data-act="cancel"]').click();
    await page.settled();
    expect(cancelled).to.deep.equal([]);
    page.stream.pass(400);
    page.find('[data-act="cancel"]').click();
    await page.settled();
    expect(cancelled.length).to.equal(1);
  });

  it('OO30 nor does the second press on a dialog of the list', async () => {
    const cancelled: string[] = [];
    const gateway = gatewayOf(() => Promise.resolve(open), cancelled);
    const page = await mount({ gateway, account: 'A-1', confirm: 'never' });
    await page.fill();
    await page.press();
    const list = await fixture<OpenOrdersElement>(html`<open-orders account="A-1"></open-orders>`);
    Object.assign(list, { gateway, stream: page.stream });
    await list.updateComplete;
    const find = (selector: string): HTMLElement => list.shadowRoot!.querySelector<HTMLElement>(selector)!;
    find('.cancel-all').click();
    await list.updateComplete;
    find('dialog[open] .back').click();
    await list.updateComplete;
    find('[data-act="cancel"]').click();
    await page.settled();
    expect(cancelled).to.deep.equal([]);
    page.stream.pass(400);
    find('[data-act="cancel"]').click();
    await page.settled();
    expect(cancelled.length).to.equal(1);
  });

  it('OP123 the second press on a row that has gone does not reach the next one', async () => {
    const cancelled: string[] = [];
    const gateway = gatewayOf(() => Promise.resolve(open), cancelled);
    const page = await mount({ gateway, account: 'A-1', confirm: 'never' });
    for (const quantity of ['100', '200', '300']) {
      await page.fill();
      await page.type('quantity', quantity);
      await page.press();
      page.stream.pass(400);
    }
    const list = await fixture<OpenOrdersElement>(html`<open-orders account="A-1" history="0"></open-orders>`);
    Object.assign(list, { gateway, stream: page.stream });
    await list.updateComplete;
    const press = async (): Promise<void> => {
      list.shadowRoot!.querySelector<HTMLElement>('[data-act="cancel"]')!.click();
      await page.settled();
      await list.updateComplete;
    };
    await press();
    await press();
    expect(cancelled.length, 'the next order has come under the pointer').to.equal(1);
    page.stream.pass(400);
    await press();
    expect(cancelled.length).to.equal(2);
  });

  it('OP123 nor do presses and picks that follow the change of an order reach the ticket', async () => {
    let places = 0;
    const gateway = {
      ...gatewayOf(() => ((places += 1), Promise.resolve(open))),
      replace: () => new Promise<never>(() => undefined),
    };
    const change = { ...gateway, capabilities: { ...gateway.capabilities, replace: true } };
    const page = await mount({ gateway: change, account: 'A-1', confirm: 'never' });
    await page.fill();
    await page.press();
    page.stream.pass(400);
    await page.fill();
    for (const button of ['.back', '.go']) {
      page.find('[data-act="amend"]').click();
      await page.settled();
      await page.type('amend-quantity', '400');
      page.stream.pass(400);
      page.find(`form.amend ${button}`).click();
      await page.settled();
      page.find('[part="submit"]').click();
      pickLevel({ price: '17.60', field: 'price' });
      await page.settled();
      expect([places, page.find<HTMLInputElement>('#limitPrice').value], button).to.deep.equal([1, '17.45']);
      page.stream.pass(400);
    }
    page.find('[part="submit"]').click();
    await page.settled();
    expect(places).to.equal(2);
  });

  it('OP129 what becomes of a cancel or change that was pressed here is told here, whoever placed the order', async () => {
    const gateway = {
      ...gatewayOf(() => Promise.resolve(open)),
      cancel: () => Promise.resolve({ outcome: 'not_sent' as const, code: 'not_connected' }),
    };
    const stream = liveStream();
    const first = await mount({ gateway, account: 'A-1', confirm: 'never' }, stream);
    const beside = await mount({ gateway, account: 'A-1' }, stream);
    await first.fill();
    await first.press();
    await beside.settled();
    beside.find('[data-act="cancel"]').click();
    await beside.settled();
    expect(beside.text('[role="alert"]')).to.equal(
      'Not cancelled: Buy 1,200 at 17.45, it was not sent, there is no connection',
    );
  });

  it('OP130 while the account may be behind, what works and what is available say so', async () => {
    const venue = Object.assign(new FakeVenue(), { name: 'behind' });
    const page = await mount({ gateway: venue, account: 'A-1', confirm: 'never' });
    venue.tellBalance('50000.00', true);
    await page.fill();
    await page.press();
    await page.settled();
    const height = page.element.getBoundingClientRect().height;
    const told = (): string[] => [page.text('.orders .standing'), page.text('.available')];
    expect(told()[0]).to.equal('Open');
    expect(told()[1]).to.not.contain('behind');
    venue.disconnect();
    await page.settled();
    expect(told()[0]).to.equal('Open, may be behind');
    expect(told()[1]).to.contain('Available, may be behind');
    expect(page.find('[data-act="cancel"]'), 'a cancel is always allowed').to.not.equal(null);
    expect(page.element.getBoundingClientRect().height).to.equal(height);
    venue.reconnect();
    await page.settled();
    expect(told()[0]).to.equal('Open');
  });

  it('OP124 takes picks of its own feed, and of levels by hand, and of no other feed', async () => {
    const page = await mount({}, Object.assign(liveStream(), { src: 'wss://one.example/' }));
    const where = { symbol: 'SCOM', side: 'ask', field: 'price', grouped: false } as const;
    const pick = { ...where, size: '400', cumulativeSize: '1300', sequence: 1, ageMs: 200 };
    const price = async (src: string | undefined, of: string): Promise<string> => {
      const stream = src === undefined ? undefined : Object.assign(liveStream(), { src });
      document.dispatchEvent(new LevelSelectEvent({ ...pick, price: of }, stream));
      await page.settled();
      return page.find<HTMLInputElement>('#limitPrice').value;
    };
    expect(await price('wss://other.example/', '17.60')).to.equal('');
    expect(await price('wss://one.example/', '17.60')).to.equal('17.60');
    expect(await price(undefined, '17.65')).to.equal('17.65');
  });

  it('OP125 what a listener does to the order that it is told changes nothing of what is sent', async () => {
    const sent: OrderRequest[] = [];
    const gateway = gatewayOf((order) => (sent.push(order), Promise.resolve(open)));
    const page = await mount({ gateway, account: 'A-1', confirm: 'never' });
    page.element.addEventListener('order-submit', (event) => {
      (event as unknown as { order: { quantity: string } }).order.quantity = '900000';
    });
    await page.fill();
    await page.press();
    expect(sent.map(({ quantity }) => quantity)).to.deep.equal(['1200']);
    expect(page.element.orders[0]?.quantity).to.equal('1200');
  });

  it('OP126 "Look again" reads money anew, so that it never costs more than was typed', async () => {
    const page = await mount();
    await page.choose('market');
    page.find('.swap').click();
    await page.settled();
    await page.type('quantity', '20,000');
    await page.press();
    expect(page.text('#confirm-title')).to.equal('Buy 1,100 SCOM at market?');
    page.stream.pass(400);
    page.stream.pushBook('SCOM', [['18.90', '1200']], [['19.00', '2500']]);
    await page.settled();
    await page.press('dialog .go');
    expect(page.text('#confirm-title')).to.equal('Buy 1,000 SCOM at market?');
    expect(page.text('dialog .sums')).to.contain('KES 19,022.80');
  });

  it('OP126 a time in force that changes under the summary has to be accepted', async () => {
    const page = await mount();
    await page.fill();
    await page.press();
    page.stream.pass(400);
    page.stream.setInstrument({ ...SCOM, timesInForce: ['gtc'] });
    await page.settled();
    expect(page.text('dialog .go')).to.equal('Look again');
  });

  it('OP127 a double click is one order, also where the first is refused at once', async () => {
    let places = 0;
    const gateway = gatewayOf(() => {
      places += 1;
      return Promise.resolve({ outcome: 'rejected', code: 'halted', message: '' });
    });
    const page = await mount({ gateway, account: 'A-1', confirm: 'never' });
    await page.fill();
    const click = async (): Promise<void> => {
      page.find('[part="submit"]').click();
      await page.settled();
    };
    await click();
    expect(page.element.orders[0]?.state).to.equal('rejected');
    await click();
    expect(places).to.equal(1);
    page.stream.pass(400);
    await click();
    expect(places).to.equal(2);
  });

  it('OP128 balances that are no decimals are named', async () => {
    expectTrouble(/balances must be decimal text, got cash KES: 1,000\.00/);
    const page = await mount({ balances: { cash: { KES: '1,000.00' } } });
    await page.fill();
    expect(page.button).to.equal('Buy 1,200 SCOM at 17.45');
  });

  it('OP97 where a browser refuses the channel nothing is shared, and all else works', async () => {
    const Channel = globalThis.BroadcastChannel;
    globalThis.BroadcastChannel = class {
      constructor() {
        throw new DOMException('cookies are blocked', 'SecurityError');
      }
    } as unknown as typeof BroadcastChannel;
    try {
      const stream = Object.assign(liveStream(), { src: 'wss://blocked.example/' });
      const element = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM" confirm="never"></order-panel>`);
      element.stream = stream;
      await element.updateComplete;
      expect(element.shadowRoot!.querySelector('form')).to.not.equal(null);
      const page = await mount({ confirm: 'never' }, stream);
      answerWith(page, Promise.resolve(accepted));
      await page.fill();
      await page.press();
      expect(page.element.orders[0]?.state).to.equal('open');
    } finally {
      globalThis.BroadcastChannel = Channel;
    }
  });
});
