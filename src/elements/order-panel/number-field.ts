import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { live } from 'lit/directives/live.js';
import type { Decimal } from '../../book/decimal.js';
import type { NumberField } from '../../orders/ticket.js';

export interface NumberFieldView {
  readonly field: NumberField;
  /** Id of the input, where the name of the field is taken. Default: that name. */
  readonly id?: string;
  readonly label: string;
  /** Beside the label: the best prices, the lot. */
  readonly note: string;
  /** As typed. */
  readonly value: string;
  /** What is counted. */
  readonly unit: string;
  readonly problem: { readonly text: string; readonly isError: boolean } | undefined;
  /** The nearest numbers that would do, to be taken by a press. */
  readonly nearest: readonly { readonly value: Decimal; readonly text: string }[];
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
  const { field, id = field, label, problem, isDisabled } = view;
  const name = label.toLowerCase();
  const steer = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    on.step(field, event.key === 'ArrowUp' ? 1 : -1);
  };
  return html`<div class="field" part="field">
    <div class="label"><label for=${id}>${label}</label>${keyed(view.note, html`<span class="note">${view.note}</span>`)}</div>
    <div class="input ${problem?.isError ? 'invalid' : ''}" part="input">
      <button type="button" tabindex="-1" aria-label="Lower ${name}" ?disabled=${isDisabled} @click=${() => on.step(field, -1)}>−</button>
      <input
        id=${id}
        inputmode="decimal"
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="go"
        dir="ltr"
        .value=${live(view.value)}
        ?disabled=${isDisabled}
        aria-invalid=${problem?.isError ? 'true' : 'false'}
        aria-describedby="${id}-hint"
        @input=${(event: Event) => on.enter(field, (event.target as HTMLInputElement).value)}
        @blur=${() => on.leave(field)}
        @keydown=${steer}
      />${keyed(view.unit, html`<em>${view.unit}</em>`)}
      <button type="button" tabindex="-1" aria-label="Raise ${name}" ?disabled=${isDisabled} @click=${() => on.step(field, 1)}>+</button>
    </div>
    <div class="hint" id="${id}-hint">${problem ? problemLine(view, on) : view.provenance ? html`<span class="from">${view.provenance}</span>` : nothing}</div>
  </div>`;
}

function problemLine({ field, problem, nearest }: NumberFieldView, on: NumberFieldActions): TemplateResult {
  return html`<span class=${problem?.isError ? 'error' : 'warning'}>${problem?.text}</span>${nearest.map(
    ({ value, text }) =>
      html`<button type="button" class="nearest" aria-label="Use ${text}" @click=${() => on.take(field, value)}>${text}</button>`,
  )}`;
}
