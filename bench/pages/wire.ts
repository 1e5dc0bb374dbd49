/**
 * In the page: ten books on the screen, and the stream of a thousand symbols that feeds them in a worker, in the page itself,
 * or not at all: then the ten books change by themselves, as often and as much. Reports what it holds when all has come.
 */
import type { SideView } from '../../src/book/book-view.js';
import '../../src/define/order-book.js';
import { createMarketStream, type OwnedMarketStream } from '../../src/stream/market-stream-core.js';
import type { StreamMetrics } from '../../src/stream/market-stream.js';
import { createWorkerStream } from '../../src/stream/worker/worker-stream.js';
import { StillStream } from '../support/still-stream.js';

export type Where = 'worker' | 'page' | 'none';

export interface WireBook {
  readonly sequence: number;
  readonly verdict: string;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

export interface WireReport {
  readonly metrics: StreamMetrics | undefined;
  readonly thread: string;
  readonly longTasks: readonly number[];
  readonly errors: readonly string[];
  readonly books: Readonly<Record<string, WireBook | undefined>>;
}

/** Levels a side that are wanted of every symbol, and compared at the end. */
const DEPTH = 50;
/** How often a symbol that nobody sees is told of: it is followed, not shown. */
const UNSEEN_MS = 2_000;

const query = new URLSearchParams(location.search);
const where = query.get('where') as Where;
const src = query.get('src') ?? '';
const symbols = Array.from({ length: Number(query.get('symbols')) }, (_, i) => `S${String(i).padStart(4, '0')}`);
const shown = symbols.slice(0, Number(query.get('books')));
const longTasks: number[] = [];
const errors: string[] = [];

addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const stream: OwnedMarketStream | undefined = where === 'none' ? undefined : makeStream();
const still = stream === undefined ? new StillStream(shown) : undefined;
for (const symbol of shown) {
  const book = document.createElement('order-book');
  book.symbol = symbol;
  book.stream = stream ?? still;
  document.getElementById('books')!.append(book);
}
stream?.subscribe(symbols, () => {}, { depth: DEPTH, throttle: UNSEEN_MS });
while (stream !== undefined && symbols.some((symbol) => stream.book(symbol) === undefined)) await pass(100);
still?.start();

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longTasks.push(duration);
}).observe({ type: 'longtask' });

// Answered when the load has ended.
await fetch('/ready', { method: 'POST' });
const metrics = stream?.metrics();
await pass(2 * UNSEEN_MS);
const report: WireReport = {
  metrics,
  thread: stream === undefined ? 'none' : JSON.stringify(stream.thread ?? 'page'),
  longTasks,
  errors,
  books: stream === undefined ? {} : Object.fromEntries(symbols.map((symbol) => [symbol, bookOf(stream, symbol)])),
};
await fetch('/report', { method: 'POST', body: JSON.stringify(report) });

function makeStream(): OwnedMarketStream {
  const onError = ({ message }: { message: string }): void => void errors.push(message);
  const workerUrl = '/worker.js';
  return where === 'worker' ? createWorkerStream({ src, onError, workerUrl }) : createMarketStream({ src, onError });
}

function bookOf(from: OwnedMarketStream, symbol: string): WireBook | undefined {
  const book = from.book(symbol);
  if (book === undefined) return undefined;
  const { sequence, priceScale, sizeScale, bids, asks } = book;
  // In cents, as the server counts.
  const levels = (side: SideView): [number, number][] =>
    Array.from({ length: Math.min(DEPTH, side.length) }, (_, i) => [
      (side.priceAt(i) * 100) / 10 ** priceScale,
      side.sizeAt(i) / 10 ** sizeScale,
    ]);
  return { sequence, verdict: from.verdict(symbol).state, bids: levels(bids), asks: levels(asks) };
}
