/**
 * What the flight recorder costs: 20,000 small frames a second through link, guards and book, with it and without; what it
 * holds; and how long an export of all that it may hold takes, with the longest task in it.
 * `node --expose-gc --import tsx bench/recorder.ts`.
 */
import { createMarketStream, type OwnedMarketStream } from '../src/stream/market-stream-core.js';
import type { TransportEvents } from '../src/stream/transport/transport.js';

const FRAMES_A_SECOND = 20_000;
const SECONDS = 5;
const ROUNDS = 9;
const SYMBOLS = Array.from({ length: 100 }, (_, i) => `S${i}`);
const DEPTH = 50;

interface Bench {
  readonly stream: OwnedMarketStream;
  push(text: string): void;
  pass(ms: number): void;
  /** Runs what waits for its time. */
  run(): void;
}

/** Time stands where it is put; timers run when they are asked to. */
function makeBench(recorderSize: number): Bench {
  let now = 1_795_339_254_000;
  let timers: (() => void)[] = [];
  let events: TransportEvents | undefined;
  const stream = createMarketStream({
    src: 'ws://bench/',
    recorderSize,
    clock: {
      now: () => now,
      setTimer(callback) {
        timers.push(callback);
        return () => (timers = timers.filter((timer) => timer !== callback));
      },
    },
    scheduler: { request: () => () => {} },
    wake: () => () => {},
    transport: (_src, given) => {
      events = given;
      return { open: () => given.onOpen(), close() {}, send: () => true };
    },
  });
  const push = (message: unknown): void => events!.onMessage(JSON.stringify(message));
  const run = (): void => {
    const due = timers;
    timers = [];
    for (const timer of due) timer();
  };
  stream.subscribe(SYMBOLS, () => {}, { depth: DEPTH });
  const limits = { symbols: 1_000, messagesPerSecond: 50, ordersPerSecond: 10, messageBytes: 65_536 };
  const features = ['book', 'batch', 'trades'];
  push({
    type: 'welcome',
    id: 'hello',
    data: { protocol: 1, session: 's', serverTime: now, heartbeatMs: 15_000, features, limits, authRequired: [] },
  });
  run();
  const levels = (from: number, step: number) =>
    Array.from({ length: DEPTH }, (_, i) => [(from + i * step).toFixed(2), '100']);
  for (const symbol of SYMBOLS) {
    const data = { symbol, depth: DEPTH, bids: levels(100, -0.01), asks: levels(100.01, 0.01), timestamp: now };
    push({ type: 'order_book_snapshot', stream: `book:${symbol}`, epoch: 'e', seq: 0, data });
  }
  if (SYMBOLS.some((symbol) => stream.book(symbol)?.bids.length !== DEPTH)) throw new Error('a book did not begin');
  return { stream, push: (text) => events!.onMessage(text), pass: (ms) => (now += ms), run };
}

/** The same frames for all: each changes two levels near the touch. */
const frames = Array.from({ length: FRAMES_A_SECOND * SECONDS }, (_, i) => {
  const symbol = SYMBOLS[i % SYMBOLS.length]!;
  const seq = Math.floor(i / SYMBOLS.length);
  const data = { symbol, bids: [[(99.9 - (i % 7) / 100).toFixed(2), `${1 + (i % 900)}`]], asks: [], timestamp: i };
  return JSON.stringify({
    type: 'order_book_delta',
    stream: `book:${symbol}`,
    epoch: 'e',
    prevSeq: seq,
    seq: seq + 1,
    data,
  });
});

/** `isFresh`: texts that nobody else holds, as a socket brings them. */
function run(recorderSize: number, isFresh = false): { ms: number; bench: Bench } {
  const bench = makeBench(recorderSize);
  // The time of the processor: others use the machine too.
  const startedAt = process.cpuUsage();
  for (const frame of frames) {
    bench.push(isFresh ? structuredClone(frame) : frame);
    bench.pass(1_000 / FRAMES_A_SECOND);
  }
  return { ms: process.cpuUsage(startedAt).user / 1_000, bench };
}

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const on: number[] = [];
const off: number[] = [];
for (let round = 0; round < ROUNDS + 2; round++) {
  for (const [size, times] of round % 2 === 0
    ? ([
        [8_388_608, on],
        [0, off],
      ] as const)
    : ([
        [0, off],
        [8_388_608, on],
      ] as const)) {
    collect();
    const { ms, bench } = run(size);
    if (bench.stream.metrics().gaps > 0) throw new Error('a frame was not applied');
    bench.stream.dispose();
    if (round >= 2) times.push(ms);
  }
}
const each = (times: readonly number[]): string => `${((median(times) / frames.length) * 1_000).toFixed(3)} us a frame`;
const pairs = on.map((ms, i) => ms / off[i]! - 1);
console.log(
  `with ${each(on)}, without ${each(off)}: ${(100 * median(pairs)).toFixed(1)} % more (median of ${ROUNDS} pairs)`,
);
console.log(`best rounds: ${(100 * (Math.min(...on) / Math.min(...off) - 1)).toFixed(1)} % more`);

collect();
const before = process.memoryUsage().heapUsed;
const { bench } = run(8_388_608, true);
collect();
console.log(`heap held: ${((process.memoryUsage().heapUsed - before) / 1e6).toFixed(1)} MB`);

let longest = 0;
let text: string | undefined;
void bench.stream.record({ private: false }).then((written) => (text = written));
while (text === undefined) {
  const startedAt = performance.now();
  bench.run();
  await new Promise(setImmediate);
  longest = Math.max(longest, performance.now() - startedAt);
}
console.log(`export: ${(text.length / 1e6).toFixed(1)} million characters, longest task ${longest.toFixed(0)} ms`);
