import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatDecimal } from '../../src/book/decimal.js';
import type { GatewayEvent } from '../../src/orders/gateway.js';
import { StreamGateway } from '../../src/orders/stream-gateway.js';
import { Resume } from '../../src/stream/resume.js';
import { type Bench, makeBench, serveTouchline } from '../support/fake-server.js';
import { settled } from '../support/login-server.js';
import { ServedWire } from '../support/served-wire.js';

const trade = (seq: number, { epoch = 'e1', ...rest }: { epoch?: string; replay?: boolean } = {}) => ({
  type: 'trade',
  stream: 'trades:SCOM',
  epoch,
  seq,
  ...rest,
  data: { symbol: 'SCOM', tradeId: `t-${seq}`, price: '17.50', quantity: '100', aggressor: 'buy', timestamp: 1 },
});
const resumed = (data: Record<string, unknown>) => ({ type: 'resumed', data: { replayed: {}, reset: {}, ...data } });
const ids = ({ stream }: Bench): string[] => stream.trades('SCOM').map(({ tradeId }) => tradeId);

/** A page that reads trades, with the first three. */
const reading = (): Bench => {
  const bench = makeBench();
  serveTouchline(bench);
  bench.stream.subscribe(['SCOM'], () => {}, { trades: true });
  bench.clock.pass(1_000);
  bench.wire.last.push(trade(1), trade(2), trade(3));
  return bench;
};
const lose = (bench: Bench, code = 1006): void => {
  bench.wire.last.drop(code);
  bench.clock.pass(5_000);
};
const asked = ({ wire }: Bench) => wire.last.got('hello')[0]?.data.resume;

describe('a session that is taken up', () => {
  it('RE1 hello names the lost session and where its trades and books stood; the first one names none', () => {
    const bench = reading();
    assert.equal(asked(bench), undefined);
    lose(bench);
    assert.deepEqual(asked(bench), { session: 's-1', streams: { 'trades:SCOM': ['e1', 3], 'book:SCOM': ['e1', 1] } });
  });

  it('RE2 after a disconnect of the page, or a close that blames what was said, nothing is taken up', () => {
    const page = reading();
    page.stream.disconnect();
    page.stream.connect();
    page.clock.pass(1_000);
    assert.equal(asked(page), undefined);
    // Neither is what was heard before it, after a later loss.
    lose(page);
    assert.deepEqual(Object.keys(asked(page)?.streams ?? {}), ['book:SCOM']);
    for (const code of [1009, 4400, 4409]) {
      const bench = reading();
      lose(bench, code);
      if (code === 4409) bench.stream.reconnect();
      assert.equal(asked(bench), undefined);
    }
    // A page that was put away and comes back lost its link like any other.
    const away = reading();
    away.wake.send('suspend');
    away.clock.pass(60_000);
    away.wake.send('resume');
    assert.deepEqual(asked(away)?.streams['trades:SCOM'], ['e1', 3]);
  });

  it('RE3 replayed trades fill the hole, once each, and count no gap; one that is known is dropped', () => {
    const bench = reading();
    lose(bench);
    bench.wire.last.push(
      resumed({ replayed: { 'trades:SCOM': [4, 6] }, reset: { 'book:SCOM': 'snapshot' } }),
      trade(3, { replay: true }),
      trade(4, { replay: true }),
      trade(5, { replay: true }),
      trade(5, { replay: true }),
      trade(6, { replay: true }),
      trade(7),
    );
    assert.deepEqual(ids(bench), ['t-1', 't-2', 't-3', 't-4', 't-5', 't-6', 't-7']);
    assert.equal(bench.stream.metrics().gaps, 0);
    bench.wire.last.push(trade(9));
    assert.equal(bench.stream.metrics().gaps, 1);
  });

  it('RE4 trades that begin anew count one gap, and are taken whatever their numbers', () => {
    const bench = reading();
    lose(bench);
    bench.wire.last.push(resumed({ reset: { 'trades:SCOM': 'live', 'trades:NOPE': 'live' } }));
    assert.equal(bench.stream.metrics().gaps, 1);
    // A server that began to count anew under its old name.
    bench.wire.last.push(trade(1));
    assert.deepEqual(ids(bench), ['t-1', 't-2', 't-3', 't-1']);
    assert.equal(bench.stream.metrics().gaps, 1);
  });

  it('RE5 a server that knows no resuming is read as before: the hole is a gap', () => {
    const bench = reading();
    lose(bench);
    bench.wire.last.push(trade(6));
    assert.deepEqual([ids(bench).length, bench.stream.metrics().gaps], [4, 1]);
    // What passes no guard changes nothing.
    bench.wire.last.push({ type: 'resumed', data: { replayed: { 'trades:SCOM': [1] }, reset: {} } });
    assert.equal(bench.stream.metrics().refused, 1);
  });

  it('RE6 trades that nobody reads any more are not asked for', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    const undo = bench.stream.subscribe(['SCOM'], () => {}, { trades: true });
    bench.clock.pass(1_000);
    bench.wire.last.push(trade(1));
    undo();
    bench.clock.pass(3_000);
    lose(bench);
    assert.deepEqual(Object.keys(asked(bench)?.streams ?? {}), ['book:SCOM']);
  });

  it('RE7 a private stream stands where it was heard without a hole; without a whole account it stands nowhere', () => {
    const event = (sequence: number, type = 'balance_update', epoch = 'p1') => ({
      type,
      stream: 'private:A-1',
      epoch,
      sequence,
    });
    const made = (): Resume => {
      const resume = new Resume(() => []);
      resume.begun('s-1');
      return resume;
    };
    const resume = made();
    resume.heard(event(7));
    assert.equal(resume.request(), undefined);
    resume.heard(event(10, 'account_snapshot'));
    for (const sequence of [11, 13, 14, 12, 16, 9]) resume.heard(event(sequence));
    assert.deepEqual(resume.request()?.streams, { 'private:A-1': ['p1', 14] });
    resume.heard(event(15));
    assert.deepEqual(resume.request()?.streams, { 'private:A-1': ['p1', 16] });
    resume.heard(event(1, 'order_fill', 'p2'));
    assert.equal(resume.request(), undefined);

    // In any order, with any repeats: never beyond the first hole.
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }), (numbers) => {
        const some = made();
        some.heard(event(0, 'account_snapshot'));
        for (const sequence of numbers) some.heard(event(sequence));
        let end = 0;
        while (numbers.includes(end + 1)) end += 1;
        assert.deepEqual(some.request()?.streams['private:A-1'], ['p1', end]);
      }),
    );
    // A hello has a length.
    const many = new Resume(() => Array.from({ length: 5_000 }, (_, i) => [`trades:${i}`, ['e', 1]] as const));
    many.begun('s-1');
    many.heard(event(1, 'account_snapshot'));
    const streams = Object.keys(many.request()?.streams ?? {});
    assert.deepEqual([streams.length, streams[0]], [500, 'private:A-1']);
  });

  it('RE8 wherever links are cut, every trade of the market arrives once and in order, and no gap is counted', () => {
    const cut = fc.record({
      afterMs: fc.integer({ min: 200, max: 4_000 }),
      code: fc.constantFrom(1006, 1001, 1011, 4408),
    });
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 6 }), fc.constantFrom(0, 30), (cuts, latencyMs) => {
        const bench = makeBench({ bufferSize: 100_000, reconnectDelay: 100 });
        const served = new ServedWire(bench, { symbols: 1, rate: 30, latencyMs });
        const [symbol = ''] = served.market.symbols;
        bench.stream.subscribe([symbol], () => {}, { trades: true });
        served.pass(1_000);
        while (bench.stream.trades(symbol).length === 0) served.pass(500);
        for (const { afterMs, code } of cuts) {
          served.pass(afterMs, 50);
          // Some of what was sent is still on its way, and is lost with the link.
          bench.wire.last.drop(code);
          served.pass(3_000, 50);
        }
        served.pass(10_000);
        // The market stands still, and what is due or on its way arrives.
        for (let i = 0; i < 20; i += 1) {
          bench.clock.pass(100);
          served.session?.flush();
        }
        const heard = bench.stream.trades(symbol).map(({ tradeId }) => Number(tradeId.split('-').at(-1)));
        const first = heard[0] ?? 0;
        assert.deepEqual(
          heard,
          Array.from({ length: heard.length }, (_, i) => first + i),
        );
        const last = served.market.listing(symbol)?.trades.lastSequence ?? 0;
        assert.ok(heard.at(-1) === last, `${heard.at(-1)} of ${last}`);
        assert.equal(bench.stream.metrics().gaps, 0);
        bench.stream.dispose();
      }),
      { numRuns: 25 },
    );
  });

  it('RE9 an outage that is longer than the log of trades is one gap, and told as one', () => {
    const bench = makeBench({ bufferSize: 100_000, reconnectDelay: 60_000 });
    const served = new ServedWire(bench, { symbols: 1, rate: 200 });
    const [symbol = ''] = served.market.symbols;
    bench.stream.subscribe([symbol], () => {}, { trades: true });
    served.pass(5_000);
    const before = bench.stream.trades(symbol).length;
    assert.ok(before > 0);
    const accept = bench.wire.onConnect;
    bench.wire.onConnect = undefined;
    bench.wire.last.drop();
    while ((served.market.listing(symbol)?.trades.lastSequence ?? 0) < before + 1_500) served.pass(2_000, 1_000);
    bench.wire.onConnect = accept;
    bench.stream.reconnect();
    served.pass(5_000);
    assert.equal(bench.stream.metrics().gaps, 1);
    assert.ok(bench.stream.trades(symbol).length > before);
  });
});

describe('an account that is taken up', () => {
  const setUp = async () => {
    const bench = makeBench({ reconnectDelay: 100 });
    const served = new ServedWire(bench, { symbols: 1, rate: 20 });
    const gateway = new StreamGateway(bench.stream);
    const events: GatewayEvent[] = [];
    bench.stream.connect();
    const stop = gateway.observe('A-1', (event) => events.push(event));
    const pass = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 50) {
        served.pass(50, 50);
        await settled();
      }
    };
    await pass(1_000);
    const place = (clientOrderId: string, price = '17.00') =>
      served.market.desk.place(
        {
          clientOrderId,
          account: 'A-1',
          symbol: 'SCOM',
          side: 'buy',
          orderType: 'limit',
          quantity: '100',
          limitPrice: price,
          stopPrice: null,
          timeInForce: 'day',
        },
        served.now(),
      );
    const kinds = (): string[] => events.splice(0).map(({ type }) => type);
    /** Drops the link, lets something happen, and lets the page come back. */
    const away = async (act: () => void): Promise<void> => {
      const accept = bench.wire.onConnect;
      bench.wire.onConnect = undefined;
      bench.wire.last.drop();
      served.session?.dispose();
      act();
      bench.wire.onConnect = accept;
      await pass(5_000);
    };
    const types = (): string[] => bench.wire.last.sent.map(({ type }) => type).filter((type) => type !== 'ping');
    return { bench, served, gateway, events, stop, pass, place, kinds, away, types };
  };

  it('RE10 the events since the loss come in place of the account, and with the last of them it is whole', async () => {
    const { bench, events, place, kinds, away } = await setUp();
    place('before-1234');
    assert.deepEqual(kinds(), ['account', 'ready', 'order', 'account']);
    await away(() => {
      place('meanwhile-1');
      place('meanwhile-2');
    });
    assert.deepEqual(bench.wire.last.got('hello')[0]?.data.resume?.streams['private:A-1'], ['pserved', 2]);
    const ids = events.flatMap((event) => (event.type === 'order' ? [event.clientOrderId] : []));
    assert.deepEqual(ids, ['meanwhile-1', 'meanwhile-2']);
    const ready = events.filter((event) => event.type === 'ready');
    assert.deepEqual(ready, [{ type: 'ready' }]);
    assert.deepEqual(kinds(), ['lost', 'order', 'order', 'account', 'account', 'ready']);
    assert.equal(bench.wire.last.got('account_subscribe').length, 1);
    place('after-12345');
    assert.deepEqual(kinds(), ['order', 'account']);
  });

  it('RE10 also when nothing was missed, and again after the next loss', async () => {
    const { kinds, away, place, events } = await setUp();
    kinds();
    await away(() => {});
    assert.deepEqual(kinds(), ['lost', 'ready']);
    await away(() => place('meanwhile-1'));
    const [account] = events.filter((event) => event.type === 'account');
    assert.ok(account?.type === 'account' && account.update.isWhole === false);
    assert.notEqual(formatDecimal(account.update.available.get('cash:KES')!, 2), '5000000.00');
    assert.deepEqual(kinds(), ['lost', 'order', 'account', 'ready']);
  });

  it('RE11 until the replay is at its end the account is not whole; one that stops short is asked for anew', async () => {
    const { bench, served, kinds, pass, place, away } = await setUp();
    kinds();
    let cut = false;
    served.onFrame = (text) => (cut && text.includes('"replay":true') && text.includes('"seq":4,') ? null : text);
    cut = true;
    await away(() => {
      place('meanwhile-1');
      place('meanwhile-2');
    });
    const told = kinds();
    assert.deepEqual(told.slice(0, 4), ['lost', 'order', 'order', 'account']);
    cut = false;
    await pass(5_000);
    assert.deepEqual([...told, ...kinds()].slice(-2), ['account', 'ready']);
    assert.equal(bench.wire.last.got('account_subscribe').length, 2);
  });

  it('RE12 another run of the server, or a log that does not reach back, gives the account whole', async () => {
    const { bench, events, served, place, kinds, away } = await setUp();
    kinds();
    await away(() => {
      for (let i = 0; i < 600; i += 1) place(`meanwhile-${i}`);
    });
    assert.ok(served.market.desk.snapshot('A-1')!.sequence > 1_000);
    const ready = events.filter((event) => event.type === 'ready');
    assert.ok(ready.length === 1 && ready[0]?.orders?.length === 600);
    kinds();
    bench.wire.onConnect = undefined;
    bench.wire.last.drop();
    // A new market: another epoch, and an account that counts from its start.
    const other = new ServedWire(bench, { symbols: 1 });
    assert.equal(other.market.desk.snapshot('A-1')?.sequence, 0);
    await away(() => {});
    assert.deepEqual(kinds().slice(-2), ['account', 'ready']);
  });

  it('RE13 a replay that does not reach back to what the desk has seen is no help: the account is asked for', async () => {
    for (const isAlone of [true, false]) {
      const { bench, gateway, pass, kinds, stop } = await setUp();
      kinds();
      bench.wire.last.drop();
      if (isAlone) stop();
      // A desk that comes later has seen nothing yet; the stream has.
      const late: GatewayEvent[] = [];
      gateway.observe('A-1', (event) => late.push(event));
      await pass(5_000);
      assert.deepEqual(kinds(), isAlone ? ['lost'] : ['lost', 'ready']);
      assert.deepEqual(
        late.map(({ type }) => type),
        ['account', 'ready'],
      );
      assert.equal(bench.wire.last.got('account_subscribe').length, 2);
    }
  });
});
