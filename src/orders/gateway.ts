/**
 * Where orders go. A gateway carries one request to whoever takes orders and says what came of it, without hiding what it does not
 * know: silence is `unknown`, never a failure. It does not repeat anything by itself.
 */
import type { AccountUpdate } from './account.js';
import type { OrderChange, OrderEvent, OrderFacts, OrderRequest, OrderType, TimeInForce } from './order.js';

/** What came of sending an order. */
export type PlaceResult =
  | { readonly outcome: 'accepted'; readonly facts: OrderFacts }
  | { readonly outcome: 'rejected'; readonly code: string; readonly message: string }
  /** It never left: another try is safe. */
  | { readonly outcome: 'not_sent'; readonly code: string; readonly message: string }
  /** It may have been placed or not. */
  | { readonly outcome: 'unknown'; readonly reason: string };

export type CancelResult =
  | { readonly outcome: 'cancelled'; readonly facts: OrderFacts }
  | { readonly outcome: 'rejected'; readonly code: string }
  /** It never left: the order works on as before. */
  | { readonly outcome: 'not_sent'; readonly code: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

/** What came of sending a change. Facts that leave the terms out mean those that were asked for. */
export type ReplaceResult =
  | { readonly outcome: 'replaced'; readonly facts: OrderFacts }
  | { readonly outcome: 'rejected'; readonly code: string }
  /** It never left: the order works on as before. */
  | { readonly outcome: 'not_sent'; readonly code: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

export type QueryResult =
  | { readonly outcome: 'known'; readonly facts: OrderFacts }
  /** Not there now, and it can no longer arrive. */
  | { readonly outcome: 'never_arrived' }
  /** Not there, but it may still be on its way: ask again, after a second at the earliest. */
  | { readonly outcome: 'unsure'; readonly retryAfterMs: number }
  /** No answer. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** An order as the venue lists it: what was asked and how it stands. */
export interface ListedOrder {
  readonly request: OrderRequest;
  readonly facts: OrderFacts;
}

export type GatewayEvent =
  | { readonly type: 'order'; readonly clientOrderId: string; readonly event: OrderEvent }
  | { readonly type: 'account'; readonly update: AccountUpdate }
  /**
   * The account is whole again: these are all its working orders. What is missing here has ended, or never arrived. Left
   * out: it was whole before, and every event since then has been told.
   */
  | { readonly type: 'ready'; readonly orders?: readonly ListedOrder[] }
  /** Orders and balances may be behind until the next `ready`. */
  | { readonly type: 'lost'; readonly reason: string };

/** What a gateway can do; the ticket offers nothing else. A flag counts only beside its method. */
export interface GatewayCapabilities {
  readonly cancel: boolean;
  /** Whether the fate of an order can be asked by its id. Without it an unknown order stays unknown until the page tells. */
  readonly query: boolean;
  /**
   * Whether fills, ends and balances are reported as they happen, and before any answer that counts them in; nothing is
   * placed before the first `ready`.
   */
  readonly events: boolean;
  /** Whether the balances it reports have open orders taken off already. */
  readonly balancesExcludeOpenOrders: boolean;
  /** Whether orders can be changed. Such a gateway tells the terms in what it answers to a query. Default false. */
  readonly replace?: boolean;
  /** Whether its orders are simulated, and shown as such. Default false. */
  readonly paper?: boolean;
  /** Order types that it carries. Absent: as the instrument says. */
  readonly orderTypes?: readonly OrderType[];
  /** Times in force that it carries. Absent: as the instrument says. */
  readonly timesInForce?: readonly TimeInForce[];
  /** Whether it carries orders that may only rest. Absent: as the instrument says. */
  readonly postOnly?: boolean;
  /** Whether it carries orders that show a part only. Absent: as the instrument says. */
  readonly iceberg?: boolean;
  /** Whether it carries orders with a take profit and a stop loss. Absent: as the instrument says. */
  readonly bracket?: boolean;
}

export interface OrderGateway {
  /**
   * Tells whose order an order is after a reload, and who was agreed with not to be asked: one name for each broker, always the
   * same. Without one only one gateway of a page may take orders of an account. Default: empty.
   */
  readonly name?: string;
  readonly capabilities: GatewayCapabilities;
  /** Venue time in milliseconds, by which `goodUntil` is set. Left out by gateways without one; undefined while it is not known. */
  venueNow?(): number | undefined;
  /** Sends once. A rejected promise counts as `unknown`. */
  place(order: OrderRequest): Promise<PlaceResult>;
  cancel?(order: OrderRequest): Promise<CancelResult>;
  /** Changes the terms of a working order. A rejected promise counts as `unknown`. */
  replace?(order: OrderRequest, change: OrderChange): Promise<ReplaceResult>;
  query?(order: OrderRequest): Promise<QueryResult>;
  /** An order of the account that was placed elsewhere. Undefined when there is none, or no answer. */
  find?(account: string, clientOrderId: string): Promise<ListedOrder | undefined>;
  /** Reports on one account until the returned function is called. */
  observe?(account: string, listener: (event: GatewayEvent) => void): () => void;
}

/** Whether orders over this gateway are simulated. */
export const isPaperGateway = (gateway: OrderGateway | undefined): gateway is OrderGateway =>
  (gateway as Partial<OrderGateway> | undefined)?.capabilities?.paper === true;

/** Why this is no gateway, in words for who made it; undefined where it is one. */
export function gatewayFlaw(gateway: unknown): string | undefined {
  const { capabilities, place } = (gateway ?? {}) as Partial<OrderGateway>;
  if (typeof capabilities !== 'object' || capabilities === null)
    return `a gateway must have \`capabilities\`, got ${nameOf(gateway)}`;
  return typeof place === 'function' ? undefined : `a gateway must have a method \`place\`, got ${nameOf(gateway)}`;
}

const nameOf = (gateway: unknown): string =>
  typeof gateway === 'object' && gateway !== null
    ? `one of the name "${(gateway as OrderGateway).name ?? ''}"`
    : JSON.stringify(gateway);
