import type { OrderRequest, PrivateEvent } from '../../src/sim/desk-types.js';
import { Exchange } from '../../src/sim/index.js';

export const START = 1_795_339_254_616;

export const make = (options: { seed?: number; symbols?: number; ratePerSymbol?: number } = {}): Exchange =>
  new Exchange({ startMs: START, epoch: 'e1', ...options });

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
