import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MarketStream } from '../../../src/stream/market-stream.js';
import { createMarketStream } from '../../../src/stream/market-stream-core.js';
import { isTradable } from '../../../src/stream/verdict.js';
import { type Bench, delta, levelsOf, serveTouchline, snapshot, welcome } from '../../support/fake-server.js';
import { WORKER_PROTOCOL } from '../../../src/stream/worker/worker-messages.js';
import { FakeWorkers, makeWorkerBench } from '../../support/worker-bench.js';
import { fakeScheduler } from '../../support/fake-clock.js';

const SETTLE_MS = 300;
const nothing = (): void => {};

/** A page with a live book in a worker. */
const live = (options = {}): ReturnType<typeof makeWorkerBench> => {
  const bench = makeWorkerBench(options);
  serveTouchline(bench);
  bench.stream.subscribe(['SCOM'], nothing);
  bench.clock.pass(SETTLE_MS);
  assert.equal(bench.stream.verdict('SCOM').state, 'live');
  return bench;
};

/** Sends one delta after the other, to all of a wire's symbols. */
class Market {
  readonly #sequences = new Map<string, number>();

  constructor(readonly bench: Pick<Bench, 'wire'>) {}

  move(symbol: string, price: string, size: string): void {
    const before = this.#sequences.get(symbol) ?? 1;
    this.#sequences.set(symbol, before + 1);
    // Price and size say which message they are of, so that half of one beside half of another would be seen.
    this.bench.wire.last.push(delta(symbol, before, before + 1, [[price, size]], [['99.99', size]]));
  }
}

/** Whether a book is one that `Market` has made: the newest size stands on both sides. */
const isWhole = (stream: MarketStream, symbol: string): boolean => {
  const book = stream.book(symbol);
  if (book === undefined || book.sequence < 2) return true;
  return book.asks.sizeOf(99.99 * 10 ** book.priceScale) / 10 ** book.sizeScale === book.sequence;
};

describe('a page and its worker', () => {
  it('WK5 a page that is busy gets the last state later, and nothing queues up before it', () => {
    const bench = live();
    const { lastPort: port } = bench.workers;
    port.isPageBusy = true;
    const market = new Market(bench);
    const before = port.fromWorker.length;
    for (let i = 2; i < 502; i += 1) {
      market.move('SCOM', '17.50', String(i));
      bench.clock.pass(10);
    }
    assert.equal(port.fromWorker.length, before, 'taken in by nobody');
    port.goOn();
    assert.ok(port.fromWorker.length - before <= 1, `${port.fromWorker.length - before} ticks were waiting`);
    bench.clock.pass(50);
    assert.equal(bench.stream.book('SCOM')?.sequence, 501);
    bench.clock.pass(SETTLE_MS);
    assert.equal(bench.stream.metrics().buffered, 0);
  });

  it('WK5 arrays go round: two serve for ever', () => {
    const bench = live();
    const market = new Market(bench);
    for (let i = 2; i < 102; i += 1) {
      market.move('SCOM', '17.50', String(i));
      bench.clock.pass(100);
    }
    const { fromWorker, fromPage } = bench.workers.lastPort;
    const frames = fromWorker.filter((message) => message.kind === 'tick' && message.frame !== undefined);
    const spares = fromPage.filter((message) => message.kind === 'done' && message.spare !== undefined);
    assert.ok(frames.length > 60);
    assert.equal(spares.length, frames.length - 1, 'each but the newest came back');
  });

  it('WK5 however ticks and pauses fall, no book is ever seen half, and all end as the worker has them', () => {
    const symbols = ['SCOM', 'KCB', 'EQTY'];
    const step = fc.record({
      symbol: fc.constantFrom(...symbols),
      price: fc.integer({ min: 1_000, max: 1_020 }),
      wait: fc.constantFrom(0, 1, 5, 20, 150),
      busy: fc.constantFrom('', '', '', 'page', 'worker', 'both'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(30), (steps, delayMs) => {
        const bench = makeWorkerBench();
        bench.workers.delayMs = delayMs;
        serveTouchline(bench);
        const look = (): void => {
          for (const symbol of symbols) assert.ok(isWhole(bench.stream, symbol), `${symbol} is half of two`);
        };
        bench.stream.subscribe(symbols, look, { throttle: 0 });
        bench.clock.pass(SETTLE_MS);
        const reference = createMarketStream({
          ...{ src: 'ws://fake/', clock: bench.clock, transport: bench.wire.transport, wake: bench.wake.source },
          scheduler: fakeScheduler(bench.clock),
        });
        const inWorker = bench.wire.last;
        reference.subscribe(symbols, nothing);
        bench.clock.pass(SETTLE_MS);
        const markets = [new Market({ wire: bench.wire }), new Market({ wire: { last: inWorker } as Bench['wire'] })];
        const port = bench.workers.lastPort;
        const counts = new Map<string, number>();
        for (const { symbol, price, wait, busy } of steps) {
          if (busy === 'page' || busy === 'both') port.isPageBusy = true;
          if (busy === 'worker' || busy === 'both') port.isFrozen = true;
          const sequence = (counts.get(symbol) ?? 1) + 1;
          counts.set(symbol, sequence);
          for (const market of markets) market.move(symbol, `${price / 100}`, String(sequence));
          bench.clock.pass(wait);
          look();
          if (wait > 5) port.goOn();
        }
        port.goOn();
        bench.clock.pass(1_000);
        look();
        for (const symbol of symbols) {
          assert.deepEqual(levelsOf(bench.stream, symbol), levelsOf(reference, symbol));
          assert.equal(bench.stream.book(symbol)?.sequence, reference.book(symbol)?.sequence);
        }
        reference.dispose();
        bench.stream.dispose();
      }),
      { numRuns: 60 },
    );
  });

  it('WK6 a worker that stops looks live for no more than two seconds, by the page’s own clock', () => {
    const bench = live();
    const verdicts: string[] = [];
    bench.stream.subscribe(['SCOM'], ({ verdict }) => {
      if (verdict) verdicts.push(bench.stream.verdict('SCOM').reason);
    });
    bench.workers.lastPort.isFrozen = true;
    bench.clock.pass(2_400);
    const { state, reason } = bench.stream.verdict('SCOM');
    assert.deepEqual([state, reason, verdicts.at(-1)], ['stale', 'heartbeat_missed', 'heartbeat_missed']);
    assert.notEqual(bench.stream.book('SCOM'), undefined, 'it stays to be looked at');
    bench.workers.lastPort.goOn();
    bench.clock.pass(SETTLE_MS);
    assert.ok(isTradable(bench.stream.verdict('SCOM')));
    assert.ok(verdicts.length <= 3);
  });

  it('WK6 no timer is needed to see it: after a sleep the first look tells', () => {
    const bench = live();
    bench.clock.sleep(60_000);
    assert.equal(bench.stream.verdict('SCOM').state, 'stale');
    bench.clock.pass(SETTLE_MS);
    assert.equal(bench.workers.ports.length, 1, 'a sleep condemns no worker');
  });

  it('WK6 what waited in the page for long proves no life', () => {
    const bench = live();
    const { lastPort: port } = bench.workers;
    port.isPageBusy = true;
    bench.clock.pass(3_000);
    port.isFrozen = true;
    port.isPageBusy = false;
    port.goOn();
    port.isFrozen = true;
    assert.equal(bench.stream.verdict('SCOM').state, 'stale');
  });

  it('WK7 a worker that falls silent is ended, and another one is told everything anew', () => {
    const bench = live();
    bench.workers.lastPort.isFrozen = true;
    bench.clock.pass(9_500);
    assert.equal(bench.workers.ports.length, 1);
    bench.clock.pass(1_000);
    assert.equal(bench.workers.ports.length, 2);
    assert.equal(bench.workers.ports[0]?.isClosed, true);
    bench.clock.pass(SETTLE_MS);
    assert.ok(isTradable(bench.stream.verdict('SCOM')));
    assert.equal(bench.stream.thread?.kind, 'worker');
  });

  it('WK7 in the moment between two workers nothing looks live, and the last book stays', () => {
    const bench = live();
    const wire = bench.wire;
    wire.onConnect = undefined;
    bench.workers.fail('it died');
    const seen = new Set<string>();
    for (let i = 0; i < 100; i += 1) {
      seen.add(bench.stream.verdict('SCOM').state);
      assert.equal(bench.stream.book('SCOM')?.bids.length, 1);
      bench.clock.pass(5);
    }
    assert.deepEqual([...seen].sort(), ['disconnected']);
    serveTouchline(bench, { snapshots: false });
    wire.last.accept();
    wire.last.push(welcome());
    bench.clock.pass(SETTLE_MS);
    assert.equal(bench.stream.verdict('SCOM').state, 'resyncing');
    wire.last.push(snapshot('SCOM', 9));
    bench.clock.pass(SETTLE_MS);
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
  });

  it('WK7 with a worker that ends, its requests end, and none is repeated', async () => {
    const bench = live();
    const outcome = assert.rejects(bench.stream.request('order_place', {}), { code: 'connection_lost' });
    bench.clock.pass(10);
    bench.workers.fail('it died');
    await outcome;
    bench.clock.pass(5_000);
    const texts = bench.wire.sockets.flatMap(({ sentTexts }) => sentTexts);
    assert.equal(texts.filter((text) => text.includes('order_place')).length, 1);
  });

  it('WK8 where a worker is refused the feed runs in the page, which is told once', () => {
    const workers = new FakeWorkers();
    workers.refusal = 'policy';
    serveTouchline(workers);
    const bench = workers.page();
    const calls: string[] = [];
    bench.stream.subscribe(['SCOM'], ({ symbol }) => calls.push(symbol));
    bench.clock.pass(SETTLE_MS);
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
    assert.ok(calls.length > 0);
    assert.deepEqual(bench.stream.thread, { kind: 'page', reason: 'this page refuses workers (policy)' });
    assert.deepEqual(
      bench.errors.map(({ code }) => code),
      ['worker'],
    );
  });

  it('WK8 so it does when the worker never answers, or ends again and again', () => {
    for (const isMute of [true, false]) {
      const workers = new FakeWorkers();
      workers.isMute = isMute;
      serveTouchline(workers);
      const bench = workers.page();
      let calls = 0;
      const undo = bench.stream.subscribe(['SCOM'], () => (calls += 1));
      bench.stream.subscribe(['KCB'], nothing);
      bench.clock.pass(SETTLE_MS);
      if (!isMute) {
        for (let i = 0; i < 3; i += 1) {
          workers.fail('it died');
          bench.clock.pass(SETTLE_MS);
        }
      }
      bench.clock.pass(11_000);
      assert.equal(bench.stream.thread?.kind, 'page');
      assert.equal(bench.stream.thread?.reason, isMute ? 'the worker does not answer' : 'it died');
      assert.ok(isTradable(bench.stream.verdict('SCOM')));
      assert.equal(bench.wire.alive, 1, 'nothing of the worker is left');
      calls = 0;
      undo();
      bench.clock.pass(3_000);
      assert.equal(calls, 0);
      assert.equal(bench.stream.book('SCOM'), undefined);
      assert.ok(isTradable(bench.stream.verdict('KCB')));
      bench.stream.dispose();
      bench.clock.pass(2_000);
      assert.deepEqual([bench.wire.alive, bench.clock.size], [0, 0]);
    }
  });

  it('WK8 a script of another version is refused', () => {
    const workers = new FakeWorkers();
    serveTouchline(workers);
    const said: unknown[] = [];
    const receive = workers.makeHost().attach((message) => said.push(message));
    const hello = { src: 'ws://fake/', plain: {}, settings: {}, presence: '', session: 1, hasToken: false };
    receive({ kind: 'hello', protocol: 0, ...hello });
    assert.equal((said[0] as { kind: string }).kind, 'refused');
    receive({ kind: 'connect' });
    assert.equal((said[1] as { kind: string }).kind, 'lost');
  });

  it('WK9 a request that was long on its way to the worker is not sent', async () => {
    const bench = live();
    bench.workers.lastPort.isFrozen = true;
    const outcome = assert.rejects(bench.stream.request('order_place', {}, { timeoutMs: 60_000 }), {
      code: 'not_connected',
    });
    bench.clock.pass(1_500);
    bench.workers.lastPort.goOn();
    await new Promise((resolve) => setImmediate(resolve));
    bench.clock.pass(10);
    await outcome;
    assert.equal(bench.wire.last.sentTexts.filter((text) => text.includes('order_place')).length, 0);
  });

  it('WK9 a worker that is late is handed no request, and a sleeping one keeps nobody waiting', async () => {
    const bench = live();
    bench.workers.lastPort.isFrozen = true;
    const asleep = assert.rejects(bench.stream.request('order_place', {}, { timeoutMs: 1_000 }), { code: 'timeout' });
    bench.clock.pass(2_100);
    await asleep;
    await assert.rejects(bench.stream.request('order_place', {}), { code: 'not_connected' });
  });
});

describe('pages that share a worker', () => {
  const share = (count: number, options = {}) => {
    const workers = new FakeWorkers();
    const host = (workers.shared = workers.makeHost());
    serveTouchline(workers);
    const pages = Array.from({ length: count }, () => workers.page(options, { kind: 'shared' }));
    for (const { stream } of pages) stream.subscribe(['SCOM'], nothing);
    workers.clock.pass(SETTLE_MS);
    return { workers, host, pages, clock: workers.clock, wire: workers.wire };
  };

  it('WK10 one connection and one subscription serve all of them', () => {
    const { pages, wire } = share(3);
    assert.equal(wire.sockets.length, 1);
    assert.equal(wire.last.got('subscribe').length, 1);
    for (const { stream } of pages) {
      assert.equal(stream.verdict('SCOM').state, 'live');
      assert.equal(stream.thread?.kind, 'shared-worker');
    }
  });

  it('WK10 each has its own books, depths and calls', () => {
    const { pages, clock, wire } = share(2);
    const [first, second] = pages as [Bench, Bench];
    const levels = Array.from({ length: 20 }, (_, i): [string, string] => [`${17 - i / 10}`, '1']);
    second.stream.subscribe(['KCB'], nothing, { depth: 5 });
    clock.pass(SETTLE_MS);
    wire.last.push(snapshot('KCB', 2, levels), snapshot('SCOM', 2, levels));
    clock.pass(SETTLE_MS);
    assert.equal(first.stream.book('KCB'), undefined);
    assert.equal(second.stream.book('KCB')?.bids.length, 5);
    assert.equal(first.stream.book('SCOM')?.bids.length, 20);
  });

  it('WK10 one that leaves or is put away takes its own wishes with it, and no more', () => {
    for (const leave of [
      ({ stream }: Bench) => stream.dispose(),
      ({ stream }: Bench) => stream.disconnect(),
      ({ wake }: Bench) => wake.send('suspend'),
    ]) {
      const { pages, clock, wire, host } = share(2);
      const [first, second] = pages as [Bench, Bench];
      second.stream.subscribe(['KCB'], nothing);
      clock.pass(SETTLE_MS);
      leave(second);
      clock.pass(3_000);
      assert.deepEqual(wire.last.got('unsubscribe')[0]?.symbols, ['KCB']);
      assert.ok(isTradable(first.stream.verdict('SCOM')));
      assert.deepEqual([wire.sockets.length, host.pages], [1, 1]);
      first.stream.dispose();
      clock.pass(3_000);
      assert.equal(wire.alive, 0);
    }
  });

  it('WK10 one that crashes is found out by its lock', () => {
    const { workers, wire, clock, host } = share(2);
    workers.ports[1]!.isPageBusy = true;
    workers.crash('page 2');
    assert.equal(host.pages, 1);
    workers.crash('page 1');
    clock.pass(10);
    assert.equal(wire.alive, 0);
  });

  it('WK10 one that takes nothing in for half a minute is given up, and is served anew when it is back', () => {
    const { clock, host, wire } = share(1);
    const said: string[] = [];
    const receive = host.attach((message) => said.push(message.kind));
    const hello = { src: 'ws://fake/', plain: {}, settings: {}, presence: '', session: 1, hasToken: false } as const;
    receive({ kind: 'hello', protocol: WORKER_PROTOCOL, ...hello });
    assert.deepEqual(said, ['welcome', 'tick']);
    clock.pass(29_000);
    assert.equal(host.pages, 2);
    clock.pass(3_000);
    assert.equal(host.pages, 1);
    receive({ kind: 'done', spare: undefined });
    assert.deepEqual(said, ['welcome', 'tick', 'lost']);
    receive({ kind: 'hello', protocol: WORKER_PROTOCOL, ...hello });
    assert.deepEqual([host.pages, wire.sockets.length], [2, 1]);
  });

  it('WK10 a page that hears that it was given up says everything anew', () => {
    const { workers, clock, host, pages } = share(2);
    workers.crash('page 2');
    assert.equal(host.pages, 1);
    clock.pass(3_000);
    assert.equal(host.pages, 2);
    assert.equal(workers.ports.length, 2);
    assert.ok(isTradable(pages[1]!.stream.verdict('SCOM')));
  });

  it('WK10 hidden is the feed when all its pages are', () => {
    const { pages, clock, workers } = share(2);
    const heard = (): string[] =>
      workers.ports.flatMap(({ fromPage }) =>
        fromPage.flatMap((message) => (message.kind === 'wake' ? message.event : [])),
      );
    for (const { wake } of pages) wake.send('hidden');
    clock.pass(100);
    assert.deepEqual(heard(), ['hidden', 'hidden']);
    for (const { stream } of pages) assert.equal(stream.state, 'open');
  });

  it('WK10 where the shared worker cannot be had, one of the page’s own is taken', () => {
    const workers = new FakeWorkers();
    serveTouchline(workers);
    const none = (): never => {
      throw new TypeError('this browser has no SharedWorker');
    };
    const bench = workers.page({}, { kind: 'shared', open: (kind) => (kind === 'shared' ? none : workers.open) });
    bench.stream.subscribe(['SCOM'], nothing);
    bench.clock.pass(SETTLE_MS);
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
    assert.equal(bench.stream.thread?.kind, 'worker');
    assert.match(bench.stream.thread?.reason ?? '', /no SharedWorker/);
    assert.equal(bench.errors.length, 0);
  });
});
