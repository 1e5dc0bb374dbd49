import type { MarketStream } from '../../stream/market-stream.js';
import { isOutlived } from '../internal/kept-verdict.js';
import type { TicketDraft } from '../../orders/ticket.js';
import { checkTicket, type TicketCheck, type TicketFacts } from './ticket-check.js';

/** What a ticket knew of the market when it last looked. */
export type Look = Pick<TicketCheck, 'instrument' | 'bid' | 'ask'> & {
  readonly verdict: NonNullable<TicketCheck['verdict']>;
};

/**
 * What a ticket last knew of its symbol, for the time in which it sleeps and the moment after. It is shown, marked as
 * stale; no order goes out on it.
 */
export class LastLook {
  #look: Look | undefined;
  #stream: MarketStream | undefined;
  #symbol = '';
  #isOld = false;

  /** Judges a draft by what is known now, or where that is nothing yet, by what was. Of another symbol nothing is kept. */
  judge(draft: TicketDraft, facts: TicketFacts, isAsleep: boolean): TicketCheck {
    const { stream, symbol } = facts;
    if (stream !== this.#stream || symbol !== this.#symbol) this.#look = undefined;
    this.#stream = stream;
    this.#symbol = symbol;
    if (isAsleep) this.#isOld = true;
    else if (this.#look === undefined || isOutlived(stream, symbol)) this.#isOld = false;
    const check = checkTicket(draft, { ...facts, kept: this.#isOld ? this.#look : undefined });
    const { instrument, bid, ask, verdict } = check;
    if (!this.#isOld && verdict && stream?.book(symbol)) this.#look = { instrument, bid, ask, verdict };
    return check;
  }
}
