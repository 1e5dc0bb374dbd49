/**
 * Several files as one session: their frames in the order of time, those of an earlier file first where times are equal.
 * A file without times cannot be merged: it comes whole, after the files named before it and before those named after.
 */
import type { OnBytes } from './file-text.js';
import { readFrames } from './frame-file.js';
import type { FileEntry, FrameFile } from './frame-file.js';

/** Entries that follow each other and are of one file; never none. */
export interface FrameRun {
  readonly file: FrameFile;
  readonly entries: readonly FileEntry[];
}

/** A file that is being read. */
interface Head {
  readonly file: FrameFile;
  readonly lists: AsyncGenerator<FileEntry[], void, undefined>;
  entries: FileEntry[];
  /** The first entry that has not been taken. */
  at: number;
}

/** Files are closed when the iteration ends early. */
export async function* mergeFrames(
  files: readonly FrameFile[],
  onBytes?: OnBytes,
): AsyncGenerator<FrameRun, void, undefined> {
  for (const group of groupsOf(files)) yield* mergeGroup(group, onBytes);
}

/** Files that are merged with each other. */
function groupsOf(files: readonly FrameFile[]): FrameFile[][] {
  const groups: FrameFile[][] = [];
  let timed: FrameFile[] | undefined;
  for (const file of files) {
    if (file.form === 'document') {
      timed = undefined;
      groups.push([file]);
    } else if (timed === undefined) groups.push((timed = [file]));
    else timed.push(file);
  }
  return groups;
}

async function* mergeGroup(
  files: readonly FrameFile[],
  onBytes: OnBytes | undefined,
): AsyncGenerator<FrameRun, void, undefined> {
  const heads: Head[] = [];
  try {
    for (const file of files) {
      const head: Head = { file, lists: readFrames(file, onBytes), entries: [], at: 0 };
      if (await hasMore(head)) heads.push(head);
    }
    while (heads.length > 0) {
      const index = earliest(heads);
      const head = heads[index]!;
      yield { file: head.file, entries: takeRun(heads, index) };
      if (!(await hasMore(head))) heads.splice(index, 1);
    }
  } finally {
    for (const head of heads) await head.lists.return();
  }
}

/** Sees to it that the head has an entry; false at the end of its file. */
async function hasMore(head: Head): Promise<boolean> {
  while (head.at === head.entries.length) {
    const following = await head.lists.next();
    if (following.done === true) return false;
    head.entries = following.value;
    head.at = 0;
  }
  return true;
}

function earliest(heads: readonly Head[]): number {
  let index = 0;
  for (let other = 1; other < heads.length; other++) {
    if (nextTime(heads[other]!) < nextTime(heads[index]!)) index = other;
  }
  return index;
}

/** The head's entries up to where another file's turn comes, or to the end of what has been read of it. */
function takeRun(heads: readonly Head[], index: number): readonly FileEntry[] {
  const head = heads[index]!;
  const { entries, at } = head;
  let end = heads.length === 1 ? entries.length : at + 1;
  for (; end < entries.length; end++) {
    const time = timeOf(entries[end]!);
    if (heads.some((other, i) => i !== index && (i < index ? nextTime(other) <= time : nextTime(other) < time))) break;
  }
  head.at = end;
  return at === 0 && end === entries.length ? entries : entries.slice(at, end);
}

const nextTime = (head: Head): number => timeOf(head.entries[head.at]!);

/** What has no time comes as soon as it is its file's turn. */
const timeOf = (entry: FileEntry): number => ('text' in entry ? (entry.atMs ?? -Infinity) : -Infinity);
