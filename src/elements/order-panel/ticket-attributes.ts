import { TIMES_IN_FORCE, type Offer } from '../../orders/combinations.js';
import type { OrderType } from '../../orders/order.js';
import { EMPTY_DRAFT, type TicketDraft } from '../../orders/ticket.js';
import { isDoubtful } from '../../orders/validate.js';
import { warnOnce } from '../internal/warn.js';
import type { TicketCheck } from './ticket-check.js';

export type ConfirmPolicy = 'always' | 'unless-declined' | 'unless-trivial' | 'armed' | 'never';

/** How long an armed ticket may lie unused, in milliseconds. */
const ARMED_FOR_MS = 60_000;

const POLICIES: readonly string[] = [
  'always',
  'unless-declined',
  'unless-trivial',
  'armed',
  'never',
] satisfies ConfirmPolicy[];

const TYPES: readonly OrderType[] = ['limit', 'market', 'stop', 'stop_limit'];

/** The order types to offer, in the page's order; the usual three where the attribute makes no sense. */
export function readOrderTypes(element: Element, text: string): readonly OrderType[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const types = TYPES.filter((type) => words.includes(type)).sort((a, b) => words.indexOf(a) - words.indexOf(b));
  if (types.length === new Set(words).size && types.length > 0) return types;
  warnOnce(element, 'order-types', text, 'some of "limit market stop stop_limit"');
  return types.length > 0 ? types : ['limit', 'market', 'stop'];
}

/** Tells the author that nothing can be ordered, because none of the ticket's order types is offered. */
export function warnOfTypes(element: Element, text: string, { orderTypes = [] }: Offer): void {
  const offered = orderTypes.length > 0 ? `"${orderTypes.join(' ')}"` : 'nothing';
  warnOnce(element, 'order-types', text, `some of what gateway and instrument offer, which is ${offered}`);
}

/** When to ask before sending; `always` where the attribute makes no sense. */
export function readConfirm(element: Element, value: string): ConfirmPolicy {
  if (POLICIES.includes(value)) return value as ConfirmPolicy;
  warnOnce(element, 'confirm', value, '"always", "unless-declined", "unless-trivial", "armed" or "never"');
  return 'always';
}

/** How old prices may be in milliseconds; undefined leaves it to the verdict. What makes no sense counts as 0: nothing is sent. */
export function readMaxAge(element: Element, value: number | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (value >= 0) return value;
  warnOnce(element, 'max-age', value, 'a number of milliseconds of 0 or above');
  return 0;
}

/** How long an armed ticket may lie unused, in milliseconds; a minute where it is not said. */
export function readArmedFor(element: Element, value: number | undefined): number {
  if (value === undefined) return ARMED_FOR_MS;
  if (Number.isFinite(value) && value > 0) return value;
  warnOnce(element, 'armed-for', value, 'a number of milliseconds above 0');
  return ARMED_FOR_MS;
}

/**
 * Whether this order has to be confirmed. What is doubtful always has to be, whatever the policy; trivial is an order
 * whose price is bounded and of which nothing has to be said. `isUnasked`: the person has chosen not to be asked, or has armed the ticket.
 */
export function mustConfirm(policy: ConfirmPolicy, { draft, issues }: TicketCheck, isUnasked: boolean): boolean {
  if (isDoubtful(issues)) return true;
  if (isUnasked) return false;
  if (policy !== 'unless-trivial') return policy !== 'never';
  return draft.orderType !== 'limit' && draft.orderType !== 'stop_limit';
}

/** A draft that a browser has kept over a navigation, or undefined where it is none. */
export function readStoredDraft(text: string): TicketDraft | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const stored = value as Partial<Record<keyof TicketDraft, unknown>> | null;
  const isDraft =
    stored !== null &&
    Object.entries(EMPTY_DRAFT).every(([key, empty]) => typeof stored[key as keyof TicketDraft] === typeof empty) &&
    (stored.side === 'buy' || stored.side === 'sell') &&
    (stored.quantityIn === 'pieces' || stored.quantityIn === 'money') &&
    ['', ...TIMES_IN_FORCE].includes(stored.timeInForce as string);
  return isDraft ? (stored as TicketDraft) : undefined;
}
