import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import type { OrderDesk } from '../../orders/order-desk.js';
import { isWorking, type Order } from '../../orders/order.js';
import { AmendEditor } from './amend-editor.js';
import { amendForm } from './amend-form.js';
import { paperBadge } from './paper-badge.js';
import type { TicketCheck, TicketFacts } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';

export interface AmendOptions {
  readonly desk: () => OrderDesk | undefined;
  /** Whether nothing may be changed at all. Default: never. */
  readonly isDisabled?: () => boolean;
  /** What a change of this order is judged by. */
  readonly facts: (order: Order) => Omit<TicketFacts, 'symbol' | 'desk'>;
  readonly format: (order: Order, check: TicketCheck) => TicketFormat;
  readonly now: () => number;
  /** A change of this order is about to be asked for. */
  readonly asked?: (clientOrderId: string) => void;
  /** The dialog has gone. */
  readonly gone: () => void;
  /** The order in a few words. */
  readonly what: (order: Order) => string;
}

/** Gives a list of orders the dialog in which one of them is changed. While the account may be behind it stays, and sends nothing. */
export class AmendController implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: AmendOptions;
  readonly #editor: AmendEditor;
  #openedId = '';

  constructor(host: LitElement, options: AmendOptions) {
    this.#host = host;
    this.#options = options;
    this.#editor = new AmendEditor({
      order: (id) => this.#order(id),
      facts: ({ request: { symbol } }) => {
        const order = this.#order(this.#editor.id ?? '');
        if (order === undefined) throw new Error('a change of no order');
        return { ...this.#options.facts(order), symbol, desk: this.#options.desk() };
      },
      amend: (id, terms) => {
        this.#options.asked?.(id);
        this.#options.desk()?.amend(id, terms);
      },
      now: options.now,
      changed: () => host.requestUpdate(),
    });
    host.addController(this);
  }

  /** The symbol whose prices are needed meanwhile; undefined while nothing is being changed. */
  get symbol(): string | undefined {
    return this.#order(this.#editor.id ?? '')?.request.symbol;
  }

  /** Opens the dialog for an order that may be changed. */
  readonly open = (clientOrderId: string): void => {
    this.#openedId = clientOrderId;
    this.#editor.open(clientOrderId);
  };

  /** The dialog, while there is something to be changed in it. Render it once, after the host's other dialogs. */
  render(): TemplateResult | typeof nothing {
    const editor = this.#editor;
    const seen = editor.look();
    const order = this.#order(editor.id ?? '');
    if (seen === undefined || order === undefined) return nothing;
    const what = this.#options.what(order);
    return html`<dialog class="amending" part="dialog" aria-labelledby="amend-title" @close=${this.#closed}>
      ${paperBadge(this.#options.desk()?.gateway?.capabilities.paper === true)}
      <h2 id="amend-title" tabindex="-1" autofocus>Change ${what}</h2>
      ${amendForm(
        { ...seen, what, format: this.#options.format(order, seen.check.ticket) },
        {
          enter: (field, text) => editor.enter(field, text),
          leave: () => undefined,
          step: (field, direction) => editor.step(field, direction),
          take: (field, value) => editor.take(field, value),
          heed: (isRead) => editor.heed(isRead),
          send: () => editor.send(),
          close: () => editor.close(),
        },
      )}
    </dialog>`;
  }

  /** Closes the dialog of what is over, so that the focus goes back to where it came from. Call it before the host remembers that. */
  settle(): void {
    const dialog = this.#host.hasUpdated ? this.#dialog : null;
    if (this.#editor.look() !== undefined || dialog?.open !== true) return;
    dialog.close();
    this.#options.gone();
    const { activeElement: focused } = this.#host.renderRoot as ShadowRoot;
    // The button that opened it may have gone meanwhile, with its row made anew.
    if (focused !== null && !dialog.contains(focused)) return;
    this.#host.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(this.#openedId)}"]`)?.focus();
  }

  hostUpdated(): void {
    this.#editor.read();
    if (this.#dialog?.open === false) this.#dialog.showModal();
  }

  hostDisconnected(): void {
    this.#editor.close();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.#host.renderRoot.querySelector<HTMLDialogElement>('dialog.amending');
  }

  /** By Escape, or by us; a dialog that was opened again before this event came is another one. */
  readonly #closed = (): void => {
    if (this.#dialog?.open !== false) return;
    this.#options.gone();
    this.#editor.close();
  };

  /** The order while it can be changed, or could be as soon as the account is whole again. */
  #order(clientOrderId: string): Order | undefined {
    const desk = this.#options.desk();
    const order = desk?.order(clientOrderId);
    if (desk === undefined || order === undefined || this.#options.isDisabled?.() === true) return undefined;
    const isWaiting = !desk.isReady && isWorking(order) && order.cancel === 'none' && order.amend === 'none';
    return desk.mayAmend(order) || isWaiting ? order : undefined;
  }
}
