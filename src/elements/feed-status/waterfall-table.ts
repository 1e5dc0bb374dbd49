import { html, svg, type TemplateResult } from 'lit';
import type { StreamMetrics } from '../../stream/market-stream.js';
import { tenthsText } from './figure-text.js';

type Waterfall = StreamMetrics['waterfall'];

const ROWS: readonly (readonly [stage: keyof Waterfall, name: string, meaning: string])[] = [
  ['arrival', 'Received', 'From the sending to this page, by the clock of the feed; a dash where that is not known'],
  ['apply', 'Applied', 'Until the books of this page were right'],
  ['delivery', 'Delivered', 'Until this was told to what shows it; updates are held together here'],
  ['paint', 'Painted', 'Until it was on the screen'],
  ['total', 'In all', 'From the sending to the screen'],
];

/**
 * From the feed to the screen, stage by stage: three figures each, and a line that begins where the stage before it ends,
 * dark to the median, light to 95 %.
 */
export function waterfallTable(waterfall: Waterfall | undefined, lang: string): TemplateResult {
  const spans = spansOf(waterfall);
  const full = scaleFor(Math.max(...spans.map(([, , end]) => end)));
  return html`<div class="waterfall" part="waterfall" role="table" aria-label="Milliseconds from the feed to the screen">
    <div role="row">
      <span role="columnheader">Milliseconds</span>
      <span role="columnheader">p50</span><span role="columnheader">p95</span><span role="columnheader">p99</span>
    </div>
    ${ROWS.map(([stage, name, meaning], i) => {
      const figures = waterfall?.[stage];
      return html`<div role="row" class=${stage} title=${meaning}>
        <span role="rowheader">${name}</span>
        ${line(spans[i]!, full)}
        <span role="cell" .textContent=${tenthsText(figures?.p50, lang)}></span>
        <span role="cell" .textContent=${tenthsText(figures?.p95, lang)}></span>
        <span role="cell" .textContent=${tenthsText(figures?.p99, lang)}></span>
      </div>`;
    })}
  </div>`;
}

/** Where the line of each stage begins, its median, and its end, in milliseconds. */
function spansOf(waterfall: Waterfall | undefined): (readonly [number, number, number])[] {
  let before = 0;
  return ROWS.map(([stage]) => {
    const { p50 = Number.NaN, p95 = Number.NaN } = waterfall?.[stage] ?? {};
    const start = stage === 'total' ? 0 : before;
    if (Number.isNaN(p50)) return [start, start, start];
    before = start + p50;
    return [start, start + p50, start + p95];
  });
}

/** The length of a whole line: 1, 2 or 5 times a power of ten, so that it seldom changes. */
function scaleFor(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return power * ([1, 2, 5].find((times) => ms <= times * power) ?? 10);
}

function line([start, median, end]: readonly [number, number, number], full: number): TemplateResult {
  const share = (ms: number): string => ((ms / full) * 100).toFixed(1);
  return html`<svg aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none">
    ${svg`<rect class="tail" x=${share(start)} width=${share(end - start)} height="1"></rect>
      <rect x=${share(start)} width=${share(median - start)} height="1"></rect>`}
  </svg>`;
}
