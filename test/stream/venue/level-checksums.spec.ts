import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Book, type LevelText } from '../../../src/book/book.js';
import { LevelTexts } from '../../../src/book/level-texts.js';
import {
  bitfinexChecksum,
  ftxChecksum,
  krakenChecksum,
  okxChecksum,
} from '../../../src/stream/venue/level-checksums.js';

function bookOf(bids: readonly LevelText[], asks: readonly LevelText[]): Book {
  const book = new Book('X', { texts: new LevelTexts() });
  assert.equal(book.applySnapshot({ epoch: '1', sequence: 1, eventTime: 0, keepsTexts: true, bids, asks }), 'applied');
  return book;
}

/** So many levels from a price on, towards worse ones. */
const run = (count: number, from: number, step: 1 | -1): LevelText[] =>
  Array.from({ length: count }, (_, i) => [String(from + step * i), '1']);

// The expected sums are those of Python's `zlib.crc32` over the text that stands beside them.
describe('checksums of venues', () => {
  it('VE100 OKX and Bitget sum alternating levels up as they were written, signed', () => {
    const book = bookOf(
      [['3366.1', '7']],
      [
        ['3366.8', '9'],
        ['3368', '8'],
      ],
    );
    assert.notEqual(
      okxChecksum(book),
      okxChecksum(
        bookOf(
          [['3366.10', '7']],
          [
            ['3366.8', '9'],
            ['3368', '8'],
          ],
        ),
      ),
    );
    // 1.50:2.0:1.60:1
    assert.equal(okxChecksum(bookOf([['1.50', '2.0']], [['1.60', '1']])), -72_723_280);
  });

  it('VE100 when one side has ended the other goes on alone', () => {
    // 3366.1:7:3366.8:9:3366:6.0
    const book = bookOf(
      [
        ['3366', '6.0'],
        ['3366.1', '7'],
      ],
      [['3366.8', '9']],
    );
    assert.equal(okxChecksum(book), -2_079_531_942);
    assert.equal(okxChecksum(bookOf([], [])), 0);
  });

  it('VE100 levels beyond the 25th are not in the sum', () => {
    const sum = okxChecksum(bookOf(run(25, 1000, -1), run(25, 1001, 1)));
    assert.equal(okxChecksum(bookOf(run(30, 1000, -1), run(26, 1001, 1))), sum);
    assert.notEqual(okxChecksum(bookOf(run(24, 1000, -1), run(25, 1001, 1))), sum);
  });

  it('VE101 Bitfinex writes the sizes of asks below zero', () => {
    // 6000:1.5:6001:-0.3:5999:2:6002:-4e-7
    const book = bookOf(
      [
        ['6000', '1.5'],
        ['5999', '2'],
      ],
      [
        ['6001', '0.3'],
        ['6002', '4e-7'],
      ],
    );
    assert.equal(bitfinexChecksum(book), -498_499_624);
  });

  it('VE102 Kraken sums digits up, ten asks before ten bids', () => {
    // 500550050105005000500499515
    const book = bookOf(
      [
        ['0.05000', '0.00000500'],
        ['0.04995', '1.5'],
      ],
      [
        ['0.05005', '0.00000500'],
        ['0.05010', '0.00000500'],
      ],
    );
    assert.equal(krakenChecksum(book), 2_427_254_267);
    const sum = krakenChecksum(bookOf(run(10, 1000, -1), run(10, 1001, 1)));
    assert.equal(krakenChecksum(bookOf(run(12, 1000, -1), run(11, 1001, 1))), sum);
    assert.notEqual(krakenChecksum(bookOf(run(9, 1000, -1), run(10, 1001, 1))), sum);
  });

  it('VE102 zeros that a number lost on its way are put back for Kraken', () => {
    // 452852 100000, 452830 250000000, 452821 1000
    const book = bookOf(
      [
        ['45283', '2.5'],
        ['45282.1', '1e-05'],
      ],
      [['45285.2', '0.001']],
    );
    assert.equal(krakenChecksum(book, 1, 8), 970_568_156);
  });

  it('VE103 FTX writes every number as Python writes a float', () => {
    // 16.42:22.83:16.5:1e-05:16.0:5.0:17.25:0.30000000000000004
    const book = bookOf(
      [
        ['16.42', '22.83'],
        ['16', '5'],
      ],
      [
        ['16.5', '0.00001'],
        ['17.250', '0.30000000000000004'],
      ],
    );
    assert.equal(ftxChecksum(book), 2_464_670_340);
    assert.equal(
      ftxChecksum(
        bookOf(
          [
            ['16.42', '22.83'],
            ['16.0', '5.0'],
          ],
          [
            ['16.5', '1e-05'],
            ['17.25', '0.30000000000000004'],
          ],
        ),
      ),
      2_464_670_340,
    );
    const sum = ftxChecksum(bookOf(run(100, 1000, -1), run(100, 1001, 1)));
    assert.equal(ftxChecksum(bookOf(run(101, 1000, -1), run(100, 1001, 1))), sum);
    assert.notEqual(ftxChecksum(bookOf(run(99, 1000, -1), run(100, 1001, 1))), sum);
  });
});
