/** Asks by HTTP: the snapshots, lists and addresses that some venues give in no other way. */
import type { AskText } from '../venue/venue-protocol.js';

/** How long an answer may take, in milliseconds. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Any status counts as an answer: what it says is the venue's business. Rejects when none came. */
export const askText: AskText = async (url, method = 'GET') => {
  const response = await fetch(url, {
    method,
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { status: response.status, text: await response.text(), retryAfterMs: seconds > 0 ? seconds * 1_000 : 0 };
};
