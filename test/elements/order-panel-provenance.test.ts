import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { LevelText } from '../../src/book/book.js';
import '../../src/define/order-panel.js';
import type { LevelPick } from '../../src/elements/order-book/order-book.events.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import { BIDS, accepted, answerWith, mount, pickLevel, type TicketPage } from '../support/ticket-page.js';

const asks = (page: TicketPage, ...levels: LevelText[]): void => page.stream.pushBook('SCOM', BIDS, levels);

/** A ticket to buy 400 at 17.60, which came from a total of the book. */
async function mountPicked(
  pick: Partial<LevelPick> = { field: 'total', cumulativeSize: '1300' },
  change: Partial<OrderPanelElement> = {},
): Promise<TicketPage> {
  const page = await mount(change);
  answerWith(page, Promise.resolve(accepted));
  pickLevel(pick);
  await page.settled();
  return page;
}

describe('<order-panel> what came from the book', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP77 a row that has gone is a warning, old and new', async () => {
    const page = await mountPicked({});
    expect(page.text('#limitPrice-hint')).to.equal('from the book, 0.2 s ago');
    // Without a quantity, and with the best price as it was.
    asks(page, ['17.55', '900']);
    await page.settled();
    expect(page.text('#limitPrice-hint')).to.equal('17.60 has gone from the book: 400 → 0');
    asks(page, ['17.55', '900'], ['17.60', '100']);
    await page.settled();
    expect(page.text('#limitPrice-hint')).to.equal('from the book, 0.2 s ago');
  });

  it('OP77 one with less than was taken is a notice, one with more or as much is none', async () => {
    const page = await mountPicked({ field: 'size', side: 'bid', price: '17.45', size: '800' });
    await page.type('limitPrice', '17.45');
    expect(page.text('#quantity-hint')).to.equal('from the book, 0.2 s ago');
    page.stream.pushBook('SCOM', [['17.45', '700']], [['17.55', '900']]);
    await page.settled();
    expect(page.text('#quantity-hint')).to.equal('At 17.45: 800 → 700');
    page.stream.pushBook('SCOM', [['17.45', '900']], [['17.55', '900']]);
    await page.settled();
    expect(page.text('#quantity-hint')).to.equal('from the book, 0.2 s ago');
    page.stream.pushBook('SCOM', [['17.40', '900']], [['17.55', '900']]);
    await page.settled();
    expect(page.text('#quantity-hint')).to.equal('17.45 has gone from the book: 800 → 0');
  });

  it('OP77 the press looks for itself: what has just gone is asked about, though nobody would be asked', async () => {
    const page = await mountPicked({}, { confirm: 'never' });
    await page.type('quantity', '100');
    // In the book at once, on the screen only later: no frame lies between this and the press.
    asks(page, ['17.55', '900']);
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([true, 0]);
    expect(page.text('.warnings')).to.contain('17.60 has gone from the book: 400 → 0');
    page.stream.pass(400);
    await page.settled();
    await page.press('dialog .go');
    expect(page.submitted.length).to.equal(1);
  });

  it('OP77 a row that only shrank asks nobody who is not asked', async () => {
    const page = await mountPicked(undefined, { confirm: 'never' });
    asks(page, ['17.55', '900'], ['17.60', '200']);
    await page.settled();
    expect(page.text('#quantity-hint')).to.equal('Up to 17.60: 1,300 → 1,100');
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 1]);
  });

  it('OP78 what was typed over is no longer from the book', async () => {
    const page = await mountPicked();
    await page.type('quantity', '1300');
    asks(page, ['17.55', '900'], ['17.60', '200']);
    await page.settled();
    expect(page.text('#quantity-hint')).not.to.contain('→');
    await page.type('limitPrice', '17.60');
    asks(page, ['17.65', '900']);
    await page.settled();
    expect(page.text('#limitPrice-hint')).to.equal('');
    expect(page.text('#quantity-hint')).to.equal('');
  });

  it('OP79 a row that goes or shrinks under the confirmation is said and has to be accepted', async () => {
    for (const [levels, text] of [
      [[['17.55', '900']], '17.60 has gone from the book: 400 → 0'],
      [
        [
          ['17.55', '900'],
          ['17.60', '300'],
        ],
        'At 17.60: 400 → 300',
      ],
    ] as [LevelText[], string][]) {
      const page = await mountPicked({ field: 'size' });
      await page.type('limitPrice', '17.45');
      await page.press();
      asks(page, ...levels);
      page.stream.pass(400);
      await page.settled();
      expect(page.text('.change')).to.equal(`${text}.`);
      expect(page.text('dialog .go')).to.equal('Look again');
      // By a real key: what it says more makes the dialog larger, as an act of a person may.
      page.find('dialog .accept').focus();
      await sendKeys({ press: 'Enter' });
      page.stream.pass(400);
      await page.settled();
      expect(page.submitted.length).to.equal(0);
      expect(page.text('.warnings')).to.contain('17.60');
      await page.press('dialog .go');
      expect(page.submitted.length).to.equal(1);
    }
  });
});
