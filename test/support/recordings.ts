/** Where the recordings of real exchanges are. They are not part of the project: a test that needs them skips, saying so. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** The folder, with a slash at its end; undefined when it is not there. `TL_RECORDINGS` may name another one. */
export function recordingsFolder(): URL | undefined {
  const named = process.env['TL_RECORDINGS'];
  const folder =
    named === undefined ? new URL('../../../shared/recordings/', import.meta.url) : pathToFileURL(`${named}/`);
  return existsSync(new URL('expected/', folder)) ? folder : undefined;
}
