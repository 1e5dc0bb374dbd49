/**
 * The books of a venue as its sessions tell them, each with what is known of its truth: how it is proved, and why it is
 * not to be trusted if it is not. A book that fails stays as it was, marked, until the next snapshot replaces it in one
 * step. Who uses them decides whether and when to ask for that snapshot.
 */
import { Book, type BookChange } from '../../book/book.js';
import type { LevelBuffer } from '../../book/level-buffer.js';
import { LevelTexts } from '../../book/level-texts.js';
import { BY_NOTHING, type VerdictReason, type Verification } from '../verdict.js';
import type { BookScales, DeltaFacts, GapReason, Sides, SnapshotFacts } from './venue-protocol.js';

const GAP_REASONS: Readonly<Record<GapReason, VerdictReason>> = {
  sequence: 'sequence_gap',
  key: 'sequence_gap',
  bad_message: 'bad_message',
};

const FAULTS: Readonly<Partial<Record<BookChange, VerdictReason>>> = {
  crossed: 'crossed_book',
  bad_checksum: 'bad_checksum',
  bad_level: 'bad_message',
};

export class VenueBook {
  readonly symbol: string;
  /** As it was last known, trusted or not; undefined before the first snapshot. */
  book: Book | undefined;
  /** Why the book is not to be trusted; undefined when it is. */
  suspicion: VerdictReason | undefined = 'awaiting_snapshot';
  verified: Verification = BY_NOTHING;
  /** How often the venue repeats the book, where it does. */
  repeatsMs: number | undefined;
  /** Rises with each snapshot. */
  snapshots = 0;
  #epoch = 0;
  #sequence = 0;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** There are a book and digits to be read into it. */
  get scales(): BookScales | undefined {
    const { book } = this;
    return book === undefined || this.suspicion !== undefined || book.hasRoundedSizes ? undefined : book;
  }

  snapshot(sides: Sides, facts: SnapshotFacts): BookChange {
    const book = this.book ?? new Book(this.symbol, { texts: new LevelTexts() });
    this.#epoch++;
    const header = { ...facts, ...sides, epoch: String(this.#epoch), sequence: ++this.#sequence };
    const change = book.applySnapshot(header);
    // One that cannot be read leaves what was there: a new book would look like a market without orders.
    if (change !== 'bad_level') this.book = book;
    this.verified = facts.verified;
    this.repeatsMs = facts.repeatsMs;
    this.suspicion = FAULTS[change];
    if (change === 'applied') this.snapshots++;
    return change;
  }

  delta(sides: Sides, facts: DeltaFacts): BookChange {
    return this.#change((book, header) => book.applyDelta({ ...header, ...sides }), facts);
  }

  deltaUnits(bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange {
    return this.#change((book, header) => book.applyUnits(header, bids, asks), facts);
  }

  gap(reason: GapReason): void {
    this.suspicion = GAP_REASONS[reason];
  }

  #change(apply: (book: Book, header: DeltaFacts & Place) => BookChange, facts: DeltaFacts): BookChange {
    const { book } = this;
    if (book === undefined || this.suspicion !== undefined) return 'gap';
    const change = apply(book, {
      eventTime: facts.eventTime,
      checksum: facts.checksum,
      checksumOf: facts.checksumOf,
      epoch: book.epoch,
      previousSequence: this.#sequence,
      sequence: this.#sequence + 1,
    });
    if (change !== 'bad_level') this.#sequence++;
    this.suspicion = FAULTS[change];
    return change;
  }
}

/** Where a change stands in our own numbering: the venue's has done its work before. */
interface Place {
  readonly epoch: string;
  readonly previousSequence: number;
  readonly sequence: number;
}
