/**
 * The one price at which a crossed book trades when an auction ends. Of all prices on the grid it is the one at which
 * most can trade; of those, the one that leaves the least unfilled; of those, the highest where only buyers are left over
 * and the lowest where only sellers are; of those, the one nearest to the reference, the higher of two as near.
 */

/** What stands at one price. */
export interface AuctionLevel {
  /** Price units. */
  readonly price: number;
  readonly quantity: number;
}

/** The prices that may be used, rising. A `PriceGrid` is one. */
export interface AuctionGrid {
  readonly length: number;
  priceAt(index: number): number;
  /** -1 when all are above. */
  indexAtOrBelow(price: number): number;
}

export interface Uncrossing {
  /** Price units. */
  readonly price: number;
  /** What would trade at it. */
  readonly volume: number;
  /** What would stay unfilled at it: above 0 of buyers, below 0 of sellers. */
  readonly surplus: number;
}

/** Prices between which nobody joins or leaves: all of them trade the same. */
interface Stretch {
  readonly low: number;
  readonly high: number;
  readonly volume: number;
  readonly surplus: number;
}

/** Both sides best first. Undefined when nobody would trade. All level prices must be on the grid. */
export const uncrossing = (
  bids: readonly AuctionLevel[],
  asks: readonly AuctionLevel[],
  reference: number,
  grid: AuctionGrid,
): Uncrossing | undefined => {
  const [bestBid, bestAsk] = [bids[0], asks[0]];
  if (bestBid === undefined || bestAsk === undefined || bestBid.price < bestAsk.price) return undefined;
  const stretches = stretchesOf(bids, asks, grid);
  const volume = Math.max(...stretches.map((stretch) => stretch.volume));
  const largest = stretches.filter((stretch) => stretch.volume === volume);
  const least = Math.min(...largest.map(({ surplus }) => Math.abs(surplus)));
  const tied = largest.filter(({ surplus }) => Math.abs(surplus) === least);
  const price = nearest(pressed(tied), reference, grid);
  const chosen = tied.find(({ low, high }) => price >= low && price <= high);
  return { price, volume, surplus: chosen?.surplus ?? 0 };
};

/**
 * The crossed part of the grid, rising: every price with a level by itself, and what lies between two of them as one.
 * Between them fewer may be left over than at either end, so the ends alone would not do.
 */
const stretchesOf = (bids: readonly AuctionLevel[], asks: readonly AuctionLevel[], grid: AuctionGrid): Stretch[] => {
  const [highest, lowest] = [bids[0]?.price ?? 0, asks[0]?.price ?? 0];
  const prices = [...new Set([...bids, ...asks].map(({ price }) => price))]
    .filter((price) => price >= lowest && price <= highest)
    .sort((a, b) => a - b);
  let demand = bids.reduce((sum, { price, quantity }) => (price >= lowest ? sum + quantity : sum), 0);
  let supply = 0;
  const bidAt = new Map(bids.map(({ price, quantity }) => [price, quantity]));
  const askAt = new Map(asks.map(({ price, quantity }) => [price, quantity]));
  const stretches: Stretch[] = [];
  const add = (low: number, high: number): void => {
    stretches.push({ low, high, volume: Math.min(demand, supply), surplus: demand - supply });
  };
  prices.forEach((price, i) => {
    supply += askAt.get(price) ?? 0;
    add(price, price);
    demand -= bidAt.get(price) ?? 0;
    const next = prices[i + 1];
    if (next === undefined) return;
    const index = grid.indexAtOrBelow(price);
    const low = grid.priceAt(index + 1);
    if (low < next) add(low, grid.priceAt(grid.indexAtOrBelow(next - 1)));
  });
  return stretches;
};

/** The surplus falls as the price rises, so the tied ones with buyers left over lie below those with sellers. */
const pressed = (tied: readonly Stretch[]): readonly Pick<Stretch, 'low' | 'high'>[] => {
  const bought = tied.filter(({ surplus }) => surplus > 0).at(-1);
  const sold = tied.find(({ surplus }) => surplus < 0);
  if (bought === undefined && sold === undefined) return tied;
  return [
    ...(bought === undefined ? [] : [{ low: bought.high, high: bought.high }]),
    ...(sold === undefined ? [] : [{ low: sold.low, high: sold.low }]),
  ];
};

const nearest = (ranges: readonly Pick<Stretch, 'low' | 'high'>[], reference: number, grid: AuctionGrid): number => {
  // The reference may lie off the grid: then the steps around it are the nearest.
  const index = grid.indexAtOrBelow(reference);
  const around = [index, index + 1].filter((i) => i >= 0 && i < grid.length).map((i) => grid.priceAt(i));
  const prices = ranges.flatMap(({ low, high }) => [low, high, ...around.filter((p) => p >= low && p <= high)]);
  return prices.reduce((best, price) => {
    const [gap, bestGap] = [Math.abs(price - reference), Math.abs(best - reference)];
    return gap < bestGap || (gap === bestGap && price > best) ? price : best;
  });
};
