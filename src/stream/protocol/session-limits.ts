/** What a connection may ask of us, and the two counters that hold it to that. */

export interface SessionLimits {
  /** Symbols subscribed at one time. */
  readonly symbols: number;
  readonly messagesPerSecond: number;
  readonly ordersPerSecond: number;
  /** Bytes of one message. */
  readonly messageBytes: number;
}

export const DEFAULT_LIMITS: SessionLimits = {
  symbols: 200,
  messagesPerSecond: 50,
  ordersPerSecond: 10,
  messageBytes: 65_536,
};

/** So many acts a second, of which a second's worth may come at once. */
export class RateLimit {
  readonly #perSecond: number;
  #left: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
    this.#atMs = nowMs;
  }

  /** Takes one. Returns 0, or the milliseconds to wait when none is left. */
  take(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#left = Math.min(this.#perSecond, this.#left + (elapsedMs * this.#perSecond) / 1000);
    this.#atMs = nowMs;
    if (this.#left < 1) return Math.ceil(((1 - this.#left) * 1000) / this.#perSecond);
    this.#left--;
    return 0;
  }
}

/** So many mistakes in so many milliseconds are too many. */
export class Strikes {
  readonly #most: number;
  readonly #windowMs: number;
  #times: number[] = [];

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Counts one and says whether it was one too many. */
  add(nowMs: number): boolean {
    this.#times = this.#times.filter((time) => nowMs - time < this.#windowMs);
    this.#times.push(nowMs);
    return this.#times.length >= this.#most;
  }
}
