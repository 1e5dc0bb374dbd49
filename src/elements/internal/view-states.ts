import type { VerdictState } from '../../stream/verdict.js';

/** The custom states of the elements, for `:state(…)`. Exactly one verdict is on, and others beside it. */
export type ViewState = VerdictState | 'empty' | 'error' | 'armed';

/** Sets the custom states of an element to exactly these. */
export function setStates(internals: ElementInternals, wanted: readonly ViewState[]): void {
  const { states } = internals;
  for (const state of [...states]) if (!wanted.includes(state as ViewState)) states.delete(state);
  for (const state of wanted) states.add(state);
}
