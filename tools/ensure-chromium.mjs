/**
 * Finds a Chromium that starts, and gets one if there is none: what is installed, Playwright's cache, Playwright's
 * download, Debian's package, and last a build that comes as an npm package. Says what it does.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromePath } from './browsers.mjs';
import { npm } from './ensure-dependencies.mjs';
import { isMain, root, run, runNode } from './run.mjs';

/** The newest of these npm builds that runs on Node 20. Not a dependency: 67 MB that few will need. */
const NPM_BUILD = '@sparticuz/chromium@153.0.0';

const starts = (path) =>
  existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;

const playwrightPath = async () => (await import('playwright-core')).chromium.executablePath();

async function downloadByPlaywright() {
  const cli = join(root, 'node_modules/playwright-core/cli.js');
  if ((await runNode([cli, 'install', 'chromium'])) !== 0) throw new Error('the download failed');
  return playwrightPath();
}

async function installByApt() {
  if (process.platform !== 'linux') throw new Error('not Linux');
  if (process.getuid?.() !== 0) throw new Error('not root');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    if ((await run('apt-get', args, { env })) !== 0) throw new Error(`apt-get ${args[0]} failed`);
  }
  return chromePath();
}

async function installFromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('it is for Linux on x64 only');
  if ((await npm('install', '--no-save', '--no-audit', '--no-fund', NPM_BUILD)) !== 0) throw new Error('npm failed');
  return unpackNpmBuild();
}

async function unpackNpmBuild() {
  if (!existsSync(join(root, 'node_modules/@sparticuz/chromium'))) return undefined;
  // It unpacks into the temporary folder and trusts whatever lies there: it gets one of its own.
  const folder = join(root, 'node_modules/.cache/chromium');
  mkdirSync(folder, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  // Read on import: unpack the system libraries it was built with as well, which a bare machine may lack.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
  try {
    return await (await import('@sparticuz/chromium')).default.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    const libraries = [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean);
    process.env.LD_LIBRARY_PATH = [...new Set(libraries.join(delimiter).split(delimiter))].join(delimiter);
  }
}

const ways = [
  ['CHROME_PATH or installed', chromePath],
  ["Playwright's cache", playwrightPath],
  ['an npm build of before', unpackNpmBuild],
  ["Playwright's download", downloadByPlaywright],
  ['apt-get install chromium', installByApt],
  [NPM_BUILD, installFromNpm],
];

/**
 * The path of a Chromium that starts. Sets `CHROME_PATH`, and for the npm build `LD_LIBRARY_PATH`, so that every
 * program started from here finds the same one.
 * @returns {Promise<string>} Throws when there is no way left.
 */
export async function ensureChromium() {
  const tried = [];
  for (const [name, get] of ways) {
    if (tried.length > 0) console.log(`Chromium: trying ${name}…`);
    try {
      const path = await get();
      if (path && starts(path)) {
        console.log(`Chromium: ${path} (${name})`);
        process.env.CHROME_PATH = path;
        return path;
      }
      tried.push(`${name}: ${path ? `${path} does not start` : 'none'}`);
    } catch (error) {
      tried.push(`${name}: ${error.message.split('\n')[0]}`);
    }
    console.log(`Chromium: ${tried.at(-1)}`);
  }
  throw new Error(`No Chromium. Install one, or set CHROME_PATH.\n  ${tried.join('\n  ')}`);
}

if (isMain(import.meta)) console.log(await ensureChromium());
