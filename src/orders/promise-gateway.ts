/**
 * Orders that the host page carries: it answers with a promise. What the promise says is looked at; a rejected promise or an
 * answer that makes no sense leaves the outcome unknown, because the order may have been placed all the same.
 */
import { parseDecimal } from '../book/decimal.js';
import type { PlaceResult } from './gateway.js';
import { VENUE_STATES, createOrder, isUnanswered } from './order.js';
import type { Order, OrderEvent, OrderFacts, OrderRequest, VenueState } from './order.js';

/** What a page says of an order that it carries. Numbers are exact decimal text. */
export interface OrderAnswer {
  /** `accepted` means the same as `open`. */
  readonly status: 'accepted' | VenueState;
  /** The venue's own id of the order. */
  readonly orderId?: string;
  /** Filled so far, in all. Default: as was told before, or the whole quantity when the status is `filled`. */
  readonly filled?: string;
  readonly averagePrice?: string;
  /** Why it was rejected: a code of the page's choice, and words that are shown. */
  readonly code?: string;
  readonly message?: string;
}

/** The outcome of a promise that the page gave. Never rejects. `known` is how the order stands when it settles, if that is known. */
export async function pageAnswer(
  promise: PromiseLike<unknown>,
  request: OrderRequest,
  known: () => Order | undefined = () => undefined,
): Promise<PlaceResult> {
  let answer: unknown;
  try {
    answer = await promise;
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
  const event = answerEvent(answer, known() ?? createOrder(request));
  if (event === undefined) return { outcome: 'unknown', reason: 'the page gave no answer that can be read' };
  return event.type === 'reject'
    ? { outcome: 'rejected', code: event.code, message: event.message }
    : { outcome: 'accepted', facts: event.facts };
}

/** What an answer means for its order, or undefined when it means nothing. What it leaves out stays as it was. */
export function answerEvent(
  answer: unknown,
  order: Order,
): Extract<OrderEvent, { type: 'reject' | 'status' }> | undefined {
  const { status, filled, orderId, averagePrice, code, message } = (answer ?? {}) as Partial<
    Record<keyof OrderAnswer, unknown>
  >;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const rejection = { code: text(code) || 'rejected', message: text(message) };
  if (status === 'rejected' && isUnanswered(order)) return { type: 'reject', ...rejection };
  const state = status === 'accepted' ? 'open' : VENUE_STATES.find((known) => known === status);
  if (state === undefined) return undefined;
  const whole = state === 'filled' ? order.quantity : order.filled;
  const total = filled === undefined ? whole : parseDecimal(text(filled));
  const average = parseDecimal(text(averagePrice));
  if (total === undefined) return undefined;
  const reason = state === 'rejected' ? rejection : { code: text(code), message: text(message) };
  const facts: OrderFacts = {
    status: state,
    filled: total,
    ...(typeof orderId === 'string' ? { orderId } : {}),
    ...(average === undefined ? {} : { averagePrice: average }),
    ...(reason.message || reason.code ? { reason: { ...reason, by: 'venue' as const } } : {}),
  };
  return { type: 'status', facts };
}
