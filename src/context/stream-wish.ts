import type { MarketStream } from '../stream/market-stream.js';
import { OWN_PROTOCOL } from '../stream/own-protocol.js';
import { acquireStream, type SharedStreamOptions, type StreamLease } from '../stream/shared-stream.js';

/** What an element wants to read: a stream handed to it, or an address of its own, or neither. */
export interface StreamWish {
  readonly stream?: MarketStream | undefined;
  readonly options?: SharedStreamOptions | undefined;
}

/** The feed that two attributes name; none when neither says where it is. A venue has an address of its own. */
export function addressWish(src: string, venue: string): SharedStreamOptions | undefined {
  const named = venue === '' || venue === OWN_PROTOCOL ? undefined : venue;
  if (src === '' && named === undefined) return undefined;
  return named === undefined ? { src } : { src, venue: named };
}

/** The empty wish: whatever was leased is given back. */
export const NO_WISH: StreamWish = {};

/**
 * Turns a wish into a stream, and keeps the lease that goes with it: an address is leased, so that any number of
 * elements share one connection and the last one to leave closes it.
 */
export class WishKeeper {
  #lease: StreamLease | undefined;
  #leased = '';
  #feed: unknown;

  /** Tells the feed of the last wish from another, also while nothing is leased for it; undefined when it named none. */
  get feed(): unknown {
    return this.#feed;
  }

  /** The stream of this wish. Whatever an earlier wish had leased is given back; one that is asleep leases nothing. */
  follow(wish: StreamWish, isAsleep = false): MarketStream | undefined {
    const options = wish.stream === undefined ? wish.options : undefined;
    // A function counts by being there: a page may well write a new one at each of its own updates.
    const key =
      options === undefined ? '' : JSON.stringify(options, (_, value: unknown) => typeof value === 'function' || value);
    this.#feed = wish.stream ?? (key || undefined);
    const wanted = isAsleep ? '' : key;
    if (wanted !== this.#leased) {
      const old = this.#lease;
      this.#leased = wanted;
      // The new lease before the old one goes: two wishes of one address then keep its connection.
      this.#lease = options === undefined || isAsleep ? undefined : acquireStream(options);
      old?.release();
    }
    return isAsleep ? undefined : (wish.stream ?? this.#lease?.stream);
  }
}
