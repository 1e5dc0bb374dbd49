/**
 * The waterfall of a page whose feed is in a worker: the stages `delivery`, `paint` and `total` of what the worker handed
 * over. `delivery` begins where the worker has applied a change; how long a tick was on its way is told by the clock that
 * page and worker have in common, and by none when somebody has set it meanwhile.
 */
import { type Trace, JUMP_MS, Waterfall } from '../waterfall.js';

export class RemoteWaterfall extends Waterfall {
  readonly #now: () => number;
  #skewMs = Number.NaN;
  /** When the change that is noted was applied in the worker, by our clock; NaN for one that no frame has brought. */
  #changedAt = Number.NaN;
  #venueMs = Number.NaN;

  constructor(now: () => number) {
    super(now);
    this.#now = now;
  }

  /** How long a tick was on its way; NaN when that cannot be said. Both times by the common clock. */
  wayMs(sentAt: number, wallNow: number): number {
    const skewMs = wallNow - this.#now();
    const wasSet = Math.abs(skewMs - this.#skewMs) > JUMP_MS;
    this.#skewMs = skewMs;
    return wasSet || wallNow < sentAt ? Number.NaN : wallNow - sentAt;
  }

  /** What is noted next changed so long ago, and had taken so long to get there. */
  handedOver(agoMs: number, venueMs: number): void {
    this.#changedAt = this.#now() - agoMs;
    this.#venueMs = venueMs;
  }

  override changed(trace: Trace): void {
    if (Number.isNaN(this.#changedAt) || !Number.isNaN(trace.changedAt)) return;
    trace.changedAt = this.#changedAt;
    trace.venueMs = this.#venueMs;
  }
}
