/** The text of a file, plain or gzip, piece by piece: told apart by the first bytes, not by the name. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RecordingError } from './recording-error.js';

/** Bytes taken at once: of the file, and of what is unpacked from it. */
const PIECE = 256 * 1024;

/** Told how many bytes of the file have been read since the last time. */
export type OnBytes = (bytes: number) => void;

/** Yields decoded UTF-8. Throws `RecordingError` (`missing`, `unreadable`, `truncated`). */
export async function* readText(path: string, onBytes?: OnBytes): AsyncGenerator<string, void, undefined> {
  try {
    const isGzip = await startsLikeGzip(path);
    const bytes = createReadStream(path, { highWaterMark: PIECE });
    // The callback is there because `pipeline` wants one; the iteration below meets the same error.
    const source = isGzip ? pipeline(bytes, createGunzip({ chunkSize: PIECE }), () => {}) : bytes;
    source.setEncoding('utf8');
    let told = 0;
    let isFirst = true;
    for await (const piece of source) {
      yield isFirst ? withoutMark(piece as string) : (piece as string);
      isFirst = false;
      onBytes?.(bytes.bytesRead - told);
      told = bytes.bytesRead;
    }
  } catch (error) {
    throw asRecordingError(path, error);
  }
}

/** Some editors begin a file with a byte order mark. */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

async function startsLikeGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function asRecordingError(path: string, error: unknown): unknown {
  const cause = error as NodeJS.ErrnoException;
  switch (cause.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new RecordingError('missing', `${path}: there is no such file`, { cause });
    case 'EISDIR':
      return new RecordingError('unreadable', `${path}: a folder; name the files in it`, { cause });
    case 'EACCES':
    case 'EPERM':
      return new RecordingError('unreadable', `${path}: may not be read`, { cause });
    case 'ESPIPE':
    case 'ENXIO':
      return new RecordingError(
        'unreadable',
        `${path}: a pipe; a recording is read more than once, so keep it in a file`,
        {
          cause,
        },
      );
    case 'Z_BUF_ERROR':
      return new RecordingError('truncated', `${path}: the gzip file ends too early; its rest is missing`, { cause });
    case 'Z_DATA_ERROR':
      return new RecordingError('unreadable', `${path}: the gzip data is damaged`, { cause });
    default:
      // Whatever else the system says of a file; what is no error of the system is one of ours.
      return cause.syscall === undefined
        ? error
        : new RecordingError('unreadable', `${path}: cannot be read (${cause.code})`, { cause });
  }
}
