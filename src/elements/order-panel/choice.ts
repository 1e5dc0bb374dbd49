import { html, nothing, type TemplateResult } from 'lit';

export interface ChoiceView<Value extends string> {
  /** Of the group, for assistive technology. */
  readonly label: string;
  readonly name: string;
  /** `why` is why it cannot be chosen; empty or left out: it can. */
  readonly options: readonly (readonly [value: Value, text: string, why?: string])[];
  readonly chosen: Value;
  readonly isDisabled: boolean;
  /** Of the one that is chosen. */
  readonly id?: string;
  /** Where in the form the reasons stand, and whether what is chosen is wrong. */
  readonly describedBy?: string;
  readonly isInvalid?: boolean;
}

/**
 * One of a few, as native radio buttons in the shape of a segmented control: arrow keys and names come for free. What is barred
 * and chosen can still be let go of, and keeps the group in reach of the Tab key.
 */
export function choice<Value extends string>(view: ChoiceView<Value>, choose: (value: Value) => void): TemplateResult {
  const { label, name, id, options, chosen, isDisabled, describedBy, isInvalid = false } = view;
  return html`<fieldset class="seg ${name}" part=${name} role="radiogroup" aria-invalid=${isInvalid ? 'true' : 'false'}
    aria-describedby=${describedBy ?? nothing} ?disabled=${isDisabled}>
    <legend class="visually-hidden">${label}</legend>
    ${options.map(
      ([value, text, why = '']) =>
        html`<label class="${value} ${why === '' ? '' : 'barred'}" title=${why || nothing}
          ><input type="radio" id=${value === chosen && id ? id : nothing} name=${name} .value=${value} aria-label=${why === '' ? nothing : `${text}, ${why}`} aria-describedby=${describedBy ?? nothing}
            .checked=${value === chosen} ?disabled=${why !== '' && value !== chosen} @change=${() => choose(value)} /><span
            >${text}</span
          ></label
        >`,
    )}
  </fieldset>`;
}
