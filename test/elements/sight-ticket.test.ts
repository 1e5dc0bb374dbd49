import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import '../../src/define/market-stream.js';
import '../../src/define/order-panel.js';
import { LevelSelectEvent } from '../../src/elements/order-book/order-book.events.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import { ASKS, ForgetfulStream } from '../support/forgetful-stream.js';
import { endTab, hideTab, looked, scrollTo } from '../support/page-sight.js';

const FAR = 6000;

class SleepyTicket {
  readonly stream = new ForgetfulStream();
  element!: OrderPanelElement;

  async mount(loading = 'auto'): Promise<this> {
    const root = await fixture(html`<market-stream .stream=${this.stream}>
      <order-panel symbol="SCOM" loading=${loading}></order-panel>
      <div style="height: ${FAR}px"></div>
    </market-stream>`);
    this.element = root.querySelector('order-panel')!;
    this.stream.come();
    await looked();
    return this;
  }

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.element.shadowRoot!.querySelector<T>(selector)!;
  }

  text(selector: string): string {
    return this.find(selector).textContent!.replace(/\s+/g, ' ').trim();
  }

  async type(field: string, text: string): Promise<void> {
    const input = this.find<HTMLInputElement>(`#${field}`);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await this.element.updateComplete;
  }

  /** Whether it is still subscribed after half a minute out of the viewport and another in a hidden tab. */
  async staysAwake(): Promise<boolean> {
    await scrollTo(FAR);
    this.stream.pass(31_000);
    await this.element.updateComplete;
    const isAwakeAway = this.stream.subscribed.length === 1;
    hideTab(true);
    this.stream.pass(31_000);
    await this.element.updateComplete;
    const isAwakeHidden = this.stream.subscribed.length === 1;
    hideTab(false);
    return isAwakeAway && isAwakeHidden;
  }

  async fallAsleep(): Promise<void> {
    await scrollTo(FAR);
    this.stream.pass(31_000);
    await this.element.updateComplete;
    expect(this.stream.subscribed).to.deep.equal([]);
  }
}

describe('a ticket out of sight', () => {
  beforeEach(() => {
    sessionStorage.clear();
    globalThis.scrollTo(0, 0);
  });
  afterEach(() => {
    endTab();
    globalThis.scrollTo(0, 0);
  });

  it('SI20 sleeps like the others while nobody is at it', async () => {
    const ticket = await new SleepyTicket().mount();
    await ticket.fallAsleep();
    await scrollTo(0);
    expect(ticket.stream.subscribed).to.deep.equal(['SCOM']);
  });

  it('SI20 never sleeps with the focus in it', async () => {
    const ticket = await new SleepyTicket().mount();
    ticket.find('#quantity').focus();
    expect(await ticket.staysAwake()).to.equal(true);
  });

  it('SI20 never sleeps with something entered', async () => {
    for (const field of ['quantity', 'limitPrice']) {
      const ticket = await new SleepyTicket().mount();
      await ticket.type(field, '17.45');
      expect(await ticket.staysAwake(), field).to.equal(true);
      ticket.element.remove();
    }
  });

  it('SI20 never sleeps with its confirmation open', async () => {
    const ticket = await new SleepyTicket().mount();
    await ticket.type('limitPrice', '17.45');
    await ticket.type('quantity', '100');
    ticket.find('[part=submit]').click();
    await aTimeout(0);
    await ticket.element.updateComplete;
    expect(ticket.find<HTMLDialogElement>('dialog').open).to.equal(true);
    expect(await ticket.staysAwake()).to.equal(true);
  });

  it('SI20 never sleeps with an order that may still trade, and does when it is done', async () => {
    const ticket = await new SleepyTicket().mount();
    const { element, stream } = ticket;
    element.confirm = 'never';
    let id = '';
    element.addEventListener('order-submit', (event) => {
      id = (event as OrderSubmitEvent).order.clientOrderId;
      (event as OrderSubmitEvent).respondWith(Promise.resolve({ status: 'accepted', orderId: 'o-1' }) as never);
    });
    await ticket.type('limitPrice', '17.45');
    await ticket.type('quantity', '100');
    ticket.find('[part=submit]').click();
    await aTimeout(0);
    element.formResetCallback();
    await element.updateComplete;
    expect(element.orders.map(({ state }) => state)).to.deep.equal(['open']);
    expect(await ticket.staysAwake()).to.equal(true);
    element.updateOrder(id, { status: 'filled', orderId: 'o-1', filled: '100', averagePrice: '17.45' } as never);
    await element.updateComplete;
    expect(element.orders.map(({ state }) => state)).to.deep.equal(['filled']);
    await ticket.fallAsleep();
    expect(element.orders.length, 'its orders stay').to.equal(1);
    expect(stream.listenerCount, 'the provider, the desk and the pulse of the stream').to.be.above(0);
  });

  it('SI20 wakes when a level is picked for it, however far away it stands', async () => {
    const ticket = await new SleepyTicket().mount();
    await ticket.fallAsleep();
    ticket.element.parentElement!.dispatchEvent(
      new LevelSelectEvent({
        symbol: 'SCOM',
        side: 'ask',
        price: '17.55',
        size: '900',
        cumulativeSize: '900',
        field: 'price',
        grouped: false,
        sequence: 1,
        ageMs: 10,
      }),
    );
    await ticket.element.updateComplete;
    expect(ticket.stream.subscribed).to.deep.equal(['SCOM']);
  });

  it('SI21 asleep and just awake it shows its last prices, marked, and lets no order out', async () => {
    const ticket = await new SleepyTicket().mount();
    const { element, stream } = ticket;
    element.confirm = 'never';
    await element.updateComplete;
    const best = ticket.text('form');
    expect(best).to.contain('best 17.50 / 17.55');
    const height = element.getBoundingClientRect().height;
    await ticket.fallAsleep();
    expect(ticket.text('[part=note]')).to.equal('No prices: was out of sight.');
    await scrollTo(0);
    stream.pass(2_000);
    await element.updateComplete;
    expect(ticket.text('form')).to.contain('best 17.50 / 17.55').and.to.contain('Fee (0.12 %)');
    expect(ticket.text('[part=note]')).to.equal('Prices are 33 s old: was out of sight.');
    expect(element.matches(':state(stale)')).to.equal(true);
    let submitted = 0;
    element.addEventListener('order-submit', () => (submitted += 1));
    await ticket.type('limitPrice', '17.45');
    await ticket.type('quantity', '100');
    expect(ticket.text('[part=submit]')).to.equal('Waiting for live prices');
    // Even where the feed is well, and follows the symbol for somebody else without its book.
    stream.verdict = () => ({
      state: 'live',
      reason: 'ok',
      verified: { by: 'sequence' },
      since: 0,
      dataAt: stream.now(),
    });
    ticket.find('[part=submit]').click();
    await element.updateComplete;
    expect(submitted).to.equal(0);
    Reflect.deleteProperty(stream, 'verdict');
    stream.come('SCOM', [['17.40', '300']], ASKS);
    await element.updateComplete;
    expect(ticket.text('form')).to.contain('best 17.40 / 17.55');
    expect(ticket.text('[part=submit]')).to.equal('Buy 100 SCOM at 17.45');
    expect(element.getBoundingClientRect().height).to.equal(height);
  });

  it('SI16 asleep a ticket updates for nothing', async () => {
    const ticket = await new SleepyTicket().mount();
    await ticket.fallAsleep();
    for (let i = 0; i < 5; i += 1) {
      ticket.stream.pass(1_000);
      expect(ticket.element.isUpdatePending).to.equal(false);
    }
  });

  it('SI21 of another symbol it shows nothing that it kept', async () => {
    const ticket = await new SleepyTicket().mount();
    await ticket.fallAsleep();
    ticket.element.symbol = 'KCB';
    await scrollTo(0);
    expect(ticket.text('form')).to.contain('best — / —');
  });

  it('SI9 a lazy ticket asks for nothing before it is near', async () => {
    const stream = new ForgetfulStream();
    const root = await fixture(html`<market-stream .stream=${stream}>
      <div style="height: ${FAR}px"></div>
      <order-panel symbol="SCOM" loading="lazy"></order-panel>
    </market-stream>`);
    await looked();
    stream.pass(1_000);
    expect(stream.listenerCount, 'the provider alone').to.equal(1);
    await scrollTo(root.querySelector('order-panel')!);
    expect(stream.subscribed).to.deep.equal(['SCOM']);
  });
});
