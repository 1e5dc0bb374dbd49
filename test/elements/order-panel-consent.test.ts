import { FakeVenue } from '../orders/fake-venue.js';
import { expect, waitUntil } from '@open-wc/testing';
import '../../src/define/order-panel.js';
import { ConsentBook } from '../../src/elements/order-panel/consent.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { FakeStream } from '../support/fake-stream.js';
import {
  accepted,
  answerWith,
  gatewayOf,
  liveStream,
  mount,
  pickLevel,
  type TicketPage,
} from '../support/ticket-page.js';

const OFFERED = { confirm: 'unless-declined', account: 'A-1' } as const;

/** Orders of 100 at market, of which nothing has to be said. */
async function fillMarket(page: TicketPage): Promise<void> {
  await page.choose('market');
  await page.type('quantity', '100');
}

async function decline(page: TicketPage): Promise<void> {
  await page.press();
  page.find('.decline input').click();
  page.stream.pass(400);
  await page.settled();
  await page.press('dialog .go');
}

async function mountOffered(
  change: Partial<OrderPanelElement> = {},
  stream: FakeStream = liveStream(),
): Promise<TicketPage> {
  const page = await mount({ ...OFFERED, ...change }, stream);
  answerWith(page, Promise.resolve(accepted));
  return page;
}

describe('<order-panel> "Do not ask again"', () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });

  it('OP70 is offered where the page allows it, and counts once the order is sent', async () => {
    const page = await mountOffered();
    await fillMarket(page);
    await page.press();
    expect(page.text('.decline')).to.equal('Do not ask again for market orders of A-1');
    await expect(page.element).to.be.accessible();
    page.find('.decline input').click();
    await page.settled();
    await page.press('dialog .back');
    await page.press();
    expect(page.find<HTMLInputElement>('.decline input').checked).to.equal(false);
    await page.press('dialog .back');
    expect(page.text('.consent')).to.equal('');
    expect(page.text('[part="note"]')).to.equal('You confirm before anything is sent.');
    await decline(page);
    expect(page.submitted.length).to.equal(1);
    expect(page.text('.consent span')).to.equal('Market orders of A-1 go without asking.');
    await page.type('quantity', '200');
    expect(page.text('[part="note"]')).to.equal('One press sends the order.');
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 2]);
    await expect(page.element).to.be.accessible();
  });

  it('OP70 no other policy offers it or heeds what was said before', async () => {
    const before = await mountOffered();
    await fillMarket(before);
    await decline(before);
    for (const confirm of ['always', 'unless-trivial'] as const) {
      const page = await mountOffered({ confirm });
      await fillMarket(page);
      await page.press();
      expect(page.dialog.open).to.equal(true);
      expect(page.find('.decline')).to.equal(null);
      expect(page.find('.consent')).to.equal(null);
    }
  });

  it('OP70 an order that the page forbids is no consent', async () => {
    const page = await mount(OFFERED);
    page.element.addEventListener('order-submit', (event) => event.preventDefault());
    await fillMarket(page);
    await decline(page);
    expect(page.submitted.length).to.equal(1);
    expect(page.text('.consent')).to.equal('');
  });

  it('OP71 holds in every ticket of the account at once, after a reload, and for nobody else', async () => {
    const stream = liveStream();
    const page = await mountOffered({}, stream);
    const beside = await mountOffered({}, stream);
    await fillMarket(page);
    await fillMarket(beside);
    await decline(page);
    await beside.settled();
    expect(beside.text('.consent span')).to.equal('Market orders of A-1 go without asking.');
    beside.stream.pass(400);
    await beside.type('quantity', '300');
    await beside.press();
    expect([beside.dialog.open, beside.submitted.length]).to.deep.equal([false, 1]);

    const asks = async (change: Partial<OrderPanelElement>): Promise<boolean> => {
      const other = await mountOffered(change);
      await fillMarket(other);
      await other.press();
      return other.dialog.open;
    };
    expect(await asks({})).to.equal(false);
    expect(await asks({ account: 'A-2' })).to.equal(true);
    expect(await asks({ gateway: gatewayOf(() => Promise.reject(new Error('must not'))) })).to.equal(true);
    await page.choose('limit');
    await page.fill();
    await page.press();
    expect(page.dialog.open).to.equal(true);
  });

  it('OP71 what was agreed to on paper does not hold for real orders', async () => {
    const paper = await mountOffered({ paper: '' });
    await waitUntil(() => paper.find('[part="paper"]') !== null);
    await fillMarket(paper);
    await waitUntil(() => paper.button.startsWith('Buy'));
    await decline(paper);
    expect(paper.text('.consent span')).to.equal('Market orders of A-1 go without asking.');
    const page = await mountOffered();
    await fillMarket(page);
    expect(page.text('.consent')).to.equal('');
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([true, 0]);
  });

  it('OP71 where nothing can be stored it lasts as long as the page, and can be taken back', () => {
    const full: Storage = Object.assign(Object.create(null), {
      length: 0,
      key: () => null,
      getItem: () => 'market',
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
      removeItem: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    for (const storage of [undefined, full]) {
      const book = new ConsentBook(storage);
      book.give('a', 'limit');
      expect(book.typesOf('a')).to.include('limit');
      expect(book.typesOf('b')).not.to.include('limit');
      book.revoke('a');
      expect(book.typesOf('a')).to.deep.equal([]);
    }
  });

  it('OP71 what is stored and makes no sense is no consent', () => {
    localStorage.setItem('touchline.unasked.v1|a', '["market"] all');
    expect(new ConsentBook(localStorage).typesOf('a')).to.deep.equal([]);
  });

  it('OP72 one press takes all of it back, in every ticket', async () => {
    const stream = liveStream();
    const page = await mountOffered({}, stream);
    const beside = await mountOffered({}, stream);
    await fillMarket(page);
    await decline(page);
    await page.choose('limit');
    await page.fill();
    await decline(page);
    await beside.settled();
    expect(beside.text('.consent span')).to.equal('Limit and market orders of A-1 go without asking.');
    await beside.press('.consent button');
    await page.settled();
    expect(page.text('.consent')).to.equal('');
    await fillMarket(page);
    await page.press();
    expect(page.dialog.open).to.equal(true);
  });

  it('OP72 what another tab takes back is asked for again at the next press', async () => {
    const page = await mountOffered();
    await fillMarket(page);
    await decline(page);
    localStorage.clear();
    await page.type('quantity', '200');
    await page.press();
    expect(page.dialog.open).to.equal(true);
    await page.press('dialog .back');
    localStorage.setItem('touchline.unasked.v1|' + JSON.stringify(['fake:', null, 'A-1']), 'market');
    globalThis.dispatchEvent(new StorageEvent('storage', { key: null }));
    await page.settled();
    expect(page.text('.consent span')).to.equal('Market orders of A-1 go without asking.');
  });

  it('OP73 never hides a warning, which is asked for without the offer', async () => {
    const page = await mountOffered();
    await page.fill();
    await decline(page);
    await page.fill();
    await page.type('limitPrice', '15.00');
    expect(page.text('[part="note"]')).to.equal('You confirm before anything is sent.');
    await page.press();
    expect(page.dialog.open).to.equal(true);
    expect(page.find('.decline')).to.equal(null);
    expect(page.submitted.length).to.equal(1);
  });

  it('OP70 a notice is no warning: it is offered beside one, and heeded', async () => {
    const page = await mountOffered();
    await page.type('limitPrice', '17.55');
    await page.type('quantity', '100');
    await decline(page);
    await page.type('quantity', '200');
    expect(page.text('[part="note"]')).to.equal('Fills 200 at once at about 17.55.');
    await page.press();
    expect([page.dialog.open, page.submitted.length]).to.deep.equal([false, 2]);
  });

  it('OP73 the second of a double click on an unasked order does nothing, in the book neither', async () => {
    const page = await mountOffered();
    await page.fill();
    await decline(page);
    const rejected = await mount(OFFERED);
    answerWith(rejected, Promise.resolve({ status: 'rejected', code: 'price_band' }));
    await rejected.fill();
    await rejected.press();
    await rejected.press();
    pickLevel({ price: '17.60' });
    await rejected.settled();
    expect(rejected.find<HTMLInputElement>('#limitPrice').value).to.equal('17.45');
    expect(rejected.submitted.length).to.equal(1);
    rejected.stream.pass(400);
    await rejected.press();
    expect(rejected.submitted.length).to.equal(2);
  });

  it('OP101 a confirmation goes when gateway or feed becomes another, and what was ticked in it with it', async () => {
    for (const change of ['gateway', 'stream'] as const) {
      const page = await mount({ confirm: 'unless-declined', account: 'A-1', gateway: new FakeVenue() });
      await page.fill();
      await page.press();
      expect(page.dialog.open).to.equal(true);
      page.find<HTMLInputElement>('[part="decline"] input').click();
      await page.settled();
      const other = new FakeVenue();
      if (change === 'gateway') page.element.gateway = other;
      else page.element.stream = liveStream();
      page.find('dialog .go').click();
      await page.settled();
      await page.settled();
      expect(page.dialog.open, change).to.equal(false);
      expect(other.placeCalls, change).to.equal(0);
      expect(page.submitted.length, change).to.equal(0);
      expect(page.find('[part="consent"]').textContent, change).not.to.contain('Limit');
      page.element.remove();
    }
  });
});
