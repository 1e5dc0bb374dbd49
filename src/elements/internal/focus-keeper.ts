/**
 * Keeps the focus on an order while its row is made anew: on the same button, on the row where that button has gone, and
 * on the list where the row has. Whoever works by keyboard would begin at the top of the page otherwise.
 */
export class FocusKeeper {
  readonly #host: HTMLElement;
  #kept: { readonly id: string; readonly act: string } | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Call it before the rows are written. */
  remember(): void {
    const focused = this.#host.shadowRoot?.activeElement;
    if (!(focused instanceof HTMLElement) || focused.dataset['id'] === undefined) return (this.#kept = undefined);
    this.#kept = { id: focused.dataset['id'], act: focused.dataset['act'] ?? '' };
  }

  /** Call it after. */
  restore(): void {
    const root = this.#host.shadowRoot;
    if (this.#kept === undefined || root === null || root.activeElement !== null) return;
    const { id, act } = this.#kept;
    const ofOrder = [...root.querySelectorAll<HTMLElement>('[data-id]')].filter(({ dataset }) => dataset['id'] === id);
    const next = ofOrder.find(({ dataset }) => (dataset['act'] ?? '') === act) ?? ofOrder[0];
    (next ?? root.querySelector<HTMLElement>('.orders'))?.focus();
  }
}
