/**
 * Plays a recorded session twice at once: untouched, as the oracle, and with single updates dropped, repeated, swapped or
 * late. The broken one gets a snapshot of the oracle's book whenever it has given up a book, as a venue would answer.
 *
 * A break has a window, the update and some that follow it of the same symbol, and nothing else of that symbol is broken
 * in it. When it ends the book must be the oracle's again, by itself or by the snapshot that a timer would ask for.
 */
import assert from 'node:assert/strict';
import type { Book } from '../../src/book/book.js';
import { formatDecimal, parseDecimal } from '../../src/book/decimal.js';
import { parseExact } from '../../src/stream/venue/exact-json.js';
import type { Verification } from '../../src/stream/verdict.js';
import type { VenueBook } from '../../src/stream/venue/venue-books.js';
import type { VenueSession } from '../../src/stream/venue/venue-protocol.js';
import { BookLog, type RecordedSession } from './recorded-session.js';
import { levelsOf, SNAPSHOTS } from './venue-snapshots.js';

export const KINDS = ['drop', 'repeat', 'swap', 'delay'] as const;
export type Kind = (typeof KINDS)[number];
/** Those after which something is missing, at least for a while. */
export const LOSSES = ['drop', 'swap', 'delay'] as const satisfies readonly Kind[];

/** What a recording has to prove itself by. */
export type Proof = Verification['by'];

/** Updates of a symbol that a break takes: the broken one and those in which it has to be repaired. */
export const WINDOW = 8;
/** Updates that a late one comes after. */
const LATE_BY = 3;

export interface Break {
  readonly kind: Kind;
  readonly symbol: string;
  /** The frames of its window, `WINDOW` of them. */
  readonly window: readonly number[];
  /** Updates that the answer to a resync takes. */
  readonly answerAfter: number;
}

/** An open break. */
interface Open extends Break {
  /** What the venue summed up in each of its frames: the top of the oracle's book after it. */
  readonly tops: Map<number, string>;
  /** The answer that is under way: what it takes still, and its text where it was made when it was asked for. */
  answer: { in: number; readonly text: string | undefined } | undefined;
  /** Frames that the broken session has got. */
  delivered: number;
  isNoticed: boolean;
}

/** How often something was broken, and how often that was noticed before the window had ended. */
export type Outcome = Record<Kind, { broken: number; noticed: number }>;

export const noOutcome = (): Outcome => ({
  drop: { broken: 0, noticed: 0 },
  repeat: { broken: 0, noticed: 0 },
  swap: { broken: 0, noticed: 0 },
  delay: { broken: 0, noticed: 0 },
});

export class BrokenPlay {
  readonly outcome = noOutcome();
  readonly #recorded: RecordedSession;
  readonly #proof: Proof;
  readonly #truth = new BookLog();
  readonly #log = new BookLog();
  readonly #oracle: VenueSession;
  readonly #session: VenueSession;
  readonly #isBridged: boolean;
  readonly #open = new Map<string, Open>();
  /** Of each symbol, the last update that the oracle has applied. */
  readonly #last = new Map<string, number>();

  constructor(recorded: RecordedSession, proof: Proof) {
    this.#recorded = recorded;
    this.#proof = proof;
    this.#oracle = recorded.protocol.start(this.#truth);
    this.#session = recorded.protocol.start(this.#log);
    this.#isBridged = recorded.protocol.limits.snapshotsPerMinute !== undefined;
  }

  run(breaks: readonly Break[]): void {
    const { frames, updates } = this.#recorded;
    const beginning = new Map(breaks.map((one) => [one.window[0]!, one]));
    const ending = new Map(breaks.map((one) => [one.window.at(-1)!, one]));
    const deliveries = deliveriesOf(breaks);
    // Kraken's books are asked for again with the depth of the first request.
    if (this.#recorded.protocol.name.startsWith('kraken')) {
      this.#session.subscribe([...this.#recorded.runs.keys()], { depth: 10, trades: false });
    }
    for (const [at, frame] of frames.entries()) {
      this.#oracle.read(frame.text, frame.url);
      this.#truth.take();
      const symbol = updates[at];
      if (symbol !== undefined) this.#last.set(symbol, at);
      const begun = beginning.get(at);
      if (begun !== undefined) this.#begin(begun);
      const open = symbol === undefined ? undefined : this.#open.get(symbol);
      open?.tops.set(at, this.#top(this.#truth.book(open.symbol)));
      for (const delivered of deliveries.get(at) ?? [at]) this.#deliver(delivered, at);
      const ended = ending.get(at);
      if (ended !== undefined) this.#end(ended.symbol, at);
    }
    for (const symbol of this.#truth.books.keys()) this.#requireRight(symbol, 'at the end');
  }

  #begin(one: Break): void {
    this.outcome[one.kind].broken++;
    this.#open.set(one.symbol, { ...one, tops: new Map(), answer: undefined, delivered: 0, isNoticed: false });
  }

  /** Gives the broken session the frame `index`, while the oracle has read up to `now`. */
  #deliver(index: number, now: number): void {
    const { frames, updates } = this.#recorded;
    const symbol = updates[index];
    if (symbol === undefined) {
      this.#session.read(frames[index]!.text, frames[index]!.url);
      this.#log.take();
      return;
    }
    const own = this.#log.book(symbol);
    const open = this.#open.get(symbol);
    const before = { version: own.book?.version, isSuspect: own.suspicion !== undefined };
    const isRepeated = open?.kind === 'repeat' && open.delivered === 1;
    const levels = isRepeated ? levelsText(own) : '';
    this.#session.read(frames[index]!.text, frames[index]!.url);
    this.#log.take();
    if (before.isSuspect) assert.equal(own.book?.version, before.version, `frame ${index} changes a book that is void`);
    if (open === undefined) return this.#requireRight(symbol, `after frame ${index}`);
    if (isRepeated) assert.equal(levelsText(own), levels, `frame ${index}, repeated, changes the book`);
    open.delivered++;
    if (own.suspicion !== undefined) open.isNoticed = true;
    this.#judge(open, own, index, now);
    this.#answer(open, own, now);
  }

  /** What must hold after every update, whatever has been broken. */
  #judge({ kind, window, tops }: Open, own: VenueBook, index: number, now: number): void {
    const { verified } = own;
    assert.equal(verified.by, this.#proof);
    const where = `frame ${index}, ${kind} of ${window[0]}`;
    if (verified.by === 'sequence') {
      const isDue = kind !== 'repeat' && index === window[1];
      if (isDue) assert.equal(own.suspicion, 'sequence_gap', `${where}: not noticed at once`);
      if (own.suspicion === undefined) this.#requireRight(own.symbol, where);
    } else if (verified.by === 'checksum' && own.suspicion === undefined) {
      assert.equal(this.#top(own), tops.get(index), `${where}: trusted, and not what the venue summed up (now ${now})`);
    }
  }

  /** The venue's answer to a resync: asked for as soon as the book is void, and given some updates later. */
  #answer(open: Open, own: VenueBook, now: number): void {
    if (own.suspicion === undefined) return;
    if (open.answer === undefined) {
      const frames = this.#session.resync(open.symbol);
      assert.equal(frames.length === 0, this.#isBridged, 'a snapshot comes either by frames or by HTTP');
      open.answer = { in: open.answerAfter, text: this.#isBridged ? this.#snapshotOf(open.symbol) : undefined };
    } else open.answer.in--;
    if (open.answer.in > 0) return;
    const { text } = open.answer;
    open.answer = undefined;
    this.#give(open.symbol, text ?? this.#snapshotOf(open.symbol));
    this.#requireRight(open.symbol, `after the snapshot at frame ${now}`);
  }

  /** The window has ended: what has not been noticed is put right by the snapshot that a timer asks for. */
  #end(symbol: string, at: number): void {
    const open = this.#open.get(symbol)!;
    this.#open.delete(symbol);
    const { broken, noticed } = this.outcome[open.kind];
    this.outcome[open.kind] = { broken, noticed: noticed + (open.isNoticed ? 1 : 0) };
    if (this.#log.book(symbol).verified.by !== 'sequence') this.#give(symbol, this.#snapshotOf(symbol));
    this.#requireRight(symbol, `after the window that ends with frame ${at}`);
  }

  #give(symbol: string, text: string): void {
    const url = this.#session.snapshotUrl?.(symbol);
    this.#session.read(text, url);
    const calls = this.#log.take();
    assert.ok(calls.includes(`snapshot ${symbol} applied`), `${calls.join(', ')} from ${text.slice(0, 300)}`);
  }

  #snapshotOf(symbol: string): string {
    const { protocol, frames, keys } = this.#recorded;
    const book = this.#truth.book(symbol).book!;
    return SNAPSHOTS[protocol.name]!({
      symbol,
      bids: levelsOf(book, 'bid'),
      asks: levelsOf(book, 'ask'),
      last: parseExact(frames[this.#last.get(symbol)!]!.text),
      keyOf: (price) => keys.get(`${symbol} ${formatDecimal(parseDecimal(price)!)}`)!,
    });
  }

  /** The book is trusted, and is the oracle's to the last level. */
  #requireRight(symbol: string, where: string): void {
    const own = this.#log.book(symbol);
    const truth = this.#truth.book(symbol);
    assert.equal(own.suspicion, truth.suspicion, `${symbol} ${where}`);
    if (truth.book === undefined || own.book === undefined) return assert.equal(own.book, truth.book);
    if (!isSame(own.book, truth.book)) assert.equal(levelsText(own), levelsText(truth), `${symbol} ${where}`);
  }

  /** The part of the book that a checksum covers, as numbers. */
  #top({ book, verified }: VenueBook): string {
    return verified.by === 'checksum' ? topText(book!, verified.depth) : '';
  }
}

/** Which frames come when, where that is not the recorded order. */
function deliveriesOf(breaks: readonly Break[]): Map<number, readonly number[]> {
  const deliveries = new Map<number, readonly number[]>();
  for (const { kind, window } of breaks) {
    const at = window[0]!;
    if (kind === 'repeat') {
      deliveries.set(at, [at, at]);
      continue;
    }
    deliveries.set(at, []);
    if (kind === 'drop') continue;
    const after = window[kind === 'swap' ? 1 : LATE_BY]!;
    deliveries.set(after, [after, at]);
  }
  return deliveries;
}

/** Equal level by level, whatever the scales are. */
function isSame(a: Book, b: Book): boolean {
  const priceScale = Math.max(a.priceScale, b.priceScale);
  const sizeScale = Math.max(a.sizeScale, b.sizeScale);
  const [priceA, priceB] = [10 ** (priceScale - a.priceScale), 10 ** (priceScale - b.priceScale)];
  const [sizeA, sizeB] = [10 ** (sizeScale - a.sizeScale), 10 ** (sizeScale - b.sizeScale)];
  for (const side of ['bids', 'asks'] as const) {
    const [own, other] = [a[side], b[side]];
    if (own.length !== other.length) return false;
    for (let i = 0; i < own.length; i++) {
      if (own.priceAt(i) * priceA !== other.priceAt(i) * priceB) return false;
      if (own.sizeAt(i) * sizeA !== other.sizeAt(i) * sizeB) return false;
    }
  }
  return true;
}

const levelsText = ({ book }: VenueBook): string => (book === undefined ? '' : topText(book, Infinity));

function topText(book: Book, levels: number): string {
  const sides = (['bid', 'ask'] as const).map((side) => {
    const own = side === 'bid' ? book.bids : book.asks;
    return Array.from({ length: Math.min(levels, own.length) }, (_, i) =>
      book
        .textAt(side, i)!
        .map((text) => formatDecimal(parseDecimal(text)!))
        .join(' '),
    ).join('\n');
  });
  return `bids\n${sides[0]}\nasks\n${sides[1]}`;
}
