import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Book, type LevelText } from '../../src/book/book.js';
import { formatDecimal, parseDecimal } from '../../src/book/decimal.js';
import { MAX_PRICE_UNITS } from '../../src/book/level-buffer.js';
import { Ladder } from '../../src/book/ladder.js';
import { spreadOf } from '../../src/book/spread.js';
import { walkBook } from '../../src/book/walk.js';
import { estimateOrder } from '../../src/orders/estimate.js';

const decimal = (text: string) => parseDecimal(text)!;
const level = (price: number): LevelText => [String(price), '1'];

/** A partial snapshot of three levels a side, 100 down to 98 and 101 up to 103, or what the facts say. */
function opened(facts: { covers?: number; depth?: number } = { covers: 3 }): Book {
  const book = new Book('X');
  const bids = [100, 99, 98].map(level);
  const asks = [101, 102, 103].map(level);
  assert.equal(book.applySnapshot({ epoch: 'e', sequence: 1, eventTime: 0, bids, asks, ...facts }), 'applied');
  return book;
}

function change(book: Book, bids: readonly LevelText[], asks: readonly LevelText[] = []): void {
  const { epoch, sequence } = book;
  const header = { epoch, previousSequence: sequence, sequence: sequence + 1, eventTime: 0 };
  assert.equal(book.applyDelta({ ...header, bids, asks }), 'applied');
}

function ladderOf(book: Book, side: 'bids' | 'asks', depth: number, grouping = 0): Ladder {
  const ladder = new Ladder(side === 'bids' ? 'bid' : 'ask');
  ladder.fill(book[side], depth, grouping);
  return ladder;
}

const rowsOf = ({ prices, sizes, length }: Ladder) =>
  Array.from({ length }, (_, i) => [prices[i]!, sizes[i]!] as const);

describe('The horizon of a book', () => {
  it('BK35 of a partial snapshot is its last level, and stays there until the next snapshot', () => {
    const book = opened();
    assert.deepEqual([book.bids.horizon, book.asks.horizon], [98, 103]);
    change(
      book,
      [level(97), ['98', '0'], level(96.5)],
      [
        ['103', '0'],
        ['101', '0'],
      ],
    );
    assert.deepEqual([book.priceScale, book.bids.horizon, book.asks.horizon], [1, 980, 1030]);
    assert.deepEqual([book.bids.length, book.bids.knownLength], [4, 2]);
    assert.equal(book.applySnapshot({ epoch: 'e', sequence: 9, eventTime: 0, bids: [level(5)], asks: [] }), 'applied');
    assert.deepEqual([book.bids.horizon, book.bids.knownLength], [Number.NaN, 1]);
  });

  it('BK35 of a book that its source cuts is the last level while there are as many as it keeps', () => {
    const book = opened({ depth: 3 });
    assert.deepEqual([book.bids.horizon, book.asks.horizon], [98, 103]);
    change(book, [level(100.5)]);
    assert.deepEqual([book.bids.horizon, book.bids.knownLength], [990, 3]);
    change(book, [['99', '0']]);
    assert.deepEqual([book.bids.horizon, book.bids.knownLength], [Number.NaN, 2]);
  });

  it('BK35 there is none where a snapshot has fewer levels than it might have', () => {
    for (const facts of [{}, { covers: 4 }, { depth: 4 }, { covers: 0, depth: 0 }]) {
      const book = opened(facts);
      assert.deepEqual([book.bids.horizon, book.asks.horizon, book.bids.knownLength], [Number.NaN, Number.NaN, 3]);
    }
  });

  it('BK35 of both bounds the better one counts', () => {
    const both = new Book('X');
    const bids = [100, 99, 98, 97].map(level);
    both.applySnapshot({ epoch: 'e', sequence: 1, eventTime: 0, bids, asks: [], covers: 4, depth: 2 });
    assert.deepEqual([both.bids.horizon, both.bids.knownLength], [99, 2]);
    change(both, [['100', '0']]);
    assert.deepEqual([both.bids.horizon, both.bids.knownLength], [97, 1]);
    change(both, [level(96)]);
    assert.deepEqual([both.bids.length, both.bids.horizon, both.bids.knownLength], [2, 97, 1]);
  });

  it('BK35 it is as exact as a level: a scale that it cannot take is refused', () => {
    const book = new Book('X');
    const high = level(MAX_PRICE_UNITS);
    book.applySnapshot({ epoch: 'e', sequence: 1, eventTime: 0, bids: [], asks: [high], covers: 1 });
    change(book, [], [[high[0], '0'], level(5)]);
    assert.equal(book.widen(1, 0), false);
  });

  it('BK36 rows end at the horizon, and the ladder says so', () => {
    const book = opened();
    change(book, [level(97), ['99', '0'], ['98', '0']]);
    const bids = ladderOf(book, 'bids', 5);
    assert.deepEqual([rowsOf(bids), bids.endsUnknown, bids.touched], [[[100, 1]], true, 1]);
    const asks = ladderOf(book, 'asks', 2);
    assert.deepEqual([asks.length, asks.endsUnknown], [2, false], 'there is more to show');
    const cut = ladderOf(opened({ depth: 3 }), 'asks', 5);
    assert.deepEqual([cut.length, cut.endsUnknown], [3, true]);
    const whole = ladderOf(opened({}), 'asks', 5);
    assert.deepEqual([whole.length, whole.endsUnknown], [3, false]);
    bids.clear();
    assert.equal(bids.endsUnknown, false);
  });

  it('BK36 a bucket across the horizon holds what is known of it', () => {
    const book = opened();
    change(book, [level(96)]);
    const ladder = ladderOf(book, 'bids', 5, 5);
    assert.deepEqual(
      [rowsOf(ladder), ladder.endsUnknown],
      [
        [
          [100, 1],
          [95, 2],
        ],
        true,
      ],
    );
  });

  it('BK36 no row is beyond the horizon, and every level up to it is in the rows', () => {
    const prices = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30, size: 'max' });
    fc.assert(
      fc.property(prices, prices, fc.integer({ min: 1, max: 30 }), (first, later, covers) => {
        const book = new Book('X');
        const asks = first.toSorted((a, b) => a - b).slice(0, covers);
        book.applySnapshot({ epoch: 'e', sequence: 1, eventTime: 0, bids: [], asks: asks.map(level), covers });
        change(book, [], later.map(level));
        const horizon = first.length >= covers ? asks.at(-1)! : Number.NaN;
        const known = [...new Set([...asks, ...later])].filter((price) => !(price > horizon));
        const ladder = ladderOf(book, 'asks', Number.POSITIVE_INFINITY);
        assert.deepEqual(
          rowsOf(ladder).map(([price]) => price),
          known.toSorted((a, b) => a - b),
        );
        assert.equal(ladder.endsUnknown, first.length >= covers);
        assert.deepEqual([book.asks.horizon, book.asks.knownLength], [horizon, known.length]);
      }),
    );
  });

  it('BK37 a walk takes nothing beyond the horizon: that is not visible', () => {
    const book = opened();
    change(book, [], [level(104)]);
    const walk = (quantity: string, limit?: string) => {
      const { filled, exceedsVisible } = walkBook(
        book.asks,
        book,
        decimal(quantity),
        (limit && decimal(limit)) || undefined,
      );
      return [formatDecimal(filled), exceedsVisible];
    };
    assert.deepEqual(walk('3'), ['3', false]);
    assert.deepEqual(walk('4'), ['3', true]);
    assert.deepEqual(walk('4', '104'), ['3', true]);
    assert.deepEqual(walk('4', '103.5'), ['3', true]);
    assert.deepEqual(walk('4', '103'), ['3', false], 'all up to the limit is known');
    assert.deepEqual(walk('4', '101'), ['1', false]);
    const order = { side: 'buy', orderType: 'market', limitPrice: undefined, stopPrice: undefined } as const;
    const estimate = estimateOrder({ ...order, quantity: decimal('4') }, book, undefined);
    assert.deepEqual([estimate?.exceedsVisible, estimate?.total], [true, undefined]);
  });

  it('BK38 a best level beyond the horizon is not known to be the best: there is no spread', () => {
    const book = opened();
    change(book, [...[100, 99, 98].map((price) => [String(price), '0'] as const), level(90)]);
    assert.deepEqual([book.bids.priceAt(0), book.bids.knownLength], [90, 0]);
    assert.equal(spreadOf(book), undefined);
    assert.equal(ladderOf(book, 'bids', 5).length, 0);
    assert.equal(ladderOf(book, 'bids', 5).endsUnknown, true);
    assert.deepEqual(walkBook(book.bids, book, decimal('1')).exceedsVisible, true);
  });
});
