import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AuctionLevel, uncrossing, type Uncrossing } from '../../src/sim/auction.js';
import { PriceGrid } from '../../src/sim/price-grid.js';

/** Steps of 2 below 1,000 and of 5 from there on, in units: a band of the grid with a change of tick in it. */
const grid = new PriceGrid({
  referencePrice: 1_000,
  instrument: {
    symbol: 'X',
    tickTable: [
      ['0', '0.02'],
      ['10', '0.05'],
    ],
    priceBand: ['9.80', '10.50'],
  },
});
const prices = Array.from({ length: grid.length }, (_, i) => grid.priceAt(i));

type Given = readonly (readonly [price: number, quantity: number])[];

const levels = (given: Given, isBuy: boolean): AuctionLevel[] =>
  given
    .map(([price, quantity]) => ({ price, quantity }))
    .sort((a, b) => (isBuy ? b.price - a.price : a.price - b.price));

const uncross = (bids: Given, asks: Given, reference: number): Uncrossing | undefined =>
  uncrossing(levels(bids, true), levels(asks, false), reference, grid);

/** Every price of the grid, judged rule by rule. */
const naive = (bids: Given, asks: Given, reference: number): Uncrossing | undefined => {
  const sum = (side: Given, counts: (price: number) => boolean): number =>
    side.reduce((total, [price, quantity]) => (counts(price) ? total + quantity : total), 0);
  const judged = prices.map((price) => {
    const demand = sum(bids, (limit) => limit >= price);
    const supply = sum(asks, (limit) => limit <= price);
    return { price, volume: Math.min(demand, supply), surplus: demand - supply };
  });
  const most = Math.max(...judged.map(({ volume }) => volume));
  if (most === 0) return undefined;
  const largest = judged.filter(({ volume }) => volume === most);
  const least = Math.min(...largest.map(({ surplus }) => Math.abs(surplus)));
  let left = largest.filter(({ surplus }) => Math.abs(surplus) === least);
  if (least > 0) {
    const buying = left.filter(({ surplus }) => surplus > 0);
    const selling = left.filter(({ surplus }) => surplus < 0);
    left = [...buying.slice(-1), ...selling.slice(0, 1)];
  }
  return left.toSorted((a, b) => Math.abs(a.price - reference) - Math.abs(b.price - reference) || b.price - a.price)[0];
};

describe('the uncrossing price', () => {
  it('SX170 is what a look at every price of the grid finds', () => {
    const side = fc.uniqueArray(fc.tuple(fc.constantFrom(...prices), fc.integer({ min: 1, max: 4 })), {
      selector: ([price]) => price,
      maxLength: 9,
    });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 970, max: 1_060 }), (bids, asks, reference) => {
        assert.deepEqual(uncross(bids, asks, reference), naive(bids, asks, reference));
      }),
      { numRuns: 3_000 },
    );
  });

  it('SX170 most volume comes first, then the least left over, then who is left over, then the reference', () => {
    const most = uncross(
      [
        [1_010, 5],
        [1_000, 5],
      ],
      [
        [990, 5],
        [1_000, 5],
      ],
      1_010,
    );
    assert.deepEqual(most, { price: 1_000, volume: 10, surplus: 0 });
    // Between the two, where nobody has an order, nobody is left over.
    const between = uncross(
      [
        [1_030, 10],
        [1_000, 5],
      ],
      [
        [990, 10],
        [1_020, 5],
      ],
      1_000,
    );
    assert.deepEqual(between, { price: 1_005, volume: 10, surplus: 0 });
    assert.deepEqual(uncross([[1_020, 9]], [[990, 5]], 1_000), { price: 1_020, volume: 5, surplus: 4 });
    assert.deepEqual(uncross([[1_020, 5]], [[990, 9]], 1_000), { price: 990, volume: 5, surplus: -4 });
    assert.deepEqual(uncross([[1_020, 5]], [[990, 5]], 1_010), { price: 1_010, volume: 5, surplus: 0 });
    assert.deepEqual(uncross([[1_020, 5]], [[990, 5]], 1_040), { price: 1_020, volume: 5, surplus: 0 });
  });

  it('SX170 there is none where nobody would trade', () => {
    assert.equal(uncross([[995, 5]], [[1_000, 5]], 1_000), undefined);
    assert.equal(uncross([], [[1_000, 5]], 1_000), undefined);
  });
});
