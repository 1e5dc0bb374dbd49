/**
 * A seeded source of chance (sfc32: 128 bits of state, no bias worth mentioning, four additions a number). The same
 * seed gives the same numbers on every engine; only the four draws below are ever taken from it, and the two that need
 * a logarithm are rounded by their callers to ticks, lots or milliseconds.
 */

/** The smallest a uniform draw may be where its logarithm is taken. */
const TINY = 2 ** -33;

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Any text is a seed, so that each symbol can have a stream of its own: `new Random('7:SCOM')`. */
  constructor(seed: string | number) {
    const text = String(seed);
    this.#a = hash(text, 0x9e3779b9);
    this.#b = hash(text, 0x243f6a88);
    this.#c = hash(text, 0xb7e15162);
    for (let i = 0; i < 15; i++) this.uniform();
  }

  /** From 0 up to, but never, 1. */
  uniform(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but never, `end`. */
  below(end: number): number {
    return Math.floor(this.uniform() * end);
  }

  isChance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** The wait for the next of `ratePerSecond` random arrivals, in milliseconds. */
  waitMs(ratePerSecond: number): number {
    return (-Math.log(Math.max(TINY, this.uniform())) * 1000) / ratePerSecond;
  }

  /** How many times a chance fails before it succeeds: 0 is the likeliest, the mean is `(1 - p) / p`. */
  geometric(probability: number): number {
    return Math.floor(Math.log(Math.max(TINY, this.uniform())) / Math.log(1 - probability));
  }

  /** Mean 0, deviation 1; the sum of twelve uniforms is normal enough for sizes and drift, and never beyond 6. */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }
}

/** FNV-1a over the text from a start of its own, then mixed. */
const hash = (text: string, start: number): number => {
  let h = start | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
};
