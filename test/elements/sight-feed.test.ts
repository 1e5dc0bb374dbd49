import { expect } from '@open-wc/testing';
import '../../src/define/feed-status.js';
import '../../src/define/order-book.js';
import { BookPage } from '../support/book-page.js';
import { startTestExchange, type TestExchange } from '../support/exchange.js';
import { PageCensus } from '../support/page-census.js';
import { scrollTo } from '../support/page-sight.js';

// On a real socket. Time is moved by the clock alone: no timer is helped along.
describe('out of sight, with a feed of its own', () => {
  const { now } = Date;
  let exchange: TestExchange;
  let census: PageCensus;
  let root: HTMLElement;

  before(async function () {
    this.timeout(30_000);
    exchange = await startTestExchange({ symbols: 2 });
  });
  after(() => exchange.stop());
  beforeEach(() => (census = new PageCensus()));
  afterEach(async () => {
    root.remove();
    await until(() => census.now().sockets === 0, 'no socket at the end');
    Date.now = now;
    census.end();
    globalThis.scrollTo(0, 0);
  });

  const until = async (holds: () => boolean, what: string): Promise<void> => {
    for (let waited = 0; !holds(); waited += 10) {
      if (waited > 8_000) throw new Error(`not within 8 s: ${what} ${JSON.stringify(census.now())}`);
      await census.wait(10);
    }
  };
  /** In steps below a heartbeat, each with time for the server to answer: a leap would look like a sleep of the machine. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 4_000) {
      const before = Date.now;
      Date.now = () => before() + Math.min(left, 4_000);
      await census.wait(400);
    }
  };
  const mount = (text: string): HTMLElement => {
    root = document.createElement('div');
    root.innerHTML = text;
    document.body.append(root);
    return root;
  };
  const types = (): string[] => census.sent.map((text) => (JSON.parse(text) as { type: string }).type);

  it('SI9 three screens down and lazy: no socket; scrolled to: one; scrolled away for 30 s: none', async function () {
    this.timeout(30_000);
    mount(`<div style="height: 300vh"></div>
      <order-book loading="lazy" src="${exchange.url}" symbol="SCOM" layout="stacked"></order-book>
      <div style="height: 300vh"></div>`);
    const book = root.querySelector('order-book')!;
    const page = new BookPage(book);
    await census.wait(500);
    expect(census.now().sockets).to.equal(0);
    await scrollTo(book);
    await until(() => page.text('.truth') === 'Live verified by sequence', 'live');
    expect(census.now().sockets).to.equal(1);
    await scrollTo(0);
    await pass(24_000);
    expect(census.now().sockets, 'after some 27 s').to.equal(1);
    await pass(8_000);
    await until(() => census.now().sockets === 0, 'no socket');
  });

  it('SI19 asleep it gives its feed back, and when the last one sleeps the socket closes; opened again it is the same', async function () {
    this.timeout(30_000);
    const book = `<order-book src="${exchange.url}" symbol="SCOM" layout="stacked"></order-book>`;
    mount(`${book}<feed-status src="${exchange.url}"></feed-status><div style="height: 300vh"></div>${book}`);
    const [above, below] = root.querySelectorAll('order-book');
    const page = new BookPage(above!);
    await until(() => page.text('.truth') === 'Live verified by sequence', 'live');
    const rows = (): string[] => page.lines('bid', 'price');
    await scrollTo(below!);
    await pass(31_000);
    await until(() => page.text('.truth') === 'Stale was out of sight', 'asleep');
    await census.wait(1_500);
    expect(census.now().sockets, 'the other one is in view').to.equal(1);
    expect(types()).not.to.include('unsubscribe');
    below!.remove();
    await until(() => census.now().sockets === 0, 'no socket');
    await census.wait(300);
    expect(census.now().timers, 'nothing waits').to.equal(0);
    const kept = rows();
    const texts: string[] = [];
    const watcher = new MutationObserver(() => texts.push(`${rows().length} ${page.text('.truth')}`));
    watcher.observe(above!.shadowRoot!, { subtree: true, childList: true, characterData: true });
    await scrollTo(0);
    expect(texts[0]).to.match(/^10 Prices are [\d.]+ s old (was out of sight|Connecting)$/);
    expect(kept.length).to.equal(10);
    await until(() => page.text('.truth') === 'Live verified by sequence', 'live again');
    watcher.disconnect();
    expect(
      texts.every((text) => text.startsWith('10 ')),
      `rows at any time: ${texts.join('; ')}`,
    ).to.equal(true);
  });

  it('SI19 under a provider the symbol is given up and the socket stays', async function () {
    this.timeout(30_000);
    await import('../../src/define/market-stream.js');
    mount(`<market-stream src="${exchange.url}">
      <order-book symbol="SCOM" layout="stacked"></order-book><div style="height: 300vh"></div>
    </market-stream>`);
    const page = new BookPage(root.querySelector('order-book')!);
    await until(() => page.text('.truth') === 'Live verified by sequence', 'live');
    await scrollTo(innerHeight * 3);
    await pass(31_000);
    await until(() => types().includes('unsubscribe'), 'unsubscribed');
    expect(census.now().sockets).to.equal(1);
    await scrollTo(0);
    await until(() => page.text('.truth') === 'Live verified by sequence', 'live again');
    expect(types().filter((type) => type === 'subscribe').length).to.equal(2);
  });
});
