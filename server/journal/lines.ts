/**
 * The lines of a journal: `<bytes> <crc32> <json>`. The file is longer than its lines: what follows them are zeros, room
 * that was made before it was needed. So a process that was killed while it wrote leaves the beginning of one line, and
 * behind it zeros or nothing; a computer that lost its power may also leave whole sectors of that line out. Anything else that is no
 * line was damaged later.
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
/** What a disk writes whole or not at all, at the least. */
const SECTOR = 512;
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

/** Where the next byte is that is no zero, or the end of all. */
const findText = (source: ByteSource, from: number): number => {
  const zeros = Buffer.alloc(PIECE);
  for (let at = from; at < source.length; at += PIECE) {
    const piece = source.slice(at, at + PIECE);
    if (!piece.equals(zeros.subarray(0, piece.length))) return at + piece.findIndex((byte) => byte !== 0);
  }
  return source.length;
};

/** Where the text from here ends: with its newline, before a zero, or with all. */
const findEnd = (source: ByteSource, from: number): { readonly end: number; readonly isEnded: boolean } => {
  for (let at = from; at < source.length; at += PIECE) {
    const piece = source.slice(at, at + PIECE);
    const zero = piece.indexOf(0);
    const newline = (zero === -1 ? piece : piece.subarray(0, zero)).indexOf(NEWLINE);
    if (newline !== -1) return { end: at + newline + 1, isEnded: true };
    if (zero !== -1) return { end: at + zero, isEnded: false };
  }
  return { end: source.length, isEnded: false };
};

/**
 * How long what was written of a last line is, with nothing but zeros behind it. Undefined when there is more. It is the beginning
 * of a line; or, as a disk that loses its power has written sectors in any order, one of which whole sectors are zeros.
 */
const tornLength = (source: ByteSource, start: number): number | undefined => {
  const first = findEnd(source, start);
  let { end, isEnded } = first;
  for (let text = findText(source, end); text < source.length; text = findText(source, end)) {
    const isHole = !isEnded && text % SECTOR === 0 && (end === start || end % SECTOR === 0);
    // A line behind it that is whole was written later, so this one had been on the disk.
    if (!isHole || lineAt(source, text) !== undefined) return undefined;
    ({ end, isEnded } = findEnd(source, text));
  }
  const used = end - start;
  if (end === first.end) return !isEnded && isBeginning(source, start, first.end, used, false) ? used : undefined;
  // A journal that was closed has nothing behind its lines, and was on the disk.
  if (end === source.length || !(isEnded || end % SECTOR === 0)) return undefined;
  return first.end === start || isBeginning(source, start, first.end, used, isEnded) ? used : undefined;
};

/** Whether the text up to `end` begins a line of which there is so much, or that has its end there. */
const isBeginning = (source: ByteSource, start: number, end: number, used: number, isEnded: boolean): boolean => {
  const text = source.slice(start, Math.min(end, start + LONGEST_HEAD)).toString('latin1');
  const head = HEAD.exec(text);
  if (head === null) return end - start < LONGEST_HEAD && /^(\d{1,10}( [0-9a-f]{0,8})?)?$/.test(text);
  const whole = head[0].length + Number(head[1]) + 1;
  return isEnded ? used === whole : used < whole;
};
