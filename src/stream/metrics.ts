/** What a stream counts. Cheap to feed, exact to read; nothing here grows with time. */
import type { StreamMetrics } from './market-stream.js';

/** Percentiles are those of so many newest latencies. */
const KEPT_LATENCIES = 1_000;

export class Meter {
  /** Whoever sees one happen counts it here. */
  readonly counts = {
    messageCount: 0,
    frameCount: 0,
    refused: 0,
    ignored: 0,
    dropped: 0,
    resyncs: 0,
    gaps: 0,
    reconnects: 0,
  };
  readonly #startedAt: number;
  readonly #latencies: number[] = [];
  #nextLatency = 0;
  #second = 0;
  #thisSecond = 0;
  #lastSecond = 0;

  constructor(now: number) {
    this.#startedAt = now;
  }

  countMessage(now: number): void {
    this.counts.messageCount += 1;
    this.#turn(now);
    this.#thisSecond += 1;
  }

  addLatency(latencyMs: number): void {
    this.#latencies[this.#nextLatency] = latencyMs;
    this.#nextLatency = (this.#nextLatency + 1) % KEPT_LATENCIES;
  }

  read(
    now: number,
  ): Omit<StreamMetrics, 'activeSymbolCount' | 'conflationRatio' | 'buffered' | 'mode' | 'roundTripMs'> {
    this.#turn(now);
    const seconds = (now - this.#startedAt) / 1_000;
    const sorted = Float64Array.from(this.#latencies).sort();
    /** What the share `rank` of them does not exceed. */
    const percentile = (rank: number): number => sorted[Math.ceil(sorted.length * rank) - 1] ?? Number.NaN;
    return {
      ...this.counts,
      dataRate: this.#lastSecond,
      averageRate: seconds > 0 ? this.counts.messageCount / seconds : 0,
      latency: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) },
    };
  }

  #turn(now: number): void {
    const second = Math.floor(now / 1_000);
    if (second === this.#second) return;
    this.#lastSecond = second === this.#second + 1 ? this.#thisSecond : 0;
    this.#thisSecond = 0;
    this.#second = second;
  }
}
