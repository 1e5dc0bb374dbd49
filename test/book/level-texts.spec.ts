import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Big from 'big.js';
import fc from 'fast-check';
import { Book, type BookView, type LevelText } from '../../src/book/book.js';
import { crc32, crc32OfTop } from '../../src/book/checksum.js';
import { LevelTexts } from '../../src/book/level-texts.js';
import type { Side } from '../../src/book/side.js';

const HEADER = { epoch: 'e', eventTime: 0 };
const MAX_SAFE = new Big(Number.MAX_SAFE_INTEGER);

const opened = (bids: readonly LevelText[], { priceScale = 0, keepsTexts = false } = {}): Book => {
  const book = new Book('X', { priceScale, texts: new LevelTexts() });
  assert.equal(book.applySnapshot({ ...HEADER, sequence: 1, keepsTexts, bids, asks: [] }), 'applied');
  return book;
};

const changed = (book: Book, bids: readonly LevelText[], asks: readonly LevelText[] = []) =>
  book.applyDelta({ ...HEADER, previousSequence: book.sequence, sequence: book.sequence + 1, bids, asks });

const textsOf = (book: BookView, side: Side): LevelText[] =>
  Array.from({ length: side === 'bid' ? book.bids.length : book.asks.length }, (_, i) => book.textAt(side, i)!);

const unitsOf = (book: BookView): number[] => Array.from({ length: book.bids.length }, (_, i) => book.bids.sizeAt(i));

describe('Texts of a book', () => {
  it('BK30 keeps the texts of the wire with their levels, however they are written', () => {
    const book = opened(
      [
        ['17.50', '1200.0'],
        ['17.4', '8e2'],
        ['17.30', '5'],
      ],
      { keepsTexts: true },
    );
    assert.equal(
      changed(book, [
        ['17.500', '1.10'],
        ['17.45', '0.000'],
        ['17.350', '7.00'],
        ['17.3', '0'],
      ]),
      'applied',
    );
    assert.deepEqual(textsOf(book, 'bid'), [
      ['17.500', '1.10'],
      ['17.4', '8e2'],
      ['17.350', '7.00'],
    ]);
    for (const i of [-1, 3]) assert.equal(book.textAt('bid', i), undefined);
  });

  it('BK30 writes the exact numbers of a book that keeps no texts', () => {
    const book = opened([['17.5', '1200.0']], { priceScale: 2 });
    assert.deepEqual(textsOf(book, 'bid'), [['17.50', '1200']]);
  });

  it('BK31 holds sizes that no scale holds rounded down, never as nothing, until the next snapshot', () => {
    const book = opened([
      ['3', '90000000000000.19'],
      ['2', '0.00000001'],
      ['1', '5.5'],
    ]);
    assert.deepEqual([book.hasRoundedSizes, book.sizeScale], [true, 2]);
    assert.deepEqual(unitsOf(book), [9_000_000_000_000_019, 1, 550]);
    assert.deepEqual(textsOf(book, 'bid')[1], ['2', '0.00000001']);
    assert.equal(changed(book, [['3', '0']]), 'applied');
    assert.equal(book.hasRoundedSizes, true, 'the sizes that were rounded still are');
    assert.equal(changed(book, [['1', '0.0001']]), 'applied');
    assert.deepEqual([book.sizeScale, unitsOf(book)], [2, [1, 1]], 'and are told no more finely');
    assert.equal(book.applySnapshot({ ...HEADER, sequence: 9, bids: [['2', '0.00000001']], asks: [] }), 'applied');
    assert.deepEqual([book.hasRoundedSizes, book.sizeScale, unitsOf(book)], [false, 8, [1]]);
  });

  it('BK32 a delta with a size that is too large for the scale narrows it, and no exact size is lost', () => {
    const book = opened([
      ['2', '0.12345678'],
      ['1', '7'],
    ]);
    assert.equal(changed(book, [['3', '9000000000']]), 'applied');
    assert.deepEqual([book.hasRoundedSizes, book.sizeScale], [true, 6]);
    assert.deepEqual(unitsOf(book), [9_000_000_000_000_000, 123_456, 7_000_000]);
    assert.deepEqual(new Big(book.textAt('bid', 1)![1]).toString(), '0.12345678');
    assert.equal(changed(book, [['2', '1.50']]), 'applied');
    assert.deepEqual([book.sizeScale, book.textAt('bid', 1)], [6, ['2', '1.50']], 'no narrower than it must be');
  });

  it('BK32 a bad number refuses the whole message, whether sizes are rounded or not', () => {
    const exact = opened([['2', '5']]);
    const rounded = opened([
      ['3', '9000000000000000'],
      ['2', '0.5'],
    ]);
    for (const book of [exact, rounded]) {
      const before = [book.version, book.priceScale, book.sizeScale, book.hasRoundedSizes, textsOf(book, 'bid')];
      for (const bad of [
        ['1', '-1'],
        ['1', 'x'],
        ['0', '1'],
        ['1e-20', '1'],
        ['1', '9007199254740992'],
      ] as const) {
        assert.equal(changed(book, [['0.0001', '0.1'], bad]), 'bad_level', bad.join(' '));
        assert.equal(changed(book, [['9', '0.00000000000001']], [bad]), 'bad_level', bad.join(' '));
        const after = [book.version, book.priceScale, book.sizeScale, book.hasRoundedSizes, textsOf(book, 'bid')];
        assert.deepEqual(after, before);
      }
    }
    assert.equal(rounded.widen(3, 0), true);
  });

  it('BK33 the checksum of a book with rounded sizes is made of the exact ones', () => {
    const book = opened([
      ['3', '9000000000000000'],
      ['2', '0.50'],
      ['1', '1e-8'],
    ]);
    assert.equal(crc32OfTop(book, 10), crc32('3:9000000000000000|2:0.5|1:0.00000001'));
  });

  it('BK33 a snapshot or a delta may bring a checksum, and its own way to compute it', () => {
    const checksumOf = (book: BookView) => book.bids.length;
    const bids = [['2', '5']] as const;
    const book = new Book('X', { texts: new LevelTexts() });
    const snapshot = { ...HEADER, sequence: 1, bids, asks: [] };
    assert.equal(book.applySnapshot({ ...snapshot, checksum: 2, checksumOf }), 'bad_checksum');
    assert.equal(book.applySnapshot({ ...snapshot, checksum: 1, checksumOf }), 'applied');
    assert.equal(book.applySnapshot({ ...snapshot, checksum: crc32('2:5') }), 'applied');
    assert.equal(book.applySnapshot({ ...snapshot, checksum: 1 }), 'bad_checksum');
    const delta = { ...HEADER, previousSequence: 1, sequence: 2, bids: [['1', '1']] as const, asks: [] };
    assert.equal(book.applyDelta({ ...delta, checksum: 2, checksumOf }), 'applied');
  });
});

// Sizes of any digits that a book may hold, against a map of texts and arithmetic of any length.

const anySize = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('0', '0.00', '0e-3') },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 999_999 }).map((units) => (units / 100).toFixed(3)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map(String) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 1, max: 999 }), fc.nat(15)).map(([d, e]) => `${d}e-${e}`) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(9e9), fc.nat(999)).map(([whole, part]) => `${whole}.000${part}00`) },
);
const anyLevels = (lowest: number) =>
  fc.array(
    fc.tuple(
      fc
        .tuple(fc.integer({ min: lowest, max: lowest + 40 }), fc.integer({ min: 1, max: 4 }))
        .map(([units, decimals]) => (units / 10).toFixed(decimals)),
      anySize,
    ),
    { maxLength: 15, size: 'max' },
  );
const anyMessage = fc.record({
  isSnapshot: fc.oneof({ weight: 1, arbitrary: fc.constant(true) }, { weight: 4, arbitrary: fc.constant(false) }),
  bids: anyLevels(1),
  asks: anyLevels(50),
});

type Model = Map<number, LevelText>;

function follow(model: Model, levels: readonly LevelText[]): void {
  for (const level of levels) {
    if (new Big(level[1]).eq(0)) model.delete(Number(level[0]));
    else model.set(Number(level[0]), level);
  }
}

function cut(model: Model, side: Side, depth: number): LevelText[] {
  const sorted = [...model].toSorted(([a], [b]) => (side === 'bid' ? b - a : a - b));
  for (const [price] of depth === 0 ? [] : sorted.slice(depth)) model.delete(price);
  return sorted.slice(0, depth === 0 ? undefined : depth).map(([, level]) => level);
}

/** Whether there are units in which all these sizes are safe integers. */
function isExactTogether(levels: readonly LevelText[]): boolean {
  const sizes = levels.map(([, size]) => new Big(size));
  const decimals = Math.max(0, ...sizes.map((size) => size.toFixed().split('.')[1]?.length ?? 0));
  return sizes.every((size) => size.times(new Big(10).pow(decimals)).lte(MAX_SAFE));
}

describe('Book with sizes of any digits', () => {
  it('BK31 has every size exact as text and none too large in units, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 25, size: 'max' }),
        fc.boolean(),
        fc.constantFrom(0, 0, 3, 8),
        (messages, keepsTexts, depth) => {
          const book = new Book('X', { texts: new LevelTexts() });
          const model = { bid: new Map() as Model, ask: new Map() as Model };
          let hasRounded = false;
          for (const [at, { isSnapshot, bids, asks }] of messages.entries()) {
            const header = { ...HEADER, sequence: at + 1, bids, asks };
            if (isSnapshot || at === 0) {
              model.bid.clear();
              model.ask.clear();
              assert.equal(book.applySnapshot({ ...header, depth, keepsTexts }), 'applied');
              assert.equal(book.hasRoundedSizes, !isExactTogether([...bids, ...asks]));
            } else {
              assert.equal(book.applyDelta({ ...header, previousSequence: at }), 'applied');
              assert.ok(book.hasRoundedSizes || !hasRounded, 'rounding ends with a snapshot only');
            }
            hasRounded = book.hasRoundedSizes;
            follow(model.bid, bids);
            follow(model.ask, asks);
            for (const side of ['bid', 'ask'] as const) {
              const expected = cut(model[side], side, depth);
              const actual = textsOf(book, side);
              if (keepsTexts) assert.deepEqual(actual, expected);
              const values = (levels: readonly LevelText[]) =>
                levels.map((level) => level.map((text) => new Big(text).toFixed()));
              assert.deepEqual(values(actual), values(expected));
              const view = side === 'bid' ? book.bids : book.asks;
              const unit = new Big(10).pow(-book.sizeScale);
              for (const [i, level] of expected.entries()) {
                assert.ok(unit.times(view.sizeAt(i)).minus(level[1]).abs().lt(unit), 'within one unit');
                const isTooLarge = unit.times(view.sizeAt(i)).gt(level[1]);
                assert.ok(!isTooLarge || view.sizeAt(i) === 1, 'rounded up only to a single unit');
                if (!hasRounded) assert.ok(unit.times(view.sizeAt(i)).eq(level[1]));
              }
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
