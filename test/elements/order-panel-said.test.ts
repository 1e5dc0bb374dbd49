import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/define/order-panel.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import { expectTrouble } from '../support/page-health.js';
import { SCOM, TicketPage, accepted, liveStream, mount } from '../support/ticket-page.js';

/** What a screen reader is told by a live region: the texts of the nodes that come into it. */
function listen(page: TicketPage, selector: string): string[] {
  const told: string[] = [];
  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node.textContent?.trim()) told.push(node.textContent.trim());
    }
  });
  observer.observe(page.find(selector), { childList: true, subtree: true, characterData: true });
  return told;
}

/** Every order is answered with the next of these. */
function answers(page: TicketPage, ...given: readonly unknown[]): void {
  const left = [...given];
  page.element.addEventListener('order-submit', (event) =>
    (event as OrderSubmitEvent).respondWith(
      left[0] instanceof Error ? Promise.reject(left.shift()) : (Promise.resolve(left.shift()) as never),
    ),
  );
}

async function order(page: TicketPage): Promise<void> {
  await page.fill();
  await page.press();
  page.stream.pass(400);
  await page.settled();
}

describe('<order-panel> what is told', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP99 a page uses the ticket like a control of the platform', async () => {
    const form = await fixture<HTMLFormElement>(html`<form>
      <label for="ticket">Order</label>
      <fieldset><order-panel id="ticket" name="ticket" symbol="SCOM"></order-panel></fieldset>
    </form>`);
    const element = form.querySelector<OrderPanelElement>('order-panel')!;
    element.stream = liveStream();
    await element.updateComplete;
    const page = new TicketPage(element, liveStream());
    expect([element.form, element.labels[0]?.textContent]).to.deep.equal([form, 'Order']);
    expect(element.validity.valueMissing).to.equal(true);
    await page.type('quantity', '200');
    await page.type('limitPrice', '17.46');
    expect([element.validity.stepMismatch, element.validationMessage]).to.deep.equal([true, 'Price step is 0.05']);
    await page.type('limitPrice', 'dear');
    expect(element.validity.badInput).to.equal(true);
    await page.type('limitPrice', '17.45');
    element.instrument = { ...SCOM, minQuantity: '200', maxQuantity: '1000' };
    for (const [quantity, flag] of [
      ['50', 'stepMismatch'],
      ['250', 'stepMismatch'],
      ['100', 'rangeUnderflow'],
      ['0', 'rangeUnderflow'],
      ['1,100', 'rangeOverflow'],
    ] as const) {
      await page.type('quantity', quantity);
      expect([element.validity[flag], element.validity.customError], quantity).to.deep.equal([true, false]);
    }
    await page.type('quantity', '200');
    expect([element.checkValidity(), element.reportValidity(), element.validity.valid]).to.deep.equal([
      true,
      true,
      true,
    ]);
    const { value } = element;
    form.reset();
    await element.updateComplete;
    element.value = value;
    await element.updateComplete;
    expect(page.find<HTMLInputElement>('#limitPrice').value).to.equal('17.45');
    expectTrouble(/the value of a ticket/);
    element.value = 'nonsense';
    expect(element.value).to.equal(value);
    form.querySelector('fieldset')!.disabled = true;
    await element.updateComplete;
    expect(element.willValidate).to.equal(false);
  });

  it('OP99 Enter in a field sends the form’s press', async () => {
    const page = await mount({ confirm: 'never' });
    answers(page, accepted);
    await page.fill();
    page.find('#quantity').focus();
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.submitted.length).to.equal(1);
  });

  it('OP85 checkValidity moves no focus, reportValidity moves it to the field that is wrong', async () => {
    const form = await fixture<HTMLFormElement>(html`<form>
      <input name="other" /><order-panel name="ticket" symbol="SCOM"></order-panel>
    </form>`);
    const element = form.querySelector<OrderPanelElement>('order-panel')!;
    element.stream = liveStream();
    await element.updateComplete;
    const page = new TicketPage(element, liveStream());
    await page.type('limitPrice', '17.46');
    await page.type('quantity', '150');
    const other = form.querySelector('input')!;
    other.focus();
    expect(form.checkValidity()).to.equal(false);
    expect(document.activeElement).to.equal(other);
    page.find('#quantity').focus();
    expect(form.checkValidity()).to.equal(false);
    expect(element.shadowRoot!.activeElement?.id).to.equal('quantity');
    for (const start of [other, page.find('#quantity')]) {
      start.focus();
      form.reportValidity();
      expect(element.shadowRoot!.activeElement?.id).to.equal('limitPrice');
    }
    await page.type('limitPrice', '17.45');
    other.focus();
    await page.press();
    expect(element.shadowRoot!.activeElement?.id).to.equal('quantity');
  });

  it('OP86 good news that reads like the news before is told again, and nothing else with it', async () => {
    const page = await mount({ confirm: 'never' });
    answers(page, accepted, accepted);
    const told = listen(page, '[role="status"].visually-hidden');
    const alarms = listen(page, '[role="alert"]');
    await order(page);
    await order(page);
    const sent = 'Buy 1,200 at 17.45: Sent, no answer yet';
    const open = 'Buy 1,200 at 17.45: Open';
    expect(told).to.deep.equal([sent, open, sent, open]);
    page.element.requestUpdate();
    await page.settled();
    expect([told.length, alarms]).to.deep.equal([4, []]);
  });

  it('OP86 bad news that reads like the news before is told again', async () => {
    const page = await mount({ confirm: 'never' });
    const rejected = { status: 'rejected', code: 'price_band' };
    answers(page, rejected, rejected, accepted);
    const told = listen(page, '[role="status"].visually-hidden');
    const alarms = listen(page, '[role="alert"]');
    const text = 'Buy 1,200 at 17.45: Rejected, the price is outside the day’s limits';
    await order(page);
    await order(page);
    expect(alarms).to.deep.equal([text, text]);
    await order(page);
    expect([alarms.length, told.at(-1)]).to.deep.equal([2, 'Buy 1,200 at 17.45: Open']);
    expect(page.text('[role="alert"]')).to.equal('');
  });

  it('OP86 what fills bit by bit is told every 5 s at most, and its end at once', async () => {
    const page = await mount({ confirm: 'never' });
    answers(page, accepted);
    const told = listen(page, '[role="status"].visually-hidden');
    await order(page);
    const { clientOrderId } = page.submitted[0]!.order;
    const fill = async (filled: string, passed: number): Promise<string | undefined> => {
      page.element.updateOrder(clientOrderId, {
        status: filled === '1200' ? 'filled' : 'partially_filled',
        filled,
        averagePrice: '17.45',
      });
      page.stream.pass(passed);
      page.stream.pushTicker('SCOM', { price: '17.55', volume: filled });
      page.element.requestUpdate();
      await page.settled();
      return told.at(-1);
    };
    const first = 'Buy 1,200 at 17.45: Partly filled, 100 of 1,200 filled, at 17.45';
    expect(await fill('100', 1_000)).to.equal(first);
    expect(await fill('300', 1_000)).to.equal(first);
    expect(await fill('400', 1_000)).to.equal(first);
    expect(await fill('500', 2_500)).to.contain('500 of 1,200 filled');
    const count = told.length;
    expect(await fill('600', 0)).to.contain('500 of 1,200 filled');
    expect(await fill('1200', 0)).to.equal('Buy 1,200 at 17.45: Filled, at 17.45');
    expect(told.length).to.equal(count + 1);
  });

  it('OP86 an alarm goes when a person has settled what it was of, and an empty one is not written again', async () => {
    const page = await mount({ confirm: 'never' });
    answers(page, new Error('lost'));
    const touched: MutationRecord[] = [];
    await order(page);
    await page.settled();
    expect(page.text('[role="alert"]')).to.contain('Outcome unknown');
    page.find('[data-act="dismiss"]').click();
    await page.settled();
    expect(page.text('[role="alert"]')).to.equal('');
    new MutationObserver((records) => touched.push(...records)).observe(page.find('[role="alert"]'), {
      childList: true,
      subtree: true,
    });
    for (const text of ['1', '12', '120']) await page.type('quantity', text);
    expect(touched).to.deep.equal([]);
  });

  it('OP86 bad news of two orders alike is told twice, though no press lies between', async () => {
    const page = await mount({ confirm: 'never' });
    answers(page, accepted, accepted);
    await order(page);
    await order(page);
    const alarms = listen(page, '[role="alert"]');
    for (const { clientOrderId } of page.submitted.map((event) => event.order)) {
      page.element.updateOrder(clientOrderId, { status: 'rejected', code: 'admin' });
      await page.settled();
    }
    const text = 'Buy 1,200 at 17.45: Rejected, by the venue';
    expect(alarms).to.deep.equal([text, text]);
  });
});
