import type { Clock } from '../../src/stream/clock.js';

/** While nothing runs for longer than this, in real milliseconds, time stands still: a busy machine is no slow network. */
const MOST_AT_ONCE_MS = 15;

/**
 * Real time, some times faster, as far as the machine keeps up with it: for real sockets, which no test can move by hand.
 * Both ends of a wire must share one, or what one of them sends looks old to the other.
 */
export class FastClock implements Clock {
  readonly #speed: number;
  readonly #epochMs = Date.now();
  /** Real time that has counted, and when it was last looked at. */
  #elapsedMs = 0;
  #lookedAt = performance.now();
  readonly #timers = new Set<() => void>();

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Timers waiting now. */
  get size(): number {
    return this.#timers.size;
  }

  now(): number {
    const now = performance.now();
    this.#elapsedMs += Math.min(MOST_AT_ONCE_MS, now - this.#lookedAt);
    this.#lookedAt = now;
    return this.#epochMs + Math.round(this.#elapsedMs * this.#speed);
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const due = this.now() + delayMs;
    let timer: NodeJS.Timeout;
    const cancel = (): void => {
      clearTimeout(timer);
      this.#timers.delete(cancel);
    };
    const wait = (): void => {
      const leftMs = due - this.now();
      // In short steps: what time stood still for is waited for as well.
      timer = setTimeout(
        () => {
          if (this.now() < due) return wait();
          cancel();
          callback();
        },
        Math.min(MOST_AT_ONCE_MS, Math.ceil(leftMs / this.#speed)),
      );
    };
    this.#timers.add(cancel);
    wait();
    return cancel;
  }
}
