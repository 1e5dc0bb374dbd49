/**
 * What a server may say. The client believes nothing else: a message that does not pass is counted and dropped,
 * whatever it looks like. Levels are checked for form only, because the book judges their numbers and can then ask for
 * the one symbol anew; all other decimals are checked here.
 */
import { answer, isOrderSide, isOrderType, isTimeInForce, orderChecks, place, replayable } from './guards-orders.js';
import type { MarketEvent, PrivateMessage, ServerMessage } from './messages.js';
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
  isWireNumber,
  listOf,
  MAX_DECIMAL_LENGTH,
  message,
  nullable,
  oneOf,
  optional,
  own,
  pairOf,
  shape,
  tableOf,
} from './shape.js';

/**
 * Longest frame that is looked at, in characters: 8 Mi. A frame above it is refused unread, since parsing 50 MB would
 * freeze the page for seconds. A snapshot of 1,000 levels a side takes some 50 kB.
 */
export const MAX_SERVER_FRAME_LENGTH = 8 * 1024 * 1024;

/** Why a message from the server was not believed. `unknown_type` is no fault: newer servers may say more. */
export type ServerRefusal = 'too_large' | 'bad_json' | 'not_an_object' | 'unknown_type' | 'bad_message';

export type CheckedServerMessage =
  | { readonly ok: true; readonly message: ServerMessage }
  | {
      readonly ok: false;
      readonly reason: ServerRefusal;
      /**
       * The symbol whose book may now lack a change, or `ANY_BOOK` when nobody can know. Absent when no book is
       * concerned.
       */
      readonly suspect?: string;
    };

/** In place of a symbol: what was refused may have held a change of any book. */
export const ANY_BOOK = '*';

const isBoundedText: Check = (value) => typeof value === 'string' && value.length <= MAX_DECIMAL_LENGTH;
const isLevels = listOf(pairOf(isBoundedText));
const isNames = listOf(isName);
const isPhase = oneOf('pre_open', 'auction', 'continuous', 'halted', 'closed');
const isFigure = optional(nullable(isWireNumber));
const decimal = optional(isDecimalText);
const names = optional(isNames);
const sent: Fields = { sent: optional(isTime) };
const placed: Fields = { ...place, ...sent };
const book: Fields = { symbol: isName, bids: isLevels, asks: isLevels, timestamp: isTime };
const isInstrument = shape({
  symbol: isName,
  name: optional(isText),
  currency: optional(isText),
  tickSize: decimal,
  tickTable: optional(listOf(pairOf(isDecimalText))),
  lotSize: decimal,
  priceBand: optional(pairOf(isDecimalText)),
  phase: optional(isPhase),
  orderTypes: optional(listOf(isOrderType)),
  timesInForce: optional(listOf(isTimeInForce)),
  takerFee: decimal,
  makerFee: decimal,
  minQuantity: decimal,
  maxQuantity: decimal,
  minNotional: decimal,
  maxNotional: decimal,
  postOnly: optional(isFlag),
  icebergMinShare: decimal,
  bracket: optional((value) => isFlag(value) || value === 'buy'),
});

const sessionChecks: Readonly<Record<string, Check>> = {
  welcome: message(
    {
      protocol: isCount,
      session: isName,
      serverTime: isTime,
      heartbeatMs: isTime,
      features: isNames,
      limits: shape({ symbols: isCount, messagesPerSecond: isCount, ordersPerSecond: isCount, messageBytes: isCount }),
      authRequired: isNames,
    },
    { id: isId },
  ),
  auth_ok: message({ user: isName, accounts: isNames, scopes: isNames, expiresAt: optional(isTime) }, { id: isId }),
  auth_expiring: message({ expiresAt: isTime }),
  resumed: message({ replayed: tableOf(pairOf(isCount)), reset: tableOf(isText) }, answer),
  pong: shape({ ...answer, t: optional(isTime), serverTime: optional(isTime) }),
  error: message(
    { code: isName, message: isText, fatal: isFlag, retryAfterMs: nullable(isTime), details: optional(isRecord) },
    answer,
  ),
  going_away: message({ reason: isText, reconnectAfterMs: pairOf(isTime) }),
  subscription_confirmed: message(
    {
      // A guide server may list anything.
      symbols: Array.isArray,
      added: names,
      rejected: optional(listOf(shape({ symbol: isName, code: isName }))),
      channels: optional(shape({ ticker: names, book: names, trades: names })),
      instruments: optional(listOf(isInstrument)),
    },
    answer,
  ),
  unsubscription_confirmed: message({ symbols: isNames, removed: isNames }, answer),
  market_data_batch: shape({ ...sent, data: Array.isArray }),
};

const eventChecks: Readonly<Record<MarketEvent['type'], Check>> = {
  market_data: message(
    {
      symbol: isName,
      price: isWireNumber,
      volume: isFigure,
      high: isFigure,
      low: isFigure,
      change: isFigure,
      changePercent: isFigure,
      timestamp: optional(nullable(isTime)),
    },
    { ...sent, stream: optional(isName), epoch: optional(isName), seq: optional(isCount) },
  ),
  order_book_snapshot: message({ ...book, depth: isCount }, { ...placed, ...answer }),
  order_book_delta: message({ ...book, checksum: optional(isCount) }, { ...placed, prevSeq: isCount }),
  trade: message(
    {
      symbol: isName,
      tradeId: isName,
      price: isDecimalText,
      quantity: isDecimalText,
      aggressor: isOrderSide,
      timestamp: isTime,
    },
    { ...replayable, ...sent },
  ),
  instrument_status: message({ symbol: isName, phase: isPhase, timestamp: isTime }, placed),
};

const checks = new Map<unknown, Check>(Object.entries({ ...sessionChecks, ...eventChecks, ...orderChecks }));

/** Whether it tells of one symbol. */
export const isMarketEvent = (message: ServerMessage): message is MarketEvent =>
  Object.hasOwn(eventChecks, message.type);

/** Whether it tells of orders or accounts. */
export const isPrivate = (message: ServerMessage): message is PrivateMessage =>
  Object.hasOwn(orderChecks, message.type);

/** Types that may hold a change of a book. */
const BOOK_TYPES: ReadonlySet<unknown> = new Set(['order_book_snapshot', 'order_book_delta', 'market_data_batch']);

/** Judges one parsed value, e.g. an entry of a batch. Never throws. */
export const checkServerMessage = (value: unknown): CheckedServerMessage => {
  if (!isRecord(value)) return { ok: false, reason: 'not_an_object', suspect: ANY_BOOK };
  const type = own(value, 'type');
  const check = checks.get(type);
  if (check === undefined) return { ok: false, reason: 'unknown_type' };
  if (check(value)) return { ok: true, message: value as unknown as ServerMessage };
  if (!BOOK_TYPES.has(type)) return { ok: false, reason: 'bad_message' };
  const symbol = own(own(value, 'data'), 'symbol');
  return { ok: false, reason: 'bad_message', suspect: isName(symbol) ? (symbol as string) : ANY_BOOK };
};

/** Reads one text frame. Never throws; a frame above `maxLength` characters is refused unread. */
export const parseServerMessage = (text: string, maxLength = MAX_SERVER_FRAME_LENGTH): CheckedServerMessage => {
  if (text.length > maxLength) return { ok: false, reason: 'too_large', suspect: ANY_BOOK };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Also a RangeError, where an engine's parser runs out of stack on deep nesting.
    return { ok: false, reason: 'bad_json', suspect: ANY_BOOK };
  }
  return checkServerMessage(value);
};
