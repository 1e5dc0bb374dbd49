/**
 * Each stage of the waterfall as a measure of the browser's user timing: in its profiler, and for any
 * `PerformanceObserver` of the page. A sample of them, and none is kept: the page's timeline is not ours to fill.
 */
import type { Stage, StageListener } from './waterfall.js';

/** Of each stage in one second. */
export const MOST_PER_SECOND = 10;

export const userTiming = (src: string): StageListener => {
  const told = new Map<Stage, number>();
  let second = 0;
  return (stage, duration, symbol) => {
    const end = performance.now();
    if (Math.floor(end / 1_000) !== second) {
      second = Math.floor(end / 1_000);
      told.clear();
    }
    const count = told.get(stage) ?? 0;
    if (count >= MOST_PER_SECOND) return;
    told.set(stage, count + 1);
    const name = `touchline:${stage}`;
    // A stage that began before the page did, e.g. on the server, begins with the page.
    performance.measure(name, { start: Math.max(0, end - duration), end, detail: { symbol, src } });
    // Observers have their copy.
    performance.clearMeasures(name);
  };
};
