/**
 * Books of venues whose snapshot comes by HTTP while the updates already run. Updates are kept until a snapshot is
 * there, those it already contains are dropped, the first after it must reach across its number, and from then on
 * each must follow the one before. What a venue means by "contains", "reaches across" and "follows" is its rule.
 */
import type { LevelBuffer } from '../../book/level-buffer.js';
import { MOST_OLD } from './snapshot-fed.js';
import type { DeltaFacts, GapReason, Sides, SnapshotFacts, UpdateSpan, VenueId, VenueSink } from './venue-protocol.js';

export interface BridgeRule {
  /** Whether a snapshot with this number already contains the update. */
  isOld(update: UpdateSpan, snapshotId: VenueId): boolean;
  /** Whether the update may be the first one after the snapshot. */
  reaches(update: UpdateSpan, snapshotId: VenueId): boolean;
  /** Whether nothing is missing between `last` and the update. */
  follows(update: UpdateSpan, last: VenueId): boolean;
}

/** Updates kept for one symbol while its snapshot is awaited. The oldest make room; the rule then notices the hole. */
export const MAX_EARLY = 1000;

/** What is told of an update that has a place. */
export type SpanFacts = DeltaFacts & { readonly span: UpdateSpan };

interface EarlyUpdate {
  readonly sides: Sides;
  readonly facts: SpanFacts;
}

interface BookState {
  phase: 'awaiting' | 'snapshot' | 'chained' | 'given_up';
  /** The snapshot's number, then the last of each update. */
  id: VenueId;
  /** Updates in a row that the chain is past already. */
  old: number;
  early: EarlyUpdate[];
}

export class SnapshotBridge {
  readonly #sink: VenueSink;
  readonly #rule: BridgeRule;
  readonly #books = new Map<string, BookState>();

  constructor(sink: VenueSink, rule: BridgeRule) {
    this.#sink = sink;
    this.#rule = rule;
  }

  /** Whether there is no book to apply updates to: then they must be handed in as texts. */
  isAwaiting(symbol: string): boolean {
    const phase = this.#books.get(symbol)?.phase ?? 'awaiting';
    return phase === 'awaiting' || phase === 'given_up';
  }

  snapshot(symbol: string, id: VenueId, sides: Sides, facts: SnapshotFacts): void {
    const book = this.#book(symbol);
    const first = book.early.find(({ facts: kept }) => !this.#rule.isOld(kept.span, id));
    const isUnwanted = book.phase === 'given_up' || (book.phase !== 'awaiting' && id < book.id);
    if (isUnwanted || (first !== undefined && !this.#rule.reaches(first.facts.span, id))) {
      this.#sink.skipped(symbol, 'old_snapshot');
      return;
    }
    const { early } = book;
    book.early = [];
    if (this.#sink.snapshot(symbol, sides, facts) !== 'applied') {
      book.phase = 'awaiting';
      return;
    }
    book.phase = 'snapshot';
    book.id = id;
    book.old = 0;
    for (const kept of early) this.update(symbol, kept.sides, kept.facts);
  }

  update(symbol: string, sides: Sides, facts: SpanFacts): void {
    const book = this.#book(symbol);
    const { span } = facts;
    if (book.phase === 'given_up') this.#sink.skipped(symbol, 'awaiting_snapshot');
    else if (book.phase === 'awaiting') this.#keep(symbol, book, { sides, facts });
    else if (this.#isDue(symbol, book, span)) {
      if (this.#sink.delta(symbol, sides, facts) === 'applied') this.#move(book, span);
      else this.#await(book);
    } else if (this.isAwaiting(symbol)) this.#keep(symbol, book, { sides, facts });
  }

  /** As `update`, with the digits read already. Not while `isAwaiting`. Returns false when `update` must be called instead. */
  updateUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: SpanFacts): boolean {
    const { span } = facts;
    const book = this.#books.get(symbol);
    if (book === undefined || this.isAwaiting(symbol)) return false;
    if (!this.#fits(book, span)) {
      // An old one is passed over here too; a hole makes the update one to keep, for which its texts are needed.
      if (!this.#isOld(book, span)) return false;
      this.#old(symbol, book);
      return true;
    }
    if (this.#sink.deltaUnits(symbol, bids, asks, facts) === 'applied') this.#move(book, span);
    else this.#await(book);
    return true;
  }

  /** Gives the symbol's book up until its next snapshot. */
  void(symbol: string, reason: GapReason, detail: string): void {
    this.#await(this.#book(symbol));
    this.#sink.gap(symbol, reason, detail);
  }

  /** The symbol is wanted, perhaps again. */
  begin(symbol: string): void {
    this.#books.delete(symbol);
  }

  /** Nothing more is wanted of the symbol: what still comes belongs to no book. */
  forget(symbol: string): void {
    const book = this.#book(symbol);
    this.#await(book);
    book.phase = 'given_up';
  }

  #isDue(symbol: string, book: BookState, span: UpdateSpan): boolean {
    if (this.#isOld(book, span)) {
      this.#old(symbol, book);
      return false;
    }
    if (this.#fits(book, span)) return true;
    const { first, last, previous } = span;
    this.void(symbol, 'sequence', `${first} to ${last} (previous ${previous ?? 'not sent'}) does not join ${book.id}`);
    return false;
  }

  #isOld(book: BookState, span: UpdateSpan): boolean {
    return book.phase === 'snapshot' ? this.#rule.isOld(span, book.id) : span.last <= book.id;
  }

  #fits(book: BookState, span: UpdateSpan): boolean {
    if (this.#isOld(book, span)) return false;
    return book.phase === 'snapshot' ? this.#rule.reaches(span, book.id) : this.#rule.follows(span, book.id);
  }

  /** Before the first update has joined, as many as may be kept may be older than the snapshot. */
  #old(symbol: string, book: BookState): void {
    book.old++;
    if (book.old > (book.phase === 'chained' ? MOST_OLD : MAX_EARLY))
      this.void(symbol, 'sequence', `${book.old} updates in a row with numbers that are past`);
    else this.#sink.skipped(symbol, 'old');
  }

  #move(book: BookState, span: UpdateSpan): void {
    book.phase = 'chained';
    book.id = span.last;
    book.old = 0;
  }

  #await(book: BookState): void {
    book.phase = 'awaiting';
    book.old = 0;
    book.early = [];
  }

  #keep(symbol: string, book: BookState, update: EarlyUpdate): void {
    book.early.push(update);
    this.#sink.skipped(symbol, 'early');
    if (book.early.length <= MAX_EARLY) return;
    book.early.shift();
    this.#sink.skipped(symbol, 'overrun');
  }

  #book(symbol: string): BookState {
    let book = this.#books.get(symbol);
    if (book === undefined) {
      book = { phase: 'awaiting', id: 0, old: 0, early: [] };
      this.#books.set(symbol, book);
    }
    return book;
  }
}
