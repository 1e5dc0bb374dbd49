/**
 * Opens every story of a built Storybook in Chromium. A story fails on a render error, a failed play function, a
 * violated accessibility rule, an element that was never defined, a refused style or script, or a word on the console.
 *
 *   node tools/stories.mjs [folder=storybook-static] [--shots <folder>] [--only <words of an id>]
 *
 * A story tagged `skip-test` is skipped; one whose parameters name `expectedTrouble` (a part of a sentence) may and
 * must cause it.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { chromeFlags } from './browsers.mjs';
import { ensureChromium } from './ensure-chromium.mjs';
import { root } from './run.mjs';
import { serveFolder } from './test/serve-folder.mjs';
import { closingLine, isGood, writeTally } from './test/tally.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shots: { type: 'string' }, only: { type: 'string' } },
});
const folder = resolve(root, positionals[0] ?? 'storybook-static');
const STORY_MS = 20_000;

/** Runs in the page before all else: what Storybook says about the story, and what the page itself complains of. */
function listen() {
  const seen = { events: [], violations: [] };
  globalThis.__touchlineStory = seen;
  const names = [
    'storyFinished',
    'storyErrored',
    'storyThrewException',
    'storyMissing',
    'playFunctionThrewException',
    'unhandledErrorsWhilePlaying',
  ];
  const shorten = (name, value) =>
    name === 'storyFinished'
      ? { name, status: value.status, reports: value.reporters?.map(reportOf) ?? [] }
      : { name, message: String(value?.message ?? value?.description ?? JSON.stringify(value)) };
  const reportOf = ({ type, status, result }) => ({
    type,
    status,
    rules: result?.violations?.map((rule) => `${rule.id} (${rule.nodes?.[0]?.target?.join(' ') ?? '?'})`) ?? [],
  });
  let channel;
  Object.defineProperty(globalThis, '__STORYBOOK_ADDONS_CHANNEL__', {
    configurable: true,
    get: () => channel,
    set(value) {
      channel = value;
      for (const name of names) channel.on(name, (detail) => seen.events.push(shorten(name, detail)));
    },
  });
  addEventListener('securitypolicyviolation', (event) => seen.violations.push(event.violatedDirective));
}

/** What is wrong with a story, as sentences. */
async function examine(page, address) {
  const troubles = [];
  const onError = (error) => troubles.push(`uncaught: ${error.message}`);
  const onConsole = (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    troubles.push(`console.${message.type()}: ${message.text()}`);
  };
  page.on('pageerror', onError).on('console', onConsole);
  try {
    await page.goto(address);
    const isOver = () => globalThis.__touchlineStory.events.some(({ name }) => name !== 'unhandledErrorsWhilePlaying');
    await page.waitForFunction(isOver, null, { timeout: STORY_MS });
    const { events, violations, undefinedTags, expected } = await page.evaluate(() => ({
      ...globalThis.__touchlineStory,
      undefinedTags: [...document.querySelectorAll('#storybook-root :not(:defined)')].map(
        (element) => element.localName,
      ),
      expected: globalThis.__STORYBOOK_PREVIEW__?.currentRender?.story?.parameters?.expectedTrouble,
    }));
    for (const event of events) {
      if (event.name !== 'storyFinished') troubles.push(`${event.name}: ${event.message}`);
      else if (event.status !== 'success') troubles.push(`finished with status ${event.status}`);
      for (const { type, status, rules } of event.reports ?? []) {
        if (status === 'failed') troubles.push(`${type}: ${rules.join(', ')}`);
      }
    }
    troubles.push(...violations.map((directive) => `csp: ${directive}`));
    if (undefinedTags.length > 0) troubles.push(`never defined: ${[...new Set(undefinedTags)].join(', ')}`);
    return withoutExpected(troubles, expected);
  } catch (error) {
    return [...troubles, `did not finish: ${error.message.split('\n')[0]}`];
  } finally {
    page.off('pageerror', onError).off('console', onConsole);
  }
}

function withoutExpected(troubles, expected) {
  if (expected === undefined) return troubles;
  const surprises = troubles.filter((text) => !text.includes(expected));
  return surprises.length < troubles.length ? surprises : [...surprises, `"${expected}" was expected and did not come`];
}

const { entries } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'));
const stories = Object.values(entries).filter(
  ({ type, id }) => type === 'story' && (values.only === undefined || id.includes(values.only)),
);
const server = await serveFolder(folder);
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: chromeFlags });
const tally = { passed: 0, failed: 0, skipped: 0, notes: [], failures: [] };

/** Tells of one story and counts it. Each has a page of its own: no socket, timer or style of the one before. */
async function judge({ id, tags }) {
  if (tags.includes('skip-test')) {
    tally.skipped++;
    tally.notes.push(`${id}: tagged skip-test`);
    return;
  }
  const page = await browser.newPage({ viewport: { width: 960, height: 720 } });
  await page.addInitScript(listen);
  const troubles = await examine(page, `${server.address}/iframe.html?id=${id}&viewMode=story`);
  if (values.shots !== undefined) await page.screenshot({ path: join(values.shots, `${id}.png`) });
  await page.close();
  if (troubles.length === 0) tally.passed++;
  else {
    tally.failed++;
    tally.failures.push(`story ${id}`);
  }
  console.log(troubles.length === 0 ? `✓ ${id}` : `✗ ${id}\n    ${troubles.join('\n    ')}`);
}

/** Takes the next story until there is none. */
async function work(queue) {
  for (const story of queue) await judge(story);
}
const queue = stories.values();
await Promise.all([work(queue), work(queue)]);

await browser.close();
await server.close();
writeTally(tally);
console.log(closingLine(tally));
process.exitCode = isGood(tally) ? 0 : 1;
