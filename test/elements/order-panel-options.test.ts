import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define/order-panel.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import { offerings } from '../../src/sim/instruments.js';
import { FakeStream } from '../support/fake-stream.js';

const SCOM = {
  symbol: 'SCOM',
  currency: 'KES',
  tickSize: '0.05',
  lotSize: '100',
  takerFee: '0.0012',
  postOnly: true,
  icebergMinShare: '0.25',
};

function liveStream(instrument: object = SCOM): FakeStream {
  const stream = new FakeStream();
  stream.setInstrument(instrument as never);
  stream.pushTicker('SCOM', { price: '17.55' });
  stream.pushBook(
    'SCOM',
    [
      ['17.50', '1200'],
      ['17.45', '800'],
    ],
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

  get button(): string {
    return this.text('[part="submit"]');
  }

  async set(field: string, value: string): Promise<void> {
    const input = this.find(`#${field}`);
    input.value = value;
    for (const type of ['input', 'change', 'blur']) input.dispatchEvent(new Event(type, { bubbles: type !== 'blur' }));
    await this.element.updateComplete;
  }

  async click(selector: string): Promise<void> {
    this.find(selector).click();
    await this.element.updateComplete;
    // What follows at once would count as the second press of a double click.
    if (/submit|\.go|amend/.test(selector)) this.stream.pass(400);
  }

  async fill(): Promise<void> {
    await this.set('limitPrice', '17.45');
    await this.set('quantity', '1,200');
  }
}

async function mount(change: Partial<OrderPanelElement> = {}, stream = liveStream()): Promise<Ticket> {
  const element = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM"></order-panel>`);
  Object.assign(element, { stream, confirm: 'never', ...change });
  await element.updateComplete;
  return new Ticket(element, stream);
}

describe('<order-panel> options', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP50 time in force, post-only and the shown part are on the button, in the order and in its sameness', async () => {
    const ticket = await mount();
    await ticket.fill();
    await ticket.set('timeInForce', 'gtc');
    await ticket.click('#postOnly');
    await ticket.set('displayQuantity', '300');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.45, GTC, post-only, 300 shown');
    await ticket.click('[part="submit"]');
    const { timeInForce, postOnly, displayQuantity } = ticket.sent[0]!;
    expect([timeInForce, postOnly, displayQuantity]).to.deep.equal(['gtc', true, '300']);
    expect(ticket.button).to.equal('Sending');
    await ticket.set('displayQuantity', '400');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.45, GTC, post-only, 400 shown');
    await ticket.set('displayQuantity', '300');
    expect(ticket.button).to.equal('Sending');
    await ticket.click('#postOnly');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.45, GTC, 300 shown');
    await ticket.click('#postOnly');
    await ticket.set('timeInForce', 'day');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.45, post-only, 300 shown');
  });

  it('OP51 what is barred stays visible, cannot be chosen and says why; what was chosen can be let go of', async () => {
    const ticket = await mount();
    const height = ticket.element.getBoundingClientRect().height;
    const option = (time: string) => ticket.find<HTMLOptionElement>(`option[value="${time}"]`);
    await ticket.fill();
    expect(ticket.text('#options-hint')).to.equal('');
    await ticket.click('#postOnly');
    expect([option('ioc').disabled, option('ioc').text, option('gtc').disabled]).to.deep.equal([
      true,
      'IOC, not with post-only',
      false,
    ]);
    expect(ticket.text('#options-hint')).to.equal('IOC, FOK: not with post-only.');
    await ticket.click('label.market input');
    expect(ticket.button).to.equal('Post-only: not for market orders');
    expect(ticket.find('#postOnly').disabled).to.equal(false);
    expect(ticket.find('#postOnly').getAttribute('aria-invalid')).to.equal('true');
    expect(ticket.find('#displayQuantity').disabled).to.equal(true);
    await expect(ticket.element).to.be.accessible();
    await ticket.click('#postOnly');
    expect(ticket.find('#postOnly').disabled).to.equal(true);
    expect(ticket.text('#options-hint')).to.equal(
      'GTC, Post-only: not for market orders. Show a part: for limit orders only.',
    );
    for (const id of ['timeInForce', 'postOnly', 'displayQuantity']) {
      expect(ticket.find(`#${id}`).getAttribute('aria-describedby')).to.equal('options-hint');
    }
    await ticket.click('label.limit input');
    expect(ticket.element.getBoundingClientRect().height).to.equal(height);
    ticket.element.parentElement!.style.width = '320px';
    expect(ticket.find<HTMLElement>('.options').scrollWidth).to.be.at.most(
      ticket.find<HTMLElement>('.options').clientWidth,
    );
    ticket.element.parentElement!.style.width = '';
  });

  it('OP52 the sums follow the time in force and the fee of each part', async () => {
    const ticket = await mount({}, liveStream({ ...SCOM, makerFee: '0.0002' }));
    const rows = () => [...ticket.element.shadowRoot!.querySelectorAll('form .sums div')].map((row) => row.textContent);
    await ticket.set('limitPrice', '17.55');
    await ticket.set('quantity', '1200');
    expect(rows().slice(1, 3)).to.deep.equal(['Rests at 17.55300', 'Fee20.01']);
    await ticket.set('timeInForce', 'ioc');
    expect(rows().slice(1, 3)).to.deep.equal(['Cancelled at once300', 'Fee (0.12 %)18.96']);
    await ticket.set('timeInForce', 'fok');
    expect(rows().slice(0, 2)).to.deep.equal(['Fills now0', 'Cancelled at once1,200']);
  });

  it('OP119 of what rests at the reference exchange the fee is named, and nothing', async () => {
    const { instrument } = offerings(1)[0]!;
    const ticket = await mount({}, liveStream({ ...instrument, symbol: 'SCOM' }));
    const fee = () => [...ticket.element.shadowRoot!.querySelectorAll('form .sums div')][2]?.textContent;
    await ticket.fill();
    expect(fee()).to.equal('Fee (0 %)0.00');
    await ticket.click('label.market input');
    expect(fee()).to.match(/^Fee \(0\.12 %\)\d/);
  });

  it('OP53 a notice is said under the button and asks for nothing; a post-only that would take offers the price that rests', async () => {
    const ticket = await mount();
    await ticket.set('limitPrice', '17.60');
    await ticket.set('quantity', '1000');
    expect(ticket.text('[part="note"]')).to.equal('Fills 1,000 at once at about 17.555.');
    await ticket.click('#postOnly');
    expect(ticket.button).to.equal('Would take at 17.55');
    expect(ticket.text('.nearest')).to.equal('17.50');
    await ticket.click('.nearest');
    expect(ticket.button).to.equal('Buy 1,000 SCOM at 17.50, post-only');
    await ticket.click('#postOnly');
    await ticket.set('limitPrice', '17.60');
    await ticket.click('[part="submit"]');
    expect(ticket.sent.length).to.equal(1);
  });

  it('OP54 a quantity in money becomes whole lots through the book; what was read is what is sent, once', async () => {
    const stream = liveStream();
    const ticket = await mount({}, stream);
    await ticket.click('label.market input');
    await ticket.click('.swap');
    await ticket.set('quantity', '20,000');
    expect(ticket.text('#quantity-hint')).to.equal('KES 20,000.00 = 1,100 SCOM');
    expect(ticket.button).to.equal('Buy 1,100 SCOM at market');
    stream.pushBook(
      'SCOM',
      [['17.50', '1200']],
      [
        ['17.55', '500'],
        ['19.00', '900'],
      ],
    );
    await ticket.click('[part="submit"]');
    expect(ticket.sent.map(({ quantity }) => quantity)).to.deep.equal(['1100']);
    stream.pushBook('SCOM', [['17.50', '1200']], [['19.00', '2500']]);
    await ticket.element.updateComplete;
    expect(ticket.button).to.equal('Sending');
    await ticket.click('[part="submit"]');
    expect(ticket.sent.length).to.equal(1);
    await ticket.set('quantity', '1,000');
    expect(ticket.button).to.equal('Less than one lot');
    await ticket.click('.swap');
    expect([ticket.find('#quantity').value, ticket.text('.swap')]).to.deep.equal(['', 'SCOM']);
  });

  it('OP54 after a reload the restored wish is its unanswered order, however many pieces the money makes by then', async () => {
    const before = await mount();
    await before.click('label.market input');
    await before.click('.swap');
    await before.set('quantity', '20,000');
    await before.click('[part="submit"]');
    const { value } = before.element;
    before.element.remove();
    const stream = liveStream();
    stream.pushBook('SCOM', [['17.50', '1200']], [['19.00', '2500']]);
    const after = await mount({ value }, stream);
    expect(after.text('#quantity-hint')).to.equal('KES 20,000.00 = 1,000 SCOM');
    expect(after.element.orders.map(({ state }) => state)).to.deep.equal(['unknown']);
    const { button } = after;
    await after.click('[part="submit"]');
    expect(after.sent, button).to.deep.equal([]);
    expect(button).to.equal('Outcome unknown: check, then press “I have checked”');
    await after.set('quantity', '30,000');
    expect(after.button).to.equal('Buy 1,500 SCOM at market');
  });

  it('OP54 under the summary the quantity stays as it was read', async () => {
    const stream = liveStream();
    const ticket = await mount({ confirm: 'always' }, stream);
    await ticket.click('label.market input');
    await ticket.click('.swap');
    await ticket.set('quantity', '19,320');
    await ticket.click('[part="submit"]');
    expect(ticket.text('#confirm-title')).to.equal('Buy 1,100 SCOM at market?');
    stream.pass(400);
    stream.pushBook(
      'SCOM',
      [['17.50', '1200']],
      [
        ['17.55', '100'],
        ['17.60', '2000'],
      ],
    );
    await ticket.element.updateComplete;
    await ticket.click('dialog .go');
    expect(ticket.sent.map(({ quantity }) => quantity)).to.deep.equal(['1100']);
  });

  it('OP55 the slider takes whole lots of what is available; at its end the order passes, at nothing it says why', async () => {
    const ticket = await mount({ balances: { cash: { KES: '20965.13' }, positions: { SCOM: '50' } } });
    const height = ticket.element.getBoundingClientRect().height;
    expect(ticket.find('#share').disabled).to.equal(true);
    await ticket.set('limitPrice', '17.45');
    await ticket.set('share', '100');
    expect(ticket.button).to.equal('Buy 1,200 SCOM at 17.45');
    await ticket.set('share', '42');
    expect(ticket.button).to.equal('Buy 500 SCOM at 17.45');
    expect(ticket.text('.share')).to.equal('41 %');
    expect(ticket.find('#share').getAttribute('aria-valuetext')).to.equal('41 %, 500 SCOM');
    const steer = async (key: string): Promise<string> => {
      ticket.find('#share').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await ticket.element.updateComplete;
      return ticket.find('#quantity').value;
    };
    expect(await steer('ArrowRight'), 'a lot is 8 % here').to.equal('600');
    expect(await steer('ArrowLeft')).to.equal('500');
    await ticket.set('quantity', '550');
    expect([await steer('ArrowUp'), await steer('ArrowDown')]).to.deep.equal(['600', '500']);
    await ticket.set('quantity', '0');
    expect(await steer('ArrowDown')).to.equal('0');
    await ticket.set('quantity', '1150');
    expect([await steer('ArrowUp'), await steer('ArrowUp')]).to.deep.equal(['1200', '1200']);
    await ticket.set('quantity', '1300');
    expect(ticket.text('.share')).to.equal('100 %');
    expect(ticket.button).to.equal('Not enough KES: 1,747.10 missing');
    await expect(ticket.element).to.be.accessible();
    await ticket.click('label.sell input');
    expect(ticket.text('.available')).to.equal('Available, less than one lot50 SCOM');
    expect(ticket.find('#share').disabled).to.equal(true);
    expect(ticket.element.getBoundingClientRect().height).to.equal(height);
  });

  it('OP56 what was understood is said beside what was typed in short or in another manner', async () => {
    const ticket = await mount();
    await ticket.set('quantity', '2.5m');
    expect(ticket.text('#quantity-hint')).to.equal('= 2,500,000');
    await ticket.set('quantity', '2,500,000');
    expect(ticket.text('#quantity-hint')).to.equal('');
    await ticket.set('limitPrice', '17.5');
    expect(ticket.text('#limitPrice-hint')).to.equal('= 17.50');
  });

  it('OP57 a line says how good the prices are, the best two and the spread, with dashes where a side is missing', async () => {
    const stream = liveStream();
    const ticket = await mount({}, stream);
    const height = ticket.element.getBoundingClientRect().height;
    expect(ticket.text('.touch b')).to.equal('Live');
    expect(ticket.text('.touch span')).to.equal('17.50 / 17.55 · 0.05 · 28.5 bps');
    stream.pushBook('SCOM', [['17.50', '1200']], []);
    await ticket.element.updateComplete;
    expect(ticket.text('.touch span')).to.equal('17.50 / — · —');
    stream.pushBook('SCOM', [['17.50', '1200']], [['17.50', '100']]);
    stream.setVerdict('SCOM', { state: 'stale', reason: 'reconnecting' });
    await ticket.element.updateComplete;
    expect(ticket.text('.touch')).to.equal('Stale17.50 / 17.50 · 0.00 · 0 bps');
    expect(ticket.find('.touch b').className).to.equal('doubt');
    await expect(ticket.element).to.be.accessible();
    expect(ticket.element.getBoundingClientRect().height).to.equal(height);
  });

  it('OP58 every choice can be pressed anywhere on its segment', async () => {
    const ticket = await mount({ orderTypes: 'limit market stop stop_limit' }, liveStream());
    const labels = [...ticket.element.shadowRoot!.querySelectorAll('.seg label')];
    expect(labels.length).to.equal(6);
    for (const label of labels) {
      const { width, height } = label.getBoundingClientRect();
      for (const part of label.children) {
        const box = part.getBoundingClientRect();
        expect([box.width, box.height], label.className).to.deep.equal([width, height]);
      }
    }
  });
});
