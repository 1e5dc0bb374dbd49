/**
 * A recording of a venue's order book stream, ready to be played: what it holds, and its book operations in order.
 *
 * It is read once when it is opened, to know its symbols and to meet every fault before anything is served, and again
 * each time it is played. Neither holds more of it in memory than one message of each file.
 */
import { basename } from 'node:path';
import type { Instrument } from '../../src/book/instrument.js';
import { inspectFile } from './frame-file.js';
import type { FrameFile } from './frame-file.js';
import { mergeFrames } from './merge-frames.js';
import { Chain } from './recorded-operation.js';
import type { RecordedOperation } from './recorded-operation.js';
import { RecordingError } from './recording-error.js';
import { answersBeside, venueOf } from './session-files.js';
import { Survey } from './survey.js';
import { readFrame } from './venue.js';
import type { Venue, VenueOperation } from './venue.js';

export interface Recording {
  /** As `--venue` takes it. */
  readonly venue: string;
  /** The symbols that have a book, sorted. */
  readonly symbols: readonly string[];
  /** One for each symbol. Tick and lot are the widest round steps that all its prices and sizes keep to. */
  readonly instruments: readonly Instrument[];
  /** Time of the first and the last operation, milliseconds since 1970; 0 when the recording has no times. */
  readonly startMs: number;
  readonly endMs: number;
  /** All of it from the beginning, each time. Throws `RecordingError` when a file has changed or gone since. */
  operations(): AsyncIterable<RecordedOperation>;
}

export interface RecordingOptions {
  /** The venue's name. Default: what the frames show, else what the file name says. */
  readonly venue?: string;
  /** Told what was found beside the files, left out or doubtful, one sentence each. */
  readonly onNote?: (text: string) => void;
}

/**
 * Opens files that are one session: they are played together in the order of time. HTTP answers beside a socket
 * recording (`…_http…` beside `…_ws…`) are found by name. Rejects with `RecordingError`, and with `RangeError` when no
 * file is given.
 */
export async function openRecording(paths: readonly string[], options: RecordingOptions = {}): Promise<Recording> {
  if (paths.length === 0) throw new RangeError('openRecording: expected at least one file, got none');
  const note = options.onNote ?? ((): void => {});
  const given = await Promise.all(paths.map(inspectFile));
  const answers = await answersBeside(given);
  for (const { path } of answers) note(`snapshots by HTTP are taken from ${basename(path)} beside it`);
  const files = [...answers, ...given];
  const venue = await venueOf(files, options.venue);

  const survey = new Survey();
  for await (const { operation, file } of play(files, venue, 0, (line) => survey.passOver(line)))
    survey.add(operation, file);
  const { notes, ...findings } = survey.finish();
  for (const text of notes) note(text);
  if (findings.symbols.length === 0) {
    throw new RecordingError('no_books', `${paths.join(', ')}: no order book of ${venue.name} can be built from it`);
  }
  return {
    venue: venue.name,
    ...findings,
    async *operations() {
      for await (const { operation } of play(files, venue, findings.startMs, () => {})) yield operation;
    },
  };
}

/** `fromMs`: the time of what comes before the first time that is known. */
async function* play(
  files: readonly FrameFile[],
  venue: Venue,
  fromMs: number,
  passOver: (line: string) => void,
): AsyncGenerator<{ readonly operation: RecordedOperation; readonly file: FrameFile }, void, undefined> {
  const reader = venue.start();
  const chain = new Chain();
  let atMs = fromMs;
  for await (const { frame, file } of mergeFrames(files)) {
    if (!('text' in frame)) {
      passOver(frame.line);
      continue;
    }
    const operations = readFrame(reader, frame.text, frame.url);
    // A document has no times of receiving: the venue's own stand in.
    atMs = Math.max(atMs, frame.atMs ?? newestEvent(operations));
    for (const operation of operations) yield { operation: chain.place(operation, atMs), file };
  }
}

function newestEvent(operations: readonly VenueOperation[]): number {
  let newest = 0;
  for (const operation of operations) if ('eventTime' in operation) newest = Math.max(newest, operation.eventTime);
  return newest;
}
