/**
 * When a connection may be sent its next market data: no sooner than it asked for, and not before the transport has
 * passed on what it has. After a pause the first news goes at once.
 */

/** Flushes a second where none are asked for, and at most. */
export const DEFAULT_RATE_HZ = 10;
export const MAX_RATE_HZ = 50;
const MIN_RATE_HZ = 0.1;

export class Pace {
  readonly #bufferedAmount: () => number;
  #intervalMs = 1_000 / DEFAULT_RATE_HZ;
  #nextMs = 0;
  #blockedSinceMs: number | undefined;

  constructor(bufferedAmount: () => number) {
    this.#bufferedAmount = bufferedAmount;
  }

  set rateHz(rate: number) {
    this.#intervalMs = 1_000 / Math.min(MAX_RATE_HZ, Math.max(MIN_RATE_HZ, rate));
  }

  /** A wait that is longer than the interval means that the clock was set back. */
  isDue(nowMs: number): boolean {
    const waitMs = this.#nextMs - nowMs;
    return waitMs <= 0 || waitMs > this.#intervalMs;
  }

  /** Keeps its beat when flushes come a little late, and starts anew after a pause. */
  sent(nowMs: number): void {
    const due = this.#nextMs + this.#intervalMs;
    this.#nextMs = due > nowMs && due <= nowMs + this.#intervalMs ? due : nowMs + this.#intervalMs;
  }

  /** Whether the transport is still busy with what was sent before. */
  isBlocked(nowMs: number): boolean {
    if (this.#bufferedAmount() === 0) this.#blockedSinceMs = undefined;
    else this.#blockedSinceMs ??= nowMs;
    return this.#blockedSinceMs !== undefined;
  }

  /** How long the transport has been busy; 0 when it is free. As of the last `isBlocked`. */
  blockedMs(nowMs: number): number {
    return this.#blockedSinceMs === undefined ? 0 : nowMs - this.#blockedSinceMs;
  }
}
