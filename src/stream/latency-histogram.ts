/**
 * Latencies as counts in buckets that grow by a tenth each, so that a percentile is right to 5 % from a tenth of a
 * millisecond to a day, and noting one costs the same however many there were. Two halves take turns by the clock: what
 * is read speaks of the last half minute to minute, never of yesterday. The buckets are the same for all, so that any
 * number of histograms add up.
 */

export interface LatencyFigures {
  /** Half of them took no longer, in milliseconds; NaN while there are none. */
  readonly p50: number;
  /** 95 % of them took no longer, in milliseconds; NaN while there are none. */
  readonly p95: number;
  /** 99 % of them took no longer, in milliseconds; NaN while there are none. */
  readonly p99: number;
  /** How many these figures speak of. */
  readonly count: number;
}

/** How long each half is written to. */
export const HALF_MS = 30_000;
/** What is shorter is all one: clocks of pages see no finer. */
const LEAST_MS = 0.1;
const GROWTH = Math.log(1.1);
/** The first is for all below the least; the last reaches a day and takes what is beyond it too. */
const BUCKETS = 2 + Math.ceil(Math.log(86_400_000 / LEAST_MS) / GROWTH);

export class LatencyHistogram {
  #current = new Uint32Array(BUCKETS);
  #previous = new Uint32Array(BUCKETS);
  #half = 0;

  /**
   * Notes so many of one latency. What is negative or no number was not measured: it counts nowhere. `at`: by the same
   * clock for all calls, one that is not set, in milliseconds.
   */
  record(latencyMs: number, at: number, times = 1): void {
    if (!(latencyMs >= 0)) return;
    this.#turn(at);
    const bucket = latencyMs < LEAST_MS ? 0 : 1 + Math.floor(Math.log(latencyMs / LEAST_MS) / GROWTH);
    this.#current[Math.min(bucket, BUCKETS - 1)]! += times;
  }

  read(at: number): LatencyFigures {
    this.#turn(at);
    let count = 0;
    for (let i = 0; i < BUCKETS; i += 1) count += this.#current[i]! + this.#previous[i]!;
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => this.#reaches(Math.ceil(count * share)));
    return { p50: p50!, p95: p95!, p99: p99!, count };
  }

  /** The latency of the `rank`-th from below, counted from 1; NaN for none. */
  #reaches(rank: number): number {
    let seen = 0;
    for (let i = 0; rank > 0 && i < BUCKETS; i += 1) {
      seen += this.#current[i]! + this.#previous[i]!;
      // The middle of its bucket, as factors go.
      if (seen >= rank) return i === 0 ? LEAST_MS / 2 : LEAST_MS * Math.exp((i - 0.5) * GROWTH);
    }
    return Number.NaN;
  }

  #turn(at: number): void {
    const half = Math.floor(at / HALF_MS);
    if (half === this.#half) return;
    const free = this.#previous;
    this.#previous = this.#current;
    this.#current = free;
    free.fill(0);
    if (half !== this.#half + 1) this.#previous.fill(0);
    this.#half = half;
  }
}
