import fc from 'fast-check';
import { add, compare, parseDecimal, subtract } from '../../src/book/decimal.js';
import type { Decimal } from '../../src/book/decimal.js';
import type { Fill, OrderEvent, OrderFacts, OrderRequest, VenueState } from '../../src/orders/order.js';

export const decimal = (text: string): Decimal => {
  const value = parseDecimal(text);
  if (value === undefined) throw new Error(`not a decimal: ${text}`);
  return value;
};

export const sameNumber = (a: Decimal | undefined, b: Decimal | undefined): boolean =>
  a === undefined || b === undefined ? a === b : compare(a, b) === 0;

export const request = (change: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: '01JD9Z6QAAAAAAAAAAAAAAAAAA',
  account: 'A-1',
  symbol: 'SCOM',
  side: 'buy',
  orderType: 'limit',
  quantity: '100',
  limitPrice: '17.50',
  stopPrice: null,
  timeInForce: 'day',
  createdAt: 1_000,
  ...change,
});

export const facts = (status: VenueState, filled: string, leaves: string, sequence?: number): OrderFacts => ({
  status,
  filled: decimal(filled),
  leaves: decimal(leaves),
  ...(sequence === undefined ? {} : { mark: { epoch: 'p1', sequence } }),
});

export const fill = (fillId: string, quantity: string, price = '17.50'): Fill => ({
  fillId,
  price: decimal(price),
  quantity: decimal(quantity),
  fee: decimal('0'),
  feeCurrency: 'KES',
  liquidity: 'maker',
});

/** What a venue truly did with one order of 100, as the events it told, and how the order stood in the end. */
export interface History {
  readonly events: readonly OrderEvent[];
  readonly truth: OrderFacts;
  readonly fillIds: readonly string[];
}

/** Histories of an order of 100: an acknowledgement, some fills, and perhaps an end. */
export const histories: fc.Arbitrary<History> = fc
  .record({
    fills: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
    end: fc.constantFrom<VenueState | undefined>(undefined, 'cancelled', 'expired'),
    firstSequence: fc.integer({ min: 1, max: 1000 }),
    hole: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ fills, end, firstSequence, hole }) => {
    let sequence = firstSequence;
    let filled = decimal('0');
    let truth = facts('open', '0', '100', sequence);
    const events: OrderEvent[] = [{ type: 'ack', facts: truth }];
    const fillIds: string[] = [];
    for (const size of fills) {
      const left = subtract(decimal('100'), filled);
      const quantity = compare(decimal(String(size)), left) > 0 ? left : decimal(String(size));
      if (compare(quantity, decimal('0')) === 0) break;
      filled = add(filled, quantity);
      sequence += hole;
      const leaves = subtract(decimal('100'), filled);
      const status = compare(leaves, decimal('0')) === 0 ? 'filled' : 'partially_filled';
      truth = { status, filled, leaves, mark: { epoch: 'p1', sequence } };
      const fillId = `f-${fillIds.length}`;
      fillIds.push(fillId);
      events.push({ type: 'fill', fill: { ...fill(fillId, '1'), quantity }, facts: truth });
    }
    if (end !== undefined && truth.status !== 'filled') {
      truth = { status: end, filled, leaves: decimal('0'), mark: { epoch: 'p1', sequence: sequence + hole } };
      events.push({ type: 'cancelled', facts: truth });
    }
    return { events, truth, fillIds };
  });

/** The same events in any order, some twice, some never. */
export const disturbed = (history: History, keepAll: boolean): fc.Arbitrary<OrderEvent[]> => {
  const twice = [...history.events, ...history.events];
  const minLength = keepAll ? twice.length : 0;
  return fc.shuffledSubarray(twice, { minLength, maxLength: twice.length });
};
