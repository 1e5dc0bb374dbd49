import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/define/order-panel.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type {
  OrderRejectEvent,
  OrderSubmitEvent,
  OrderUpdateEvent,
} from '../../src/elements/order-panel/order-panel.events.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { FakeStream } from '../support/fake-stream.js';
import {
  ASKS,
  BIDS,
  SCOM,
  TicketPage,
  accepted,
  answerWith,
  gatewayOf,
  liveStream,
  mount,
  pickLevel,
} from '../support/ticket-page.js';

describe('<order-panel>', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP1 is accessible empty, filled, in error, stale and while confirming', async () => {
    const page = await mount();
    await expect(page.element).to.be.accessible();
    await page.type('limitPrice', '17.46');
    await page.type('quantity', '150');
    await expect(page.element).to.be.accessible();
    await page.fill();
    await expect(page.element).to.be.accessible();
    await page.press();
    expect(page.dialog.open).to.equal(true);
    await expect(page.element).to.be.accessible();
    page.stream.setVerdict('SCOM', { state: 'stale', reason: 'heartbeat_missed' });
    await page.element.updateComplete;
    await expect(page.element).to.be.accessible();
    await page.press('dialog .back');
    await expect(page.element).to.be.accessible();
  });

  it('OP2 the button says what will happen, or why nothing will', async () => {
    const page = await mount();
    expect(page.button).to.equal('Enter a price');
    await page.fill();
    expect(page.button).to.equal('Buy 1,200 SCOM at 17.45');
    await page.choose('sell');
    await page.type('limitPrice', '17.6');
    expect(page.button).to.equal('Sell 1,200 SCOM at 17.60');
    await page.choose('market');
    expect(page.button).to.equal('Sell 1,200 SCOM at market');
    await page.choose('stop');
    await page.type('stopPrice', '17.20');
    expect(page.button).to.equal('Sell 1,200 SCOM at market from 17.20');
    page.stream.setVerdict('SCOM', { state: 'stale', reason: 'reconnecting' });
    page.stream.pass(14_000);
    await page.element.updateComplete;
    expect(page.button).to.equal('Waiting for live prices');
    expect(page.text('[part="note"]')).to.equal('Prices are 14 s old: connection lost.');
  });

  it('OP3 shows what fills now, what rests, the fee and the total', async () => {
    const page = await mount();
    await page.fill();
    const rows = () => [...page.element.shadowRoot!.querySelectorAll('form .sums div')].map((row) => row.textContent);
    expect(rows()).to.deep.equal(['Fills now0', 'Rests at 17.451,200', 'Fee (0.12 %)25.13', 'ReservedKES 20,965.13']);
    await page.type('limitPrice', '17.60');
    expect(rows()[0]).to.equal('Fills now at about 17.5625'.slice(0, 19) + '17.56251,200');
    await page.choose('market');
    await page.type('quantity', '2000');
    expect(rows()[3]).to.equal('Total aboutbeyond the book');
    expect(page.button).to.equal('The book shows only 1,300');
  });

  it('OP4 a number off the grid is explained, and the nearest two are offered, never taken by themselves', async () => {
    const page = await mount();
    await page.type('limitPrice', '17.46');
    expect(page.text('#limitPrice-hint span')).to.equal('Price step is 0.05');
    const offers = () => [...page.element.shadowRoot!.querySelectorAll('.nearest')].map((each) => each.textContent);
    expect(offers()).to.deep.equal(['17.45', '17.50']);
    expect(page.find<HTMLInputElement>('#limitPrice').value).to.equal('17.46');
    await page.press('.nearest:last-child');
    expect(page.find<HTMLInputElement>('#limitPrice').value).to.equal('17.50');
    await page.type('quantity', '150');
    expect(offers()).to.deep.equal(['100', '200']);
  });

  it('OP5 sends nothing without a confirmation, and shows what it will send', async () => {
    const page = await mount();
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    await page.press();
    expect(page.dialog.open).to.equal(true);
    expect(page.text('#confirm-title')).to.equal('Buy 1,200 SCOM at 17.45?');
    expect(page.submitted.length).to.equal(0);
    await page.press('dialog .back');
    expect(page.dialog.open).to.equal(false);
    expect(page.submitted.length).to.equal(0);
    await page.confirm();
    expect(page.submitted.length).to.equal(1);
    const { clientOrderId, createdAt, ...order } = page.submitted[0]!.order;
    expect(clientOrderId).to.match(/^[0-9A-Z]{26}$/);
    expect(createdAt).to.be.above(0);
    expect(order).to.deep.equal({
      account: '',
      symbol: 'SCOM',
      side: 'buy',
      orderType: 'limit',
      quantity: '1200',
      limitPrice: '17.45',
      stopPrice: null,
      timeInForce: 'day',
    });
  });

  it('OP6 a press meant for the button under the dialog does not confirm', async () => {
    const page = await mount();
    await page.fill();
    await page.press();
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(0);
    expect(page.dialog.open).to.equal(true);
  });

  it('OP7 a price that moves under the dialog is shown old and new, and has to be accepted', async () => {
    const page = await mount();
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    await page.press();
    page.stream.pass(400);
    page.stream.pushBook('SCOM', BIDS, [['17.75', '900']]);
    await page.element.updateComplete;
    expect(page.text('.change')).to.equal('Best price 17.55 → 17.75.');
    expect(page.text('dialog .go')).to.equal('Look again');
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(0);
    page.stream.pass(400);
    await page.element.updateComplete;
    expect(page.text('dialog .go')).to.equal('Buy');
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(1);
  });

  it('OP8 a confirmation is good for 15 seconds, and only while the prices are', async () => {
    const page = await mount();
    await page.fill();
    await page.press();
    page.stream.setVerdict('SCOM', { state: 'resyncing', reason: 'sequence_gap' });
    page.stream.pass(400);
    await page.element.updateComplete;
    expect(page.text('dialog .go')).to.equal('Waiting for live prices');
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(0);
    page.stream.setVerdict('SCOM', { state: 'live', reason: 'ok' });
    page.stream.pass(15_000);
    await page.element.updateComplete;
    expect(page.text('.change')).to.equal('This summary is too old.');
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(0);
    expect(page.dialog.open).to.equal(true);
  });

  it('OP9 the submit handler judges for itself: what went bad since the last paint sends nothing', async () => {
    const page = await mount({ confirm: 'never' });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    for (const state of ['stale', 'resyncing', 'crossed', 'disconnected', 'closed', 'delayed'] as const) {
      // No update in between: the button still looks ready.
      page.stream.setVerdict('SCOM', { state, reason: 'heartbeat_missed' });
      page.find('[part="submit"]').click();
      await page.settled();
    }
    expect(page.submitted.length).to.equal(0);
    page.stream.setVerdict('SCOM', { state: 'quiet', reason: 'no_news' });
    await page.press();
    expect(page.submitted.length).to.equal(1);
  });

  it('OP10 a hundred presses are one order', async () => {
    const page = await mount({ confirm: 'never' });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    for (let i = 0; i < 100; i++) page.find('[part="submit"]').click();
    await page.settled();
    for (let i = 0; i < 100; i++) page.find('[part="submit"]').click();
    await page.settled();
    expect(page.submitted.length).to.equal(1);
    expect(page.find<HTMLInputElement>('#quantity').value).to.equal('');
    expect(page.text('[role="status"]')).to.equal('Buy 1,200 at 17.45: Open');
  });

  it('OP11 preventDefault without an answer sends nothing and leaves no order', async () => {
    const page = await mount({ confirm: 'never', gateway: gatewayOf(() => Promise.reject(new Error('must not'))) });
    page.element.addEventListener('order-submit', (event) => event.preventDefault());
    await page.fill();
    await page.press();
    expect(page.submitted.length).to.equal(1);
    expect(page.element.orders).to.deep.equal([]);
    expect(page.button).to.equal('Buy 1,200 SCOM at 17.45');
  });

  it('OP12 with nobody to take it, it says so and pretends nothing', async () => {
    const page = await mount({ confirm: 'never' });
    await page.fill();
    await page.press();
    expect(page.text('[role="alert"]')).to.equal('Nobody on this page takes orders. Nothing was sent.');
    expect(page.element.orders).to.deep.equal([]);
  });

  it('OP13 an unanswered page leaves the order unknown: said aloud, not sent again, other orders free', async () => {
    const page = await mount({ confirm: 'never' });
    const rejects: OrderRejectEvent[] = [];
    page.element.addEventListener('order-reject', (event) => rejects.push(event as OrderRejectEvent));
    answerWith(page, Promise.reject(new Error('network')));
    await page.fill();
    await page.press();
    expect(page.element.orders[0]!.state).to.equal('unknown');
    expect(page.text('[role="alert"]')).to.contain('Outcome unknown');
    page.stream.pass(400);
    await page.press();
    expect(page.submitted.length).to.equal(1);
    expect(rejects.length).to.equal(0);
    await page.type('quantity', '300');
    expect(page.button).to.equal('Buy 300 SCOM at 17.45');
    page.stream.pass(400);
    await page.press();
    expect(page.submitted.length).to.equal(2);
    expect(page.submitted[0]!.order.clientOrderId).not.to.equal(page.submitted[1]!.order.clientOrderId);
    await page.press('.orders li:last-child button');
    expect(page.element.orders.length).to.equal(1);
  });

  it('OP14 a rejection says why, and the next press is a new order with a new id', async () => {
    const page = await mount({ confirm: 'never' });
    const seen: string[] = [];
    page.element.addEventListener('order-update', (event) => seen.push((event as OrderUpdateEvent).order.state));
    page.element.addEventListener('order-reject', (event) => seen.push(`reject ${(event as OrderRejectEvent).code}`));
    answerWith(page, Promise.resolve({ status: 'rejected', code: 'price_band' }));
    await page.fill();
    await page.press();
    expect(seen).to.deep.equal(['submitting', 'pending_new', 'rejected', 'reject price_band']);
    expect(page.text('[role="alert"]')).to.contain('the price is outside the day’s limits');
    page.stream.pass(400);
    await page.press();
    expect(page.submitted.length).to.equal(2);
    expect(page.submitted[0]!.order.clientOrderId).not.to.equal(page.submitted[1]!.order.clientOrderId);
  });

  it('OP15 the page reports fills of an order that it carries', async () => {
    const page = await mount({ confirm: 'never' });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    await page.press();
    const { clientOrderId } = page.submitted[0]!.order;
    page.element.updateOrder(clientOrderId, { status: 'partially_filled', filled: '400', averagePrice: '17.45' });
    await page.settled();
    expect(page.text('.orders .standing')).to.equal('Partly filled, 400 of 1,200 filled, at 17.45');
    expect(() => page.element.updateOrder(clientOrderId, { status: 'done' as 'filled' })).to.throw(TypeError);
  });

  it('OP16 without an answer of the page it goes to the gateway, which can cancel even on stale prices', async () => {
    const placed: OrderRequest[] = [];
    const cancelled: string[] = [];
    const gateway = gatewayOf(async (order) => {
      placed.push(order);
      return { outcome: 'accepted', facts: { status: 'open', filled: { units: 0n, scale: 0 } } };
    }, cancelled);
    const page = await mount({ confirm: 'never', gateway, account: 'A-1' });
    await page.fill();
    await page.press();
    expect(placed.length).to.equal(1);
    expect(placed[0]!.account).to.equal('A-1');
    page.stream.setVerdict('SCOM', { state: 'disconnected', reason: 'offline' });
    await page.element.updateComplete;
    await page.press('.orders button');
    expect(cancelled).to.deep.equal([placed[0]!.clientOrderId]);
    expect(page.element.orders[0]!.state).to.equal('cancelled');
  });

  it('OP17 a level that was picked fills the ticket and says where it came from and how old it is', async () => {
    const page = await mount();
    const pick = pickLevel;
    const value = (field: string) => page.find<HTMLInputElement>(`#${field}`).value;
    pick({ symbol: 'KCB' });
    await page.element.updateComplete;
    expect(value('limitPrice')).to.equal('');
    pick({});
    await page.element.updateComplete;
    expect(value('limitPrice')).to.equal('17.60');
    expect(value('quantity')).to.equal('');
    expect(page.text('#limitPrice-hint')).to.equal('from the book, 0.2 s ago');
    page.stream.pass(3_000);
    await page.element.updateComplete;
    expect(page.text('#limitPrice-hint')).to.equal('from the book, 3.2 s ago');
    pick({ side: 'bid', price: '17.45', cumulativeSize: '2000', field: 'total', grouped: true });
    await page.element.updateComplete;
    expect(page.button).to.equal('Sell 2,000 SCOM at 17.45');
    expect(page.text('#limitPrice-hint')).to.equal('from the book, grouped, 0.2 s ago');
    await page.type('limitPrice', '17.50');
    expect(page.text('#limitPrice-hint')).to.equal('');
  });

  it('OP18 works by keyboard alone: arrows step, Enter submits, the first invalid field gets the focus', async () => {
    const page = await mount();
    page.find('#limitPrice').focus();
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.element.shadowRoot!.activeElement?.id).to.equal('limitPrice');
    await sendKeys({ press: 'ArrowUp' });
    await sendKeys({ press: 'ArrowUp' });
    expect(page.find<HTMLInputElement>('#limitPrice').value).to.equal('17.55');
    page.find('#quantity').focus();
    await sendKeys({ press: 'ArrowUp' });
    await page.element.updateComplete;
    expect(page.button).to.equal('Buy 100 SCOM at 17.55');
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.dialog.open).to.equal(true);
    page.stream.pass(400);
    // The Enter that opened it may still be held down: it confirms nothing.
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.submitted.length).to.equal(0);
    await sendKeys({ press: 'Escape' });
    await page.settled();
    expect(page.dialog.open).to.equal(false);
    expect(page.element.shadowRoot!.activeElement?.id).to.equal('quantity');
  });

  it('OP19 is a form control: value, validity, reset, disabled, restored', async () => {
    const form = await fixture<HTMLFormElement>(
      html`<form>
        <fieldset><order-panel name="ticket" symbol="SCOM" side="sell"></order-panel></fieldset>
      </form>`,
    );
    const element = form.querySelector<OrderPanelElement>('order-panel')!;
    element.stream = liveStream();
    await element.updateComplete;
    const page = new TicketPage(element, element.stream as FakeStream);
    const value = () => new FormData(form).get('ticket') as string;
    const draft = () => JSON.parse(value()) as Record<string, string>;
    expect(form.checkValidity()).to.equal(false);
    await page.type('limitPrice', '17.60');
    form.reportValidity();
    await page.settled();
    expect(element.shadowRoot!.activeElement?.id).to.equal('quantity');
    await page.type('quantity', '200');
    expect(form.checkValidity()).to.equal(true);
    expect(draft()).to.deep.include({ side: 'sell', quantity: '200', limitPrice: '17.60' });
    const stored = value();
    await page.choose('buy');
    form.reset();
    await element.updateComplete;
    expect(draft()).to.deep.include({ side: 'sell', quantity: '', limitPrice: '' });
    element.formStateRestoreCallback(stored);
    await element.updateComplete;
    expect(page.button).to.equal('Sell 200 SCOM at 17.60');
    element.formStateRestoreCallback('{');
    form.querySelector('fieldset')!.disabled = true;
    await element.updateComplete;
    page.find('[part="submit"]').click();
    await page.settled();
    expect(page.dialog.open).to.equal(false);
    expect(page.find<HTMLButtonElement>('[part="submit"]').disabled).to.equal(true);
  });

  it('OP20 what may be spent is what there is, less what its own orders hold', async () => {
    const page = await mount({ confirm: 'never', balances: { cash: { KES: '30000.00' }, positions: { SCOM: '300' } } });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    expect(page.text('.available')).to.equal('Available KES 30,000.00'.replace(' KES', 'KES'));
    await page.press();
    expect(page.text('.available')).to.equal('AvailableKES 9,034.87');
    await page.type('quantity', '1200');
    expect(page.button).to.equal('Not enough KES: 11,930.26 missing');
    await page.choose('sell');
    expect(page.text('.available')).to.equal('Available300 SCOM');
    expect(page.button).to.equal('Not enough SCOM: 900 missing');
  });

  it('OP21 two tickets of one stream cannot spend the same shilling', async () => {
    const stream = liveStream();
    const balances = { cash: { KES: '30000.00' } };
    const first = await mount({ confirm: 'never', balances }, stream);
    const second = await mount({ confirm: 'never', balances }, stream);
    const gateway = gatewayOf(() => Promise.reject(new Error('must not')));
    const third = await mount({ confirm: 'never', balances, gateway }, stream);
    answerWith(first, new Promise(() => undefined));
    await first.fill();
    await second.fill();
    await second.type('quantity', '1,100');
    await third.fill();
    expect(second.button).to.equal('Buy 1,100 SCOM at 17.45');
    await first.press();
    await second.element.updateComplete;
    expect(second.button).to.equal('Not enough KES: 10,183.17 missing');
    stream.pushBook('SCOM', BIDS, ASKS);
    await third.element.updateComplete;
    expect(third.button).to.equal('Not enough KES: 11,930.26 missing');
  });

  it('OP97 nor can two pages of one feed, until the other has gone; a feed of one page alone tells nobody', async () => {
    const address = 'wss://market.example/ws';
    const balances = { cash: { KES: '30000.00' } };
    // A stream of its own stands for another page: they meet in a channel of the browser only.
    const pageOf = async (src: string): Promise<TicketPage> => {
      sessionStorage.clear();
      const page = await mount({ confirm: 'never', balances }, Object.assign(liveStream(), { src }));
      // So that none moves when another leaves.
      page.element.parentElement!.style.position = 'fixed';
      answerWith(page, new Promise(() => undefined));
      await page.fill();
      return page;
    };
    const other = await pageOf(address);
    const alone = await pageOf('demo:');
    const [second, third] = [await pageOf(address), await pageOf('demo:')];
    const elsewhere = await pageOf('wss://market.example/other');
    await elsewhere.type('quantity', '1,100');
    await second.type('quantity', '1,100');
    await third.type('quantity', '1,100');
    await other.press();
    await alone.press();
    await waitUntil(() => second.button.startsWith('Not enough KES'));
    expect(second.button).to.equal('Not enough KES: 10,183.17 missing');
    expect([third.button, elsewhere.button]).to.deep.equal(['Buy 1,100 SCOM at 17.45', 'Buy 1,100 SCOM at 17.45']);
    const later = await pageOf(address);
    await later.type('quantity', '1,100');
    await waitUntil(() => later.button === 'Not enough KES: 10,183.17 missing');
    other.element.remove();
    await waitUntil(() => second.button === 'Buy 1,100 SCOM at 17.45');
  });

  it('OP22 an order in flight when the page reloads is there again, unknown', async () => {
    const first = await mount({ confirm: 'never' });
    answerWith(first, new Promise(() => undefined));
    await first.fill();
    await first.press();
    expect(first.button).to.equal('Sending');
    // A stream of its own stands for the next page.
    const next = await mount();
    expect(next.element.orders[0]!.state).to.equal('unknown');
    expect(next.element.orders[0]!.clientOrderId).to.equal(first.submitted[0]!.order.clientOrderId);
  });

  it('OP23 the policy lets trivial orders go, and never hides a doubt', async () => {
    const page = await mount({ confirm: 'unless-trivial' });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    await page.press();
    expect(page.submitted.length).to.equal(1);
    await page.choose('market');
    await page.type('quantity', '100');
    page.stream.pass(400);
    await page.press();
    expect(page.dialog.open).to.equal(true);
    await page.press('dialog .back');
    page.element.confirm = 'never';
    await page.choose('limit');
    await page.type('limitPrice', '20.00');
    page.stream.pass(400);
    await page.press();
    expect(page.dialog.open).to.equal(true);
    expect(page.text('.warnings')).to.contain('above the best price, 17.50');
    expect(page.submitted.length).to.equal(1);
  });

  it('OP24 the event is answered once and in time, by whoever listens', async () => {
    const page = await mount({ confirm: 'never' });
    let kept: OrderSubmitEvent | undefined;
    page.element.addEventListener('order-submit', (event) => {
      kept = event as OrderSubmitEvent;
      kept.respondWith(Promise.resolve(accepted));
      expect(() => kept!.respondWith(Promise.resolve(accepted))).to.throw(TypeError);
    });
    await page.fill();
    await page.press();
    expect(() => kept!.respondWith(Promise.resolve(accepted))).to.throw(TypeError);
    expect(kept!.bubbles && kept!.composed && kept!.cancelable).to.equal(true);
  });

  it('OR197 a page that takes an order and answers with nothing leaves it unknown, and it is not sent again', async () => {
    for (const nothing of [undefined, null, 7]) {
      sessionStorage.clear();
      const page = await mount({ confirm: 'never' });
      answerWith(page, nothing as never);
      await page.fill();
      await page.press();
      expect(page.element.orders[0]?.state, String(nothing)).to.equal('unknown');
      expect(page.text('[role="alert"]')).to.contain('Buy 1,200 at 17.45');
      await page.press();
      expect(page.submitted.length).to.equal(1);
      page.element.remove();
    }
  });

  it('OR198 an answer that comes after the event says where the order went', async () => {
    const late = async (hasGateway: boolean, listener: (event: Event) => void): Promise<string> => {
      sessionStorage.clear();
      const gateway = gatewayOf(async () => ({ outcome: 'unknown', reason: '' }));
      const page = await mount({ confirm: 'never', ...(hasGateway ? { gateway } : {}) });
      page.element.addEventListener('order-submit', listener);
      await page.fill();
      await page.press();
      page.element.remove();
      try {
        page.submitted[0]!.respondWith(Promise.resolve(accepted));
      } catch (error) {
        return String(error).replace(page.submitted[0]!.order.clientOrderId, 'X');
      }
      return 'nothing';
    };
    const told =
      'TypeError: order-submit: respondWith must be called while the event is dispatched, before the first await; order X';
    expect(await late(true, () => undefined)).to.equal(`${told} went to the gateway`);
    expect(await late(true, (event) => event.preventDefault())).to.equal(`${told} was not sent`);
    expect(await late(false, () => undefined)).to.equal(`${told} was not sent`);
    const answer = (event: Event): void => (event as OrderSubmitEvent).respondWith(Promise.resolve(accepted));
    expect(await late(true, answer)).to.equal(`${told} was answered for`);
  });

  it('OP25 survives being moved, and leaves nothing behind when it goes', async () => {
    const page = await mount();
    await page.fill();
    const home = page.element.parentElement!;
    page.element.remove();
    expect(page.stream.listenerCount).to.equal(0);
    home.append(page.element);
    await page.element.updateComplete;
    expect(page.button).to.equal('Buy 1,200 SCOM at 17.45');
    page.element.remove();
    expect(page.stream.listenerCount).to.equal(0);
  });

  it('OP26 keeps its geometry: prices, problems and orders come and nothing moves', async () => {
    const stream = new FakeStream();
    const page = await mount({ confirm: 'never' }, stream);
    const height = () => page.element.getBoundingClientRect().height;
    const before = height();
    stream.setInstrument(SCOM);
    stream.pushBook('SCOM', BIDS, ASKS);
    await page.element.updateComplete;
    expect(height()).to.equal(before);
    await page.type('limitPrice', '17.46');
    await page.type('quantity', '150');
    expect(height()).to.equal(before);
    answerWith(page, Promise.resolve({ status: 'rejected', code: 'price_band' }));
    await page.fill();
    await page.press();
    expect(height()).to.equal(before);
  });

  it('OP28 a wish that changed since it was read is not sent, from the button or from the dialog', async () => {
    const page = await mount({ confirm: 'never' });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    page.element.side = 'sell';
    page.find('[part="submit"]').click();
    await page.settled();
    page.element.account = 'A-2';
    page.find('[part="submit"]').click();
    await page.settled();
    expect(page.submitted.length).to.equal(0);
    page.element.confirm = 'always';
    await page.press();
    page.stream.pass(400);
    await page.element.updateComplete;
    page.element.side = 'buy';
    page.find('dialog .go').click();
    await page.settled();
    expect(page.submitted.length).to.equal(0);
    expect(page.dialog.open).to.equal(false);
  });

  it('OP28 what is read in another language is another wish', async () => {
    const page = await mount();
    await page.type('limitPrice', '17.45');
    await page.type('quantity', '1,200');
    await page.press();
    page.stream.pass(400);
    page.element.lang = 'de';
    page.find('dialog .go').click();
    page.stream.pass(1_000);
    await page.settled();
    expect(page.submitted.length).to.equal(0);
    expect(page.dialog.open).to.equal(false);
  });

  it('OP29 the second of a double click on the dialog does nothing to what lies under it', async () => {
    const page = await mount();
    answerWith(page, Promise.resolve({ status: 'rejected', message: 'no' }));
    await page.fill();
    await page.press();
    page.stream.pass(400);
    page.find('dialog .go').click();
    await page.settled();
    page.find('[part="submit"]').click();
    pickLevel({ price: '17.60', size: '400', cumulativeSize: '10300', field: 'total' });
    await page.settled();
    expect(page.dialog.open).to.equal(false);
    expect(page.find<HTMLInputElement>('#quantity').value).to.equal('1,200');
    page.stream.pass(400);
    pickLevel({ price: '17.60', size: '400', cumulativeSize: '10300', field: 'total' });
    await page.settled();
    expect(page.find<HTMLInputElement>('#quantity').value).to.equal('10300');
  });

  it('OP30 an Enter that is held down is one press, also where orders are refused', async () => {
    const page = await mount({ confirm: 'never' });
    await page.fill();
    const key = (repeat: boolean): boolean =>
      page
        .find('#quantity')
        .dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat, bubbles: true, cancelable: true }));
    expect(key(false)).to.equal(true);
    expect(key(true)).to.equal(false);
  });

  it('OP31 an order of the same content that has no answer is not sent again: not after a reload, not by another ticket', async () => {
    const stream = liveStream();
    const page = await mount({ confirm: 'never' }, stream);
    answerWith(page, Promise.reject(new Error('network')));
    await page.fill();
    await page.press();
    const reloaded = await mount({ confirm: 'never' });
    const beside = await mount({ confirm: 'never' }, stream);
    for (const other of [reloaded, beside]) {
      answerWith(other, Promise.resolve(accepted));
      await other.type('limitPrice', '17.450');
      await other.type('quantity', '1200');
      expect(other.button).to.equal('Outcome unknown: check, then press “I have checked”');
      await other.press();
      expect(other.submitted.length).to.equal(0);
    }
    // Sent another wish meanwhile, and edited back.
    await page.type('quantity', '300');
    page.stream.pass(400);
    await page.press();
    expect(page.submitted.length).to.equal(2);
    await page.type('quantity', '1,200');
    page.stream.pass(400);
    await page.press();
    expect(page.submitted.length).to.equal(2);
    // A person has asked the broker: from here on it is a new order.
    await page.press('.orders li:last-child button');
    expect(page.button).to.equal('Buy 1,200 SCOM at 17.45');
    page.stream.pass(400);
    await page.press();
    expect(new Set(page.submitted.map(({ order }) => order.clientOrderId)).size).to.equal(3);
  });

  it('OP32 an alarm gives way when the truth is known', async () => {
    const page = await mount({ confirm: 'never' });
    answerWith(page, Promise.reject(new Error('network')));
    await page.fill();
    await page.press();
    expect(page.text('[role="alert"]')).to.contain('Outcome unknown');
    page.element.updateOrder(page.submitted[0]!.order.clientOrderId, accepted);
    await page.settled();
    expect(page.text('[role="alert"]')).to.equal('');
    expect(page.text('.orders li .standing')).to.equal('Open');
  });

  it('OP33 an order that may still trade is always listed, and one without an answer under every symbol', async () => {
    const page = await mount({ confirm: 'never' });
    const answers: unknown[] = [accepted];
    page.element.addEventListener('order-submit', (event) => {
      const answer = answers.shift() ?? { status: 'filled' };
      (event as OrderSubmitEvent).respondWith(Promise.resolve(answer as never));
    });
    for (let i = 0; i < 25; i++) {
      await page.fill();
      await page.press();
    }
    expect(page.element.orders.length).to.equal(25);
    expect(page.text('.orders li .standing'), 'what may still trade comes first').to.equal('Open');
    expect(page.text('.orders li:last-child .standing')).to.equal('Filled');
    answers.push('an answer that says nothing');
    await page.fill();
    await page.press();
    page.element.symbol = 'KCB';
    await page.element.updateComplete;
    expect(page.text('.orders')).to.contain('Buy 1,200 SCOM at 17.45');
    expect(page.text('.orders')).to.contain('Outcome unknown');
  });

  it('OP34 a market order whose worst price moved has to be accepted anew', async () => {
    const page = await mount();
    await page.choose('market');
    await page.type('quantity', '1,200');
    await page.press();
    page.stream.pass(400);
    page.stream.pushBook('SCOM', BIDS, [
      ['17.55', '900'],
      ['17.75', '400'],
    ]);
    await page.element.updateComplete;
    expect(page.text('dialog .change')).to.equal('Worst price 17.60 → 17.75.');
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(0);
  });

  it('OP35 an instrument handed in by the page does not hide an auction of the feed', async () => {
    const page = await mount({ instrument: { ...SCOM, phase: 'continuous' } });
    page.stream.setInstrument({ ...SCOM, phase: 'auction' });
    await page.choose('market');
    await page.type('quantity', '100');
    expect(page.button).to.equal('Only limit orders in the auction');
  });

  it('OP36 a page that hands in a gateway and presses at once has its orders go there', async () => {
    const placed: string[] = [];
    const page = await mount({ confirm: 'never' });
    await page.fill();
    page.element.gateway = gatewayOf(async ({ clientOrderId }) => {
      placed.push(clientOrderId);
      return { outcome: 'accepted', facts: { status: 'open', filled: { units: 0n, scale: 0 } } };
    });
    page.find('[part="submit"]').click();
    await page.settled();
    expect(placed.length).to.equal(1);
    expect(page.element.orders[0]!.state).to.equal('open');
  });

  it('OP25 leaves nothing behind when it goes with its dialog open', async () => {
    let observers = 0;
    const observe = (): (() => void) => {
      observers += 1;
      return () => void (observers -= 1);
    };
    const page = await mount({ gateway: { ...gatewayOf(() => Promise.reject(new Error('must not'))), observe } });
    await page.fill();
    await page.press();
    expect(observers).to.equal(1);
    page.element.remove();
    await page.settled();
    expect([page.stream.listenerCount, observers]).to.deep.equal([0, 0]);
  });

  it('OP27 goes through the stream of the server when that offers it and the account is whole', async () => {
    const stream = liveStream();
    Object.assign(stream, { features: ['orders'] });
    let open: (() => void) | undefined;
    stream.answer = (type, data) =>
      type === 'account_subscribe'
        ? new Promise((resolve) => {
            open = () =>
              resolve({
                type: 'account_snapshot',
                sequence: 1,
                epoch: 'p1',
                data: {
                  account: 'A-1',
                  balances: [{ currency: 'KES', available: '50000.00' }],
                  positions: [],
                  orders: [],
                },
              });
          })
        : Promise.resolve({
            type: 'order_ack',
            sequence: 2,
            epoch: 'p1',
            data: { ...data, orderId: 'o-1', status: 'open', cumQuantity: '0', leavesQuantity: '1200' },
          });
    const page = await mount({ confirm: 'never', account: 'A-1' }, stream);
    await page.fill();
    expect(page.button).to.equal('Waiting for your account');
    open!();
    await page.settled();
    expect(page.button).to.equal('Buy 1,200 SCOM at 17.45');
    expect(page.text('.available')).to.equal('AvailableKES 50,000.00');
    await page.press();
    expect(stream.requests.map(({ type }) => type)).to.deep.equal(['account_subscribe', 'order_place']);
    expect(page.element.orders[0]!.state).to.equal('open');
  });
});
