/**
 * Pongs prove a link, not the feed behind it: a server whose source has died answers every ping and sends no data. One
 * symbol that falls silent proves nothing. But symbols that were busy up to one moment, and from then on nothing of any of
 * them nor of any other, is no market.
 *
 * The rule. Witnesses are the symbols that had a quick rhythm and kept it until the last data of the link. When the link
 * has brought no data for longer than any witness finds plausible, the silence has a name. It is a standstill when it has
 * lasted for ten seconds (thirty shared out among the witnesses, if that is longer), for three times the longest silence
 * that this link had before, and when the link had been heard for at least as long: whom we hardly know we cannot miss.
 * Only time that was lived through counts.
 */
import type { Rhythm } from './rhythm.js';

/** A rhythm within which something comes about once a second or more often makes a symbol a witness. */
const BUSY_MS = 5_000;
/** The least that a standstill lasts. */
const STANDSTILL_MS = 10_000;
/** One witness alone may have good reasons to say nothing. */
const LONE_STANDSTILL_MS = 30_000;
/** A standstill is longer than so many of the longest silence before. */
const FACTOR = 3;
/** After how long a long silence counts half. */
const HALF_LIFE_MS = 600_000;

/** What is known of a symbol of the link. */
export interface Witness {
  /** When its data last changed. */
  readonly changedAt: number;
  readonly rhythm: Pick<Rhythm, 'isLearnt' | 'plausibleMs'>;
}

export type Silence = 'none' | 'named' | 'standstill';

export class FeedSilence {
  /** When data of any symbol last came; NaN before the first. */
  #heardAt = Number.NaN;
  /** Since when nothing has been missed. */
  #livedSince: number;
  /** When the run of data began that the next silence ends. */
  #livelySince = Number.NaN;
  #longest = 0;
  #longestAt = 0;
  /** Counted once for each silence, since none of it changes until something comes. */
  #witnesses: { readonly count: number; readonly slowestMs: number } | undefined;

  constructor(now: number) {
    this.#livedSince = now;
  }

  heard(now: number): void {
    const since = Math.max(this.#heardAt, this.#livedSince);
    if (Number.isNaN(since)) this.#livelySince = now;
    else if (now - since > this.#longestNow(now)) {
      this.#longest = now - since;
      this.#longestAt = now;
    }
    this.#heardAt = now;
    this.#witnesses = undefined;
  }

  /** The symbols are other ones than before. */
  forgetWitnesses(): void {
    this.#witnesses = undefined;
  }

  /** Nothing ran for a while: what was missed then was missed by us. */
  skip(now: number): void {
    this.#livedSince = now;
    this.#livelySince = now;
  }

  /** How the silence is to be taken. `symbols` are all that the link has. */
  judge(now: number, symbols: () => Iterable<Witness>): Silence {
    const silentMs = now - Math.max(this.#heardAt, this.#livedSince);
    if (!(silentMs > 0)) return 'none';
    const { count, slowestMs } = (this.#witnesses ??= this.#count(symbols()));
    if (count === 0) return 'none';
    const alone = Math.max(STANDSTILL_MS, LONE_STANDSTILL_MS / count);
    const patience = Math.max(alone, slowestMs, FACTOR * this.#longestNow(now));
    if (silentMs >= patience && this.#heardAt - this.#livelySince >= patience) return 'standstill';
    // One alone is no more than quiet for a while.
    return silentMs >= (count > 1 ? slowestMs : Math.max(slowestMs, STANDSTILL_MS)) ? 'named' : 'none';
  }

  #longestNow(now: number): number {
    return this.#longest * 0.5 ** (Math.max(0, now - this.#longestAt) / HALF_LIFE_MS);
  }

  #count(symbols: Iterable<Witness>): { count: number; slowestMs: number } {
    let count = 0;
    let slowestMs = 0;
    for (const { changedAt, rhythm } of symbols) {
      const { isLearnt, plausibleMs } = rhythm;
      if (!isLearnt || plausibleMs > BUSY_MS || this.#heardAt - changedAt > plausibleMs) continue;
      count += 1;
      slowestMs = Math.max(slowestMs, plausibleMs);
    }
    return { count, slowestMs };
  }
}
