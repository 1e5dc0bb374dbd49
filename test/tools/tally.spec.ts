import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root, runNode } from '../../tools/run.mjs';
import { closingLine, isGood, sum, takeTally, type Tally } from '../../tools/test/tally.mjs';

const tally = (passed: number, failed: number, skipped = 0): Tally => ({ passed, failed, skipped, notes: [] });

/** What the reporter counts of a test file with this text. */
async function countOf(text: string): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-tally-'));
  try {
    const file = join(folder, 'planted.spec.mjs');
    writeFileSync(file, `import { describe, it } from 'node:test';\n${text}`);
    const reporter = join(root, 'tools/test/node-reporter.mjs');
    const args = ['--test', '--test-reporter', reporter, '--test-reporter-destination', 'stdout', file];
    return await takeTally('planted', ({ NODE_TEST_CONTEXT: _context, ...env }) =>
      runNode(args, { env, stdio: 'ignore' }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the count of tests', () => {
  it('PK6 closes with one line of a fixed form', () => {
    assert.equal(closingLine(tally(3, 0)), '3 passed, 0 failed');
    assert.equal(closingLine(sum([tally(3, 0), tally(1, 2, 4)])), '4 passed, 2 failed, 4 skipped');
  });

  it('PK6 is bad when something failed, and when nothing was tested', () => {
    assert.equal(isGood(tally(1, 0)), true);
    assert.equal(isGood(tally(9, 1)), false);
    assert.equal(isGood(tally(0, 0, 3)), false);
  });

  it('PK6 counts tests, not suites, and gives the reason of a skip', async () => {
    const counted = await countOf(`
      describe('suite', () => { it('good', () => {}); it('bad', () => { throw new Error('bad'); }); });
      it('later', { skip: 'no recordings' }, () => {});
    `);
    const { failures, ...counts } = counted;
    assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 1, notes: ['later: no recordings'] });
    assert.equal(failures?.length, 1);
    assert.match(failures[0] ?? '', /^bad \(.*planted\.spec\.mjs:\d+\)$/);
  });

  it('PK6 counts a file that cannot be loaded as a failure', async () => {
    assert.equal((await countOf(`import 'no-such-package';`)).failed, 1);
  });

  it('PK6 names what failed, of all suites together', () => {
    const failing = (...failures: string[]): Tally => ({ ...tally(0, failures.length), failures });
    assert.deepEqual(sum([failing('a', 'b'), tally(1, 0), failing('c')]).failures, ['a', 'b', 'c']);
  });

  it('PK6 counts a suite that died before it counted as a failure', async () => {
    assert.deepEqual(await takeTally('dead', async () => 7), tally(0, 1));
  });
});
