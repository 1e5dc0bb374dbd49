import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Book } from '../../src/book/book.js';
import type { LevelText } from '../../src/book/book.js';
import { add, compare, formatDecimal, multiply } from '../../src/book/decimal.js';
import type { Instrument } from '../../src/book/instrument.js';
import { TickTable } from '../../src/book/tick-table.js';
import { mostOf, quantityForMoney, type Market } from '../../src/orders/amount.js';
import { offerOf } from '../../src/orders/combinations.js';
import { estimateOrder, reservationTerms } from '../../src/orders/estimate.js';
import { reservedBy } from '../../src/orders/ledger.js';
import { separatorsOf } from '../../src/orders/number-input.js';
import { EMPTY_DRAFT, readDraft } from '../../src/orders/ticket.js';
import { validateOrder } from '../../src/orders/validate.js';
import { decimal } from './venue-history.js';

const SCOM: Instrument = { symbol: 'SCOM', currency: 'KES', tickSize: '0.05', lotSize: '100', takerFee: '0.0012' };

function bookOf(bids: readonly LevelText[], asks: readonly LevelText[]): Book {
  const book = new Book('SCOM');
  book.applySnapshot({ epoch: 'e', sequence: 1, bids, asks, eventTime: 0 });
  return book;
}

const usual = bookOf(
  [
    ['17.50', '1200'],
    ['17.45', '800'],
  ],
  [
    ['17.55', '900'],
    ['17.60', '400'],
  ],
);

function market(
  side: 'buy' | 'sell',
  prices: { limit?: string; stop?: string } = {},
  change: Partial<Market> = {},
): Market {
  const { limit, stop } = prices;
  const orderType = stop ? (limit ? 'stop_limit' : 'stop') : limit ? 'limit' : 'market';
  const limitPrice = limit === undefined ? undefined : decimal(limit);
  const stopPrice = stop === undefined ? undefined : decimal(stop);
  return { input: { side, orderType, limitPrice, stopPrice }, book: usual, instrument: SCOM, own: [], ...change };
}

const pieces = (money: string, of: Market): string | undefined => {
  const quantity = quantityForMoney(decimal(money), of);
  return quantity && formatDecimal(quantity);
};
const most = (available: string, of: Market): string => {
  const { quantity, limit } = mostOf(decimal(available), of)!;
  return `${formatDecimal(quantity)} ${limit}`;
};

const priced = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const, 'stop_limit' as const),
  tick: fc.constantFrom('0.01', '0.05', '0.0003', '2', '0.125'),
  ticks: fc.integer({ min: 50, max: 20_000 }),
  levels: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 6 }),
  lot: fc.constantFrom('1', '100', '0.001', '0.7'),
  taker: fc.constantFrom('0', '0.0012', '0.00037', '0.3'),
  maker: fc.constantFrom(undefined, '0', '0.01'),
  currency: fc.constantFrom('KES', 'JPY', 'BTC'),
  cents: fc.integer({ min: 0, max: 500_000_000 }),
  maxQuantity: fc.constantFrom(undefined, '500'),
  maxNotional: fc.constantFrom(undefined, '12345.67'),
  minNotional: fc.constantFrom(undefined, '1000'),
});

type Case = typeof priced extends fc.Arbitrary<infer Value> ? Value : never;

function setUp(of: Case) {
  const at = (n: number): string => formatDecimal(multiply(decimal(of.tick), decimal(String(n))));
  const bids = of.levels.map((size, i): LevelText => [at(of.ticks - 1 - i), String(size)]);
  const asks = of.levels.map((size, i): LevelText => [at(of.ticks + i), String(size)]);
  const instrument = JSON.parse(
    JSON.stringify({
      ...{ symbol: 'SCOM', currency: of.currency, tickSize: of.tick, lotSize: of.lot, takerFee: of.taker },
      ...{ makerFee: of.maker, maxQuantity: of.maxQuantity, maxNotional: of.maxNotional, minNotional: of.minNotional },
    }),
  ) as Instrument;
  const limit = of.type === 'limit' || of.type === 'stop_limit' ? { limit: at(of.ticks + 1) } : {};
  const stop = of.type === 'stop' || of.type === 'stop_limit' ? { stop: at(of.ticks + 2) } : {};
  return market(of.side, { ...limit, ...stop }, { book: bookOf(bids, asks), instrument });
}

describe('amounts', () => {
  it('OR152 money becomes whole lots: through the book, then at the limit or the trigger, never more than the money', () => {
    assert.equal(pieces('20000', market('buy')), '1100');
    assert.equal(pieces('1754.99', market('buy')), '0');
    assert.equal(pieces('1755', market('buy')), '100');
    assert.equal(pieces('22835', market('buy')), '1300');
    assert.equal(pieces('30000', market('buy')), '1700', 'more than is shown stays more than is shown');
    assert.equal(pieces('17450', market('buy', { limit: '17.45' })), '1000');
    assert.equal(pieces('17550', market('buy', { limit: '17.55' })), '1000');
    assert.equal(pieces('17700', market('buy', { stop: '17.70' })), '1000');
    assert.equal(pieces('21000', market('sell')), '1200');
    assert.equal(pieces('1000', market('buy', {}, { book: undefined })), undefined);
    assert.equal(pieces('1000', market('buy', {}, { book: bookOf([], []) })), undefined);
    fc.assert(
      fc.property(priced, (of) => {
        const at = setUp(of);
        const money = { units: BigInt(of.cents), scale: 2 };
        const quantity = quantityForMoney(money, at)!;
        const costOf = (amount: typeof quantity) => {
          const { notional, rests, restsAt, exceedsVisible } = estimateOrder(
            { ...at.input, quantity: amount },
            at.book,
            at.instrument,
          )!;
          return exceedsVisible ? undefined : restsAt ? add(notional, multiply(rests, restsAt)) : notional;
        };
        const cost = compare(quantity, decimal('0')) > 0 ? costOf(quantity) : decimal('0');
        assert.ok(cost === undefined || compare(cost, money) <= 0);
        const more = costOf(add(quantity, decimal(of.lot)));
        assert.ok(more === undefined || compare(more, money) > 0);
      }),
    );
  });

  it('OR161 before the end of an auction money counts at the limit, not at what the book shows', () => {
    const { input, ...rest } = market('buy', { limit: '20.00' });
    assert.equal(pieces('20000', { input, ...rest }), '1100');
    assert.equal(pieces('20000', { input: { ...input, isAuction: true }, ...rest }), '1000');
  });

  it('OR153 the most that is available passes every check of size and balance, and one lot more does not', () => {
    fc.assert(
      fc.property(priced, (of) => {
        const at = setUp(of);
        const available = { units: BigInt(of.cents), scale: 2 };
        const { quantity, limit } = mostOf(available, at)!;
        const judge = (amount: typeof quantity): string[] => {
          const input = { ...at.input, quantity: amount, symbol: 'SCOM' };
          const estimate = estimateOrder(input, at.book, at.instrument);
          const terms = reservationTerms(input, estimate, at.instrument);
          const required = terms && reservedBy(terms, amount);
          const { limitPrice, stopPrice, side, orderType } = at.input;
          const text = (value: typeof limitPrice): string => (value ? formatDecimal(value) : '');
          const draft = {
            ...{ ...EMPTY_DRAFT, side, orderType, quantity: text(amount) },
            ...{ limitPrice: text(limitPrice), stopPrice: text(stopPrice) },
          };
          const numbers = { ...readDraft(EMPTY_DRAFT, separatorsOf('en')), quantity: amount, limitPrice, stopPrice };
          return validateOrder(draft, numbers, {
            instrument: at.instrument,
            tickTable: TickTable.of(at.instrument!),
            offer: offerOf(at.instrument, undefined),
            ...{ timeInForce: 'day', phase: 'continuous', book: at.book, lastPrice: undefined, now: 0, estimate },
            verdict: { state: 'live', reason: 'ok', verified: { by: 'sequence' }, since: 0, dataAt: 0 },
            funds: required && { required, available, asset: 'x' },
            ownOrders: [],
            isAccountReady: true,
          })
            .filter(({ severity }) => severity === 'error')
            .map(({ code }) => code);
        };
        if (compare(quantity, decimal('0')) > 0) assert.deepEqual(judge(quantity), []);
        else assert.notEqual(limit, 'max_quantity');
        const more = judge(add(quantity, decimal(of.lot)));
        const why = {
          ...{ balance: 'not_enough', lot: 'not_enough', book: 'exceeds_visible', max_quantity: 'above_maximum' },
          ...{ max_notional: 'notional_too_large', min_quantity: 'below_minimum', min_notional: 'notional_too_small' },
          slippage: more.includes('no_reference') ? 'no_reference' : 'slippage',
        }[limit];
        if (limit !== 'min_notional') assert.ok(more.includes(why), `${limit}: ${more.join()}`);
      }),
      { numRuns: 300 },
    );
  });

  it('OR153 in a thin book the most of a market order ends where its slippage would refuse it', () => {
    const thin = (bids: readonly LevelText[], asks: readonly LevelText[]) => ({ book: bookOf(bids, asks) });
    // The mid is 10: an average of 11 is refused, and 1,000 at 10.10 with n at 20 reach it at n = 100.
    const asks: readonly LevelText[] = [
      ['10.10', '1000'],
      ['20.00', '5000'],
    ];
    assert.equal(most('1000000', market('buy', {}, thin([['9.90', '1000']], asks))), '1000 slippage');
    const bids: readonly LevelText[] = [
      ['9.90', '1000'],
      ['1.00', '5000'],
    ];
    assert.equal(most('6000', market('sell', {}, thin(bids, [['10.10', '1000']]))), '1100 slippage');
    // Without a mid nobody knows how far it goes.
    assert.equal(most('1000000', market('buy', {}, thin([], asks))), '0 slippage');
  });

  it('OR154 what limits the most is named, also where nothing can be ordered', () => {
    const limit = { limit: '17.45' };
    const narrow = (change: Partial<Instrument>) => ({ instrument: { ...SCOM, ...change } });
    assert.equal(most('20965.13', market('buy', limit)), '1200 balance');
    assert.equal(most('20965.12', market('buy', limit)), '1100 balance');
    assert.equal(most('0', market('buy', limit)), '0 balance');
    assert.equal(most('-5', market('buy', limit)), '0 balance');
    assert.equal(most('100', market('buy', limit)), '0 lot');
    assert.equal(most('350', market('sell', limit)), '300 balance');
    assert.equal(most('90000', market('buy')), '1300 book');
    assert.equal(most('17973.55', market('buy')), '1000 balance');
    assert.equal(most('90000', market('buy', limit, narrow({ maxQuantity: '950' }))), '900 max_quantity');
    assert.equal(most('90000', market('buy', limit, narrow({ maxNotional: '5000' }))), '200 max_notional');
    assert.equal(most('90000', market('buy', {}, narrow({ maxNotional: '5265' }))), '300 max_notional');
    assert.equal(most('5000', market('buy', limit, narrow({ minQuantity: '300' }))), '0 min_quantity');
    assert.equal(most('5000', market('buy', limit, narrow({ minNotional: '4000' }))), '0 min_notional');
    assert.equal(mostOf(decimal('5000'), { ...market('buy'), book: undefined }), undefined);
  });
});
