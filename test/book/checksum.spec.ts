import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { Book, type LevelText } from '../../src/book/book.js';
import { crc32OfTop } from '../../src/book/checksum.js';

function bookOf(bids: readonly LevelText[], asks: readonly LevelText[], priceScale = 2): Book {
  const book = new Book('X', { priceScale });
  assert.equal(book.applySnapshot({ epoch: 'e', sequence: 1, eventTime: 0, bids, asks }), 'applied');
  return book;
}

describe('crc32OfTop', () => {
  it('BK10 is the CRC-32 of bids then asks, best first, in their shortest exact form', () => {
    const bids = [
      ['17.50', '1200'],
      ['17.45', '0.50'],
    ] as const;
    const asks = [['18.00', '900']] as const;
    assert.equal(crc32OfTop(bookOf(bids, asks), 10), crc32('17.5:1200|17.45:0.5|18:900'));
    assert.equal(
      crc32OfTop(bookOf(bids, asks, 6), 10),
      crc32('17.5:1200|17.45:0.5|18:900'),
      'whatever scale the book keeps',
    );
  });

  it('BK10 covers no more levels than asked for', () => {
    const bids = Array.from({ length: 15 }, (_, i) => [String(100 - i), '1'] as const);
    const asks = Array.from({ length: 15 }, (_, i) => [String(101 + i), '2'] as const);
    const top = [...bids.slice(0, 10), ...asks.slice(0, 10)].map((level) => level.join(':')).join('|');
    assert.equal(crc32OfTop(bookOf(bids, asks), 10), crc32(top));
  });

  it('BK10 of an empty book is 0', () => {
    assert.equal(crc32OfTop(new Book('X'), 10), 0);
  });
});
