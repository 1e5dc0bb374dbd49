/**
 * A file that grows line by line. Room is made ahead, with real zeros, so that a full disk is met before an act and not
 * in the middle of one. A line that could not be written is taken out again, so that it is there whole or not at all.
 */
import { closeSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { JournalError } from './journal-error.js';

/** No act is expected to need more. */
const LEAST_ROOM = 1 << 20;
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
  readonly #file: number;
  readonly #disk: Disk;
  readonly #isSynced: boolean;
  #end: number;
  #size: number;

  /** `isSynced`: each line is on the disk itself before `append` returns, not only with the operating system. */
  constructor(path: string, end: number, isSynced: boolean, disk: Disk = realDisk) {
    this.#file = openSync(path, 'r+');
    this.#disk = disk;
    this.#isSynced = isSynced;
    this.#end = end;
    this.#size = fstatSync(this.#file).size;
  }

  /** Whether there is room for an act, made if need be. */
  hasRoom(): boolean {
    if (this.#size - this.#end >= LEAST_ROOM) return true;
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

  /** Leaves the lines and nothing else. */
  close(): void {
    try {
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
