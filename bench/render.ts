/**
 * What drawing a book costs: `<order-book>` with one text a column against a grid of cells with one text each, 2 × 50 rows,
 * every row changing 20 times a second. Main-thread time as the browser counts it (tasks with layout and paint), less
 * what the same page does while nothing is drawn; alternated rounds, median. No wire is measured, so a debugger may watch.
 */
import { chromium } from 'playwright-core';
import { startExchange } from '../server/exchange-server.js';
import { chromeFlags, chromePath } from '../tools/browsers.mjs';
import { ensureCdn } from '../tools/build.mjs';

const ROUNDS = 5;
const ROUND_MS = 3000;
const SETTLE_MS = 700;
const KINDS = ['nothing', 'cells', 'element'] as const;
type Kind = (typeof KINDS)[number];

await ensureCdn();
const exchange = await startExchange();
const executablePath = chromePath();
const browser = await chromium.launch({
  args: chromeFlags,
  ...(executablePath === undefined ? {} : { executablePath }),
});
const page = await browser.newPage({ viewport: { width: 500, height: 2700 } });
await page.goto(`${exchange.pageUrl}bench/pages/render.html`);
await page.waitForFunction(() => 'drawBy' in globalThis);
const session = await page.context().newCDPSession(page);
await session.send('Performance.enable', { timeDomain: 'threadTicks' });

const busySeconds = async (): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
};
const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const taken: Record<Kind, number[]> = { nothing: [], cells: [], element: [] };
let nodes = { cells: 0, element: 0 };
for (let round = 0; round < ROUNDS; round++) {
  for (const kind of KINDS) {
    await page.evaluate((how) => (globalThis as unknown as { drawBy(kind: string): void }).drawBy(how), kind);
    await pass(SETTLE_MS);
    const before = await busySeconds();
    await pass(ROUND_MS);
    taken[kind].push(((await busySeconds()) - before) * 1000);
    if (kind !== 'nothing') {
      const count = await page.evaluate(() => {
        const place = document.getElementById('place')!;
        const shadow = place.querySelector('order-book')?.shadowRoot;
        return (shadow?.querySelector('.book') ?? place).querySelectorAll('*').length;
      });
      nodes = { ...nodes, [kind]: count };
    }
  }
}
await browser.close();
await exchange.close();

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const idle = median(taken.nothing);
const perUpdate = (kind: Kind): number => (median(taken[kind]) - idle) / (ROUND_MS / 50);
console.log(`2 × 50 rows, all changing, 20 a second, ${ROUNDS} rounds of ${ROUND_MS / 1000} s`);
console.log(`cells    ${perUpdate('cells').toFixed(2)} ms an update, ${nodes.cells} elements drawn`);
console.log(`element  ${perUpdate('element').toFixed(2)} ms an update, ${nodes.element} elements drawn`);
console.log(`ratio    ${(perUpdate('element') / perUpdate('cells')).toFixed(2)}`);
