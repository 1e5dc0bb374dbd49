import { expect, waitUntil } from '@open-wc/testing';
import '../../src/define/order-panel.js';
import { Arming } from '../../src/elements/order-panel/arming.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import { expectTrouble } from '../support/page-health.js';
import { endTab, hideTab } from '../support/page-sight.js';
import { accepted, answerWith, liveStream, mount, type TicketPage } from '../support/ticket-page.js';

const ARMED = 'Armed: one press sends. 60 s unused disarms.';
const toggle = '[part="arm"] button';

async function mountArmed(
  change: Partial<OrderPanelElement> = {},
  answer: Promise<unknown> | null = Promise.resolve(accepted),
): Promise<TicketPage> {
  const page = await mount({ confirm: 'armed', account: 'A-1', ...change });
  if (answer) answerWith(page, answer);
  await page.fill();
  await page.press(toggle);
  return page;
}

const state = (page: TicketPage): string => page.text('[part="arm"] span');

/** That a press asks, as it does while nothing is armed. */
async function asks(page: TicketPage): Promise<void> {
  const before = page.submitted.length;
  await page.press();
  expect([page.dialog.open, page.submitted.length - before]).to.deep.equal([true, 0]);
  expect(page.element.matches(':state(armed)')).to.equal(false);
  await page.press('dialog .back');
}

describe('<order-panel confirm="armed">', () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  afterEach(endTab);

  it('OP80 asks until it is armed by a press, and from then on one press sends', async () => {
    const page = await mount({ confirm: 'armed' });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    expect([state(page), page.text(toggle)]).to.deep.equal(['Not armed: you confirm each order.', 'Arm']);
    expect(page.text('[part="note"]')).to.equal('You confirm before anything is sent.');
    await expect(page.element).to.be.accessible();
    await asks(page);
    await page.press(toggle);
    expect([state(page), page.text(toggle)]).to.deep.equal([ARMED, 'Disarm']);
    expect(page.find('[part="arm"] span').getAttribute('role')).to.equal('status');
    expect(page.text('[part="note"]')).to.equal('One press sends the order.');
    expect(page.element.matches(':state(armed)')).to.equal(true);
    // It is to be read whole, also in a narrow ticket.
    page.element.style.width = '280px';
    const line = page.find('[part="arm"] span');
    expect(line.offsetHeight).to.be.at.most(page.find('[part="arm"]').clientHeight);
    page.element.style.width = '';
    await expect(page.element).to.be.accessible();
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 1]);
    page.stream.pass(400);
    await page.press(toggle);
    await page.fill();
    await asks(page);
    expect(state(page)).to.equal('Not armed: you confirm each order.');
  });

  it('OP80 no other policy has it', async () => {
    for (const confirm of ['always', 'unless-declined', 'unless-trivial', 'never'] as const) {
      const page = await mount({ confirm });
      expect(page.find('[part="arm"]')).to.equal(null);
    }
    const page = await mountArmed();
    page.element.confirm = 'always';
    await asks(page);
    page.element.confirm = 'armed';
    await asks(page);
  });

  it('OP81 is disarmed when it was not used for a minute, or for armed-for; its text does not count down', async () => {
    const page = await mountArmed();
    page.stream.pass(59_999);
    await page.settled();
    expect(state(page)).to.equal(ARMED);
    page.stream.pass(1);
    await page.settled();
    expect(state(page)).to.equal('Disarmed: unused for 60 s.');
    await asks(page);
    const short = await mountArmed({ armedFor: 20_000 });
    expect(state(short)).to.equal('Armed: one press sends. 20 s unused disarms.');
    short.stream.pass(19_000);
    short.find('#quantity').dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, composed: true }));
    short.stream.pass(19_000);
    await short.settled();
    expect(state(short)).to.match(/^Armed/);
    short.stream.pass(1_000);
    // Too late: what has ended is not revived.
    short.find('#quantity').dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, composed: true }));
    await short.settled();
    await asks(short);
  });

  it('OP81 a time that makes no sense is the usual one, and a clock set back ends it', async () => {
    expectTrouble(/armed-for must be a number of milliseconds above 0/);
    for (const armedFor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const page = await mountArmed({ armedFor });
      expect(state(page)).to.equal(ARMED);
      page.stream.pass(60_000);
      await asks(page);
    }
    const page = await mountArmed();
    page.stream.pass(-1);
    await asks(page);
  });

  const ends: [string, (page: TicketPage) => unknown, string][] = [
    [
      'Escape',
      () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })),
      'Not armed: you confirm each order.',
    ],
    ['a hidden page', () => (hideTab(true), endTab()), 'Disarmed: the page was left.'],
    ['a window that lost the focus', () => globalThis.dispatchEvent(new Event('blur')), 'Disarmed: the page was left.'],
    [
      'stale prices',
      ({ stream }) => stream.setVerdict('SCOM', { state: 'stale', reason: 'feed_silent' }),
      'Disarmed: prices were not live.',
    ],
    [
      'a lost connection',
      ({ stream }) => stream.setVerdict('SCOM', { state: 'disconnected', reason: 'reconnecting' }),
      'Disarmed: prices were not live.',
    ],
    ['another account', ({ element }) => (element.account = 'A-2'), 'Disarmed: symbol or account changed.'],
    ['another stream', ({ element }) => (element.stream = liveStream()), 'Disarmed: symbol or account changed.'],
    ['being disabled', ({ element }) => (element.disabled = true), 'Disarmed: symbol or account changed.'],
    ['being moved', ({ element }) => element.parentElement!.append(element), 'Disarmed: the page was left.'],
  ];
  for (const [name, end, text] of ends) {
    it(`OP82 is disarmed by ${name}, and not armed again when that is over`, async () => {
      const page = await mountArmed();
      expect(state(page)).to.equal(ARMED);
      end(page);
      await page.settled();
      expect(state(page)).to.equal(text);
      page.stream.setVerdict('SCOM', { state: 'live', reason: 'ok' });
      Object.assign(page.element, { account: 'A-1', stream: page.stream, disabled: false });
      await page.settled();
      await asks(page);
    });
  }

  it('OP82 is disarmed by another symbol', async () => {
    const page = await mountArmed();
    page.element.symbol = 'KCB';
    await page.settled();
    expect(state(page)).to.equal('Disarmed: symbol or account changed.');
    page.element.symbol = 'SCOM';
    await page.settled();
    await page.fill();
    await asks(page);
  });

  it('OP82 is disarmed by going off paper', async () => {
    const page = await mount({ confirm: 'armed', paper: '' });
    await page.fill();
    await waitUntil(() => page.button.startsWith('Buy'));
    await page.press(toggle);
    expect(state(page)).to.equal(ARMED);
    // The badge that goes moves what is under it: that is the page's own doing, and not what is looked at here.
    page.element.style.visibility = 'hidden';
    page.element.paper = undefined;
    await page.settled();
    expect(state(page)).to.equal('Disarmed: symbol or account changed.');
    await asks(page);
  });

  it('OP82 prices in doubt for no longer than a moment, not painted even, end it', async () => {
    const page = await mountArmed();
    page.stream.setVerdict('SCOM', { state: 'stale', reason: 'feed_silent' });
    page.stream.setVerdict('SCOM', { state: 'live', reason: 'ok' });
    await asks(page);
  });

  it('OP82 cannot be armed while prices are in doubt or the ticket cannot be used', async () => {
    const page = await mount({ confirm: 'armed' });
    page.stream.setVerdict('SCOM', { state: 'stale', reason: 'feed_silent' });
    await page.settled();
    expect(page.find(toggle).getAttribute('aria-disabled')).to.equal('true');
    await page.press(toggle);
    page.stream.setVerdict('SCOM', { state: 'live', reason: 'ok' });
    await page.settled();
    expect(page.find(toggle).getAttribute('aria-disabled')).to.equal('false');
    await page.fill();
    await asks(page);
  });

  it('OP81 what has run out is not revived by use, and nothing is armed in doubt', () => {
    const scope = { isOffered: true, isLive: true, subject: ['SCOM'], idleMs: 1_000, now: 0 };
    const host = Object.assign(document.createElement('div'), {
      addController: () => undefined,
      removeController: () => undefined,
      requestUpdate: () => undefined,
      updateComplete: Promise.resolve(true),
    });
    const arming = new Arming(host, () => scope);
    arming.arm();
    scope.now = 999;
    expect(arming.check()).to.equal(true);
    scope.now = 1_000;
    host.dispatchEvent(new Event('input'));
    expect([arming.check(), arming.why]).to.deep.equal([false, 'idle']);
    for (const doubt of [{ isLive: false }, { isOffered: false }]) {
      Object.assign(scope, doubt);
      arming.arm();
      Object.assign(scope, { isLive: true, isOffered: true });
      expect(arming.check()).to.equal(false);
    }
  });

  it('OP83 an order that is rejected or has no answer disarms', async () => {
    const rejected = { status: 'rejected', code: 'price_band' };
    for (const answer of [() => Promise.resolve(rejected), () => Promise.reject(new Error('lost'))]) {
      const page = await mountArmed({}, null);
      page.element.addEventListener('order-submit', (event) =>
        (event as OrderSubmitEvent).respondWith(answer() as never),
      );
      await page.press();
      expect([page.submitted.length, state(page)]).to.deep.equal([1, 'Disarmed: an order went wrong.']);
    }
  });

  it('OP83 the second of a double click does nothing, whatever became of the first', async () => {
    const page = await mountArmed({}, Promise.resolve({ status: 'rejected', code: 'price_band' }));
    await page.press();
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 1]);
  });

  it('OP84 a warning is asked about all the same, and what is refused stays refused', async () => {
    const page = await mountArmed();
    await page.type('limitPrice', '15.00');
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([true, 0]);
    await page.press('dialog .back');
    await page.type('limitPrice', '17.46');
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 0]);
    await page.fill();
    page.stream.setVerdict('SCOM', { state: 'stale', reason: 'feed_silent' });
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 0]);
  });
});
