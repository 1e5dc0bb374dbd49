/**
 * JSON without floating point. Every number of the text comes out as the text it was written in: `1.10` stays `1.10`
 * and an identifier beyond 2^53 keeps its last digit. Prices and sizes must never pass through a double, and a venue
 * that moves from numbers to strings, as several did, then needs no second reader.
 */

/** A parsed value. There are no numbers: they are text. */
export type Json = string | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;

/**
 * JSON's own grammar, so that what JSON refuses (`01`, `1.`, `--1`) is left as it is and refused by the parser. A name
 * must be a string: a numeral in its place, before a colon, must not become one.
 */
const NUMERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\s*:)/y;

/** Throws `SyntaxError` when the text is no JSON. */
export const parseExact = (text: string): Json => JSON.parse(quoteNumerals(text)) as Json;

/** The same text with every numeral outside strings put in quotes. */
function quoteNumerals(text: string): string {
  let quoted = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = afterString(text, at);
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      NUMERAL.lastIndex = at;
      if (!NUMERAL.test(text)) return text;
      quoted += `${text.slice(copied, at)}"${text.slice(at, NUMERAL.lastIndex)}"`;
      at = copied = NUMERAL.lastIndex;
    } else {
      at++;
    }
  }
  return copied === 0 ? text : quoted + text.slice(copied);
}

/** Where the string that opens at `start` has ended; the end of the text when it never does. */
function afterString(text: string, start: number): number {
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close === -1 ? text.length : close + 1;
}

/** An odd number of backslashes before a quote makes it part of the string. */
function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/** What stands under a name or an index, or undefined when the value has no such thing. */
export function member(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { readonly [key: string | number]: Json | undefined })[key];
}

/** The text (or number, which is text here) under a name, or undefined. */
export function textAt(value: Json | undefined, key: string | number): string | undefined {
  const found = member(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** The list under a name; empty when there is none. */
export function listAt(value: Json | undefined, key: string | number): readonly Json[] {
  const found = member(value, key);
  return isList(found) ? found : [];
}

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
