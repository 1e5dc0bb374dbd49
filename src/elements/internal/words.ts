import type { TradingPhase } from '../../book/instrument.js';
import type { VerdictReason, VerdictState } from '../../stream/verdict.js';

/**
 * The words of the book, the status and the provider, in English. The ticket's own stand beside the ticket. Plain
 * objects, so that a page or a later translation can hand in others.
 */
export const STATE_WORDS: Readonly<Record<VerdictState, string>> = {
  live: 'Live',
  quiet: 'Quiet',
  delayed: 'Delayed',
  stale: 'Stale',
  resyncing: 'Resyncing',
  crossed: 'Crossed',
  closed: 'Closed',
  disconnected: 'Disconnected',
};

/** The phases in which nothing trades: the book may be crossed, and its spread says nothing. */
export const PHASE_WORDS = {
  pre_open: 'Pre-open',
  auction: 'Auction',
  halted: 'Halted',
  closed: 'Closed',
} as const satisfies Record<Exclude<TradingPhase, 'continuous'>, string>;

export const REASON_WORDS: Readonly<Record<VerdictReason, string>> = {
  ok: '',
  no_news: 'no news from the market',
  late_data: 'the feed sends old data',
  idle: 'no connection yet',
  connecting: 'connecting',
  reconnecting: 'connection lost',
  offline: 'cannot reach the feed',
  refused: 'the feed refused the connection',
  heartbeat_missed: 'the feed does not answer',
  feed_silent: 'nothing has come from the feed',
  feed_overrun: 'more came than could be kept',
  awaiting_snapshot: 'waiting for the book',
  sequence_gap: 'a message was lost',
  bad_checksum: 'the book did not match its checksum',
  bad_message: 'the feed sent a bad message',
  crossed_book: 'bid and ask overlap',
  no_book: 'the feed sends no order book',
  unknown_symbol: 'the feed does not know this symbol',
  not_subscribed: 'not subscribed',
  market_closed: 'the market is closed',
  market_halted: 'trading is halted',
  paused: 'paused',
  out_of_sight: 'was out of sight',
  by_hand: 'fed by the page',
};
