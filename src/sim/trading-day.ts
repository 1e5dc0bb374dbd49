/** The day of a market as a clock of phases: before the open, an auction, trading, closed, and again. */
import type { TradingPhase } from '../book/instrument.js';

/** How long each phase lasts, in milliseconds. All above 0. */
export type DayLengths = Readonly<Record<(typeof ORDER)[number], number>>;

const ORDER = ['pre_open', 'auction', 'continuous', 'closed'] as const satisfies readonly TradingPhase[];

/** A day in under three minutes: 20 s before the open, 10 s of auction, 120 s of trading, 10 s closed. */
export const COMPRESSED_DAY: DayLengths = { pre_open: 20_000, auction: 10_000, continuous: 120_000, closed: 10_000 };

export class TradingDay {
  readonly #lengths: DayLengths;
  #phase: (typeof ORDER)[number];
  #endsAtMs: number;

  /** Begins a phase of the day, or the day where the phase is none of it. Throws a RangeError at a length that is none. */
  constructor(lengths: DayLengths, phase: TradingPhase | undefined, startMs: number) {
    for (const name of ORDER) {
      const length = lengths[name];
      if (!(length > 0) || !Number.isFinite(length)) {
        throw new RangeError(`the length of ${name} must be a number above 0, got ${length}`);
      }
    }
    this.#lengths = lengths;
    this.#phase = ORDER.find((name) => name === phase) ?? ORDER[0];
    this.#endsAtMs = startMs + lengths[this.#phase];
  }

  get phase(): TradingPhase {
    return this.#phase;
  }

  get endsAtMs(): number {
    return this.#endsAtMs;
  }

  /** Goes on to the next phase, which begins when this one ends. */
  turn(): TradingPhase {
    this.#phase = ORDER[(ORDER.indexOf(this.#phase) + 1) % ORDER.length] ?? ORDER[0];
    this.#endsAtMs += this.#lengths[this.#phase];
    return this.#phase;
  }

  /** Lets time pass in which nothing happened. */
  skip(ms: number): void {
    this.#endsAtMs += ms;
  }
}
