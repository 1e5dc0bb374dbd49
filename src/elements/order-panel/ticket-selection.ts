import type { MarketStream } from '../../stream/market-stream.js';
import { isTradable } from '../../stream/verdict.js';
import { takesOrders } from '../../orders/stream-gateway.js';

export interface TicketInterest {
  readonly symbol: string;
  readonly maxAgeMs: number | undefined;
  /** Only an estimate needs the whole book; without a quantity the touch is enough. */
  readonly hasQuantity: boolean;
  /** Whether the picture counts seconds. It always does while prices are in doubt. */
  readonly isTimeShown: boolean;
}

/** What a ticket's picture depends on; it is drawn anew when one of these has changed. */
export function ticketSelection(stream: MarketStream, interest: TicketInterest): readonly unknown[] {
  const { symbol, maxAgeMs, hasQuantity, isTimeShown } = interest;
  const verdict = stream.verdict(symbol);
  const book = stream.book(symbol);
  const now = stream.now();
  const touch = `${book?.bids.priceAt(0)} ${book?.asks.priceAt(0)} ${book?.priceScale}`;
  return [
    stream,
    // Another book may have the same version.
    hasQuantity ? book : touch,
    hasQuantity ? book?.version : touch,
    stream.ticker(symbol)?.price,
    verdict.state,
    verdict.reason,
    maxAgeMs !== undefined && now - verdict.dataAt > maxAgeMs,
    stream.instrument(symbol),
    stream.phase(symbol),
    takesOrders(stream),
    isTimeShown || !isTradable(verdict) ? Math.floor(now / 1000) : 0,
  ];
}
