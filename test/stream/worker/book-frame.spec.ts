import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Book, type BookView, type LevelText } from '../../../src/book/book.js';
import { Ladder } from '../../../src/book/ladder.js';
import { LevelTexts } from '../../../src/book/level-texts.js';
import { spreadOf } from '../../../src/book/spread.js';
import { walkBook } from '../../../src/book/walk.js';
import { HEADER, FrameArrays, lengthOf, writeBook } from '../../../src/stream/worker/book-frame.js';
import { FrameBook } from '../../../src/stream/worker/frame-book.js';

const levels = (least: number, most: number) =>
  fc.uniqueArray(fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: 1, max: 1_000_000 })), {
    selector: ([price]) => price,
    maxLength: 60,
  });
const texts = (pairs: readonly (readonly [number, number])[]): LevelText[] =>
  pairs.map(([price, size]) => [`${Math.floor(price / 100)}.${String(price % 100).padStart(2, '0')}`, `${size}e-3`]);

const filled = (bids: readonly LevelText[], asks: readonly LevelText[], over = {}): Book => {
  const book = new Book('SCOM');
  assert.notEqual(
    book.applySnapshot({ bids, asks, epoch: 'e', sequence: 2 ** 53 - 1, eventTime: 1_795_339_254_123, ...over }, true),
    'bad_level',
  );
  return book;
};

const NO_LAG = [0, 0, Number.NaN, Number.NaN] as const;

/** A book through a frame, as the second of three. */
const passed = (book: BookView, depth: number): FrameBook => {
  const frame = new FrameArrays().take(1 + 3 * lengthOf(book, depth));
  frame[0] = 3;
  let at = 1;
  for (const mark of [1, 2, 3]) at = writeBook(frame, at, mark, book, depth, 7, NO_LAG);
  assert.equal(at, 1 + 3 * lengthOf(book, depth));
  const views = [1, 2, 3].map(() => new FrameBook(book.symbol));
  at = 1;
  for (const view of views) at = view.place(frame, at);
  return views[1]!;
};

/** What a reader of a book can see of it. */
const seen = (book: BookView) => {
  const side = (view: BookView['bids']) => ({
    side: view.side,
    levels: Array.from({ length: view.length + 1 }, (_, i) => [view.priceAt(i), view.sizeAt(i)]),
    sizes: Array.from({ length: view.length }, (_, i) => view.sizeOf(view.priceAt(i))),
    between: view.sizeOf(view.priceAt(0) + 0.5),
    horizon: view.horizon,
    knownLength: view.knownLength,
  });
  const { priceScale, sizeScale, sequence, eventTime, depthLimit, isCrossed, isLocked, isEmpty } = book;
  return {
    ...{ priceScale, sizeScale, sequence, eventTime, depthLimit, isCrossed, isLocked, isEmpty },
    bids: side(book.bids),
    asks: side(book.asks),
    text: [book.textAt('bid', 0), book.textAt('ask', 0), book.textAt('ask', 1e9)],
  };
};

describe('a frame of books', () => {
  it('WK3 every number of a book comes over as it is, whatever the book', () => {
    fc.assert(
      fc.property(levels(1, 5_000), levels(1, 9_000), fc.nat(60), (bids, asks, depth) => {
        const book = filled(texts(bids), texts(asks), { depth });
        assert.deepEqual(seen(passed(book, 1_000)), seen(book));
      }),
    );
  });

  it('WK3 what is made of a book is the same: rows, spread, walk', () => {
    fc.assert(
      fc.property(levels(1, 5_000), levels(5_001, 9_000), (bids, asks) => {
        const book = filled(texts(bids), texts(asks));
        const view = passed(book, 1_000);
        assert.deepEqual(spreadOf(view), spreadOf(book));
        const quantity = { units: 123_456n, scale: 3 };
        assert.deepEqual(walkBook(view.asks, view, quantity), walkBook(book.asks, book, quantity));
        const [one, other] = [new Ladder('ask'), new Ladder('ask')];
        one.fill(view.asks, 10, 50);
        other.fill(book.asks, 10, 50);
        assert.deepEqual([...one.totals.slice(0, one.length)], [...other.totals.slice(0, other.length)]);
      }),
    );
  });

  it('WK3 beyond the depth that was asked for nothing is known', () => {
    const bids = Array.from({ length: 30 }, (_, i): LevelText => [`${100 - i}`, '1']);
    const view = passed(
      filled(
        bids,
        bids.slice(0, 5).map(([price, size]): LevelText => [`2${price}`, size]),
      ),
      10,
    );
    assert.deepEqual([view.bids.length, view.bids.knownLength, view.bids.horizon], [10, 10, 91]);
    assert.deepEqual([view.asks.length, view.asks.knownLength, view.asks.horizon], [5, 5, Number.NaN]);
    assert.equal(view.depthLimit, 10);
    const ladder = new Ladder('bid');
    ladder.fill(view.bids, 50, 0);
    assert.equal(ladder.endsUnknown, true);
  });

  it('WK3 a horizon before the end stays where it is', () => {
    const bids = Array.from({ length: 10 }, (_, i): LevelText => [`${100 - i}`, '1']);
    const book = filled(bids, [], { covers: 10 });
    book.applyDelta({
      bids: [['80', '1']],
      asks: [],
      epoch: 'e',
      previousSequence: 2 ** 53 - 1,
      sequence: 2 ** 53,
      eventTime: 1,
    });
    const view = passed(book, 50);
    assert.deepEqual([view.bids.length, view.bids.knownLength, view.bids.horizon], [11, 10, 91]);
  });

  it('WK3 sizes that no numbers hold have their texts beside them', () => {
    const book = new Book('SHIB', { texts: new LevelTexts() });
    const bids: LevelText[] = [
      ['0.5', '12345678901234'],
      ['0.4', '0.000000000000001'],
    ];
    book.applySnapshot({ bids, asks: [], epoch: 'e', sequence: 1, eventTime: 0 });
    assert.equal(book.hasRoundedSizes, true);
    const frame = new Float64Array(lengthOf(book, 10));
    writeBook(frame, 0, 1, book, 10, 0, NO_LAG);
    const view = new FrameBook('SHIB');
    view.place(frame, 0, { bid: bids, ask: [] });
    assert.equal(view.hasRoundedSizes, true);
    assert.deepEqual([view.textAt('bid', 0), view.textAt('bid', 1)], bids);
  });

  it('WK4 a book is one object that goes from one whole state to the next, and outlives its array', () => {
    const first = filled([['17.50', '1']], [['17.55', '1']]);
    const second = filled([['17.45', '2']], [['17.60', '3']]);
    const [a, b] = [first, second].map((book) => {
      const frame = new Float64Array(lengthOf(book, 10));
      writeBook(frame, 0, 1, book, 10, 0, NO_LAG);
      return frame;
    }) as [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];
    const view = new FrameBook('SCOM');
    const versions = [view.version];
    view.place(a, 0);
    versions.push(view.version);
    const was = seen(view);
    view.leave(a);
    structuredClone(a, { transfer: [a.buffer] });
    assert.deepEqual(seen(view), was);
    assert.equal(view.version, versions[1], 'another place is no change');
    view.place(b, 0);
    view.leave(a);
    versions.push(view.version);
    assert.deepEqual(seen(view), seen(second));
    assert.deepEqual(
      versions.toSorted((x, y) => x - y),
      [...new Set(versions)],
    );
    assert.ok(
      versions.every((version) => !Number.isInteger(version)),
      'none can be a version of a book in the page',
    );
  });

  it('WK4 arrays are used again while they fit, and not for ever after one large moment', () => {
    const arrays = new FrameArrays();
    const large = arrays.take(100_000);
    arrays.give(large);
    assert.equal(arrays.take(90_000), large);
    assert.notEqual(arrays.take(90_000), large, 'it is out');
    arrays.give(large);
    assert.ok(arrays.take(HEADER).length <= 1_024);
  });
});
