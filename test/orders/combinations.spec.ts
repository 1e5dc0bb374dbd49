import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TIMES_IN_FORCE, barOf, offerOf, usualTime, usualType } from '../../src/orders/combinations.js';
import type { Combination, Offer, OrderOption } from '../../src/orders/combinations.js';
import type { GatewayCapabilities } from '../../src/orders/gateway.js';
import type { OrderType } from '../../src/orders/order.js';

const ALL: Offer = { orderTypes: undefined, timesInForce: undefined, postOnly: true, icebergMinShare: '0.25' };
const OPTIONS: readonly OrderOption[] = [...TIMES_IN_FORCE, 'postOnly', 'displayQuantity'];
const carrier: GatewayCapabilities = { cancel: true, query: true, events: true, balancesExcludeOpenOrders: true };

const row = (orderType: OrderType, rest: Partial<Combination> = {}, offer = ALL): string =>
  OPTIONS.map(
    (option) =>
      barOf(option, { orderType, timeInForce: 'day', postOnly: false, isIceberg: false, ...rest }, offer) ?? '-',
  ).join(' ');

describe('barOf', () => {
  it('OR140 each combination is barred for its own reason, and no other is', () => {
    assert.equal(row('limit'), '- - - - - -');
    assert.equal(row('market'), '- market - - market limit_only');
    assert.equal(row('stop'), '- - stop stop market limit_only');
    assert.equal(row('stop_limit'), '- - stop stop - limit_only');
    assert.equal(row('limit', { timeInForce: 'ioc' }), '- - - - immediate immediate');
    assert.equal(row('limit', { timeInForce: 'fok' }), '- - - - immediate immediate');
    assert.equal(row('limit', { postOnly: true }), '- - post_only post_only - -');
    assert.equal(row('limit', { isIceberg: true }), '- - iceberg iceberg - -');
  });

  it('OR141 what instrument or gateway does not offer is barred; where one says nothing the other’s word counts', () => {
    assert.equal(row('limit', {}, offerOf(undefined, undefined)), '- - - - not_offered not_offered');
    const instrument = { symbol: 'X', timesInForce: ['day', 'gtc'] as const, postOnly: true, icebergMinShare: '0.2' };
    assert.equal(row('limit', {}, offerOf(instrument, carrier)), '- - not_offered not_offered - -');
    const narrow = { ...carrier, timesInForce: ['gtc', 'ioc'] as const, postOnly: false, iceberg: false };
    assert.equal(
      row('limit', {}, offerOf(instrument, narrow)),
      'not_offered - not_offered not_offered not_offered not_offered',
    );
    const wide = { ...carrier, postOnly: true, iceberg: true, orderTypes: ['limit', 'stop'] as const };
    assert.equal(row('limit', {}, offerOf(undefined, wide)), '- - - - - -');
    assert.deepEqual(offerOf({ symbol: 'X', orderTypes: ['limit', 'market'] }, wide).orderTypes, ['limit']);
    assert.equal(offerOf({ symbol: 'X', postOnly: false }, wide).postOnly, false);
  });

  it('OR141 so is an order type, and the ticket stands on one that is offered', () => {
    const types = ['limit', 'market', 'stop', 'stop_limit'] as const;
    const bars = (offer: Offer): string => {
      const rest = { orderType: 'limit', timeInForce: 'day', postOnly: false, isIceberg: false } as const;
      return types.map((type) => barOf(type, rest, offer) ?? '-').join(' ');
    };
    assert.equal(bars(ALL), '- - - -');
    const narrow = offerOf(
      { symbol: 'X', orderTypes: ['stop', 'market'] },
      { ...carrier, orderTypes: ['limit', 'stop'] },
    );
    assert.equal(bars(narrow), 'not_offered not_offered - not_offered');
    assert.equal(usualType('market', types, ALL), 'market');
    assert.equal(usualType('market', types, narrow), 'stop');
    assert.equal(usualType('market', ['limit', 'market'], narrow), 'market');
    assert.equal(usualType('market', ['stop_limit', 'limit'], narrow), 'stop_limit');
  });

  it('OR160 before and in an auction what must trade at once, or must not, is barred; what can wait is not', () => {
    for (const phase of ['pre_open', 'auction'] as const) {
      const offer = offerOf({ symbol: 'X', postOnly: true, icebergMinShare: '0.25' }, undefined, phase);
      assert.equal(row('limit', {}, offer), '- - auction auction auction -');
      const usual = usualTime(
        { orderType: 'limit', postOnly: false, isIceberg: false },
        { ...offer, timesInForce: ['ioc', 'gtc'] },
      );
      assert.equal(usual, 'gtc');
    }
    for (const phase of ['continuous', 'halted', 'closed'] as const) {
      const offer = offerOf({ symbol: 'X', postOnly: true, icebergMinShare: '0.25' }, undefined, phase);
      assert.equal(row('limit', {}, offer), '- - - - - -');
    }
  });

  it('OR142 while no time is chosen the first that is not barred holds', () => {
    const of = (orderType: OrderType, offer: Offer) =>
      usualTime({ orderType, postOnly: false, isIceberg: false }, offer);
    assert.equal(of('limit', ALL), 'day');
    const crypto: Offer = { ...ALL, timesInForce: ['gtc', 'ioc'] };
    assert.equal(of('limit', crypto), 'gtc');
    assert.equal(of('market', crypto), 'ioc');
    assert.equal(of('stop', { ...ALL, timesInForce: ['ioc'] }), 'day');
  });
});
