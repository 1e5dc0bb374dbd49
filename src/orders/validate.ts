/**
 * Whether a draft may be sent. Every rule gives a code, a field and the numbers to explain it, so that the words stay with the
 * picture; all that is wrong is told, in a fixed order, and nothing is ever put right silently: where a number misses the grid
 * the two nearest that fit are offered.
 */
import { ZERO, add, compare, divideDown, formatDecimal, multiply, parseDecimal, subtract } from '../book/decimal.js';
import type { BookView } from '../book/book.js';
import type { Decimal } from '../book/decimal.js';
import { isGathering, type Instrument, type TradingPhase } from '../book/instrument.js';
import type { TickTable } from '../book/tick-table.js';
import { isTradable } from '../stream/verdict.js';
import type { Verdict } from '../stream/verdict.js';
import { SLIPPAGE_REFUSAL, notionalOf, touchOf } from './estimate.js';
import type { Estimate } from './estimate.js';
import { EXIT_FIELDS, bracketBar, entryPrice, exitDirection, hasExits, isExitPlaced } from './exits.js';
import { isEnded } from './order.js';
import { barOf, type Bar, type Combination, type Offer, type OrderOption } from './combinations.js';
import type { Order, TimeInForce } from './order.js';
import { guessTyped } from './number-input.js';
import { leftOf, type FromBook } from './provenance.js';
import { lotOf, lotsAround, priceFieldsOf } from './ticket.js';
import type { DraftNumbers, ExitField, NumberField, PriceField, TicketDraft } from './ticket.js';

export type IssueCode =
  /** What orders would need is not on the page: a ticket's own word, with `text`. */
  | 'left_out'
  | 'market_closed'
  | 'market_halted'
  | 'auction_limit_only'
  | 'type_not_offered'
  | 'option_barred'
  | 'required'
  | 'not_a_number'
  | 'not_positive'
  | 'less_than_lot'
  | 'off_tick'
  | 'off_lot'
  | 'exits_barred'
  | 'exit_misplaced'
  | 'shown_above_size'
  | 'shown_too_small'
  | 'below_minimum'
  | 'above_maximum'
  | 'notional_too_small'
  | 'notional_too_large'
  | 'outside_band'
  | 'not_enough'
  | 'far_from_touch'
  | 'slippage'
  | 'exceeds_visible'
  | 'no_reference'
  | 'will_fill_at_once'
  | 'would_take'
  | 'triggers_at_once'
  | 'limit_beyond_stop'
  | 'self_cross'
  | 'grows_by_fills'
  | 'no_live_prices'
  | 'prices_too_old'
  | 'account_not_ready'
  | 'level_gone'
  | 'level_smaller';

export interface OrderIssue {
  readonly code: IssueCode;
  /** An error keeps the order back, a warning has to be seen before it goes, a notice is said and no more. */
  readonly severity: 'error' | 'warning' | 'notice';
  /** A warning that seeing is not enough for: a person has to accept it by an act of its own. */
  readonly acknowledge?: true;
  /** Where it shows; `order` is the ticket as a whole. */
  readonly field: NumberField | 'orderType' | 'timeInForce' | 'postOnly' | 'order';
  /** Exact decimal text and names that the message needs. */
  readonly params: Readonly<Record<string, string>>;
  /** The nearest numbers that would pass this rule, lower first. */
  readonly nearest?: readonly Decimal[];
}

export interface ValidationContext {
  readonly instrument: Instrument | undefined;
  readonly tickTable: TickTable | undefined;
  /** What may be chosen, and the time in force that holds. */
  readonly offer: Offer;
  readonly timeInForce: TimeInForce;
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
  /** What the draft has from a row of the book, if anything. */
  readonly from?: FromBook | undefined;
}

/** From this share off the near touch a limit is called far. */
export const FAR_SHARE: Decimal = { units: 5n, scale: 2 };
/** A stop is meant to be off the market: only from this share on is it called far. */
export const STOP_FAR_SHARE: Decimal = { units: 25n, scale: 2 };
/** A spread of more than this share of the mid says nothing of what a fair price is. */
export const WIDE_SHARE: Decimal = { units: 5n, scale: 2 };
/** From these shares worse than the mid on, a market order is noticed, and has to be acknowledged. */
export const SLIPPAGE_NOTICE: Decimal = { units: 2n, scale: 2 };
export const SLIPPAGE_ACKNOWLEDGED: Decimal = { units: 5n, scale: 2 };

/** Everything that is wrong or doubtful, most fundamental first. Empty: the order may go. */
export function validateOrder(draft: TicketDraft, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  const prices = priceFieldsOf(draft.orderType);
  const fields: NumberField[] = [...prices, 'quantity'];
  const entries = fields.flatMap((field) => numberIssues(field, draft, numbers));
  return [
    ...phaseIssues(draft, context),
    ...optionIssues(draft, context),
    ...entries.filter(({ code }) => code === 'required'),
    ...entries.filter(({ code }) => code !== 'required'),
    ...prices.flatMap((field) => tickIssues(field, numbers, context)),
    ...lotIssues('quantity', numbers, context),
    ...shownIssues(draft, numbers, context),
    ...sizeIssues(draft, numbers, context),
    ...prices.flatMap((field) => bandIssues(field, numbers, context)),
    ...exitIssues(draft, numbers, context),
    ...fundIssues(context),
    ...referenceIssues(draft, numbers, context),
    ...takingIssues(draft, numbers, context),
    ...stopIssues(draft, numbers, context),
    ...selfCrossIssues(draft, numbers, context),
    ...provenanceIssues(context),
    ...freshnessIssues(context),
  ];
}

/** Whether nothing keeps the order back. */
export const maySend = (issues: readonly OrderIssue[]): boolean => issues.every((issue) => issue.severity !== 'error');

/** Whether a person has to see something before the order goes. What is no more than said does not count. */
export const isDoubtful = (issues: readonly OrderIssue[]): boolean =>
  issues.some((issue) => issue.severity !== 'notice');

const error = (
  code: IssueCode,
  field: OrderIssue['field'],
  params: OrderIssue['params'] = {},
  nearest?: readonly Decimal[],
): OrderIssue => ({ code, severity: 'error', field, params, ...(nearest === undefined ? {} : { nearest }) });
const notice = (code: IssueCode, field: OrderIssue['field'], params: OrderIssue['params'] = {}): OrderIssue => ({
  code,
  severity: 'notice',
  field,
  params,
});
const warning = (code: IssueCode, field: OrderIssue['field'], params: OrderIssue['params'] = {}): OrderIssue => ({
  code,
  severity: 'warning',
  field,
  params,
});

function phaseIssues({ orderType }: TicketDraft, { phase, offer }: ValidationContext): OrderIssue[] {
  const issues: OrderIssue[] = [];
  if (phase === 'closed') issues.push(error('market_closed', 'order'));
  if (phase === 'halted') issues.push(error('market_halted', 'order'));
  // Before and in an auction there is no touch to trade at.
  if (isGathering(phase) && orderType !== 'limit') issues.push(error('auction_limit_only', 'orderType'));
  if (offer.orderTypes?.includes(orderType) === false)
    issues.push(error('type_not_offered', 'orderType', { type: orderType }));
  return issues;
}

/** The chosen options of a draft as one combination. */
export const combinationOf = (draft: TicketDraft, timeInForce: TimeInForce): Combination => ({
  orderType: draft.orderType,
  timeInForce,
  postOnly: draft.postOnly,
  isIceberg: draft.displayQuantity.trim() !== '',
});

function optionIssues(draft: TicketDraft, { offer, timeInForce }: ValidationContext): OrderIssue[] {
  const combination = combinationOf(draft, timeInForce);
  const issueOf = (option: OrderOption, field: OrderIssue['field']): OrderIssue[] => {
    const bar: Bar | undefined = barOf(option, combination, offer);
    return bar === undefined ? [] : [error('option_barred', field, { option, bar })];
  };
  return [
    ...issueOf(timeInForce, 'timeInForce'),
    ...(combination.postOnly ? issueOf('postOnly', 'postOnly') : []),
    ...(combination.isIceberg ? issueOf('displayQuantity', 'displayQuantity') : []),
  ];
}

/** Of exits that were entered: prices like any, each on its side of the entry. */
function exitIssues(draft: TicketDraft, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  if (!hasExits(draft)) return [];
  const entered = EXIT_FIELDS.filter((field) => draft[field].trim() !== '');
  const bar = bracketBar(draft.side, context.offer.bracket ?? false);
  if (bar !== undefined) return entered.map((field) => error('exits_barred', field, { bar }));
  const touch = touchOf(context.book, draft.side === 'buy' ? 'asks' : 'bids') ?? context.lastPrice;
  const entry = entryPrice(draft, numbers, touch);
  return entered.flatMap((field) => {
    const issues = [
      ...numberIssues(field, draft, numbers),
      ...tickIssues(field, numbers, context),
      ...bandIssues(field, numbers, context),
    ];
    const price = numbers[field];
    if (issues.length > 0 || !price || !entry || isExitPlaced(field, draft.side, price, entry)) return issues;
    const direction = exitDirection(field, draft.side);
    const ticks = context.tickTable;
    const nearest = ticks && [direction === 'above' ? ticks.stepUp(entry) : ticks.stepDown(entry)];
    return [error('exit_misplaced', field, { direction, entry: formatDecimal(entry) }, nearest)];
  });
}

/** Of an iceberg: whole lots, no more than the order and no less than the venue's share of it. */
function shownIssues(draft: TicketDraft, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  const field = 'displayQuantity';
  const { quantity, displayQuantity: shown } = numbers;
  if (draft.displayQuantity.trim() === '') return [];
  const issues = [...numberIssues(field, draft, numbers), ...lotIssues(field, numbers, context)];
  if (shown === undefined || quantity === undefined || issues.length > 0) return issues;
  if (compare(shown, quantity) > 0) return [error('shown_above_size', field, {}, [quantity])];
  const share = parseDecimal(context.offer.icebergMinShare ?? '');
  const least = share && multiply(quantity, share);
  if (least === undefined || compare(shown, least) >= 0) return [];
  const lot = lotOf(context.instrument?.lotSize);
  const nearest = lot ? lotsAround(least, lot)[1] : least;
  return [error('shown_too_small', field, { least: formatDecimal(nearest) }, [nearest])];
}

function numberIssues(field: NumberField, draft: TicketDraft, numbers: DraftNumbers): OrderIssue[] {
  const isMoney = field === 'quantity' && draft.quantityIn === 'money';
  const value = isMoney ? numbers.amount : numbers[field];
  if (draft[field].trim() === '') return [error('required', field)];
  if (value === undefined) {
    const guess = isMoney ? undefined : guessTyped(draft[field]);
    return [error('not_a_number', field, { text: draft[field] }, guess && compare(guess, ZERO) > 0 ? [guess] : [])];
  }
  if (compare(value, ZERO) <= 0) return [error('not_positive', field)];
  if (!isMoney || (numbers.quantity && compare(numbers.quantity, ZERO) > 0)) return [];
  // Where no price turns the money into pieces: a missing one is told at its own field.
  if (numbers.quantity) return [error('less_than_lot', field)];
  return draft.orderType === 'market' ? [error('no_reference', 'order')] : [];
}

function tickIssues(field: PriceField | ExitField, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  const { tickTable } = context;
  const price = numbers[field];
  if (price === undefined || compare(price, ZERO) <= 0 || !tickTable || tickTable.isOnTick(price)) return [];
  const { low = ZERO, high } = bandOf(context) ?? {};
  const around = [tickTable.below(price), tickTable.above(price)].filter(
    (near) => compare(near, ZERO) > 0 && compare(near, low) >= 0 && (high === undefined || compare(near, high) <= 0),
  );
  const nearest = around.length > 0 ? around : edgeNear(price, context);
  return [error('off_tick', field, { tick: formatDecimal(tickTable.tickAt(price)) }, nearest)];
}

function bandIssues(field: PriceField | ExitField, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  const price = numbers[field];
  const { low, high } = bandOf(context) ?? {};
  if (price === undefined || compare(price, ZERO) <= 0 || !low || !high) return [];
  if (compare(price, low) >= 0 && compare(price, high) <= 0) return [];
  const params = { low: formatDecimal(low), high: formatDecimal(high) };
  return [error('outside_band', field, params, edgeNear(price, context))];
}

function bandOf({ instrument }: ValidationContext): { readonly low: Decimal; readonly high: Decimal } | undefined {
  const [low, high] = (instrument?.priceBand ?? []).map(parseDecimal);
  return low && high && { low, high };
}

/** The price of the band, on its grid, that is nearest to one outside of it. */
function edgeNear(price: Decimal, context: ValidationContext): Decimal[] {
  const { low, high } = bandOf(context) ?? {};
  if (!low || !high) return [];
  const { tickTable } = context;
  return [compare(price, low) < 0 ? (tickTable?.above(low) ?? low) : (tickTable?.below(high) ?? high)];
}

function lotIssues(
  field: 'quantity' | 'displayQuantity',
  numbers: DraftNumbers,
  { instrument }: ValidationContext,
): OrderIssue[] {
  const quantity = numbers[field];
  const lot = lotOf(instrument?.lotSize);
  if (quantity === undefined || lot === undefined || compare(quantity, ZERO) <= 0) return [];
  const [below, above] = lotsAround(quantity, lot);
  if (compare(below, above) === 0) return [];
  const nearest = [below, above].filter((near) => compare(near, ZERO) > 0);
  return [error('off_lot', field, { lot: formatDecimal(lot) }, nearest)];
}

/** Whether an order is as large as the venue wants it. */
export function sizeIssues(
  draft: Pick<TicketDraft, 'orderType'>,
  numbers: DraftNumbers,
  context: Pick<ValidationContext, 'instrument' | 'estimate'>,
): OrderIssue[] {
  const { quantity } = numbers;
  if (quantity === undefined || compare(quantity, ZERO) <= 0) return [];
  const { minQuantity, maxQuantity, minNotional, maxNotional } = context.instrument ?? {};
  const issues: OrderIssue[] = [];
  const judge = (value: Decimal | undefined, bound: string | undefined, sign: 1 | -1, code: IssueCode): void => {
    const limit = parseDecimal(bound ?? '');
    if (!value || !limit || compare(value, limit) * sign <= 0) return;
    const lot = lotOf(context.instrument?.lotSize);
    // A bound that is no whole number of lots can't be ordered itself.
    const nearest = lot ? lotsAround(limit, lot)[sign === -1 ? 1 : 0] : limit;
    const isOffered = value === quantity && compare(nearest, ZERO) > 0;
    issues.push(error(code, 'quantity', { limit: formatDecimal(limit) }, isOffered ? [nearest] : undefined));
  };
  const notional = notionalOf(draft.orderType, { ...numbers, quantity }, context.estimate);
  judge(quantity, minQuantity, -1, 'below_minimum');
  judge(quantity, maxQuantity, 1, 'above_maximum');
  judge(notional, minNotional, -1, 'notional_too_small');
  judge(notional, maxNotional, 1, 'notional_too_large');
  return issues;
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
  const { book, estimate } = context;
  if (orderType === 'market') {
    // Barred, and nothing would be right about what else is said of it.
    if (isGathering(context.phase)) return [];
    if (numbers.quantity === undefined || compare(numbers.quantity, ZERO) <= 0) return [];
    if (book === undefined) return [error('no_reference', 'order')];
    if (estimate?.exceedsVisible) {
      return [error('exceeds_visible', 'quantity', { visible: formatDecimal(estimate.filled) })];
    }
    if (estimate?.slippage === undefined) return [error('no_reference', 'order')];
    const isFrom = (tier: Decimal): boolean => compare(estimate.slippage ?? ZERO, tier) >= 0;
    const params = { percent: percentText(estimate.slippage) };
    if (isFrom(SLIPPAGE_REFUSAL)) return [error('slippage', 'order', params)];
    if (isFrom(SLIPPAGE_ACKNOWLEDGED)) return [{ ...warning('slippage', 'order', params), acknowledge: true }];
    return isFrom(SLIPPAGE_NOTICE) ? [notice('slippage', 'order', params)] : [];
  }
  const price = numbers.limitPrice;
  if (price === undefined || orderType !== 'limit') return [];
  const beyond = estimate?.exceedsVisible
    ? [warning('exceeds_visible', 'quantity', { visible: formatDecimal(estimate.filled) })]
    : [];
  return [...beyond, ...farIssues(side, price, context)];
}

/** A price that is far from where the market is. */
function farIssues(side: TicketDraft['side'], price: Decimal, context: ValidationContext): OrderIssue[] {
  const { book, lastPrice } = context;
  const last = isWide(book) || context.phase !== 'continuous' ? lastPrice : undefined;
  const near = last ?? touchOf(book, side === 'buy' ? 'bids' : 'asks') ?? lastPrice;
  if (near === undefined || compare(near, ZERO) <= 0) return [warning('no_reference', 'limitPrice')];
  return far('limitPrice', price, near, near === lastPrice ? 'last' : 'best', FAR_SHARE);
}

function far(
  field: PriceField,
  price: Decimal,
  near: Decimal,
  reference: 'last' | 'best' | 'stop',
  share: Decimal,
): OrderIssue[] {
  const distance = subtract(price, near);
  const away = divideDown(compare(distance, ZERO) < 0 ? subtract(ZERO, distance) : distance, near, 8);
  if (compare(away, share) < 0) return [];
  const direction = compare(distance, ZERO) < 0 ? 'below' : 'above';
  return [
    warning('far_from_touch', field, { percent: percentText(away), touch: formatDecimal(near), direction, reference }),
  ];
}

/** Whether the best prices are so far apart that neither says what is fair. */
function isWide(book: BookView | undefined): boolean {
  const [bid, ask] = [touchOf(book, 'bids'), touchOf(book, 'asks')];
  if (!bid || !ask) return false;
  return compare(multiply(subtract(ask, bid), { units: 2n, scale: 0 }), multiply(add(bid, ask), WIDE_SHARE)) > 0;
}

/** Whether a limit order takes what is there already: wanted by most, and by a post-only never. */
function takingIssues(draft: TicketDraft, numbers: DraftNumbers, context: ValidationContext): OrderIssue[] {
  const { book, tickTable, estimate } = context;
  const { limitPrice } = numbers;
  if (draft.orderType !== 'limit' || limitPrice === undefined) return [];
  if (!draft.postOnly) {
    if (!estimate?.vwap || context.phase !== 'continuous') return [];
    const params = { filled: formatDecimal(estimate.filled), vwap: formatDecimal(estimate.vwap) };
    return [notice('will_fill_at_once', 'order', params)];
  }
  // Nothing is taken there, and it is barred as it is.
  if (isGathering(context.phase)) return [];
  const isBuy = draft.side === 'buy';
  const touch = touchOf(book, isBuy ? 'asks' : 'bids');
  if (!touch || compare(limitPrice, touch) * (isBuy ? 1 : -1) < 0) return [];
  const nearest = tickTable && [isBuy ? tickTable.stepDown(touch) : tickTable.stepUp(touch)];
  return [error('would_take', 'limitPrice', { touch: formatDecimal(touch) }, nearest)];
}

function stopIssues(
  { side, orderType }: TicketDraft,
  numbers: DraftNumbers,
  { book, lastPrice }: ValidationContext,
): OrderIssue[] {
  const { stopPrice, limitPrice } = numbers;
  if (stopPrice === undefined || compare(stopPrice, ZERO) <= 0) return [];
  const issues: OrderIssue[] = [];
  const sign = side === 'buy' ? 1 : -1;
  const near = lastPrice ?? touchOf(book, side === 'buy' ? 'asks' : 'bids');
  const reference = lastPrice ? 'last' : 'best';
  // A buy is triggered at or above its stop, a sale at or below it; touching counts.
  if (near && compare(near, stopPrice) * sign >= 0) {
    issues.push(warning('triggers_at_once', 'stopPrice', { last: formatDecimal(near), reference }));
  } else if (near && compare(near, ZERO) > 0) {
    issues.push(...far('stopPrice', stopPrice, near, reference, STOP_FAR_SHARE));
  } else {
    issues.push(warning('no_reference', 'stopPrice'));
  }
  if (orderType === 'stop_limit' && limitPrice && compare(limitPrice, ZERO) > 0) {
    issues.push(...far('limitPrice', limitPrice, stopPrice, 'stop', FAR_SHARE));
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
  // A limit that nobody has named yet meets nobody.
  if (orderType !== 'market' && (orderType !== 'limit' || numbers.limitPrice === undefined)) return [];
  const sign = side === 'buy' ? 1 : -1;
  const own = context.ownOrders.find((order) => {
    if (order.request.side === side || order.request.orderType !== 'limit' || isEnded(order)) return false;
    const price = parseDecimal(order.limitPrice ?? '');
    return price !== undefined && (numbers.limitPrice === undefined || compare(numbers.limitPrice, price) * sign >= 0);
  });
  return own === undefined ? [] : [warning('self_cross', 'order', { price: own.limitPrice ?? '' })];
}

/** Whether a row that something came from is still as it was: the numbers are a person's wish, the row was its reason. */
function provenanceIssues({ from, book }: ValidationContext): OrderIssue[] {
  const left = from && book && leftOf(from, book);
  if (!from || !left) return [];
  const params = {
    price: formatDecimal(from.price),
    old: formatDecimal(from.size),
    new: formatDecimal(left),
    reach: from.isDepth ? 'depth' : 'level',
  };
  if (compare(left, ZERO) <= 0) return [warning('level_gone', from.priceField ?? 'quantity', params)];
  return from.taken && compare(left, from.taken) < 0 ? [notice('level_smaller', 'quantity', params)] : [];
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
