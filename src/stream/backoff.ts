/**
 * How long to wait before the next try. Ten thousand pages that lose one server must not come back in one instant, so
 * each wait is drawn anew and evenly between a floor and a ceiling that doubles. The floor is a third of the ceiling:
 * jitter that starts at zero makes a burst of its own, and ten draws in a row could be spent before a short outage ends.
 */

/** The ceiling stops doubling here, so that everybody is back within half a minute of a recovery. */
export const LONGEST_WAIT_MS = 30_000;
/** The middle of the slow waits that follow when the quick tries are used up. */
export const SLOW_WAIT_MS = 60_000;

export interface BackoffPolicy {
  /** About the first wait, in milliseconds: it is drawn between two thirds and twice of this. */
  readonly baseMs: number;
  /** Quick tries before the slow ones. May be `Infinity`. */
  readonly maxAttempts: number;
}

/** A number drawn evenly from `low` to `high`; `random` gives 0 to 1. */
export const between = (low: number, high: number, random: () => number): number => low + random() * (high - low);

/** The wait before try `attempt`, the first being 1. Above `maxAttempts` it is about a minute. Never gives up. */
export const backoffDelay = (policy: BackoffPolicy, attempt: number, random: () => number): number => {
  if (attempt > policy.maxAttempts) return between((SLOW_WAIT_MS * 2) / 3, (SLOW_WAIT_MS * 4) / 3, random);
  const longest = Math.max(LONGEST_WAIT_MS, policy.baseMs);
  const ceiling = Math.min(longest, policy.baseMs * 2 ** Math.max(1, attempt));
  return between(ceiling / 3, ceiling, random);
};
