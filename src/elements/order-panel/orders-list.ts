import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import { isEnded, isUnanswered, type Order } from '../../orders/order.js';
import type { TicketFormat } from './ticket-format.js';
import { isUnsure, placedText, rowText } from './words.js';

/** Orders that have ended and are still shown. */
const ENDED_ORDERS = 20;

/**
 * Which orders are shown, newest first: all of the symbol (of every one where that is empty) that may still trade, the last
 * that have ended, `history` at most, and of every symbol those that somebody should know of, because they have no answer or contradictory ones.
 */
export function listedOrders(orders: readonly Order[], symbol: string, history = ENDED_ORDERS): readonly Order[] {
  let ended = 0;
  return orders.filter((order) => {
    if (isUnanswered(order) || order.contradiction !== undefined) return true;
    const isOfSymbol = symbol === '' || order.request.symbol === symbol;
    return isOfSymbol && (!isEnded(order) || ++ended <= history);
  });
}

/**
 * These orders in a box of fixed height. When one comes or goes the rows are made anew:
 * then nothing shifts, and a press that began on one order can't end on another.
 */
export function ordersList(
  orders: readonly Order[],
  desk: OrderDesk | undefined,
  symbol: string,
  format: TicketFormat,
  amend: ((clientOrderId: string) => void) | undefined,
): TemplateResult {
  return html`<section class="orders" part="orders" aria-label="Your orders" tabindex="0">
    ${orders.length === 0 ? html`<p class="none">No orders yet</p>` : nothing}
    ${keyed(orders.map(({ request }) => request.clientOrderId).join(), html`<ul>${orders.map((order) => orderRow(order, desk, symbol, format, amend))}</ul>`)}
  </section>`;
}

function orderRow(
  order: Order,
  desk: OrderDesk | undefined,
  symbol: string,
  format: TicketFormat,
  amend: ((clientOrderId: string) => void) | undefined,
): TemplateResult {
  const { clientOrderId } = order.request;
  const what = placedText(order, symbol, format);
  const standing = rowText(order, desk?.orders ?? [], symbol, format);
  const { state, contradiction } = order;
  const isGrave = state === 'unknown' || state === 'rejected' || contradiction !== undefined || isUnsure(order);
  return html`<li class=${isGrave ? 'grave' : isEnded(order) ? 'over' : ''} part="order" data-id=${clientOrderId} tabindex="-1">
    <span class="what ${order.request.side}">${what}</span>
    <span class="standing" title=${standing}>${standing}</span>
    <span class="acts">
    ${
      amend && desk?.mayAmend(order)
        ? html`<button type="button" data-id=${clientOrderId} data-act="amend" aria-label="Change ${what}" @click=${() => amend(clientOrderId)}>Change</button>`
        : nothing
    }
    ${
      desk?.mayCancel(order)
        ? html`<button type="button" data-id=${clientOrderId} data-act="cancel" aria-label="Cancel ${what}" @click=${() => desk.cancel(clientOrderId)}>Cancel</button>`
        : nothing
    }
    ${
      desk?.mayDismiss(order)
        ? html`<button type="button" data-id=${clientOrderId} data-act="dismiss" aria-label="I have checked ${what}, remove it" @click=${() => desk.dismiss(clientOrderId)}>I have checked</button>`
        : nothing
    }
    </span>
  </li>`;
}
