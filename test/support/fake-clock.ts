import type { Clock } from '../../src/stream/clock.js';
import type { FrameScheduler } from '../../src/stream/frame-scheduler.js';
import type { WakeEvent, WakeSource } from '../../src/stream/wake.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Time that a test moves by hand. Timers run in order, each at its own moment, and like real ones follow no hand that
 * sets the clock.
 */
export class FakeClock implements Clock {
  #elapsed = 0;
  #wall: number;
  #order = 0;
  readonly #timers = new Set<Timer>();
  /** Timers made since the start: shows a loop that makes and cancels. */
  made = 0;

  constructor(now = 1_795_339_254_000) {
    this.#wall = now;
  }

  /** Timers waiting now. */
  get size(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#wall + this.#elapsed;
  }

  hrNow(): number {
    return this.#elapsed;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    this.made += 1;
    this.#order += 1;
    const timer = { at: this.#elapsed + Math.max(0, delayMs), order: this.#order, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, and runs what falls due on the way. */
  pass(ms: number): void {
    const end = this.#elapsed + ms;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#elapsed = Math.max(this.#elapsed, timer.at);
      this.#timers.delete(timer);
      timer.callback();
    }
    // A callback may have slept.
    this.#elapsed = Math.max(this.#elapsed, end);
  }

  /** Time passes and nothing runs: a sleep, or a task that takes long. What is due runs with `pass`. */
  sleep(ms: number): void {
    this.#elapsed += ms;
  }

  /** Somebody sets the clock, forward or back. */
  set(ms: number): void {
    this.#wall += ms;
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

/** Frames 16 ms after they are asked for, in a fake clock's time. */
export const fakeScheduler = (clock: Clock): FrameScheduler => ({
  request: (callback) => clock.setTimer(() => callback(clock.now()), 16),
});

/** Page events that a test sends itself. */
export class FakeWake {
  readonly #listeners = new Set<(event: WakeEvent) => void>();
  readonly source: WakeSource = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get size(): number {
    return this.#listeners.size;
  }

  send(event: WakeEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
