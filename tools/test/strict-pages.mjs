/**
 * Serves `test/pages/*.html` as the strictest page that we promise to work on: no inline script or style, no eval,
 * Trusted Types with our own policy alone. Before anything else, each page loads a script that writes down what goes wrong.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { POLICY } from '../build/own-lit-policy.mjs';
import { root } from '../run.mjs';

export const STRICT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self' ws:",
  "require-trusted-types-for 'script'",
  `trusted-types ${POLICY}`,
].join('; ');

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * The page as it is served. `{{name}}` in it stands for the value of `name` in the query.
 * @param {string} path
 * @param {URLSearchParams} query
 * @returns {Promise<string | undefined>} Undefined when there is no such page.
 */
export async function strictPage(path, query) {
  if (!/^\/test\/pages\/[^/]+\.html$/.test(path)) return undefined;
  try {
    const html = await readFile(join(root, 'test/pages', basename(path)), 'utf8');
    return html
      .replace(/\{\{(\w+)\}\}/g, (_all, name) => escaped(query.get(name) ?? ''))
      .replace('<head>', '<head><script src="/test/pages/health.js"></script>');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same as middleware of Web Test Runner's server. */
export const strictPages = () => async (context, next) => {
  const page = await strictPage(context.path, context.URL.searchParams);
  if (page === undefined) return next();
  context.set('content-security-policy', STRICT_POLICY);
  context.type = 'html';
  context.body = page;
};
