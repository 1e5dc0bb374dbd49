/**
 * A real socket under load, in a browser that nothing is attached to (a debugger makes receiving two to four times slower):
 * so many messages a second over a thousand symbols, with ten books on the screen, in a worker, in the page, and the same
 * page without any stream. Says how long messages were on their way into their book, what was lost, whether every last book
 * equals the server's, level by level, and how busy the page's main thread was.
 *
 * `--where worker,page,none` the order in a round; `--rate` messages a second, `--batch` of them in a frame, `--seconds`,
 * `--symbols`, `--books`, `--rounds`. `--rate 20000 --batch 1` is the load of single frames.
 *
 * Busy is the time that the main thread of the page's process was on a processor, by the system's own count, as a share of
 * the time that passed. From the server to the book: `sent` in the frame against the page's clock as it arrives (one
 * machine, one clock, whole milliseconds), and then what the frame took to be applied.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { chromeFlags, chromePath } from '../tools/browsers.mjs';
import { workerAddress } from '../tools/build/worker-address.mjs';
import type { Where, WireBook, WireReport } from './pages/wire.js';
import { passed, type ThreadTime, threadTimes } from './support/thread-time.js';
import type { ReferenceBook } from './support/wire-load.js';
import type { WireNews, WireOrder } from './support/wire-server.js';

const { values } = parseArgs({
  options: {
    where: { type: 'string', default: 'none,worker' },
    rate: { type: 'string', default: '100000' },
    batch: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '60' },
    symbols: { type: 'string', default: '1000' },
    books: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '1' },
  },
});
const wheres = values.where.split(',') as Where[];
const [rate, batch, seconds, symbols] = [values.rate, values.batch, values.seconds, values.symbols].map(Number) as [
  number,
  number,
  number,
  number,
];
/** What a page needs to become warm. */
const WARM_MS = 3_000;
/** How long a browser's processes may take to end. */
const END_MS = 1_000;
/** A cycle of the load lasts about two seconds. */
const cycle = Math.ceil((2 * rate) / batch);
const PAGE = `<!doctype html><title>Wire bench</title><link rel="icon" href="data:,">
<style>#books { display: grid; grid-template-columns: repeat(5, 1fr); gap: 8px; }</style>
<div id="books"></div><script type="module" src="/page.js"></script>`;

const scripts: Readonly<Record<string, string>> = {
  '/page.js': await bundle('bench/pages/wire.ts'),
  '/worker.js': await bundle('src/stream/worker/worker-script.ts'),
};
console.log(`${rate.toLocaleString('en')} messages/s, ${batch} a frame, ${symbols} symbols, ${seconds} s`);
const busyShares: Record<Where, number[]> = { none: [], worker: [], page: [] };
for (let round = 0; round < Number(values.rounds); round += 1) for (const where of wheres) await run(where);
const idle = median(busyShares.none);
for (const where of ['worker', 'page'] as const) {
  const more = median(busyShares[where]) - idle;
  if (!Number.isNaN(more))
    console.log(`main thread, ${where} against none: ${more.toFixed(1)} points busier (medians)`);
}

async function run(where: Where): Promise<void> {
  const options = JSON.stringify({ symbols, batch, cycle });
  const server = fork(join(import.meta.dirname, 'support/wire-server.ts'), [options]);
  const { url } = await newsOf(server, 'listening');
  const page = await openPage(where, url);
  await page.ready;
  const order = (what: WireOrder): boolean => server.send(what);
  if (where !== 'none') order({ kind: 'start', rate });
  await pass(WARM_MS);
  const before = threadTimes(page.pid);
  const begun = performance.now();
  await pass(seconds * 1_000);
  const after = threadTimes(page.pid);
  const tookMs = performance.now() - begun;
  const stopping = newsOf(server, 'stopped');
  order({ kind: 'stop' });
  const stopped = await stopping;
  const report = await page.end();
  server.disconnect();
  const spent = before && after && passed(before, after);
  tell(where, report, stopped, spent, tookMs);
}

function tell(
  where: Where,
  { metrics, thread, longTasks, errors, books }: WireReport,
  stopped: Extract<WireNews, { kind: 'stopped' }>,
  spent: ThreadTime | undefined,
  tookMs: number,
): void {
  const share = (ms = Number.NaN): number => (100 * ms) / tookMs;
  busyShares[where].push(share(spent?.main));
  const longest = Math.max(0, ...longTasks);
  console.log(
    `\n${where.padEnd(7)} main thread ${share(spent?.main).toFixed(1)} % busy, workers ${share(spent?.workers).toFixed(1)} %; ` +
      `${longTasks.length} tasks over 50 ms, longest ${longest} ms; load ${loadavg()[0]?.toFixed(2)} ${errors.join('; ')}`,
  );
  if (errors.length > 0) process.exitCode = 1;
  if (metrics === undefined) return;
  const { arrival, apply } = metrics.waterfall;
  const ms = (value: number): string => value.toFixed(1);
  const wrong = stopped.books.map((reference) => differenceOf(reference, books[reference.symbol])).filter(Boolean);
  console.log(
    `        ${stopped.messages.toLocaleString('en')} sent (${Math.round(stopped.messages / (seconds + WARM_MS / 1_000)).toLocaleString('en')}/s), ` +
      `held back ${stopped.heldBack} times; ${metrics.gaps} gaps, ${metrics.resyncs} resyncs, ${metrics.refused} refused; in ${thread}\n` +
      `        to the book p50 ${ms(arrival.p50 + apply.p50)} ms, p99 ${ms(arrival.p99 + apply.p99)} ms (way ${ms(arrival.p99)}, ` +
      `applying a frame ${ms(apply.p99)}), of ${arrival.count.toLocaleString('en')}\n` +
      `        ${stopped.books.length - wrong.length} of ${stopped.books.length} books equal the server's ${wrong.slice(0, 5).join(', ')}`,
  );
  if (wrong.length > 0 || metrics.gaps > 0 || metrics.resyncs > 0) process.exitCode = 1;
}

/** What is wrong with a book of the page, or nothing. */
function differenceOf(reference: ReferenceBook, book: WireBook | undefined): string {
  const { symbol, sequence } = reference;
  if (book === undefined) return `${symbol} is missing`;
  if (book.sequence !== sequence) return `${symbol} ends at ${book.sequence} and not at ${sequence}`;
  if (book.verdict !== 'live' && book.verdict !== 'quiet') return `${symbol} is ${book.verdict}`;
  const isEqual = (['bids', 'asks'] as const).every(
    (side) =>
      book[side].length === Math.min(50, reference[side].length) &&
      book[side].every(([price, size], i) => price === reference[side][i]?.[0] && size === reference[side][i]?.[1]),
  );
  return isEqual ? '' : `${symbol} differs`;
}

interface Opened {
  readonly pid: number;
  readonly ready: Promise<void>;
  /** Tells the page that the load has ended, and waits for its report. */
  end(): Promise<WireReport>;
}

async function openPage(where: Where, src: string): Promise<Opened> {
  const ready = withResolvers<void>();
  const ended = withResolvers<void>();
  const reported = withResolvers<WireReport>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '', 'http://bench/').pathname;
    const script = scripts[path];
    if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script);
    else if (path === '/ready') {
      ready.resolve();
      await ended.promise;
      response.end();
    } else if (path === '/report') {
      reported.resolve(JSON.parse(await bodyOf(request)) as WireReport);
      response.end();
    } else response.setHeader('content-type', 'text/html').end(PAGE);
  };
  const collector = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const profile = mkdtempSync(join(tmpdir(), 'touchline-bench-'));
  const query = new URLSearchParams({ where, src, symbols: values.symbols, books: values.books });
  const page = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/?${query}`;
  const flags = [...chromeFlags, '--headless', '--window-size=1600,1300', `--user-data-dir=${profile}`, page];
  const browser = spawn(chromePath() ?? 'chromium', flags, { stdio: 'ignore', detached: true });
  return {
    pid: browser.pid ?? 0,
    ready: ready.promise,
    async end() {
      ended.resolve();
      const report = await reported.promise;
      // It is many processes, which write to its folder to their end.
      if (browser.pid !== undefined) process.kill(-browser.pid);
      await once(browser, 'exit');
      collector.close();
      await pass(END_MS);
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      return report;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function newsOf<Kind extends WireNews['kind']>(
  server: ReturnType<typeof fork>,
  kind: Kind,
): Promise<Extract<WireNews, { kind: Kind }>> {
  for (;;) {
    const [news] = (await once(server, 'message')) as [WireNews];
    if (news.kind === kind) return news as Extract<WireNews, { kind: Kind }>;
  }
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [workerAddress()],
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['es'], fileName: 'bundle' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [output] = [result].flat();
  if (output === undefined || !('output' in output)) throw new Error(`${entry} could not be built`);
  return output.output[0].code;
}

function withResolvers<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[of.length >> 1] ?? Number.NaN;
}
