import { html, nothing, type TemplateResult } from 'lit';
import type { OrderType } from '../../orders/order.js';
import { ordersOf } from './words.js';

/**
 * What goes without asking, and the one place to take that back, in a box of fixed height. It names every type of the
 * account, so that none goes unasked out of sight.
 */
export function consentLine(types: readonly OrderType[], account: string, revoke: () => void): TemplateResult {
  const orders = ordersOf(types, account);
  return html`<div class="consent" part="consent">${
    types.length === 0
      ? nothing
      : html`<span>${orders.charAt(0).toUpperCase()}${orders.slice(1)} go without asking.</span>
          <button type="button" data-next="[part='submit']" @click=${revoke}>Ask again</button>`
  }</div>`;
}
