/**
 * Plays a venue's frames into books and counts what happens to them, symbol by symbol. What it counts is what the venue
 * lets one know: how every update joined, every checksum, every top of the book that another channel of the venue
 * confirms.
 *
 * A book that has lost a message is void until its next snapshot. One that is crossed is counted and played on: nothing
 * shows that a message is missing, and no new snapshot can be asked for.
 */
import type { BookChange } from '../../src/book/book.js';
import type { LevelBuffer } from '../../src/book/level-buffer.js';
import type { Verification } from '../../src/stream/verdict.js';
import { VenueBook } from '../../src/stream/venue/venue-books.js';
import type {
  BookScales,
  DeltaFacts,
  GapReason,
  Sides,
  SkipReason,
  SnapshotFacts,
  VenueProtocol,
  VenueQuote,
  VenueSession,
  VenueSink,
} from '../../src/stream/venue/venue-protocol.js';
import { addCounts, countLevels, effectOf, noCounts, unitsEffect, type Counts, type Effect } from './counts.js';
import { QuoteCheck } from './quote-check.js';

/** Findings of one kind and symbol that are told one by one. */
const MOST_FINDINGS = 20;

/** Venues whose snapshots have the form of an update: what they set is counted as an update's is. */
const SNAPSHOTS_LIKE_UPDATES: ReadonlySet<string> = new Set([
  'bitfinex',
  'bitget',
  'bitmex',
  'bybit',
  'deribit',
  'ftx',
  'hitbtc',
  'kraken',
  'okx',
]);

/** Of one symbol. */
export class SymbolTally {
  readonly counts = noCounts();
  readonly quotes = new QuoteCheck(this.counts);
  readonly state: VenueBook;

  constructor(symbol: string, verified: Verification) {
    this.state = new VenueBook(symbol);
    this.state.verified = verified;
  }
}

export class Tally implements VenueSink {
  readonly symbols = new Map<string, SymbolTally>();
  /** What is wrong, one sentence each. */
  readonly findings: string[] = [];
  frames = 0;
  otherFrames = 0;
  /** One for each connection: numbers, channels and books begin anew with each. */
  readonly #sessions = new Map<number, VenueSession>();
  readonly #start: () => VenueSession;
  /** How books are proved, before their first snapshot has said so. */
  readonly #verified: Verification;
  /** Snapshots come by HTTP, and may come too late to be used. */
  readonly #isBridged: boolean;
  readonly #countsSnapshotLevels: boolean;
  /** Binance gives snapshots that may come too late to be used. */
  readonly #countsUsedSnapshots: boolean;
  #isOther = true;
  /** The symbol that got its snapshot in this frame: what was kept for it is applied now, and was counted when it came. */
  #replaced: string | undefined;
  /** The symbol whose update has just been counted as one that does not join. */
  #gapped: string | undefined;
  readonly #findingCounts = new Map<string, number>();

  constructor(protocol: VenueProtocol, options: { readonly depth?: number } = {}) {
    this.#verified = protocol.verified;
    this.#isBridged = protocol.limits.snapshotsPerMinute !== undefined;
    this.#countsUsedSnapshots = protocol.name.startsWith('binance');
    this.#countsSnapshotLevels = SNAPSHOTS_LIKE_UPDATES.has(protocol.name);
    this.#start = () => protocol.start(this, options);
    this.#sessions.set(0, this.#start());
  }

  /** One frame of the recording, or the body of an HTTP answer with its request. `connection`: where it has several. */
  read(text: string, url?: string, connection = 0): void {
    this.#isOther = true;
    this.#replaced = undefined;
    this.#gapped = undefined;
    this.#sessionOf(connection).read(text, url);
    if (url !== undefined) return;
    this.frames++;
    if (this.#isOther) this.otherFrames++;
  }

  /** Of all symbols together. */
  total(): Counts {
    const total = noCounts();
    for (const { counts } of this.symbols.values()) addCounts(total, counts);
    return total;
  }

  snapshot(symbol: string, sides: Sides, facts: SnapshotFacts): BookChange {
    const tally = this.#tally(symbol);
    this.#isOther = false;
    this.#replaced = symbol;
    tally.counts.snapshots++;
    const change = tally.state.snapshot(sides, facts);
    if (isGood(change) && this.#countsUsedSnapshots) tally.counts.snapshotsUsed++;
    if (isWritten(change) && this.#countsSnapshotLevels) countLevels(tally.counts, sides);
    return this.#judge(tally, change, facts);
  }

  delta(symbol: string, sides: Sides, facts: DeltaFacts): BookChange {
    const tally = this.#tally(symbol);
    if (sides.bids.length + sides.asks.length === 0) tally.counts.emptyUpdates++;
    const { book } = tally.state;
    const scale = book?.priceScale ?? 0;
    const effects = [effectOf(sides.bids, book?.bids, scale), effectOf(sides.asks, book?.asks, scale)];
    const length = lengthOf(tally);
    return this.#applied(tally, tally.state.delta(sides, facts), facts, effects, length);
  }

  scales(symbol: string): BookScales | undefined {
    return this.symbols.get(symbol)?.state.scales;
  }

  deltaUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange {
    const tally = this.#tally(symbol);
    if (bids.length + asks.length === 0) tally.counts.emptyUpdates++;
    const { book } = tally.state;
    const effects = [unitsEffect(bids, book?.bids), unitsEffect(asks, book?.asks)];
    const length = lengthOf(tally);
    return this.#applied(tally, tally.state.deltaUnits(bids, asks, facts), facts, effects, length);
  }

  gap(symbol: string, reason: GapReason, detail: string): void {
    const tally = this.#tally(symbol);
    this.#isOther = false;
    tally.counts.gaps++;
    // The update that does not join is one too, and may be kept as an early one at once.
    if (reason !== 'bad_message') tally.counts.deltas++;
    this.#gapped = symbol;
    tally.state.gap(reason);
    this.#find(symbol, `gap (${reason}): ${detail}`);
  }

  skipped(symbol: string, reason: SkipReason): void {
    const { counts } = this.#tally(symbol);
    const isCounted = symbol === this.#replaced || (reason === 'early' && symbol === this.#gapped);
    this.#gapped = undefined;
    this.#isOther = false;
    // It was counted when it came; the hole shows when a snapshot comes.
    if (reason === 'overrun') return;
    if (reason === 'old_snapshot') counts.snapshots++;
    else if (!isCounted) counts.deltas++;
    if (reason === 'old') counts.deltasDroppedOld++;
  }

  refused(reason: string, mayHoldBook: boolean): void {
    this.#find('', `refused: ${reason}${mayHoldBook ? '; it may have held a change of any book' : ''}`);
  }

  quote(quote: VenueQuote): void {
    this.#isOther = false;
    this.#tally(quote.symbol).quotes.quote(quote);
  }

  /** Nothing more will come. */
  finish(): void {
    for (const { quotes } of this.symbols.values()) quotes.finish();
  }

  acknowledged(): void {}

  rejected(symbol: string, code: string, message: string): void {
    this.#find(symbol, `rejected by the venue: ${code}, ${message}`);
  }

  complained(): void {}
  reply(): void {}
  leaving(): void {}

  /** `effects`: what the sides of the message do to the book, of which so many levels were there before. */
  #applied(
    tally: SymbolTally,
    change: BookChange,
    facts: DeltaFacts,
    effects: readonly Effect[],
    length: number,
  ): BookChange {
    const { counts, state } = tally;
    this.#isOther = false;
    if (state.symbol !== this.#replaced) counts.deltas++;
    if (isGood(change)) counts.deltasApplied++;
    if (isWritten(change)) {
      let grown = length;
      for (const { sets, removals, missed, growth } of effects) {
        counts.levelSets += sets;
        counts.levelDeletes += removals;
        counts.deltasToMissingLevel += missed;
        grown += growth;
      }
      // What is not there now was pushed out of the depth that the venue keeps.
      if (state.book!.depthLimit > 0) counts.truncatedLevels += grown - lengthOf(tally);
      if (state.verified.by === 'sequence' && !this.#isBridged) counts.sequenceOk++;
    }
    if (isGood(change) && facts.span !== undefined && counts.bookTickers > 0) {
      tally.quotes.top(facts.span, state.book!.textAt('bid', 0), state.book!.textAt('ask', 0));
    }
    return this.#judge(tally, change, facts);
  }

  /** Returns what the session is to go by. */
  #judge({ counts, state }: SymbolTally, change: BookChange, { checksum }: DeltaFacts): BookChange {
    if (checksum !== undefined && isWritten(change)) counts[change === 'bad_checksum' ? 'checksumBad' : 'checksumOk']++;
    if (change !== 'applied') this.#find(state.symbol, WORDS[change] ?? change);
    if (change !== 'crossed') return change;
    counts.crossedStates++;
    state.suspicion = undefined;
    return 'applied';
  }

  #sessionOf(connection: number): VenueSession {
    let session = this.#sessions.get(connection);
    if (session === undefined) this.#sessions.set(connection, (session = this.#start()));
    return session;
  }

  #tally(symbol: string): SymbolTally {
    let tally = this.symbols.get(symbol);
    if (tally === undefined) this.symbols.set(symbol, (tally = new SymbolTally(symbol, this.#verified)));
    return tally;
  }

  #find(symbol: string, what: string): void {
    const kind = `${symbol} ${what.split(':', 1)[0]}`;
    const count = (this.#findingCounts.get(kind) ?? 0) + 1;
    this.#findingCounts.set(kind, count);
    const prefix = symbol === '' ? '' : `${symbol}, `;
    if (count <= MOST_FINDINGS) this.findings.push(`${prefix}frame ${this.frames + 1}: ${what}`);
    else if (count === MOST_FINDINGS + 1) this.findings.push(`${prefix}further findings of this kind are left out`);
  }
}

const WORDS: Readonly<Partial<Record<BookChange, string>>> = {
  crossed: 'the best bid is not below the best ask',
  bad_checksum: 'the checksum differs',
  bad_level: 'a level that makes no sense',
  gap: 'an update to a book that is void',
};

const lengthOf = ({ state: { book } }: SymbolTally): number =>
  book === undefined ? 0 : book.bids.length + book.asks.length;

/** Whether nothing is known to be missing in the book. */
const isGood = (change: BookChange): boolean => change === 'applied' || change === 'crossed';

/** Whether the message is in the book, for good or ill. */
const isWritten = (change: BookChange): boolean => isGood(change) || change === 'bad_checksum';
