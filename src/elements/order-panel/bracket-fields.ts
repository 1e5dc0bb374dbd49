import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { ZERO, compare, negate } from '../../book/decimal.js';
import { EXIT_FIELDS, bracketBar, exitResult, hasExits } from '../../orders/exits.js';
import type { ExitField } from '../../orders/ticket.js';
import { numberField, type NumberFieldActions } from './number-field.js';
import type { TicketCheck } from './ticket-check.js';
import { echoOf } from './ticket-echo.js';
import type { TicketFormView } from './ticket-form.js';
import type { TicketFormat } from './ticket-format.js';
import { FIELD_WORDS, issueText } from './words.js';

/**
 * Take profit and stop loss behind one line, where they are offered. The line says what stands behind it, so that nothing is
 * ordered unseen; what was entered stays, also where it can't be ordered any more.
 */
export function bracketFields(
  view: TicketFormView,
  on: NumberFieldActions & { readonly openBracket: (isOpen: boolean) => void },
): TemplateResult | typeof nothing {
  const { draft, offer } = view.check;
  const isEntered = hasExits(draft);
  const bar = bracketBar(draft.side, offer.bracket ?? false);
  if (bar === 'not_offered' && !isEntered) return nothing;
  const isBarred = bar !== undefined;
  const summary = isBarred ? 'for buys only' : summaryOf(view);
  return html`<details
    class="bracket"
    part="bracket"
    ?open=${view.isBracketOpen || isEntered}
    @toggle=${(event: Event) => on.openBracket((event.target as HTMLDetailsElement).open)}
  >
    <summary>Exits${keyed(summary, html`<span class="note">${summary}</span>`)}</summary>
    ${EXIT_FIELDS.map((field) => fieldOf(field, view, on, isBarred))}
  </details>`;
}

function fieldOf(field: ExitField, view: TicketFormView, on: NumberFieldActions, isBarred: boolean): TemplateResult {
  const { check, format, symbol, touched } = view;
  const issue = check.issues.find((each) => each.field === field && touched.has(field));
  return numberField(
    {
      field,
      label: FIELD_WORDS[field],
      note: resultText(field, check, format),
      value: check.draft[field],
      unit: check.instrument?.currency ?? '',
      problem: issue && { text: issueText(issue, format, check.verdict), severity: issue.severity },
      nearest: issue?.nearest?.map((value) => ({ value, text: format.price(value) })) ?? [],
      echo: echoOf(field, check, format, symbol),
      provenance: '',
      // What can't be ordered can still be taken out.
      isDisabled: view.isDisabled || (isBarred && check.draft[field] === ''),
    },
    on,
  );
}

function summaryOf({ check, format }: TicketFormView): string {
  const parts = EXIT_FIELDS.flatMap((field) => {
    const price = check.numbers[field];
    return price ? [`${FIELD_WORDS[field].toLowerCase()} ${format.price(price)}`] : [];
  });
  return parts.length === 0 ? 'take profit, stop loss' : parts.join(', ');
}

/** `gains KES 360.00`, without fees; empty where that is not known. */
export function resultText(field: ExitField, check: TicketCheck, format: TicketFormat): string {
  const result = exitResult(field, check.draft, check.numbers, check.estimate);
  if (result === undefined) return '';
  return compare(result, ZERO) < 0 ? `loses ${format.money(negate(result))}` : `gains ${format.money(result)}`;
}

/** What each exit of an order would come to, one row each; nothing where it has none. */
export function bracketSums(check: TicketCheck, format: TicketFormat): TemplateResult | typeof nothing {
  const exits = EXIT_FIELDS.filter((field) => check.numbers[field] !== undefined);
  if (exits.length === 0) return nothing;
  return html`<dl class="sums exits" part="bracket">
      ${exits.map((field) => {
        const result = resultText(field, check, format);
        return html`<div>
          <dt>${FIELD_WORDS[field]} at ${format.price(check.numbers[field])}</dt>
          <dd>${result === '' ? '—' : result}</dd>
        </div>`;
      })}
    </dl>
    <p class="exits-note">All of it, before fees.</p>`;
}
