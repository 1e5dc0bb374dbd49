import type { Clock } from '../../src/stream/clock.js';

/**
 * Real time, some times faster: for real sockets, which no test can move by hand. Both ends of a wire must share one, or
 * what one of them sends looks old to the other.
 */
export class FastClock implements Clock {
  readonly #speed: number;
  readonly #startedAt = performance.now();
  readonly #epochMs = Date.now();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Timers waiting now. */
  get size(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#epochMs + Math.round((performance.now() - this.#startedAt) * this.#speed);
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        callback();
      },
      Math.ceil(delayMs / this.#speed),
    );
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }
}
