/** Plays the files of one session through its venue's protocol, as fast as they can be read. */
import { stat } from 'node:fs/promises';
import type { VenueProtocol } from '../../src/stream/venue/venue-protocol.js';
import { Examples } from '../recording/examples.js';
import type { FileEntry, FrameFile } from '../recording/frame-file.js';
import { mergeFrames } from '../recording/merge-frames.js';
import { sessionOf, type SessionOptions } from '../recording/session-files.js';
import { Tally } from './tally.js';

export interface PlayOptions extends SessionOptions {
  /** Levels a side, where the frames do not say how many the venue keeps. */
  readonly depth?: number;
  /** Told now and then how much of the files has been read, from 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

export interface Played {
  readonly protocol: VenueProtocol;
  readonly files: readonly FrameFile[];
  readonly tally: Tally;
  /** What is wrong, one sentence each. */
  readonly findings: readonly string[];
  /** From the first look at the files to the last frame. */
  readonly overallMs: number;
  /** Of that, in the protocol and the books. */
  readonly playingMs: number;
}

/** Rejects with `RecordingError` when a file cannot be read or is of another venue. */
export async function play(paths: readonly string[], options: PlayOptions = {}): Promise<Played> {
  const { depth, onProgress = () => {} } = options;
  const startedAt = performance.now();
  const { files, protocol } = await sessionOf(paths, options);
  const tally = new Tally(protocol, depth === undefined ? {} : { depth });
  const strangeLines = new Examples();
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  const size = sizes.reduce((sum, each) => sum + each, 0);
  let read = 0;
  let playingMs = 0;
  for await (const { entries } of mergeFrames(files, (bytes) => (read += bytes))) {
    const begunAt = performance.now();
    for (const entry of entries) playEntry(entry, tally, strangeLines);
    playingMs += performance.now() - begunAt;
    onProgress(Math.min(1, read / size));
  }
  tally.finish();
  if (lacksAnswers(protocol, tally)) {
    options.onNote?.(`${protocol.name} gives snapshots by HTTP, and none is here: name the recorded answers as well`);
  }
  return {
    protocol,
    files,
    tally,
    findings: [...strangeLines.note('lines are no frames'), ...nothingOf(protocol, tally), ...tally.findings],
    overallMs: performance.now() - startedAt,
    playingMs,
  };
}

function playEntry(entry: FileEntry, tally: Tally, strangeLines: Examples): void {
  if ('text' in entry) tally.read(entry.text, entry.url, entry.connection);
  else strangeLines.add(entry.line.slice(0, 80));
}

/** Whether updates wait for the snapshots that only another file can bring. */
function lacksAnswers({ limits }: VenueProtocol, tally: Tally): boolean {
  if (limits.snapshotsPerMinute === undefined) return false;
  const { deltas, snapshots } = tally.total();
  return deltas > 0 && snapshots === 0;
}

function nothingOf({ name }: VenueProtocol, { frames, symbols }: Tally): string[] {
  return symbols.size > 0 ? [] : [`none of the ${frames} frames says anything of a book of ${name}`];
}
