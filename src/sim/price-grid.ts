/** Every price that an order may carry today, rising, so that steps across the tick table are steps of an index. */
import { type Decimal, decimalToUnits, fromUnits, toUnits } from '../book/decimal.js';
import { TickTable } from '../book/tick-table.js';
import { type Offering, PRICE_SCALE } from './instruments.js';

export class PriceGrid {
  readonly length: number;
  readonly #prices: readonly number[];

  constructor({ instrument }: Offering) {
    const table = TickTable.of(instrument);
    const band = instrument.priceBand;
    if (table === undefined || band === undefined) {
      throw new TypeError(`${instrument.symbol}: an offering needs a tick table and a price band`);
    }
    const lowest = fromUnits(toUnits(band[0], PRICE_SCALE), PRICE_SCALE);
    const highest = toUnits(band[1], PRICE_SCALE);
    const prices: number[] = [];
    for (let price = table.above(lowest); unitsOf(price) <= highest; price = table.stepUp(price)) {
      prices.push(unitsOf(price));
    }
    this.#prices = prices;
    this.length = prices.length;
  }

  /** The price at an index from 0 to `length - 1`. Throws a RangeError beyond. */
  priceAt(index: number): number {
    const price = this.#prices[index];
    if (price === undefined) throw new RangeError(`no price at ${index} of ${this.length}`);
    return price;
  }

  /** The index of the highest price at or below `price`; -1 when all are above. */
  indexAtOrBelow(price: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.priceAt(middle) <= price) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

const unitsOf = (price: Decimal): number => decimalToUnits(price, PRICE_SCALE);
