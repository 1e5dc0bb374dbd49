/** One request over HTTP and what is known of it: an answer, that it never left, or nothing. It is sent once. */
import type { DeskClock } from './clock.js';
import { fieldsOf } from './wire.js';

export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** The JSON object that came; empty where none came. */
      readonly body: Readonly<Record<string, unknown>>;
      /** How long the server asks to be left alone, in milliseconds; 0 when it does not. */
      readonly retryAfterMs: number;
    }
  | NotSent
  /** Sent, and no answer: it may have arrived or not. */
  | { readonly kind: 'silent'; readonly reason: string };

/** It never left. */
export interface NotSent {
  readonly kind: 'not_sent';
  readonly code: string;
  readonly message: string;
}

export interface HttpWireOptions {
  readonly url: string;
  readonly headers: () => HttpHeaders | Promise<HttpHeaders>;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: DeskClock;
  readonly timeoutMs: number;
}

export type HttpHeaders = Readonly<Record<string, string>>;

/** `Date` has whole seconds, cut off: half of one is the best guess. */
const HALF_SECOND_MS = 500;
/** A server that asks for more is asked again all the same. */
const LONGEST_RETRY_S = 60;

export class HttpWire {
  readonly #options: HttpWireOptions;
  /** The venue's clock minus ours, by the last answer that said. */
  #offset: number | undefined;

  constructor(options: HttpWireOptions) {
    this.#options = options;
  }

  /** The venue's time, to about a second; undefined before the first answer with a `Date` that may be read. */
  venueNow(): number | undefined {
    return this.#offset === undefined ? undefined : Math.round(this.#options.clock.now() + this.#offset);
  }

  async request(method: string, path: string, data?: object, extra?: HttpHeaders): Promise<HttpAnswer> {
    const { clock, timeoutMs } = this.#options;
    const abort = new AbortController();
    const { signal } = abort;
    // From before the headers: what takes too long to make them must not leave when nobody counts on it any more.
    const callOff = clock.setTimer(() => abort.abort(), timeoutMs);
    try {
      const init = await Promise.race([this.#prepare(data, extra), ranOut(signal)]);
      return init instanceof Headers ? await this.#send(method, path, init, data, signal) : init;
    } finally {
      callOff();
    }
  }

  /** The headers of a request, read so that what no request could carry is told apart from a request that failed. */
  async #prepare(data: object | undefined, extra: HttpHeaders | undefined): Promise<Headers | NotSent> {
    try {
      const own = await this.#options.headers();
      const type = data === undefined ? {} : { 'content-type': 'application/json' };
      return new Headers({ ...own, ...type, ...extra });
    } catch (error) {
      return { kind: 'not_sent', code: 'no_headers', message: messageOf(error) };
    }
  }

  async #send(
    method: string,
    path: string,
    headers: Headers,
    data: object | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const { url, fetch, clock } = this.#options;
    const body = data === undefined ? {} : { body: JSON.stringify(data) };
    const sentAt = clock.now();
    try {
      // Without a receiver: a browser's own refuses any other.
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        redirect: 'error',
        cache: 'no-store',
        signal,
        ...body,
      });
      this.#learnTime(response.headers.get('date'), sentAt, clock.now());
      const text = await response.text();
      const retryAfterMs = secondsIn(response.headers.get('retry-after')) * 1_000;
      return { kind: 'answer', status: response.status, body: objectIn(text), retryAfterMs };
    } catch (error) {
      return { kind: 'silent', reason: signal.aborted ? 'timeout' : messageOf(error) };
    }
  }

  #learnTime(date: string | null, sentAt: number, receivedAt: number): void {
    const venueMs = Date.parse(date ?? '');
    if (!Number.isNaN(venueMs)) this.#offset = venueMs + HALF_SECOND_MS - (sentAt + receivedAt) / 2;
  }
}

const ranOut = (signal: AbortSignal): Promise<NotSent> =>
  new Promise((resolve) =>
    signal.addEventListener('abort', () =>
      resolve({ kind: 'not_sent', code: 'no_headers', message: 'they took too long' }),
    ),
  );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const secondsIn = (text: string | null): number => {
  const seconds = /^\d+$/.test(text ?? '') ? Number(text) : 0;
  return Math.min(seconds, LONGEST_RETRY_S);
};

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    // A page of a proxy perhaps; its status is all that it says.
    return {};
  }
}
