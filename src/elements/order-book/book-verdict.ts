import type { MarketStream } from '../../stream/market-stream.js';
import type { Verdict, VerdictReason, VerdictState } from '../../stream/verdict.js';
import type { HandFedBook } from './hand-fed.js';

const UNVERIFIED = { by: 'nothing' } as const;

function verdict(state: VerdictState, reason: VerdictReason, dataAt: number): Verdict {
  return { state, reason, verified: UNVERIFIED, since: dataAt, dataAt };
}

/**
 * The verdict on what the element paints: the feed's own, unless the page feeds by hand or has frozen the picture.
 * A frozen picture is never live, however good the feed behind it is.
 */
export function bookVerdict(
  stream: MarketStream | undefined,
  symbol: string,
  hand: HandFedBook | undefined,
  isPaused: boolean,
  paintedAt: number,
): Verdict {
  const found = hand ? verdictByHand(hand) : verdictOfFeed(stream, symbol);
  return isPaused && paintedAt > 0 ? { ...found, state: 'stale', reason: 'paused', dataAt: paintedAt } : found;
}

function verdictByHand({ book, fedAt }: HandFedBook): Verdict {
  return book.isCrossed ? verdict('crossed', 'crossed_book', fedAt) : verdict('live', 'by_hand', fedAt);
}

function verdictOfFeed(stream: MarketStream | undefined, symbol: string): Verdict {
  if (stream === undefined) return verdict('disconnected', 'idle', 0);
  return symbol === '' ? verdict('disconnected', 'not_subscribed', 0) : stream.verdict(symbol);
}
