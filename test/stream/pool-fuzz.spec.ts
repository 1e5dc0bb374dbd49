/**
 * Whatever happens to several connections at once: frames that are lost, repeated, swapped or late, links that end, limits
 * that change, a page that is slow, logins, wishes that come and go. What always holds is looked at on every call.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MarketUpdate } from '../../src/stream/market-stream.js';
import { isTrusted } from '../../src/stream/verdict.js';
import { levelsText } from '../support/book-levels.js';
import type { FakeSocket } from '../support/fake-wire.js';
import { alive, makePool, type PoolBench } from '../support/pool-bench.js';

const DEPTH = 10;
const KINDS = ['drop', 'repeat', 'swap', 'late'] as const;

const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      of: fc.nat(17),
      count: fc.integer({ min: 1, max: 9 }),
      trades: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), of: fc.nat(20) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('cut' as const, 'away' as const, 'kill' as const, 'bye' as const),
      of: fc.nat(9),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('damage' as const),
      kind: fc.constantFrom(...KINDS),
      of: fc.nat(9),
      skip: fc.nat(12),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('limit' as const), to: fc.integer({ min: 3, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('slow' as const), ms: fc.constantFrom(0, 30, 300) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'reconnect' as const,
        'flap' as const,
        'suspend' as const,
        'sleep' as const,
        'login' as const,
      ),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 50, max: 12_000 }) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Everything that was ever true of the books, and what the servers believe their clients to have. */
class Witness {
  readonly #truth = new Map<string, string>();
  readonly held = new Map<FakeSocket, readonly string[]>();
  readonly lies: string[] = [];
  readonly #bench: PoolBench;

  constructor(bench: PoolBench) {
    this.#bench = bench;
  }

  remember(): void {
    const { served, symbols } = this.#bench;
    for (const symbol of symbols) {
      const book = served.market.listing(symbol)?.book;
      if (book !== undefined) this.#truth.set(`${symbol} ${book.sequence}`, levelsText(book, DEPTH));
    }
  }

  look(): void {
    const { stream, symbols } = this.#bench;
    for (const symbol of symbols) {
      const book = stream.book(symbol);
      if (book === undefined || !isTrusted(stream.verdict(symbol))) continue;
      const truth = this.#truth.get(`${symbol} ${book.sequence}`);
      if (levelsText(book, DEPTH) !== truth) this.lies.push(`${symbol} ${book.sequence}`);
    }
  }
}

const run = (acts: readonly Act[], hasLogin: boolean): void => {
  const bench = makePool({ symbols: 18, limit: 5, rate: 4 }, hasLogin ? { token: () => 'a-ticket' } : {});
  const { stream, served, wire, clock, wake, errors } = bench;
  const witness = new Witness(bench);
  const pending: { kind: (typeof KINDS)[number]; socket: FakeSocket; skip: number }[] = [];
  const swapped = new Map<FakeSocket, string>();
  let isHealed = false;
  served.onFrame = (text, socket) => {
    const message = JSON.parse(text) as { type: string; data: { symbols?: readonly string[] } };
    if (/^(un)?subscription_confirmed$/.test(message.type)) witness.held.set(socket, message.data.symbols ?? []);
    // What comes of a lost greeting is another story.
    if (message.type === 'welcome' || isHealed) return text;
    const before = swapped.get(socket);
    if (before !== undefined) {
      swapped.delete(socket);
      socket.pushText(text);
      return before;
    }
    const fault = pending.find((each) => each.socket === socket && each.skip-- <= 0);
    if (fault === undefined) return text;
    pending.splice(pending.indexOf(fault), 1);
    if (fault.kind === 'repeat') socket.pushText(text);
    if (fault.kind === 'swap') swapped.set(socket, text);
    if (fault.kind === 'late') clock.setTimer(() => socket.pushText(text), 700);
    return fault.kind === 'repeat' ? text : null;
  };
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 250) {
      clock.pass(Math.min(250, left));
      served.market.step(served.now());
      witness.remember();
      served.step();
      witness.look();
    }
  };
  witness.remember();
  let slowMs = 0;
  stream.subscribe(
    bench.symbols,
    () => {
      clock.sleep(slowMs);
      witness.look();
    },
    { depth: 50, leastDepth: DEPTH },
  );
  const told = new Map<string, string[]>();
  const hear = ({ symbol, trades }: MarketUpdate): void => {
    if (!trades) return;
    const ids = told.get(symbol) ?? [];
    const news = stream.trades(symbol).map(({ tradeId }) => tradeId);
    const last = ids.at(-1);
    ids.push(...news.slice(last === undefined ? 0 : news.indexOf(last) + 1));
    told.set(symbol, ids);
  };
  const traded = bench.symbols.slice(0, 6);
  stream.subscribe(traded, hear, { book: false, trades: true });
  const holds: (() => void)[] = [];
  for (const one of acts) {
    const target = 'of' in one ? alive(bench)[one.of % Math.max(1, alive(bench).length)] : undefined;
    if (one.do === 'hold') {
      const some = bench.symbols.slice(one.of, one.of + one.count);
      if (some.length > 0)
        holds.push(stream.subscribe(some, () => witness.look(), { trades: one.trades, depth: DEPTH }));
    } else if (one.do === 'leave') holds.splice(one.of % Math.max(1, holds.length), 1)[0]?.();
    else if (one.do === 'cut') target?.drop();
    else if (one.do === 'bye' && target !== undefined) served.sessions.get(target)?.goAway('deploy');
    else if (one.do === 'kill' && target !== undefined) {
      target.onSent = undefined;
      served.sessions.get(target)?.dispose();
    } else if (one.do === 'away')
      target?.push({ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [0, 1_000] } });
    else if (one.do === 'damage' && target !== undefined)
      pending.push({ kind: one.kind, socket: target, skip: one.skip });
    else if (one.do === 'limit') served.limits = { symbols: one.to };
    else if (one.do === 'slow') slowMs = one.ms;
    else if (one.do === 'reconnect') stream.reconnect();
    else if (one.do === 'login') stream.login();
    else if (one.do === 'flap') {
      stream.disconnect();
      clock.pass(10);
      stream.connect();
    } else if (one.do === 'suspend') {
      wake.send('suspend');
      pass(3_000);
      wake.send('resume');
    } else if (one.do === 'sleep') {
      clock.sleep(40_000);
      wake.send('visible');
    } else if (one.do === 'pass') pass(one.ms);
    witness.look();
  }
  isHealed = true;
  slowMs = 0;
  pass(150_000);
  assert.deepEqual(witness.lies, [], 'trusted, and never true');
  const thrown = errors.find(({ code }) => code === 'listener_threw');
  if (thrown !== undefined) throw thrown.cause;
  const held = alive(bench).flatMap((socket) => [...(witness.held.get(socket) ?? [])]);
  assert.deepEqual(held.toSorted(), bench.symbols.toSorted(), 'each is subscribed to once');
  for (const symbol of bench.symbols) {
    const verdict = stream.verdict(symbol);
    assert.ok(isTrusted(verdict), `${symbol} is ${verdict.state} ${verdict.reason}`);
    const book = served.market.listing(symbol)?.book;
    assert.equal(levelsText(stream.book(symbol), DEPTH), levelsText(book, DEPTH), symbol);
  }
  let holes = 0;
  for (const [symbol, ids] of told) {
    assert.equal(new Set(ids).size, ids.length, `${symbol}: a trade was told twice`);
    const { trades } = served.market.listing(symbol)!;
    const numbers = new Map<string, number>();
    for (let seq = 1; seq <= trades.lastSequence; seq += 1) {
      const id = trades.at(seq)?.tradeId;
      if (id !== undefined) numbers.set(id, seq);
    }
    const seqs = ids.flatMap((id) => numbers.get(id) ?? []);
    for (const [i, seq] of seqs.entries()) {
      if (i === 0) continue;
      assert.ok(seq > seqs[i - 1]!, `${symbol}: trades are told in order`);
      if (seq !== seqs[i - 1]! + 1) holes += 1;
    }
  }
  assert.ok(
    stream.metrics().gaps + acts.filter(({ do: kind }) => kind === 'flap').length * traded.length >= holes,
    `${holes} holes in the trades, ${stream.metrics().gaps} gaps`,
  );
  assert.equal(stream.status.connections, wire.alive);
  stream.dispose();
  assert.deepEqual([clock.size, wire.alive, wake.size], [0, 0, 0]);
};

describe('several connections and everything at once', () => {
  it('PL31 no book is trusted that was never the server’s, no trade is told twice, each symbol is asked for once in the end, and nothing is left', () =>
    fc.assert(fc.property(fc.array(act, { minLength: 4, maxLength: 20 }), fc.boolean(), run), {
      numRuns: Number(process.env['RUNS'] ?? 6),
    }));
});
