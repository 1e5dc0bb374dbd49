import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import { isEnded, isUnanswered, type Order } from '../../orders/order.js';
import type { TicketFormat } from './ticket-format.js';
import { standingLine } from './standing-line.js';
import { isUnsure, placedText, rowText } from './words.js';

/** Orders that have ended and are still shown. */
const ENDED_ORDERS = 20;

/**
 * Which orders are shown, each part newest first: those that somebody should know of, because they have no answer or
 * contradictory ones, of every symbol, and all of the symbol (of every one where that is empty) that may still trade; then the
 * last that have ended, `history` at most.
 */
export function listedOrders(orders: readonly Order[], symbol: string, history = ENDED_ORDERS): readonly Order[] {
  const isGrave = (order: Order): boolean => isUnanswered(order) || order.contradiction !== undefined;
  const shown = orders.filter((order) => isGrave(order) || symbol === '' || order.request.symbol === symbol);
  const isOver = (order: Order): boolean => isEnded(order) && !isGrave(order);
  return [...shown.filter((order) => !isOver(order)), ...shown.filter(isOver).slice(0, history)];
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
  guard: (clientOrderId: string, act: () => void) => void,
): TemplateResult {
  return html`<section class="orders" part="orders" aria-label="Your orders" tabindex="0">
    ${orders.length === 0 ? html`<p class="none">No orders yet</p>` : nothing}
    ${keyed(orders.map(({ request }) => request.clientOrderId).join(), html`<ul>${orders.map((order) => orderRow(order, desk, symbol, format, amend, guard))}</ul>`)}
  </section>`;
}

function orderRow(
  order: Order,
  desk: OrderDesk | undefined,
  symbol: string,
  format: TicketFormat,
  amend: ((clientOrderId: string) => void) | undefined,
  guard: (clientOrderId: string, act: () => void) => void,
): TemplateResult {
  const { clientOrderId } = order.request;
  const what = placedText(order, symbol, format);
  const isBehind = desk?.isReady === false && !isEnded(order);
  const standing = `${rowText(order, desk?.orders ?? [], symbol, format)}${isBehind ? ', may be behind' : ''}`;
  const { state, contradiction } = order;
  const isGrave = state === 'unknown' || state === 'rejected' || contradiction !== undefined || isUnsure(order);
  return html`<li class=${isGrave ? 'grave' : isEnded(order) ? 'over' : ''} part="order" data-id=${clientOrderId} tabindex="-1">
    <span class="what ${order.request.side}">${what}</span>
    ${standingLine(clientOrderId, standing)}
    ${keyed(
      actsOf(order, desk, amend !== undefined),
      html`<span class="acts">
    ${
      amend && desk?.mayAmend(order)
        ? html`<button type="button" data-id=${clientOrderId} data-act="amend" aria-label="Change ${what}" @click=${() => guard(clientOrderId, () => amend(clientOrderId))}>Change</button>`
        : nothing
    }
    ${
      desk?.mayCancel(order)
        ? html`<button type="button" data-id=${clientOrderId} data-act="cancel" aria-label="Cancel ${what}" @click=${() => guard(clientOrderId, () => desk.cancel(clientOrderId))}>Cancel</button>`
        : nothing
    }
    ${
      desk?.mayDismiss(order)
        ? html`<button type="button" data-id=${clientOrderId} data-act="dismiss" aria-label="I have checked ${what}, remove it" @click=${() => guard(clientOrderId, () => desk.dismiss(clientOrderId))}>I have checked</button>`
        : nothing
    }
    </span>`,
    )}
  </li>`;
}

/** What can be done with an order. When that changes its buttons are made anew: those that stay would shift. */
const actsOf = (order: Order, desk: OrderDesk | undefined, mayAmend: boolean): string =>
  [mayAmend && desk?.mayAmend(order), desk?.mayCancel(order), desk?.mayDismiss(order)].join();
