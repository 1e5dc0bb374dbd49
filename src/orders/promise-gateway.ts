/**
 * Orders that the host page carries: it answers with a promise. What the promise says is looked at; a rejected promise or an
 * answer that makes no sense leaves the outcome unknown, because the order may have been placed all the same.
 */
import { ZERO, parseDecimal } from '../book/decimal.js';
import type { PlaceResult } from './gateway.js';
import type { OrderEvent, OrderFacts, OrderRequest, VenueState } from './order.js';

/** What a page says of an order that it carries. Numbers are exact decimal text. */
export interface OrderAnswer {
  /** `accepted` means the same as `open`. */
  readonly status: 'accepted' | VenueState;
  /** The venue's own id of the order. */
  readonly orderId?: string;
  /** Filled so far, in all. Default 0, or the whole quantity when the status is `filled`. */
  readonly filled?: string;
  readonly averagePrice?: string;
  /** Why it was rejected: a code of the page's choice, and words that are shown. */
  readonly code?: string;
  readonly message?: string;
}

/** The outcome of a promise that the page gave. Never rejects. */
export async function pageAnswer(promise: PromiseLike<unknown>, request: OrderRequest): Promise<PlaceResult> {
  let answer: unknown;
  try {
    answer = await promise;
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
  const event = answerEvent(answer, request);
  if (event === undefined) return { outcome: 'unknown', reason: 'the page gave no answer that can be read' };
  return event.type === 'reject'
    ? { outcome: 'rejected', code: event.code, message: event.message }
    : { outcome: 'accepted', facts: event.facts };
}

/** What an answer means for its order, or undefined when it means nothing. */
export function answerEvent(
  answer: unknown,
  request: OrderRequest,
): Extract<OrderEvent, { type: 'reject' | 'status' }> | undefined {
  const { status, filled, orderId, averagePrice, code, message } = (answer ?? {}) as Partial<
    Record<keyof OrderAnswer, unknown>
  >;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (status === 'rejected') return { type: 'reject', code: text(code) || 'rejected', message: text(message) };
  const state = status === 'accepted' ? 'open' : KNOWN.find((known) => known === status);
  if (state === undefined) return undefined;
  const whole = state === 'filled' ? parseDecimal(request.quantity) : ZERO;
  const total = filled === undefined ? whole : parseDecimal(text(filled));
  const average = parseDecimal(text(averagePrice));
  if (total === undefined) return undefined;
  const facts: OrderFacts = {
    status: state,
    filled: total,
    ...(typeof orderId === 'string' ? { orderId } : {}),
    ...(average === undefined ? {} : { averagePrice: average }),
    ...(text(message) || text(code)
      ? { reason: { code: text(code), message: text(message), by: 'venue' as const } }
      : {}),
  };
  return { type: 'status', facts };
}

const KNOWN: readonly VenueState[] = [
  'open',
  'partially_filled',
  'suspended',
  'done_for_day',
  'filled',
  'cancelled',
  'expired',
];
