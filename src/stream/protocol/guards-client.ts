/**
 * What a client may say: the guards of the reference exchange and of the demo market. A refusal has the protocol's own
 * error code and, where the message had a usable one, the `id` to answer to. These judge form only; whether a price is
 * on a tick or an account may trade is the exchange's business.
 */
import { type ClientMessage, type ErrorCode, MAX_CLIENT_FRAME_BYTES } from './messages.js';
import {
  type Check,
  type Fields,
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

/** The fields of a message that are read: those of its `data`, where it has one, and those beside it. */
interface Form {
  readonly beside: Fields;
  readonly data: Fields | undefined;
  readonly isGood: Check;
}
const bare = (beside: Fields): Form => ({ beside, data: undefined, isGood: shape(beside) });
const withData = (data: Fields): Form => ({ beside: { id: isId }, data, isGood: message(data, { id: isId }) });

const forms: ReadonlyMap<unknown, Form> = new Map<unknown, Form>([
  // A feature that we don't know is no error: a newer client may have more, and a reader asks only for those it knows.
  ['hello', withData({ protocol: isCount, client: isText, features: listOf(isName), resume: optional(isResume) })],
  ['auth', withData({ ticket: isTicket })],
  ['subscribe', bare({ symbols: isSymbols, id, channels, depth: optional(isCount), maxRateHz: optional(isTime) })],
  ['unsubscribe', bare({ symbols: isSymbols, id, channels })],
  ['ping', bare({ id, t: optional(isTime) })],
  ['order_book_resync', withData({ symbol: isName })],
  ['account_subscribe', withData({ account: isName })],
  [
    'order_place',
    withData({
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
    }),
  ],
  [
    'order_replace',
    withData({
      ...orderKey,
      revision: isCount,
      quantity: isDecimalText,
      limitPrice: nullable(isDecimalText),
      stopPrice: nullable(isDecimalText),
    }),
  ],
  ['order_cancel', withData(orderKey)],
  ['order_query', withData(orderKey)],
]);

/** Judges one parsed value. Never throws. */
export const checkClientMessage = (value: unknown): ParsedClientMessage => {
  if (!isRecord(value)) return { ok: false, code: 'bad_message', message: 'A message must be one JSON object.' };
  const named = own(value, 'id');
  const id = isId(named) ? { id: named as string } : {};
  const type = own(value, 'type');
  const form = forms.get(type);
  if (form === undefined)
    return { ok: false, code: 'unknown_type', message: 'No message of this type is known.', ...id };
  if (!form.isGood(value)) {
    return {
      ok: false,
      code: 'bad_message',
      message: `The message of type ${type as string} lacks a field or has a bad one.`,
      ...id,
    };
  }
  const { beside, data } = form;
  const copy = { type, ...copyOf(value, beside), ...(data && { data: copyOf(own(value, 'data'), data) }) };
  return { ok: true, message: copy as unknown as ClientMessage };
};

/** The known fields and no others: those have been looked at, while another may hold anything, nested to any depth. */
const copyOf = (value: unknown, fields: Fields): Record<string, unknown> => {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const field = own(value, key);
    if (field !== undefined) copy[key] = field;
  }
  return copy;
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
