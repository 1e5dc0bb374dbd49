/** What a server may say of orders and accounts. Every quantity is exact decimal text; none is believed otherwise. */
import {
  type Check,
  type Fields,
  isCount,
  isDecimalText,
  isFlag,
  isId,
  isName,
  isRecord,
  isText,
  isTime,
  listOf,
  message,
  nullable,
  oneOf,
  optional,
  shape,
} from './shape.js';

/** Where a message stands on its stream. */
export const place: Fields = { stream: isName, epoch: isName, seq: isCount };
/** The same of a stream that can be resumed. */
export const replayable: Fields = { ...place, replay: optional(isFlag) };
/** The question that a message answers, where it answers one. */
export const answer: Fields = { id: optional(isId) };

export const isOrderSide = oneOf('buy', 'sell');
export const isOrderType = oneOf('market', 'limit', 'stop', 'stop_limit');
export const isTimeInForce = oneOf('day', 'gtc', 'ioc', 'fok');
const isOrderStatus = oneOf('open', 'partially_filled', 'filled', 'cancelled', 'expired', 'rejected');

const orderState: Fields = {
  clientOrderId: isName,
  orderId: isName,
  cumQuantity: isDecimalText,
  leavesQuantity: isDecimalText,
  status: isOrderStatus,
  timestamp: isTime,
};
const isOrder = shape({
  ...orderState,
  symbol: isName,
  side: isOrderSide,
  orderType: isOrderType,
  quantity: isDecimalText,
  limitPrice: nullable(isDecimalText),
  stopPrice: nullable(isDecimalText),
  timeInForce: isTimeInForce,
  averagePrice: nullable(isDecimalText),
  revision: optional(isCount),
  postOnly: optional(isFlag),
  displayQuantity: optional(isDecimalText),
  takeProfit: optional(isDecimalText),
  stopLoss: optional(isDecimalText),
  parent: optional(isName),
  reason: optional(isText),
});
const holdings: Fields = {
  account: isName,
  balances: listOf(
    shape({ currency: isName, total: isDecimalText, available: isDecimalText, reserved: isDecimalText }),
  ),
  positions: listOf(
    shape({ symbol: isName, quantity: isDecimalText, available: isDecimalText, averageCost: isDecimalText }),
  ),
};

/** By type. */
export const orderChecks: Readonly<Record<string, Check>> = {
  order_ack: message({ ...orderState, duplicate: isFlag, parent: optional(isName) }, { ...replayable, ...answer }),
  order_reject: message(
    { clientOrderId: isName, code: isName, message: isText, retryable: isFlag, details: optional(isRecord) },
    answer,
  ),
  order_fill: message(
    {
      ...orderState,
      fillId: isName,
      tradeId: isName,
      price: isDecimalText,
      quantity: isDecimalText,
      averagePrice: isDecimalText,
      fee: isDecimalText,
      feeCurrency: isName,
      liquidity: oneOf('maker', 'taker'),
    },
    replayable,
  ),
  order_cancelled: message(
    { ...orderState, reason: isText, cancelledQuantity: isDecimalText },
    { ...replayable, ...answer },
  ),
  order_cancel_reject: message({ clientOrderId: isName, code: isName, status: optional(isOrderStatus) }, answer),
  order_replaced: message(
    {
      ...orderState,
      revision: isCount,
      quantity: isDecimalText,
      limitPrice: nullable(isDecimalText),
      stopPrice: nullable(isDecimalText),
      duplicate: optional(isFlag),
    },
    { ...replayable, ...answer },
  ),
  order_replace_reject: message({ clientOrderId: isName, code: isName, status: optional(isOrderStatus) }, answer),
  order_status: message({ clientOrderId: isName, known: isFlag, order: nullable(isOrder) }, { id: isId }),
  account_snapshot: message({ ...holdings, orders: listOf(isOrder) }, { ...place, ...answer }),
  balance_update: message({ ...holdings, cause: optional(isRecord) }, replayable),
};
