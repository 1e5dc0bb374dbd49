import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { formatDecimal, isZero, multiply } from '../../book/decimal.js';
import { feeRateOf } from '../../orders/estimate.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';

/** What the order would do and cost. Four rows at all times, with dashes for what is not known yet. */
export function sums(check: TicketCheck, format: TicketFormat): TemplateResult {
  return html`<dl class="sums" part="sums">
    ${sumRows(check, format).map(([label, value]) => html`<div><dt>${label}</dt>${keyed(value, html`<dd>${value}</dd>`)}</div>`)}
  </dl>`;
}

function sumRows(check: TicketCheck, format: TicketFormat): (readonly [label: string, value: string])[] {
  const { draft, estimate, required, instrument } = check;
  const waits = draft.orderType === 'stop' || draft.orderType === 'stop_limit';
  const restsAt = estimate?.restsAt ? ` ${waits ? 'from' : 'at'} ${format.price(estimate.restsAt)}` : '';
  const average = estimate && !isZero(estimate.fillsNow) ? ` at about ${format.price(estimate.average)}` : '';
  const percent = formatDecimal(multiply(feeRateOf(instrument), { units: 100n, scale: 0 }));
  const isResting = estimate !== undefined && !isZero(estimate.rests);
  const [totalLabel, total] =
    draft.side === 'sell'
      ? (['You receive about', estimate?.total] as const)
      : isResting
        ? (['Reserved', required ?? estimate.total] as const)
        : (['Total about', estimate?.total] as const);
  return [
    [`Fills now${average}`, format.quantity(estimate?.fillsNow)],
    [`${waits ? 'Waits' : 'Rests'}${restsAt}`, format.quantity(estimate?.rests)],
    [instrument?.takerFee === undefined ? 'Fee' : `Fee (${format.text(percent)} %)`, feeText(check, format)],
    [totalLabel, estimate?.exceedsVisible ? 'beyond the book' : format.money(total)],
  ];
}

/** A fee that nobody named is not zero. */
const feeText = ({ estimate, instrument }: TicketCheck, format: TicketFormat): string =>
  instrument?.takerFee === undefined ? '—' : format.amount(estimate?.fee);
