import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Account } from '../../src/sim/account.js';

describe('Account', () => {
  it('SX19 an account that would owe cash or shares throws: that is a mistake of ours', () => {
    const account = new Account('A-1', 1_000n);
    account.receive('SCOM', 100, 175_000n);
    account.reserveCash(600n);
    account.reserveShares('SCOM', 60);
    assert.throws(() => account.reserveCash(401n), /1001 cents reserved of 1000/);
    assert.throws(() => new Account('B-2', 10n).credit(-11n), /reserved of -1/);
    assert.throws(() => account.deliver('SCOM', 41), /60 SCOM reserved of 59/);
    assert.throws(() => new Account('C-3', 0n).reserveShares('KCB', -1), /-1 KCB reserved/);
  });

  it('SX18 the average cost is what the shares cost, fees apart, and a sale leaves it', () => {
    const account = new Account('A-1', 0n);
    account.receive('SCOM', 300, 507_000n);
    account.receive('SCOM', 100, 175_000n);
    assert.equal(account.positions('SCOM')[0]?.averageCost, '17.05');
    account.deliver('SCOM', 100);
    assert.equal(account.positions('SCOM')[0]?.averageCost, '17.05');
    account.deliver('SCOM', 300);
    assert.deepEqual(account.positions('SCOM')[0], {
      symbol: 'SCOM',
      quantity: '0',
      available: '0',
      averageCost: '0.00',
    });
  });
});
