import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define/market-stream.js';
import '../../src/define/order-book.js';
import type { MarketStreamElement } from '../../src/elements/market-stream/market-stream.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import '../../stories/kraken-exchange.js';
import { BookPage } from '../support/book-page.js';

const status = (book: OrderBookElement): string => new BookPage(book).text('[part~="status"]');
const rows = (book: OrderBookElement): number => new BookPage(book).lines('bid', 'price').filter(Boolean).length;

/** Frames as they would be recorded from Binance: one a tenth of a second, beginning with the snapshot. */
function recording(updates: number): string {
  const begin = 1_700_000_000;
  const frame = (at: number, body: object): string => `${((begin + at) * 1e9).toFixed(0)} ${JSON.stringify(body)}`;
  const lines = [
    frame(0, {
      lastUpdateId: 10,
      bids: [
        ['100.00', '1.000'],
        ['99.00', '2.000'],
      ],
      asks: [['100.50', '3.000']],
    }),
  ];
  for (let i = 1; i <= updates; i++) {
    const data = { e: 'depthUpdate', E: (begin + i) * 1_000, s: 'BTCUSDT', U: 10 + i, u: 10 + i };
    lines.push(frame(i / 10, { ...data, b: [[`${98 - i}.00`, '1.000']], a: [] }));
  }
  return lines.join('\n');
}

const addressOf = (text: string): string => `replay:data:text/plain,${encodeURIComponent(text)}`;

describe('venues in a page', () => {
  it('EV1 <market-stream venue> speaks to an exchange, and the book says how far it is proved', async () => {
    const root = await fixture<MarketStreamElement>(
      html`<market-stream venue="kraken" src="kraken-demo:"
        ><order-book symbol="BTC/USD" layout="stacked"></order-book
      ></market-stream>`,
    );
    const book = root.querySelector<OrderBookElement>('order-book')!;
    await waitUntil(() => status(book).includes('verified to 10 by checksum'), 'a live book', { timeout: 5_000 });
    expect(rows(book)).to.equal(10);
  });

  it('EV2 <order-book venue symbol> needs nothing around it', async () => {
    const book = await fixture<OrderBookElement>(
      html`<order-book venue="kraken" src="kraken-demo:" symbol="ETH/USD" layout="stacked"></order-book>`,
    );
    await waitUntil(() => status(book).includes('verified to 10 by checksum'), 'a live book', { timeout: 5_000 });
  });

  it('EV3 a symbol that the venue does not know is said in the book, and near ones to the page', async () => {
    const errors: string[] = [];
    const root = await fixture<MarketStreamElement>(
      html`<market-stream
        venue="kraken"
        src="kraken-demo:?unknown"
        @stream-error=${(event: Event & { message: string }) => errors.push(event.message)}
        ><order-book symbol="NO/PAIR" layout="stacked"></order-book
      ></market-stream>`,
    );
    const book = root.querySelector<OrderBookElement>('order-book')!;
    await waitUntil(() => status(book).includes('Unknown'), 'the book says so', { timeout: 5_000 });
    await waitUntil(() => errors.some((text) => text.startsWith('kraken does not know "NO/PAIR"')), 'the page is told');
  });

  it('EV4 replay: plays a recording through the venue’s own protocol and says when it has ended', async () => {
    const src = `${addressOf(recording(5))}#speed=max`;
    const root = await fixture<MarketStreamElement>(
      html`<market-stream venue="binance" src=${src} @stream-error=${() => {}}
        ><order-book symbol="BTCUSDT" layout="stacked"></order-book
      ></market-stream>`,
    );
    const book = root.querySelector<OrderBookElement>('order-book')!;
    await waitUntil(() => rows(book) === 7, 'every update is in the book', { timeout: 5_000 });
    await waitUntil(() => root.stream?.state === 'closed', 'it ends');
    expect(new BookPage(book).lines('bid', 'price').filter(Boolean)).to.deep.equal([
      '100.0',
      '99.0',
      '97.0',
      '96.0',
      '95.0',
      '94.0',
      '93.0',
    ]);
  });

  it('EV5 replay: refuses what is no recording, with a sentence', async () => {
    const errors: string[] = [];
    await fixture(
      html`<market-stream
        venue="binance"
        src="replay:data:text/plain,hello"
        @stream-error=${(event: Event & { message: string }) => errors.push(event.message)}
      ></market-stream>`,
    );
    await waitUntil(() => errors.length > 0, 'the page is told', { timeout: 5_000 });
    expect(errors[0]).to.contain('no recording that can be played');
  });
});
