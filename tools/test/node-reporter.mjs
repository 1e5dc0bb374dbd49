/** A reporter for `node --test`: failures in full, skipped tests with their reason, and the tally. */
import { relative } from 'node:path';
import { inspect } from 'node:util';
import { root } from '../run.mjs';
import { writeTally } from './tally.mjs';

const where = ({ file, line }) => (file === undefined ? '' : ` (${relative(root, file)}${line ? `:${line}` : ''})`);

export default async function* report(source) {
  const tally = { passed: 0, failed: 0, skipped: 0, notes: [], failures: [] };
  for await (const { type, data } of source) {
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSuite = data.details?.type === 'suite';
    if (data.skip !== undefined && data.skip !== false) {
      tally.skipped++;
      const reason = typeof data.skip === 'string' && data.skip !== '' ? data.skip : 'no reason given';
      tally.notes.push(`${data.name}: ${reason}`);
    } else if (type === 'test:pass') {
      if (!isSuite && data.todo === undefined) tally.passed++;
    } else {
      const error = data.details.error;
      // A suite fails because a test in it failed, and that one is counted; or by itself, and then it counts.
      if (isSuite && error.failureType === 'subtestsFailed') continue;
      tally.failed++;
      tally.failures.push(`${data.name}${where(data)}`);
      const cause = error.cause ?? error;
      yield `\n✗ ${data.name}${where(data)}\n${indent(cause instanceof Error ? inspect(cause) : String(cause))}\n`;
    }
  }
  writeTally(tally);
}

const indent = (text) => text.replace(/^/gm, '    ');
