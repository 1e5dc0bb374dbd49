/**
 * Numbers as people type them: in their language's separators and digits, with `1k` and `2.5m` for quantities. What could be
 * read in two ways is refused, never guessed: in German `1.234` is 1234 and `1.23` is nothing.
 */
import { formatDecimal, multiply, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';

export interface NumberSeparators {
  readonly decimal: string;
  readonly group: string;
}

const SHORTHANDS: Readonly<Record<string, Decimal>> = {
  k: { units: 1_000n, scale: 0 },
  m: { units: 1_000_000n, scale: 0 },
};

const known = new Map<string, NumberSeparators>();

/** The separators of a language; those of English where the tag is no language. */
export function separatorsOf(language: string): NumberSeparators {
  let separators = known.get(language);
  if (separators === undefined) known.set(language, (separators = askIntl(language)));
  return separators;
}

function askIntl(language: string): NumberSeparators {
  const locale = isLanguage(language) ? language : 'en';
  // Five digits before the point: Spanish and Polish do not group four.
  const parts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).formatToParts(12345.6);
  const text = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: text('decimal') || '.', group: text('group') };
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/**
 * Reads what was typed, or undefined where it is not one certain number of 0 or above. `withShorthand` allows a
 * closing `k` or `m`.
 */
export function parseTyped(text: string, separators: NumberSeparators, withShorthand = false): Decimal | undefined {
  let plain = text.trim().replace(/\p{Nd}/gu, digitOf);
  let factor: Decimal | undefined;
  if (withShorthand) {
    factor = SHORTHANDS[plain.slice(-1).toLowerCase()];
    if (factor !== undefined) plain = plain.slice(0, -1).trimEnd();
  }
  const parts = plain.split(separators.decimal);
  if (parts.length > 2) return undefined;
  const fraction = parts[1];
  const whole = parts[0] === '' && fraction !== undefined ? '0' : ungroup(parts[0] ?? '', separators.group);
  if (whole === undefined || (fraction !== undefined && !/^\d+$/.test(fraction))) return undefined;
  const value = parseDecimal(fraction === undefined ? whole : `${whole}.${fraction}`);
  return value && factor ? multiply(value, factor) : value;
}

/** The point and the comma the one way and the other. */
const SPELLINGS: readonly NumberSeparators[] = [
  { decimal: '.', group: ',' },
  { decimal: ',', group: '.' },
];

/** What a text that is no number in its language can only have meant in another one's spelling, to be offered; never to be taken. */
export function guessTyped(text: string): Decimal | undefined {
  const [first, ...others] = SPELLINGS.flatMap((separators) => parseTyped(text, separators) ?? []);
  return others.length === 0 ? first : undefined;
}

/** The text for an input field: the language's decimal separator, no grouping, so that it can be edited digit by digit. */
export function formatForInput(value: Decimal, separators: NumberSeparators, minimumScale = 0): string {
  return formatDecimal(value, minimumScale).replace('.', separators.decimal);
}

/**
 * Groups must stand where groups stand: two or three digits each (India writes 12,34,567), three in the last. None begins
 * with a zero: who types `0,500` means a half, in the spelling of another language.
 */
function ungroup(text: string, group: string): string | undefined {
  if (/^\d+$/.test(text)) return text;
  if (text === '' || group === '') return undefined;
  // People type an ordinary space where their language prints a narrow one, and a straight apostrophe for a curly one.
  const isGroup = /\s/.test(group) ? /\s/ : group === '’' ? /['’]/ : new RegExp(`\\${group}`);
  const groups = text.split(isGroup);
  const fits = groups.every((digits, i) =>
    i === 0
      ? /^[1-9]\d{0,2}$/.test(digits)
      : i === groups.length - 1
        ? /^\d{3}$/.test(digits)
        : /^\d{2,3}$/.test(digits),
  );
  return fits ? groups.join('') : undefined;
}

/** Unicode keeps the digits of every script in runs of ten, zero first. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 128) return digit;
  let start = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return String((code - start) % 10);
}
