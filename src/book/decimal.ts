/**
 * Exact decimal numbers, and the way from text to integers and back.
 *
 * Prices, sizes and money arrive and leave as text. In between a number is either a `Decimal` (any length, for money and
 * for what a person typed) or a count of *units*: a safe integer that means `units / 10^scale`, where the scale belongs to
 * the book and is not carried about. No binary fraction ever stands for a price.
 *
 * Down is towards minus infinity and up towards plus infinity, for negative numbers too.
 */

/** The number `units / 10^scale`. The scale is a whole number, 0 or above; trailing zeros are allowed. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Digits accepted from outside, all decimals counted and the leading zeros before the point not. */
export const MAX_DIGITS = 30;

/** Largest exponent accepted from outside, either way. */
export const MAX_EXPONENT = 30;

export const ZERO: Decimal = { units: 0n, scale: 0 };

const GRAMMAR = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Reads `-?digits[.digits][e[+-]digits]`. Returns undefined for everything else: empty text, `NaN`, `Infinity`, spaces,
 * commas, a bare point, more than `MAX_DIGITS` digits, an exponent beyond `MAX_EXPONENT`. Written decimals are kept:
 * `1.50` has scale 2.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = GRAMMAR.exec(text);
  if (match === null) return undefined;
  const whole = (match[2] ?? '').replace(/^0+/, '');
  const fraction = match[3] ?? '';
  const exponent = Number(match[4] ?? 0);
  if (whole.length + fraction.length > MAX_DIGITS || Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const magnitude = BigInt(whole + fraction);
  const units = match[1] === '-' ? -magnitude : magnitude;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { units, scale } : { units: units * powerOfTen(-scale), scale: 0 };
}

/**
 * A JSON number as the decimal that its sender most likely wrote: the shortest text that reads back as the same double.
 * Undefined for NaN, the infinities and exponents beyond `MAX_EXPONENT`.
 */
export function fromNumber(value: number): Decimal | undefined {
  return parseDecimal(String(value));
}

/** Exact text without exponent or grouping. Trailing zeros are cut, but never below `minimumScale` decimals. */
export function formatDecimal(value: Decimal, minimumScale = 0): string {
  const digits = String(value.units < 0n ? -value.units : value.units);
  const sign = value.units < 0n ? '-' : '';
  return sign + withMinimumScale(insertPoint(digits, value.scale), value.scale, minimumScale);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function negate(a: Decimal): Decimal {
  return { units: -a.units, scale: a.scale };
}

/** By value: `1.5` and `1.50` are equal. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale);
  const left = unitsAt(a, scale);
  const right = unitsAt(b, scale);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export function isZero(a: Decimal): boolean {
  return a.units === 0n;
}

/** `a / b` with `scale` decimals, rounded down. Throws a RangeError when `b` is zero. */
export function divideDown(a: Decimal, b: Decimal, scale: number): Decimal {
  return { units: floorDivide(a.units * powerOfTen(b.scale + scale), b.units * powerOfTen(a.scale)), scale };
}

/** `a / b` with `scale` decimals, rounded up. Throws a RangeError when `b` is zero. */
export function divideUp(a: Decimal, b: Decimal, scale: number): Decimal {
  return negate(divideDown(negate(a), b, scale));
}

/** The nearest number with `scale` decimals at or below `a`. */
export function roundDown(a: Decimal, scale: number): Decimal {
  return divideDown(a, { units: 1n, scale: 0 }, scale);
}

/** The nearest number with `scale` decimals at or above `a`. */
export function roundUp(a: Decimal, scale: number): Decimal {
  return divideUp(a, { units: 1n, scale: 0 }, scale);
}

/** The same number with `scale` decimals, or undefined when it needs more than that. */
export function withScale(a: Decimal, scale: number): Decimal | undefined {
  if (scale >= a.scale) return { units: unitsAt(a, scale), scale };
  const divisor = powerOfTen(a.scale - scale);
  return a.units % divisor === 0n ? { units: a.units / divisor, scale } : undefined;
}

/** The decimal that a count of units stands for. Throws a RangeError when `units` is no integer. */
export function fromUnits(units: number, scale: number): Decimal {
  return { units: BigInt(units), scale };
}

/** `value` counted in units of `10^-scale`, or NaN when that is no safe integer. */
export function decimalToUnits(value: Decimal, scale: number): number {
  const scaled = withScale(value, scale);
  const units = scaled === undefined ? Number.NaN : Number(scaled.units);
  return Number.isSafeInteger(units) ? units : Number.NaN;
}

const MINUS = 45;
const POINT = 46;
const DIGIT_ZERO = 48;

/** No text up to this length can hold more than `MAX_DIGITS` digits, so that the fast path need not count them. */
const FAST_LENGTH = 24;

/**
 * Reads text into units of `10^-scale`: a safe integer, or NaN when the text is no decimal or does not fit (`scaleOf` tells
 * which). It accepts exactly what `parseDecimal` accepts.
 */
export function toUnits(text: string, scale: number): number {
  const end = text.length;
  if (end > FAST_LENGTH) return toUnitsSlowly(text, scale);
  const negative = text.charCodeAt(0) === MINUS;
  const first = negative ? 1 : 0;
  let units = 0;
  let at = first;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - DIGIT_ZERO;
    if (digit < 0 || digit > 9) break;
    units = units * 10 + digit;
  }
  if (at === first) return Number.NaN;
  let missing = scale;
  if (at < end) {
    const point = at++;
    if (text.charCodeAt(point) !== POINT || at === end) return toUnitsSlowly(text, scale);
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - DIGIT_ZERO;
      if (digit < 0 || digit > 9) return toUnitsSlowly(text, scale);
      if (missing > 0) {
        units = units * 10 + digit;
        missing--;
      } else if (digit !== 0) return toUnitsSlowly(text, scale);
    }
  }
  for (; missing > 0; missing--) units *= 10;
  // Every step above is exact below 2^53 and never falls back under it, so that one check at the end is enough.
  if (!(units <= Number.MAX_SAFE_INTEGER)) return toUnitsSlowly(text, scale);
  return negative && units !== 0 ? -units : units;
}

/** How many decimals the text really needs (`1.50` needs 1, `1e-8` needs 8), or -1 when it is no decimal. */
export function scaleOf(text: string): number {
  const value = parseDecimal(text);
  if (value === undefined) return -1;
  let { units, scale } = value;
  for (; scale > 0 && units % 10n === 0n; scale--) units /= 10n;
  return scale;
}

/** Exact text of a count of units, always with `scale` decimals. Throws a RangeError when `units` is no integer. */
export function unitsToText(units: number, scale: number): string {
  if (!Number.isInteger(units)) throw new RangeError(`unitsToText: units must be an integer, got ${units}`);
  // From 10^21 on a number would be written with an exponent.
  const digits = Number.isSafeInteger(units) ? String(Math.abs(units)) : String(BigInt(Math.abs(units)));
  const text = insertPoint(digits, scale);
  return units < 0 ? `-${text}` : text;
}

/** As `unitsToText`, with the trailing zeros cut. */
export function unitsToShortText(units: number, scale: number): string {
  return withMinimumScale(unitsToText(units, scale), scale, 0);
}

function toUnitsSlowly(text: string, scale: number): number {
  const value = parseDecimal(text);
  return value === undefined ? Number.NaN : decimalToUnits(value, scale);
}

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function unitsAt(value: Decimal, scale: number): bigint {
  return scale === value.scale ? value.units : value.units * powerOfTen(scale - value.scale);
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function insertPoint(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const padded = digits.padStart(scale + 1, '0');
  const point = padded.length - scale;
  return `${padded.slice(0, point)}.${padded.slice(point)}`;
}

/** `text` has exactly `scale` decimals. */
function withMinimumScale(text: string, scale: number, minimumScale: number): string {
  if (scale < minimumScale) return (scale === 0 ? `${text}.` : text) + '0'.repeat(minimumScale - scale);
  let cut = 0;
  while (cut < scale - minimumScale && text.charCodeAt(text.length - 1 - cut) === DIGIT_ZERO) cut++;
  // The point goes with the last decimal.
  if (cut > 0 && cut === scale) cut++;
  return text.slice(0, text.length - cut);
}
