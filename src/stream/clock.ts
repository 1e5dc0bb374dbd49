/**
 * Time as the stream sees it. Everything here that waits or compares times does so through a `Clock`, so that tests move
 * time by hand and nothing depends on a timer having fired: hidden tabs run timers once a minute.
 */
export interface Clock {
  /** Milliseconds since 1970. May jump, in both directions. */
  now(): number;
  /** Calls once after a delay; the returned function calls it off and may be called any number of times. */
  setTimer(callback: () => void, delayMs: number): () => void;
  /**
   * Milliseconds since anything, as fine as there are, from a clock that nobody sets: how long something took is measured
   * by it. Default: `now`.
   */
  hrNow?(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  hrNow: () => performance.now(),
};

/** Milliseconds since anything, from a clock that nobody sets where there is one. */
export const fineTime = (clock: Clock) => (): number => clock.hrNow?.() ?? clock.now();

/** Whether the time is up. A clock that was set back must not make a wait endless. */
export const isOver = (since: number, waitMs: number, now: number): boolean => Math.abs(now - since) >= waitMs;
