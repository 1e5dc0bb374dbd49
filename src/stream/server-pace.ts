/**
 * How much a server is asked for: as often as the fastest listener of the connection wants to be told, and as deep as the
 * deepest wants to see; less of both while the page cannot keep up.
 */
import type { Load } from './load.js';
import type { Want } from './want.js';

/** Flushes a second that protocol 1 makes when nobody asks, and the bounds of what is asked for. */
export const DEFAULT_RATE_HZ = 10;
const MOST_RATE_HZ = 50;
const LEAST_RATE_HZ = 1;
/** After the server found us too slow: halved each time it does again. */
const SLOWED_RATE_HZ = 5;
/** Levels a side that are always asked for, where a book is wanted and has as many. */
const LEAST_DEPTH = 10;

/** What one holder of a symbol wants. */
export interface Holder extends Want {
  /** How often its listener is told at most, in milliseconds; undefined for the stream's own throttle. */
  readonly throttleMs?: number | undefined;
  /** Levels a side that it cannot do without; all of `book` where it does not say. */
  readonly leastDepth?: number | undefined;
}

export class ServerPace {
  readonly #load: Pick<Load, 'mode' | 'throttle'>;
  readonly #settings: { readonly throttle: number };
  #slowedHz = Infinity;

  constructor(load: Pick<Load, 'mode' | 'throttle'>, settings: { readonly throttle: number }) {
    this.#load = load;
    this.#settings = settings;
  }

  /** The server found us too slow. */
  slowDown(): void {
    this.#slowedHz = Math.max(LEAST_RATE_HZ, Math.floor(Math.min(2 * SLOWED_RATE_HZ, this.#slowedHz) / 2));
  }

  /** How often the most hurried of these holders is told at most, in milliseconds, as long as that can be kept up with. */
  throttleMs(holders: Iterable<Holder>): number {
    let throttleMs = Infinity;
    for (const holder of holders) throttleMs = Math.min(throttleMs, holder.throttleMs ?? this.#settings.throttle);
    return this.#load.throttle(throttleMs === Infinity ? this.#settings.throttle : throttleMs);
  }

  /** Flushes a second for a connection with these holders. */
  rateHz(holders: Iterable<Holder>): number {
    const wanted = Math.ceil(1_000 / this.throttleMs(holders));
    return Math.min(this.#slowedHz, MOST_RATE_HZ, Math.max(LEAST_RATE_HZ, wanted));
  }

  /** Whether books are asked for no deeper than their holders need. */
  get isShallow(): boolean {
    return this.#load.mode === 'shallower';
  }

  /** Levels a side of a book that is wanted so deep. */
  depth(wanted: number, holders: Iterable<Holder>): number {
    if (!this.isShallow || wanted === 0) return wanted;
    let needed = LEAST_DEPTH;
    for (const { book, leastDepth = book } of holders) needed = Math.max(needed, Math.min(book, leastDepth));
    return Math.min(wanted, needed);
  }
}
