/**
 * The verdict: may the numbers of one symbol be shown as live, and how is that known?
 *
 * It travels with the data. Book, ticket and status read the same one, so that a stale price cannot look live in one
 * of them. `isTradable` is the only predicate that lets an order out.
 */

/** Worst wins. `quiet` is a healthy link without news; `stale` is a link or a book that may be behind. */
export type VerdictState = 'live' | 'quiet' | 'delayed' | 'stale' | 'resyncing' | 'crossed' | 'closed' | 'disconnected';

/** Why the verdict is what it is. Stable codes; the words for people are the elements' own. */
export type VerdictReason =
  | 'ok'
  | 'no_news'
  | 'late_data'
  | 'idle'
  | 'connecting'
  | 'reconnecting'
  | 'offline'
  | 'refused'
  | 'heartbeat_missed'
  | 'feed_silent'
  | 'feed_overrun'
  | 'awaiting_snapshot'
  | 'sequence_gap'
  | 'bad_checksum'
  | 'bad_message'
  | 'crossed_book'
  | 'no_book'
  | 'unknown_symbol'
  | 'not_subscribed'
  | 'market_closed'
  | 'market_halted'
  | 'paused'
  | 'out_of_sight'
  | 'by_hand';

/** How the data of a symbol prove themselves. */
export type Verification =
  { readonly by: 'sequence' } | { readonly by: 'checksum'; readonly depth: number } | { readonly by: 'nothing' };

export const BY_SEQUENCE: Verification = { by: 'sequence' };
export const BY_NOTHING: Verification = { by: 'nothing' };

export interface Verdict {
  readonly state: VerdictState;
  readonly reason: VerdictReason;
  readonly verified: Verification;
  /** When this verdict began, in milliseconds of the stream's clock (`Date.now()` by default). */
  readonly since: number;
  /** When the newest data of the symbol arrived, in the same clock; 0 before the first. */
  readonly dataAt: number;
}

/** Whether an order may be sent on the strength of these numbers. Anything that is not plainly good is refused. */
export const isTradable = (verdict: Verdict | undefined): boolean =>
  verdict !== undefined && (verdict.state === 'live' || verdict.state === 'quiet');

/** Whether the numbers may be painted without a mark of doubt. */
export const isTrusted = (verdict: Verdict | undefined): boolean => isTradable(verdict);
