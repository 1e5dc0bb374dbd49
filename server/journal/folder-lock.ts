/**
 * One process for each folder. A file says which process uses it and where that runs, and is written again every second. A
 * process of this place that has died is known by its number and the time when it began; of one in another place, a container
 * or another computer, only the silence can be told. Whoever is silent for longer than that, because he was stopped or had no
 * disk, may have lost the folder, so he looks before he relies on it.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fstatSync, linkSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { JournalError } from './journal-error.js';

const REFRESH_MS = 1_000;
/** A process in another place that has not written for so long is taken for dead. */
const STALE_MS = 5_000;
/** How often it is looked whether he has. */
const LOOK_MS = 100;

/** Folders that this process uses. */
const own = new Set<string>();

export interface FolderLock {
  /** Whether the folder is still this process's: another one may have taken it while this one was stopped. */
  isMine(): boolean;
  /** To be called now and then by whoever keeps the process from doing anything else for seconds. */
  refresh(): void;
  unlock(): void;
}

/**
 * Locks a folder. Throws a JournalError when a living process uses it. Where only the silence of a lock can tell, it is listened
 * to for up to five seconds, and nothing else is done meanwhile.
 */
export const lockFolder = (folder: string): FolderLock => {
  const path = join(resolve(folder), 'lock');
  // Not by the number of the process: in containers many have the same.
  const mine = `${path}.${randomUUID()}`;
  if (own.has(path)) throw new JournalError(`${folder} is already in use by this process`);
  if (existsSync(path)) removeDead(folder, path, `${mine}.old`);
  const content = [process.pid, beginOf(process.pid) ?? '', placeOf(), hostname(), randomUUID()].join(' ');
  let file: number;
  try {
    // Inside, as a full disk leaves a file without content.
    writeFileSync(mine, content);
    // A link is there at once with all that is in it, or not at all.
    if (!linked(mine, path)) throw new JournalError(`${folder} was just taken by another process`);
    file = openSync(mine, 'r+');
  } finally {
    rmSync(mine, { force: true });
  }
  own.add(path);
  return hold(path, file, content);
};

/** Takes the lock of a dead process away, by way of another name, under which nobody else can. */
const removeDead = (folder: string, path: string, old: string): void => {
  const seen = stampOf(path);
  const holder = readFileSync(path, 'utf8');
  const user = userOf(holder, () => isSilent(path, seen));
  if (user !== undefined) {
    throw new JournalError(`${folder} is in use by ${user}; if that is not an exchange, delete ${path}`);
  }
  renameSync(path, old);
  const isWhatWasSeen = stampOf(old) === seen && readFileSync(old, 'utf8') === holder;
  if (!isWhatWasSeen) linked(old, path);
  rmSync(old);
  if (!isWhatWasSeen) throw new JournalError(`${folder} was just taken by another process`);
};

/** Which file it is and when it was written. Opened for that: over a network only then are they those of now. */
const stampOf = (path: string): string => {
  const file = openSync(path, 'r');
  try {
    const stats = fstatSync(file, { bigint: true });
    return `${idOf(stats)} ${stats.mtimeNs}`;
  } finally {
    closeSync(file);
  }
};

/**
 * Whether a lock is not written again while we wait. Its time is compared with itself alone: no two clocks agree, and one that was
 * set back would make a dead process seem alive for as long.
 */
const isSilent = (path: string, seen: string): boolean => {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; waitedMs < STALE_MS; waitedMs += LOOK_MS) {
    Atomics.wait(never, 0, 0, LOOK_MS);
    if (stampOf(path) !== seen) return false;
  }
  return true;
};

/** Holds a lock by its open file: as long as that is open, no other can have its number in the folder. */
const hold = (path: string, file: number, content: string): FolderLock => {
  const id = idOf(fstatSync(file, { bigint: true }));
  const first = Buffer.from(content.slice(0, 1));
  let writtenAtMs = Date.now();
  const isMine = (): boolean => idAt(path) === id;
  const refresh = (): void => {
    const nowMs = Date.now();
    if (Math.abs(nowMs - writtenAtMs) < REFRESH_MS) return;
    writtenAtMs = nowMs;
    try {
      // Written, not dated: the time is then that of the disk, which changes with each write.
      writeSync(file, first, 0, 1, 0);
    } catch (error) {
      // Whoever cannot write is silent, and may lose the folder by it, which he looks for.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  };
  const timer = setInterval(refresh, REFRESH_MS);
  timer.unref();
  return {
    isMine,
    refresh,
    unlock: () => {
      clearInterval(timer);
      own.delete(path);
      if (isMine()) rmSync(path, { force: true });
      closeSync(file);
    },
  };
};

/** Undefined where there is none, or nobody can tell: then it cannot be relied on either. */
const idAt = (path: string): string | undefined => {
  try {
    return idOf(statSync(path, { bigint: true }));
  } catch {
    return undefined;
  }
};

const idOf = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string => `${dev}:${ino}`;

const linked = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** Who uses a folder by what its lock says, for people. Undefined when he is dead. */
const userOf = (holder: string, isSilentNow: () => boolean): string | undefined => {
  const [pid = '', , place, host] = holder.split(' ');
  // A lock without a place is of this computer, from before places were told.
  if (place === undefined || place === '' || place === placeOf()) return isAlive(holder) ? `process ${pid}` : undefined;
  return isSilentNow() ? undefined : `process ${pid} of another place, on ${host}`;
};

/** A process of that number that began when the holder did. */
const isAlive = (holder: string): boolean => {
  const [number, begin] = holder.split(' ');
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // One that has ended keeps its number until its parent looks at it, and some never do.
  if (/^[ZX]$/.test(statOf(pid)?.[0] ?? '')) return false;
  // The number of a process that died may be that of another now, ours for one.
  const now = beginOf(pid);
  return now === undefined || begin === '' ? pid !== process.pid : now === begin;
};

/** When a process began, where the system tells: undefined where it does not. */
const beginOf = (pid: number): string | undefined => statOf(pid)?.[19];

/** What the system says of a process, from its state on. */
const statOf = (pid: number): readonly string[] | undefined => {
  try {
    // The name, in brackets, may hold spaces.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ');
  } catch {
    return undefined;
  }
};

/** The start of the computer that this is, where the system tells: no other has the same. */
export const bootOf = (): string | undefined => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return undefined;
  }
};

/** Where the number of a process means that process: a computer since its start, and a namespace of numbers on it. */
const placeOf = (): string => {
  const boot = bootOf() ?? hostname();
  try {
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return boot;
  }
};
