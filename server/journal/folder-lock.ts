/** One process for each folder: a file with the number of the process that uses it, and when that process began. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { JournalError } from './journal-error.js';

/** Folders that this process uses. */
const own = new Set<string>();

/** Locks a folder and returns how to unlock it. Throws a JournalError when a living process uses it. */
export const lockFolder = (folder: string): (() => void) => {
  const path = join(resolve(folder), 'lock');
  const mine = `${path}.${process.pid}`;
  if (own.has(path)) throw new JournalError(`${folder} is already in use by this process`);
  writeFileSync(mine, `${process.pid} ${beginOf(process.pid) ?? ''}`);
  try {
    // A link is there at once with all that is in it, or not at all.
    if (!linked(mine, path)) {
      const holder = readFileSync(path, 'utf8');
      if (isAlive(holder)) {
        throw new JournalError(
          `${folder} is in use by process ${Number.parseInt(holder, 10)}; if that is not an exchange, delete ${path}`,
        );
      }
      const old = `${mine}.old`;
      renameSync(path, old);
      const isWhatWasSeen = readFileSync(old, 'utf8') === holder;
      if (!isWhatWasSeen) linked(old, path);
      rmSync(old);
      if (!isWhatWasSeen || !linked(mine, path)) throw new JournalError(`${folder} was just taken by another process`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  own.add(path);
  return () => {
    own.delete(path);
    rmSync(path, { force: true });
  };
};

const linked = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** A process of that number that began when the holder did. */
const isAlive = (holder: string): boolean => {
  const [number, begin] = holder.split(' ');
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // The number of a process that died may be that of another now, ours for one.
  const now = beginOf(pid);
  return now === undefined || begin === '' ? pid !== process.pid : now === begin;
};

/** When a process began, where the system tells: undefined where it does not. */
const beginOf = (pid: number): string | undefined => {
  try {
    // The name, in brackets, may hold spaces; the time is the 20th word after it.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
};
