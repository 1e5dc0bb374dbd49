import { html, nothing, type TemplateResult } from 'lit';
import { bracketSums } from './bracket-fields.js';
import { calm } from './calm.js';
import { referenceOf, worstOf, type Confirmation, type Hindrance } from './confirmation.js';
import { sums } from './sums.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';
import { issueText, orderText } from './words.js';

export interface ConfirmDialogView {
  readonly confirmation: Confirmation | undefined;
  readonly current: TicketCheck;
  readonly hindrance: Hindrance;
  readonly symbol: string;
  readonly account: string;
  readonly format: TicketFormat;
}

export interface ConfirmDialogActions {
  readonly send: () => void;
  readonly accept: () => void;
  readonly close: () => void;
  /** The dialog has closed, also by Escape. */
  readonly closed: () => void;
}

/**
 * The last look before an order leaves. What it shows is frozen; what changes meanwhile is shown beside it, old and new, and
 * has to be accepted. The heading gets the focus, so that an Enter that is still held down sends nothing.
 */
export function confirmDialog(view: ConfirmDialogView, on: ConfirmDialogActions): TemplateResult {
  const { confirmation, hindrance, account, symbol, format } = view;
  return html`<dialog part="dialog" aria-labelledby="confirm-title" @close=${on.closed}>
    ${
      confirmation === undefined
        ? nothing
        : html`<h2 id="confirm-title" tabindex="-1" autofocus>${orderText(confirmation.check, symbol, format)}?</h2>
          ${account === '' ? nothing : html`<p class="account">Account ${account}</p>`}
          ${sums(confirmation.check, format)}
          ${bracketSums(confirmation.check, format)}
          ${warnings(confirmation.check, format)}
          <p class="change" role="status">${changeText(view, confirmation)}</p>
          <div class="choice">
            <button type="button" class="back" @click=${on.close}>Back</button>
            ${
              hindrance === 'moved' || hindrance === 'expired'
                ? html`<button type="button" class="go accept" @click=${on.accept}>Look again</button>`
                : html`<button
                  type="button"
                  class="go ${confirmation.check.draft.side}"
                  aria-disabled=${hindrance === 'refused' ? 'true' : 'false'}
                  @click=${on.send}
                >
                  ${calm(hindrance === 'refused' ? refusal(view) : confirmation.check.draft.side === 'buy' ? 'Buy' : 'Sell')}
                </button>`
            }
          </div>`
    }
  </dialog>`;
}

function warnings({ issues, verdict }: TicketCheck, format: TicketFormat): TemplateResult | typeof nothing {
  const shown = issues.filter(({ severity }) => severity !== 'error');
  if (shown.length === 0) return nothing;
  return html`<ul class="warnings">
    ${shown.map((issue) => html`<li>${issueText(issue, format, verdict)}</li>`)}
  </ul>`;
}

function changeText({ hindrance, current, format }: ConfirmDialogView, { check }: Confirmation): string {
  if (hindrance === 'expired') return 'This summary is too old.';
  if (hindrance !== 'moved') return '';
  const old = format.price(referenceOf(check));
  const next = format.price(referenceOf(current));
  if (old !== next) return `Best price ${old} → ${next}.`;
  const oldWorst = format.price(worstOf(check));
  const nextWorst = format.price(worstOf(current));
  if (oldWorst !== nextWorst) return `Worst price ${oldWorst} → ${nextWorst}.`;
  const known = new Set(check.issues.map(({ code }) => code));
  const news = current.issues.find(({ code }) => !known.has(code));
  return news ? `${issueText(news, format, current.verdict)}.` : 'Something has changed.';
}

const refusal = ({ current, format }: ConfirmDialogView): string => {
  const issue = current.issues.find(({ severity }) => severity === 'error');
  return issue ? issueText(issue, format, current.verdict) : '';
};
