import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { add } from '../../book/decimal.js';
import { calm } from './calm.js';
import { numberField, type NumberFieldActions } from './number-field.js';
import type { TicketFormat } from './ticket-format.js';
import { FIELD_WORDS, issueText } from './words.js';
import { amendFieldsOf, type AmendField } from './amend-check.js';
import type { AmendSight } from './amend-editor.js';

export interface AmendFormView extends AmendSight {
  /** What the order is. */
  readonly what: string;
  readonly format: TicketFormat;
}

export interface AmendFormActions extends NumberFieldActions<AmendField> {
  readonly heed: (isRead: boolean) => void;
  readonly send: () => void;
  readonly close: () => void;
}

/**
 * Price and rest of one order, to be changed in its place. The line above the button says old and new; the button says
 * what keeps it back. A warning has to be ticked first, and anew when anything is changed.
 */
export function amendForm(view: AmendFormView, on: AmendFormActions): TemplateResult {
  const { order, check, format, what, warnings, isHeeded } = view;
  const submit = (event: Event): void => {
    event.preventDefault();
    on.send();
  };
  const steer = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.repeat) event.preventDefault();
  };
  const isReady = check.terms !== undefined && (warnings.length === 0 || isHeeded);
  return html`<form class="amend" part="amend" aria-label="Change ${what}" novalidate @submit=${submit} @keydown=${steer}>
    ${amendFieldsOf(order).map((field) => fieldOf(field, view, on))}
    <p class="change" role="status">${calm(changeText(view))}</p>
    ${
      warnings.length === 0 || check.terms === undefined
        ? nothing
        : html`<div class="warnings">
            <ul id="amend-warnings">${warnings.map((issue) => html`<li>${issueText(issue, format, check.ticket.verdict)}</li>`)}</ul>
            <label class="heed"><input type="checkbox" aria-describedby="amend-warnings" .checked=${live(isHeeded)} @change=${(event: Event) => on.heed((event.target as HTMLInputElement).checked)} />I have read this</label>
          </div>`
    }
    <div class="choice">
      <button type="button" class="back" @click=${on.close}>Back</button>
      <button class="go ${order.request.side}" aria-disabled=${isReady ? 'false' : 'true'}>${calm(buttonText(view))}</button>
    </div>
  </form>`;
}

function fieldOf(
  field: AmendField,
  { order, draft, check, format }: AmendFormView,
  on: NumberFieldActions<AmendField>,
): TemplateResult {
  const { ticket } = check;
  const isQuantity = field === 'quantity';
  const issue = check.issues.find((each) => each.field === field);
  return numberField(
    {
      field,
      id: `amend-${field}`,
      label: isQuantity ? 'Left to trade' : FIELD_WORDS[field],
      note: isQuantity
        ? `${format.quantity(order.filled)} filled`
        : `best ${format.price(ticket.bid)} / ${format.price(ticket.ask)}`,
      value: draft[field],
      unit: isQuantity ? order.request.symbol : (ticket.instrument?.currency ?? ''),
      problem: issue && { text: issueText(issue, format, ticket.verdict), severity: issue.severity },
      nearest:
        issue?.nearest?.map((value) => ({ value, text: isQuantity ? format.quantity(value) : format.price(value) })) ??
        [],
      echo: '',
      provenance: '',
      isDisabled: false,
    },
    on,
  );
}

/** Old and new of what would change: `Price 17.45 → 17.40, left 800 → 600 (1,000 in all)`. */
function changeText({ order, check, format }: AmendFormView): string {
  const { terms } = check;
  if (terms === undefined) return '';
  const parts: string[] = [];
  for (const field of ['stopPrice', 'limitPrice'] as const) {
    const [before, after] = [order[field], terms[field]];
    if (before === null || after === undefined) continue;
    const [old, next] = [format.priceText(before), format.priceText(after)];
    if (old !== next) parts.push(`${FIELD_WORDS[field]} ${old} → ${next}`);
  }
  const left = check.ticket.numbers.quantity;
  const [old, next] = [format.quantity(order.leaves), format.quantity(left)];
  if (left && old !== next) {
    parts.push(`left ${old} → ${next} (${format.quantity(add(order.filled, left))} in all)`);
  }
  const text = parts.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function buttonText({ order, check, format, warnings, isHeeded }: AmendFormView): string {
  if (!check.isChanged) return 'Nothing changed';
  const errors = check.issues.filter(({ severity }) => severity === 'error');
  const problem = errors.find(({ field }) => field === 'order') ?? errors[0];
  if (problem) return issueText(problem, format, check.ticket.verdict);
  if (warnings.length > 0 && !isHeeded) return 'Tick that you have read the warning';
  const price = check.terms?.limitPrice ?? check.terms?.stopPrice;
  const at = price === undefined ? '' : ` at ${format.priceText(price)}`;
  return `${order.request.side === 'buy' ? 'Buy' : 'Sell'} ${format.quantity(check.ticket.numbers.quantity)}${at} instead`;
}
