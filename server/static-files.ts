/** Files of the project's own folders, as the desk page and the examples need them. Nothing outside them is ever read. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Folders below the root that are served. */
const FOLDERS = ['dist', 'examples', 'test/pages', 'bench/pages'];

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

/** The file behind a path of an address, or undefined when there is none that may be served. */
export const fileFor = async (root: string, pathname: string): Promise<string | undefined> => {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0')) return undefined;
  try {
    // The real path of both: a link that leads out of a folder is out of it.
    const found = await realpath(join(root, path));
    const folders = await Promise.all(FOLDERS.map((folder) => realpath(join(root, folder)).catch(() => undefined)));
    const isServed = folders.some((folder) => folder !== undefined && found.startsWith(folder + sep));
    return isServed && (await stat(found)).isFile() ? found : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

export const sendFile = async (file: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { size } = await stat(file);
  response.writeHead(200, {
    'content-type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
    'content-length': size,
    // A rebuilt file must be seen at the next reload.
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response);
};

const isMissing = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP';
};
