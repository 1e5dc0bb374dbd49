/**
 * A hundred symbols at 2,000 book changes a second, which are more than 1,000 messages a second, for a minute, on a page with six books, in a browser that nothing is
 * attached to: a debugger makes receiving two to four times slower. The page posts what it went through.
 *
 * Says: the longest task, how many lasted over 50 ms, the layout shift, when the first rows were painted, and whether
 * every final book equals the server's, level by level. `--seconds`, `--symbols` and `--rate` change the load.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newEpoch, startExchange } from '../server/exchange-server.js';
import { Exchange, offerings } from '../src/sim/index.js';
import { chromeFlags, chromePath } from '../tools/browsers.mjs';
import { ensureCdn } from '../tools/build.mjs';

/** A market that can be made to stand still, so that the last books of both sides can be compared. */
class HaltableExchange extends Exchange {
  isHalted = false;

  override step(nowMs: number): void {
    if (!this.isHalted) super.step(nowMs);
  }
}

interface PageReport {
  readonly firstRowsMs: number;
  readonly longTasks: readonly (readonly [startMs: number, durationMs: number])[];
  readonly layoutShift: number;
  readonly errors: readonly string[];
  readonly books: Readonly<Record<string, PageBook | undefined>>;
  readonly metrics: { readonly messageCount: number; readonly conflationRatio: number; readonly latency: unknown };
}

interface PageBook {
  readonly sequence: number;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
  readonly verdict: string;
}

/** How long the last flush may take to arrive once the market stands still. */
const SETTLE_MS = 1500;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    symbols: { type: 'string', default: '100' },
    rate: { type: 'string', default: '2000' },
  },
});
const seconds = Number(values.seconds);
const symbolCount = Number(values.symbols);

await ensureCdn();
const market = new HaltableExchange({
  symbols: offerings(symbolCount),
  ratePerSymbol: Number(values.rate) / symbolCount,
  startMs: Date.now(),
  epoch: newEpoch(),
});
const exchange = await startExchange({ market });

let received: (report: PageReport) => void = () => {};
const reported = new Promise<PageReport>((resolve) => (received = resolve));
const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  response.setHeader('access-control-allow-origin', '*');
  if (request.url === '/report') received(JSON.parse(await readBody(request)) as PageReport);
  else {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    market.isHalted = true;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
  response.end();
};
const collector = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
await once(collector, 'listening');

const profile = mkdtempSync(join(tmpdir(), 'touchline-bench-'));
const query = `collector=http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
const page = `${exchange.pageUrl}bench/pages/page-load.html?${query}`;
const browser = spawn(chromePath() ?? 'chromium', [...chromeFlags, '--headless', `--user-data-dir=${profile}`, page], {
  stdio: 'ignore',
});
const report = await reported;
browser.kill();
await once(browser, 'exit');
collector.close();

/** What is wrong with the page's book, or nothing. Changes that cancel out are not sent, so that numbers may differ. */
const differenceOf = (symbol: string): string => {
  const server = market.listing(symbol)?.book;
  const client = report.books[symbol];
  if (server === undefined || client === undefined) return `${symbol} is missing`;
  if (client.verdict !== 'live' && client.verdict !== 'quiet') return `${symbol} is ${client.verdict}`;
  const price = 10 ** (server.priceScale - client.priceScale);
  const size = 10 ** (server.sizeScale - client.sizeScale);
  const isEqual = (['bids', 'asks'] as const).every(
    (side) =>
      client[side].length === server[side].length &&
      client[side].every(([p, s], i) => p * price === server[side].priceAt(i) && s * size === server[side].sizeAt(i)),
  );
  return isEqual ? '' : `${symbol} differs: ${client.sequence} against ${server.sequence}`;
};
const differences = market.symbols.map(differenceOf).filter((difference) => difference !== '');
await exchange.close();
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });

const longest = Math.max(0, ...report.longTasks.map(([, duration]) => duration));
console.log(`${symbolCount} symbols, ${values.rate} changes/s asked for, ${seconds} s, six books on the page`);
console.log(
  `messages received        ${report.metrics.messageCount} (${Math.round(report.metrics.messageCount / seconds)}/s)`,
);
console.log(`first rows of all books  ${report.firstRowsMs} ms after navigation`);
console.log(
  `tasks over 50 ms         ${report.longTasks.length}, longest ${longest} ms ${JSON.stringify(report.longTasks)}`,
);
console.log(`layout shift             ${report.layoutShift.toFixed(4)}`);
console.log(
  `conflation, latency      ${report.metrics.conflationRatio.toFixed(2)}:1, ${JSON.stringify(report.metrics.latency)}`,
);
console.log(`errors on the page       ${report.errors.length} ${report.errors.join('; ')}`);
console.log(
  `books equal the server's ${market.symbols.length - differences.length} of ${market.symbols.length} ${differences.join(', ')}`,
);
if (differences.length > 0 || report.errors.length > 0) process.exitCode = 1;
