import { html, nothing, type TemplateResult } from 'lit';
import type { Verdict } from '../../stream/verdict.js';

export interface NoticeFacts {
  readonly hasBook: boolean;
  readonly isEmpty: boolean;
  readonly isFeedMissing: boolean;
  readonly symbol: string;
  readonly verdict: Verdict;
  /** Whether the connection stands and speaks a dialect that has no books. */
  readonly feedHasNoBook: boolean;
}

/** Whether nothing on this page will ever make this book appear. */
export function isHopeless(facts: NoticeFacts): boolean {
  if (facts.hasBook) return false;
  return facts.isFeedMissing || facts.feedHasNoBook || facts.verdict.reason === 'unknown_symbol' || facts.symbol === '';
}

/** Whether the first rows are on their way. A feed that has been silent for too long has stopped promising them. */
export function isWaiting(facts: NoticeFacts): boolean {
  return !facts.hasBook && !isHopeless(facts) && facts.verdict.reason !== 'feed_silent';
}

/** What stands over the sides while there are no rows, or nothing. A skeleton alone means: it is coming. */
export function bookNotice(facts: NoticeFacts): TemplateResult | typeof nothing {
  const { hasBook, symbol, verdict } = facts;
  if (hasBook) return facts.isEmpty ? notice('The book is empty', 'Nobody bids or offers at the moment.') : nothing;
  if (symbol === '') return notice('No symbol', 'Set the symbol attribute.');
  if (verdict.reason === 'unknown_symbol') return notice(`No ${symbol} here`, 'The feed does not know this symbol.');
  if (facts.isFeedMissing) return notice('No feed', 'Put this element inside <market-stream>, or give it a src.');
  if (facts.feedHasNoBook) return notice('No order book', 'This feed sends last prices only.');
  if (verdict.reason === 'feed_silent') return notice(`Nothing of ${symbol} yet`, 'The feed may not know this symbol.');
  return nothing;
}

function notice(head: string, text: string): TemplateResult {
  return html`<div class="notice" part="notice"><span><b>${head}</b><br />${text}</span></div>`;
}
