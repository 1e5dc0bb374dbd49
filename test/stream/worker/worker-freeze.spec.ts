/** Page and worker are stopped one without the other, as browsers do it, and nothing old may look live. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isTradable } from '../../../src/stream/verdict.js';
import { type Bench, delta, row, serveTouchline, snapshot } from '../../support/fake-server.js';
import { FakeWorkers } from '../../support/worker-bench.js';

const SETTLE_MS = 300;

/** How far what is shown as live may be behind the venue, as it may where no worker is: five seconds, and a throttle. */
const MOST_BEHIND_MS = 5_200;
/** The same while the worker says nothing. */
const MOST_SILENT_MS = 2_200;

const begin = (isShared: boolean) => {
  const workers = new FakeWorkers();
  if (isShared) workers.shared = workers.makeHost();
  serveTouchline(workers, { snapshots: false });
  const { onConnect } = workers.wire;
  workers.wire.onConnect = (socket) => {
    onConnect?.(socket);
    const { onSent } = socket;
    socket.onSent = (message, to) => {
      onSent?.(message, to);
      if (message.type === 'subscribe') to.push(...message.symbols.map((symbol) => snapshot(symbol, newest)));
      if (message.type === 'order_book_resync') to.push(snapshot(message.data.symbol, newest));
    };
  };
  let newest = 1;
  const bench: Bench = workers.page({}, isShared ? { kind: 'shared' } : {});
  bench.stream.subscribe(['SCOM'], () => {});
  bench.clock.pass(SETTLE_MS);
  assert.equal(bench.stream.verdict('SCOM').state, 'live');
  const { clock, wire } = workers;
  /** When the venue sent each number. */
  const sentAt = new Map([[1, clock.now()]]);
  /** The venue goes on: a change every 100 ms. */
  const goOn = (ms: number, look = () => {}): void => {
    for (let left = ms; left > 0; left -= 100) {
      newest += 1;
      sentAt.set(newest, clock.now());
      // A server says nothing of what nobody has asked for.
      if (wire.last.got('subscribe').length > 0) {
        wire.last.push(delta('SCOM', newest - 1, newest, [['17.50', String(newest)]]));
      }
      for (let part = 0; part < 100; part += 10) {
        clock.pass(10);
        look();
      }
    }
  };
  const look = (mostMs = MOST_BEHIND_MS): void => {
    const verdict = bench.stream.verdict('SCOM');
    if (!isTradable(verdict)) return;
    const next = sentAt.get((bench.stream.book('SCOM')?.sequence ?? 0) + 1);
    const behindMs = next === undefined ? 0 : clock.now() - next;
    assert.ok(behindMs <= mostMs, `${verdict.state} while ${behindMs} ms behind`);
  };
  return { ...bench, workers, goOn, look };
};

const orders = ['oldest', 'timers', 'messages'] as const;

describe('a page and its worker, stopped one without the other', () => {
  it('WK13 a worker that was stopped shows nothing old as live, neither meanwhile nor in the moment it goes on', () => {
    for (const isShared of [false, true]) {
      for (const stopMs of [1_000, 3_000, 8_000]) {
        for (const order of orders) {
          const { stream, clock, workers, goOn, look } = begin(isShared);
          workers.workerThread.isFrozen = true;
          goOn(stopMs, () => look(MOST_SILENT_MS));
          if (stopMs > 2_500) assert.equal(stream.verdict('SCOM').state, 'stale');
          workers.workerThread.goOn(() => {
            clock.pass(2);
            look();
          }, order);
          goOn(5_000, () => look());
          assert.ok(isTradable(stream.verdict('SCOM')), 'and then it is live again');
          stream.dispose();
        }
      }
    }
  });

  it('WK13 the first tick after a sleep of the worker speaks of every symbol, whatever woke it', () => {
    const { stream, clock, workers, wire, look } = begin(false);
    stream.subscribe(['KCB'], () => {});
    clock.pass(SETTLE_MS);
    // A tick is under way, and the next one waits for the page's word: that word is what wakes it.
    workers.delayMs = 20;
    for (const seq of [2, 3]) {
      wire.last.push(delta('SCOM', seq - 1, seq, [['17.50', String(seq)]]));
      clock.pass(110);
    }
    wire.last.push(delta('SCOM', 3, 4, [['17.50', '4']]));
    const sent = workers.lastPort.fromWorker.length;
    while (workers.lastPort.fromWorker.length === sent) clock.pass(1);
    wire.last.push(row('KCB', 5, 0));
    workers.workerThread.isFrozen = true;
    clock.pass(9_000);
    const before = workers.lastPort.fromWorker.length;
    workers.workerThread.goOn(() => {
      clock.pass(2);
      look();
      if (workers.lastPort.fromWorker.length > before) {
        for (const symbol of ['SCOM', 'KCB']) assert.ok(!isTradable(stream.verdict(symbol)), symbol);
      }
    });
  });

  it('WK13 a page that was stopped shows nothing old as live in the moment it goes on', () => {
    for (const isShared of [false, true]) {
      for (const stopMs of [1_000, 3_000, 60_000]) {
        for (const order of orders) {
          const { stream, clock, workers, goOn, look } = begin(isShared);
          workers.pageThread.isFrozen = true;
          goOn(stopMs);
          look(MOST_SILENT_MS);
          workers.pageThread.goOn(() => {
            look(MOST_SILENT_MS);
            clock.pass(2);
            look(MOST_SILENT_MS);
          }, order);
          goOn(5_000, () => look());
          assert.ok(isTradable(stream.verdict('SCOM')), 'and then it is live again');
          stream.dispose();
        }
      }
    }
  });

  it('WK13 a book of an earlier worker is not vouched for by what the next one says, and goes where that one has none', () => {
    const { stream, clock, workers, wire } = begin(false);
    workers.fail('it died');
    // Another server stands there now, which knows no books.
    serveTouchline({ wire, clock }, { over: { features: ['decimal_strings', 'batch'] } });
    let states = '';
    for (let i = 0; i < 300; i += 1) {
      clock.pass(10);
      if (i === 50) wire.last.push(row('SCOM', 17, 5));
      const { state } = stream.verdict('SCOM');
      if (!states.endsWith(state)) states += ` ${state}`;
      if (isTradable(stream.verdict('SCOM'))) assert.equal(stream.book('SCOM'), undefined, states);
    }
    assert.ok(isTradable(stream.verdict('SCOM')), states);
    assert.equal(stream.ticker('SCOM')?.price, '17');
  });

  it('WK13 however they stop and go on, nothing looks live that is older than a stream in the page would show', () => {
    const step = fc.record({
      worker: fc.boolean(),
      page: fc.boolean(),
      ms: fc.constantFrom(200, 700, 2_100, 4_000),
      isMoving: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.boolean(), (steps, isShared) => {
        const { stream, clock, workers, goOn, look } = begin(isShared);
        const set = (thread: FakeWorkers['pageThread'], isFrozen: boolean): void => {
          if (!isFrozen && thread.isFrozen) thread.goOn(() => look());
          thread.isFrozen = isFrozen;
        };
        for (const { worker, page, ms, isMoving } of steps) {
          set(workers.workerThread, worker);
          set(workers.pageThread, page);
          if (isMoving) goOn(ms, () => look());
          for (let left = isMoving ? 0 : ms; left > 0; left -= 50) {
            clock.pass(50);
            look();
          }
        }
        set(workers.workerThread, false);
        set(workers.pageThread, false);
        goOn(13_000, () => look());
        assert.ok(isTradable(stream.verdict('SCOM')));
        stream.dispose();
        clock.pass(2_000);
        assert.equal(clock.size, 0);
      }),
      { numRuns: 60 },
    );
  });
});
