import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RENEW_BEFORE_MS } from '../../src/stream/auth.js';
import { TOKEN_TIMEOUT_MS } from '../../src/stream/auth-token.js';
import { RequestError } from '../../src/stream/market-stream.js';
import { isTradable } from '../../src/stream/verdict.js';
import { createMarketStream } from '../../src/stream/market-stream-core.js';
import { acquireStream } from '../../src/stream/shared-stream.js';
import { makeBench, serveGuide, serveTouchline, snapshot } from '../support/fake-server.js';
import { type LoginBench, type LoginOptions, makeLoginBench, settled } from '../support/login-server.js';

const HOUR = 3_600_000;
const codes = (bench: LoginBench): string[] => bench.errors.map(({ code }) => code);

/** A page with a book, and a login that has been taken. */
const loggedIn = async (options: LoginOptions = {}): Promise<LoginBench> => {
  const bench = makeLoginBench(options);
  bench.stream.subscribe(['SCOM'], () => {});
  await bench.pass(1_000);
  return bench;
};
const whyRefused = async (bench: LoginBench, type = 'account_subscribe'): Promise<unknown> => {
  const asked = bench.stream.request(type, { account: 'A-1' }).catch((error: unknown) => error);
  await settled();
  bench.wire.last.push({ type: 'error', id: 'r1', data: { code: 'x', message: '', fatal: false, retryAfterMs: null } });
  const answer = await asked;
  return answer instanceof RequestError ? answer.code : 'sent';
};

describe('the login', () => {
  it('AU1 a token is asked for at each connect, and goes out after the welcome and before the subscriptions', async () => {
    const bench = makeLoginBench({ greetingMs: 40 });
    bench.stream.subscribe(['SCOM'], () => {});
    await bench.pass(200, 20);
    assert.deepEqual(bench.said(), ['hello', 'auth', 'subscribe']);
    bench.wire.last.drop();
    await bench.pass(5_000, 20);
    assert.deepEqual(bench.said(), ['hello', 'auth', 'subscribe']);
    assert.deepEqual(bench.asked, ['connect', 'connect']);
    assert.deepEqual(bench.tickets, ['secret-1', 'secret-2']);
  });

  it('AU2 market data go on while a login is asked for, hangs, fails or is refused', async () => {
    const never = new Promise<string>(() => {});
    for (const [provide, judge] of [
      [() => never, 'ok'],
      [() => Promise.reject(new Error('no cookie')), 'ok'],
      [
        () => {
          throw new Error('no session');
        },
        'ok',
      ],
      [() => 'stale', { code: 'auth_failed' }],
      [() => 'mute', 'silent'],
      [() => undefined, 'ok'],
    ] as const) {
      const bench = makeLoginBench({ provide });
      bench.judge = () => judge;
      bench.stream.subscribe(['SCOM'], () => {});
      await bench.pass(120_000);
      assert.ok(isTradable(bench.stream.verdict('SCOM')));
      assert.equal(bench.wire.sockets.length, 1);
      assert.equal(await whyRefused(bench), 'not_authenticated');
    }
  });

  it('AU3 what needs a login is refused at once and unsent until the server has taken one; the rest is sent', async () => {
    let give = (_token: string): void => {};
    const bench = makeLoginBench({ provide: () => new Promise<string>((resolve) => (give = resolve)) });
    bench.stream.connect();
    await bench.pass(1_000);
    assert.equal(await whyRefused(bench, 'order_place'), 'not_authenticated');
    assert.equal(await whyRefused(bench, 'account_subscribe'), 'not_authenticated');
    assert.deepEqual(bench.said(), ['hello']);
    give('late');
    await settled();
    assert.deepEqual(bench.said(), ['hello', 'auth']);
    assert.equal(await whyRefused(bench), 'sent');

    const free = makeLoginBench({ authRequired: ['orders'], provide: () => undefined });
    free.stream.connect();
    await free.pass(1_000);
    assert.equal(await whyRefused(free, 'order_query'), 'not_authenticated');
    assert.equal(await whyRefused(free, 'account_subscribe'), 'sent');

    // Without any provider it is the same: the server's word counts.
    const plain = makeBench();
    serveTouchline(plain, { over: { authRequired: ['orders'] } });
    plain.stream.connect();
    await assert.rejects(plain.stream.request('order_place', {}), { code: 'not_authenticated' });
  });

  it('AU4 where nothing is to be had without a login the link is not ready before it', async () => {
    const bench = makeLoginBench({ authRequired: ['market'], greetingMs: 40 });
    bench.judge = () => 'silent';
    bench.stream.subscribe(['SCOM'], () => {});
    await bench.pass(5_000, 50);
    assert.equal(bench.stream.state, 'connecting');
    assert.deepEqual(bench.wire.last.got('subscribe'), []);
    bench.judge = () => 'ok';
    await bench.pass(20_000, 50);
    assert.equal(bench.stream.state, 'open');
    assert.ok(isTradable(bench.stream.verdict('SCOM')));

    // Whom nobody can log in is served what there is for strangers.
    const stranger = makeLoginBench({ authRequired: ['market'], provide: () => undefined });
    stranger.stream.connect();
    await stranger.pass(1_000);
    assert.equal(stranger.stream.state, 'open');
  });

  it('AU5 a login is renewed on its own socket a minute before its end, or at half of a short one, without a gap', async () => {
    const bench = await loggedIn();
    await bench.pass(HOUR - RENEW_BEFORE_MS - 2_000);
    assert.deepEqual(bench.asked, ['connect']);
    await bench.pass(3_000);
    assert.deepEqual(bench.asked, ['connect', 'expiring']);
    assert.equal(await whyRefused(bench), 'sent');
    await bench.pass(23 * HOUR, 10_000);
    assert.equal(bench.wire.sockets.length, 1);
    assert.ok(Math.abs(bench.asked.length - 25) <= 1, `${bench.asked.length} tokens in a day`);
    assert.deepEqual(bench.errors, []);

    const short = makeLoginBench();
    short.lifeMs = 20_000;
    short.stream.connect();
    await short.pass(60_000);
    assert.ok(Math.abs(short.asked.length - 6) <= 1, `${short.asked.length} tokens in a minute`);
  });

  it('AU6 the notice of the server renews as well, once, and one about an older login does not', async () => {
    const bench = await loggedIn();
    const expiresAt = bench.clock.now() + HOUR - 1_000;
    for (const at of [expiresAt, expiresAt]) bench.wire.last.push({ type: 'auth_expiring', data: { expiresAt: at } });
    await bench.pass(1_000);
    assert.deepEqual(bench.asked, ['connect', 'expiring']);
    bench.wire.last.push({ type: 'auth_expiring', data: { expiresAt } });
    await bench.pass(1_000);
    assert.deepEqual(bench.asked, ['connect', 'expiring']);
  });

  it('AU7 a login is renewed in time however the clock jumps and timers sleep, and no jump makes a storm', async () => {
    // Set back by an hour: the timer of before still runs.
    const back = await loggedIn();
    back.clock.set(-HOUR);
    await back.pass(HOUR - RENEW_BEFORE_MS + 5_000);
    assert.deepEqual(back.asked, ['connect', 'expiring']);
    // Timers that stood still: the clock tells as soon as anything runs.
    const asleep = await loggedIn();
    asleep.clock.sleep(HOUR - 30_000);
    asleep.wake.send('visible');
    await asleep.pass(100);
    assert.deepEqual(asleep.asked, ['connect', 'expiring']);
    // The clock went on while the timers stood: a machine that slept.
    const slept = await loggedIn();
    slept.clock.set(HOUR - 30_000);
    await slept.pass(6_000);
    assert.deepEqual(slept.asked, ['connect', 'expiring']);
    // Set ahead by a day: every login looks run out.
    const ahead = await loggedIn();
    ahead.clock.set(24 * HOUR);
    await ahead.pass(10 * 60_000);
    assert.ok(ahead.asked.length <= 12, `${ahead.asked.length} tokens in ten minutes`);
    assert.equal(ahead.wire.alive, 1);
    // A life beyond what a timer can wait: a browser would call at once.
    const long = makeLoginBench();
    const setTimer = long.clock.setTimer.bind(long.clock);
    const delays: number[] = [];
    long.clock.setTimer = (callback, delayMs) => {
      delays.push(delayMs);
      return setTimer(callback, delayMs);
    };
    long.lifeMs = 40 * 24 * HOUR;
    long.stream.connect();
    await long.pass(60_000);
    assert.deepEqual(long.asked, ['connect']);
    assert.equal(Math.max(...delays), 2 ** 31 - 1);
    await long.pass(40 * 24 * HOUR - 240_000, HOUR);
    await long.pass(240_000);
    assert.deepEqual(long.asked, ['connect', 'expiring']);
    const endless = makeLoginBench();
    endless.lifeMs = undefined;
    endless.stream.connect();
    await endless.pass(48 * HOUR, 60_000);
    assert.deepEqual(endless.asked, ['connect']);
  });

  it('AU8 a provider that throws, rejects, hangs or gives no text is a failure that is counted and asked again, ever later', async () => {
    const never = new Promise<string>(() => {});
    for (const provide of [
      () => {
        throw new TypeError('secret-in-an-error');
      },
      () => Promise.reject(new Error('secret-in-an-error')),
      () => 5 as unknown as string,
      () => 'x'.repeat(8_193),
    ]) {
      const bench = await loggedIn({ provide });
      await bench.pass(9_000);
      const early = bench.asked.length;
      await bench.pass(600_000);
      const late = bench.asked.length - early;
      assert.ok(early >= 2 && early <= 7, `${early} in ten seconds`);
      assert.ok(late >= 20 && late <= 60, `${late} in ten minutes`);
      assert.deepEqual(codes(bench), ['auth_failed']);
      assert.ok(!JSON.stringify(bench.errors).includes('secret'), bench.errors[0]?.message);
      assert.deepEqual(bench.tickets, []);
    }
    const hanging = await loggedIn({ provide: () => never });
    await hanging.pass(TOKEN_TIMEOUT_MS - 2_000);
    assert.deepEqual([hanging.asked.length, codes(hanging).length], [1, 0]);
    await hanging.pass(4_000);
    assert.deepEqual(codes(hanging), ['auth_failed']);
    assert.equal(hanging.signals[0]?.aborted, true);
    assert.equal(hanging.asked.length, 2);
  });

  it('AU9 a provider that fails at a renewal is asked on, and the login stands until the server ends it', async () => {
    let isDown = false;
    let count = 0;
    const bench = await loggedIn({
      provide: () => (isDown ? Promise.reject(new Error('down')) : `t${(count += 1)}`),
    });
    isDown = true;
    await bench.pass(HOUR - 30_000);
    assert.ok(bench.asked.filter((reason) => reason === 'expiring').length >= 2);
    assert.equal(await whyRefused(bench), 'sent');
    isDown = false;
    await bench.pass(31_000);
    assert.deepEqual(bench.tickets, ['t1', 't2']);
    assert.equal(bench.wire.sockets.length, 1);
  });

  it('AU10 a token that was refused is not sent again on the same link; a new one is', async () => {
    let token = 'old';
    const bench = makeLoginBench({ provide: () => token });
    bench.judge = (ticket) => (ticket === 'old' ? { code: 'auth_failed' } : 'ok');
    bench.stream.connect();
    await bench.pass(120_000);
    assert.deepEqual(bench.tickets, ['old']);
    assert.ok(bench.asked.length > 3);
    assert.deepEqual([...new Set(bench.asked.slice(1))], ['refused']);
    token = 'new';
    await bench.pass(31_000);
    assert.deepEqual(bench.tickets, ['old', 'new']);
    assert.deepEqual(codes(bench), ['auth_failed']);
    assert.equal(await whyRefused(bench), 'sent');
  });

  it('AU11 a token that is given again and taken again, but lasts no longer, is asked for again at half of what is left', async () => {
    const bench = await loggedIn({ provide: () => 'same' });
    const expiresAt = bench.clock.now() - 1_000 + HOUR;
    const answer = (socket = bench.wire.last): void => {
      const auth = socket.got('auth').at(-1);
      socket.push({ type: 'auth_ok', id: auth?.id, data: { user: 'u', accounts: [], scopes: [], expiresAt } });
    };
    bench.judge = () => 'silent';
    bench.onMessage = ({ type }) => type === 'auth' && answer();
    await bench.pass(HOUR - 6_000);
    const early = bench.tickets.length;
    assert.ok(early >= 3 && early <= 8, `${early} before the last seconds`);
    await bench.pass(4_980, 10);
    assert.ok(bench.tickets.length - early <= 5, `${bench.tickets.length - early} in the last seconds`);
    assert.equal(bench.wire.sockets.length, 1);
  });

  it('AU12 after 4401 a new token is asked for before the next try; the second 4401 in a row closes for good', async () => {
    let give: ((token: string) => void) | undefined;
    const bench = await loggedIn({
      provide: ({ reason }) => (reason === 'refused' ? new Promise<string>((resolve) => (give = resolve)) : 'first'),
    });
    await bench.pass(20_000);
    bench.wire.last.drop(4401, 'first');
    await bench.pass(5_000);
    assert.deepEqual(bench.asked, ['connect', 'refused']);
    assert.equal(bench.wire.sockets.at(-1)?.sent.length, 0, 'not opened without a token');
    give?.('second');
    await bench.pass(100, 20);
    assert.equal(bench.stream.state, 'open');
    assert.deepEqual(bench.tickets, ['first', 'second']);
    bench.wire.last.drop(4401);
    assert.deepEqual([bench.stream.state, bench.stream.status.reason], ['closed', 'refused']);
    assert.equal(bench.stream.status.closeCode, 4401);
    assert.ok(!JSON.stringify(bench.errors).includes('first'));
    await bench.pass(600_000, 10_000);
    assert.equal(bench.stream.state, 'closed');
    // The user has logged in.
    bench.stream.reconnect();
    give?.('third');
    await bench.pass(1_000, 20);
    give?.('third');
    await bench.pass(1_000, 20);
    assert.equal(bench.stream.state, 'open');
    assert.equal(bench.tickets.at(-1), 'third');
  });

  it('AU12 also when the server waits a while before it ends a link without a login, or gets the same token again', async () => {
    for (const waitMs of [1_000, 5_000, 15_000, 40_000]) {
      const bench = makeLoginBench({ provide: () => 'same' });
      bench.judge = () => 'silent';
      bench.onMessage = ({ type }, socket) => type === 'hello' && bench.clock.setTimer(() => socket.drop(4401), waitMs);
      bench.stream.connect();
      await bench.pass(300_000);
      assert.equal(bench.stream.state, 'closed', `${waitMs} ms`);
      assert.equal(bench.wire.sockets.length, 2);
    }
  });

  it('AU13 a 4401 for a token that could not be had is not counted: the page is not the one who was refused', async () => {
    let isDown = true;
    const bench = makeLoginBench({
      authRequired: ['market'],
      provide: () => (isDown ? Promise.reject(new Error('down')) : 'good'),
    });
    bench.onMessage = ({ type }, socket) =>
      type === 'hello' && bench.clock.setTimer(() => bench.tickets.length === 0 && socket.drop(4401), 5_000);
    bench.stream.connect();
    await bench.pass(120_000);
    assert.ok(bench.wire.sockets.length >= 3);
    assert.notEqual(bench.stream.state, 'closed');
    isDown = false;
    await bench.pass(60_000);
    assert.equal(bench.stream.state, 'open');
  });

  it('AU14 a login that has run out is told once, and a new one made: on the same socket, or after 4401', async () => {
    const bench = await loggedIn();
    await bench.pass(20_000);
    const expired = { code: 'auth_expired', message: 'secret-1', fatal: false, retryAfterMs: null };
    bench.wire.last.push({ type: 'error', data: expired });
    assert.equal(await whyRefused(bench), 'not_authenticated');
    await bench.pass(1_000);
    assert.deepEqual(bench.asked, ['connect', 'refused']);
    assert.equal(await whyRefused(bench), 'sent');
    bench.wire.last.push({ type: 'error', data: { ...expired, fatal: true } });
    bench.wire.last.drop(4401);
    await bench.pass(10_000);
    assert.equal(bench.stream.state, 'open');
    assert.equal(codes(bench).filter((code) => code === 'auth_expired').length, 1);
    assert.ok(!JSON.stringify(bench.errors).includes('secret'));
  });

  it('AU15 the guide’s dialect has no login: none is sent, and that is told once', async () => {
    const errors: string[] = [];
    const bench = makeBench({ token: () => Promise.resolve('secret'), onError: ({ code }) => errors.push(code) });
    serveGuide(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    for (let i = 0; i < 3; i += 1) {
      await settled();
      bench.clock.pass(20_000);
      bench.wire.last.drop();
      bench.clock.pass(5_000);
    }
    await settled();
    assert.deepEqual(errors, ['auth_failed']);
    assert.ok(!bench.wire.sockets.some(({ sentTexts }) => sentTexts.join().includes('secret')));
    // A server of protocol 1 that knows none is told of once as well, and not asked again.
    const old = await loggedIn();
    assert.deepEqual(old.tickets.length, 1);
    const plain = makeLoginBench();
    plain.judge = () => ({ code: 'unknown_type' });
    plain.stream.connect();
    await plain.pass(600_000, 10_000);
    assert.deepEqual([plain.asked.length, codes(plain)], [1, ['auth_failed']]);
  });

  it('AU16 a token is in the message `auth` and nowhere else', async () => {
    const addresses: string[] = [];
    const logged: unknown[] = [];
    const warn = console.warn;
    console.warn = (...words: unknown[]) => void logged.push(words);
    try {
      for (const judge of ['ok', 'silent', { code: 'auth_failed' }, { code: 'auth_failed', fatal: true }] as const) {
        const bench = makeLoginBench({ onError: undefined });
        bench.judge = () => judge;
        const { transport } = bench.wire;
        const stream = createMarketStream({
          src: 'ws://fake/',
          clock: bench.clock,
          token: () => 'secret',
          transport: (src, events, clock) => {
            addresses.push(src);
            return transport(src, events, clock);
          },
        });
        stream.subscribe(['SCOM'], () => {});
        await bench.pass(60_000);
        for (const { sent } of bench.wire.sockets) {
          for (const message of sent) {
            if (JSON.stringify(message).includes('secret')) assert.equal(message.type, 'auth');
          }
        }
        const told = JSON.stringify([stream.status, stream.metrics()]);
        assert.ok(!told.includes('secret'), told);
        stream.dispose();
        bench.stream.dispose();
        assert.equal(bench.clock.size, 0);
      }
    } finally {
      console.warn = warn;
    }
    assert.ok(logged.length > 0);
    assert.ok(!JSON.stringify([addresses, logged]).includes('secret'));
  });

  it('AU17 an end of the link calls the question off, and no answer of before counts after', async () => {
    const gives: ((token: string) => void)[] = [];
    const bench = makeLoginBench({ provide: () => new Promise<string>((resolve) => gives.push(resolve)) });
    bench.stream.connect();
    await settled();
    bench.wire.last.drop();
    assert.equal(bench.signals[0]?.aborted, true);
    await bench.pass(5_000);
    gives[0]?.('of-the-first-link');
    await settled();
    assert.deepEqual(bench.tickets, []);
    gives[1]?.('of-the-second');
    await settled();
    assert.deepEqual(bench.tickets, ['of-the-second']);
    bench.stream.dispose();
    assert.equal(bench.clock.size, 0);
  });

  it('AU18 `login()` asks anew where somebody has logged in meanwhile', async () => {
    const user: { token?: string } = {};
    const bench = await loggedIn({ provide: () => user.token });
    assert.equal(await whyRefused(bench), 'not_authenticated');
    user.token = 'mine';
    bench.stream.login();
    await settled();
    assert.deepEqual(bench.tickets, ['mine']);
    assert.equal(await whyRefused(bench), 'sent');
    assert.throws(() => createMarketStream({ src: 'demo:', token: 'text' as never }), TypeError);
  });

  it('AU19 what was refused for want of a login is asked for again after it', async () => {
    let give = (_token: string): void => {};
    const bench = makeLoginBench({ provide: () => new Promise<string>((resolve) => (give = resolve)) });
    bench.stream.subscribe(['VIP'], () => {});
    await settled();
    const [asked] = bench.wire.last.got('subscribe');
    bench.wire.last.push({
      type: 'subscription_confirmed',
      id: asked?.id,
      data: { symbols: [], rejected: [{ symbol: 'VIP', code: 'auth_required' }] },
    });
    await bench.pass(1_000);
    assert.notEqual(bench.stream.verdict('VIP').state, 'live');
    give('mine');
    await bench.pass(500, 50);
    assert.equal(bench.wire.last.got('subscribe').length, 2);
    bench.wire.last.push(snapshot('VIP', 2));
    assert.equal(bench.stream.verdict('VIP').state, 'live');
  });

  it('AU20 on a shared stream the token of the newest holder counts, and goes with him', async () => {
    const bench = makeLoginBench();
    const shared = {
      src: 'ws://shared-login/',
      clock: bench.clock,
      transport: bench.wire.transport,
      onError: () => {},
    };
    const reader = acquireStream(shared);
    await bench.pass(1_000);
    assert.deepEqual(bench.tickets, []);
    const first = acquireStream({ ...shared, token: () => 'first' });
    await bench.pass(1_000);
    const second = acquireStream({ ...shared, token: () => 'second' });
    await bench.pass(1_000);
    assert.deepEqual(bench.tickets, ['first', 'second']);
    second.release();
    bench.wire.last.drop();
    await bench.pass(5_000);
    assert.deepEqual(bench.tickets, ['first', 'second', 'first']);
    first.release();
    bench.wire.last.drop();
    await bench.pass(5_000);
    assert.equal(bench.tickets.length, 3);
    reader.release();
    await bench.pass(100);
    bench.stream.dispose();
    assert.equal(bench.clock.size, 0);
  });

  it('AU21 whatever provider, server and network do, nothing throws, no private request goes unasked, and nothing is left', async () => {
    const act = fc.constantFrom(
      'give',
      'reject',
      'nobody',
      'drop',
      'drop4401',
      'expiring',
      'expired',
      'pass',
      'sleep',
      'login',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        let waiting: {
          readonly resolve: (token: string | undefined) => void;
          readonly reject: (error: Error) => void;
        }[] = [];
        const bench = makeLoginBench({
          provide: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
        });
        bench.stream.subscribe(['SCOM'], () => {});
        await settled();
        for (const each of acts) {
          const { last } = bench.wire;
          if (each === 'pass') await bench.pass(7_000);
          else if (each === 'sleep') bench.clock.sleep(90_000);
          else if (each === 'login') bench.stream.login();
          else if (each === 'drop') last.drop();
          else if (each === 'drop4401') last.drop(4401);
          else if (each === 'expiring')
            last.push({ type: 'auth_expiring', data: { expiresAt: bench.clock.now() + 2 * HOUR } });
          else if (each === 'expired') {
            last.push({ type: 'error', data: { code: 'auth_expired', message: '', fatal: false, retryAfterMs: null } });
          } else {
            for (const { resolve, reject } of waiting) {
              if (each === 'reject') reject(new Error('down'));
              else resolve(each === 'nobody' ? undefined : `t${bench.asked.length}`);
            }
            waiting = [];
          }
          await settled();
          const isIn = last.got('auth').length > 0;
          const answer = await Promise.race([
            bench.stream.request('account_subscribe', {}).catch((error: unknown) => (error as RequestError).code),
            settled().then(() => 'sent'),
          ]);
          if (!isIn) assert.notEqual(answer, 'sent');
        }
        bench.stream.dispose();
        await settled();
        assert.equal(bench.clock.size, 0);
        assert.equal(bench.wire.alive, 0);
      }),
      { numRuns: 60 },
    );
  });
});
