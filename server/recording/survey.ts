/**
 * The first reading of a recording: what it holds, and what somebody who plays it should know. It follows the venue's
 * calls as if every message were good, and keeps no books.
 */
import { basename } from 'node:path';
import type { BookChange } from '../../src/book/book.js';
import type { Instrument } from '../../src/book/instrument.js';
import type {
  DeltaFacts,
  GapReason,
  Sides,
  VenueProtocol,
  VenueSession,
  VenueSink,
  VenueTrade,
} from '../../src/stream/venue/venue-protocol.js';
import { Examples } from './examples.js';
import type { FileEntry, FrameFile } from './frame-file.js';
import { RecordingError } from './recording-error.js';
import { StepFinder } from './step-finder.js';

export interface Findings {
  /** Symbols that have a book, sorted. */
  readonly symbols: readonly string[];
  readonly instruments: readonly Instrument[];
  /** Time of the first and the last thing told; 0 when the recording has no times. */
  readonly startMs: number;
  readonly endMs: number;
  /** When each frame without a time of receiving is to be played, by the venue's own times. They never fall. */
  readonly untimed: readonly number[];
  /** One sentence each, for people. */
  readonly notes: readonly string[];
}

interface SymbolFacts {
  hasSnapshot: boolean;
  gaps: number;
  firstGap: string;
  readonly prices: StepFinder;
  readonly sizes: StepFinder;
  /** When each file changed its book, first and last. */
  readonly spans: Map<FrameFile, { readonly firstMs: number; lastMs: number }>;
}

export class Survey implements VenueSink {
  readonly #session: VenueSession;
  readonly #symbols = new Map<string, SymbolFacts>();
  readonly #refused = new Examples();
  readonly #passedOver = new Examples();
  readonly #untimed: number[] = [];
  #startMs = 0;
  #endMs = 0;
  #atMs = 0;
  /** Of the frame that is being read: the newest time of the venue, whose books changed, and whether anything was told. */
  #newestEventMs = 0;
  #changed: SymbolFacts[] = [];
  #isTold = false;

  constructor(protocol: VenueProtocol) {
    this.#session = protocol.start(this);
  }

  read(entry: FileEntry, file: FrameFile): void {
    if (!('text' in entry)) return this.#passedOver.add(entry.line.slice(0, 80));
    this.#newestEventMs = 0;
    this.#changed = [];
    this.#isTold = false;
    this.#session.read(entry.text, entry.url);
    this.#atMs = Math.max(this.#atMs, entry.atMs ?? this.#newestEventMs);
    if (entry.atMs === undefined) this.#untimed.push(this.#atMs);
    if (!this.#isTold) return;
    if (this.#startMs === 0) this.#startMs = this.#atMs;
    this.#endMs = this.#atMs;
    if (file.form !== 'http') for (const facts of this.#changed) extend(facts.spans, file, this.#atMs);
  }

  /** Throws `RecordingError` when two files change the same book at the same time. */
  finish(): Findings {
    const symbols: string[] = [];
    const notes = [...this.#passedOver.note('lines are no frames'), ...this.#refused.note('frames were refused')];
    for (const [symbol, facts] of this.#symbols) {
      refuseOverlap(symbol, facts);
      if (facts.hasSnapshot) symbols.push(symbol);
      else notes.push(`${symbol}: no snapshot of its book, it is left out`);
      if (facts.gaps > 0) notes.push(`${symbol}: ${facts.gaps} gaps; the first: ${facts.firstGap}`);
    }
    symbols.sort();
    const instruments = symbols.map((symbol) => instrumentOf(symbol, this.#symbols.get(symbol)!));
    return { symbols, instruments, startMs: this.#startMs, endMs: this.#endMs, untimed: this.#untimed, notes };
  }

  snapshot(symbol: string, sides: Sides, facts: DeltaFacts): BookChange {
    this.#factsOf(symbol).hasSnapshot = true;
    return this.delta(symbol, sides, facts);
  }

  delta(symbol: string, { bids, asks }: Sides, { eventTime }: DeltaFacts): BookChange {
    const facts = this.#factsOf(symbol);
    for (const levels of [bids, asks]) {
      for (const [price, size] of levels) {
        facts.prices.add(price);
        facts.sizes.add(size);
      }
    }
    this.#changed.push(facts);
    this.#newestEventMs = Math.max(this.#newestEventMs, eventTime);
    return 'applied';
  }

  /** Never any: the steps are told from the texts. */
  scales(): undefined {
    return undefined;
  }

  deltaUnits(): BookChange {
    return 'gap';
  }

  gap(symbol: string, reason: GapReason, detail: string): void {
    const facts = this.#factsOf(symbol);
    if (facts.gaps++ === 0) facts.firstGap = `${reason}, ${detail}`;
  }

  skipped(symbol: string): void {
    this.#factsOf(symbol);
  }

  refused(reason: string): void {
    this.#refused.add(reason);
  }

  trade({ symbol, eventTime }: VenueTrade): void {
    this.#factsOf(symbol);
    this.#newestEventMs = Math.max(this.#newestEventMs, eventTime);
  }

  quote(): void {}
  acknowledged(): void {}
  rejected(): void {}
  complained(): void {}
  reply(): void {}
  leaving(): void {}

  #factsOf(symbol: string): SymbolFacts {
    this.#isTold = true;
    let facts = this.#symbols.get(symbol);
    if (facts === undefined) {
      facts = {
        hasSnapshot: false,
        gaps: 0,
        firstGap: '',
        prices: new StepFinder(),
        sizes: new StepFinder(),
        spans: new Map(),
      };
      this.#symbols.set(symbol, facts);
    }
    return facts;
  }
}

function extend(spans: SymbolFacts['spans'], file: FrameFile, atMs: number): void {
  const span = spans.get(file);
  if (span === undefined) spans.set(file, { firstMs: atMs, lastMs: atMs });
  else span.lastMs = atMs;
}

/** Two connections that recorded one symbol at once are two recordings: mixed, their updates would not be one book. */
function refuseOverlap(symbol: string, facts: SymbolFacts): void {
  let before: { path: string; lastMs: number } | undefined;
  for (const [{ path }, { firstMs, lastMs }] of [...facts.spans].sort((a, b) => a[1].firstMs - b[1].firstMs)) {
    if (before !== undefined && firstMs < before.lastMs) {
      const names = `${basename(before.path)} and ${basename(path)}`;
      throw new RecordingError('overlap', `${names} recorded ${symbol} at the same time: give one of them`);
    }
    before = { path, lastMs };
  }
}

function instrumentOf(symbol: string, facts: SymbolFacts): Instrument {
  const tickSize = facts.prices.step();
  const lotSize = facts.sizes.step();
  return { symbol, ...(tickSize !== undefined && { tickSize }), ...(lotSize !== undefined && { lotSize }) };
}
