/**
 * The market as a session serves it. The demo market, the reference exchange and a replayed recording all have this
 * shape; a session only ever reads it, at its own pace, and compares sequences. Nothing here calls back but the desk's
 * private events, so a slow connection costs the market nothing and a closed one leaves nothing behind.
 *
 * Prices and sizes of a book are safe integers in units of 10^-priceScale and 10^-sizeScale. Everything else is exact
 * decimal text. Times are milliseconds since 1970.
 */
import type { Instrument, TradingPhase } from '../../book/instrument.js';
import type {
  AccountSnapshot,
  BalanceUpdate,
  OrderAck,
  OrderCancelled,
  OrderFill,
  OrderPlace,
  OrderReplace,
  OrderReplaced,
  OrderStatus,
  WireOrder,
} from './messages.js';

/** One side of a book, best first (`i = 0`). */
export interface ServedSide {
  readonly length: number;
  priceAt(i: number): number;
  sizeAt(i: number): number;
}

/** A whole book as it stands. It changes in place; `sequence` rises with every change. A `BookView` is one. */
export interface ServedBook {
  /** Changes when `sequence` could not be kept or the book was replaced: every reader then starts anew. */
  readonly epoch: string;
  readonly sequence: number;
  readonly eventTime: number;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly bids: ServedSide;
  readonly asks: ServedSide;
}

/** The newest ticker. `sequence` rises with every change; a change of the phase takes a number of the same stream. */
export interface ServedTicker {
  readonly sequence: number;
  readonly eventTime: number;
  readonly price: string;
  readonly volume?: string;
  readonly high?: string;
  readonly low?: string;
  readonly change?: string;
  readonly changePercent?: string;
}

export interface ServedTrade {
  readonly tradeId: string;
  readonly price: string;
  readonly quantity: string;
  readonly aggressor: 'buy' | 'sell';
  readonly eventTime: number;
}

/** The newest trades by sequence. Old ones fall out of a bounded ring; the hole shows in the sequence. */
export interface ServedTrades {
  /** 0 before the first. */
  readonly lastSequence: number;
  /** The trade, or undefined when it is no longer (or not yet) kept. */
  at(sequence: number): ServedTrade | undefined;
}

/** All that is served of one symbol. The object is the same for as long as the market lives. */
export interface ServedListing {
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly phase: TradingPhase;
  /** The number in the ticker stream of the last change of phase; 0 before the first. */
  readonly phaseSequence: number;
  readonly phaseTime: number;
  /** Undefined before the first price. */
  readonly ticker: ServedTicker | undefined;
  /** Undefined before the first snapshot. */
  readonly book: ServedBook | undefined;
  readonly trades: ServedTrades;
}

export interface ServedMarket {
  /** The epoch of every ticker and trade stream. Books carry their own. */
  readonly epoch: string;
  /** Every symbol that is listed, sorted. */
  readonly symbols: readonly string[];
  listing(symbol: string): ServedListing | undefined;
  /** Where orders are placed. A market without one (a replay) does not offer the feature `orders`. */
  readonly desk?: ServedDesk;
}

/** One event of an account's private stream. */
export type DeskEvent = { readonly epoch: string; readonly sequence: number } & (
  | { readonly type: 'order_ack'; readonly data: OrderAck['data'] }
  | { readonly type: 'order_fill'; readonly data: OrderFill['data'] }
  | { readonly type: 'order_cancelled'; readonly data: OrderCancelled['data'] }
  | { readonly type: 'order_replaced'; readonly data: OrderReplaced['data'] }
  | { readonly type: 'balance_update'; readonly data: BalanceUpdate['data'] }
);

export type OrderRejectCode =
  | 'insufficient_funds'
  | 'insufficient_position'
  | 'unknown_symbol'
  | 'bad_price'
  | 'bad_quantity'
  | 'price_band'
  | 'market_closed'
  | 'halted'
  | 'not_permitted'
  | 'too_late'
  | 'duplicate_conflict'
  | 'would_take'
  | 'rate_limited'
  | 'overloaded'
  | 'internal';

/** What became of an order that was placed. An accepted one was already announced by its `order_ack` event. */
export type PlaceOutcome =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'duplicate';
      readonly epoch: string;
      /** The account's newest sequence: the state in `data` is as of it. */
      readonly sequence: number;
      readonly data: OrderAck['data'];
    }
  | {
      readonly kind: 'rejected';
      readonly code: OrderRejectCode;
      readonly message: string;
      readonly retryable: boolean;
      readonly details?: Readonly<Record<string, unknown>>;
    };

/** What became of a cancel. One that was done was already announced by its `order_cancelled` event. */
export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'rejected';
      readonly code: 'unknown_order' | 'too_late' | 'already_cancelled' | 'overloaded' | 'internal';
      readonly status?: OrderStatus;
    };

export type ReplaceRejectCode =
  | 'unknown_order'
  | 'too_late'
  | 'revision_conflict'
  | 'bad_price'
  | 'bad_quantity'
  | 'price_band'
  | 'insufficient_funds'
  | 'insufficient_position'
  | 'not_permitted'
  | 'would_take'
  | 'market_closed'
  | 'halted'
  | 'overloaded'
  | 'internal'
  | 'rate_limited';

/** What became of a change. One that was made was already announced by its `order_replaced` event. */
export type ReplaceOutcome =
  | { readonly kind: 'replaced' }
  | {
      readonly kind: 'duplicate';
      readonly epoch: string;
      /** The account's newest sequence: the state in `data` is as of it. */
      readonly sequence: number;
      readonly data: OrderReplaced['data'];
    }
  | { readonly kind: 'rejected'; readonly code: ReplaceRejectCode; readonly status?: OrderStatus };

export interface ServedDesk {
  /** Whether it has lost what it knew of orders for good: each request is then answered by an `error` `internal`. */
  readonly isBroken?: boolean;
  /** Opens the account if need be. Undefined when it cannot be opened now. */
  snapshot(
    account: string,
  ): { readonly epoch: string; readonly sequence: number; readonly data: AccountSnapshot['data'] } | undefined;
  /**
   * The events of an account after a number, oldest first. Undefined when they are not, or no longer, known: the epoch is
   * another, or the log does not reach back. A desk without a log leaves it out.
   */
  since?(account: string, epoch: string, sequence: number): readonly DeskEvent[] | undefined;
  /** Listens to an account's private events, each called before the call returns that causes it. Returns the undo. */
  listen(account: string, listener: (event: DeskEvent) => void): () => void;
  place(order: OrderPlace['data'], nowMs: number): PlaceOutcome;
  /** Idempotent by revision. A desk that changes no orders leaves it out: each change is then `not_permitted`. */
  replace?(change: OrderReplace['data'], nowMs: number): ReplaceOutcome;
  cancel(account: string, clientOrderId: string, nowMs: number): CancelOutcome;
  query(account: string, clientOrderId: string): WireOrder | undefined;
}
