/**
 * Asks the page for a token, and takes an end for an answer: a provider is code of the page's, and may throw, reject, give
 * anything or never come back. Nothing it says is repeated, since a token or a header may be in it.
 */
import type { Clock } from './clock.js';
import { MAX_TICKET_LENGTH } from './protocol/shape.js';

/** How long a token may take, in milliseconds. */
export const TOKEN_TIMEOUT_MS = 10_000;

export interface TokenRequest {
  /**
   * `connect`: there is a new connection. `expiring`: the login of this one runs out soon. `refused`: the server did not
   * take the last token, or no longer does: the same one again is of no use.
   */
  readonly reason: 'connect' | 'expiring' | 'refused';
  /** Aborted when nobody waits for the token any more. */
  readonly signal: AbortSignal;
}

/**
 * Gives a token to log in with, or a promise of one; `undefined` when nobody is logged in. Asked at each connect, before
 * the login runs out, and after a refusal. It has 10 s; when it fails it is asked again, after a wait that grows.
 */
export type TokenProvider = (request: TokenRequest) => string | undefined | PromiseLike<string | undefined>;

export interface TokenAnswers {
  /** Undefined: nobody is logged in. */
  onToken(token: string | undefined): void;
  /** `why` is for people. */
  onFailure(why: string): void;
}

/** Asks once. Exactly one of the answers comes, in a later task, unless it is called off by the returned function. */
export const askToken = (
  provider: TokenProvider,
  reason: TokenRequest['reason'],
  clock: Clock,
  answers: TokenAnswers,
): (() => void) => {
  const abort = new AbortController();
  let isOver = false;
  const end = (): boolean => {
    if (isOver) return false;
    isOver = true;
    cancelTimer();
    return true;
  };
  const callOff = (): boolean => {
    const isFirst = end();
    if (isFirst) abort.abort();
    return isFirst;
  };
  const cancelTimer = clock.setTimer(() => {
    if (callOff()) answers.onFailure(`it took longer than ${TOKEN_TIMEOUT_MS / 1_000} s`);
  }, TOKEN_TIMEOUT_MS);
  // Called later, so that whatever it does to the stream finds everything in its place.
  void Promise.resolve()
    .then(() => (isOver ? undefined : provider({ reason, signal: abort.signal })))
    .then(
      (token: unknown) => {
        if (!end()) return;
        if (token === undefined || token === null || token === '') answers.onToken(undefined);
        else if (typeof token !== 'string') answers.onFailure(`it gave no text but ${typeof token}`);
        else if (token.length > MAX_TICKET_LENGTH)
          answers.onFailure(`a token has ${MAX_TICKET_LENGTH} characters at most`);
        else answers.onToken(token);
      },
      (error: unknown) => {
        if (end()) answers.onFailure(error instanceof Error ? `it failed with ${error.name}` : 'it failed');
      },
    );
  return () => void callOff();
};
