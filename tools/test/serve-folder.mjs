/** A plain file server on loopback, for tests that open built files in a browser. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * @param {string} folder Nothing outside it is served.
 * @param {(path: string, query: URLSearchParams) => Promise<{body: string | Buffer, headers?: Record<string, string>} | undefined>} [special]
 *   Asked first; undefined means the folder.
 * @returns {Promise<{address: string, close(): Promise<void>}>}
 */
export async function serveFolder(folder, special = async () => undefined) {
  const base = resolve(folder);
  const answer = async (path, query) => {
    // Browsers ask for it unasked.
    if (path === '/favicon.ico') return { body: '' };
    const made = await special(path, query);
    if (made !== undefined) return made;
    const file = resolve(join(base, path.endsWith('/') ? `${path}index.html` : path));
    if (!file.startsWith(base + sep)) return undefined;
    try {
      return { body: await readFile(file) };
    } catch (error) {
      if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code)) return undefined;
      throw error;
    }
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const path = decodeURIComponent(url.pathname);
    answer(path, url.searchParams).then(
      (found) => {
        const type = TYPES[extname(path)] ?? TYPES['.html'];
        response.writeHead(found === undefined ? 404 : 200, { 'content-type': type, ...found?.headers });
        response.end(found?.body);
      },
      (error) => {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(String(error));
      },
    );
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
