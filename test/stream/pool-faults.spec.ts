/** Several connections in trouble: ends within ends, limits that change, and whoever asks for something in the middle. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTrusted } from '../../src/stream/verdict.js';
import { row, makeBench, serveTouchline, snapshot, welcome } from '../support/fake-server.js';
import { alive, follow, heldBy, makePool, mustBeWhole, type PoolBench } from '../support/pool-bench.js';

const nothing = (): void => {};
const goingAway = (ms = 100) => ({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [ms, ms] } });

/** Counts the looks at a symbol that is not trusted. */
const countDoubts = ({ stream, symbols }: PoolBench): (() => number) => {
  let doubts = 0;
  stream.observe(() => {
    for (const symbol of symbols) if (!isTrusted(stream.verdict(symbol))) doubts += 1;
  });
  return () => doubts;
};

describe('several connections in trouble', () => {
  it('PL20 a successor that is to end itself is replaced in turn, and one that has ended is nobody’s successor', () => {
    const bench = makePool({ symbols: 4, limit: 10 });
    const { stream, served, wire } = bench;
    follow(bench);
    served.pass(1_000);
    const [old] = wire.sockets;
    // The books of the successor never come: the handover is still under way when it is told to go as well.
    served.onFrame = (text, socket) => (socket !== old && text.includes('order_book') ? null : text);
    old!.push(goingAway());
    served.pass(1_000);
    const successor = wire.last;
    assert.notEqual(successor, old);
    successor.push(goingAway());
    served.pass(1_000);
    assert.equal(wire.sockets.length, 3);
    successor.drop(1012);
    served.pass(1_000);
    served.onFrame = (text) => text;
    const doubts = countDoubts(bench);
    served.pass(60_000);
    assert.equal(doubts(), 0);
    mustBeWhole(bench);
    assert.equal(stream.status.connections, 1);
    assert.equal(stream.state, 'open');
  });

  it('PL21 a successor that fails once the handover has begun costs the old connection nothing, however long it fails', () => {
    const bench = makePool({ symbols: 4, limit: 10 });
    const { served, wire } = bench;
    follow(bench);
    served.pass(1_000);
    const [old] = wire.sockets;
    served.onFrame = (text, socket) => (socket !== old && text.includes('order_book') ? null : text);
    old!.push(goingAway());
    served.pass(1_000);
    const doubts = countDoubts(bench);
    wire.onConnect = (socket) => socket.drop();
    wire.last.drop();
    served.onFrame = (text) => text;
    served.pass(120_000, 250);
    assert.equal(doubts(), 0);
    assert.equal(old!.isClosed, false);
    wire.onConnect = (socket) => served.accept(socket);
    served.pass(120_000, 250);
    assert.equal(doubts(), 0);
    assert.equal(old!.isClosed, true);
    mustBeWhole(bench);
  });

  it('PL22 a symbol that is moved twice at once is given up where it is not wanted any more', () => {
    const bench = makePool({ symbols: 12, limit: 5 });
    const { stream, served, wire } = bench;
    const leave = stream.subscribe(bench.symbols.slice(0, 4), nothing, { depth: 10 });
    const kept = bench.symbols.slice(4);
    follow(bench, kept);
    served.pass(1_000);
    // What moves on to another connection stays on its way: no book arrives there.
    const known = new Set(
      wire.sockets.flatMap((socket) =>
        [...heldBy(socket)].map((symbol) => `${wire.sockets.indexOf(socket)} ${symbol}`),
      ),
    );
    served.onFrame = (text, socket) => {
      const symbol = /"book:(\w+)"/.exec(text)?.[1];
      return symbol !== undefined && !known.has(`${wire.sockets.indexOf(socket)} ${symbol}`) ? null : text;
    };
    leave();
    served.pass(13_000);
    const movedFrom = wire.sockets.find((socket) =>
      [...heldBy(socket)].some((symbol) => alive(bench).filter((other) => heldBy(other).has(symbol)).length > 1),
    );
    assert.ok(movedFrom !== undefined, 'some are on their way');
    for (const socket of alive(bench)) socket.push(goingAway());
    served.pass(500);
    served.onFrame = (text) => text;
    served.pass(60_000);
    mustBeWhole(bench, kept);
  });

  it('PL23 a successor that comes back in the middle of a handover, with all connections in use, refuses nothing', () => {
    const bench = makePool({ symbols: 10, limit: 5 }, { maxConnections: 2 });
    const { served, wire } = bench;
    follow(bench);
    served.pass(1_000);
    const doubts = countDoubts(bench);
    const [old] = wire.sockets;
    served.latencyMs = 100;
    served.onFrame = (text, socket) => (wire.sockets.indexOf(socket) >= 2 && text.includes('order_book') ? null : text);
    old!.push(goingAway());
    served.pass(1_000);
    assert.equal(wire.sockets.length, 3);
    wire.last.drop();
    served.onFrame = (text) => text;
    served.pass(60_000);
    assert.equal(doubts(), 0);
    served.latencyMs = 0;
    mustBeWhole(bench);
    assert.equal(bench.wire.alive, 2);
  });

  it('PL24 a server that refuses all of them on every connection is not asked round and round', () => {
    const bench = makeBench();
    const { clock, wire, stream } = bench;
    let asked = 0;
    const { limits } = welcome().data;
    /** Four for all connections together. */
    const accepted = new Set<string>();
    wire.onConnect = (socket) => {
      socket.onSent = (message) => {
        if (message.type === 'hello') socket.push(welcome({ limits: { ...limits, symbols: 1_000 } }));
        if (message.type === 'ping')
          socket.push({ type: 'pong', id: message.id, t: message.t, serverTime: clock.now() });
        if (message.type !== 'subscribe') return;
        asked += 1;
        const fresh = message.symbols.filter((symbol) => !accepted.has(symbol));
        if (accepted.size + fresh.length > 4) {
          const data = { code: 'too_many_symbols', message: '', fatal: false, retryAfterMs: null };
          socket.push({ type: 'error', id: message.id, data });
          return;
        }
        for (const symbol of fresh) accepted.add(symbol);
        socket.push({ type: 'subscription_confirmed', id: message.id, data: { symbols: message.symbols } });
        for (const symbol of message.symbols) socket.push(snapshot(symbol, 1));
      };
      socket.accept();
    };
    stream.subscribe(['A', 'B', 'C', 'D'], nothing);
    clock.pass(1_000);
    stream.subscribe(['E', 'F', 'G'], nothing);
    clock.pass(120_000);
    assert.ok(asked <= 20, `${asked} subscriptions`);
    for (const symbol of ['E', 'F', 'G']) assert.equal(stream.verdict(symbol).reason, 'refused', symbol);
    for (const symbol of ['A', 'B', 'C', 'D']) assert.ok(isTrusted(stream.verdict(symbol)), symbol);
    assert.ok(wire.sockets.length <= 6, `${wire.sockets.length} sockets`);
  });

  it('PL25 whoever asks for the opposite while connections are closed gets what he asked for last', () => {
    for (const first of ['disconnect', 'reconnect'] as const) {
      const bench = makePool({ symbols: 12, limit: 5 });
      const { stream, served } = bench;
      follow(bench);
      served.pass(1_000);
      let isDone = false;
      stream.observe(() => {
        if (isDone || stream.state === 'open') return;
        isDone = true;
        if (first === 'disconnect') stream.connect();
        else stream.disconnect();
      });
      stream[first]();
      served.pass(20_000);
      assert.ok(isDone);
      if (first === 'disconnect') mustBeWhole(bench);
      else assert.deepEqual([stream.state, bench.wire.alive], ['closed', 0]);
    }
  });

  it('PL26 a page that asks for a reconnect in the very call that tells it of a loss gets its answers and its books', async () => {
    const bench = makePool({ symbols: 4, limit: 10 });
    const { stream, served, wire } = bench;
    follow(bench);
    served.pass(1_000);
    const [old] = wire.sockets;
    const serve = old!.onSent!;
    old!.onSent = (...sent) => (sent[0].type === 'order_query' ? undefined : serve(...sent));
    const asked = stream
      .request('order_query', { account: 'A-1', clientOrderId: '01JD9Z6Q00' })
      .catch((error: { code: string }) => error.code);
    let isDone = false;
    stream.observe(() => {
      if (isDone || stream.state === 'open') return;
      isDone = true;
      stream.reconnect();
    });
    old!.drop();
    assert.equal(await asked, 'connection_lost');
    served.pass(2_000);
    mustBeWhole(bench);
  });

  it('PL27 a symbol is not seated on a connection that was closed for good while another has room', () => {
    const bench = makePool({ symbols: 12, limit: 5 });
    const { stream, served } = bench;
    stream.subscribe(bench.symbols.slice(0, 9), nothing, { depth: 10 });
    served.pass(1_000);
    assert.equal(alive(bench).length, 2);
    const [main] = alive(bench);
    const leave = stream.subscribe([bench.symbols[9]!], nothing, { depth: 10 });
    served.pass(1_000);
    leave();
    served.pass(2_000);
    main!.drop(4403);
    stream.subscribe([bench.symbols[10]!, bench.symbols[11]!], nothing, { depth: 10 });
    served.pass(5_000);
    for (const symbol of bench.symbols.slice(10))
      assert.ok(isTrusted(stream.verdict(symbol)), `${symbol} ${stream.verdict(symbol).state}`);
  });

  it('PL28 a refusal by the new connection is told of the symbol once it is there, and a move for room is called off', () => {
    const bench = makePool({ symbols: 3, limit: 10 });
    const { stream, served, wire } = bench;
    const [gone = '', ...rest] = bench.symbols;
    follow(bench);
    served.pass(1_000);
    const connect = wire.onConnect!;
    served.latencyMs = 10;
    wire.onConnect = (socket) => {
      connect(socket);
      const serve = socket.onSent!;
      socket.onSent = (message, from) => {
        if (message.type !== 'subscribe' || !message.symbols.includes(gone)) return serve(message, from);
        const symbols = message.symbols.filter((symbol) => symbol !== gone);
        socket.push({
          type: 'subscription_confirmed',
          id: message.id,
          data: { symbols, rejected: [{ symbol: gone, code: 'unknown_symbol' }] },
        });
        if (symbols.length > 0) serve({ ...message, symbols }, from);
      };
    };
    wire.last.push(goingAway());
    served.pass(60_000);
    assert.equal(wire.alive, 1);
    assert.deepEqual([stream.verdict(gone).state, stream.verdict(gone).reason], ['stale', 'unknown_symbol']);
    for (const symbol of rest) assert.ok(isTrusted(stream.verdict(symbol)));
  });

  it('PL29 what is refused for want of room says so, also when the connection that it was refused on is gone', () => {
    const bench = makePool({ symbols: 6, limit: 5 }, { maxConnections: 1 });
    const { stream, served, wire } = bench;
    stream.subscribe(bench.symbols, nothing, { depth: 10 });
    served.pass(1_000);
    const [refused = ''] = bench.symbols.filter((symbol) => stream.verdict(symbol).reason === 'refused');
    assert.notEqual(refused, '');
    wire.last.push(goingAway());
    served.pass(20_000);
    assert.equal(wire.sockets.length, 2);
    assert.deepEqual([stream.verdict(refused).state, stream.verdict(refused).reason], ['stale', 'refused']);
  });

  it('PL32 an order is not refused on the new connection for want of a login that the old one has', async () => {
    let asked = 0;
    const bench = makeBench({ token: () => (++asked === 1 ? 'a-ticket' : new Promise<string>(() => {})) });
    serveTouchline(bench, { over: { authRequired: ['orders'] } });
    const { clock, wire, stream } = bench;
    const connect = wire.onConnect!;
    wire.onConnect = (socket) => {
      connect(socket);
      const serve = socket.onSent!;
      socket.onSent = (message, from) => {
        if (message.type === 'auth')
          socket.push({ type: 'auth_ok', id: message.id, data: { user: 'u', accounts: [], scopes: [] } });
        else serve(message, from);
      };
    };
    stream.subscribe(['SCOM'], nothing);
    clock.pass(1_000);
    await new Promise((resolve) => setImmediate(resolve));
    clock.pass(1_000);
    const [old] = wire.sockets;
    old!.push(goingAway());
    clock.pass(5_000);
    assert.equal(wire.sockets.length, 2);
    void stream.request('order_query', { account: 'A-1', clientOrderId: '01JD9Z6Q00' }).catch(nothing);
    assert.deepEqual([old!.got('order_query').length, wire.last.got('order_query').length], [1, 0]);
    stream.dispose();
  });

  it('PL30 symbols that are given up or moved away bear no witness against those that stay', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const { stream, clock, wire } = bench;
    const leave = stream.subscribe(['BUSY', 'BUSIER'], nothing, { book: false });
    stream.subscribe(['THIN'], nothing, { book: false });
    clock.pass(500);
    wire.last.push(row('THIN', 5, clock.now()));
    for (let i = 1; i < 60; i += 1) {
      clock.pass(1_000);
      for (const symbol of ['BUSY', 'BUSIER']) wire.last.push(row(symbol, i, clock.now()));
    }
    clock.pass(600);
    leave();
    for (let second = 0; second < 120; second += 1) {
      clock.pass(1_000);
      assert.notEqual(stream.verdict('THIN').state, 'stale', `after ${second} s`);
    }
  });
});
