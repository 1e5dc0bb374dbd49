import { html, type TemplateResult } from 'lit';
import { add, compare, divideDown, formatDecimal, multiply, subtract, ZERO, type Decimal } from '../../book/decimal.js';
import { isTradable } from '../../stream/verdict.js';
import { stateWord } from '../internal/verdict-words.js';
import { PHASE_WORDS, STATE_WORDS } from '../internal/words.js';
import { calm } from './calm.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';

/**
 * How good the prices are, the best two, and what lies between them; a side that is missing is a dash, and half a spread none.
 * Outside of continuous trading the best prices may cross, and the phase stands in place of what would be between them.
 */
export function marketLine({ verdict, bid, ask, phase }: TicketCheck, format: TicketFormat): TemplateResult {
  const word = verdict ? stateWord(verdict) : STATE_WORDS.disconnected;
  const spread = bid && ask ? `${format.price(subtract(ask, bid))} · ${format.text(bpsText(bid, ask))} bps` : '—';
  const between = phase === 'continuous' ? spread : PHASE_WORDS[phase];
  const prices = `${format.price(bid)} / ${format.price(ask)} · ${between}`;
  return html`<p class="touch" part="market"><b class=${isTradable(verdict) ? 'good' : 'doubt'}>${word}</b>${calm(prices)}</p>`;
}

/** The spread over the mid in basis points, to the nearest tenth. */
function bpsText(bid: Decimal, ask: Decimal): string {
  const twiceMid = add(bid, ask);
  if (compare(twiceMid, ZERO) <= 0) return '—';
  // Doubled, plus one half before it is cut.
  const doubled = multiply(subtract(ask, bid), { units: 400_000n, scale: 0 });
  const tenths = divideDown(add(doubled, twiceMid), multiply(twiceMid, { units: 2n, scale: 0 }), 0);
  return formatDecimal({ units: tenths.units, scale: 1 }, 1);
}
