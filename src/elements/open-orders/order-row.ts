import { html, nothing, type TemplateResult } from 'lit';
import { formatDecimal } from '../../book/decimal.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import { isEnded, type Order } from '../../orders/order.js';
import { standingLine } from '../order-panel/standing-line.js';
import type { TicketFormat } from '../order-panel/ticket-format.js';
import { TYPE_WORDS, placedText, rowText } from '../order-panel/words.js';
import { isTime, timeText } from './order-time.js';

export interface OrderRowView {
  readonly order: Order;
  readonly desk: OrderDesk;
  /** The symbol that goes without saying; empty for none. */
  readonly symbol: string;
  readonly format: TicketFormat;
  readonly lang: string;
  /** Asks for the form that changes an order. */
  readonly amend: (clientOrderId: string) => void;
  /** Does it, unless the press was meant for something else. */
  readonly guard: (clientOrderId: string, act: () => void) => void;
}

/** One order, as an item of a list. `data-id` and `data-act` let the focus find its way back after the rows were made anew. */
export function orderRow({ order, desk, symbol, format, lang, amend, guard }: OrderRowView): TemplateResult {
  const { clientOrderId, side, orderType, createdAt } = order.request;
  const what = placedText(order, symbol, format);
  const standing = rowText(order, desk.orders, symbol, format);
  const isGrave = order.state === 'unknown' || order.state === 'rejected' || order.contradiction !== undefined;
  const act = (name: string, label: string, text: string, run: () => void): TemplateResult =>
    html`<button type="button" data-id=${clientOrderId} data-act=${name} aria-label=${label} @click=${() => guard(clientOrderId, run)}>${text}</button>`;
  return html`<li class=${isGrave ? 'grave' : isEnded(order) ? 'over' : ''} part="order" data-id=${clientOrderId} tabindex="-1">
    <span class="what ${side}">${what}</span>
    <span class="type">${TYPE_WORDS[orderType]}</span>
    <progress part="fill" aria-hidden="true" max=${formatDecimal(order.quantity)} value=${formatDecimal(order.filled)}></progress>
    ${standingLine(clientOrderId, standing)}
    <time datetime=${isTime(createdAt) ? new Date(createdAt).toISOString() : nothing}>${timeText(createdAt, lang)}</time>
    <span class="acts">
      ${desk.mayAmend(order) ? act('amend', `Change ${what}`, 'Change', () => amend(clientOrderId)) : nothing}
      ${desk.mayCancel(order) ? act('cancel', `Cancel ${what}`, 'Cancel', () => desk.cancel(clientOrderId)) : nothing}
      ${
        desk.mayDismiss(order)
          ? act('dismiss', `I have checked ${what}, remove it`, 'I have checked', () => desk.dismiss(clientOrderId))
          : nothing
      }
    </span>
  </li>`;
}
