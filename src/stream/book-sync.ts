/**
 * Keeps one book equal to the server's, or says that it is not. A delta that does not follow makes the book suspect: it
 * stays on the screen, marked, while a new snapshot is asked for and the deltas that come meanwhile are kept. The
 * snapshot replaces the book in one step, what was kept is applied to it, and only then is it trusted again.
 */
import { Book, type BookChange } from '../book/book.js';
import { LevelBuffer } from '../book/level-buffer.js';
import type { BookKeeper } from './book-keeper.js';
import type { Meter } from './metrics.js';
import type { DeltaEntry, DeltaFrame } from './protocol/delta-frame.js';
import type { BookDeltaMessage, BookSnapshotMessage } from './protocol/messages.js';
import { ResyncPlan } from './resync-plan.js';
import type { Settings } from './settings.js';
import type { VerdictReason } from './verdict.js';

export interface BookSyncHost {
  /** `bufferSize`: early deltas that are kept while a snapshot is awaited. */
  readonly settings: Pick<Settings, 'bufferSize'>;
  readonly meter: Meter;
  /** Asks for a snapshot. False when that is not possible just now; it is asked again soon. */
  ask(now: number): boolean;
}

const FAULTS: Readonly<Partial<Record<BookChange, VerdictReason>>> = {
  gap: 'sequence_gap',
  crossed: 'crossed_book',
  bad_checksum: 'bad_checksum',
  bad_level: 'bad_message',
};

/** Shared by all books: filled and applied in one go. */
const bids = new LevelBuffer();
const asks = new LevelBuffer();

export class BookSync implements BookKeeper {
  readonly #symbol: string;
  readonly #host: BookSyncHost;
  readonly #scales: () => { readonly priceScale: number; readonly sizeScale: number };
  readonly #plan: ResyncPlan;
  book: Book | undefined;
  suspicion: VerdictReason | undefined;
  #isExpected = false;
  /** Levels a side that were asked for. */
  #depth = 0;
  /** Whether fewer are asked for than before, on this link. */
  #isLessened = false;
  /** Another depth was asked for: `agreed` when the next thing that comes must be its snapshot. */
  #reshaping: 'no' | 'asked' | 'agreed' = 'no';
  #early: BookDeltaMessage[] = [];

  constructor(symbol: string, host: BookSyncHost, scales: () => { priceScale: number; sizeScale: number }) {
    this.#symbol = symbol;
    this.#host = host;
    this.#scales = scales;
    this.#plan = new ResyncPlan((now) => host.ask(now));
  }

  get early(): readonly BookDeltaMessage[] {
    return this.#early;
  }

  expect(now: number, depth: number): void {
    const before = this.#depth;
    this.#depth = depth;
    if (this.#isExpected) {
      if (depth !== before) this.#reshaping = 'asked';
      this.#isLessened ||= depth < before;
      return;
    }
    this.#isExpected = true;
    this.#isLessened = false;
    this.#reshaping = 'no';
    this.#early = [];
    this.suspicion = 'awaiting_snapshot';
    this.#plan.expect(now);
  }

  confirmed(): void {
    if (this.#reshaping === 'asked') this.#reshaping = 'agreed';
  }

  linkLost(): void {
    this.#isExpected = false;
    this.#early = [];
    this.suspicion = this.book === undefined ? undefined : 'awaiting_snapshot';
    this.#plan.stop();
  }

  discard(): void {
    this.linkLost();
    this.book = undefined;
    this.suspicion = undefined;
  }

  /** Takes a message in. Returns whether the book is another than before. */
  receive(message: BookSnapshotMessage | BookDeltaMessage, allowCrossed: boolean, now: number): boolean {
    if (!this.#isExpected) return false;
    const { book } = this;
    const before = book?.version;
    if (message.type === 'order_book_snapshot') this.#snapshot(message, allowCrossed, now);
    // A delta of the new depth would leave the levels below it as they were, for good.
    else if (this.#reshaping === 'agreed' && this.suspicion === undefined) this.#missed(message, now);
    else if (book === undefined || this.suspicion !== undefined) this.#keep(message, now);
    else this.#delta(book, message, allowCrossed, now);
    return this.book?.version !== before;
  }

  /**
   * As `receive`, for a delta whose digits have been read, where it follows a good book and its numbers fit. Everything
   * else is undefined, and nothing is done: as a message it takes the long way.
   */
  receiveUnits(frame: DeltaFrame, entry: DeltaEntry, allowCrossed: boolean, now: number): boolean | undefined {
    const { book } = this;
    if (book === undefined || !this.#isExpected || this.suspicion !== undefined || this.#reshaping === 'agreed') {
      return undefined;
    }
    if (!frame.fill(entry, bids, asks, book.priceScale, book.sizeScale)) return undefined;
    const change = book.applyUnits(entry, bids, asks, allowCrossed);
    if (change === 'gap' || change === 'bad_level') return undefined;
    const fault = FAULTS[change];
    if (fault !== undefined) this.#suspect(fault, now);
    return change !== 'duplicate';
  }

  suspect(reason: VerdictReason, now: number): void {
    if (this.#isExpected && this.suspicion === undefined) this.#suspect(reason, now);
  }

  pulse(now: number): void {
    this.#plan.pulse(now);
  }

  #snapshot({ epoch, seq: sequence, data }: BookSnapshotMessage, allowCrossed: boolean, now: number): void {
    const book = (this.book ??= new Book(this.#symbol, this.#scales()));
    const { depth, timestamp: eventTime } = data;
    if (this.#reshaping === 'agreed') this.#reshaping = 'no';
    // A repeated or late one must not turn a good book back.
    const isNews =
      epoch !== book.epoch ||
      sequence > book.sequence ||
      (sequence === book.sequence && this.#isOtherDepth(depth, book.depthLimit));
    if (this.suspicion === undefined && !isNews) return;
    const fault = FAULTS[book.applySnapshot({ ...data, epoch, sequence, eventTime }, allowCrossed)];
    if (fault !== undefined) this.#suspect(fault, now);
    else this.#replay(book, allowCrossed, now);
  }

  /** A deeper book of the same moment has more in it; a shallower one is what the deltas that follow are made for, if it was asked for. */
  #isOtherDepth(depth: number, present: number): boolean {
    if (depth < present) return depth === this.#depth;
    return depth > present && (depth <= this.#depth || !this.#isLessened);
  }

  /** Applies what came before the snapshot but belongs after it. */
  #replay(book: Book, allowCrossed: boolean, now: number): void {
    const early = this.#early;
    this.#early = [];
    for (const [index, message] of early.entries()) {
      // Of another run of the server's numbering: it came before the snapshot, so it is older.
      const fault = message.epoch === book.epoch ? this.#apply(book, message, allowCrossed) : undefined;
      if (fault === undefined) continue;
      // After a gap the snapshot was older than what we hold; a newer one may still join up with the rest.
      this.#suspect(fault, now, early.slice(index));
      return;
    }
    this.suspicion = undefined;
    this.#plan.synced(now);
  }

  #delta(book: Book, message: BookDeltaMessage, allowCrossed: boolean, now: number): void {
    const fault = this.#apply(book, message, allowCrossed);
    if (fault === undefined) return;
    if (fault === 'sequence_gap') this.#missed(message, now);
    else this.#suspect(fault, now);
  }

  /** Something before this one is lost. What did not follow may follow the new snapshot. */
  #missed(message: BookDeltaMessage, now: number): void {
    this.#host.meter.counts.gaps += 1;
    this.#suspect('sequence_gap', now, [message]);
  }

  /** Returns what is wrong, or undefined when the delta was applied, or known already. */
  #apply(
    book: Book,
    { epoch, prevSeq, seq, data }: BookDeltaMessage,
    allowCrossed: boolean,
  ): VerdictReason | undefined {
    const delta = { ...data, epoch, previousSequence: prevSeq, sequence: seq, eventTime: data.timestamp };
    return FAULTS[book.applyDelta(delta, allowCrossed)];
  }

  #keep(message: BookDeltaMessage, now: number): void {
    if (this.#early.length < this.#host.settings.bufferSize) {
      this.#early.push(message);
      return;
    }
    // A delta that is lost silently would make a wrong book. All go, and a newer snapshot starts over.
    this.#suspect('feed_overrun', now);
  }

  /** `early`: what may still follow the next snapshot when a gap is all that is wrong. */
  #suspect(reason: VerdictReason, now: number, early: BookDeltaMessage[] = []): void {
    this.#host.meter.counts.resyncs += 1;
    this.suspicion = reason;
    this.#early = reason === 'sequence_gap' ? early : [];
    this.#plan.fault(now);
  }
}
