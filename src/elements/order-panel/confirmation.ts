import { compare, multiply, parseDecimal, subtract, ZERO, type Decimal } from '../../book/decimal.js';
import type { TickTable } from '../../book/tick-table.js';
import { maySend, type OrderIssue } from '../../orders/validate.js';
import type { TicketCheck } from './ticket-check.js';

/** How long a summary may stand before it has to be asked for anew. */
export const CONFIRM_TTL_MS = 15_000;
/** A press this soon after the dialog opened was meant for what lay under it. */
export const CONFIRM_GUARD_MS = 350;
/** The reference may move by so many ticks, or by this share if that is more, before it has to be accepted anew. */
const MOVE_TICKS: Decimal = { units: 2n, scale: 0 };
const MOVE_SHARE: Decimal = { units: 1n, scale: 3 };

/** A summary, frozen at the moment when it was shown. */
export interface Confirmation {
  readonly check: TicketCheck;
  /** The wish that it is about; a summary of another one is worth nothing. */
  readonly key: string;
  /** What it would have gone by: a summary shown for one broker is none for another. */
  readonly route: readonly unknown[];
  readonly shownAt: number;
}

/** What stands between the summary and the order now. */
export type Hindrance = 'none' | 'too_soon' | 'expired' | 'refused' | 'moved' | 'unaccepted';

/** The price that an order would meet: the best of the other side. */
export const referenceOf = ({ draft, bid, ask }: TicketCheck): Decimal | undefined =>
  draft.side === 'buy' ? ask : bid;

/** The worst price that a market order would take; every other order is bounded by its own. */
export const worstOf = ({ draft, estimate }: TicketCheck): Decimal | undefined =>
  draft.orderType === 'market' ? estimate?.worst : undefined;

/** What a person has to accept by an act of its own, beyond the press. */
export const toAccept = ({ issues }: TicketCheck): readonly OrderIssue[] =>
  issues.filter(({ acknowledge }) => acknowledge === true);

/** Judges a frozen summary by the ticket as it stands now. `isAccepted`: what has to be accepted in it has been. */
export function hindranceOf(
  { check, shownAt }: Confirmation,
  current: TicketCheck,
  now: number,
  isAccepted: boolean,
): Hindrance {
  // A clock that was set back has lost its word on how old the summary is.
  if (now < shownAt || now - shownAt >= CONFIRM_TTL_MS) return 'expired';
  if (!maySend(current.issues)) return 'refused';
  if (hasMoved(check, current)) return 'moved';
  if (!isAccepted && toAccept(check).length > 0) return 'unaccepted';
  return isTooSoon(shownAt, now) ? 'too_soon' : 'none';
}

/** Whether the summary has only just come. */
export const isTooSoon = (shownAt: number, now: number): boolean => now - shownAt < CONFIRM_GUARD_MS;

/** Whether so little time has passed that a press now is the second of a double click. A clock that was set back says nothing. */
export const isJustNow = (at: number, now: number): boolean => now >= at && isTooSoon(at, now);

/** How far off an issue says that something is, in percent. */
export const percentOf = ({ params }: OrderIssue): Decimal => parseDecimal(params['percent'] ?? '') ?? ZERO;

/** An issue that has to be accepted and has become worse than it was shown. */
export function worseThanShown(shown: TicketCheck, current: TicketCheck): OrderIssue | undefined {
  const old = new Map(toAccept(shown).map((issue) => [issue.code, percentOf(issue)]));
  return toAccept(current).find((issue) => compare(percentOf(issue), old.get(issue.code) ?? ZERO) > 0);
}

function hasMoved(before: TicketCheck, current: TicketCheck): boolean {
  const known = new Map(
    before.issues.map(({ code, field, severity, acknowledge }) => [`${code} ${field}`, { severity, acknowledge }]),
  );
  const isWorse = current.issues.some(({ code, field, severity, acknowledge }) => {
    const old = known.get(`${code} ${field}`);
    return !old || (severity !== 'notice' && old.severity === 'notice') || acknowledge !== old.acknowledge;
  });
  if (isWorse || worseThanShown(before, current) || before.timeInForce !== current.timeInForce) return true;
  const old = pricesOf(before);
  const next = pricesOf(current);
  return old.some((price, i) => isFar(price, next[i], before.tickTable));
}

const pricesOf = (check: TicketCheck): readonly (Decimal | undefined)[] => [referenceOf(check), worstOf(check)];

function isFar(old: Decimal | undefined, next: Decimal | undefined, tickTable: TickTable | undefined): boolean {
  if (old === undefined || next === undefined) return old !== next;
  const moved = subtract(next, old);
  const distance = compare(moved, ZERO) < 0 ? subtract(ZERO, moved) : moved;
  const share = multiply(old, MOVE_SHARE);
  const ticks = tickTable ? multiply(tickTable.tickAt(old), MOVE_TICKS) : ZERO;
  return compare(distance, compare(ticks, share) > 0 ? ticks : share) > 0;
}
