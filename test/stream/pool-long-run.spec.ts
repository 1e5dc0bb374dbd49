/** What only time and load show of several connections. All in fake time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Book } from '../../src/book/book.js';
import type { LevelText } from '../../src/book/book.js';
import { createMarketStream, type OwnedMarketStream } from '../../src/stream/market-stream-core.js';
import type { TransportEvents } from '../../src/stream/transport/transport.js';
import { isTrusted } from '../../src/stream/verdict.js';
import { levelsText } from '../support/book-levels.js';
import { CrowdClock } from '../support/crowd-clock.js';
import { fixedRandom, makeBench, serveTouchline, snapshot, welcome } from '../support/fake-server.js';
import { alive, heldBy, isRight, makePool } from '../support/pool-bench.js';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapUsed = (): number => {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const HOUR = 3_600_000;

describe('a busy market', () => {
  it('FT33 100 symbols with 1,000 messages a second end, throttled, in what an unthrottled replay ends in, byte for byte', () => {
    const MINUTES = Number(process.env['MINUTES'] ?? 2);
    const symbols = Array.from({ length: 100 }, (_, i) => `S${i}`);
    const benches = [100, 0].map((throttle) => {
      const bench = makeBench({ throttle, recorderSize: 0 });
      serveTouchline(bench);
      const shown = new Map<string, string>();
      bench.stream.subscribe(
        symbols,
        ({ symbol }) => void shown.set(symbol, `${bench.stream.book(symbol)?.sequence}`),
        { depth: 20 },
      );
      bench.clock.pass(1_000);
      return { ...bench, shown };
    });
    const oracle = new Map(symbols.map((symbol) => [symbol, new Book(symbol)]));
    for (const [symbol, book] of oracle) {
      const { data, epoch, seq } = snapshot(symbol, 1);
      assert.equal(book.applySnapshot({ ...data, epoch, sequence: seq, eventTime: 0 }), 'applied');
    }
    const random = fixedRandom(7);
    const sequences = new Map(symbols.map((symbol) => [symbol, 1]));
    const level = (base: number, sign: number): LevelText => [
      (base + (sign * Math.floor(random() * 20)) / 100).toFixed(2),
      random() < 0.4 ? '0' : String(1 + Math.floor(random() * 900)),
    ];
    // A frame each 20 ms with twenty changes.
    for (let frame = 0; frame < MINUTES * 3_000; frame += 1) {
      const data = Array.from({ length: 20 }, () => {
        const symbol = symbols[Math.floor(random() * symbols.length)]!;
        const prevSeq = sequences.get(symbol)!;
        const seq = prevSeq + 1 + Math.floor(random() * 3);
        sequences.set(symbol, seq);
        const [bids, asks] = [[level(17.5, -1)], [level(17.55, 1)]];
        const change = oracle
          .get(symbol)!
          .applyDelta({ epoch: 'e1', previousSequence: prevSeq, sequence: seq, bids, asks, eventTime: 0 });
        assert.equal(change, 'applied');
        const rest = { epoch: 'e1', prevSeq, seq, data: { symbol, bids, asks, timestamp: 0 } };
        return { type: 'order_book_delta', stream: `book:${symbol}`, ...rest };
      });
      const text = JSON.stringify({ type: 'market_data_batch', data });
      for (const { wire, clock } of benches) {
        wire.last.pushText(text);
        clock.pass(20);
      }
    }
    for (const { clock, stream, shown } of benches) {
      clock.pass(3_100);
      const { gaps, resyncs, refused, buffered } = stream.metrics();
      assert.deepEqual({ gaps, resyncs, refused, buffered }, { gaps: 0, resyncs: 0, refused: 0, buffered: 0 });
      for (const symbol of symbols) {
        assert.equal(levelsText(stream.book(symbol)), levelsText(oracle.get(symbol)), symbol);
        assert.equal(shown.get(symbol), String(sequences.get(symbol)), 'the last state was told');
      }
    }
    const [throttled, free] = benches.map(({ stream }) => stream.metrics());
    assert.ok(throttled!.delivered < free!.delivered, `${throttled!.delivered} and ${free!.delivered} calls`);
    for (const { stream } of benches) stream.dispose();
  });
});

describe('a day on several connections', () => {
  it('FT34 with 500 reconnects and 250 handovers ends with the right books, sockets, timers, listeners and heap of the beginning', () => {
    const bench = makePool({ symbols: 6, limit: 2, rate: 0.5 }, { reconnectAttempts: Infinity });
    const { clock, wire, wake, stream, served, symbols } = bench;
    let lies = 0;
    const look = (): void => {
      for (const symbol of symbols) {
        const book = stream.book(symbol);
        if (book === undefined || !isTrusted(stream.verdict(symbol))) continue;
        if (book.sequence === served.market.listing(symbol)?.book.sequence && !isRight(bench, symbol)) lies += 1;
      }
    };
    stream.subscribe(symbols, look, { depth: 10 });
    const random = fixedRandom(3);
    const some = () => alive(bench)[Math.floor(random() * alive(bench).length)]!;
    let handovers = 0;
    const away = (): void => {
      handovers += 1;
      some().push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [0, 2_000] } });
    };
    const DISTURBANCES: readonly (() => void)[] = [
      () => some().drop(),
      away,
      () => served.sessions.get(some())?.goAway('deploy'),
      away,
      () => {
        const gone = some();
        gone.onSent = undefined;
        served.sessions.get(gone)?.dispose();
      },
      () => {
        wake.send('suspend');
        clock.pass(10_000);
        wake.send('resume');
      },
    ];
    const ROUNDS = 140;
    const timers: number[] = [];
    const heaps: number[] = [];
    const startedAt = clock.now();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [kind, disturb] of DISTURBANCES.entries()) {
        disturb();
        served.pass(102_000, 3_000);
        assert.deepEqual([stream.state, wire.alive, stream.status.connections], ['open', 3, 3], `after ${kind}`);
        const held = alive(bench).flatMap((socket) => [...heldBy(socket)]);
        assert.deepEqual(held.toSorted(), symbols.toSorted());
        for (const symbol of symbols) {
          assert.ok(isTrusted(stream.verdict(symbol)) && isRight(bench, symbol), `${symbol} after ${kind}`);
        }
        // What the test itself remembers is not the stream's.
        const now = alive(bench);
        wire.sockets.splice(0, wire.sockets.length, ...now);
        for (const socket of now) {
          const left = [...heldBy(socket)];
          socket.sent.length = socket.sentTexts.length = 0;
          socket.sent.push({ type: 'subscribe', symbols: left });
        }
      }
      timers.push(clock.size);
      if (round % 35 === 34) heaps.push(heapUsed());
    }
    assert.equal(lies, 0);
    assert.ok(clock.now() - startedAt >= 24 * HOUR - 60_000 * 10, `${(clock.now() - startedAt) / HOUR} h`);
    const { reconnects, gaps } = stream.metrics();
    assert.ok(reconnects >= 500, `${reconnects} reconnects`);
    assert.ok(handovers >= 250);
    assert.equal(gaps, 0);
    assert.ok(Math.max(...timers) <= 7, `${Math.max(...timers)} timers`);
    assert.equal(wake.size, 3);
    const grown = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
    assert.ok(grown < 500_000, `the heap has grown by ${grown} bytes`);
    stream.dispose();
    assert.deepEqual([clock.size, wake.size, wire.alive], [0, 0, 0]);
  });
});

describe('a crowd on several connections', () => {
  for (const end of ['refused', 'announced', 'leaving'] as const) {
    it(`FT35 200 pages with ten connections each (${end}) come back spread out like 2,000 with one`, () => {
      const PAGES = 200;
      const EACH = 10;
      const clock = new CrowdClock();
      const random = fixedRandom(42);
      const arrivals: number[] = [];
      const open = new Set<TransportEvents>();
      let isUp = true;
      const streams: OwnedMarketStream[] = [];
      const { limits } = welcome().data;
      for (let page = 0; page < PAGES; page += 1) {
        const stream = createMarketStream({
          src: 'ws://fake/',
          clock,
          random,
          heartbeat: 60_000,
          recorderSize: 0,
          wake: () => () => {},
          scheduler: { request: () => () => {} },
          onError: () => {},
          transport: (_src, events) => {
            let cancel = (): void => {};
            return {
              open() {
                const way = 1 + random() * 100;
                const isLetIn = isUp;
                if (isLetIn) arrivals.push(clock.now());
                cancel = clock.setTimer(() => {
                  if (!isLetIn) return events.onClose(1006, '');
                  open.add(events);
                  events.onOpen();
                }, way);
              },
              close() {
                cancel();
                open.delete(events);
              },
              send(text) {
                if (!open.has(events)) return false;
                const { type, id, symbols } = JSON.parse(text) as { type: string; id: string; symbols?: string[] };
                const say = (message: unknown): void => events.onMessage(JSON.stringify(message));
                if (type === 'hello') {
                  say(welcome({ serverTime: clock.now(), heartbeatMs: 60_000, limits: { ...limits, symbols: 1 } }));
                } else if (type === 'ping') say({ type: 'pong', id, serverTime: clock.now() });
                else if (type === 'subscribe') {
                  say({ type: 'subscription_confirmed', id, data: { symbols, added: symbols } });
                  for (const symbol of symbols ?? []) say(snapshot(symbol, 1));
                }
                return true;
              },
            };
          },
        });
        streams.push(stream);
        stream.subscribe(
          Array.from({ length: EACH }, (_, i) => `S${i}`),
          () => {},
        );
      }
      clock.pass(5_000);
      assert.equal(open.size, PAGES * EACH);
      arrivals.length = 0;
      isUp = end === 'leaving';
      for (const events of [...open]) {
        if (end !== 'leaving') open.delete(events);
        if (end !== 'refused') {
          events.onMessage('{"type":"going_away","data":{"reason":"deploy","reconnectAfterMs":[500,8000]}}');
        }
        if (end !== 'leaving') events.onClose(end === 'announced' ? 1012 : 1006, '');
      }
      clock.pass(end === 'refused' ? 60_000 : 400);
      isUp = true;
      const backAt = clock.now();
      clock.pass(end === 'refused' ? 45_000 : 12_000);
      assert.equal(open.size, PAGES * EACH);
      assert.ok(streams.every(({ status }) => status.openConnections === EACH));
      arrivals.sort((a, b) => a - b);
      assert.equal(arrivals.length, PAGES * EACH);
      const counts = new Map<number, number>();
      for (const at of arrivals) {
        const tenth = Math.floor((at - backAt) / 100);
        counts.set(tenth, (counts.get(tenth) ?? 0) + 1);
      }
      const peak = Math.max(...counts.values()) / (PAGES * EACH);
      assert.ok(peak <= 0.02, `${peak * 100} % in one tenth of a second`);
      const backMs = (arrivals[PAGES * EACH * 0.99] ?? Infinity) - backAt;
      assert.ok(backMs <= 30_000, `99 % after ${backMs} ms`);
      for (const stream of streams) stream.dispose();
      assert.deepEqual([open.size, clock.size], [0, 0]);
    });
  }
});
