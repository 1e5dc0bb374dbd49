import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Book, type LevelText } from '../../src/book/book.js';
import { compare, formatDecimal, parseDecimal } from '../../src/book/decimal.js';
import { LevelTexts } from '../../src/book/level-texts.js';
import { fromLevel, leftOf, type FromBook } from '../../src/orders/provenance.js';

function bookOf(bids: readonly LevelText[], asks: readonly LevelText[], covers = 0): Book {
  const book = new Book('SCOM', { texts: new LevelTexts() });
  const change = book.applySnapshot({ epoch: 'e', sequence: 1, bids, asks, eventTime: 0, covers }, true);
  assert.equal(change, 'applied');
  return book;
}

const ASKS: LevelText[] = [
  ['17.55', '900'],
  ['17.60', '400'],
];
const row = {
  side: 'ask',
  price: '17.60',
  size: '400',
  cumulativeSize: '1300',
  field: 'price',
  grouped: false,
} as const;
const left = (level: Partial<Parameters<typeof fromLevel>[0]>, book: Book): string | undefined => {
  const from = fromLevel({ ...row, ...level }, 'limitPrice');
  const size = from && leftOf(from, book);
  return size && formatDecimal(size);
};

describe('what came from a row of the book', () => {
  it('OP78 of a single row that price counts, of a total or a grouped row the depth up to it', () => {
    const book = bookOf([['17.50', '1200']], ASKS);
    assert.equal(left({}, book), '400');
    assert.equal(left({ field: 'total' }, book), '1300');
    assert.equal(left({ grouped: true }, book), '1300');
    // No level at that very price: of a grouped row that is nothing special.
    assert.equal(left({ price: '17.57' }, book), '0');
    assert.equal(left({ price: '17.57', grouped: true }, book), '900');
    assert.equal(left({ side: 'bid', price: '17.45', field: 'total' }, book), '1200');
    assert.equal(left({ side: 'bid', price: '17.55', field: 'total' }, book), '0');
  });

  it('OP78 beyond what the book reaches nothing is known', () => {
    const book = bookOf([], ASKS, 2);
    assert.equal(left({ price: '17.65' }, book), undefined);
    assert.equal(left({ price: '17.60' }, book), '400');
    assert.equal(left({ price: '17.65' }, bookOf([], ASKS)), '0');
  });

  it('OP78 a row with a number missing is no source', () => {
    assert.equal(fromLevel({ ...row, cumulativeSize: '', field: 'total' }, 'limitPrice'), undefined);
    assert.equal(fromLevel({ ...row, price: 'x' }, 'limitPrice'), undefined);
    assert.equal(fromLevel({ ...row, cumulativeSize: '' }, 'limitPrice')?.isDepth, false);
  });

  it('OP78 counts exactly, whatever stands in the book and however fine', () => {
    const size = fc.integer({ min: 1, max: 10 ** 9 });
    const level = fc.tuple(fc.integer({ min: 1, max: 50 }), size, fc.constantFrom('', '.000000000001', '.5'));
    fc.assert(
      fc.property(
        fc.uniqueArray(level, { selector: ([price]) => price }),
        fc.integer({ min: 1, max: 50 }),
        (levels, at) => {
          const book = bookOf(
            [],
            levels.map(([price, whole, part]) => [String(price), `${whole}${part}`]),
          );
          const exact = (isIn: (price: number) => boolean): bigint =>
            levels.reduce(
              (sum, [price, whole, part]) =>
                isIn(price) ? sum + BigInt(whole) * 10n ** 12n + BigInt((part.slice(1) || '0').padEnd(12, '0')) : sum,
              0n,
            );
          const from: FromBook = {
            side: 'ask',
            price: parseDecimal(String(at))!,
            size: parseDecimal('1')!,
            isDepth: true,
            priceField: 'limitPrice',
            taken: undefined,
          };
          const depth = exact((price) => price <= at);
          assert.equal(compare(leftOf(from, book)!, { units: depth, scale: 12 }), 0);
          const alone = exact((price) => price === at);
          assert.equal(compare(leftOf({ ...from, isDepth: false }, book)!, { units: alone, scale: 12 }), 0);
        },
      ),
    );
  });
});
