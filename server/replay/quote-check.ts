/**
 * Compares the tops of a book with the quotes that the venue sends by another channel, in the numbering of the book's
 * updates: the newest quote within an update must be the top of the book after it. Either may come first.
 */
import type { LevelText } from '../../src/book/book.js';
import { compare, parseDecimal } from '../../src/book/decimal.js';
import type { UpdateSpan, VenueId, VenueQuote } from '../../src/stream/venue/venue-protocol.js';
import type { Counts } from './counts.js';

/** Quotes that are kept for updates to come; a symbol whose book never comes must not fill the memory. */
const MOST_QUOTES = 65_536;
/** Quotes that are done with and still kept, and tops whose quotes may still come. */
const MOST_LEFT = 4_096;

/** The best levels after an update, with the events that it covered. */
interface Top {
  readonly first: VenueId;
  readonly last: VenueId;
  readonly bid: LevelText | undefined;
  readonly ask: LevelText | undefined;
}

export class QuoteCheck {
  readonly #counts: Counts;
  /** As they came, numbers rising; those before `#firstQuote` are done with. */
  readonly #quotes: VenueQuote[] = [];
  #firstQuote = 0;
  /** After updates whose newest quote may not have come yet. */
  readonly #tops: Top[] = [];

  constructor(counts: Counts) {
    this.#counts = counts;
  }

  quote(quote: VenueQuote): void {
    this.#counts.bookTickers++;
    this.#quotes.push(quote);
    while (this.#tops.length > 0 && quote.id > this.#tops[0]!.last) this.#compareFirst();
    if (this.#quotes.length - this.#firstQuote > MOST_QUOTES) this.#firstQuote += MOST_QUOTES / 2;
    if (this.#firstQuote <= MOST_LEFT) return;
    this.#quotes.splice(0, this.#firstQuote);
    this.#firstQuote = 0;
  }

  /** The top of the book after an update. */
  top({ first, last }: UpdateSpan, bid: LevelText | undefined, ask: LevelText | undefined): void {
    this.#tops.push({ first, last, bid, ask });
    if (this.#tops.length > MOST_LEFT) this.#compareFirst();
  }

  /** No more quotes will come. */
  finish(): void {
    while (this.#tops.length > 0) this.#compareFirst();
  }

  #compareFirst(): void {
    const { first, last, bid, ask } = this.#tops.shift()!;
    const quotes = this.#quotes;
    let newest: VenueQuote | undefined;
    let at = this.#firstQuote;
    for (; at < quotes.length && quotes[at]!.id <= last; at++) if (quotes[at]!.id >= first) newest = quotes[at];
    this.#firstQuote = at;
    if (newest === undefined) return;
    const isEqual = isSame(bid, newest.bid) && isSame(ask, newest.ask);
    this.#counts[isEqual ? 'topVsBookTickerEqual' : 'topVsBookTickerDiffer']++;
  }
}

function isSame(level: LevelText | undefined, other: LevelText): boolean {
  return level !== undefined && isEqual(level[0], other[0]) && isEqual(level[1], other[1]);
}

function isEqual(text: string, other: string): boolean {
  if (text === other) return true;
  const [value, otherValue] = [parseDecimal(text), parseDecimal(other)];
  return value !== undefined && otherValue !== undefined && compare(value, otherValue) === 0;
}
