import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFrameScheduler } from '../../src/stream/frame-scheduler.js';
import { createMarketStream } from '../../src/stream/market-stream-core.js';
import { acquireStream } from '../../src/stream/shared-stream.js';
import { registerTransport, transportFor } from '../../src/stream/transport/resolve.js';
import { createWebSocketTransport, type SocketLike, webSocketAddress } from '../../src/stream/transport/websocket.js';
import { pageWake } from '../../src/stream/wake.js';
import { FakeClock, fakeScheduler, FakeWake } from '../support/fake-clock.js';
import { serveTouchline } from '../support/fake-server.js';
import { FakeWire } from '../support/fake-wire.js';

describe('the frame scheduler', () => {
  it('SB30 many requests are one frame, in order, each once', () => {
    const clock = new FakeClock();
    const frames: (() => void)[] = [];
    const scheduler = createFrameScheduler(() => ({ request: (f) => frames.push(f), cancel: () => {} }), clock);
    const said: string[] = [];
    scheduler.request(() => said.push('a'));
    const cancel = scheduler.request(() => said.push('b'));
    scheduler.request(() => {
      said.push('c');
      scheduler.request(() => said.push('next'));
    });
    cancel();
    assert.equal(frames.length, 1);
    frames[0]?.();
    assert.deepEqual(said, ['a', 'c']);
    frames[1]?.();
    assert.deepEqual(said, ['a', 'c', 'next']);
    assert.equal(clock.size, 0);
  });

  it('SB31 a page without frames is served by a timer after a second', () => {
    const clock = new FakeClock();
    const cancelled: number[] = [];
    const scheduler = createFrameScheduler(() => ({ request: () => 7, cancel: (id) => cancelled.push(id) }), clock);
    let at = 0;
    const start = clock.now();
    scheduler.request(() => (at = clock.now()));
    clock.pass(5_000);
    assert.equal(at - start, 1_000);
    assert.deepEqual(cancelled, [7]);
  });

  it('SB31 where there are no frames at all there are short timers', () => {
    const clock = new FakeClock();
    const scheduler = createFrameScheduler(() => undefined, clock);
    let isCalled = false;
    const cancel = scheduler.request(() => (isCalled = true));
    assert.equal(clock.size, 1);
    cancel();
    assert.equal(clock.size, 0);
    scheduler.request(() => (isCalled = true));
    clock.pass(16);
    assert.equal(isCalled, true);
  });
});

class FakeWebSocket implements SocketLike {
  readyState = 0;
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly calls: unknown[][] = [];
  send(text: string): void {
    this.calls.push(['send', text]);
  }
  close(...values: unknown[]): void {
    this.calls.push(['close', ...values]);
  }
}

describe('the WebSocket transport', () => {
  const make = () => {
    const clock = new FakeClock();
    const socket = new FakeWebSocket();
    const said: unknown[][] = [];
    const urls: string[] = [];
    const makeSocket = (url: string): SocketLike => {
      urls.push(url);
      return socket;
    };
    const note =
      (name: string) =>
      (...values: unknown[]) =>
        void said.push([name, ...values]);
    const events = {
      onOpen: note('open'),
      onMessage: note('message'),
      onRefused: note('refused'),
      onClose: note('close'),
      onUnusable: note('unusable'),
    };
    const transport = createWebSocketTransport({ makeSocket })('ws://h/ws/market/', events, clock);
    const fire = (name: 'onopen' | 'onmessage' | 'onclose', event: object = {}) => socket[name]?.(event as never);
    return { clock, socket, said, urls, transport, fire };
  };

  it('ST40 a connection that hangs is given up after ten seconds, and its late events are not heard', () => {
    const { clock, socket, said, transport, fire } = make();
    transport.open();
    const { onopen } = socket;
    clock.pass(10_000);
    assert.deepEqual(said, [['close', 1006, 'The connection took too long to open.']]);
    assert.deepEqual(socket.calls, [['close']]);
    fire('onopen');
    assert.notEqual(onopen, socket.onopen);
    assert.equal(said.length, 1);
    assert.equal(clock.size, 0);
  });

  it('ST41 closing aborts a socket that still connects, and nothing comes after', () => {
    const { clock, socket, said, transport, fire } = make();
    transport.open();
    transport.close(1000, 'bye');
    transport.close(1000);
    assert.deepEqual(socket.calls, [['close', 1000, 'bye']]);
    fire('onclose', { code: 1006, reason: '' });
    assert.deepEqual(said, []);
    assert.equal(clock.size, 0);
  });

  it('ST42 text arrives; what is binary or too large is refused unread', () => {
    const { said, transport, fire } = make();
    transport.open();
    fire('onopen');
    fire('onmessage', { data: 'hi' });
    fire('onmessage', { data: new ArrayBuffer(5) });
    fire('onmessage', { data: 'x'.repeat(8 * 1024 * 1024 + 1) });
    assert.deepEqual(said, [
      ['open'],
      ['message', 'hi'],
      ['refused', 'binary', undefined],
      ['refused', 'too_large', 8 * 1024 * 1024 + 1],
    ]);
  });

  it('ST43 sends when it is open and not stuck, else says so', () => {
    const { socket, transport } = make();
    assert.equal(transport.send('a'), false);
    transport.open();
    assert.equal(transport.send('a'), false);
    socket.readyState = 1;
    assert.equal(transport.send('b'), true);
    socket.bufferedAmount = 1e6;
    assert.equal(transport.send('c'), false);
    assert.deepEqual(socket.calls, [['send', 'b']]);
  });

  it('ST44 an address may be full, of the page, or wrong', () => {
    const page = 'https://trade.example/desk/#top';
    assert.equal(webSocketAddress('/ws/market/', page), 'wss://trade.example/ws/market/');
    assert.equal(webSocketAddress('http://h:1/x', page), 'ws://h:1/x');
    assert.equal(webSocketAddress('wss://h/x?y=1#z', page), 'wss://h/x?y=1');
    for (const bad of ['', '   ', 'ftp://h', 'javascript:alert(1)', 'ws://']) {
      assert.throws(() => webSocketAddress(bad, page), TypeError, bad);
    }
    assert.throws(() => webSocketAddress('/ws/market/'), TypeError);
  });

  it('ST45 a registered scheme is loaded when it is first used; code that is not fetched is a lost network, code that refuses is final', async () => {
    const clock = new FakeClock();
    const said: unknown[][] = [];
    const events = {
      onOpen: () => void said.push(['open']),
      onMessage: () => {},
      onRefused: () => {},
      onClose: (code: number) => void said.push(['close', code]),
      onUnusable: (error: unknown) => void said.push(['unusable', String(error)]),
    };
    let loads = 0;
    registerTransport('here:', async () => {
      loads += 1;
      return (_src, inner) => ({ open: () => inner.onOpen(), close: () => {}, send: () => true });
    });
    registerTransport('gone:', () => Promise.reject(new TypeError('404')));
    registerTransport('absent:', () => Promise.reject(new Error('not in this build')));
    assert.equal(loads, 0);
    const here = transportFor('here:?x')('here:?x', events, clock);
    assert.equal(here.send('early'), false);
    here.open();
    const closed = transportFor('here:')('here:', events, clock);
    closed.open();
    closed.close();
    transportFor('gone:')('gone:', events, clock).open();
    transportFor('absent:')('absent:', events, clock).open();
    await new Promise(setImmediate);
    assert.deepEqual(said, [['open'], ['close', 1006], ['unusable', 'Error: not in this build']]);
    assert.throws(() => registerTransport('Bad', () => Promise.reject(new Error())), TypeError);
  });
});

describe('the page’s own events', () => {
  it('ST46 are heard on the global object, told in our words, and unheard when undone', () => {
    const target = new EventTarget();
    const page = globalThis as unknown as Record<string, unknown>;
    page['addEventListener'] = target.addEventListener.bind(target);
    page['removeEventListener'] = target.removeEventListener.bind(target);
    try {
      const said: string[] = [];
      const undo = pageWake((event) => said.push(event));
      const send = (type: string): void => void target.dispatchEvent(new Event(type));
      for (const type of ['online', 'offline', 'pagehide', 'pageshow', 'freeze', 'resume', 'visibilitychange', 'click'])
        send(type);
      (target as { visibilityState?: string }).visibilityState = 'hidden';
      send('visibilitychange');
      assert.deepEqual(said, ['online', 'offline', 'suspend', 'resume', 'suspend', 'resume', 'visible', 'hidden']);
      undo();
      send('online');
      assert.equal(said.length, 8);
    } finally {
      delete page['addEventListener'];
      delete page['removeEventListener'];
    }
    assert.doesNotThrow(
      pageWake(() => {}),
      'where there is no page',
    );
  });
});

describe('the shared stream', () => {
  const make = () => {
    const clock = new FakeClock();
    const wire = new FakeWire();
    serveTouchline({ wire, clock });
    const options = (src: string) => ({
      src,
      clock,
      transport: wire.transport,
      scheduler: fakeScheduler(clock),
      wake: new FakeWake().source,
    });
    return { clock, wire, options };
  };

  it('ST50 one address is one stream and one socket, until the last lease is given back', () => {
    const { clock, wire, options } = make();
    const leases = Array.from({ length: 5 }, () => acquireStream(options('ws://one/')));
    const other = acquireStream(options('ws://one/#same'));
    assert.equal(new Set([...leases, other].map(({ stream }) => stream)).size, 1);
    assert.equal(wire.sockets.length, 1);
    for (const lease of leases) lease.release();
    clock.pass(1_000);
    assert.equal(wire.alive, 1);
    other.release();
    other.release();
    clock.pass(1_000);
    assert.equal(wire.alive, 0);
    assert.equal(clock.size, 0);
    const anew = acquireStream(options('ws://one/'));
    assert.equal(wire.alive, 1);
    anew.release();
    clock.pass(1);
  });

  it('ST51 a lease that is taken in the task in which the last one went keeps the stream', () => {
    const { clock, wire, options } = make();
    const first = acquireStream(options('ws://two/'));
    first.release();
    const second = acquireStream(options('ws://two/'));
    clock.pass(1_000);
    assert.equal(second.stream, first.stream);
    assert.deepEqual([wire.sockets.length, wire.alive], [1, 1]);
    second.release();
    clock.pass(1);
    assert.equal(wire.alive, 0);
  });

  it('ST52 a later lease may change the settings; errors go to every lease that listens', () => {
    const { clock, wire, options } = make();
    const said: string[] = [];
    const first = acquireStream({ ...options('ws://three/'), onError: () => said.push('first') });
    const second = acquireStream({
      ...options('ws://three/'),
      reconnectAttempts: 3,
      onError: () => said.push('second'),
    });
    wire.last.push(5);
    assert.deepEqual(said, ['first', 'second']);
    wire.onConnect = undefined;
    wire.last.drop();
    assert.equal(first.stream.status.maxAttempts, 3);
    first.release();
    second.release();
    clock.pass(1);
  });

  it('ST54 another copy of the kit on the page finds the same stream', async () => {
    const { clock, wire, options } = make();
    const copy = (await import(new URL('../../src/stream/shared-stream.ts?copy', import.meta.url).href)) as {
      acquireStream: typeof acquireStream;
    };
    assert.notEqual(copy.acquireStream, acquireStream);
    const ours = acquireStream(options('ws://five/'));
    const theirs = copy.acquireStream(options('ws://five/'));
    assert.equal(theirs.stream, ours.stream);
    assert.equal(wire.sockets.length, 1);
    ours.release();
    clock.pass(1_000);
    assert.equal(wire.alive, 1);
    theirs.release();
    clock.pass(1);
    assert.equal(wire.alive, 0);
  });

  it('SB32 a wish that makes no sense is told to the programmer and never reaches the server', () => {
    const { clock, wire, options } = make();
    const lease = acquireStream(options('ws://six/'));
    for (const depth of [0, -1, 1.5, 1e9, Number.NaN]) {
      assert.throws(() => lease.stream.subscribe(['SCOM'], () => {}, { depth }), RangeError, String(depth));
    }
    assert.throws(() => lease.stream.subscribe(['SCOM'], () => {}, { throttle: Number.NaN }), RangeError);
    clock.pass(1_000);
    assert.deepEqual(wire.last.got('subscribe'), []);
    lease.release();
    clock.pass(1);
  });

  it('ST53 settings that make no sense are told to the programmer', () => {
    assert.throws(() => createMarketStream({ src: 'ws://x/', throttle: -1 }), RangeError);
    assert.throws(() => createMarketStream({ src: 'ws://x/', rateLimit: Number.NaN }), RangeError);
    assert.throws(() => createMarketStream({ src: 5 as unknown as string }), TypeError);
  });
});
