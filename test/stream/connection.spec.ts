import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeBench, row, serveGuide, serveTouchline, snapshot, welcome } from '../support/fake-server.js';

describe('the connection', () => {
  it('ST1 nothing happens before the first subscription or connect', () => {
    const { clock, wire, stream } = makeBench();
    clock.pass(60_000);
    assert.equal(wire.sockets.length, 0);
    assert.equal(clock.made, 0);
    assert.equal(stream.state, 'idle');
  });

  it('ST2 says hello, then ping, and takes the welcome for protocol 1', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    assert.deepEqual(
      bench.wire.last.sent.map(({ type }) => type),
      ['hello', 'ping'],
    );
    assert.equal(bench.stream.state, 'open');
    assert.equal(bench.stream.status.dialect, 'touchline');
    assert.deepEqual(bench.stream.features?.includes('orders'), true);
  });

  it('ST3 a pong without a welcome is the guide at once', () => {
    const bench = makeBench();
    serveGuide(bench);
    bench.stream.connect();
    assert.equal(bench.stream.state, 'open');
    assert.equal(bench.stream.status.dialect, 'guide');
  });

  it('ST3 no answer for two seconds is the guide too, and a late welcome still counts', () => {
    const { clock, wire, stream } = makeBench();
    wire.onConnect = (socket) => socket.accept();
    stream.subscribe(['SCOM'], () => {});
    clock.pass(1_999);
    assert.equal(stream.state, 'connecting');
    clock.pass(1);
    assert.equal(stream.status.dialect, 'guide');
    assert.deepEqual(wire.last.got('subscribe').at(-1), { type: 'subscribe', symbols: ['SCOM'] });
    wire.last.push(welcome());
    assert.equal(stream.status.dialect, 'touchline');
    assert.deepEqual(wire.last.got('subscribe').at(-1)?.channels, ['ticker', 'book']);
  });

  it('ST4 waits grow between a floor and a doubling ceiling, with jitter, up to 30 s', () => {
    const { clock, wire, stream } = makeBench({ reconnectAttempts: Infinity });
    wire.onConnect = (socket) => socket.drop();
    stream.connect();
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const { state, retryAt } = stream.status;
      const wait = retryAt - clock.now();
      const ceiling = Math.min(30_000, 1_000 * 2 ** attempt);
      assert.equal(state, 'reconnecting');
      assert.equal(stream.status.attempt, attempt);
      assert.ok(wait >= ceiling / 3 - 1e-6 && wait <= ceiling, `try ${attempt} waits ${wait} ms`);
      clock.pass(Math.ceil(wait));
    }
    assert.equal(wire.sockets.length, 9);
  });

  it('ST5 after the quick tries it is offline, and tries on about once a minute', () => {
    const { clock, wire, stream } = makeBench({ reconnectAttempts: 3 });
    wire.onConnect = (socket) => socket.drop();
    stream.connect();
    clock.pass(60_000);
    assert.equal(stream.state, 'offline');
    const tries = wire.sockets.length;
    clock.pass(600_000);
    assert.ok(wire.sockets.length - tries >= 7 && wire.sockets.length - tries <= 15);
    assert.equal(stream.state, 'offline');
    assert.ok(stream.status.retryAt > clock.now());
  });

  it('ST6 a server that accepts and hangs up with 1011 is met with growing waits', () => {
    const { clock, wire, stream } = makeBench({ reconnectAttempts: 5 });
    wire.onConnect = (socket) => {
      socket.accept();
      clock.setTimer(() => socket.drop(1011), 500);
    };
    stream.connect();
    clock.pass(60_000);
    assert.ok(wire.sockets.length <= 9, `${wire.sockets.length} tries in a minute`);
    assert.ok(stream.status.attempt >= 4);
  });

  it('ST6 also when it says welcome first', () => {
    const bench = makeBench({ reconnectAttempts: 5 });
    serveTouchline(bench);
    const serve = bench.wire.onConnect;
    bench.wire.onConnect = (socket) => {
      serve?.(socket);
      bench.clock.setTimer(() => socket.drop(1011), 2_000);
    };
    bench.stream.connect();
    bench.clock.pass(60_000);
    assert.ok(bench.wire.sockets.length <= 9, `${bench.wire.sockets.length} tries in a minute`);
  });

  it('ST7 ten seconds after it has spoken a link is good and its failures are forgotten', () => {
    const bench = makeBench();
    serveTouchline(bench);
    const serve = bench.wire.onConnect;
    bench.wire.onConnect = (socket) => socket.drop();
    bench.stream.connect();
    bench.clock.pass(10_000);
    bench.wire.onConnect = serve;
    bench.clock.pass(30_000);
    assert.equal(bench.stream.state, 'open');
    bench.clock.pass(10_000);
    bench.wire.onConnect = undefined;
    bench.wire.last.drop();
    assert.equal(bench.stream.status.attempt, 1);
  });

  it('ST8 a link that falls silent is dropped, and got back within limit + 5 s', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(60_000);
    assert.equal(bench.wire.sockets.length, 1);
    bench.wire.last.onSent = undefined;
    bench.clock.pass(10_100);
    assert.equal(bench.stream.verdict('SCOM').state, 'stale');
    assert.equal(bench.stream.verdict('SCOM').reason, 'heartbeat_missed');
    bench.clock.pass(8_000);
    assert.equal(bench.wire.sockets.length, 2);
    assert.equal(bench.wire.sockets[0]?.isClosed, true);
    assert.equal(bench.stream.state, 'open');
  });

  it('ST9 timers that run once a minute make no false reconnect', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    for (let minute = 0; minute < 60; minute += 1) {
      bench.clock.sleep(59_999);
      bench.clock.pass(1);
    }
    assert.equal(bench.wire.sockets.length, 1);
  });

  it('ST9 after a sleep it asks first, and gives up soon when nobody answers', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(6_000);
    const [socket] = bench.wire.sockets;
    if (socket === undefined) throw new Error('no socket');
    socket.onSent = undefined;
    bench.clock.pass(5_000);
    bench.clock.sleep(600_000);
    assert.equal(bench.stream.verdict('SCOM').state, 'stale', 'before any timer has run');
    const pings = socket.got('ping').length;
    bench.clock.pass(1);
    assert.equal(bench.wire.sockets.length, 1, 'asked, not dropped');
    assert.equal(socket.got('ping').length, pings + 1);
    bench.clock.pass(3_000);
    assert.equal(socket.isClosed, true);
  });

  it('ST9 after a sleep between two pings nothing looks live until the link has answered', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(6_000);
    assert.equal(bench.stream.verdict('SCOM').state, 'quiet');
    bench.clock.sleep(600_000);
    assert.equal(bench.stream.verdict('SCOM').reason, 'heartbeat_missed');
    bench.clock.pass(1);
    assert.equal(bench.stream.verdict('SCOM').state, 'quiet');
    assert.equal(bench.wire.sockets.length, 1);
  });

  it('ST9 what was on its way during a sleep is no answer: nothing looks live until one comes', () => {
    const bench = makeBench();
    serveGuide(bench);
    bench.stream.subscribe(['STILL'], () => {});
    bench.clock.pass(200);
    const same = row('STILL', 17, bench.clock.now());
    bench.wire.last.push(same);
    bench.clock.pass(4_000);
    const answer = bench.wire.last.onSent;
    bench.wire.last.onSent = undefined;
    bench.clock.pass(2_000);
    bench.clock.sleep(70_000);
    const pings = bench.wire.last.got('ping').length;
    bench.wire.last.push(same, { type: 'pong' }, same);
    assert.equal(bench.wire.last.got('ping').length, pings + 1, 'asked at once');
    assert.equal(bench.stream.verdict('STILL').reason, 'heartbeat_missed');
    // Back by an hour: the answer comes all the same.
    bench.clock.set(-3_600_000);
    bench.wire.last.onSent = answer;
    for (let i = 0; i < 3; i += 1) {
      bench.wire.last.push(same);
      bench.clock.pass(2_500);
    }
    bench.wire.last.push(same);
    assert.equal(bench.stream.verdict('STILL').reason, 'ok');
    assert.equal(bench.wire.sockets.length, 1);
  });

  it('ST10 the page coming back tries at once, but at most once a second', () => {
    const { clock, wire, wake, stream } = makeBench();
    wire.onConnect = (socket) => socket.drop();
    stream.connect();
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
    assert.ok(wire.sockets.length - before <= 3, `${wire.sockets.length - before} tries in a second`);
  });

  it('ST10 waking with an open link only asks whether it is alive', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    bench.clock.pass(6_000);
    const pings = bench.wire.last.got('ping').length;
    bench.wake.send('visible');
    assert.equal(bench.wire.sockets.length, 1);
    assert.equal(bench.wire.last.got('ping').length, pings + 1);
    bench.wire.last.onSent = undefined;
    bench.wake.send('online');
    bench.clock.pass(3_100);
    assert.equal(bench.wire.sockets[0]?.isClosed, true);
  });

  it('ST11 a page that is put away closes, makes no try, and comes back when it is back', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(5_000);
    bench.wake.send('suspend');
    assert.equal(bench.wire.alive, 0);
    bench.clock.pass(600_000);
    assert.equal(bench.wire.sockets.length, 1);
    bench.wake.send('resume');
    assert.equal(bench.stream.state, 'open');
    assert.deepEqual(bench.wire.last.got('subscribe')[0]?.symbols, ['SCOM']);
  });

  for (const [code, expected] of [
    [1000, 'reconnecting'],
    [1001, 'reconnecting'],
    [1003, 'reconnecting'],
    [1006, 'reconnecting'],
    [1007, 'reconnecting'],
    [1008, 'reconnecting'],
    [1009, 'reconnecting'],
    [1011, 'reconnecting'],
    [1012, 'reconnecting'],
    [1013, 'reconnecting'],
    [1014, 'reconnecting'],
    [3000, 'reconnecting'],
    [4000, 'reconnecting'],
    [4400, 'reconnecting'],
    [4401, 'reconnecting'],
    [4403, 'closed'],
    [4408, 'reconnecting'],
    [4409, 'closed'],
    [4429, 'reconnecting'],
    [4999, 'reconnecting'],
  ] as const) {
    it(`ST12 close code ${code} leads to ${expected}`, () => {
      const bench = makeBench();
      serveTouchline(bench);
      bench.stream.connect();
      bench.clock.pass(20_000);
      bench.wire.onConnect = undefined;
      bench.wire.last.drop(code);
      assert.equal(bench.stream.state, expected);
      assert.equal(bench.stream.status.closeCode, code);
      bench.clock.pass(40_000);
      assert.equal(bench.wire.sockets.length > 1, expected === 'reconnecting');
      if (code === 1008 || code === 4429) assert.ok(bench.errors.length > 0);
    });
  }

  it('ST12 4401 is final the second time, 4429 waits at least ten seconds, wake or not', () => {
    const first = makeBench();
    first.wire.onConnect = (socket) => {
      socket.accept();
      socket.drop(4401);
    };
    first.stream.connect();
    first.clock.pass(60_000);
    assert.equal(first.wire.sockets.length, 2);
    assert.equal(first.stream.state, 'closed');
    assert.equal(first.stream.status.reason, 'refused');

    const second = makeBench();
    serveTouchline(second);
    second.stream.connect();
    second.clock.pass(1_500);
    second.wire.last.drop(4429);
    second.clock.pass(2_000);
    second.wake.send('visible');
    second.clock.pass(7_900);
    assert.equal(second.wire.sockets.length, 1);
    second.clock.pass(30_000);
    assert.equal(second.wire.sockets.length, 2);
  });

  it('ST13 a restart that was announced is come back from within its own window', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    bench.clock.pass(20_000);
    bench.wire.last.push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [5_000, 8_000] } });
    bench.wire.last.drop(1012);
    const { reason, retryAt } = bench.stream.status;
    assert.equal(reason, 'going_away');
    assert.ok(retryAt - bench.clock.now() >= 5_000 && retryAt - bench.clock.now() <= 8_000);
  });

  it('ST14 an address that means nothing is told once and never thrown', () => {
    const bench = makeBench({ src: 'gopher://x', transport: undefined });
    bench.stream.subscribe(['SCOM'], () => {});
    assert.equal(bench.stream.state, 'closed');
    assert.equal(bench.stream.status.reason, 'bad_address');
    bench.clock.pass(60_000);
    assert.deepEqual(
      bench.errors.map(({ code }) => code),
      ['bad_address'],
    );
    assert.match(bench.errors[0]?.message ?? '', /gopher/);
  });

  it('ST15 disconnect stays disconnected, reconnect starts anew', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.stream.disconnect();
    assert.equal(bench.wire.alive, 0);
    bench.wake.send('online');
    bench.clock.pass(100_000);
    assert.equal(bench.stream.state, 'closed');
    assert.equal(bench.wire.sockets.length, 1);
    assert.equal(bench.stream.verdict('SCOM').state, 'disconnected');
    bench.stream.reconnect();
    assert.equal(bench.stream.state, 'open');
    bench.stream.reconnect();
    assert.equal(bench.wire.alive, 1);
    assert.equal(bench.wire.sockets.length, 3);
  });

  it('ST16 500 losses leave one socket, one subscription and the same timers', () => {
    const bench = makeBench({ reconnectAttempts: Infinity });
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM', 'KCB'], () => {});
    bench.stream.observe(() => {});
    bench.clock.pass(15_000);
    const timers = bench.clock.size;
    for (let loss = 0; loss < 500; loss += 1) {
      bench.wire.last.drop(1006);
      bench.clock.pass(13_000);
      assert.equal(bench.stream.state, 'open');
    }
    assert.equal(bench.clock.size, timers);
    assert.equal(bench.wire.alive, 1);
    assert.equal(bench.wire.sockets.length, 501);
    assert.equal(bench.wake.size, 1);
    assert.equal(bench.wire.last.got('subscribe').length, 1);
    assert.equal(bench.stream.metrics().reconnects, 500);
  });

  it('ST17 dispose leaves no timer, no listener and no socket, whenever it comes', () => {
    for (const at of [0, 1, 150, 2_500, 30_000]) {
      for (const serve of [serveTouchline, serveGuide, undefined]) {
        const bench = makeBench();
        serve?.(bench);
        const unsubscribe = bench.stream.subscribe(['SCOM'], () => {});
        bench.stream.observe(() => {});
        bench.stream.onPrivate(() => {});
        bench.clock.pass(at);
        const lost = bench.stream.request('order_query', {}).then(
          () => 'answered',
          (error: { code: string }) => error.code,
        );
        bench.stream.dispose();
        unsubscribe();
        bench.stream.connect();
        assert.equal(bench.clock.size, 0);
        assert.equal(bench.wire.alive, 0);
        assert.equal(bench.wake.size, 0);
        void lost;
      }
    }
  });

  it('ST18 a late close of an old socket does not end its successor', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    const [old] = bench.wire.sockets;
    bench.stream.reconnect();
    if (old !== undefined) {
      old.isClosed = false;
      old.drop(1006);
    }
    assert.equal(bench.stream.state, 'open');
    assert.equal(bench.wire.alive, 1);
  });

  it('ST19 a clock that is set back puts no try off', () => {
    const { clock, wire, wake, stream } = makeBench();
    wire.onConnect = (socket) => socket.drop();
    stream.connect();
    clock.set(-3_600_000);
    wake.send('online');
    assert.ok(stream.status.retryAt - clock.now() <= 1_000, `${stream.status.retryAt - clock.now()} ms`);
    clock.pass(1_000);
    assert.equal(wire.sockets.length, 2);
  });

  it('ST19 a clock that is set back hides no dead link', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.connect();
    bench.clock.pass(20_000);
    bench.wire.last.onSent = undefined;
    bench.wire.onConnect = undefined;
    bench.clock.pass(5_500);
    bench.clock.set(-3_600_000);
    bench.clock.pass(20_000);
    assert.equal(bench.wire.sockets[0]?.isClosed, true);
  });

  it('ST20 data of an old link do not look live in the first moment of the next', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(1_000);
    bench.wire.last.push(snapshot('SCOM', 2), row('SCOM', 17.5, 0));
    assert.equal(bench.stream.verdict('SCOM').state, 'live');
    const seen: string[] = [];
    bench.stream.subscribe(['KCB'], () => {}, { book: false });
    bench.clock.pass(200);
    bench.wire.last.push(row('KCB', 33, 0));
    assert.equal(bench.stream.verdict('KCB').state, 'live');
    bench.stream.observe(() => {
      for (const symbol of ['SCOM', 'KCB']) seen.push(`${bench.stream.state} ${bench.stream.verdict(symbol).state}`);
    });
    serveTouchline(bench, { snapshots: false });
    bench.wire.last.drop();
    bench.clock.pass(5_000);
    assert.deepEqual(new Set(seen), new Set(['reconnecting disconnected', 'open resyncing']));
    assert.equal(bench.stream.verdict('SCOM').state, 'resyncing');
    assert.notEqual(bench.stream.book('SCOM'), undefined, 'the last book stays to be looked at');
  });
});
