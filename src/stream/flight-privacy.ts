/** Which frames of our own protocol tell nothing of orders, accounts and logins. What is not known to be public is not. */
import { isRecord, own } from './protocol/shape.js';

const PUBLIC: ReadonlySet<unknown> = new Set([
  'hello',
  'welcome',
  'ping',
  'pong',
  'going_away',
  'subscribe',
  'unsubscribe',
  'subscription_confirmed',
  'unsubscription_confirmed',
  'order_book_resync',
  'order_book_snapshot',
  'order_book_delta',
  'market_data',
  'instrument_status',
  'trade',
]);

/** The `id` of a subscription or of a request for a book: an error that answers one tells of no order. */
const PUBLIC_ID = /^(?:hello|[sbp]\d+)$/;

/** Whether a frame may be handed to somebody who is not to see orders. */
export function isPublicFrame(text: string): boolean {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return false;
  }
  return isPublic(frame);
}

function isPublic(frame: unknown): boolean {
  if (!isRecord(frame)) return false;
  const type = own(frame, 'type');
  if (type === 'market_data_batch') {
    const entries = own(frame, 'data');
    // A bare row has no type.
    return Array.isArray(entries) && entries.every((entry) => isPublic(entry) || isRow(entry));
  }
  if (type === 'error') {
    const id = own(frame, 'id');
    return id === undefined || (typeof id === 'string' && PUBLIC_ID.test(id));
  }
  return PUBLIC.has(type);
}

const isRow = (entry: unknown): boolean =>
  isRecord(entry) && !Object.hasOwn(entry, 'type') && Object.hasOwn(entry, 'price');
