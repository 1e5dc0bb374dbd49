import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { ContextEvent } from '../support/context-event.js';
import '../../src/define/feed-status.js';
import '../../src/define/market-stream.js';
import '../../src/define/order-book.js';
import type { MarketStreamElement } from '../../src/elements/market-stream/market-stream.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import type { MarketStream } from '../../src/stream/market-stream.js';
import { BookPage } from '../support/book-page.js';
import { registerTransport } from '../../src/stream/transport/resolve.js';
import { welcome } from '../support/fake-server.js';
import { FakeStream } from '../support/fake-stream.js';
import { FakeWire } from '../support/fake-wire.js';

const KEY = Symbol.for('touchline.stream.v1');

function live(price = '17.55'): FakeStream {
  const stream = new FakeStream();
  stream.pushBook('SCOM', [[price, '1']], []);
  return stream;
}

describe('<market-stream>', () => {
  it('MS1 gives its stream to every element below it, at any depth', async () => {
    const root = await fixture<MarketStreamElement>(
      html`<market-stream .stream=${live()}
        ><div><order-book symbol="SCOM" layout="stacked"></order-book></div
      ></market-stream>`,
    );
    const book = root.querySelector<OrderBookElement>('order-book')!;
    await book.updateComplete;
    expect(new BookPage(book).lines('bid', 'price')).to.deep.equal(['17.55']);
  });

  it('MS2 a consumer that came first binds to a provider that comes later', async () => {
    const place = await fixture<HTMLElement>(
      html`<late-feed><order-book symbol="SCOM" layout="stacked"></order-book></late-feed>`,
    );
    const book = place.querySelector<OrderBookElement>('order-book')!;
    await book.updateComplete;
    const { MarketStreamElement: Base } = await import('../../src/elements/market-stream/market-stream.js');
    customElements.define('late-feed', class extends Base {});
    (place as MarketStreamElement).stream = live();
    await (place as MarketStreamElement).updateComplete;
    await book.updateComplete;
    expect(new BookPage(book).lines('bid', 'price')).to.deep.equal(['17.55']);
  });

  it('MS3 speaks the context protocol with a plain script, under its registered key', async () => {
    const stream = live();
    const root = await fixture<MarketStreamElement>(html`<market-stream .stream=${stream}><p></p></market-stream>`);
    let given: MarketStream | undefined;
    root.querySelector('p')!.dispatchEvent(new ContextEvent(KEY, (value) => (given = value as MarketStream)));
    expect(given).to.equal(stream);
  });

  it('MS4 tells the page when the state changes, once, with both states', async () => {
    const stream = live();
    const root = await fixture<MarketStreamElement>(html`<market-stream .stream=${stream}></market-stream>`);
    const changes: string[] = [];
    root.addEventListener('stream-state-change', (event) => {
      const { previous, state } = event as Event & { previous: string; state: string };
      changes.push(`${previous} > ${state}`);
    });
    stream.setStatus({ state: 'reconnecting', attempt: 1 });
    stream.setStatus({ attempt: 2 });
    stream.setStatus({ state: 'open', attempt: 0 });
    expect(changes).to.deep.equal(['open > reconnecting', 'reconnecting > open']);
  });

  it('MS5 paused closes the connection and opens it again', async () => {
    const stream = live();
    const root = await fixture<MarketStreamElement>(html`<market-stream .stream=${stream}></market-stream>`);
    root.paused = true;
    await root.updateComplete;
    root.paused = false;
    await root.updateComplete;
    expect(stream.calls).to.deep.equal(['disconnect', 'connect']);
  });

  it('MS6 a market inside the page needs no server', async () => {
    const root = await fixture<MarketStreamElement>(
      html`<market-stream src="demo:?seed=7"><order-book symbol="SCOM" layout="stacked"></order-book></market-stream>`,
    );
    const book = root.querySelector<OrderBookElement>('order-book')!;
    await waitUntil(() => new BookPage(book).lines('bid', 'price').length === 10, 'ten bids', { timeout: 5000 });
    expect(book.matches(':state(live)')).to.equal(true);
  });

  it('MS7 two elements with one address share one stream, and the last one to leave closes it', async () => {
    const root = await fixture<HTMLElement>(
      html`<div>
        <market-stream src="demo:?seed=9"></market-stream>
        <market-stream src="demo:?seed=9"></market-stream>
      </div>`,
    );
    const [first, second] = [...root.querySelectorAll<MarketStreamElement>('market-stream')];
    const stream = first!.stream!;
    expect(second!.stream).to.equal(stream);
    first!.remove();
    await waitUntil(() => stream.state === 'open', 'still open for the other one', { timeout: 5000 });
    second!.remove();
    await waitUntil(() => stream.state === 'closed', 'closed after the last one', { timeout: 5000 });
  });

  it('MS8 an address that is none is told in words, by an event, and breaks nothing', async () => {
    const errors: string[] = [];
    const root = document.createElement('market-stream');
    root.addEventListener('stream-error', (event) => errors.push((event as Event & { code: string }).code));
    root.innerHTML = '<feed-status></feed-status>';
    root.src = 'gopher://nowhere';
    document.body.append(root);
    const status = root.querySelector('feed-status')!;
    await waitUntil(() => status.shadowRoot?.textContent?.includes('There is no such feed'), 'said', { timeout: 2000 });
    expect(errors).to.deep.equal(['bad_address']);
    root.remove();
  });

  it('MS9 changing the address changes the stream of everything below', async () => {
    const root = await fixture<MarketStreamElement>(
      html`<market-stream .stream=${live('17.55')}><order-book symbol="SCOM" layout="stacked"></order-book></market-stream>`,
    );
    const book = root.querySelector<OrderBookElement>('order-book')!;
    await book.updateComplete;
    root.stream = live('18.05');
    await root.updateComplete;
    await book.updateComplete;
    expect(new BookPage(book).lines('bid', 'price')).to.deep.equal(['18.05']);
  });

  it('MS11 logs in with the token that its function gives now, whenever the function comes and however often it changes', async () => {
    const wire = new FakeWire();
    const tickets: string[] = [];
    wire.onConnect = (socket) => {
      socket.onSent = (message) => {
        if (message.type === 'hello') socket.push(welcome());
        if (message.type !== 'auth') return;
        tickets.push(message.data.ticket);
        socket.push({ type: 'auth_ok', id: message.id, data: { user: 'u', accounts: [], scopes: [] } });
      };
      socket.accept();
    };
    registerTransport('login-test:', () => Promise.resolve(wire.transport));
    const root = await fixture<MarketStreamElement>(html`<market-stream src="login-test:1"></market-stream>`);
    await waitUntil(() => root.stream?.state === 'open', 'open');
    expect(tickets).to.deep.equal([]);
    root.token = () => 'first';
    await waitUntil(() => tickets.length === 1, 'logged in');
    // A page that writes a new function at each of its updates does not log in each time.
    for (const token of ['second', 'third']) {
      root.token = () => Promise.resolve(token);
      await root.updateComplete;
    }
    await root.updateComplete;
    wire.last.push({ type: 'auth_expiring', data: { expiresAt: Date.now() + 60_000 } });
    await waitUntil(() => tickets.length > 1, 'renewed');
    expect(tickets).to.deep.equal(['first', 'third']);
    expect(wire.sockets.length).to.equal(1);
    expect(root.outerHTML).not.to.contain('third');
  });

  it('MS10 a paused provider that leaves does not leave the others paused', async () => {
    const stream = live();
    const root = await fixture<MarketStreamElement>(html`<market-stream .stream=${stream} paused></market-stream>`);
    expect(stream.calls).to.deep.equal(['disconnect']);
    root.remove();
    expect(stream.calls).to.deep.equal(['disconnect', 'connect']);
  });

  it('MS12 with user-timing it tells the page’s observers of each stage, and keeps nothing', async () => {
    const seen: PerformanceEntry[] = [];
    const observer = new PerformanceObserver((list) => {
      seen.push(...list.getEntries().filter(({ name }) => name.startsWith('touchline:')));
    });
    observer.observe({ type: 'measure' });
    const root = await fixture<MarketStreamElement>(
      html`<market-stream src="demo:?seed=12" throttle="0" user-timing>
        <order-book symbol="SCOM" layout="stacked"></order-book>
      </market-stream>`,
    );
    const names = (): string[] => [...new Set(seen.map(({ name }) => name))].sort();
    await waitUntil(() => names().length === 5, 'all five stages', { timeout: 8_000 });
    expect(names()).to.deep.equal(
      ['apply', 'arrival', 'delivery', 'paint', 'total'].map((stage) => `touchline:${stage}`),
    );
    expect(performance.getEntriesByType('measure').filter(({ name }) => name.startsWith('touchline:'))).to.deep.equal(
      [],
    );
    const { detail, duration } = seen.find(({ name }) => name === 'touchline:paint') as PerformanceMeasure;
    expect(detail).to.deep.equal({ symbol: 'SCOM', src: 'demo:?seed=12' });
    expect(duration).to.be.within(0, 1_000);
    root.userTiming = false;
    await root.updateComplete;
    observer.takeRecords();
    const { length } = seen;
    const { delivered } = root.stream!.metrics();
    await waitUntil(() => root.stream!.metrics().delivered > delivered + 3);
    expect(observer.takeRecords()).to.deep.equal([]);
    expect(seen.length).to.equal(length);
    observer.disconnect();
  });
});
