/**
 * What a suite found, handed from the program that ran it to the one that adds up: through a file, since each suite
 * is a program of its own. A suite that dies before it writes its tally has failed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} notes Why tests were skipped, one sentence each.
 * @property {readonly string[]} [failures] The names of those that failed.
 */

const VARIABLE = 'TOUCHLINE_TALLY';

/** Writes the tally where the program that started us wants it. Does nothing when it was started by hand. */
export function writeTally(tally) {
  const file = process.env[VARIABLE];
  if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
}

/**
 * Runs a suite and reads its tally.
 * @param {string} name For the sentence when it dies.
 * @param {(env: NodeJS.ProcessEnv) => Promise<number>} start Starts it with this environment; gives its exit code.
 * @returns {Promise<Tally>}
 */
export async function takeTally(name, start) {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-'));
  const file = join(folder, 'tally.json');
  try {
    const code = await start({ ...process.env, [VARIABLE]: file });
    const tally = readTally(file);
    if (tally === undefined) {
      console.error(`${name}: ended with exit code ${code} before it could count its tests`);
      return { passed: 0, failed: 1, skipped: 0, notes: [] };
    }
    if (code !== 0 && tally.failed === 0) {
      console.error(`${name}: exit code ${code}, though no test failed`);
      return { ...tally, failed: 1 };
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {readonly Tally[]} tallies @returns {Tally} */
export const sum = (tallies) => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failed: tallies.reduce((total, { failed }) => total + failed, 0),
  skipped: tallies.reduce((total, { skipped }) => total + skipped, 0),
  notes: tallies.flatMap(({ notes }) => notes),
  failures: tallies.flatMap(({ failures = [] }) => failures),
});

/** The closing line. Skipped tests are named only when there are some. */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** A run is good when something was tested and nothing failed. */
export const isGood = ({ passed, failed }) => failed === 0 && passed > 0;
