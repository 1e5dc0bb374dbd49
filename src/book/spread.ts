/**
 * The best prices of a book and what lies between them, always from the raw levels and whatever grouping is shown.
 *
 * Ratios are computed on integers and rounded once, to the nearest, half away from zero. In a locked book the spread is 0 and
 * in a crossed one negative: states to be shown as such, not as numbers to trade on.
 */
import type { BookView } from './book-view.js';
import { formatDecimal, fromUnits, type Decimal } from './decimal.js';
import { MAX_PRICE_UNITS } from './level-buffer.js';
import type { TickTable } from './tick-table.js';

export interface Spread {
  /** Best bid, in units of the book's price scale. */
  readonly bid: number;
  /** Best ask, in units of the book's price scale. */
  readonly ask: number;
  /** `ask - bid`, in units. */
  readonly spread: number;
  /** `bid + ask`, in units: the mid is half of it, and may lie between two units. `midText` writes it. */
  readonly midTwice: number;
  /** Spread over mid in basis points, one decimal: `28.5`. */
  readonly bps: string;
  /** Spread over mid in per cent, two decimals or three: `0.285`. */
  readonly percent: string;
  /** The spread in ticks, where both prices are in one band and the table is known. */
  readonly ticks: number | undefined;
}

/** Undefined when a side is empty, or its best level unknown or too far to be reckoned with: half a spread is none. */
export function spreadOf(book: BookView, tickTable?: TickTable): Spread | undefined {
  if (book.bids.knownLength === 0 || book.asks.knownLength === 0) return undefined;
  const bid = book.bids.priceAt(0);
  const ask = book.asks.priceAt(0);
  if (Math.max(bid, ask) > MAX_PRICE_UNITS) return undefined;
  const spread = ask - bid;
  const midTwice = bid + ask;
  const { priceScale } = book;
  return {
    bid,
    ask,
    spread,
    midTwice,
    bps: formatDecimal(ratio(spread, midTwice, 4, 1), 1),
    percent: formatDecimal(ratio(spread, midTwice, 2, 3), 2),
    ticks: tickTable?.ticksBetween(fromUnits(bid, priceScale), fromUnits(ask, priceScale)),
  };
}

/** The exact mid as text: with the scale's decimals, or one more where it lies between two units. */
export function midText({ midTwice }: Pick<Spread, 'midTwice'>, priceScale: number): string {
  return formatDecimal({ units: BigInt(midTwice) * 5n, scale: priceScale + 1 }, priceScale);
}

/** `spread / mid * 10^power`, to the nearest at `scale` decimals. */
function ratio(spread: number, midTwice: number, power: number, scale: number): Decimal {
  const numerator = 2n * BigInt(spread) * 10n ** BigInt(power + scale);
  const denominator = BigInt(midTwice);
  const half = numerator < 0n ? -denominator : denominator;
  return { units: (2n * numerator + half) / (2n * denominator), scale };
}
