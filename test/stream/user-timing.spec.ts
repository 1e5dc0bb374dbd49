import assert from 'node:assert/strict';
import { PerformanceObserver, type PerformanceMeasure } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import { makeBench, row, serveTouchline } from '../support/fake-server.js';
import { MOST_PER_SECOND, userTiming } from '../../src/stream/user-timing.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Names and symbols of all measures that are taken meanwhile. */
const watch = async (act: () => Promise<void> | void): Promise<string[]> => {
  const seen: string[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { name, detail } of list.getEntries() as PerformanceMeasure[])
      seen.push(`${name} ${JSON.stringify(detail)}`);
  });
  observer.observe({ type: 'measure' });
  await act();
  for (let i = 0; i < 5; i += 1) await settle();
  observer.disconnect();
  return seen;
};

describe('user timing', () => {
  it('MT30 of each stage so many a second are told and no more, and none stays', async () => {
    const seen = await watch(() => {
      const tell = userTiming('ws://fake/');
      for (let i = 0; i < 1_000; i += 1) {
        tell('apply', 0.5, 'SCOM');
        tell('total', 1e9, 'KCB');
      }
    });
    const told = seen.filter((entry) => entry === 'touchline:apply {"symbol":"SCOM","src":"ws://fake/"}').length;
    // The thousand may have fallen into two seconds.
    assert.ok(told === MOST_PER_SECOND || told === 2 * MOST_PER_SECOND, String(told));
    assert.ok(seen.includes('touchline:total {"symbol":"KCB","src":"ws://fake/"}'), 'one that began before the page');
    assert.deepEqual(performance.getEntriesByType('measure'), []);
  });

  it('MT31 it is off unless it is asked for, and can be turned on and off', async () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(1_000);
    let price = 0;
    const push = (): void => bench.wire.last.push(row('SCOM', (price += 1), 0));
    assert.deepEqual(await watch(push), []);
    bench.stream.configure({ userTiming: true });
    let first: string[] = [];
    // Its code is loaded: whoever asks for it too, and after it, has it later.
    for (let i = 0; i < 100 && first.length === 0; i += 1) {
      await import('../../src/stream/user-timing.js');
      first = await watch(push);
    }
    assert.deepEqual(first, ['touchline:apply {"symbol":"SCOM","src":"ws://fake/"}']);
    bench.stream.configure({ throttle: 50 });
    assert.equal((await watch(push)).length, 1);
    bench.stream.configure({ userTiming: false });
    assert.deepEqual(await watch(push), []);
    bench.stream.configure({ userTiming: true });
    bench.stream.dispose();
    await import('../../src/stream/user-timing.js');
    for (let i = 0; i < 50; i += 1) await settle();
    assert.deepEqual(await watch(() => {}), []);
  });
});
