/**
 * What a message costs from the text of its frame to the changed book, through everything that a stream does with it: link,
 * guards, market, sequence, verdict, delivery, recorder. In Node, on a wire that only hands texts over; beside it
 * `JSON.parse` of the same texts alone. Counted in processor time. `--shape batch` and `--rounds 1` narrow it, e.g. for `--cpu-prof`.
 */
import { parseArgs } from 'node:util';
import { createMarketStream, type OwnedMarketStream } from '../src/stream/market-stream-core.js';
import { giveBack, readDeltas } from '../src/stream/protocol/delta-frame.js';
import type { TransportEvents } from '../src/stream/transport/transport.js';
import { WireLoad } from './support/wire-load.js';

interface Shape {
  readonly batch: number;
  readonly levels?: number;
  readonly frames: number;
}

const SYMBOLS = 1_000;
const SHAPES: Readonly<Record<string, Shape>> = {
  batch: { batch: 100, frames: 2_000 },
  single: { batch: 1, frames: 40_000 },
  '2KB': { batch: 1, levels: 110, frames: 8_000 },
};

const { values } = parseArgs({
  options: { shape: { type: 'string' }, rounds: { type: 'string', default: '7' } },
});
const rounds = Number(values.rounds);

for (const [name, shape] of Object.entries(SHAPES)) {
  if (values.shape !== undefined && values.shape !== name) continue;
  const load = new WireLoad({ symbols: SYMBOLS, cycle: shape.frames, ...shape });
  const wire = connect(load);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const messages = shape.frames * shape.batch;
  const applied: number[] = [];
  const read: number[] = [];
  const parsed: number[] = [];
  let length = 0;
  for (let round = 0; round < rounds; round += 1) {
    const texts = Array.from({ length: shape.frames }, () => load.next(Date.now()).toString('latin1'));
    length = texts.reduce((sum, text) => sum + text.length, 0) / messages;
    applied.push(cost(texts, (text) => wire.push(text)));
    read.push(cost(texts, readAlone));
    parsed.push(cost(texts, (text) => JSON.parse(text) as unknown));
    // A heartbeat and the pulse have their turn.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { gaps, resyncs, refused } = wire.stream.metrics();
  const wrong = load.names.filter((symbol, i) => wire.stream.book(symbol)?.sequence !== load.reference(i).sequence);
  wire.stream.dispose();
  const perMessage = median(applied) / messages;
  const perRead = median(read) / messages;
  const perParse = median(parsed) / messages;
  console.log(
    `${name.padEnd(7)} ${Math.round(length)} B: ${perMessage.toFixed(2)} us to the book (${(perMessage / perParse).toFixed(2)}x), ` +
      `${perRead.toFixed(2)} us to be read alone (${(perRead / perParse).toFixed(2)}x), ${perParse.toFixed(2)} us JSON.parse; ${gaps} gaps, ${resyncs} resyncs, ${refused} refused, ${wrong.length} books behind`,
  );
}

function readAlone(text: string): void {
  const frame = readDeltas(text);
  if (frame === undefined) throw new Error('a frame of the load goes the long way');
  giveBack(frame);
}

/** Microseconds of all processor time, so that others who want the processor count less. */
function cost(texts: readonly string[], take: (text: string) => unknown): number {
  const before = process.cpuUsage();
  for (const text of texts) take(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** A stream on a wire within the process, whose server knows the protocol. */
function connect(load: WireLoad): { push(text: string): void; stream: OwnedMarketStream } {
  let toStream: TransportEvents | undefined;
  const push = (message: unknown): void => toStream?.onMessage(JSON.stringify(message));
  const answer = (text: string): void => {
    const {
      type,
      id,
      t,
      symbols = [],
    } = JSON.parse(text) as {
      type: string;
      id: string;
      t?: number;
      symbols?: readonly string[];
    };
    if (type === 'hello') {
      const limits = { symbols: 5_000, messagesPerSecond: 50, ordersPerSecond: 10, messageBytes: 65_536 };
      const features = ['decimal_strings', 'batch', 'book', 'trades'];
      const data = { protocol: 1, session: 's', serverTime: Date.now(), heartbeatMs: 15_000, features, limits };
      push({ type: 'welcome', id, data: { ...data, authRequired: [] } });
    } else if (type === 'ping') push({ type: 'pong', id, t, serverTime: Date.now() });
    else if (type === 'subscribe') {
      const instruments = symbols.map((symbol) => ({ symbol, tickSize: '0.01', lotSize: '1' }));
      push({ type: 'subscription_confirmed', id, data: { symbols, added: symbols, instruments } });
      for (const symbol of symbols) toStream?.onMessage(load.snapshot(load.names.indexOf(symbol), Date.now()));
    }
  };
  const stream = createMarketStream({
    src: 'ws://bench/',
    transport: (_src, events) => {
      toStream = events;
      return {
        open: () => queueMicrotask(() => events.onOpen()),
        close() {},
        send: (text) => {
          queueMicrotask(() => answer(text));
          return true;
        },
      };
    },
  });
  stream.subscribe(load.names, () => {}, { depth: 100 });
  return { push: (text) => toStream?.onMessage(text), stream };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
