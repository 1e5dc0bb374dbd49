import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Book } from '../../src/book/book.js';
import type { LevelText } from '../../src/book/book.js';
import { formatDecimal } from '../../src/book/decimal.js';
import type { Instrument } from '../../src/book/instrument.js';
import { TickTable } from '../../src/book/tick-table.js';
import { estimateOrder } from '../../src/orders/estimate.js';
import { offerOf } from '../../src/orders/combinations.js';
import { separatorsOf } from '../../src/orders/number-input.js';
import { createOrder } from '../../src/orders/order.js';
import { EMPTY_DRAFT, readDraft } from '../../src/orders/ticket.js';
import type { TicketDraft } from '../../src/orders/ticket.js';
import { maySend, validateOrder } from '../../src/orders/validate.js';
import type { OrderIssue, ValidationContext } from '../../src/orders/validate.js';
import type { Verdict } from '../../src/stream/verdict.js';
import { decimal, request } from './venue-history.js';

const english = separatorsOf('en');
const SCOM: Instrument = {
  symbol: 'SCOM',
  currency: 'KES',
  tickTable: [
    ['0', '0.01'],
    ['5', '0.02'],
    ['10', '0.05'],
    ['50', '0.25'],
  ],
  lotSize: '100',
  priceBand: ['15.75', '19.25'],
  takerFee: '0.0012',
};

const live: Verdict = { state: 'live', reason: 'ok', verified: { by: 'sequence' }, since: 0, dataAt: 10_000 };

function bookOf(bids: readonly LevelText[], asks: readonly LevelText[]): Book {
  const book = new Book('SCOM');
  book.applySnapshot({ epoch: 'e', sequence: 1, bids, asks, eventTime: 0 }, true);
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
    ['21.00', '5000'],
  ],
);

function issuesOf(draft: Partial<TicketDraft>, context: Partial<ValidationContext> = {}): OrderIssue[] {
  const whole: TicketDraft = { ...EMPTY_DRAFT, quantity: '100', limitPrice: '17.50', stopPrice: '17.70', ...draft };
  const numbers = readDraft(whole, english);
  const instrument = context.instrument ?? SCOM;
  const book = 'book' in context ? context.book : usual;
  const estimate =
    numbers.quantity &&
    estimateOrder(
      { ...whole, ...numbers, quantity: numbers.quantity, timeInForce: whole.timeInForce || 'day' },
      book,
      instrument,
    );
  return validateOrder(whole, numbers, {
    instrument,
    tickTable: TickTable.of(instrument),
    offer: offerOf(instrument, undefined),
    timeInForce: whole.timeInForce || 'day',
    phase: 'continuous',
    book,
    lastPrice: decimal('17.55'),
    verdict: live,
    now: 10_100,
    estimate,
    ownOrders: [],
    isAccountReady: true,
    ...context,
  });
}

const codes = (issues: readonly OrderIssue[]): string[] => issues.map(({ code, severity }) => `${severity}:${code}`);
const nearest = (issues: readonly OrderIssue[]): string[] =>
  issues[0]?.nearest?.map((value) => formatDecimal(value)) ?? [];

describe('validateOrder', () => {
  it('OR40 a good limit order has nothing wrong with it', () => {
    assert.deepEqual(issuesOf({}), []);
  });

  it('OR41 a shut market refuses, an auction takes limits only, an instrument names its types', () => {
    assert.deepEqual(codes(issuesOf({}, { phase: 'closed' })), ['error:market_closed']);
    assert.deepEqual(codes(issuesOf({}, { phase: 'halted' })), ['error:market_halted']);
    assert.deepEqual(codes(issuesOf({}, { phase: 'auction' })), []);
    assert.deepEqual(codes(issuesOf({ orderType: 'market' }, { phase: 'pre_open' })), ['error:auction_limit_only']);
    const limitOnly = { ...SCOM, orderTypes: ['limit'] as const };
    assert.deepEqual(codes(issuesOf({ orderType: 'market' }, { instrument: limitOnly })), ['error:type_not_offered']);
  });

  it('OR160 an option that an auction does not take is refused at its own field, and nothing else is said of it', () => {
    for (const phase of ['pre_open', 'auction'] as const) {
      const offer = offerOf({ ...SCOM, postOnly: true }, undefined, phase);
      const fieldsOf = (draft: Partial<TicketDraft>): string[] =>
        issuesOf(draft, { phase, offer }).map(({ code, field, params }) => `${code} ${field} ${params['bar']}`);
      assert.deepEqual(fieldsOf({ timeInForce: 'ioc' }), ['option_barred timeInForce auction']);
      assert.deepEqual(fieldsOf({ timeInForce: 'gtc' }), []);
      // Above the best ask.
      assert.deepEqual(fieldsOf({ postOnly: true, limitPrice: '17.70' }), ['option_barred postOnly auction']);
      const market = codes(issuesOf({ orderType: 'market', quantity: '100000000' }, { phase, offer }));
      assert.deepEqual(market, ['error:auction_limit_only']);
    }
  });

  it('OR42 what is missing, no number or not above zero is told by field', () => {
    const issues = issuesOf({ quantity: '', limitPrice: '1,7.5' });
    assert.deepEqual(
      issues.map(({ code, field }) => `${field}:${code}`),
      ['quantity:required', 'limitPrice:not_a_number'],
    );
    assert.deepEqual(codes(issuesOf({ quantity: '0' })), ['error:not_positive']);
    assert.equal(issuesOf({ limitPrice: 'Infinity' })[0]?.code, 'not_a_number');
  });

  it('OR43 a price off the tick of its own band offers the two nearest, and never rounds', () => {
    assert.deepEqual(nearest(issuesOf({ limitPrice: '17.52' })), ['17.5', '17.55']);
    const cheap = { ...SCOM, priceBand: ['1', '99'] as const };
    assert.deepEqual(nearest(issuesOf({ limitPrice: '9.99' }, { instrument: cheap })), ['9.98', '10']);
    assert.deepEqual(nearest(issuesOf({ limitPrice: '4.995' }, { instrument: cheap })), ['4.99', '5']);
    assert.deepEqual(codes(issuesOf({ limitPrice: '50.05' }, { instrument: cheap })).slice(0, 1), ['error:off_tick']);
    const unbound = { ...SCOM, priceBand: undefined as never };
    assert.deepEqual(nearest(issuesOf({ limitPrice: '0.001' }, { instrument: unbound })), ['0.01']);
    // What is offered passes the other rules as well.
    assert.deepEqual(nearest(issuesOf({ limitPrice: '0.001' }, { instrument: cheap })), ['1']);
    assert.deepEqual(nearest(issuesOf({ limitPrice: '19.26' })), ['19.25']);
  });

  it('OR214 a price in the spelling of another language is refused and offered as it can only be meant', () => {
    assert.deepEqual(codes(issuesOf({ limitPrice: '17,45' })), ['error:not_a_number']);
    assert.deepEqual(nearest(issuesOf({ limitPrice: '17,45' })), ['17.45']);
    assert.deepEqual(nearest(issuesOf({ limitPrice: '1.234,50' })), ['1234.5']);
    for (const text of ['1,7.5', 'dear', '1,234.567,8', '0,0']) {
      assert.deepEqual(nearest(issuesOf({ limitPrice: text })), [], text);
    }
  });

  it('OR44 a quantity off the lot offers the two nearest lots, and never none', () => {
    assert.deepEqual(nearest(issuesOf({ quantity: '250' })), ['200', '300']);
    assert.deepEqual(nearest(issuesOf({ quantity: '30' })), ['100']);
  });

  it('OR45 a price outside the day’s band offers its edge on the grid', () => {
    const issues = issuesOf({ limitPrice: '19.30' });
    assert.equal(issues[0]?.code, 'outside_band');
    assert.deepEqual(nearest(issues), ['19.25']);
    assert.deepEqual(nearest(issuesOf({ limitPrice: '12.00' })), ['15.75']);
  });

  it('OR46 what is not there cannot be spent, to the last cent', () => {
    const funds = (available: string) => ({
      required: decimal('1752.11'),
      available: decimal(available),
      asset: 'KES',
    });
    assert.deepEqual(issuesOf({}, { funds: funds('1752.11') }), []);
    const [issue] = issuesOf({}, { funds: funds('1752.10') });
    assert.equal(issue?.code, 'not_enough');
    assert.equal(issue?.params['missing'], '0.01');
  });

  it('OR47 a limit far from the near touch is warned of, on both sides and either way', () => {
    assert.deepEqual(codes(issuesOf({ limitPrice: '18.35' })), ['notice:will_fill_at_once']);
    assert.deepEqual(codes(issuesOf({ limitPrice: '18.40' })), ['warning:far_from_touch', 'notice:will_fill_at_once']);
    assert.equal(issuesOf({ limitPrice: '18.40' })[0]?.params['touch'], '17.5');
    assert.deepEqual(codes(issuesOf({ side: 'sell', limitPrice: '16.65' })), [
      'warning:far_from_touch',
      'notice:will_fill_at_once',
    ]);
    assert.equal(issuesOf({ side: 'sell', limitPrice: '16.65' })[0]?.params['direction'], 'below');
    const empty = bookOf([], []);
    assert.deepEqual(codes(issuesOf({}, { book: empty, lastPrice: undefined })), ['warning:no_reference']);
  });

  it('OR48 a market order beyond the visible book, or without a mid, is refused; slippage is noticed at 2 %, acknowledged at 5 % and refused at 10 %', () => {
    const market = { orderType: 'market' } as const;
    assert.deepEqual(codes(issuesOf({ ...market, quantity: '900' })), []);
    assert.deepEqual(codes(issuesOf({ ...market, quantity: '9900' })), ['error:exceeds_visible']);
    assert.deepEqual(codes(issuesOf({ ...market, quantity: '6300' })), ['error:slippage']);
    assert.deepEqual(codes(issuesOf({ ...market, quantity: '1500' })), ['notice:slippage']);
    const steep = bookOf(
      [['17.50', '1']],
      [
        ['18.50', '100'],
        ['19.50', '900'],
      ],
    );
    const [issue] = issuesOf({ ...market, quantity: '300' }, { book: steep });
    assert.deepEqual([issue?.code, issue?.severity, issue?.acknowledge], ['slippage', 'warning', true]);
    assert.equal(issuesOf({ ...market, quantity: '1500' })[0]?.acknowledge, undefined);
    assert.deepEqual(codes(issuesOf(market, { book: bookOf([], [['17.55', '900']]) })), ['error:no_reference']);
    assert.deepEqual(codes(issuesOf(market, { book: undefined })), ['error:no_reference']);
  });

  it('OR49 a stop that is through already, and a limit worse than its stop, are warned of', () => {
    assert.deepEqual(codes(issuesOf({ orderType: 'stop', stopPrice: '17.60' })), []);
    assert.deepEqual(codes(issuesOf({ orderType: 'stop', stopPrice: '17.55' })), ['warning:triggers_at_once']);
    assert.deepEqual(codes(issuesOf({ orderType: 'stop', side: 'sell', stopPrice: '17.60' })), [
      'warning:triggers_at_once',
    ]);
    const stopLimit = { orderType: 'stop_limit', stopPrice: '17.70', limitPrice: '17.65' } as const;
    assert.deepEqual(codes(issuesOf(stopLimit)), ['warning:limit_beyond_stop']);
  });

  it('OR211 a stop far from the market, and a limit far from its stop, are warned of; without a last price the touch counts', () => {
    const stop = { orderType: 'stop' } as const;
    const at = (draft: Partial<TicketDraft>, context: Partial<ValidationContext> = {}): string[] =>
      issuesOf(draft, { instrument: { ...SCOM, priceBand: undefined as never }, ...context }).map(
        ({ code, field, params }) => `${code} ${field} ${params['reference'] ?? ''}`,
      );
    assert.deepEqual(at({ ...stop, stopPrice: '21.90' }), []);
    assert.deepEqual(at({ ...stop, stopPrice: '175.00' }), ['far_from_touch stopPrice last']);
    assert.deepEqual(at({ ...stop, stopPrice: '175.00' }, { lastPrice: undefined }), ['far_from_touch stopPrice best']);
    const low = { ...stop, side: 'sell', stopPrice: '20.00' } as const;
    assert.deepEqual(at(low, { lastPrice: undefined }), ['triggers_at_once stopPrice best']);
    const blind = { lastPrice: undefined, book: undefined };
    assert.deepEqual(at({ ...stop, stopPrice: '17.70' }, blind), ['no_reference stopPrice ']);
    const limited = { orderType: 'stop_limit', stopPrice: '17.70' } as const;
    assert.deepEqual(at({ ...limited, limitPrice: '177.00' }), ['far_from_touch limitPrice stop']);
    assert.deepEqual(at({ ...limited, limitPrice: '17.90' }), []);
    const sold = { ...limited, side: 'sell', stopPrice: '17.00', limitPrice: '1.70' } as const;
    assert.deepEqual(at(sold), ['far_from_touch limitPrice stop']);
  });

  it('OR212 what is offered instead passes the other rules: whole lots at least and at most, prices within the band', () => {
    const bounds = { ...SCOM, minQuantity: '150', maxQuantity: '950' };
    assert.deepEqual(nearest(issuesOf({ quantity: '100' }, { instrument: bounds })), ['200']);
    assert.deepEqual(nearest(issuesOf({ quantity: '1000' }, { instrument: bounds })), ['900']);
  });

  it('OR50 an order that would meet our own is warned of', () => {
    const own = createOrder(request({ side: 'sell', limitPrice: '17.50' }));
    assert.deepEqual(codes(issuesOf({}, { ownOrders: [own] })), ['warning:self_cross']);
    const unpriced = codes(issuesOf({ limitPrice: '' }, { ownOrders: [own] }));
    assert.ok(!unpriced.includes('warning:self_cross'), 'a limit that nobody has named meets nobody');
    assert.deepEqual(codes(issuesOf({ limitPrice: '17.45' }, { ownOrders: [own] })), []);
    assert.deepEqual(codes(issuesOf({ side: 'sell' }, { ownOrders: [own] })), ['notice:will_fill_at_once']);
  });

  it('OR51 nothing goes out on prices that are not plainly good', () => {
    for (const state of ['delayed', 'stale', 'resyncing', 'crossed', 'closed', 'disconnected'] as const) {
      assert.equal(maySend(issuesOf({}, { verdict: { ...live, state } })), false, state);
    }
    assert.equal(maySend(issuesOf({}, { verdict: undefined })), false);
    assert.equal(maySend(issuesOf({}, { verdict: { ...live, state: 'quiet' } })), true);
    assert.deepEqual(codes(issuesOf({}, { maxAgeMs: 100 })), []);
    assert.deepEqual(codes(issuesOf({}, { maxAgeMs: 99 })), ['error:prices_too_old']);
    assert.deepEqual(codes(issuesOf({}, { isAccountReady: false })), ['error:account_not_ready']);
  });

  it('OR143 what is chosen and barred is refused at its own field, and nothing is taken back', () => {
    const rich = { ...SCOM, postOnly: true, icebergMinShare: '0.25' };
    const told = (draft: Partial<TicketDraft>) =>
      issuesOf(draft, { instrument: rich }).map(({ field, params }) => `${field}:${params['option']}:${params['bar']}`);
    assert.deepEqual(told({ timeInForce: 'gtc', postOnly: true, displayQuantity: '100' }), []);
    assert.deepEqual(told({ orderType: 'market', timeInForce: 'gtc', postOnly: true, displayQuantity: '100' }), [
      'timeInForce:gtc:market',
      'postOnly:postOnly:market',
      'displayQuantity:displayQuantity:limit_only',
    ]);
    assert.deepEqual(codes(issuesOf({ postOnly: true })), ['error:option_barred']);
  });

  it('OR144 a shown quantity is whole lots, no more than the order and no less than the venue’s share', () => {
    const rich = { ...SCOM, icebergMinShare: '0.25' };
    const of = (displayQuantity: string) => issuesOf({ quantity: '1000', displayQuantity }, { instrument: rich });
    assert.deepEqual(codes(of('300')), []);
    assert.deepEqual([codes(of('200')), nearest(of('200'))], [['error:shown_too_small'], ['300']]);
    assert.deepEqual([codes(of('1100')), nearest(of('1100'))], [['error:shown_above_size'], ['1000']]);
    assert.deepEqual([codes(of('350')), nearest(of('350'))], [['error:off_lot'], ['300', '400']]);
    assert.deepEqual(codes(of('x')), ['error:not_a_number']);
    assert.deepEqual(codes(of('0')), ['error:not_positive']);
  });

  it('OR149 the least and the most of one order are told, in pieces and in money, at the price that counts', () => {
    const narrow = { ...SCOM, minQuantity: '200', maxQuantity: '1000', minNotional: '3500', maxNotional: '10000' };
    const of = (draft: Partial<TicketDraft>) => issuesOf(draft, { instrument: narrow });
    assert.deepEqual(codes(of({ quantity: '200' })), []);
    assert.deepEqual(codes(of({ quantity: '100' })), ['error:below_minimum', 'error:notional_too_small']);
    assert.deepEqual(nearest(of({ quantity: '100' })), ['200']);
    assert.deepEqual(codes(of({ quantity: '200', limitPrice: '17.45' })), ['error:notional_too_small']);
    assert.deepEqual(codes(of({ quantity: '1100' })), ['error:above_maximum', 'error:notional_too_large']);
    assert.deepEqual(codes(of({ orderType: 'market', quantity: '600' })), ['error:notional_too_large']);
    assert.deepEqual(codes(of({ orderType: 'stop', quantity: '600' })), ['error:notional_too_large']);
  });

  it('OR150 a limit that meets somebody is noticed; a post-only is refused, with the nearest price that rests', () => {
    const noticed = issuesOf({ limitPrice: '17.60', quantity: '1000' });
    assert.deepEqual(codes(noticed), ['notice:will_fill_at_once']);
    assert.deepEqual(noticed[0]?.params, { filled: '1000', vwap: '17.555' });
    const instrument = { ...SCOM, postOnly: true };
    const of = (draft: Partial<TicketDraft>) => issuesOf({ postOnly: true, ...draft }, { instrument });
    assert.deepEqual(
      [codes(of({ limitPrice: '17.55' })), nearest(of({ limitPrice: '17.55' }))],
      [['error:would_take'], ['17.5']],
    );
    assert.deepEqual(codes(of({ limitPrice: '17.50' })), []);
    assert.deepEqual(nearest(of({ side: 'sell', limitPrice: '17.45' })), ['17.55']);
    assert.deepEqual(codes(of({ side: 'sell', limitPrice: '17.55' })), []);
  });

  it('OR151 where the spread is wide, or there is no continuous trading, a far price is told from the last', () => {
    const wide = bookOf([['12.00', '100']], [['18.40', '100']]);
    const far = (draft: Partial<TicketDraft>, context: Partial<ValidationContext>) =>
      issuesOf(draft, context).find(({ code }) => code === 'far_from_touch')?.params;
    assert.equal(far({ limitPrice: '17.50' }, { book: wide }), undefined);
    assert.deepEqual(far({ limitPrice: '16.00' }, { book: wide }), {
      ...{ percent: '8.8', touch: '17.55', direction: 'below', reference: 'last' },
    });
    assert.equal(far({ limitPrice: '17.50' }, { book: wide, lastPrice: undefined })?.['reference'], 'best');
    assert.equal(far({ limitPrice: '18.40' }, { phase: 'auction' }), undefined);
    assert.equal(far({ limitPrice: '18.45' }, { phase: 'auction' })?.['touch'], '17.55');
  });

  it('OR52 all that is wrong is told at once, most fundamental first', () => {
    const issues = issuesOf({ quantity: '150', limitPrice: '25.01' }, { phase: 'halted', verdict: undefined });
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['market_halted', 'off_tick', 'off_lot', 'outside_band', 'far_from_touch', 'no_live_prices'],
    );
  });
});
