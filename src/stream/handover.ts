/**
 * A symbol on its way from one connection to another. The old one goes on serving it while what comes on the new one is
 * kept beside; once the new book is whole and no older than the one that is shown, it takes over in one step. Nothing is
 * interrupted, nothing lost, nothing told twice.
 */
import type { BookView } from '../book/book.js';
import type { BookKeeper } from './book-keeper.js';
import type { BookSync } from './book-sync.js';
import type { Lane } from './lane.js';
import type { MarketEvent } from './protocol/messages.js';

/** How long a good book may seem older than the one that is shown: two servers need not agree on the time. */
const PATIENCE_MS = 5_000;
/** How long a symbol without a book is waited for: nothing may come of one that rests. */
const BOOKLESS_MS = 2_000;

export class Handover {
  /** The connection that is to serve the symbol. */
  readonly lane: Lane;
  /** Keeps the book of our own protocol on it. */
  readonly own: BookSync;
  /** Keeps the book: that one, or a venue's. */
  keeper: BookKeeper;
  readonly #mostHeld: number;
  /** The `id` of the newest message that told its far end what is wanted. */
  toldBy: string | undefined;
  #held: MarketEvent[] = [];
  /** When the far end was told what is wanted; NaN before. */
  #toldAt = Number.NaN;
  /** When the book was first whole; NaN before. */
  #wholeAt = Number.NaN;
  #hasBook = false;

  /** `mostHeld`: messages that are kept until the symbol is taken over; the newest stay. */
  constructor(lane: Lane, own: BookSync, mostHeld: number) {
    this.lane = lane;
    this.own = own;
    this.keeper = own;
    this.#mostHeld = mostHeld;
  }

  /** What came beside the book, oldest first. */
  get held(): readonly MarketEvent[] {
    return this.#held;
  }

  /** The far end was told. `depth`: levels a side wanted, 0 for no book. */
  told(keeper: BookKeeper, depth: number, now: number, id?: string): void {
    this.keeper = keeper;
    this.toldBy = id;
    this.#hasBook = depth > 0;
    this.#toldAt = now;
    if (this.#hasBook) keeper.expect(now, depth);
  }

  receive(message: MarketEvent, mayCross: boolean, now: number): void {
    if (message.type === 'order_book_snapshot' || message.type === 'order_book_delta') {
      this.own.receive(message, mayCross, now);
      return;
    }
    if (this.#held.length >= this.#mostHeld) this.#held.shift();
    this.#held.push(message);
  }

  /** Whether it can take over from what is shown now. */
  isReady(shown: BookKeeper, now: number): boolean {
    if (Number.isNaN(this.#toldAt)) return false;
    if (!this.#hasBook) return this.#held.length > 0 || Math.abs(now - this.#toldAt) >= BOOKLESS_MS;
    const { book, suspicion } = this.keeper;
    const isShownGood = shown.book !== undefined && shown.suspicion === undefined;
    if (book === undefined || suspicion !== undefined) {
      this.#wholeAt = Number.NaN;
      // Where nothing good is left to be shown, there is nothing to wait for either.
      return !isShownGood && Math.abs(now - this.#toldAt) >= PATIENCE_MS;
    }
    if (!isShownGood) return true;
    if (Number.isNaN(this.#wholeAt)) this.#wholeAt = now;
    return this.#isAsNew(book, shown.book) || Math.abs(now - this.#wholeAt) >= PATIENCE_MS;
  }

  /** By the server's number where there is one and both have it, else by the venue's time. */
  #isAsNew(book: BookView, shown: BookView): boolean {
    const isNumbered = this.keeper === this.own && book.epoch === shown.epoch;
    return isNumbered ? book.sequence >= shown.sequence : book.eventTime >= shown.eventTime;
  }
}
