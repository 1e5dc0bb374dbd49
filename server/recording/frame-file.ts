/**
 * The three forms of recordings, told apart by the first line that holds something:
 *
 *     1723161254024619568 {"stream": …}                     time in nanoseconds, frame
 *     1633998512.0633569: {"stream": …}                     time in seconds, frame, among lines `<url> <-> …` (connected)
 *                                                           and `<url> <- …` (sent by the client), which are passed over
 *     https://… -> 1633998512.320639: {"lastUpdateId": …}   request, time, body: HTTP answers
 *     {"init": …, "updates": […]}                           one JSON document without times
 */
import { readText } from './file-text.js';
import { readItems, readLines } from './lines.js';
import { RecordingError } from './recording-error.js';

export type FrameForm = 'nanoseconds' | 'seconds' | 'http' | 'document';

export interface FrameFile {
  readonly path: string;
  readonly form: FrameForm;
}

export interface RecordedFrame {
  readonly text: string;
  /** When it was received, milliseconds since 1970; undefined where the form has no times. */
  readonly atMs: number | undefined;
  /** The request that an HTTP answer belongs to. */
  readonly url?: string;
}

/** A line in the middle of a file that has not its form. */
export interface UnreadableLine {
  readonly line: string;
}

const NANOSECONDS = /^(\d{16,20}) (?=\S)/;
const SECONDS = /^(\d{9,11}(?:\.\d+)?): /;
const CONNECTED = /^\S+ <->/;
const SENT = /^\S+ <- /;
const HTTP = /^(\S+:\/\/\S+) -> (\d{9,11}(?:\.\d+)?): /;

/** Looks at the beginning of a file. Throws `RecordingError`. */
export async function inspectFile(path: string): Promise<FrameFile> {
  for await (const line of readLines(readText(path), path)) {
    const form = formOf(line);
    if (form !== undefined) return { path, form };
    throw new RecordingError(
      'unknown_format',
      `${path}: not a recording that can be played. Its first line begins with ${JSON.stringify(line.slice(0, 60))}; ` +
        'expected "<time in ns> <frame>", "<time in s>: <frame>", "<url> -> <time>: <body>", or a JSON document with "init" and "updates"',
    );
  }
  throw new RecordingError('empty', `${path}: the file is empty`);
}

function formOf(line: string): FrameForm | undefined {
  if (NANOSECONDS.test(line)) return 'nanoseconds';
  if (SECONDS.test(line) || CONNECTED.test(line) || SENT.test(line)) return 'seconds';
  if (HTTP.test(line)) return 'http';
  return line.startsWith('{') ? 'document' : undefined;
}

/** All frames of a file in their order, and the lines that are none. Throws `RecordingError`. */
export async function* readFrames(file: FrameFile): AsyncGenerator<RecordedFrame | UnreadableLine, void, undefined> {
  const text = readText(file.path);
  if (file.form === 'document') {
    for await (const item of readItems(text, file.path)) yield { text: item, atMs: undefined };
    return;
  }
  for await (const line of readLines(text, file.path)) {
    const frame = readLine(line, file.form);
    if (frame !== undefined) yield frame;
  }
}

/** Undefined for a line that is there for people, not for players. */
function readLine(line: string, form: Exclude<FrameForm, 'document'>): RecordedFrame | UnreadableLine | undefined {
  switch (form) {
    case 'nanoseconds': {
      const match = NANOSECONDS.exec(line);
      if (match === null) return { line };
      return { text: line.slice(match[0].length), atMs: Number(match[1]) / 1e6 };
    }
    case 'seconds': {
      const match = SECONDS.exec(line);
      if (match !== null) return { text: line.slice(match[0].length), atMs: Number(match[1]) * 1000 };
      return CONNECTED.test(line) || SENT.test(line) ? undefined : { line };
    }
    case 'http': {
      const match = HTTP.exec(line);
      if (match === null) return { line };
      return { text: line.slice(match[0].length), atMs: Number(match[2]) * 1000, url: match[1]! };
    }
  }
}
