/** Real workers in a real browser, with the built files: a strict page, a page that refuses workers, tabs that share one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromeFlags, chromePath } from '../../tools/browsers.mjs';
import { root } from '../../tools/run.mjs';
import { spawnExchange } from '../../tools/test/exchange.mjs';
import { serveFolder } from '../../tools/test/serve-folder.mjs';
import { STRICT_POLICY } from '../../tools/test/strict-pages.mjs';

/** What the page's script is given to work with. */
interface Kit {
  readonly createWorkerStream: (options: object) => Handle;
  readonly createMarketStream: (options: object) => Handle;
}
interface Handle {
  readonly state: string;
  readonly thread?: { readonly kind: string; readonly reason: string };
  subscribe(symbols: readonly string[], listener: () => void, options?: object): () => void;
  verdict(symbol: string): { readonly state: string; readonly reason: string };
  book(symbol: string): BookLike | undefined;
  record(): Promise<string>;
  dispose(): void;
}
interface BookLike {
  readonly sequence: number;
  readonly epoch: string;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly bids: SideLike;
  readonly asks: SideLike;
}
interface SideLike {
  readonly length: number;
  priceAt(i: number): number;
  sizeAt(i: number): number;
}
/** Frames as they would be recorded from Binance: one a tenth of a second, beginning with the snapshot. */
const venueRecording = (updates: number): string => {
  const frame = (at: number, body: object): string =>
    `${((1_700_000_000 + at) * 1e9).toFixed(0)} ${JSON.stringify(body)}`;
  const snapshot = { lastUpdateId: 10, bids: [['100.00', '1.000']], asks: [['100.50', '3.000']] };
  const deltas = Array.from({ length: updates }, (_, i) =>
    frame((i + 1) / 10, {
      ...{ e: 'depthUpdate', E: (1_700_000_001 + i) * 1_000, s: 'BTCUSDT', U: 11 + i, u: 11 + i },
      ...{ b: [[`${97 - i}.00`, '1.000']], a: [] },
    }),
  );
  return [frame(0, snapshot), ...deltas].join('\n');
};

type World = Window & { health: string[]; streams: Record<string, Handle> };

const WORKER_POLICY = STRICT_POLICY.replace('trusted-types ', 'trusted-types touchline#worker ');

describe('a feed in a real worker', () => {
  let browser: Browser;
  let context: BrowserContext;
  let site: Awaited<ReturnType<typeof serveFolder>>;
  let exchange: Awaited<ReturnType<typeof spawnExchange>>;

  before(async () => {
    const executablePath = chromePath();
    assert.ok(executablePath, 'no Chromium; set CHROME_PATH');
    const serve = async (path: string, query: URLSearchParams) => {
      const files = query.get('files')?.split(',') ?? [];
      const scripts = files.map((file) => `<script type="module" src="/dist/cdn/${file}.js"></script>`).join('');
      const body = `<!doctype html><title>Worker</title><script src="/test/pages/health.js"></script>${scripts}
        <body>${query.get('body') ?? ''}</body>`;
      const policy = query.get('policy');
      const headers = { 'content-type': 'text/html', ...(policy !== null && { 'content-security-policy': policy }) };
      return path === '/page' ? { body, headers } : undefined;
    };
    [browser, exchange, site] = await Promise.all([
      chromium.launch({ executablePath, args: chromeFlags }),
      spawnExchange({ symbols: 4 }),
      serveFolder(root, serve),
    ]);
  });
  after(async () => {
    await Promise.all([browser?.close(), exchange?.end('SIGKILL'), site?.close()]);
  });

  /** A page of a context of its own, unless it joins the last one: shared workers live in a context. */
  async function open(query: Record<string, string> = {}, fresh = true): Promise<Page> {
    if (fresh) context = await browser.newContext();
    const page = await context.newPage();
    // The loader of these tests names functions by a helper that a page has not.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.goto(`${site.address}/page?${new URLSearchParams(query)}`);
    return page;
  }

  /** Makes a stream in the page, by name, and waits until it is live. */
  async function follow(page: Page, name: string, options: object, symbols = ['SCOM']): Promise<void> {
    await page.evaluate(
      async ([key, given, names]) => {
        const world = window as unknown as World;
        world.streams ??= {};
        const kit = (await import(
          (given as { from: string }).from === 'page' ? '/dist/cdn/touchline.js' : '/dist/cdn/touchline-worker.js'
        )) as Kit;
        const make = (given as { from: string }).from === 'page' ? kit.createMarketStream : kit.createWorkerStream;
        const stream = make(given as object);
        world.streams[key as string] = stream;
        stream.subscribe(names as string[], () => {});
      },
      [name, options, symbols] as const,
    );
    await until(page, name, 'live');
  }

  const read = (page: Page, name: string) =>
    page.evaluate((key) => {
      const stream = (window as unknown as World).streams[key]!;
      const { state, reason } = stream.verdict('SCOM');
      return { state, reason, thread: stream.thread, levels: stream.book('SCOM')?.bids.length ?? 0 };
    }, name);

  async function until(page: Page, name: string, state: string): Promise<void> {
    let last;
    for (let tries = 0; tries < 400; tries++) {
      last = await read(page, name);
      if (last.state === state) return;
      await page.waitForTimeout(25);
    }
    throw new Error(`not ${state} after 10 s: ${JSON.stringify(last)}`);
  }
  const health = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as World).health);
  const connections = async (): Promise<number> => {
    const answer = await fetch(`${exchange.url.replace(/^ws/, 'http').replace(/\/ws.*$/, '')}/health`);
    return ((await answer.json()) as { connections: number }).connections;
  };

  it('WK20 has the same books as one in the page, and a strict page finds no fault with it', async () => {
    const page = await open({ policy: WORKER_POLICY });
    await follow(page, 'worker', { from: 'worker', src: exchange.url });
    await follow(page, 'page', { from: 'page', src: exchange.url });
    assert.deepEqual((await read(page, 'worker')).thread, { kind: 'worker', reason: '' });
    assert.equal(page.workers().length, 1);
    // Both change all the time: they are compared where they stand at the same message.
    const compared = await page.evaluate(async () => {
      const { streams } = window as unknown as World;
      const levels = (book: BookLike): string =>
        [book.bids, book.asks]
          .map((side) =>
            Array.from({ length: Math.min(25, side.length) }, (_, i) =>
              [side.priceAt(i) / 10 ** book.priceScale, side.sizeAt(i) / 10 ** book.sizeScale].join(),
            ).join(' '),
          )
          .join(' | ');
      const seen = new Map<string, string>();
      let same = 0;
      for (let tries = 0; tries < 1_000 && same < 20; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        for (const name of ['page', 'worker']) {
          const book = streams[name]!.book('SCOM')!;
          const place = `${book.epoch} ${book.sequence}`;
          const now = levels(book);
          const other = seen.get(place);
          if (other !== undefined && other !== `${name} ${now}` && other.split(' ')[0] !== name) {
            if (other.slice(other.indexOf(' ') + 1) !== now) return `differs at ${place}: ${other} / ${name} ${now}`;
            same += 1;
          }
          seen.set(place, `${name} ${now}`);
        }
      }
      return same;
    });
    assert.ok(Number(compared) >= 20, String(compared));
    assert.deepEqual(await health(page), []);
    await context.close();
  });

  it('WK21 where the policy allows no worker the feed runs in the page, which says why once', async () => {
    for (const policy of [`${STRICT_POLICY}; worker-src 'none'`, STRICT_POLICY]) {
      const page = await open({ policy });
      await follow(page, 'worker', { from: 'worker', src: exchange.url });
      const { thread, levels } = await read(page, 'worker');
      assert.equal(thread?.kind, 'page');
      assert.ok(levels > 0);
      const said = (await health(page)).filter((text) => text.startsWith('console'));
      assert.equal(said.length, 1, said.join('; '));
      assert.match(said[0] ?? '', /The feed runs in the page and not in a worker/);
      await context.close();
    }
  });

  it('WK21 so it does when the script is on another origin, or not there', async () => {
    for (const workerUrl of ['https://cdn.example/touchline-worker.js', '/nowhere/worker.js']) {
      const page = await open();
      await follow(page, 'worker', { from: 'worker', src: exchange.url, workerUrl });
      assert.equal((await read(page, 'worker')).thread?.kind, 'page');
      await context.close();
    }
  });

  it('WK22 a worker that ends is followed by another, and nothing looks live in between', async () => {
    const page = await open();
    await follow(page, 'worker', { from: 'worker', src: exchange.url });
    const [worker] = page.workers();
    await worker!.evaluate(() => (globalThis as unknown as { close(): void }).close());
    await until(page, 'worker', 'stale');
    assert.equal((await read(page, 'worker')).reason, 'heartbeat_missed');
    for (let tries = 0; tries < 700 && (await read(page, 'worker')).state !== 'live'; tries++) {
      await page.waitForTimeout(25);
    }
    assert.deepEqual(await read(page, 'worker').then(({ state, thread }) => [state, thread?.kind]), ['live', 'worker']);
    await context.close();
  });

  it('WK23 two tabs share one connection, and the one that stays keeps it', async () => {
    const before = await connections();
    const options = { from: 'worker', src: exchange.url, worker: 'shared' };
    const first = await open();
    await follow(first, 'worker', options);
    const second = await open({}, false);
    await follow(second, 'worker', options);
    assert.deepEqual((await read(second, 'worker')).thread, { kind: 'shared-worker', reason: '' });
    assert.equal((await connections()) - before, 1);
    await first.close();
    await second.waitForTimeout(500);
    assert.equal((await read(second, 'worker')).state, 'live');
    assert.equal((await connections()) - before, 1);
    await context.close();
    for (let tries = 0; tries < 100 && (await connections()) > before; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal((await connections()) - before, 0);
  });

  it('WK24 <market-stream worker> is in a worker where its file is there, and says once that it is not', async () => {
    const body = `<market-stream worker src="${exchange.url}"><order-book symbol="SCOM"></order-book></market-stream>`;
    for (const [files, kind] of [
      ['touchline-worker,touchline', 'worker'],
      ['touchline', 'page'],
    ] as const) {
      const page = await open({ body, files });
      let isLive = false;
      for (let tries = 0; tries < 400 && !isLive; tries++) {
        await page.waitForTimeout(25);
        isLive = await page.evaluate(() => document.querySelector('order-book')?.matches(':state(live)') ?? false);
      }
      assert.ok(isLive, (await health(page)).join('; '));
      const thread = await page.evaluate(
        () => (document.querySelector('market-stream') as unknown as { stream: Handle }).stream.thread,
      );
      assert.equal(thread?.kind, kind);
      const said = (await health(page)).filter((text) => !text.startsWith('layout shift'));
      assert.equal(said.length, kind === 'page' ? 1 : 0, said.join('; '));
      await context.close();
    }
  });

  it('WK25 demo: works in a worker', async () => {
    const page = await open();
    await follow(page, 'demo', { from: 'worker', src: 'demo:?seed=3' });
    assert.equal((await read(page, 'demo')).thread?.kind, 'worker');
    await context.close();
  });

  it('WK26 a worker hands its recording over, and plays one, of our own protocol as of an exchange', async () => {
    const page = await open();
    await follow(page, 'live', { from: 'worker', src: exchange.url });
    await page.waitForTimeout(500);
    const own = await page.evaluate(async () => {
      const text = await (window as unknown as World).streams['live']!.record();
      return { address: URL.createObjectURL(new Blob([text])), frames: text.split('\n').length };
    });
    assert.ok(own.frames > 10);
    const venue = `data:text/plain,${encodeURIComponent(venueRecording(5))}`;
    for (const options of [{ src: `replay:${own.address}` }, { src: `replay:${venue}`, venue: 'binance' }]) {
      const symbol = 'venue' in options ? 'BTCUSDT' : 'SCOM';
      const played = await page.evaluate(
        async ([given, name]) => {
          const kit = (await import('/dist/cdn/touchline-worker.js' as string)) as Kit;
          const stream = kit.createWorkerStream({ ...(given as object), onError: () => {} });
          stream.subscribe([name as string], () => {});
          const levels = (): number => stream.book(name as string)?.bids.length ?? 0;
          for (let tries = 0; tries < 400 && levels() === 0; tries++) await new Promise((next) => setTimeout(next, 25));
          return { levels: levels(), thread: stream.thread?.kind };
        },
        [options, symbol] as const,
      );
      assert.equal(played.thread, 'worker');
      assert.ok(played.levels > 0, symbol);
    }
    await context.close();
  });
});
