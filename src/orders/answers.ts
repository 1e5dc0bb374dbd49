/** Waiting for an answer that may be late, and may never come. */
import type { DeskClock } from './clock.js';

/** No answer for so long means that the outcome is unknown, whoever was asked. */
export const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Settles with the answer, and before that once with what silence means where it takes too long: a late answer still counts.
 * A rejected promise settles with what its failure means.
 */
export function settleAnswer<Result>(
  clock: DeskClock,
  answer: Promise<Result>,
  meaningOf: (failure: string) => Result,
  settle: (result: Result) => void,
): void {
  const callOff = clock.setTimer(() => settle(meaningOf('timeout')), ANSWER_TIMEOUT_MS);
  void answer
    .catch((error: unknown) => meaningOf(String(error)))
    .then((result) => {
      callOff();
      settle(result);
    });
}
