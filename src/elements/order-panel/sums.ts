import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { compare, formatDecimal, isZero, multiply } from '../../book/decimal.js';
import { feeRateOf, isStop, makerRateOf } from '../../orders/estimate.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';

/** What the order would do and cost. Four rows at all times, with dashes for what is not known yet. */
export function sums(check: TicketCheck, format: TicketFormat): TemplateResult {
  return html`<dl class="sums" part="sums">
    ${sumRows(check, format).map(([label, value]) => html`<div><dt>${label}</dt>${keyed(value, html`<dd>${value}</dd>`)}</div>`)}
  </dl>`;
}

function sumRows(check: TicketCheck, format: TicketFormat): (readonly [label: string, value: string])[] {
  const { draft, estimate, numbers, required } = check;
  const isResting = estimate !== undefined && !isZero(estimate.rests);
  // What an order at once or never leaves over.
  const isCancelled = estimate !== undefined && !isResting && !estimate.exceedsVisible && !isZero(estimate.unfilled);
  const waits = isStop(draft.orderType);
  const restsAt = estimate?.restsAt
    ? ` ${waits ? `from ${format.price(numbers.stopPrice)}` : `at ${format.price(estimate.restsAt)}`}`
    : '';
  const average = estimate?.vwap ? ` at about ${format.price(estimate.vwap)}` : '';
  const [totalLabel, total] =
    draft.side === 'sell'
      ? (['You receive about', estimate?.total] as const)
      : isResting
        ? (['Reserved', required ?? estimate.total] as const)
        : (['Total about', estimate?.total] as const);
  return [
    [`Fills now${average}`, format.quantity(estimate?.filled)],
    isCancelled
      ? ['Cancelled at once', format.quantity(estimate.unfilled)]
      : [
          `${waits ? 'Waits' : estimate?.exceedsVisible && isResting ? 'Fills or rests' : 'Rests'}${restsAt}`,
          format.quantity(estimate?.rests),
        ],
    [feeLabel(check, format), feeText(check, format)],
    [totalLabel, estimate?.exceedsVisible && !total ? 'beyond the book' : format.money(total)],
  ];
}

/** With its rate, where there is only one. */
function feeLabel({ draft, estimate, instrument }: TicketCheck, format: TicketFormat): string {
  if (instrument?.takerFee === undefined) return 'Fee';
  const taker = feeRateOf(instrument);
  const maker = makerRateOf(instrument);
  const makes = estimate !== undefined && !isStop(draft.orderType) && !isZero(estimate.rests);
  if (makes && !isZero(estimate.filled) && compare(taker, maker) !== 0) return 'Fee';
  return `Fee (${format.text(formatDecimal(multiply(makes ? maker : taker, { units: 100n, scale: 0 })))} %)`;
}

/** A fee that nobody named is not zero. */
const feeText = ({ estimate, instrument }: TicketCheck, format: TicketFormat): string =>
  instrument?.takerFee === undefined ? '—' : format.amount(estimate?.fee);
