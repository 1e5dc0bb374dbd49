import type { MarketStream, StreamStatus } from '../../stream/market-stream.js';
import type { Verdict } from '../../stream/verdict.js';
import { formatCountdown, formatDuration } from './format.js';
import { PHASE_WORDS, REASON_WORDS, STATE_WORDS } from './words.js';

/** The close code of a recording that was played to its end (`stream/close-codes.ts`). */
const RECORDING_ENDED = 4900;
/** The same where the server wants a login, and did not take two in a row. */
const LOGIN_WANTED = 4401;

/** The state in one or two words. */
export function stateWord(verdict: Verdict): string {
  // The link is good then, and it is the symbol that is wrong.
  if (verdict.reason === 'unknown_symbol') return 'Unknown';
  return verdict.reason === 'market_halted' ? PHASE_WORDS.halted : STATE_WORDS[verdict.state];
}

/** How the numbers prove themselves, in words. */
export function verificationText(verdict: Verdict): string {
  switch (verdict.verified.by) {
    case 'sequence':
      return 'verified by sequence';
    case 'checksum':
      return `verified to ${verdict.verified.depth} by checksum`;
    case 'nothing':
      return 'unverifiable';
  }
}

/** What the connection is doing about a loss: `Reconnecting, try 3 of 10, in 4 s`. Empty while it is good. */
export function retryText(status: StreamStatus, now: number): string {
  const wait = status.retryAt > now ? `, in ${formatCountdown(status.retryAt - now)}` : '';
  switch (status.state) {
    case 'connecting':
      return status.attempt > 1 ? `Trying again, ${status.attempt} of ${status.maxAttempts}` : 'Connecting';
    case 'reconnecting':
      return `Reconnecting, try ${status.attempt} of ${status.maxAttempts}${wait}`;
    case 'offline':
      return `Offline after ${status.maxAttempts} tries${wait.replace(',', ', next')}`;
    case 'closed':
      return closedText(status);
    default:
      return '';
  }
}

/** Who has closed the connection, or what never made one. */
function closedText({ reason, closeCode }: StreamStatus): string {
  if (reason === 'closed_by_page') return 'Disconnected by this page';
  if (reason === 'bad_address') return 'There is no such feed';
  if (closeCode === LOGIN_WANTED) return 'Log in, then reconnect';
  return closeCode === RECORDING_ENDED ? 'The recording has ended' : 'Closed by the feed';
}

export interface VerdictLine {
  /** The first words, in bold: the state, or how old the numbers are. */
  readonly head: string;
  /** The rest: why, and what is being done about it. */
  readonly tail: string;
}

/** One line that says whether the numbers beside it can be trusted, and if not, how old they are and why. */
export function verdictLine(
  verdict: Verdict,
  stream: MarketStream | undefined,
  now: number,
  lang: string,
): VerdictLine {
  const age = verdict.dataAt > 0 ? now - verdict.dataAt : 0;
  const why = REASON_WORDS[verdict.reason];
  if (verdict.state === 'live')
    return { head: STATE_WORDS.live, tail: verdict.reason === 'by_hand' ? why : verificationText(verdict) };
  if (verdict.state === 'quiet')
    return { head: `${STATE_WORDS.quiet} for ${formatDuration(age, lang)}`, tail: verificationText(verdict) };
  const doing = stream === undefined ? '' : retryText(stream.status, now);
  // While an element sleeps nobody counts how old its numbers are, and it may be printed.
  const isCounted = verdict.reason !== 'out_of_sight' || stream !== undefined;
  const isOld = verdict.dataAt > 0 && verdict.state !== 'crossed' && isCounted;
  const head = isOld ? `Prices are ${formatDuration(age, lang)} old` : stateWord(verdict);
  // What is being done about a lost connection says why as well.
  return { head, tail: doing === '' ? why : doing };
}
