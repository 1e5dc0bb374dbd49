import { isZero, type Decimal } from '../../book/decimal.js';
import type { Bar, OrderOption } from '../../orders/combinations.js';
import { FORGOTTEN, type Order, type OrderState, type OrderType, type TimeInForce } from '../../orders/order.js';
import { entryOf, exitFieldOf } from '../../orders/exits.js';
import type { ExitField, NumberField } from '../../orders/ticket.js';
import type { OrderIssue } from '../../orders/validate.js';
import type { DeskChange } from '../../orders/desk-types.js';
import { REASON_WORDS } from '../internal/words.js';
import type { Verdict } from '../../stream/verdict.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';

/** The words of the ticket, in English. */
export const FIELD_WORDS: Readonly<Record<NumberField, string>> = {
  quantity: 'Quantity',
  limitPrice: 'Price',
  stopPrice: 'Stop price',
  displayQuantity: 'Shown quantity',
  takeProfit: 'Take profit',
  stopLoss: 'Stop loss',
};

export const TYPE_WORDS: Readonly<Record<OrderType, string>> = {
  limit: 'Limit',
  market: 'Market',
  stop: 'Stop',
  stop_limit: 'Stop limit',
};

export const TIME_WORDS: Readonly<Record<TimeInForce, string>> = { day: 'Day', gtc: 'GTC', ioc: 'IOC', fok: 'FOK' };

/** What the short ones stand for. */
export const TIME_MEANINGS: Readonly<Record<TimeInForce, string>> = {
  day: 'until the end of the day',
  gtc: 'good till cancelled',
  ioc: 'what fills at once; the rest is cancelled',
  fok: 'all of it at once, or nothing',
};

export const OPTION_WORDS: Readonly<Record<OrderOption, string>> = {
  ...TYPE_WORDS,
  ...TIME_WORDS,
  postOnly: 'Post-only',
  displayQuantity: 'Show a part',
};

export const BAR_WORDS: Readonly<Record<Bar, string>> = {
  not_offered: 'not offered here',
  auction: 'not in the auction',
  market: 'not for market orders',
  stop: 'not for stop orders',
  limit_only: 'for limit orders only',
  immediate: 'not with IOC or FOK',
  post_only: 'not with post-only',
  iceberg: 'not while a part is shown',
};

export const STATE_WORDS: Readonly<Record<OrderState, string>> = {
  submitting: 'Sending',
  pending_new: 'Sent, no answer yet',
  unknown: 'Outcome unknown',
  open: 'Open',
  partially_filled: 'Partly filled',
  filled: 'Filled',
  pending_cancel: 'Cancelling',
  pending_replace: 'Changing',
  suspended: 'Suspended',
  done_for_day: 'Done for the day',
  cancelled: 'Cancelled',
  expired: 'Expired',
  rejected: 'Rejected',
};

const REJECT_WORDS: Readonly<Record<string, string>> = {
  insufficient_funds: 'not enough money',
  insufficient_position: 'not enough to sell',
  unknown_symbol: 'the venue does not know this symbol',
  bad_price: 'the price is not on the venue’s step',
  bad_quantity: 'the quantity is not a whole lot',
  price_band: 'the price is outside the day’s limits',
  market_closed: 'the market is closed',
  halted: 'trading is halted',
  not_permitted: 'not permitted for this account',
  too_late: 'it took too long to arrive',
  rate_limited: 'too many orders at once',
  overloaded: 'the venue is overloaded',
  auth_required: 'you are not signed in',
  not_connected: 'it was not sent, there is no connection',
  went_stale: 'it was not sent, this page took too long over it',
  not_stored: 'it was not sent, this browser could not store it first',
  unsupported: 'it was not sent, the server takes no orders',
  too_large: 'it was not sent, the message was too large',
  never_arrived: 'it never arrived at the venue',
  // Why an order ended, rather than never began.
  ioc: 'there was nobody left to trade with',
  self_trade: 'it met an order of your own',
  linked: 'its twin has ended',
  would_take: 'it would have traded at once',
  admin: 'by the venue',
};

/** A venue may call a reason whatever it likes, `constructor` as well. */
const wordOf = (words: Readonly<Record<string, string>>, code: string): string | undefined =>
  Object.hasOwn(words, code) ? words[code] : undefined;

/** Why an order ended, for people. The venue's own words where it has some. */
export const reasonText = (order: Order): string =>
  order.reason === undefined
    ? ''
    : order.reason.message || (wordOf(REJECT_WORDS, order.reason.code) ?? order.reason.code);

/** Of a cancel or a change some codes say something else than of a new order. */
const REFUSAL_WORDS: Readonly<Record<string, string>> = {
  too_late: 'it was too late',
  already_cancelled: 'it was cancelled already',
  unknown_order: 'the venue does not know the order',
  revision_conflict: 'somebody else had changed it',
  lost: 'the request was lost',
};

/** That a cancel or a change was refused, and why; `what` is the order in a few words. */
export function refusalText({ of, code }: NonNullable<DeskChange['refusal']>, what: string): string {
  const why = wordOf(REFUSAL_WORDS, code) ?? wordOf(REJECT_WORDS, code) ?? code;
  return `${of === 'cancel' ? 'Not cancelled' : 'Not changed'}: ${what}${why === '' ? '' : `, ${why}`}`;
}

/** What is wrong, in one short sentence beside its field. */
export function issueText(issue: OrderIssue, format: TicketFormat, verdict: Verdict | undefined): string {
  const { params } = issue;
  const price = (name: string): string => format.priceText(params[name] ?? '');
  const number = (name: string): string => format.text(params[name] ?? '');
  switch (issue.code) {
    case 'left_out':
      return params['text'] ?? '';
    case 'market_closed':
      return 'The market is closed';
    case 'market_halted':
      return 'Trading is halted';
    case 'auction_limit_only':
      return 'Only limit orders in the auction';
    case 'type_not_offered':
      return `${TYPE_WORDS[params['type'] as OrderType]}: ${BAR_WORDS.not_offered}`;
    case 'option_barred':
      return `${OPTION_WORDS[params['option'] as OrderOption]}: ${BAR_WORDS[params['bar'] as Bar]}`;
    case 'required':
      return `Enter a ${issue.field === 'quantity' ? 'quantity' : issue.field === 'stopPrice' ? 'stop price' : 'price'}`;
    case 'not_a_number':
      return 'Not a number';
    case 'not_positive':
      return 'Must be above zero';
    case 'less_than_lot':
      return 'Less than one lot';
    case 'off_tick':
      return `Price step is ${number('tick')}`;
    case 'off_lot':
      return `Lot is ${number('lot')}`;
    case 'exits_barred':
      return params['bar'] === 'buy_only' ? 'Exits are for buys only' : 'Exits are not offered here';
    case 'exit_misplaced':
      return `${FIELD_WORDS[issue.field as ExitField]} must be ${params['direction']} ${price('entry')}`;
    case 'shown_above_size':
      return 'More than the whole order';
    case 'shown_too_small':
      return `Show ${number('least')} at least`;
    case 'below_minimum':
      return `The least is ${number('limit')}`;
    case 'above_maximum':
      return `The most is ${number('limit')}`;
    case 'notional_too_small':
      return `The least is worth ${number('limit')}`;
    case 'notional_too_large':
      return `The most is worth ${number('limit')}`;
    case 'outside_band':
      return `Today’s limits are ${price('low')} to ${price('high')}`;
    case 'not_enough':
      return `Not enough ${params['asset']}: ${format.assetText(params['missing'] ?? '', params['asset'] ?? '')} missing`;
    case 'far_from_touch':
      return `${number('percent')} % ${params['direction']} the ${params['reference']} price, ${price('touch')}`;
    case 'slippage':
      return `${number('percent')} % worse than the middle of the book`;
    case 'exceeds_visible':
      return `The book shows only ${number('visible')}`;
    case 'no_reference':
      return 'No price to compare with';
    case 'will_fill_at_once':
      return `Fills ${number('filled')} at once at about ${price('vwap')}`;
    case 'would_take':
      return `Would take at ${price('touch')}`;
    case 'triggers_at_once':
      return `Triggers at once, ${params['reference']} price is ${price('last')}`;
    case 'limit_beyond_stop':
      return 'May not fill: the limit is past the stop';
    case 'self_cross':
      return `Would meet your own order at ${price('price')}`;
    case 'grows_by_fills':
      return `It has filled since: larger than before, ${number('old')} → ${number('new')} in all`;
    case 'no_live_prices':
      return verdict?.state === 'closed' ? 'The market is closed' : 'Waiting for live prices';
    case 'prices_too_old':
      return 'Waiting for newer prices';
    case 'level_gone':
      return `${price('price')} has gone from the book: ${number('old')} → 0`;
    case 'level_smaller':
      return `${params['reach'] === 'depth' ? 'Up to' : 'At'} ${price('price')}: ${number('old')} → ${number('new')}`;
    case 'account_not_ready':
      return 'Waiting for your account';
  }
}

/** What is the matter with the prices, beyond the button's short word. Empty while they are good. */
export const doubtText = (verdict: Verdict | undefined): string =>
  verdict === undefined ? 'no feed' : REASON_WORDS[verdict.reason];

/** What an order would do: `Buy 1,200 SCOM at 17.45`. */
export function orderText(check: TicketCheck, symbol: string, format: TicketFormat): string {
  return [coreText(check, symbol, format), ...optionTexts(check, format)].join(', ');
}

function optionTexts({ draft, numbers, timeInForce }: TicketCheck, format: TicketFormat): string[] {
  return [
    ...(timeInForce === 'day' ? [] : [TIME_WORDS[timeInForce]]),
    ...(draft.postOnly ? ['post-only'] : []),
    ...(numbers.displayQuantity ? [`${format.quantity(numbers.displayQuantity)} shown`] : []),
    ...(numbers.takeProfit ? [`take profit ${format.price(numbers.takeProfit)}`] : []),
    ...(numbers.stopLoss ? [`stop loss ${format.price(numbers.stopLoss)}`] : []),
  ];
}

function coreText({ draft, numbers }: TicketCheck, symbol: string, format: TicketFormat): string {
  const verb = draft.side === 'buy' ? 'Buy' : 'Sell';
  const what = `${verb} ${format.quantity(numbers.quantity)} ${symbol}`;
  switch (draft.orderType) {
    case 'market':
      return `${what} at market`;
    case 'limit':
      return `${what} at ${format.price(numbers.limitPrice)}`;
    case 'stop':
      return `${what} at market from ${format.price(numbers.stopPrice)}`;
    case 'stop_limit':
      return `${what} at ${format.price(numbers.limitPrice)} from ${format.price(numbers.stopPrice)}`;
  }
}

/** The orders of some types and one account: `limit and market orders of A-1`. */
export function ordersOf(types: readonly OrderType[], account: string): string {
  const names = types.map((type) => TYPE_WORDS[type].toLowerCase());
  const last = names.pop() ?? '';
  return `${names.length > 0 ? `${names.join(', ')} and ` : ''}${last} orders${account === '' ? '' : ` of ${account}`}`;
}

/** A placed order in a few words: `Buy 1,200 at 17.45`, with its symbol where that is not the ticket's own. */
export function placedText(order: Order, symbol: string, format: TicketFormat): string {
  const { side, orderType } = order.request;
  const { limitPrice, stopPrice } = order;
  const of = order.request.symbol === symbol ? '' : ` ${order.request.symbol}`;
  const at = limitPrice ? ` at ${format.priceText(limitPrice)}` : orderType === 'market' ? ' at market' : '';
  const from = stopPrice ? ` from ${format.priceText(stopPrice)}` : '';
  return `${side === 'buy' ? 'Buy' : 'Sell'} ${format.quantity(order.quantity)}${of}${at}${from}`;
}

/** What an order is to another: `take profit of Buy 1,200 at 17.50`; empty for one that is no exit. */
function exitText(order: Order, orders: readonly Order[], symbol: string, format: TicketFormat): string {
  const field = exitFieldOf(order.request);
  if (field === undefined) return '';
  const entry = entryOf(order, orders);
  return `${FIELD_WORDS[field].toLowerCase()}${entry ? ` of ${placedText(entry, symbol, format)}` : ''}`;
}

/** How an order stands in a list of some, and whose exit it is. */
export const rowText = (order: Order, orders: readonly Order[], symbol: string, format: TicketFormat): string =>
  [exitText(order, orders, symbol, format), standingText(order, format)].filter((part) => part !== '').join(': ');

/** Reasons that say no more than the state does. */
const SAID_BY_STATE: ReadonlySet<string> = new Set(['', 'requested', 'expired', 'rejected']);
/** Whether a cancel or a change of it was sent and has no answer. */
export const isUnsure = ({ state, cancel, amend }: Order): boolean =>
  (state === 'pending_cancel' && cancel === 'unsure') || (state === 'pending_replace' && amend === 'unsure');

/** What is under way and has no answer. While somebody can be asked this is for a moment, else until the venue says more. */
function doubtfulText(order: Order): string | undefined {
  if (!isUnsure(order)) return undefined;
  return order.state === 'pending_cancel'
    ? 'Cancelling, no answer came: it may still trade'
    : 'Changing, no answer came: it may be as before';
}

/** How an order stands, with what has filled: `Partly filled, 400 of 1,200 at 17.45`. */
export function standingText(order: Order, format: TicketFormat): string {
  if (order.contradiction === FORGOTTEN) return 'The venue no longer knows it: check with your broker';
  if (order.contradiction !== undefined) return 'Contradictory reports: check with your broker';
  const parts = [doubtfulText(order) ?? STATE_WORDS[order.state]];
  if (!isZero(order.filled) && order.state !== 'filled') {
    parts.push(`${format.quantity(order.filled)} of ${format.quantity(order.quantity)} filled`);
  }
  if (order.averagePrice) parts.push(`at ${format.price(order.averagePrice as Decimal)}`);
  if (order.state === 'unknown') parts.push('check before you order again');
  const why = reasonText(order);
  if (!SAID_BY_STATE.has(why)) parts.push(why);
  return parts.join(', ');
}
