/** Whether an order, or a change of one, that comes under a known number is the same again. Numbers are compared by value. */
import { compare, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { OrderChange, OrderRequest } from './order.js';

export const isSameNumber = (a: Decimal | undefined, b: Decimal | undefined): boolean =>
  a === undefined || b === undefined ? a === b : compare(a, b) === 0;

const isSameText = (a: string | null | undefined, b: string | null | undefined): boolean =>
  isSameNumber(parseDecimal(a ?? ''), parseDecimal(b ?? ''));

export const isSameWish = (a: OrderRequest, b: OrderRequest): boolean =>
  a.symbol === b.symbol &&
  a.side === b.side &&
  a.orderType === b.orderType &&
  a.timeInForce === b.timeInForce &&
  a.postOnly === b.postOnly &&
  isSameText(a.displayQuantity, b.displayQuantity) &&
  isSameText(a.quantity, b.quantity) &&
  isSameText(a.limitPrice, b.limitPrice) &&
  isSameText(a.stopPrice, b.stopPrice);

export const isSameChange = (a: OrderChange, b: OrderChange): boolean =>
  isSameText(a.quantity, b.quantity) && isSameText(a.limitPrice, b.limitPrice) && isSameText(a.stopPrice, b.stopPrice);
