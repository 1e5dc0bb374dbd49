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
  readonly #running = new Set<string>();
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

  forget(symbol: string): void {
    this.#waiting.delete(symbol);
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
      const waitMs = Math.min(pace.notBefore - now, LONGEST_PAUSE_MS);
      this.#cancelTimer = clock.setTimer(() => this.#next(), waitMs);
      return;
    }
    pace.notBefore = now + 60_000 / perMinute;
    this.#waiting.delete(symbol);
    void this.#fetch(symbol);
    this.#next();
  }

  async #fetch(symbol: string): Promise<void> {
    const url = this.#options.urlOf(symbol);
    this.#running.add(symbol);
    let answer: HttpAnswer | undefined;
    let why = '';
    try {
      answer = await this.#options.ask(url);
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    this.#running.delete(symbol);
    if (this.#isClosed) return;
    if (answer === undefined) this.#options.onFailure(symbol, why);
    else if (TOO_MANY.has(answer.status)) {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, answer.retryAfterMs || REFUSED_PAUSE_MS);
      this.#options.pace.notBefore = this.#options.clock.now() + pauseMs;
      this.#options.onFailure(symbol, `the venue answered ${answer.status}, too many requests`);
    } else if (answer.status >= 500) this.#options.onFailure(symbol, `the venue answered ${answer.status}`);
    else this.#options.onAnswer(answer.text, url);
  }
}
