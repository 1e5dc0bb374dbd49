/** A full bar may shrink by this share of itself a second: bars that breathe with every change cannot be compared. */
const SHRINK_PER_SECOND = 0.1;

/** The value that a full bar stands for, shared by both sides. It grows at once and shrinks slowly. */
export class ReferenceScale {
  #value = 0;
  #at = 0;

  /** Takes the largest value now painted into account and returns the value of a full bar. */
  follow(largest: number, now: number): number {
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#at = now;
    this.#value = Math.max(largest, this.#value * Math.max(0, 1 - SHRINK_PER_SECOND * seconds));
    return this.#value;
  }

  /** Starts anew, as after a change of symbol, grouping or metric. */
  reset(): void {
    this.#value = 0;
  }
}
