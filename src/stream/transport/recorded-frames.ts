/**
 * The forms in which streams of venues are recorded, told apart by the first line that holds something:
 *
 *     1723161254024619568 {"stream": …}                     time in nanoseconds, frame
 *     1633998512.0633569: {"stream": …}                     time in seconds, frame, among lines `<url> <-> …` (connected)
 *                                                           and `<url> <- …` (sent by the client), which are passed over
 *     https://… -> 1633998512.320639: {"lastUpdateId": …}   request, time, body: HTTP answers
 *     {"init": …, "updates": […]}                           one JSON document without times
 *     {"touchline-flight":1,…}                              our own flight recorder's (`flight-file.ts`)
 */
import { isRecord, own } from '../protocol/shape.js';

export type FrameForm = 'nanoseconds' | 'seconds' | 'http' | 'document' | 'flight';

export interface RecordedFrame {
  readonly text: string;
  /** When it was received, milliseconds since 1970; undefined where the form has no times. */
  readonly atMs: number | undefined;
  /** The request that an HTTP answer belongs to. */
  readonly url?: string | undefined;
  /** Which of the stream's connections it came on, where the form says so. */
  readonly connection?: number;
}

/** What happened to a recorded connection beside its frames: it ended, or refused a frame unread. */
export interface RecordedEvent {
  readonly event: 'ended' | 'binary' | 'too_large';
  readonly connection: number;
  readonly atMs: number;
}

/** A line in the middle of a recording that has not its form. */
export interface UnreadableLine {
  readonly line: string;
}

const NANOSECONDS = /^(\d{16,20}) (?=\S)/;
const SECONDS = /^(\d{9,11}(?:\.\d+)?): /;
const CONNECTED = /^\S+ <->/;
const SENT = /^\S+ <- /;
const FLIGHT = /^\{"touchline-flight":1,/;
const HTTP = /^(\S+:\/\/\S+) -> (\d{9,11}(?:\.\d+)?): /;

/** The form that a first line shows; undefined when it is none of them. */
export function formOf(line: string): FrameForm | undefined {
  if (NANOSECONDS.test(line)) return 'nanoseconds';
  if (SECONDS.test(line) || CONNECTED.test(line) || SENT.test(line)) return 'seconds';
  if (HTTP.test(line)) return 'http';
  if (FLIGHT.test(line)) return 'flight';
  return line.startsWith('{') ? 'document' : undefined;
}

/** Whose recording it is, where its first line says so. */
export function venueOfFlight(firstLine: string): string | undefined {
  if (!FLIGHT.test(firstLine)) return undefined;
  const venue = own(parsed(firstLine), 'venue');
  return typeof venue === 'string' && venue !== '' ? venue : undefined;
}

/** Undefined for a line that is there for people, not for players. */
export function readLine(
  line: string,
  form: Exclude<FrameForm, 'document'>,
): RecordedFrame | RecordedEvent | UnreadableLine | undefined {
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
    case 'flight':
      return readFlightLine(line);
  }
}

/** Only what was received is played: what the client said and decided is for people. */
function readFlightLine(line: string): RecordedFrame | RecordedEvent | UnreadableLine | undefined {
  const value = parsed(line);
  if (!isRecord(value)) return { line };
  const { at: atMs, on: connection, url } = value;
  if (connection === undefined) return undefined;
  if (typeof atMs !== 'number' || typeof connection !== 'number') return { line };
  if (Object.hasOwn(value, 'close') || Object.hasOwn(value, 'let_go')) return { event: 'ended', connection, atMs };
  const refused: unknown = Array.isArray(value['refused']) ? value['refused'][0] : undefined;
  if (refused === 'binary' || refused === 'too_large') return { event: refused, connection, atMs };
  const text = value['in'] ?? value['base'] ?? value['answer'];
  if (text === undefined) return undefined;
  return typeof text === 'string' ? { text, atMs, connection, ...(typeof url === 'string' && { url }) } : { line };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** All frames of a whole recording, and what happened to its connections. Throws a `TypeError` for a text of no known form, and for one that ends too early. */
export function framesOf(text: string): (RecordedFrame | RecordedEvent)[] {
  const form = formOf(text.trimStart().slice(0, 4_096));
  if (form === undefined) throw new TypeError('This is no recording that can be played.');
  if (form === 'document') {
    const scanner = new ItemScanner();
    const items = scanner.push(text);
    if (!scanner.isComplete) throw new TypeError('The recording ends too early.');
    return items.map((item) => ({ text: item, atMs: undefined }));
  }
  return text.split('\n').flatMap((line) => {
    const entry = readLine(line.trimEnd(), form);
    return entry === undefined || 'line' in entry ? [] : [entry];
  });
}

/**
 * Finds objects and lists directly under a document's names: each one that is an object, and the elements of each
 * one that is a list. Only brackets and strings matter for that; the parser judges the rest.
 */
export class ItemScanner {
  /** Brackets open now, e.g. `{[{`. */
  #open = '';
  #isInString = false;
  #isEscaped = false;
  #held = '';
  #isHolding = false;

  /** Characters of an item that is not complete yet. */
  get heldLength(): number {
    return this.#held.length;
  }

  get isComplete(): boolean {
    return this.#open === '' && !this.#isInString;
  }

  /** The items that this piece of the document completes, as they are written. */
  push(piece: string): string[] {
    const items: string[] = [];
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const char = piece[at]!;
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
          items.push(this.#held + piece.slice(start, at + 1));
          this.#held = '';
          this.#isHolding = false;
        }
      }
    }
    if (this.#isHolding) this.#held += piece.slice(start);
    return items;
  }
}

/** In the document's object: an object is a message, a list holds them. */
const isItemStart = (open: string, char: string): boolean => (open === '{' && char === '{') || open === '{[';

/** Back where a message may start. */
const isItemEnd = (open: string): boolean => open === '{' || open === '{[';
