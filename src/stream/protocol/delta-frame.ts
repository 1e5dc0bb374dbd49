/**
 * Frames of book deltas, read digit by digit: nothing is built of a message but numbers. It takes what a server of ours
 * writes, with nothing between the fields; whatever looks different goes the long way, through `JSON.parse` and the guards,
 * a single entry or the whole frame. What it takes means exactly what that would have made of it, and nothing is told
 * before the last character has been read.
 */
import type { LevelBuffer } from '../../book/level-buffer.js';
import { MAX_SERVER_FRAME_LENGTH } from './guards-server.js';
import { MAX_NAME_LENGTH } from './shape.js';

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const FIRST_PLAIN = 32;

/** No text up to this length has more digits than a decimal may have. */
const LONGEST_DECIMAL = 24;
/** Powers of ten that a double holds exactly, as many as a decimal of that length may need. */
const POWERS = Array.from({ length: LONGEST_DECIMAL }, (_, exponent) => Number(`1e${exponent}`));

const BATCH = '{"type":"market_data_batch",';
const DELTA = '{"type":"order_book_delta","stream":"';

/** One entry whose digits have been read. Of any other kind only `from` and `to` mean something. */
class Entry {
  /** Empty for an entry of another kind. */
  symbol = '';
  epoch = '';
  previousSequence = 0;
  sequence = 0;
  eventTime = 0;
  checksum: number | undefined;
  /** Where it stands in the text, and where its levels do among all: bids, then asks, then the next entry's. */
  from = 0;
  to = 0;
  bids = 0;
  asks = 0;
  end = 0;
}

export type DeltaEntry = Readonly<Entry>;

export class DeltaFrame {
  #text = '';
  #at = 0;
  readonly #entries: Entry[] = [];
  /** Digits of price and size in turn, and how many of them are decimals. */
  readonly #digits: number[] = [];
  readonly #decimals: number[] = [];
  #levels = 0;
  /** When the frame was sent, where it says so. */
  sent: number | undefined;
  length = 0;

  at(index: number): DeltaEntry {
    return this.#entries[index]!;
  }

  /** An entry as `JSON.parse` makes it. */
  parse({ from, to }: DeltaEntry): unknown {
    return JSON.parse(this.#text.slice(from, to));
  }

  /**
   * The levels of an entry in units of these scales. False when one of them needs more decimals, or is larger than units
   * can be.
   */
  fill(entry: DeltaEntry, bids: LevelBuffer, asks: LevelBuffer, priceScale: number, sizeScale: number): boolean {
    return (
      this.#fillSide(bids, entry.bids, entry.asks, priceScale, sizeScale) &&
      this.#fillSide(asks, entry.asks, entry.end, priceScale, sizeScale)
    );
  }

  /** Reads a frame. False: it goes the long way, and nothing here means anything. */
  read(text: string): boolean {
    this.#text = text;
    this.#at = 0;
    this.#levels = 0;
    this.length = 0;
    this.sent = undefined;
    return text.startsWith(BATCH) ? this.#batch() : this.#single();
  }

  #single(): boolean {
    const entry = this.#entry();
    return this.#delta(entry, true) && this.#at === this.#text.length;
  }

  #batch(): boolean {
    this.#at = BATCH.length;
    if (this.#take('"sent":')) {
      this.sent = this.#integer();
      if (!this.#take(',')) return false;
    }
    if (!this.#take('"data":[')) return false;
    for (;;) {
      const entry = this.#entry();
      if (!this.#delta(entry, false) && !this.#other(entry)) return false;
      if (this.#take(',')) continue;
      return this.#take(']}') && this.#at === this.#text.length;
    }
  }

  #entry(): Entry {
    const entry = (this.#entries[this.length] ??= new Entry());
    this.length += 1;
    entry.from = this.#at;
    return entry;
  }

  /** Takes one delta; at the first surprise nothing of it. */
  #delta(entry: Entry, isAlone: boolean): boolean {
    if (this.#deltaFields(entry, isAlone)) {
      entry.to = this.#at;
      return true;
    }
    this.#at = entry.from;
    return false;
  }

  #deltaFields(entry: Entry, isAlone: boolean): boolean {
    if (!this.#take(DELTA) || this.#name() === '' || !this.#take(',"epoch":"')) return false;
    const epoch = this.#name();
    if (epoch === '' || !this.#take(',"prevSeq":')) return false;
    entry.epoch = epoch;
    entry.previousSequence = this.#integer();
    if (!this.#take(',"seq":')) return false;
    entry.sequence = this.#integer();
    if (this.#take(',"sent":')) {
      const sent = this.#integer();
      if (isAlone) this.sent = sent;
    }
    if (!this.#take(',"data":{"symbol":"')) return false;
    entry.symbol = this.#name();
    if (entry.symbol === '' || !this.#take(',"bids":[')) return false;
    entry.bids = this.#levels;
    if (!this.#side() || !this.#take(',"asks":[')) return false;
    entry.asks = this.#levels;
    if (!this.#side() || !this.#take(',"timestamp":')) return false;
    entry.end = this.#levels;
    entry.eventTime = this.#integer();
    entry.checksum = this.#take(',"checksum":') ? this.#integer() : undefined;
    return this.#take('}}');
  }

  /** Takes an entry of another kind, which has to be JSON by itself. */
  #other(entry: Entry): boolean {
    const text = this.#text;
    let depth = 0;
    let isInText = false;
    for (let at = this.#at; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (isInText) {
        if (code === BACKSLASH) at += 1;
        else if (code === QUOTE) isInText = false;
      } else if (code === QUOTE) isInText = true;
      else if (code === OPEN_OBJECT || code === OPEN) depth += 1;
      else if (code === CLOSE_OBJECT || code === CLOSE) depth -= 1;
      if (depth > 0) continue;
      // Neither an object nor a list, or its end.
      if (at === entry.from) return false;
      entry.symbol = '';
      entry.to = this.#at = at + 1;
      return this.#isJson(entry);
    }
    return false;
  }

  #isJson(entry: Entry): boolean {
    try {
      this.parse(entry);
      return true;
    } catch {
      return false;
    }
  }

  #fillSide(into: LevelBuffer, from: number, to: number, priceScale: number, sizeScale: number): boolean {
    into.clear();
    for (let i = from; i < to; i += 1) {
      const price = this.#units(2 * i, priceScale);
      const size = this.#units(2 * i + 1, sizeScale);
      // NaN is the only number that differs from itself.
      if (price !== price || size !== size) return false;
      into.push(price, size);
    }
    return true;
  }

  #units(i: number, scale: number): number {
    const digits = this.#digits[i]!;
    const missing = scale - this.#decimals[i]!;
    if (missing === 0) return digits;
    if (missing > 0) {
      // Exact up to the bound, and never back below it.
      const units = digits * (POWERS[missing] ?? Number.NaN);
      return units <= Number.MAX_SAFE_INTEGER ? units : Number.NaN;
    }
    const divisor = POWERS[-missing]!;
    return digits % divisor === 0 ? digits / divisor : Number.NaN;
  }

  /** Takes exactly this. */
  #take(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  /** Takes a name and the quotation mark behind it. Empty at anything that is none, or would need decoding. */
  #name(): string {
    const text = this.#text;
    const from = this.#at;
    for (let at = from; at <= from + MAX_NAME_LENGTH; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(from, at);
      }
      // Also behind the end, where there is no code at all.
      if (!(code >= FIRST_PLAIN) || code === BACKSLASH) return '';
    }
    return '';
  }

  /** Takes a whole number without sign. Where there is none, or none that is exact, nothing can be taken after it. */
  #integer(): number {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt((at += 1))) {
      value = value * 10 + (code - ZERO);
    }
    const isPlain = at === from + 1 || (at > from && text.charCodeAt(from) !== ZERO);
    this.#at = isPlain && value <= Number.MAX_SAFE_INTEGER ? at : text.length;
    return value;
  }

  /** Takes `["price","size"],…]` behind the bracket that opens the list. */
  #side(): boolean {
    const text = this.#text;
    if (text.charCodeAt(this.#at) === CLOSE) {
      this.#at += 1;
      return true;
    }
    for (;;) {
      if (text.charCodeAt(this.#at) !== OPEN || text.charCodeAt(this.#at + 1) !== QUOTE) return false;
      this.#at += 2;
      const level = 2 * this.#levels;
      if (!this.#decimal(level)) return false;
      if (text.charCodeAt(this.#at) !== COMMA || text.charCodeAt(this.#at + 1) !== QUOTE) return false;
      this.#at += 2;
      if (!this.#decimal(level + 1) || text.charCodeAt(this.#at) !== CLOSE) return false;
      this.#levels += 1;
      const next = text.charCodeAt(this.#at + 1);
      this.#at += 2;
      if (next === CLOSE) return true;
      if (next !== COMMA) return false;
    }
  }

  /** Takes a decimal and the quotation mark behind it. */
  #decimal(i: number): boolean {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    let digits = 0;
    let point = -1;
    let code = text.charCodeAt(at);
    for (; code >= ZERO && code <= NINE; code = text.charCodeAt((at += 1))) digits = digits * 10 + (code - ZERO);
    if (at === from) return false;
    if (code === POINT) {
      point = at;
      code = text.charCodeAt((at += 1));
      for (; code >= ZERO && code <= NINE; code = text.charCodeAt((at += 1))) digits = digits * 10 + (code - ZERO);
      if (at === point + 1) return false;
    }
    if (code !== QUOTE || at - from > LONGEST_DECIMAL || !(digits <= Number.MAX_SAFE_INTEGER)) return false;
    this.#digits[i] = digits;
    this.#decimals[i] = point < 0 ? 0 : at - point - 1;
    this.#at = at + 1;
    return true;
  }
}

/** Entries that a frame is kept with for the next: one that once held very many would hold them for ever. */
const MOST_KEPT = 10_000;

let spare: DeltaFrame | undefined;

/** The deltas of a frame; undefined when it goes the long way. Whoever is done with it gives it back. */
export const readDeltas = (text: string): DeltaFrame | undefined => {
  if (text.length > MAX_SERVER_FRAME_LENGTH || !(text.startsWith(BATCH) || text.startsWith(DELTA))) return undefined;
  // While one is being applied a transport within the page may bring the next.
  const frame = spare ?? new DeltaFrame();
  spare = undefined;
  if (frame.read(text)) return frame;
  spare = frame;
  return undefined;
};

export const giveBack = (frame: DeltaFrame): void => {
  if (frame.length <= MOST_KEPT) spare = frame;
};
