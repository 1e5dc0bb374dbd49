import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { PrivateEvent } from '../../src/stream/market-stream.js';
import { delta, levelsOf, makeBench, row, serveTouchline, snapshot, type Bench } from '../support/fake-server.js';
import { serverSamples } from '../support/wire-samples.js';

const makeOpen = (): Bench => {
  const bench = makeBench();
  serveTouchline(bench);
  bench.stream.subscribe(['SCOM'], () => {});
  bench.clock.pass(1_000);
  return bench;
};

describe('messages', () => {
  it('PR20 what is no message is counted and changes nothing', () => {
    for (const text of [
      '',
      'x',
      '{"type":"market_data"',
      '[]',
      'null',
      '"ping"',
      '{"type":"market_data","data":{"symbol":"SCOM","price":1e400}}',
      '{"type":"market_data","data":{"symbol":"SCOM","price":"NaN"}}',
      '{"type":"market_data","data":{"symbol":"SCOM","price":"1,5"}}',
      '{"type":"market_data","data":{"symbol":"SCOM","price":null}}',
      `{"type":"market_data","data":{"symbol":"SCOM","price":"${'9'.repeat(40)}"}}`,
      '{"type":"market_data","data":{"symbol":5,"price":1}}',
      '{"type":"market_data","data":{"__proto__":{"symbol":"SCOM"},"price":1}}',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      ' '.repeat(9 * 1024 * 1024),
    ]) {
      const bench = makeOpen();
      const before = levelsOf(bench.stream, 'SCOM');
      bench.wire.last.pushText(text);
      assert.equal(bench.stream.metrics().refused, 1, text.slice(0, 60));
      assert.deepEqual(levelsOf(bench.stream, 'SCOM'), before);
      assert.equal(bench.stream.ticker('SCOM'), undefined);
      assert.equal(bench.wire.alive, 1);
    }
  });

  it('PR20 a binary frame is counted, and a fault that repeats is told once', () => {
    const bench = makeOpen();
    for (let i = 0; i < 5; i += 1) bench.wire.last.pushBinary();
    assert.equal(bench.stream.metrics().refused, 5);
    assert.equal(bench.errors.length, 1);
  });

  it('PR21 a type that is not known is ignored, not refused', () => {
    const bench = makeOpen();
    bench.wire.last.push({ type: 'trade_correction', data: {} });
    assert.deepEqual([bench.stream.metrics().ignored, bench.stream.metrics().refused], [1, 0]);
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
  });

  it('PR22 each entry of a batch stands for itself, bare tickers too', () => {
    const bench = makeOpen();
    bench.stream.subscribe(['KCB'], () => {});
    bench.clock.pass(200);
    const count = bench.stream.metrics().messageCount;
    bench.wire.last.push({
      type: 'market_data_batch',
      data: [
        { symbol: 'KCB', price: '32.85', epoch: 'e1', seq: 1 },
        { type: 'market_data', data: { symbol: 'KCB', price: 'x' } },
        delta('SCOM', 1, 2, [['17.45', '7']]),
        { type: 'market_data_batch', data: [] },
        snapshot('STRANGER', 1),
      ],
    });
    const { refused, ignored, messageCount, frameCount } = bench.stream.metrics();
    assert.deepEqual([refused, ignored, messageCount - count], [1, 2, 5]);
    assert.ok(frameCount < messageCount);
    assert.equal(bench.stream.ticker('KCB')?.price, '32.85');
    assert.deepEqual(levelsOf(bench.stream, 'SCOM').bids[1], [17.45, 7]);
  });

  it('PR22 an entry of a batch that spoke of one book makes that book suspect', () => {
    const bench = makeOpen();
    bench.wire.last.push({ type: 'market_data_batch', data: [{ type: 'order_book_delta', data: { symbol: 'SCOM' } }] });
    assert.equal(bench.stream.verdict('SCOM').state, 'resyncing');
    assert.equal(bench.wire.last.got('order_book_resync').length, 1);
  });

  it('PR23 of tickers the newest wins, and one that is older changes nothing', () => {
    const bench = makeOpen();
    const ticker = (seq: number, price: number, epoch = 'e1') => ({ ...row('SCOM', price, 0), epoch, seq });
    bench.wire.last.push(ticker(5, 10), ticker(4, 11), ticker(5, 12));
    assert.equal(bench.stream.ticker('SCOM')?.price, '10');
    bench.wire.last.push(ticker(1, 13, 'e2'));
    assert.equal(bench.stream.ticker('SCOM')?.price, '13');
  });

  it('PR24 no sequence of messages makes the stream throw or lose its link', () => {
    const names = fc.constantFrom('SCOM', 'KCB');
    const message = fc.oneof(
      fc.constantFrom(...serverSamples),
      fc.tuple(names, fc.nat(9), fc.nat(9)).map(([symbol, a, b]) => delta(symbol, a, b, [['17.5', '1']])),
      fc.tuple(names, fc.nat(9)).map(([symbol, seq]) => snapshot(symbol, seq)),
      fc.tuple(names, fc.double()).map(([symbol, price]) => row(symbol, price, 0)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
        const bench = makeOpen();
        for (const one of messages) {
          bench.wire.last.push(one);
          bench.clock.pass(50);
        }
        bench.clock.pass(500);
        assert.equal(bench.wire.alive, 1);
      }),
      { numRuns: 150 },
    );
  });

  it('PR25 an answer finds its request, with its place on the private stream', async () => {
    const bench = makeOpen();
    const events: PrivateEvent[] = [];
    const undo = bench.stream.onPrivate((event) => events.push(event));
    const reply = bench.stream.request('order_query', { account: 'A-1', clientOrderId: '01JD9Z6Q8' });
    const { id } = bench.wire.last.sent.at(-1) as { id: string };
    const ack = serverSamples.find(({ type }) => type === 'order_ack');
    bench.wire.last.push({ ...ack, id });
    const { type, sequence, epoch } = await reply;
    assert.deepEqual([type, sequence, epoch], ['order_ack', 502, 'p2']);
    assert.deepEqual(
      events.map((event) => [event.type, event.stream, event.sequence]),
      [['order_ack', 'private:A-1', 502]],
    );
    undo();
    bench.wire.last.push(ack);
    assert.equal(events.length, 1);
  });

  it('PR25 an error is an answer too, and no news for the page', async () => {
    const bench = makeOpen();
    const reply = bench.stream.request('account_subscribe', { account: 'A-1' });
    const { id } = bench.wire.last.sent.at(-1) as { id: string };
    const data = { code: 'auth_required', message: 'Log in.', fatal: false, retryAfterMs: null };
    bench.wire.last.push({ type: 'error', id, data });
    assert.deepEqual(await reply, { type: 'error', data });
    assert.equal(bench.errors.length, 0);
    bench.wire.last.push({ type: 'error', data }, { type: 'error', data });
    assert.equal(bench.errors.length, 1);
  });

  it('OR226 the end of a private stream that no request asked for is told to those who listen, and to the page', () => {
    const bench = makeOpen();
    const events: PrivateEvent[] = [];
    bench.stream.onPrivate((event) => events.push(event));
    const error = (code: string, details?: object, id?: string): void =>
      bench.wire.last.push({
        type: 'error',
        ...(id !== undefined && { id }),
        data: { code, message: 'No more.', fatal: false, retryAfterMs: null, ...(details && { details }) },
      });
    error('not_entitled');
    error('not_entitled', { account: 7 });
    error('rate_limited', { account: 'A-1' });
    error('not_entitled', { account: 'A-1' }, 'of-another-time');
    assert.deepEqual(events, []);
    error('not_entitled', { account: 'A-1' });
    assert.deepEqual(
      events.map(({ type, stream, data }) => [type, stream, data['code']]),
      [['error', 'private:A-1', 'not_entitled']],
    );
    assert.ok(bench.errors.some(({ message }) => message.includes('not_entitled')));
  });

  it('PR26 a request without an answer ends in a timeout, and its late answer still reaches the listeners', async () => {
    const bench = makeOpen();
    const events: PrivateEvent[] = [];
    bench.stream.onPrivate((event) => events.push(event));
    const outcome = assert.rejects(bench.stream.request('order_place', {}), { code: 'timeout' });
    const { id } = bench.wire.last.sent.at(-1) as { id: string };
    bench.clock.pass(5_000);
    await outcome;
    const reject = serverSamples.find(({ type }) => type === 'order_reject');
    bench.wire.last.push({ ...reject, id });
    assert.equal(events[0]?.type, 'order_reject');
  });

  it('PR27 a request is never queued and never repeated', async () => {
    const bench = makeOpen();
    const lost = assert.rejects(bench.stream.request('order_place', {}), { code: 'connection_lost' });
    bench.wire.last.drop();
    await lost;
    await assert.rejects(bench.stream.request('order_place', {}), { code: 'not_connected' });
    bench.clock.pass(10_000);
    assert.equal(bench.stream.state, 'open');
    assert.equal(
      bench.wire.last.sent.some(({ type }) => type === 'order_place'),
      false,
    );
    bench.wire.last.isStuck = true;
    await assert.rejects(bench.stream.request('order_place', {}), { code: 'not_connected' });
    bench.wire.last.isStuck = false;
    await assert.rejects(bench.stream.request('order_place', { text: 'ä'.repeat(40_000) }), { code: 'too_large' });
  });

  it("PR28 latency is measured by the server's clock, and late data are delayed on the whole link", () => {
    const ahead = 3_600_000;
    const bench = makeBench();
    serveTouchline(bench);
    bench.wire.onConnect = ((serve) => (socket) => {
      serve?.(socket);
      const answer = socket.onSent;
      socket.onSent = (message, at) => {
        if (message.type === 'ping') at.push({ type: 'pong', id: message.id, serverTime: bench.clock.now() + ahead });
        else answer?.(message, at);
      };
    })(bench.wire.onConnect);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(30_000);
    assert.equal(bench.stream.clockOffset, ahead);
    for (let i = 1; i <= 100; i += 1) {
      bench.wire.last.push({ ...row('SCOM', i, 0), sent: bench.clock.now() + ahead - i });
    }
    const { p50, p99 } = bench.stream.metrics().latency;
    assert.ok(Math.abs(p50 - 50) < 6 && Math.abs(p99 - 99) < 11, `${p50} ${p99}`);
    bench.wire.last.push({ ...row('SCOM', 1, 0), sent: bench.clock.now() + ahead - 8_000 });
    assert.equal(bench.stream.verdict('SCOM').reason, 'late_data');
    bench.wire.last.push({ ...row('SCOM', 2, 0), sent: bench.clock.now() + ahead });
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
  });

  it('PR29 rates count what came, batches by their entries', () => {
    const bench = makeOpen();
    bench.clock.pass(1_000 - (bench.clock.now() % 1_000));
    for (let i = 0; i < 50; i += 1) {
      bench.wire.last.push({ type: 'market_data_batch', data: [row('SCOM', i, 0), row('SCOM', i + 0.5, 0)] });
      bench.clock.pass(20);
    }
    assert.equal(bench.stream.metrics().dataRate, 100);
    bench.clock.pass(3_000);
    assert.ok(bench.stream.metrics().dataRate <= 1);
  });
});
