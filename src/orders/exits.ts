/**
 * The exits of an entry: a take profit and a stop loss that the venue makes of its fills. Where they may lie, what they would come
 * to, and which entry an order is the exit of.
 */
import { compare, multiply, parseDecimal, subtract, type Decimal } from '../book/decimal.js';
import type { Estimate } from './estimate.js';
import type { Order, OrderRequest, OrderSide } from './order.js';
import type { DraftNumbers, ExitField, TicketDraft } from './ticket.js';

export const EXIT_FIELDS: readonly ExitField[] = ['takeProfit', 'stopLoss'];

/** Whether exits can be named at all: on both sides, on buys only, or not. */
export type BracketOffer = boolean | 'buy';

/** Why an order of this side cannot name exits; undefined where it can. */
export const bracketBar = (side: OrderSide, offer: BracketOffer): 'not_offered' | 'buy_only' | undefined =>
  offer === false ? 'not_offered' : offer === 'buy' && side === 'sell' ? 'buy_only' : undefined;

/** Whether anything was entered for either. */
export const hasExits = (draft: TicketDraft): boolean => EXIT_FIELDS.some((field) => draft[field].trim() !== '');

/** The price that the exits must lie around: the limit, the stop of an order that has only that, the touch of a market order. */
export function entryPrice(
  { orderType }: TicketDraft,
  { limitPrice, stopPrice }: DraftNumbers,
  touch: Decimal | undefined,
): Decimal | undefined {
  if (orderType === 'market') return touch;
  return orderType === 'stop' ? stopPrice : limitPrice;
}

/** On which side of the entry an exit lies. */
export const exitDirection = (field: ExitField, side: OrderSide): 'above' | 'below' =>
  (field === 'takeProfit') === (side === 'buy') ? 'above' : 'below';

/** Whether an exit lies where it must. */
export function isExitPlaced(field: ExitField, side: OrderSide, price: Decimal, entry: Decimal): boolean {
  const order = compare(price, entry);
  return exitDirection(field, side) === 'above' ? order > 0 : order < 0;
}

/**
 * What the whole quantity would gain at an exit, without fees; below 0 a loss. Counted from the limit, from the trigger of a stop, and
 * of a market order from what it takes of the book; undefined where that is not known, or not all of it is there.
 */
export function exitResult(
  field: ExitField,
  { side, orderType }: TicketDraft,
  numbers: DraftNumbers,
  estimate: Estimate | undefined,
): Decimal | undefined {
  const { quantity } = numbers;
  const exit = numbers[field];
  if (quantity === undefined || exit === undefined) return undefined;
  const price = orderType === 'stop' ? numbers.stopPrice : numbers.limitPrice;
  const isWhole = estimate !== undefined && compare(estimate.filled, quantity) === 0;
  const paid = orderType === 'market' ? (isWhole ? estimate.notional : undefined) : price && multiply(price, quantity);
  if (paid === undefined) return undefined;
  const received = multiply(exit, quantity);
  return side === 'buy' ? subtract(received, paid) : subtract(paid, received);
}

/** Which exit an order is; undefined for one that is none. */
export const exitFieldOf = ({ parent, orderType }: OrderRequest): ExitField | undefined =>
  parent === undefined ? undefined : orderType === 'limit' ? 'takeProfit' : 'stopLoss';

/** The entry of an exit among these orders, if it is there. */
export const entryOf = (order: Order, orders: readonly Order[]): Order | undefined =>
  order.request.parent === undefined
    ? undefined
    : orders.find(({ request }) => request.clientOrderId === order.request.parent);

/** Exits as exact text, as they go into a request. */
export const exitsIn = (
  numbers: Pick<DraftNumbers, ExitField>,
  write: (price: Decimal) => string,
): Pick<OrderRequest, ExitField> => ({
  ...(numbers.takeProfit ? { takeProfit: write(numbers.takeProfit) } : {}),
  ...(numbers.stopLoss ? { stopLoss: write(numbers.stopLoss) } : {}),
});

/** Exits as a message tells them. What cannot be read is left out. */
export function readExits(data: Readonly<Record<string, unknown>>): Pick<OrderRequest, ExitField | 'parent'> {
  const { takeProfit, stopLoss, parent } = data;
  const isPrice = (value: unknown): value is string => typeof value === 'string' && parseDecimal(value) !== undefined;
  return {
    ...(isPrice(takeProfit) ? { takeProfit } : {}),
    ...(isPrice(stopLoss) ? { stopLoss } : {}),
    ...(typeof parent === 'string' && parent !== '' ? { parent } : {}),
  };
}
