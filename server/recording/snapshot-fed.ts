/**
 * Books of venues that send a snapshot on the stream itself, then changes. A change belongs to the message before it
 * where the venue numbers them; a venue without numbers gives an empty chain, and a lost message cannot be seen.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import type { BookGap, VenueOperation } from './venue.js';

/** The two sides of a message, either undefined when it could not be read. */
export interface Sides {
  readonly bids: readonly LevelText[] | undefined;
  readonly asks: readonly LevelText[] | undefined;
}

/** Identifiers as text: they are only compared, and some do not fit a number. */
export interface ChainLink {
  /** This message's own. */
  readonly id: string;
  /** That of the message before it. */
  readonly previous: string;
}

export class SnapshotFed {
  /** The last identifier of each symbol that has a book. */
  readonly #last = new Map<string, string>();

  /** The identifier of the last message applied; undefined while the symbol has no book. */
  last(symbol: string): string | undefined {
    return this.#last.get(symbol);
  }

  /** `id` is the snapshot's place in the chain, where there is one. `depth` as in `BookSnapshot`. */
  snapshot(symbol: string, { bids, asks }: Sides, eventTime: number, depth: number, id = ''): VenueOperation {
    if (bids === undefined || asks === undefined) return this.void(symbol, 'bad_message', 'a snapshot with bad levels');
    this.#last.set(symbol, id);
    return { kind: 'snapshot', symbol, bids, asks, eventTime, depth };
  }

  delta(symbol: string, { bids, asks }: Sides, eventTime: number, link?: ChainLink): VenueOperation {
    const last = this.#last.get(symbol);
    if (last === undefined) return { kind: 'skipped', symbol, reason: 'awaiting_snapshot' };
    if (bids === undefined || asks === undefined) return this.void(symbol, 'bad_message', 'an update with bad levels');
    if (link !== undefined) {
      if (link.previous !== last)
        return this.void(symbol, 'sequence', `expected to follow ${last}, follows ${link.previous}`);
      this.#last.set(symbol, link.id);
    }
    return { kind: 'delta', symbol, bids, asks, eventTime };
  }

  /** Gives the symbol's book up until its next snapshot. */
  void(symbol: string, reason: BookGap['reason'], detail: string): BookGap {
    this.#last.delete(symbol);
    return { kind: 'gap', symbol, reason, detail };
  }
}
