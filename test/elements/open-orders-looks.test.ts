import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import '../../src/define/open-orders.js';
import type { OpenOrdersElement } from '../../src/elements/open-orders/open-orders.js';
import { deskFor } from '../../src/orders/desks.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { FakeVenue } from '../orders/fake-venue.js';
import { FakeStream } from '../support/fake-stream.js';
import {
  contrastOf,
  cutTexts,
  emulate,
  inkOf,
  plainColor,
  plainMedia,
  readsInOrder,
  strokesOf,
} from '../support/looks.js';

const SCOM = { symbol: 'SCOM', name: 'Safaricom PLC', currency: 'KES', tickSize: '0.05', lotSize: '100' };
const WIDTHS = [280, 340, 500, 760, 890, 960, 1280];

/** A list of that width with two orders: the newer one has two prices and much to say. */
class Looked {
  readonly venue = new FakeVenue();
  made = 0;
  private constructor(readonly element: OpenOrdersElement) {}

  static async at(width: number, change: Partial<OpenOrdersElement> = {}): Promise<Looked> {
    const element = await fixture<OpenOrdersElement>(html`<open-orders account="A-1"></open-orders>`);
    const list = new Looked(element);
    element.style.width = `${width}px`;
    const stream = new FakeStream();
    stream.setInstrument(SCOM);
    stream.setInstrument({ ...SCOM, symbol: 'SAFCOM' });
    Object.assign(element, { stream, gateway: list.venue, ...change });
    await element.updateComplete;
    await list.place({ limitPrice: '17.45' });
    await list.place({
      symbol: 'SAFCOM',
      side: 'sell',
      orderType: 'stop_limit',
      quantity: '1234500',
      limitPrice: '27.05',
      stopPrice: '27.10',
    });
    return list;
  }

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.element.shadowRoot!.querySelector<T>(selector)!;
  }

  text(selector: string): string {
    return this.find(selector).textContent!.replace(/\s+/g, ' ').trim();
  }

  get rows(): readonly DOMRect[] {
    return [...this.element.shadowRoot!.querySelectorAll('.orders li')].map((row) => row.getBoundingClientRect());
  }

  async settled(): Promise<void> {
    await aTimeout(0);
    await this.element.updateComplete;
    await this.element.updateComplete;
  }

  async place(change: Partial<OrderRequest>): Promise<void> {
    const request: OrderRequest = {
      clientOrderId: `c-${++this.made}`,
      account: 'A-1',
      symbol: 'SCOM',
      side: 'buy',
      orderType: 'limit',
      quantity: '1200',
      limitPrice: '17.50',
      stopPrice: null,
      timeInForce: 'day',
      createdAt: Date.UTC(2026, 10, 29, 9, 30, this.made),
      ...change,
    };
    deskFor(this.venue, 'A-1', () => {
      throw new Error('the element opened no desk');
    }).submit(request, undefined, () => 'gateway');
    await this.settled();
  }

  async fill(size: string, clientOrderId = `c-${this.made}`): Promise<void> {
    this.venue.fill(clientOrderId, size);
    await this.settled();
  }
}

describe('<open-orders> to the eye', () => {
  beforeEach(() => sessionStorage.clear());
  afterEach(async () => {
    document.documentElement.lang = 'en';
    document.documentElement.removeAttribute('dir');
    await plainMedia();
  });

  it('OO24 no price and no state is cut at any width, and one line an order begins at 64 em', async () => {
    for (const width of WIDTHS) {
      const list = await Looked.at(width);
      await list.fill('1000000');
      expect(list.text('.what')).to.equal('Sell 1,234,500 SAFCOM at 27.05 from 27.10');
      expect(list.text('.standing')).to.equal('Partly filled, 1,000,000 of 1,234,500 filled, at 27.05');
      expect(list.text('.acts')).to.equal('Change Cancel');
      expect(cutTexts(list.element, true), `${width} px`).to.deep.equal([]);
      for (const part of list.element.shadowRoot!.querySelectorAll('li > *')) {
        expect(part.scrollWidth, `${width} px, ${part.className}`).to.equal(part.clientWidth);
      }
      const [what, standing] = [list.find('.what'), list.find('.standing')].map((part) => part.getBoundingClientRect());
      expect(standing!.left > what!.right, `${width} px`).to.equal(width >= 64 * 14 + 2);
      list.element.remove();
      sessionStorage.clear();
    }
  });

  it('OO25 a row keeps its height while its order fills, is refused or ends, and what is longer is scrolled to', async () => {
    const message =
      'The broker does not accept orders of this size from this account today, ask them for a higher limit, or split it.';
    for (const width of WIDTHS) {
      const list = await Looked.at(width);
      // An order that has ended goes below those that work.
      const heights = (): number[] => list.rows.map(({ height }) => height).sort((a, b) => a - b);
      const before = heights();
      const same = (): void => void expect(heights(), `${width} px`).to.deep.equal(before);
      await list.fill('1000000');
      same();
      await list.fill('234500');
      same();
      const facts = {
        status: 'cancelled',
        filled: { units: 0n, scale: 0 },
        reason: { code: 'other', message, by: 'venue' },
      } as const;
      list.venue.tell({ type: 'order', clientOrderId: 'c-1', event: { type: 'cancelled', facts } });
      await list.settled();
      same();
      const standing = list.find('.orders li:last-child .standing');
      expect(standing.textContent).to.contain(message);
      await expect(list.element).to.be.accessible();
      expect(standing.tabIndex).to.equal(0);
      standing.scrollTop = 1_000;
      const end = standing.firstElementChild!.getBoundingClientRect();
      expect(end.bottom).to.be.at.most(standing.getBoundingClientRect().bottom + 1);
      list.element.remove();
      sessionStorage.clear();
    }
  });

  it('OO26 in forced colours a bar shows its share', async function () {
    await emulate(this, { 'forced-colors': 'active' });
    const list = await Looked.at(340);
    const bar = list.find<HTMLProgressElement>('progress');
    const shares: number[] = [];
    for (const value of [0, 0.25, 0.75, 1]) {
      bar.max = 1;
      bar.value = value;
      shares.push(await inkOf(bar));
    }
    const [none, quarter, most, whole] = shares as [number, number, number, number];
    expect(quarter - none).to.be.greaterThan(0.1);
    // Of more than half filled the ground is the filling: then the empty part is what stands out.
    expect(most).to.be.within(0.1, 0.5);
    expect(most - whole).to.be.greaterThan(0.05);
  });

  it('OO26 in forced colours the button that cancels all can be read', async function () {
    await emulate(this, { 'forced-colors': 'active' });
    const list = await Looked.at(340);
    list.find('.cancel-all').click();
    await list.settled();
    expect(list.text('dialog .go')).to.equal('Cancel 2 orders');
    expect(await strokesOf(list.find('dialog .go'))).to.be.greaterThan(10);
  });

  it('OO27 between words that are read from the right, sentences keep their order', async () => {
    document.documentElement.lang = 'ar-EG';
    document.documentElement.dir = 'rtl';
    for (const width of [340, 760, 960]) {
      const list = await Looked.at(width);
      await list.fill('1000000');
      const amount = (text: string): string => new Intl.NumberFormat('ar-EG').format(text as never);
      const [filled, all] = [amount('1000000'), amount('1234500')];
      expect(readsInOrder(list.find('.what'), 'Sell', all, 'SAFCOM', '٢٧٫٠٥', 'from', '٢٧٫١٠')).to.equal(true);
      expect(readsInOrder(list.find('.standing'), 'Partly', filled, 'of', all, '٢٧٫٠٥')).to.equal(true);
      const what = list.find('.what');
      const right = Math.max(...[...what.getClientRects()].map((box) => box.right));
      expect(right).to.be.greaterThan(list.element.getBoundingClientRect().right - 40);
      list.find('.cancel-all').click();
      await list.settled();
      expect(readsInOrder(list.find('.all li'), 'Sell', all, 'SAFCOM', '٢٧٫٠٥', 'from', '٢٧٫١٠')).to.equal(true);
      for (const selector of ['.what', '.standing', '.notice', '.all li', 'dialog h2']) {
        expect(getComputedStyle(list.find(selector)).direction, selector).to.equal('ltr');
      }
      list.element.remove();
      sessionStorage.clear();
    }
  });

  it('OO28 what marks a control stands out 3:1, in light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const list = await Looked.at(340, { theme });
      for (const selector of ['.cancel-all', '[data-act="cancel"]']) {
        const { borderTopColor, backgroundColor } = getComputedStyle(list.find(selector));
        expect(
          contrastOf(plainColor(borderTopColor), plainColor(backgroundColor)),
          `${theme} ${selector}`,
        ).to.be.at.least(3);
      }
      list.element.remove();
      sessionStorage.clear();
    }
  });
});
