import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Big from 'big.js';
import fc from 'fast-check';
import { Book } from '../../src/book/book.js';
import { formatDecimal } from '../../src/book/decimal.js';
import type { Instrument } from '../../src/book/instrument.js';
import { estimateOrder, reservationTerms } from '../../src/orders/estimate.js';
import type { Estimate, EstimateInput } from '../../src/orders/estimate.js';
import { reservedBy } from '../../src/orders/ledger.js';
import { minorDecimals } from '../../src/orders/money.js';
import { createOrder, reduceOrder } from '../../src/orders/order.js';
import type { Order, OrderRequest } from '../../src/orders/order.js';
import { decimal, facts, request } from './venue-history.js';

const SCOM: Instrument = { symbol: 'SCOM', currency: 'KES', tickSize: '0.05', lotSize: '100', takerFee: '0.0012' };
const book = new Book('SCOM');
book.applySnapshot({
  epoch: 'e',
  sequence: 1,
  bids: [
    ['17.50', '1200'],
    ['17.45', '800'],
  ],
  asks: [
    ['17.55', '900'],
    ['17.60', '400'],
  ],
  eventTime: 0,
});

const order = (side: 'buy' | 'sell', quantity: string, limit?: string, stop?: string): EstimateInput => ({
  side,
  orderType: stop ? (limit ? 'stop_limit' : 'stop') : limit ? 'limit' : 'market',
  quantity: decimal(quantity),
  limitPrice: limit === undefined ? undefined : decimal(limit),
  stopPrice: stop === undefined ? undefined : decimal(stop),
});

const told = (estimate: Estimate | undefined) =>
  estimate && {
    now: formatDecimal(estimate.filled),
    rests: formatDecimal(estimate.rests),
    fee: formatDecimal(estimate.fee, 2),
    total: estimate.total && formatDecimal(estimate.total, 2),
  };

describe('estimateOrder', () => {
  it('OR60 a limit that rests costs its price and the fee, rounded up', () => {
    const input = order('buy', '1200', '17.45');
    const estimate = estimateOrder(input, book, SCOM);
    assert.deepEqual(told(estimate), { now: '0', rests: '1200', fee: '25.13', total: '20965.13' });
    const terms = reservationTerms({ ...input, symbol: 'SCOM' }, estimate, SCOM);
    assert.equal(formatDecimal(reservedBy(terms!, input.quantity), 2), '20965.13');
  });

  it('OR61 a marketable limit fills what it meets and rests with what is left', () => {
    const estimate = estimateOrder(order('buy', '1500', '17.60'), book, SCOM);
    assert.equal(told(estimate)?.now, '1300');
    assert.equal(told(estimate)?.rests, '200');
    assert.equal(estimate?.exceedsVisible, false);
  });

  it('OR62 a market order that runs out of visible levels has no total', () => {
    const estimate = estimateOrder(order('buy', '1400'), book, SCOM);
    assert.equal(estimate?.exceedsVisible, true);
    assert.equal(estimate?.total, undefined);
    assert.equal(reservationTerms({ ...order('buy', '1400'), symbol: 'SCOM' }, estimate, SCOM), undefined);
  });

  it('OR63 a sale brings its proceeds less the fee, rounded down, and holds pieces', () => {
    const input = order('sell', '100', '17.55');
    const estimate = estimateOrder(input, book, SCOM);
    assert.deepEqual(told(estimate), { now: '0', rests: '100', fee: '2.11', total: '1752.89' });
    const terms = reservationTerms({ ...input, symbol: 'SCOM' }, estimate, SCOM);
    assert.equal(terms?.asset, 'position:SCOM');
    assert.equal(formatDecimal(reservedBy(terms!, input.quantity)), '100');
  });

  it('OR64 a market buy holds back the worst price it would pay and room to move', () => {
    const input = order('buy', '1000');
    const terms = reservationTerms({ ...input, symbol: 'SCOM' }, estimateOrder(input, book, SCOM), SCOM);
    // 1000 x 17.60 x 1.02 x 1.0012
    assert.equal(formatDecimal(reservedBy(terms!, input.quantity)), '17973.55');
  });

  it('OR65 a stop waits whole, whatever the book shows', () => {
    assert.equal(told(estimateOrder(order('buy', '100', undefined, '17.70'), undefined, SCOM))?.rests, '100');
    assert.equal(estimateOrder(order('buy', '100'), undefined, SCOM), undefined);
  });

  it('OR66 amounts are counted as finely as their currency', () => {
    assert.deepEqual(['KES', 'JPY', 'KWD', 'BTC', 'USDT', undefined].map(minorDecimals), [2, 0, 3, 8, 8, 8]);
  });

  it('OR67 cost is never understated and proceeds never overstated', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 13_000 }).map((tenths) => tenths / 10),
        fc.constantFrom('buy' as const, 'sell' as const),
        (quantity, side) => {
          const estimate = estimateOrder(order(side, String(quantity)), book, SCOM)!;
          let left = new Big(quantity);
          let notional = new Big(0);
          const levels: [number, number][] =
            side === 'buy'
              ? [
                  [17.55, 900],
                  [17.6, 400],
                ]
              : [
                  [17.5, 1200],
                  [17.45, 800],
                ];
          for (const [price, size] of levels) {
            const taken = left.lt(size) ? left : new Big(size);
            notional = notional.plus(new Big(price).times(taken));
            left = left.minus(taken);
          }
          const exact = side === 'buy' ? notional.times('1.0012') : notional.times('0.9988');
          const total = new Big(formatDecimal(estimate.total!));
          const away = side === 'buy' ? total.minus(exact) : exact.minus(total);
          assert.ok(away.gte(0) && away.lt('0.02'), `${quantity} ${side}: off by ${away.toString()}`);
        },
      ),
    );
  });

  it('OR145 the estimate says what is filled and unfilled, at which prices, for how much, over how many levels and how old', () => {
    const { vwap, worst, notional, ...rest } = estimateOrder(order('buy', '1400'), book, SCOM, { ageMs: 120 })!;
    const { filled, unfilled, levels, exceedsVisible, ageMs } = rest;
    assert.deepEqual(
      [filled, unfilled].map((value) => formatDecimal(value)),
      ['1300', '100'],
    );
    assert.deepEqual(
      [vwap, worst, notional].map((value) => formatDecimal(value!)),
      ['17.565385', '17.6', '22835'],
    );
    assert.deepEqual([levels, exceedsVisible, ageMs], [2, true, 120]);
    const empty = new Book('SCOM');
    empty.applySnapshot({ epoch: 'e', sequence: 1, bids: [['17.50', '1']], asks: [], eventTime: 0 });
    const beyond = estimateOrder(order('buy', '100'), empty, SCOM)!;
    assert.deepEqual([beyond.exceedsVisible, beyond.levels, beyond.total], [true, 0, undefined]);
  });

  it('OR210 of what a limit would take beyond the levels that are known nothing is said', () => {
    const cut = new Book('SCOM');
    const asks = [
      ['17.55', '900'],
      ['17.60', '400'],
    ] as const;
    cut.applySnapshot({ epoch: 'e', sequence: 1, bids: [['17.50', '1200']], asks, eventTime: 0, depth: 2, covers: 2 });
    const cheap = { ...SCOM, makerFee: '0' };
    const estimate = estimateOrder(order('buy', '5000', '18.00'), cut, cheap)!;
    assert.deepEqual([estimate.exceedsVisible, estimate.total], [true, undefined]);
    // 1,300 for 22,835 and 3,700 that may be taken at 18 at the worst, all at the taker's rate.
    assert.deepEqual([formatDecimal(estimate.rests), formatDecimal(estimate.fee, 2)], ['3700', '107.33']);
    const whole = estimateOrder({ ...order('buy', '5000', '18.00'), timeInForce: 'fok' }, cut, cheap)!;
    assert.deepEqual([formatDecimal(whole.filled), whole.exceedsVisible, whole.total], ['1300', true, undefined]);
    // Up to where it is known, all is said; and so it is where the side has no more levels than these.
    assert.equal(estimateOrder(order('buy', '5000', '17.60'), cut, cheap)!.exceedsVisible, false);
    assert.equal(estimateOrder(order('buy', '5000', '18.00'), book, cheap)!.exceedsVisible, false);
    const none = estimateOrder({ ...order('buy', '5000', '18.00'), timeInForce: 'fok' }, book, cheap)!;
    assert.deepEqual([formatDecimal(none.filled), formatDecimal(none.total!)], ['0', '0']);
  });

  it('OR213 amounts are counted in the minor units of ISO 4217, whatever the engine thinks of them', () => {
    const units = { KES: 2, HUF: 2, IDR: 2, PKR: 2, IQD: 3, KWD: 3, JPY: 0, UGX: 0, RWF: 0, CLF: 4, USDT: 8 };
    for (const [currency, decimals] of Object.entries(units)) assert.equal(minorDecimals(currency), decimals, currency);
  });

  it('OR146 the fee is the taker’s on what fills at once and the maker’s on what rests; a triggered stop takes', () => {
    const cheap = { ...SCOM, makerFee: '0.0002' };
    const fee = (input: EstimateInput, instrument: Instrument) =>
      formatDecimal(estimateOrder(input, book, instrument)!.fee, 2);
    // 900 x 17.55 x 0.0012 = 18.954, and 300 x 17.55 x 0.0002 = 1.053
    assert.equal(fee(order('buy', '1200', '17.55'), cheap), '20.01');
    assert.equal(fee(order('buy', '1200', '17.55'), SCOM), '25.28');
    assert.equal(fee(order('buy', '100', undefined, '17.70'), cheap), '2.13');
    const input = { ...order('buy', '100', '17.45'), symbol: 'SCOM' };
    const terms = reservationTerms(input, estimateOrder(input, book, cheap), cheap);
    assert.equal(formatDecimal(terms!.feeRate), '0.0012', 'held back is the dearer one');
    const dear = { ...SCOM, makerFee: '0.002' };
    assert.equal(formatDecimal(reservationTerms(input, undefined, dear)!.feeRate), '0.002');
  });

  it('OR147 what own orders show is not there to be taken', () => {
    const own = (change: Partial<OrderRequest>) =>
      reduceOrder(createOrder(request({ side: 'sell', limitPrice: '17.55', ...change })), {
        type: 'ack',
        facts: facts('open', '0', change.quantity ?? '100'),
      }).order;
    const filled = (...orders: Order[]) => {
      const { filled: now, worst } = estimateOrder(order('buy', '900'), book, SCOM, { own: orders })!;
      return `${formatDecimal(now)} to ${formatDecimal(worst!)}`;
    };
    assert.equal(filled(own({ side: 'buy', limitPrice: '17.50' })), '900 to 17.55');
    assert.equal(filled(own({ quantity: '200' })), '900 to 17.6');
    assert.equal(filled(own({ quantity: '900' })), '400 to 17.6');
    assert.equal(filled(own({ quantity: '900', displayQuantity: '300' }), own({ quantity: '300' })), '700 to 17.6');
    assert.equal(filled(createOrder(request({ side: 'sell', limitPrice: '17.55' }))), '900 to 17.55', 'not there yet');
    const stop = { orderType: 'stop_limit', stopPrice: '17.00', quantity: '900' } as const;
    assert.equal(filled(own(stop)), '900 to 17.55', 'not triggered');
  });

  it('OR161 before the end of an auction nothing fills at once, whatever the book shows: all of it rests at its limit', () => {
    const estimate = estimateOrder({ ...order('buy', '1000', '17.60'), isAuction: true }, book, SCOM)!;
    const { filled, unfilled, rests, restsAt, notional, total } = estimate;
    assert.deepEqual(
      [filled, unfilled, rests, restsAt, notional].map((value) => formatDecimal(value!)),
      ['0', '1000', '1000', '17.6', '0'],
    );
    // With the fee of 21.12.
    assert.equal(formatDecimal(total!, 2), '17621.12');
    assert.deepEqual([estimate.vwap, estimate.worst, estimate.slippage], [undefined, undefined, undefined]);
  });

  it('OR148 what is at once or never leaves nothing resting', () => {
    const of = (timeInForce: 'day' | 'ioc' | 'fok', quantity: string) => {
      const estimate = estimateOrder({ ...order('buy', quantity, '17.55'), timeInForce }, book, SCOM)!;
      return [estimate.filled, estimate.unfilled, estimate.rests].map((value) => formatDecimal(value)).join(' ');
    };
    assert.equal(of('day', '1000'), '900 100 100');
    assert.equal(of('ioc', '1000'), '900 100 0');
    assert.equal(of('fok', '1000'), '0 1000 0');
    assert.equal(of('fok', '900'), '900 0 0');
  });
});
