/**
 * The wire once more, as valibot schemas: written from docs and types, not from the guards, so that the two can be
 * held against each other.
 */
import * as v from 'valibot';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const id = v.pipe(v.string(), v.maxLength(64));
const decimal = v.pipe(v.string(), v.maxLength(64), v.regex(/^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/));
const finite = v.pipe(v.number(), v.finite());
const wireNumber = v.union([finite, decimal]);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(v.number(), v.finite(), v.minValue(0));
// valibot takes an array for an object; the wire does not.
const noArray = v.check<unknown, string>((value) => !Array.isArray(value), 'an array is no object');
const record = v.pipe(v.unknown(), noArray, v.looseObject({}));
const object = <T extends v.ObjectEntries>(entries: T) => v.pipe(v.unknown(), noArray, v.object(entries));
const levels = v.array(v.strictTuple([v.pipe(v.string(), v.maxLength(64)), v.pipe(v.string(), v.maxLength(64))]));
const phase = v.picklist(['pre_open', 'auction', 'continuous', 'halted', 'closed']);
const orderType = v.picklist(['market', 'limit', 'stop', 'stop_limit']);
const timeInForce = v.picklist(['day', 'gtc', 'ioc', 'fok']);
const orderSide = v.picklist(['buy', 'sell']);
const status = v.picklist(['open', 'partially_filled', 'filled', 'cancelled', 'expired', 'rejected']);
const channels = v.picklist(['ticker', 'book', 'trades']);

const place = { stream: name, epoch: name, seq: count };
const replayable = { ...place, replay: v.optional(v.boolean()) };
const table = <T extends v.GenericSchema>(value: T) =>
  v.pipe(
    record,
    v.record(name, value),
    v.check((entries) => Object.keys(entries).length <= 1_000),
  );
const instrument = object({
  symbol: name,
  name: v.optional(v.string()),
  currency: v.optional(name),
  tickSize: v.optional(decimal),
  tickTable: v.optional(v.array(v.strictTuple([decimal, decimal]))),
  lotSize: v.optional(decimal),
  priceBand: v.optional(v.strictTuple([decimal, decimal])),
  phase: v.optional(phase),
  orderTypes: v.optional(v.array(orderType)),
  timesInForce: v.optional(v.array(timeInForce)),
  takerFee: v.optional(decimal),
  makerFee: v.optional(decimal),
  minQuantity: v.optional(decimal),
  maxQuantity: v.optional(decimal),
  minNotional: v.optional(decimal),
  maxNotional: v.optional(decimal),
  icebergMinShare: v.optional(decimal),
  postOnly: v.optional(v.boolean()),
  bracket: v.optional(v.union([v.boolean(), v.literal('buy')])),
});
const order = object({
  clientOrderId: name,
  orderId: name,
  symbol: name,
  side: orderSide,
  orderType,
  quantity: decimal,
  limitPrice: v.nullable(decimal),
  stopPrice: v.nullable(decimal),
  timeInForce,
  cumQuantity: decimal,
  leavesQuantity: decimal,
  averagePrice: v.nullable(decimal),
  revision: v.optional(count),
  postOnly: v.optional(v.boolean()),
  displayQuantity: v.optional(decimal),
  takeProfit: v.optional(decimal),
  stopLoss: v.optional(decimal),
  parent: v.optional(name),
  reason: v.optional(v.string()),
  status,
  timestamp: time,
});
const balance = object({ currency: name, total: decimal, available: decimal, reserved: decimal });
const position = object({ symbol: name, quantity: decimal, available: decimal, averageCost: decimal });
const holdings = { account: name, balances: v.array(balance), positions: v.array(position) };
const orderState = {
  clientOrderId: name,
  orderId: name,
  cumQuantity: decimal,
  leavesQuantity: decimal,
  status,
  timestamp: time,
};
const message = <T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  object({ type: v.literal(type), ...entries });

export const serverSchema = v.union([
  message('welcome', {
    id,
    data: object({
      protocol: count,
      session: name,
      serverTime: time,
      heartbeatMs: time,
      features: v.array(name),
      limits: object({ symbols: count, messagesPerSecond: count, ordersPerSecond: count, messageBytes: count }),
      authRequired: v.array(name),
    }),
  }),
  message('auth_ok', {
    id,
    data: object({ user: name, accounts: v.array(name), scopes: v.array(name), expiresAt: v.optional(time) }),
  }),
  message('auth_expiring', { data: object({ expiresAt: time }) }),
  message('resumed', {
    id: v.optional(id),
    data: object({ replayed: table(v.strictTuple([count, count])), reset: table(v.string()) }),
  }),
  message('pong', { id: v.optional(id), t: v.optional(time), serverTime: v.optional(time) }),
  message('error', {
    id: v.optional(id),
    data: object({
      code: name,
      message: v.string(),
      fatal: v.boolean(),
      retryAfterMs: v.nullable(time),
      details: v.optional(record),
    }),
  }),
  message('going_away', { data: object({ reason: v.string(), reconnectAfterMs: v.strictTuple([time, time]) }) }),
  message('subscription_confirmed', {
    id: v.optional(id),
    data: object({
      symbols: v.array(v.unknown()),
      added: v.optional(v.array(name)),
      rejected: v.optional(v.array(object({ symbol: name, code: name }))),
      channels: v.optional(
        object({
          ticker: v.optional(v.array(name)),
          book: v.optional(v.array(name)),
          trades: v.optional(v.array(name)),
        }),
      ),
      instruments: v.optional(v.array(instrument)),
    }),
  }),
  message('unsubscription_confirmed', {
    id: v.optional(id),
    data: object({ symbols: v.array(name), removed: v.array(name) }),
  }),
  message('market_data', {
    stream: v.optional(name),
    epoch: v.optional(name),
    seq: v.optional(count),
    sent: v.optional(time),
    data: object({
      symbol: name,
      price: wireNumber,
      volume: v.nullish(wireNumber),
      high: v.nullish(wireNumber),
      low: v.nullish(wireNumber),
      change: v.nullish(wireNumber),
      changePercent: v.nullish(wireNumber),
      timestamp: v.nullish(time),
    }),
  }),
  message('market_data_batch', { sent: v.optional(time), data: v.array(v.unknown()) }),
  message('order_book_snapshot', {
    ...place,
    id: v.optional(id),
    sent: v.optional(time),
    data: object({ symbol: name, depth: count, bids: levels, asks: levels, timestamp: time }),
  }),
  message('order_book_delta', {
    ...place,
    prevSeq: count,
    sent: v.optional(time),
    data: object({ symbol: name, bids: levels, asks: levels, timestamp: time, checksum: v.optional(count) }),
  }),
  message('trade', {
    ...replayable,
    sent: v.optional(time),
    data: object({
      symbol: name,
      tradeId: name,
      price: decimal,
      quantity: decimal,
      aggressor: orderSide,
      timestamp: time,
    }),
  }),
  message('instrument_status', {
    ...place,
    sent: v.optional(time),
    data: object({ symbol: name, phase, timestamp: time }),
  }),
  message('order_ack', {
    ...replayable,
    id: v.optional(id),
    data: object({ ...orderState, duplicate: v.boolean(), parent: v.optional(name) }),
  }),
  message('order_reject', {
    id: v.optional(id),
    data: object({
      clientOrderId: name,
      code: name,
      message: v.string(),
      retryable: v.boolean(),
      details: v.optional(record),
    }),
  }),
  message('order_fill', {
    ...replayable,
    data: object({
      ...orderState,
      fillId: name,
      tradeId: name,
      price: decimal,
      quantity: decimal,
      averagePrice: decimal,
      fee: decimal,
      feeCurrency: name,
      liquidity: v.picklist(['maker', 'taker']),
    }),
  }),
  message('order_cancelled', {
    ...replayable,
    id: v.optional(id),
    data: object({ ...orderState, reason: v.string(), cancelledQuantity: decimal }),
  }),
  message('order_cancel_reject', {
    id: v.optional(id),
    data: object({ clientOrderId: name, code: name, status: v.optional(status) }),
  }),
  message('order_replaced', {
    ...replayable,
    id: v.optional(id),
    data: object({
      ...orderState,
      revision: count,
      quantity: decimal,
      limitPrice: v.nullable(decimal),
      stopPrice: v.nullable(decimal),
      duplicate: v.optional(v.boolean()),
    }),
  }),
  message('order_replace_reject', {
    id: v.optional(id),
    data: object({ clientOrderId: name, code: name, status: v.optional(status) }),
  }),
  message('order_status', { id, data: object({ clientOrderId: name, known: v.boolean(), order: v.nullable(order) }) }),
  message('account_snapshot', {
    ...place,
    id: v.optional(id),
    data: object({ ...holdings, orders: v.array(order) }),
  }),
  message('balance_update', { ...replayable, data: object({ ...holdings, cause: v.optional(record) }) }),
]);

const clientOrderId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,36}$/));
const orderKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,36}(?:\.(?:tp|sl)[0-9]{0,6})?$/));
const symbols = v.pipe(v.array(name), v.maxLength(5_000));

export const clientSchema = v.union([
  message('hello', {
    id,
    data: object({
      protocol: count,
      client: v.string(),
      features: v.array(name),
      resume: v.optional(object({ session: name, streams: table(v.strictTuple([name, count])) })),
    }),
  }),
  message('auth', { id, data: object({ ticket: v.pipe(v.string(), v.minLength(1), v.maxLength(8_192)) }) }),
  message('subscribe', {
    symbols,
    id: v.optional(id),
    channels: v.optional(v.pipe(v.array(channels), v.minLength(1))),
    depth: v.optional(count),
    maxRateHz: v.optional(time),
  }),
  message('unsubscribe', {
    symbols,
    id: v.optional(id),
    channels: v.optional(v.pipe(v.array(channels), v.minLength(1))),
  }),
  message('ping', { id: v.optional(id), t: v.optional(time) }),
  message('order_book_resync', { id, data: object({ symbol: name }) }),
  message('account_subscribe', { id, data: object({ account: name }) }),
  message('order_place', {
    id,
    data: object({
      clientOrderId,
      account: name,
      symbol: name,
      side: orderSide,
      orderType,
      quantity: decimal,
      limitPrice: v.nullable(decimal),
      stopPrice: v.nullable(decimal),
      timeInForce,
      goodUntil: v.optional(time),
      postOnly: v.optional(v.literal(true)),
      displayQuantity: v.optional(decimal),
      takeProfit: v.optional(decimal),
      stopLoss: v.optional(decimal),
    }),
  }),
  message('order_replace', {
    id,
    data: object({
      account: name,
      clientOrderId: orderKey,
      revision: count,
      quantity: decimal,
      limitPrice: v.nullable(decimal),
      stopPrice: v.nullable(decimal),
    }),
  }),
  message('order_cancel', { id, data: object({ account: name, clientOrderId: orderKey }) }),
  message('order_query', { id, data: object({ account: name, clientOrderId: orderKey }) }),
]);
