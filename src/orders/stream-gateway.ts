/**
 * Orders over the market data stream's own connection, in protocol 1. Nothing is queued and nothing repeated: a request that
 * got no answer is `unknown`, and is asked for by its id once the account is whole again.
 */
import type { MarketStream, Reply } from '../stream/market-stream.js';
import type {
  CancelResult,
  GatewayEvent,
  ListedOrder,
  OrderGateway,
  PlaceResult,
  QueryResult,
  ReplaceResult,
} from './gateway.js';
import type { OrderChange, OrderFacts, OrderRequest } from './order.js';
import { PrivateFeed } from './private-feed.js';
import { fieldsOf, readFacts, readListedOrder, readWholeFacts, textOf } from './wire.js';

/** The protocol's own limit for an answer to an order. */
const ANSWER_MS = 5_000;
/** How far our idea of the venue's time may be off before its refusal of late orders can be relied on. */
const CLOCK_MARGIN_MS = 2_000;

/** Whether the server behind a stream takes orders: it speaks protocol 1 and offers the feature. */
export const takesOrders = (stream: MarketStream): boolean =>
  stream.status.dialect === 'touchline' && stream.features?.includes('orders') === true;

export class StreamGateway implements OrderGateway {
  readonly capabilities = {
    cancel: true,
    query: true,
    events: true,
    balancesExcludeOpenOrders: true,
    replace: true,
  } as const;
  readonly #stream: MarketStream;
  readonly #feeds = new Map<string, PrivateFeed>();

  /** The address: whoever speaks there is the same venue after a reload. */
  readonly name: string;

  constructor(stream: MarketStream) {
    this.name = stream.src;
    this.#stream = stream;
  }

  venueNow(): number {
    return Math.round(this.#stream.now() + this.#stream.clockOffset);
  }

  async place(order: OrderRequest): Promise<PlaceResult> {
    const { createdAt: _, ...wire } = order;
    const reply = await this.#request('order_place', wire);
    if (typeof reply === 'string') return unanswered(reply);
    const data = fieldsOf(reply.data);
    const code = textOf(data['code']);
    if (reply.type === 'order_reject' || (reply.type === 'error' && code !== 'internal')) {
      return { outcome: 'rejected', code: code || 'internal', message: textOf(data['message']) };
    }
    const facts = this.#factsOf(reply, order, 'order_ack');
    return facts ? { outcome: 'accepted', facts } : { outcome: 'unknown', reason: code || `unexpected ${reply.type}` };
  }

  async cancel(order: OrderRequest): Promise<CancelResult> {
    const { account, clientOrderId } = order;
    const reply = await this.#request('order_cancel', { account, clientOrderId });
    if (typeof reply === 'string') {
      const failure = unanswered(reply);
      return failure.outcome === 'not_sent' ? { outcome: 'not_sent', code: failure.code } : failure;
    }
    const code = textOf(fieldsOf(reply.data)['code']);
    if (reply.type === 'order_cancel_reject' || (reply.type === 'error' && code !== 'internal')) {
      return { outcome: 'rejected', code };
    }
    const facts = this.#factsOf(reply, order, 'order_cancelled');
    return facts ? { outcome: 'cancelled', facts } : { outcome: 'unknown', reason: code || `unexpected ${reply.type}` };
  }

  async replace(order: OrderRequest, change: OrderChange): Promise<ReplaceResult> {
    const { account, clientOrderId } = order;
    const reply = await this.#request('order_replace', { account, clientOrderId, ...change });
    if (typeof reply === 'string') {
      const failure = unanswered(reply);
      return failure.outcome === 'not_sent' ? { outcome: 'not_sent', code: failure.code } : failure;
    }
    const code = textOf(fieldsOf(reply.data)['code']);
    if (reply.type === 'order_replace_reject' || (reply.type === 'error' && code !== 'internal')) {
      return { outcome: 'rejected', code };
    }
    const facts = this.#factsOf(reply, order, 'order_replaced', readWholeFacts);
    return facts ? { outcome: 'replaced', facts } : { outcome: 'unknown', reason: code || `unexpected ${reply.type}` };
  }

  async query(order: OrderRequest): Promise<QueryResult> {
    const { account, clientOrderId, goodUntil } = order;
    const reply = await this.#request('order_query', { account, clientOrderId });
    if (typeof reply === 'string') return { outcome: 'failed', reason: reply };
    const data = fieldsOf(reply.data);
    if (reply.type !== 'order_status' || data['clientOrderId'] !== clientOrderId) {
      return { outcome: 'failed', reason: textOf(data['code']) || `unexpected ${reply.type}` };
    }
    if (data['known'] === false) {
      // It may still be on its way, until the venue would refuse it as too late.
      const waitMs = (goodUntil ?? order.createdAt + ANSWER_MS) + CLOCK_MARGIN_MS - this.venueNow();
      return waitMs > 0 ? { outcome: 'unsure', retryAfterMs: waitMs } : { outcome: 'never_arrived' };
    }
    const facts = readWholeFacts(fieldsOf(data['order']), undefined);
    return facts ? { outcome: 'known', facts } : { outcome: 'failed', reason: 'bad order_status' };
  }

  async find(account: string, clientOrderId: string): Promise<ListedOrder | undefined> {
    const reply = await this.#request('order_query', { account, clientOrderId });
    if (typeof reply === 'string' || reply.type !== 'order_status') return undefined;
    const order = readListedOrder(fieldsOf(fieldsOf(reply.data)['order']), account, undefined);
    return order?.request.clientOrderId === clientOrderId ? order : undefined;
  }

  observe(account: string, listener: (event: GatewayEvent) => void): () => void {
    const feed = new PrivateFeed(this.#stream, account, listener);
    this.#feeds.set(account, feed);
    return () => {
      feed.stop();
      if (this.#feeds.get(account) === feed) this.#feeds.delete(account);
    };
  }

  #factsOf(reply: Reply, order: OrderRequest, type: string, read = readFacts): OrderFacts | undefined {
    const data = fieldsOf(reply.data);
    if (reply.type !== type || data['clientOrderId'] !== order.clientOrderId) return undefined;
    return read(data, this.#feeds.get(order.account)?.markOf(reply));
  }

  /** The answer, or the code of why there is none. */
  async #request(type: string, data: Readonly<Record<string, unknown>>): Promise<Reply | string> {
    try {
      return await this.#stream.request(type, data, { timeoutMs: ANSWER_MS });
    } catch (error) {
      // Read by its field, not by its class: the stream may come from another copy of the kit.
      return textOf(fieldsOf(error)['code']) || String(error);
    }
  }
}

const NEVER_SENT: readonly string[] = ['not_connected', 'unsupported', 'too_large', 'not_authenticated'];

const unanswered = (code: string): Extract<PlaceResult, { outcome: 'not_sent' | 'unknown' }> =>
  NEVER_SENT.includes(code) ? { outcome: 'not_sent', code, message: '' } : { outcome: 'unknown', reason: code };

const gateways = new WeakMap<MarketStream, StreamGateway>();

/** The gateway of a stream, one for all. */
export function streamGateway(stream: MarketStream): StreamGateway {
  let gateway = gateways.get(stream);
  if (gateway === undefined) gateways.set(stream, (gateway = new StreamGateway(stream)));
  return gateway;
}
