import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withGuideOptions } from '../../src/stream/guide-options.js';
import { guideService } from '../../src/stream/guide-service.js';
import type { MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import { acquireStream, getMarketDataStream } from '../../src/stream/shared-stream.js';
import { FakeClock, fakeScheduler, FakeWake } from '../support/fake-clock.js';
import { makeBench, row, serveGuide, type Bench } from '../support/fake-server.js';
import { FakeWire } from '../support/fake-wire.js';

/** A stream whose server speaks the guide's dialect. */
const makeGuide = (options: Partial<MarketStreamOptions> = {}): Bench => {
  const bench = makeBench(options);
  serveGuide(bench);
  bench.stream.connect();
  return bench;
};

describe("the guide's options", () => {
  it("GS1 the guide's names mean ours", () => {
    const { maxConnections, throttle, bufferSize, rateLimit } = withGuideOptions({
      maxConnections: 7,
      batchSize: 100,
      batchInterval: 50,
      compressionEnabled: true,
      rateLimitPerSecond: 2_000,
    });
    assert.deepEqual([maxConnections, throttle, bufferSize, rateLimit], [7, 50, 100, 2_000]);
    assert.equal(withGuideOptions({ compressionEnabled: false, batchInterval: 50 }).throttle, 0);
    assert.deepEqual(withGuideOptions({ src: 'ws://x/' }), {
      src: 'ws://x/',
      maxConnections: undefined,
      throttle: undefined,
      bufferSize: undefined,
      rateLimit: undefined,
    });
  });

  it('GS2 our own names stand where both name one thing', () => {
    const guide = { batchSize: 1, batchInterval: 1, compressionEnabled: false, rateLimitPerSecond: 1 };
    const { throttle, bufferSize, rateLimit } = withGuideOptions({
      ...guide,
      throttle: 7,
      bufferSize: 8,
      rateLimit: 9,
    });
    assert.deepEqual([throttle, bufferSize, rateLimit], [7, 8, 9]);
  });

  it('GS3 what makes no sense is told to the programmer', () => {
    for (const wrong of [
      { maxConnections: 0 },
      { maxConnections: 1.5 },
      { batchSize: 0 },
      { batchInterval: -1 },
      { rateLimitPerSecond: Number.NaN },
    ]) {
      assert.throws(() => getMarketDataStream({ src: 'ws://wrong/', ...wrong }), RangeError, JSON.stringify(wrong));
    }
  });

  it("GS4 without an address it is the guide's route, with an exchange that exchange's own", () => {
    assert.equal(withGuideOptions({}).src, '/ws/market/');
    assert.equal(withGuideOptions({ venue: 'kraken' }).src, '');
  });

  it("GS5 getMarketDataStream takes the guide's names, and gives the page's one stream of an address", () => {
    const clock = new FakeClock();
    const wire = new FakeWire();
    serveGuide({ wire });
    const own = { clock, transport: wire.transport, scheduler: fakeScheduler(clock), wake: new FakeWake().source };
    const stream = getMarketDataStream({ src: 'ws://guide-five/', batchInterval: 1_000, ...own });
    assert.equal(getMarketDataStream({ src: 'ws://guide-five/' }), stream);
    const lease = acquireStream({ src: 'ws://guide-five/' });
    assert.equal(lease.stream, stream);
    assert.equal(wire.sockets.length, 1);
    const prices: (string | undefined)[] = [];
    stream.subscribe(['SCOM'], () => prices.push(stream.ticker('SCOM')?.price));
    for (let i = 1; i <= 50; i += 1) {
      wire.last.push(row('SCOM', i, clock.now()));
      clock.pass(100);
    }
    assert.ok(prices.length >= 5 && prices.length <= 6, `${prices.length} calls in five seconds`);
    lease.release();
    clock.pass(1);
    assert.equal(wire.alive, 1);
    stream.disconnect();
  });
});

describe('guideService', () => {
  it('GS6 calls back with the newest row of a symbol: what is known at once, and always the last', () => {
    const { clock, wire, stream } = makeGuide();
    const service = guideService(stream);
    assert.equal(guideService(stream), service);
    const first: string[] = [];
    const second: string[] = [];
    service.subscribe('trading-panel', ['SCOM', 'KCB'], ({ symbol, price }) => first.push(`${symbol} ${price}`), 10);
    clock.pass(100);
    wire.last.push(row('SCOM', 17.5, 1), row('KCB', 40, 1));
    clock.pass(20);
    service.subscribe('watch-list', ['SCOM'], ({ symbol, price }) => second.push(`${symbol} ${price}`));
    clock.pass(20);
    for (let i = 1; i <= 9; i += 1) wire.last.push(row('SCOM', 18 + i / 10, 1));
    clock.pass(200);
    assert.deepEqual(first, ['SCOM 17.5', 'KCB 40', 'SCOM 18.9']);
    assert.deepEqual(second, ['SCOM 17.5', 'SCOM 18.9']);
  });

  it('GS6 a change of anything but the row is no news', () => {
    const { clock, wire, stream } = makeGuide();
    let calls = 0;
    guideService(stream).subscribe('panel', ['SCOM'], () => (calls += 1));
    wire.last.push(row('SCOM', 17.5, 1));
    clock.pass(10_000);
    assert.equal(stream.verdict('SCOM').state, 'stale');
    assert.equal(calls, 1);
  });

  it('GS7 the one with the highest priority is called first', () => {
    const { clock, wire, stream } = makeGuide();
    const service = guideService(stream);
    const said: string[] = [];
    service.subscribe('low', ['SCOM'], () => said.push('low'));
    service.subscribe('high', ['SCOM'], () => said.push('high'), 10);
    clock.pass(100);
    wire.last.push(row('SCOM', 17.5, 1));
    clock.pass(200);
    assert.deepEqual(said, ['high', 'low']);
  });

  it('GS8 a name stands for one subscription, until it is ended or taken again', () => {
    const { clock, wire, stream } = makeGuide();
    const service = guideService(stream);
    const said: string[] = [];
    const tick = (price: number): void => {
      clock.pass(2_000);
      wire.last.push(row('SCOM', price, price));
      clock.pass(200);
    };
    const endFirst = service.subscribe('panel', ['SCOM'], ({ price }) => said.push(`first ${price}`));
    const endSecond = service.subscribe('panel', ['SCOM'], ({ price }) => said.push(`second ${price}`));
    tick(1);
    endFirst();
    tick(2);
    service.unsubscribe('panel');
    service.unsubscribe('stranger');
    tick(3);
    assert.equal(wire.last.got('unsubscribe').length, 1);
    service.subscribe('panel', ['SCOM'], ({ price }) => said.push(`third ${price}`));
    endSecond();
    tick(4);
    assert.deepEqual(said, ['second 1', 'second 2', 'third 4']);
    assert.equal(stream.metrics().activeSymbolCount, 1);
  });

  it("GS9 getMetrics are the stream's", () => {
    const { clock, wire, stream } = makeGuide();
    guideService(stream).subscribe('panel', ['SCOM'], () => {});
    clock.pass(100);
    for (let i = 0; i < 10; i += 1) wire.last.push(row('SCOM', i, i));
    clock.pass(900);
    const metrics = guideService(stream).getMetrics();
    assert.deepEqual(metrics, stream.metrics());
    assert.ok(metrics.averageRate >= 10);
  });

  it('GS10 what makes no sense is told to the programmer; a callback that throws harms nobody else', () => {
    const { clock, wire, errors, stream } = makeGuide();
    const service = guideService(stream);
    const untyped = service as unknown as { subscribe(...values: unknown[]): unknown };
    assert.throws(() => untyped.subscribe(['SCOM'], () => {}), TypeError);
    assert.throws(() => untyped.subscribe(5, ['SCOM'], () => {}), TypeError);
    assert.throws(() => untyped.subscribe('panel', ['SCOM'], 5), TypeError);
    assert.throws(() => untyped.subscribe('panel', 'SCOM', () => {}), TypeError);
    const said: string[] = [];
    service.subscribe('bad', ['SCOM'], () => {
      throw new Error('no ear');
    });
    service.subscribe('good', ['SCOM'], ({ price }) => said.push(price));
    clock.pass(100);
    wire.last.push(row('SCOM', 1, 1));
    clock.pass(200);
    assert.deepEqual(said, ['1']);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['listener_threw'],
    );
  });
});
