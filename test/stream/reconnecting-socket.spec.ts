import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ReconnectingSocket,
  type ReconnectingSocketOptions,
  type SocketStatus,
} from '../../src/stream/reconnecting-socket.js';
import type { StreamError } from '../../src/stream/stream-error.js';
import { FakeClock, FakeWake } from '../support/fake-clock.js';
import { fixedRandom } from '../support/fake-server.js';
import { type FakeSocket, FakeWire } from '../support/fake-wire.js';

interface SocketBench {
  readonly clock: FakeClock;
  readonly wire: FakeWire;
  readonly wake: FakeWake;
  readonly errors: StreamError[];
  readonly messages: unknown[];
  readonly statuses: SocketStatus[];
  readonly socket: ReconnectingSocket;
}

/** A socket on a fake wire in fake time, that is still connecting. */
const make = (options: Partial<ReconnectingSocketOptions> = {}): SocketBench => {
  const clock = new FakeClock();
  const wire = new FakeWire();
  const wake = new FakeWake();
  const errors: StreamError[] = [];
  const messages: unknown[] = [];
  const statuses: SocketStatus[] = [];
  const socket = new ReconnectingSocket({
    url: 'ws://fake/',
    clock,
    random: fixedRandom(),
    transport: wire.transport,
    wake: wake.source,
    onError: (error) => errors.push(error),
    onMessage: (message) => messages.push(message),
    onStatus: (status) => statuses.push(status),
    ...options,
  });
  return { clock, wire, wake, errors, messages, statuses, socket };
};

/** The same, open, with a server that accepts every connection. */
const open = (options: Partial<ReconnectingSocketOptions> = {}): SocketBench => {
  const bench = make(options);
  bench.wire.last.accept();
  bench.wire.onConnect = (socket) => socket.accept();
  return bench;
};

const PING = '{"type":"ping"}';
const pings = (socket: FakeSocket): number => socket.sentTexts.filter((text) => text === PING).length;
const answerPings = (socket: FakeSocket): void => {
  socket.onSent = () => socket.push({ type: 'pong' });
};

describe('ReconnectingSocket', () => {
  it('RS1 connects as soon as it is made, and tells when a link is open, and whether there was one before', () => {
    const opened: boolean[] = [];
    const { clock, wire, socket } = make({ onOpen: (isReconnect) => opened.push(isReconnect) });
    assert.equal(wire.sockets.length, 1);
    assert.equal(socket.state, 'connecting');
    assert.equal(socket.isConnected, false);
    wire.last.accept();
    assert.equal(socket.isConnected, true);
    wire.onConnect = (next) => next.accept();
    wire.last.drop();
    assert.equal(socket.state, 'reconnecting');
    clock.pass(2_000);
    assert.equal(socket.isConnected, true);
    assert.deepEqual(opened, [false, true]);
  });

  it('RS2 sends objects as JSON and text as it is; what JSON has no words for is told at once, open or not', () => {
    const { wire, socket } = make();
    for (const nonsense of [undefined, () => {}, Symbol('x'), 5n]) {
      assert.throws(() => socket.sendMessage(nonsense), TypeError);
    }
    assert.throws(() => socket.sendMessage('x', { queue: true, maxAgeMs: 0 }), RangeError);
    wire.last.accept();
    assert.equal(socket.sendMessage({ type: 'subscribe', symbols: ['SCOM', 'KCB'] }), true);
    assert.equal(socket.sendMessage('hello'), true);
    assert.deepEqual(wire.last.sentTexts, ['{"type":"subscribe","symbols":["SCOM","KCB"]}', 'hello']);
  });

  it('RS3 reads messages as JSON, keeps the last, and tells everybody until they leave', () => {
    const { wire, messages, socket } = open();
    const others: unknown[] = [];
    const stop = socket.onMessage((message) => others.push(message));
    assert.equal(socket.lastMessage, undefined);
    wire.last.pushText('{"price":17.5}');
    stop();
    wire.last.pushText('[1]');
    assert.deepEqual(messages, [{ price: 17.5 }, [1]]);
    assert.deepEqual(others, [{ price: 17.5 }]);
    assert.deepEqual(socket.lastMessage, [1]);
  });

  it('RS3 a page may read frames in its own way', () => {
    const { wire, messages } = open({ read: (text) => text.toUpperCase() });
    wire.last.pushText('hello');
    assert.deepEqual(messages, ['HELLO']);
  });

  it('RS4 a frame that cannot be read is counted, told once, and harms nothing', () => {
    const { wire, messages, errors, socket } = open();
    wire.last.pushText('{"a":');
    wire.last.pushText('nonsense');
    wire.last.pushBinary();
    wire.last.push({ a: 1 });
    assert.equal(socket.refused, 3);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['refused_message', 'refused_message'],
    );
    assert.deepEqual(messages, [{ a: 1 }]);
    assert.equal(socket.isConnected, true);
  });

  it('RS5 a message that cannot go now is not kept, and says so', () => {
    const { clock, wire, socket } = make();
    assert.equal(socket.sendMessage({ a: 1 }), false);
    wire.last.accept();
    wire.onConnect = (next) => next.accept();
    wire.last.drop();
    assert.equal(socket.sendMessage({ a: 2 }), false);
    assert.equal(socket.pending, 0);
    clock.pass(10_000);
    assert.equal(socket.isConnected, true);
    assert.deepEqual(
      wire.sockets.flatMap(({ sentTexts }) => sentTexts),
      [],
    );
  });

  it('RS6 a message that may wait goes with the next link, in order, after what the page says first', () => {
    const bench: SocketBench = make({ onOpen: () => bench.socket.sendMessage('hello') });
    const { wire, socket } = bench;
    const mutable = { a: 1 };
    assert.equal(socket.sendMessage(mutable, { queue: true }), true);
    mutable.a = 9;
    socket.sendMessage({ a: 2 }, { queue: true });
    assert.equal(socket.pending, 2);
    wire.last.accept();
    assert.deepEqual(wire.last.sentTexts, ['hello', '{"a":1}', '{"a":2}']);
    assert.equal(socket.sendMessage({ a: 3 }, { queue: true }), true);
    assert.equal(wire.last.sentTexts.at(-1), '{"a":3}');
    assert.deepEqual([socket.pending, socket.dropped], [0, 0]);
  });

  it('RS7 of messages with one key only the newest waits', () => {
    const { wire, socket } = make();
    socket.sendMessage('a1', { queue: true, key: 'a' });
    socket.sendMessage('b1', { queue: true, key: 'b' });
    socket.sendMessage('a2', { queue: true, key: 'a' });
    socket.sendMessage('x', { queue: true });
    socket.sendMessage('x', { queue: true });
    wire.last.accept();
    assert.deepEqual(wire.last.sentTexts, ['b1', 'a2', 'x', 'x']);
    assert.equal(socket.dropped, 0);
  });

  it('RS8 a message that waited too long is dropped and counted, by the clock, also one that was set back', () => {
    const { clock, wire, socket } = make();
    socket.sendMessage('old', { queue: true });
    socket.sendMessage('patient', { queue: true, maxAgeMs: Infinity });
    clock.sleep(29_999);
    assert.equal(socket.pending, 2);
    clock.sleep(1);
    socket.sendMessage('young', { queue: true, maxAgeMs: 5_000 });
    assert.deepEqual([socket.pending, socket.dropped], [2, 1]);
    clock.set(-3_600_000);
    wire.last.accept();
    assert.deepEqual(wire.last.sentTexts, ['patient']);
    assert.equal(socket.dropped, 2);
  });

  it('RS9 what waits is bounded: one too many drops the oldest and counts it', () => {
    const { wire, socket } = make({ queueSize: 3 });
    for (let i = 1; i <= 5; i += 1) socket.sendMessage(`m${i}`, { queue: true });
    assert.deepEqual([socket.pending, socket.dropped], [3, 2]);
    wire.last.accept();
    assert.deepEqual(wire.last.sentTexts, ['m3', 'm4', 'm5']);
  });

  it('RS10 what was handed to a link is never sent again on another', () => {
    const { clock, wire, socket } = open();
    socket.sendMessage('plain');
    socket.sendMessage('waiting', { queue: true });
    const [first] = wire.sockets;
    wire.last.drop();
    socket.sendMessage('late', { queue: true });
    clock.pass(10_000);
    assert.deepEqual(first?.sentTexts, ['plain', 'waiting']);
    wire.last.drop();
    clock.pass(10_000);
    assert.deepEqual(
      wire.sockets.map(({ sentTexts }) => sentTexts),
      [['plain', 'waiting'], ['late'], []],
    );
  });

  it('RS11 a link that takes nothing for a while gets what waits when it takes again', () => {
    const { wire, socket } = open();
    wire.last.isStuck = true;
    assert.equal(socket.sendMessage('now'), false);
    assert.equal(socket.sendMessage('first', { queue: true }), true);
    assert.equal(socket.pending, 1);
    wire.last.isStuck = false;
    socket.sendMessage('second', { queue: true });
    assert.deepEqual(wire.last.sentTexts, ['first', 'second']);
    wire.last.isStuck = true;
    socket.sendMessage('third', { queue: true });
    wire.last.isStuck = false;
    wire.last.push({ any: 'frame' });
    assert.deepEqual(wire.last.sentTexts, ['first', 'second', 'third']);
  });

  it('RS12 after disconnect nothing is left and nothing waits, until reconnect starts anew', () => {
    for (const bench of [make(), open()]) {
      const { clock, wire, wake, socket } = bench;
      wire.onConnect = undefined;
      if (socket.isConnected) wire.last.drop();
      socket.sendMessage('waiting', { queue: true });
      socket.disconnect();
      socket.disconnect();
      assert.equal(socket.state, 'closed');
      assert.deepEqual([clock.size, wake.size, wire.alive], [0, 0, 0]);
      assert.equal(socket.sendMessage('later', { queue: true }), false);
      assert.deepEqual([socket.pending, socket.dropped], [0, 1]);
      const before = wire.sockets.length;
      wake.send('online');
      clock.pass(600_000);
      assert.equal(wire.sockets.length, before);
      wire.onConnect = (next) => next.accept();
      socket.reconnect();
      assert.equal(wire.sockets.length, before + 1);
      assert.equal(socket.isConnected, true);
      assert.deepEqual(wire.last.sentTexts, []);
    }
  });

  it('RS12 a page that ends it from within any of its own functions is obeyed', () => {
    for (const when of ['connecting', 'open', 'reconnecting', 'onOpen', 'onMessage']) {
      let opened = 0;
      const bench: SocketBench = make({
        onStatus: ({ state }) => state === when && bench.socket.disconnect(),
        onOpen: () => {
          opened += 1;
          if (when === 'onOpen') bench.socket.disconnect();
        },
        onMessage: () => when === 'onMessage' && bench.socket.disconnect(),
      });
      const { clock, wire, wake, socket } = bench;
      wire.onConnect = (next) => next.accept();
      if (when === 'connecting') {
        socket.disconnect();
        socket.reconnect();
      } else wire.last.accept();
      wire.last.push({ a: 1 });
      wire.last.drop();
      clock.pass(60_000);
      assert.equal(socket.state, 'closed', when);
      assert.deepEqual([clock.size, wake.size, wire.alive], [0, 0, 0], when);
      assert.equal(wire.last.isOpen, false, when);
      assert.equal(opened, when === 'connecting' || when === 'open' ? 0 : 1, when);
    }
  });

  it("RS13 the guide's figures: about three seconds, ten tries, then offline with slow tries for ever", () => {
    const { clock, wire, socket } = make({ reconnectAttempts: 10, reconnectInterval: 3_000 });
    wire.last.drop();
    const first = socket.status.retryAt - clock.now();
    assert.ok(first >= 2_000 && first <= 6_000, String(first));
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      assert.deepEqual([socket.state, socket.status.attempt, socket.status.maxAttempts], ['reconnecting', attempt, 10]);
      const wait = socket.status.retryAt - clock.now();
      waits.push(wait);
      clock.pass(wait + 1);
      assert.deepEqual([socket.state, socket.status.retryAt], ['connecting', 0]);
      wire.last.drop();
    }
    assert.ok(Math.max(...waits) <= 30_000);
    assert.ok(new Set(waits).size > 8, 'each wait is drawn anew');
    for (let slow = 0; slow < 20; slow += 1) {
      assert.equal(socket.state, 'offline');
      const wait = socket.status.retryAt - clock.now();
      assert.ok(wait >= 40_000 && wait <= 80_000, String(wait));
      clock.pass(wait + 1);
      assert.deepEqual([socket.state, socket.status.retryAt], ['offline', 0]);
      wire.last.drop();
    }
    assert.equal(wire.sockets.length, 31);
  });

  it('RS14 failures are forgotten when a link has held for ten seconds, not when it opens', () => {
    const { clock, wire, socket } = open();
    for (let i = 1; i <= 4; i += 1) {
      wire.last.drop();
      assert.equal(socket.status.attempt, i);
      clock.pass(socket.status.retryAt - clock.now() + 1);
      assert.equal(socket.isConnected, true);
      clock.pass(9_000);
    }
    clock.pass(1_000);
    wire.last.drop();
    assert.equal(socket.status.attempt, 1);
  });

  it('RS15 the status is a new object with each change, told once, to everybody until they leave', () => {
    const { clock, wire, statuses, socket } = make();
    const others: string[] = [];
    const stop = socket.observe(({ state }) => others.push(state));
    wire.last.accept();
    stop();
    wire.last.drop(1011, 'broken');
    assert.deepEqual(others, ['open']);
    assert.deepEqual(
      statuses.map(({ state }) => state),
      ['open', 'reconnecting'],
    );
    assert.equal(statuses.at(-1), socket.status);
    assert.deepEqual(socket.status, {
      state: 'reconnecting',
      attempt: 1,
      maxAttempts: 10,
      retryAt: socket.status.retryAt,
      closeCode: 1011,
      closeReason: 'broken',
    });
    assert.ok(socket.status.retryAt > clock.now());
    assert.equal(socket.now(), clock.now());
  });

  it('RS16 close codes mean what the protocol says: final, not before ten seconds, or tried again', () => {
    for (const code of [4403, 4409]) {
      const { clock, wire, wake, errors, socket } = open();
      socket.sendMessage('x', { queue: true });
      wire.last.drop(code);
      assert.equal(socket.state, 'closed');
      assert.equal(socket.status.closeCode, code);
      assert.equal(errors[0]?.code, 'closed_by_server');
      assert.deepEqual([clock.size, wake.size], [0, 0]);
      assert.equal(socket.sendMessage('x', { queue: true }), false);
    }
    for (const code of [1008, 4429]) {
      const { clock, wire, wake } = open();
      wire.last.drop(code);
      clock.pass(5_000);
      wake.send('online');
      clock.pass(4_999);
      assert.equal(wire.sockets.length, 1);
      clock.pass(1);
      assert.equal(wire.sockets.length, 2);
    }
    for (const code of [1000, 1001, 1006, 1011, 1012, 1013, 4408, 4999]) {
      const { clock, wire } = open();
      wire.last.drop(code);
      clock.pass(2_000);
      assert.equal(wire.sockets.length, 2, String(code));
    }
    const twice = open();
    twice.wire.last.drop(4401);
    assert.equal(twice.socket.state, 'reconnecting');
    twice.clock.pass(2_000);
    twice.wire.last.drop(4401);
    assert.equal(twice.socket.state, 'closed');
  });

  it('RS16 a server may have codes of its own', () => {
    const closeAdvice = (code: number) => (code === 4001 ? { message: 'Gone.', finalAfter: 1 } : undefined);
    const own = open({ closeAdvice });
    own.wire.last.drop(4403);
    assert.equal(own.socket.state, 'reconnecting');
    own.clock.pass(2_000);
    own.wire.last.drop(4001);
    assert.equal(own.socket.state, 'closed');
  });

  it('RS17 a heartbeat goes out each interval, the first an interval after opening; its answers are no messages', () => {
    const { clock, wire, messages, socket } = open();
    answerPings(wire.last);
    clock.pass(29_999);
    assert.deepEqual(wire.last.sentTexts, []);
    clock.pass(1);
    assert.deepEqual(wire.last.sentTexts, [PING]);
    clock.pass(270_000);
    assert.equal(pings(wire.last), 10);
    assert.equal(wire.sockets.length, 1);
    assert.deepEqual([messages, socket.lastMessage], [[], undefined]);
  });

  it('RS17 what a heartbeat says, and what answers it, is for the page to choose', () => {
    let beat = 0;
    const { clock, wire, messages } = open({
      heartbeatInterval: 5_000,
      heartbeatMessage: () => `beat ${(beat += 1)}`,
      isHeartbeatAnswer: (message) => message === 1,
    });
    clock.pass(5_000);
    wire.last.pushText('1');
    clock.pass(5_000);
    wire.last.pushText('{"type":"pong"}');
    assert.deepEqual(wire.last.sentTexts, ['beat 1', 'beat 2']);
    assert.deepEqual(messages, [{ type: 'pong' }]);
  });

  it('RS18 a link on which two heartbeats go unanswered is dropped and made anew; any frame is an answer', () => {
    const { clock, wire, socket } = open({ heartbeatInterval: 5_000 });
    for (let i = 0; i < 20; i += 1) {
      clock.pass(5_000);
      wire.last.push({ price: i });
    }
    assert.equal(wire.sockets.length, 1);
    clock.pass(14_999);
    assert.equal(socket.isConnected, true);
    clock.pass(1);
    assert.equal(wire.sockets[0]?.isClosed, true);
    assert.equal(socket.state, 'reconnecting');
    assert.equal(socket.status.closeReason, 'The server went silent.');
    clock.pass(5_000);
    assert.equal(wire.sockets.length, 2);
    assert.equal(socket.isConnected, true);
  });

  it('RS19 the heartbeat is judged by the clock: slow timers drop nothing, after a sleep it asks first', () => {
    const { clock, wire } = open({ heartbeatInterval: 5_000 });
    answerPings(wire.last);
    for (let minute = 0; minute < 60; minute += 1) {
      clock.sleep(59_999);
      clock.pass(1);
    }
    assert.equal(wire.sockets.length, 1);
    wire.last.onSent = undefined;
    clock.pass(5_000);
    clock.sleep(600_000);
    const before = pings(wire.last);
    clock.pass(1);
    assert.equal(wire.sockets[0]?.isClosed, false, 'asked, not dropped');
    assert.equal(pings(wire.last), before + 1);
    clock.pass(3_000);
    assert.equal(wire.sockets[0]?.isClosed, true);
  });

  it('RS19 a clock that is set back hides no dead link, and makes no wait endless', () => {
    const { clock, wire, wake } = open({ heartbeatInterval: 5_000 });
    clock.pass(5_000);
    clock.set(-3_600_000);
    clock.pass(20_000);
    assert.equal(wire.sockets.length, 2);
    wire.onConnect = undefined;
    wire.last.drop();
    clock.set(-3_600_000);
    wake.send('online');
    clock.pass(1_000);
    assert.equal(wire.sockets.length, 3);
  });

  it('RS20 without heartbeats nobody is asked, and an open link that has proved itself needs no timer', () => {
    const { clock, wire, wake } = open({ heartbeatInterval: Infinity });
    clock.pass(3_600_000);
    wake.send('visible');
    clock.pass(3_600_000);
    assert.equal(clock.size, 0);
    assert.equal(wire.sockets.length, 1);
    assert.deepEqual(wire.last.sentTexts, []);
  });

  it('RS21 waking tries at once, at most once a second; an open link is only asked whether it is alive', () => {
    const { clock, wire, wake, socket } = make();
    wire.onConnect = (next) => next.drop();
    wire.last.drop();
    clock.pass(20_000);
    const before = wire.sockets.length;
    clock.pass(1_000);
    wake.send('online');
    assert.equal(wire.sockets.length, before + 1);
    for (let flap = 0; flap < 20; flap += 1) {
      wake.send('offline');
      wake.send('online');
      wake.send('visible');
      clock.pass(50);
    }
    assert.ok(wire.sockets.length - before <= 2, `${wire.sockets.length - before} tries in a second`);
    wire.onConnect = (next) => {
      answerPings(next);
      next.accept();
    };
    clock.pass(1_000);
    wake.send('online');
    assert.equal(socket.isConnected, true);
    const opened = wire.sockets.length;
    for (const event of ['hidden', 'visible', 'offline', 'online'] as const) wake.send(event);
    assert.equal(pings(wire.last), 3);
    wire.last.onSent = undefined;
    wake.send('visible');
    clock.pass(2_000);
    wake.send('visible');
    assert.equal(pings(wire.last), 4, 'asked already');
    clock.pass(1_000);
    assert.equal(wire.sockets[opened - 1]?.isClosed, true, 'dropped when nobody answers within three seconds');
  });

  it('RS22 a page that is put away closes its link, and comes back when the page does', () => {
    const { clock, wire, wake, socket } = open();
    socket.sendMessage('x');
    clock.pass(60);
    wake.send('suspend');
    assert.deepEqual([wire.alive, clock.size, socket.state], [0, 0, 'reconnecting']);
    clock.pass(600_000);
    assert.equal(wire.sockets.length, 1);
    wake.send('resume');
    assert.equal(socket.isConnected, true);
    wake.send('suspend');
    wake.send('resume');
    assert.equal(socket.isConnected, false, 'too soon after the last try');
    clock.pass(1_000);
    assert.equal(socket.isConnected, true);
    assert.equal(wire.alive, 1);
  });

  it('RS23 a function of the page that throws is told once and harms nobody else', () => {
    const heard: unknown[] = [];
    const { clock, wire, errors, socket } = open({
      heartbeatInterval: 5_000,
      heartbeatMessage: () => {
        throw new Error('no beat');
      },
    });
    socket.onMessage(() => {
      throw new Error('no ear');
    });
    socket.onMessage((message) => heard.push(message));
    wire.last.push({ a: 1 });
    wire.last.push({ a: 2 });
    for (let i = 0; i < 10; i += 1) {
      clock.pass(5_000);
      wire.last.push({ i });
    }
    assert.equal(heard.length, 12);
    assert.deepEqual(
      errors.map(({ code, cause }) => [code, (cause as Error).message]),
      [
        ['listener_threw', 'no ear'],
        ['listener_threw', 'no beat'],
      ],
    );
  });

  it('RS24 options that make no sense are thrown; an address that means nothing is told and closes', () => {
    const wrong =
      (options: object): (() => unknown) =>
      () =>
        make(options);
    for (const name of ['heartbeatInterval', 'reconnectInterval', 'reconnectAttempts', 'queueSize']) {
      for (const value of [-1, Number.NaN, '5']) assert.throws(wrong({ [name]: value }), RangeError, name);
    }
    assert.throws(wrong({ url: 5 }), TypeError);
    assert.throws(wrong({ heartbeatMessage: Symbol('x') }), TypeError);
    for (const url of ['gopher://nowhere', '', '/path/without/a/page']) {
      const { clock, wake, errors, socket } = make({ url, transport: undefined });
      assert.equal(socket.state, 'closed');
      assert.deepEqual(
        errors.map(({ code }) => code),
        ['bad_address'],
      );
      assert.deepEqual([clock.size, wake.size], [0, 0]);
    }
  });

  it('RS24 two tries that never opened are told once', () => {
    const { clock, wire, errors } = make();
    wire.onConnect = (next) => next.drop();
    wire.last.drop();
    clock.pass(600_000);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['unreachable'],
    );
  });

  it('RS25 an address may be made anew for each try, and an old link is not heard any more', () => {
    const urls: string[] = [];
    let tries = 0;
    const { wire, messages, socket } = make({ url: () => `ws://fake/?token=${(tries += 1)}` });
    const transport = wire.transport;
    const late: (() => void)[] = [];
    const own = new ReconnectingSocket({
      url: () => `ws://fake/?token=${(tries += 1)}`,
      clock: new FakeClock(),
      wake: new FakeWake().source,
      onMessage: (message) => messages.push(message),
      onError: () => {},
      transport: (src, events, clock) => {
        urls.push(src);
        late.push(
          () => events.onOpen(),
          () => events.onMessage('"late"'),
          () => events.onRefused('binary'),
          () => events.onUnusable(new Error('late')),
          () => events.onClose(4403, 'late'),
        );
        return transport(src, events, clock);
      },
    });
    wire.last.accept();
    own.reconnect();
    wire.last.accept();
    for (const event of late.slice(0, 5)) event();
    assert.deepEqual(urls, ['ws://fake/?token=2', 'ws://fake/?token=3']);
    assert.equal(own.isConnected, true);
    assert.deepEqual([own.refused, messages], [0, []]);
    socket.disconnect();
    own.disconnect();
  });
});
