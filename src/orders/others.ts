import type { SideView } from '../book/book-view.js';
import { add, compare, decimalToUnits, parseDecimal, roundUp, type Decimal } from '../book/decimal.js';
import { isWorking } from './order.js';
import type { Order } from './order.js';

/** A side of the book without what these orders show in it: nobody trades with themselves. */
export function othersIn(
  view: SideView,
  scales: { readonly priceScale: number; readonly sizeScale: number },
  own: readonly Order[],
): SideView {
  const shown = new Map<number, Decimal>();
  for (const order of own) {
    const { side, orderType, displayQuantity } = order.request;
    const price = parseDecimal(order.limitPrice ?? '');
    if (side !== (view.side === 'ask' ? 'sell' : 'buy') || orderType !== 'limit' || !price || !isWorking(order))
      continue;
    const units = decimalToUnits(price, scales.priceScale);
    const part = parseDecimal(displayQuantity ?? '');
    const size = part && compare(part, order.leaves) < 0 ? part : order.leaves;
    shown.set(units, add(shown.get(units) ?? { units: 0n, scale: 0 }, size));
  }
  if (shown.size === 0) return view;
  const levels: { readonly price: number; readonly size: number }[] = [];
  for (let i = 0; i < view.knownLength; i++) {
    const price = view.priceAt(i);
    const mine = shown.get(price);
    const size = view.sizeAt(i) - (mine ? decimalToUnits(roundUp(mine, scales.sizeScale), scales.sizeScale) : 0);
    if (size > 0) levels.push({ price, size });
  }
  return {
    side: view.side,
    length: levels.length,
    knownLength: levels.length,
    horizon: view.horizon,
    priceAt: (i) => levels[i]?.price ?? Number.NaN,
    sizeAt: (i) => levels[i]?.size ?? Number.NaN,
    sizeOf: (price) => levels.find((level) => level.price === price)?.size ?? 0,
  };
}
