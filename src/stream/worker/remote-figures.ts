/**
 * The figures of a page whose feed is in a worker. What came in is the worker's to count; what was told and shown is the
 * page's; how it all copes is the worse of both.
 */
import type { Clock } from '../clock.js';
import type { DeliveryFigures } from '../delivery.js';
import type { Load } from '../load.js';
import type { StreamMetrics } from '../market-stream.js';
import { METRICS_BEFORE } from './before-any.js';
import type { RemoteMarket } from './remote-market.js';
import type { RemoteWaterfall } from './remote-waterfall.js';
import type { Tick } from './worker-messages.js';

export interface RemoteFiguresParts {
  readonly clock: Clock;
  readonly load: Pick<Load, 'mode'>;
  readonly waterfall: RemoteWaterfall;
  readonly market: Pick<RemoteMarket, 'size' | 'dropped'>;
}

export class RemoteFigures {
  readonly #parts: RemoteFiguresParts;
  #inWorker = METRICS_BEFORE;
  /** Since when the oldest change has waited in the worker, as far as it has said; NaN for none. */
  #waitingSince = Number.NaN;

  constructor(parts: RemoteFiguresParts) {
    this.#parts = parts;
  }

  /** The worker may keep up where the page does not, and the reverse. */
  get mode(): StreamMetrics['mode'] {
    const modes = [this.#parts.load.mode, this.#inWorker.mode];
    return (['shallower', 'slower'] as const).find((mode) => modes.includes(mode)) ?? 'full';
  }

  /** Takes in what the worker says. `isHandedOver`: something that had waited was. */
  take({ at, news }: Tick, isHandedOver: boolean): void {
    const { metrics } = news ?? {};
    if (metrics !== undefined) this.#waitingSince = at - (metrics.queueAgeMs || Number.NaN);
    else if (isHandedOver) this.#waitingSince = Number.NaN;
    this.#inWorker = metrics ?? this.#inWorker;
  }

  /** There is no worker: what it counted is what was, and how it is doing is not known any more. */
  lost(): void {
    this.#inWorker = { ...this.#inWorker, mode: 'full', buffered: 0 };
    this.#waitingSince = Number.NaN;
  }

  read(here: DeliveryFigures): StreamMetrics {
    const { clock, market, waterfall } = this.#parts;
    const inWorker = this.#inWorker;
    const { arrival, apply } = inWorker.waterfall;
    return {
      ...inWorker,
      ...here,
      activeSymbolCount: market.size,
      // One symbol may wait on both sides.
      buffered: Math.max(inWorker.buffered, here.buffered),
      queueAgeMs: Math.max(here.queueAgeMs, clock.now() - this.#waitingSince || 0),
      dropped: inWorker.dropped + market.dropped,
      waterfall: { ...waterfall.read(), arrival, apply },
      mode: this.mode,
    };
  }
}
