import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BookSide } from '../../src/book/book-side.js';
import { Ladder } from '../../src/book/ladder.js';
import { MAX_PRICE_UNITS } from '../../src/book/level-buffer.js';
import type { Side } from '../../src/book/side.js';

type Pair = readonly [price: number, size: number];

const anySide = fc.constantFrom<Side>('bid', 'ask');
const anyLevels = fc
  .uniqueArray(fc.integer({ min: 1, max: 3_000 }), { maxLength: 120, size: 'max' })
  .chain((prices) =>
    fc.tuple(...prices.map((price) => fc.tuple(fc.constant(price), fc.integer({ min: 1, max: 1e6 })))),
  );
const anyGrouping = fc.integer({ min: 1, max: 400 });

function sideOf(side: Side, levels: readonly Pair[]): BookSide {
  const built = new BookSide(side);
  for (const [price, size] of levels) built.set(price, size);
  return built;
}

function filled(view: BookSide, depth: number, grouping: number): Ladder {
  const ladder = new Ladder(view.side);
  ladder.fill(view, depth, grouping);
  return ladder;
}

const rowsOf = ({ prices, sizes, length }: Ladder): Pair[] =>
  Array.from({ length }, (_, i) => [prices[i]!, sizes[i]!] as const);
const totalsOf = ({ totals, length }: Ladder): number[] => [...totals.subarray(0, length)];
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('Ladder', () => {
  it('GR1 shows raw levels best first, with the size from the best price to each row', () => {
    const ladder = filled(
      sideOf('ask', [
        [1760, 4],
        [1755, 9],
        [1770, 5],
      ]),
      2,
      0,
    );
    assert.deepEqual(rowsOf(ladder), [
      [1755, 9],
      [1760, 4],
    ]);
    assert.deepEqual(totalsOf(ladder), [9, 13]);
    assert.deepEqual([ladder.maxSize, ladder.maxTotal, ladder.touched, ladder.endsUnknown], [9, 13, 2, false]);
  });

  it('GR2 rounds bids down and asks up; a price on an edge stays', () => {
    const levels = [
      [1750, 1],
      [1751, 2],
      [1759, 4],
      [1760, 8],
    ] as const;
    assert.deepEqual(rowsOf(filled(sideOf('bid', levels), 9, 10)), [
      [1760, 8],
      [1750, 7],
    ]);
    assert.deepEqual(rowsOf(filled(sideOf('ask', levels), 9, 10)), [
      [1750, 1],
      [1760, 14],
    ]);
  });

  it('GR2 grouping never improves a price, and moves it by less than one bucket', () => {
    fc.assert(
      fc.property(anySide, anyLevels, anyGrouping, (side, levels, grouping) => {
        for (const level of levels) {
          const { prices } = filled(sideOf(side, [level]), 1, grouping);
          const worse = side === 'bid' ? level[0] - prices[0]! : prices[0]! - level[0];
          assert.ok(worse >= 0 && worse < grouping && prices[0]! % grouping === 0);
        }
      }),
    );
  });

  it('GR3 the sum of the buckets is the sum of the levels, and the last total is both', () => {
    fc.assert(
      fc.property(anySide, anyLevels, fc.oneof(fc.constant(0), anyGrouping), (side, levels, grouping) => {
        const ladder = filled(sideOf(side, levels), Number.POSITIVE_INFINITY, grouping);
        const expected = sum(levels.map(([, size]) => size));
        assert.equal(sum(rowsOf(ladder).map(([, size]) => size)), expected);
        assert.equal(ladder.maxTotal, expected);
        assert.equal(ladder.touched, levels.length);
        assert.equal(ladder.endsUnknown, false);
      }),
    );
  });

  it('GR3 shown rows hold whole buckets: a shallow ladder is the top of a deep one', () => {
    fc.assert(
      fc.property(anySide, anyLevels, anyGrouping, fc.nat(20), (side, levels, grouping, depth) => {
        const view = sideOf(side, levels);
        const deep = filled(view, Number.POSITIVE_INFINITY, grouping);
        const shallow = filled(view, depth, grouping);
        assert.deepEqual(rowsOf(shallow), rowsOf(deep).slice(0, depth));
        assert.equal(shallow.maxSize, Math.max(0, ...rowsOf(shallow).map(([, size]) => size)));
        const rows = new Set(rowsOf(shallow).map(([price]) => price));
        const labels = levels.map(([price]) => (side === 'bid' ? Math.floor : Math.ceil)(price / grouping) * grouping);
        assert.equal(shallow.touched, labels.filter((label) => rows.has(label)).length);
      }),
    );
  });

  it('GR4 totals add up the sizes, and labels get strictly worse', () => {
    fc.assert(
      fc.property(anySide, anyLevels, fc.oneof(fc.constant(0), anyGrouping), (side, levels, grouping) => {
        const ladder = filled(sideOf(side, levels), 40, grouping);
        const rows = rowsOf(ladder);
        totalsOf(ladder).forEach((total, i) => {
          assert.equal(total, sum(rows.slice(0, i + 1).map(([, size]) => size)));
          const worse = i === 0 ? 1 : (rows[i - 1]![0] - rows[i]![0]) * (side === 'bid' ? 1 : -1);
          assert.ok(worse > 0);
        });
      }),
    );
  });

  it('GR5 regrouping buckets by a multiple is the same as grouping the levels by it', () => {
    fc.assert(
      fc.property(
        anySide,
        anyLevels,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (side, levels, grouping, times) => {
          // A bid bucket labelled 0 is no price that a side could hold.
          const high = levels.filter(([price]) => price >= grouping);
          const first = filled(sideOf(side, high), Number.POSITIVE_INFINITY, grouping);
          const again = filled(sideOf(side, rowsOf(first)), Number.POSITIVE_INFINITY, grouping * times);
          const direct = filled(sideOf(side, high), Number.POSITIVE_INFINITY, grouping * times);
          assert.deepEqual(rowsOf(again), rowsOf(direct));
        },
      ),
    );
  });

  it('GR6 grouped sides do not overlap unless the book does', () => {
    fc.assert(
      fc.property(anyLevels, anyGrouping, fc.integer({ min: 1, max: 3_000 }), (levels, grouping, middle) => {
        const bids = filled(
          sideOf(
            'bid',
            levels.filter(([price]) => price < middle),
          ),
          1,
          grouping,
        );
        const asks = filled(
          sideOf(
            'ask',
            levels.filter(([price]) => price >= middle),
          ),
          1,
          grouping,
        );
        if (bids.length > 0 && asks.length > 0) assert.ok(bids.prices[0]! < asks.prices[0]!);
      }),
    );
  });

  it('GR7 labels are multiples of the grouping across the bands of a tick table', () => {
    // Ticks of 0.01 below 5, of 0.02 above.
    const levels = [
      [498, 1],
      [499, 2],
      [500, 4],
      [502, 8],
      [508, 16],
      [510, 32],
    ] as const;
    assert.deepEqual(rowsOf(filled(sideOf('ask', levels), 9, 10)), [
      [500, 7],
      [510, 56],
    ]);
    assert.deepEqual(rowsOf(filled(sideOf('bid', levels), 9, 10)), [
      [510, 32],
      [500, 28],
      [490, 3],
    ]);
  });

  it('GR8 a sum that leaves the safe integers is NaN from there on, never a wrong number', () => {
    const half = 2 ** 52;
    const view = sideOf('bid', [
      [30, half],
      [20, half - 1],
      [10, half],
    ]);
    const raw = filled(view, 9, 0);
    assert.deepEqual(totalsOf(raw), [half, Number.MAX_SAFE_INTEGER, Number.NaN]);
    assert.deepEqual([raw.maxSize, raw.maxTotal], [half, Number.NaN]);
    const grouped = filled(view, 9, 100);
    assert.deepEqual(rowsOf(grouped), [[0, Number.NaN]]);
    assert.equal(grouped.maxSize, Number.NaN);
    const mixed = filled(
      sideOf('bid', [
        [31, half],
        [30, half],
        [10, 1],
      ]),
      9,
      10,
    );
    assert.deepEqual(rowsOf(mixed), [
      [30, Number.NaN],
      [10, 1],
    ]);
    assert.deepEqual([mixed.maxSize, mixed.maxTotal], [Number.NaN, Number.NaN]);
  });

  it('GR8 labels stay exact at the largest price', () => {
    const view = sideOf('ask', [[MAX_PRICE_UNITS, 1]]);
    assert.deepEqual(rowsOf(filled(view, 1, MAX_PRICE_UNITS - 1)), [[2 * MAX_PRICE_UNITS - 2, 1]]);
  });

  it('GR9 an empty side has no rows, and a ladder is reused without growing', () => {
    const ladder = new Ladder('bid');
    ladder.fill(
      sideOf(
        'bid',
        Array.from({ length: 300 }, (_, i) => [i + 1, 1] as const),
      ),
      300,
      0,
    );
    const { prices, sizes, totals } = ladder;
    ladder.fill(
      sideOf(
        'bid',
        Array.from({ length: 200 }, (_, i) => [i + 1, 2] as const),
      ),
      200,
      7,
    );
    assert.ok(ladder.prices === prices && ladder.sizes === sizes && ladder.totals === totals);
    ladder.fill(new BookSide('bid'), 10, 0);
    assert.deepEqual(
      [ladder.length, ladder.maxSize, ladder.maxTotal, ladder.touched, ladder.endsUnknown],
      [0, 0, 0, 0, false],
    );
  });

  it('GR9 a wrong call is told at once', () => {
    const view = new BookSide('bid');
    for (const grouping of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => filled(view, 10, grouping), RangeError);
    }
    for (const depth of [-1, Number.NaN]) assert.throws(() => filled(view, depth, 0), RangeError);
    assert.throws(() => new Ladder('ask').fill(view, 10, 0), TypeError);
  });
});
