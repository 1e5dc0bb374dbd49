/**
 * How often something comes, learnt from when it came, so that a silence can be judged: what is nothing for a thin stock
 * is a standstill for a busy one. Gaps between messages spread over decades rather than around a mean, so it is their
 * logarithms that are averaged; and one long gap must not teach patience, so each counts no more than twice what was
 * plausible before it. Pure, of fixed size, by the times that are handed in.
 */

/** What comes within this is one arrival: a frame may hold ten messages, and a burst is no rhythm. */
const ONE_ARRIVAL_MS = 50;
/** So many of the newest gaps count, about. */
const MEMORY = 32;
/** Gaps from which on there is a rhythm. */
const LEARNT_AFTER = 8;
/** A silence of so many deviations is plausible. */
const DEVIATIONS = 4;
/** So are this many usual gaps, however even they are; more than this many of the longest is not, however uneven. */
const FACTOR = 3;
/** The bounds of what is judged plausible: under it every pause would alarm, over it none. */
export const LEAST_SILENCE_MS = 1_500;
export const LONGEST_SILENCE_MS = 60_000;
/** What is plausible before a rhythm is learnt. */
export const UNLEARNT_SILENCE_MS = 5_000;

export class Rhythm {
  /** When the newest arrival began; NaN when the gap before the next one teaches nothing. */
  #arrivedAt = Number.NaN;
  #count = 0;
  #mean = 0;
  #variance = 0;
  /** The longest gap, fading as others come. */
  #longest = 0;
  /** How long a silence is nothing out of the ordinary, in milliseconds. */
  plausibleMs = UNLEARNT_SILENCE_MS;

  get isLearnt(): boolean {
    return this.#count >= LEARNT_AFTER;
  }

  heard(now: number): void {
    const gap = now - this.#arrivedAt;
    // Also for a gap below zero: the clock was set back.
    if (gap >= 0 && gap < ONE_ARRIVAL_MS) return;
    this.#arrivedAt = now;
    if (gap > 0) this.#learn(Math.min(gap, 2 * this.plausibleMs));
  }

  /** What lies between the last message and the next is no gap: the link was lost, or nothing ran. */
  skip(): void {
    this.#arrivedAt = Number.NaN;
  }

  #learn(gap: number): void {
    this.#count = Math.min(MEMORY, this.#count + 1);
    const weight = 1 / this.#count;
    const distance = Math.log(gap) - this.#mean;
    this.#mean += weight * distance;
    this.#variance = (1 - weight) * (this.#variance + weight * distance * distance);
    this.#longest = Math.max(gap, this.#longest * (1 - 1 / MEMORY));
    if (!this.isLearnt) return;
    const usual = Math.exp(this.#mean + Math.max(Math.log(FACTOR), DEVIATIONS * Math.sqrt(this.#variance)));
    const plausible = Math.min(usual, FACTOR * this.#longest);
    this.plausibleMs = Math.min(LONGEST_SILENCE_MS, Math.max(LEAST_SILENCE_MS, plausible));
  }
}
