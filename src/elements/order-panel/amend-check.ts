import { ZERO, add, compare, formatDecimal, parseDecimal, subtract, type Decimal } from '../../book/decimal.js';
import { reservationTerms } from '../../orders/estimate.js';
import { reservedBy } from '../../orders/ledger.js';
import { formatForInput, type NumberSeparators } from '../../orders/number-input.js';
import type { WantedTerms } from '../../orders/desk-types.js';
import type { Order } from '../../orders/order.js';
import { EMPTY_DRAFT, priceFieldsOf, type ExitField, type TicketDraft } from '../../orders/ticket.js';
import { maySend, sizeIssues, type IssueCode, type OrderIssue } from '../../orders/validate.js';
import { checkTicket, type TicketCheck, type TicketFacts } from './ticket-check.js';

/** An order with its present terms. */
export type AmendableOrder = Pick<Order, 'request' | 'quantity' | 'filled' | 'leaves' | 'limitPrice' | 'stopPrice'>;

/** Texts as typed; `quantity` is what shall be left to trade. */
export type AmendDraft = Readonly<Record<AmendField, string>>;

export type AmendField = 'quantity' | 'limitPrice' | 'stopPrice';

/** The fields of an order that can be changed, in the order in which they stand. */
export const amendFieldsOf = ({ request }: AmendableOrder): readonly AmendField[] => [
  ...priceFieldsOf(request.orderType),
  // An exit is as large as its pair.
  ...(request.parent === undefined ? (['quantity'] as const) : []),
];

export interface AmendCheck {
  readonly ticket: TicketCheck;
  readonly issues: readonly OrderIssue[];
  readonly isChanged: boolean;
  /** What would be asked for; undefined while nothing has changed or something is wrong. */
  readonly terms: WantedTerms | undefined;
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
  const { side, orderType, symbol, timeInForce, postOnly = false } = order.request;
  const exits = exitTextsOf(order, facts.separators);
  const wish = { ...EMPTY_DRAFT, ...draft, ...exits, side, orderType, timeInForce, postOnly };
  const ticket = checkTicket(wish, { ...facts, symbol });
  const { numbers, required, available, tickTable } = ticket;
  const present = {
    quantity: order.leaves,
    limitPrice: parseDecimal(order.limitPrice ?? ''),
    stopPrice: parseDecimal(order.stopPrice ?? ''),
  };
  const terms = reservationTerms({ side, orderType, symbol, ...present }, undefined, ticket.instrument);
  const held = terms ? reservedBy(terms, order.leaves) : ZERO;
  const isCovered = required !== undefined && available !== undefined && compare(required, add(available, held)) <= 0;
  const total = numbers.quantity && add(order.filled, numbers.quantity);
  const issues = ticket.issues
    .filter(
      ({ code }) =>
        // It has them already, whatever is known of what is offered.
        code !== 'exits_barred' && !(code === 'not_enough' && isCovered) && !SIZE_RULES.has(code),
    )
    .concat(totalIssues(order, total, wish, ticket));
  const isChanged = amendFieldsOf(order).some((field) => {
    const [before, after] = [present[field], numbers[field]];
    return before === undefined || after === undefined || compare(before, after) !== 0;
  });
  const price = (field: 'limitPrice' | 'stopPrice'): WantedTerms => {
    const value = numbers[field];
    return value ? { [field]: formatDecimal(value, tickTable?.scale ?? 0) } : {};
  };
  const maySendIt = isChanged && total !== undefined && maySend(issues);
  return {
    ticket,
    issues,
    isChanged,
    terms: maySendIt
      ? {
          ...(order.request.parent === undefined ? { quantity: formatDecimal(total) } : {}),
          ...price('limitPrice'),
          ...price('stopPrice'),
        }
      : undefined,
  };
}

/** The exits that the order was placed with: its price has to stay between them. */
function exitTextsOf({ request }: AmendableOrder, separators: NumberSeparators): Record<ExitField, string> {
  const text = (price: string | undefined): string => {
    const value = parseDecimal(price ?? '');
    return value ? formatForInput(value, separators, value.scale) : '';
  };
  return { takeProfit: text(request.takeProfit), stopLoss: text(request.stopLoss) };
}

const SIZE_RULES: ReadonlySet<IssueCode> = new Set<IssueCode>([
  'below_minimum',
  'above_maximum',
  'notional_too_small',
  'notional_too_large',
]);

/** The venue's least and most are of the whole order; what would do is told as what shall be left of it. */
const totalIssues = (
  { filled }: AmendableOrder,
  total: Decimal | undefined,
  wish: Pick<TicketDraft, 'orderType'>,
  { numbers, instrument }: TicketCheck,
): OrderIssue[] =>
  sizeIssues(wish, { ...numbers, quantity: total }, { instrument, estimate: undefined }).map((issue) => ({
    ...issue,
    ...(issue.nearest ? { nearest: issue.nearest.map((quantity) => subtract(quantity, filled)) } : {}),
  }));
