import { expect } from '@open-wc/testing';
import '../../src/define/order-panel.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import { BIDS, accepted, answerWith, liveStream, mount, type TicketPage } from '../support/ticket-page.js';

/** `last`: the price of what the best level does not have. */
const far = ({ stream }: TicketPage, last = '19.00', best = '100'): void =>
  stream.pushBook('SCOM', BIDS, [
    ['17.55', best],
    [last, '2000'],
  ]);

/** A market order of 1,000 that would be 7.5 % worse than the middle of the book, and is asked about. */
async function mountFar(change: Partial<OrderPanelElement> = {}): Promise<TicketPage> {
  const page = await mount(change, liveStream());
  answerWith(page, Promise.resolve(accepted));
  far(page);
  await page.choose('market');
  await page.type('quantity', '1000');
  await page.press();
  expect(page.dialog.open).to.equal(true);
  return page;
}

const box = (page: TicketPage): HTMLInputElement => page.find<HTMLInputElement>('.agree input');

async function tick(page: TicketPage, wait = 400): Promise<void> {
  page.stream.pass(wait);
  box(page).click();
  await page.settled();
}

describe('<order-panel> what has to be accepted', () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });

  for (const confirm of ['always', 'unless-declined', 'unless-trivial', 'never'] as const) {
    it(`OP74 has a box without which no press sends, with confirm="${confirm}"`, async () => {
      const page = await mountFar({ confirm });
      expect(page.text('.agree')).to.equal('I accept it: 7.5 % worse than the middle of the book');
      expect(box(page).checked).to.equal(false);
      expect(page.text('dialog .go')).to.equal('Tick the box first');
      expect(page.find('dialog .go').getAttribute('aria-disabled')).to.equal('true');
      await expect(page.element).to.be.accessible();
      page.stream.pass(400);
      await page.press('dialog .go');
      expect([page.dialog.open, page.submitted.length]).to.deep.equal([true, 0]);
      await tick(page);
      expect([box(page).checked, page.text('dialog .go')]).to.deep.equal([true, 'Buy']);
      expect(page.find('dialog .go').getAttribute('aria-disabled')).to.equal('false');
      await page.press('dialog .go');
      expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 1]);
    });
  }

  it('OP74 can be unticked, and an order with nothing to accept has no box', async () => {
    const page = await mountFar();
    await tick(page);
    await tick(page, 0);
    await page.press('dialog .go');
    expect([box(page).checked, page.submitted.length]).to.deep.equal([false, 0]);
    await page.press('dialog .back');
    await page.type('quantity', '100');
    await page.press();
    expect(page.find('.agree')).to.equal(null);
  });

  it('OP75 a tick within 350 ms of the coming does not count', async () => {
    const page = await mountFar();
    await tick(page, 349);
    expect(box(page).checked).to.equal(false);
    page.stream.pass(400);
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(0);
    await tick(page, 0);
    expect(box(page).checked).to.equal(true);
  });

  it('OP75 counts for that confirmation only', async () => {
    const page = await mountFar();
    await tick(page);
    await page.press('dialog .back');
    await page.press();
    expect(box(page).checked).to.equal(false);
    await tick(page);
    page.stream.pass(15_000);
    await page.settled();
    await page.press('dialog .accept');
    expect([box(page).checked, page.text('dialog .go')]).to.deep.equal([false, 'Tick the box first']);
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(0);
  });

  it('OP76 what has become worse has to be looked at and ticked anew, by the worst price or within it', async () => {
    for (const change of [
      (page: TicketPage) => far(page, '19.20'),
      // The same worst price, with less before it.
      (page: TicketPage) => far(page, '19.00', '10'),
    ]) {
      const page = await mountFar();
      await tick(page);
      change(page);
      await page.settled();
      expect(page.text('dialog .go')).to.equal('Look again');
      expect(page.text('.change')).to.match(
        /^(Worst price 19.00 → 19.20|Worse than you were shown: 8.3 % worse than the middle of the book)\.$/,
      );
      await page.press('dialog .accept');
      expect([box(page).checked, page.submitted.length]).to.deep.equal([false, 0]);
      await tick(page);
      await page.press('dialog .go');
      expect(page.submitted.length).to.equal(1);
    }
  });

  it('OP76 what has become better may go as it was accepted', async () => {
    const page = await mountFar();
    await tick(page);
    far(page, '19.00', '200');
    await page.settled();
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(1);
  });
});
