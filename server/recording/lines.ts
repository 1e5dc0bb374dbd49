/**
 * Text cut into messages. They come in lists, all that one piece of the text has completed: with millions of messages an
 * `await` for each would take longer than reading them.
 */
import { ItemScanner } from '../../src/stream/transport/recorded-frames.js';
import { RecordingError } from './recording-error.js';

/** Longest message taken, in UTF-16 units. The longest real one is a book of some thousand levels: under 1 MB. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** Lines without their end, `\n` or `\r\n`, the last one also when it has none. Blank ones are left out. */
export async function* readLines(
  pieces: AsyncIterable<string>,
  path: string,
): AsyncGenerator<string[], void, undefined> {
  let rest = '';
  for await (const piece of pieces) {
    const lines: string[] = [];
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      const line = (rest + piece.slice(start, end)).trimEnd();
      rest = '';
      start = end + 1;
      if (line !== '') lines.push(line);
    }
    rest += piece.slice(start);
    if (rest.length > MAX_LENGTH) throw tooLong(path);
    if (lines.length > 0) yield lines;
  }
  const last = rest.trimEnd();
  if (last !== '') yield [last];
}

/**
 * The messages of one JSON document `{"init": [message, …] | message, "updates": [message, …]}`, as they are written.
 * A document that ends too early gives the messages before its end, then throws `truncated`.
 */
export async function* readItems(
  pieces: AsyncIterable<string>,
  path: string,
): AsyncGenerator<string[], void, undefined> {
  const scanner = new ItemScanner();
  for await (const piece of pieces) {
    const items = scanner.push(piece);
    if (items.length > 0) yield items;
    if (scanner.heldLength > MAX_LENGTH) throw tooLong(path);
  }
  if (!scanner.isComplete) throw new RecordingError('truncated', `${path}: the JSON document ends too early`);
}

const tooLong = (path: string): RecordingError =>
  new RecordingError(
    'line_too_long',
    `${path}: a message of more than ${MAX_LENGTH >> 20} million characters; not a recording`,
  );
