import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  Book,
  type BookChange,
  type BookDelta,
  type BookSnapshot,
  type BookView,
  type LevelText,
  type SideView,
} from '../../src/book/book.js';
import { crc32OfTop } from '../../src/book/checksum.js';
import { Ladder } from '../../src/book/ladder.js';
import { spreadOf } from '../../src/book/spread.js';
import { toUnits, unitsToText } from '../../src/book/decimal.js';
import { LevelBuffer, MAX_PRICE_UNITS } from '../../src/book/level-buffer.js';
import { LevelTexts } from '../../src/book/level-texts.js';

function snapshot(over: Partial<BookSnapshot> = {}): BookSnapshot {
  return {
    epoch: 'e1',
    sequence: 10,
    eventTime: 1_000,
    bids: [
      ['17.50', '1200'],
      ['17.45', '800'],
    ],
    asks: [
      ['17.55', '900'],
      ['17.60', '400'],
    ],
    ...over,
  };
}

function delta(over: Partial<BookDelta> = {}): BookDelta {
  return { epoch: 'e1', previousSequence: 10, sequence: 11, eventTime: 2_000, bids: [], asks: [], ...over };
}

function opened(over: Partial<BookSnapshot> = {}): Book {
  const book = new Book('SCOM', { priceScale: 2 });
  assert.equal(book.applySnapshot(snapshot(over)), 'applied');
  return book;
}

function texts(view: SideView, book: BookView): string[] {
  return Array.from(
    { length: view.length },
    (_, i) => `${unitsToText(view.priceAt(i), book.priceScale)}:${unitsToText(view.sizeAt(i), book.sizeScale)}`,
  );
}

/** All that a reader of the book can see. */
function picture(book: BookView) {
  const { symbol, priceScale, sizeScale, version, epoch, sequence, eventTime, depthLimit } = book;
  const { isCrossed, isLocked, isEmpty } = book;
  const numbers = { priceScale, sizeScale, version, sequence, eventTime, depthLimit };
  return {
    symbol,
    epoch,
    ...numbers,
    isCrossed,
    isLocked,
    isEmpty,
    bids: texts(book.bids, book),
    asks: texts(book.asks, book),
  };
}

/** Asserts what becomes of a delta that must change nothing. */
function assertRefused(book: Book, refused: BookDelta, change: BookChange): void {
  const before = picture(book);
  assert.equal(book.applyDelta(refused), change, JSON.stringify(refused));
  assert.deepEqual(picture(book), before, JSON.stringify(refused));
}

describe('Book', () => {
  it('BK3 a snapshot replaces everything', () => {
    const book = opened();
    assert.equal(
      book.applySnapshot(snapshot({ epoch: 'e2', sequence: 3, bids: [['17.40', '5']], asks: [] })),
      'applied',
    );
    assert.deepEqual(picture(book), {
      symbol: 'SCOM',
      epoch: 'e2',
      priceScale: 2,
      sizeScale: 0,
      version: 2,
      sequence: 3,
      eventTime: 1_000,
      depthLimit: 0,
      isCrossed: false,
      isLocked: false,
      isEmpty: false,
      bids: ['17.40:5'],
      asks: [],
    });
  });

  it('BK3 a snapshot may be unsorted, repeat a price, and name empty levels', () => {
    const bids = [
      ['17.40', '1'],
      ['17.50', '2'],
      ['17.30', '0'],
      ['17.40', '9'],
      ['17.50', '3'],
      ['17.20', '4'],
      ['17.20', '0'],
    ] as const;
    assert.deepEqual(texts(opened({ bids }).bids, opened({ bids })), ['17.50:3', '17.40:9']);
  });

  it('BK4 a delta sets sizes, adds and removes levels; removing an unknown one is no error', () => {
    const book = opened();
    const change = delta({
      sequence: 14,
      bids: [
        ['17.45', '0'],
        ['17.35', '70'],
        ['1.00', '0'],
      ],
      asks: [
        ['17.55', '901'],
        ['17.58', '3'],
      ],
    });
    assert.equal(book.applyDelta(change), 'applied');
    assert.deepEqual(texts(book.bids, book), ['17.50:1200', '17.35:70']);
    assert.deepEqual(texts(book.asks, book), ['17.55:901', '17.58:3', '17.60:400']);
    assert.equal(book.sequence, 14);
    assert.equal(book.eventTime, 2_000);
  });

  it('BK4 a price written otherwise is the same price', () => {
    const book = opened();
    assert.equal(
      book.applyDelta(
        delta({
          bids: [
            ['17.5', '0'],
            ['1745e-2', '1.0'],
          ],
        }),
      ),
      'applied',
    );
    assert.deepEqual(texts(book.bids, book), ['17.45:1']);
  });

  it('BK5 a delta before any snapshot, of another epoch, or with a hole before it is a gap and changes nothing', () => {
    assertRefused(new Book('SCOM'), delta({ epoch: '', previousSequence: 0 }), 'gap');
    const bids = [['17.50', '1']] as const;
    assertRefused(opened(), delta({ epoch: 'e2', bids }), 'gap');
    assertRefused(opened(), delta({ epoch: 'e2', previousSequence: 3, sequence: 4, bids }), 'gap');
    assertRefused(opened(), delta({ previousSequence: 11, sequence: 12, bids }), 'gap');
    assertRefused(opened(), delta({ previousSequence: 9, sequence: 12, bids }), 'gap');
    assertRefused(opened(), delta({ previousSequence: Number.NaN, sequence: Number.NaN, bids }), 'gap');
  });

  it('BK5 a delta that is not newer is a duplicate and changes nothing', () => {
    const bids = [['17.50', '1']] as const;
    assertRefused(opened(), delta({ previousSequence: 9, sequence: 10, bids }), 'duplicate');
    assertRefused(opened(), delta({ previousSequence: 10, sequence: 10, bids: [['x', 'y']] }), 'duplicate');
    assertRefused(opened(), delta({ previousSequence: 3, sequence: 4, bids }), 'duplicate');
  });

  it('BK6 a bad number anywhere refuses the whole delta', () => {
    for (const bad of [
      ['17.50', '-1'],
      ['-17.50', '1'],
      ['0', '1'],
      ['0.00', '0'],
      ['17.50', 'NaN'],
      ['Infinity', '1'],
      ['', '1'],
      ['17,50', '1'],
      ['17.50', '1 000'],
      ['9'.repeat(40), '1'],
      ['17.50', '9'.repeat(40)],
      ['17.50', '9007199254740992'],
      ['90071992547409.91', '1'],
      ['1e-16', '1'],
    ] as const) {
      assertRefused(opened(), delta({ bids: [['17.45', '1']], asks: [['17.60', '7'], bad] }), 'bad_level');
      assertRefused(opened(), delta({ bids: [['17.45', '1'], bad], asks: [['17.60', '7']] }), 'bad_level');
    }
  });

  it('BK6 a bad number refuses the whole snapshot', () => {
    for (const bad of [
      ['0', '1'],
      ['-1', '1'],
      ['17', '-1'],
      ['x', '1'],
      ['9'.repeat(40), '1'],
    ] as const) {
      const book = opened();
      const before = picture(book);
      assert.equal(book.applySnapshot(snapshot({ sequence: 99, asks: [['18', '1'], bad] })), 'bad_level');
      assert.deepEqual(picture(book), before);
    }
  });

  it('BK6 a price may fill half of the safe integers, a size all of them', () => {
    const book = new Book('X');
    const edge = [String(MAX_PRICE_UNITS), String(Number.MAX_SAFE_INTEGER)] as const;
    assert.equal(book.applySnapshot(snapshot({ bids: [edge], asks: [] })), 'applied');
    assert.equal(book.applySnapshot(snapshot({ bids: [[String(MAX_PRICE_UNITS + 1), '1']], asks: [] })), 'bad_level');
    assert.deepEqual(texts(book.bids, book), [edge.join(':')]);
  });

  it('BK39 an ask beyond that is held behind a nearer one where it is exact, and only there', () => {
    const book = new Book('X', { texts: new LevelTexts() });
    const far = ['999999.00000000000', '1'] as const;
    const near = ['0.00000000414', '2'] as const;
    assert.equal(book.applySnapshot(snapshot({ bids: [], asks: [['90071992547409.92', '1']] })), 'bad_level');
    assert.equal(book.applySnapshot(snapshot({ bids: [], asks: [far, near] })), 'applied');
    assert.equal(book.priceScale, 11);
    assert.deepEqual(texts(book.asks, book), ['0.00000000414:2', '999999.00000000000:1']);
    const next = { previousSequence: 10, sequence: 11, bids: [] };
    assert.equal(book.applyDelta(delta({ ...next, asks: [['999998.99999999999', '1']] })), 'bad_level');
    assert.equal(
      book.applyDelta(
        delta({
          ...next,
          asks: [
            ['999999', '0'],
            ['888888', '3'],
          ],
        }),
      ),
      'applied',
    );
    assert.deepEqual(texts(book.asks, book), ['0.00000000414:2', '888888.00000000000:3']);
    assert.equal(spreadOf(book), undefined);
    const ladder = new Ladder('ask');
    ladder.fill(book.asks, 10, 100);
    assert.deepEqual([...ladder.prices.slice(0, 2)], [500, 888_888e11]);
  });

  it('BK7 scales grow when a message needs more decimals, and no value changes', () => {
    const book = opened();
    assert.equal(book.applyDelta(delta({ bids: [['17.4875', '0.25']] })), 'applied');
    assert.deepEqual([book.priceScale, book.sizeScale], [4, 2]);
    assert.deepEqual(texts(book.bids, book), ['17.5000:1200.00', '17.4875:0.25', '17.4500:800.00']);
    assert.deepEqual(texts(book.asks, book), ['17.5500:900.00', '17.6000:400.00']);
    assert.equal(book.applyDelta(delta({ previousSequence: 11, sequence: 12, bids: [['17.4875', '0']] })), 'applied');
    assert.deepEqual([book.priceScale, book.bids.length], [4, 2]);
  });

  it('BK7 a scale that the book cannot take is a bad level, and one odd message does not narrow the book for good', () => {
    const book = opened();
    assertRefused(book, delta({ asks: [['0.0000000000000001', '1']] }), 'bad_level');
    assert.equal(book.applySnapshot(snapshot({ bids: [['1e-15', '1']], asks: [] })), 'applied');
    assert.equal(book.priceScale, 15);
    assertRefused(book, delta({ asks: [['17.55', '1']] }), 'bad_level');
    assert.equal(book.applySnapshot(snapshot()), 'applied');
    assert.equal(book.priceScale, 2);
  });

  it('BK8 levels beyond the depth of the source are cut', () => {
    const book = opened({
      depth: 2,
      bids: [
        ['17.40', '1'],
        ['17.50', '2'],
        ['17.45', '3'],
      ],
    });
    assert.equal(book.depthLimit, 2);
    assert.deepEqual(texts(book.bids, book), ['17.50:2', '17.45:3']);
    assert.equal(book.applyDelta(delta({ bids: [['17.52', '4']], asks: [['17.70', '1']] })), 'applied');
    assert.deepEqual(texts(book.bids, book), ['17.52:4', '17.50:2']);
    assert.deepEqual(texts(book.asks, book), ['17.55:900', '17.60:400']);
  });

  it('BK9 a crossed or locked book is applied and reported, unless that is allowed', () => {
    for (const [price, isCrossed] of [
      ['17.60', true],
      ['17.55', false],
    ] as const) {
      const change = delta({ bids: [[price, '1']] });
      const book = opened();
      assert.equal(book.applyDelta(change), 'crossed');
      assert.deepEqual([book.sequence, book.isCrossed, book.isLocked], [11, isCrossed, !isCrossed]);
      assert.equal(texts(book.bids, book)[0], `${price}:1`);
      assert.equal(opened().applyDelta(change, true), 'applied');
      const start = snapshot({ bids: [[price, '1']] });
      assert.equal(new Book('X').applySnapshot(start), 'crossed');
      assert.equal(new Book('X').applySnapshot(start, true), 'applied');
    }
  });

  it('BK9 a book with one side, or none, is neither crossed nor locked', () => {
    for (const book of [opened({ bids: [] }), opened({ asks: [] }), opened({ bids: [], asks: [] })]) {
      assert.deepEqual([book.isCrossed, book.isLocked], [false, false]);
    }
    assert.equal(opened({ bids: [], asks: [] }).isEmpty, true);
    assert.equal(opened({ bids: [] }).isEmpty, false);
  });

  it('BK10 a checksum that does not match is reported; the right one passes', () => {
    const bids = [['17.45', '750']] as const;
    const expected = opened();
    expected.applyDelta(delta({ bids }));
    const checksum = crc32OfTop(expected, 10);
    assert.equal(opened().applyDelta(delta({ bids, checksum })), 'applied');
    assert.equal(opened().applyDelta(delta({ bids, checksum: checksum + 1 })), 'bad_checksum');
    assert.equal(opened().applyDelta(delta({ bids: [['17.45', '751']], checksum })), 'bad_checksum');
  });

  it('BK12 units go the same way as text', () => {
    const book = opened();
    const [bids, asks] = [new LevelBuffer(), new LevelBuffer()];
    bids.push(1745, 0);
    asks.push(1758, 3);
    assert.equal(book.applyUnits({ ...delta(), previousSequence: 9 }, bids, asks), 'gap');
    assert.equal(book.applyUnits(delta(), bids, asks), 'applied');
    assert.deepEqual(texts(book.bids, book), ['17.50:1200']);
    assert.deepEqual(texts(book.asks, book), ['17.55:900', '17.58:3', '17.60:400']);
    for (const [price, size] of [
      [0, 1],
      [-1, 1],
      [1.5, 1],
      [1, -1],
      [1, 0.5],
      [Number.NaN, 1],
      [1, Number.NaN],
      [1, 2 ** 53],
    ] as const) {
      bids.clear();
      bids.push(price, size);
      assert.equal(
        book.applyUnits(delta({ previousSequence: 11, sequence: 12 }), bids, asks),
        'bad_level',
        `${price}:${size}`,
      );
    }
    assert.deepEqual(texts(book.bids, book), ['17.50:1200']);
  });

  it('BK12 widen makes room for more decimals, or changes nothing', () => {
    const book = opened();
    assert.equal(book.widen(1, 0), true);
    assert.deepEqual([book.priceScale, book.version], [2, 1]);
    assert.equal(book.widen(4, 0), true);
    assert.deepEqual([book.priceScale, book.sizeScale, book.bids.priceAt(0)], [4, 0, 175_000]);
    const before = picture(book);
    assert.equal(book.widen(4, 14), false);
    assert.equal(book.widen(20, 0), false);
    assert.equal(book.widen(5, 14), false);
    assert.deepEqual(picture(book), before);
    const lopsided = opened({ asks: [['90000000000', '1']] });
    assert.equal(lopsided.widen(6, 0), false, 'the asks have no room');
    assert.deepEqual(texts(lopsided.bids, lopsided), ['17.50:1200', '17.45:800']);
  });
});

// A venue that is right, a wire that is not, and a naive book to compare with.

type ModelSide = Map<string, string>;

interface Model {
  bids: ModelSide;
  asks: ModelSide;
  epoch: string;
  sequence: number;
}

const bidPrice = fc.integer({ min: 1, max: 400 }).map((units) => unitsToText(units, 2));
const askPrice = fc.integer({ min: 401, max: 800 }).map((units) => unitsToText(units, 2));
const size = fc.oneof(
  { weight: 3, arbitrary: fc.constant('0') },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 999_999 }).map(String) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 9_999 }).map((units) => unitsToText(units, 3)) },
);
const levels = (price: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(fc.tuple(price, size), { maxLength, size: 'max' });
const anyMessage = fc.record({
  fate: fc.constantFrom('next', 'next', 'next', 'next', 'next', 'snapshot', 'gap', 'duplicate', 'other epoch', 'bad'),
  step: fc.integer({ min: 1, max: 3 }),
  bids: levels(bidPrice, 12),
  asks: levels(askPrice, 12),
});

function setAll(side: ModelSide, changes: readonly LevelText[]): void {
  for (const [price, text] of changes) {
    if (toUnits(text, 3) === 0) side.delete(price);
    else side.set(price, text);
  }
}

function assertEqualToModel(book: Book, model: Model): void {
  for (const which of ['bids', 'asks'] as const) {
    const expected = [...model[which]].map(([price, text]) => [toUnits(price, 2), toUnits(text, 3)] as const);
    expected.sort(([a], [b]) => (which === 'bids' ? b - a : a - b));
    const factors = [10 ** (2 - book.priceScale), 10 ** (3 - book.sizeScale)] as const;
    const view = book[which];
    const actual = Array.from({ length: view.length }, (_, i) => [
      view.priceAt(i) * factors[0],
      view.sizeAt(i) * factors[1],
    ]);
    assert.deepEqual(actual, expected);
  }
  assert.deepEqual([book.epoch, book.sequence], [model.epoch, model.sequence]);
}

describe('Book against a naive model', () => {
  it('BK13 equals the model after any run of snapshots, deltas, gaps, repeats and bad messages', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 60, size: 'max' }), fc.boolean(), (messages, knowsScales) => {
        const book = new Book('X', knowsScales ? { priceScale: 2, sizeScale: 3 } : {});
        const model: Model = { bids: new Map(), asks: new Map(), epoch: '', sequence: 0 };
        for (const { fate, step, bids, asks } of messages) {
          const eventTime = 0;
          const { epoch, sequence } = model;
          const next: BookDelta = {
            epoch,
            previousSequence: sequence,
            sequence: sequence + step,
            eventTime,
            bids,
            asks,
          };
          if (fate === 'snapshot') {
            model.bids.clear();
            model.asks.clear();
            Object.assign(model, { epoch: `e${step}`, sequence: step * 100 });
            const change = book.applySnapshot({ epoch: model.epoch, sequence: model.sequence, eventTime, bids, asks });
            assert.equal(change, 'applied');
          } else if (epoch === '') {
            assert.equal(book.applyDelta(next), 'gap');
            continue;
          } else if (fate === 'next') {
            assert.equal(book.applyDelta(next), 'applied');
            model.sequence += step;
          } else {
            const version = book.version;
            if (fate === 'gap')
              assert.equal(book.applyDelta({ ...next, previousSequence: sequence + 1, sequence: sequence + 2 }), 'gap');
            if (fate === 'duplicate')
              assert.equal(book.applyDelta({ ...next, sequence: sequence + 1 - step }), 'duplicate');
            if (fate === 'other epoch') assert.equal(book.applyDelta({ ...next, epoch: 'elsewhere' }), 'gap');
            if (fate === 'bad') assert.equal(book.applyDelta({ ...next, asks: [...asks, ['1', '-1']] }), 'bad_level');
            assert.equal(book.version, version);
            assertEqualToModel(book, model);
            continue;
          }
          setAll(model.bids, bids);
          setAll(model.asks, asks);
          assertEqualToModel(book, model);
        }
      }),
      { numRuns: 100 },
    );
  });
});
