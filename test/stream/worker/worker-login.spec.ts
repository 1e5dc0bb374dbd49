/** The rules of a login, for a stream whose provider is on the other side of a port. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TOKEN_TIMEOUT_MS } from '../../../src/stream/auth-token.js';
import type { TokenProvider, TokenRequest } from '../../../src/stream/auth-token.js';
import { isTradable } from '../../../src/stream/verdict.js';
import type { Bench } from '../../support/fake-server.js';
import { type LoginBench, type LoginOptions, makeLoginBench, settled } from '../../support/login-server.js';
import { FakeWorkers } from '../../support/worker-bench.js';

interface InWorker extends LoginBench {
  readonly workers: FakeWorkers;
}

const make = (options: LoginOptions = {}, isShared = false): InWorker => {
  const workers = new FakeWorkers();
  if (isShared) workers.shared = workers.makeHost();
  const bench = makeLoginBench({
    ...options,
    make: (given) => workers.page(given, isShared ? { kind: 'shared' } : {}),
  });
  return Object.assign(bench, { workers });
};

const loggedIn = async (options: LoginOptions = {}): Promise<InWorker> => {
  const bench = make(options);
  bench.stream.subscribe(['SCOM'], () => {});
  await bench.pass(1_000, 10);
  return bench;
};

const codes = ({ errors }: Bench): string[] => errors.map(({ code }) => code);

describe('a login through a port', () => {
  it('WK11 the worker asks the page for a token at each connect and before the end, and says why', async () => {
    const bench = await loggedIn();
    assert.deepEqual(bench.said(), ['hello', 'auth', 'subscribe']);
    bench.wire.last.drop();
    await bench.pass(5_000, 20);
    await bench.pass(3_600_000);
    assert.deepEqual(bench.asked, ['connect', 'connect', 'expiring']);
    assert.deepEqual(bench.tickets, ['secret-1', 'secret-2', 'secret-3']);
    assert.ok(isTradable(bench.stream.verdict('SCOM')));
    assert.deepEqual(bench.errors, []);
  });

  it('WK11 login() asks anew', async () => {
    const user: { token?: string } = {};
    const bench = await loggedIn({ provide: () => user.token });
    await assert.rejects(askFor(bench), { code: 'not_authenticated' });
    user.token = 'mine';
    bench.stream.login();
    await bench.pass(100, 10);
    assert.deepEqual(bench.tickets, ['mine']);
  });

  it('WK11 a question that nobody waits for any more is called off in the page, and its late answer counts nowhere', async () => {
    const gives: ((token: string) => void)[] = [];
    const bench = make({ provide: () => new Promise<string>((resolve) => gives.push(resolve)) });
    bench.stream.connect();
    await bench.pass(50, 10);
    bench.wire.last.drop();
    await bench.pass(5_000, 20);
    assert.deepEqual([bench.signals[0]?.aborted, bench.signals[1]?.aborted], [true, false]);
    // A worker that ends asks nothing any more, and the next one counts from one again.
    bench.workers.fail('it died');
    await bench.pass(1_000, 10);
    assert.equal(bench.signals[1]?.aborted, true);
    gives[0]?.('of-the-first-link');
    gives[1]?.('of-the-first-worker');
    await bench.pass(100, 10);
    assert.deepEqual(bench.tickets, []);
    gives.at(-1)?.('of-this-one');
    await bench.pass(100, 10);
    assert.deepEqual(bench.tickets, ['of-this-one']);
    bench.stream.dispose();
    await bench.pass(2_000, 10);
    assert.equal(bench.clock.size, 0);
  });

  it('WK11 a provider that throws, rejects, gives no text or never answers has failed, without a word of what it said', async () => {
    const never = new Promise<string>(() => {});
    const secret = Object.assign(new Error('no user for top-secret'), { name: 'HttpError' });
    for (const [provide, words] of [
      [() => never, /longer than 10 s/],
      [() => Promise.reject(secret), /HttpError/],
      [
        () => {
          throw secret;
        },
        /HttpError/,
      ],
      [() => ({ 'top-secret': () => {} }) as unknown as string, /TypeError/],
      [() => Promise.reject('top-secret' as unknown as Error), /it failed/],
    ] as const) {
      const bench = make({ provide: provide as TokenProvider });
      bench.stream.subscribe(['SCOM'], () => {});
      await bench.pass(TOKEN_TIMEOUT_MS + 1_000, 100);
      assert.ok(isTradable(bench.stream.verdict('SCOM')));
      assert.deepEqual(codes(bench), ['auth_failed']);
      assert.match(bench.errors[0]?.message ?? '', words);
      assert.ok(!JSON.stringify(said(bench)).includes('top-secret'));
      bench.stream.dispose();
    }
  });

  it('WK11 a token is in the answer to the worker and in no other message, and in no error', async () => {
    for (const judge of ['ok', 'silent', { code: 'auth_failed' }, { code: 'auth_failed', fatal: true }] as const) {
      const bench = make();
      bench.judge = () => judge;
      bench.stream.subscribe(['SCOM'], () => {});
      await bench.pass(30_000, 50);
      assert.ok(bench.tickets.length > 0);
      for (const message of said(bench)) {
        if (JSON.stringify(message).includes('secret')) assert.equal((message as { kind: string }).kind, 'answer');
      }
      assert.ok(!JSON.stringify([bench.errors, bench.stream.status, bench.stream.metrics()]).includes('secret'));
      bench.stream.dispose();
    }
  });
});

describe('a login of several pages', () => {
  const second = (bench: InWorker, token: TokenProvider | undefined) =>
    bench.workers.page({ token }, { kind: 'shared' });

  it('WK14 the page that came last is asked, and the one before it when that page is gone or has none', async () => {
    const bench = make({ provide: () => 'first' }, true);
    bench.stream.subscribe(['SCOM'], () => {});
    await bench.pass(1_000, 10);
    const asked: TokenRequest['reason'][] = [];
    const user: { token: string | undefined } = { token: 'second' };
    const other = second(bench, ({ reason }) => {
      asked.push(reason);
      return user.token;
    });
    other.stream.subscribe(['KCB'], () => {});
    await bench.pass(1_000, 10);
    assert.equal(bench.wire.sockets.length, 1, 'one connection for both');
    assert.deepEqual(bench.tickets, ['first', 'second']);
    user.token = undefined;
    bench.wire.last.drop();
    await bench.pass(5_000, 10);
    assert.deepEqual(
      [asked, bench.tickets],
      [
        ['connect', 'connect'],
        ['first', 'second', 'first'],
      ],
    );
    user.token = 'second';
    other.stream.dispose();
    bench.wire.last.drop();
    await bench.pass(5_000, 10);
    assert.deepEqual(bench.tickets.slice(3), ['first']);
  });

  it('WK14 a page that goes while it is asked keeps nobody waiting', async () => {
    const bench = make({ provide: () => 'first' }, true);
    bench.stream.subscribe(['SCOM'], () => {});
    await bench.pass(1_000, 10);
    const signals: AbortSignal[] = [];
    const other = second(bench, ({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    other.stream.connect();
    await bench.pass(1_000, 10);
    assert.equal(signals.length, 1);
    other.stream.dispose();
    await bench.pass(100, 10);
    assert.equal(signals[0]?.aborted, true);
    assert.deepEqual(bench.tickets, ['first', 'first']);
    assert.deepEqual(bench.errors, []);
  });

  it('WK14 a page without a provider has a connection of its own, and hears nothing private of the others', async () => {
    const bench = make({}, true);
    bench.stream.connect();
    await bench.pass(500, 10);
    const stranger = second(bench, undefined);
    const heard: unknown[] = [];
    stranger.stream.onPrivate((event) => heard.push(event));
    stranger.stream.subscribe(['SCOM'], () => {});
    await bench.pass(1_000, 10);
    assert.equal(bench.wire.alive, 2);
    await assert.rejects(askFor(stranger), { code: 'not_authenticated' });
    assert.deepEqual([heard, bench.tickets], [[], ['secret-1']]);
  });

  it('WK14 a page that comes to a feed that was closed for good has it tried again', async () => {
    const bench = make({}, true);
    bench.stream.connect();
    await bench.pass(500, 10);
    bench.wire.last.drop(4403);
    await bench.pass(60_000);
    assert.equal(bench.stream.state, 'closed');
    const other = second(bench, () => 'second');
    other.stream.connect();
    await bench.pass(1_000, 10);
    assert.deepEqual([other.stream.state, bench.stream.state], ['open', 'open']);
  });
});

/** Everything that went over any port. */
function said({ workers }: InWorker): unknown[] {
  return workers.ports.flatMap(({ fromPage, fromWorker }) => [...fromPage, ...fromWorker]);
}

/** Asks for something that needs a login. */
async function askFor({ stream, clock }: Bench): Promise<unknown> {
  const answer = stream.request('account_subscribe', { account: 'A-1' }, { timeoutMs: 1_000 });
  clock.pass(5);
  await settled();
  clock.pass(5);
  return answer;
}
