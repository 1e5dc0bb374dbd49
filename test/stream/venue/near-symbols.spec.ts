import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearSymbols } from '../../../src/stream/venue/near-symbols.js';

const KNOWN = ['BTC/USD', 'BTC/USDT', 'ETH/USD', 'ETH/BTC', 'DOGE/USD', 'SOL/USD', 'PI_XBTUSD'];

describe('nearSymbols', () => {
  it('VE5 finds a symbol that is only written otherwise', () => {
    for (const wanted of ['BTC/USD', 'BTC-USD', 'btcusd', 'xbt/usd', 'BTC_USD']) {
      assert.equal(nearSymbols(wanted, KNOWN)[0], 'BTC/USD', wanted);
    }
    assert.equal(nearSymbols('XDGUSD', KNOWN)[0], 'DOGE/USD');
    assert.equal(nearSymbols('pi_btcusd', KNOWN)[0], 'PI_XBTUSD');
  });

  it('VE5 gives the nearest first, the shorter of two, and no more than asked for', () => {
    assert.deepEqual(nearSymbols('BTCUS', KNOWN), ['BTC/USD']);
    assert.deepEqual(nearSymbols('BTCUSD', KNOWN), ['BTC/USD', 'BTC/USDT', 'ETH/USD']);
    assert.deepEqual(nearSymbols('BTCUSD', KNOWN, 1), ['BTC/USD']);
    assert.deepEqual(nearSymbols('ABCD', ['ABCE', 'BCD']), ['BCD', 'ABCE']);
    assert.deepEqual(nearSymbols('ABCD', ['ABCF', 'ABCE']), ['ABCE', 'ABCF']);
  });

  it('VE5 gives none where nothing is like it', () => {
    assert.deepEqual(nearSymbols('SCOM', KNOWN), []);
    assert.deepEqual(nearSymbols('BTCUSD', []), []);
    assert.deepEqual(nearSymbols('', KNOWN), []);
  });
});
