/**
 * The journal of an exchange in a folder: acts in `journal.log`, one a line, each written before anybody hears of it.
 * At the start, and whenever it has grown long, what is there is read, written anew as short as it can be, and put in its place
 * in one step.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { readSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Act, ActJournal } from '../../src/sim/index.js';
import { bootOf, type FolderLock, lockFolder } from './folder-lock.js';
import { JournalError } from './journal-error.js';
import { type Disk, JournalFile } from './journal-file.js';
import { KeptState } from './kept-state.js';
import { encodeLine, fileSource, readLines } from './lines.js';

/** In 1 each record of an order had all its changes, in 2 it has the new ones; what is read is the same. */
const VERSION = 2;
/** Growth after which a journal is written anew while it is used: reading it back takes a second or so. */
const REWRITE_BYTES = 64 << 20;
/** And by how much, so that what has to be kept is not written again and again. */
const REWRITE_FACTOR = 4;
/** What is kept of a longer one takes seconds to write, in which nobody is answered. */
const REWRITE_MOST_BYTES = 32 << 20;

/** The first line. Acts follow, counted from 1. */
interface Head {
  readonly version: 1 | typeof VERSION;
  readonly epoch: string;
  readonly run: number;
  /** Since which start of the computer it is written. Left out: nobody knows. */
  readonly boot?: string;
  /** Each line was on the disk itself before anybody heard of it. */
  readonly isSynced?: true;
}

export interface JournalOptions {
  /** Made if need be. */
  readonly folder: string;
  /** The epoch of private streams where the journal is new, or where it may have lost what somebody has heard. */
  readonly epoch: string;
  /** Each act is on the disk itself, against power loss. Default: it is with the operating system. */
  readonly fsync?: boolean;
  /**
   * Told once, in the middle of the act that could not be kept, or of which nobody can tell, or when another process has the
   * folder. The market must be started anew.
   */
  readonly onFailure?: (error: Error) => void;
  readonly disk?: Disk;
  /** Growth in bytes after which it is written anew while it is used. Default: 64 MiB. */
  readonly rewriteBytes?: number;
  /** What it may have come to when it was last written anew; a longer one is left to the next start. Default: 32 MiB. */
  readonly rewriteMostBytes?: number;
}

/** A last line that was cut off. */
export interface TornLine {
  readonly bytes: number;
  /** Where they are now. */
  readonly path: string;
}

export interface Journal extends ActJournal {
  readonly torn: TornLine | undefined;
  close(): void;
}

/** Throws a JournalError when the folder is in use or cannot be used, or when the journal is damaged. */
export const openJournal = (options: JournalOptions): Journal => {
  try {
    return open(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new JournalError((error as Error).message, { cause: error });
  }
};

const open = (options: JournalOptions): Journal => {
  const { folder, fsync = false, onFailure, disk } = options;
  const { rewriteBytes = REWRITE_BYTES, rewriteMostBytes = REWRITE_MOST_BYTES } = options;
  makeFolder(resolve(folder));
  const lock = lockFolder(folder);
  try {
    const path = join(folder, 'journal.log');
    const found = existsSync(path) ? read(path, lock) : undefined;
    const torn = found && cutOff(path, found);
    const epoch = found !== undefined && isWhole(found) ? found.head.epoch : options.epoch;
    const state = found?.state ?? new KeptState();
    if (found !== undefined && !isWhole(found)) state.beginAnew();
    const boot = bootOf();
    const head: Head = {
      version: VERSION,
      epoch,
      run: (found?.head.run ?? 0) + 1,
      ...(boot !== undefined && { boot }),
      ...(fsync && { isSynced: true }),
    };
    const acts = [...state.acts()];
    const putInPlace = (newest: readonly Act[]): JournalFile => {
      const { file: opened, end } = replace(folder, path, head, newest, lock);
      return new JournalFile(path, opened, end, fsync, disk);
    };
    let file = putInPlace(acts);
    let number = acts.length;
    let writtenBytes = file.length;
    let failure: JournalError | undefined;

    const fail = (error: JournalError): false => {
      if (failure === undefined) onFailure?.((failure = error));
      return false;
    };
    const isOurs = (): boolean =>
      (lock.isMine() && file.isInPlace()) || fail(new JournalError(`${folder} was taken by another process`));

    const writeAnew = (): boolean => {
      try {
        const newest = [...read(path, lock).state.acts()];
        const old = file;
        file = putInPlace(newest);
        number = newest.length;
        old.close(true);
      } catch (error) {
        if (error instanceof JournalError) return fail(error);
        // A disk that has no room for it may have some later; the long journal is as good.
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      }
      writtenBytes = file.length;
      return true;
    };

    return {
      epoch,
      run: head.run,
      kept: drain(acts, lock),
      torn,
      hasRoom: (isToEnd) => {
        if (failure !== undefined || !isOurs()) return false;
        const isLong = file.length - writtenBytes > rewriteBytes && file.length > REWRITE_FACTOR * writtenBytes;
        return (!(isLong && writtenBytes < rewriteMostBytes) || writeAnew()) && file.hasRoom(isToEnd);
      },
      keep: (act) => {
        const line = lineOf({ number: number + 1, ...act });
        if (failure !== undefined || !isOurs()) return false;
        try {
          if (line instanceof Buffer && file.append(line)) {
            number++;
            if (isOurs()) return true;
            // Whoever has taken the folder meanwhile has the line or has it not.
            throw failure ?? new JournalError(`${path} was taken`);
          }
        } catch (error) {
          fail(error as JournalError);
          throw error;
        }
        return fail(new JournalError(`${path} cannot be written`, line instanceof Buffer ? {} : { cause: line }));
      },
      close: () => {
        file.close(!(lock.isMine() && file.isInPlace()));
        lock.unlock();
      },
    };
  } catch (error) {
    lock.unlock();
    throw error;
  }
};

/** The line of an act, or why none can be made: then nothing of it is in the file. */
const lineOf = (act: object): Buffer | Error => {
  try {
    return encodeLine(act);
  } catch (error) {
    return error as Error;
  }
};

/** One by one: Node's own way of making them all never returns where one cannot be made, as under `/proc`. */
const makeFolder = (path: string): void => {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};

/** Each once: the market has made its own of them, and both need not be in memory. */
function* drain(acts: Act[], lock: FolderLock): Generator<Act> {
  acts.reverse();
  for (let act = acts.pop(); act !== undefined; act = acts.pop()) {
    lock.refresh();
    yield act;
  }
}

interface Found {
  readonly head: Head;
  readonly state: KeptState;
  /** Bytes of whole lines. */
  readonly end: number;
  readonly torn: number;
  readonly size: number;
}

/** Line by line: only what it comes to is in memory. */
const read = (path: string, lock: FolderLock): Found => {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const state = new KeptState();
    let head: Head | undefined;
    let count = 0;
    const take = (value: unknown): void => {
      lock.refresh();
      if (head === undefined) return void (head = headOf(value, path));
      const act = value as Act & { readonly number: number };
      if (act.number !== ++count)
        throw new JournalError(`${path}: act ${count} is missing; ${act.number} comes in its place`);
      state.add(act);
    };
    const { end, torn } = linesOf(path, () => readLines(fileSource(file, size), take));
    return { head: head ?? headOf(undefined, path), state, end, torn, size };
  } finally {
    closeSync(file);
  }
};

const headOf = (value: unknown, path: string): Head => {
  const head = value as Head | undefined;
  if (head?.version === 1 || head?.version === VERSION) return head;
  throw new JournalError(`${path} is no journal of version ${VERSION}`);
};

const linesOf = <T>(path: string, lines: () => T): T => {
  try {
    return lines();
  } catch (error) {
    if (error instanceof JournalError && !error.message.startsWith(path)) {
      throw new JournalError(`${path}: ${error.message}; nothing was changed`, { cause: error });
    }
    throw error;
  }
};

/**
 * Whether all that anybody has heard is there. A computer that lost its power may have lost the last lines without a trace, unless
 * each was on the disk. One that was closed has no room behind its lines.
 */
const isWhole = ({ head, end, torn, size }: Found): boolean =>
  torn === 0 && (size === end || head.isSynced === true || head.boot === bootOf());

/**
 * Puts a torn line beside the journal, and gives back the room behind the lines, of which the disk may be in need; a zero stays,
 * so that the journal does not look closed. Whatever ends this in the middle, the next start finds the same.
 */
const cutOff = (path: string, { end, torn, size }: Found): TornLine | undefined => {
  const file = openSync(path, 'r+');
  try {
    if (size > end + torn + 1) ftruncateSync(file, end + torn + 1);
    if (torn === 0) return undefined;
    const bytes = Buffer.alloc(torn);
    readSync(file, bytes, 0, torn, end);
    const beside = `${path}.torn-${Date.now()}`;
    writeFileSync(beside, bytes, { flush: true });
    return { bytes: torn, path: beside };
  } finally {
    closeSync(file);
  }
};

/**
 * Writes a journal beside the old one and puts it in its place. It is opened before that, so that nothing of it can fail after.
 * Only that the new name may not outlive a loss of power is learned later: then neither journal can be relied on.
 */
const replace = (folder: string, path: string, head: Head, acts: readonly Act[], lock: FolderLock): Written => {
  const next = `${path}.new`;
  const file = openSync(next, 'w');
  let end = 0;
  try {
    const write = (value: unknown): void => {
      const line = encodeLine(value);
      for (let done = 0; done < line.length;) done += writeSync(file, line, done);
      end += line.length;
      lock.refresh();
    };
    write(head);
    acts.forEach((act, i) => write({ number: i + 1, ...act }));
    fsyncSync(file);
    // Whoever was slow may have lost the folder, and must not undo what its new user has kept.
    if (!lock.isMine()) throw new JournalError(`${folder} was taken by another process`);
    renameSync(next, path);
  } catch (error) {
    closeSync(file);
    rmSync(next, { force: true });
    throw error;
  }
  try {
    syncFolder(folder);
  } catch (error) {
    closeSync(file);
    throw new JournalError(`${path} was written anew, but its folder cannot be`, { cause: error });
  }
  return { file, end };
};

interface Written {
  /** Open for writing. */
  readonly file: number;
  /** Its length. */
  readonly end: number;
}

/** So that the new name outlives a loss of power. Windows has no such call and needs none. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
