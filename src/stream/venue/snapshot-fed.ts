/**
 * Books of venues that send a snapshot on the stream itself, then changes. A change belongs to the message before it
 * where the venue numbers them; a venue without numbers gives an empty chain, and a lost message cannot be seen.
 */
import type { LevelBuffer } from '../../book/level-buffer.js';
import type { DeltaFacts, GapReason, Sides, SnapshotFacts, VenueId, VenueSink } from './venue-protocol.js';

/** The place of an update among the others of its symbol. */
export interface ChainLink {
  /** This message's own number. */
  readonly id: VenueId;
  /** That of the message before it; undefined when the message does not say, although it should. */
  readonly previous: VenueId | undefined;
}

/**
 * So many updates in a row that a book is said to hold already, and its numbers are no longer believed: a venue that began
 * to count anew, or one absurd number, would freeze a book that looks proved.
 */
export const MOST_OLD = 20;

/** Stands in the place of a number where a venue has none. */
const NO_ID: VenueId = -1;

export class SnapshotFed {
  readonly #sink: VenueSink;
  readonly #sumsAll: boolean;
  /** The last number of each symbol that has a book. */
  readonly #last = new Map<string, VenueId>();
  /** Symbols whose updates must bring a checksum. */
  readonly #summed = new Set<string>();
  readonly #oldInARow = new Map<string, number>();

  /** `sumsAll`: where a checksum proves a book, every update brings one; another makes the book suspect. */
  constructor(sink: VenueSink, { sumsAll = false } = {}) {
    this.#sink = sink;
    this.#sumsAll = sumsAll;
  }

  /** The number of the last message applied; undefined while the symbol has no book. */
  last(symbol: string): VenueId | undefined {
    return this.#last.get(symbol);
  }

  /** `sides` is undefined when they could not be read. `id` is the snapshot's place in the chain, where there is one. */
  snapshot(symbol: string, sides: Sides | undefined, facts: SnapshotFacts, id = NO_ID): void {
    if (sides === undefined) return this.void(symbol, 'bad_message', 'a snapshot with bad levels');
    this.#oldInARow.delete(symbol);
    if (this.#sumsAll && facts.verified.by === 'checksum') this.#summed.add(symbol);
    else this.#summed.delete(symbol);
    if (this.#sink.snapshot(symbol, sides, facts) === 'applied') this.#last.set(symbol, id);
    else this.#last.delete(symbol);
  }

  delta(symbol: string, sides: Sides | undefined, facts: DeltaFacts, link?: ChainLink): void {
    if (!this.#isNext(symbol, link)) return;
    if (sides === undefined) return this.void(symbol, 'bad_message', 'an update with bad levels');
    if (this.#lacksChecksum(symbol, facts)) return;
    if (this.#sink.delta(symbol, sides, facts) === 'applied') this.#move(symbol, link);
    else this.#last.delete(symbol);
  }

  /** As `delta`, with the digits read already. */
  deltaUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts, link?: ChainLink): void {
    if (!this.#isNext(symbol, link)) return;
    if (this.#lacksChecksum(symbol, facts)) return;
    if (this.#sink.deltaUnits(symbol, bids, asks, facts) === 'applied') this.#move(symbol, link);
    else this.#last.delete(symbol);
  }

  /** An update that the book holds already. */
  old(symbol: string): void {
    const count = (this.#oldInARow.get(symbol) ?? 0) + 1;
    this.#oldInARow.set(symbol, count);
    if (count > MOST_OLD) this.void(symbol, 'sequence', `${count} updates in a row with numbers that are past`);
    else this.#sink.skipped(symbol, 'old');
  }

  /** Gives the symbol's book up until its next snapshot. */
  void(symbol: string, reason: GapReason, detail: string): void {
    this.#last.delete(symbol);
    this.#sink.gap(symbol, reason, detail);
  }

  /** Nothing more is wanted of the symbol: what still comes belongs to no book. */
  forget(symbol: string): void {
    this.#last.delete(symbol);
  }

  #lacksChecksum(symbol: string, { checksum }: DeltaFacts): boolean {
    if (checksum !== undefined || !this.#summed.has(symbol)) return false;
    this.void(symbol, 'bad_message', 'an update without its checksum');
    return true;
  }

  #move(symbol: string, link: ChainLink | undefined): void {
    this.#oldInARow.delete(symbol);
    if (link !== undefined) this.#last.set(symbol, link.id);
  }

  #isNext(symbol: string, link: ChainLink | undefined): boolean {
    const last = this.#last.get(symbol);
    if (last === undefined) {
      this.#sink.skipped(symbol, 'awaiting_snapshot');
      return false;
    }
    if (link === undefined || link.previous === last) return true;
    this.void(symbol, 'sequence', `expected to follow ${last}, follows ${link.previous ?? 'nothing'}`);
    return false;
  }
}
