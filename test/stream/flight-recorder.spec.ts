import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlightRecorder } from '../../src/stream/flight-recorder.js';
import { withoutQuery } from '../../src/stream/flight-file.js';
import { isPublicFrame } from '../../src/stream/flight-privacy.js';
import type { FlightBase } from '../../src/stream/flight-base.js';
import { Meter } from '../../src/stream/metrics.js';
import { Waterfall } from '../../src/stream/waterfall.js';
import type { Transport, TransportEvents } from '../../src/stream/transport/transport.js';
import { FakeClock } from '../support/fake-clock.js';
import { delta, makeBench, serveTouchline, snapshot, welcome, type Bench } from '../support/fake-server.js';
import { settled } from '../support/login-server.js';
import { decisionsOf, linesOf, recordingOf, textsOf } from '../support/flight.js';

const BASE: FlightBase = { size: 10, messages: () => [] };

/** A recorder on a transport that a test speaks through. `base`: what is known when a segment begins. */
function makeRecorder({ recorderSize = 8_388_608, base = (): FlightBase | undefined => BASE } = {}) {
  const clock = new FakeClock();
  const settings = { recorderSize };
  const recorder = new FlightRecorder({
    clock,
    settings,
    meter: new Meter(clock.now(), new Waterfall(() => clock.now())),
    base,
  });
  let events: TransportEvents | undefined;
  const inner: Transport = { open() {}, close() {}, send: () => true };
  const link = recorder.tap((_src, given) => {
    events = given;
    return inner;
  })('ws://fake/', { onOpen() {}, onMessage() {}, onRefused() {}, onClose() {}, onUnusable: assert.ifError }, clock);
  /** When each entry happened, in ms since the start. */
  const startedAt = clock.now();
  const ages = (): number[] => recorder.segments.flatMap(({ entries }) => entries.map(({ at }) => at - startedAt));
  return { recorder, clock, settings, link, ages, hear: (text: string) => events!.onMessage(text) };
}

const makeLive = (options: Parameters<typeof makeBench>[0] = {}): Bench => {
  const bench = makeBench(options);
  serveTouchline(bench);
  bench.stream.subscribe(['SCOM'], () => {});
  bench.clock.pass(200);
  return bench;
};

describe('the flight recorder', () => {
  it('FR1 keeps what came, what was said, openings, ends and refusals, with the time and the connection of each', async () => {
    const bench = makeLive();
    const { wire, clock, stream } = bench;
    wire.last.pushBinary();
    wire.last.pushText('no json');
    clock.pass(1_000);
    const at = clock.now();
    wire.last.drop(1011, 'tired');
    clock.pass(3_000);
    stream.disconnect();
    const lines = linesOf(await recordingOf(bench));
    const of = (key: string) => lines.filter((line) => Object.hasOwn(line, key));
    assert.deepEqual(
      of('open').map(({ on }) => on),
      [1, 2],
    );
    assert.deepEqual(of('refused')[0]?.['refused'], ['binary', null]);
    assert.ok(of('in').some((line) => line['in'] === 'no json' && line['on'] === 1));
    assert.deepEqual(of('close'), [{ at, on: 1, close: [1011, 'tired'] }]);
    assert.deepEqual(
      of('let_go').map(({ on, let_go: code }) => [on, code]),
      [[2, 1000]],
    );
    assert.deepEqual(
      of('out').map((line) => line['out']),
      // What a session is resumed by is a secret.
      wire.sockets.flatMap(({ sentTexts }) =>
        sentTexts.map((sent) => sent.replace(/"resume":.*/, '"resume":"redacted"}}')),
      ),
    );
  });

  it('FR1 what could not be sent is told from what was', async () => {
    const bench = makeLive();
    bench.wire.last.isStuck = true;
    bench.clock.pass(5_000);
    const lines = linesOf(await recordingOf(bench));
    assert.match(String(lines.find((line) => Object.hasOwn(line, 'unsent'))?.['unsent']), /"ping"/);
  });

  it('FR2 keeps the state, the verdicts, what was told, gaps, and books asked for or not for the budget’s sake', async () => {
    const bench = makeLive();
    const { wire, clock } = bench;
    wire.last.push(delta('SCOM', 1, 2, [['17.45', '5']]), delta('SCOM', 3, 4));
    clock.pass(300);
    wire.last.push(snapshot('SCOM', 4));
    const text = await recordingOf(bench);
    const states = decisionsOf(text, 'status').map((status) => (status as { state: string }).state);
    assert.deepEqual(states, ['connecting', 'open']);
    const verdicts = decisionsOf(text, 'verdict').map((each) => (each as string[]).join(' '));
    assert.deepEqual(verdicts.slice(-3), ['SCOM live ok', 'SCOM resyncing sequence_gap', 'SCOM live ok']);
    assert.deepEqual(decisionsOf(text, 'told'), [['SCOM', { ticker: 1, book: 50, trades: 0 }]]);
    assert.deepEqual(decisionsOf(text, 'gaps'), [1]);
    assert.deepEqual(decisionsOf(text, 'resync'), ['SCOM']);
    assert.deepEqual(decisionsOf(text, 'held'), []);

    const many = makeBench();
    serveTouchline(many, { snapshots: false, over: { limits: { ...welcome().data.limits, messagesPerSecond: 2 } } });
    const symbols = Array.from({ length: 40 }, (_, i) => `S${i}`);
    many.stream.subscribe(symbols, () => {});
    many.clock.pass(10_000);
    const held = decisionsOf(await recordingOf(many), 'held').length;
    assert.ok(held >= 1 && held <= 10, `${held} notes in ten seconds`);
  });

  it('FR3 reaches back a minute, and at most a quarter of one more', () => {
    const { clock, hear, ages } = makeRecorder();
    for (let i = 0; i < 3_000; i++) {
      hear('x');
      clock.pass(100);
      const oldest = i * 100 - ages()[0]!;
      assert.ok(oldest <= 75_000, `${oldest} ms back`);
      if (i >= 600) assert.ok(oldest >= 59_000, `only ${oldest} ms back after ${i} frames`);
    }
  });

  it('FR3 a sleep, or a clock that is set, empties nothing and keeps nothing for ever', () => {
    for (const jumpMs of [-86_400_000, 86_400_000]) {
      const { clock, hear, recorder } = makeRecorder();
      const counts: number[] = [];
      for (let i = 0; i < 1_500; i++) {
        if (i === 300) clock.set(jumpMs);
        hear('x');
        clock.pass(100);
        counts.push(recorder.segments.reduce((sum, { entries }) => sum + entries.length, 0));
      }
      assert.ok(counts[301]! > 250, `${counts[301]} frames right after a jump of ${jumpMs} ms`);
      assert.ok(Math.max(...counts) <= 751, `${Math.max(...counts)} frames`);
    }
    const { clock, hear, ages } = makeRecorder();
    for (let i = 0; i < 300; i++, clock.pass(100)) hear('x');
    clock.sleep(3_600_000);
    hear('x');
    assert.ok(ages().length > 250, 'what came before the sleep is there');
  });

  it('FR4 holds no more characters than it may, whatever comes', () => {
    const { clock, hear, recorder } = makeRecorder({ recorderSize: 100_000 });
    for (let i = 0; i < 2_000; i++) {
      hear('x'.repeat((i * 7_919) % 5_000));
      clock.pass(1);
      const held = recorder.segments.reduce(
        (sum, { entries }) => sum + entries.reduce((length, { what }) => length + String(what).length, 0),
        0,
      );
      assert.ok(held <= recorder.size && recorder.size <= 100_000, `${held} of ${recorder.size}`);
      if (i > 100) assert.ok(held > 40_000, `only ${held} characters`);
    }
  });

  it('FR4 a frame that has no room goes with all before it, and what follows begins anew', () => {
    let bases = 0;
    const { hear, recorder } = makeRecorder({ recorderSize: 1_000, base: () => (bases++, BASE) });
    hear('before');
    hear('x'.repeat(2_000));
    hear('after');
    assert.deepEqual(
      recorder.segments.flatMap(({ entries }) => entries.map(({ what }) => what)),
      ['after'],
    );
    assert.ok(bases > 0);
    assert.equal(recorder.segments.at(-1)?.base, BASE);
  });

  it('FR4 with a size of 0 nothing is kept, and a recording is refused', async () => {
    const { hear, recorder, settings } = makeRecorder();
    hear('one');
    settings.recorderSize = 0;
    hear('two');
    assert.equal(recorder.size, 0);
    settings.recorderSize = 1_000;
    hear('three');
    assert.deepEqual(
      recorder.segments.flatMap(({ entries }) => entries.map(({ what }) => what)),
      ['three'],
    );
    const bench = makeLive({ recorderSize: 0 });
    await assert.rejects(bench.stream.record(), /recorderSize is 0/);
    assert.throws(() => makeBench({ recorderSize: -1 }), RangeError);
  });

  it('FR4 what is known takes its share: where it has no room the segment begins without it', () => {
    const { clock, hear, recorder } = makeRecorder({ recorderSize: 1_000, base: () => ({ ...BASE, size: 600 }) });
    for (let i = 0; i < 100; i++, clock.pass(1_000)) hear('x');
    assert.ok(recorder.size <= 1_000);
    assert.equal(recorder.segments.at(-1)?.base, undefined);
  });

  it('FR12 where nothing stands in for the beginning it is kept while there is room, and then a minute is', () => {
    const { clock, hear, recorder, ages } = makeRecorder({ recorderSize: 40_000, base: () => undefined });
    let wasWhole = true;
    for (let i = 0; i < 2_000; i++, clock.pass(1_000)) {
      hear('x');
      const isWhole = ages()[0] === 0;
      assert.ok(wasWhole || !isWhole);
      if (isWhole) assert.ok(recorder.size <= 40_000);
      else assert.ok(i * 1_000 - ages()[0]! <= 76_000 && recorder.segments.every(({ isFirst }) => !isFirst));
      if (i < 700) assert.ok(isWhole, `gone after ${i} frames`);
      wasWhole = isWhole;
    }
    assert.equal(wasWhole, false);
  });

  it('FR5 what is known is asked for between two frames, never within one', () => {
    let isReading = false;
    const { clock, recorder } = makeRecorder({
      base: () => {
        assert.equal(isReading, false);
        return BASE;
      },
    });
    let events: TransportEvents | undefined;
    recorder.tap((_src, given) => {
      events = given;
      return { open() {}, close() {}, send: () => true };
    })(
      'ws://fake/',
      {
        onOpen() {},
        onMessage() {
          isReading = true;
          clock.pass(20_000);
          recorder.note('verdict', 'x');
          isReading = false;
        },
        onRefused() {},
        onClose() {},
        onUnusable() {},
      },
      clock,
    );
    for (let i = 0; i < 10; i++) events!.onMessage('x');
    assert.ok(recorder.segments.length > 3);
  });

  it('FR6 writes in slices, between which the page goes on', async () => {
    const bench = makeLive();
    const { wire, clock, stream } = bench;
    for (let i = 0; i < 40; i++) wire.last.pushText('x'.repeat(100_000));
    const before = clock.made;
    let isDone = false;
    const written = stream.record().then((text) => ((isDone = true), text));
    for (let i = 0; i < 100; i++) await Promise.resolve();
    assert.equal(isDone, false, 'nothing goes on without the clock');
    wire.last.pushText('too late');
    while (!isDone) {
      clock.pass(0);
      await new Promise(setImmediate);
    }
    assert.ok(clock.made - before >= 10, `${clock.made - before} pauses`);
    assert.ok(!(await written).includes('too late'), 'what comes meanwhile is not in it');
  });

  it('FR7 the ticket of a login and what a session is resumed by never enter it', async () => {
    const bench = makeLive();
    const ticket = 'tck-5E4C7';
    const say = bench.wire.last;
    const { recorder, link } = makeRecorder();
    link.send(JSON.stringify({ type: 'auth', id: 'a1', data: { ticket }, ticket }));
    link.send(JSON.stringify({ type: 'hello', id: 'hello', data: { protocol: 1, resume: { session: ticket } } }));
    link.send(`{"type":"auth","data":{"ticket":"${ticket}`);
    const plain = JSON.stringify({ type: 'subscribe', id: 's1', symbols: ['auth'] });
    link.send(plain);
    const said = recorder.segments.flatMap(({ entries }) => entries.map(({ what }) => what as string));
    assert.deepEqual(said, [
      '{"type":"auth","id":"a1","data":"redacted"}',
      '{"type":"hello","id":"hello","data":{"protocol":1,"resume":"redacted"}}',
      '"redacted"',
      plain,
    ]);
    assert.ok(say.sentTexts.length > 0);
  });

  it('FR7 a ticket or a session is not written either where the server repeats it', async () => {
    const ticket = 'tck-"5E4C7"';
    const session = 'session-9fK2';
    const bench = makeBench({ token: () => ticket });
    serveTouchline(bench, { over: { session } });
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(200);
    await settled();
    const said = { code: 'auth_failed', message: `No user for ${ticket}.`, fatal: false, retryAfterMs: null };
    bench.wire.last.push({ type: 'error', id: 'a1', data: said });
    bench.wire.last.drop(4401, ticket);
    const text = await recordingOf(bench);
    assert.ok(
      bench.wire.sockets[0]!.sentTexts.some((sent) => sent.includes('5E4C7')),
      'it was sent',
    );
    for (const secret of ['5E4C7', session]) assert.ok(!text.includes(secret), secret);
    assert.ok(text.includes('No user for redacted.'));
  });

  it('FR7 of the address it says where, not who', async () => {
    const cases = [
      ['wss://feed.example/ws/?token=abc&x=1', 'wss://feed.example/ws/?token=redacted&x=redacted'],
      ['wss://feed.example/ws/?abc', 'wss://feed.example/ws/?redacted'],
      ['wss://me:secret@feed.example/ws/#abc', 'wss://redacted@feed.example/ws/'],
      ['/ws/market/', '/ws/market/'],
      ['demo:?seed=7', 'demo:?seed=redacted'],
    ];
    for (const [src, shown] of cases) assert.equal(withoutQuery(src!), shown);
    const bench = makeLive({ src: 'ws://fake/?ticket=tck-5E4C7' });
    assert.ok(!(await recordingOf(bench)).includes('tck-5E4C7'));
  });

  it('FR8 without the private, no frame of orders, accounts or logins is in it, nor one that is not known to be public', async () => {
    const bench = makeLive();
    const secret = 'acc-77';
    const { wire, stream } = bench;
    const placed = stream.request('order_place', { account: secret, clientOrderId: 'c1' }).catch(() => {});
    wire.last.push(
      { type: 'order_ack', id: 'r1', stream: `private:${secret}`, epoch: 'p', seq: 1, data: { account: secret } },
      { type: 'balance_update', stream: `private:${secret}`, data: {} },
      { type: 'error', id: 'r1', data: { code: 'x', message: secret, fatal: false, retryAfterMs: null } },
      { type: 'auth_ok', data: { user: secret } },
      { type: 'something_new', data: secret },
      { type: 'market_data_batch', data: [{ type: 'order_fill', data: { account: secret } }] },
    );
    wire.last.pushText(`{"type":"order_fill","data":{"account":"${secret}"`);
    const all = await recordingOf(bench);
    const shared = await recordingOf(bench, { private: false });
    stream.dispose();
    await placed;
    assert.ok(all.includes(secret));
    assert.ok(!shared.includes(secret));
    assert.equal(linesOf(shared).length, linesOf(all).length, 'what is left out is named');
    const left = linesOf(shared).filter((line) => Object.hasOwn(line, 'left_out'));
    assert.deepEqual(
      left.map((line) => line['left_out']),
      ['out', 'in', 'in', 'in', 'in', 'in', 'in', 'in'],
    );
    assert.equal(typeof left[0]?.['length'], 'number');
    assert.deepEqual([linesOf(all)[0]?.['private'], linesOf(shared)[0]?.['private']], [true, false]);
    assert.ok(textsOf(shared).some((text) => text.includes('order_book_snapshot')));
    assert.equal(isPublicFrame('{"type":"market_data_batch","data":[{"symbol":"A","price":1}]}'), true);
  });
});
