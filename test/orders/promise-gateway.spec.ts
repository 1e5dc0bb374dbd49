import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDecimal } from '../../src/book/decimal.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import type { Order } from '../../src/orders/order.js';
import { answerEvent, pageAnswer, type OrderAnswer } from '../../src/orders/promise-gateway.js';
import { ManualClock, settled } from './fake-venue.js';
import { request } from './venue-history.js';

/** An order that the page carries, on a desk of its own. */
function carried() {
  const clock = new ManualClock();
  const desk = new OrderDesk({ account: 'A-1', journal: memoryJournal(), ledger: new ReservationLedger(), clock });
  const { clientOrderId } = request();
  let answer: (first: OrderAnswer) => void = () => undefined;
  const promise = new Promise<OrderAnswer>((resolve) => (answer = resolve));
  desk.submit(request(), undefined, () => pageAnswer(promise, request(), () => desk.order(clientOrderId)));
  const order = (): Order => desk.order(clientOrderId)!;
  return { answer, order, report: (each: OrderAnswer) => desk.report(clientOrderId, answerEvent(each, order())!) };
}

/** How an order stands after these words of it. */
async function orderAfter(first: OrderAnswer, ...rest: readonly OrderAnswer[]): Promise<Order> {
  const { answer, order, report } = carried();
  answer(first);
  await settled();
  rest.forEach(report);
  return order();
}

describe('what a page says of an order that it carries', () => {
  it('OR199 a rejection after the acknowledgement is an end, and what has filled stays', async () => {
    const code = { code: 'margin', message: 'margin call' };
    const rejected = await orderAfter({ status: 'accepted' }, { status: 'rejected', ...code });
    assert.deepEqual([rejected.state, rejected.contradiction], ['rejected', undefined]);
    assert.deepEqual(rejected.reason, { ...code, by: 'venue' });
    const partly = await orderAfter({ status: 'partially_filled', filled: '40' }, { status: 'rejected' });
    assert.deepEqual([partly.state, formatDecimal(partly.filled), partly.reason?.code], ['rejected', '40', 'rejected']);
    const ended = await orderAfter({ status: 'filled' }, { status: 'rejected' });
    assert.deepEqual([ended.state, ended.contradiction], ['filled', 'rejected after filled']);
    assert.equal((await orderAfter({ status: 'rejected', code: 'no' })).reason?.code, 'no');
  });

  it('OR199 what is left out of an answer stays as it was told', async () => {
    for (const status of ['cancelled', 'expired', 'accepted', 'suspended'] as const) {
      const order = await orderAfter({ status: 'partially_filled', filled: '40' }, { status });
      assert.deepEqual([formatDecimal(order.filled), order.contradiction], ['40', undefined], status);
      assert.equal(order.state, status === 'accepted' ? 'partially_filled' : status);
    }
    const filled = await orderAfter({ status: 'partially_filled', filled: '40' }, { status: 'filled' });
    assert.deepEqual([filled.state, formatDecimal(filled.filled)], ['filled', '100']);
    const less = await orderAfter({ status: 'partially_filled', filled: '40' }, { status: 'cancelled', filled: '0' });
    assert.equal(less.contradiction, 'less filled than before');
  });

  it('OR199 an answer that comes after news of its order takes none of it back', async () => {
    const { answer, order, report } = carried();
    report({ status: 'partially_filled', filled: '40' });
    answer({ status: 'cancelled' });
    await settled();
    const { state, filled, contradiction } = order();
    assert.deepEqual([state, formatDecimal(filled), contradiction], ['cancelled', '40', undefined]);
  });
});
