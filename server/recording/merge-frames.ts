/** Several files as one session: their frames in the order of time, those of an earlier file first where times are equal. */
import { readFrames } from './frame-file.js';
import type { FrameFile, RecordedFrame, UnreadableLine } from './frame-file.js';

export interface SessionFrame {
  readonly frame: RecordedFrame | UnreadableLine;
  readonly file: FrameFile;
}

interface Head {
  readonly file: FrameFile;
  readonly frames: AsyncGenerator<RecordedFrame | UnreadableLine, void, undefined>;
  next: RecordedFrame | UnreadableLine;
}

/** Frames without a time come as soon as it is their file's turn. Files are closed when the iteration ends early. */
export async function* mergeFrames(files: readonly FrameFile[]): AsyncGenerator<SessionFrame, void, undefined> {
  const heads: Head[] = [];
  try {
    for (const file of files) {
      const frames = readFrames(file);
      const first = await frames.next();
      if (first.done !== true) heads.push({ file, frames, next: first.value });
    }
    while (heads.length > 0) {
      const index = earliest(heads);
      const head = heads[index]!;
      yield { frame: head.next, file: head.file };
      const following = await head.frames.next();
      if (following.done === true) heads.splice(index, 1);
      else head.next = following.value;
    }
  } finally {
    for (const head of heads) await head.frames.return();
  }
}

function earliest(heads: readonly Head[]): number {
  let index = 0;
  for (let other = 1; other < heads.length; other++) {
    if (timeOf(heads[other]!) < timeOf(heads[index]!)) index = other;
  }
  return index;
}

const timeOf = (head: Head): number => ('atMs' in head.next ? (head.next.atMs ?? -Infinity) : -Infinity);
