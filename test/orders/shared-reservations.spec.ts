import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatDecimal } from '../../src/book/decimal.js';
import { ReservationLedger, ledgerFor } from '../../src/orders/ledger.js';
import { SharedReservations, type PageChannel } from '../../src/orders/shared-reservations.js';
import { ManualClock } from './fake-venue.js';
import { decimal } from './venue-history.js';

/** Pages of one origin: what one posts, the others get, as plain data. */
class Origin {
  readonly #receivers = new Map<object, (message: unknown) => void>();

  channel(): PageChannel {
    const page = {};
    return {
      post: (message) => {
        const text = JSON.stringify(message);
        for (const [other, receive] of [...this.#receivers]) if (other !== page) receive(JSON.parse(text));
      },
      listen: (receive) => void this.#receivers.set(page, receive),
      close: () => void this.#receivers.delete(page),
    };
  }
}

function openPage(origin: Origin, clock: ManualClock, name: string) {
  const ledger = new ReservationLedger(() => clock.now());
  const shared = new SharedReservations(ledger, origin.channel(), clock, name);
  const hold = (order: string, amount: string, isReflected = false): void =>
    ledger.hold('A-1', order, 'cash:KES', decimal(amount), isReflected);
  const reserved = (excludes = false): string => formatDecimal(ledger.reserved('A-1', 'cash:KES', excludes));
  return { ledger, shared, hold, reserved };
}

describe('SharedReservations', () => {
  it('OR180 what orders hold back in one page is held back in every other, those that come later too', () => {
    const [origin, clock] = [new Origin(), new ManualClock()];
    const first = openPage(origin, clock, 'first');
    const second = openPage(origin, clock, 'second');
    let told = 0;
    second.ledger.watchForeign(() => told++);
    first.hold('c-1', '1750.5');
    assert.deepEqual([first.reserved(), second.reserved(), told], ['1750.5', '1750.5', 1]);
    const third = openPage(origin, clock, 'third');
    assert.equal(third.reserved(), '1750.5');
    second.hold('c-2', '100');
    first.hold('c-1', '1750.5', true);
    assert.deepEqual([third.reserved(), third.reserved(true)], ['1850.5', '100']);
    first.hold('c-1', '0');
    assert.deepEqual([first.reserved(), third.reserved()], ['100', '100']);
    assert.equal(formatDecimal(third.ledger.reserved('A-2', 'cash:KES', false)), '0');
  });

  it('OR181 an order that several other pages tell of counts once, at the most that one says', () => {
    const [origin, clock] = [new Origin(), new ManualClock()];
    const looker = openPage(origin, clock, 'looker');
    openPage(origin, clock, 'first').hold('c-1', '875');
    openPage(origin, clock, 'second').hold('c-1', '1750');
    openPage(origin, clock, 'third').hold('c-1', '100');
    assert.equal(looker.reserved(), '1750');
  });

  it('OR192 ledgers that are joined are one from then on, however often and in whatever order', () => {
    const origin = new Origin();
    const clock = new ManualClock();
    const [one, two, three] = [1, 2, 3].map((n) => openPage(origin, clock, `page ${n}`)) as [
      ReturnType<typeof openPage>,
      ReturnType<typeof openPage>,
      ReturnType<typeof openPage>,
    ];
    for (const page of [one, two, three]) page.shared.close();
    const told: string[] = [];
    one.hold('c-1', '100');
    two.hold('c-2', '20');
    three.hold('c-3', '3');
    const end = one.ledger.watchOwn(() => told.push('one'));
    three.ledger.watchOwn(() => told.push('three'));
    two.ledger.join(one.ledger);
    assert.deepEqual([one.reserved(), two.reserved(), told.splice(0)], ['120', '120', ['one']]);
    three.ledger.join(one.ledger);
    three.ledger.join(two.ledger);
    assert.deepEqual([one.reserved(), two.reserved(), three.reserved()], ['123', '123', '123']);
    told.length = 0;
    two.hold('c-1', '0');
    assert.deepEqual([one.reserved(), three.reserved(), told.splice(0).sort()], ['23', '23', ['one', 'three']]);
    end();
    one.hold('c-3', '0');
    assert.deepEqual([three.reserved(), told], ['20', ['three']]);
    // Owners that meet in a later question meet for good.
    const [stream, gateway] = [{}, {}];
    ledgerFor(gateway).hold('A', 'c-9', 'cash:KES', decimal('9'), false);
    ledgerFor(stream);
    assert.equal(formatDecimal(ledgerFor(stream, gateway).reserved('A', 'cash:KES', false)), '9');
    assert.equal(formatDecimal(ledgerFor(stream).reserved('A', 'cash:KES', false)), '9');
  });

  it('OR181 an order that two pages know is counted once, with what the page itself knows', () => {
    const [origin, clock] = [new Origin(), new ManualClock()];
    const first = openPage(origin, clock, 'first');
    const second = openPage(origin, clock, 'second');
    first.hold('c-1', '1750');
    second.hold('c-1', '875');
    assert.deepEqual([first.reserved(), second.reserved()], ['1750', '875']);
  });

  it('OR182 a page that closes frees what it held, one that falls silent after a while, and one that lives never does', async () => {
    const [origin, clock] = [new Origin(), new ManualClock()];
    const first = openPage(origin, clock, 'first');
    const second = openPage(origin, clock, 'second');
    first.hold('c-1', '1750');
    await clock.pass(3_600_000);
    assert.equal(second.reserved(), '1750');
    first.shared.close();
    assert.equal(second.reserved(), '0');
    assert.equal(first.reserved(), '1750');
    const crashed = origin.channel();
    const held = [{ account: 'A-1', key: 'c-9', asset: 'cash:KES', amount: '5', isReflected: false }];
    crashed.post({ kind: 'holds', from: 'crashed', held });
    await clock.pass(140_000);
    assert.equal(second.reserved(), '5');
    await clock.pass(20_000);
    assert.equal(second.reserved(), '0');
  });

  it('OR183 a message that makes no sense changes nothing, and what of it does is counted', () => {
    const [origin, clock] = [new Origin(), new ManualClock()];
    const page = openPage(origin, clock, 'page');
    const other = origin.channel();
    const good = { account: 'A-1', key: 'c-1', asset: 'cash:KES', amount: '7', isReflected: false };
    fc.assert(
      fc.property(fc.jsonValue(), (junk) => {
        other.post(junk);
        other.post({ kind: 'holds', from: 'junk', held: junk });
        other.post({ kind: 'holds', from: 'other', held: [junk, { ...good, amount: 'much' }, good] });
        assert.equal(page.reserved(), '7');
      }),
      { numRuns: 50 },
    );
  });
});
