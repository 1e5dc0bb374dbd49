/** Whether a paper order may be taken at all, before its money is asked for. The first rule that is broken is the answer. */
import { ZERO, compare, isZero, multiply, parseDecimal, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Instrument, TradingPhase } from '../book/instrument.js';
import { TickTable } from '../book/tick-table.js';
import type { OrderRequest } from './order.js';
import { lotOf, lotsAround } from './ticket.js';

/** An order's numbers, read. */
export interface PaperTerms {
  readonly quantity: Decimal;
  readonly limit: Decimal | undefined;
  readonly stop: Decimal | undefined;
}

/** Why an order is not taken: a code of the wire protocol, and words where that code has none. */
export interface PaperRefusal {
  readonly code: string;
  readonly message: string;
}

export const refusal = (code: string, message = ''): PaperRefusal => ({ code, message });

export function checkPaperOrder(
  request: OrderRequest,
  instrument: Instrument,
  phase: TradingPhase,
): PaperTerms | PaperRefusal {
  const { orderType, timeInForce, postOnly, displayQuantity } = request;
  if (phase === 'closed') return refusal('market_closed');
  if (phase === 'halted') return refusal('halted');
  const hasLimit = orderType === 'limit' || orderType === 'stop_limit';
  const hasStop = orderType === 'stop' || orderType === 'stop_limit';
  const isImmediate = timeInForce === 'ioc' || timeInForce === 'fok';
  if (hasLimit !== (request.limitPrice !== null) || hasStop !== (request.stopPrice !== null)) {
    return refusal('bad_price', `a ${orderType} order has other prices`);
  }
  if (postOnly && (orderType !== 'limit' || isImmediate)) return refusal('not_permitted', 'only a limit can rest');
  if (hasStop && isImmediate) return refusal('not_permitted', `a ${orderType} order cannot be ${timeInForce}`);
  if ((request.takeProfit ?? request.stopLoss) !== undefined) {
    return refusal('not_permitted', 'a paper order has no exits');
  }
  if (displayQuantity !== undefined) return refusal('not_permitted', 'a paper order is not shown at all');

  const quantity = positive(request.quantity);
  if (quantity === undefined || !isQuantity(quantity, instrument)) return refusal('bad_quantity');
  const limit = request.limitPrice === null ? undefined : priceOf(request.limitPrice, instrument);
  const stop = request.stopPrice === null ? undefined : priceOf(request.stopPrice, instrument);
  for (const price of [limit, stop]) if (typeof price === 'string') return refusal(price);
  const terms = { quantity, limit: limit as Decimal | undefined, stop: stop as Decimal | undefined };
  return isNotional(terms, instrument) ? terms : refusal('bad_quantity');
}

/** A market order's is not known beforehand. */
function isNotional({ quantity, limit, stop }: PaperTerms, { minNotional, maxNotional }: Instrument): boolean {
  const price = limit ?? stop;
  return price === undefined || isWithin(multiply(quantity, price), minNotional, maxNotional);
}

function isWithin(value: Decimal, least = '', most = ''): boolean {
  const [low, high] = [parseDecimal(least), parseDecimal(most)];
  return !(low && compare(value, low) < 0) && !(high && compare(value, high) > 0);
}

function isQuantity(quantity: Decimal, { lotSize, minQuantity, maxQuantity }: Instrument): boolean {
  const lot = lotOf(lotSize);
  const isWhole = lot === undefined || isZero(subtract(lotsAround(quantity, lot)[0], quantity));
  return isWhole && isWithin(quantity, minQuantity, maxQuantity);
}

function priceOf(text: string, instrument: Instrument): Decimal | 'bad_price' | 'price_band' {
  const price = positive(text);
  if (price === undefined || TickTable.of(instrument)?.isOnTick(price) === false) return 'bad_price';
  return isWithin(price, ...(instrument.priceBand ?? [])) ? price : 'price_band';
}

function positive(text: string): Decimal | undefined {
  const value = parseDecimal(text);
  return value && compare(value, ZERO) > 0 ? value : undefined;
}
