/**
 * What a journal keeps of the market: acts. An act is one account opened, one order placed, one change of an order, one
 * cancel, one change of phase or one step of the crowd, and is told to nobody before it is kept. It holds the state that it left behind, not the way there: what an
 * order, an account and the house now are, and the private events that say so. Everything here survives JSON.
 */
import type { TradingPhase } from '../book/instrument.js';
import type { ExitPlace } from './bracket.js';
import type { OrderChange, OrderRequest, PrivateEvent, Rejection } from './desk-types.js';
import type { CancelReason } from './matching-engine.js';
import type { OrderTerms } from './order.js';

/** Amounts are cents as text, as JSON has no whole numbers of their size. */
export interface HouseRecord {
  readonly crowdCash: string;
  /** What the crowd holds, of the symbols that changed. */
  readonly crowdShares: Readonly<Record<string, number>>;
  readonly fees: string;
  readonly fills: number;
  /** The highest number that an order id has had. Left out: that of the orders themselves. */
  readonly orders?: number;
  /** Of the symbols whose phase changed. Left out: none did. A symbol that was never named is `continuous`. */
  readonly phases?: Readonly<Record<string, TradingPhase>>;
  /** The last price, in units, of the symbols of which an order changed: no stop that still waits was due at it. */
  readonly prices?: Readonly<Record<string, number>>;
}

/** A change that was made, whole: its order is that of the ticket. */
export type MadeChange = Omit<OrderChange, 'account' | 'clientOrderId'>;

/** A client's order as it stands: all that cannot be told from its request. */
export interface OrderRecord {
  readonly terms: Omit<OrderTerms, 'owner'>;
  readonly leaves: number;
  readonly isWorking: boolean;
  readonly notional: string;
  /** In cents times the denominator of the fee. */
  readonly feeDue: string;
  /** The changes that were made of it since it was last kept, the first one first: see `joinChanges`. */
  readonly changes: readonly MadeChange[];
  /** How often its terms were changed, where that is more often than somebody asked for it. */
  readonly revision?: number;
  readonly endedAs: 'cancelled' | 'expired' | null;
  /** Why; left out where it was not kept. */
  readonly endedBy?: CancelReason;
  readonly timestamp: number;
}

/** A client order id and what became of it: an order, or a refusal that is final. */
export interface TicketRecord {
  readonly orderId: string;
  readonly request: OrderRequest;
  readonly order?: OrderRecord;
  /** Of an order that is an exit. */
  readonly exit?: ExitPlace;
  readonly refusal?: { readonly rejection: Rejection; readonly atMs: number };
}

export interface AccountRecord {
  readonly name: string;
  readonly sequence: number;
  readonly cash: string;
  /** Shares and what they cost in cents, of the symbols that changed. What is bound follows from the orders. */
  readonly holdings: Readonly<Record<string, readonly [quantity: number, cost: string]>>;
  /** Those that changed. */
  readonly tickets: readonly TicketRecord[];
  readonly events: readonly PrivateEvent[];
}

export interface Act {
  readonly house: HouseRecord;
  readonly accounts: readonly AccountRecord[];
}

/** Where acts are kept. */
export interface ActJournal {
  /** The epoch of all private streams, the same for as long as the journal lives. */
  readonly epoch: string;
  /** How often a market has been started on it, this time included: it keeps trade ids apart. */
  readonly run: number;
  /** What earlier runs have kept, oldest first. */
  readonly kept: Iterable<Act>;
  /** Whether another act could be kept. Asked before anything is changed. An act that only ends an order may have the last room. */
  hasRoom(isToEnd?: boolean): boolean;
  /** Keeps an act for good. False: it is for certain not kept. Throws when nobody can tell. */
  keep(act: Act): boolean;
}

/** All changes of an order, of those known and those of a newer record, in which older ones may come again. */
export const joinChanges = (known: readonly MadeChange[], newer: readonly MadeChange[]): readonly MadeChange[] => {
  const last = known.at(-1)?.revision ?? 0;
  return known.length === 0 ? newer : [...known, ...newer.filter(({ revision }) => revision > last)];
};
