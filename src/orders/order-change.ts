/** From what a person wants changed of an order to the change that is asked of the venue. */
import { ZERO, compare, formatDecimal, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { WantedTerms } from './desk-types.js';
import type { Order, OrderChange } from './order.js';

/** The change, or undefined when nothing would be different. Throws `RangeError` for terms that the order cannot have. */
export function changeOf(order: Order, { quantity, limitPrice, stopPrice }: WantedTerms): OrderChange | undefined {
  const total = quantity === undefined ? order.quantity : positive('quantity', quantity);
  const limit = priceOf('limitPrice', order.limitPrice, limitPrice);
  const stop = priceOf('stopPrice', order.stopPrice, stopPrice);
  if (compare(total, order.quantity) === 0 && limit === order.limitPrice && stop === order.stopPrice) return undefined;
  return {
    revision: order.revision + 1,
    quantity: quantity ?? formatDecimal(order.quantity),
    limitPrice: limit,
    stopPrice: stop,
  };
}

/** Whether an order stands at these terms. */
export function hasTerms(order: Order, change: OrderChange): boolean {
  const isSame = (a: string | null, b: string | null): boolean => {
    const [first, second] = [parseDecimal(a ?? ''), parseDecimal(b ?? '')];
    return first && second ? compare(first, second) === 0 : a === b;
  };
  const quantity = parseDecimal(change.quantity);
  return (
    quantity !== undefined &&
    compare(quantity, order.quantity) === 0 &&
    isSame(order.limitPrice, change.limitPrice) &&
    isSame(order.stopPrice, change.stopPrice)
  );
}

/** Whether as much as is wanted in all has filled already. */
export const isOvertaken = (order: Order, change: OrderChange): boolean =>
  compare(parseDecimal(change.quantity) ?? ZERO, order.filled) <= 0;

function priceOf(name: string, current: string | null, wanted: string | undefined): string | null {
  if (wanted === undefined) return current;
  if (current === null) throw new RangeError(`amend: this order has no ${name}`);
  const price = positive(name, wanted);
  return compare(price, positive(name, current)) === 0 ? current : wanted;
}

function positive(name: string, text: string): Decimal {
  const value = parseDecimal(text);
  if (value === undefined || compare(value, ZERO) <= 0) {
    throw new RangeError(`amend: ${name} must be a decimal above 0, got "${text}"`);
  }
  return value;
}
