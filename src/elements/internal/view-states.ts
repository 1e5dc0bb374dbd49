import type { VerdictState } from '../../stream/verdict.js';

/** The custom states of the elements, for `:state(…)`. Exactly one verdict is on, and others beside it. */
export type ViewState = VerdictState | 'empty' | 'error' | 'armed';

/** The custom states of one element. */
export class ViewStates {
  // Held for as long as the element: WebKit collects a set that nobody holds, and one that is asked for anew then knows
  // none of the states that are on, so that they could not be taken off any more.
  readonly #states: CustomStateSet;

  constructor({ states }: ElementInternals) {
    this.#states = states;
  }

  /** Sets them to exactly these. */
  set(wanted: readonly ViewState[]): void {
    for (const state of [...this.#states]) if (!wanted.includes(state as ViewState)) this.#states.delete(state);
    for (const state of wanted) this.#states.add(state);
  }
}
