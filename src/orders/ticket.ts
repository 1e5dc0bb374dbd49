/**
 * The draft: what a person has entered and not yet sent, as they typed it. Everything here is pure; nothing that was typed is
 * ever rounded or clipped, a step or a pick replaces it whole.
 */
import { ZERO, add, compare, divideDown, divideUp, multiply, parseDecimal, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Side } from '../book/side.js';
import type { TickTable } from '../book/tick-table.js';
import { formatForInput, parseTyped } from './number-input.js';
import type { NumberSeparators } from './number-input.js';
import type { OrderSide, OrderType, TimeInForce } from './order.js';

export interface TicketDraft {
  readonly side: OrderSide;
  readonly orderType: OrderType;
  /** Texts as typed, in the language of the ticket; empty where nothing was. */
  readonly quantity: string;
  /** What the quantity is counted in: pieces, or money that they cost without the fee. */
  readonly quantityIn: 'pieces' | 'money';
  readonly limitPrice: string;
  readonly stopPrice: string;
  /** How much to show at a time; empty: all. */
  readonly displayQuantity: string;
  /** Where to end the position again; empty: nowhere. */
  readonly takeProfit: string;
  readonly stopLoss: string;
  /** Empty while none was chosen: then the usual one holds. */
  readonly timeInForce: TimeInForce | '';
  readonly postOnly: boolean;
}

/** The fields that hold a number. */
export type NumberField = 'quantity' | 'limitPrice' | 'stopPrice' | 'displayQuantity' | ExitField;

/** Those of them that hold the price of an exit. */
export type ExitField = 'takeProfit' | 'stopLoss';

/** Those of them that hold a price of the order itself. */
export type PriceField = 'limitPrice' | 'stopPrice';

export const EMPTY_DRAFT: TicketDraft = {
  side: 'buy',
  orderType: 'limit',
  quantity: '',
  quantityIn: 'pieces',
  limitPrice: '',
  stopPrice: '',
  displayQuantity: '',
  takeProfit: '',
  stopLoss: '',
  timeInForce: '',
  postOnly: false,
};

/**
 * What the texts of a draft say; undefined for a field that its type does not use, that is empty or that is no number. Of a
 * quantity in money `amount` is the money; how many pieces that makes is for the market to say.
 */
export type DraftNumbers = Readonly<Record<NumberField | 'amount', Decimal | undefined>>;

/** The price fields that an order type uses, in the order in which they stand. */
export function priceFieldsOf(orderType: OrderType): readonly PriceField[] {
  switch (orderType) {
    case 'market':
      return [];
    case 'limit':
      return ['limitPrice'];
    case 'stop':
      return ['stopPrice'];
    case 'stop_limit':
      return ['stopPrice', 'limitPrice'];
  }
}

export function readDraft(draft: TicketDraft, separators: NumberSeparators): DraftNumbers {
  const used = priceFieldsOf(draft.orderType);
  const price = (field: PriceField): Decimal | undefined =>
    used.includes(field) ? parseTyped(draft[field], separators) : undefined;
  const size = parseTyped(draft.quantity, separators, true);
  const isMoney = draft.quantityIn === 'money';
  return {
    quantity: isMoney ? undefined : size,
    amount: isMoney ? size : undefined,
    limitPrice: price('limitPrice'),
    stopPrice: price('stopPrice'),
    displayQuantity: parseTyped(draft.displayQuantity, separators, true),
    takeProfit: parseTyped(draft.takeProfit, separators),
    stopLoss: parseTyped(draft.stopLoss, separators),
  };
}

/** The next price up or down. From an empty field the touch; without a tick table the price stays. */
export function steppedPrice(
  price: Decimal | undefined,
  direction: 1 | -1,
  ticks: TickTable | undefined,
  touch: Decimal | undefined,
): Decimal | undefined {
  if (price === undefined) return touch;
  if (ticks === undefined) return price;
  const next = direction === 1 ? ticks.stepUp(price) : ticks.stepDown(price);
  return compare(next, ZERO) > 0 ? next : price;
}

/** The next whole number of lots up or down, never below one lot. Default lot: 1. */
export function steppedQuantity(
  quantity: Decimal | undefined,
  direction: 1 | -1,
  lotSize: string | undefined,
): Decimal {
  const lot = lotOf(lotSize) ?? { units: 1n, scale: 0 };
  if (quantity === undefined) return lot;
  const [below, above] = lotsAround(quantity, lot);
  const isWhole = compare(below, above) === 0;
  const next = direction === 1 ? (isWhole ? add(above, lot) : above) : isWhole ? subtract(below, lot) : below;
  return compare(next, lot) < 0 ? lot : next;
}

/** The whole numbers of lots at or below and at or above a quantity. */
export function lotsAround(quantity: Decimal, lot: Decimal): readonly [below: Decimal, above: Decimal] {
  return [multiply(divideDown(quantity, lot, 0), lot), multiply(divideUp(quantity, lot, 0), lot)];
}

/** The lot as a number, or undefined when there is none or it makes no sense. */
export function lotOf(lotSize: string | undefined): Decimal | undefined {
  const lot = lotSize === undefined ? undefined : parseDecimal(lotSize);
  return lot && compare(lot, ZERO) > 0 ? lot : undefined;
}

/** Where the price of a picked row goes; a market order has no such place. */
export const priceFieldOf = (orderType: OrderType): PriceField => (orderType === 'stop' ? 'stopPrice' : 'limitPrice');

/** A row of the book that somebody picked. */
export interface PickedLevel {
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly cumulativeSize: string;
  readonly field: 'price' | 'size' | 'total' | 'notional';
}

/**
 * What a pick in the book changes: a price cell the price, a size cell the quantity, a cell of totals both, and then the
 * ticket takes from the side that was picked. What was there is replaced, never added to. Nothing when a number is missing.
 */
export function draftFromLevel(draft: TicketDraft, level: PickedLevel, separators: NumberSeparators): TicketDraft {
  const isWhole = level.field === 'total' || level.field === 'notional';
  const priceField = priceFieldOf(draft.orderType);
  const price = parseDecimal(level.price);
  const size = parseDecimal(isWhole ? level.cumulativeSize : level.size);
  const hasPrice = level.field !== 'size' && draft.orderType !== 'market';
  const hasSize = level.field !== 'price';
  if ((hasPrice && price === undefined) || (hasSize && size === undefined)) return draft;
  return {
    ...draft,
    ...(isWhole ? { side: level.side === 'ask' ? 'buy' : 'sell' } : {}),
    // The venue's own spelling: `17.50` keeps its zero.
    ...(hasPrice && price ? { [priceField]: formatForInput(price, separators, price.scale) } : {}),
    ...(hasSize && size ? { quantity: formatForInput(size, separators), quantityIn: 'pieces' as const } : {}),
  };
}
