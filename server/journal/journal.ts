/**
 * The journal of an exchange in a folder: acts in `journal.log`, one a line, each written before anybody hears of it.
 * At the start what is there is read, written anew as short as it can be, and put in its place in one step.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Act, ActJournal } from '../../src/sim/index.js';
import { lockFolder } from './folder-lock.js';
import { JournalError } from './journal-error.js';
import { type Disk, JournalFile } from './journal-file.js';
import { KeptState } from './kept-state.js';
import { decodeLines, encodeLine } from './lines.js';

const VERSION = 1;

/** The first line. Acts follow, counted from 1. */
interface Head {
  readonly version: typeof VERSION;
  readonly epoch: string;
  readonly run: number;
}

export interface JournalOptions {
  /** Made if need be. */
  readonly folder: string;
  /** The epoch of private streams where the journal is new. */
  readonly epoch: string;
  /** Each act is on the disk itself, against power loss. Default: it is with the operating system. */
  readonly fsync?: boolean;
  /** Told once, in the middle of the act that could not be kept, or of which nobody can tell. The market must be started anew. */
  readonly onFailure?: (error: Error) => void;
  readonly disk?: Disk;
}

export interface Journal extends ActJournal {
  /** Bytes of a last line that was cut off, as its act was never told. */
  readonly torn: number;
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

const open = ({ folder, epoch, fsync = false, onFailure, disk }: JournalOptions): Journal => {
  makeFolder(resolve(folder));
  const unlock = lockFolder(folder);
  try {
    const path = join(folder, 'journal.log');
    const { head, state, torn } = existsSync(path) ? read(path) : { head: undefined, state: new KeptState(), torn: 0 };
    const run = (head?.run ?? 0) + 1;
    const acts = [...state.acts()];
    const end = replace(folder, path, { version: VERSION, epoch: head?.epoch ?? epoch, run }, acts);
    const file = new JournalFile(path, end, fsync, disk);
    let number = acts.length;
    return {
      epoch: head?.epoch ?? epoch,
      run,
      kept: drain(acts),
      torn,
      hasRoom: () => file.hasRoom(),
      keep: (act) => {
        const line = lineOf({ number: number + 1, ...act });
        try {
          if (line instanceof Buffer && file.append(line)) return ++number > 0;
        } catch (error) {
          onFailure?.(error as Error);
          throw error;
        }
        onFailure?.(new JournalError(`${path} cannot be written`, line instanceof Buffer ? {} : { cause: line }));
        return false;
      },
      close: () => {
        file.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
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
function* drain(acts: Act[]): Generator<Act> {
  acts.reverse();
  for (let act = acts.pop(); act !== undefined; act = acts.pop()) yield act;
}

const read = (path: string): { readonly head: Head; readonly state: KeptState; readonly torn: number } => {
  const { values, torn } = decode(path);
  const [head, ...acts] = values as [Head | undefined, ...(Act & { readonly number: number })[]];
  if (head?.version !== VERSION) throw new JournalError(`${path} is no journal of version ${VERSION}`);
  const state = new KeptState();
  acts.forEach((act, i) => {
    if (act.number !== i + 1)
      throw new JournalError(`${path}: act ${i + 1} is missing; ${act.number} comes in its place`);
    state.add(act);
  });
  return { head, state, torn };
};

const decode = (path: string): ReturnType<typeof decodeLines> => {
  try {
    return decodeLines(readFileSync(path));
  } catch (error) {
    if (error instanceof JournalError) {
      throw new JournalError(`${path}: ${error.message}; nothing was changed`, { cause: error });
    }
    throw error;
  }
};

/** Writes a journal beside the old one and puts it in its place. Returns its length. */
const replace = (folder: string, path: string, head: Head, acts: readonly Act[]): number => {
  const next = `${path}.new`;
  const file = openSync(next, 'w');
  let end = 0;
  try {
    const write = (value: unknown): void => {
      const line = encodeLine(value);
      for (let done = 0; done < line.length;) done += writeSync(file, line, done);
      end += line.length;
    };
    write(head);
    acts.forEach((act, i) => write({ number: i + 1, ...act }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
  syncFolder(folder);
  return end;
};

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
