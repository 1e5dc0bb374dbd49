import assert from 'node:assert/strict';
import type { OrderRequest, PrivateEvent } from '../../src/sim/desk-types.js';
import { Exchange, offerings } from '../../src/sim/index.js';
import type { ExchangeOptions } from '../../src/sim/exchange.js';
import type { Instrument } from '../../src/book/instrument.js';

export const START = 1_795_339_254_616;

export const make = (
  options: { seed?: number; symbols?: NonNullable<ExchangeOptions['symbols']>; ratePerSymbol?: number } = {},
): Exchange => new Exchange({ startMs: START, epoch: 'e1', ...options });

export const order = (given: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'order-0001',
  account: 'A-1',
  symbol: 'SCOM',
  side: 'buy',
  orderType: 'limit',
  quantity: '100',
  limitPrice: '16.00',
  stopPrice: null,
  timeInForce: 'day',
  ...given,
});

export const listen = (exchange: Exchange, account = 'A-1'): PrivateEvent[] => {
  const events: PrivateEvent[] = [];
  exchange.desk.listen(account, (event) => events.push(event));
  return events;
};

/** The first so many, with other rules. */
export const ruled = (count: number, given: Partial<Instrument>): NonNullable<ExchangeOptions['symbols']> =>
  offerings(count).map(({ instrument, referencePrice }) => ({
    referencePrice,
    instrument: { ...instrument, ...given },
  }));

/** Cash and shares are all where they were issued to. */
export const balanced = (exchange: Exchange): void => {
  const { issuedCash, accountCash, crowdCash, fees, shares } = exchange.audit();
  assert.equal(accountCash + crowdCash + fees, issuedCash);
  for (const { issued, accounts, crowd } of shares) assert.equal(accounts + crowd, issued);
};
