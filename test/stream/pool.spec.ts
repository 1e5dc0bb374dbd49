/** A stream on several connections: how symbols are shared out, and how they go over from one to another. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isTrusted } from '../../src/stream/verdict.js';
import { makeBench, serveGuide, snapshot, welcome } from '../support/fake-server.js';
import { alive, follow, heldBy, makePool, mustBeWhole } from '../support/pool-bench.js';

const DAY = 86_400_000;
const nothing = (): void => {};

describe('the pool', () => {
  it('PL1 symbols that fit on one connection have one', () => {
    const bench = makePool({ symbols: 12, limit: 12 });
    follow(bench);
    mustBeWhole(bench);
    assert.equal(bench.wire.sockets.length, 1);
    assert.deepEqual([bench.stream.status.connections, bench.stream.status.openConnections], [1, 1]);
  });

  it('PL2 more symbols than one connection takes are shared out over as few as will do, each asked for once', () => {
    const bench = makePool({ symbols: 12, limit: 5 });
    follow(bench);
    mustBeWhole(bench);
    assert.equal(bench.wire.sockets.length, 3);
    assert.deepEqual([bench.stream.status.connections, bench.stream.status.openConnections], [3, 3]);
    for (const socket of alive(bench)) assert.ok(heldBy(socket).size <= 5);
    assert.equal(bench.stream.metrics().resyncs, 0);
  });

  it('PL2 a limit that is only found out by a refusal is kept', () => {
    const bench = makeBench();
    const { limits } = welcome().data;
    bench.wire.onConnect = (socket) => {
      socket.onSent = (message) => {
        if (message.type === 'hello') socket.push(welcome({ limits: { ...limits, symbols: 1_000 } }));
        if (message.type !== 'subscribe') return;
        if (heldBy(socket).size <= 4) {
          socket.push({ type: 'subscription_confirmed', id: message.id, data: { symbols: message.symbols } });
          for (const symbol of message.symbols) socket.push(snapshot(symbol, 1));
          return;
        }
        socket.sent.pop();
        const data = { code: 'too_many_symbols', message: '', fatal: false, retryAfterMs: null, details: { most: 4 } };
        socket.push({ type: 'error', id: message.id, data });
      };
      socket.accept();
    };
    const symbols = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    bench.stream.subscribe(symbols, nothing);
    bench.clock.pass(2_000);
    assert.equal(alive(bench).length, 2);
    assert.deepEqual(
      alive(bench)
        .flatMap((socket) => [...heldBy(socket)])
        .toSorted(),
      symbols,
    );
    for (const symbol of symbols) assert.equal(bench.stream.verdict(symbol).state, 'live', symbol);
  });

  it('PL3 what no connection may carry any more is refused in words, and served when there is room', () => {
    const bench = makePool({ symbols: 12, limit: 5 }, { maxConnections: 2 });
    const [first = '', ...rest] = bench.symbols;
    const leave = bench.stream.subscribe([first], nothing, { depth: 10 });
    bench.stream.subscribe(rest, nothing, { depth: 10 });
    bench.served.pass(1_000);
    assert.equal(alive(bench).length, 2);
    const refused = bench.symbols.filter((symbol) => bench.stream.verdict(symbol).reason === 'refused');
    assert.equal(refused.length, 2);
    assert.ok(refused.every((symbol) => !isTrusted(bench.stream.verdict(symbol))));
    leave();
    bench.served.pass(3_000);
    const still = rest.filter((symbol) => bench.stream.verdict(symbol).reason === 'refused');
    assert.equal(still.length, 1);
    assert.equal(rest.filter((symbol) => isTrusted(bench.stream.verdict(symbol))).length, 10);
  });

  it('PL4 a connection that dies takes its own symbols with it and no others, and brings them back', () => {
    const bench = makePool({ symbols: 50, limit: 5, rate: 2 });
    follow(bench);
    mustBeWhole(bench);
    assert.equal(alive(bench).length, 10);
    const [, , , victim] = alive(bench);
    const lost = heldBy(victim!);
    const others = bench.symbols.filter((symbol) => !lost.has(symbol));
    let doubts = 0;
    bench.stream.observe(() => {
      for (const symbol of others) if (!isTrusted(bench.stream.verdict(symbol))) doubts += 1;
    });
    victim!.drop();
    for (const symbol of lost) assert.equal(bench.stream.verdict(symbol).state, 'disconnected');
    assert.deepEqual([bench.stream.state, bench.stream.status.openConnections], ['open', 9]);
    bench.served.pass(5_000);
    assert.equal(doubts, 0);
    mustBeWhole(bench);
    const told = others.map((symbol) => bench.wire.sockets.filter((socket) => heldBy(socket).has(symbol)).length);
    assert.ok(
      told.every((times) => times === 1),
      'the others were asked for once',
    );
  });

  it('PL5 a connection that the others have room for is given up after a while, without an interruption', () => {
    const bench = makePool({ symbols: 12, limit: 5 });
    const leave = bench.stream.subscribe(bench.symbols.slice(0, 4), nothing, { depth: 10 });
    const kept = bench.symbols.slice(4);
    follow(bench, kept);
    bench.served.pass(1_000);
    assert.equal(alive(bench).length, 3);
    leave();
    let doubts = 0;
    bench.served.pass(1_500);
    bench.stream.observe(() => {
      for (const symbol of kept) if (!isTrusted(bench.stream.verdict(symbol))) doubts += 1;
    });
    bench.served.pass(20_000);
    assert.equal(alive(bench).length, 2);
    assert.equal(doubts, 0);
    mustBeWhole(bench, kept);
  });

  it('PL6 a connection whose end was announced is replaced before it ends: nothing is interrupted, lost or told twice', () => {
    const bench = makePool({ symbols: 4, limit: 10, rate: 40 });
    const { stream, served, wire, symbols } = bench;
    let doubts = 0;
    follow(bench);
    stream.subscribe(symbols, nothing, { trades: true, depth: 10 });
    served.pass(2_000);
    stream.observe(() => {
      for (const symbol of symbols) if (!isTrusted(stream.verdict(symbol))) doubts += 1;
    });
    const [old] = wire.sockets;
    const before = new Map(symbols.map((symbol) => [symbol, served.market.listing(symbol)?.trades.lastSequence ?? 0]));
    old!.push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [500, 8_000] } });
    served.pass(12_000);
    assert.equal(doubts, 0);
    assert.deepEqual([wire.sockets.length, wire.alive, old!.isClosed], [2, 1, true], 'the old one was let go');
    assert.deepEqual([stream.metrics().gaps, stream.metrics().reconnects, stream.metrics().resyncs], [0, 0, 0]);
    mustBeWhole(bench);
    for (const symbol of symbols) {
      const ids = stream.trades(symbol).map(({ tradeId }) => tradeId);
      assert.equal(new Set(ids).size, ids.length, 'no trade twice');
      const trades = served.market.listing(symbol)!.trades;
      const due: string[] = [];
      for (let seq = before.get(symbol)! + 1; seq <= trades.lastSequence; seq++) due.push(trades.at(seq)!.tradeId);
      assert.ok(due.length > 0);
      assert.deepEqual(ids.slice(-due.length), due, 'no trade lost');
    }
  });

  it('PL6 where the old connection ends before the new one is there, its symbols are lost for that time and then right', () => {
    const bench = makePool({ symbols: 4, limit: 10 });
    const { stream, served, wire } = bench;
    follow(bench);
    served.pass(1_000);
    wire.onConnect = nothing;
    wire.last.push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [100, 100] } });
    served.pass(1_000);
    assert.equal(wire.sockets.length, 2);
    wire.sockets[0]!.drop(1012);
    served.pass(300);
    assert.ok(bench.symbols.every((symbol) => !isTrusted(stream.verdict(symbol))));
    assert.ok(
      bench.symbols.every((symbol) => stream.book(symbol) !== undefined),
      'the last books stay to be looked at',
    );
    served.accept(wire.last);
    served.pass(1_000);
    assert.equal(wire.sockets.length, 2);
    mustBeWhole(bench);
  });

  it('PL7 a new connection that cannot be had, or fails, harms nothing while the old one lasts', () => {
    const bench = makePool({ symbols: 4, limit: 10 });
    const { stream, served, wire } = bench;
    follow(bench);
    served.pass(1_000);
    let tries = 0;
    wire.onConnect = (socket) => {
      if (++tries < 3) socket.drop();
      else served.accept(socket);
    };
    let doubts = 0;
    stream.observe(() => {
      for (const symbol of bench.symbols) if (!isTrusted(stream.verdict(symbol))) doubts += 1;
    });
    wire.sockets[0]!.push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [100, 100] } });
    served.pass(30_000);
    assert.ok(tries >= 3);
    assert.equal(doubts, 0);
    assert.equal(wire.alive, 1);
    mustBeWhole(bench);
  });

  it("PL8 a connection to the guide's server is replaced before its day is over", () => {
    const bench = makeBench();
    serveGuide(bench);
    bench.stream.subscribe(['SCOM'], nothing);
    bench.clock.pass(1_000);
    const says = (price: number): void => {
      for (const socket of alive(bench)) {
        const data = {
          symbol: 'SCOM',
          price,
          volume: 1,
          high: 1,
          low: 1,
          change: 0,
          changePercent: 0,
          timestamp: bench.clock.now(),
        };
        socket.push({ type: 'market_data', data });
      }
    };
    const doubts = new Set<string>();
    let price = 1;
    const pass = (ms: number): void => {
      for (let left = ms; left > 0; left -= 1_000) {
        bench.clock.pass(1_000);
        says((price += 1));
        const { state } = bench.stream.verdict('SCOM');
        if (state !== 'live') doubts.add(state);
      }
    };
    bench.clock.sleep(DAY - 960_000);
    pass(10_000);
    doubts.clear();
    assert.equal(bench.wire.sockets.length, 1);
    pass(700_000);
    assert.deepEqual([...doubts], []);
    assert.equal(bench.wire.sockets.length, 2);
    assert.ok(bench.wire.sockets[0]!.isClosed);
    assert.deepEqual(
      bench.wire.last.got('subscribe').map(({ symbols }) => symbols),
      [['SCOM']],
    );
  });

  it('PL9 an answer that is still to come on the old connection comes, and what is asked next goes over the new one', async () => {
    const bench = makePool({ symbols: 2, limit: 10 });
    const { stream, served, wire } = bench;
    follow(bench);
    served.pass(1_000);
    const [old] = wire.sockets;
    const serve = old!.onSent!;
    const held: Parameters<typeof serve>[] = [];
    old!.onSent = (...sent) => (sent[0].type === 'order_query' ? void held.push(sent) : serve(...sent));
    const first = stream.request('order_query', { account: 'A-1', clientOrderId: '01JD9Z6Q00' });
    old!.push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [100, 100] } });
    served.pass(2_000);
    assert.equal(wire.alive, 2, 'the old one still has something to say');
    const second = stream.request('order_query', { account: 'A-1', clientOrderId: '01JD9Z6Q01' });
    assert.equal(wire.last.got('order_query').length, 1);
    serve(...held[0]!);
    assert.equal((await first).type, 'order_status');
    assert.equal((await second).type, 'order_status');
    served.pass(500);
    assert.equal(wire.alive, 1);
  });

  it('PL10 whatever moves, ends or is wanted no more, the books end right, each asked for once, and nothing is left', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ do: fc.constant('hold' as const), of: fc.nat(23), count: fc.integer({ min: 1, max: 12 }) }),
            fc.record({ do: fc.constant('leave' as const), of: fc.nat(20) }),
            fc.record({ do: fc.constantFrom('drop' as const, 'away' as const, 'kill' as const), of: fc.nat(9) }),
            fc.record({ do: fc.constantFrom('reconnect' as const, 'flap' as const) }),
            fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 50, max: 15_000 }) }),
          ),
          { minLength: 3, maxLength: 14 },
        ),
        fc.nat(),
        (acts, seed) => {
          const bench = makePool({ symbols: 24, limit: 5, rate: 2 });
          const { stream, served, wire, clock } = bench;
          follow(bench);
          const holds: (() => void)[] = [];
          for (const act of acts) {
            const target = 'of' in act ? alive(bench)[act.of % Math.max(1, alive(bench).length)] : undefined;
            if (act.do === 'hold') {
              const some = bench.symbols.slice(act.of, act.of + act.count);
              if (some.length > 0) holds.push(stream.subscribe(some, nothing, { trades: seed % 2 === 0, depth: 10 }));
            } else if (act.do === 'leave') holds.splice(act.of % Math.max(1, holds.length), 1)[0]?.();
            else if (act.do === 'drop') target?.drop();
            else if (act.do === 'kill' && target !== undefined) {
              // Half open: nobody is there any more, and nobody says so.
              target.onSent = undefined;
              served.sessions.get(target)?.dispose();
            } else if (act.do === 'away') {
              target?.push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [0, 1_000] } });
            } else if (act.do === 'reconnect') stream.reconnect();
            else if (act.do === 'flap') {
              stream.disconnect();
              clock.pass(10);
              stream.connect();
            } else if (act.do === 'pass') served.pass(act.ms, 250);
          }
          served.pass(60_000, 500);
          mustBeWhole(bench);
          assert.equal(stream.status.connections, wire.alive);
          stream.dispose();
          assert.deepEqual([clock.size, wire.alive, bench.wake.size], [0, 0, 0]);
        },
      ),
      { numRuns: 20 },
    ));

  it('PL11 settings that make no sense are told; a limit of one is kept but for the time of a replacement', () => {
    assert.throws(() => makeBench({ maxConnections: 0 }), RangeError);
    const bench = makePool({ symbols: 12, limit: 5 }, { maxConnections: 1 });
    bench.stream.subscribe(bench.symbols, nothing);
    bench.served.pass(2_000);
    assert.equal(bench.wire.sockets.length, 1);
  });

  it('PL12 after a disconnect no connection is left, and connect brings all of them back', () => {
    const bench = makePool({ symbols: 12, limit: 5 });
    follow(bench);
    mustBeWhole(bench);
    bench.stream.disconnect();
    assert.equal(bench.wire.alive, 0);
    assert.equal(bench.stream.state, 'closed');
    bench.stream.connect();
    mustBeWhole(bench);
    assert.equal(bench.wire.alive, 3);
  });
});
