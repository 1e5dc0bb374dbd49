import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { unitsToText } from '../../book/decimal.js';
import type { BookView } from '../../book/book.js';
import { spreadOf } from '../../book/spread.js';
import type { TickTable } from '../../book/tick-table.js';
import type { TradingPhase } from '../../book/instrument.js';
import { formatText } from '../internal/format.js';
import { PHASE_WORDS } from '../internal/words.js';

export interface LastPrice {
  /** Exact decimal text, or empty before the first. */
  readonly text: string;
  /** Decimals to show at least. */
  readonly decimals: number;
  readonly direction: 'up' | 'down' | '';
  /** Change since the previous close in percent, exact text, or empty where the feed has none. */
  readonly changePercent: string;
}

/**
 * The row between the sides: the last traded price with its direction, and the spread. One side missing shows a dash. Outside
 * of continuous trading the phase stands in the spread's place: the sides may overlap.
 */
export function midRow(
  last: LastPrice,
  book: BookView | undefined,
  table: TickTable | undefined,
  lang: string,
  phase: TradingPhase,
): TemplateResult {
  // A last price may lie off the tick grid: it is shown with all its digits, and at least with the book's decimals.
  const price = last.text === '' ? '—' : formatText(last.text, lang, Math.max(last.decimals, book?.priceScale ?? 0));
  const change = last.changePercent === '' ? '' : changeText(last.changePercent, lang);
  const spread = `Spread ${book === undefined ? '—' : spreadText(book, table, lang)}`;
  const between = phase === 'continuous' ? spread : PHASE_WORDS[phase];
  // In the order of their worth: where there is no room, the last ones are left out, never cut.
  // As `textContent`: see sideTemplate. What stands behind a longer price is made anew for the same reason.
  return html`<div class="mid" part="spread">
    ${keyed(
      price.length,
      html`<strong class=${last.direction} part="last-price">${price}</strong>
        <span class="spread" .textContent=${between}></span>
        <span class="change">${change}</span>`,
    )}
  </div>`;
}

function changeText(percent: string, lang: string): string {
  const sign = percent.startsWith('-') ? '−' : '+';
  return `${sign}${formatText(percent.replace(/^[-+]/, ''), lang, 2, 2)} %`;
}

function spreadText(book: BookView, table: TickTable | undefined, lang: string): string {
  const spread = spreadOf(book, table);
  if (spread === undefined) return '—';
  const sign = spread.spread < 0 ? '−' : '';
  const width = formatText(unitsToText(Math.abs(spread.spread), book.priceScale), lang, book.priceScale);
  return `${sign}${width} · ${sign}${formatText(spread.bps.replace('-', ''), lang, 1, 1)} bps`;
}
