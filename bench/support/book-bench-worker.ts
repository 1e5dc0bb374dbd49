/**
 * One contender in a process of its own, so that the compiler sees the types of this one only, as it does on a page.
 * Runs a round whenever it is told to.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CONTENDERS, prepare, type PreparedStream } from './book-contenders.js';
import { bookStream, type BookStream } from './book-stream.js';

export interface Scenario {
  readonly name: string;
  readonly books: number;
  readonly levels: number;
  readonly updates: number;
}

/** What to do: a round of a scenario, or the weighing of one. */
export interface Task {
  readonly scenario: Scenario;
  readonly kind: 'time' | 'weigh';
}

/** Nanoseconds an update or bytes a book, and a digest of what was read. */
export interface Result {
  readonly value: number;
  readonly digest: number;
}

const SEED = 7;
const [, create] = CONTENDERS[Number(process.argv[2])]!;
let current: { scenario: Scenario; stream: BookStream; prepared: PreparedStream } | undefined;

function streamOf(scenario: Scenario): { stream: BookStream; prepared: PreparedStream } {
  if (current?.scenario.name !== scenario.name) {
    const stream = bookStream(SEED, scenario.books, scenario.levels, scenario.updates);
    current = { scenario, stream, prepared: prepare(stream) };
  }
  return current;
}

function time(scenario: Scenario): Result {
  const { stream, prepared } = streamOf(scenario);
  const contender = create();
  contender.load(stream.start);
  const started = process.cpuUsage();
  const digest = contender.apply(prepared);
  // Processor time: what else the machine does meanwhile counts less than on a clock.
  const { user, system } = process.cpuUsage(started);
  return { value: ((user + system) * 1000) / prepared.changes.length, digest };
}

function weigh(scenario: Scenario): Result {
  const { stream, prepared } = streamOf(scenario);
  const before = bytesHeld();
  const contender = create();
  contender.load(stream.start);
  const digest = contender.apply(prepared);
  const value = (bytesHeld() - before) / scenario.books;
  // Used once more, so that it was alive while it was weighed.
  contender.load([]);
  return { value, digest };
}

function bytesHeld(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

process.on('message', ({ scenario, kind }: Task) => {
  process.send!(kind === 'time' ? time(scenario) : weigh(scenario));
});
