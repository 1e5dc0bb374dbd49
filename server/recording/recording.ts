/**
 * A recording of a venue's order book stream, ready to be played as a market: what it holds, and its frames in order.
 *
 * It is read once when it is opened, to know its symbols and to meet every fault before anything is served, and again
 * each time it is played. Neither holds more of it in memory than one piece of each file.
 */
import type { Instrument } from '../../src/book/instrument.js';
import type { VenueProtocol } from '../../src/stream/venue/venue-protocol.js';
import type { RecordedFrame } from '../../src/stream/transport/recorded-frames.js';
import { mergeFrames } from './merge-frames.js';
import { RecordingError } from './recording-error.js';
import { sessionOf, type SessionOptions } from './session-files.js';
import { Survey } from './survey.js';

/** A frame that has a time to be played at. */
export type TimedFrame = RecordedFrame & { readonly atMs: number };

export interface Recording {
  readonly protocol: VenueProtocol;
  /** The symbols that have a book, sorted. */
  readonly symbols: readonly string[];
  /** One for each symbol. Tick and lot are the widest round steps that all its prices and sizes keep to. */
  readonly instruments: readonly Instrument[];
  /** Time of the first and the last frame that tells something, milliseconds since 1970; 0 when there are no times. */
  readonly startMs: number;
  readonly endMs: number;
  /** All of it from the beginning, each time; times never fall. Throws `RecordingError` when a file has changed or gone since. */
  frames(): AsyncIterable<readonly TimedFrame[]>;
}

/** Opens files that are one session, as `sessionOf`. Rejects with `RecordingError`, and with `RangeError` when no file is given. */
export async function openRecording(paths: readonly string[], options: SessionOptions = {}): Promise<Recording> {
  const { files, protocol } = await sessionOf(paths, options);
  const survey = new Survey(protocol);
  for await (const { file, entries } of mergeFrames(files)) for (const entry of entries) survey.read(entry, file);
  const { notes, untimed, ...findings } = survey.finish();
  for (const text of notes) options.onNote?.(text);
  if (findings.symbols.length === 0) {
    throw new RecordingError('no_books', `${paths.join(', ')}: no order book of ${protocol.name} can be built from it`);
  }
  return {
    protocol,
    ...findings,
    async *frames() {
      // What comes before the first time that is known is played at the start.
      let atMs = findings.startMs;
      let next = 0;
      for await (const { entries } of mergeFrames(files)) {
        const frames: TimedFrame[] = [];
        for (const entry of entries) {
          if (!('text' in entry)) continue;
          atMs = Math.max(atMs, entry.atMs ?? untimed[next++] ?? 0);
          frames.push({ ...entry, atMs });
        }
        yield frames;
      }
    },
  };
}
