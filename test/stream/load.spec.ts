import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createFrameScheduler } from '../../src/stream/frame-scheduler.js';
import { Load, type FrameLoad } from '../../src/stream/load.js';
import { type Bench, delta, makeBench, row, serveGuide, serveTouchline, snapshot } from '../support/fake-server.js';
import { FakeClock } from '../support/fake-clock.js';
import { serverSamples } from '../support/wire-samples.js';

const QUIET: FrameLoad = { lateMs: 16, spentMs: 1, isCutShort: false, overdueMs: 0 };

/** A guide's feed whose rows change with every push. */
const makeFeed = (symbols: readonly string[], options = {}) => {
  const bench = makeBench(options);
  serveGuide(bench);
  bench.stream.connect();
  let price = 0;
  const push = (): void => {
    for (const symbol of symbols) bench.wire.last.push(row(symbol, (price += 1), bench.clock.now()));
  };
  return { ...bench, push };
};

/** A bench of protocol 1 with one symbol that changes ten times a second, and a listener that takes so long. */
const makeHeavy = (takesMs: number, options: Readonly<Record<string, unknown>> = {}) => {
  const bench = makeBench();
  serveTouchline(bench);
  let takes = takesMs;
  bench.stream.subscribe(['SCOM'], () => bench.clock.sleep(takes), options);
  bench.clock.pass(100);
  let sequence = 1;
  return {
    ...bench,
    takes: (ms: number) => (takes = ms),
    run(ms: number): void {
      for (const end = bench.clock.now() + ms; bench.clock.now() < end; sequence += 1) {
        bench.wire.last.push(delta('SCOM', sequence, sequence + 1, [['17.50', String(100 + (sequence % 50))]]));
        bench.clock.pass(100);
      }
    },
  };
};
const ratesOf = ({ wire }: Bench): (number | undefined)[] =>
  wire.last.got('subscribe').map(({ maxRateHz }) => maxRateHz);

describe('what the server is asked for', () => {
  it('SB33 the rate follows the fastest listener of the connection, and slows nobody down', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    bench.clock.pass(500);
    const fast = bench.stream.subscribe(['SCOM'], () => {}, { throttle: 20 });
    bench.stream.subscribe(['SCOM', 'KCB'], () => {}, { throttle: 500 });
    bench.clock.pass(500);
    assert.deepEqual(ratesOf(bench), [50]);
    fast();
    bench.clock.pass(2_000);
    assert.deepEqual(ratesOf(bench), [50, 2]);
    assert.deepEqual(bench.wire.last.got('subscribe')[1]?.channels, ['ticker'], 'no book begins anew');
    bench.stream.subscribe(['EQTY'], () => {});
    bench.clock.pass(500);
    assert.equal(ratesOf(bench).at(-1), 10);
    bench.stream.configure({ throttle: 250 });
    bench.clock.pass(500);
    assert.equal(ratesOf(bench).at(-1), 4);
    bench.stream.configure({ throttle: 60_000 });
    bench.clock.pass(500);
    assert.equal(ratesOf(bench).at(-1), 2);
  });

  it('SB33 a new link is told the rate once, and one that has the usual rate is not told', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM', 'KCB'], () => {}, { throttle: 20 });
    bench.clock.pass(500);
    bench.wire.last.drop();
    bench.clock.pass(5_000);
    assert.deepEqual(ratesOf(bench), [50]);
    const usual = makeBench();
    serveTouchline(usual);
    usual.stream.subscribe(['SCOM'], () => {});
    usual.clock.pass(5_000);
    assert.deepEqual(ratesOf(usual), [undefined]);
  });

  it('SB34 listeners of one symbol who ask for different throttles each get theirs', () => {
    const feed = makeFeed(['SCOM']);
    const calls = new Map<number, number>();
    for (const throttle of [0, 50, 100, 400]) {
      feed.stream.subscribe(['SCOM'], () => calls.set(throttle, (calls.get(throttle) ?? 0) + 1), { throttle });
    }
    feed.push();
    feed.clock.pass(1_000);
    calls.clear();
    for (let i = 0; i < 1_000; i += 1) {
      feed.push();
      feed.clock.pass(10);
    }
    const [every = 0, fifty = 0, hundred = 0, slow = 0] = [0, 50, 100, 400].map((throttle) => calls.get(throttle));
    assert.ok(every >= 480 && every <= 630, `${every} of every frame`);
    assert.ok(fifty >= 140 && fifty <= 201, `${fifty} of 50 ms`);
    assert.ok(hundred >= 80 && hundred <= 101, `${hundred} of 100 ms`);
    assert.ok(slow >= 23 && slow <= 26, `${slow} of 400 ms`);
  });
});

describe('nobody starves', () => {
  it('SB35 whatever the priorities, throttles, limits and listeners, everybody is told within two seconds while a round fits into half a second', () => {
    const load = fc.record({
      symbols: fc.integer({ min: 1, max: 60 }),
      priorities: fc.array(fc.integer({ min: -3, max: 10 }), { minLength: 1, maxLength: 5 }),
      throttles: fc.array(fc.constantFrom(0, 100, 300), { minLength: 1, maxLength: 4 }),
      takes: fc.array(fc.constantFrom(0, 1, 5, 20, 200), { minLength: 1, maxLength: 6 }),
      rateLimit: fc.constantFrom(1, 20, 200, 1_000),
      every: fc.constantFrom(20, 100, 700),
    });
    let worst = 0;
    fc.assert(
      fc.property(load, ({ symbols: count, priorities, throttles, takes, rateLimit, every }) => {
        const at = <T>(of: readonly T[], i: number): T => of[i % of.length]!;
        let round = 0;
        const symbols = Array.from({ length: count }, (_, i) => `S${i}`).filter(
          (_, i) => (round += at(takes, i)) <= 500,
        );
        if (symbols.length === 0) return;
        const feed = makeFeed(symbols, { rateLimit });
        const dirtyAt = new Map<string, number>();
        let longest = 0;
        for (const [i, symbol] of symbols.entries()) {
          const listen = (): void => {
            longest = Math.max(longest, feed.clock.now() - (dirtyAt.get(symbol) ?? Infinity));
            dirtyAt.delete(symbol);
            feed.clock.sleep(at(takes, i));
          };
          feed.stream.subscribe([symbol], listen, { priority: at(priorities, i), throttle: at(throttles, i) });
        }
        feed.clock.pass(3_000);
        const start = feed.clock.now();
        for (let isKnown = false; feed.clock.now() < start + 15_000;) {
          // How long a listener takes is not known before it has been called.
          if (!isKnown && feed.clock.now() >= start + 3_000) [isKnown, longest] = [true, 0];
          for (const symbol of symbols) if (!dirtyAt.has(symbol)) dirtyAt.set(symbol, feed.clock.now());
          feed.push();
          feed.clock.pass(every);
        }
        for (const since of dirtyAt.values()) longest = Math.max(longest, feed.clock.now() - since);
        worst = Math.max(worst, longest);
        // A frame and one listener's call may be under way when it falls due.
        assert.ok(longest <= 2_000, `somebody waited ${longest} ms`);
      }),
      { numRuns: 60 },
    );
    assert.ok(worst > 100, `${worst} ms: nothing was tried`);
  });

  it('SB35 the important stay quick while others take all the time there is', () => {
    const names = Array.from({ length: 100 }, (_, i) => `S${i}`);
    const feed = makeFeed([...names, 'TOP']);
    const waits: number[] = [];
    let dirtyAt = Number.NaN;
    feed.stream.subscribe(names, () => feed.clock.sleep(8));
    feed.stream.subscribe(['TOP'], () => waits.push(feed.clock.now() - dirtyAt), { priority: 10, throttle: 0 });
    feed.clock.pass(3_000);
    waits.length = 0;
    for (let i = 0; i < 100; i += 1) {
      dirtyAt = feed.clock.now();
      feed.push();
      feed.clock.pass(100);
    }
    const p99 = waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Infinity;
    assert.ok(waits.length >= 40 && p99 <= 100, `p99 is ${p99} ms of ${waits.length}`);
  });

  it('SB36 a listener that takes 200 ms, one that throws and one that ends the next harm nobody, and nothing piles up', () => {
    const symbols = Array.from({ length: 20 }, (_, i) => `S${i}`);
    const feed = makeFeed(symbols);
    let slow = 0;
    let good = 0;
    let ended = 0;
    feed.stream.subscribe(['S0'], () => {
      slow += 1;
      feed.clock.sleep(200);
    });
    feed.stream.subscribe(['S1'], () => {
      throw new Error('mine');
    });
    const end = feed.stream.subscribe(symbols, () => (ended += 1));
    feed.stream.subscribe(['S2'], () => end(), { priority: 5 });
    const seen = new Map<string, string | undefined>();
    feed.stream.subscribe(symbols, ({ symbol }) => {
      good += 1;
      seen.set(symbol, feed.stream.ticker(symbol)?.price);
    });
    for (let i = 0; i < 100; i += 1) {
      feed.push();
      feed.clock.pass(100);
      assert.ok(feed.stream.metrics().buffered <= symbols.length);
    }
    feed.clock.pass(3_000);
    assert.equal(ended, 0);
    assert.ok(slow >= 10 && good >= 10 * symbols.length, `${slow} slow calls, ${good} good ones`);
    for (const symbol of symbols) assert.equal(seen.get(symbol), feed.stream.ticker(symbol)?.price);
    assert.equal(feed.errors.length, 1);
  });
});

describe('a page that cannot keep up', () => {
  it('DG1 is told less often, step by step up to once a second, says so, and recovers in calm', () => {
    const heavy = makeHeavy(150);
    const seen: string[] = [];
    heavy.stream.observe(() => {
      const { mode } = heavy.stream.metrics();
      if (seen.at(-1) !== mode) seen.push(mode);
      assert.equal(heavy.stream.throttled, mode !== 'full');
    });
    assert.equal(heavy.stream.throttled, false);
    heavy.run(10_000);
    assert.equal(heavy.stream.metrics().mode, 'slower');
    heavy.takes(0);
    heavy.run(60_000);
    assert.equal(heavy.stream.metrics().mode, 'full');
    assert.deepEqual(seen, ['full', 'slower', 'full']);
  });

  it('DG2 asks the server for fewer flushes too, and for as many as before when it is well', () => {
    const heavy = makeHeavy(150);
    heavy.run(10_000);
    const slowed = ratesOf(heavy).at(-1) ?? Infinity;
    assert.ok(slowed < 10, `${slowed} a second`);
    heavy.takes(0);
    heavy.run(60_000);
    assert.equal(ratesOf(heavy).at(-1), 10);
  });

  it('DG3 at the last step asks for what is on show only, at least ten levels, and says where the book ends', () => {
    const bench = makeBench();
    serveTouchline(bench, { snapshots: false });
    let takes = 400;
    const spend = (): void => bench.clock.sleep(takes);
    const symbols = ['SCOM', 'KCB', 'EQTY', 'ABSA'];
    bench.stream.subscribe(symbols, spend, { depth: 50, leastDepth: 5 });
    bench.stream.subscribe(['KCB'], () => {}, { depth: 20 });
    bench.clock.pass(100);
    const levels = (count: number, side: number) =>
      Array.from({ length: count }, (_, i) => [String(100 + side * (i + 1)), '1'] as const);
    const feed = (depth: (symbol: string) => number, ms: number, seq: number): number => {
      for (const end = bench.clock.now() + ms; bench.clock.now() < end; seq += 1) {
        for (const symbol of symbols) {
          bench.wire.last.push(
            snapshot(symbol, seq, levels(depth(symbol), -1), levels(depth(symbol), 1), { depth: depth(symbol) }),
          );
        }
        bench.clock.pass(100);
      }
      return seq;
    };
    const next = feed(() => 50, 15_000, 1);
    assert.equal(bench.stream.metrics().mode, 'shallower');
    const asked = new Map<string, number>();
    for (const { symbols: names, channels, depth = 0 } of bench.wire.last.got('subscribe')) {
      if (channels?.includes('book') === true) for (const name of names) asked.set(name, depth);
    }
    assert.deepEqual(
      [...asked],
      [
        ['SCOM', 10],
        ['KCB', 20],
        ['EQTY', 10],
        ['ABSA', 10],
      ],
    );
    const then = feed((symbol) => asked.get(symbol) ?? 0, 200, next);
    assert.equal(bench.stream.book('SCOM')?.bids.length, 10);
    assert.equal(bench.stream.book('SCOM')?.depthLimit, 10);
    takes = 0;
    feed((symbol) => asked.get(symbol) ?? 0, 60_000, then);
    assert.equal(bench.stream.metrics().mode, 'full');
    assert.equal(
      bench.wire.last.got('subscribe').findLast(({ symbols: names }) => names.includes('SCOM') && names.length > 1)
        ?.depth,
      50,
    );
  });

  it('DG4 a shallower book that was asked for replaces the deeper one of the same moment; one that was not does not, and one that is lost is missed', () => {
    const bids = Array.from({ length: 50 }, (_, i) => [String(17 - i / 100), '1'] as const);
    for (const isLost of [false, true]) {
      const heavy = makeHeavy(900, { depth: 50, leastDepth: 10 });
      const { last } = heavy.wire;
      const asked: (number | undefined)[] = [];
      last.push(snapshot('SCOM', 2, bids, [], { depth: 50 }));
      last.push(snapshot('SCOM', 2, bids.slice(0, 10), [], { depth: 10 }));
      assert.equal(heavy.stream.book('SCOM')?.bids.length, 50, 'nobody asked');
      last.onSent = (message) => {
        if (message.type === 'ping')
          last.push({ type: 'pong', id: message.id, t: message.t, serverTime: heavy.clock.now() });
        if (message.type !== 'subscribe') return;
        last.push({ type: 'subscription_confirmed', id: message.id, data: { symbols: message.symbols } });
        if (message.channels?.includes('book') !== true) return;
        asked.push(message.depth);
        const { sequence = 0 } = heavy.stream.book('SCOM') ?? {};
        if (!isLost) last.push(snapshot('SCOM', sequence, bids.slice(0, 10), [], { depth: 10 }));
      };
      heavy.run(15_000);
      assert.equal(asked[0], 10);
      const book = heavy.stream.book('SCOM');
      // Without its snapshot the deeper levels would stay as they were for good.
      assert.equal(heavy.stream.metrics().gaps, isLost ? 1 : 0);
      if (!isLost) {
        assert.equal(heavy.stream.verdict('SCOM').state, 'live');
        assert.ok(book !== undefined && book.bids.length === 10 && book.depthLimit === 10);
        last.push(snapshot('SCOM', book.sequence, bids, [], { depth: 50 }));
        assert.equal(book.bids.length, 10, 'a late one of the old depth');
      }
    }
  });

  it('DG5 the first data of a symbol, verdicts and private events wait for nothing', () => {
    const heavy = makeHeavy(150);
    heavy.run(10_000);
    heavy.takes(0);
    assert.equal(heavy.stream.throttled, true);
    const told: [string, number][] = [];
    const start = heavy.clock.now();
    heavy.stream.subscribe(['KCB'], ({ book, verdict }) => {
      if (book) told.push(['book', heavy.clock.now() - start]);
      if (verdict) told.push([heavy.stream.verdict('KCB').state, heavy.clock.now() - start]);
    });
    heavy.clock.pass(150);
    assert.ok(
      told.some(([what, at]) => what === 'book' && at <= 120),
      JSON.stringify(told),
    );
    const events: number[] = [];
    heavy.stream.onPrivate(() => events.push(heavy.clock.now()));
    heavy.wire.last.push(serverSamples.find(({ type }) => type === 'order_ack'));
    assert.deepEqual(events, [heavy.clock.now()]);
    told.length = 0;
    const lostAt = heavy.clock.now() - start;
    heavy.wire.last.push(delta('KCB', 7, 8));
    heavy.clock.pass(130);
    const heardAt = told.find(([what]) => what === 'resyncing')?.[1] ?? Infinity;
    assert.ok(heardAt - lostAt <= 120, `told after ${heardAt - lostAt} ms`);
  });

  it('DG6 under any steady load it settles, and does not flap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000 }),
        fc.constantFrom(0, 16, 100, 400),
        fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 20 }),
        (workMs, askedMs, noise) => {
          let changes = 0;
          const load = new Load(0, () => (changes += 1));
          let second = 0;
          const run = (seconds: number): void => {
            for (const end = second + seconds; second < end;) {
              second += 1;
              // So much work at full speed, less of it the longer the throttle, never more than the second.
              const spent = (workMs * Math.max(16, askedMs)) / Math.max(16, load.throttle(askedMs));
              const jitter = 1 + (noise[second % noise.length] ?? 0) / 100;
              load.note({ ...QUIET, spentMs: Math.min(1_000, spent * jitter) }, second * 1_000);
            }
          };
          run(300);
          changes = 0;
          run(600);
          assert.ok(changes <= 22, `${changes} changes in ten minutes`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('DG7 a hidden tab, a sleep and a rate limit are no overload', () => {
    const clock = new FakeClock();
    // No frame ever comes: the timer behind it does.
    const scheduler = createFrameScheduler(() => ({ request: () => 1, cancel: () => {} }), clock);
    const hidden = makeBench({ clock, scheduler });
    serveGuide(hidden);
    hidden.stream.subscribe(['SCOM'], () => {});
    for (let i = 0; i < 300; i += 1) {
      hidden.wire.last.push(row('SCOM', i, clock.now()));
      clock.pass(100);
    }
    assert.equal(hidden.stream.throttled, false);
    clock.sleep(600_000);
    clock.pass(5_000);
    assert.equal(hidden.stream.throttled, false);

    const symbols = Array.from({ length: 100 }, (_, i) => `S${i}`);
    const limited = makeFeed(symbols, { rateLimit: 50 });
    limited.stream.subscribe(symbols, () => {});
    for (let i = 0; i < 100; i += 1) {
      limited.push();
      limited.clock.pass(100);
    }
    assert.equal(limited.stream.throttled, false);
  });

  it('DG8 frames that come late, and a queue that is never worked off, are overload', () => {
    const overloads: FrameLoad[] = [
      { ...QUIET, lateMs: 180 },
      { ...QUIET, isCutShort: true, overdueMs: 40 },
      { ...QUIET, isCutShort: true, overdueMs: 700 },
      { ...QUIET, spentMs: 60 },
    ];
    for (const frame of overloads) {
      const load = new Load(0, () => {});
      for (let now = 0; now <= 20_000; now += 100) load.note(frame, now);
      assert.equal(load.mode, 'shallower');
      assert.deepEqual(
        [0, 100, 500, 3_000].map((ms) => load.throttle(ms)),
        [256, 1_000, 1_000, 3_000],
      );
      for (let now = 20_100; now <= 60_000; now += 100) load.note(QUIET, now);
      assert.equal(load.mode, 'full');
      assert.equal(load.throttle(100), 100);
    }
  });
});
