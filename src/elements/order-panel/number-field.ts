import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { live } from 'lit/directives/live.js';
import type { Decimal } from '../../book/decimal.js';
import type { NumberField } from '../../orders/ticket.js';
import type { OrderIssue } from '../../orders/validate.js';

export interface NumberFieldView {
  readonly field: NumberField;
  readonly label: string;
  /** Beside the label: the best prices, the lot. */
  readonly note: string;
  /** As typed. */
  readonly value: string;
  /** What is counted. */
  readonly unit: string;
  /** Counts in something else, where that can be. */
  readonly swap?: { readonly label: string; readonly press: () => void } | undefined;
  readonly problem: { readonly text: string; readonly severity: OrderIssue['severity'] } | undefined;
  /** The nearest numbers that would do, to be taken by a press. */
  readonly nearest: readonly { readonly value: Decimal; readonly text: string }[];
  /** What was understood, where that is not what stands there. */
  readonly echo: string;
  /** Where the number came from; shown while there is no problem. */
  readonly provenance: string;
  readonly isDisabled: boolean;
}

export interface NumberFieldActions {
  readonly enter: (field: NumberField, text: string) => void;
  readonly leave: (field: NumberField) => void;
  readonly step: (field: NumberField, direction: 1 | -1) => void;
  readonly take: (field: NumberField, value: Decimal) => void;
}

/**
 * A number with its label, steps and one line for what is to be said of it. The line is always there, so that nothing
 * moves when it fills. Arrow keys step as well, so that the buttons need not be in the tab order.
 */
export function numberField(view: NumberFieldView, on: NumberFieldActions): TemplateResult {
  const { field, label, problem, isDisabled } = view;
  const name = label.toLowerCase();
  const isError = problem?.severity === 'error';
  const steer = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    on.step(field, event.key === 'ArrowUp' ? 1 : -1);
  };
  return html`<div class="field" part="field">
    <div class="label"><label for=${field}>${label}</label>${keyed(view.note, html`<span class="note">${view.note}</span>`)}</div>
    <div class="input ${isError ? 'invalid' : ''}" part="input">
      <button type="button" tabindex="-1" aria-label="Lower ${name}" ?disabled=${isDisabled} @click=${() => on.step(field, -1)}>−</button>
      <input
        id=${field}
        inputmode="decimal"
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="go"
        dir="ltr"
        .value=${live(view.value)}
        ?disabled=${isDisabled}
        aria-invalid=${isError ? 'true' : 'false'}
        aria-describedby="${field}-hint"
        @input=${(event: Event) => on.enter(field, (event.target as HTMLInputElement).value)}
        @blur=${() => on.leave(field)}
        @keydown=${steer}
      />${keyed(view.unit, view.swap ? html`<button type="button" class="swap" aria-label="${view.unit}, ${view.swap.label}" title=${view.swap.label} ?disabled=${isDisabled} @click=${view.swap.press}>${view.unit}</button>` : html`<em>${view.unit}</em>`)}
      <button type="button" tabindex="-1" aria-label="Raise ${name}" ?disabled=${isDisabled} @click=${() => on.step(field, 1)}>+</button>
    </div>
    <div class="hint" id="${field}-hint">${problem ? problemLine(view, on) : view.provenance ? html`<span class="from">${view.provenance}</span>` : view.echo ? html`<span>${view.echo}</span>` : nothing}</div>
  </div>`;
}

/** What is wrong, and what would do. */
export function problemLine(
  { field, problem, nearest }: Pick<NumberFieldView, 'field' | 'problem' | 'nearest'>,
  on: Pick<NumberFieldActions, 'take'>,
): TemplateResult {
  return html`<span class=${problem?.severity}>${problem?.text}</span>${nearest.map(
    ({ value, text }) =>
      html`<button type="button" class="nearest" aria-label="Use ${text}" @click=${() => on.take(field, value)}>${text}</button>`,
  )}`;
}
