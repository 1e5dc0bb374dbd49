import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Delivery } from '../../src/stream/delivery.js';
import type { StreamMetrics } from '../../src/stream/market-stream.js';
import { FATES, type Fate } from '../../src/stream/metrics.js';
import { Waterfall } from '../../src/stream/waterfall.js';
import { FakeClock, fakeScheduler } from '../support/fake-clock.js';
import { type Bench, delta, makeBench, row, serveTouchline, snapshot } from '../support/fake-server.js';
import { makeVenueBench } from '../support/venue-wire.js';
import { serverSamples } from '../support/wire-samples.js';

const makeOpen = (): Bench => {
  const bench = makeBench();
  serveTouchline(bench);
  bench.stream.subscribe(['SCOM'], () => {}, { trades: true });
  bench.clock.pass(1_000);
  return bench;
};

const fatesOf = (metrics: StreamMetrics): Record<Fate, number> => {
  const { control, ignored, unchanged, applied, refused } = metrics;
  return { control, ignored, unchanged, applied, refused };
};
const sumOf = (metrics: StreamMetrics): number => FATES.reduce((sum, fate) => sum + metrics[fate], 0);

/** A server whose every message is known to be of one kind, whatever was sent before it. */
const makeTeller = () => {
  let price = 10;
  let rowSeq = 0;
  let bookSeq = 1;
  let tradeSeq = 0;
  const place = (seq: number) => ({ epoch: 'e1', seq });
  const trade = (seq: number) => ({
    type: 'trade',
    stream: 'trades:SCOM',
    ...place(seq),
    data: {
      symbol: 'SCOM',
      tradeId: String(seq),
      price: '1',
      quantity: '1',
      aggressor: 'buy',
      timestamp: 0,
    },
  });
  const make = {
    newRow: () => ({ ...row('SCOM', (price += 1), 0), ...place((rowSeq += 1)) }),
    sameRow: () => (price === 10 ? make.newRow() : { ...row('SCOM', price, 0), ...place((rowSeq += 1)) }),
    oldRow: () => ({ ...row('SCOM', 5, 0), ...place(0) }),
    newDelta: () => delta('SCOM', bookSeq, (bookSeq += 1), [['17.45', String(bookSeq)]]),
    oldDelta: () => delta('SCOM', 0, 1, [['17.45', '1']]),
    newTrade: () => trade((tradeSeq += 1)),
    oldTrade: () => trade(0),
    stranger: () => row('STRANGER', 1, 0),
    unknown: () => ({ type: 'trade_correction', data: {} }),
    badRow: () => ({ type: 'market_data', data: { symbol: 'SCOM', price: 'x' } }),
  };
  const fate: Readonly<Record<keyof typeof make, Fate>> = {
    newRow: 'applied',
    sameRow: 'unchanged',
    oldRow: 'unchanged',
    newDelta: 'applied',
    oldDelta: 'unchanged',
    newTrade: 'applied',
    oldTrade: 'unchanged',
    stranger: 'ignored',
    unknown: 'ignored',
    badRow: 'refused',
  };
  const tell = (kind: keyof typeof make): { message: unknown; fate: Fate } => {
    const isFirst = kind === 'sameRow' && price === 10;
    const isUnnumbered = (kind === 'oldRow' && rowSeq === 0) || (kind === 'oldTrade' && tradeSeq === 0);
    const told = isUnnumbered ? (kind === 'oldRow' ? 'newRow' : 'newTrade') : kind;
    return { message: make[told](), fate: isFirst ? 'applied' : fate[told] };
  };
  return { kinds: Object.keys(make) as (keyof typeof make)[], tell };
};

describe('metrics', () => {
  it('MT10 each message is counted once by what became of it, alone and in batches', () => {
    const kind = fc.constantFrom(...makeTeller().kinds);
    fc.assert(
      fc.property(fc.array(fc.oneof(kind, fc.array(kind, { minLength: 1 })), { maxLength: 30 }), (frames) => {
        const bench = makeOpen();
        const { tell } = makeTeller();
        const expected = fatesOf(bench.stream.metrics());
        const { frameCount } = bench.stream.metrics();
        for (const frame of frames) {
          const told = [frame].flat().map(tell);
          for (const { fate } of told) expected[fate] += 1;
          const data = told.map(({ message }) => message);
          bench.wire.last.push(Array.isArray(frame) ? { type: 'market_data_batch', data } : data[0]);
        }
        const metrics = bench.stream.metrics();
        assert.deepEqual(fatesOf(metrics), expected);
        assert.equal(metrics.frameCount - frameCount, frames.length);
        assert.equal(metrics.messageCount, sumOf(metrics));
      }),
    );
  });

  it('MT10 whatever comes, damaged or out of order, adds up to what was sent', () => {
    const single = fc.oneof(
      fc
        .constantFrom(...serverSamples)
        .filter(({ type }) => type !== 'market_data_batch')
        .map((sample) => JSON.stringify(sample)),
      fc.tuple(fc.nat(5), fc.nat(5)).map(([a, b]) => JSON.stringify(delta('SCOM', a, b, [['17.5', '1']]))),
      fc.nat(5).map((seq) => JSON.stringify(snapshot('SCOM', seq))),
      fc.string(),
      fc.constant('{"type":"market_data_batch","data":7}'),
    );
    const batch = fc.array(fc.jsonValue(), { maxLength: 20 });
    const frame = fc.oneof(
      single.map((text) => ({ text, messages: 1 })),
      batch.map((data) => ({ text: JSON.stringify({ type: 'market_data_batch', data }), messages: data.length })),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 30 }), (frames) => {
        const bench = makeOpen();
        const before = bench.stream.metrics().messageCount;
        let sent = 0;
        for (const { text, messages } of frames) {
          if (bench.wire.last.isClosed) break;
          bench.wire.last.pushText(text);
          sent += messages;
        }
        bench.wire.last.pushBinary();
        const metrics = bench.stream.metrics();
        assert.equal(metrics.messageCount - before, sent + 1);
        assert.equal(metrics.messageCount, sumOf(metrics));
      }),
    );
  });

  it('MT12 a frame of a venue is one message, whatever is made of it', async () => {
    const bench = await makeVenueBench('kraken');
    bench.stream.subscribe(['BTC/USD'], () => {}, { trades: true });
    bench.clock.pass(1_000);
    const before = fatesOf(bench.stream.metrics());
    const trade = (symbol: string, id: number) => ({
      ...{ symbol, side: 'buy', price: 1, qty: 1, trade_id: id },
      timestamp: '2026-11-22T10:00:00.000Z',
    });
    const trades = (...data: unknown[]) => ({ channel: 'trade', type: 'update', data });
    bench.wire.last.push(
      trades(trade('BTC/USD', 1), trade('BTC/USD', 2), trade('ETH/USD', 1)),
      trades(trade('ETH/USD', 2)),
      { channel: 'heartbeat' },
    );
    bench.wire.last.pushText('{');
    bench.wire.last.pushBinary();
    const metrics = bench.stream.metrics();
    const expected = { control: 1, ignored: 1, unchanged: 0, applied: 1, refused: 2 };
    for (const fate of FATES) assert.equal(metrics[fate] - before[fate], expected[fate], fate);
    assert.equal(metrics.messageCount, sumOf(metrics));
    assert.equal(bench.stream.trades('BTC/USD').length, 2);
  });

  it('MT13 each change for a listener is delivered, conflated into one that waits, or waits; or its listener left', () => {
    const symbol = fc.constantFrom('SCOM', 'KCB');
    const step = fc.oneof(
      fc.record({ do: fc.constant('mark' as const), symbol }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(150) }),
      fc.record({ do: fc.constant('join' as const), throttleMs: fc.nat(300) }),
      fc.record({ do: fc.constant('leave' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new FakeClock();
        const delivery = new Delivery({
          clock,
          scheduler: fakeScheduler(clock),
          settings: { throttle: 100, rateLimit: 100 },
          waterfall: new Waterfall(() => clock.hrNow()),
          load: { note() {}, throttle: (askedMs) => askedMs },
          onThrow: (error) => assert.fail(String(error)),
          onTradesSeen: () => {},
        });
        /** Of each listener the symbols with a change that it was not told of. */
        const listeners: { leave: () => void; waiting: Set<string> }[] = [];
        const sum = { changes: 0, delivered: 0, conflated: 0, left: 0 };
        const mark = (waiting: Set<string>, name: string): void => {
          sum.changes += 1;
          if (waiting.has(name)) sum.conflated += 1;
          waiting.add(name);
        };
        for (const one of steps) {
          if (one.do === 'mark') {
            for (const { waiting } of listeners) mark(waiting, one.symbol);
            delivery.mark(one.symbol, 1);
          } else if (one.do === 'pass') clock.pass(one.ms);
          else if (one.do === 'join') {
            const waiting = new Set<string>();
            for (const name of ['SCOM', 'KCB']) mark(waiting, name);
            const tell = ({ symbol: name }: { symbol: string }): void => {
              sum.delivered += 1;
              waiting.delete(name);
            };
            const options = { throttleMs: one.throttleMs, priority: 0 };
            listeners.push({ leave: delivery.add(['SCOM', 'KCB'], tell, options, () => 1), waiting });
          } else {
            const gone = listeners.shift();
            gone?.leave();
            sum.left += gone?.waiting.size ?? 0;
          }
          const { delivered, conflated, buffered } = delivery.figures();
          const waiting = listeners.reduce((total, each) => total + each.waiting.size, 0);
          assert.deepEqual([delivered, conflated], [sum.delivered, sum.conflated]);
          assert.equal(delivered + conflated + waiting + sum.left, sum.changes);
          assert.equal(buffered, new Set(listeners.flatMap((each) => [...each.waiting])).size);
        }
        clock.pass(3_000);
        const { delivered, conflated, buffered, conflationRatio, queueAgeMs } = delivery.figures();
        assert.equal(delivered + conflated + sum.left, sum.changes);
        assert.equal(conflationRatio, delivered === 0 ? 1 : (delivered + conflated) / delivered);
        assert.deepEqual([buffered, queueAgeMs, clock.size], [0, 0, 0]);
      }),
    );
  });

  it('MT14 the queue is as old as the oldest change that a listener was not told of', () => {
    const bench = makeOpen();
    bench.clock.pass(1_500);
    assert.equal(bench.stream.metrics().queueAgeMs, 0);
    bench.wire.last.push(delta('SCOM', 1, 2, [['17.45', '7']]));
    bench.clock.pass(20);
    assert.equal(bench.stream.metrics().queueAgeMs, 0, 'the leading edge');
    bench.wire.last.push(delta('SCOM', 2, 3, [['17.45', '8']]));
    bench.clock.pass(50);
    bench.wire.last.push(delta('SCOM', 3, 4, [['17.45', '9']]));
    bench.clock.pass(10);
    assert.equal(bench.stream.metrics().queueAgeMs, 60);
    bench.clock.set(-3_600_000);
    assert.equal(bench.stream.metrics().queueAgeMs, 0, 'no age is below zero');
    bench.clock.set(3_600_000);
    bench.clock.pass(100);
    assert.equal(bench.stream.metrics().queueAgeMs, 0);
  });
});
