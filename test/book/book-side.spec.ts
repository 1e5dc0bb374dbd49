import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BookSide } from '../../src/book/book-side.js';
import { LevelBuffer, MAX_PRICE_UNITS } from '../../src/book/level-buffer.js';
import type { Side } from '../../src/book/side.js';

type Pair = readonly [price: number, size: number];

const anySide = fc.constantFrom<Side>('bid', 'ask');
/** Few prices, so that removals and rewrites meet a level; up to 400 changes, so that arrays grow and shifts get long. */
const anyChanges = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 150 }), fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 99 }))),
  {
    maxLength: 400,
    size: 'max',
  },
);

function levelsOf(side: BookSide): Pair[] {
  return Array.from({ length: side.length }, (_, i) => [side.priceAt(i), side.sizeAt(i)] as const);
}

/** The naive model: a Map of what was set last, sorted when it is read. */
function modelLevels(side: Side, changes: readonly Pair[]): Pair[] {
  const left = [...new Map(changes)].filter(([, size]) => size > 0);
  return left.sort(([a], [b]) => (side === 'bid' ? b - a : a - b));
}

function bufferOf(levels: readonly Pair[]): LevelBuffer {
  const buffer = new LevelBuffer();
  for (const [price, size] of levels) buffer.push(price, size);
  return buffer;
}

function sideWith(side: Side, changes: readonly Pair[]): BookSide {
  const built = new BookSide(side);
  for (const [price, size] of changes) built.set(price, size);
  return built;
}

describe('BookSide', () => {
  it('BK1 holds what was set last at each price, best first', () => {
    fc.assert(
      fc.property(anySide, anyChanges, (which, changes) => {
        const side = sideWith(which, changes);
        const expected = modelLevels(which, changes);
        assert.deepEqual(levelsOf(side), expected);
        const byPrice = new Map(expected);
        for (let price = 0; price <= 151; price++) assert.equal(side.sizeOf(price), byPrice.get(price) ?? 0);
      }),
    );
  });

  it('BK1 loads a whole side in any order: the later of two at one price wins, size 0 is no level', () => {
    fc.assert(
      fc.property(anySide, anyChanges, anyChanges, (which, before, changes) => {
        const side = sideWith(which, before);
        side.load(bufferOf(changes));
        assert.deepEqual(levelsOf(side), modelLevels(which, changes));
        const sorted = modelLevels(which, changes);
        side.load(bufferOf(sorted));
        assert.deepEqual(levelsOf(side), sorted);
      }),
    );
  });

  it('BK1 cuts the worst levels, and goes on from there', () => {
    fc.assert(
      fc.property(anySide, anyChanges, fc.integer({ min: 1, max: 60 }), anyChanges, (which, changes, depth, later) => {
        const side = sideWith(which, changes);
        side.limit(depth);
        const kept = modelLevels(which, changes).slice(0, depth);
        assert.deepEqual(levelsOf(side), kept);
        for (const [price, size] of later) side.set(price, size);
        assert.deepEqual(levelsOf(side), modelLevels(which, [...kept, ...later]));
      }),
    );
  });

  it('BK1 keeps all levels where there is no limit', () => {
    const side = sideWith('ask', [
      [10, 1],
      [11, 2],
    ]);
    side.limit(1);
    side.limit(0);
    side.set(12, 3);
    side.cut();
    assert.deepEqual(levelsOf(side), [
      [10, 1],
      [12, 3],
    ]);
  });

  it('BK1 has no level outside its length, even where there once was one', () => {
    const side = sideWith('bid', [
      [10, 1],
      [11, 2],
      [11, 0],
    ]);
    for (const i of [-1, 1, 2, 1e9]) {
      assert.equal(side.priceAt(i), Number.NaN);
      assert.equal(side.sizeAt(i), Number.NaN);
    }
  });

  it('BK2 says beforehand whether a rescale stays exact', () => {
    const side = sideWith('ask', [
      [5, 7],
      [6, 8],
    ]);
    assert.equal(side.canRescale(100, 10), true);
    side.rescale(100, 10);
    assert.deepEqual(levelsOf(side), [
      [500, 70],
      [600, 80],
    ]);
    assert.equal(side.canRescale(1e14, 1), false);
    assert.equal(side.canRescale(1, 1e15), false);
    assert.equal(new BookSide('bid').canRescale(1e30, 1e30), true);
    assert.equal(sideWith('bid', [[MAX_PRICE_UNITS, Number.MAX_SAFE_INTEGER]]).canRescale(1, 1), true);
  });
});
