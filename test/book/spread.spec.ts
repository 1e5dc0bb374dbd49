import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Big from 'big.js';
import fc from 'fast-check';
import { Book } from '../../src/book/book.js';
import { unitsToText } from '../../src/book/decimal.js';
import { midText, spreadOf } from '../../src/book/spread.js';
import { TickTable } from '../../src/book/tick-table.js';

function bookOf(bid: string | undefined, ask: string | undefined): Book {
  const book = new Book('X', { priceScale: 2 });
  const level = (price: string | undefined) => (price === undefined ? [] : [[price, '1'] as const]);
  book.applySnapshot({ epoch: 'e', sequence: 1, eventTime: 0, bids: level(bid), asks: level(ask) }, true);
  return book;
}

const bands = TickTable.of({
  symbol: 'X',
  tickTable: [
    ['0', '0.01'],
    ['5', '0.02'],
    ['10', '0.05'],
  ],
})!;

describe('spreadOf', () => {
  it('BK14 tells spread, mid, basis points, per cent and ticks of the best prices', () => {
    assert.deepEqual(spreadOf(bookOf('17.50', '17.55'), bands), {
      bid: 1750,
      ask: 1755,
      spread: 5,
      midTwice: 3505,
      bps: '28.5',
      percent: '0.285',
      ticks: 1,
    });
    assert.equal(spreadOf(bookOf('17.50', '17.55'))?.ticks, undefined);
  });

  it('BK14 a book without one of its sides has no spread', () => {
    for (const book of [bookOf('17.50', undefined), bookOf(undefined, '17.55'), new Book('X')]) {
      assert.equal(spreadOf(book, bands), undefined);
    }
  });

  it('BK14 a locked book has spread 0, a crossed one a negative spread', () => {
    const locked = spreadOf(bookOf('17.50', '17.50'), bands);
    assert.deepEqual([locked?.spread, locked?.bps, locked?.percent, locked?.ticks], [0, '0.0', '0.00', 0]);
    const crossed = spreadOf(bookOf('17.55', '17.50'), bands);
    assert.deepEqual([crossed?.spread, crossed?.bps, crossed?.percent, crossed?.ticks], [-5, '-28.5', '-0.285', -1]);
  });

  it('BK14 ratios are rounded once, to the nearest, half away from zero, as big.js does', () => {
    const units = fc.integer({ min: 1, max: 2 ** 40 });
    fc.assert(
      fc.property(units, units, (bid, ask) => {
        const spread = spreadOf(bookOf(unitsToText(bid, 2), unitsToText(ask, 2)))!;
        const precise = new Big(ask - bid).times(2);
        // Enough decimals that cutting here cannot move a tie.
        const ratio = (factor: number, decimals: number) => divide(precise.times(factor), new Big(bid + ask), decimals);
        assert.ok(new Big(spread.bps).eq(ratio(10_000, 1)), `${bid} ${ask}`);
        assert.ok(new Big(spread.percent).eq(ratio(100, 3)), `${bid} ${ask}`);
      }),
    );
  });

  it('BK15 the mid is exact, with one more decimal where it lies between two units', () => {
    assert.equal(midText({ midTwice: 3505 }, 2), '17.525');
    assert.equal(midText({ midTwice: 3510 }, 2), '17.55');
    assert.equal(midText({ midTwice: 3500 }, 2), '17.50');
    assert.equal(midText({ midTwice: 7 }, 0), '3.5');
  });
});

function divide(numerator: Big, denominator: Big, decimals: number): Big {
  Big.DP = decimals;
  Big.RM = Big.roundHalfUp;
  return numerator.div(denominator);
}
