/**
 * The lines of a journal: `<bytes> <crc32> <json>`. The file is longer than its lines: what follows them are zeros, room
 * that was made before it was needed. So a process that was killed while it wrote leaves the beginning of one line, and
 * behind it zeros or nothing. Anything else that is no line was damaged later.
 */
import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { JournalError } from './journal-error.js';

const NEWLINE = 0x0a;
/** What stands before the JSON. Ten digits are far more than a line has. */
const HEAD = /^(\d{1,10}) ([0-9a-f]{8}) /;
const LONGEST_HEAD = 20;
/** No text can be longer, so that no line was. */
const LONGEST_BODY = 2 ** 29;
/** How much is read at a time. */
const PIECE = 1 << 20;

export const encodeLine = (value: unknown): Buffer => {
  const body = Buffer.from(JSON.stringify(value));
  const checksum = crc32(body).toString(16).padStart(8, '0');
  return Buffer.concat([Buffer.from(`${body.length} ${checksum} `), body, Buffer.from('\n')]);
};

/** Bytes that are read as they are asked for: a journal may be larger than memory. */
export interface ByteSource {
  readonly length: number;
  /** Those from `start` to before `end`, or fewer at the end of all. Good until the next call. */
  slice(start: number, end: number): Buffer;
}

/** A file of a known length, of which a piece is in memory at a time, or a line where one is longer. */
export const fileSource = (file: number, length: number): ByteSource => {
  let buffer = Buffer.alloc(PIECE);
  let start = 0;
  let end = 0;
  const load = (from: number, least: number): void => {
    if (buffer.length < least || buffer.length > Math.max(least, PIECE)) buffer = Buffer.alloc(Math.max(least, PIECE));
    [start, end] = [from, from];
    for (let read = 1; read > 0 && end < start + buffer.length; end += read) {
      read = readSync(file, buffer, end - start, start + buffer.length - end, end);
    }
  };
  return {
    length,
    slice: (from, to) => {
      const until = Math.min(to, length);
      if (from < start || until > end) load(from, until - from);
      return buffer.subarray(from - start, until - start);
    },
  };
};

export interface ReadLines {
  /** Bytes of whole lines. */
  readonly end: number;
  /** Bytes of a last line that was cut off. */
  readonly torn: number;
}

/** Gives each value to `take`. Throws a JournalError at a line that is damaged, rather than torn while it was written last. */
export const readLines = (source: ByteSource, take: (value: unknown) => void): ReadLines => {
  let count = 0;
  let end = 0;
  for (let line = lineAt(source, end); line !== undefined; line = lineAt(source, end)) {
    take(line.value);
    end = line.end;
    count++;
  }
  const torn = tornLength(source, end);
  if (torn === undefined) throw new JournalError(`line ${count + 1}, at byte ${end}, is damaged`);
  return { end, torn };
};

/** All values of a journal that is in memory. Throws as `readLines`. */
export const decodeLines = (bytes: Buffer): ReadLines & { readonly values: readonly unknown[] } => {
  const values: unknown[] = [];
  const source = { length: bytes.length, slice: (start: number, end: number) => bytes.subarray(start, end) };
  return { ...readLines(source, (value) => values.push(value)), values };
};

/** The whole line that begins here. */
const lineAt = (source: ByteSource, start: number): { readonly value: unknown; readonly end: number } | undefined => {
  const head = HEAD.exec(source.slice(start, start + LONGEST_HEAD).toString('latin1'));
  if (head === null) return undefined;
  const bodyStart = start + head[0].length;
  const bodyEnd = bodyStart + Number(head[1]);
  if (bodyEnd >= source.length || bodyEnd - bodyStart > LONGEST_BODY) return undefined;
  const bytes = source.slice(bodyStart, bodyEnd + 1);
  const body = bytes.subarray(0, -1);
  if (bytes.at(-1) !== NEWLINE || crc32(body) !== Number.parseInt(head[2]!, 16)) return undefined;
  return { value: JSON.parse(body.toString()), end: bodyEnd + 1 };
};

/** How long the beginning of a line is that stands here, with nothing but zeros behind it. Undefined when there is more. */
const tornLength = (source: ByteSource, start: number): number | undefined => {
  const zeros = Buffer.alloc(PIECE);
  let used = 0;
  for (let at = start, isOver = false; at < source.length; at += PIECE) {
    const piece = source.slice(at, at + PIECE);
    const zero: number = isOver ? 0 : piece.indexOf(0);
    const text = zero === -1 ? piece : piece.subarray(0, zero);
    const rest = piece.subarray(text.length);
    // A line that has its end was written whole, and no part of a line is zero.
    if (text.includes(NEWLINE) || !rest.equals(zeros.subarray(0, rest.length))) return undefined;
    used += text.length;
    isOver = zero !== -1;
  }
  const text = source.slice(start, start + Math.min(used, LONGEST_HEAD)).toString('latin1');
  const head = HEAD.exec(text);
  const isBeginning =
    head === null
      ? used < LONGEST_HEAD && /^(\d{1,10}( [0-9a-f]{0,8})?)?$/.test(text)
      : used < head[0].length + Number(head[1]) + 1;
  return isBeginning ? used : undefined;
};
