/**
 * When to ask for a new snapshot of one symbol: at once for the first fault, then with a gap that doubles to a minute.
 * Every minute without a fault takes one doubling back, so that a venue whose books fail again and again, each time
 * after a few good seconds, is asked once a minute at most, and a lone fault an hour later is mended at once.
 */

/** Shortest time between two requests for one symbol. */
export const RESYNC_GAP_MS = 1_000;
const LONGEST_RESYNC_GAP_MS = 60_000;
/** How long a snapshot may take before it is asked for again. */
export const SNAPSHOT_TIMEOUT_MS = 5_000;
/** A book that was good for this long takes one doubling back. */
const HEALING_MS = 60_000;

export class ResyncPlan {
  readonly #ask: (now: number) => boolean;
  #failures = 0;
  #askAt = Infinity;
  #askedAt = -Infinity;
  #syncedAt = -Infinity;
  #isSynced = false;

  /** `ask` asks for a snapshot. False when that is not possible just now; it is asked again soon. */
  constructor(ask: (now: number) => boolean) {
    this.#ask = ask;
  }

  /** A snapshot will come by itself; it is asked for after `patienceMs`. */
  expect(now: number, patienceMs = SNAPSHOT_TIMEOUT_MS): void {
    this.#failures = 0;
    this.#isSynced = false;
    this.#askAt = now + patienceMs;
  }

  /** Nothing is expected any more. */
  stop(): void {
    this.#isSynced = false;
    this.#askAt = Infinity;
  }

  /** The book is right. */
  synced(now: number): void {
    this.#isSynced = true;
    this.#syncedAt = now;
    this.#askAt = Infinity;
  }

  /** The book, or a snapshot of it, is wrong. Asks at once where that is allowed. */
  fault(now: number): void {
    const healed = this.#isSynced ? Math.floor(Math.max(0, now - this.#syncedAt) / HEALING_MS) : 0;
    this.#failures = Math.max(0, this.#failures - healed) + 1;
    this.#isSynced = false;
    this.#askAt = Math.max(now, this.#askedAt + gapAfter(this.#failures - 2));
    if (this.#askAt <= now) this.#askNow(now);
  }

  /** Called a few times a second. */
  pulse(now: number): void {
    // A clock that was set back must not put the next request off for long.
    if (this.#askedAt > now) this.#askedAt = now;
    if (this.#askAt !== Infinity) this.#askAt = Math.min(this.#askAt, now + LONGEST_RESYNC_GAP_MS);
    if (now >= this.#askAt) this.#askNow(now);
  }

  #askNow(now: number): void {
    const [askedAt, askAt] = [this.#askedAt, this.#askAt];
    // Before it is sent: a transport within the page may answer at once.
    this.#askedAt = now;
    this.#askAt = now + Math.max(SNAPSHOT_TIMEOUT_MS, gapAfter(this.#failures));
    if (!this.#ask(now)) [this.#askedAt, this.#askAt] = [askedAt, askAt];
  }
}

/** The shortest time to the next request. */
const gapAfter = (failures: number): number =>
  Math.min(LONGEST_RESYNC_GAP_MS, RESYNC_GAP_MS * 2 ** Math.max(0, failures));
