import { html, type TemplateResult } from 'lit';
import type { MarketStream } from '../../stream/market-stream.js';
import { isTradable, type Verdict } from '../../stream/verdict.js';
import { verdictLine } from '../internal/verdict-words.js';

/** The line that says whether the numbers below can be trusted. Its place is always kept, so that a doubt moves nothing. */
export function truthLine(
  verdict: Verdict,
  stream: MarketStream | undefined,
  hasBook: boolean,
  now: number,
  lang: string,
): TemplateResult {
  const { head, tail } = verdictLine(verdict, stream, now, lang);
  const tone = isTradable(verdict) ? verdict.state : hasBook ? 'doubt' : 'wait';
  // One text, so that a word that grows pushes nothing aside. The line break counts in a narrow place only.
  const text = [head, tail].filter((words) => words !== '').join('\u2003\n');
  return html`<div class="truth ${tone}" part="status"><i></i><span dir="auto">${text}</span></div>`;
}
