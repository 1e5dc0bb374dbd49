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
const rowsOf = (element: Element): string[][] =>
  [...element.shadowRoot!.querySelectorAll('[part=waterfall] [role=row]')]
    .slice(1)
    .map((row) => [...row.querySelectorAll('span')].map((cell) => cell.textContent));
const figures = (p50: number, p95: number, p99: number) => ({ p50, p95, p99, count: 100 });
const UNKNOWN = { p50: NaN, p95: NaN, p99: NaN, count: 0 };

/** As long as figures get. */
function busy(stream: FakeStream): void {
  const metrics = stream.metricsNow;
  const long = Object.fromEntries(Object.keys(metrics).map((name) => [name, 123_456_789]));
  stream.metricsNow = {
    ...metrics,
    ...long,
    mode: 'shallower',
    conflationRatio: 9_999,
    waterfall: {
      arrival: figures(10_204, 28_104, 92_904),
      apply: figures(0.05, 9.94, 14.4),
      delivery: figures(98, 1_804, 1_999),
      paint: UNKNOWN,
      total: figures(13_110, 41_100, 98_765),
    },
  } as typeof metrics;
}
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

  it('DG9 says when the page cannot keep up, and how', async () => {
    const stream = live();
    const element = await mount(stream, html`<feed-status symbol="SCOM" detail></feed-status>`);
    expect(text(element, '[part=detail]')).to.contain('Load kept up with');
    stream.throttled = true;
    stream.metricsNow = { ...stream.metricsNow, mode: 'shallower' };
    stream.pass(300);
    await element.updateComplete;
    expect(text(element, '[part=reason]')).to.equal('slowed for this page, verified by sequence');
    expect(text(element, '[part=detail]')).to.contain('Load shallower');
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
      ['refused', 4401],
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
      'Log in, then reconnect',
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
    expect(rowsOf(element)).to.deep.equal([
      ['Received', '—', '—', '—'],
      ['Applied', '—', '—', '—'],
      ['Delivered', '—', '—', '—'],
      ['Painted', '—', '—', '—'],
      ['In all', '—', '—', '—'],
    ]);
    expect(text(element, '[part=detail]')).to.contain('Round trip —');
    expect(text(element, '[part=metrics]')).to.contain('Age —');
  });

  it('FS10 shows where the time goes, stage by stage, each line from where the last one ends', async () => {
    const stream = live();
    stream.metricsNow = {
      ...stream.metricsNow,
      waterfall: {
        arrival: figures(10, 15, 20),
        apply: figures(0.24, 0.26, 1.04),
        delivery: figures(40, 80, 99.6),
        paint: figures(9.94, 9.96, 1_204),
        total: figures(60, 100, 1_300),
      },
    };
    const element = await mount(stream, html`<feed-status detail></feed-status>`);
    expect(rowsOf(element)).to.deep.equal([
      ['Received', '10', '15', '20'],
      ['Applied', '0.2', '0.3', '1.0'],
      ['Delivered', '40', '80', '100'],
      ['Painted', '9.9', '10', '1,204'],
      ['In all', '60', '100', '1,300'],
    ]);
    // Of 100 ms, in percent: where each begins, how far it is dark, how far light.
    const lines = [...element.shadowRoot!.querySelectorAll('[part=waterfall] svg')].map((line) => {
      const [tail, median] = line.querySelectorAll('rect');
      return [tail!.getAttribute('x'), median!.getAttribute('width'), tail!.getAttribute('width')].map(Number);
    });
    expect(lines).to.deep.equal([
      [0, 10, 15],
      [10, 0.2, 0.3],
      [10.2, 40, 80],
      [50.2, 9.9, 10],
      [0, 60, 100],
    ]);
  });

  it('FS10 a stage that is not measured takes no room, and is a dash', async () => {
    const stream = live();
    busy(stream);
    const element = await mount(stream, html`<feed-status detail></feed-status>`);
    expect(rowsOf(element)[3]).to.deep.equal(['Painted', '—', '—', '—']);
    const line = element.shadowRoot!.querySelector('.paint svg')!;
    expect([...line.querySelectorAll('rect')].map((rect) => rect.getAttribute('width'))).to.deep.equal(['0.0', '0.0']);
  });

  it('FS11 no figure of the detail is cut or moves another, from 280 pixels on', async () => {
    for (const width of [280, 360, 560, 900]) {
      const stream = live();
      const place = await fixture<HTMLElement>(html`<div></div>`);
      place.style.width = `${width}px`;
      const element = Object.assign(document.createElement('feed-status') as FeedStatusElement, {
        detail: true,
        stream,
      });
      place.append(element);
      await element.updateComplete;
      const boxes = (): string[] =>
        [...element.shadowRoot!.querySelectorAll('.detail :is(span, dt, svg)')].map((each) => {
          const { x, y, right, bottom } = each.getBoundingClientRect();
          return [x, y, right, bottom].join();
        });
      const before = boxes();
      busy(stream);
      stream.pass(300);
      await element.updateComplete;
      expect(boxes()).to.deep.equal(before);
      for (const cell of element.shadowRoot!.querySelectorAll('.detail :is(span, dd, dl div)')) {
        expect(cell.scrollWidth, `${cell.textContent} at ${width}`).to.be.at.most(cell.clientWidth);
      }
    }
  });

  it('FS12 the waterfall is a table with a name for those who do not see it', async () => {
    const element = await mount(live(), html`<feed-status detail></feed-status>`);
    const table = element.shadowRoot!.querySelector('[role=table]')!;
    expect(table.getAttribute('aria-label')).to.equal('Milliseconds from the feed to the screen');
    expect(table.querySelectorAll('[role=columnheader]').length).to.equal(4);
    expect([...table.querySelectorAll('svg')].every((line) => line.getAttribute('aria-hidden') === 'true')).to.equal(
      true,
    );
    await expect(element).to.be.accessible();
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

  it('FS13 without a symbol it is as good as the best of them, however open the socket is', async () => {
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
