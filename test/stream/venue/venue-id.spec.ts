import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nextId, readId } from '../../../src/stream/venue/venue-id.js';

describe('Numbers of a venue', () => {
  it('VE4 are whole numbers from 0 up, and nothing else', () => {
    assert.deepEqual([readId('0'), readId('42'), readId('007')], [0, 42, 7]);
    for (const text of [undefined, '', '-1', '+1', '1.0', '1e3', ' 1', '0x1', '1n', 'x', '9'.repeat(41)]) {
      assert.equal(readId(text), undefined, text);
    }
  });

  it('VE4 are exact at any length: equal, less and next are those of the numbers themselves', () => {
    const edge = BigInt(Number.MAX_SAFE_INTEGER);
    const anyId = fc.oneof(
      fc.bigInt({ min: 0n, max: 2000n }),
      fc.bigInt({ min: edge - 3n, max: edge + 3n }),
      fc.bigInt({ min: 0n, max: 10n ** 40n - 2n }),
    );
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        const [left, right] = [readId(String(a))!, readId(String(b))!];
        assert.equal(left === right, a === b);
        assert.equal(left < right, a < b);
        assert.equal(nextId(left), readId(String(a + 1n)), 'the same kind of number as one that was read');
      }),
    );
  });
});
