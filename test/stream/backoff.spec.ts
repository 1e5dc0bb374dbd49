import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoffDelay } from '../../src/stream/backoff.js';
import { fixedRandom } from '../support/fake-server.js';

const CLIENTS = 10_000;

/** All clients lose the server at 0 and find it again after `outageMs`. When does each come back? */
const comeBack = (outageMs: number): number[] => {
  const random = fixedRandom(42);
  return Array.from({ length: CLIENTS }, () => {
    let at = 0;
    for (let attempt = 1; at < outageMs || attempt === 1; attempt += 1) {
      at += backoffDelay({ baseMs: 1_000, maxAttempts: 10 }, attempt, random);
    }
    return at;
  });
};

const peakIn100Ms = (times: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const at of times) counts.set(Math.floor(at / 100), (counts.get(Math.floor(at / 100)) ?? 0) + 1);
  return Math.max(...counts.values());
};

describe('backoff', () => {
  for (const outageMs of [30_000, 60_000]) {
    it(`ST30 after ${outageMs / 1_000} s without a server 10,000 clients come back spread out, within 30 s, all of them`, () => {
      const times = comeBack(outageMs);
      const peak = peakIn100Ms(times);
      const sorted = times.map((at) => at - outageMs).sort((a, b) => a - b);
      assert.equal(sorted.length, CLIENTS);
      assert.ok(peak <= CLIENTS * 0.02, `${peak} in one tenth of a second`);
      assert.ok((sorted[CLIENTS * 0.99] ?? Infinity) <= 30_000);
      assert.ok((sorted.at(-1) ?? Infinity) <= 30_000);
    });
  }

  it('ST31 jitter survives the cap, and the slow waits have it too', () => {
    const random = fixedRandom();
    for (const attempt of [8, 50, 2_000]) {
      const waits = Array.from({ length: 1_000 }, () =>
        backoffDelay({ baseMs: 1_000, maxAttempts: 10 }, attempt, random),
      );
      assert.ok(new Set(waits).size > 990);
      const [low, high] = attempt <= 10 ? [10_000, 30_000] : [40_000, 80_000];
      assert.ok(Math.min(...waits) >= low && Math.max(...waits) <= high);
    }
  });

  it('ST31 a base above the cap is honoured', () => {
    assert.equal(
      backoffDelay({ baseMs: 90_000, maxAttempts: 10 }, 1, () => 1),
      90_000,
    );
  });
});
