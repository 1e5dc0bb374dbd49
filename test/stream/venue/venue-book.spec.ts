import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LevelBuffer } from '../../../src/book/level-buffer.js';
import { BY_SEQUENCE } from '../../../src/stream/verdict.js';
import { VenueBook } from '../../../src/stream/venue/venue-books.js';
import type { Sides } from '../../../src/stream/venue/venue-protocol.js';

const FACTS = { eventTime: 7, verified: BY_SEQUENCE };
const SIDES: Sides = { bids: [['100.5', '1']], asks: [['101', '2.25']] };

function opened(): VenueBook {
  const book = new VenueBook('X');
  assert.equal(book.snapshot(SIDES, FACTS), 'applied');
  return book;
}

const levels = ({ book }: VenueBook) => [book?.textAt('bid', 0), book?.textAt('ask', 0)];
const buffer = (...pairs: [number, number][]): LevelBuffer => {
  const filled = new LevelBuffer();
  for (const [price, size] of pairs) filled.push(price, size);
  return filled;
};

describe('VenueBook', () => {
  it('VE7 waits for a snapshot, and takes changes from then on', () => {
    const book = new VenueBook('X');
    assert.deepEqual(
      [book.book, book.suspicion, book.scales, book.snapshots],
      [undefined, 'awaiting_snapshot', undefined, 0],
    );
    assert.equal(book.delta(SIDES, { eventTime: 1 }), 'gap');
    assert.deepEqual([book.book], [undefined]);
    assert.equal(book.snapshot(SIDES, FACTS), 'applied');
    assert.deepEqual([book.suspicion, book.verified, book.snapshots], [undefined, BY_SEQUENCE, 1]);
    assert.equal(book.delta({ bids: [['100.5', '3']], asks: [] }, { eventTime: 8 }), 'applied');
    assert.deepEqual([book.scales?.priceScale, book.scales?.sizeScale], [1, 2]);
    assert.equal(book.deltaUnits(buffer([1005, 450]), buffer(), { eventTime: 9 }), 'applied');
    assert.deepEqual(levels(book), [
      ['100.5', '4.50'],
      ['101.0', '2.25'],
    ]);
    assert.equal(book.book?.eventTime, 9);
  });

  it('VE8 a fault marks the book with its reason and changes nothing more until the next snapshot', () => {
    const faults = [
      ['sequence_gap', (book: VenueBook) => book.gap('sequence')],
      ['sequence_gap', (book: VenueBook) => book.gap('key')],
      ['bad_message', (book: VenueBook) => book.gap('bad_message')],
      ['bad_message', (book: VenueBook) => book.delta({ bids: [['100', '-1']], asks: [] }, { eventTime: 8 })],
      ['bad_message', (book: VenueBook) => book.deltaUnits(buffer([0, 1]), buffer(), { eventTime: 8 })],
      ['bad_message', (book: VenueBook) => book.snapshot({ bids: [['x', '1']], asks: [] }, FACTS)],
      ['crossed_book', (book: VenueBook) => book.delta({ bids: [['102', '1']], asks: [] }, { eventTime: 8 })],
      ['bad_checksum', (book: VenueBook) => book.delta(SIDES, { eventTime: 8, checksum: 1, checksumOf: () => 2 })],
    ] as const;
    for (const [reason, harm] of faults) {
      const book = opened();
      harm(book);
      assert.equal(book.suspicion, reason);
      assert.equal(book.scales, undefined);
      const { version } = book.book!;
      assert.equal(book.delta(SIDES, { eventTime: 9 }), 'gap');
      assert.equal(book.deltaUnits(buffer([1005, 1]), buffer(), { eventTime: 9 }), 'gap');
      assert.equal(book.book!.version, version);
      assert.equal(book.snapshot(SIDES, FACTS), 'applied');
      assert.deepEqual([book.suspicion, book.snapshots], [undefined, 2]);
      assert.equal(book.delta({ bids: [['100', '1']], asks: [] }, { eventTime: 10 }), 'applied');
    }
  });

  it('VE8 a first snapshot that cannot be read leaves no book that would look empty', () => {
    const book = new VenueBook('X');
    assert.equal(book.snapshot({ bids: [['x', '1']], asks: [] }, FACTS), 'bad_level');
    assert.deepEqual([book.book, book.suspicion, book.snapshots], [undefined, 'bad_message', 0]);
  });

  it('VE9 a book replaced by a snapshot is the same object in a new epoch', () => {
    const book = opened();
    const first = book.book!;
    const { epoch } = first;
    book.snapshot({ bids: [['1', '1']], asks: [] }, { ...FACTS, covers: 1 });
    assert.equal(book.book, first);
    assert.notEqual(first.epoch, epoch);
    assert.deepEqual([first.bids.length, first.asks.length, first.bids.horizon], [1, 0, 1]);
  });

  it('VE9 keeps the texts of the wire where a checksum needs them', () => {
    const book = new VenueBook('X');
    book.snapshot({ bids: [['100.50', '1.0']], asks: [] }, { ...FACTS, keepsTexts: true });
    assert.deepEqual(levels(book)[0], ['100.50', '1.0']);
  });

  it('VE9 digits are not read into a book whose sizes are rounded', () => {
    const book = new VenueBook('X');
    book.snapshot(
      {
        bids: [
          ['2', '9000000000000000'],
          ['1', '0.5'],
        ],
        asks: [],
      },
      FACTS,
    );
    assert.deepEqual([book.suspicion, book.scales], [undefined, undefined]);
    assert.equal(book.delta({ bids: [['1', '0.25']], asks: [] }, { eventTime: 8 }), 'applied');
    assert.deepEqual(book.book!.textAt('bid', 1), ['1', '0.25']);
  });
});
