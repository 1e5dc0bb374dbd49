/** Packs the built package as it would be published, and has publint and attw look at every entry of it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm } from './ensure-dependencies.mjs';
import { runNode } from './run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'touchline-package-'));
try {
  const packed = await npm('pack', '--ignore-scripts', '--silent', '--pack-destination', folder);
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (packed !== 0 || file === undefined) throw new Error('npm pack failed');
  const tarball = join(folder, file);
  const codes = [
    await runNode(['node_modules/publint/src/cli.js', tarball, '--strict']),
    await runNode([
      'node_modules/@arethetypeswrong/cli/dist/index.js',
      tarball,
      '--profile',
      'esm-only',
      '--format',
      'ascii',
    ]),
  ];
  if (codes.some((code) => code !== 0)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
