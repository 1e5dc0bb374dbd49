/**
 * Reads a frame of a known shape without building anything: digits go straight into units. It takes only what it was told
 * to expect; at the first surprise the caller turns to `parseExact`, which takes anything. What it does take it reads
 * exactly as the long way would: nothing that JSON or `toUnits` refuses passes here.
 */
import type { LevelBuffer } from '../../book/level-buffer.js';

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const FIRST_PLAIN = 32;

/** No text up to this length has more digits than a decimal may have. */
const LONGEST_NUMBER = 24;

export class Scanner {
  #text = '';
  #at = 0;

  /** Begins a new text. */
  over(text: string): this {
    this.#text = text;
    this.#at = 0;
    return this;
  }

  /** Whether all of the text has been taken. */
  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** Takes exactly this. */
  take(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  /** Takes plain characters up to a quotation mark, and the mark. Undefined at anything that would need decoding. */
  name(): string | undefined {
    const start = this.#at;
    const text = this.#text;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (code < FIRST_PLAIN || code === BACKSLASH) return undefined;
    }
    return undefined;
  }

  /** Takes a whole number without sign. NaN when there is none, or none that is exact. */
  integer(): number {
    const text = this.#text;
    const start = this.#at;
    let value = 0;
    let at = start;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === start || !(value <= Number.MAX_SAFE_INTEGER)) return Number.NaN;
    if (at > start + 1 && text.charCodeAt(start) === ZERO) return Number.NaN;
    this.#at = at;
    return value;
  }

  /** Takes `[["price","size"],…]`, with nothing else in a level, into a buffer. */
  levels(into: LevelBuffer, priceScale: number, sizeScale: number): boolean {
    into.clear();
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== OPEN) return false;
    if (text.charCodeAt(this.#at + 1) === CLOSE) {
      this.#at += 2;
      return true;
    }
    for (;;) {
      // At `[` of the list, or at the comma after a level.
      if (text.charCodeAt(this.#at + 1) !== OPEN || text.charCodeAt(this.#at + 2) !== QUOTE) return false;
      this.#at += 3;
      const price = this.#decimal(priceScale);
      if (price !== price || text.charCodeAt(this.#at) !== COMMA || text.charCodeAt(this.#at + 1) !== QUOTE)
        return false;
      this.#at += 2;
      const size = this.#decimal(sizeScale);
      if (size !== size || text.charCodeAt(this.#at) !== CLOSE) return false;
      into.push(price, size);
      const next = text.charCodeAt(++this.#at);
      if (next === COMMA) continue;
      if (next !== CLOSE) return false;
      this.#at++;
      return true;
    }
  }

  /** Takes a decimal and the quotation mark behind it. NaN when it needs more decimals, or more digits, than there are. */
  #decimal(scale: number): number {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    let units = 0;
    let code = text.charCodeAt(at);
    for (; code >= ZERO && code <= 57; code = text.charCodeAt(++at)) units = units * 10 + (code - ZERO);
    if (at === start) return Number.NaN;
    let missing = scale;
    if (code === POINT) {
      const point = at;
      code = text.charCodeAt(++at);
      for (; code >= ZERO && code <= 57; code = text.charCodeAt(++at)) {
        if (missing > 0) {
          units = units * 10 + (code - ZERO);
          missing--;
        } else if (code !== ZERO) return Number.NaN;
      }
      if (at === point + 1) return Number.NaN;
    }
    if (code !== QUOTE || at - start > LONGEST_NUMBER) return Number.NaN;
    for (; missing > 0; missing--) units *= 10;
    if (!(units <= Number.MAX_SAFE_INTEGER)) return Number.NaN;
    this.#at = at + 1;
    return units;
  }
}
