import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { LitElement, type TemplateResult } from 'lit';
import '../../src/define/market-stream.js';
import { StreamController, type StreamControllerOptions } from '../../src/context/stream-controller.js';
import type { MarketStreamElement } from '../../src/elements/market-stream/market-stream.js';
import type { MarketStream } from '../../src/stream/market-stream.js';
import { pageScheduler } from '../../src/stream/frame-scheduler.js';
import { FakeStream } from '../support/fake-stream.js';

/** A page's own element with nothing but a controller, and without options: the nearest provider, no symbols. */
class PlainHost extends LitElement {
  readonly live: StreamController = new StreamController(this, this.options);
  updates = 0;

  get options(): StreamControllerOptions | undefined {
    return undefined;
  }

  protected override render(): TemplateResult {
    this.updates += 1;
    return html`${this.live.marketData.map(({ symbol, price }) => `${symbol} ${price} `)}`;
  }

  get text(): string {
    return this.renderRoot.textContent?.trim() ?? '';
  }
}
customElements.define('plain-host', PlainHost);

/** One that shows symbols. */
class SymbolsHost extends PlainHost {
  symbols: readonly string[] = ['SCOM', 'KCB'];

  override get options(): StreamControllerOptions {
    return { symbols: () => this.symbols };
  }
}
customElements.define('symbols-host', SymbolsHost);

/** One with a feed of its own. */
class OwnFeedHost extends PlainHost {
  override get options(): StreamControllerOptions {
    return { source: () => ({ options: { src: 'demo:?seed=11' } }), symbols: () => ['SCOM'] };
  }
}
customElements.define('own-feed-host', OwnFeedHost);

/** One that chooses what its picture depends on, and reads in `willUpdate`. */
class ChoosyHost extends PlainHost {
  asked = 0;
  streamInWillUpdate: MarketStream | undefined;

  override get options(): StreamControllerOptions {
    return {
      symbols: () => {
        this.asked += 1;
        return ['SCOM'];
      },
      select: (stream) => [stream.ticker('SCOM')?.price],
    };
  }

  protected override willUpdate(): void {
    this.live.refresh();
    this.streamInWillUpdate = this.live.stream;
  }
}
customElements.define('choosy-host', ChoosyHost);

function live(): FakeStream {
  const stream = new FakeStream();
  stream.pushTicker('SCOM', { price: '17.55' });
  stream.pushTicker('KCB', { price: '40.10' });
  stream.pushTicker('EQTY', { price: '48.00' });
  stream.pushBook('SCOM', [['17.50', '100']], [['17.55', '100']]);
  stream.pushBook('EQTY', [['47.95', '100']], [['48.05', '100']]);
  return stream;
}

async function mount<Host extends PlainHost>(stream: FakeStream | undefined, tag: string): Promise<Host> {
  const root = await fixture<MarketStreamElement>(html`<market-stream .stream=${stream}></market-stream>`);
  const host = document.createElement(tag) as Host;
  root.append(host);
  await host.updateComplete;
  return host;
}

describe('StreamController', () => {
  it('SC1 gives a host without a line of its own the rows of its symbols, and paints each new one', async () => {
    const stream = live();
    const host = await mount<SymbolsHost>(stream, 'symbols-host');
    expect(host.text).to.equal('SCOM 17.55 KCB 40.10');
    stream.pushTicker('SCOM', { price: '17.60' });
    await host.updateComplete;
    expect(host.text).to.equal('SCOM 17.60 KCB 40.10');
    host.symbols = ['EQTY'];
    host.requestUpdate();
    await host.updateComplete;
    expect(host.text).to.equal('EQTY 48.00');
    expect(stream.subscribed).to.deep.equal(['EQTY']);
  });

  it('SC2 without options it finds the nearest provider and wants what it is told to', async () => {
    const stream = live();
    const host = await mount(stream, 'plain-host');
    expect(host.live.stream).to.equal(stream);
    expect(stream.subscribed).to.deep.equal([]);
    host.live.subscribe(['SCOM', 'EQTY']);
    await host.updateComplete;
    expect(host.text).to.equal('SCOM 17.55 EQTY 48.00');
    expect(stream.subscribed).to.deep.equal(['SCOM+EQTY']);
  });

  it('SC3 subscribe and unsubscribe win over the options, and stay when those change', async () => {
    const stream = live();
    const host = await mount<SymbolsHost>(stream, 'symbols-host');
    host.live.unsubscribe(['SCOM']);
    host.live.subscribe(['EQTY', 'KCB']);
    await host.updateComplete;
    expect(stream.subscribed).to.deep.equal(['KCB+EQTY']);
    host.symbols = ['SCOM', 'NCBA'];
    host.requestUpdate();
    await host.updateComplete;
    expect(stream.subscribed).to.deep.equal(['NCBA+EQTY+KCB']);
    host.live.subscribe(['SCOM']);
    host.live.unsubscribe(['NCBA', 'EQTY', 'KCB']);
    await host.updateComplete;
    expect(stream.subscribed).to.deep.equal(['SCOM']);
    host.live.unsubscribe(['SCOM']);
    await host.updateComplete;
    expect(stream.subscribed).to.deep.equal([]);
    expect(host.live.marketData).to.deep.equal([]);
  });

  it('SC4 marketData and orderBooks are of its own symbols only; getMarketData is any row', async () => {
    const stream = live();
    const host = await mount<SymbolsHost>(stream, 'symbols-host');
    expect(host.live.marketData.map(({ symbol }) => symbol)).to.deep.equal(['SCOM', 'KCB']);
    expect(host.live.orderBooks).to.deep.equal([stream.book('SCOM')]);
    expect(host.live.getMarketData('SCOM')?.price).to.equal('17.55');
    expect(host.live.getMarketData('NCBA')).to.equal(undefined);
  });

  it('SC5 says how the connection is and what came over it', async () => {
    const stream = live();
    stream.metricsNow = { ...stream.metricsNow, dataRate: 1048, messageCount: 52_000 };
    const host = await mount<SymbolsHost>(stream, 'symbols-host');
    const { isConnected, dataRate, messageCount, activeSymbolCount } = host.live;
    expect([isConnected, dataRate, messageCount, activeSymbolCount]).to.deep.equal([true, 1048, 52_000, 2]);
    stream.setStatus({ state: 'reconnecting', attempt: 1 });
    expect(host.live.isConnected).to.equal(false);
  });

  it('SC6 without a stream there is nothing, and nothing throws', async () => {
    const host = await mount<SymbolsHost>(undefined, 'symbols-host');
    const { isConnected, dataRate, messageCount, activeSymbolCount, marketData, orderBooks } = host.live;
    expect([isConnected, dataRate, messageCount, activeSymbolCount]).to.deep.equal([false, 0, 0, 0]);
    expect([marketData, orderBooks]).to.deep.equal([[], []]);
    expect(host.live.getMarketData('SCOM')).to.equal(undefined);
    host.live.subscribe(['EQTY']);
    await host.updateComplete;
    const stream = live();
    (host.parentElement as MarketStreamElement).stream = stream;
    await (host.parentElement as MarketStreamElement).updateComplete;
    await host.updateComplete;
    expect(stream.subscribed, 'a stream that comes late').to.deep.equal(['SCOM+KCB+EQTY']);
  });

  it('SC7 gives everything back on disconnect and takes it anew on reconnect, whatever was asked meanwhile', async () => {
    const stream = live();
    const host = await mount<SymbolsHost>(stream, 'symbols-host');
    const root = host.parentElement!;
    const before = stream.listenerCount;
    host.live.subscribe(['EQTY']);
    await host.updateComplete;
    for (let i = 0; i < 3; i += 1) {
      host.remove();
      expect(stream.subscribed).to.deep.equal([]);
      expect([host.live.activeSymbolCount, host.live.marketData]).to.deep.equal([0, []]);
      host.live.unsubscribe(['KCB']);
      await host.updateComplete;
      expect(stream.subscribed).to.deep.equal([]);
      root.append(host);
      await host.updateComplete;
      expect(stream.subscribed).to.deep.equal(['SCOM+EQTY']);
      expect(stream.listenerCount).to.equal(before);
    }
    expect(host.text).to.equal('SCOM 17.55 EQTY 48.00');
  });

  it('SC8 updates when the row, book or verdict of a symbol of its own changes, or the connection does', async () => {
    const stream = live();
    const host = await mount<SymbolsHost>(stream, 'symbols-host');
    for (const change of [
      () => stream.pushTicker('KCB', { price: '40.20' }),
      () => stream.pushBook('SCOM', [['17.45', '1']], []),
      () => stream.setVerdict('SCOM', { state: 'stale', reason: 'feed_silent' }),
      () => stream.setStatus({ state: 'reconnecting' }),
      // What is counted.
      () => stream.pass(1000),
    ]) {
      const before = host.updates;
      change();
      await host.updateComplete;
      expect(host.updates, String(change)).to.equal(before + 1);
    }
  });

  it('SC8 updates for nothing else', async () => {
    const stream = live();
    const host = await mount<SymbolsHost>(stream, 'symbols-host');
    const before = host.updates;
    for (let i = 0; i < 200; i += 1) stream.pushTicker('EQTY', { price: `48.${i}` });
    stream.pass(250);
    stream.pass(250);
    await host.updateComplete;
    expect(host.updates).to.equal(before);
  });

  it('SC9 a host may say itself what its picture depends on', async () => {
    const stream = live();
    const host = await mount<ChoosyHost>(stream, 'choosy-host');
    const before = host.updates;
    stream.pushBook('SCOM', [['17.45', '1']], []);
    stream.pushTicker('SCOM', { price: '17.55' });
    stream.pass(5000);
    await host.updateComplete;
    expect(host.updates).to.equal(before);
    stream.pushTicker('SCOM', { price: '17.60' });
    await host.updateComplete;
    expect(host.updates).to.equal(before + 1);
  });

  it('SC10 a host that reads in willUpdate finds the stream there; its wishes are asked for once an update', async () => {
    const stream = live();
    const host = await mount<ChoosyHost>(stream, 'choosy-host');
    expect(host.streamInWillUpdate).to.equal(stream);
    const before = host.asked;
    for (let i = 1; i <= 3; i += 1) {
      host.requestUpdate();
      await host.updateComplete;
      expect(host.asked).to.equal(before + i);
    }
  });

  it('SC11 a host may have a feed of its own, which closes when the host leaves', async () => {
    const host = await fixture<OwnFeedHost>(html`<own-feed-host></own-feed-host>`);
    await waitUntil(() => host.text.startsWith('SCOM'), 'a row', { timeout: 5000 });
    const stream = host.live.stream!;
    expect(stream.src).to.equal('demo:?seed=11');
    await waitUntil(() => host.live.orderBooks.length === 1, 'a book', { timeout: 5000 });
    host.remove();
    expect(host.live.stream).to.equal(undefined);
    await waitUntil(() => stream.state === 'closed', 'closed', { timeout: 5000 });
  });

  it('SC12 a text in place of a list is told to the programmer', async () => {
    const host = await mount(live(), 'plain-host');
    for (const wrong of ['SCOM', undefined, { 0: 'SCOM' }]) {
      expect(() => host.live.subscribe(wrong as unknown as string[])).to.throw(TypeError);
      expect(() => host.live.unsubscribe(wrong as unknown as string[])).to.throw(TypeError);
    }
  });

  describe('on the screen', () => {
    const frame = (): Promise<unknown> => new Promise((resolve) => pageScheduler.request(resolve));
    const mount = async (stream: FakeStream): Promise<SymbolsHost> => {
      const provider = await fixture<MarketStreamElement>(
        html`<market-stream .stream=${stream}><symbols-host></symbols-host></market-stream>`,
      );
      const host = provider.querySelector<SymbolsHost>('symbols-host')!;
      host.style.display = 'block';
      await host.updateComplete;
      return host;
    };

    it('SC13 says which symbols are painted, on the frame after the host has updated, once', async () => {
      const stream = new FakeStream();
      const host = await mount(stream);
      stream.pushTicker('SCOM', { price: '1' });
      stream.pushTicker('SCOM', { price: '2' });
      stream.pushTicker('STRANGER', { price: '1' });
      await host.updateComplete;
      expect(stream.paintedSymbols).to.deep.equal([]);
      await frame();
      expect(stream.paintedSymbols).to.deep.equal(['SCOM']);
      await frame();
      expect(stream.paintedSymbols).to.deep.equal(['SCOM']);
    });

    it('SC13 of a host that has not updated yet it says so when it has', async () => {
      const stream = new FakeStream();
      const host = await mount(stream);
      let go: () => void = () => {};
      const gate = new Promise<void>((resolve) => (go = resolve));
      const schedule = Reflect.get(host, 'scheduleUpdate') as () => void;
      Reflect.set(host, 'scheduleUpdate', async () => {
        await gate;
        schedule.call(host);
      });
      stream.pushTicker('SCOM', { price: '1' });
      await frame();
      await frame();
      expect(stream.paintedSymbols).to.deep.equal([]);
      go();
      await host.updateComplete;
      await frame();
      expect(stream.paintedSymbols).to.deep.equal(['SCOM']);
    });

    it('SC13 what changed nothing that is shown, and what a host without a place shows, is not painted', async () => {
      const stream = new FakeStream();
      const host = await mount(stream);
      host.style.display = 'none';
      stream.pushTicker('SCOM', { price: '1' });
      await host.updateComplete;
      await frame();
      host.style.display = 'block';
      host.requestUpdate();
      await host.updateComplete;
      await frame();
      expect(stream.paintedSymbols).to.deep.equal([]);
      stream.pushTicker('KCB', { price: '1' });
      host.remove();
      await frame();
      expect(stream.paintedSymbols).to.deep.equal([]);
    });
  });
});
