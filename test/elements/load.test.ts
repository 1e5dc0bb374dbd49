import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/define/market-stream.js';
import '../../src/define/feed-status.js';
import type { MarketStreamElement } from '../../src/elements/market-stream/market-stream.js';

/** Keeps the page busy, as a heavy chart would. */
const spin = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end;);
};

describe('a page under load', () => {
  it('DG10 a heavy listener is throttled, and is not when it is light again', async function () {
    this.timeout(60_000);
    const element = await fixture<MarketStreamElement>(
      html`<market-stream src="demo:?seed=21"><feed-status symbol="SCOM"></feed-status></market-stream>`,
    );
    await waitUntil(() => element.stream?.state === 'open', 'a feed', { timeout: 10_000 });
    const { stream } = element;
    if (stream === undefined) throw new Error('no stream');
    let takes = 60;
    const seen: boolean[] = [];
    const unobserve = stream.observe(() => {
      if (seen.at(-1) !== stream.throttled) seen.push(stream.throttled);
    });
    const end = stream.subscribe(['SCOM', 'KCB', 'EQTY', 'ABSA'], () => spin(takes), { throttle: 0 });
    const status = element.querySelector('feed-status');
    const reason = (): string => status?.shadowRoot?.querySelector('[part=reason]')?.textContent ?? '';
    await waitUntil(() => stream.throttled, 'throttled', { timeout: 15_000 });
    await waitUntil(() => reason().startsWith('slowed for this page'), 'the reason', { timeout: 5_000 });
    expect(stream.metrics().mode).not.to.equal('full');
    takes = 0;
    await waitUntil(() => !stream.throttled, 'not throttled any more', { timeout: 45_000, interval: 250 });
    expect(seen).to.deep.equal([false, true, false]);
    expect(stream.metrics().mode).to.equal('full');
    end();
    unobserve();
  });
});
