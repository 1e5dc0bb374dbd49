import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define/feed-status.js';
import type { FeedStatusElement } from '../../src/elements/feed-status/feed-status.js';
import { FakeStream } from '../support/fake-stream.js';

async function mount(stream: FakeStream, template = html`<feed-status symbol="SCOM"></feed-status>`) {
  const element = await fixture<FeedStatusElement>(template);
  element.stream = stream;
  await element.updateComplete;
  return element;
}

const text = (element: Element, selector: string): string =>
  (element.shadowRoot!.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
const button = (element: Element): HTMLButtonElement => element.shadowRoot!.querySelector('button')!;

function live(): FakeStream {
  const stream = new FakeStream();
  stream.pushBook('SCOM', [['17.50', '1']], [['17.55', '1']]);
  return stream;
}

describe('<feed-status>', () => {
  it('FS1 is accessible while live, lost and in detail', async () => {
    const stream = live();
    const element = await mount(stream, html`<feed-status symbol="SCOM" detail></feed-status>`);
    await expect(element).to.be.accessible();
    stream.setStatus({ state: 'offline', reason: 'offline', attempt: 10, retryAt: stream.now() + 60_000 });
    await element.updateComplete;
    await expect(element).to.be.accessible();
  });

  it('FS2 says its state by a word, the reason beside it, rate and age', async () => {
    const stream = live();
    stream.metricsNow = { ...stream.metricsNow, dataRate: 1048 };
    const element = await mount(stream);
    stream.pass(300);
    await element.updateComplete;
    expect(text(element, '[part=state]')).to.equal('Live');
    expect(text(element, '[part=reason]')).to.equal('verified by sequence');
    expect(text(element, '[part=metrics]')).to.equal('Rate 1,048/s Age 0.3 s');
    expect(element.matches(':state(live)')).to.equal(true);
  });

  it('FS2 without a symbol it claims no proof for the books of a venue: each has its own', async () => {
    const stream = live();
    const element = await mount(stream, html`<feed-status></feed-status>`);
    expect(text(element, '[part=reason]')).to.equal('verified by sequence');
    stream.setStatus({ dialect: 'venue' });
    await element.updateComplete;
    expect(text(element, '[part=reason]')).to.equal('each book says how it is verified');
  });

  it('FS2 says who closed the connection, and what never was one', async () => {
    const stream = live();
    const element = await mount(stream);
    const reasons: string[] = [];
    for (const [reason, closeCode] of [
      ['closed_by_page', 1000],
      ['bad_address', 0],
      ['refused', 4403],
      ['refused', 4900],
    ] as const) {
      stream.setStatus({ state: 'closed', reason, closeCode });
      await element.updateComplete;
      reasons.push(text(element, '[part=reason]'));
    }
    expect(reasons).to.deep.equal([
      'Disconnected by this page',
      'There is no such feed',
      'Closed by the feed',
      'The recording has ended',
    ]);
  });

  it('FS3 counts the tries and the seconds to the next, and lets the user try at once', async () => {
    const stream = live();
    const element = await mount(stream);
    expect(button(element).disabled).to.equal(true);
    stream.setStatus({ state: 'reconnecting', reason: 'reconnecting', attempt: 3, retryAt: stream.now() + 3900 });
    await element.updateComplete;
    expect(text(element, '[part=reason]')).to.equal('Reconnecting, try 3 of 10, in 4 s');
    stream.pass(2000);
    await element.updateComplete;
    expect(text(element, '[part=reason]')).to.equal('Reconnecting, try 3 of 10, in 2 s');
    button(element).click();
    expect(stream.calls).to.deep.equal(['reconnect']);
  });

  it('FS4 a page may cancel feed-reconnect and do it its own way', async () => {
    const stream = live();
    const element = await mount(stream);
    stream.setStatus({ state: 'offline', reason: 'offline', attempt: 10 });
    await element.updateComplete;
    element.addEventListener('feed-reconnect', (event) => event.preventDefault());
    button(element).click();
    expect(stream.calls).to.deep.equal([]);
    expect(text(element, '[part=reason]')).to.equal('Offline after 10 tries');
  });

  it('FS5 keeps its height when the state changes', async () => {
    const stream = live();
    const element = await mount(stream);
    const { height } = element.getBoundingClientRect();
    stream.setStatus({ state: 'reconnecting', reason: 'reconnecting', attempt: 3, retryAt: stream.now() + 3900 });
    await element.updateComplete;
    expect(element.getBoundingClientRect().height).to.equal(height);
  });

  it('FS6 shows a figure that is not known yet as a dash', async () => {
    const element = await mount(new FakeStream(), html`<feed-status detail></feed-status>`);
    expect(text(element, '[part=detail]')).to.contain('p99 —');
    expect(text(element, '[part=metrics]')).to.contain('Age —');
  });

  it('FS7 follows the verdict on its symbol, not the connection alone', async () => {
    const stream = live();
    const element = await mount(stream);
    stream.setVerdict('SCOM', { state: 'resyncing', reason: 'sequence_gap' });
    stream.pass(250);
    await element.updateComplete;
    expect(text(element, '[part=state]')).to.equal('Resyncing');
    expect(text(element, '[part=reason]')).to.equal('a message was lost');
    expect(element.matches(':state(resyncing)')).to.equal(true);
  });

  it('FS10 without a symbol it is as good as the best of them, however open the socket is', async () => {
    const stream = live();
    stream.pushBook('KCB', [['32.50', '1']], [['32.55', '1']]);
    const element = await mount(stream, html`<feed-status></feed-status>`);
    const said = async (): Promise<string> => {
      stream.pass(250);
      await element.updateComplete;
      return `${text(element, '[part=state]')}: ${text(element, '[part=reason]')}`;
    };
    stream.setVerdict('SCOM', { state: 'stale', reason: 'heartbeat_missed' });
    expect(await said()).to.equal('Live: verified by sequence');
    stream.setVerdict('KCB', { state: 'stale', reason: 'heartbeat_missed' });
    expect(await said()).to.match(/^Stale: ./);
    expect(element.matches(':state(stale)')).to.equal(true);
    stream.setVerdict('SCOM', { state: 'delayed', reason: 'late_data' });
    expect(await said()).to.match(/^Delayed: ./);
    stream.setVerdict('KCB', { state: 'quiet', reason: 'no_news' });
    expect(await said()).to.equal('Live: verified by sequence');
    // A book that is fetched anew says nothing of the connection.
    stream.setVerdict('SCOM', { state: 'resyncing', reason: 'sequence_gap' });
    stream.setVerdict('KCB', { state: 'resyncing', reason: 'sequence_gap' });
    expect(await said()).to.equal('Live: verified by sequence');
  });

  it('FS8 gives everything back when it leaves', async () => {
    const stream = live();
    const element = await mount(stream);
    element.remove();
    expect(stream.listenerCount).to.equal(0);
  });

  it('FS9 its reason is whole at 280 pixels, and its height the same for each', async () => {
    const stream = live();
    const place = await fixture<HTMLElement>(
      html`<div style="width: 280px"><feed-status symbol="SCOM" .stream=${stream}></feed-status></div>`,
    );
    const element = place.querySelector('feed-status')!;
    const { height } = element.getBoundingClientRect();
    const look = async (): Promise<void> => {
      await element.updateComplete;
      for (const part of ['state', 'reason']) {
        const box = element.shadowRoot!.querySelector(`[part=${part}]`)!;
        expect(box.scrollWidth, box.textContent).to.be.at.most(box.clientWidth);
      }
      expect(element.getBoundingClientRect().height).to.equal(height);
    };
    await look();
    stream.setStatus({ state: 'reconnecting', reason: 'reconnecting', attempt: 10, retryAt: stream.now() + 30_000 });
    await look();
    stream.setStatus({ state: 'offline', reason: 'offline', attempt: 10, retryAt: stream.now() + 59_000 });
    await look();
    stream.setStatus({ state: 'open', reason: 'ok', attempt: 0, retryAt: 0 });
    stream.setVerdict('SCOM', { state: 'disconnected', reason: 'unknown_symbol', dataAt: 0 });
    stream.pass(300);
    await look();
    expect(text(element, '[part=state]')).to.equal('Unknown');
  });
});
