/**
 * `npm test`: makes ready what is missing, runs every suite, names what it skipped and why, and closes with one line
 * `N passed, N failed`.
 *
 *   npm test                               all suites
 *   npm test -- --only node                one of node, browser, stories; may be given twice
 *   npm test -- --only node test/book      only files whose path holds one of these words
 *   BROWSERS=chromium,firefox,webkit npm test
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './ensure-dependencies.mjs';
import { root, runNode } from './run.mjs';
import { closingLine, isGood, sum, takeTally } from './test/tally.mjs';

const SUITES = ['node', 'browser', 'stories'];

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true } },
});
const unknown = values.only?.find((name) => !SUITES.includes(name));
if (unknown !== undefined) {
  console.error(`--only must be one of ${SUITES.join(', ')}, got "${unknown}"`);
  process.exit(1);
}
const wanted = new Set(values.only ?? SUITES);
const engines = (process.env.BROWSERS || 'chromium').split(',').map((name) => name.trim());
const ENGINES = ['chromium', 'firefox', 'webkit'];

/** Sentences on what was not run. */
const skipped = SUITES.filter((name) => !wanted.has(name)).map((name) => `suite ${name}: not asked for`);
const tallies = [];

const filesEndingIn = (ending) =>
  readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => join('test', path))
    .filter((path) => path.endsWith(ending))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word.replace(/^\.\//, ''))))
    .sort();

const title = (text) => console.log(`\n── ${text}`);

async function runSuite(name, start) {
  const begun = performance.now();
  const tally = await takeTally(name, start);
  tallies.push(tally);
  console.log(`${name}: ${closingLine(tally)} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
}

async function nodeSuite() {
  const files = filesEndingIn('.spec.ts');
  if (files.length === 0) return void skipped.push('suite node: no file matches');
  title(`node: ${files.length} files`);
  const reporter = new URL('./test/node-reporter.mjs', import.meta.url).href;
  const args = ['--import', 'tsx', '--test', '--test-reporter', reporter, '--test-reporter-destination', 'stdout'];
  await runSuite('node', (env) => runNode([...args, ...files], { env }));
}

async function browserSuite() {
  const files = filesEndingIn('.test.ts');
  if (files.length === 0) return void skipped.push('suite browser: no file matches');
  const { engineRefusal } = await import('./browsers.mjs');
  for (const engine of new Set([...ENGINES, ...engines])) {
    const refusal = engineRefusal(engine) ?? (engines.includes(engine) ? undefined : 'not asked for by BROWSERS');
    if (refusal !== undefined) {
      skipped.push(`engine ${engine}: ${refusal}`);
      continue;
    }
    title(`browser, ${engine}: ${files.length} files`);
    const cli = 'node_modules/@web/test-runner/dist/bin.js';
    await runSuite(engine, (env) =>
      runNode([cli, '--files', ...files], { env: { ...env, BROWSERS: engine, NODE_NO_WARNINGS: '1' } }),
    );
  }
}

async function storiesSuite() {
  if (words.length > 0 && !words.some((word) => word.includes('stories')))
    return void skipped.push('suite stories: no file matches');
  const has = readdirSync(join(root, 'stories')).some((name) => name.endsWith('.stories.ts'));
  if (!has) return void skipped.push('suite stories: there are none');
  title('stories');
  const storybook = [
    'node_modules/storybook/dist/bin/dispatcher.js',
    'build',
    '--loglevel',
    'warn',
    '--disable-telemetry',
  ];
  const env = { ...process.env, STORYBOOK_DISABLE_TELEMETRY: '1' };
  if ((await runNode([...storybook, '--output-dir', 'storybook-static'], { env })) !== 0) {
    tallies.push({ passed: 0, failed: 1, skipped: 0, notes: [] });
    return console.error('stories: Storybook could not be built');
  }
  await runSuite('stories', (environment) => runNode(['tools/stories.mjs'], { env: environment }));
}

/** What the suites stand on. A failure is one failed test, and the suites that can do without it still run. */
async function prepare(what, make) {
  try {
    await make();
    return true;
  } catch (error) {
    console.error(`${what}: ${error.message}`);
    tallies.push({ passed: 0, failed: 1, skipped: 0, notes: [] });
    return false;
  }
}

await ensureDependencies();
const hasBrowser = await prepare('Chromium', async () => (await import('./ensure-chromium.mjs')).ensureChromium());
await prepare('dist/cdn', async () => (await import('./build.mjs')).ensureCdn());

const recordings = resolve(root, process.env.TL_RECORDINGS || '../shared/recordings');
if (!existsSync(recordings)) skipped.push(`recordings: none at ${recordings}; TL_RECORDINGS may name their folder`);

if (wanted.has('node')) await nodeSuite();
if (wanted.has('browser')) await browserSuite();
if (wanted.has('stories') && hasBrowser) await storiesSuite();

const total = sum(tallies);
const notes = [...skipped, ...total.notes.map((note) => `test ${note}`)];
if (notes.length > 0) console.log(`\nSkipped:\n${notes.map((note) => `  ${note}`).join('\n')}`);
if (total.passed + total.failed === 0) console.error('\nNo test was executed.');
// Last, where whoever reads only the end of a long run finds it.
if (total.failures.length > 0) console.log(`\nFailed:\n${total.failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${closingLine(total)}`);
process.exitCode = isGood(total) ? 0 : 1;
