/**
 * What one update of a book costs, by structure: `node --import tsx bench/book-structures.ts`.
 *
 * Every structure gets the same seeded stream, and every 100 updates the best 25 levels a side are read with their
 * cumulative size. Rounds alternate between the structures, so that a busy minute hits all of them; the median counts. All
 * must read the same numbers, or the bench fails. `BOOK_BENCH_SCALE=0.1` makes it short and inexact.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Result, Scenario, Task } from './support/book-bench-worker.js';
import { CONTENDERS } from './support/book-contenders.js';

const ROUNDS = 7;

const scale = Number(process.env['BOOK_BENCH_SCALE'] ?? 1);
const scenarios: readonly Scenario[] = [
  { name: '50 levels', books: 1, levels: 50, updates: 400_000 * scale },
  { name: '1,000 levels', books: 1, levels: 1_000, updates: 200_000 * scale },
  { name: '10,000 levels', books: 1, levels: 10_000, updates: 40_000 * scale },
  { name: '1,000 books x 50', books: 1_000, levels: 50, updates: 400_000 * scale },
];

const workerPath = fileURLToPath(new URL('support/book-bench-worker.ts', import.meta.url));
const workers = CONTENDERS.map((_, i) => fork(workerPath, [String(i)]));

/** Runs one task on every contender, one after the other, and holds them to the same answer. */
async function runAll(task: Task): Promise<number[]> {
  const results: Result[] = [];
  for (const worker of workers) {
    worker.send(task);
    results.push((await once(worker, 'message'))[0] as Result);
  }
  const { digest } = results[0]!;
  const odd = results.findIndex((result) => result.digest !== digest);
  if (odd >= 0) throw new Error(`${CONTENDERS[odd]![0]} read other numbers than ${CONTENDERS[0]![0]}`);
  return results.map(({ value }) => value);
}

async function measure(scenario: Scenario): Promise<number[]> {
  await runAll({ scenario, kind: 'time' });
  const rounds: number[][] = [];
  while (rounds.length < ROUNDS) rounds.push(await runAll({ scenario, kind: 'time' }));
  return CONTENDERS.map((_, i) => median(rounds.map((round) => round[i]!)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

const columns: number[][] = [];
for (const scenario of scenarios) columns.push(await measure(scenario));
const bytes = await runAll({ scenario: scenarios.at(-1)!, kind: 'weigh' });
for (const worker of workers) worker.disconnect();

console.log(`ns per update, median of ${ROUNDS} rounds; (x) = times the cost of "${CONTENDERS[0]![0]}"`);
console.log(`| structure | ${scenarios.map(({ name }) => name).join(' | ')} | kB per book of 50 |`);
console.log(`|---|${scenarios.map(() => '---').join('|')}|---|`);
CONTENDERS.forEach(([name], i) => {
  const cells = columns.map((ns) => `${ns[i]!.toFixed(0)} (${(ns[i]! / ns[0]!).toFixed(2)})`);
  console.log(`| ${name} | ${cells.join(' | ')} | ${(bytes[i]! / 1000).toFixed(1)} |`);
});
