import { expect, fixture, html } from '@open-wc/testing';
import { LitElement, type TemplateResult } from 'lit';
import { StreamController } from '../../src/context/stream-controller.js';
import '../../src/define/feed-status.js';
import '../../src/define/market-stream.js';
import '../../src/define/order-book.js';
import type { MarketStreamElement } from '../../src/elements/market-stream/market-stream.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import { BookPage } from '../support/book-page.js';
import { FakeStream } from '../support/fake-stream.js';
import { ASKS, ForgetfulStream } from '../support/forgetful-stream.js';
import { PageCensus } from '../support/page-census.js';
import { expectTrouble } from '../support/page-health.js';
import { endTab, hideTab, looked, scrollTo } from '../support/page-sight.js';

const FAR = 6000;

/** A page on which `inner` stands in view, below it much room, and below that `below`. */
async function longPage(
  stream: FakeStream,
  inner: TemplateResult,
  below?: TemplateResult,
): Promise<MarketStreamElement> {
  const page = await fixture<MarketStreamElement>(html`<market-stream .stream=${stream}>
    ${inner}
    <div style="height: ${FAR}px"></div>
    ${below}
  </market-stream>`);
  await looked();
  return page;
}

const book = html`<order-book symbol="SCOM" layout="stacked" depth="4"></order-book>`;

async function livePage(): Promise<{ stream: ForgetfulStream; element: OrderBookElement; page: BookPage }> {
  const stream = new ForgetfulStream();
  const root = await longPage(stream, book);
  stream.come();
  const element = root.querySelector('order-book')!;
  await element.updateComplete;
  return { stream, element, page: new BookPage(element) };
}

/** Scrolls away and lets it fall asleep. */
async function fallAsleep(stream: FakeStream, element: LitElement): Promise<void> {
  await scrollTo(FAR);
  stream.pass(31_000);
  await element.updateComplete;
}

describe('out of sight', () => {
  beforeEach(() => scrollTo(0));
  afterEach(() => {
    endTab();
    globalThis.scrollTo(0, 0);
  });

  it('SI1 gives its subscription back after 30 s out of the viewport, not before, and listens to nothing then', async () => {
    const { stream, element } = await livePage();
    const listeners = stream.listenerCount;
    stream.pass(60_000);
    expect(stream.subscribed, 'in view').to.deep.equal(['SCOM']);
    await scrollTo(FAR);
    stream.pass(29_000);
    await element.updateComplete;
    expect(stream.subscribed, 'after 29 s').to.deep.equal(['SCOM']);
    stream.pass(2_000);
    await element.updateComplete;
    expect(stream.subscribed, 'after 31 s').to.deep.equal([]);
    expect(stream.listenerCount).to.equal(listeners - 2);
    await scrollTo(0);
    expect(stream.subscribed, 'back').to.deep.equal(['SCOM']);
    expect(stream.listenerCount).to.equal(listeners);
  });

  it('SI2 a scroll past and back within 30 s costs nothing, however often', async () => {
    const { stream, element } = await livePage();
    let asked = 0;
    const subscribe = stream.subscribe.bind(stream);
    stream.subscribe = (...values) => {
      asked += 1;
      return subscribe(...values);
    };
    for (let i = 0; i < 3; i += 1) {
      await scrollTo(FAR);
      stream.pass(29_000);
      await scrollTo(0);
      stream.pass(1_000);
    }
    await element.updateComplete;
    expect(asked).to.equal(0);
    expect(element.matches(':state(live)')).to.equal(true);
  });

  it('SI2 seen until this very moment counts, however late the last pulse was', async () => {
    const { stream, element } = await livePage();
    const now = stream.now.bind(stream);
    // The page stood still for a minute.
    stream.now = () => now() + 60_000;
    await scrollTo(FAR);
    stream.pass(250);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
  });

  it('SI3 a hidden tab gives everything back after 30 s by the clock, and takes it anew when it is shown', async () => {
    const { stream, element, page } = await livePage();
    hideTab(true);
    stream.pass(29_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    hideTab(false);
    stream.pass(60_000);
    hideTab(true);
    // One pulse, long overdue: hidden tabs run timers once a minute.
    stream.pass(70_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal([]);
    expect(page.text('.truth')).to.equal('Stale was out of sight');
    hideTab(false);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    expect(page.text('.truth')).to.equal('Prices are 2 min old was out of sight');
  });

  it('SI4 seen again it shows its last rows, marked, with their age and why, then live ones; nothing moves', async () => {
    const { stream, element, page } = await livePage();
    const texts = (): unknown => [
      page.lines('ask', 'price'),
      page.lines('bid', 'price'),
      page.lines('bid', 'total'),
      page.text('.mid'),
      page.text('.head'),
      page.tableRows(),
      page.barShares('bid'),
    ];
    const rows = page.lines('bid', 'price');
    // The table for assistive technology follows within a second.
    stream.pass(1_000);
    await element.updateComplete;
    const seen = texts();
    const height = element.getBoundingClientRect().height;
    await fallAsleep(stream, element);
    expect(page.lines('bid', 'price')).to.deep.equal(rows);
    expect(page.text('.truth'), 'nobody counts').to.equal('Stale was out of sight');
    stream.pass(20_000);
    await scrollTo(0);
    expect(stream.book('SCOM'), 'the feed has forgotten it').to.equal(undefined);
    expect(page.text('.truth')).to.equal('Prices are 52 s old was out of sight');
    expect(element.matches(':state(stale)')).to.equal(true);
    expect(element.matches(':state(live)')).to.equal(false);
    expect(page.part('bids').closest('.doubt'), 'painted in doubt').to.not.equal(null);
    expect(texts()).to.deep.equal(seen);
    stream.pass(2_000);
    await element.updateComplete;
    expect(page.text('.truth')).to.equal('Prices are 54 s old was out of sight');
    stream.come('SCOM', [['17.40', '300']]);
    await element.updateComplete;
    expect(page.lines('bid', 'price')).to.deep.equal(['17.40']);
    expect(page.text('.truth')).to.equal('Live verified by sequence');
    expect(element.matches(':state(live)')).to.equal(true);
    expect(element.getBoundingClientRect().height).to.equal(height);
  });

  it('SI4 it is never painted otherwise in any frame between', async () => {
    const { stream, element, page } = await livePage();
    await fallAsleep(stream, element);
    const frames = new Set<string>();
    let isOver = false;
    const note = (): void => {
      frames.add(`${page.lines('bid', 'price').join('/')} ${element.matches(':state(live)') ? 'live' : 'marked'}`);
      if (!isOver) requestAnimationFrame(note);
    };
    note();
    await scrollTo(0);
    stream.come('SCOM', [['17.40', '300']]);
    await looked();
    isOver = true;
    expect([...frames]).to.deep.equal(['17.50/17.45 marked', '17.40 live']);
  });

  it('SI5 where the feed follows the symbol for somebody else, it is live at once', async () => {
    const stream = new ForgetfulStream();
    const root = await longPage(stream, book, book);
    stream.come();
    const [above, below] = root.querySelectorAll('order-book');
    await scrollTo(FAR);
    stream.pass(31_000);
    await above!.updateComplete;
    expect(stream.subscribed, 'the one in view keeps it').to.deep.equal(['SCOM']);
    stream.pushBook('SCOM', [['17.45', '5']], ASKS);
    await below!.updateComplete;
    const page = new BookPage(above!);
    expect(page.lines('bid', 'price'), 'asleep').to.deep.equal(['17.50', '17.45']);
    const texts = new Set<string>();
    const watcher = new MutationObserver(() => texts.add(page.text('.truth')));
    watcher.observe(above!.shadowRoot!, { subtree: true, childList: true, characterData: true });
    await scrollTo(0);
    watcher.disconnect();
    expect([...texts]).to.deep.equal(['Live verified by sequence']);
    expect(page.lines('bid', 'price')).to.deep.equal(['17.45']);
  });

  it('SI6 kept numbers are never live, even where the feed is well; its troubles are said', async () => {
    const { stream, element, page } = await livePage();
    await fallAsleep(stream, element);
    await scrollTo(0);
    const verdict = stream.verdict.bind(stream);
    for (const [state, reason, shown, text] of [
      ['live', 'ok', 'stale', 'was out of sight'],
      ['quiet', 'no_news', 'stale', 'was out of sight'],
      ['disconnected', 'connecting', 'stale', 'was out of sight'],
      ['disconnected', 'refused', 'disconnected', 'the feed refused the connection'],
      ['stale', 'unknown_symbol', 'stale', 'the feed does not know this symbol'],
      ['closed', 'market_closed', 'closed', 'the market is closed'],
    ] as const) {
      stream.verdict = (symbol) => ({ ...verdict(symbol), state, reason });
      stream.pass(250);
      await element.updateComplete;
      expect(element.matches(`:state(${shown})`), reason).to.equal(true);
      expect(page.text('.truth'), reason).to.match(new RegExp(`^Prices are \\d+ s old ${text}$`));
      expect(page.lines('bid', 'price')).to.deep.equal(['17.50', '17.45']);
    }
  });

  it('SI6 a feed that has no books any more ends them', async () => {
    const { stream, element, page } = await livePage();
    await fallAsleep(stream, element);
    stream.setStatus({ dialect: 'guide' });
    await scrollTo(0);
    expect(page.lines('bid', 'price')).to.deep.equal(['']);
    expect(element.matches(':state(empty)')).to.equal(true);
  });

  it('SI7 nothing of one symbol or feed stands under another, while it sleeps or when it wakes', async () => {
    const { stream, element, page } = await livePage();
    await fallAsleep(stream, element);
    element.symbol = 'KCB';
    await element.updateComplete;
    expect(page.lines('bid', 'price')).to.deep.equal(['']);
    element.symbol = 'SCOM';
    await element.updateComplete;
    await scrollTo(0);
    stream.come();
    await fallAsleep(stream, element);
    expect(page.lines('bid', 'price')).to.deep.equal(['17.50', '17.45']);
    (element.parentElement as MarketStreamElement).stream = new FakeStream();
    await (element.parentElement as MarketStreamElement).updateComplete;
    await element.updateComplete;
    expect(page.lines('bid', 'price')).to.deep.equal(['']);
    await scrollTo(0);
    expect(page.lines('bid', 'price')).to.deep.equal(['']);
  });

  it('SI8 an element that asks with loading="eager", or is fed by hand, never sleeps', async () => {
    const stream = new ForgetfulStream();
    const root = await longPage(
      stream,
      html`<order-book symbol="SCOM" layout="stacked" loading="eager"></order-book>
        <order-book symbol="HAND" layout="stacked" .bids=${[{ price: 1, size: 2 }]}></order-book>`,
    );
    const [eager, hand] = root.querySelectorAll('order-book');
    await fallAsleep(stream, eager!);
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    expect(hand!.matches(':state(live)')).to.equal(true);
    eager!.loading = 'auto';
    await eager!.updateComplete;
    stream.pass(31_000);
    stream.pass(31_000);
    await eager!.updateComplete;
    expect(stream.subscribed, 'no longer eager').to.deep.equal([]);
    eager!.loading = 'eager';
    await eager!.updateComplete;
    expect(stream.subscribed, 'eager again').to.deep.equal(['SCOM']);
  });

  it('SI8 a word that it does not know is told once, and counts as auto', async () => {
    expectTrouble(/loading must be "auto", "lazy" or "eager", got "later"/);
    const stream = new ForgetfulStream();
    await longPage(stream, html`<order-book symbol="SCOM" layout="stacked" loading="later"></order-book>`);
    expect(stream.subscribed).to.deep.equal(['SCOM']);
  });

  it('SI9 loading="lazy" asks for nothing before it is within a screen, then goes on as auto', async () => {
    const stream = new ForgetfulStream();
    const root = await longPage(stream, html``, html`<order-book symbol="SCOM" loading="lazy"></order-book>`);
    const element = root.querySelector('order-book')!;
    stream.pass(60_000);
    expect(stream.subscribed).to.deep.equal([]);
    const top = element.getBoundingClientRect().top;
    await scrollTo(top - 1.8 * innerHeight);
    expect(stream.subscribed, 'near').to.deep.equal(['SCOM']);
    await scrollTo(element);
    stream.pass(1_000);
    await scrollTo(0);
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    stream.pass(31_000);
    await element.updateComplete;
    expect(stream.subscribed, 'away').to.deep.equal([]);
    await scrollTo(top - 1.8 * innerHeight);
    expect(stream.subscribed, 'near is not in sight').to.deep.equal([]);
    await scrollTo(element);
    expect(stream.subscribed, 'seen again').to.deep.equal(['SCOM']);
  });

  it('SI9 lazy may be said by a script in the task that puts the element in', async () => {
    const stream = new ForgetfulStream();
    const root = await longPage(stream, html``);
    const element = document.createElement('order-book');
    root.append(element);
    element.symbol = 'SCOM';
    element.loading = 'lazy';
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal([]);
  });

  it('SI10 what has no box or no area is not taken for out of sight', async () => {
    const stream = new ForgetfulStream();
    const root = await longPage(
      stream,
      html``,
      html`<order-book symbol="CONTENTS" style="display: contents"></order-book>
        <div style="display: grid; grid-template-columns: 0"><order-book symbol="FLAT"></order-book></div>
        <order-book symbol="REAL"></order-book>`,
    );
    for (let i = 0; i < 4; i += 1) stream.pass(31_000);
    await root.querySelector('order-book')!.updateComplete;
    await looked();
    expect(stream.subscribed).to.deep.equal(['CONTENTS', 'FLAT']);
    hideTab(true);
    stream.pass(31_000);
    await looked();
    expect(stream.subscribed, 'a hidden tab counts for them too').to.deep.equal([]);
    hideTab(false);
    await looked();
    expect(stream.subscribed).to.deep.equal(['CONTENTS', 'FLAT']);
  });

  it('SI10 also where it loses its box later', async () => {
    const { stream, element } = await livePage();
    await scrollTo(FAR);
    element.style.display = 'contents';
    for (let i = 0; i < 4; i += 1) stream.pass(31_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
  });

  it('SI11 in a hidden place (no display, closed details or dialog) it sleeps, and wakes when the place opens', async () => {
    const stream = new ForgetfulStream();
    const root = await fixture<MarketStreamElement>(
      html`<market-stream .stream=${stream}>
        <details>
          <summary>More</summary>
          <order-book symbol="DETAILS" layout="stacked"></order-book>
        </details>
        <div class="tab" style="display: none"><order-book symbol="TAB" layout="stacked"></order-book></div>
        <dialog><order-book symbol="DIALOG" layout="stacked"></order-book></dialog>
      </market-stream>`,
    );
    await looked();
    expect(stream.subscribed.length, 'asked for at once').to.equal(3);
    for (let i = 0; i < 2; i += 1) stream.pass(31_000);
    await looked();
    expect(stream.subscribed).to.deep.equal([]);
    root.querySelector('details')!.open = true;
    await looked();
    expect(stream.subscribed).to.deep.equal(['DETAILS']);
    root.querySelector<HTMLElement>('.tab')!.style.display = '';
    await scrollTo(root.querySelector('.tab')!);
    expect(stream.subscribed).to.deep.equal(['DETAILS', 'TAB']);
    root.querySelector('dialog')!.showModal();
    await looked();
    expect(stream.subscribed).to.deep.equal(['DETAILS', 'TAB', 'DIALOG']);
    root.querySelector('dialog')!.close();
  });

  it('SI12 focus wakes it and keeps it awake wherever it stands, but not in a hidden tab', async () => {
    const { stream, element } = await livePage();
    await fallAsleep(stream, element);
    const inner = element.shadowRoot!.querySelector<HTMLElement>('.book')!;
    inner.focus({ preventScroll: true });
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    stream.pass(31_000);
    stream.pass(31_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    hideTab(true);
    stream.pass(31_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal([]);
    hideTab(false);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    inner.blur();
    stream.pass(29_000);
    stream.pass(31_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal([]);
  });

  it('SI13 fifty elements share one observer and one listener, which go with the last of them', async () => {
    const census = new PageCensus();
    // Tells that this page has a root for contexts already, and whatever else comes once.
    await longPage(new FakeStream(), book);
    const before = { ...census.now() };
    const made: IntersectionObserver[] = [];
    const Counted = globalThis.IntersectionObserver;
    globalThis.IntersectionObserver = class extends Counted {
      constructor(...values: ConstructorParameters<typeof Counted>) {
        super(...values);
        made.push(this);
      }
    };
    document.querySelectorAll('market-stream').forEach((element) => element.remove());
    const stream = new FakeStream();
    const root = await longPage(stream, html`${Array.from({ length: 50 }, () => book)}`);
    expect(made.length).to.equal(1);
    expect(census.now().listeners, 'no more than for one').to.equal(before.listeners);
    root.remove();
    await looked();
    expect(stream.listenerCount).to.equal(0);
    expect(census.now().observers, 'the page’s own of width and language too').to.equal(0);
    expect(census.now().listeners).to.equal(before.listeners - 1);
    globalThis.IntersectionObserver = Counted;
    census.end();
  });

  it('SI14 an element that is moved sleeps on, or stays awake, by where it stands then', async () => {
    const stream = new ForgetfulStream();
    const root = await longPage(stream, html`<div class="top"></div>`, html`<div class="end">${book}</div>`);
    const element = root.querySelector('order-book')!;
    stream.pass(31_000);
    await looked();
    expect(stream.subscribed).to.deep.equal([]);
    root.append(element);
    await looked();
    expect(stream.subscribed, 'still out of sight').to.deep.equal([]);
    root.querySelector('.top')!.append(element);
    await looked();
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    root.append(element);
    await looked();
    stream.pass(29_000);
    await element.updateComplete;
    expect(stream.subscribed, 'moved out of sight').to.deep.equal(['SCOM']);
    stream.pass(2_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal([]);
  });

  it('SI14 in another document it is judged by that one', async () => {
    const frame = await fixture<HTMLIFrameElement>(html`<iframe></iframe>`);
    const stream = new ForgetfulStream();
    const root = await longPage(stream, book);
    const element = root.querySelector('order-book')!;
    element.stream = stream;
    const inner = frame.contentDocument!;
    inner.body.append(element);
    await looked();
    Object.defineProperty(inner, 'visibilityState', { configurable: true, get: () => 'hidden' });
    inner.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    stream.pass(31_000);
    await element.updateComplete;
    expect(stream.subscribed).to.deep.equal([]);
    element.remove();
  });

  it('SI15 where the browser has no observers it is in sight, lazy or not; a hidden tab still counts', async () => {
    const Observer = globalThis.IntersectionObserver;
    Reflect.deleteProperty(globalThis, 'IntersectionObserver');
    const stream = new ForgetfulStream();
    const root = await longPage(
      stream,
      html``,
      html`<order-book symbol="SCOM"></order-book><order-book symbol="KCB" loading="lazy"></order-book>`,
    );
    stream.pass(31_000);
    stream.pass(31_000);
    await looked();
    expect(stream.subscribed).to.deep.equal(['SCOM', 'KCB']);
    hideTab(true);
    stream.pass(31_000);
    await looked();
    expect(stream.subscribed).to.deep.equal([]);
    // Moved in its sleep.
    root.append(root.querySelector('order-book')!);
    hideTab(false);
    await looked();
    expect(stream.subscribed).to.have.members(['SCOM', 'KCB']);
    root.remove();
    globalThis.IntersectionObserver = Observer;
  });

  it('SI16 asleep it updates for nothing, and says nothing to assistive technology', async () => {
    const { stream, element, page } = await livePage();
    const other = await fixture<OrderBookElement>(
      html`<order-book symbol="SCOM" loading="eager" .stream=${stream}></order-book>`,
    );
    await fallAsleep(stream, element);
    let changes = 0;
    const watcher = new MutationObserver(() => (changes += 1));
    watcher.observe(element.shadowRoot!, { subtree: true, childList: true, characterData: true, attributes: true });
    for (let i = 0; i < 20; i += 1) {
      stream.pushBook('SCOM', [['17.45', String(i + 1)]], ASKS);
      stream.pass(1_000);
      await other.updateComplete;
    }
    await looked();
    expect(changes).to.equal(0);
    watcher.disconnect();
    expect(
      [...element.shadowRoot!.querySelectorAll('[role=status]')].map((said) => said.textContent!.trim()),
    ).to.deep.equal(['', '']);
    expect(page.text('.truth')).to.equal('Stale was out of sight');
    other.remove();
  });

  it('SI17 the status of a sleeping symbol is calm, and says why; asleep itself it lets go of its feed', async () => {
    const stream = new ForgetfulStream();
    const root = await longPage(
      stream,
      html`<div style="position: sticky; top: 0"><feed-status symbol="SCOM"></feed-status></div>${book}`,
    );
    const status = root.querySelector('feed-status')!;
    const text = (part: string): string => status.shadowRoot!.querySelector(`[part=${part}]`)!.textContent!.trim();
    stream.come();
    stream.pass(250);
    await status.updateComplete;
    expect(text('state')).to.equal('Live');
    await scrollTo(3000);
    stream.pass(31_000);
    await looked();
    stream.pass(250);
    await status.updateComplete;
    expect([text('state'), text('reason')]).to.deep.equal(['Stale', 'nothing in sight shows SCOM']);
    expect(status.shadowRoot!.querySelector('.line.wait')).to.not.equal(null);
    expect(status.matches(':state(stale)')).to.equal(true);
    hideTab(true);
    stream.pass(31_000);
    await status.updateComplete;
    expect(text('reason')).to.equal('was out of sight');
    // The provider is all that still listens.
    expect(stream.listenerCount).to.equal(1);
  });

  it('SI18 a host of a page’s own sleeps only when it says so', async () => {
    class Watcher extends LitElement {
      readonly live = new StreamController(this, { symbols: () => ['SCOM'] });
    }
    customElements.define('sight-watcher', Watcher);
    const stream = new ForgetfulStream();
    const root = await longPage(
      stream,
      html``,
      html`<sight-watcher style="display: block; height: 10px"></sight-watcher>`,
    );
    for (let i = 0; i < 3; i += 1) stream.pass(31_000);
    hideTab(true);
    for (let i = 0; i < 3; i += 1) stream.pass(31_000);
    await root.querySelector<Watcher>('sight-watcher')!.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    expect(root.querySelector<Watcher>('sight-watcher')!.live.isAsleep).to.equal(false);
  });
});
