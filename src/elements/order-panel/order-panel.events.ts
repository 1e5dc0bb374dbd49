import type { Order, OrderRequest, OrderState } from '../../orders/order.js';
import { formatDecimal } from '../../book/decimal.js';
import type { OrderAnswer } from '../../orders/promise-gateway.js';

/**
 * A person wants this order placed, and has confirmed it where the ticket asks for that. A page that places orders itself
 * answers with `respondWith`; a page that forbids this one calls `preventDefault`, and nothing is sent. Without either
 * it goes to the ticket's gateway, if it has one. All of that is decided while the event is dispatched: a listener that waits
 * for something first calls `preventDefault`, or hands its own promise to `respondWith`. Cancelable, bubbles, composed.
 */
export class OrderSubmitEvent extends Event {
  static readonly eventName = 'order-submit';
  #answer: Promise<unknown> | undefined;
  /** Who has it, once it is decided. */
  #fate: string | undefined;

  constructor(
    /** What is wanted. `clientOrderId` is the key by which a repeated order is told from a second one: send it along. */
    readonly order: OrderRequest,
  ) {
    super(OrderSubmitEvent.eventName, { bubbles: true, composed: true, cancelable: true });
  }

  /**
   * Takes the order over. The promise tells what came of it; a rejected promise, none within 10 seconds, or what is no answer
   * leaves its outcome unknown, since it may have been placed all the same. Throws when called twice or after the event.
   */
  respondWith(answer: PromiseLike<OrderAnswer>): void {
    if (this.#fate !== undefined) {
      throw new TypeError(
        `order-submit: respondWith must be called while the event is dispatched, before the first await; order ${this.order.clientOrderId} ${this.#fate}`,
      );
    }
    if (this.#answer !== undefined) throw new TypeError('order-submit: respondWith was called already');
    // Whatever it was called with, the page has taken the order.
    this.#answer = Promise.resolve(answer);
    this.preventDefault();
  }

  /** Ends the time in which a page may answer, and returns its answer. `isForGateway`: one takes what nobody else does. @internal */
  close(isForGateway: boolean): Promise<unknown> | undefined {
    if (this.#answer !== undefined) this.#fate = 'was answered for';
    else this.#fate = isForGateway && !this.defaultPrevented ? 'went to the gateway' : 'was not sent';
    return this.#answer;
  }
}

/** An order as a page sees it, with the terms that hold now: exact decimal text throughout. */
export interface OrderView extends OrderRequest {
  readonly orderId: string | undefined;
  readonly state: OrderState;
  /** How often its terms were changed. */
  readonly revision: number;
  readonly filled: string;
  readonly leaves: string;
  readonly averagePrice: string | undefined;
  readonly reason: { readonly code: string; readonly message: string } | undefined;
}

export function viewOf(order: Order): OrderView {
  const { request, orderId, state, revision, filled, leaves, averagePrice, reason } = order;
  return {
    ...request,
    quantity: formatDecimal(order.quantity),
    limitPrice: order.limitPrice,
    stopPrice: order.stopPrice,
    orderId,
    state,
    revision,
    filled: formatDecimal(filled),
    leaves: formatDecimal(leaves),
    averagePrice: averagePrice && formatDecimal(averagePrice),
    reason: reason && { code: reason.code, message: reason.message },
  };
}

/** An order of this ticket changed. Bubbles, composed. */
export class OrderUpdateEvent extends Event {
  static readonly eventName = 'order-update';

  constructor(
    /** How it stands now. */
    readonly order: OrderView,
    /** Its state before; undefined for a new one. */
    readonly previousState: OrderState | undefined,
  ) {
    super(OrderUpdateEvent.eventName, { bubbles: true, composed: true });
  }
}

/** An order of this ticket was rejected, or never sent. Follows its `order-update`. Bubbles, composed. */
export class OrderRejectEvent extends Event {
  static readonly eventName = 'order-reject';

  constructor(
    /** The order as it ended. */
    readonly order: OrderView,
    /** Why: the venue's code, or `not_sent`, `never_arrived`, `not_stored`, … of our own. */
    readonly code: string,
    /** The same in the venue's words; empty where it has none. */
    readonly reason: string,
  ) {
    super(OrderRejectEvent.eventName, { bubbles: true, composed: true });
  }
}

/** What a page is told when an order changes, in this order. */
export function eventsOf(order: Order, previous: Order | undefined): Event[] {
  const view = viewOf(order);
  const events: Event[] = [new OrderUpdateEvent(view, previous?.state)];
  if (order.state === 'rejected' && previous?.state !== 'rejected') {
    events.push(new OrderRejectEvent(view, order.reason?.code ?? '', order.reason?.message ?? ''));
  }
  return events;
}
