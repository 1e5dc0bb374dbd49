import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/define/order-book.js';
import '../../src/define/order-panel.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import { ZERO, parseDecimal } from '../../src/book/decimal.js';
import type { GatewayEvent, ListedOrder, OrderGateway } from '../../src/orders/gateway.js';
import { BookPage } from '../support/book-page.js';
import { FakeStream } from '../support/fake-stream.js';
import { expectTrouble } from '../support/page-health.js';

function liveStream(): FakeStream {
  const stream = new FakeStream();
  for (const symbol of ['SCOM', 'KCB']) {
    stream.setInstrument({ symbol, name: symbol, tickSize: '0.05', lotSize: '100' });
    stream.pushBook(
      symbol,
      [
        ['17.50', '1200'],
        ['17.45', '800'],
        ['17.40', '2000'],
      ],
      [
        ['17.55', '900'],
        ['17.60', '400'],
        ['17.65', '700'],
      ],
    );
  }
  return stream;
}

async function mountBook(stream: FakeStream, change: Partial<OrderBookElement> = {}) {
  const element = await fixture<OrderBookElement>(
    html`<order-book symbol="SCOM" layout="stacked" depth="4"></order-book>`,
  );
  Object.assign(element, { stream, ...change });
  await element.updateComplete;
  return { element, page: new BookPage(element) };
}

/** A venue with orders that rest there, which a test lets go. */
class RestingVenue implements OrderGateway {
  readonly capabilities = { cancel: true, query: true, events: true, balancesExcludeOpenOrders: true };
  readonly #orders: ListedOrder[];
  #listener: ((event: GatewayEvent) => void) | undefined;

  constructor(...orders: readonly (readonly [symbol: string, side: 'buy' | 'sell', price: string, size: string])[]) {
    this.#orders = orders.map(([symbol, side, limitPrice, quantity], i) => ({
      request: {
        clientOrderId: `c-${i}`,
        account: 'A-1',
        symbol,
        side,
        orderType: 'limit',
        quantity,
        limitPrice,
        stopPrice: null,
        timeInForce: 'day',
        createdAt: i,
      },
      facts: { status: 'open', filled: ZERO, leaves: parseDecimal(quantity)!, orderId: `o-${i}` },
    }));
  }

  place() {
    return Promise.resolve({ outcome: 'unknown', reason: 'not asked here' } as const);
  }

  cancel() {
    return Promise.resolve({ outcome: 'rejected', code: 'too_late' } as const);
  }

  query() {
    return Promise.resolve({ outcome: 'failed', reason: 'not asked here' } as const);
  }

  observe(_account: string, listener: (event: GatewayEvent) => void) {
    this.#listener = listener;
    listener({ type: 'ready', orders: this.#orders });
    return () => (this.#listener = undefined);
  }

  end(i: number): void {
    const facts = { status: 'cancelled' as const, filled: ZERO, leaves: ZERO };
    this.#listener?.({ type: 'order', clientOrderId: `c-${i}`, event: { type: 'cancelled', facts } });
  }
}

async function mountTicket(stream: FakeStream, gateway: OrderGateway): Promise<OrderPanelElement> {
  const panel = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM" account="A-1"></order-panel>`);
  Object.assign(panel, { stream, gateway });
  await panel.updateComplete;
  return panel;
}

describe('own orders in <order-book>', () => {
  beforeEach(() => sessionStorage.clear());

  it('OB80 marks the rows of their prices, on their side only', async () => {
    const { page } = await mountBook(liveStream(), {
      ownOrders: [
        { side: 'bid', price: '17.45', size: '300' },
        { side: 'buy', price: 17.4, size: 100 },
        { side: 'sell', price: '17.60', size: '200' },
        // Not in the book (yet).
        { side: 'bid', price: '17.30', size: '100' },
      ],
    });
    expect(page.markedRows('bid')).to.deep.equal([1, 2]);
    // Asks stand best last: the free row above, then 17.65, 17.60, 17.55.
    expect(page.markedRows('ask')).to.deep.equal([2]);
  });

  it('OB80 in a grouped book the row is that of the bucket, bids down and asks up', async () => {
    const { element, page } = await mountBook(liveStream(), {
      grouping: '0.10',
      ownOrders: [
        { side: 'bid', price: '17.45', size: '300' },
        { side: 'bid', price: '17.40', size: '100' },
        { side: 'ask', price: '17.55', size: '200' },
      ],
    });
    expect(page.lines('bid', 'price')).to.deep.equal(['17.50', '17.40']);
    expect(page.markedRows('bid')).to.deep.equal([1]);
    expect(page.lines('ask', 'price')).to.deep.equal(['', '', '17.70', '17.60']);
    expect(page.markedRows('ask')).to.deep.equal([3]);
    element.shadowRoot!.querySelector<HTMLElement>('.book')!.focus();
    await element.updateComplete;
    expect(page.tableRows().find(([, price]) => price === '17.40')).to.deep.equal([
      'Bid',
      '17.40',
      '2,800, yours 400',
      '4,000',
    ]);
  });

  it('OB80 the mark stands in the margin beside the price, covers no number, and moves nothing', async () => {
    for (const layout of ['stacked', 'side-by-side'] as const) {
      const { element, page } = await mountBook(liveStream(), { layout });
      const box = (): string => JSON.stringify(element.getBoundingClientRect());
      const before = box();
      element.ownOrders = [
        { side: 'bid', price: '17.50', size: '1' },
        { side: 'ask', price: '17.55', size: '1' },
      ];
      await element.updateComplete;
      expect(box()).to.equal(before);
      for (const side of ['bid', 'ask'] as const) {
        const mark = page.markBox(side);
        for (const column of page.columnBoxes(side)) {
          expect(mark.right <= column.left || mark.left >= column.right, `${layout} ${side}`).to.equal(true);
        }
      }
    }
  });

  it('OB80 the number of nodes does not depend on how many there are', async () => {
    const { element } = await mountBook(liveStream());
    const count = (): number => element.shadowRoot!.querySelectorAll('.side *').length;
    const before = count();
    element.ownOrders = ['17.50', '17.45', '17.40'].map((price) => ({ side: 'bid', price, size: '1' }));
    await element.updateComplete;
    expect(count()).to.equal(before);
  });

  it('OB81 the table and the cursor say how much is yours', async () => {
    const stream = liveStream();
    const { element, page } = await mountBook(stream, {
      ownOrders: [
        { side: 'bid', price: '17.50', size: '300' },
        { side: 'bid', price: '17.50', size: '1000' },
      ],
    });
    element.shadowRoot!.querySelector<HTMLElement>('.book')!.focus();
    await sendKeys({ press: 'ArrowDown' });
    await element.updateComplete;
    expect(page.text('[role="status"]')).to.equal('Bid 17.50, size 1,200, total 1,200, yours 1,300');
    expect(page.tableRows()[3]).to.deep.equal(['Bid', '17.50', '1,200, yours 1,300', '1,200']);
    element.ownOrders = [];
    await element.updateComplete;
    stream.pass(1000);
    await element.updateComplete;
    expect(page.tableRows()[3]).to.deep.equal(['Bid', '17.50', '1,200', '1,200']);
    await expect(element).to.be.accessible();
  });

  it('OB82 by hand: what is no order is told once and left out', async () => {
    expectTrouble(/own order must be/);
    const { page } = await mountBook(liveStream(), {
      bids: [
        { price: 17.5, size: 100 },
        { price: 17.4, size: 100 },
      ],
      asks: [],
      ownOrders: [
        { side: 'left' as 'bid', price: '17.50', size: '1' },
        { side: 'bid', price: 'high', size: '1' },
        { side: 'bid', price: '17.40', size: '-2' },
        { side: 'bid', price: '17.50', size: '30' },
      ],
    });
    expect(page.markedRows('bid')).to.deep.equal([0]);
  });

  it('OB83 a ticket on the same feed has its orders marked by itself, until they end or it leaves', async () => {
    const stream = liveStream();
    const venue = new RestingVenue(
      ['SCOM', 'buy', '17.45', '300'],
      ['SCOM', 'sell', '17.65', '100'],
      ['KCB', 'buy', '17.50', '5'],
    );
    const { element, page } = await mountBook(stream);
    const panel = await mountTicket(stream, venue);
    await element.updateComplete;
    expect(page.markedRows('bid')).to.deep.equal([1]);
    expect(page.markedRows('ask')).to.deep.equal([1]);
    venue.end(0);
    await element.updateComplete;
    expect(page.markedRows('bid')).to.deep.equal([]);
    element.symbol = 'KCB';
    await element.updateComplete;
    expect(page.markedRows('bid')).to.deep.equal([0]);
    expect(page.markedRows('ask')).to.deep.equal([]);
    element.symbol = 'SCOM';
    panel.remove();
    await element.updateComplete;
    expect(page.markedRows('ask')).to.deep.equal([]);
  });

  it('OB83 not those of another feed, and none in a book that the page feeds by hand', async () => {
    const stream = liveStream();
    const other = await mountBook(liveStream());
    const byHand = await mountBook(stream, { bids: [{ price: '17.45', size: '1' }], asks: [] });
    await mountTicket(stream, new RestingVenue(['SCOM', 'buy', '17.45', '300']));
    await other.element.updateComplete;
    await byHand.element.updateComplete;
    expect(other.page.markedRows('bid')).to.deep.equal([]);
    expect(byHand.page.markedRows('bid')).to.deep.equal([]);
  });

  it('OB84 a book does not update for orders of another symbol, nor after it has left', async () => {
    const stream = liveStream();
    const { element } = await mountBook(stream);
    let updates = 0;
    element.addController({ hostUpdated: () => updates++ });
    const panel = await mountTicket(stream, new RestingVenue(['KCB', 'buy', '17.45', '300']));
    await aTimeout(0);
    expect(updates).to.equal(0);
    panel.remove();
    element.remove();
    await mountTicket(stream, new RestingVenue(['SCOM', 'buy', '17.45', '300']));
    await aTimeout(0);
    expect(updates).to.equal(0);
  });
});
