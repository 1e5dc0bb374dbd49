/** The rules of a stream, seen from outside, for one in the page and for one in a worker alike. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MarketUpdate, RequestError } from '../../../src/stream/market-stream.js';
import type { MarketStreamOptions } from '../../../src/stream/market-stream-core.js';
import { type Bench, delta, levelsOf, makeBench, row, serveTouchline, snapshot } from '../../support/fake-server.js';
import { serverSamples } from '../../support/wire-samples.js';
import { makeWorkerBench } from '../../support/worker-bench.js';

/** Longer than any message takes from the wire to a listener's call. */
const SETTLE_MS = 300;

const makers: readonly (readonly [where: string, make: (options?: Partial<MarketStreamOptions>) => Bench])[] = [
  ['in the page', makeBench],
  ['in a worker', makeWorkerBench],
];

const trade = (seq: number) => ({
  type: 'trade',
  stream: 'trades:SCOM',
  epoch: 'e1',
  seq,
  data: { symbol: 'SCOM', tradeId: `t${seq}`, price: '1', quantity: '2', aggressor: 'buy', timestamp: 0 },
});

/** An event of a private stream, as the reference exchange writes it. */
const ack = (seq: number) => ({ ...serverSamples.find(({ type }) => type === 'order_ack'), seq });

for (const [where, make] of makers) {
  describe(`a stream ${where}`, () => {
    const begin = (options: Partial<MarketStreamOptions> = {}): Bench => {
      const bench = make(options);
      serveTouchline(bench);
      bench.stream.connect();
      bench.clock.pass(SETTLE_MS);
      return bench;
    };

    it('WK1 has the book, ticker, instrument and verdict of its feed', () => {
      const bench = begin();
      bench.stream.subscribe(['SCOM'], () => {});
      bench.clock.pass(SETTLE_MS);
      bench.wire.last.push(delta('SCOM', 1, 2, [['17.455', '7']]), row('SCOM', 17.5, 5, { volume: 3 }));
      bench.clock.pass(SETTLE_MS);
      const { stream } = bench;
      assert.deepEqual(levelsOf(stream, 'SCOM'), {
        bids: [
          [17.5, 100],
          [17.455, 7],
        ],
        asks: [[17.55, 100]],
      });
      const book = stream.book('SCOM');
      assert.deepEqual([book?.symbol, book?.epoch, book?.sequence, book?.depthLimit], ['SCOM', 'e1', 2, 50]);
      assert.deepEqual(book?.textAt('bid', 1), ['17.455', '7']);
      assert.equal(book?.bids.sizeOf(17_455), 7);
      assert.equal(stream.ticker('SCOM')?.volume, '3');
      assert.equal(stream.verdict('SCOM').state, 'live');
      assert.deepEqual(stream.verdict('SCOM').verified, { by: 'sequence' });
      assert.deepEqual([stream.marketData.length, stream.orderBooks.length], [1, 1]);
      assert.equal(stream.phase('SCOM'), 'continuous');
      assert.deepEqual(stream.features?.includes('book'), true);
      assert.deepEqual([stream.state, stream.status.dialect], ['open', 'touchline']);
    });

    it('WK1 calls a listener at most once a throttle interval, and with the last value', () => {
      const bench = begin();
      const calls: number[] = [];
      let seen = 0;
      bench.stream.subscribe(
        ['SCOM'],
        () => {
          // The first data wait for nothing.
          if (bench.stream.book('SCOM') !== undefined) calls.push(bench.clock.now());
          seen = bench.stream.book('SCOM')?.sequence ?? 0;
        },
        { throttle: 200 },
      );
      bench.clock.pass(SETTLE_MS);
      for (let seq = 2; seq <= 200; seq += 1) {
        bench.wire.last.push(delta('SCOM', seq - 1, seq, [['17.50', String(seq)]]));
        bench.clock.pass(10);
      }
      bench.clock.pass(2 * SETTLE_MS);
      for (const [i, at] of calls.slice(1).entries()) assert.ok(at - (calls[i] ?? 0) >= 200, `call ${i + 1}`);
      assert.ok(calls.length >= 8 && calls.length <= 14, `${calls.length} calls`);
      assert.equal(seen, 200);
    });

    it('WK1 tells a late subscriber at once of what is known', () => {
      const bench = begin();
      bench.stream.subscribe(['SCOM'], () => {});
      bench.clock.pass(SETTLE_MS);
      const updates: MarketUpdate[] = [];
      bench.stream.subscribe(['SCOM'], (update) => updates.push(update));
      bench.clock.pass(16);
      assert.deepEqual(updates, [{ symbol: 'SCOM', book: true, ticker: false, trades: false, verdict: true }]);
      bench.clock.pass(SETTLE_MS);
      assert.equal(updates.length, 1, 'and not a second time');
    });

    it('WK1 keeps a bounded ring of trades and counts what falls out unseen', () => {
      const bench = begin({ bufferSize: 5 });
      bench.stream.subscribe(['SCOM'], () => {}, { trades: true });
      bench.clock.pass(SETTLE_MS);
      for (const seq of [1, 2, 3, 4]) {
        bench.wire.last.push(trade(seq));
        if (seq % 2 === 0) bench.clock.pass(SETTLE_MS);
      }
      assert.deepEqual(
        bench.stream.trades('SCOM').map(({ tradeId }) => tradeId),
        ['t1', 't2', 't3', 't4'],
      );
      for (let seq = 5; seq <= 14; seq += 1) bench.wire.last.push(trade(seq));
      bench.clock.pass(SETTLE_MS);
      assert.deepEqual(
        bench.stream.trades('SCOM').map(({ tradeId }) => tradeId),
        ['t10', 't11', 't12', 't13', 't14'],
      );
      assert.equal(bench.stream.metrics().dropped, 5);
    });

    it('WK1 gives a symbol back after a grace, and then knows nothing of it', () => {
      const bench = begin();
      const undo = bench.stream.subscribe(['SCOM'], () => {});
      bench.stream.subscribe(['KCB'], () => {});
      bench.clock.pass(SETTLE_MS);
      undo();
      undo();
      bench.clock.pass(900);
      assert.notEqual(bench.stream.book('SCOM'), undefined);
      bench.clock.pass(3_000);
      assert.deepEqual(
        bench.wire.last.got('unsubscribe').map(({ symbols }) => symbols),
        [['SCOM']],
      );
      assert.equal(bench.stream.book('SCOM'), undefined);
      assert.equal(bench.stream.verdict('SCOM').reason, 'not_subscribed');
      assert.equal(bench.stream.verdict('KCB').state, 'live');
    });

    it('WK1 a channel that nobody wants any more is given up, and its book goes', () => {
      const bench = begin();
      const withBook = bench.stream.subscribe(['SCOM'], () => {});
      bench.stream.subscribe(['SCOM'], () => {}, { book: false });
      bench.clock.pass(SETTLE_MS);
      bench.wire.last.push(row('SCOM', 17.5, 1));
      withBook();
      bench.clock.pass(5_000);
      assert.deepEqual(bench.wire.last.got('unsubscribe')[0]?.channels, ['book']);
      assert.equal(bench.stream.book('SCOM'), undefined);
      assert.equal(bench.stream.ticker('SCOM')?.price, '17.5');
    });

    it('WK1 keeps the book of a lost link, marked, and has a new one on the next', () => {
      const bench = begin();
      bench.stream.subscribe(['SCOM'], () => {});
      bench.clock.pass(SETTLE_MS);
      bench.wire.last.drop();
      bench.clock.pass(50);
      assert.equal(bench.stream.state, 'reconnecting');
      assert.equal(bench.stream.verdict('SCOM').state, 'disconnected');
      assert.equal(bench.stream.book('SCOM')?.bids.length, 1);
      bench.clock.pass(5_000);
      assert.equal(bench.stream.verdict('SCOM').state, 'live');
      assert.ok(bench.stream.metrics().reconnects >= 1);
    });

    it('WK1 a gap is told, and healed by a snapshot', () => {
      const bench = begin();
      bench.stream.subscribe(['SCOM'], () => {});
      bench.clock.pass(SETTLE_MS);
      bench.wire.last.push(delta('SCOM', 5, 6, [['17.40', '1']]));
      bench.clock.pass(SETTLE_MS);
      assert.deepEqual(bench.stream.verdict('SCOM').reason, 'sequence_gap');
      assert.equal(bench.wire.last.got('order_book_resync').length, 1);
      bench.wire.last.push(snapshot('SCOM', 6));
      bench.clock.pass(SETTLE_MS);
      assert.equal(bench.stream.verdict('SCOM').state, 'live');
    });

    it('WK1 a setting counts from then on', () => {
      const bench = begin();
      let calls = 0;
      bench.stream.subscribe(['SCOM'], () => (calls += 1));
      bench.stream.configure({ throttle: 1_000 });
      bench.clock.pass(2_000);
      calls = 0;
      for (let seq = 2; seq <= 100; seq += 1) {
        bench.wire.last.push(delta('SCOM', seq - 1, seq, [['17.50', String(seq)]]));
        bench.clock.pass(20);
      }
      assert.ok(calls >= 1 && calls <= 3, `${calls} calls in two seconds`);
      assert.throws(() => bench.stream.configure({ throttle: -1 }), RangeError);
      assert.throws(() => make({ rateLimit: 0 }), RangeError);
      assert.throws(() => bench.stream.subscribe(['A'], () => {}, { depth: 0 }), RangeError);
    });

    it('WK1 a listener that throws is told of once, and harms nobody', () => {
      const bench = begin();
      let calls = 0;
      bench.stream.subscribe(['SCOM'], () => {
        throw new Error('mine');
      });
      bench.stream.subscribe(['SCOM'], () => (calls += 1));
      for (let seq = 2; seq <= 20; seq += 1) {
        bench.clock.pass(100);
        bench.wire.last.push(delta('SCOM', seq - 1, seq, [['17.50', String(seq)]]));
      }
      assert.ok(calls > 10);
      assert.deepEqual(
        bench.errors.map(({ code }) => code),
        ['listener_threw'],
      );
    });

    it('WK1 is closed by the page until it is connected again', () => {
      const bench = begin();
      bench.stream.subscribe(['SCOM'], () => {});
      bench.clock.pass(SETTLE_MS);
      bench.stream.disconnect();
      assert.deepEqual([bench.stream.state, bench.stream.verdict('SCOM').reason], ['closed', 'idle']);
      bench.clock.pass(30_000);
      assert.equal(bench.wire.alive, 0);
      bench.stream.connect();
      bench.clock.pass(2_000);
      assert.equal(bench.stream.verdict('SCOM').state, 'live');
      bench.stream.reconnect();
      bench.clock.pass(2_000);
      assert.deepEqual([bench.wire.alive, bench.stream.verdict('SCOM').state], [1, 'live']);
    });

    it('WK1 a page that is put away closes, makes no try, and comes back when it is back', () => {
      const bench = begin();
      bench.stream.subscribe(['SCOM'], () => {});
      bench.clock.pass(SETTLE_MS);
      bench.wake.send('suspend');
      bench.clock.pass(10);
      assert.equal(bench.wire.alive, 0);
      bench.clock.pass(60_000);
      assert.equal(bench.wire.alive, 0);
      assert.notEqual(bench.stream.verdict('SCOM').state, 'live');
      bench.wake.send('resume');
      bench.clock.pass(2_000);
      assert.equal(bench.stream.verdict('SCOM').state, 'live');
    });

    it('WK1 nothing is left after dispose: no socket, no timer, no listener', () => {
      const bench = begin();
      bench.stream.subscribe(['SCOM'], () => {});
      bench.stream.observe(() => {});
      bench.clock.pass(SETTLE_MS);
      bench.stream.dispose();
      bench.stream.dispose();
      bench.clock.pass(2_000);
      assert.deepEqual([bench.wire.alive, bench.clock.size, bench.wake.size], [0, 0, 0]);
    });

    it('WK2 an answer finds its request, and never overtakes the event before it', async () => {
      const bench = begin();
      const said: string[] = [];
      bench.stream.onPrivate(({ sequence }) => said.push(`event ${sequence}`));
      const asked = bench.stream
        .request('order_query', { account: 'A-1', clientOrderId: 'c1' })
        .then(({ type }) => said.push(type));
      bench.clock.pass(10);
      const sent = bench.wire.last.sent.filter(({ type }) => (type as string) === 'order_query');
      assert.equal(sent.length, 1);
      bench.wire.last.push(ack(601), ack(602), { ...ack(603), id: (sent[0] as { id?: string }).id });
      await new Promise((resolve) => setImmediate(resolve));
      bench.clock.pass(10);
      await asked;
      assert.deepEqual(said, ['event 601', 'event 602', 'event 603', 'order_ack']);
    });

    it('WK2 a request is sent now or never, and says which', async () => {
      const bench = make();
      const codes: string[] = [];
      const ask = (stream = bench.stream) =>
        stream.request('order_place', {}, { timeoutMs: 1_000 }).then(
          () => codes.push('ok'),
          (error: RequestError) => codes.push(error.code),
        );
      const first = ask();
      serveTouchline(bench);
      bench.stream.connect();
      bench.clock.pass(SETTLE_MS);
      await first;
      assert.equal(bench.wire.last.sentTexts.filter((text) => text.includes('order_place')).length, 0);
      const second = ask();
      bench.clock.pass(2_000);
      await new Promise((resolve) => setImmediate(resolve));
      bench.clock.pass(10);
      await second;
      const third = ask();
      bench.clock.pass(10);
      bench.wire.last.drop();
      await new Promise((resolve) => setImmediate(resolve));
      bench.clock.pass(10);
      await third;
      assert.deepEqual(codes, ['not_connected', 'timeout', 'connection_lost']);
      bench.clock.pass(10_000);
      const texts = bench.wire.sockets.flatMap(({ sentTexts }) => sentTexts);
      assert.equal(texts.filter((text) => text.includes('order_place')).length, 2, 'each once, also after a reconnect');
    });
  });
}
