/**
 * Tells when time has passed in which nothing ran: the machine slept, the page was frozen, its timers were held back, or
 * somebody set the clock. Whoever looks, looks at least a few times a second while all is well.
 */

/** Longer than a hidden tab's timers take at first, and than any task of a page that can be used. */
const MOST_BETWEEN_MS = 2_000;

export class LivedTime {
  #lookedAt: number;

  constructor(now: number) {
    this.#lookedAt = now;
  }

  /** Begins anew: what lay before was nobody's to look at. */
  begin(now: number): void {
    this.#lookedAt = now;
  }

  /** How much has passed unseen since the last look, in milliseconds; 0 while all is well, `Infinity` when the clock went back. */
  unseen(now: number): number {
    const passed = now - this.#lookedAt;
    if (passed < 0) return Infinity;
    return passed > MOST_BETWEEN_MS ? passed : 0;
  }

  /** As `unseen`, and looks. */
  look(now: number): number {
    const unseen = this.unseen(now);
    this.#lookedAt = now;
    return unseen;
  }
}
