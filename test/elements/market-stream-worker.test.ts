import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define/feed-status.js';
import '../../src/define/market-stream.js';
import '../../src/define/order-book.js';
import type { MarketStreamElement } from '../../src/elements/market-stream/market-stream.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import { BookPage } from '../support/book-page.js';
import { expectTrouble } from '../support/page-health.js';

/** The worker's script as the test server has it. */
const SCRIPT = '/src/stream/worker/worker-script.ts';

const isLive = (root: Element): boolean => {
  const book = root.querySelector<OrderBookElement>('order-book')!;
  return book.matches(':state(live)') && new BookPage(book).lines('bid', 'price').length === 10;
};
const detailOf = (root: Element): string =>
  root.querySelector('feed-status')?.shadowRoot?.querySelector('[part=detail]')?.textContent?.replace(/\s+/g, ' ') ??
  '';

describe('<market-stream worker>', () => {
  it('WK12 puts the feed of all below it in a worker, and <feed-status detail> says so', async () => {
    for (const [kind, words] of [
      ['', 'worker'],
      ['shared', 'shared-worker'],
    ] as const) {
      const root = await fixture<MarketStreamElement>(
        html`<market-stream worker=${kind} worker-url=${SCRIPT} src="demo:?seed=11"
          ><feed-status detail></feed-status><order-book symbol="SCOM" layout="stacked"></order-book
        ></market-stream>`,
      );
      expect(root.stream?.state, 'there at once').to.equal('connecting');
      await waitUntil(() => isLive(root), `live in ${words}`, { timeout: 8_000 });
      await waitUntil(() => detailOf(root).includes(`Runs in ${words}`), detailOf(root), { timeout: 2_000 });
      const { stream } = root;
      root.remove();
      await waitUntil(() => stream?.state === 'closed', 'closed after the last one', { timeout: 2_000 });
    }
  }).timeout(30_000);

  it('WK12 a script that does not load leaves the feed in the page, and the page is told once', async () => {
    const said: string[] = [];
    const root = document.createElement('market-stream');
    root.addEventListener('stream-error', (event) => said.push((event as Event & { code: string }).code));
    root.setAttribute('worker', '');
    root.setAttribute('worker-url', '/nowhere/worker.js');
    root.innerHTML = '<feed-status detail></feed-status><order-book symbol="SCOM" layout="stacked"></order-book>';
    root.src = 'demo:?seed=12';
    document.body.append(root);
    await waitUntil(() => isLive(root), 'live in the page', { timeout: 8_000 });
    expect(said).to.deep.equal(['worker']);
    expect(detailOf(root)).to.contain('Runs in page');
    root.remove();
  });

  it('WK12 a word that is none is told to the author', async () => {
    expectTrouble(/worker/);
    const root = await fixture<MarketStreamElement>(
      html`<market-stream worker="fast" worker-url=${SCRIPT} src="demo:?seed=13"></market-stream>`,
    );
    await waitUntil(() => root.stream?.state === 'open', 'open', { timeout: 8_000 });
    expect(root.stream?.thread?.kind).to.equal('worker');
  });
});
