/**
 * The messages of protocol 1 and of the guide's dialect, as they stand on the wire. Client, reference exchange and demo
 * market share these types and the guards beside them. docs/PROTOCOL.md is the prose.
 *
 * Numbers in protocol 1 are decimal text. Only `market_data` may carry JSON numbers: the guide's server knows nothing else.
 */

import type {
  AccountSubscribe,
  OrderPlace,
  OrderReplace,
  OrderCancel,
  OrderQuery,
  PrivateMessage,
} from './order-messages.js';

export type * from './order-messages.js';

/** Where somebody stands on a stream: the epoch, and the number of the newest event that he has seen. */
export type StreamMark = readonly [epoch: string, seq: number];

export const PROTOCOL_VERSION = 1;

/** Largest text frame that a server of ours accepts, in bytes. */
export const MAX_CLIENT_FRAME_BYTES = 65_536;

export type Channel = 'ticker' | 'book' | 'trades';
export type Feature = 'decimal_strings' | 'batch' | 'book' | 'trades' | 'orders';
export type LevelText = readonly [price: string, size: string];
export type WireNumber = string | number;

// Client to server

export interface Hello {
  readonly type: 'hello';
  readonly id: string;
  readonly data: {
    readonly protocol: number;
    readonly client: string;
    readonly features: readonly Feature[];
    /** The session that was lost, and where its streams stood. */
    readonly resume?: ResumeRequest;
  };
}
export interface ResumeRequest {
  readonly session: string;
  readonly streams: Readonly<Record<string, StreamMark>>;
}
/** A login. The only message that carries a secret: whoever keeps or shows frames leaves its `data` out. */
export interface Auth {
  readonly type: 'auth';
  readonly id: string;
  readonly data: { readonly ticket: string };
}
export interface Subscribe {
  readonly type: 'subscribe';
  readonly id?: string;
  readonly symbols: readonly string[];
  /** Left out means `["ticker"]`. */
  readonly channels?: readonly Channel[];
  readonly depth?: number;
  readonly maxRateHz?: number;
}
export interface Unsubscribe {
  readonly type: 'unsubscribe';
  readonly id?: string;
  readonly symbols: readonly string[];
  /** Left out means all. */
  readonly channels?: readonly Channel[];
}
export interface Ping {
  readonly type: 'ping';
  readonly id?: string;
  readonly t?: number;
}
export interface BookResync {
  readonly type: 'order_book_resync';
  readonly id: string;
  readonly data: { readonly symbol: string };
}
export type ClientMessage =
  | Hello
  | Auth
  | Subscribe
  | Unsubscribe
  | Ping
  | BookResync
  | AccountSubscribe
  | OrderPlace
  | OrderReplace
  | OrderCancel
  | OrderQuery;

// Server to client: the session

export interface Welcome {
  readonly type: 'welcome';
  readonly id: string;
  readonly data: {
    readonly protocol: number;
    readonly session: string;
    readonly serverTime: number;
    readonly heartbeatMs: number;
    readonly features: readonly string[];
    readonly limits: {
      readonly symbols: number;
      readonly messagesPerSecond: number;
      readonly ordersPerSecond: number;
      readonly messageBytes: number;
    };
    readonly authRequired: readonly string[];
  };
}
export interface AuthOk {
  readonly type: 'auth_ok';
  readonly id: string;
  readonly data: {
    readonly user: string;
    readonly accounts: readonly string[];
    readonly scopes: readonly string[];
    /** Left out: it does not run out. */
    readonly expiresAt?: number;
  };
}
export interface AuthExpiring {
  readonly type: 'auth_expiring';
  readonly data: { readonly expiresAt: number };
}
/** What becomes of the streams of a lost session that were just subscribed again. The replay follows. */
export interface Resumed {
  readonly type: 'resumed';
  /** That of the `account_subscribe` which it answers, where it answers one. */
  readonly id?: string;
  readonly data: {
    /** First and last number that will be replayed; the last is one less than the first when nothing was missed. */
    readonly replayed: Readonly<Record<string, readonly [first: number, last: number]>>;
    /** Streams that begin anew, and with what. */
    readonly reset: Readonly<Record<string, string>>;
  };
}
export interface Pong {
  readonly type: 'pong';
  readonly id?: string;
  readonly t?: number;
  readonly serverTime?: number;
}
export type ErrorCode =
  | 'bad_json'
  | 'bad_message'
  | 'unknown_type'
  | 'too_large'
  | 'rate_limited'
  | 'too_many_symbols'
  | 'unknown_symbol'
  | 'not_entitled'
  | 'auth_required'
  | 'auth_failed'
  | 'auth_expired'
  | 'unsupported_protocol'
  | 'bad_state'
  | 'overloaded'
  | 'internal';
export interface ErrorMessage {
  readonly type: 'error';
  readonly id?: string;
  readonly data: {
    readonly code: string;
    readonly message: string;
    readonly fatal: boolean;
    readonly retryAfterMs: number | null;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}
export interface GoingAway {
  readonly type: 'going_away';
  readonly data: { readonly reason: string; readonly reconnectAfterMs: readonly [number, number] };
}

// Server to client: subscriptions and market data

/** An instrument as it stands in a confirmation. */
export interface WireInstrument {
  readonly symbol: string;
  readonly name?: string;
  readonly currency?: string;
  readonly tickSize?: string;
  readonly tickTable?: readonly (readonly [string, string])[];
  readonly lotSize?: string;
  readonly priceBand?: readonly [string, string];
  readonly phase?: 'pre_open' | 'auction' | 'continuous' | 'halted' | 'closed';
  readonly orderTypes?: readonly ('market' | 'limit' | 'stop' | 'stop_limit')[];
  readonly timesInForce?: readonly ('day' | 'gtc' | 'ioc' | 'fok')[];
  readonly takerFee?: string;
  readonly makerFee?: string;
  readonly minQuantity?: string;
  readonly maxQuantity?: string;
  readonly minNotional?: string;
  readonly maxNotional?: string;
  readonly postOnly?: boolean;
  readonly icebergMinShare?: string;
  readonly bracket?: boolean | 'buy';
}
export interface SubscriptionConfirmed {
  readonly type: 'subscription_confirmed';
  readonly id?: string;
  readonly data: {
    /** Everything subscribed now. A guide server may list anything here, also what is no text. */
    readonly symbols: readonly unknown[];
    readonly added?: readonly string[];
    readonly rejected?: readonly { readonly symbol: string; readonly code: string }[];
    readonly channels?: Readonly<Partial<Record<Channel, readonly string[]>>>;
    readonly instruments?: readonly WireInstrument[];
  };
}
export interface UnsubscriptionConfirmed {
  readonly type: 'unsubscription_confirmed';
  readonly id?: string;
  readonly data: {
    readonly symbols: readonly string[];
    readonly removed: readonly string[];
    readonly channels?: Readonly<Partial<Record<Channel, readonly string[]>>>;
  };
}
/** The guide's ticker. `sequence` and `epoch` are there in protocol 1 only. */
export interface TickerData {
  readonly symbol: string;
  readonly price: WireNumber;
  readonly volume?: WireNumber | null;
  readonly high?: WireNumber | null;
  readonly low?: WireNumber | null;
  readonly change?: WireNumber | null;
  readonly changePercent?: WireNumber | null;
  readonly timestamp?: number | null;
}
export interface MarketData {
  readonly type: 'market_data';
  readonly stream?: string;
  readonly epoch?: string;
  readonly seq?: number;
  readonly sent?: number;
  readonly data: TickerData;
}
export interface BookSnapshotMessage {
  readonly type: 'order_book_snapshot';
  readonly id?: string;
  readonly stream: string;
  readonly epoch: string;
  readonly seq: number;
  readonly sent?: number;
  readonly data: {
    readonly symbol: string;
    readonly depth: number;
    readonly bids: readonly LevelText[];
    readonly asks: readonly LevelText[];
    readonly timestamp: number;
  };
}
export interface BookDeltaMessage {
  readonly type: 'order_book_delta';
  readonly stream: string;
  readonly epoch: string;
  readonly prevSeq: number;
  readonly seq: number;
  readonly sent?: number;
  readonly data: {
    readonly symbol: string;
    readonly bids: readonly LevelText[];
    readonly asks: readonly LevelText[];
    readonly timestamp: number;
    /** CRC-32, unsigned, of the ten best levels of each side as `price:size`, bids then asks, joined by `|`. */
    readonly checksum?: number;
  };
}
export interface TradeMessage {
  readonly type: 'trade';
  readonly stream: string;
  readonly epoch: string;
  readonly seq: number;
  readonly sent?: number;
  /** It happened before this connection, and is told again. */
  readonly replay?: boolean;
  readonly data: {
    readonly symbol: string;
    readonly tradeId: string;
    readonly price: string;
    readonly quantity: string;
    /** `unknown` comes from venues only: our own protocol has no such word. */
    readonly aggressor: 'buy' | 'sell' | 'unknown';
    readonly timestamp: number;
  };
}
export interface InstrumentStatusMessage {
  readonly type: 'instrument_status';
  readonly stream: string;
  readonly epoch: string;
  readonly seq: number;
  readonly sent?: number;
  readonly data: {
    readonly symbol: string;
    readonly phase: 'pre_open' | 'auction' | 'continuous' | 'halted' | 'closed';
    readonly timestamp: number;
  };
}
/** One event inside a batch: a whole message of its own, without `sent`. A bare ticker with `epoch` and `seq` is accepted too. */
export type BatchEntry = MarketData | BookDeltaMessage | TradeMessage | InstrumentStatusMessage;
export interface MarketDataBatch {
  readonly type: 'market_data_batch';
  readonly sent?: number;
  /** Each entry goes through the guards by itself: a bad one is refused alone. */
  readonly data: readonly unknown[];
}

/** What tells of one symbol. */
export type MarketEvent = MarketData | BookSnapshotMessage | BookDeltaMessage | TradeMessage | InstrumentStatusMessage;
export type ServerMessage =
  | Welcome
  | AuthOk
  | AuthExpiring
  | Resumed
  | Pong
  | ErrorMessage
  | GoingAway
  | SubscriptionConfirmed
  | UnsubscriptionConfirmed
  | MarketDataBatch
  | MarketEvent
  | PrivateMessage;
