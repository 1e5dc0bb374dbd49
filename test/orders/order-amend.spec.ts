import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ZERO, formatDecimal } from '../../src/book/decimal.js';
import { fixStatusOf } from '../../src/orders/fix-status.js';
import { brokenInvariant, createOrder, isEnded, isWorking, reduceOrder } from '../../src/orders/order.js';
import type { Order, OrderChange, OrderEvent, OrderFacts, OrderState } from '../../src/orders/order.js';
import { decimal, facts, fill, request, sameNumber } from './venue-history.js';

const play = (events: readonly OrderEvent[], start: Order = createOrder(request())): Order =>
  events.reduce((order, event) => reduceOrder(order, event).order, start);

const change = (quantity: string, limitPrice = '17.60'): OrderChange => ({
  revision: 1,
  quantity,
  limitPrice,
  stopPrice: null,
});
const asking = (quantity: string, limitPrice?: string): OrderEvent => ({
  type: 'replace_sent',
  change: change(quantity, limitPrice),
});
const ack: OrderEvent = { type: 'ack', facts: facts('open', '0', '100', 1) };
const terms = (quantity: string, revision = 1, limitPrice = '17.60'): Partial<OrderFacts> => ({
  quantity: decimal(quantity),
  limitPrice,
  stopPrice: null,
  revision,
});
const replaced = (told: OrderFacts, quantity: string): OrderEvent => ({
  type: 'replaced',
  facts: { ...told, ...terms(quantity) },
});
const lost: OrderEvent = { type: 'timeout', of: 'replace' };
const trade = (id: string, size: string, told: OrderFacts): OrderEvent => ({
  type: 'fill',
  fill: fill(id, size),
  facts: told,
});
const shown = (order: Order): unknown[] => [
  order.state,
  formatDecimal(order.quantity),
  formatDecimal(order.leaves),
  order.limitPrice,
  order.revision,
  order.amend,
];

describe('a change of an order', () => {
  it('OR100 a change is pending until answered, and what trades meanwhile trades on the old terms', () => {
    const pending = play([{ type: 'sent' }, ack, asking('150')]);
    assert.deepEqual(shown(pending), ['pending_replace', '100', '100', '17.50', 0, 'sent']);
    const traded = play([trade('f-1', '40', facts('partially_filled', '40', '60', 2))], pending);
    assert.deepEqual(shown(traded), ['pending_replace', '100', '60', '17.50', 0, 'sent']);
    const done = play([replaced(facts('partially_filled', '40', '110', 3), '150')], traded);
    assert.deepEqual(shown(done), ['partially_filled', '150', '110', '17.60', 1, 'none']);
    assert.equal(done.request.quantity, '100');
    assert.equal(reduceOrder(done, replaced(facts('partially_filled', '40', '110', 3), '150')).order, done);
    // A venue that repeats no terms means those that were asked for.
    const bare = play([{ type: 'replaced', facts: facts('open', '0', '150', 3) }], pending);
    assert.deepEqual(shown(bare), ['open', '150', '150', '17.60', 1, 'none']);
    assert.equal(reduceOrder(play([{ type: 'sent' }]), asking('150')).outcome, 'late');
  });

  it('OR101 a refused change restores what was, and never an ended order', () => {
    const pending = play([{ type: 'sent' }, ack, asking('150')]);
    const refusal: OrderEvent = { type: 'replace_reject', code: 'price_band' };
    assert.deepEqual(shown(play([refusal], pending)), ['open', '100', '100', '17.50', 0, 'none']);
    const filled = play([trade('f-1', '100', facts('filled', '100', '0', 2)), refusal], pending);
    assert.deepEqual(shown(filled), ['filled', '100', '0', '17.50', 0, 'none']);
    assert.equal(reduceOrder(filled, refusal).outcome, 'late');
    assert.equal(reduceOrder(filled, asking('150')).outcome, 'late');
  });

  it('OR102 a cancel and a change may both be under way: the cancel is shown first, each is answered by itself', () => {
    const both = play([{ type: 'sent' }, ack, asking('150'), { type: 'cancel_sent' }]);
    assert.equal(both.state, 'pending_cancel');
    assert.equal(play([{ type: 'cancel_reject', code: 'too_late' }], both).state, 'pending_replace');
    const changed = play([replaced(facts('open', '0', '150', 2), '150')], both);
    assert.deepEqual(shown(changed), ['pending_cancel', '150', '150', '17.60', 1, 'none']);
    const gone = play([{ type: 'cancelled', facts: facts('cancelled', '0', '0', 2) }], both);
    assert.deepEqual(shown(gone), ['cancelled', '100', '0', '17.50', 0, 'none']);
    assert.equal(play([{ type: 'replace_reject', code: 'too_late' }], gone).state, 'cancelled');
  });

  it('OR103 a change without an answer stays pending until the venue tells terms: those hold, whoever made them', () => {
    const unsure = play([{ type: 'sent' }, ack, asking('150'), lost]);
    assert.deepEqual(shown(unsure), ['pending_replace', '100', '100', '17.50', 0, 'unsure']);
    const told = (quantity: string, revision: number, price: string): OrderEvent => ({
      type: 'status',
      facts: { ...facts('open', '0', quantity), ...terms(quantity, revision, price) },
    });
    assert.deepEqual(shown(play([told('150', 1, '17.60')], unsure)), ['open', '150', '150', '17.60', 1, 'none']);
    assert.deepEqual(shown(play([told('100', 0, '17.50')], unsure)), ['open', '100', '100', '17.50', 0, 'none']);
    assert.deepEqual(shown(play([told('120', 2, '17.55')], unsure)), ['open', '120', '120', '17.55', 2, 'none']);
    // An answer without terms says nothing of a change.
    assert.equal(play([{ type: 'status', facts: facts('open', '0', '100') }], unsure).amend, 'unsure');
    // While the answer may still come, an old state settles nothing.
    const sent = play([{ type: 'sent' }, ack, asking('150')]);
    assert.equal(play([told('100', 0, '17.50')], sent).state, 'pending_replace');
  });

  it('OR104 a fill that counts on a change whose announcement is still to come is believed', () => {
    const pending = play([{ type: 'sent' }, ack, asking('150')]);
    const early = play([trade('f-1', '40', facts('partially_filled', '40', '110', 3))], pending);
    assert.deepEqual(
      [early.contradiction, shown(early)],
      [undefined, ['pending_replace', '150', '110', '17.50', 0, 'sent']],
    );
    const settled = play([replaced(facts('open', '0', '150', 2), '150')], early);
    assert.deepEqual(shown(settled), ['partially_filled', '150', '110', '17.60', 1, 'none']);
    assert.ok(sameNumber(settled.filled, decimal('40')));
    // And one from before the change, heard after it, changes nothing.
    const late = play(
      [trade('f-0', '10', facts('partially_filled', '10', '90', 2))],
      play([replaced(facts('partially_filled', '10', '140', 3), '150')], pending),
    );
    assert.deepEqual([late.contradiction, formatDecimal(late.leaves), late.fills.length], [undefined, '140', 1]);
  });

  it('OR105 what somebody else changed is unexplained until the venue tells the change, and then forgiven', () => {
    const puzzled = play([{ type: 'sent' }, ack, trade('f-1', '40', facts('partially_filled', '40', '110', 3))]);
    assert.ok(puzzled.contradiction);
    const explained = play([replaced(facts('open', '0', '150', 2), '150')], puzzled);
    assert.deepEqual([explained.contradiction, formatDecimal(explained.quantity)], [undefined, '150']);
    const other = play([{ type: 'sent' }, ack, { type: 'status', facts: facts('cancelled', '40', '60', 3) }]);
    assert.ok(play([replaced(facts('open', '0', '150', 4), '150')], other).contradiction);
  });

  it('OR106 a total below what has filled meanwhile is a contradiction, or an end where the venue calls it filled', () => {
    const pending = play([
      { type: 'sent' },
      ack,
      asking('50'),
      trade('f', '60', facts('partially_filled', '60', '40', 2)),
    ]);
    const wrong = play([replaced(facts('partially_filled', '60', '0', 3), '50')], pending);
    assert.ok(wrong.contradiction);
    assert.equal(brokenInvariant(wrong), undefined);
    const done = play([replaced(facts('filled', '60', '0', 3), '50')], pending);
    assert.deepEqual([done.contradiction, shown(done)], [undefined, ['filled', '60', '0', '17.60', 1, 'none']]);
    const beyond = play([replaced(facts('filled', '160', '0', 3), '50')], pending);
    assert.ok(beyond.contradiction);
  });

  it('OR107 an earlier revision is old news, and one that comes later by its mark a contradiction', () => {
    const changed = play([{ type: 'sent' }, ack, asking('150'), replaced(facts('open', '0', '150', 2), '150')]);
    const before: OrderFacts = { ...facts('open', '0', '100'), ...terms('100', 0, '17.50') };
    const late = reduceOrder(changed, { type: 'status', facts: before });
    assert.deepEqual([late.outcome, shown(late.order)], ['late', shown(changed)]);
    const denied = reduceOrder(changed, { type: 'status', facts: { ...before, mark: { epoch: 'p1', sequence: 9 } } });
    assert.equal(denied.outcome, 'refused');
    assert.equal(formatDecimal(denied.order.quantity), '150');
  });

  it('OR108 suspended and done for the day are no ends, and have a way back', () => {
    for (const status of ['suspended', 'done_for_day'] as const) {
      const halted = play([{ type: 'sent' }, ack, { type: 'status', facts: facts(status, '40', '60', 2) }]);
      assert.equal(halted.state, status);
      assert.ok(!isEnded(halted) && isWorking(halted));
      assert.equal(formatDecimal(halted.leaves), '60');
      const back = play([{ type: 'status', facts: facts('open', '40', '60', 3) }], halted);
      assert.equal(back.state, 'partially_filled');
    }
  });

  it('OR109 each state has its FIX OrdStatus', () => {
    const expected: Record<OrderState, string> = {
      submitting: 'A',
      pending_new: 'A',
      unknown: 'A',
      open: '0',
      partially_filled: '1',
      filled: '2',
      done_for_day: '3',
      cancelled: '4',
      pending_cancel: '6',
      rejected: '8',
      suspended: '9',
      expired: 'C',
      pending_replace: 'E',
    };
    for (const [state, status] of Object.entries(expected)) {
      assert.equal(fixStatusOf({ ...createOrder(request()), state: state as OrderState }), status);
    }
  });

  it('OR110 in any order of arrival, with repeats, a change and the fills around it end as they did at the venue', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 });
    const run = fc.record({
      before: sizes,
      after: sizes,
      total: fc.integer({ min: 91, max: 200 }),
      isComplete: fc.boolean(),
    });
    fc.assert(
      fc.property(
        run.chain((drawn) =>
          fc.tuple(
            fc.constant(drawn),
            fc.shuffledSubarray([...Array(16).keys()], { minLength: drawn.isComplete ? 16 : 0 }),
          ),
        ),
        ([drawn, order]) => {
          let sequence = 1;
          let quantity = decimal('100');
          let filled = 0n;
          const events: OrderEvent[] = [ack];
          const told = (): OrderFacts => {
            const left = quantity.units - filled;
            const status = left === 0n ? 'filled' : filled === 0n ? 'open' : 'partially_filled';
            return facts(status, String(filled), String(left), ++sequence);
          };
          const trades = (sizes: readonly number[]): void => {
            for (const size of sizes) {
              const left = quantity.units - filled;
              if (left <= 0n) return;
              const traded = BigInt(size) > left ? left : BigInt(size);
              filled += traded;
              events.push(trade(`f-${events.length}`, String(traded), told()));
            }
          };
          trades(drawn.before);
          quantity = decimal(String(drawn.total));
          events.push({ type: 'replaced', facts: { ...told(), ...terms(String(drawn.total)) } });
          trades(drawn.after);
          let now = play([{ type: 'sent' }, ack, asking(String(drawn.total))]);
          for (const index of order) {
            const event = events[index % events.length];
            if (event === undefined) continue;
            const next = reduceOrder(now, event).order;
            assert.equal(brokenInvariant(next), undefined);
            assert.equal(next.contradiction, undefined);
            assert.ok(next.filled.units >= now.filled.units, 'filled fell');
            now = next;
          }
          if (drawn.isComplete) {
            assert.ok(sameNumber(now.filled, { ...ZERO, units: filled }));
            assert.ok(sameNumber(now.quantity, quantity));
            assert.deepEqual([now.limitPrice, now.revision, now.amend], ['17.60', 1, 'none']);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
