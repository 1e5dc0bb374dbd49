import { html, type TemplateResult } from 'lit';
import { add } from '../../book/decimal.js';
import { priceFieldsOf, type NumberField } from '../../orders/ticket.js';
import { numberField, type NumberFieldActions } from '../order-panel/number-field.js';
import type { TicketFormat } from '../order-panel/ticket-format.js';
import { FIELD_WORDS, issueText } from '../order-panel/words.js';
import type { AmendCheck, AmendDraft, AmendableOrder } from './amend-check.js';

export interface AmendFormView {
  readonly order: AmendableOrder;
  readonly draft: AmendDraft;
  readonly check: AmendCheck;
  /** What the order is, for those who can't see where the form stands. */
  readonly what: string;
  readonly format: TicketFormat;
}

export interface AmendFormActions extends NumberFieldActions {
  readonly send: () => void;
  readonly close: () => void;
}

/**
 * Price and rest of one order, to be changed in its place. The line above the button says old and new; the button says
 * what keeps it back. Escape leaves the order as it is.
 */
export function amendForm(view: AmendFormView, on: AmendFormActions): TemplateResult {
  const { order, check, format, what } = view;
  const submit = (event: Event): void => {
    event.preventDefault();
    on.send();
  };
  const steer = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      on.close();
    } else if (event.key === 'Enter' && event.repeat) event.preventDefault();
  };
  const fields: readonly NumberField[] = [...priceFieldsOf(order.request.orderType), 'quantity'];
  return html`<form class="amend" part="amend" aria-label="Change ${what}" novalidate @submit=${submit} @keydown=${steer}>
    ${fields.map((field) => fieldOf(field, view, on))}
    <p class="change" role="status">${changeText(view)}</p>
    <div class="choice">
      <button type="button" class="back" @click=${on.close}>Back</button>
      <button class="go" aria-disabled=${check.terms ? 'false' : 'true'}>${buttonText(view)}</button>
    </div>
    <span class="visually-hidden">${format.quantity(order.filled)} filled</span>
  </form>`;
}

function fieldOf(
  field: NumberField,
  { order, draft, check, format }: AmendFormView,
  on: NumberFieldActions,
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
      problem: issue && { text: issueText(issue, format, ticket.verdict), isError: issue.severity === 'error' },
      nearest:
        issue?.nearest?.map((value) => ({ value, text: isQuantity ? format.quantity(value) : format.price(value) })) ??
        [],
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
    if (before === null || after === null) continue;
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

function buttonText({ order, check, format }: AmendFormView): string {
  if (!check.isChanged) return 'Nothing changed';
  const errors = check.issues.filter(({ severity }) => severity === 'error');
  const problem = errors.find(({ field }) => field === 'order') ?? errors[0];
  if (problem) return issueText(problem, format, check.ticket.verdict);
  const price = check.terms?.limitPrice ?? check.terms?.stopPrice ?? null;
  const at = price === null ? '' : ` at ${format.priceText(price)}`;
  return `${order.request.side === 'buy' ? 'Buy' : 'Sell'} ${format.quantity(check.ticket.numbers.quantity)}${at} instead`;
}
