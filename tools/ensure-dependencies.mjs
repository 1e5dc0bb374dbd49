/** Makes the dependencies ready: those of the lock file, no others. Needs nothing but Node itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, runNode } from './run.mjs';

const LEAST_NODE = [20, 19];

/** Ends the process with a plain sentence when Node is too old to run the project. */
export function ensureNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  console.error(`Touchline needs Node ${LEAST_NODE.join('.')} or newer; this is Node ${version}.`);
  process.exit(1);
}

/**
 * What differs between the lock file and what is installed, as sentences; empty when nothing does.
 * A package for another platform may be missing, and one that was added by hand may be there.
 * @param {Record<string, {version?: string, integrity?: string, optional?: boolean, link?: boolean}>} locked
 * @param {Record<string, {version?: string, integrity?: string}>} installed
 */
export function differences(locked, installed) {
  return Object.entries(locked).flatMap(([path, entry]) => {
    if (path === '' || entry.link) return [];
    const found = installed[path];
    if (found === undefined) return entry.optional ? [] : [`${path} is missing`];
    const same = found.version === entry.version && found.integrity === entry.integrity;
    return same ? [] : [`${path} is ${found.version}, the lock says ${entry.version}`];
  });
}

const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

function whatIsWrong() {
  let installed;
  try {
    installed = packagesOf('node_modules/.package-lock.json');
  } catch (error) {
    if (error.code === 'ENOENT') return ['nothing is installed'];
    return ['node_modules is damaged'];
  }
  return differences(packagesOf('package-lock.json'), installed);
}

/** npm as a program: the one that runs us, else the one on PATH. */
export const npm = (...args) =>
  process.env.npm_execpath?.endsWith('.js')
    ? runNode([process.env.npm_execpath, ...args])
    : run('npm', args, { shell: process.platform === 'win32' });

/** Installs what the lock file says if anything else is there. Ends the process when that fails. */
export async function ensureDependencies() {
  ensureNode();
  const [first, ...more] = whatIsWrong();
  if (first === undefined) return;
  console.log(`Dependencies: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}. Running npm ci…`);
  const code = await npm('ci', '--no-audit', '--no-fund');
  if (code === 0) return;
  console.error(`npm ci failed with exit code ${code}: the dependencies are not ready.`);
  process.exit(1);
}
