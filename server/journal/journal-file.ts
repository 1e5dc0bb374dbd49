/**
 * A file that grows line by line. Room is made ahead, with real zeros, so that a full disk is met before an act and not
 * in the middle of one. A line that could not be written is taken out again, so that it is there whole or not at all.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { JournalError } from './journal-error.js';

/** No act is expected to need more. */
const LEAST_ROOM = 1 << 20;
/** Nor an act that only ends an order: of the room for one act that does more, some hundreds are left. */
const LEAST_ROOM_TO_END = 1 << 16;
const ROOM_STEP = 4 << 20;

/** The disk, as far as it is needed: a test has another. */
export interface Disk {
  write(file: number, bytes: Uint8Array, at: number): number;
  truncate(file: number, length: number): void;
  sync(file: number): void;
}

export const realDisk: Disk = {
  write: (file, bytes, at) => writeSync(file, bytes, 0, bytes.length, at),
  truncate: ftruncateSync,
  sync: fdatasyncSync,
};

export class JournalFile {
  readonly #path: string;
  readonly #file: number;
  readonly #stats: Stats;
  readonly #disk: Disk;
  readonly #isSynced: boolean;
  #end: number;
  #size: number;

  /**
   * `file`: open for writing, and at `path` by the time it is used. `isSynced`: each line is on the disk itself before `append`
   * returns, not only with the operating system.
   */
  constructor(path: string, file: number, end: number, isSynced: boolean, disk: Disk = realDisk) {
    this.#path = path;
    this.#file = file;
    this.#disk = disk;
    this.#isSynced = isSynced;
    this.#end = end;
    this.#stats = fstatSync(this.#file);
    this.#size = this.#stats.size;
  }

  /** Bytes of whole lines. */
  get length(): number {
    return this.#end;
  }

  /** Whether this is the file of its path: another may have been put in its place, or it was taken away. */
  isInPlace(): boolean {
    try {
      const { ino, dev } = statSync(this.#path);
      return ino === this.#stats.ino && dev === this.#stats.dev;
    } catch (error) {
      if (!isOfDisk(error)) throw error;
      return false;
    }
  }

  /** Whether there is room for an act, made if need be. One that only ends an order may use the last of it. */
  hasRoom(isToEnd = false): boolean {
    const left = this.#size - this.#end;
    return left >= LEAST_ROOM || this.#makeRoom() || (isToEnd && left >= LEAST_ROOM_TO_END);
  }

  #makeRoom(): boolean {
    try {
      this.#write(new Uint8Array(ROOM_STEP), this.#size);
      this.#disk.sync(this.#file);
      this.#size += ROOM_STEP;
      return true;
    } catch (error) {
      if (!isOfDisk(error)) throw error;
      return false;
    }
  }

  /** False when the line is for certain not kept. Throws a JournalError when nobody can tell. */
  append(line: Uint8Array): boolean {
    try {
      this.#write(line, this.#end);
      if (this.#isSynced) this.#disk.sync(this.#file);
    } catch (error) {
      if (!isOfDisk(error)) throw error;
      this.#takeBack(error);
      return false;
    }
    this.#end += line.length;
    this.#size = Math.max(this.#size, this.#end);
    return true;
  }

  /** Leaves the lines and nothing else, which says to the next start that it was closed; or all as it is. */
  close(isAsItIs = false): void {
    if (isAsItIs) return closeSync(this.#file);
    try {
      // The lines first: a file that has no room behind its lines has them all.
      fsyncSync(this.#file);
      this.#disk.truncate(this.#file, this.#end);
      fsyncSync(this.#file);
    } catch (error) {
      // What stays behind the lines is cut off at the next start.
      if (!isOfDisk(error)) throw error;
    } finally {
      closeSync(this.#file);
    }
  }

  #write(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.length;) done += this.#disk.write(this.#file, bytes.subarray(done), at + done);
  }

  #takeBack(cause: unknown): void {
    try {
      this.#disk.truncate(this.#file, this.#end);
      this.#disk.sync(this.#file);
      this.#size = this.#end;
    } catch {
      throw new JournalError('a line may or may not have been written', { cause });
    }
  }
}

const isOfDisk = (error: unknown): boolean => (error as NodeJS.ErrnoException).code !== undefined;
