/** The first reading of a recording: what it holds, and what somebody who plays it should know. */
import { basename } from 'node:path';
import type { Instrument } from '../../src/book/instrument.js';
import type { FrameFile } from './frame-file.js';
import type { RecordedOperation } from './recorded-operation.js';
import { RecordingError } from './recording-error.js';
import { StepFinder } from './step-finder.js';

export interface Findings {
  /** Symbols that have a book, sorted. */
  readonly symbols: readonly string[];
  readonly instruments: readonly Instrument[];
  /** Time of the first and the last operation; 0 when the recording has no times. */
  readonly startMs: number;
  readonly endMs: number;
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
  readonly spans: Map<string, { firstMs: number; lastMs: number }>;
}

export class Survey {
  readonly #symbols = new Map<string, SymbolFacts>();
  readonly #refused = new Tally();
  readonly #passedOver = new Tally();
  #startMs = 0;
  #endMs = 0;

  /** A line that is no frame. */
  passOver(line: string): void {
    this.#passedOver.add(line.slice(0, 80));
  }

  add(operation: RecordedOperation, file: FrameFile): void {
    if (this.#startMs === 0) this.#startMs = operation.atMs;
    this.#endMs = operation.atMs;
    if (operation.kind === 'refused') return this.#refused.add(operation.reason);
    const facts = this.#factsOf(operation.symbol);
    if (operation.kind === 'gap') {
      if (facts.gaps++ === 0) facts.firstGap = `${operation.reason}, ${operation.detail}`;
    } else if (operation.kind === 'snapshot' || operation.kind === 'delta') {
      facts.hasSnapshot = true;
      for (const levels of [operation.bids, operation.asks]) {
        for (const [price, size] of levels) {
          facts.prices.add(price);
          facts.sizes.add(size);
        }
      }
      if (file.form !== 'http') extend(facts.spans, file.path, operation.atMs);
    }
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
    return { symbols, instruments, startMs: this.#startMs, endMs: this.#endMs, notes };
  }

  #factsOf(symbol: string): SymbolFacts {
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

/** How often something happened, and how it looked the first time. */
class Tally {
  #count = 0;
  #first = '';

  add(what: string): void {
    if (this.#count++ === 0) this.#first = what;
  }

  note(what: string): string[] {
    return this.#count === 0 ? [] : [`${this.#count} ${what}; the first: ${this.#first}`];
  }
}

function extend(spans: SymbolFacts['spans'], path: string, atMs: number): void {
  const span = spans.get(path);
  if (span === undefined) spans.set(path, { firstMs: atMs, lastMs: atMs });
  else span.lastMs = atMs;
}

/** Two connections that recorded one symbol at once are two recordings: mixed, their updates would not be one book. */
function refuseOverlap(symbol: string, facts: SymbolFacts): void {
  let before: { path: string; lastMs: number } | undefined;
  for (const [path, { firstMs, lastMs }] of [...facts.spans].sort((a, b) => a[1].firstMs - b[1].firstMs)) {
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
