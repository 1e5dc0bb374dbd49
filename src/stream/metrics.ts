/**
 * What a stream counts. Cheap to feed, exact to read; nothing here grows with time. A message is counted once, with what
 * became of it, by whoever read it from the wire: so the kinds add up to all that came.
 */
import type { DeliveryFigures } from './delivery.js';
import type { StreamMetrics } from './market-stream.js';
import type { Waterfall } from './waterfall.js';

/** What can become of a message. Of a frame of a venue, which is one message, the last of these that happened in it. */
export const FATES = ['control', 'ignored', 'unchanged', 'applied', 'refused'] as const;
export type Fate = (typeof FATES)[number];

export class Meter {
  /** Whoever sees one happen counts it here. */
  readonly counts = {
    applied: 0,
    unchanged: 0,
    control: 0,
    ignored: 0,
    refused: 0,
    frameCount: 0,
    dropped: 0,
    resyncs: 0,
    gaps: 0,
    reconnects: 0,
  };
  readonly waterfall: Waterfall;
  readonly #startedAt: number;
  #second = 0;
  #thisSecond = 0;
  #lastSecond = 0;

  constructor(now: number, waterfall: Waterfall) {
    this.#startedAt = now;
    this.waterfall = waterfall;
  }

  /** All messages so far. */
  get messageCount(): number {
    const { applied, unchanged, control, ignored, refused } = this.counts;
    return applied + unchanged + control + ignored + refused;
  }

  /** Counts one message. `symbol`: of one that was applied. */
  count(fate: Fate, now: number, symbol = ''): void {
    this.counts[fate] += 1;
    if (fate === 'applied') this.waterfall.applied(symbol);
    this.#turn(now);
    this.#thisSecond += 1;
  }

  read(now: number): Omit<StreamMetrics, 'activeSymbolCount' | keyof DeliveryFigures | 'mode' | 'roundTripMs'> {
    this.#turn(now);
    const { messageCount } = this;
    const seconds = (now - this.#startedAt) / 1_000;
    const waterfall = this.waterfall.read();
    return {
      ...this.counts,
      messageCount,
      dataRate: this.#lastSecond,
      averageRate: seconds > 0 ? messageCount / seconds : 0,
      latency: waterfall.arrival,
      waterfall,
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
