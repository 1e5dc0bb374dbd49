import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDecimal } from '../../src/book/decimal.js';
import type { GatewayEvent } from '../../src/orders/gateway.js';
import { StreamGateway, takesOrders } from '../../src/orders/stream-gateway.js';
import { RequestError } from '../../src/stream/market-stream.js';
import type { Reply } from '../../src/stream/market-stream.js';
import { FakeStream } from '../support/fake-stream.js';
import { settled } from './fake-venue.js';
import { request } from './venue-history.js';

const { clientOrderId } = request();
const ack = {
  clientOrderId,
  orderId: 'o-1',
  status: 'open',
  duplicate: false,
  cumQuantity: '0',
  leavesQuantity: '100',
  timestamp: 1,
};
const snapshot = (sequence: number): Reply => ({
  type: 'account_snapshot',
  sequence,
  epoch: 'p1',
  data: {
    account: 'A-1',
    balances: [{ currency: 'KES', total: '50000.00', available: '48250.00', reserved: '1750.00' }],
    positions: [{ symbol: 'SCOM', quantity: '300', available: '300', averageCost: '16.90' }],
    orders: [],
  },
});

function setUp(answers: Record<string, Reply | RequestError> = {}) {
  const stream = new FakeStream();
  let sequence = 500;
  stream.answer = async (type) => {
    const answer = answers[type] ?? (type === 'account_subscribe' ? snapshot(sequence) : undefined);
    if (answer === undefined) throw new RequestError('timeout', 'no answer');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const gateway = new StreamGateway(stream);
  const events: GatewayEvent[] = [];
  const undo = gateway.observe('A-1', (event) => events.push(event));
  const kinds = (): string[] => events.splice(0).map(({ type }) => type);
  const push = (
    seq: number,
    type = 'balance_update',
    data: Record<string, unknown> = { balances: [], positions: [] },
  ): void => stream.pushPrivate({ type, stream: 'private:A-1', epoch: 'p1', sequence: seq, data });
  const subscriptions = (): number => stream.requests.filter(({ type }) => type === 'account_subscribe').length;
  const setSequence = (value: number): void => void (sequence = value);
  return { stream, gateway, events, kinds, push, undo, subscriptions, setSequence };
}

describe('StreamGateway', () => {
  it('OR80 an order goes out as it was stored, and its answer is what the venue said', async () => {
    const { stream, gateway } = setUp({ order_place: { type: 'order_ack', sequence: 501, epoch: 'p1', data: ack } });
    await settled();
    const result = await gateway.place(request({ goodUntil: 5 }));
    assert.equal(result.outcome, 'accepted');
    assert.deepEqual(stream.requests.at(-1), {
      type: 'order_place',
      data: {
        clientOrderId,
        account: 'A-1',
        symbol: 'SCOM',
        side: 'buy',
        orderType: 'limit',
        quantity: '100',
        limitPrice: '17.50',
        stopPrice: null,
        timeInForce: 'day',
        goodUntil: 5,
      },
    });
    assert.deepEqual(result.outcome === 'accepted' && result.facts.mark, { epoch: 'p1', sequence: 501 });
  });

  it('OR81 no answer, or one that cannot be read, is unknown; what never left is told apart; a refusal is a refusal', async () => {
    const outcome = async (answer: Reply | RequestError) =>
      (await setUp({ order_place: answer }).gateway.place(request())).outcome;
    const other = { ...ack, clientOrderId: 'another' };
    assert.equal(await outcome(new RequestError('timeout', '')), 'unknown');
    assert.equal(await outcome(new RequestError('connection_lost', '')), 'unknown');
    assert.equal(await outcome({ type: 'order_ack', data: { ...ack, cumQuantity: 'x' } }), 'unknown');
    assert.equal(await outcome({ type: 'order_ack', data: other }), 'unknown');
    assert.equal(await outcome({ type: 'order_ack', data: null }), 'unknown');
    assert.equal(await outcome({ type: 'error', data: { code: 'internal' } }), 'unknown');
    assert.equal(await outcome(new RequestError('not_connected', '')), 'not_sent');
    assert.equal(await outcome({ type: 'error', data: { code: 'rate_limited' } }), 'rejected');
    assert.equal(await outcome({ type: 'order_reject', data: { clientOrderId, code: 'halted' } }), 'rejected');
  });

  it('OR82 an order that the venue does not have may still arrive, until the venue would refuse it as late', async () => {
    const { stream, gateway } = setUp({
      order_query: { type: 'order_status', data: { clientOrderId, known: false, order: null } },
    });
    const order = request({ goodUntil: stream.now() + 5_000 });
    const early = await gateway.query(order);
    assert.deepEqual(early, { outcome: 'unsure', retryAfterMs: 7_000 });
    stream.pass(7_000);
    assert.equal((await gateway.query(order)).outcome, 'never_arrived');
  });

  it('OR83 the account is asked for on each connection, and is not ready before the answer', async () => {
    const { stream, events, kinds, subscriptions } = setUp();
    assert.equal(subscriptions(), 1);
    await settled();
    const [account] = events;
    assert.ok(account?.type === 'account');
    assert.equal(formatDecimal(account.update.available.get('cash:KES')!, 2), '48250.00');
    assert.deepEqual(kinds(), ['account', 'ready']);
    stream.setStatus({ state: 'reconnecting', since: 1 });
    assert.deepEqual(kinds(), ['lost']);
    stream.setStatus({ state: 'open', dialect: 'unknown', since: 2 });
    assert.equal(subscriptions(), 1);
    stream.setStatus({ state: 'open', dialect: 'touchline', since: 2 });
    await settled();
    assert.deepEqual(kinds(), ['account', 'ready']);
  });

  it('OR84 a hole in the private sequence makes the account lost and is asked for anew; an answer fills a hole', async () => {
    const { stream, gateway, kinds, push, subscriptions, setSequence } = setUp({
      order_place: { type: 'order_ack', sequence: 502, epoch: 'p1', data: ack },
    });
    await settled();
    kinds();
    push(501);
    push(503);
    await gateway.place(request());
    stream.pass(1_000);
    assert.deepEqual(kinds(), ['account', 'account']);
    push(505);
    stream.pass(250);
    assert.deepEqual(kinds(), ['account', 'lost']);
    setSequence(505);
    stream.pass(2_000);
    await settled();
    assert.deepEqual(kinds(), ['account', 'ready']);
    assert.equal(subscriptions(), 2);
    push(506);
    stream.pass(1_000);
    assert.deepEqual(kinds(), ['account']);
  });

  it('OR225 an account that a renewed login does not permit is lost, and stays so while its question is refused', async () => {
    const answers: Record<string, Reply> = {};
    const { stream, events, kinds, subscriptions } = setUp(answers);
    await settled();
    kinds();
    const data = { code: 'not_entitled', details: { account: 'A-1' } };
    const end = (account: string): void =>
      stream.pushPrivate({ type: 'error', stream: `private:${account}`, epoch: '', sequence: 0, data });
    end('A-2');
    assert.deepEqual(kinds(), []);
    answers['account_subscribe'] = { type: 'error', data: { code: 'not_entitled' } };
    end('A-1');
    assert.deepEqual(events, [{ type: 'lost', reason: 'not_entitled' }]);
    for (let i = 0; i < 3; i++) {
      stream.pass(2_000);
      await settled();
    }
    assert.ok(subscriptions() > 1);
    assert.deepEqual([...new Set(kinds())], ['lost']);
    // It is permitted again.
    delete answers['account_subscribe'];
    stream.pass(2_000);
    await settled();
    assert.deepEqual(kinds(), ['account', 'ready']);
  });

  it('OR85 balances told while a snapshot is on its way are not lost, and older ones do not come back', async () => {
    const { events, push } = setUp();
    push(499, 'balance_update', { balances: [{ currency: 'KES', available: '1' }], positions: [] });
    push(501, 'balance_update', { balances: [{ currency: 'KES', available: '7.00' }], positions: [] });
    await settled();
    const cash = events.flatMap((event) => (event.type === 'account' ? [event.update.available.get('cash:KES')] : []));
    assert.deepEqual(
      cash.map((value) => value && formatDecimal(value, 2)),
      ['48250.00', '7.00'],
    );
  });

  it('OR88 balances kept from before a restart do not outlive it', async () => {
    const { stream, events, push, kinds } = setUp();
    await settled();
    // The link is lost; what comes of the old run meanwhile must not be laid upon the account of the new one.
    stream.setStatus({ state: 'reconnecting', reason: 'reconnecting', since: 1 });
    push(900, 'balance_update', { balances: [{ currency: 'KES', available: '1.00' }], positions: [] });
    kinds();
    stream.answer = async () => ({ ...snapshot(3), epoch: 'p2' });
    stream.setStatus({ state: 'open', reason: 'ok', since: 2 });
    await settled();
    const cash = events.flatMap((event) => (event.type === 'account' ? [event.update.available.get('cash:KES')] : []));
    assert.deepEqual(
      cash.map((value) => value && formatDecimal(value, 2)),
      ['48250.00'],
    );
    assert.deepEqual(kinds(), ['account', 'ready']);
    stream.pass(5_000);
    await settled();
    assert.deepEqual(kinds(), []);
  });

  it('OR89 an order of the account is found by its id, with what was asked', async () => {
    const order = { ...request(), orderId: 'o-1', cumQuantity: '40', leavesQuantity: '60', status: 'partially_filled' };
    const answer = (data: unknown): Reply => ({ type: 'order_status', data });
    const found = await setUp({ order_query: answer({ clientOrderId, known: true, order }) }).gateway.find(
      'A-1',
      clientOrderId,
    );
    assert.deepEqual([found?.request.limitPrice, found?.facts.status], ['17.50', 'partially_filled']);
    for (const none of [
      answer({ clientOrderId, known: false, order: null }),
      answer({ clientOrderId, known: true, order: { ...order, clientOrderId: 'another-one' } }),
      new RequestError('timeout', 'no answer'),
    ]) {
      assert.equal(await setUp({ order_query: none }).gateway.find('A-1', clientOrderId), undefined);
    }
  });

  it('OR117 a change goes out with its revision; its answer is the terms that hold, a refusal, or unknown', async () => {
    const change = { revision: 1, quantity: '150', limitPrice: '17.60', stopPrice: null };
    const told = { ...ack, ...change, leavesQuantity: '150' };
    const of = async (answer: Reply | RequestError) => {
      const { stream, gateway } = setUp({ order_replace: answer });
      await settled();
      return { result: await gateway.replace(request(), change), asked: stream.requests.at(-1) };
    };
    const done = await of({ type: 'order_replaced', sequence: 501, epoch: 'p1', data: told });
    assert.deepEqual(done.asked, { type: 'order_replace', data: { account: 'A-1', clientOrderId, ...change } });
    assert.ok(done.result.outcome === 'replaced');
    const { facts } = done.result;
    assert.deepEqual(
      [facts.revision, facts.limitPrice, facts.stopPrice, facts.mark?.sequence],
      [1, '17.60', null, 501],
    );
    assert.equal(formatDecimal(facts.quantity!), '150');
    const outcome = async (answer: Reply | RequestError) => (await of(answer)).result;
    const refusal = { clientOrderId, code: 'revision_conflict' };
    assert.deepEqual(await outcome({ type: 'order_replace_reject', data: refusal }), {
      outcome: 'rejected',
      code: 'revision_conflict',
    });
    assert.equal((await outcome(new RequestError('timeout', ''))).outcome, 'unknown');
    assert.equal(
      (await outcome({ type: 'order_replaced', data: { ...told, leavesQuantity: 'x' } })).outcome,
      'unknown',
    );
    assert.equal((await outcome({ type: 'error', data: { code: 'internal' } })).outcome, 'unknown');
    assert.equal((await outcome(new RequestError('not_connected', ''))).outcome, 'not_sent');
  });

  it('OR118 terms are read where they are told: of changes, lists and answers, and of no fill', async () => {
    const order = {
      ...request(),
      orderId: 'o-1',
      cumQuantity: '40',
      leavesQuantity: '110',
      status: 'partially_filled',
      quantity: '150',
      limitPrice: '17.60',
      revision: 2,
      postOnly: true,
      displayQuantity: '50',
    };
    const { gateway, events, push } = setUp({
      order_query: { type: 'order_status', data: { clientOrderId, known: true, order } },
    });
    await settled();
    const found = await gateway.find('A-1', clientOrderId);
    assert.deepEqual([found?.request.postOnly, found?.request.displayQuantity], [true, '50']);
    assert.deepEqual([found?.facts.revision, found?.facts.limitPrice], [2, '17.60']);
    const answer = await gateway.query(request());
    assert.ok(answer.outcome === 'known' && answer.facts.revision === 2);
    assert.equal(formatDecimal(answer.facts.quantity!), '150');
    push(501, 'order_fill', { ...order, fillId: 'f-1', price: '17.50', quantity: '40' });
    push(502, 'order_replaced', order);
    const [fill, replaced] = events.flatMap((event) => (event.type === 'order' ? [event.event] : []));
    assert.ok(fill?.type === 'fill' && fill.facts.quantity === undefined);
    assert.ok(replaced?.type === 'replaced' && replaced.facts.revision === 2);
  });

  it('OR86 fills and ends are handed on, strangers’ events are not', async () => {
    const { stream, events, push, undo, kinds } = setUp();
    await settled();
    kinds();
    const fill = {
      ...ack,
      fillId: 'f-1',
      price: '17.50',
      quantity: '40',
      cumQuantity: '40',
      leavesQuantity: '60',
      status: 'partially_filled',
    };
    push(501, 'order_fill', fill);
    push(502, 'order_fill', { ...fill, cumQuantity: 'NaN' });
    stream.pushPrivate({ type: 'order_fill', stream: 'private:A-2', epoch: 'p1', sequence: 1, data: fill });
    assert.equal(events.length, 1);
    assert.ok(events[0]?.type === 'order' && events[0].event.type === 'fill');
    undo();
    assert.equal(stream.listenerCount, 0);
  });

  it('OR191 it bears the address as its name, by which its orders are found again', () => {
    const stream = Object.assign(setUp().stream, { src: 'wss://market.example/ws' });
    assert.equal(new StreamGateway(stream).name, 'wss://market.example/ws');
  });

  it('OR87 orders are taken by a server that offers them in protocol 1, and by no other', () => {
    const stream = new FakeStream();
    assert.equal(takesOrders(stream), false);
    const offering = Object.assign(stream, { features: ['book', 'orders'] });
    assert.equal(takesOrders(offering), true);
    stream.setStatus({ dialect: 'guide' });
    assert.equal(takesOrders(offering), false);
  });
});
