/** What a replay found, as one document: counts, by symbol too, findings, and the books as they were at the end. */
import type { BookView, LevelText } from '../../src/book/book.js';
import type { Side } from '../../src/book/side.js';
import type { VerdictReason, Verification } from '../../src/stream/verdict.js';
import { COUNT_NAMES, type Counts } from './counts.js';
import type { Played } from './play.js';
import type { SymbolTally } from './tally.js';

/** Levels a side that are told of a book. */
const LEVELS = 25;

/** Counts that are told also when they are 0. */
const ALWAYS: ReadonlySet<string> = new Set<keyof Counts>(['snapshots', 'deltas', 'deltasApplied']);

export interface BookReport {
  /** Best first, as exact decimals. */
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
  readonly bidLevels: number;
  readonly askLevels: number;
}

export type SymbolReport = Partial<Counts> & {
  readonly verified: string;
  /** `ok`, or why the book at the end is not to be trusted. */
  readonly state: string;
};

export interface ReplayReport {
  readonly name: string;
  readonly venue: string;
  readonly counts: Partial<Counts> & { readonly frames: number; readonly otherFrames: number };
  readonly perSymbol: Readonly<Record<string, SymbolReport>>;
  readonly findings: readonly string[];
  /** Of every symbol that had a snapshot. */
  readonly books: Readonly<Record<string, BookReport>>;
}

export function reportOf(name: string, { protocol, tally, findings }: Played): ReplayReport {
  const symbols = symbolsOf(tally.symbols);
  return {
    name,
    venue: protocol.name,
    counts: { frames: tally.frames, otherFrames: tally.otherFrames, ...told(tally.total()) },
    perSymbol: objectOf(symbols.map((each) => [each.state.symbol, symbolReport(each)])),
    findings,
    books: objectOf(
      symbols.flatMap(({ state: { symbol, book } }) => (hasContent(book) ? [[symbol, bookReport(book)]] : [])),
    ),
  };
}

/** By name. */
export const symbolsOf = (tallies: ReadonlyMap<string, SymbolTally>): SymbolTally[] =>
  [...tallies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tally]) => tally);

export const verifiedText = (verified: Verification): string =>
  verified.by === 'checksum'
    ? `checksum to ${verified.depth}`
    : verified.by === 'sequence'
      ? 'sequence'
      : 'unverifiable';

/** Why the book of a symbol is not to be trusted, or `ok`. */
export function stateOf({ state: { suspicion, book } }: SymbolTally): VerdictReason {
  if (suspicion !== undefined) return suspicion;
  return book !== undefined && (book.isCrossed || book.isLocked) ? 'crossed_book' : 'ok';
}

const symbolReport = (tally: SymbolTally): SymbolReport => ({
  ...told(tally.counts),
  verified: verifiedText(tally.state.verified),
  state: stateOf(tally),
});

const told = (counts: Counts): Partial<Counts> =>
  Object.fromEntries(
    COUNT_NAMES.flatMap((name) => (counts[name] > 0 || ALWAYS.has(name) ? [[name, counts[name]]] : [])),
  );

/** Whether a snapshot has been in it: a refused one leaves the book as new. */
const hasContent = (book: BookView | undefined): book is BookView => book !== undefined && book.epoch !== '';

const bookReport = (book: BookView): BookReport => ({
  bids: bestOf(book, 'bid', book.bids.length),
  asks: bestOf(book, 'ask', book.asks.length),
  bidLevels: book.bids.length,
  askLevels: book.asks.length,
});

const bestOf = (book: BookView, side: Side, levels: number): LevelText[] =>
  Array.from({ length: Math.min(LEVELS, levels) }, (_, i) => book.textAt(side, i)!);

/** A symbol may be called `__proto__`: assigning it would not make it a name. */
const objectOf = <Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> =>
  Object.fromEntries(entries);
