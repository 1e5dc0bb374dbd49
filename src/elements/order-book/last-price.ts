import { compare, parseDecimal, scaleOf } from '../../book/decimal.js';
import type { LastPrice } from './mid-row.js';

const NONE: LastPrice = { text: '', decimals: 0, direction: '', changePercent: '' };

/** Follows the last traded price and remembers which way it moved: a repeated price keeps its arrow. */
export class LastPriceTracker {
  #last: LastPrice = NONE;

  get last(): LastPrice {
    return this.#last;
  }

  follow(text: string, changePercent: string): void {
    const before = parseDecimal(this.#last.text);
    const now = parseDecimal(text);
    const step = before && now ? compare(now, before) : 0;
    const direction = step > 0 ? 'up' : step < 0 ? 'down' : this.#last.direction;
    this.#last = {
      text: now ? text : '',
      // Never fewer than before: a feed that sends JSON numbers drops trailing zeros, and the price would jump.
      decimals: now ? Math.max(this.#last.decimals, scaleOf(text)) : 0,
      direction,
      changePercent: parseDecimal(changePercent) ? changePercent : '',
    };
  }

  reset(): void {
    this.#last = NONE;
  }
}
