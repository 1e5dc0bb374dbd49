/** The time that a desk lives by: the stream's clock, a test's, or this machine's. */
export interface DeskClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once after a delay; the returned function calls it off. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

export const machineClock: DeskClock = {
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
