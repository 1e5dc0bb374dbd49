import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LevelText } from '../../src/book/book.js';
import { makeBench, delta, levelsOf, row, serveTouchline, snapshot, type Bench } from '../support/fake-server.js';

/** A bench with one synced book at sequence 1. */
const makeBook = (options: Parameters<typeof makeBench>[0] = {}): Bench => {
  const bench = makeBench(options);
  serveTouchline(bench);
  bench.stream.subscribe(['SCOM'], () => {});
  bench.clock.pass(1_000);
  return bench;
};
const resyncs = ({ wire }: Bench): number => wire.last.got('order_book_resync').length;
const verdict = ({ stream }: Bench): string => `${stream.verdict('SCOM').state} ${stream.verdict('SCOM').reason}`;

/** The plainest book there is. */
class Model {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  seq = 1;

  apply(side: 'bids' | 'asks', [price, size]: LevelText): void {
    if (size === '0') this[side].delete(price);
    else this[side].set(price, size);
  }

  levels(side: 'bids' | 'asks'): LevelText[] {
    const sign = side === 'bids' ? -1 : 1;
    return [...this[side]].sort(([a], [b]) => sign * (Number(a) - Number(b)));
  }

  numbers(): { bids: number[][]; asks: number[][] } {
    const side = (name: 'bids' | 'asks') => this.levels(name).map((level) => level.map(Number));
    return { bids: side('bids'), asks: side('asks') };
  }
}

type Step = { side: 'bids' | 'asks'; price: number; size: number; skip: number };
const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom('bids', 'asks'),
  price: fc.integer({ min: 0, max: 20 }),
  size: fc.nat(5),
  skip: fc.integer({ min: 1, max: 3 }),
});
const priceOf = ({ side, price }: Step): string =>
  (side === 'bids' ? 17.5 - price / 20 : 17.55 + price / 20).toFixed(2);

describe('books', () => {
  it('VD1 a snapshot and the deltas that follow it make a live book, verified by sequence', () => {
    const bench = makeBook();
    bench.wire.last.push(delta('SCOM', 1, 4, [['17.45', '300']], [['17.55', '0']]));
    assert.deepEqual(levelsOf(bench.stream, 'SCOM'), {
      bids: [
        [17.5, 100],
        [17.45, 300],
      ],
      asks: [],
    });
    assert.equal(verdict(bench), 'live ok');
    assert.deepEqual(bench.stream.verdict('SCOM').verified, { by: 'sequence' });
  });

  it('VD2 a gap marks the book, keeps it, asks once, and the snapshot and what came meanwhile make it right', () => {
    const bench = makeBook();
    const { last } = bench.wire;
    last.push(delta('SCOM', 2, 3, [['17.40', '1']]));
    assert.equal(verdict(bench), 'resyncing sequence_gap');
    assert.equal(bench.stream.book('SCOM')?.bids.length, 1, 'the old book stays');
    assert.equal(resyncs(bench), 1);
    last.push(delta('SCOM', 3, 5, [['17.35', '2']]), delta('SCOM', 5, 6, [['17.30', '3']]));
    assert.equal(resyncs(bench), 1);
    last.push(snapshot('SCOM', 5, [['17.50', '9']], []));
    assert.equal(verdict(bench), 'live ok');
    assert.deepEqual(levelsOf(bench.stream, 'SCOM').bids, [
      [17.5, 9],
      [17.3, 3],
    ]);
    assert.deepEqual([bench.stream.metrics().gaps, bench.stream.metrics().resyncs], [1, 1]);
  });

  it('VD2 a snapshot that is older than what was kept is not believed', () => {
    const bench = makeBook();
    bench.wire.last.push(delta('SCOM', 5, 6, [['17.40', '1']]), snapshot('SCOM', 4));
    assert.equal(bench.stream.verdict('SCOM').state, 'resyncing');
    bench.clock.pass(2_300);
    assert.equal(resyncs(bench), 2);
    bench.wire.last.push(snapshot('SCOM', 5));
    assert.equal(verdict(bench), 'live ok');
    assert.equal(bench.stream.book('SCOM')?.sequence, 6);
  });

  it('VD3 a crossed book, a wrong checksum and a level that cannot be read each lead to a new snapshot', () => {
    for (const [bad, state] of [
      [delta('SCOM', 1, 2, [['17.60', '1']]), 'crossed crossed_book'],
      [delta('SCOM', 1, 2, [['17.40', '1']], [], { checksum: 7 }), 'resyncing bad_checksum'],
      [delta('SCOM', 1, 2, [['17,40', '1']]), 'resyncing bad_message'],
      [delta('SCOM', 1, 2, [['17.40', '-1']]), 'resyncing bad_message'],
      [delta('SCOM', 1, 2, [['Infinity', '1']]), 'resyncing bad_message'],
      [delta('SCOM', 1, 2, [['1'.repeat(40), '1']]), 'resyncing bad_message'],
    ] as const) {
      const bench = makeBook();
      bench.wire.last.push(bad);
      assert.equal(verdict(bench), state);
      assert.equal(resyncs(bench), 1);
      bench.wire.last.push(snapshot('SCOM', 2));
      assert.equal(verdict(bench), 'live ok');
    }
  });

  it('VD3 an auction may cross the book', () => {
    const bench = makeBook();
    const status = { type: 'instrument_status', stream: 'ticker:SCOM', epoch: 'e1', seq: 5 };
    bench.wire.last.push({ ...status, data: { symbol: 'SCOM', phase: 'auction', timestamp: 0 } });
    bench.wire.last.push(delta('SCOM', 1, 2, [['17.60', '1']]));
    assert.equal(verdict(bench), 'live ok');
    assert.equal(resyncs(bench), 0);
    assert.equal(bench.stream.phase('SCOM'), 'auction');
    bench.wire.last.push({ ...status, seq: 6, data: { symbol: 'SCOM', phase: 'halted', timestamp: 0 } });
    assert.equal(verdict(bench), 'closed market_halted');
    bench.wire.last.push({ ...status, seq: 5, data: { symbol: 'SCOM', phase: 'continuous', timestamp: 0 } });
    assert.equal(verdict(bench), 'closed market_halted', 'an older status is not believed');
  });

  it('VD3 a book that an auction leaves crossed in a halt or a close is not asked for again', () => {
    for (const phase of ['halted', 'closed']) {
      const bench = makeBook();
      const status = { type: 'instrument_status', stream: 'ticker:SCOM', epoch: 'e1', seq: 5 };
      bench.wire.last.push({ ...status, data: { symbol: 'SCOM', phase, timestamp: 0 } });
      bench.wire.last.push(delta('SCOM', 1, 2, [['17.60', '1']]));
      bench.wire.last.push(snapshot('SCOM', 3, [['17.60', '1']]));
      assert.equal(verdict(bench).split(' ')[0], 'closed');
      assert.equal(resyncs(bench), 0);
      bench.wire.last.push(delta('SCOM', 3, 4, [['17.60', '0']]));
      bench.wire.last.push({ ...status, seq: 6, data: { symbol: 'SCOM', phase: 'continuous', timestamp: 0 } });
      assert.deepEqual([verdict(bench), resyncs(bench)], ['live ok', 0]);
    }
  });

  it('OR164 a book of before a loss, which an auction had crossed, is awaited and not called crossed where that is over', () => {
    const bench = makeBook();
    const status = { type: 'instrument_status', stream: 'ticker:SCOM', epoch: 'e1' };
    bench.wire.last.push({ ...status, seq: 5, data: { symbol: 'SCOM', phase: 'auction', timestamp: 0 } });
    bench.wire.last.push(delta('SCOM', 1, 2, [['17.60', '1']]));
    serveTouchline(bench, { snapshots: false });
    bench.wire.last.drop(1006);
    bench.clock.pass(5_000);
    bench.wire.last.push({ ...status, seq: 6, data: { symbol: 'SCOM', phase: 'continuous', timestamp: 0 } });
    assert.ok(bench.stream.book('SCOM')?.isCrossed);
    assert.equal(verdict(bench), 'resyncing awaiting_snapshot');
    bench.wire.last.push(snapshot('SCOM', 9));
    assert.equal(verdict(bench), 'live ok');
  });

  it('VD4 a book that never heals is asked for ever more seldom, at last once a minute', () => {
    const bench = makeBook();
    const asked: number[] = [];
    bench.wire.last.onSent = (message, socket) => {
      if (message.type === 'ping') socket.push({ type: 'pong', id: message.id });
      if (message.type !== 'order_book_resync') return;
      asked.push(bench.clock.now());
      const seq = asked.length * 10;
      bench.clock.setTimer(() => {
        socket.push(snapshot('SCOM', seq), delta('SCOM', seq, seq + 1, [['17.40', '1']], [], { checksum: 7 }));
      }, 20);
    };
    bench.wire.last.push(delta('SCOM', 1, 2, [], [], { checksum: 7 }));
    bench.clock.pass(600_000);
    const gaps = asked.slice(1).map((at, i) => at - (asked[i] ?? 0));
    assert.ok((gaps[0] ?? 0) >= 1_000);
    assert.ok(
      gaps.slice(6).every((gap) => gap >= 59_000),
      gaps.join(),
    );
    assert.ok(asked.length >= 10 && asked.length <= 18, `${asked.length} requests in ten minutes`);
    assert.notEqual(bench.stream.verdict('SCOM').state, 'live');
  });

  it('VD5 more early deltas than the buffer holds are counted as an overrun, and a newer snapshot is asked for', () => {
    const bench = makeBook({ bufferSize: 10 });
    const { last } = bench.wire;
    for (let seq = 3; seq < 15; seq += 1) last.push(delta('SCOM', seq, seq + 1));
    assert.equal(verdict(bench), 'resyncing feed_overrun');
    last.push(snapshot('SCOM', 6));
    assert.equal(bench.stream.verdict('SCOM').state, 'resyncing', 'what was thrown away is missed');
    bench.clock.pass(5_000);
    assert.ok(resyncs(bench) >= 2);
    last.push(snapshot('SCOM', 15));
    assert.equal(verdict(bench), 'live ok');
  });

  it('VD6 a snapshot that does not come is asked for', () => {
    const bench = makeBench();
    serveTouchline(bench, { snapshots: false });
    bench.stream.subscribe(['SCOM'], () => {});
    bench.wire.last.push(row('SCOM', 17, 1));
    bench.clock.pass(4_900);
    assert.equal(resyncs(bench), 0);
    assert.equal(verdict(bench), 'resyncing awaiting_snapshot');
    bench.clock.pass(400);
    assert.equal(resyncs(bench), 1);
  });

  it('VD7 a frame that cannot be read makes every book suspect, and each is asked for within the limit', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const symbols = Array.from({ length: 100 }, (_, i) => `S${i}`);
    bench.stream.subscribe(symbols, () => {});
    bench.clock.pass(1_500);
    const before = levelsOf(bench.stream, 'S7');
    bench.wire.last.pushText('{"type":"order_book_delta","data":{"symbol":"S7",');
    assert.equal(bench.stream.verdict('S7').reason, 'bad_message');
    assert.deepEqual(levelsOf(bench.stream, 'S7'), before);
    assert.ok(resyncs(bench) <= 25);
    bench.clock.pass(4_000);
    assert.deepEqual(
      new Set(bench.wire.last.got('order_book_resync').map(({ data }) => data.symbol)),
      new Set(symbols),
    );
  });

  it('VD8 a server that counts anew is followed', () => {
    const bench = makeBook();
    bench.wire.last.push(snapshot('SCOM', 1, [['18.00', '5']], [], { epoch: 'e2' }));
    assert.equal(verdict(bench), 'live ok');
    bench.wire.last.push(delta('SCOM', 1, 2, [['17.95', '1']]));
    assert.equal(verdict(bench), 'resyncing sequence_gap', 'a delta of the old run');
  });

  it('VD8 what was kept of the old run is older than the snapshot of the new one', () => {
    const bench = makeBook();
    bench.wire.last.push(delta('SCOM', 5, 6), snapshot('SCOM', 1, [], [], { epoch: 'e2' }));
    assert.equal(verdict(bench), 'live ok');
    assert.equal(resyncs(bench), 1);
  });

  it('VD8 a snapshot that is repeated or late turns no good book back', () => {
    const bench = makeBook();
    bench.wire.last.push(delta('SCOM', 1, 2, [['17.45', '1']]), snapshot('SCOM', 1), snapshot('SCOM', 2, [], []));
    assert.equal(bench.stream.book('SCOM')?.bids.length, 2);
    assert.equal(verdict(bench), 'live ok');
  });

  it('VD9 any one delta lost, repeated, swapped or held back is noticed at the next one, and the book ends right', () => {
    const kinds = fc.constantFrom('lost', 'repeated', 'swapped', 'delayed', 'none');
    let disturbed = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 25 }), kinds, fc.nat(), (steps, kind, where) => {
        const bench = makeBench();
        serveTouchline(bench, { snapshots: false });
        const model = new Model();
        bench.wire.onConnect = wrap(bench.wire.onConnect, (message, socket) => {
          if (message !== 'order_book_resync') return;
          const { seq } = model;
          const now = [model.levels('bids'), model.levels('asks')] as const;
          bench.clock.setTimer(() => socket.push(snapshot('SCOM', seq, ...now)), 30);
        });
        bench.stream.subscribe(['SCOM'], () => {});
        bench.clock.pass(1_000);
        const { last } = bench.wire;
        last.push(snapshot('SCOM', 1, [], []));
        const deltas = steps.map((one) => {
          const level = [priceOf(one), String(one.size)] as const;
          const prevSeq = model.seq;
          model.seq += one.skip;
          return { one, level, prevSeq, seq: model.seq };
        });
        model.seq = 1;
        const frames = deltas.map((_, i) => i);
        const at = where % (frames.length - 1);
        if (kind === 'lost') frames.splice(at, 1);
        if (kind === 'repeated') frames.splice(at + 1, 0, at);
        if (kind === 'swapped') frames.splice(at, 2, at + 1, at);
        if (kind === 'delayed') frames.push(...frames.splice(at, 1));
        let sentUpTo = -1;
        for (const index of frames) {
          // The server has the changes of everything that it has sent, on time or not.
          for (let i = sentUpTo + 1; i <= index; i += 1) {
            const due = deltas[i];
            if (due === undefined) continue;
            model.apply(due.one.side, due.level);
            model.seq = due.seq;
          }
          sentUpTo = Math.max(sentUpTo, index);
          const entry = deltas[index];
          if (entry === undefined) continue;
          const levels = [entry.level];
          const [bids, asks] = entry.one.side === 'bids' ? [levels, []] : [[], levels];
          last.push(delta('SCOM', entry.prevSeq, entry.seq, bids, asks));
          const isRight = JSON.stringify(levelsOf(bench.stream, 'SCOM')) === JSON.stringify(model.numbers());
          const isTrusted = ['live', 'quiet'].includes(bench.stream.verdict('SCOM').state);
          assert.ok(isRight || !isTrusted, `a wrong book is trusted after ${index} (${kind} at ${at})`);
          bench.clock.pass(7);
        }
        bench.clock.pass(60_000);
        assert.deepEqual(levelsOf(bench.stream, 'SCOM'), model.numbers());
        assert.ok(['live', 'quiet'].includes(bench.stream.verdict('SCOM').state));
        const { gaps } = bench.stream.metrics();
        assert.equal(gaps, kind === 'none' || kind === 'repeated' ? 0 : 1);
        if (kind !== 'none') disturbed += 1;
      }),
      { numRuns: 150 },
    );
    assert.ok(disturbed > 80);
  });

  it('VD10 a link that is lost at any point ends in the right book', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 15 }), fc.nat(), (steps, where) => {
        const bench = makeBench();
        const model = new Model();
        serveTouchline(bench, { snapshots: false });
        bench.wire.onConnect = wrap(bench.wire.onConnect, (message, socket) => {
          if (message === 'subscribe' || message === 'order_book_resync') {
            socket.push(snapshot('SCOM', model.seq, model.levels('bids'), model.levels('asks')));
          }
        });
        bench.stream.subscribe(['SCOM'], () => {});
        bench.clock.pass(1_000);
        for (const [i, one] of steps.entries()) {
          if (i === where % steps.length) bench.wire.last.drop();
          const level = [priceOf(one), String(one.size)] as const;
          const prevSeq = model.seq;
          model.apply(one.side, level);
          model.seq += one.skip;
          const levels = [level];
          bench.wire.last.push(
            delta(
              'SCOM',
              prevSeq,
              model.seq,
              ...((one.side === 'bids' ? [levels, []] : [[], levels]) as [LevelText[], LevelText[]]),
            ),
          );
          bench.clock.pass(400);
        }
        bench.clock.pass(40_000);
        assert.deepEqual(levelsOf(bench.stream, 'SCOM'), model.numbers());
        assert.equal(
          bench.stream.verdict('SCOM').state === 'live' || bench.stream.verdict('SCOM').state === 'quiet',
          true,
        );
      }),
      { numRuns: 60 },
    );
  });
});

/** Adds to what the server does with each message. */
function wrap(
  onConnect: Bench['wire']['onConnect'],
  then: (type: string, socket: Bench['wire']['last']) => void,
): Bench['wire']['onConnect'] {
  return (socket) => {
    const accept = socket.accept.bind(socket);
    socket.accept = () => {
      const serve = socket.onSent;
      socket.onSent = (message, at) => {
        serve?.(message, at);
        then(message.type, at);
      };
      accept();
    };
    onConnect?.(socket);
  };
}
