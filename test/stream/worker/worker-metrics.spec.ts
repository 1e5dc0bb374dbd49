/** What a page counts and measures of a feed in a worker, and how it says that it cannot keep up. */
import assert from 'node:assert/strict';
import { PerformanceObserver } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LatencyFigures } from '../../../src/stream/latency-histogram.js';
import type { MarketStreamOptions } from '../../../src/stream/market-stream-core.js';
import { SwitchedStream } from '../../../src/stream/worker/switched-stream.js';
import { delta, makeBench, row, serveTouchline } from '../../support/fake-server.js';
import { linesOf } from '../../support/flight.js';
import { settled } from '../../support/login-server.js';
import { FakeWorkers } from '../../support/worker-bench.js';

/** The server's clock minus the page's. */
const AHEAD = 2_000;

const begin = (options: Partial<MarketStreamOptions> = {}) => {
  const workers = new FakeWorkers();
  const { clock, wire } = workers;
  serveTouchline({ wire, clock: { now: () => clock.now() + AHEAD } as typeof clock });
  const bench = { ...workers.page(options), workers };
  bench.stream.subscribe(['SCOM'], () => {});
  // The first pings have said how the server's clock stands.
  clock.pass(6_100);
  return bench;
};

const near = ({ p50, count }: LatencyFigures, ms: number, times: number): void => {
  assert.ok(Math.abs(p50 - ms) <= 0.06 * ms + 1, `${p50} ms, not ${ms}`);
  assert.equal(count, times);
};

describe('the figures of a feed in a worker', () => {
  it('WK15 each stage is of the side where it ends, and the whole from the server to the screen', () => {
    const { stream, clock, wire, workers } = begin();
    const before = stream.metrics().waterfall;
    workers.delayMs = 7;
    wire.last.push({ ...row('SCOM', 1, 0), sent: clock.now() + AHEAD - 40 });
    // A frame of the worker, the way to the page, a frame of the page.
    clock.pass(16 + 7 + 16 + 1);
    stream.painted?.('SCOM');
    clock.pass(500);
    const { waterfall, painted } = stream.metrics();
    near(waterfall.arrival, 40, before.arrival.count + 1);
    assert.equal(waterfall.apply.count, before.apply.count + 1);
    assert.equal(waterfall.delivery.count, before.delivery.count + 1);
    near(waterfall.paint, 1, 1);
    near(waterfall.total, 40 + 16 + 7 + 16 + 1, 1);
    assert.equal(painted, 1);
  });

  it('WK15 of what was merged on the way the oldest counts, and of what has no server time nothing does', () => {
    const { stream, clock, wire, workers } = begin();
    stream.painted?.('SCOM');
    const { total } = stream.metrics().waterfall;
    assert.equal(total.count, 0, 'a snapshot without a time');
    workers.lastPort.isPageBusy = true;
    wire.last.push({ ...row('SCOM', 1, 0), sent: clock.now() + AHEAD - 10 });
    clock.pass(300);
    wire.last.push({ ...row('SCOM', 2, 0), sent: clock.now() + AHEAD - 10 });
    clock.pass(300);
    workers.lastPort.goOn();
    clock.pass(40);
    stream.painted?.('SCOM');
    const { p50, count } = stream.metrics().waterfall.total;
    assert.equal(count, 1);
    assert.ok(p50 > 600 && p50 < 700, String(p50));
  });

  it('WK15 a clock that is set while a tick is on its way measures nothing of it', () => {
    for (const jump of [-60_000, 60_000]) {
      const { stream, clock, wire, workers } = begin();
      const { delivery, total } = stream.metrics().waterfall;
      workers.delayMs = 7;
      wire.last.push({ ...row('SCOM', 1, 0), sent: clock.now() + AHEAD - 10 });
      clock.pass(18);
      clock.set(jump);
      clock.pass(40);
      stream.painted?.('SCOM');
      const after = stream.metrics().waterfall;
      assert.deepEqual([after.delivery.count, after.total.count], [delivery.count, total.count]);
    }
  });

  it('WK16 every change is delivered, conflated or waits, wherever it was merged', () => {
    const step = fc.record({ wait: fc.constantFrom(0, 5, 20, 150), busy: fc.constantFrom('', '', 'page') });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const { stream, clock, wire, workers } = begin();
        stream.subscribe(['SCOM'], () => {}, { throttle: 0 });
        clock.pass(500);
        const before = stream.metrics();
        let seq = 1;
        for (const { wait, busy } of steps) {
          if (busy === 'page') workers.lastPort.isPageBusy = true;
          seq += 1;
          wire.last.push(delta('SCOM', seq - 1, seq, [['17.50', String(seq)]]));
          clock.pass(wait);
          if (wait > 5) workers.lastPort.goOn();
        }
        workers.lastPort.goOn();
        clock.pass(1_000);
        const after = stream.metrics();
        const told = after.delivered - before.delivered + after.conflated - before.conflated;
        assert.equal(told, 2 * steps.length, 'for each of two listeners');
        assert.equal(after.conflationRatio, (after.delivered + after.conflated) / after.delivered);
        assert.equal(after.applied - before.applied, steps.length);
        const { applied, unchanged, control, ignored, refused, messageCount } = after;
        assert.equal(applied + unchanged + control + ignored + refused, messageCount);
        assert.deepEqual([after.buffered, after.queueAgeMs], [0, 0]);
        stream.dispose();
      }),
      { numRuns: 40 },
    );
  });

  it('WK16 the age of the queue counts from the change in the worker', () => {
    const { stream, clock, wire, workers } = begin({ throttle: 1_000 });
    clock.pass(2_000);
    wire.last.push(delta('SCOM', 1, 2, [['17.50', '2']]));
    clock.pass(60);
    workers.lastPort.isPageBusy = true;
    wire.last.push(delta('SCOM', 2, 3, [['17.50', '3']]));
    clock.pass(1_500);
    workers.lastPort.goOn();
    const { queueAgeMs, buffered } = stream.metrics();
    assert.ok(queueAgeMs >= 1_450 && queueAgeMs <= 1_510, String(queueAgeMs));
    assert.equal(buffered, 1);
  });

  it('WK16 before there is a worker every figure is zero or a dash', () => {
    const { metrics: inPage } = { metrics: makeBench().stream.metrics() };
    const { metrics } = { metrics: new SwitchedStream({ src: 'ws://fake/' }).metrics() };
    assert.deepEqual(metrics, inPage);
    assert.deepEqual(Object.keys(begin().stream.metrics()).sort(), Object.keys(inPage).sort());
  });

  it('WK17 a page that cannot keep up is told less often, and the server is asked for less', () => {
    const { stream, clock, wire } = begin();
    stream.subscribe(['SCOM'], () => clock.sleep(700), { depth: 200, leastDepth: 20 });
    let seq = 1;
    const seen = new Set<string>();
    stream.observe(() => seen.add(`${stream.metrics().mode} ${stream.throttled}`));
    for (let i = 0; i < 150; i += 1) {
      seq += 1;
      wire.last.push(delta('SCOM', seq - 1, seq, [['17.50', String(seq)]]));
      clock.pass(100);
    }
    assert.deepEqual([...seen].sort(), ['full false', 'shallower true', 'slower true']);
    const depths = wire.last.got('subscribe').flatMap(({ depth = [] }) => depth);
    assert.deepEqual(depths, [50, 200, 50], 'then as deep as the other listener needs it');
    assert.equal(stream.book('SCOM')?.depthLimit, 50);
    assert.equal(Math.min(...wire.last.got('subscribe').flatMap(({ maxRateHz = [] }) => maxRateHz)), 1);
  });

  it('WK18 a worker that marks the browser’s timeline leaves delivery and paint to the page', async () => {
    // Loaded, it is there at once.
    await import('../../../src/stream/user-timing.js');
    const seen: string[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { name } of list.getEntries()) seen.push(name);
    });
    observer.observe({ type: 'measure' });
    const { stream, clock, wire } = begin({ userTiming: true });
    for (let i = 0; i < 200; i += 1) await settled();
    wire.last.push({ ...row('SCOM', 1, 0), sent: clock.now() + AHEAD - 10 });
    clock.pass(100);
    stream.painted?.('SCOM');
    for (let i = 0; i < 20; i += 1) await settled();
    // Both sides are one thread here.
    assert.deepEqual(
      [...seen].sort(),
      ['apply', 'arrival', 'delivery', 'paint', 'total'].map((stage) => `touchline:${stage}`),
    );
    stream.configure({ userTiming: false });
    clock.pass(10);
    seen.length = 0;
    wire.last.push({ ...row('SCOM', 2, 0), sent: clock.now() + AHEAD - 10 });
    clock.pass(200);
    for (let i = 0; i < 20; i += 1) await settled();
    assert.deepEqual(seen, []);
    observer.disconnect();
    stream.dispose();
  });
});

describe('a recording by a worker', () => {
  const written = async (clock: { pass(ms: number): void }, text: Promise<string>): Promise<string> => {
    let done: string | Error | undefined;
    void text.then(
      (value) => (done = value),
      (error: Error) => (done = error),
    );
    for (let i = 0; i < 10_000 && done === undefined; i += 1) {
      await settled();
      clock.pass(1);
    }
    if (done instanceof Error) throw done;
    return done!;
  };

  it('WK19 is the worker’s, character by character, with and without what is private', async () => {
    const { stream, clock, wire } = begin({ recorderSize: 1e9 });
    const texts = [JSON.stringify(row('SCOM', 1, 0)), '{"type":"odd","data":{"text":"Zürich 😀 \\ud800"}}'];
    for (const text of texts) wire.last.pushText(text);
    wire.last.push({ type: 'order_ack', stream: 'orders:A-1', epoch: 'e', seq: 1, data: { clientOrderId: 'mine' } });
    // Longer than one slice.
    for (let i = 0; i < 300; i += 1) wire.last.push(row('SCOM', 2, i, { volume: 1, note: 'é'.repeat(10_000) }));
    clock.pass(100);
    const whole = await written(clock, stream.record());
    assert.ok(whole.length > 2_000_000);
    const heard = linesOf(whole).flatMap((line) => (typeof line['in'] === 'string' ? [line['in']] : []));
    for (const text of texts) assert.ok(heard.includes(text), text);
    assert.match(whole, /clientOrderId/);
    assert.doesNotMatch(await written(clock, stream.record({ private: false })), /clientOrderId/);
  });

  it('WK19 a worker that ends takes it with it, and the asker is told', async () => {
    const { stream, clock, workers } = begin();
    workers.lastPort.isFrozen = true;
    const asked = assert.rejects(stream.record(), /The worker that recorded has ended/);
    workers.fail('it died');
    await asked;
    clock.pass(1_000);
    assert.match(await written(clock, stream.record()), /touchline-flight/);
    stream.configure({ recorderSize: 0 });
    await assert.rejects(stream.record(), /recorderSize is 0/);
  });

  it('WK19 before there is a worker it says who the stream is, and nothing else', async () => {
    const { clock } = makeBench();
    const idle = new SwitchedStream({ src: 'ws://fake/?token=secret', clock });
    const text = await written(clock, idle.record());
    assert.deepEqual(linesOf(text).length, 1);
    assert.doesNotMatch(text, /secret/);
    assert.equal(idle.verdict('SCOM').reason, 'not_subscribed');
    idle.subscribe(['SCOM'], () => {});
    assert.equal(idle.verdict('SCOM').reason, 'connecting');
    assert.equal(idle.throttled, false);
    idle.login();
    idle.painted('SCOM');
    assert.throws(() => new SwitchedStream({ src: 'ws://fake/', token: 'x' as never }), TypeError);
  });
});
