import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { TIMES_IN_FORCE, barOf, type Bar, type OrderOption } from '../../orders/combinations.js';
import type { TimeInForce } from '../../orders/order.js';
import type { TicketDraft } from '../../orders/ticket.js';
import { combinationOf } from '../../orders/validate.js';
import { problemLine, type NumberFieldActions } from './number-field.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormView } from './ticket-form.js';
import { BAR_WORDS, OPTION_WORDS, TIME_MEANINGS, TIME_WORDS, issueText } from './words.js';

const OPTIONS: readonly OrderOption[] = [...TIMES_IN_FORCE, 'postOnly', 'displayQuantity'];

/** Why an option cannot be chosen beside what is; empty where it can. */
export function barText(option: OrderOption, { draft, timeInForce, offer }: TicketCheck): string {
  const bar = barOf(option, combinationOf(draft, timeInForce), offer);
  return bar ? BAR_WORDS[bar] : '';
}

/**
 * Time in force, post-only and the shown part, with one line for what is wrong with them or the type, or why something is
 * barred. All stand there at all times; what is barred and chosen can still be let go of.
 */
export function ticketOptions(
  view: TicketFormView,
  on: NumberFieldActions & { readonly edit: (change: Partial<TicketDraft>) => void },
): TemplateResult {
  const { check, format, isDisabled, touched } = view;
  const { draft, timeInForce, offer } = check;
  const combination = combinationOf(draft, timeInForce);
  const bars = new Map([...view.types, ...OPTIONS].map((option) => [option, barOf(option, combination, offer)]));
  const why = (option: OrderOption): string => barText(option, check);
  const issues = check.issues.filter(
    ({ field, code }) =>
      code === 'type_not_offered' ||
      field === 'timeInForce' ||
      field === 'postOnly' ||
      (field === 'displayQuantity' && (code === 'option_barred' || touched.has(field))),
  );
  const invalid = (field: string): 'true' | 'false' => (issues.some((each) => each.field === field) ? 'true' : 'false');
  const issue = issues[0];
  const problem = issue && { text: issueText(issue, format, check.verdict), severity: 'error' as const };
  const nearest = issue?.nearest?.map((value) => ({ value, text: format.quantity(value) })) ?? [];
  const reasons = reasonsText(bars);
  return html`<div class="options" part="options">
      <select id="timeInForce" aria-label="Time in force" aria-describedby="options-hint" aria-invalid=${invalid('timeInForce')}
        title=${TIME_MEANINGS[timeInForce]} ?disabled=${isDisabled}
        @change=${(event: Event) => on.edit({ timeInForce: (event.target as HTMLSelectElement).value as TimeInForce })}>
        ${TIMES_IN_FORCE.map(
          (time) =>
            html`<option value=${time} title=${why(time) || TIME_MEANINGS[time]} ?disabled=${why(time) !== ''} .selected=${live(time === timeInForce)}>${TIME_WORDS[time]}${why(time) ? `, ${why(time)}` : ''}</option>`,
        )}
      </select>
      <label title=${why('postOnly')}><input id="postOnly" type="checkbox" aria-describedby="options-hint" aria-invalid=${invalid('postOnly')}
        .checked=${live(draft.postOnly)} ?disabled=${isDisabled || (why('postOnly') !== '' && !draft.postOnly)}
        @change=${(event: Event) => on.edit({ postOnly: (event.target as HTMLInputElement).checked })} />Post-only</label>
      <label title=${why('displayQuantity')}>Show<input id="displayQuantity" inputmode="decimal" autocomplete="off" dir="ltr" placeholder="all"
        aria-label=${OPTION_WORDS.displayQuantity} aria-describedby="options-hint" aria-invalid=${invalid('displayQuantity')}
        .value=${live(draft.displayQuantity)} ?disabled=${isDisabled || (why('displayQuantity') !== '' && draft.displayQuantity === '')}
        @input=${(event: Event) => on.enter('displayQuantity', (event.target as HTMLInputElement).value)}
        @blur=${() => on.leave('displayQuantity')} /></label>
    </div>
    <div class="hint" id="options-hint">${
      problem
        ? problemLine({ field: 'displayQuantity', problem, nearest }, on)
        : reasons === ''
          ? nothing
          : html`<span>${reasons}</span>`
    }</div>`;
}

/** `GTC, Post-only: not for market orders.` */
function reasonsText(bars: ReadonlyMap<OrderOption, Bar | undefined>): string {
  const byBar = new Map<Bar, string[]>();
  for (const [option, bar] of bars) if (bar) byBar.set(bar, [...(byBar.get(bar) ?? []), OPTION_WORDS[option]]);
  return [...byBar].map(([bar, options]) => `${options.join(', ')}: ${BAR_WORDS[bar]}.`).join(' ');
}
