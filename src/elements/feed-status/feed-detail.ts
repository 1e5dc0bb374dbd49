import { html, type TemplateResult } from 'lit';
import type { LoadMode, StreamMetrics, StreamThread } from '../../stream/market-stream.js';
import { countText, tenthsText, UNKNOWN, waitText } from './figure-text.js';
import { waterfallTable } from './waterfall-table.js';

type Figure = readonly [name: string, text: string, meaning: string];

const MODE_WORDS: Readonly<Record<LoadMode, string>> = {
  full: 'kept up with',
  slower: 'slower',
  shallower: 'shallower',
};

/** All there is to tell of a feed. A figure that is not known yet is a dash, never a zero. */
export function feedDetail(metrics: StreamMetrics | undefined, lang: string, thread?: StreamThread): TemplateResult {
  return html`<div class="detail" part="detail">
    ${waterfallTable(metrics?.waterfall, lang)}
    <dl>
      ${figures(metrics, lang, thread).map(
        ([name, text, meaning]) =>
          html`<div title=${meaning}>
            <dt>${name}</dt>
            <dd .textContent=${text}></dd>
          </div>`,
      )}
    </dl>
  </div>`;
}

function figures(metrics: StreamMetrics | undefined, lang: string, thread?: StreamThread): readonly Figure[] {
  const count = (value: number | undefined): string => countText(value, lang);
  const wait = (value: number | undefined): string => waitText(value, lang);
  const ratio = metrics && `${tenthsText(metrics.conflationRatio, lang)}:1`;
  return [
    ['Messages', count(metrics?.messageCount), 'Received since the start, those in a batch counted one by one'],
    ['Applied', count(metrics?.applied), 'Messages that changed something'],
    ['Unchanged', count(metrics?.unchanged), 'Messages that repeat what is known, or came before their snapshot'],
    ['Ignored', count(metrics?.ignored), 'Messages that nobody on this page has asked for'],
    ['Refused', count(metrics?.refused), 'Messages that were not understood'],
    ['Delivered', count(metrics?.delivered), 'Changes told to what shows them'],
    ['Conflated', count(metrics?.conflated), 'Changes told together with a later one'],
    ['Painted', count(metrics?.painted), 'Times that something new came on the screen'],
    ['Conflation', ratio ?? UNKNOWN, 'Changes for each one told'],
    ['Load', MODE_WORDS[metrics?.mode ?? 'full'], 'How the page keeps up with the feed'],
    ['Waiting', count(metrics?.buffered), 'Symbols with changes not told yet'],
    ['Queue', wait(metrics?.queueAgeMs), 'Age of the oldest change not told yet'],
    ['Dropped', count(metrics?.dropped), 'Trades that nobody read in time; books never lose anything'],
    ['Gaps', count(metrics?.gaps), 'Lost messages that were noticed'],
    ['Resyncs', count(metrics?.resyncs), 'Books fetched anew'],
    ['Reconnects', count(metrics?.reconnects), 'Connections made anew'],
    ['Round trip', wait(metrics?.roundTripMs), 'The last ping and its answer'],
    ['Symbols', count(metrics?.activeSymbolCount), 'Symbols subscribed to'],
    ['Frames', count(metrics?.frameCount), 'What the messages came in'],
    // Only a page that asked for a worker wants to know.
    ...(thread ? [['Runs in', thread.kind, thread.reason] as const] : []),
  ];
}
