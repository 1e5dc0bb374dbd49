/**
 * Builds the package: `node tools/build.mjs` all of it, `node tools/build.mjs cdn` only the files for a script tag.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, root, runNode } from './run.mjs';

const vite = (...args) => runNode(['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', ...args]);
const tsc = (...args) => runNode(['node_modules/typescript/bin/tsc', ...args]);

async function must(what, code) {
  if ((await code) !== 0) throw new Error(`${what} failed`);
}

export const cdnFiles = ['touchline', 'touchline-desk', 'touchline-venues', 'touchline-demo'];
/** The same, for streams in a worker: page module and worker script in one. It has no element in it. */
export const workerFile = 'touchline-worker';
const allFiles = [...cdnFiles, workerFile];

/** The self-contained modules and their hashes for `integrity`. */
export async function buildCdn() {
  for (const name of [...allFiles, 'worker-script'])
    await must(`the build of ${name}.js`, vite('-c', 'vite.bundle.config.ts', '--mode', name));
  const hash = (file) => `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;
  const hashes = Object.fromEntries(allFiles.map((name) => [`${name}.js`, hash(join(root, `dist/cdn/${name}.js`))]));
  writeFileSync(join(root, 'dist/cdn/sri.json'), `${JSON.stringify(hashes, null, 2)}\n`);
}

async function buildAll() {
  await must('the build by modules', vite());
  await must('the declarations', tsc('-p', 'tsconfig.build.json'));
  await buildCdn();
}

const newest = (path) =>
  statSync(path).isDirectory()
    ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
    : statSync(path).mtimeMs;

/** Builds the files for a script tag when one is missing or older than anything it is made from. */
export async function ensureCdn() {
  const made = [...allFiles.map((name) => `${name}.js`), 'sri.json'].map((name) => join(root, 'dist/cdn', name));
  const sources = ['src', 'tools/build', 'vite.bundle.config.ts', 'package-lock.json'].map((path) => join(root, path));
  const isFresh = made.every(existsSync) && Math.min(...made.map(newest)) > Math.max(...sources.map(newest));
  if (isFresh) return;
  console.log('Building dist/cdn…');
  await buildCdn();
}

if (isMain(import.meta)) {
  await (process.argv[2] === 'cdn' ? buildCdn() : buildAll()).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
