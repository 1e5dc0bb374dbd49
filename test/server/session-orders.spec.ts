import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Exchange } from '../../src/sim/index.js';
import type { ServedDesk, ServedMarket } from '../../src/stream/protocol/session.js';
import { type Message, SessionWire, START } from './session-wire.js';

const wish = (given: object = {}) => ({
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
const place = (id: string, given: object = {}) => ({ type: 'order_place', id, data: wish(given) });
const cancel = (id: string, clientOrderId = 'order-0001') => ({
  type: 'order_cancel',
  id,
  data: { account: 'A-1', clientOrderId },
});
const replace = (id: string, given: object = {}) => ({
  type: 'order_replace',
  id,
  data: {
    account: 'A-1',
    clientOrderId: 'order-0001',
    revision: 1,
    quantity: '200',
    limitPrice: '16.05',
    stopPrice: null,
    ...given,
  },
});
const types = (messages: readonly Message[]): string[] => messages.map(({ type }) => type);

const pair = (): { exchange: Exchange; one: SessionWire; other: SessionWire } => {
  const exchange = new Exchange({ startMs: START, epoch: 'e1' });
  const [one, other] = [new SessionWire({ exchange }).hello(), new SessionWire({ exchange }).hello()];
  return { exchange, one, other };
};

describe('ServerSession: orders', () => {
  it('SX70 an account is told whole, then event by event on one numbered stream', () => {
    const { one } = pair();
    one.say({ type: 'account_subscribe', id: '5', data: { account: 'A-1' } });
    const [snapshot] = one.take();
    assert.deepEqual(
      [snapshot?.type, snapshot?.id, snapshot?.stream, snapshot?.seq],
      ['account_snapshot', '5', 'private:A-1', 0],
    );
    assert.equal(snapshot?.data.balances[0]?.['total'], '5000000.00');
    one.say(place('20', { orderType: 'market', limitPrice: null }));
    one.say(place('21', { clientOrderId: 'order-0002' }));
    one.say(cancel('22', 'order-0002'));
    const events = one.take();
    assert.deepEqual(types(events), [
      'order_ack',
      'balance_update',
      'order_fill',
      'balance_update',
      'order_ack',
      'balance_update',
      'order_cancelled',
      'balance_update',
    ]);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    assert.deepEqual(
      events.map(({ id }) => id),
      ['20', undefined, undefined, undefined, '21', undefined, '22', undefined],
    );
  });

  it('SX71 every connection of an account hears its events, and only the one that asked has the id', () => {
    const { one, other } = pair();
    other.say({ type: 'account_subscribe', id: '1', data: { account: 'A-1' } });
    other.take();
    one.say(place('20'));
    assert.deepEqual(
      one.take().map(({ type, id }) => [type, id]),
      [
        ['order_ack', '20'],
        ['balance_update', undefined],
      ],
    );
    assert.deepEqual(
      other.take().map(({ type, id }) => [type, id]),
      [
        ['order_ack', undefined],
        ['balance_update', undefined],
      ],
    );
  });

  it('SX72 an order sent again is one order; with other content it is a conflict and the first stands', () => {
    const { exchange, one } = pair();
    one.say(place('20'));
    one.take();
    one.say(place('21'));
    one.say(place('22', { quantity: '200' }));
    const [again, conflict] = one.take();
    assert.deepEqual(
      [again?.type, again?.id, again?.data.duplicate, again?.data.status],
      ['order_ack', '21', true, 'open'],
    );
    assert.deepEqual([conflict?.type, conflict?.id, conflict?.data.code], ['order_reject', '22', 'duplicate_conflict']);
    assert.equal(exchange.desk.snapshot('A-1')?.data.orders.length, 1);
  });

  it('SX73 an order that came too late is refused and never placed', () => {
    const { one } = pair();
    one.nowMs += 6_000;
    one.say(place('20', { goodUntil: START + 5_000 }));
    one.say({ type: 'order_query', id: '21', data: { account: 'A-1', clientOrderId: 'order-0001' } });
    const [reject, status] = one.take();
    assert.deepEqual([reject?.data.code, reject?.data.retryable], ['too_late', false]);
    assert.deepEqual([status?.data.known, status?.data.order?.['status']], [true, 'rejected']);
  });

  it('SX74 what became of an order can be asked for, also by a new connection', () => {
    const { one, other } = pair();
    one.say(place('20'));
    other.say({ type: 'order_query', id: '1', data: { account: 'A-1', clientOrderId: 'order-0001' } });
    other.say({ type: 'order_query', id: '2', data: { account: 'A-1', clientOrderId: 'order-9999' } });
    const [known, unknown] = other.take();
    assert.equal(known?.data.order?.['status'], 'open');
    assert.deepEqual(unknown?.data, { clientOrderId: 'order-9999', known: false, order: null });
  });

  it('SX74 with why it ended or never began', () => {
    const { one, other } = pair();
    one.say(place('20'));
    one.say(cancel('21'));
    one.say(place('22', { clientOrderId: 'order-0002', timeInForce: 'ioc' }));
    one.say(place('23', { clientOrderId: 'order-0003', limitPrice: '1.00' }));
    const reasonOf = (clientOrderId: string): unknown => {
      other.say({ type: 'order_query', id: clientOrderId, data: { account: 'A-1', clientOrderId } });
      return other.take().at(-1)?.data.order?.['reason'];
    };
    assert.deepEqual(['order-0001', 'order-0002', 'order-0003'].map(reasonOf), ['requested', 'ioc', 'price_band']);
  });

  it('SX75 a cancel is answered once: done, already done, too late, or unknown', () => {
    const { one } = pair();
    one.say(place('1'));
    one.say(place('2', { clientOrderId: 'order-0002', orderType: 'market', limitPrice: null }));
    one.take();
    one.say(cancel('3'));
    one.say(cancel('4'));
    one.say(cancel('5', 'order-0002'));
    one.say(cancel('6', 'order-9999'));
    const answers = one.take().filter(({ id }) => id !== undefined);
    assert.deepEqual(
      answers.map(({ id, type, data }) => [id, type, data.code, data.status]),
      [
        ['3', 'order_cancelled', undefined, 'cancelled'],
        ['4', 'order_cancel_reject', 'already_cancelled', 'cancelled'],
        ['5', 'order_cancel_reject', 'too_late', 'filled'],
        ['6', 'order_cancel_reject', 'unknown_order', undefined],
      ],
    );
  });

  it('SX76 an ioc that meets nobody is acknowledged with the id and then cancelled without it', () => {
    const { one } = pair();
    one.say(place('1', { timeInForce: 'ioc' }));
    const answers = one.take().filter(({ type }) => type !== 'balance_update');
    assert.deepEqual(
      answers.map(({ type, id }) => [type, id]),
      [
        ['order_ack', '1'],
        ['order_cancelled', undefined],
      ],
    );
    assert.equal(answers[1]?.data.reason, 'ioc');
  });

  it('SX77 the eleventh order of a second is rejected as retryable and its id stays free', () => {
    const { one } = pair();
    for (let i = 0; i < 11; i++) one.say(place(String(i), { clientOrderId: `order-00${10 + i}` }));
    const last = one.take().at(-1);
    assert.deepEqual(
      [last?.type, last?.id, last?.data.code, last?.data.retryable],
      ['order_reject', '10', 'rate_limited', true],
    );
    one.nowMs += 1_000;
    one.say(place('again', { clientOrderId: 'order-0020' }));
    assert.equal(one.take()[0]?.type, 'order_ack');
  });

  it('SX78 an order refused for the rate of messages is rejected, never left without an answer', () => {
    const { one } = pair();
    for (let i = 0; i < 60; i++) one.say({ type: 'ping' });
    one.take();
    one.say(place('20'));
    const [reject] = one.take();
    assert.deepEqual([reject?.type, reject?.id, reject?.data.code], ['order_reject', '20', 'rate_limited']);
  });

  it('SX82 an order that stands is never answered with a refusal for haste', () => {
    const { one } = pair();
    one.say(place('20'));
    for (let i = 0; i < 11; i++) one.say(place(String(i), { clientOrderId: `order-00${10 + i}` }));
    one.take();
    one.say(place('21'));
    assert.deepEqual(
      one.take().map(({ type, id, data }) => [type, id, data.duplicate]),
      [['order_ack', '21', true]],
    );
    for (let i = 0; i < 60; i++) one.say({ type: 'ping' });
    one.take();
    one.say(place('22'));
    assert.deepEqual(
      one.take().map(({ type, id, data }) => [type, id, data.duplicate]),
      [['order_ack', '22', true]],
    );
  });

  it('SX122 a change is answered once, and every connection of the account hears of it', () => {
    const { one, other } = pair();
    one.say(place('1'));
    one.take();
    other.say(replace('2'));
    assert.deepEqual(
      other.take().map(({ type, id, seq }) => [type, id, seq]),
      [
        ['order_replaced', '2', 3],
        ['balance_update', undefined, 4],
      ],
    );
    assert.deepEqual(
      one.take().map(({ type, id }) => [type, id]),
      [
        ['order_replaced', undefined],
        ['balance_update', undefined],
      ],
    );
    other.say(replace('3'));
    other.say(replace('4', { quantity: '300' }));
    other.say(replace('5', { clientOrderId: 'order-9999' }));
    other.say({ type: 'order_query', id: '6', data: { account: 'A-1', clientOrderId: 'order-0001' } });
    const [again, conflict, unknown, status] = other.take();
    assert.deepEqual([again?.type, again?.id, again?.seq, again?.data.duplicate], ['order_replaced', '3', 4, true]);
    assert.deepEqual(
      [conflict, unknown].map((m) => [m?.type, m?.id, m?.data.code, m?.data.status]),
      [
        ['order_replace_reject', '4', 'revision_conflict', 'open'],
        ['order_replace_reject', '5', 'unknown_order', undefined],
      ],
    );
    const { quantity, limitPrice, revision } = status?.data.order ?? {};
    assert.deepEqual([quantity, limitPrice, revision], ['200', '16.05', 1]);
    assert.deepEqual(one.take(), []);
  });

  it('SX123 a change counts as an order, and one that was made is never refused for haste', () => {
    const { one } = pair();
    one.say(place('0'));
    for (let i = 1; i <= 10; i++) one.say(replace(String(i), { revision: i }));
    const last = one.take().at(-1);
    assert.deepEqual([last?.type, last?.id, last?.data.code], ['order_replace_reject', '10', 'rate_limited']);
    one.say(replace('11', { revision: 9 }));
    assert.deepEqual(
      one.take().map(({ type, data }) => [type, data.duplicate]),
      [['order_replaced', true]],
    );
    for (let i = 0; i < 60; i++) one.say({ type: 'ping' });
    one.take();
    one.say(replace('12', { revision: 9 }));
    one.say(replace('13', { revision: 10 }));
    assert.deepEqual(
      one.take().map(({ type, id, data }) => [type, id, data.code ?? data.duplicate]),
      [
        ['order_replaced', '12', true],
        ['order_replace_reject', '13', 'rate_limited'],
      ],
    );
  });

  it('SX132 post-only orders and icebergs go over the wire, and their texts come back', () => {
    const { exchange, one } = pair();
    const ask = ((exchange.listing('SCOM')?.book.asks.priceAt(0) ?? 0) / 100).toFixed(2);
    one.say(place('1', { postOnly: true, limitPrice: ask }));
    one.say(place('2', { clientOrderId: 'order-0002', quantity: '400', displayQuantity: '100', postOnly: true }));
    one.say(place('3', { clientOrderId: 'order-0003', postOnly: false }));
    one.say(place('4', { clientOrderId: 'order-0004', displayQuantity: 100 }));
    const answers = one.take().filter(({ id }) => id !== undefined);
    assert.deepEqual(
      answers.map(({ id, type, data }) => [id, type, data.code, data.retryable]),
      [
        ['1', 'order_reject', 'would_take', false],
        ['2', 'order_ack', undefined, undefined],
        ['3', 'error', 'bad_message', undefined],
        ['4', 'error', 'bad_message', undefined],
      ],
    );
    one.say({ type: 'order_query', id: '5', data: { account: 'A-1', clientOrderId: 'order-0002' } });
    one.say({ type: 'account_subscribe', id: '6', data: { account: 'A-1' } });
    const [status, snapshot] = one.take();
    assert.deepEqual(snapshot?.data.orders, [status?.data.order]);
    const { postOnly, displayQuantity, revision } = status?.data.order ?? {};
    assert.deepEqual([postOnly, displayQuantity, revision], [true, '100', 0]);
  });

  it('SX211 exits go over the wire with their entry, and are cancelled by the id that the exchange gave', () => {
    const { one, other } = pair();
    other.say({ type: 'account_subscribe', id: '1', data: { account: 'A-1' } });
    other.take();
    const exits = { takeProfit: '18.50', stopLoss: '16.50' };
    one.say(place('1', { orderType: 'market', limitPrice: null, ...exits }));
    one.say(place('2', { clientOrderId: 'order-0002', takeProfit: 18.5 }));
    one.say(place('3', { clientOrderId: 'order-0001.tp' }));
    one.say(place('4', { clientOrderId: 'order-0003', side: 'sell', ...exits }));
    assert.deepEqual(
      one.take().flatMap(({ id, type, data }) => (id === undefined ? [] : [[id, type, data.code]])),
      [
        ['1', 'order_ack', undefined],
        ['2', 'error', 'bad_message'],
        ['3', 'error', 'bad_message'],
        ['4', 'order_reject', 'not_permitted'],
      ],
    );
    const acks = other.take().filter(({ type }) => type === 'order_ack');
    assert.deepEqual(
      acks.map(({ data }) => [data.clientOrderId, data.parent]),
      [
        ['order-0001', undefined],
        ['order-0001.tp', 'order-0001'],
        ['order-0001.sl', 'order-0001'],
      ],
    );
    one.say({ type: 'order_query', id: '5', data: { account: 'A-1', clientOrderId: 'order-0001' } });
    const { takeProfit, stopLoss } = one.take().at(-1)?.data.order ?? {};
    assert.deepEqual([takeProfit, stopLoss], ['18.50', '16.50']);
    one.say({ type: 'order_query', id: '6', data: { account: 'A-1', clientOrderId: 'order-0001.sl' } });
    one.say({ type: 'account_subscribe', id: '7', data: { account: 'A-1' } });
    const [status, snapshot] = one.take();
    assert.equal(status?.data.order?.['parent'], 'order-0001');
    assert.deepEqual(snapshot?.data.orders?.[1], status?.data.order);
    one.say(cancel('8', 'order-0001.tp'));
    assert.deepEqual(
      one.take().flatMap(({ id, type, data }) => (type === 'order_cancelled' ? [[id, data.reason]] : [])),
      [
        ['8', 'requested'],
        [undefined, 'linked'],
      ],
    );
  });

  it('SX79 private events do not wait for market data, and a client that does not take them is closed with 4408', () => {
    const { one } = pair();
    one.buffered = 10;
    one.say(place('20'));
    assert.equal(one.take().length, 2);
    one.buffered = 2_000_000;
    one.say(place('21', { clientOrderId: 'order-0002' }));
    assert.equal(one.closed?.code, 4408);
  });

  it('SX80 a closed connection no longer listens', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    let listening = 0;
    const desk: ServedDesk = {
      snapshot: (account) => exchange.desk.snapshot(account),
      place: (order, nowMs) => exchange.desk.place(order, nowMs),
      cancel: (account, id, nowMs) => exchange.desk.cancel(account, id, nowMs),
      query: (account, id) => exchange.desk.query(account, id),
      listen: (account, listener) => {
        listening++;
        const stop = exchange.desk.listen(account, listener);
        return () => {
          listening--;
          stop();
        };
      },
    };
    const market = { epoch: 'e1', symbols: exchange.symbols, listing: (s: string) => exchange.listing(s), desk };
    const wire = new SessionWire({ market }).hello();
    for (const account of ['A-1', 'B-2', 'A-1']) wire.say({ type: 'account_subscribe', id: '1', data: { account } });
    wire.say(place('2'));
    assert.equal(listening, 2);
    wire.take();
    wire.say(replace('3'));
    assert.equal(wire.take()[0]?.data.code, 'not_permitted', 'this desk changes nothing');
    wire.session.dispose();
    assert.equal(listening, 0);
  });

  it('SX81 a market without a desk offers no orders and refuses each for certain', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    const market: ServedMarket = {
      epoch: 'e1',
      symbols: exchange.symbols,
      listing: (symbol) => exchange.listing(symbol),
    };
    const wire = new SessionWire({ market });
    wire.say({ type: 'hello', id: '0', data: { protocol: 1, client: 'test', features: ['orders', 'book'] } });
    assert.deepEqual(wire.take()[0]?.data.features, ['book']);
    wire.say({ type: 'account_subscribe', id: '1', data: { account: 'A-1' } });
    wire.say(place('2'));
    wire.say(cancel('3'));
    wire.say({ type: 'order_query', id: '4', data: { account: 'A-1', clientOrderId: 'order-0001' } });
    assert.deepEqual(
      wire.take().map(({ type, id, data }) => [type, id, data.code ?? data.known]),
      [
        ['error', '1', 'not_entitled'],
        ['order_reject', '2', 'not_permitted'],
        ['order_cancel_reject', '3', 'unknown_order'],
        ['order_status', '4', false],
      ],
    );
  });
});
