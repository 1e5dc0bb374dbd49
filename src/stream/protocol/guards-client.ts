/**
 * What a client may say: the guards of the reference exchange and of the demo market. A refusal has the protocol's own
 * error code and, where the message had a usable one, the `id` to answer to. These judge form only; whether a price is
 * on a tick or an account may trade is the exchange's business.
 */
import { type ClientMessage, type ErrorCode, MAX_CLIENT_FRAME_BYTES } from './messages.js';
import {
  type Check,
  isCount,
  isDecimalText,
  isId,
  isName,
  isRecord,
  isText,
  isTime,
  listOf,
  MAX_TICKET_LENGTH,
  message,
  nullable,
  oneOf,
  optional,
  own,
  shape,
  tableOf,
} from './shape.js';

/** Most symbols in one message. A session's own limit is lower; this one bounds the work before it is asked. */
export const MAX_SYMBOLS_IN_MESSAGE = 5_000;

export type ParsedClientMessage =
  | { readonly ok: true; readonly message: ClientMessage }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, 'too_large' | 'bad_json' | 'bad_message' | 'unknown_type'>;
      /** For people. */
      readonly message: string;
      readonly id?: string;
    };

const isClientOrderId: Check = (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{8,36}$/.test(value);
/** Of an order that stands: also one that the server made as the exit of another. */
const isOrderId: Check = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{8,36}(\.(tp|sl)[0-9]{0,6})?$/.test(value);
/** A wish that is either there or not: `false` is said by leaving it out. */
const isYes: Check = (value) => value === true;
const isSymbolName = listOf(isName);
const isSymbols: Check = (value) =>
  Array.isArray(value) && value.length <= MAX_SYMBOLS_IN_MESSAGE && isSymbolName(value);
const orderKey = { account: isName, clientOrderId: isOrderId };
const isChannelList = listOf(oneOf('ticker', 'book', 'trades'));
/** At least one: a symbol without a channel would be subscribed and never heard of. */
const isChannels: Check = (value) => Array.isArray(value) && value.length > 0 && isChannelList(value);
const channels = optional(isChannels);
const isTicket: Check = (value) => typeof value === 'string' && value !== '' && value.length <= MAX_TICKET_LENGTH;
const isMark: Check = (value) => Array.isArray(value) && value.length === 2 && isName(value[0]) && isCount(value[1]);
const isResume = shape({ session: isName, streams: tableOf(isMark) });
const id = optional(isId);

const checks: ReadonlyMap<unknown, Check> = new Map<unknown, Check>([
  // A feature that we don't know is no error: a newer client may have more, and a reader asks only for those it knows.
  [
    'hello',
    message({ protocol: isCount, client: isText, features: listOf(isName), resume: optional(isResume) }, { id: isId }),
  ],
  ['auth', message({ ticket: isTicket }, { id: isId })],
  ['subscribe', shape({ symbols: isSymbols, id, channels, depth: optional(isCount), maxRateHz: optional(isTime) })],
  ['unsubscribe', shape({ symbols: isSymbols, id, channels })],
  ['ping', shape({ id, t: optional(isTime) })],
  ['order_book_resync', message({ symbol: isName }, { id: isId })],
  ['account_subscribe', message({ account: isName }, { id: isId })],
  [
    'order_place',
    message(
      {
        clientOrderId: isClientOrderId,
        account: isName,
        symbol: isName,
        side: oneOf('buy', 'sell'),
        orderType: oneOf('market', 'limit', 'stop', 'stop_limit'),
        quantity: isDecimalText,
        limitPrice: nullable(isDecimalText),
        stopPrice: nullable(isDecimalText),
        timeInForce: oneOf('day', 'gtc', 'ioc', 'fok'),
        goodUntil: optional(isTime),
        postOnly: optional(isYes),
        displayQuantity: optional(isDecimalText),
        takeProfit: optional(isDecimalText),
        stopLoss: optional(isDecimalText),
      },
      { id: isId },
    ),
  ],
  [
    'order_replace',
    message(
      {
        ...orderKey,
        revision: isCount,
        quantity: isDecimalText,
        limitPrice: nullable(isDecimalText),
        stopPrice: nullable(isDecimalText),
      },
      { id: isId },
    ),
  ],
  ['order_cancel', message(orderKey, { id: isId })],
  ['order_query', message(orderKey, { id: isId })],
]);

/** Judges one parsed value. Never throws. */
export const checkClientMessage = (value: unknown): ParsedClientMessage => {
  if (!isRecord(value)) return { ok: false, code: 'bad_message', message: 'A message must be one JSON object.' };
  const named = own(value, 'id');
  const id = isId(named) ? { id: named as string } : {};
  const type = own(value, 'type');
  const check = checks.get(type);
  if (check === undefined)
    return { ok: false, code: 'unknown_type', message: 'No message of this type is known.', ...id };
  if (!check(value)) {
    return {
      ok: false,
      code: 'bad_message',
      message: `The message of type ${type as string} lacks a field or has a bad one.`,
      ...id,
    };
  }
  return { ok: true, message: value as unknown as ClientMessage };
};

/**
 * Reads one text frame. Never throws. `maxLength` is counted in characters, none of which is shorter than a byte, so
 * that a frame above the limit in characters is surely above it in bytes; a socket server counts the bytes itself.
 */
export const parseClientMessage = (text: string, maxLength = MAX_CLIENT_FRAME_BYTES): ParsedClientMessage => {
  if (text.length > maxLength) {
    return { ok: false, code: 'too_large', message: `A message may have ${maxLength} bytes at most.` };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, code: 'bad_json', message: 'The frame is not JSON.' };
  }
  return checkClientMessage(value);
};
