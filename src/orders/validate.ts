/**
 * Whether a draft may be sent. Every rule gives a code, a field and the numbers to explain it, so that the words stay with the
 * picture; all that is wrong is told, in a fixed order, and nothing is ever put right silently: where a number misses the grid
 * the two nearest that fit are offered.
 */
import { ZERO, compare, divideDown, formatDecimal, multiply, parseDecimal, subtract } from '../book/decimal.js';
import type { BookView } from '../book/book.js';
import type { Decimal } from '../book/decimal.js';
import type { Instrument, TradingPhase } from '../book/instrument.js';
import type { TickTable } from '../book/tick-table.js';
import { isTradable } from '../stream/verdict.js';
import type { Verdict } from '../stream/verdict.js';
import { touchOf } from './estimate.js';
import type { Estimate } from './estimate.js';
import { isEnded } from './order.js';
import type { Order } from './order.js';
import { lotOf, lotsAround, priceFieldsOf } from './ticket.js';
import type { DraftNumbers, NumberField, TicketDraft } from './ticket.js';

export type IssueCode =
  | 'market_closed'
  | 'market_halted'
  | 'auction_limit_only'
  | 'type_not_offered'
  | 'required'
  | 'not_a_number'
  | 'not_positive'
  | 'off_tick'
  | 'off_lot'
  | 'outside_band'
  | 'not_enough'
  | 'far_from_touch'
  | 'slippage'
  | 'exceeds_visible'
  | 'no_reference'
  | 'triggers_at_once'
  | 'limit_beyond_stop'
  | 'self_cross'
  | 'no_live_prices'
  | 'prices_too_old'
  | 'account_not_ready';

export interface OrderIssue {
  readonly code: IssueCode;
  /** An error keeps the order back; a warning has to be seen before it goes. */
  readonly severity: 'error' | 'warning';
  /** Where it shows; `order` is the ticket as a whole. */
  readonly field: NumberField | 'orderType' | 'order';
  /** Exact decimal text and names that the message needs. */
  readonly params: Readonly<Record<string, string>>;
  /** The nearest numbers that would pass this rule, lower first. */
  readonly nearest?: readonly Decimal[];
}

export interface ValidationContext {
  readonly instrument: Instrument | undefined;
  readonly tickTable: TickTable | undefined;
  readonly phase: TradingPhase;
  readonly book: BookView | undefined;
  readonly lastPrice: Decimal | undefined;
  readonly verdict: Verdict | undefined;
  /** Now, in the clock of the verdict. */
  readonly now: number;
  /** Prices older than this are refused, in milliseconds. Default: the verdict alone decides. */
  readonly maxAgeMs?: number | undefined;
  readonly estimate: Estimate | undefined;
  /** What the order would hold back and what there is; left out where that is not known. */
  readonly funds?: { readonly required: Decimal; readonly available: Decimal; readonly asset: string } | undefined;
  /** Orders of the same account and symbol. */
  readonly ownOrders: readonly Order[];
  /** False while orders and balances of the account may be behind. */
  readonly isAccountReady: boolean;
}

/** From this share off the near touch a limit is called far. */
export const FAR_SHARE: Decimal = { units: 5n, scale: 2 };
/** From these shares worse than the mid on, a market order is warned of, and refused. */
export const SLIPPAGE_WARNING: Decimal = { units: 2n, scale: 2 };
export const SLIPPAGE_REFUSAL: Decimal = { units: 10n, scale: 2 };

/** Everything that is wrong or doubtful, most fundamental first. Empty: the order may go. */
export function validateOrder(draft: TicketDraft, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  const fields: NumberField[] = [...priceFieldsOf(draft.orderType), 'quantity'];
  return [
    ...phaseIssues(draft, context),
    ...fields.flatMap((field) => numberIssues(field, draft, numbers)),
    ...fields.flatMap((field) =>
      field === 'quantity' ? lotIssues(numbers, context) : priceIssues(field, numbers, context),
    ),
    ...fundIssues(context),
    ...referenceIssues(draft, numbers, context),
    ...stopIssues(draft, numbers, context),
    ...selfCrossIssues(draft, numbers, context),
    ...freshnessIssues(context),
  ];
}

/** Whether nothing keeps the order back. */
export const maySend = (issues: readonly OrderIssue[]): boolean => issues.every((issue) => issue.severity !== 'error');

const error = (
  code: IssueCode,
  field: OrderIssue['field'],
  params: OrderIssue['params'] = {},
  nearest?: readonly Decimal[],
): OrderIssue => ({ code, severity: 'error', field, params, ...(nearest === undefined ? {} : { nearest }) });
const warning = (code: IssueCode, field: OrderIssue['field'], params: OrderIssue['params'] = {}): OrderIssue => ({
  code,
  severity: 'warning',
  field,
  params,
});

function phaseIssues({ orderType }: TicketDraft, { phase, instrument }: ValidationContext): OrderIssue[] {
  const issues: OrderIssue[] = [];
  if (phase === 'closed') issues.push(error('market_closed', 'order'));
  if (phase === 'halted') issues.push(error('market_halted', 'order'));
  // Before and in an auction there is no touch to trade at.
  const isAuction = phase === 'pre_open' || phase === 'auction';
  if (isAuction && orderType !== 'limit') issues.push(error('auction_limit_only', 'orderType'));
  if (instrument?.orderTypes?.includes(orderType) === false) issues.push(error('type_not_offered', 'orderType'));
  return issues;
}

function numberIssues(field: NumberField, draft: TicketDraft, numbers: DraftNumbers): OrderIssue[] {
  const value = numbers[field];
  if (draft[field].trim() === '') return [error('required', field)];
  if (value === undefined) return [error('not_a_number', field, { text: draft[field] })];
  return compare(value, ZERO) > 0 ? [] : [error('not_positive', field)];
}

function priceIssues(field: NumberField, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  const price = numbers[field];
  if (price === undefined || compare(price, ZERO) <= 0) return [];
  const { tickTable, instrument } = context;
  const issues: OrderIssue[] = [];
  if (tickTable && !tickTable.isOnTick(price)) {
    const nearest = [tickTable.below(price), tickTable.above(price)].filter((near) => compare(near, ZERO) > 0);
    issues.push(error('off_tick', field, { tick: formatDecimal(tickTable.tickAt(price)) }, nearest));
  }
  const [low, high] = (instrument?.priceBand ?? []).map(parseDecimal);
  if (low && high && (compare(price, low) < 0 || compare(price, high) > 0)) {
    const bound = compare(price, low) < 0 ? (tickTable?.above(low) ?? low) : (tickTable?.below(high) ?? high);
    issues.push(error('outside_band', field, { low: formatDecimal(low), high: formatDecimal(high) }, [bound]));
  }
  return issues;
}

function lotIssues({ quantity }: DraftNumbers, { instrument }: ValidationContext): OrderIssue[] {
  const lot = lotOf(instrument?.lotSize);
  if (quantity === undefined || lot === undefined || compare(quantity, ZERO) <= 0) return [];
  const [below, above] = lotsAround(quantity, lot);
  if (compare(below, above) === 0) return [];
  const nearest = [below, above].filter((near) => compare(near, ZERO) > 0);
  return [error('off_lot', 'quantity', { lot: formatDecimal(lot) }, nearest)];
}

function fundIssues({ funds }: ValidationContext): OrderIssue[] {
  if (funds === undefined || compare(funds.required, funds.available) <= 0) return [];
  const { required, available, asset } = funds;
  const missing = subtract(required, available);
  return [
    error('not_enough', 'quantity', {
      required: formatDecimal(required),
      available: formatDecimal(available),
      missing: formatDecimal(missing),
      asset,
    }),
  ];
}

/** How the order stands to the market: the reference is named, and where it is missing the rule does not pass by default. */
function referenceIssues(
  { side, orderType }: TicketDraft,
  numbers: DraftNumbers,
  context: ValidationContext,
): OrderIssue[] {
  const { book, lastPrice, estimate } = context;
  if (orderType === 'market') {
    if (numbers.quantity === undefined || compare(numbers.quantity, ZERO) <= 0) return [];
    if (book === undefined) return [error('no_reference', 'order')];
    if (estimate?.exceedsVisible) {
      return [error('exceeds_visible', 'quantity', { visible: formatDecimal(estimate.fillsNow) })];
    }
    if (estimate?.slippage === undefined) return [error('no_reference', 'order')];
    if (compare(estimate.slippage, SLIPPAGE_WARNING) < 0) return [];
    const params = { percent: percentText(estimate.slippage) };
    const isRefused = compare(estimate.slippage, SLIPPAGE_REFUSAL) >= 0;
    return [isRefused ? error('slippage', 'order', params) : warning('slippage', 'order', params)];
  }
  const price = numbers.limitPrice;
  if (price === undefined || orderType !== 'limit') return [];
  const near = touchOf(book, side === 'buy' ? 'bids' : 'asks') ?? lastPrice;
  if (near === undefined || compare(near, ZERO) <= 0) return [warning('no_reference', 'limitPrice')];
  const distance = subtract(price, near);
  const away = divideDown(compare(distance, ZERO) < 0 ? subtract(ZERO, distance) : distance, near, 8);
  if (compare(away, FAR_SHARE) < 0) return [];
  const direction = compare(distance, ZERO) < 0 ? 'below' : 'above';
  return [
    warning('far_from_touch', 'limitPrice', { percent: percentText(away), touch: formatDecimal(near), direction }),
  ];
}

function stopIssues(
  { side, orderType }: TicketDraft,
  numbers: DraftNumbers,
  { lastPrice }: ValidationContext,
): OrderIssue[] {
  const { stopPrice, limitPrice } = numbers;
  if (stopPrice === undefined) return [];
  const issues: OrderIssue[] = [];
  const sign = side === 'buy' ? 1 : -1;
  // A buy is triggered at or above its stop, a sale at or below it; touching counts.
  if (lastPrice && compare(lastPrice, stopPrice) * sign >= 0) {
    issues.push(warning('triggers_at_once', 'stopPrice', { last: formatDecimal(lastPrice) }));
  }
  if (orderType === 'stop_limit' && limitPrice && compare(limitPrice, stopPrice) * sign < 0) {
    issues.push(warning('limit_beyond_stop', 'limitPrice'));
  }
  return issues;
}

function selfCrossIssues(
  { side, orderType }: TicketDraft,
  numbers: DraftNumbers,
  context: ValidationContext,
): OrderIssue[] {
  if (orderType !== 'limit' && orderType !== 'market') return [];
  const sign = side === 'buy' ? 1 : -1;
  const own = context.ownOrders.find((order) => {
    if (order.request.side === side || order.request.orderType !== 'limit' || isEnded(order)) return false;
    const price = parseDecimal(order.limitPrice ?? '');
    return price !== undefined && (numbers.limitPrice === undefined || compare(numbers.limitPrice, price) * sign >= 0);
  });
  return own === undefined ? [] : [warning('self_cross', 'order', { price: own.limitPrice ?? '' })];
}

function freshnessIssues({ verdict, now, maxAgeMs, isAccountReady }: ValidationContext): OrderIssue[] {
  const issues: OrderIssue[] = [];
  if (!isTradable(verdict)) issues.push(error('no_live_prices', 'order', { state: verdict?.state ?? 'disconnected' }));
  else if (verdict && maxAgeMs !== undefined && now - verdict.dataAt > maxAgeMs) {
    issues.push(error('prices_too_old', 'order', { ageMs: String(now - verdict.dataAt) }));
  }
  if (!isAccountReady) issues.push(error('account_not_ready', 'order'));
  return issues;
}

/** A share as percent with one decimal, cut: `0.0734` is `7.3`. */
const percentText = (share: Decimal): string =>
  formatDecimal(divideDown(multiply(share, { units: 100n, scale: 0 }), { units: 1n, scale: 0 }, 1));
