/** The files of a recording: what form they have, and their frames. `recorded-frames.ts` has the forms. */
import {
  formOf,
  readLine,
  venueOfFlight,
  type FrameForm,
  type RecordedFrame,
  type UnreadableLine,
} from '../../src/stream/transport/recorded-frames.js';
import { readText, type OnBytes } from './file-text.js';
import { flatText } from './flat-text.js';
import { readItems, readLines } from './lines.js';
import { RecordingError } from './recording-error.js';

export interface FrameFile {
  readonly path: string;
  readonly form: FrameForm;
  /** Whose it is, where the file itself says so. */
  readonly venue?: string | undefined;
}

/** What a file holds, one by one. */
export type FileEntry = RecordedFrame | UnreadableLine;

/** Looks at the beginning of a file. Throws `RecordingError`. */
export async function inspectFile(path: string): Promise<FrameFile> {
  for await (const [line = ''] of readLines(readText(path), path)) {
    const form = formOf(line);
    if (form !== undefined) return { path, form, venue: venueOfFlight(line) };
    throw new RecordingError(
      'unknown_format',
      `${path}: not a recording that can be played. Its first line begins with ${JSON.stringify(line.slice(0, 60))}; ` +
        'expected "<time in ns> <frame>", "<time in s>: <frame>", "<url> -> <time>: <body>", a JSON document with "init" and "updates", or a recording of a stream of ours',
    );
  }
  throw new RecordingError('empty', `${path}: the file is empty`);
}

/** All frames of a file in their order, and the lines that are none, in lists. Throws `RecordingError`. */
export async function* readFrames(file: FrameFile, onBytes?: OnBytes): AsyncGenerator<FileEntry[], void, undefined> {
  const { path, form } = file;
  const text = readText(path, onBytes);
  if (form === 'document') {
    for await (const items of readItems(text, path)) yield items.map((item) => ({ text: item, atMs: undefined }));
    return;
  }
  for await (const lines of readLines(text, path)) {
    const entries: FileEntry[] = [];
    for (const line of lines) {
      const entry = readLine(line, form);
      if (entry === undefined || 'event' in entry) continue;
      entries.push('text' in entry ? { ...entry, text: flatText(entry.text) } : entry);
    }
    if (entries.length > 0) yield entries;
  }
}
