/** Text cut into pieces that hold one message each, never more than one in memory. */
import { RecordingError } from './recording-error.js';

/** Longest message taken, in UTF-16 units. The longest real one is a book of some thousand levels: under 1 MB. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** Lines without their end, `\n` or `\r\n`, the last one also when it has none. Blank ones are left out. */
export async function* readLines(chunks: AsyncIterable<string>, path: string): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      const line = (rest + chunk.slice(start, end)).trimEnd();
      rest = '';
      start = end + 1;
      if (line !== '') yield line;
    }
    rest += chunk.slice(start);
    if (rest.length > MAX_LENGTH) throw tooLong(path);
  }
  const last = rest.trimEnd();
  if (last !== '') yield last;
}

/**
 * The messages of one JSON document `{"init": [message, …] | message, "updates": [message, …]}`, as they are written.
 * A document that ends too early gives the messages before its end, then throws `truncated`.
 */
export async function* readItems(chunks: AsyncIterable<string>, path: string): AsyncGenerator<string, void, undefined> {
  const scanner = new ItemScanner();
  for await (const chunk of chunks) {
    for (const item of scanner.push(chunk)) yield item;
    if (scanner.heldLength > MAX_LENGTH) throw tooLong(path);
  }
  if (!scanner.isComplete) throw new RecordingError('truncated', `${path}: the JSON document ends too early`);
}

/**
 * Finds objects and lists directly under the document's names: each one that is an object, and the elements of each
 * one that is a list. Only brackets and strings matter for that; the parser judges the rest.
 */
class ItemScanner {
  /** Brackets open now, e.g. `{[{`. */
  #open = '';
  #isInString = false;
  #isEscaped = false;
  #held = '';
  #isHolding = false;

  get heldLength(): number {
    return this.#held.length;
  }

  get isComplete(): boolean {
    return this.#open === '' && !this.#isInString;
  }

  push(chunk: string): string[] {
    const items: string[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const char = chunk[at]!;
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (char === '\\') this.#isEscaped = true;
        else if (char === '"') this.#isInString = false;
      } else if (char === '"') {
        this.#isInString = true;
      } else if (char === '{' || char === '[') {
        if (!this.#isHolding && isItemStart(this.#open, char)) {
          this.#isHolding = true;
          start = at;
        }
        this.#open += char;
      } else if (char === '}' || char === ']') {
        this.#open = this.#open.slice(0, -1);
        if (this.#isHolding && isItemEnd(this.#open)) {
          items.push(this.#held + chunk.slice(start, at + 1));
          this.#held = '';
          this.#isHolding = false;
        }
      }
    }
    if (this.#isHolding) this.#held += chunk.slice(start);
    return items;
  }
}

/** In the document's object: an object is a message, a list holds them. */
const isItemStart = (open: string, char: string): boolean => (open === '{' && char === '{') || open === '{[';

/** Back where a message may start. */
const isItemEnd = (open: string): boolean => open === '{' || open === '{[';

const tooLong = (path: string): RecordingError =>
  new RecordingError(
    'line_too_long',
    `${path}: a message of more than ${MAX_LENGTH >> 20} million characters; not a recording`,
  );
