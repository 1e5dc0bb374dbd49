import { expect, fixture } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { LitElement, html, nothing } from 'lit';
import { parseDecimal, subtract } from '../../src/book/decimal.js';
import { TickTable } from '../../src/book/tick-table.js';
import { defineOnce } from '../../src/define/define-once.js';
import type { AmendableOrder } from '../../src/elements/order-panel/amend-check.js';
import { AmendEditor } from '../../src/elements/order-panel/amend-editor.js';
import { amendForm } from '../../src/elements/order-panel/amend-form.js';
import { TicketFormat } from '../../src/elements/order-panel/ticket-format.js';
import type { WantedTerms } from '../../src/orders/desk-types.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { separatorsOf } from '../../src/orders/number-input.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import { FakeStream } from '../support/fake-stream.js';

const SCOM = {
  symbol: 'SCOM',
  name: 'Safaricom PLC',
  currency: 'KES',
  tickSize: '0.05',
  lotSize: '100',
  priceBand: ['16', '19'] as const,
};
const exact = (text: string) => parseDecimal(text)!;

function orderOf(filled: string, quantity = '1200', limitPrice = '17.45'): AmendableOrder {
  return {
    request: {
      clientOrderId: 'c-1',
      account: 'A-1',
      symbol: 'SCOM',
      side: 'buy',
      orderType: 'limit',
      quantity,
      limitPrice,
      stopPrice: null,
      timeInForce: 'day',
      createdAt: 1,
    },
    quantity: exact(quantity),
    filled: exact(filled),
    leaves: subtract(exact(quantity), exact(filled)),
    limitPrice,
    stopPrice: null,
  };
}

/** A place for the form, as a list of orders is one. */
class AmendPlace extends LitElement {
  order: AmendableOrder | undefined = orderOf('400');
  cash: string | undefined;
  readonly stream = new FakeStream();
  readonly sent: WantedTerms[] = [];
  readonly #separators = separatorsOf('en');
  readonly #desk = new OrderDesk({ account: '', journal: memoryJournal(), ledger: new ReservationLedger() });
  readonly editor = new AmendEditor({
    order: () => this.order,
    facts: () => ({
      symbol: 'SCOM',
      stream: this.stream,
      desk: this.#desk,
      isGatewayUsed: false,
      instrument: undefined,
      balances: this.cash === undefined ? undefined : { cash: { KES: this.cash } },
      maxAgeMs: undefined,
      separators: this.#separators,
    }),
    amend: (_, terms) => this.sent.push(terms),
    now: () => this.stream.now(),
    changed: () => this.requestUpdate(),
  });

  protected override updated(): void {
    this.editor.read();
  }

  protected override render() {
    const seen = this.editor.look();
    if (!seen) return nothing;
    const { editor } = this;
    const format = new TicketFormat('en', SCOM, TickTable.of(SCOM));
    return amendForm(
      { ...seen, what: 'Buy 1,200 SCOM at 17.45', format },
      {
        enter: (field, text) => editor.enter(field, text),
        leave: () => undefined,
        step: (field, direction) => editor.step(field, direction),
        take: (field, value) => editor.take(field, value),
        heed: (isRead) => editor.heed(isRead),
        send: () => editor.send(),
        close: () => editor.close(),
      },
    );
  }
}
defineOnce('amend-place', AmendPlace);

class AmendPage {
  constructor(readonly place: AmendPlace) {}

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.place.shadowRoot!.querySelector<T>(selector)!;
  }

  text(selector: string): string {
    return (this.find(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  value(field: string): string {
    return this.find<HTMLInputElement>(`#amend-${field}`).value;
  }

  async type(field: string, text: string): Promise<void> {
    const input = this.find<HTMLInputElement>(`#amend-${field}`);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await this.place.updateComplete;
  }

  async press(selector: string): Promise<void> {
    this.find(selector).click();
    await this.place.updateComplete;
  }

  async becomes(order: AmendableOrder | undefined): Promise<void> {
    this.place.order = order;
    this.place.requestUpdate();
    await this.place.updateComplete;
  }
}

async function open(cash?: string): Promise<AmendPage> {
  const place = await fixture<AmendPlace>(html`<amend-place></amend-place>`);
  place.cash = cash;
  place.stream.setInstrument(SCOM);
  place.stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '900']]);
  place.editor.open('c-1');
  await place.updateComplete;
  return new AmendPage(place);
}

describe('changing an order', () => {
  it('OO12 edits what is left; the whole that is asked for has what has filled in it', async () => {
    const page = await open();
    expect([page.value('limitPrice'), page.value('quantity')]).to.deep.equal(['17.45', '800']);
    expect(page.text('.go')).to.equal('Nothing changed');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([]);
    await page.type('quantity', '600');
    expect(page.text('.change')).to.equal('Left 800 → 600 (1,000 in all)');
    expect(page.text('.go')).to.equal('Buy 600 at 17.45 instead');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([{ quantity: '1000', limitPrice: '17.45' }]);
    expect(page.find('form')).to.equal(null);
  });

  it('OO12 what fills meanwhile is taken off the rest, unless the rest was entered; what has filled is shown', async () => {
    const page = await open();
    await page.type('limitPrice', '17.40');
    await page.becomes(orderOf('500'));
    expect(page.value('quantity')).to.equal('700');
    expect(page.text('.field:has(#amend-quantity) .note')).to.equal('500 filled');
    expect(page.text('.change')).to.equal('Price 17.45 → 17.40');
    await page.type('quantity', '600');
    await page.becomes(orderOf('600'));
    expect(page.value('quantity')).to.equal('600');
    page.place.stream.pass(400);
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([{ quantity: '1200', limitPrice: '17.40' }]);
  });

  it('OO29 a change goes only as it was read: not what news has made of it in the moment of the press', async () => {
    const page = await open();
    await page.type('quantity', '600');
    expect(page.text('.change')).to.equal('Left 800 → 600 (1,000 in all)');
    // A fill that the form has not been written for.
    page.place.order = orderOf('500');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([]);
    expect(page.text('.change')).to.equal('Left 700 → 600 (1,100 in all)');
    await page.press('.go');
    expect(page.place.sent, 'nobody has read that so fast').to.deep.equal([]);
    page.place.stream.pass(400);
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([{ quantity: '1100', limitPrice: '17.45' }]);
  });

  it('OO29 a rest that was to make it smaller and by what has filled makes it larger has to be ticked', async () => {
    const page = await open();
    await page.type('quantity', '600');
    await page.becomes(orderOf('1000'));
    page.place.stream.pass(400);
    expect(page.text('.warnings li')).to.equal('It has filled since: larger than before, 1,200 → 1,600 in all');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([]);
    await page.press('.heed input');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([{ quantity: '1600', limitPrice: '17.45' }]);
    const grown = await open();
    await grown.type('quantity', '1000');
    expect(grown.find('.warnings'), 'larger, and said so').to.equal(null);
  });

  it('OO13 a price off the tick, a rest off the lot, one beyond the band: explained, with the nearest offered', async () => {
    const page = await open();
    await page.type('limitPrice', '17.42');
    expect(page.text('.go')).to.equal('Price step is 0.05');
    expect(page.text('.nearest')).to.equal('17.40');
    await page.press('.nearest');
    expect(page.value('limitPrice')).to.equal('17.40');
    await page.type('quantity', '50');
    expect(page.text('.go')).to.equal('Lot is 100');
    expect(page.text('.nearest')).to.equal('100');
    await page.type('quantity', '0');
    expect(page.text('.go')).to.equal('Must be above zero');
    await page.type('quantity', '800');
    await page.type('limitPrice', '20');
    expect(page.text('.go')).to.equal('Today’s limits are 16.00 to 19.00');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([]);
  });

  it('OO13 steps go by tick and lot, never below one lot', async () => {
    const page = await open();
    page.find('#amend-limitPrice').focus();
    await sendKeys({ press: 'ArrowDown' });
    await page.place.updateComplete;
    expect(page.value('limitPrice')).to.equal('17.40');
    await page.type('quantity', '100');
    await page.press('[aria-label="Lower left to trade"]');
    expect(page.value('quantity')).to.equal('100');
    await page.press('[aria-label="Raise left to trade"]');
    expect(page.value('quantity')).to.equal('200');
  });

  it('OO14 the money that the order holds back already counts as free', async () => {
    // 800 at 17.45 hold 13,960; with 40 more 800 at 17.50 can be had, and not at 17.55.
    const page = await open('40');
    await page.type('limitPrice', '17.50');
    expect(page.text('.go')).to.equal('Buy 800 at 17.50 instead');
    await page.type('limitPrice', '17.55');
    expect(page.text('.go')).to.contain('Not enough KES');
  });

  it('OO17 a warning has to be ticked, and anew when anything was changed', async () => {
    const page = await open();
    await page.type('limitPrice', '16.00');
    expect(page.text('.warnings li')).to.contain('% below the best price');
    expect(page.text('.go')).to.equal('Tick that you have read the warning');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([]);
    await page.press('.heed input');
    expect(page.text('.go')).to.equal('Buy 800 at 16.00 instead');
    await page.type('limitPrice', '16.05');
    expect(page.text('.go')).to.equal('Tick that you have read the warning');
    await page.press('.heed input');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([{ quantity: '1200', limitPrice: '16.05' }]);
  });

  it('OO17 another warning of the same terms asks anew, and so does a tick that was taken back', async () => {
    const page = await open();
    const unread = 'Tick that you have read the warning';
    await page.type('limitPrice', '16.00');
    await page.press('.heed input');
    await page.press('.heed input');
    expect(page.text('.go')).to.equal(unread);
    await page.press('.heed input');
    expect(page.text('.go')).to.equal('Buy 800 at 16.00 instead');
    const read = page.text('.warnings li');
    page.place.stream.pushBook('SCOM', [], []);
    await page.becomes(orderOf('400'));
    expect(page.text('.warnings li')).not.to.equal(read);
    expect(page.text('.go')).to.equal(unread);
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([]);
  });

  it('OO22 what was ticked counts no more once a warning has become worse', async () => {
    const page = await open();
    await page.type('limitPrice', '16.60');
    await page.press('.heed input');
    expect(page.text('.go')).to.equal('Buy 800 at 16.60 instead');
    // Nearer again is no worse.
    page.place.stream.pushBook('SCOM', [['17.48', '1200']], [['17.55', '900']]);
    await page.becomes(orderOf('400'));
    expect(page.text('.go')).to.equal('Buy 800 at 16.60 instead');
    page.place.stream.pushBook('SCOM', [['18.50', '1200']], [['18.55', '900']]);
    await page.becomes(orderOf('400'));
    expect(page.text('.go')).to.equal('Tick that you have read the warning');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([]);
  });

  it('OO23 the least and the most are of the whole order', async () => {
    const page = await open();
    page.place.stream.setInstrument({ ...SCOM, minQuantity: '300', maxQuantity: '1000' });
    await page.type('quantity', '100');
    expect(page.text('.go')).to.equal('Buy 100 at 17.45 instead');
    await page.type('quantity', '700');
    expect(page.text('.go')).to.contain('1,000');
    expect(page.text('.nearest')).to.equal('600');
    await page.press('.nearest');
    await page.press('.go');
    expect(page.place.sent).to.deep.equal([{ quantity: '1000', limitPrice: '17.45' }]);
  });

  it('OO15 Escape and Back leave the order as it is, and so does its end', async () => {
    const page = await open();
    await page.type('quantity', '600');
    await page.press('.back');
    expect(page.find('form')).to.equal(null);
    page.place.editor.open('c-1');
    await page.place.updateComplete;
    expect(page.value('quantity')).to.equal('800');
    page.place.editor.close();
    await page.place.updateComplete;
    expect(page.find('form')).to.equal(null);
    page.place.editor.open('c-1');
    await page.becomes(undefined);
    expect(page.find('form')).to.equal(null);
    await page.becomes(orderOf('400'));
    expect(page.find('form')).to.equal(null);
    expect(page.place.sent).to.deep.equal([]);
  });
});
