/**
 * How fast a venue's frames become a book: a recording of Binance's USD-M futures, 74,655 frames of updates, quotes and
 * trades, through protocol and book, in Node and in Chromium, against `JSON.parse` of the same frames alone. And whether
 * the heap comes back after ten loops. The recording lies beside the project; without it there is nothing to measure.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { binanceUsdm } from '../src/stream/protocol/binance.js';
import { recordingsFolder } from '../test/support/recordings.js';
import { chromeFlags, chromePath } from '../tools/browsers.mjs';
import { runVenue, type VenueRun } from './support/venue-run.js';

const ROUNDS = 9;
const LOOPS = 10;
const PAGE =
  '<!doctype html><title>Venue bench</title><link rel="icon" href="data:,"><script type="module" src="/venue.js"></script>';

const folder = recordingsFolder();
const file = folder && new URL('binance/hftbt_usdm_ethusdt_20240808.gz', folder);
if (file === undefined || !existsSync(file)) {
  console.log('The recording is not here; TL_RECORDINGS names the folder that it lies in.');
} else {
  const frames = gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(line.indexOf(' ') + 1));
  report('Node', runVenue(binanceUsdm, frames, ROUNDS));
  reportHeap(frames);
  report('Chromium', await inPage(frames));
}

function report(where: string, { played, parsed, frames, applied }: VenueRun): void {
  const played50 = median(played);
  const parsed50 = median(parsed);
  const rate = (ms: number): string => `${Math.round(frames / ms).toLocaleString('en')} k/s`;
  console.log(
    `${where.padEnd(9)} ${rate(played50)} frames parsed and applied (best round ${rate(Math.min(...played))}), ` +
      `${(played50 / parsed50).toFixed(2)} of JSON.parse alone, ${applied} updates applied`,
  );
}

function reportHeap(frames: readonly string[]): void {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) return console.log('heap: run with --expose-gc');
  runVenue(binanceUsdm, frames, 1);
  collect();
  const before = process.memoryUsage().heapUsed;
  runVenue(binanceUsdm, frames, LOOPS);
  collect();
  const change = process.memoryUsage().heapUsed / before - 1;
  console.log(`heap      ${(100 * change).toFixed(1)} % after ${LOOPS} loops`);
}

async function inPage(frames: readonly string[]): Promise<VenueRun> {
  const bundle = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'bench/pages/venue.ts', formats: ['es'], fileName: 'venue' },
    },
  });
  const [output] = [bundle].flat();
  if (output === undefined || !('output' in output)) throw new Error('the page could not be built');
  const { code } = output.output[0];
  const server = createServer((request, response) => {
    const body = request.url === '/frames' ? frames.join('\n') : request.url === '/venue.js' ? code : PAGE;
    const type = request.url === '/' ? 'text/html' : request.url === '/venue.js' ? 'text/javascript' : 'text/plain';
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const executablePath = chromePath();
  const browser = await chromium.launch({
    args: chromeFlags,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'runFrames' in globalThis);
    return await page.evaluate(
      (rounds) =>
        (globalThis as unknown as { runFrames(url: string, rounds: number): Promise<VenueRun> }).runFrames(
          '/frames',
          rounds,
        ),
      ROUNDS,
    );
  } finally {
    await browser.close();
    server.close();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
