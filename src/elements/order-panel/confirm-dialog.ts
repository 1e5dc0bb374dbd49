import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { isDoubtful } from '../../orders/validate.js';
import { bracketSums } from './bracket-fields.js';
import { calm } from './calm.js';
import { referenceOf, toAccept, worseThanShown, worstOf, type Confirmation, type Hindrance } from './confirmation.js';
import { paperBadge } from './paper-badge.js';
import { sums } from './sums.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';
import { issueText, orderText, ordersOf } from './words.js';

export interface ConfirmDialogView {
  readonly confirmation: Confirmation | undefined;
  readonly current: TicketCheck;
  readonly hindrance: Hindrance;
  readonly symbol: string;
  readonly account: string;
  readonly isPaper: boolean;
  readonly format: TicketFormat;
  /** What is read out while a text is shown that may change with each price. */
  readonly spoken: (text: string) => string;
  /** Whether the page lets a person choose not to be asked again. */
  readonly mayDecline: boolean;
  readonly isDeclining: boolean;
  /** Whether what has to be accepted by an act of its own has been. */
  readonly isAccepting: boolean;
}

export interface ConfirmDialogActions {
  readonly send: () => void;
  readonly accept: () => void;
  readonly close: () => void;
  readonly decline: (isDeclining: boolean) => void;
  readonly agree: (isAccepting: boolean) => void;
  /** The dialog has closed, also by Escape. */
  readonly closed: () => void;
}

/**
 * The last look before an order leaves. What it shows is frozen; what changes meanwhile is shown beside it, old and new, and
 * has to be accepted. The heading gets the focus, so that an Enter that is still held down sends nothing.
 */
export function confirmDialog(view: ConfirmDialogView, on: ConfirmDialogActions): TemplateResult {
  const { confirmation, hindrance, account, isPaper, symbol, format } = view;
  return html`<dialog part="dialog" aria-labelledby="confirm-title" @close=${on.closed}>
    ${
      confirmation === undefined
        ? nothing
        : html`<h2 id="confirm-title" tabindex="-1" autofocus>${orderText(confirmation.check, symbol, format)}?</h2>
          ${account === '' ? nothing : html`<p class="account">Account ${account}</p>`}
          ${paperBadge(isPaper)}
          ${sums(confirmation.check, format)}
          ${bracketSums(confirmation.check, format)}
          ${warnings(confirmation.check, format)}
          ${agreeBox(view, confirmation, on)}
          ${declineBox(view, confirmation, on)}
          ${changeLine(changeText(view, confirmation), view.spoken)}
          <div class="choice">
            <button type="button" class="back" @click=${on.close}>Back</button>
            ${
              hindrance === 'moved' || hindrance === 'expired'
                ? html`<button type="button" class="go accept" data-next="#confirm-title" @click=${on.accept}>Look again</button>`
                : html`<button
                  type="button"
                  class="go ${confirmation.check.draft.side}"
                  data-next=".go.accept"
                  aria-disabled=${hindrance === 'refused' || hindrance === 'unaccepted' ? 'true' : 'false'}
                  @click=${on.send}
                >
                  ${calm(pressText(view, confirmation))}
                </button>`
            }
          </div>`
    }
  </dialog>`;
}

const changeLine = (text: string, spoken: (text: string) => string): TemplateResult =>
  html`<p class="change">${calm(text)}</p>
    <div class="visually-hidden" role="status">${spoken(text)}</div>`;

/** What the press does, or why it does nothing. */
function pressText(view: ConfirmDialogView, { check }: Confirmation): string {
  if (view.hindrance === 'refused') return refusal(view);
  if (view.hindrance === 'unaccepted') return 'Tick the box first';
  return check.draft.side === 'buy' ? 'Buy' : 'Sell';
}

/** What a press alone is not enough for. */
function agreeBox(
  { isAccepting, format }: ConfirmDialogView,
  { check }: Confirmation,
  on: ConfirmDialogActions,
): TemplateResult | typeof nothing {
  const issues = toAccept(check);
  if (issues.length === 0) return nothing;
  return html`<label class="tick agree" part="agree">
    <input
      type="checkbox"
      .checked=${live(isAccepting)}
      @change=${(event: Event) => on.agree((event.target as HTMLInputElement).checked)}
    />
    <span>I accept it: ${issues.map((issue) => issueText(issue, format, check.verdict)).join('; ')}</span>
  </label>`;
}

/** Never under a doubt: what has to be said once has to be said each time. */
function declineBox(
  { mayDecline, isDeclining, account }: ConfirmDialogView,
  { check }: Confirmation,
  on: ConfirmDialogActions,
): TemplateResult | typeof nothing {
  if (!mayDecline || isDoubtful(check.issues)) return nothing;
  return html`<label class="tick decline" part="decline">
    <input
      type="checkbox"
      .checked=${live(isDeclining)}
      @change=${(event: Event) => on.decline((event.target as HTMLInputElement).checked)}
    />
    <span>Do not ask again for ${ordersOf([check.draft.orderType], account)}</span>
  </label>`;
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
  const worse = worseThanShown(check, current);
  if (worse) return `Worse than you were shown: ${issueText(worse, format, current.verdict)}.`;
  const known = new Set(check.issues.map(({ code }) => code));
  const news = current.issues.find(({ code }) => !known.has(code));
  return news ? `${issueText(news, format, current.verdict)}.` : 'Something has changed.';
}

const refusal = ({ current, format }: ConfirmDialogView): string => {
  const issue = current.issues.find(({ severity }) => severity === 'error');
  return issue ? issueText(issue, format, current.verdict) : '';
};
