import { html, type TemplateResult } from 'lit';
import type { StreamMetrics, StreamThread } from '../../stream/market-stream.js';
import { formatText } from '../internal/format.js';

/** The further figures of a feed, each with its unit. A figure that is not known yet is a dash, never a zero. */
export function metricsList(metrics: StreamMetrics | undefined, lang: string, thread?: StreamThread): TemplateResult {
  const count = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '—' : formatText(String(Math.round(value)), lang);
  const ms = (value: number | undefined): string => (count(value) === '—' ? '—' : `${count(value)} ms`);
  const ratio = metrics && `${formatText(metrics.conflationRatio.toFixed(1), lang, 1, 1)}:1`;
  const figures: readonly (readonly [string, string, string])[] = [
    ['p50', ms(metrics?.latency.p50), 'Median time from the server to this page'],
    ['p95', ms(metrics?.latency.p95), '95 % of messages came faster'],
    ['p99', ms(metrics?.latency.p99), '99 % of messages came faster'],
    ['Round trip', ms(metrics?.roundTripMs), 'The last ping and its answer'],
    ['Conflation', ratio ?? '—', 'Updates received for each one shown'],
    ['Symbols', count(metrics?.activeSymbolCount), 'Symbols subscribed to'],
    ['Waiting', count(metrics?.buffered), 'Symbols with changes not shown yet'],
    ['Messages', count(metrics?.messageCount), 'Received since the start'],
    ['Gaps', count(metrics?.gaps), 'Lost messages that were noticed'],
    ['Resyncs', count(metrics?.resyncs), 'Books fetched anew'],
    ['Reconnects', count(metrics?.reconnects), 'Connections made anew'],
    ['Refused', count(metrics?.refused), 'Messages that were not understood'],
    ['Dropped', count(metrics?.dropped), 'Trades that nobody read in time; books never lose anything'],
    // Only a page that asked for a worker wants to know.
    ...(thread ? [['Runs in', thread.kind, thread.reason] as const] : []),
  ];
  return html`<dl class="detail" part="detail">
    ${figures.map(
      ([name, value, meaning]) =>
        html`<div title=${meaning}>
          <dt>${name}</dt>
          <dd .textContent=${value}></dd>
        </div>`,
    )}
  </dl>`;
}
