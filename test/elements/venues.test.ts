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
    const errors: string[] = [];
    const root = await fixture<MarketStreamElement>(
      html`<market-stream
        venue="binance"
        src=${src}
        @stream-error=${(event: Event & { message: string }) => errors.push(event.message)}
        ><order-book symbol="BTCUSDT" layout="stacked"></order-book
      ></market-stream>`,
    );
    const book = root.querySelector<OrderBookElement>('order-book')!;
    await waitUntil(() => rows(book) === 7, 'every update is in the book', { timeout: 5_000 });
    await waitUntil(() => root.stream?.state === 'closed', 'it ends');
    await waitUntil(() => status(book).includes('The recording has ended'), 'the book says so');
    expect(errors).to.deep.equal(['The recording has ended. (close code 4900)']);
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

  it('EV5 replay: says when a recording is of another venue, or when nobody has named one', async () => {
    const errors: string[] = [];
    const note = (event: Event & { message: string }): number => errors.push(event.message);
    const src = `${addressOf(recording(1))}#speed=max`;
    await fixture(html`<market-stream venue="okx" src=${src} @stream-error=${note}></market-stream>`);
    await waitUntil(() => errors.some((text) => text.includes('nothing of a book of okx')), 'another venue', {
      timeout: 5_000,
    });
    await fixture(html`<market-stream src=${src} @stream-error=${note}></market-stream>`);
    await waitUntil(() => errors.some((text) => text.startsWith('Name the venue')), 'no venue', { timeout: 5_000 });
  });

  it('EV4 a recording asks nobody for anything, and a long silence in it is no fault', async () => {
    const begin = 1_700_000_000;
    const update = { e: 'depthUpdate', E: 1, s: 'BTCUSDT', U: 11, u: 11, b: [['99.00', '1']], a: [] };
    const lines = [
      `${begin}000000000 ${JSON.stringify({ lastUpdateId: 10, bids: [['100.00', '1']], asks: [['101.00', '1']] })}`,
      `${begin}100000000 ${JSON.stringify(update)}`,
      `${begin + 60}000000000 ${JSON.stringify({ ...update, U: 12, u: 12, b: [['98.00', '1']] })}`,
    ];
    const real = globalThis.fetch;
    const asked: string[] = [];
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      if (!url.startsWith('data:')) asked.push(url);
      return real(input, init);
    };
    try {
      const src = `${addressOf(lines.join('\n'))}#speed=20`;
      const root = await fixture<MarketStreamElement>(
        html`<market-stream venue="binance" heartbeat="500" src=${src} @stream-error=${() => {}}
          ><order-book symbol="BTCUSDT" layout="stacked"></order-book
        ></market-stream>`,
      );
      await waitUntil(() => root.stream?.state === 'closed', 'it plays to its end', { timeout: 8_000 });
      expect(rows(root.querySelector<OrderBookElement>('order-book')!)).to.equal(3);
      expect(root.stream?.metrics().reconnects).to.equal(0);
      expect(asked).to.deep.equal([]);
    } finally {
      globalThis.fetch = real;
    }
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
    expect(errors[0]).to.equal('data:text/plain,hello: This is no recording that can be played.');
  });

  it('EV5 replay: refuses a gzip that is cut short at once, and says which it is', async () => {
    const stream = new Blob([recording(5)]).stream().pipeThrough(new CompressionStream('gzip'));
    const packed = await new Response(stream).blob();
    const url = URL.createObjectURL(packed.slice(0, packed.size - 20));
    const errors: string[] = [];
    const root = await fixture<MarketStreamElement>(
      html`<market-stream
        venue="binance"
        src=${`replay:${url}`}
        @stream-error=${(event: Event & { message: string }) => errors.push(event.message)}
        ><order-book symbol="BTCUSDT" layout="stacked"></order-book
      ></market-stream>`,
    );
    await waitUntil(() => errors.length > 0, 'the page is told', { timeout: 5_000 });
    expect(errors).to.deep.equal([`${url}: the gzip data is damaged, or its end is missing`]);
    await waitUntil(() => status(root.querySelector('order-book')!).includes('There is no such feed'), 'the book too');
    URL.revokeObjectURL(url);
  });
});
