/**
 * The token provider of a stream that serves pages: asks the page that came last, and the one before it when that page
 * is gone or says that nobody is logged in there. As on a page with several holders of a stream, one login counts for the
 * whole connection.
 */
import type { TokenRequest } from '../auth-token.js';

export interface AskedPage {
  /** Resolves with `undefined` when the page is gone. Rejects when its provider fails. */
  askToken(request: TokenRequest): Promise<string | undefined>;
}

export const askPages = async (pages: Iterable<AskedPage>, request: TokenRequest): Promise<string | undefined> => {
  for (const page of [...pages].reverse()) {
    if (request.signal.aborted) break;
    const token = await page.askToken(request);
    if (token !== undefined && token !== '') return token;
  }
  return undefined;
};
