import { isUnanswered } from '../../orders/order.js';
import { takesOrders } from '../../orders/stream-gateway.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { isTradable } from '../../stream/verdict.js';
import type { Arming } from './arming.js';
import type { DeskController } from './desk-controller.js';
import type { TicketEntry } from './ticket-entry.js';
import type { TicketSubmission } from './ticket-submission.js';

/** What a ticket is about, as it is at any moment. */
export interface TicketWork {
  readonly ticket: { readonly symbol: string; readonly maxAge: number | undefined };
  readonly entry: Pick<TicketEntry, 'draft' | 'picked'>;
  readonly submission: Pick<TicketSubmission, 'confirmation'>;
  readonly desks: Pick<DeskController, 'desk'>;
  readonly arming: Pick<Arming, 'check'>;
  /** The symbol of an order that is being changed, if any. */
  readonly amending: { readonly symbol: string | undefined };
}

/** What the form that changes an order of this symbol depends on. */
export function amendSelection(stream: MarketStream, symbol: string): readonly unknown[] {
  const { state, reason } = stream.verdict(symbol);
  return [stream.book(symbol), stream.book(symbol)?.version, state, reason, stream.phase(symbol)];
}

/** What a ticket's picture depends on; it is drawn anew when one of these has changed. */
export function ticketSelection(stream: MarketStream, work: TicketWork): readonly unknown[] {
  const { symbol, maxAge } = work.ticket;
  const { draft, picked } = work.entry;
  const verdict = stream.verdict(symbol);
  const book = stream.book(symbol);
  const now = stream.now();
  const touch = `${book?.bids.priceAt(0)} ${book?.asks.priceAt(0)} ${book?.priceScale}`;
  const isTouchEnough = draft.quantity === '' && picked === undefined;
  // Seconds are counted for what is waited for, and always while prices are in doubt.
  const isConfirming = work.submission.confirmation !== undefined;
  const isTimeShown = isConfirming || picked !== undefined || work.desks.desk?.orders.some(isUnanswered) === true;
  return [
    stream,
    // Only an estimate, and a row that was picked, need the whole book; else the touch is enough. Another book may have the same
    // version.
    isTouchEnough ? touch : book,
    isTouchEnough ? touch : book?.version,
    stream.ticker(symbol)?.price,
    verdict.state,
    verdict.reason,
    maxAge !== undefined && now - verdict.dataAt > maxAge,
    stream.instrument(symbol),
    stream.phase(symbol),
    takesOrders(stream),
    work.arming.check(),
    isTimeShown || !isTradable(verdict) ? Math.floor(now / 1000) : 0,
    ...(work.amending.symbol === undefined ? [] : amendSelection(stream, work.amending.symbol)),
  ];
}
