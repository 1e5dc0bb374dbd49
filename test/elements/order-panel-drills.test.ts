import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/define/order-panel.js';
import type { ConfirmPolicy } from '../../src/elements/order-panel/ticket-attributes.js';
import type { OrderGateway, PlaceResult } from '../../src/orders/gateway.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { accepted, answerWith, gatewayOf, liveStream, mount, type TicketPage } from '../support/ticket-page.js';

const never = new Promise<PlaceResult>(() => undefined);

const submit = (page: TicketPage): HTMLButtonElement => page.find<HTMLButtonElement>('[part="submit"]');
const form = (page: TicketPage): HTMLFormElement => page.find<HTMLFormElement>('form');
const click = (target: EventTarget, detail: number): boolean =>
  target.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, detail }));

/** Everything that may be taken for a press of the button. */
const presses: ((page: TicketPage) => void)[] = [
  (page) => submit(page).click(),
  (page) => form(page).requestSubmit(),
  (page) => form(page).requestSubmit(submit(page)),
  (page) =>
    void [
      click(submit(page), 1),
      click(submit(page), 2),
      submit(page).dispatchEvent(new MouseEvent('dblclick', { bubbles: true })),
    ],
  (page) =>
    void form(page).dispatchEvent(
      new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: submit(page) }),
    ),
  (page) => void form(page).dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
  (page) => {
    for (const type of ['keydown', 'keypress', 'keyup'])
      page.find('#quantity').dispatchEvent(new KeyboardEvent(type, { key: 'Enter', bubbles: true, composed: true }));
  },
  (page) =>
    void [...page.element.shadowRoot!.querySelectorAll<HTMLButtonElement>('dialog .go')].map((each) => each.click()),
];

async function enter(page: TicketPage): Promise<void> {
  page.find('#quantity').focus();
  await sendKeys({ press: 'Enter' });
}

/** A hundred presses, of all kinds in turn, in volleys with time between. */
async function hammer(page: TicketPage): Promise<void> {
  for (let volley = 0; volley < 4; volley += 1) {
    for (let i = 0; i < 25; i += 1) presses[i % presses.length]!(page);
    if (submit(page).isConnected && !page.dialog.open) await enter(page);
    page.stream.pass(400);
    await page.settled();
  }
}

const POLICIES: readonly ConfirmPolicy[] = ['always', 'unless-declined', 'unless-trivial', 'armed', 'never'];

describe('<order-panel> safety drills', () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });

  for (const confirm of POLICIES) {
    it(`OP87 a hundred presses of every kind are one order, with confirm="${confirm}"`, async () => {
      const placed: OrderRequest[] = [];
      const gateway = gatewayOf((order) => {
        placed.push(order);
        return never;
      });
      const page = await mount({ confirm, gateway, account: 'A-1' });
      await page.fill();
      if (confirm === 'armed') await page.press('[part="arm"] button');
      await hammer(page);
      expect([placed.length, page.submitted.length]).to.deep.equal([1, 1]);
      expect(placed[0]).to.deep.include({ quantity: '1200', limitPrice: '17.45' });
    });

    it(`OP87 so they are where the answer comes at once, with confirm="${confirm}"`, async () => {
      const page = await mount({ confirm });
      answerWith(page, Promise.resolve(accepted));
      await page.fill();
      if (confirm === 'armed') await page.press('[part="arm"] button');
      await hammer(page);
      expect(page.submitted.length).to.equal(1);
    });
  }

  const refusals: [string, (page: TicketPage) => unknown][] = [
    ['stale', ({ stream }) => stream.setVerdict('SCOM', { state: 'stale', reason: 'feed_silent' })],
    ['crossed', ({ stream }) => stream.setVerdict('SCOM', { state: 'crossed', reason: 'crossed_book' })],
    ['halted', ({ stream }) => stream.setVerdict('SCOM', { state: 'closed', reason: 'market_halted' })],
    ['without a verdict', ({ element }) => (element.stream = undefined)],
    ['disabled', ({ element }) => (element.disabled = true)],
  ];
  for (const [name, refuse] of refusals) {
    it(`OP88 nothing is sent ${name}, whatever was done to the buttons`, async () => {
      const placed: OrderRequest[] = [];
      const gateway = gatewayOf((order) => {
        placed.push(order);
        return never;
      });
      const page = await mount({ confirm: 'never', gateway });
      await page.fill();
      refuse(page);
      await page.settled();
      const free = (): void => {
        for (const each of page.element.shadowRoot!.querySelectorAll('button, input, select')) {
          each.removeAttribute('disabled');
          each.setAttribute('aria-disabled', 'false');
        }
      };
      free();
      await hammer(page);
      free();
      if (!page.dialog.open) page.dialog.showModal();
      await hammer(page);
      page.dialog.close();
      expect([placed.length, page.submitted.length]).to.deep.equal([0, 0]);
    });

    it(`OP88 nothing is sent ${name} from a confirmation that was open, though its button was freed`, async () => {
      const page = await mount();
      answerWith(page, Promise.resolve(accepted));
      await page.fill();
      await page.press();
      page.stream.pass(400);
      expect(page.dialog.open).to.equal(true);
      refuse(page);
      await page.settled();
      for (let i = 0; i < 4; i += 1) {
        const go = page.find<HTMLButtonElement>('dialog .go');
        go?.setAttribute('aria-disabled', 'false');
        for (let press = 0; press < 10; press += 1) go?.click();
        page.stream.pass(400);
        await page.settled();
      }
      expect(page.submitted.length).to.equal(0);
    });
  }

  it('OP88 a field that was written without an event changes nothing: what was read is what is sent', async () => {
    const page = await mount({ confirm: 'never' });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    page.find<HTMLInputElement>('#quantity').value = '900000';
    await page.press();
    expect(page.submitted.map(({ order }) => order.quantity)).to.deep.equal(['1200']);
  });

  it('OP89 an order is not sent after its goodUntil, and that is said', async () => {
    for (const [took, isSent] of [
      [5_000, true],
      [5_001, false],
    ] as const) {
      sessionStorage.clear();
      const stream = liveStream();
      const placed: OrderRequest[] = [];
      const gateway: OrderGateway = {
        ...gatewayOf((order) => {
          placed.push(order);
          return never;
        }),
        name: `broker that takes ${took} ms`,
        venueNow: () => stream.now(),
      };
      const page = await mount({ confirm: 'never', gateway }, stream);
      // A page that asks something itself, and holds the thread meanwhile.
      page.element.addEventListener('order-submit', () => stream.pass(took));
      await page.fill();
      await page.press();
      expect(page.submitted.length).to.equal(1);
      expect(placed.length).to.equal(isSent ? 1 : 0);
      expect(page.text('[role="alert"]')).to.equal(
        isSent ? '' : 'Buy 1,200 at 17.45: Rejected, it was not sent, this page took too long over it',
      );
    }
  });

  it('OP90 an order goes from the first Tab to its outcome by keyboard alone', async () => {
    const page = await mount();
    answerWith(page, Promise.resolve(accepted));
    const start = document.createElement('button');
    page.element.before(start);
    start.focus();
    const inTicket = (): Element | null => page.element.shadowRoot!.activeElement;
    const tabTo = async (isThere: (at: Element) => boolean): Promise<void> => {
      for (let i = 0; i < 30; i += 1) {
        await sendKeys({ press: 'Tab' });
        const at = inTicket();
        if (at && isThere(at)) return;
      }
      throw new Error('it cannot be reached by Tab');
    };
    await tabTo(({ id }) => id === 'limitPrice');
    await sendKeys({ type: '17.45' });
    await tabTo(({ id }) => id === 'quantity');
    await sendKeys({ type: '1200' });
    await tabTo((at) => at.matches('[part="submit"]'));
    await page.settled();
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.dialog.open).to.equal(true);
    page.stream.pass(400);
    await page.settled();
    await tabTo((at) => at.matches('dialog .go'));
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 1]);
    expect(page.text('[role="status"].visually-hidden')).to.equal('Buy 1,200 at 17.45: Open');
    expect(inTicket()?.matches('[part="submit"]')).to.equal(true);
    start.remove();
  });

  const outcomes: [string, () => Promise<unknown>, 'status' | 'alert', string][] = [
    ['taken', () => Promise.resolve(accepted), 'status', 'Open'],
    [
      'filled',
      () => Promise.resolve({ status: 'filled', orderId: 'o-1', averagePrice: '17.45' }),
      'status',
      'Filled, at 17.45',
    ],
    [
      'rejected',
      () => Promise.resolve({ status: 'rejected', code: 'price_band' }),
      'alert',
      'Rejected, the price is outside the day’s limits',
    ],
    ['unanswered', () => Promise.reject(new Error('lost')), 'alert', 'Outcome unknown, check before you order again'],
  ];
  for (const [name, answer, role, text] of outcomes) {
    it(`OP90 an order that is ${name} is told in a live region`, async () => {
      const page = await mount({ confirm: 'never' });
      page.element.addEventListener('order-submit', (event) =>
        (event as (typeof page.submitted)[0]).respondWith(answer() as never),
      );
      await page.fill();
      await page.press();
      const said = page.text(role === 'alert' ? '[role="alert"]' : '[role="status"].visually-hidden');
      expect(said).to.equal(`Buy 1,200 at 17.45: ${text}`);
      if (role === 'status') expect(page.text('[role="alert"]')).to.equal('');
    });
  }
});
