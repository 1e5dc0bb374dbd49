/** Figures for people who watch them change: short, and of one width as far as can be. */
import { formatDuration, formatText } from '../internal/format.js';

/** What stands for a figure that is not known. */
export const UNKNOWN = '—';

/** A count: whole below a million, then in millions. */
export function countText(value: number | undefined, lang: string): string {
  if (value === undefined || Number.isNaN(value)) return UNKNOWN;
  if (value < 1_000_000) return formatText(String(Math.round(value)), lang);
  const decimals = value < 10_000_000 ? 2 : 1;
  return `${formatText((value / 1_000_000).toFixed(decimals), lang, decimals)} M`;
}

/** With tenths below ten, then as a count. */
export function tenthsText(value: number | undefined, lang: string): string {
  if (value === undefined || Number.isNaN(value)) return UNKNOWN;
  return value < 9.95 ? formatText(value.toFixed(1), lang, 1) : countText(value, lang);
}

/** How long something takes, with its unit: milliseconds below a second. */
export function waitText(ms: number | undefined, lang: string): string {
  if (ms !== undefined && ms >= 999.5) return formatDuration(ms, lang);
  const text = countText(ms, lang);
  return text === UNKNOWN ? text : `${text} ms`;
}
