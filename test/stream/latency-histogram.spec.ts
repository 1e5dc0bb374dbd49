import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HALF_MS, LatencyHistogram } from '../../src/stream/latency-histogram.js';

/** As likely a tenth of a millisecond as a day. */
const latency = fc.double({ min: Math.log(0.1), max: Math.log(86_400_000), noNaN: true }).map(Math.exp);

describe('LatencyHistogram', () => {
  it('MT1 its percentiles are those of a sorted list to 5 %, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(latency, fc.integer({ min: 1, max: 50 })), { minLength: 1 }), (noted) => {
        const histogram = new LatencyHistogram();
        for (const [ms, times] of noted) histogram.record(ms, 0, times);
        const sorted = noted.flatMap(([ms, times]) => Array<number>(times).fill(ms)).sort((a, b) => a - b);
        const { p50, p95, p99, count } = histogram.read(0);
        assert.equal(count, sorted.length);
        for (const [share, figure] of [
          [0.5, p50],
          [0.95, p95],
          [0.99, p99],
        ] as const) {
          const exact = sorted[Math.ceil(sorted.length * share) - 1]!;
          assert.ok(figure >= exact / 1.05 && figure <= exact * 1.05, `${share}: ${figure} for ${exact}`);
        }
      }),
    );
  });

  it('MT1 below a tenth of a millisecond all is one, and beyond a day too', () => {
    const histogram = new LatencyHistogram();
    histogram.record(0, 0);
    histogram.record(0.09, 0);
    assert.equal(histogram.read(0).p99, 0.05);
    histogram.record(1e12, 0, 98);
    histogram.record(Infinity, 0);
    const { p50, p99, count } = histogram.read(0);
    assert.equal(count, 101);
    assert.equal(p50, p99);
    assert.ok(p99 > 80_000_000 && p99 < 1e8);
  });

  it('MT2 it speaks of the last half minute to minute, and never of what was before', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 70_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(instants, (waits) => {
        const histogram = new LatencyHistogram();
        const noted: number[] = [];
        let at = 12_345;
        for (const wait of waits) {
          at += wait;
          histogram.record(7, at);
          noted.push(at);
          const { count } = histogram.read(at);
          assert.ok(count >= noted.filter((then) => at - then <= HALF_MS).length);
          assert.ok(count <= noted.filter((then) => at - then < 2 * HALF_MS).length);
        }
        assert.equal(histogram.read(at + 2 * HALF_MS).count, 0);
        assert.ok(Number.isNaN(histogram.read(at + 2 * HALF_MS).p50));
      }),
    );
  });

  it('MT3 what is negative or no number counts nowhere', () => {
    const histogram = new LatencyHistogram();
    for (const ms of [-0.001, -5_000, Number.NaN, -Infinity]) histogram.record(ms, 0);
    assert.equal(histogram.read(0).count, 0);
  });
});
