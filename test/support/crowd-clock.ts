import type { Clock } from '../../src/stream/clock.js';

/** Fake time for a crowd: as `FakeClock`, but no slower with ten thousand timers than with ten. Whole milliseconds. */
export class CrowdClock implements Clock {
  #now: number;
  readonly #due = new Map<number, Set<() => void>>();

  constructor(now = 1_795_339_254_000) {
    this.#now = now;
  }

  /** Timers waiting now. */
  get size(): number {
    let size = 0;
    for (const callbacks of this.#due.values()) size += callbacks.size;
    return size;
  }

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const at = this.#now + Math.max(0, Math.ceil(delayMs));
    const run = (): void => callback();
    const callbacks = this.#due.get(at);
    if (callbacks === undefined) this.#due.set(at, new Set([run]));
    else callbacks.add(run);
    return () => void this.#due.get(at)?.delete(run);
  }

  /** Lets time pass, and runs what falls due on the way. */
  pass(ms: number): void {
    for (const end = this.#now + ms; ; this.#now += 1) {
      const callbacks = this.#due.get(this.#now);
      // What is added meanwhile for this very moment runs too.
      for (const run of callbacks ?? []) {
        callbacks?.delete(run);
        run();
      }
      this.#due.delete(this.#now);
      if (this.#now >= end) return;
    }
  }
}
