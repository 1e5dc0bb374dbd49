/**
 * From the private messages of protocol 1 to orders, fills and balances. The guards have looked at events; answers are looked at
 * here, so that a bad one makes an outcome unknown and never an exception.
 */
import { formatDecimal, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { AccountUpdate, Asset } from './account.js';
import { readExits } from './exits.js';
import type { ListedOrder } from './gateway.js';
import { VENUE_STATES } from './order.js';
import type { Fill, Mark, OrderEvent, OrderFacts, OrderRequest, OrderType, TimeInForce, VenueState } from './order.js';

type Fields = Readonly<Record<string, unknown>>;

const ORDER_TYPES: readonly string[] = ['market', 'limit', 'stop', 'stop_limit'] satisfies OrderType[];
const TIMES: readonly string[] = ['day', 'gtc', 'ioc', 'fok'] satisfies TimeInForce[];

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const decimalOf = (value: unknown): Decimal | undefined =>
  typeof value === 'string' ? parseDecimal(value) : undefined;

/** The state of an order in an acknowledgement, a fill, an end, a list or an answer; undefined where it makes no sense. */
export function readFacts(data: Fields, mark: Mark | undefined): OrderFacts | undefined {
  const filled = decimalOf(data['cumQuantity']);
  const leaves = decimalOf(data['leavesQuantity']);
  const average = decimalOf(data['averagePrice']);
  const { status, orderId, reason } = data;
  if (filled === undefined || leaves === undefined || !VENUE_STATES.includes(status as VenueState)) return undefined;
  return {
    status: status as VenueState,
    filled,
    leaves,
    ...(typeof orderId === 'string' ? { orderId } : {}),
    ...(average === undefined ? {} : { averagePrice: average }),
    ...(typeof reason === 'string' ? { reason: { code: reason, message: '', by: 'venue' as const } } : {}),
    ...(mark === undefined ? {} : { mark }),
  };
}

/** The state of an order with its terms, where a message tells them: in a list, an answer to a query, a change. */
export function readWholeFacts(data: Fields, mark: Mark | undefined): OrderFacts | undefined {
  const facts = readFacts(data, mark);
  const quantity = decimalOf(data['quantity']);
  const { revision } = data;
  return (
    facts && {
      ...facts,
      ...(quantity === undefined ? {} : { quantity }),
      ...priceIn(data, 'limitPrice'),
      ...priceIn(data, 'stopPrice'),
      ...(typeof revision === 'number' && Number.isSafeInteger(revision) ? { revision } : {}),
    }
  );
}

function priceIn(data: Fields, name: 'limitPrice' | 'stopPrice'): Partial<OrderFacts> {
  const price = data[name];
  if (price === null) return { [name]: null };
  return decimalOf(price) === undefined ? {} : { [name]: price };
}

/** What a private event means for its order; undefined when it is about no order or cannot be read. */
export function readOrderEvent(type: string, data: Fields, mark: Mark): OrderEvent | undefined {
  const facts = readFacts(data, mark);
  switch (type) {
    case 'order_ack':
      return facts && { type: 'ack', facts };
    case 'order_cancelled':
      return facts && { type: 'cancelled', facts };
    case 'order_replaced': {
      const whole = readWholeFacts(data, mark);
      return whole && { type: 'replaced', facts: whole };
    }
    case 'order_fill': {
      const fill = readFill(data);
      return facts && fill && { type: 'fill', fill, facts };
    }
    default:
      return undefined;
  }
}

function readFill(data: Fields): Fill | undefined {
  const price = decimalOf(data['price']);
  const quantity = decimalOf(data['quantity']);
  const { fillId, feeCurrency, liquidity } = data;
  if (typeof fillId !== 'string' || price === undefined || quantity === undefined) return undefined;
  return {
    fillId,
    price,
    quantity,
    fee: decimalOf(data['fee']),
    feeCurrency: typeof feeCurrency === 'string' ? feeCurrency : undefined,
    liquidity: liquidity === 'maker' || liquidity === 'taker' ? liquidity : undefined,
  };
}

/** The values in an account's snapshot or update. What cannot be read is left out. */
export function readHoldings(data: Fields, isWhole: boolean, mark: Mark | undefined): AccountUpdate {
  const available = new Map<Asset, Decimal>();
  const take = (list: unknown, kind: 'cash' | 'position', nameField: string): void => {
    for (const entry of Array.isArray(list) ? list.map(fieldsOf) : []) {
      const amount = decimalOf(entry['available']);
      const name = entry[nameField];
      if (amount !== undefined && typeof name === 'string') available.set(`${kind}:${name}`, amount);
    }
  };
  take(data['balances'], 'cash', 'currency');
  take(data['positions'], 'position', 'symbol');
  return { isWhole, available, ...(mark === undefined ? {} : { mark }) };
}

/** The orders in an account's snapshot. */
export function readListedOrders(data: Fields, account: string, mark: Mark | undefined): ListedOrder[] {
  const orders = Array.isArray(data['orders']) ? data['orders'].map(fieldsOf) : [];
  return orders.flatMap((order) => readListedOrder(order, account, mark) ?? []);
}

/** One order as the venue lists it, or undefined when it cannot be read. */
export function readListedOrder(order: Fields, account: string, mark: Mark | undefined): ListedOrder | undefined {
  const request = readRequest(order, account);
  const facts = readWholeFacts(order, mark);
  return request && facts && { request, facts };
}

function readRequest(order: Fields, account: string): OrderRequest | undefined {
  const { clientOrderId, symbol, side, orderType, timeInForce, timestamp } = order;
  const quantity = decimalOf(order['quantity']);
  if (
    typeof clientOrderId !== 'string' ||
    typeof symbol !== 'string' ||
    quantity === undefined ||
    quantity.units <= 0n
  ) {
    return undefined;
  }
  if ((side !== 'buy' && side !== 'sell') || !ORDER_TYPES.includes(textOf(orderType))) return undefined;
  return {
    clientOrderId,
    account,
    symbol,
    side,
    orderType: orderType as OrderType,
    quantity: formatDecimal(quantity),
    limitPrice: decimalOf(order['limitPrice']) ? textOf(order['limitPrice']) : null,
    stopPrice: decimalOf(order['stopPrice']) ? textOf(order['stopPrice']) : null,
    timeInForce: TIMES.includes(textOf(timeInForce)) ? (timeInForce as TimeInForce) : 'day',
    createdAt: typeof timestamp === 'number' ? timestamp : 0,
    ...(order['postOnly'] === true ? { postOnly: true as const } : {}),
    ...(decimalOf(order['displayQuantity']) ? { displayQuantity: textOf(order['displayQuantity']) } : {}),
    ...readExits(order),
  };
}
