import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Big from 'big.js';
import fc from 'fast-check';
import { Book } from '../../src/book/book.js';
import { formatDecimal, parseDecimal, unitsToText, type Decimal } from '../../src/book/decimal.js';
import { walkBook, type Walk } from '../../src/book/walk.js';

type Pair = readonly [price: number, size: number];

const decimal = (text: string) => parseDecimal(text)!;
const text = (value: Decimal | undefined) => (value === undefined ? undefined : formatDecimal(value));
const big = (value: Decimal) => new Big(formatDecimal(value));

function bookOf(levels: readonly Pair[], side: 'bids' | 'asks'): Book {
  const book = new Book('X', { priceScale: 2, sizeScale: 1 });
  const texts = levels.map(([price, size]) => [unitsToText(price, 2), unitsToText(size, 1)] as const);
  const snapshot = { epoch: 'e', sequence: 1, eventTime: 0, bids: [], asks: [], [side]: texts };
  assert.equal(book.applySnapshot(snapshot), 'applied');
  return book;
}

function asTexts(walk: Walk) {
  const { filled, unfilled, notional, worst, averageDown, averageUp, levels, exceedsVisible } = walk;
  const numbers = [filled, unfilled, notional, worst, averageDown, averageUp].map(text);
  return [...numbers, levels, exceedsVisible];
}

const asks = bookOf(
  [
    [1755, 100],
    [1760, 200],
    [1780, 300],
  ],
  'asks',
);
const bids = bookOf(
  [
    [1750, 100],
    [1745, 200],
  ],
  'bids',
);

describe('walkBook', () => {
  it('BK16 takes level after level until the quantity is filled', () => {
    const walk = walkBook(asks.asks, asks, decimal('25'));
    assert.deepEqual(asTexts(walk), ['25', '0', '439.5', '17.6', '17.58', '17.58', 2, false]);
  });

  it('BK16 rounds the average down for a seller and up for a buyer', () => {
    const walk = walkBook(asks.asks, asks, decimal('30.1'));
    assert.equal(text(walk.notional), '529.28');
    assert.deepEqual([text(walk.averageDown), text(walk.averageUp)], ['17.584053', '17.584054']);
  });

  it('BK17 stops at the limit, on either side', () => {
    const bought = walkBook(asks.asks, asks, decimal('50'), decimal('17.60'));
    assert.deepEqual(asTexts(bought).slice(0, 4), ['30', '20', '527.5', '17.6']);
    assert.deepEqual([bought.levels, bought.exceedsVisible], [2, false]);
    const sold = walkBook(bids.bids, bids, decimal('50'), decimal('17.46'));
    assert.deepEqual(asTexts(sold).slice(0, 4), ['10', '40', '175', '17.5']);
    assert.deepEqual([sold.levels, sold.exceedsVisible], [1, false]);
  });

  it('BK17 says when the visible levels end first', () => {
    const walk = walkBook(bids.bids, bids, decimal('50'));
    assert.deepEqual([text(walk.filled), text(walk.unfilled), walk.levels, walk.exceedsVisible], ['30', '20', 2, true]);
    assert.equal(walkBook(bids.bids, bids, decimal('50'), decimal('1')).exceedsVisible, true);
    assert.equal(walkBook(bids.bids, bids, decimal('30')).exceedsVisible, false);
  });

  it('BK17 fills nothing from an empty side, beyond the limit, or for no quantity', () => {
    const nothing = (walk: Walk) => [text(walk.filled), walk.worst, walk.averageUp, walk.levels, walk.exceedsVisible];
    assert.deepEqual(nothing(walkBook(bids.asks, bids, decimal('5'))), ['0', undefined, undefined, 0, true]);
    assert.deepEqual(nothing(walkBook(asks.asks, asks, decimal('5'), decimal('17.5'))), [
      '0',
      undefined,
      undefined,
      0,
      false,
    ]);
    assert.deepEqual(nothing(walkBook(asks.asks, asks, decimal('0'))), ['0', undefined, undefined, 0, false]);
    assert.deepEqual(nothing(walkBook(asks.asks, asks, decimal('-5'))), ['0', undefined, undefined, 0, false]);
  });

  it('BK18 nothing is lost: filled and unfilled are the quantity, and the notional is the sum of the fills', () => {
    const levels = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 1_000 })), {
      maxLength: 30,
      size: 'max',
      selector: ([price]) => price,
    });
    const quantity = fc.integer({ min: 1, max: 20_000 }).map((units) => ({ units: BigInt(units), scale: 2 }));
    const limit = fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined });
    fc.assert(
      fc.property(
        levels,
        quantity,
        limit,
        fc.constantFrom('bids' as const, 'asks' as const),
        (pairs, wanted, most, side) => {
          const book = bookOf(pairs, side);
          const bound = most === undefined ? undefined : { units: BigInt(most), scale: 2 };
          const walk = walkBook(book[side], book, wanted, bound);
          let left = big(wanted);
          let notional = new Big(0);
          const inReach = pairs.filter(
            ([price]) => most === undefined || (side === 'asks' ? price <= most : price >= most),
          );
          for (const [price, size] of inReach.toSorted(([a], [b]) => (side === 'asks' ? a - b : b - a))) {
            const taken = left.lt(size / 10) ? left : new Big(size).div(10);
            left = left.minus(taken);
            notional = notional.plus(taken.times(price).div(100));
          }
          assert.ok(big(walk.unfilled).eq(left));
          assert.ok(big(walk.filled).plus(left).eq(big(wanted)));
          assert.ok(big(walk.notional).eq(notional));
          assert.equal(walk.exceedsVisible, left.gt(0) && inReach.length === pairs.length);
          if (walk.averageDown !== undefined && walk.averageUp !== undefined) {
            assert.ok(big(walk.averageDown).times(big(walk.filled)).lte(notional));
            assert.ok(big(walk.averageUp).times(big(walk.filled)).gte(notional));
          }
        },
      ),
    );
  });
});
