import { html, nothing, type TemplateResult } from 'lit';
import type { OrderDesk } from '../../orders/order-desk.js';
import type { Order } from '../../orders/order.js';

/** The orders that somebody is asked about: exactly those that were on the screen when it was asked. */
export interface CancelAllQuestion {
  readonly ids: readonly string[];
}

/** Those of the question that can still be cancelled. */
export const stillCancellable = (question: CancelAllQuestion, desk: OrderDesk | undefined): readonly Order[] =>
  question.ids.flatMap((id) => {
    const order = desk?.order(id);
    return order && desk?.mayCancel(order) ? [order] : [];
  });

export interface CancelAllActions {
  readonly send: () => void;
  readonly close: () => void;
  /** The dialog has closed, also by Escape. */
  readonly closed: () => void;
}

/** Asks before every order is cancelled at once. The heading gets the focus, so that a held Enter cancels nothing. */
export function cancelAllDialog(
  orders: readonly Order[] | undefined,
  textOf: (order: Order) => string,
  on: CancelAllActions,
): TemplateResult {
  const count = orders?.length ?? 0;
  return html`<dialog part="dialog" aria-labelledby="all-title" @close=${on.closed}>
    ${
      orders === undefined
        ? nothing
        : html`<h2 id="all-title" tabindex="-1" autofocus>${count === 0 ? 'Nothing is left to cancel' : `Cancel ${ordersText(count)}?`}</h2>
          <ul class="all">
            ${orders.map((order) => html`<li>${textOf(order)}</li>`)}
          </ul>
          <div class="choice">
            <button type="button" class="back" @click=${on.close}>Back</button>
            <button type="button" class="go" ?disabled=${count === 0} @click=${on.send}>Cancel ${ordersText(count)}</button>
          </div>`
    }
  </dialog>`;
}

const ordersText = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);
