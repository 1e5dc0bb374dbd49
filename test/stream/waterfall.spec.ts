import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PingLedger } from '../../src/stream/clock-offset.js';
import type { LatencyFigures } from '../../src/stream/latency-histogram.js';
import { STAGES, type Stage, Trace, Waterfall } from '../../src/stream/waterfall.js';
import { type Bench, delta, makeBench, row, serveGuide, serveTouchline } from '../support/fake-server.js';
import { makeVenueBench } from '../support/venue-wire.js';

/** The server's clock minus the page's. */
const AHEAD = 3_600_000;

const makeOpen = (serve = true): Bench => {
  const bench = makeBench();
  serveTouchline(bench, { ignores: serve ? [] : ['ping'] });
  const { onConnect } = bench.wire;
  bench.wire.onConnect = (socket) => {
    onConnect?.(socket);
    const answer = socket.onSent;
    socket.onSent = (message, at) => {
      if (message.type !== 'ping') answer?.(message, at);
      else if (serve) at.push({ type: 'pong', id: message.id, serverTime: bench.clock.now() + AHEAD });
    };
  };
  bench.stream.subscribe(['SCOM'], () => {});
  bench.clock.pass(7_000);
  return bench;
};

const near = (figures: LatencyFigures, ms: number, count: number): void => {
  assert.equal(figures.count, count);
  for (const name of ['p50', 'p95', 'p99'] as const) {
    assert.ok(Math.abs(figures[name] - ms) <= ms * 0.05, `${name} is ${figures[name]}, not ${ms}`);
  }
};
const counts = (bench: Bench): Partial<Record<Stage, number>> => {
  const { waterfall } = bench.stream.metrics();
  return Object.fromEntries(STAGES.filter((s) => waterfall[s].count > 0).map((s) => [s, waterfall[s].count]));
};

describe('waterfall', () => {
  it('MT20 each stage is measured where it ends, and the whole from the server to the screen', () => {
    let now = 0;
    const waterfall = new Waterfall(() => now);
    const trace = new Trace();
    waterfall.frameReceived();
    waterfall.arrived(30, 4, 1_000, 5);
    now += 2;
    waterfall.applied('A');
    waterfall.applied('B');
    waterfall.changed(trace);
    now += 1;
    // A later change of the same frame does not make the first one younger.
    waterfall.changed(trace);
    waterfall.frameRead();
    now += 80;
    waterfall.called('A', trace);
    now += 16;
    waterfall.painted('A', trace);
    const { arrival, apply, delivery, paint, total } = waterfall.read();
    near(arrival, 30, 4);
    near(apply, 3, 2);
    near(delivery, 81, 1);
    near(paint, 16, 1);
    near(total, 30 + 2 + 81 + 16, 1);
  });

  it('MT20 in a stream: from the sending of the oldest change that was not told of', () => {
    const bench = makeOpen();
    bench.wire.last.push(row('SCOM', 1, 0));
    bench.clock.pass(20);
    const before = counts(bench);
    bench.wire.last.push({ ...row('SCOM', 2, 0), sent: bench.clock.now() + AHEAD - 40 });
    bench.clock.pass(60);
    bench.wire.last.push({ ...row('SCOM', 3, 0), sent: bench.clock.now() + AHEAD - 10 });
    bench.clock.pass(60);
    bench.stream.painted?.('SCOM');
    const { waterfall, painted, delivered } = bench.stream.metrics();
    assert.equal(waterfall.arrival.count, 2);
    assert.equal(waterfall.delivery.count, (before.delivery ?? 0) + 1);
    const { p50 } = waterfall.total;
    // It was on its way for 40 ms, waited for what was left of the throttle and for a frame, and was painted some ms later.
    assert.ok(p50 > 150 && p50 < 170, String(p50));
    assert.deepEqual([waterfall.total.count, painted], [1, 1]);
    assert.ok(delivered > painted);
  });

  it('MT20 a batch is as many messages as it holds', () => {
    const bench = makeOpen();
    const before = bench.stream.metrics().waterfall.apply.count;
    const data = [row('SCOM', 1, 0), row('SCOM', 2, 0), row('STRANGER', 3, 0)];
    bench.wire.last.push({ type: 'market_data_batch', sent: bench.clock.now() + AHEAD - 25, data });
    const { arrival, apply } = bench.stream.metrics().waterfall;
    near(arrival, 25, 3);
    assert.equal(apply.count - before, 2);
  });

  it('MT21 what needs the server’s clock is not measured where that is not known', async () => {
    const unanswered = makeOpen(false);
    unanswered.wire.last.push({ ...row('SCOM', 1, 0), sent: unanswered.clock.now() });
    const guide = makeBench();
    serveGuide(guide);
    guide.stream.subscribe(['SCOM'], () => {}, { book: false });
    guide.clock.pass(7_000);
    guide.wire.last.push(row('SCOM', 1, guide.clock.now() - 300));
    const venue = await makeVenueBench('kraken');
    venue.stream.subscribe(['BTC/USD'], () => {});
    venue.clock.pass(7_000);
    venue.wire.last.push({
      channel: 'trade',
      type: 'update',
      data: [{ symbol: 'BTC/USD', side: 'buy', price: 1, qty: 1, trade_id: 1, timestamp: '2026-11-22T10:00:00.000Z' }],
    });
    for (const bench of [unanswered, guide, venue]) {
      bench.clock.pass(200);
      bench.stream.painted?.('SCOM');
      bench.stream.painted?.('BTC/USD');
      const { arrival, total, apply, delivery } = bench.stream.metrics().waterfall;
      assert.deepEqual([arrival.count, total.count], [0, 0]);
      assert.ok(Number.isNaN(arrival.p50) && Number.isNaN(total.p99));
      assert.ok(apply.count > 0 && delivery.count > 0, JSON.stringify(counts(bench)));
    }
  });

  it('MT21 a pong out of a recording says nothing of the server’s clock', () => {
    const bench: Bench = makeBench({
      transport: (...parts) => Object.assign(bench.wire.transport(...parts), { isRecorded: true }),
    });
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(7_000);
    bench.wire.last.push({ ...row('SCOM', 1, 0), sent: bench.clock.now() - 20 });
    assert.equal(bench.stream.metrics().latency.count, 0);
    assert.equal(bench.stream.clockOffset, 0);
  });

  it('MT22 a clock that was set measures nothing until the server has been asked for its time again', () => {
    for (const jump of [-60_000, 60_000]) {
      const bench = makeOpen();
      const push = (price: number, late: number): void =>
        bench.wire.last.push({ ...row('SCOM', price, 0), sent: bench.clock.now() - wall + AHEAD - late });
      let wall = 0;
      push(1, 20);
      near(bench.stream.metrics().latency, 20, 1);
      // Asked at once where the link seems to have slept; no answer is here yet.
      bench.wire.last.onSent = () => {};
      bench.clock.set(jump);
      wall = jump;
      push(2, 20);
      push(3, 20);
      near(bench.stream.metrics().latency, 20, 1);
      bench.wire.last.onSent = (message, socket) => {
        if (message.type !== 'ping') return;
        socket.push({ type: 'pong', id: message.id, serverTime: bench.clock.now() - wall + AHEAD });
      };
      bench.clock.pass(6_000);
      push(4, 20);
      near(bench.stream.metrics().latency, 20, 2);
    }
  });

  it('MT22 what seems to come before it was sent is counted nowhere', () => {
    const bench = makeOpen();
    bench.wire.last.push({ ...row('SCOM', 1, 0), sent: bench.clock.now() + AHEAD + 5 });
    assert.equal(bench.stream.metrics().latency.count, 0);
    assert.equal(bench.stream.metrics().applied > 0, true);
  });

  it('MT23 an estimate of the server’s clock that a new ping contradicts is forgotten', () => {
    const ledger = new PingLedger();
    const ping = (at: number, roundTripMs: number, ahead: number): void =>
      ledger.answered(ledger.sent(at), at + roundTripMs / 2 + ahead, at + roundTripMs);
    ping(0, 4, 1_000);
    ping(5_000, 300, 1_100);
    assert.equal(ledger.offsetMs, 1_000, 'the quicker one, within what the slower allows');
    ping(10_000, 300, 9_000);
    assert.equal(ledger.offsetMs, 9_000);
  });

  it('MT24 a verdict that time alone has changed, and what a new listener is told first, are no latency', () => {
    const bench = makeOpen();
    const { waterfall, delivered } = bench.stream.metrics();
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(100);
    bench.wire.last.drop();
    bench.clock.pass(100);
    const after = bench.stream.metrics();
    assert.equal(after.delivered - delivered, 3, 'one at first, and two of the loss');
    assert.equal(after.waterfall.delivery.count, waterfall.delivery.count);
  });

  it('MT25 what was told is painted once, however often that is said', () => {
    const bench = makeOpen();
    const say = (): number => {
      bench.stream.painted?.('SCOM');
      return bench.stream.metrics().painted;
    };
    assert.equal(say(), 1, 'what it was told at first');
    assert.equal(say(), 1);
    bench.wire.last.push(delta('SCOM', 1, 2, [['17.45', '7']]));
    assert.equal(say(), 1, 'not told yet');
    bench.clock.pass(200);
    assert.equal(say(), 2);
    bench.stream.painted?.('STRANGER');
    assert.equal(bench.stream.metrics().painted, 2);
  });
});
