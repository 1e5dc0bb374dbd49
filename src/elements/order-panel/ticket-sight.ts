import { hasFocus, type Loading, type SightWish } from '../../context/sight.js';
import { isEnded } from '../../orders/order.js';
import { readLoading } from '../internal/loading.js';
import type { TicketWork } from './ticket-selection.js';

/**
 * A ticket sleeps only while nobody is at it: with the focus in it, an entry, a question or an order that may still trade
 * its prices are wanted, seen or not. Its orders stay on the stream in any case.
 */
export function ticketSight(ticket: Element & { readonly loading: Loading }, work: () => TicketWork): SightWish {
  return {
    loading: () => readLoading(ticket, ticket.loading),
    isBusy: () => hasFocus(ticket) || isUnderWay(work()),
    keepsStream: true,
  };
}

function isUnderWay({ entry, submission, desks }: TicketWork): boolean {
  const { quantity, limitPrice, stopPrice } = entry.draft;
  if (submission.confirmation || `${quantity}${limitPrice}${stopPrice}` !== '') return true;
  return desks.desk?.orders.every(isEnded) === false;
}
