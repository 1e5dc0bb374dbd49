/**
 * Numbers and times for people: the only place where a locale enters. Exact decimal text goes in, so that every digit
 * survives: `Intl.NumberFormat` formats decimal strings without going through a float.
 */
import { unitsToText } from '../../book/decimal.js';

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(lang: string, minimumDecimals: number, maximumDecimals: number): Intl.NumberFormat {
  const key = `${lang}|${minimumDecimals}|${maximumDecimals}`;
  let format = formats.get(key);
  if (!format) {
    const options = { minimumFractionDigits: minimumDecimals, maximumFractionDigits: maximumDecimals };
    try {
      format = new Intl.NumberFormat(lang, options);
    } catch {
      // A page may carry a `lang` that is no language tag; its numbers are shown in English then.
      format = new Intl.NumberFormat('en', options);
    }
    formats.set(key, format);
  }
  return format;
}

/** Exact decimal text in the manner of a language, with at least and at most so many decimals. */
export function formatText(text: string, lang: string, minimumDecimals = 0, maximumDecimals = 20): string {
  // The type of `format` knows no string yet; the standard does (ECMA-402, NumberFormat v3).
  return numberFormat(lang, minimumDecimals, Math.max(minimumDecimals, maximumDecimals)).format(
    text as unknown as bigint,
  );
}

/**
 * Writes integer units of one scale, remembering what it wrote: the same prices come back with every frame, and a
 * look-up costs a tenth of formatting.
 */
export class UnitFormat {
  readonly #lang: string;
  readonly #scale: number;
  readonly #decimals: number;
  readonly #known = new Map<number, string>();

  /** Units of `scale` decimals, written with so many decimals, never fewer than the scale has. */
  constructor(lang: string, scale: number, decimals: number) {
    this.#lang = lang;
    this.#scale = scale;
    this.#decimals = Math.max(scale, decimals);
  }

  /** This format if it still fits, else a new one. */
  refit(lang: string, scale: number): UnitFormat {
    if (lang === this.#lang && scale === this.#scale) return this;
    // Decimals are never taken back: a column whose numbers lose a digit for a moment would move sideways.
    return new UnitFormat(lang, scale, this.#decimals);
  }

  /** The text of `units`; a dash for what isn't known. */
  format(units: number): string {
    let text = this.#known.get(units);
    if (text === undefined) {
      if (!Number.isInteger(units)) return '—';
      text = formatText(unitsToText(units, this.#scale), this.#lang, this.#decimals, this.#decimals);
      // A bound, not a policy: a book shows some hundred different numbers at a time.
      if (this.#known.size >= 4096) this.#known.clear();
      this.#known.set(units, text);
    }
    return text;
  }
}

/** An age or a countdown: tenths below ten seconds, then whole seconds, minutes, hours. */
export function formatDuration(ms: number, lang: string): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${formatText(seconds.toFixed(1), lang, 1, 1)} s`;
  if (seconds < 100) return `${Math.floor(seconds)} s`;
  if (seconds < 5940) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h`;
}

/** A time still to wait, in whole seconds, rounded up: it ends at 1, never at 0. */
export function formatCountdown(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / 1000))} s`;
}
