/**
 * Fetches snapshots by HTTP, each symbol's once at a time, spaced so that all of them together stay within what the
 * venue allows. An answer that did not come is no news: whoever wanted it asks again.
 */
import type { Clock } from '../clock.js';
import type { AskText, HttpAnswer } from './venue-protocol.js';

/** How long to leave a venue alone that said "too many" without saying for how long. */
const REFUSED_PAUSE_MS = 30_000;
/** The longest that a venue may ask for. */
const LONGEST_PAUSE_MS = 300_000;
/** Statuses that ask for a pause. Binance bans an address with 418. */
const TOO_MANY: ReadonlySet<number> = new Set([418, 429]);
/** Statuses that refuse the page or its country, whatever the text says. */
const REFUSING: ReadonlySet<number> = new Set([401, 403, 451]);

/** When the next request may go. The venue counts by address, so that all links of a stream share one. */
export interface SnapshotPace {
  notBefore: number;
}

export interface SnapshotDeskOptions {
  readonly pace: SnapshotPace;
  readonly clock: Clock;
  readonly ask: AskText;
  readonly perMinute: number;
  urlOf(symbol: string): string;
  onAnswer(text: string, url: string): void;
  /** No answer, or none that could be used. */
  onFailure(symbol: string, why: string): void;
}

export class SnapshotDesk {
  readonly #options: SnapshotDeskOptions;
  readonly #waiting = new Set<string>();
  /** Each request under way; one that was forgotten has no place here any more. */
  readonly #running = new Map<string, symbol>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: SnapshotDeskOptions) {
    this.#options = options;
  }

  want(symbol: string): void {
    if (this.#running.has(symbol)) return;
    this.#waiting.add(symbol);
    if (this.#cancelTimer === undefined) this.#next();
  }

  /** Nothing is wanted of the symbol now, not even an answer that is under way: it would be older than the next wish. */
  forget(symbol: string): void {
    this.#waiting.delete(symbol);
    this.#running.delete(symbol);
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#cancelTimer?.();
  }

  #next(): void {
    this.#cancelTimer = undefined;
    const { clock, pace, perMinute } = this.#options;
    const [symbol] = this.#waiting;
    if (symbol === undefined || this.#isClosed) return;
    const now = clock.now();
    if (now < pace.notBefore) {
      // However the clock was moved, no wait is endless.
      pace.notBefore = Math.min(pace.notBefore, now + LONGEST_PAUSE_MS);
      this.#cancelTimer = clock.setTimer(() => this.#next(), pace.notBefore - now);
      return;
    }
    pace.notBefore = now + 60_000 / perMinute;
    this.#waiting.delete(symbol);
    void this.#fetch(symbol);
    this.#next();
  }

  async #fetch(symbol: string): Promise<void> {
    const url = this.#options.urlOf(symbol);
    const request = Symbol(symbol);
    this.#running.set(symbol, request);
    let answer: HttpAnswer | undefined;
    let why = '';
    try {
      answer = await this.#options.ask(url);
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    const isWanted = this.#running.get(symbol) === request;
    if (isWanted) this.#running.delete(symbol);
    if (this.#isClosed) return;
    if (answer !== undefined && asksForPause(answer)) this.#pause(answer.retryAfterMs);
    if (!isWanted) return;
    if (answer === undefined) this.#options.onFailure(symbol, why);
    else if (TOO_MANY.has(answer.status)) {
      this.#options.onFailure(symbol, `the venue answered ${answer.status}, too many requests`);
    } else if (answer.status >= 500 || REFUSING.has(answer.status))
      this.#options.onFailure(symbol, `the venue answered ${answer.status}`);
    else this.#options.onAnswer(answer.text, url);
  }

  #pause(wantedMs: number): void {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, wantedMs || REFUSED_PAUSE_MS);
    this.#options.pace.notBefore = this.#options.clock.now() + pauseMs;
  }
}

/** A venue that is overloaded may say for how long. */
const asksForPause = ({ status, retryAfterMs }: HttpAnswer): boolean =>
  TOO_MANY.has(status) || (status === 503 && retryAfterMs > 0);
