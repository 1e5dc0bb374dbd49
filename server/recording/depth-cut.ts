/**
 * Venues that keep only the best levels of a book and send no removal for those pushed out (Kraken). The removals are
 * added here, so that applying the operations as they stand gives the venue's book whoever applies them.
 */
import { compare, formatDecimal, parseDecimal } from '../../src/book/decimal.js';
import type { Decimal } from '../../src/book/decimal.js';
import type { Side } from '../../src/book/side.js';
import type { LevelText } from '../../src/stream/protocol/messages.js';
import type { Sides } from './snapshot-fed.js';

export class DepthCut {
  readonly #depth: number;
  readonly #bids = new Map<string, Decimal>();
  readonly #asks = new Map<string, Decimal>();

  /** `depth`: levels a side, at least 1. */
  constructor(depth: number) {
    this.#depth = depth;
  }

  /** The message's levels with the removals that it causes. A side that could not be read stays unread. */
  cut({ bids, asks }: Sides): Sides {
    return {
      bids: bids && this.#cutSide('bid', this.#bids, bids),
      asks: asks && this.#cutSide('ask', this.#asks, asks),
    };
  }

  #cutSide(side: Side, prices: Map<string, Decimal>, levels: readonly LevelText[]): readonly LevelText[] | undefined {
    for (const [priceText, sizeText] of levels) {
      const price = parseDecimal(priceText);
      if (price === undefined) return undefined;
      // Keyed by the canonical text: `29431` and `29431.0` are one level.
      if (isZeroText(sizeText)) prices.delete(formatDecimal(price));
      else prices.set(formatDecimal(price), price);
    }
    if (prices.size <= this.#depth) return levels;

    const removals: LevelText[] = [];
    while (prices.size > this.#depth) {
      const worst = worstOf(side, prices);
      prices.delete(worst);
      removals.push([worst, '0']);
    }
    return [...levels, ...removals];
  }
}

function worstOf(side: Side, prices: ReadonlyMap<string, Decimal>): string {
  let worst: [string, Decimal] | undefined;
  for (const entry of prices) {
    const isWorse = worst === undefined || (side === 'bid') === compare(entry[1], worst[1]) < 0;
    if (isWorse) worst = entry;
  }
  return worst![0];
}

/** `0`, `0.00000000`, `0e-8`: no digit but zeros before an exponent. */
const isZeroText = (size: string): boolean => !/[1-9]/.test(size.split(/[eE]/, 1)[0]!);
