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
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), response.headers.get('date'));
  return { status: response.status, text: await response.text(), retryAfterMs };
};

/** The wait that an answer asks for, in milliseconds: in seconds, or until a moment of the server's own clock. */
const retryAfter = (wanted: string | null, now: string | null): number => {
  const seconds = Number(wanted ?? Number.NaN);
  const waitMs = Number.isNaN(seconds) ? Date.parse(wanted ?? '') - Date.parse(now ?? '') : seconds * 1_000;
  return waitMs > 0 ? waitMs : 0;
};
