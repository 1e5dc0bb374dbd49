/**
 * What gateways say, read with care: they are written by others, and often in a language without types. What cannot be read is
 * undefined, and never half a result: numbers and states are all there or none counts. Mere words may be missing.
 */
import { ZERO, compare, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import { isAsset } from './account.js';
import type { AccountUpdate, Asset } from './account.js';
import type { ListedOrder, QueryResult } from './gateway.js';
import { isPrice, isRequest } from './journal.js';
import { VENUE_STATES } from './order.js';
import type { Fill, OrderChange, OrderEvent, OrderFacts, OrderRequest, VenueState } from './order.js';
import { fieldsOf, textOf } from './wire.js';

/** What came of an act, whichever it was. */
export type ActResult<Done extends string> =
  | { readonly outcome: Done; readonly facts: OrderFacts }
  | { readonly outcome: 'rejected' | 'not_sent'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isDecimal(value: unknown): value is Decimal {
  const { units, scale } = fieldsOf(value);
  return typeof units === 'bigint' && isCount(scale);
}

function isMark(value: unknown): boolean {
  const { epoch, sequence } = fieldsOf(value);
  return typeof epoch === 'string' && Number.isFinite(sequence);
}

/** Of what a fact must be where it is told. */
const FACTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  status: (value) => VENUE_STATES.includes(value as VenueState),
  filled: isDecimal,
  leaves: isDecimal,
  averagePrice: isDecimal,
  quantity: isDecimal,
  limitPrice: isPrice,
  stopPrice: isPrice,
  revision: isCount,
  mark: isMark,
};

export function readFacts(value: unknown): OrderFacts | undefined {
  const fields = fieldsOf(value);
  const facts: Record<string, unknown> = {};
  for (const [name, isRight] of Object.entries(FACTS)) {
    const told = fields[name];
    // Only a limit or a stop may be told to be none.
    if (told === undefined || (told === null && isRight !== isPrice)) continue;
    if (!isRight(told)) return undefined;
    facts[name] = told;
  }
  if (facts['status'] === undefined || facts['filled'] === undefined) return undefined;
  if (typeof fields['orderId'] === 'string') facts['orderId'] = fields['orderId'];
  if (typeof fields['reason'] === 'object' && fields['reason'] !== null) {
    const { code, message, by } = fieldsOf(fields['reason']);
    facts['reason'] = { code: textOf(code), message: textOf(message), by: by === 'page' ? 'page' : 'venue' };
  }
  return facts as unknown as OrderFacts;
}

/** What came of placing, cancelling or changing. */
export function readAct<Done extends string>(value: unknown, done: Done): ActResult<Done> | undefined {
  const { outcome, facts: told, code, message, reason } = fieldsOf(value);
  switch (outcome) {
    case done: {
      const facts = readFacts(told);
      return facts && { outcome: done, facts };
    }
    case 'rejected':
    case 'not_sent':
      return { outcome, code: textOf(code) || outcome, message: textOf(message) };
    case 'unknown':
      return { outcome, reason: textOf(reason) };
    default:
      return undefined;
  }
}

export function readQuery(value: unknown): QueryResult | undefined {
  const { outcome, facts: told, retryAfterMs, reason } = fieldsOf(value);
  switch (outcome) {
    case 'known': {
      const facts = readFacts(told);
      return facts && { outcome, facts };
    }
    case 'never_arrived':
      return { outcome };
    case 'unsure':
      return { outcome, retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : NaN };
    case 'failed':
      return { outcome, reason: textOf(reason) };
    default:
      return undefined;
  }
}

export function readListed(value: unknown): ListedOrder | undefined {
  const { request, facts: told } = fieldsOf(value);
  const asked = fieldsOf(request) as Partial<OrderRequest>;
  const facts = readFacts(told);
  return facts && isRequest(asked) ? { request: asked, facts } : undefined;
}

export function readUpdate(value: unknown): AccountUpdate | undefined {
  const { isWhole, available: told, mark } = fieldsOf(value);
  if (!(told instanceof Map) || !((mark ?? undefined) === undefined || isMark(mark))) return undefined;
  const available = new Map<Asset, Decimal>();
  for (const [asset, amount] of told as ReadonlyMap<unknown, unknown>) {
    if (!isAsset(asset) || !isDecimal(amount)) return undefined;
    available.set(asset, amount);
  }
  return {
    isWhole: isWhole === true,
    available,
    ...(mark ? { mark: mark as NonNullable<AccountUpdate['mark']> } : {}),
  };
}

export function readOrderEvent(value: unknown): OrderEvent | undefined {
  const { type, facts: told, code, message, of, change, fill } = fieldsOf(value);
  switch (type) {
    case 'ack':
    case 'cancelled':
    case 'replaced':
    case 'status':
    case 'fill': {
      const facts = readFacts(told);
      if (facts === undefined) return undefined;
      if (type !== 'fill') return { type, facts };
      // A trade that cannot be read is in the totals all the same.
      const trade = readFill(fill);
      return trade ? { type, fill: trade, facts } : { type: 'status', facts };
    }
    case 'reject':
    case 'not_sent':
      return { type, code: textOf(code) || type, message: textOf(message) };
    case 'cancel_reject':
    case 'replace_reject':
      return { type, code: textOf(code) };
    case 'timeout':
      return of === 'place' || of === 'cancel' || of === 'replace' ? { type, of } : undefined;
    case 'replace_sent':
      return isChange(change) ? { type, change } : undefined;
    case 'sent':
    case 'cancel_sent':
    case 'never_arrived':
      return { type };
    default:
      return undefined;
  }
}

function readFill(value: unknown): Fill | undefined {
  const { fillId, price, quantity, fee, feeCurrency, liquidity } = fieldsOf(value);
  if (typeof fillId !== 'string' || !isDecimal(price) || !isDecimal(quantity)) return undefined;
  return {
    fillId,
    price,
    quantity,
    fee: isDecimal(fee) ? fee : undefined,
    feeCurrency: typeof feeCurrency === 'string' ? feeCurrency : undefined,
    liquidity: liquidity === 'maker' || liquidity === 'taker' ? liquidity : undefined,
  };
}

function isChange(value: unknown): value is OrderChange {
  const { revision, quantity, limitPrice, stopPrice } = fieldsOf(value);
  const pieces = parseDecimal(textOf(quantity));
  return (
    isCount(revision) && pieces !== undefined && compare(pieces, ZERO) > 0 && isPrice(limitPrice) && isPrice(stopPrice)
  );
}
