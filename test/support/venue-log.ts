/** A sink that keeps real books and writes down what it was told, for tests of venue protocols. */
import type { BookChange } from '../../src/book/book.js';
import type { LevelBuffer } from '../../src/book/level-buffer.js';
import { VenueBook } from '../../src/stream/venue/venue-books.js';
import type {
  BookScales,
  DeltaFacts,
  GapReason,
  Sides,
  SkipReason,
  SnapshotFacts,
  VenueQuote,
  VenueSink,
  VenueTrade,
} from '../../src/stream/venue/venue-protocol.js';

export class VenueLog implements VenueSink {
  /** One line a call: `snapshot BTC applied`, `delta BTC gap`, `gap BTC sequence`, `send …`. */
  readonly calls: string[] = [];
  readonly books = new Map<string, VenueBook>();
  readonly trades: VenueTrade[] = [];
  readonly quotes: VenueQuote[] = [];
  readonly sent: string[] = [];

  /** What was told since the last call of this. */
  take(): string[] {
    return this.calls.splice(0);
  }

  book(symbol: string): VenueBook {
    let book = this.books.get(symbol);
    if (book === undefined) this.books.set(symbol, (book = new VenueBook(symbol)));
    return book;
  }

  /** All levels of a side as `price size`, best first. */
  levels(symbol: string, side: 'bid' | 'ask'): string[] {
    const { book } = this.book(symbol);
    const view = side === 'bid' ? book?.bids : book?.asks;
    return Array.from({ length: view?.length ?? 0 }, (_, i) => book!.textAt(side, i)!.join(' '));
  }

  snapshot(symbol: string, sides: Sides, facts: SnapshotFacts): BookChange {
    return this.#note('snapshot', symbol, this.book(symbol).snapshot(sides, facts));
  }

  delta(symbol: string, sides: Sides, facts: DeltaFacts): BookChange {
    return this.#note('delta', symbol, this.book(symbol).delta(sides, facts));
  }

  scales(symbol: string): BookScales | undefined {
    return this.books.get(symbol)?.scales;
  }

  deltaUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange {
    return this.#note('delta', symbol, this.book(symbol).deltaUnits(bids, asks, facts));
  }

  gap(symbol: string, reason: GapReason, _detail: string): void {
    this.book(symbol).gap(reason);
    this.calls.push(`gap ${symbol} ${reason}`);
  }

  skipped(symbol: string, reason: SkipReason): void {
    this.calls.push(`skipped ${symbol} ${reason}`);
  }

  refused(_reason: string, mayHoldBook: boolean): void {
    this.calls.push(mayHoldBook ? 'refused any' : 'refused none');
  }

  trade(trade: VenueTrade): void {
    this.trades.push(trade);
  }

  quote(quote: VenueQuote): void {
    this.quotes.push(quote);
  }

  acknowledged(symbols: readonly string[]): void {
    this.calls.push(`acknowledged ${symbols.join(' ')}`);
  }

  rejected(symbol: string, code: string): void {
    this.calls.push(`rejected ${symbol} ${code}`);
  }

  complained(code: string): void {
    this.calls.push(`complained ${code}`);
  }

  reply(text: string): void {
    this.sent.push(text);
  }

  leaving(): void {
    this.calls.push('leaving');
  }

  #note(what: string, symbol: string, change: BookChange): BookChange {
    this.calls.push(`${what} ${symbol} ${change}`);
    return change;
  }
}
