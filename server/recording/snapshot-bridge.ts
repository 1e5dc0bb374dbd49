/**
 * Books of venues whose snapshot comes by HTTP while the updates already run. Updates are kept until a snapshot is
 * there, those it already contains are dropped, the first after it must reach across its identifier, and from then on
 * each must follow the one before. What a venue means by "contains", "reaches across" and "follows" is its rule.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import type { VenueOperation } from './venue.js';

/** An update that covers the events from `first` to `last`. `previous` is the `last` of the one before, where sent. */
export interface NumberedUpdate {
  readonly first: bigint;
  readonly last: bigint;
  readonly previous: bigint | undefined;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
  readonly eventTime: number;
}

export interface BridgeRule {
  /** Whether a snapshot with this identifier already contains the update. */
  isOld(update: NumberedUpdate, snapshotId: bigint): boolean;
  /** Whether the update may be the first one after the snapshot. */
  reaches(update: NumberedUpdate, snapshotId: bigint): boolean;
  /** Whether nothing is missing between `last` and the update. */
  follows(update: NumberedUpdate, last: bigint): boolean;
}

/** Updates kept for one symbol while its snapshot is awaited. The oldest make room; the rule then notices the hole. */
const MAX_EARLY = 1000;

interface BookState {
  phase: 'awaiting' | 'snapshot' | 'chained';
  /** The snapshot's identifier, then the last of each update. */
  id: bigint;
  early: NumberedUpdate[];
}

export class SnapshotBridge {
  readonly #rule: BridgeRule;
  readonly #books = new Map<string, BookState>();

  constructor(rule: BridgeRule) {
    this.#rule = rule;
  }

  snapshot(
    symbol: string,
    id: bigint,
    bids: readonly LevelText[],
    asks: readonly LevelText[],
    eventTime: number,
  ): VenueOperation[] {
    const book = this.#book(symbol);
    if (book.phase !== 'awaiting' && id < book.id) return [{ kind: 'skipped', symbol, reason: 'old_snapshot' }];
    const first = book.early.find((update) => !this.#rule.isOld(update, id));
    if (first !== undefined && !this.#rule.reaches(first, id))
      return [{ kind: 'skipped', symbol, reason: 'old_snapshot' }];

    const early = book.early;
    book.phase = 'snapshot';
    book.id = id;
    book.early = [];
    // No depth: the answer to the request was bounded, the updates after it are not.
    const operations: VenueOperation[] = [{ kind: 'snapshot', symbol, bids, asks, eventTime, depth: 0 }];
    for (const update of early) operations.push(...this.update(symbol, update));
    return operations;
  }

  update(symbol: string, update: NumberedUpdate): VenueOperation[] {
    const book = this.#book(symbol);
    if (book.phase === 'awaiting') return this.#keep(symbol, book, update);

    const isOld = book.phase === 'snapshot' ? this.#rule.isOld(update, book.id) : update.last <= book.id;
    if (isOld) return [{ kind: 'skipped', symbol, reason: 'old' }];

    const fits = book.phase === 'snapshot' ? this.#rule.reaches(update, book.id) : this.#rule.follows(update, book.id);
    if (!fits) {
      const detail = `${update.first} to ${update.last} (previous ${update.previous ?? 'not sent'}) does not join ${book.id}`;
      return [this.void(symbol, 'sequence', detail), ...this.#keep(symbol, book, update)];
    }
    book.phase = 'chained';
    book.id = update.last;
    return [{ kind: 'delta', symbol, bids: update.bids, asks: update.asks, eventTime: update.eventTime }];
  }

  /** Gives the symbol's book up until its next snapshot. */
  void(symbol: string, reason: 'sequence' | 'bad_message', detail: string): VenueOperation {
    const book = this.#book(symbol);
    book.phase = 'awaiting';
    book.early = [];
    return { kind: 'gap', symbol, reason, detail };
  }

  #keep(symbol: string, book: BookState, update: NumberedUpdate): VenueOperation[] {
    book.early.push(update);
    const operations: VenueOperation[] = [{ kind: 'skipped', symbol, reason: 'early' }];
    if (book.early.length > MAX_EARLY) {
      book.early.shift();
      operations.push({ kind: 'skipped', symbol, reason: 'overrun' });
    }
    return operations;
  }

  #book(symbol: string): BookState {
    let book = this.#books.get(symbol);
    if (book === undefined) {
      book = { phase: 'awaiting', id: 0n, early: [] };
      this.#books.set(symbol, book);
    }
    return book;
  }
}
