/**
 * What to do when a connection ends, by its close code (docs/PROTOCOL.md). A browser reports a network fault, a killed
 * server and a refused handshake all as 1006, so that only an explicit code can be final.
 */
export interface CloseAdvice {
  /** What to tell the page. */
  readonly message: string;
  /** The shortest wait before the next try, in milliseconds; the backoff may be longer. Default 0. */
  readonly leastWaitMs?: number;
  /** No further try, until the page asks for one, after this many in a row. Default: there is always another. */
  readonly finalAfter?: number;
}

const PATIENT_WAIT_MS = 10_000;

/** The server wants to know who this is, or no longer takes what it was told. */
export const LOGIN_WANTED = 4401;
/** Codes that say that a message of ours, or the session, is at fault: whatever was to be resumed is not said again. */
export const ENDS_SESSION: ReadonlySet<number> = new Set([1009, 4400, 4409]);

const BY_CODE: Readonly<Record<number, CloseAdvice>> = {
  1008: { message: 'The server saw a breach of its policy.', leastWaitMs: PATIENT_WAIT_MS },
  1009: { message: 'A message of ours was too large.' },
  4400: { message: 'The server did not understand a message of ours.' },
  [LOGIN_WANTED]: { message: 'The server wants a login.', finalAfter: 2 },
  4403: { message: 'The server does not permit this page or account.', finalAfter: 1 },
  4408: { message: 'This page read too slowly; it asks for less from now on.' },
  4409: { message: 'This session was taken over elsewhere.', finalAfter: 1 },
  4900: { message: 'The recording has ended.', finalAfter: 1 },
  4429: { message: 'This page asked too often.', leastWaitMs: PATIENT_WAIT_MS },
};

/** The advice for a code. Undefined for the network's own faults, and for codes that nobody has agreed on: try again. */
export const closeAdvice = (code: number): CloseAdvice | undefined => BY_CODE[code];

/** A recording has been played to its end. Never on the wire. */
export const RECORDING_ENDED = 4900;

/** We read too slowly: ask for less. */
export const SLOW_READER = 4408;
