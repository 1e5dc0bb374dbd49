import { compare, parseDecimal, type Decimal } from '../../book/decimal.js';
import { newClientOrderId } from '../../orders/client-order-id.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import { isUnanswered, type Order, type OrderRequest } from '../../orders/order.js';
import type { TicketCheck } from './ticket-check.js';

/**
 * Which order a ticket stands for. A wish is an account, a symbol and a draft. While an order of the same content has no
 * answer it is that order, whoever sent it and before whatever reload, and pressing again sends nothing. An edited draft is
 * another wish, and so is one that is pressed again after a rejection.
 */
export class TicketWish {
  #key = '';
  #id = '';
  /** Whether the id was handed over: then it belongs to that order for ever. */
  #isUsed = false;

  /** The order of this wish that is on its way or whose outcome is unknown. */
  pending(key: string, check: TicketCheck, symbol: string, desk: OrderDesk | undefined): Order | undefined {
    const order = desk?.orders.find(
      // Money makes another quantity whenever the book moves: what this very wish was sent as counts.
      (each) => isUnanswered(each) && (desk.wishOf(each) === key || isSame(each.request, check, symbol)),
    );
    if (order) {
      this.#key = key;
      this.#id = order.request.clientOrderId;
      this.#isUsed = true;
    }
    return order;
  }

  /** The id to send this wish under: a new one, unless the last try was withdrawn before it was handed over. */
  idFor(key: string, now: number): string {
    if (key !== this.#key || this.#isUsed) {
      this.#key = key;
      this.#id = newClientOrderId(now);
      this.#isUsed = false;
    }
    return this.#id;
  }

  /** The id has been handed over. */
  use(): void {
    this.#isUsed = true;
  }

  /** Whether the venue has taken this wish. True once; the next one is a new one, be it the same again. */
  takeDone(key: string, desk: OrderDesk | undefined): boolean {
    const order = this.#key === '' ? undefined : desk?.order(this.#id);
    if (order === undefined || isUnanswered(order) || order.state === 'rejected') return false;
    // Edited before the answer came: then what stands there is another wish, also once it is edited back.
    const isCurrent = this.#key === key;
    this.#key = '';
    return isCurrent;
  }
}

/** By value: how a number was typed, and how finely it is written, makes no other order. */
function isSame(request: OrderRequest, { draft, numbers, timeInForce }: TicketCheck, symbol: string): boolean {
  return (
    request.symbol === symbol &&
    request.side === draft.side &&
    request.orderType === draft.orderType &&
    request.timeInForce === timeInForce &&
    (request.postOnly ?? false) === draft.postOnly &&
    isEqual(request.displayQuantity ?? null, numbers.displayQuantity) &&
    isEqual(request.takeProfit ?? null, numbers.takeProfit) &&
    isEqual(request.stopLoss ?? null, numbers.stopLoss) &&
    isEqual(request.quantity, numbers.quantity) &&
    isEqual(request.limitPrice, numbers.limitPrice) &&
    isEqual(request.stopPrice, numbers.stopPrice)
  );
}

function isEqual(text: string | null, value: Decimal | undefined): boolean {
  const known = text === null ? undefined : parseDecimal(text);
  return known === undefined || value === undefined ? known === value : compare(known, value) === 0;
}
