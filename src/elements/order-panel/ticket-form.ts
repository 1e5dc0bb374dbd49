import { html, type TemplateResult } from 'lit';
import type { Decimal } from '../../book/decimal.js';
import type { Order, OrderSide, OrderType } from '../../orders/order.js';
import { priceFieldsOf, type NumberField, type PriceField, type TicketDraft } from '../../orders/ticket.js';
import { isDoubtful } from '../../orders/validate.js';
import { isTradable } from '../../stream/verdict.js';
import { formatDuration } from '../internal/format.js';
import { bracketFields } from './bracket-fields.js';
import { calm } from './calm.js';
import { choice } from './choice.js';
import { marketLine } from './market-line.js';
import { numberField, type NumberFieldActions } from './number-field.js';
import type { Saying } from './order-news.js';
import { saying } from './saying.js';
import { paperBadge } from './paper-badge.js';
import { nothingText, shareSlider } from './share-slider.js';
import { sums } from './sums.js';
import type { ConfirmPolicy } from './ticket-attributes.js';
import type { TicketCheck } from './ticket-check.js';
import type { Picked } from './ticket-entry.js';
import type { TicketFormat } from './ticket-format.js';
import { echoOf } from './ticket-echo.js';
import { barText, ticketOptions } from './ticket-options.js';
import { FIELD_WORDS, TYPE_WORDS, doubtText, issueText, orderText } from './words.js';

/** An answer that takes longer than this is said to. */
const SLOW_MS = 2_000;

export interface TicketFormView {
  readonly check: TicketCheck;
  readonly format: TicketFormat;
  readonly symbol: string;
  readonly types: readonly OrderType[];
  readonly touched: ReadonlySet<NumberField>;
  /** The order of this very draft that nobody has answered yet. */
  readonly pending: Order | undefined;
  /** Whether only a person can find out what became of that one. */
  readonly isUpToPerson: boolean;
  /** What came from the book, and how old it is. */
  readonly picked: Picked | undefined;
  readonly confirm: ConfirmPolicy;
  /** Whether the person has chosen not to be asked for such an order. */
  readonly isUnasked: boolean;
  readonly now: number;
  readonly lang: string;
  readonly isDisabled: boolean;
  /** Whether somebody wants to see the exits. */
  readonly isBracketOpen: boolean;
  /** Whether nobody sees it: nothing is counted then. */
  readonly isAsleep: boolean;
  /** Whether orders and balances may be others by now. */
  readonly isBehind: boolean;
  /** Whether its orders are simulated. */
  readonly isPaper: boolean;
  /** What went wrong, in place of the line under the button. */
  readonly alarm: Saying;
}

export interface TicketFormActions extends NumberFieldActions {
  readonly submit: (event: Event) => void;
  readonly openBracket: (isOpen: boolean) => void;
  /** A share of what is available was chosen, in percent. */
  readonly share: (percent: number) => void;
  /** One lot more or less of what is available. */
  readonly shareStep: (direction: 1 | -1) => void;
  /** Something was chosen. */
  readonly edit: (change: Partial<TicketDraft>) => void;
}

/** The ticket, from side to button. */
export function ticketForm(view: TicketFormView, on: TicketFormActions): TemplateResult {
  const { check, format, symbol, isDisabled } = view;
  const { draft, available } = check;
  const button = buttonOf(view);
  const doubt = view.isBehind ? 'may be behind' : nothingText(check);
  const holding = draft.side === 'buy' ? format.money(available) : `${format.quantity(available)} ${symbol}`;
  return html`<form part="form" aria-label="Order ticket ${symbol}" novalidate @submit=${on.submit} @keydown=${holdEnter}>
    ${paperBadge(view.isPaper)}
    ${marketLine(check, format)}
    ${choice({ label: 'Side', name: 'side', options: SIDES, chosen: draft.side, isDisabled }, (side) => on.edit({ side }))}
    ${choice(
      {
        label: 'Order type',
        name: 'type',
        options: view.types.map((type) => [type, TYPE_WORDS[type], barText(type, check)] as const),
        chosen: draft.orderType,
        isDisabled,
        id: 'orderType',
        describedBy: 'options-hint',
        isInvalid: barText(draft.orderType, check) !== '',
      },
      (orderType) => on.edit({ orderType }),
    )}
    ${priceFieldsOf(draft.orderType).map((field) => fieldOf(field, view, on))} ${fieldOf('quantity', view, on)}
    ${shareSlider(check, format, symbol, isDisabled, { choose: on.share, step: on.shareStep })}
    ${ticketOptions(view, on)}
    ${bracketFields(view, on)}
    <p class="available"><span>Available${doubt === '' ? '' : ', '}</span><span class="why">${doubt}</span>${calm(available ? holding : '—')}</p>
    ${sums(check, format)}
    <button class="go ${draft.side} ${lengthOf(button.text)}" part="submit" aria-disabled=${button.isReady ? 'false' : 'true'} ?disabled=${isDisabled}>
      ${calm(button.text)}
    </button>
    <div class="say">
      <p part="note">${calm(view.alarm.text === '' ? noteOf(view) : '')}</p>
      <div class="alarm" role="alert">${saying(view.alarm)}</div>
    </div>
  </form>`;
}

/** Letters that fit on two lines of the narrowest ticket, and on three smaller ones. */
const LONG = 50;
const LONGEST = 100;

const lengthOf = ({ length }: string): string => (length > LONGEST ? 'longest' : length > LONG ? 'long' : '');

/** An Enter that is held down is one press. */
function holdEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
}

const SIDES = [
  ['buy', 'Buy'],
  ['sell', 'Sell'],
] as const satisfies readonly (readonly [OrderSide, string])[];

function fieldOf(field: PriceField | 'quantity', view: TicketFormView, on: TicketFormActions): TemplateResult {
  const { check, format, picked, symbol } = view;
  const { draft, instrument, verdict } = check;
  const isQuantity = field === 'quantity';
  const isMoney = isQuantity && draft.quantityIn === 'money';
  const issue = check.issues.find(
    (each) => each.field === field && (each.severity !== 'error' || view.touched.has(field)),
  );
  const write = (value: Decimal): string => (isQuantity ? format.quantity(value) : format.price(value));
  const lot = instrument?.lotSize;
  const isPicked = picked && (isQuantity ? picked.from.taken !== undefined : picked.from.priceField === field);
  return numberField(
    {
      field,
      label: FIELD_WORDS[field],
      note: isQuantity
        ? lot
          ? `lot ${format.text(lot)}`
          : ''
        : `best ${format.price(check.bid)} / ${format.price(check.ask)}`,
      value: draft[field],
      unit: isQuantity && !isMoney ? symbol : (instrument?.currency ?? ''),
      swap:
        isQuantity && instrument?.currency !== undefined
          ? {
              label: isMoney ? `count in ${symbol}` : `count in ${instrument.currency}`,
              press: () => on.edit({ quantityIn: isMoney ? 'pieces' : 'money', quantity: '' }),
            }
          : undefined,
      echo: echoOf(field, check, format, symbol),
      problem: issue && { text: issueText(issue, format, verdict), severity: issue.severity },
      nearest: issue?.nearest?.map((value) => ({ value, text: write(value) })) ?? [],
      provenance: isPicked
        ? `from the book${picked.grouped ? ', grouped' : ''}, ${formatDuration(picked.ageMs, view.lang)} ago`
        : '',
      isDisabled: view.isDisabled,
    },
    on,
  );
}

/** What the button says: what will happen, or why nothing will. */
export function buttonOf(view: TicketFormView): { text: string; isReady: boolean } {
  const { check, format, symbol, pending, now } = view;
  if (pending?.state === 'unknown') {
    const text = view.isUpToPerson
      ? 'Outcome unknown: check, then press “I have checked”'
      : 'Finding out what became of it';
    return { text, isReady: false };
  }
  if (pending) {
    return {
      text: now - pending.request.createdAt < SLOW_MS ? 'Sending' : 'Still waiting for an answer',
      isReady: false,
    };
  }
  const errors = check.issues.filter(({ severity }) => severity === 'error');
  // What no entry can put right comes first.
  const problem = errors.find(({ field }) => field === 'order') ?? errors[0];
  if (problem) return { text: issueText(problem, format, check.verdict), isReady: false };
  return { text: orderText(check, symbol, format), isReady: true };
}

function noteOf({ check, format, confirm, isUnasked, pending, now, lang, isAsleep }: TicketFormView): string {
  const { verdict } = check;
  if (pending?.state === 'unknown') return 'No answer came. It may have been placed or not.';
  if (verdict && !isTradable(verdict)) {
    const why = doubtText(verdict);
    return verdict.dataAt > 0 && !isAsleep
      ? `Prices are ${formatDuration(now - verdict.dataAt, lang)} old: ${why}.`
      : `No prices: ${why}.`;
  }
  if (verdict === undefined) return 'No prices: no feed.';
  const doubt = check.issues.find(({ field, severity }) => severity !== 'error' && field === 'order');
  if (doubt) return `${issueText(doubt, format, verdict)}.`;
  // Beside a field it is a doubt as well, and is asked for whatever the policy.
  return CONFIRM_WORDS[isDoubtful(check.issues) ? 'always' : isUnasked ? 'never' : confirm];
}

const CONFIRM_WORDS: Readonly<Record<ConfirmPolicy, string>> = {
  always: 'You confirm before anything is sent.',
  'unless-declined': 'You confirm before anything is sent.',
  armed: 'You confirm before anything is sent.',
  'unless-trivial': 'You confirm market and stop orders, and whatever is doubtful.',
  never: 'One press sends the order.',
};
