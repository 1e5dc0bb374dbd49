import { ZERO, add, compare, formatDecimal, parseDecimal, type Decimal } from '../../book/decimal.js';
import { reservationTerms } from '../../orders/estimate.js';
import { reservedBy } from '../../orders/ledger.js';
import { formatForInput, type NumberSeparators } from '../../orders/number-input.js';
import type { OrderRequest } from '../../orders/order.js';
import { priceFieldsOf, type NumberField } from '../../orders/ticket.js';
import { maySend, type OrderIssue } from '../../orders/validate.js';
import { checkTicket, type TicketCheck, type TicketFacts } from '../order-panel/ticket-check.js';

/** An order with its present terms. */
export interface AmendableOrder {
  readonly request: OrderRequest;
  readonly quantity: Decimal;
  readonly filled: Decimal;
  readonly leaves: Decimal;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
}

/** What is asked of the venue: `quantity` is the whole of it, with what has filled. */
export interface AmendTerms {
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
}

/** Texts as typed; `quantity` is what shall be left to trade. */
export type AmendDraft = Readonly<Record<NumberField, string>>;

export interface AmendCheck {
  readonly ticket: TicketCheck;
  readonly issues: readonly OrderIssue[];
  readonly isChanged: boolean;
  /** What would be asked for; undefined while nothing has changed or something is wrong. */
  readonly terms: AmendTerms | undefined;
}

/** The present terms as they would be typed. */
export function amendDraftOf(order: AmendableOrder, separators: NumberSeparators, priceScale: number): AmendDraft {
  const price = (text: string | null): string => {
    const value = parseDecimal(text ?? '');
    return value ? formatForInput(value, separators, Math.max(priceScale, value.scale)) : '';
  };
  return {
    quantity: formatForInput(order.leaves, separators),
    limitPrice: price(order.limitPrice),
    stopPrice: price(order.stopPrice),
  };
}

/** Judges a change by the rules of a new order for what shall be left, with what the order holds back already counted as free. */
export function checkAmend(order: AmendableOrder, draft: AmendDraft, facts: TicketFacts): AmendCheck {
  const { side, orderType, symbol } = order.request;
  const ticket = checkTicket({ ...draft, side, orderType }, { ...facts, symbol });
  const { numbers, required, available } = ticket;
  const present = {
    quantity: order.leaves,
    limitPrice: parseDecimal(order.limitPrice ?? ''),
    stopPrice: parseDecimal(order.stopPrice ?? ''),
  };
  const terms = reservationTerms({ side, orderType, symbol, ...present }, undefined, ticket.instrument);
  const held = terms ? reservedBy(terms, order.leaves) : ZERO;
  const isCovered = required !== undefined && available !== undefined && compare(required, add(available, held)) <= 0;
  const issues = ticket.issues.filter(({ code }) => code !== 'not_enough' || !isCovered);
  const fields: readonly NumberField[] = ['quantity', ...priceFieldsOf(orderType)];
  const isChanged = fields.some((field) => {
    const [before, after] = [present[field], numbers[field]];
    return before === undefined || after === undefined || compare(before, after) !== 0;
  });
  const price = (field: 'limitPrice' | 'stopPrice'): string | null => {
    const value = numbers[field];
    return value ? formatDecimal(value, ticket.tickTable?.scale ?? 0) : null;
  };
  return {
    ticket,
    issues,
    isChanged,
    terms:
      isChanged && maySend(issues) && numbers.quantity
        ? {
            quantity: formatDecimal(add(order.filled, numbers.quantity)),
            limitPrice: price('limitPrice'),
            stopPrice: price('stopPrice'),
          }
        : undefined,
  };
}
