import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MarketUpdate } from '../../src/stream/market-stream.js';
import type { MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import { makeBench, row, serveGuide, serveTouchline } from '../support/fake-server.js';

/** A guide bench whose prices can be set, with every frame's time noted. */
const makeFeed = (symbols: readonly string[], options: Partial<MarketStreamOptions> = {}) => {
  const bench = makeBench(options);
  serveGuide(bench);
  bench.stream.connect();
  let price = 0;
  const push = (symbol: string): number => {
    price += 1;
    bench.wire.last.push(row(symbol, price, bench.clock.now()));
    return price;
  };
  return { ...bench, push, symbols };
};

describe('delivery', () => {
  it('SB20 the first data are told on the next frame, then at most once a throttle interval, and the last always', () => {
    const feed = makeFeed(['SCOM']);
    const calls: { at: number; price: string | undefined }[] = [];
    feed.stream.subscribe(['SCOM'], ({ ticker }) => {
      if (ticker) calls.push({ at: feed.clock.now(), price: feed.stream.ticker('SCOM')?.price });
    });
    feed.clock.pass(1_000);
    const start = feed.clock.now();
    let last = 0;
    for (let i = 0; i < 100; i += 1) {
      last = feed.push('SCOM');
      feed.clock.pass(10);
    }
    assert.ok((calls[0]?.at ?? 0) - start <= 16, 'the leading edge');
    for (const [i, call] of calls.slice(1).entries()) assert.ok(call.at - (calls[i]?.at ?? 0) >= 100);
    assert.ok(calls.length >= 8 && calls.length <= 10, `${calls.length} calls in a second`);
    feed.clock.pass(200);
    assert.equal(calls.at(-1)?.price, String(last), 'the trailing edge');
  });

  it('SB20 whatever the rhythm, the listener ends with the last value and no timer of ours waits', () => {
    const gaps = fc.array(fc.nat(250), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(gaps, fc.constantFrom(0, 30, 100, 500), (waits, throttle) => {
        const feed = makeFeed(['SCOM']);
        let seen: string | undefined;
        feed.stream.subscribe(['SCOM'], () => (seen = feed.stream.ticker('SCOM')?.price), { throttle });
        let last = 0;
        for (const wait of waits) {
          last = feed.push('SCOM');
          feed.clock.pass(wait);
        }
        feed.clock.pass(throttle + 40);
        assert.equal(seen, String(last));
        assert.equal(feed.stream.metrics().buffered, 0);
      }),
      { numRuns: 100 },
    );
  });

  it('SB21 throttle 0 is every frame', () => {
    const feed = makeFeed(['SCOM']);
    let calls = 0;
    feed.stream.subscribe(['SCOM'], () => (calls += 1), { throttle: 0 });
    feed.clock.pass(100);
    calls = 0;
    for (let i = 0; i < 200; i += 1) {
      feed.push('SCOM');
      feed.clock.pass(5);
    }
    assert.ok(calls >= 48 && calls <= 63, `${calls} calls in a second of frames`);
  });

  it('SB22 the same row ten times a second calls nobody', () => {
    const feed = makeFeed(['SCOM']);
    let calls = 0;
    feed.stream.subscribe(['SCOM'], ({ ticker, book }) => (calls += ticker || book ? 1 : 0));
    const same = row('SCOM', 17.5, feed.clock.now());
    feed.wire.last.push(same);
    feed.clock.pass(1_000);
    calls = 0;
    for (let i = 0; i < 40; i += 1) {
      feed.wire.last.push(same);
      feed.clock.pass(100);
    }
    assert.equal(calls, 0);
  });

  it('SB23 above the rate limit the important go first, nobody waits over two seconds, and all end right', () => {
    const symbols = Array.from({ length: 300 }, (_, i) => `S${i}`);
    const feed = makeFeed(symbols, { rateLimit: 200 });
    const waits = { high: [] as number[], low: [] as number[] };
    const seen = new Map<string, string | undefined>();
    const dirtyAt = new Map<string, number>();
    const listen = (kind: 'high' | 'low') => (update: MarketUpdate) => {
      const since = dirtyAt.get(update.symbol);
      if (since !== undefined) waits[kind].push(feed.clock.now() - since);
      dirtyAt.delete(update.symbol);
      seen.set(update.symbol, feed.stream.ticker(update.symbol)?.price);
    };
    feed.stream.subscribe(symbols.slice(0, 3), listen('high'), { priority: 10 });
    feed.stream.subscribe(symbols.slice(3), listen('low'));
    feed.clock.pass(5_000);
    waits.high = [];
    waits.low = [];
    const prices = new Map<string, string>();
    for (let round = 0; round < 100; round += 1) {
      for (const symbol of symbols) {
        if (!dirtyAt.has(symbol)) dirtyAt.set(symbol, feed.clock.now());
        prices.set(symbol, String(feed.push(symbol)));
      }
      feed.clock.pass(100);
    }
    const high = waits.high.sort((a, b) => a - b);
    const p99 = high[Math.floor(high.length * 0.99)] ?? Infinity;
    assert.ok(high.length >= 200, `${high.length} calls of high priority`);
    assert.ok(p99 <= 132, `p99 of the high priority is ${p99} ms`);
    assert.ok(Math.max(...waits.low) <= 2_000, `somebody waited ${Math.max(...waits.low)} ms`);
    const calls = waits.low.length + waits.high.length;
    assert.ok(calls <= 200 * 10 + 20, `${calls} calls in ten seconds`);
    feed.clock.pass(3_000);
    assert.deepEqual(seen, prices);
    assert.ok(feed.stream.metrics().conflationRatio > 3);
  });

  it('SB23 when the limit could not serve all within two seconds, the two seconds count', () => {
    const symbols = Array.from({ length: 60 }, (_, i) => `S${i}`);
    const feed = makeFeed(symbols, { rateLimit: 5 });
    const dirtyAt = new Map<string, number>();
    let longest = 0;
    const listen = ({ symbol }: MarketUpdate): void => {
      longest = Math.max(longest, feed.clock.now() - (dirtyAt.get(symbol) ?? Infinity));
      dirtyAt.delete(symbol);
    };
    feed.stream.subscribe(symbols.slice(0, 5), listen, { priority: 10 });
    feed.stream.subscribe(symbols.slice(5), listen);
    feed.clock.pass(5_000);
    longest = 0;
    for (let round = 0; round < 100; round += 1) {
      for (const symbol of symbols) {
        if (!dirtyAt.has(symbol)) dirtyAt.set(symbol, feed.clock.now());
        feed.push(symbol);
      }
      feed.clock.pass(100);
    }
    for (const since of dirtyAt.values()) longest = Math.max(longest, feed.clock.now() - since);
    assert.ok(longest > 1_000 && longest <= 2_000, `somebody waited ${longest} ms`);
  });

  it('SB24 a listener that throws is told of once, and harms nobody', () => {
    const feed = makeFeed(['SCOM']);
    let calls = 0;
    let thrown = 0;
    feed.stream.subscribe(['SCOM'], () => {
      thrown += 1;
      throw new Error('mine');
    });
    feed.stream.subscribe(['SCOM'], () => (calls += 1));
    for (let i = 0; i < 20; i += 1) {
      feed.push('SCOM');
      feed.clock.pass(100);
    }
    assert.ok(calls >= 15 && thrown >= 15);
    assert.deepEqual(
      feed.errors.map(({ code }) => code),
      ['listener_threw'],
    );
  });

  it('SB25 a listener may end itself and others, and begin new ones, while it is called', () => {
    const feed = makeFeed(['SCOM']);
    const said: string[] = [];
    const undo: (() => void)[] = [];
    undo.push(
      feed.stream.subscribe(['SCOM'], () => {
        said.push('first');
        for (const end of undo) end();
        feed.stream.subscribe(['KCB'], ({ symbol }) => said.push(symbol));
      }),
    );
    undo.push(feed.stream.subscribe(['SCOM'], () => said.push('second')));
    feed.push('SCOM');
    feed.clock.pass(2_000);
    assert.equal(said[0], 'first');
    assert.equal(said.includes('second'), false);
    assert.equal(said.filter((word) => word === 'first').length, 1);
    assert.ok(said.includes('KCB'));
  });

  it('SB26 a listener that takes long leaves the rest for the next frame', () => {
    const symbols = Array.from({ length: 10 }, (_, i) => `S${i}`);
    const feed = makeFeed(symbols);
    const frames = new Map<number, number>();
    let frame = 0;
    feed.stream.subscribe(symbols, () => {
      frames.set(frame, (frames.get(frame) ?? 0) + 1);
      feed.clock.sleep(200);
    });
    for (frame = 0; frame < 40; frame += 1) feed.clock.pass(16);
    assert.equal(frames.size, 10);
    assert.ok([...frames.values()].every((count) => count === 1));
    assert.equal(feed.stream.metrics().buffered, 0);
  });

  it('SB27 a late subscriber is told at once of what is known', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(1_000);
    const updates: MarketUpdate[] = [];
    bench.stream.subscribe(['SCOM'], (update) => updates.push(update));
    bench.clock.pass(16);
    assert.deepEqual(updates, [{ symbol: 'SCOM', book: true, ticker: false, trades: false, verdict: true }]);
  });

  it('SB28 trades are a bounded ring, newest last, and what falls out unseen is counted', () => {
    const bench = makeBench({ bufferSize: 5 });
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {}, { trades: true });
    bench.clock.pass(1_000);
    const trade = (seq: number) => ({
      type: 'trade',
      stream: 'trades:SCOM',
      epoch: 'e1',
      seq,
      data: { symbol: 'SCOM', tradeId: `t${seq}`, price: '1', quantity: '2', aggressor: 'buy', timestamp: 0 },
    });
    const push = (from: number, to: number): void => {
      for (let seq = from; seq <= to; seq += 1) bench.wire.last.push(trade(seq));
    };
    push(1, 5);
    bench.clock.pass(200);
    push(6, 8);
    assert.equal(bench.stream.metrics().dropped, 0, 'those that fell out were seen');
    push(9, 14);
    assert.equal(bench.stream.metrics().dropped, 4);
    push(14, 14);
    assert.deepEqual(
      bench.stream.trades('SCOM').map(({ tradeId }) => tradeId),
      ['t10', 't11', 't12', 't13', 't14'],
    );
    bench.wire.last.push(trade(16));
    assert.equal(bench.stream.metrics().gaps, 1);
  });
});
