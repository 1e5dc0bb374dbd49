/** The depths that Kraken's spot books come in. A book has no more levels than that, and what falls out is not told. */
import type { VenueWish } from '../venue/venue-protocol.js';

const DEPTHS = [10, 25, 100, 500, 1000];
const DEEPEST = 1000;

/** The smallest depth on offer that has so many levels, or the largest there is. */
export const depthFor = (levels: number): number => DEPTHS.find((depth) => depth >= levels) ?? DEEPEST;

/** Those of the symbols that have a book, by its depth: one request is for one depth. */
export function symbolsByDepth(
  symbols: readonly string[],
  wishes: ReadonlyMap<string, VenueWish>,
): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const symbol of symbols) {
    const levels = wishes.get(symbol)?.depth ?? 0;
    if (levels === 0) continue;
    const depth = depthFor(levels);
    const group = groups.get(depth);
    if (group === undefined) groups.set(depth, [symbol]);
    else group.push(symbol);
  }
  return groups;
}

/** The venue has no codes, only sentences. */
export const refusalCode = (message: string): string => (/currency pair/i.test(message) ? 'unknown_symbol' : 'refused');
