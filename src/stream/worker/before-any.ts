/** What a stream says of itself before it has anything to speak of: it is loaded still, or its worker is. */
import type { Clock } from '../clock.js';
import type { LatencyFigures } from '../latency-histogram.js';
import type { MarketStreamOptions } from '../market-stream-core.js';
import type { RecordOptions, StreamMetrics, StreamStatus } from '../market-stream.js';
import { venueOf } from '../stream-options.js';

const NO_FIGURES: LatencyFigures = { p50: Number.NaN, p95: Number.NaN, p99: Number.NaN, count: 0 };

export const METRICS_BEFORE: StreamMetrics = {
  messageCount: 0,
  applied: 0,
  unchanged: 0,
  control: 0,
  ignored: 0,
  refused: 0,
  frameCount: 0,
  dataRate: 0,
  averageRate: 0,
  activeSymbolCount: 0,
  delivered: 0,
  conflated: 0,
  conflationRatio: 1,
  painted: 0,
  queueAgeMs: 0,
  dropped: 0,
  resyncs: 0,
  gaps: 0,
  reconnects: 0,
  latency: NO_FIGURES,
  waterfall: { arrival: NO_FIGURES, apply: NO_FIGURES, delivery: NO_FIGURES, paint: NO_FIGURES, total: NO_FIGURES },
  buffered: 0,
  mode: 'full',
  roundTripMs: Number.NaN,
};

export const statusBefore = (maxAttempts: number, now: number): StreamStatus => ({
  state: 'idle',
  reason: 'idle',
  attempt: 0,
  maxAttempts,
  retryAt: 0,
  dialect: 'unknown',
  closeCode: 0,
  since: now,
  connections: 1,
  openConnections: 0,
});

/** The recording of a stream that has heard nothing: who it is, and no more. */
export const recordingBefore = async (
  options: Pick<MarketStreamOptions, 'src' | 'venue'>,
  { private: isPrivate = true }: RecordOptions,
  clock: Clock,
): Promise<string> => {
  const { writeFlight } = await import('../flight-file.js');
  const facts = {
    src: options.src,
    venue: venueOf(options),
    dialect: 'unknown',
    connection: 0,
    secrets: [],
    isPrivate,
  };
  return writeFlight(facts, [], clock);
};

/** Throws where nothing is to be recorded. */
export const checkRecorded = ({ recorderSize }: { readonly recorderSize: number }): void => {
  if (recorderSize === 0) throw new Error('Nothing is recorded: recorderSize is 0.');
};
