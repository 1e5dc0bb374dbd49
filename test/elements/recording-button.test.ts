import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define/feed-status.js';
import type { FeedStatusElement } from '../../src/elements/feed-status/feed-status.js';
import { createMarketStream } from '../../src/stream/market-stream-core.js';
import { startTestExchange } from '../support/exchange.js';
import { FakeStream } from '../support/fake-stream.js';
import { openStrictPage } from '../support/strict-page.js';

/** What the page was offered for download, and which of it has been taken back. */
function watchDownloads() {
  const offered: { name: string; blob: Blob; url: string }[] = [];
  const revoked: string[] = [];
  const blobs = new Map<string, Blob>();
  const createObjectURL = URL.createObjectURL.bind(URL);
  const revokeObjectURL = URL.revokeObjectURL.bind(URL);
  URL.createObjectURL = (blob: Blob) => {
    const url = createObjectURL(blob);
    blobs.set(url, blob);
    return url;
  };
  URL.revokeObjectURL = (url: string) => {
    revoked.push(url);
    revokeObjectURL(url);
  };
  HTMLAnchorElement.prototype.click = function () {
    offered.push({ name: this.download, blob: blobs.get(this.href)!, url: this.href });
  };
  return {
    offered,
    revoked,
    stop() {
      URL.createObjectURL = createObjectURL;
      URL.revokeObjectURL = revokeObjectURL;
      // What it inherits is there again.
      Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
    },
  };
}

async function mount(stream: FakeStream): Promise<FeedStatusElement> {
  const element = await fixture<FeedStatusElement>(html`<feed-status detail .stream=${stream}></feed-status>`);
  await element.updateComplete;
  return element;
}
const button = (element: Element): HTMLButtonElement => element.shadowRoot!.querySelector('[part=record]')!;
const note = (element: Element): string => element.shadowRoot!.querySelector('#recording')!.textContent;

describe('the recording of <feed-status>', () => {
  let downloads: ReturnType<typeof watchDownloads>;
  beforeEach(() => (downloads = watchDownloads()));
  afterEach(() => downloads.stop());

  it('FR16 a press offers the recording as a file, without orders, and takes the address back', async () => {
    const stream = new FakeStream();
    stream.recorded = () => Promise.resolve('{"touchline-flight":1}\nthe rest\n');
    const element = await mount(stream);
    button(element).click();
    await waitUntil(() => downloads.offered.length === 1);
    expect(stream.calls).to.deep.equal(['record {"private":false}']);
    const { name, blob, url } = downloads.offered[0]!;
    expect(name).to.equal('touchline-1970-01-01T00-16-40-000Z.jsonl');
    expect(await blob.text()).to.equal('{"touchline-flight":1}\nthe rest\n');
    button(element).click();
    await waitUntil(() => downloads.offered.length === 2);
    expect(downloads.revoked).to.deep.equal([url]);
    element.remove();
    expect(downloads.revoked.length).to.equal(2);
  });

  it('FR17 it says what it is for, that it is busy, and why it failed; it is accessible in each', async () => {
    const stream = new FakeStream();
    const element = await mount(stream);
    await expect(element).to.be.accessible();
    expect(button(element).getAttribute('aria-describedby')).to.equal('recording');
    expect(note(element)).to.match(/bug report.*Orders and accounts are left out/);
    let fail: (error: Error) => void = () => {};
    stream.recorded = () => new Promise((_resolve, reject) => (fail = reject));
    button(element).focus();
    button(element).click();
    await element.updateComplete;
    expect(note(element)).to.equal('Writing the recording…');
    expect(button(element).getAttribute('aria-disabled')).to.equal('true');
    await expect(element).to.be.accessible();
    button(element).click();
    expect(stream.calls.length).to.equal(1);
    fail(new Error('Nothing is recorded: recorderSize is 0.'));
    await waitUntil(() => note(element).includes('recorderSize is 0'));
    expect(button(element).getAttribute('aria-disabled')).to.equal('false');
    expect(element.shadowRoot!.activeElement === button(element), 'the focus stays').to.equal(true);
    await expect(element).to.be.accessible();
    expect(downloads.offered).to.deep.equal([]);
  });

  it('FR17 an element that leaves while it is written offers nothing', async () => {
    const stream = new FakeStream();
    let done: (text: string) => void = () => {};
    stream.recorded = () => new Promise((resolve) => (done = resolve));
    const element = await mount(stream);
    button(element).click();
    element.remove();
    done('x');
    await Promise.resolve();
    await element.updateComplete;
    expect(downloads.offered).to.deep.equal([]);
  });

  it('FR16 what a page saves of a market in it plays in another element', async () => {
    const stream = createMarketStream({ src: 'demo:?seed=3' });
    stream.subscribe(['SCOM'], () => {});
    await waitUntil(() => stream.book('SCOM') !== undefined, 'a book', { timeout: 5_000 });
    const element = await fixture<FeedStatusElement>(html`<feed-status detail .stream=${stream}></feed-status>`);
    button(element).click();
    await waitUntil(() => downloads.offered.length === 1);
    const url = URL.createObjectURL(downloads.offered[0]!.blob);
    const replayed = createMarketStream({ src: `replay:${url}#speed=max`, onError() {} });
    replayed.subscribe(['SCOM'], () => {});
    await waitUntil(() => replayed.status.closeCode === 4900, 'played', { timeout: 5_000 });
    expect(replayed.book('SCOM')?.bids.length).to.be.greaterThan(0);
    URL.revokeObjectURL(url);
    replayed.dispose();
    stream.dispose();
  });

  it('FR16 the file for a script tag of a desk has it, and works under the strictest policy', async () => {
    const { url } = await startTestExchange();
    const page = await openStrictPage('any-tag', `?file=touchline-desk.js&src=${encodeURIComponent(url)}`);
    const frame = page.window as Window & typeof globalThis;
    let blob: Blob | undefined;
    const createObjectURL = frame.URL.createObjectURL.bind(frame.URL);
    frame.URL.createObjectURL = (given: Blob) => createObjectURL((blob = given));
    let downloads = 0;
    // A test run has no folder for it.
    frame.HTMLAnchorElement.prototype.click = function () {
      downloads += this.href.startsWith('blob:') && this.download.endsWith('.jsonl') ? 1 : 0;
    };
    const status = page.document.createElement('feed-status');
    status.setAttribute('src', url);
    status.setAttribute('detail', '');
    page.document.body.append(status);
    const book = page.document.querySelector('order-book')!;
    await waitUntil(() => book.matches(':state(live)'), 'live', { timeout: 10_000 });
    button(status).click();
    await waitUntil(() => blob !== undefined, 'written', { timeout: 10_000 });
    const [head, ...lines] = (await blob!.text()).trimEnd().split('\n');
    expect(JSON.parse(head!)).to.include({ 'touchline-flight': 1, venue: 'touchline', private: false });
    expect(lines.some((line) => line.includes('order_book_snapshot'))).to.equal(true);
    expect(downloads).to.equal(1);
    expect(page.problems()).to.deep.equal([]);
    page.close();
  });
});
