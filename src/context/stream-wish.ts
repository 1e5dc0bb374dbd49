import type { MarketStream } from '../stream/market-stream.js';
import { acquireStream, type SharedStreamOptions, type StreamLease } from '../stream/shared-stream.js';

/** What an element wants to read: a stream handed to it, or an address of its own, or neither. */
export interface StreamWish {
  readonly stream?: MarketStream | undefined;
  readonly options?: SharedStreamOptions | undefined;
}

/** The empty wish: whatever was leased is given back. */
export const NO_WISH: StreamWish = {};

/**
 * Turns a wish into a stream, and keeps the lease that goes with it: an address is leased, so that any number of
 * elements share one connection and the last one to leave closes it.
 */
export class WishKeeper {
  #lease: StreamLease | undefined;
  #key = '';

  /** The stream of this wish. Whatever an earlier wish had leased is given back. */
  follow(wish: StreamWish): MarketStream | undefined {
    const options = wish.stream === undefined ? wish.options : undefined;
    const key = options === undefined ? '' : JSON.stringify(options);
    if (key !== this.#key) {
      const old = this.#lease;
      this.#key = key;
      // The new lease before the old one goes: two wishes of one address then keep its connection.
      this.#lease = options === undefined ? undefined : acquireStream(options);
      old?.release();
    }
    return wish.stream ?? this.#lease?.stream;
  }
}
