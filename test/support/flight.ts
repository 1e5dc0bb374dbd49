/** Recordings of the flight recorder, taken and played in tests. */
import {
  createMarketStream,
  type MarketStreamOptions,
  type OwnedMarketStream,
} from '../../src/stream/market-stream-core.js';
import type { RecordOptions, SubscribeOptions } from '../../src/stream/market-stream.js';
import type { StreamError } from '../../src/stream/stream-error.js';
import { FakeClock, fakeScheduler, FakeWake } from './fake-clock.js';

/** What a line of a recording says. */
export type FlightLine = Readonly<Record<string, unknown>>;

export const linesOf = (text: string): FlightLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FlightLine);

/** The texts that were received, in order; those that stand for what was known at the start only if asked for. */
export const textsOf = (text: string, withBase = false): string[] =>
  linesOf(text).flatMap((line) => {
    const heard = line['in'] ?? line['answer'] ?? (withBase ? line['base'] : undefined);
    return typeof heard === 'string' ? [heard] : [];
  });

/** The decisions of one kind, in order. */
export const decisionsOf = (text: string, kind: string): unknown[] =>
  linesOf(text).flatMap((line) => (Object.hasOwn(line, kind) ? [line[kind]] : []));

/** A recording, with the fake time that writing it takes. */
export async function recordingOf(
  { stream, clock }: { readonly stream: OwnedMarketStream; readonly clock: FakeClock },
  options?: RecordOptions,
): Promise<string> {
  let text: string | undefined;
  const written = stream.record(options).then((done) => (text = done));
  while (text === undefined) {
    await Promise.race([written, new Promise(setImmediate)]);
    clock.pass(0);
  }
  return text;
}

export interface Playing {
  readonly stream: OwnedMarketStream;
  readonly clock: FakeClock;
  readonly errors: StreamError[];
}

/** A stream that begins to play a recording. */
export function startFlight(
  text: string,
  symbols: readonly string[],
  options: Partial<MarketStreamOptions> & { speed?: string; want?: SubscribeOptions } = {},
): Playing {
  const { speed = 'max', want = { trades: true, depth: 10 }, ...rest } = options;
  const clock = new FakeClock();
  const errors: StreamError[] = [];
  const stream = createMarketStream({
    src: `replay:data:text/plain,${encodeURIComponent(text)}#speed=${speed}`,
    clock,
    random: () => 0.5,
    scheduler: fakeScheduler(clock),
    wake: new FakeWake().source,
    onError: (error) => errors.push(error),
    // So that what is played can be compared with what was recorded, whole.
    recorderSize: 1e9,
    ...rest,
  });
  stream.subscribe(symbols, () => {}, want);
  return { stream, clock, errors };
}

/** Waits until code and file have been loaded; time stands still meanwhile. */
export async function untilOpen({ stream }: Pick<Playing, 'stream'>): Promise<void> {
  for (let i = 0; i < 200_000 && stream.state !== 'open' && stream.state !== 'closed'; i++)
    await new Promise(setImmediate);
}

/** Plays a recording to its end. */
export async function playFlight(...args: Parameters<typeof startFlight>): Promise<Playing> {
  const playing = startFlight(...args);
  await untilOpen(playing);
  for (let i = 0; i < 100_000 && playing.stream.state === 'open'; i++) playing.clock.pass(10);
  return playing;
}

/** A book as numbers that do not depend on its scales. */
export const bookOf = (stream: OwnedMarketStream, symbol: string): unknown => {
  const book = stream.book(symbol);
  if (book === undefined) return undefined;
  const levels = (side: 'bid' | 'ask', length: number) =>
    Array.from({ length }, (_, i) => book.textAt(side, i)!.map((text) => Number(text)));
  return {
    epoch: book.epoch,
    sequence: book.sequence,
    eventTime: book.eventTime,
    bids: levels('bid', book.bids.length),
    asks: levels('ask', book.asks.length),
  };
};
