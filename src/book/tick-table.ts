/**
 * The prices at which an instrument may be traded.
 *
 * A band begins at its own start, and its grid is counted from there. Where a band ends in the middle of a step, the first
 * price of the next band is the next valid one. The lowest band also serves the prices below its start: whether a price
 * has to be above zero is not for this table to say.
 */
import { compare, parseDecimal, roundDown, scaleOf, withScale, type Decimal } from './decimal.js';
import type { Instrument } from './instrument.js';

/** In units of the table's scale. */
interface Band {
  readonly from: bigint;
  readonly tick: bigint;
  /** The start of the next band; undefined for the highest. */
  readonly next: bigint | undefined;
}

/** Widths of a bucket, in ticks at the price that is looked at. */
const GROUPING_TICKS = [1n, 2n, 5n, 10n, 20n, 50n, 100n];

/** A grouping has to suit the prices this many buckets away: the depth of a usual book. */
const GROUPING_REACH = 10n;

export class TickTable {
  /** Decimals that a valid price needs at most, and that every price returned has. */
  readonly scale: number;
  readonly #bands: readonly Band[];

  private constructor(bands: readonly Band[], scale: number) {
    this.#bands = bands;
    this.scale = scale;
  }

  /**
   * The table of an instrument: its `tickTable`, else its one `tickSize`. Undefined when it has neither, and also when a
   * number is malformed, a tick is not above zero or the bands do not rise: a wrong grid is worse than none.
   */
  static of(instrument: Instrument): TickTable | undefined {
    const rows =
      instrument.tickTable ?? (instrument.tickSize === undefined ? [] : [['0', instrument.tickSize] as const]);
    const scale = Math.max(0, ...rows.flat().map(scaleOf));
    const froms = rows.map(([from]) => unitsOf(from, scale));
    const bands: Band[] = [];
    for (const [i, row] of rows.entries()) {
      const from = froms[i];
      const tick = unitsOf(row[1], scale);
      const next = froms[i + 1];
      if (from === undefined || tick === undefined || tick <= 0n) return undefined;
      if (next !== undefined && next <= from) return undefined;
      bands.push({ from, tick, next });
    }
    return bands.length === 0 ? undefined : new TickTable(bands, scale);
  }

  /** The tick of the band that the price is in. */
  tickAt(price: Decimal): Decimal {
    return this.#decimal(this.#bandAt(this.#floor(price)).tick);
  }

  isOnTick(price: Decimal): boolean {
    return compare(this.below(price), price) === 0;
  }

  /** The nearest valid price at or below. */
  below(price: Decimal): Decimal {
    return this.#decimal(this.#validAtOrBelow(this.#floor(price)));
  }

  /** The nearest valid price at or above. */
  above(price: Decimal): Decimal {
    const below = this.below(price);
    return compare(below, price) === 0 ? below : this.stepUp(price);
  }

  /** The next valid price strictly above. */
  stepUp(price: Decimal): Decimal {
    const floor = this.#floor(price);
    const { tick, next } = this.#bandAt(floor);
    const stepped = this.#validAtOrBelow(floor) + tick;
    return this.#decimal(next !== undefined && next < stepped ? next : stepped);
  }

  /** The next valid price strictly below. */
  stepDown(price: Decimal): Decimal {
    const floor = this.#floor(price);
    const isBeyondFloor = compare(this.#decimal(floor), price) < 0;
    return this.#decimal(this.#validAtOrBelow(isBeyondFloor ? floor : floor - 1n));
  }

  /**
   * How many ticks `high` is above `low`; negative when it is below. Undefined when they are not in one band (the start of
   * the next one may be reached) or not a whole number of ticks apart: then there is no one tick to count in.
   */
  ticksBetween(low: Decimal, high: Decimal): number | undefined {
    if (compare(low, high) > 0) {
      const ticks = this.ticksBetween(high, low);
      return ticks === undefined ? undefined : -ticks;
    }
    const from = withScale(low, this.scale);
    const to = withScale(high, this.scale);
    if (from === undefined || to === undefined) return undefined;
    const { tick, next } = this.#bandAt(from.units);
    if (next !== undefined && to.units > next) return undefined;
    const distance = to.units - from.units;
    return distance % tick === 0n ? Number(distance / tick) : undefined;
  }

  /**
   * Bucket widths for a book around this price: 1, 2, 5, 10, 20, 50 and 100 ticks, less those whose labels would fall
   * between two valid prices of a band that lies within ten buckets.
   */
  groupings(price: Decimal): Decimal[] {
    const floor = this.#floor(price);
    const { tick } = this.#bandAt(floor);
    return GROUPING_TICKS.map((ticks) => ticks * tick)
      .filter((width) => this.#suits(width, floor - GROUPING_REACH * width, floor + (GROUPING_REACH + 1n) * width))
      .map((width) => this.#decimal(width));
  }

  /** Labels are multiples of the width in price units, so that both the tick and the start of a band must agree with it. */
  #suits(width: bigint, low: bigint, high: bigint): boolean {
    return this.#bands.every((band, i) => {
      const isTouched = (i === 0 || band.from <= high) && (band.next === undefined || band.next > low);
      return !isTouched || (width % band.tick === 0n && band.from % band.tick === 0n);
    });
  }

  /** Every band starts and steps on whole units, so that a price may be cut to them before it is looked up. */
  #floor(price: Decimal): bigint {
    return roundDown(price, this.scale).units;
  }

  #validAtOrBelow(units: bigint): bigint {
    const { from, tick } = this.#bandAt(units);
    const beyond = (units - from) % tick;
    return units - (beyond < 0n ? beyond + tick : beyond);
  }

  #bandAt(units: bigint): Band {
    const bands = this.#bands;
    let i = bands.length - 1;
    while (i > 0 && units < bands[i]!.from) i--;
    return bands[i]!;
  }

  #decimal(units: bigint): Decimal {
    return { units, scale: this.scale };
  }
}

function unitsOf(text: string, scale: number): bigint | undefined {
  const value = parseDecimal(text);
  return value === undefined ? undefined : withScale(value, scale)?.units;
}
