import { Book, type LevelText } from '../src/book/book.js';
import type { Instrument, TradingPhase } from '../src/book/instrument.js';
import type { MarketStream, StreamMetrics, StreamStatus, Ticker } from '../src/stream/market-stream.js';
import type { Verdict } from '../src/stream/verdict.js';

/** What a still picture shows. Everything left out is as good as it can be. */
export interface Still {
  readonly verdict?: Partial<Verdict>;
  readonly status?: Partial<StreamStatus>;
  /** Milliseconds since the last data. */
  readonly ageMs?: number;
  readonly levels?: { readonly bids: readonly LevelText[]; readonly asks: readonly LevelText[] } | 'none';
  /** Levels a side of a snapshot that has not all of them. */
  readonly covers?: number;
  readonly last?: Partial<Ticker>;
  readonly metrics?: Partial<StreamMetrics>;
  /** Default `continuous`. */
  readonly phase?: TradingPhase;
}

const NOW = 1_795_339_254_616;

export const SCOM: Instrument = {
  symbol: 'SCOM',
  name: 'Safaricom PLC',
  currency: 'KES',
  tickTable: [
    ['0', '0.01'],
    ['5', '0.02'],
    ['10', '0.05'],
    ['50', '0.25'],
  ],
  lotSize: '100',
  priceBand: ['15.80', '19.30'],
  phase: 'continuous',
  orderTypes: ['market', 'limit', 'stop', 'stop_limit'],
  timesInForce: ['day', 'gtc', 'ioc', 'fok'],
  takerFee: '0.0012',
};

/** A book that an auction crosses: somebody bids 17.65, somebody asks 17.40. */
export const crossedLevels = (): { bids: LevelText[]; asks: LevelText[] } => {
  const { bids, asks } = levelsAround(12);
  return { bids: [['17.65', '600'], ['17.60', '300'], ...bids], asks: [['17.40', '500'], ['17.50', '800'], ...asks] };
};

/** A book of so many levels a side around 17.50 / 17.55, the same every time. */
export function levelsAround(depth: number): { bids: LevelText[]; asks: LevelText[] } {
  let seed = 7;
  const next = (): number => (seed = (seed * 16_807) % 2_147_483_647);
  const side = (start: number, step: number): LevelText[] =>
    Array.from({ length: depth }, (_, i) => [((start + step * i) / 100).toFixed(2), String(((next() % 60) + 3) * 100)]);
  return { bids: side(1750, -5), asks: side(1755, 5) };
}

const ARRIVAL = { p50: 6.2, p95: 14, p99: 23, count: 2_711 };

const METRICS: StreamMetrics = {
  messageCount: 18_204,
  frameCount: 9_102,
  dataRate: 48,
  averageRate: 46.2,
  applied: 17_630,
  unchanged: 471,
  control: 103,
  activeSymbolCount: 6,
  delivered: 3_812,
  conflated: 14_486,
  conflationRatio: 4.8,
  painted: 3_790,
  queueAgeMs: 42,
  refused: 0,
  ignored: 0,
  dropped: 0,
  resyncs: 1,
  gaps: 1,
  reconnects: 2,
  latency: ARRIVAL,
  waterfall: {
    arrival: ARRIVAL,
    apply: { p50: 0.2, p95: 0.6, p99: 1.4, count: 2_640 },
    delivery: { p50: 48, p95: 93, p99: 101, count: 571 },
    paint: { p50: 8.3, p95: 16, p99: 24, count: 568 },
    total: { p50: 63, p95: 118, p99: 139, count: 568 },
  },
  buffered: 0,
  mode: 'full',
  roundTripMs: 9,
};

/**
 * A stream that stands still: every state of the elements on demand, with no server, no clock and no chance. For living
 * data the stories use the market inside the page, `demo:`.
 */
export function stillStream(still: Still = {}): MarketStream {
  const dataAt = NOW - (still.ageMs ?? 100);
  const levels = still.levels ?? levelsAround(24);
  const book = new Book('SCOM', { priceScale: 2 });
  if (levels !== 'none') {
    const { covers } = still;
    book.applySnapshot({ epoch: 'still', sequence: 1, eventTime: dataAt, covers, ...levels }, true);
  }
  const verdict: Verdict = {
    state: 'live',
    reason: 'ok',
    verified: { by: 'sequence' },
    since: dataAt,
    dataAt: levels === 'none' ? 0 : dataAt,
    ...still.verdict,
  };
  const status: StreamStatus = {
    state: 'open',
    reason: 'ok',
    attempt: 0,
    maxAttempts: 10,
    retryAt: 0,
    dialect: 'touchline',
    closeCode: 0,
    connections: 1,
    openConnections: 1,
    since: NOW - 60_000,
    ...still.status,
  };
  const ticker: Ticker = {
    symbol: 'SCOM',
    price: '17.55',
    volume: '98200',
    high: '17.80',
    low: '17.20',
    change: '0.05',
    changePercent: '0.29',
    eventTime: dataAt,
    receiveTime: dataAt,
    ...still.last,
  };
  const { phase = 'continuous' } = still;
  const isOurs = (symbol: string): boolean => symbol === 'SCOM';
  const unsubscribe = (): void => {};
  return {
    src: 'still:',
    clockOffset: 0,
    throttled: false,
    state: status.state,
    status,
    now: () => NOW,
    subscribe: () => unsubscribe,
    observe: () => unsubscribe,
    book: (symbol) => (isOurs(symbol) && levels !== 'none' ? book : undefined),
    ticker: (symbol) => (isOurs(symbol) ? ticker : undefined),
    trades: () => [],
    instrument: (symbol) => (isOurs(symbol) ? { ...SCOM, phase } : undefined),
    phase: () => phase,
    verdict: () => verdict,
    marketData: [ticker],
    orderBooks: levels === 'none' ? [] : [book],
    metrics: () => ({ ...METRICS, ...still.metrics }),
    record: () => Promise.resolve('{"touchline-flight":1}\n'),
    connect: unsubscribe,
    disconnect: unsubscribe,
    reconnect: unsubscribe,
    request: () => Promise.reject(new Error('A still stream takes no requests.')),
    onPrivate: () => unsubscribe,
  };
}
