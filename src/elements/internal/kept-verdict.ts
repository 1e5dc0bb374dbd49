import type { MarketStream } from '../../stream/market-stream.js';
import { isTradable, type Verdict, type VerdictReason } from '../../stream/verdict.js';

/** What of a feed's own words says no more than that its first data have yet to come. */
const STILL_COMING: ReadonlySet<VerdictReason> = new Set(['idle', 'connecting', 'awaiting_snapshot', 'not_subscribed']);

/**
 * The verdict on numbers that were kept while their element slept, until the feed has them again. It is never live, even
 * where the feed is well and follows the symbol for somebody else; a trouble of the feed's own comes first.
 */
export function keptVerdict(found: Verdict, kept: Verdict): Verdict {
  const { verified, dataAt } = kept;
  if (!isTradable(found) && !STILL_COMING.has(found.reason)) return { ...found, verified, dataAt };
  return { state: 'stale', reason: 'out_of_sight', verified, since: dataAt, dataAt };
}

/** Whether a book that was kept is out of date for good: a new one has come, or this feed has none any more. */
export function isOutlived(stream: MarketStream | undefined, symbol: string): boolean {
  if (stream === undefined) return false;
  const hasNoBooks = stream.status.dialect === 'guide' || stream.features?.includes('book') === false;
  return hasNoBooks || stream.book(symbol) !== undefined;
}
