/** What only time shows, or a crowd: a day with five hundred losses, ten thousand pages, slow networks. All in fake time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMarketStream, type OwnedMarketStream } from '../../src/stream/market-stream-core.js';
import type { TransportEvents } from '../../src/stream/transport/transport.js';
import { isTrusted } from '../../src/stream/verdict.js';
import { hasTop } from '../support/book-levels.js';
import { CrowdClock } from '../support/crowd-clock.js';
import { delta, fixedRandom, makeBench, serveTouchline, snapshot, welcome } from '../support/fake-server.js';
import { ServedWire } from '../support/served-wire.js';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapUsed = (): number => {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const HOUR = 3_600_000;

describe('a day', () => {
  it('FT20 with 500 reconnects and every kind of disturbance ends with the right books and with what it began with', () => {
    const bench = makeBench({ reconnectAttempts: Infinity });
    const { clock, wire, wake, stream } = bench;
    const served = new ServedWire(bench, { rate: 2 });
    const { symbols } = served.market;
    const isRight = (symbol: string): boolean => hasTop(stream.book(symbol), served.market.listing(symbol)?.book, 10);
    const versions = new Map<string, number>();
    let looks = 0;
    let lost = 0;
    /** Of a trusted book that has the market's own number every level must be the market's. */
    const look = (): void => {
      for (const symbol of symbols) {
        const book = stream.book(symbol);
        if (book === undefined || !isTrusted(stream.verdict(symbol))) continue;
        if (book.version === versions.get(symbol)) continue;
        versions.set(symbol, book.version);
        if (book.sequence !== served.market.listing(symbol)?.book.sequence) continue;
        looks += 1;
        assert.ok(isRight(symbol), `${symbol} ${book.sequence} is trusted and wrong`);
      }
    };
    stream.subscribe(symbols, look, { depth: 10 });
    stream.observe(look);

    const DISTURBANCES: readonly (() => void)[] = [
      () => wire.last.drop(1006),
      () => wire.last.drop(1011),
      () => served.session?.goAway('deploy'),
      // Half open: nothing more in either direction.
      () => {
        wire.last.onSent = undefined;
        served.session?.dispose();
      },
      () => {
        wake.send('suspend');
        clock.pass(30_000);
        wake.send('resume');
      },
      // Nobody there for half a minute.
      () => {
        wire.onConnect = (socket) => socket.drop();
        wire.last.drop();
        clock.pass(30_000);
        wire.onConnect = (socket) => served.accept(socket);
      },
      () => {
        clock.sleep(60_000);
        wake.send('visible');
      },
      () => served.setClientClock(HOUR),
      () => served.setClientClock(-HOUR),
      () => wire.last.pushText('{"type":"order_book_delta","data":{'),
      // One change of a book is lost on the way.
      () => {
        served.onFrame = (text) => {
          if (!text.includes('order_book_delta')) return text;
          lost += text.split('"order_book_delta"').length - 1;
          served.onFrame = (next) => next;
          return null;
        };
      },
    ];
    const ROUNDS = 84;
    const timers: number[] = [];
    const heaps: number[] = [];
    const startedAt = clock.now();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [kind, disturb] of DISTURBANCES.entries()) {
        disturb();
        served.pass(93_600, 2_400);
        assert.equal(stream.state, 'open', `after disturbance ${kind}`);
        assert.equal(wire.alive, 1);
        assert.equal(wire.last.got('subscribe').length, 1);
        for (const symbol of symbols) {
          const verdict = stream.verdict(symbol);
          assert.ok(isTrusted(verdict), `${symbol} is ${verdict.reason} after disturbance ${kind}`);
          assert.ok(isRight(symbol), `${symbol} after disturbance ${kind}`);
        }
        // What the test itself remembers is not the stream's.
        wire.sockets.splice(0, wire.sockets.length - 1);
        wire.last.sent.length = wire.last.sentTexts.length = 0;
        wire.last.sent.push({ type: 'subscribe', symbols: [] });
      }
      timers.push(clock.size);
      if (round % 21 === 20) heaps.push(heapUsed());
    }
    assert.ok(clock.now() - startedAt >= 24 * HOUR);
    const { reconnects, gaps, refused } = stream.metrics();
    assert.ok(reconnects >= 500, `${reconnects} reconnects`);
    assert.deepEqual([gaps, refused], [lost, ROUNDS], 'each lost change and each bad frame was noticed, and no other');
    assert.ok(looks > 5_000, `${looks} looks at a book`);
    // The pulse, the heartbeat, and at times a change that waits for its moment.
    assert.ok(Math.max(...timers) <= 3, `${Math.max(...timers)} timers`);
    assert.equal(wake.size, 1);
    // The first rounds fill what is bounded: latencies, trades of the simulated market.
    const grown = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
    assert.ok(grown < 500_000, `the heap has grown by ${grown} bytes`);
    stream.dispose();
    assert.deepEqual([clock.size, wake.size, wire.alive], [0, 0, 0]);
  });
});

type End = 'refused' | 'announced';

/** Ten thousand pages that lose one server at the same moment. What the server sees of them. */
const loseServer = (outageMs: number, end: End) => {
  const CLIENTS = 10_000;
  const clock = new CrowdClock();
  const random = fixedRandom(42);
  const arrivals: number[] = [];
  const tries: number[] = [];
  const open = new Set<TransportEvents>();
  let isUp = true;
  const streams: OwnedMarketStream[] = [];
  for (let client = 0; client < CLIENTS; client += 1) {
    const stream = createMarketStream({
      src: 'ws://fake/',
      clock,
      random,
      heartbeat: 60_000,
      wake: () => () => {},
      scheduler: { request: () => () => {} },
      onError: () => {},
      transport: (_src, events) => {
        let cancel = (): void => {};
        return {
          open() {
            const way = 1 + random() * 100;
            if (isUp) {
              arrivals.push(clock.now());
              cancel = clock.setTimer(() => {
                open.add(events);
                events.onOpen();
              }, way);
            } else {
              tries.push(clock.now());
              cancel = clock.setTimer(() => events.onClose(1006, ''), way);
            }
          },
          close() {
            cancel();
            open.delete(events);
          },
          send(text) {
            if (!open.has(events)) return false;
            const { type, id } = JSON.parse(text) as { type: string; id: string };
            if (type === 'hello')
              events.onMessage(JSON.stringify(welcome({ serverTime: clock.now(), heartbeatMs: 60_000 })));
            else events.onMessage(JSON.stringify({ type: 'pong', id, serverTime: clock.now() }));
            return true;
          },
        };
      },
    });
    streams.push(stream);
    stream.connect();
  }
  clock.pass(200);
  assert.equal(open.size, CLIENTS);
  arrivals.length = 0;
  isUp = false;
  for (const events of [...open]) {
    open.delete(events);
    if (end === 'announced') {
      events.onMessage('{"type":"going_away","data":{"reason":"deploy","reconnectAfterMs":[500,8000]}}');
      events.onClose(1012, '');
    } else events.onClose(1006, '');
  }
  clock.pass(outageMs);
  isUp = true;
  const backAt = clock.now();
  for (let second = 0; second < 60 && open.size < CLIENTS; second += 1) clock.pass(1_000);
  const lost = streams.filter(({ state }) => state !== 'open').length;
  for (const stream of streams) stream.dispose();
  arrivals.sort((a, b) => a - b);
  const counts = new Map<number, number>();
  for (const at of arrivals)
    counts.set(Math.floor((at - backAt) / 100), (counts.get(Math.floor((at - backAt) / 100)) ?? 0) + 1);
  return {
    lost,
    arrived: arrivals.length,
    sockets: open.size,
    timers: clock.size,
    peakShare: Math.max(...counts.values()) / CLIENTS,
    /** How long until 99 % were back. */
    backMs: (arrivals[CLIENTS * 0.99] ?? Infinity) - backAt,
    triesEach: tries.length / CLIENTS,
  };
};

describe('a crowd', () => {
  for (const [end, outageMs, mostShare, mostMs] of [
    ['refused', 60_000, 0.02, 30_000],
    ['refused', 5_000, 0.03, 30_000],
    ['announced', 400, 0.02, 9_000],
  ] as const) {
    it(`FT21 10,000 pages whose server was away for ${outageMs / 1_000} s (${end}) come back spread out, and all of them`, () => {
      const seen = loseServer(outageMs, end);
      const { lost, arrived, sockets, timers } = seen;
      assert.deepEqual({ lost, arrived, sockets, timers }, { lost: 0, arrived: 10_000, sockets: 0, timers: 0 });
      assert.ok(seen.peakShare <= mostShare, `${seen.peakShare * 100} % of them in one tenth of a second`);
      assert.ok(seen.backMs <= mostMs, `99 % were back after ${seen.backMs} ms`);
      assert.ok(seen.triesEach <= 6, `${seen.triesEach} tries each meanwhile`);
    });
  }
});

describe('a slow network', () => {
  it('FT22 a greeting that takes longer than the handshake waits ends in a book all the same', () => {
    for (const latencyMs of [50, 900, 1_100, 2_000, 4_000]) {
      const bench = makeBench();
      const served = new ServedWire(bench, { latencyMs });
      const { symbols } = served.market;
      bench.stream.subscribe(symbols, () => {}, { depth: 10 });
      served.pass(40_000);
      assert.equal(bench.stream.status.dialect, 'touchline');
      for (const symbol of symbols) {
        assert.equal(bench.stream.book(symbol)?.bids.length, 10, `${symbol} at ${latencyMs} ms each way`);
        assert.ok(isTrusted(bench.stream.verdict(symbol)));
      }
      assert.equal(bench.wire.sockets.length, 1);
      bench.stream.dispose();
    }
  });

  it('FT23 a book that is wanted while the answer to a lesser wish is on its way is kept', () => {
    const bench = makeBench();
    const served = new ServedWire(bench, { latencyMs: 300 });
    const [symbol = ''] = served.market.symbols;
    bench.stream.connect();
    served.pass(5_000);
    bench.stream.subscribe([symbol], () => {}, { book: false });
    served.pass(200);
    bench.stream.subscribe([symbol], () => {}, { depth: 10 });
    served.pass(5_000);
    assert.equal(bench.wire.last.got('subscribe').length, 2);
    assert.equal(bench.stream.book(symbol)?.bids.length, 10);
    assert.equal(bench.stream.verdict(symbol).state, 'live');
  });

  it('FT24 a snapshot that comes in the very call that asks for it is asked for once', () => {
    const bench = makeBench();
    const served = new ServedWire(bench);
    const [symbol = ''] = served.market.symbols;
    bench.stream.subscribe([symbol], () => {});
    served.pass(2_000);
    bench.wire.last.pushText('{"type":"order_book_delta","data":{');
    served.pass(120_000);
    assert.equal(bench.wire.last.got('order_book_resync').length, 1);
    assert.equal(bench.stream.verdict(symbol).state, 'live');
  });

  it('FT25 a snapshot that is refused five times is asked for ever more seldom, and the sixth makes the book right', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(1_000);
    const askedAt: number[] = [];
    const { last } = bench.wire;
    last.onSent = ({ type, id }) => {
      if (type === 'ping') last.push({ type: 'pong', id });
      if (type !== 'order_book_resync') return;
      askedAt.push(bench.clock.now());
      const data = { code: 'overloaded', message: 'not now', fatal: false, retryAfterMs: null };
      if (askedAt.length <= 5) last.push({ type: 'error', id, data });
      else last.push(snapshot('SCOM', 9));
    };
    last.push(delta('SCOM', 5, 6));
    bench.clock.pass(240_000);
    assert.equal(askedAt.length, 6);
    const waits = askedAt.slice(1).map((at, i) => at - (askedAt[i] ?? 0));
    for (const wait of waits) assert.ok(wait >= 5_000, `${waits.join()} ms between the requests`);
    assert.ok(isTrusted(bench.stream.verdict('SCOM')));
    assert.equal(bench.stream.book('SCOM')?.sequence, 9);
    assert.deepEqual(bench.errors, [], 'no news for the page');
  });
});

describe('a stream that rests', () => {
  it('FT26 has the pulse and the heartbeat for timers and no other, one more while a change waits, none at the end', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const { clock, stream, wire } = bench;
    let calls = 0;
    const undo = stream.subscribe(['SCOM'], () => (calls += 1));
    clock.pass(30_000);
    calls = 0;
    const idle = (): void => {
      for (let ms = 0; ms < 2_000; ms += 10) {
        clock.pass(10);
        assert.equal(clock.size, 2);
      }
    };
    idle();
    assert.equal(calls, 0);
    for (let seq = 1; seq < 50; seq += 1) {
      wire.last.push(delta('SCOM', seq, seq + 1, [['17.45', String(seq)]]));
      assert.ok(clock.size <= 3);
      clock.pass(20);
    }
    assert.ok(calls >= 9 && calls <= 10, `${calls} calls in a second`);
    clock.pass(120);
    calls = 0;
    idle();
    assert.equal(calls, 0, 'the last value was told before');
    undo();
    clock.pass(5_000);
    assert.equal(clock.size, 1, 'the heartbeat, while the connection is kept');
    stream.dispose();
    assert.equal(clock.size, 0);
  });
});
