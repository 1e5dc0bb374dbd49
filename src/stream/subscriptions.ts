/**
 * What the page wants of each symbol: holders come and go, and a symbol is wanted while anyone holds it, with everything
 * that any of them wants. Nobody is told anything here; whoever tells asks for `wantOf` when it is time to.
 */
import { type Clock, isOver } from './clock.js';
import type { Holder } from './server-pace.js';
import { most, type Want } from './want.js';

const NOTHING: Want = { ticker: 0, book: 0, trades: 0 };
/** How long a symbol or a channel outlives its last holder, so that an element that is moved costs nothing. */
export const GRACE_MS = 1_000;

interface Entry {
  readonly holders: Set<Holder>;
  /** When a holder last left; NaN when nothing has been given up since. */
  leftAt: number;
}

export interface SubscriptionsHost {
  /** More is wanted of these, the first of them maybe. */
  wanted(symbols: readonly string[]): void;
  /** Less has been wanted of these for the grace; of those without a `wantOf` nothing is any more. */
  released(symbols: readonly string[]): void;
}

export class Subscriptions {
  readonly #clock: Clock;
  readonly #host: SubscriptionsHost;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, host: SubscriptionsHost) {
    this.#clock = clock;
    this.#host = host;
  }

  /** Symbols that are wanted, those in their grace included. */
  get size(): number {
    return this.#entries.size;
  }

  /** What all holders together want; undefined when there are none. */
  wantOf(symbol: string): Want | undefined {
    const holders = this.#entries.get(symbol)?.holders;
    return holders === undefined || holders.size === 0 ? undefined : [...holders].reduce<Want>(most, NOTHING);
  }

  holdersOf(symbol: string): Iterable<Holder> {
    return this.#entries.get(symbol)?.holders ?? [];
  }

  /** Adds a holder to each symbol. Returns its undo, safe to call twice. */
  hold(symbols: Iterable<string>, want: Holder): () => void {
    // A copy, so that one `Want` object held twice counts twice.
    const holder = { ...want };
    const held = [...new Set(symbols)];
    for (const symbol of held) {
      const entry = this.#entries.get(symbol);
      if (entry === undefined) this.#entries.set(symbol, { holders: new Set([holder]), leftAt: Number.NaN });
      else entry.holders.add(holder);
    }
    this.#host.wanted(held);
    return () => {
      for (const symbol of held) {
        const entry = this.#entries.get(symbol);
        if (entry?.holders.delete(holder) === true) entry.leftAt = this.#clock.now();
      }
    };
  }

  /** Called a few times a second: ends graces. */
  pulse(now: number): void {
    const released: string[] = [];
    for (const [symbol, entry] of this.#entries) {
      if (!isOver(entry.leftAt, GRACE_MS, now)) continue;
      entry.leftAt = Number.NaN;
      if (entry.holders.size === 0) this.#entries.delete(symbol);
      released.push(symbol);
    }
    if (released.length > 0) this.#host.released(released);
  }

  clear(): void {
    this.#entries.clear();
  }
}
