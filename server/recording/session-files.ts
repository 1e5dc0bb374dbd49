/** Which files make a session. */
import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { VenueProtocol } from '../../src/stream/venue/venue-protocol.js';
import { inspectFile } from './frame-file.js';
import type { FrameFile } from './frame-file.js';
import { RecordingError } from './recording-error.js';
import { venueOf } from './session-venue.js';

export interface SessionOptions {
  /** The venue's name. Default: what the frames show, else what the file name says. */
  readonly venue?: string;
  /** Told what was found beside the files, left out or doubtful, one sentence each. */
  readonly onNote?: (text: string) => void;
}

export interface SessionFiles {
  /** Those that were given, in their order, after those that were found beside them. */
  readonly files: readonly FrameFile[];
  readonly protocol: VenueProtocol;
}

/**
 * The files of one session, and whose it is. HTTP answers beside a socket recording (`…_http…` beside `…_ws…`) are found
 * by name. Rejects with `RecordingError`, and with `RangeError` when no file is given.
 */
export async function sessionOf(paths: readonly string[], options: SessionOptions = {}): Promise<SessionFiles> {
  if (paths.length === 0) throw new RangeError('a session is at least one file, got none');
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) throw new RecordingError('overlap', `${twice}: named twice; a session has each file once`);
  const given = await Promise.all(paths.map(inspectFile));
  const answers = await answersBeside(given);
  for (const { path } of answers) options.onNote?.(`snapshots by HTTP are taken from ${basename(path)} beside it`);
  const files = [...answers, ...given];
  return { files, protocol: await venueOf(files, options.venue) };
}

/** None are looked for when some were given. */
async function answersBeside(files: readonly FrameFile[]): Promise<FrameFile[]> {
  if (files.some((file) => file.form === 'http')) return [];
  const found = new Map<string, FrameFile>();
  for (const file of files) {
    for (const name of answerNames(basename(file.path))) {
      const path = join(dirname(file.path), name);
      if (!(await exists(path))) continue;
      const candidate = found.get(path) ?? (await inspectFile(path));
      if (candidate.form !== 'http') continue;
      found.set(path, candidate);
      break;
    }
  }
  return [...found.values()];
}

/**
 * What HTTP answers beside a socket recording may be called: `x_http.txt.gz` for `x_ws.txt.gz`, and for `X.ws.3.0`,
 * whose numbers count the connections in the order they were made, `X.http.2.0` or `X.http.0.0`.
 */
function answerNames(name: string): string[] {
  const scored = name.replace(/_ws\d*(?=\.|$)/, '_http');
  const names = scored === name ? dottedNames(name) : [scored];
  return names.flatMap((same) => (same.endsWith('.gz') ? [same, same.slice(0, -'.gz'.length)] : [same, `${same}.gz`]));
}

function dottedNames(name: string): string[] {
  const match = /^(.+)\.ws(?:\.(\d+)(\.\d+)?)?((?:\.txt)?(?:\.gz)?)$/.exec(name);
  if (match === null) return [];
  const [, stem, number, of = '', ending] = match;
  const before = number === undefined || number === '0' ? [] : [`.${Number(number) - 1}${of}`];
  return [...before, '.0.0', ''].map((numbers) => `${stem}.http${numbers}${ending}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
