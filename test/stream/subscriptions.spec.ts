import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delta, makeBench, row, serveGuide, serveTouchline, snapshot, welcome } from '../support/fake-server.js';

const nothing = (): void => {};

describe('subscriptions', () => {
  it('SB1 wishes of one task go out as one message, at once', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    bench.clock.pass(1_000);
    for (const symbol of ['SCOM', 'KCB', 'EQTY']) bench.stream.subscribe([symbol], nothing);
    bench.clock.pass(1);
    const sent = bench.wire.last.got('subscribe');
    assert.equal(sent.length, 1);
    assert.deepEqual(sent[0]?.symbols, ['SCOM', 'KCB', 'EQTY']);
  });

  it('SB1 a page that changes one symbol every 25 ms sends at most ten messages a second', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    for (let i = 0; i < 40; i += 1) {
      bench.stream.subscribe([`S${i}`], nothing);
      bench.clock.pass(25);
    }
    assert.ok(bench.wire.last.got('subscribe').length <= 11);
  });

  it('SB2 a symbol is asked for once, with all that any holder wants', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    bench.stream.subscribe(['SCOM'], nothing, { depth: 10 });
    bench.stream.subscribe(['SCOM'], nothing, { depth: 30 });
    bench.stream.subscribe(['SCOM'], nothing, { book: false, trades: true });
    bench.clock.pass(1_000);
    const sent = bench.wire.last.got('subscribe');
    assert.equal(sent.length, 1);
    assert.deepEqual([sent[0]?.channels, sent[0]?.depth], [['ticker', 'book', 'trades'], 30]);
    bench.stream.subscribe(['SCOM'], nothing, { depth: 20 });
    bench.clock.pass(1_000);
    assert.equal(bench.wire.last.got('subscribe').length, 1, 'less depth is no new wish');
    bench.stream.subscribe(['SCOM'], nothing, { depth: 100 });
    bench.clock.pass(1_000);
    assert.equal(bench.wire.last.got('subscribe').at(-1)?.depth, 100);
  });

  it('SB2 a deeper book of the same moment replaces the shallow one', () => {
    const bench = makeBench();
    serveTouchline(bench, { snapshots: false });
    bench.stream.subscribe(['SCOM'], nothing, { depth: 1 });
    bench.clock.pass(100);
    bench.wire.last.push(snapshot('SCOM', 7, [['17.50', '1']], [], { depth: 1 }));
    assert.equal(bench.stream.book('SCOM')?.bids.length, 1);
    const deep = [['17.50', '1'] as const, ['17.45', '2'] as const];
    bench.wire.last.push(snapshot('SCOM', 7, deep, [], { depth: 50 }));
    assert.equal(bench.stream.book('SCOM')?.bids.length, 2);
  });

  it('SB3 the last holder to leave ends it, after a grace; undoing twice counts once', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const first = bench.stream.subscribe(['SCOM', 'KCB'], nothing);
    const second = bench.stream.subscribe(['SCOM'], nothing);
    bench.clock.pass(1_000);
    first();
    first();
    bench.clock.pass(3_000);
    assert.deepEqual(
      bench.wire.last.got('unsubscribe').map(({ symbols }) => symbols),
      [['KCB']],
    );
    assert.notEqual(bench.stream.book('SCOM'), undefined);
    second();
    bench.clock.pass(3_000);
    assert.deepEqual(bench.wire.last.got('unsubscribe').at(-1)?.symbols, ['SCOM']);
    assert.equal(bench.stream.book('SCOM'), undefined);
    assert.equal(bench.stream.verdict('SCOM').reason, 'not_subscribed');
  });

  it('SB4 an element that is moved a hundred times costs the server nothing', () => {
    const bench = makeBench();
    serveTouchline(bench);
    let undo = bench.stream.subscribe(['SCOM'], nothing);
    bench.clock.pass(1_000);
    for (let move = 0; move < 100; move += 1) {
      undo();
      bench.clock.pass(30);
      undo = bench.stream.subscribe(['SCOM'], nothing);
      bench.clock.pass(30);
    }
    bench.clock.pass(5_000);
    assert.equal(bench.wire.last.got('subscribe').length, 1);
    assert.equal(bench.wire.last.got('unsubscribe').length, 0);
    assert.notEqual(bench.stream.book('SCOM'), undefined);
  });

  it('SB5 a channel that nobody wants any more is given up alone, and its book goes', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const withBook = bench.stream.subscribe(['SCOM'], nothing);
    bench.stream.subscribe(['SCOM'], nothing, { book: false });
    bench.clock.pass(1_000);
    bench.wire.last.push(row('SCOM', 17.5, 1, {}));
    withBook();
    bench.clock.pass(3_000);
    assert.deepEqual(bench.wire.last.got('unsubscribe')[0]?.channels, ['book']);
    assert.equal(bench.stream.book('SCOM'), undefined);
    assert.equal(bench.stream.ticker('SCOM')?.price, '17.5');
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
  });

  it('SB5 a channel that is wanted in the moment in which another is given up is asked for', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const withBook = bench.stream.subscribe(['SCOM'], nothing);
    bench.clock.pass(1_000);
    withBook();
    bench.clock.pass(950);
    bench.stream.subscribe(['KCB'], nothing);
    bench.clock.pass(10);
    bench.stream.subscribe(['SCOM'], nothing, { book: false, trades: true });
    bench.clock.pass(2_000);
    assert.deepEqual(bench.wire.last.got('unsubscribe')[0]?.channels, ['book']);
    assert.deepEqual(bench.wire.last.got('subscribe').at(-1)?.channels, ['ticker', 'trades']);
  });

  it('SB6 a new link is told the whole wish once, as it is then', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const gone = bench.stream.subscribe(['KCB'], nothing);
    bench.stream.subscribe(['SCOM', 'EQTY'], nothing);
    bench.clock.pass(1_000);
    bench.wire.onConnect = undefined;
    bench.wire.last.drop();
    gone();
    bench.stream.subscribe(['ABSA'], nothing);
    serveTouchline(bench);
    bench.clock.pass(40_000);
    const sent = bench.wire.last.got('subscribe');
    assert.equal(sent.length, 1);
    assert.deepEqual(sent[0]?.symbols, ['SCOM', 'EQTY', 'ABSA']);
    assert.equal(bench.wire.last.got('unsubscribe').length, 0);
  });

  it('SB6 a wish of 3,000 symbols is sent in messages below the limit', () => {
    const bench = makeBench();
    const { limits } = welcome().data;
    serveTouchline(bench, { over: { limits: { ...limits, symbols: 5_000 } } });
    const symbols = Array.from({ length: 3_000 }, (_, i) => `SYMBOL-${i}`);
    bench.stream.subscribe(symbols, nothing);
    bench.clock.pass(100);
    const sent = bench.wire.last.got('subscribe');
    assert.deepEqual(
      sent.flatMap((message) => message.symbols),
      symbols,
    );
    for (const message of sent) assert.ok(JSON.stringify(message).length < 20_000);
  });

  it('SB7 what was never confirmed is asked for again; twice confirmed is fine', () => {
    const bench = makeBench();
    serveTouchline(bench, { ignores: ['subscribe'] });
    bench.stream.subscribe(['SCOM'], nothing);
    bench.clock.pass(100);
    assert.equal(bench.stream.verdict('SCOM').reason, 'awaiting_snapshot');
    bench.clock.pass(5_500);
    assert.equal(bench.wire.last.got('subscribe').length, 2);
    assert.equal(bench.stream.verdict('SCOM').state, 'stale');
    assert.equal(bench.stream.verdict('SCOM').reason, 'feed_silent');
    const id = bench.wire.last.got('subscribe')[1]?.id;
    const confirmation = { type: 'subscription_confirmed', id, data: { symbols: ['SCOM'] } };
    bench.wire.last.push(confirmation, confirmation, snapshot('SCOM', 1));
    bench.clock.pass(20_000);
    assert.equal(bench.wire.last.got('subscribe').length, 2);
    assert.equal(bench.stream.verdict('SCOM').state, 'quiet');
  });

  it('SB8 a symbol that is refused says so, and the others go on', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM', 'NOPE', 'SECRET'], nothing);
    bench.clock.pass(10);
    const rejected = [
      { symbol: 'NOPE', code: 'unknown_symbol' },
      { symbol: 'SECRET', code: 'not_entitled' },
    ];
    bench.wire.last.push({ type: 'subscription_confirmed', id: 's1', data: { symbols: ['SCOM'], rejected } });
    assert.equal(bench.stream.verdict('NOPE').reason, 'unknown_symbol');
    assert.equal(bench.stream.verdict('SECRET').reason, 'refused');
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
    bench.clock.pass(60_000);
    assert.equal(bench.wire.last.got('subscribe').length, 1);
  });

  it('SB8 an error in place of a confirmation refuses the symbols it names; a limit is waited for', () => {
    const bench = makeBench();
    serveTouchline(bench, { ignores: ['subscribe'] });
    bench.stream.connect();
    const error = (id: string | undefined, code: string, over: object) => ({
      type: 'error',
      id,
      data: { code, message: '', fatal: false, retryAfterMs: null, ...over },
    });
    bench.stream.subscribe(['SCOM', 'NOPE'], nothing);
    bench.clock.pass(100);
    const { last } = bench.wire;
    last.push(error(last.got('subscribe')[0]?.id, 'rate_limited', { retryAfterMs: 2_000 }));
    bench.clock.pass(1_900);
    assert.equal(last.got('subscribe').length, 1);
    bench.clock.pass(200);
    assert.equal(last.got('subscribe').length, 2);
    last.push(error(last.got('subscribe')[1]?.id, 'unknown_symbol', { details: { symbols: ['NOPE'] } }));
    assert.equal(bench.stream.verdict('NOPE').reason, 'unknown_symbol');
    assert.notEqual(bench.stream.verdict('SCOM').reason, 'unknown_symbol');
  });

  it('SB9 names that no server could mean are refused here and never sent', () => {
    const bench = makeBench();
    serveGuide(bench);
    bench.stream.subscribe(['', '\ud800', 'x'.repeat(200), 'SCOM'], nothing);
    bench.clock.pass(100);
    assert.deepEqual(bench.wire.last.got('subscribe')[0]?.symbols, ['SCOM']);
    assert.equal(bench.stream.verdict('\ud800').reason, 'unknown_symbol');
    bench.wire.last.drop();
    bench.clock.pass(10_000);
    assert.equal(bench.stream.verdict('\ud800').reason, 'unknown_symbol');
    assert.throws(() => bench.stream.subscribe([5 as unknown as string], nothing), TypeError);
    assert.throws(() => bench.stream.subscribe('KCB' as unknown as string[], nothing), TypeError);
  });

  it('SB10 late frames of a symbol that was given up are counted and change nothing', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const undo = bench.stream.subscribe(['SCOM'], nothing);
    bench.stream.subscribe(['KCB'], nothing);
    bench.clock.pass(1_000);
    undo();
    bench.clock.pass(3_000);
    bench.wire.last.push(row('SCOM', 17, 1), snapshot('SCOM', 9), delta('SCOM', 9, 10), row('STRANGER', 1, 1));
    assert.equal(bench.stream.metrics().ignored, 4);
    assert.equal(bench.stream.ticker('SCOM'), undefined);
    assert.equal(bench.stream.book('SCOM'), undefined);
    assert.equal(bench.stream.metrics().refused, 0);
  });

  it('SB11 after 4408 less is asked for', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], nothing);
    bench.clock.pass(100);
    assert.equal(bench.wire.last.got('subscribe')[0]?.maxRateHz, undefined);
    for (const rate of [5, 2]) {
      bench.wire.last.drop(4408);
      bench.clock.pass(30_000);
      assert.equal(bench.wire.last.got('subscribe')[0]?.maxRateHz, rate);
    }
  });
});
