/**
 * The lines of a journal: `<bytes> <crc32> <json>`. The file is longer than its lines: what follows them are zeros, room
 * that was made before it was needed. So a process that was killed while it wrote leaves a line that ends in zeros or
 * with the file, and a line that is all there but wrong was damaged later.
 */
import { crc32 } from 'node:zlib';
import { JournalError } from './journal-error.js';

const NEWLINE = 0x0a;
/** What stands before the JSON. Ten digits are far more than a line has. */
const HEAD = /^(\d{1,10}) ([0-9a-f]{8}) /;
const LONGEST_HEAD = 20;

export const encodeLine = (value: unknown): Buffer => {
  const body = Buffer.from(JSON.stringify(value));
  const checksum = crc32(body).toString(16).padStart(8, '0');
  return Buffer.concat([Buffer.from(`${body.length} ${checksum} `), body, Buffer.from('\n')]);
};

export interface DecodedLines {
  readonly values: readonly unknown[];
  /** Bytes of whole lines. */
  readonly end: number;
  /** Bytes of a last line that was cut off. */
  readonly torn: number;
}

/** Throws a JournalError at a line that is damaged, rather than torn while it was written last. */
export const decodeLines = (bytes: Buffer): DecodedLines => {
  const values: unknown[] = [];
  let end = 0;
  for (let line = lineAt(bytes, end); line !== undefined; line = lineAt(bytes, end)) {
    values.push(line.value);
    end = line.end;
  }
  const rest = bytes.subarray(end);
  const used = usedLength(rest);
  if (used > 0 && !isTorn(rest, used)) {
    throw new JournalError(`line ${values.length + 1}, at byte ${end}, is damaged`);
  }
  return { values, end, torn: used };
};

/** The whole line that begins here. */
const lineAt = (bytes: Buffer, start: number): { readonly value: unknown; readonly end: number } | undefined => {
  const head = HEAD.exec(bytes.toString('latin1', start, start + LONGEST_HEAD));
  if (head === null) return undefined;
  const bodyStart = start + head[0].length;
  const bodyEnd = bodyStart + Number(head[1]);
  if (bodyEnd >= bytes.length || bytes[bodyEnd] !== NEWLINE) return undefined;
  const body = bytes.subarray(bodyStart, bodyEnd);
  if (crc32(body) !== Number.parseInt(head[2]!, 16)) return undefined;
  return { value: JSON.parse(body.toString()), end: bodyEnd + 1 };
};

/** How far it is anything but zeros. */
const usedLength = (bytes: Buffer): number => {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return length;
};

/** Whether what stands here is a line that was never written to its end. */
const isTorn = (rest: Buffer, used: number): boolean => {
  for (let at = rest.indexOf(NEWLINE); at !== -1 && at + 1 < used; at = rest.indexOf(NEWLINE, at + 1)) {
    if (lineAt(rest, at + 1) !== undefined) return false;
  }
  // A line that has its end was written whole, unless the disk wrote a later part of it and not an earlier one.
  if (rest.subarray(0, used).includes(0)) return true;
  if (rest[used - 1] === NEWLINE) return false;
  const text = rest.toString('latin1', 0, Math.min(used, LONGEST_HEAD));
  const head = HEAD.exec(text);
  if (head === null) return used < LONGEST_HEAD && /^\d{1,10}( [0-9a-f]{0,8})?$/.test(text);
  return used < head[0].length + Number(head[1]) + 1;
};
