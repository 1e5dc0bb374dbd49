/**
 * What goes in and out of the order desk, as exact decimal text: the shapes of the wire, declared here because a market
 * knows no wire. Times are milliseconds since 1970.
 */
import type { BalanceText, PositionText } from './account.js';
import type { OrderSide, OrderType, TimeInForce } from './order.js';

export interface OrderRequest {
  /** Made by the client, unique in its account for ever. */
  readonly clientOrderId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly orderType: OrderType;
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly timeInForce: TimeInForce;
  /** After this time the order must not be taken. */
  readonly goodUntil?: number;
  /** Refuse it as `would_take` where it would trade at once. */
  readonly postOnly?: true;
  /** The most that the public book shows of it at a time; a larger one than the quantity shows all. */
  readonly displayQuantity?: string;
  /** The limit of an order that sells again what this one has bought. */
  readonly takeProfit?: string;
  /** The price at which a stop sells it again at the market. The end of one of the two ends the other. */
  readonly stopLoss?: string;
}

/** New terms of an order, whole. */
export interface OrderChange {
  readonly account: string;
  readonly clientOrderId: string;
  /** The number that the change makes: one above the order's own, which begins with 0. */
  readonly revision: number;
  /** The new total, what is filled included. */
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
}

/** The last four never change again. */
export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'expired' | 'rejected';

export type RejectCode =
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
  | 'overloaded'
  | 'internal';

export interface Rejection {
  readonly kind: 'rejected';
  readonly code: RejectCode;
  /** For people. */
  readonly message: string;
  /** Whether the same order may be sent again. A refusal that is not retryable is remembered and stands. */
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface AckText {
  readonly clientOrderId: string;
  readonly orderId: string;
  /** The client order id of the entry, where this is an exit. */
  readonly parent?: string;
  readonly status: OrderStatus;
  readonly duplicate: boolean;
  readonly cumQuantity: string;
  readonly leavesQuantity: string;
  readonly timestamp: number;
}

export interface FillText {
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly fillId: string;
  readonly tradeId: string;
  readonly price: string;
  readonly quantity: string;
  readonly cumQuantity: string;
  readonly leavesQuantity: string;
  readonly averagePrice: string;
  readonly fee: string;
  readonly feeCurrency: string;
  readonly liquidity: 'maker' | 'taker';
  readonly status: OrderStatus;
  readonly timestamp: number;
}

export interface CancelledText {
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly reason: string;
  readonly cumQuantity: string;
  readonly leavesQuantity: string;
  readonly cancelledQuantity: string;
  readonly status: OrderStatus;
  readonly timestamp: number;
}

export interface ReplacedText {
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly revision: number;
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly status: OrderStatus;
  /** Only where the change was made before. */
  readonly duplicate?: boolean;
  readonly cumQuantity: string;
  readonly leavesQuantity: string;
  readonly timestamp: number;
}

export interface BalanceChange {
  readonly account: string;
  readonly cause: Readonly<Record<string, unknown>>;
  readonly balances: readonly BalanceText[];
  readonly positions: readonly PositionText[];
}

export interface OrderText {
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly orderType: OrderType;
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly timeInForce: TimeInForce;
  readonly cumQuantity: string;
  readonly leavesQuantity: string;
  readonly averagePrice: string | null;
  /** How often its terms were changed. */
  readonly revision: number;
  readonly postOnly?: boolean;
  readonly displayQuantity?: string;
  readonly takeProfit?: string;
  readonly stopLoss?: string;
  /** The client order id of the entry, where this is an exit. */
  readonly parent?: string;
  readonly status: OrderStatus;
  /** Why it ended, or never began. */
  readonly reason?: string;
  readonly timestamp: number;
}

export interface AccountText {
  readonly account: string;
  readonly balances: readonly BalanceText[];
  readonly positions: readonly PositionText[];
  /** Working orders only; a finished one is found by its id. */
  readonly orders: readonly OrderText[];
}

/** One event of an account's private stream, before it has its number. */
export type PrivateNews =
  | { readonly type: 'order_ack'; readonly data: AckText }
  | { readonly type: 'order_fill'; readonly data: FillText }
  | { readonly type: 'order_replaced'; readonly data: ReplacedText }
  | { readonly type: 'order_cancelled'; readonly data: CancelledText }
  | { readonly type: 'balance_update'; readonly data: BalanceChange };

export type PrivateEvent = { readonly epoch: string; readonly sequence: number } & PrivateNews;

export type PlaceResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'duplicate'; readonly epoch: string; readonly sequence: number; readonly data: AckText }
  | Rejection;

export type ReplaceRejectCode =
  | Extract<
      RejectCode,
      | 'too_late'
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
    >
  | 'unknown_order'
  | 'revision_conflict';

export type ReplaceResult =
  | { readonly kind: 'replaced' }
  | { readonly kind: 'duplicate'; readonly epoch: string; readonly sequence: number; readonly data: ReplacedText }
  | { readonly kind: 'rejected'; readonly code: ReplaceRejectCode; readonly status?: OrderStatus };

export type CancelResult =
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'rejected';
      readonly code: 'unknown_order' | 'too_late' | 'already_cancelled' | 'overloaded' | 'internal';
      readonly status?: OrderStatus;
    };
