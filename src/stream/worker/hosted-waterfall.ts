/**
 * The waterfall of a stream that serves pages. What its own listeners are told is not delivered yet, so that nothing of it
 * is measured here: it is kept for whoever hands it over, and the page measures from the change to its own listener.
 */
import { type Trace, Waterfall } from '../waterfall.js';

/** Changes of one symbol that one page was not told of. */
export interface Waiting {
  changes: number;
  /** When the oldest was noted. */
  since: number;
  /** When the oldest that a frame has brought was; NaN for none. */
  changedAt: number;
  /** How long that one had taken from the server to there; NaN when that is not known. */
  venueMs: number;
}

export const noneWaiting = (): Waiting => ({
  changes: 0,
  since: Number.NaN,
  changedAt: Number.NaN,
  venueMs: Number.NaN,
});

export class HostedWaterfall extends Waterfall {
  readonly now: () => number;
  readonly #waiting = new WeakMap<Trace, Waiting>();
  /** Of the listener that is being called. */
  told: { readonly trace: Trace; readonly waiting: Waiting } | undefined;

  constructor(now: () => number) {
    super(now);
    this.now = now;
  }

  /** What waits for the listener of this trace. */
  waitingOf(trace: Trace | undefined): Readonly<Waiting> | undefined {
    return trace && this.#waiting.get(trace);
  }

  override changed(trace: Trace): void {
    super.changed(trace);
    let waiting = this.#waiting.get(trace);
    if (waiting === undefined) this.#waiting.set(trace, (waiting = { ...noneWaiting(), since: this.now() }));
    waiting.changes += 1;
  }

  override called(_symbol: string, trace: Trace): void {
    this.told = { trace, waiting: this.take(trace) };
  }

  /** What waits for the listener of this trace is handed over, and waits no more. */
  take(trace: Trace): Waiting {
    const { changedAt, venueMs } = trace;
    const waiting = { ...(this.#waiting.get(trace) ?? noneWaiting()), changedAt, venueMs };
    this.#waiting.delete(trace);
    trace.changedAt = Number.NaN;
    return waiting;
  }
}
