/**
 * Who keeps the book of one symbol: takes it in, knows whether it can be trusted, and asks for a new one when it cannot.
 * There is one kind for our own protocol and one for venues'.
 */
import type { BookView } from '../book/book.js';
import type { BookDeltaMessage } from './protocol/messages.js';
import type { Verdict, VerdictReason } from './verdict.js';

export interface BookKeeper {
  /** The book as it was last known, trusted or not; undefined before the first snapshot. */
  readonly book: BookView | undefined;
  /** Why the book is not to be trusted; undefined when it is, or when none is expected. */
  readonly suspicion: VerdictReason | undefined;
  /** Changes that are kept for the snapshot that is awaited; absent where they cannot be told. */
  readonly early?: readonly BookDeltaMessage[];
  /** How this book proves itself; undefined where that is the link's to say. */
  readonly verified?: Verdict['verified'] | undefined;
  /** How often the venue repeats this book, changed or not, in milliseconds; undefined where it does not. */
  readonly repeatsMs?: number | undefined;
  /** A snapshot has been subscribed to on this link and will come by itself, or must be asked for. `depth`: levels a side wanted. */
  expect(now: number, depth: number): void;
  /** The other end has taken in what was last expected: the next of this book is a snapshot, if its depth has changed. */
  confirmed?(): void;
  /** The link is gone, or the other end will not serve this book. The book stays to be looked at, and is suspect until a snapshot has come on the next link. */
  linkLost(): void;
  /** No book will come, or none is wanted: the last one goes too, since nothing would keep it true. */
  discard(): void;
  /** Something outside the book's own sight went wrong, e.g. a message that could not be read. */
  suspect(reason: VerdictReason, now: number): void;
  /** Called a few times a second: asks when it is time to, for the first time or again. */
  pulse(now: number): void;
}
