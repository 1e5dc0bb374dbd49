import { html, nothing, type TemplateResult } from 'lit';
import { formatText } from '../internal/format.js';

/** A native select in the dress of a chip: keyboard, touch and screen reader come with it. */
export function groupingControl(
  choices: readonly string[],
  grouping: string,
  lang: string,
  onChange: (event: Event) => void,
): TemplateResult | typeof nothing {
  if (choices.length === 0) return nothing;
  const chosen = choices.includes(grouping) ? grouping : choices[0];
  return html`<label class="group"
    >Group
    <select @change=${onChange} aria-label="Group prices by">
      ${choices.map(
        (choice) => html`<option value=${choice} ?selected=${choice === chosen}>${formatText(choice, lang)}</option>`,
      )}
    </select></label
  >`;
}
