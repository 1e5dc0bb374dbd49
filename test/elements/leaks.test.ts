import { expect } from '@open-wc/testing';
import '../../src/define/feed-status.js';
import '../../src/define/market-stream.js';
import '../../src/define/open-orders.js';
import '../../src/define/order-book.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import { BookPage } from '../support/book-page.js';
import { startTestExchange, type TestExchange } from '../support/exchange.js';
import { askCollector, collector } from '../support/garbage.js';
import { PageCensus } from '../support/page-census.js';

// All elements on a real socket, mounted and unmounted again and again.
describe('a page that shows a market and stops', () => {
  let exchange: TestExchange;
  let census: PageCensus;

  before(async function () {
    this.timeout(30_000);
    exchange = await startTestExchange({ symbols: 2 });
  });
  after(() => exchange.stop());

  beforeEach(() => (census = new PageCensus()));
  afterEach(() => census.end());

  const until = async (holds: () => boolean, what: string): Promise<void> => {
    for (let waited = 0; !holds(); waited += 10) {
      if (waited > 8_000) throw new Error(`not within 8 s: ${what} ${JSON.stringify(census.now())}`);
      await census.wait(10);
    }
  };
  const isShown = (root: ParentNode): boolean => {
    const book = root.querySelector<OrderBookElement>('order-book');
    const isDrawn = Boolean(book?.shadowRoot?.querySelector('.bids .col'));
    return isDrawn && new BookPage(book!).lines('bid', 'price').length === 10;
  };
  const make = (hasOrders = true): HTMLElement => {
    const root = document.createElement('div');
    root.innerHTML = `<market-stream src="${exchange.url}">
      <feed-status detail symbol="SCOM"></feed-status>
      ${hasOrders ? '<open-orders account="A-1"></open-orders>' : ''}
      <div class="here"><order-book symbol="SCOM" layout="stacked"></order-book></div><div class="there"></div>
    </market-stream>`;
    return root;
  };
  const mount = async (hasOrders = true): Promise<HTMLElement> => {
    const root = make(hasOrders);
    document.body.append(root);
    await until(() => isShown(root), 'ten bids');
    return root;
  };
  const unmount = async (root: HTMLElement): Promise<void> => {
    root.remove();
    await until(() => census.now().sockets === 0, 'no socket');
    // The last frame that was asked for, and what waits for the end of a task.
    await census.wait(50);
  };

  it('FT28 ten times mounted and unmounted: no socket, timer, frame, observer or listener is left', async function () {
    this.timeout(60_000);
    // The first time sets up what a page has once.
    await unmount(await mount());
    const before = census.now();
    for (let round = 0; round < 10; round += 1) {
      const root = await mount();
      expect(census.now().sockets).to.equal(1);
      await unmount(root);
    }
    expect(census.now()).to.deep.equal({ ...before, timers: 0, frames: 0, sockets: 0, observers: 0 });
  });

  it('FT28 also when it is taken away before it is connected, or in the task in which it came', async () => {
    await unmount(await mount());
    const before = census.now();
    for (const waitMs of [-1, 0, 1, 5, 20]) {
      const root = make();
      document.body.append(root);
      if (waitMs >= 0) await census.wait(waitMs);
      await unmount(root);
    }
    await until(() => census.now().timers === 0, 'no timer');
    expect(census.now()).to.deep.equal({ ...before, timers: 0, frames: 0, sockets: 0, observers: 0 });
  });

  it('FT28 also with elements that nobody has ever seen, and that wait to come near', async () => {
    await unmount(await mount());
    const before = census.now();
    for (let round = 0; round < 5; round += 1) {
      const root = make();
      root.style.marginTop = '400vh';
      root.querySelector('order-book')!.loading = 'lazy';
      document.body.append(root);
      await census.wait(100);
      expect(census.now().observers, 'watched').to.be.above(before.observers);
      await unmount(root);
      expect(census.now()).to.deep.equal({ ...before, timers: 0, frames: 0, sockets: 0, observers: 0 });
    }
  });

  it('FT29 the nodes can be collected', async function () {
    this.timeout(60_000);
    const refs: WeakRef<Node>[] = [];
    // In a function of its own: one that is suspended holds the last value of each of its variables.
    const once = async (): Promise<void> => {
      // The more there is in a page, the more stale addresses there are: what a bound can be given for is kept small.
      const root = await mount(collector !== undefined);
      for (const node of [root, ...root.querySelectorAll('*')]) refs.push(new WeakRef(node));
      await unmount(root);
    };
    for (let round = 0; round < 20; round += 1) await once();
    // Says whether this engine can be made to collect at all: a node of nobody's, in the same state as the others.
    const control = (() => {
      const node = document.createElement('div');
      document.body.append(node);
      node.remove();
      return new WeakRef(node);
    })();
    // A collector that takes whatever lies on the stack for an address finds old nodes there until it is overwritten.
    const overwriteStack = (depth: number, ...rest: unknown[]): unknown =>
      depth === 0 ? rest.length : overwriteStack(depth - 1, depth, {}, [], rest.length);
    for (let round = 0; round < 200 && (control.deref() ?? refs.find((ref) => ref.deref())) !== undefined; round += 1) {
      askCollector();
      overwriteStack(2_000);
      await census.wait(20);
    }
    if (control.deref() !== undefined) this.skip();
    // A collector that cannot be called takes some stale addresses for references, and so keeps some pages. A leak keeps them
    // all; where the collector can be called, not one node is left.
    const most = collector === undefined ? refs.length / 4 : 0;
    expect(refs.filter((ref) => ref.deref() !== undefined).length, `of ${refs.length}`).to.be.at.most(most);
  });

  it('FT30 a book that is moved a hundred times in the page is asked for once', async function () {
    this.timeout(30_000);
    const root = await mount();
    const book = root.querySelector('order-book')!;
    const places = [root.querySelector('.here')!, root.querySelector('.there')!];
    for (let move = 0; move < 100; move += 1) {
      // Some frameworks take an element out in one task and put it back in another.
      if (move % 3 === 0) {
        book.remove();
        await census.wait(20);
      }
      places[move % 2]!.append(book);
      if (move % 5 === 0) await census.wait(5);
    }
    await census.wait(1_500);
    const sent = census.sent.map((text) => (JSON.parse(text) as { type: string }).type);
    expect(sent.filter((type) => type === 'subscribe').length).to.equal(1);
    expect(sent).not.to.include('unsubscribe');
    expect(isShown(root)).to.equal(true);
    await unmount(root);
  });
});
