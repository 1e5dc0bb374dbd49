import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Limit } from '../../orders/amount.js';
import { isZero } from '../../book/decimal.js';
import { calm } from './calm.js';
import { percentOfMost, type TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';

/** The quantity as a share of the most that can be ordered, in percent. It stands there, disabled, also where that is nothing. */
export function shareSlider(
  check: TicketCheck,
  format: TicketFormat,
  symbol: string,
  isDisabled: boolean,
  on: { readonly choose: (percent: number) => void; readonly step: (direction: 1 | -1) => void },
): TemplateResult {
  const percent = percentOfMost(check);
  const text = percent === undefined ? '—' : `${format.text(String(percent))} %`;
  // A percent may be less than a lot: by keys it goes lot by lot, or it would not move at all.
  const steer = (event: KeyboardEvent): void => {
    const direction = directionOf(event);
    if (direction === undefined) return;
    event.preventDefault();
    on.step(direction);
  };
  return html`<div class="share" part="share">
    <input
      id="share"
      type="range"
      min="0"
      max="100"
      step="1"
      aria-label="Share of the most that can be ordered"
      aria-valuetext="${text}, ${format.quantity(check.numbers.quantity)} ${symbol}"
      .value=${live(String(percent ?? 0))}
      ?disabled=${isDisabled || percent === undefined}
      @input=${(event: Event) => on.choose(Number((event.target as HTMLInputElement).value))}
      @keydown=${steer}
    />${calm(text)}
  </div>`;
}

/** Where an arrow leads: more is up, and to the end of the line. */
function directionOf({ key, target }: KeyboardEvent): 1 | -1 | undefined {
  if (key === 'ArrowUp') return 1;
  if (key === 'ArrowDown') return -1;
  if (key !== 'ArrowRight' && key !== 'ArrowLeft') return undefined;
  const isRightToLeft = getComputedStyle(target as Element).direction === 'rtl';
  return (key === 'ArrowRight') === isRightToLeft ? -1 : 1;
}

const NOTHING_WORDS: Readonly<Record<Limit, string>> = {
  balance: 'nothing is left',
  lot: 'less than one lot',
  book: 'the book shows less than one lot',
  slippage: 'one lot would move the price too far',
  max_quantity: 'the most is less than one lot',
  max_notional: 'the most is less than one lot',
  min_quantity: 'less than the smallest order',
  min_notional: 'less than the smallest order is worth',
};

/** Why nothing can be ordered with what is available; empty where something can. */
export const nothingText = ({ most }: TicketCheck): string =>
  most && isZero(most.quantity) ? NOTHING_WORDS[most.limit] : '';
