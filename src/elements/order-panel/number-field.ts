import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { live } from 'lit/directives/live.js';
import type { Decimal } from '../../book/decimal.js';
import type { NumberField } from '../../orders/ticket.js';
import type { OrderIssue } from '../../orders/validate.js';

export interface NumberFieldView<Field extends NumberField = NumberField> {
  readonly field: Field;
  /** Id of the input, where the name of the field is taken. Default: that name. */
  readonly id?: string;
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

export interface NumberFieldActions<Field extends NumberField = NumberField> {
  readonly enter: (field: Field, text: string) => void;
  readonly leave: (field: Field) => void;
  readonly step: (field: Field, direction: 1 | -1) => void;
  readonly take: (field: Field, value: Decimal) => void;
}

/**
 * A number with its label, steps and one line for what is to be said of it. The line is always there, so that nothing
 * moves when it fills. Arrow keys step as well, so that the buttons need not be in the tab order.
 */
export function numberField<Field extends NumberField>(
  view: NumberFieldView<Field>,
  on: NumberFieldActions<Field>,
): TemplateResult {
  const { field, id = field, label, problem, isDisabled } = view;
  const name = label.toLowerCase();
  const isError = problem?.severity === 'error';
  const steer = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    on.step(field, event.key === 'ArrowUp' ? 1 : -1);
  };
  return html`<div class="field" part="field">
    <div class="label"><label for=${id}>${label}</label>${keyed(view.note, html`<span class="note">${view.note}</span>`)}</div>
    <div class="input ${isError ? 'invalid' : ''}" part="input">
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
        aria-invalid=${isError ? 'true' : 'false'}
        aria-describedby="${id}-hint"
        @input=${(event: Event) => on.enter(field, (event.target as HTMLInputElement).value)}
        @blur=${() => on.leave(field)}
        @keydown=${steer}
      />${keyed(view.unit, view.swap ? html`<button type="button" class="swap" data-next=".swap" aria-label="${view.unit}, ${view.swap.label}" title=${view.swap.label} ?disabled=${isDisabled} @click=${view.swap.press}>${view.unit}</button>` : html`<em>${view.unit}</em>`)}
      <button type="button" tabindex="-1" aria-label="Raise ${name}" ?disabled=${isDisabled} @click=${() => on.step(field, 1)}>+</button>
    </div>
    <div class="hint" id="${id}-hint">${problem ? problemLine(view, on) : view.provenance ? html`<span class="from">${view.provenance}</span>` : view.echo ? html`<span>${view.echo}</span>` : nothing}</div>
  </div>`;
}

/** What is wrong, and what would do. */
export function problemLine<Field extends NumberField>(
  { field, id = field, problem, nearest }: Pick<NumberFieldView<Field>, 'field' | 'id' | 'problem' | 'nearest'>,
  on: Pick<NumberFieldActions<Field>, 'take'>,
): TemplateResult {
  return html`<span class=${problem?.severity}>${problem?.text}</span>${nearest.map(
    ({ value, text }) =>
      html`<button type="button" class="nearest" data-next="#${id}" aria-label="Use ${text}" @click=${() => on.take(field, value)}>${text}</button>`,
  )}`;
}
