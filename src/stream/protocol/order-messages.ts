/**
 * The messages of protocol 1 about orders and accounts, as they stand on the wire. docs/PROTOCOL.md is the prose. Prices,
 * sizes and money are decimal text.
 */

// Client to server

export interface AccountSubscribe {
  readonly type: 'account_subscribe';
  readonly id: string;
  readonly data: { readonly account: string };
}
export interface OrderPlace {
  readonly type: 'order_place';
  readonly id: string;
  readonly data: {
    readonly clientOrderId: string;
    readonly account: string;
    readonly symbol: string;
    readonly side: 'buy' | 'sell';
    readonly orderType: 'market' | 'limit' | 'stop' | 'stop_limit';
    readonly quantity: string;
    readonly limitPrice: string | null;
    readonly stopPrice: string | null;
    readonly timeInForce: 'day' | 'gtc' | 'ioc' | 'fok';
    /** Server time in milliseconds after which the order must be refused. */
    readonly goodUntil?: number;
    /** Refuse it as `would_take` where it would trade at once. Left out: no. */
    readonly postOnly?: true;
    /** How much of it the public book shows at a time. Left out: all. */
    readonly displayQuantity?: string;
    /** The limit of an order that ends the position again. Left out: none. */
    readonly takeProfit?: string;
    /** The price at which a stop ends it at the market. Left out: none. */
    readonly stopLoss?: string;
  };
}
/** Idempotent by `revision`: the number that the change makes, one above the last known. */
export interface OrderReplace {
  readonly type: 'order_replace';
  readonly id: string;
  readonly data: {
    readonly account: string;
    readonly clientOrderId: string;
    readonly revision: number;
    /** The new total, what is filled included. */
    readonly quantity: string;
    readonly limitPrice: string | null;
    readonly stopPrice: string | null;
  };
}
export interface OrderCancel {
  readonly type: 'order_cancel';
  readonly id: string;
  readonly data: { readonly account: string; readonly clientOrderId: string };
}
export interface OrderQuery {
  readonly type: 'order_query';
  readonly id: string;
  readonly data: { readonly account: string; readonly clientOrderId: string };
}

// Server to client

export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'expired' | 'rejected';
interface Private {
  readonly stream: string;
  readonly epoch: string;
  readonly seq: number;
  /** It happened before this connection, and is told again. */
  readonly replay?: boolean;
}
export interface OrderAck extends Private {
  readonly type: 'order_ack';
  readonly id?: string;
  readonly data: {
    readonly clientOrderId: string;
    readonly orderId: string;
    /** The client order id of the entry whose exit this is. Left out: it is none. */
    readonly parent?: string;
    readonly status: OrderStatus;
    readonly duplicate: boolean;
    readonly cumQuantity: string;
    readonly leavesQuantity: string;
    readonly timestamp: number;
  };
}
export interface OrderReject {
  readonly type: 'order_reject';
  readonly id?: string;
  readonly data: {
    readonly clientOrderId: string;
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}
export interface OrderFill extends Private {
  readonly type: 'order_fill';
  readonly data: {
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
  };
}
export interface OrderCancelled extends Private {
  readonly type: 'order_cancelled';
  readonly id?: string;
  readonly data: {
    readonly clientOrderId: string;
    readonly orderId: string;
    readonly reason: string;
    readonly cumQuantity: string;
    readonly leavesQuantity: string;
    readonly cancelledQuantity: string;
    readonly status: OrderStatus;
    readonly timestamp: number;
  };
}
export interface OrderCancelReject {
  readonly type: 'order_cancel_reject';
  readonly id?: string;
  readonly data: { readonly clientOrderId: string; readonly code: string; readonly status?: OrderStatus };
}
export interface OrderReplaced extends Private {
  readonly type: 'order_replaced';
  readonly id?: string;
  readonly data: {
    readonly clientOrderId: string;
    readonly orderId: string;
    readonly revision: number;
    readonly quantity: string;
    readonly limitPrice: string | null;
    readonly stopPrice: string | null;
    readonly status: OrderStatus;
    /** The change was made before, and this is the present state: no new event. Left out: no. */
    readonly duplicate?: boolean;
    readonly cumQuantity: string;
    readonly leavesQuantity: string;
    readonly timestamp: number;
  };
}
export interface OrderReplaceReject {
  readonly type: 'order_replace_reject';
  readonly id?: string;
  readonly data: { readonly clientOrderId: string; readonly code: string; readonly status?: OrderStatus };
}
/** An order as it stands in a snapshot or in the answer to a query. */
export interface WireOrder {
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly orderType: 'market' | 'limit' | 'stop' | 'stop_limit';
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly timeInForce: 'day' | 'gtc' | 'ioc' | 'fok';
  readonly cumQuantity: string;
  readonly leavesQuantity: string;
  readonly averagePrice: string | null;
  readonly status: OrderStatus;
  /** How often its terms were changed. Left out by servers that change none. */
  readonly revision?: number;
  readonly postOnly?: boolean;
  readonly displayQuantity?: string;
  readonly takeProfit?: string;
  readonly stopLoss?: string;
  /** The client order id of the entry whose exit this is. Left out: it is none. */
  readonly parent?: string;
  /** Why it ended, or never began. */
  readonly reason?: string;
  readonly timestamp: number;
}
export interface OrderStatusMessage {
  readonly type: 'order_status';
  readonly id: string;
  readonly data: { readonly clientOrderId: string; readonly known: boolean; readonly order: WireOrder | null };
}
export interface WireBalance {
  readonly currency: string;
  readonly total: string;
  readonly available: string;
  readonly reserved: string;
}
export interface WirePosition {
  readonly symbol: string;
  readonly quantity: string;
  readonly available: string;
  readonly averageCost: string;
}
export interface AccountSnapshot extends Private {
  readonly type: 'account_snapshot';
  readonly id?: string;
  readonly data: {
    readonly account: string;
    readonly balances: readonly WireBalance[];
    readonly positions: readonly WirePosition[];
    readonly orders: readonly WireOrder[];
  };
}
export interface BalanceUpdate extends Private {
  readonly type: 'balance_update';
  readonly data: {
    readonly account: string;
    readonly cause?: Readonly<Record<string, unknown>>;
    readonly balances: readonly WireBalance[];
    readonly positions: readonly WirePosition[];
  };
}
export type PrivateMessage =
  | OrderAck
  | OrderReject
  | OrderFill
  | OrderCancelled
  | OrderCancelReject
  | OrderReplaced
  | OrderReplaceReject
  | OrderStatusMessage
  | AccountSnapshot
  | BalanceUpdate;
