/**
 * The orders whose fate is not known, kept where a reload does not reach. An entry is written before its order is sent and
 * taken out when the venue has answered; what is found on start is unknown and gets asked for by its id.
 */
import { formatDecimal, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import { isAsset } from './account.js';
import type { ReservationTerms } from './ledger.js';
import type { OrderRequest } from './order.js';

/** Who was asked to carry an order: the desk's gateway, or the page through `respondWith`. */
export type Route = 'gateway' | 'page';

export interface JournalEntry {
  readonly request: OrderRequest;
  readonly route: Route;
  readonly terms: ReservationTerms | undefined;
  /** What of its owner's it was sent for, in the owner's words. A ticket knows its order again by it. Default: not told. */
  readonly wish?: string | undefined;
}

export interface OrderJournal {
  /** Stores an entry. Throws when it cannot: then the order must not be sent. */
  add(entry: JournalEntry): void;
  remove(clientOrderId: string): void;
  /** What is stored, oldest first. Entries that cannot be read are left where they are and not listed. */
  entries(): readonly JournalEntry[];
}

/** The part of the DOM's `Storage` that a journal needs. */
export interface StorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A journal that lasts as long as the page: for a page without storage, and for tests. */
export function memoryJournal(): OrderJournal {
  const entries = new Map<string, JournalEntry>();
  return {
    add: (entry) => void entries.set(entry.request.clientOrderId, entry),
    remove: (clientOrderId) => void entries.delete(clientOrderId),
    entries: () => [...entries.values()],
  };
}

const PREFIX = 'touchline.order.v1|';

/**
 * A journal in a storage such as `sessionStorage`, which keeps each tab's orders apart. `scope` tells feeds and accounts
 * apart. One key an order, so that two writers never overwrite each other's list. `isEarlier` names scopes under which an
 * earlier version kept the same orders: what stands there is read, and taken out where it is.
 */
export function storageJournal(
  storage: StorageLike,
  scope: string,
  isEarlier: (scope: string) => boolean = () => false,
): OrderJournal {
  const earlier = new Map<string, string>();
  return {
    add(entry) {
      storage.setItem(`${PREFIX}${scope}|${entry.request.clientOrderId}`, write(entry));
    },
    remove(clientOrderId) {
      storage.removeItem(`${PREFIX}${scope}|${clientOrderId}`);
      const key = earlier.get(clientOrderId);
      if (key !== undefined) storage.removeItem(key);
    },
    entries() {
      const found = new Map<string, JournalEntry>();
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i);
        const kept = key?.startsWith(PREFIX) ? key.slice(PREFIX.length, key.lastIndexOf('|')) : undefined;
        if (key === null || kept === undefined || !(kept === scope || isEarlier(kept))) continue;
        const entry = read(storage.getItem(key));
        if (entry === undefined) continue;
        const { clientOrderId } = entry.request;
        if (kept !== scope) earlier.set(clientOrderId, key);
        if (kept === scope || !found.has(clientOrderId)) found.set(clientOrderId, entry);
      }
      return [...found.values()].sort((a, b) => a.request.createdAt - b.request.createdAt);
    },
  };
}

const exact = (value: Decimal): string => formatDecimal(value, value.scale);

function write({ request, route, terms, wish }: JournalEntry): string {
  const kept = terms && { ...terms, unit: exact(terms.unit), feeRate: exact(terms.feeRate) };
  return JSON.stringify({ request, route, terms: kept, wish });
}

function read(text: string | null): JournalEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  const entry = value as { request?: Partial<OrderRequest>; route?: unknown; terms?: unknown; wish?: unknown } | null;
  const request = entry?.request;
  if (!request || !isRequest(request) || (entry.route !== 'gateway' && entry.route !== 'page')) return undefined;
  const wish = typeof entry.wish === 'string' ? entry.wish : undefined;
  return { request, route: entry.route, terms: readTerms(entry.terms), wish };
}

/** Whether this is an order as it may be sent, or told of. */
export function isRequest(value: Partial<OrderRequest>): value is OrderRequest {
  const texts = [value.clientOrderId, value.account, value.symbol, value.orderType, value.timeInForce];
  const others = [value.displayQuantity, value.takeProfit, value.stopLoss, value.parent];
  return (
    texts.every((text) => typeof text === 'string') &&
    others.every((text) => text === undefined || typeof text === 'string') &&
    (value.side === 'buy' || value.side === 'sell') &&
    typeof value.createdAt === 'number' &&
    typeof value.quantity === 'string' &&
    (parseDecimal(value.quantity)?.units ?? 0n) > 0n &&
    isPrice(value.limitPrice) &&
    isPrice(value.stopPrice) &&
    (value.goodUntil === undefined || typeof value.goodUntil === 'number')
  );
}

/** Null where there is none. */
export const isPrice = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && parseDecimal(value) !== undefined);

function readTerms(value: unknown): ReservationTerms | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { asset, unit, feeRate, decimals } = value as Record<string, unknown>;
  const perPiece = typeof unit === 'string' ? parseDecimal(unit) : undefined;
  const fee = typeof feeRate === 'string' ? parseDecimal(feeRate) : undefined;
  if (!perPiece || !fee || !isAsset(asset) || typeof decimals !== 'number') return undefined;
  return { asset, unit: perPiece, feeRate: fee, decimals };
}
