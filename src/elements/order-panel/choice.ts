import { html, type TemplateResult } from 'lit';

export interface ChoiceView<Value extends string> {
  /** Of the group, for assistive technology. */
  readonly label: string;
  readonly name: string;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly chosen: Value;
  readonly isDisabled: boolean;
}

/** One of a few, as native radio buttons in the shape of a segmented control: arrow keys and names come for free. */
export function choice<Value extends string>(view: ChoiceView<Value>, choose: (value: Value) => void): TemplateResult {
  return html`<fieldset class="seg ${view.name}" part=${view.name} ?disabled=${view.isDisabled}>
    <legend class="visually-hidden">${view.label}</legend>
    ${view.options.map(
      ([value, text]) =>
        html`<label class=${value}
          ><input type="radio" name=${view.name} .value=${value} .checked=${value === view.chosen} @change=${() => choose(value)} /><span
            >${text}</span
          ></label
        >`,
    )}
  </fieldset>`;
}
