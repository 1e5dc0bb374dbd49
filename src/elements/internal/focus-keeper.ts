/**
 * Keeps the focus where work goes on. On an order while its row is made anew: on the same button, on the row where that
 * button has gone, and on the list where the row has. A control that may go away or be made anew names its successor in
 * `data-next`, as a selector. Whoever works by keyboard would begin at the top of the page otherwise.
 */
export class FocusKeeper {
  readonly #host: HTMLElement;
  #kept: { readonly id?: string | undefined; readonly act: string; readonly next?: string | undefined } | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Call it before the rows are written. */
  remember(): void {
    const focused = this.#host.shadowRoot?.activeElement;
    const { id, act = '', next } = focused instanceof HTMLElement ? focused.dataset : {};
    this.#kept = id === undefined && next === undefined ? undefined : { id, act, next };
  }

  /** Call it after. */
  restore(): void {
    const root = this.#host.shadowRoot;
    if (this.#kept === undefined || root === null || root.activeElement !== null) return;
    const { id, act, next: successor } = this.#kept;
    if (id === undefined) return root.querySelector<HTMLElement>(successor ?? '')?.focus();
    const ofOrder = [...root.querySelectorAll<HTMLElement>('[data-id]')].filter(({ dataset }) => dataset['id'] === id);
    const next = ofOrder.find(({ dataset }) => (dataset['act'] ?? '') === act) ?? ofOrder[0];
    (next ?? root.querySelector<HTMLElement>('.orders'))?.focus();
  }
}
