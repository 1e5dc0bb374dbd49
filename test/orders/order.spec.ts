import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compare, formatDecimal } from '../../src/book/decimal.js';
import { brokenInvariant, createOrder, isEnded, reduceOrder } from '../../src/orders/order.js';
import type { Order, OrderEvent } from '../../src/orders/order.js';
import { decimal, disturbed, facts, fill, histories, request, sameNumber } from './venue-history.js';

const play = (events: readonly OrderEvent[], start: Order = createOrder(request())): Order =>
  events.reduce((order, event) => reduceOrder(order, event).order, start);

const sent: OrderEvent = { type: 'sent' };
const timeout: OrderEvent = { type: 'timeout', of: 'place' };

describe('Order', () => {
  it('OR1 an order with a quantity that is no positive decimal cannot be made', () => {
    for (const quantity of ['', '0', '-1', 'NaN', '1e99']) {
      assert.throws(() => createOrder(request({ quantity })), RangeError, quantity);
    }
  });

  it('OR2 whatever is lost, repeated or swapped on the way, invariants hold and filled never falls', () => {
    fc.assert(
      fc.property(
        histories.chain((history) => fc.tuple(fc.constant(history), disturbed(history, false))),
        fc.boolean(),
        ([history, events], isTimedOut) => {
          let order = play(isTimedOut ? [sent, timeout] : [sent]);
          for (const event of events) {
            const next = reduceOrder(order, event).order;
            assert.equal(brokenInvariant(next), undefined);
            assert.equal(next.contradiction, undefined);
            assert.ok(compare(next.filled, order.filled) >= 0, 'filled fell');
            assert.ok(!isEnded(order) || next.state === order.state, 'an ended order came back');
            order = next;
          }
          // A query settles the rest, without a mark of its own.
          const { mark: _, ...answer } = history.truth;
          const settled = reduceOrder(order, { type: 'status', facts: answer }).order;
          assert.equal(settled.base, history.truth.status);
          assert.ok(sameNumber(settled.filled, history.truth.filled));
          assert.equal(settled.contradiction, undefined);
        },
      ),
    );
  });

  it('OR3 when nothing is lost, the end is the same in any order of arrival, and each fill counts once', () => {
    fc.assert(
      fc.property(
        histories.chain((history) => fc.tuple(fc.constant(history), disturbed(history, true))),
        ([history, events]) => {
          const order = play([sent, ...events]);
          assert.equal(order.base, history.truth.status);
          assert.ok(sameNumber(order.filled, history.truth.filled));
          assert.deepEqual(order.fills.map(({ fillId }) => fillId).sort(), [...history.fillIds].sort());
          assert.equal(order.fills.length > 0, order.averagePrice !== undefined);
        },
      ),
    );
  });

  it('OR4 a timeout makes an order unknown and the venue’s later word resolves it', () => {
    const unknown = play([sent, timeout]);
    assert.equal(unknown.state, 'unknown');
    assert.equal(play([{ type: 'ack', facts: facts('open', '0', '100', 5) }], unknown).state, 'open');
    assert.equal(play([{ type: 'reject', code: 'price_band', message: '' }], unknown).state, 'rejected');
    assert.equal(play([{ type: 'never_arrived' }], unknown).reason?.code, 'never_arrived');
    assert.equal(play([{ type: 'ack', facts: facts('open', '0', '100', 5) }, timeout]).state, 'open');
  });

  it('OR5 a fill before the acknowledgement means that the order works, and the acknowledgement takes nothing back', () => {
    const order = play([
      sent,
      { type: 'fill', fill: fill('f-1', '40'), facts: facts('partially_filled', '40', '60', 8) },
      { type: 'ack', facts: facts('open', '0', '100', 7) },
    ]);
    assert.equal(order.state, 'partially_filled');
    assert.equal(formatDecimal(order.leaves), '60');
  });

  it('OR6 what this page concluded gives way to the venue, what the venue said does not', () => {
    const ack: OrderEvent = { type: 'ack', facts: facts('open', '0', '100', 5) };
    assert.equal(play([sent, timeout, { type: 'never_arrived' }, ack]).state, 'open');
    assert.equal(play([sent, { type: 'not_sent', code: 'not_connected', message: '' }, ack]).state, 'open');
    const rejected = play([sent, { type: 'reject', code: 'halted', message: '' }]);
    const after = reduceOrder(rejected, ack);
    assert.equal(after.outcome, 'refused');
    assert.equal(after.order.state, 'rejected');
    assert.match(after.order.contradiction ?? '', /open after rejected/);
  });

  it('OR7 a cancel is pending until answered; fills count meanwhile; its refusal restores what was, never an ended order', () => {
    const working = play([sent, { type: 'ack', facts: facts('open', '0', '100', 1) }, { type: 'cancel_sent' }]);
    assert.equal(working.state, 'pending_cancel');
    const filling: OrderEvent = {
      type: 'fill',
      fill: fill('f-1', '40'),
      facts: facts('partially_filled', '40', '60', 2),
    };
    const filledMeanwhile = play([filling], working);
    assert.equal(filledMeanwhile.state, 'pending_cancel');
    assert.equal(formatDecimal(filledMeanwhile.filled), '40');
    assert.equal(play([{ type: 'cancel_reject', code: 'too_late' }], filledMeanwhile).state, 'partially_filled');
    const done: OrderEvent = { type: 'fill', fill: fill('f-2', '60'), facts: facts('filled', '100', '0', 3) };
    const finished = play([done, { type: 'cancel_reject', code: 'too_late' }], filledMeanwhile);
    assert.equal(finished.state, 'filled');
    assert.ok(isEnded(finished));
  });

  it('OR8 a cancel without an answer stays pending until the venue says how the order stands', () => {
    const unsure = play([
      sent,
      { type: 'ack', facts: facts('open', '0', '100', 1) },
      { type: 'cancel_sent' },
      { type: 'timeout', of: 'cancel' },
    ]);
    assert.equal(unsure.state, 'pending_cancel');
    assert.equal(play([{ type: 'status', facts: facts('open', '0', '100') }], unsure).state, 'open');
    assert.equal(play([{ type: 'status', facts: facts('cancelled', '0', '0') }], unsure).state, 'cancelled');
  });

  it('OR9 facts that cannot be true are refused and marked for a person, and change no number', () => {
    const open = play([sent, { type: 'ack', facts: facts('open', '0', '100', 1) }]);
    const impossible = [
      facts('partially_filled', '40', '40', 2),
      facts('partially_filled', '140', '0', 2),
      facts('filled', '90', '0', 2),
      facts('cancelled', '40', '60', 2),
      facts('open', '100', '0', 2),
      facts('open', '-1', '101', 2),
    ];
    for (const told of impossible) {
      const { order, outcome } = reduceOrder(open, { type: 'status', facts: told });
      assert.equal(outcome, 'refused');
      assert.ok(order.contradiction);
      assert.equal(order.state, 'open');
      assert.ok(sameNumber(order.filled, decimal('0')));
    }
  });

  it('OR11 of two states the later is told by its mark: an older one with more filled cannot be', () => {
    const now = play([sent, { type: 'ack', facts: facts('partially_filled', '40', '60', 9) }]);
    assert.equal(reduceOrder(now, { type: 'ack', facts: facts('open', '0', '100', 8) }).outcome, 'late');
    assert.equal(reduceOrder(now, { type: 'ack', facts: facts('partially_filled', '40', '60', 8) }).outcome, 'late');
    assert.equal(reduceOrder(now, { type: 'ack', facts: facts('partially_filled', '60', '40', 8) }).outcome, 'refused');
    assert.equal(
      reduceOrder(now, { type: 'ack', facts: facts('partially_filled', '20', '80', 10) }).outcome,
      'refused',
    );
  });

  it('OR10 more filled after the end is a contradiction, not a resurrection', () => {
    const cancelled = play([sent, { type: 'cancelled', facts: facts('cancelled', '40', '0', 4) }]);
    const { order, outcome } = reduceOrder(cancelled, {
      type: 'fill',
      fill: fill('f-9', '10'),
      facts: facts('partially_filled', '50', '50', 5),
    });
    assert.equal(outcome, 'refused');
    assert.equal(order.state, 'cancelled');
    assert.equal(order.fills.length, 1);
  });
});
