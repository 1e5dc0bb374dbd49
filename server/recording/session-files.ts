/** Which files make a session, and whose it is. */
import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseExact } from './exact-json.js';
import { inspectFile, readFrames } from './frame-file.js';
import type { FrameFile } from './frame-file.js';
import { RecordingError } from './recording-error.js';
import type { Venue } from './venue.js';
import { VENUES, venueNamed, venueOfFileName, venueOfFrame } from './venues.js';

/** Frames looked at to tell a venue: acknowledgements, which tell nothing, come first, one for each symbol and channel. */
const FRAMES_TO_RECOGNISE = 2000;

/**
 * The HTTP answers recorded beside socket recordings, found by name (`x_http.txt.gz` beside `x_ws.txt.gz`,
 * `X.http.0.0` beside `X.ws.1.0`). None are looked for when some were given. Throws `RecordingError`.
 */
export async function answersBeside(files: readonly FrameFile[]): Promise<FrameFile[]> {
  if (files.some((file) => file.form === 'http')) return [];
  const found = new Map<string, FrameFile>();
  for (const file of files) {
    for (const name of answerNames(basename(file.path))) {
      const path = join(dirname(file.path), name);
      if (found.has(path) || !(await exists(path))) continue;
      const candidate = await inspectFile(path);
      if (candidate.form === 'http') found.set(path, candidate);
      break;
    }
  }
  return [...found.values()];
}

function answerNames(name: string): string[] {
  const dotted = name.replace(/\.ws(?:\.\d+)*(?=\.gz$|$)/, '.http.0.0');
  const scored = name.replace(/_ws\d*(?=\.|$)/, '_http');
  const same = scored !== name ? scored : dotted;
  if (same === name) return [];
  return same.endsWith('.gz') ? [same, same.slice(0, -'.gz'.length)] : [same, `${same}.gz`];
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** The venue that was asked for, or the one that the files' frames show, or the one that their names say. */
export async function venueOf(files: readonly FrameFile[], asked: string | undefined): Promise<Venue> {
  if (asked !== undefined) {
    const venue = venueNamed(asked);
    if (venue === undefined)
      throw new RecordingError('unknown_venue', `there is no venue ${JSON.stringify(asked)}; ${known()}`);
    return venue;
  }
  const sockets = files.filter((file) => file.form !== 'http');
  let session: { venue: Venue; path: string } | undefined;
  for (const { path, form } of sockets.length > 0 ? sockets : files) {
    const venue = (await venueOfFrames({ path, form })) ?? venueOfFileName(basename(path));
    if (venue === undefined)
      throw new RecordingError('unknown_venue', `${path}: frames of no venue that is known; ${known()}`);
    if (session !== undefined && session.venue !== venue) {
      const message = `${session.path} is of ${session.venue.name} and ${path} of ${venue.name}: give the files of one venue`;
      throw new RecordingError('mixed_venues', message);
    }
    session = { venue, path };
  }
  return session!.venue;
}

async function venueOfFrames(file: FrameFile): Promise<Venue | undefined> {
  let left = FRAMES_TO_RECOGNISE;
  for await (const frame of readFrames(file)) {
    if (left-- === 0) return undefined;
    if (!('text' in frame)) continue;
    const venue = venueOfText(frame.text);
    if (venue !== undefined) return venue;
  }
  return undefined;
}

/** Undefined also for text that is no JSON: one damaged frame does not hide the venue of the others. */
function venueOfText(text: string): Venue | undefined {
  try {
    return venueOfFrame(parseExact(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const known = (): string => `known are ${VENUES.map((venue) => venue.name).join(', ')}`;
