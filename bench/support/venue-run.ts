/**
 * Plays a recording's frames through a venue's protocol into books, and nothing else; beside it the same frames through
 * `JSON.parse` alone. Runs in Node and in a page.
 */
import type { BookChange } from '../../src/book/book.js';
import type { LevelBuffer } from '../../src/book/level-buffer.js';
import { VenueBook } from '../../src/stream/venue/venue-books.js';
import type {
  BookScales,
  DeltaFacts,
  Sides,
  SnapshotFacts,
  VenueProtocol,
} from '../../src/stream/venue/venue-protocol.js';

export interface VenueRun {
  /** Milliseconds of each round. */
  readonly played: readonly number[];
  readonly parsed: readonly number[];
  readonly frames: number;
  readonly applied: number;
}

/** Keeps books, counts what was applied. Nobody asks it for trades; quotes are read, as a page that shows them would. */
class BooksOnly {
  applied = 0;
  quotes = 0;
  readonly #books = new Map<string, VenueBook>();

  snapshot(symbol: string, sides: Sides, facts: SnapshotFacts): BookChange {
    const book = new VenueBook(symbol);
    this.#books.set(symbol, book);
    return book.snapshot(sides, facts);
  }

  delta(symbol: string, sides: Sides, facts: DeltaFacts): BookChange {
    return this.#count(this.#books.get(symbol)?.delta(sides, facts) ?? 'gap');
  }

  scales(symbol: string): BookScales | undefined {
    return this.#books.get(symbol)?.scales;
  }

  deltaUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange {
    return this.#count(this.#books.get(symbol)?.deltaUnits(bids, asks, facts) ?? 'gap');
  }

  quote(): void {
    this.quotes += 1;
  }

  gap(): void {}
  skipped(): void {}
  refused(): void {}
  acknowledged(): void {}
  rejected(): void {}
  complained(): void {}
  reply(): void {}
  leaving(): void {}

  #count(change: BookChange): BookChange {
    if (change === 'applied') this.applied += 1;
    return change;
  }
}

/** `rounds` of each, alternated. */
export function runVenue(protocol: VenueProtocol, frames: readonly string[], rounds: number): VenueRun {
  const played: number[] = [];
  const parsed: number[] = [];
  let applied = 0;
  for (let round = 0; round < rounds; round++) {
    const sink = new BooksOnly();
    const session = protocol.start(sink);
    let begun = performance.now();
    for (const frame of frames) session.read(frame);
    played.push(performance.now() - begun);
    applied = sink.applied;
    begun = performance.now();
    for (const frame of frames) JSON.parse(frame);
    parsed.push(performance.now() - begun);
  }
  return { played, parsed, frames: frames.length, applied };
}
