/** Several connections, and listeners that misbehave, on real sockets. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTrusted } from '../../src/stream/verdict.js';
import { levelsText } from '../support/book-levels.js';
import { type FaultBench, until, withBench } from '../support/fault-bench.js';
import { REMEMBERED_LEVELS } from '../support/faulty-server.js';

const LANES = 10;
const EACH = 2;

/** Every book is the server's, and trusted. */
const allRight = ({ stream, server, symbols }: FaultBench): boolean =>
  symbols.every(
    (symbol) => isTrusted(stream.verdict(symbol)) && levelsText(stream.book(symbol)) === server.now(symbol),
  );
const wrong =
  ({ stream, server, symbols }: FaultBench) =>
  (): string =>
    symbols
      .filter((symbol) => levelsText(stream.book(symbol)) !== server.now(symbol) || !isTrusted(stream.verdict(symbol)))
      .map((symbol) => `${symbol} ${stream.verdict(symbol).state} ${stream.verdict(symbol).reason}`)
      .join();

const end = async (bench: FaultBench): Promise<void> => {
  bench.server.rest();
  await until(() => allRight(bench), wrong(bench));
  bench.look();
  assert.deepEqual(bench.lies, []);
};

describe('several connections on real sockets', () => {
  for (const fault of ['kill', 'tear', 'freeze', 'close'] as const) {
    it(`FT31 one of ten connections ends (${fault}): only its own symbols are in doubt, and they come back`, () =>
      withBench(
        () => [],
        async (bench) => {
          const { stream, server, symbols } = bench;
          const victims = new Set<string>();
          const doubted = new Set<string>();
          let isWhole = false;
          stream.observe(() => {
            // That frames are late, or seem to be missing, may be the machine's own doing.
            if (!isWhole) return;
            for (const symbol of symbols) if (/^(disc|resy)/.test(stream.verdict(symbol).state)) doubted.add(symbol);
          });
          stream.subscribe(symbols, () => bench.look(), { depth: REMEMBERED_LEVELS, throttle: 0 });
          await until(
            () => symbols.every((symbol) => isTrusted(stream.verdict(symbol))),
            () => 'all of them',
          );
          isWhole = true;
          assert.equal(server.links.length, LANES);
          for (const { symbols: some } of server.links[4]!.got('subscribe')) {
            for (const symbol of some as readonly string[]) victims.add(symbol);
          }
          assert.equal(victims.size, EACH);
          server.links[4]!.strike(fault);
          await until(
            () => server.links.length === LANES + 1,
            () => 'the eleventh',
          );
          await until(
            () => symbols.every((symbol) => isTrusted(stream.verdict(symbol))),
            () => 'all of them again',
          );
          await end(bench);
          assert.deepEqual([...doubted].toSorted(), [...victims].toSorted());
          assert.deepEqual(
            [server.alive, stream.status.openConnections, stream.metrics().reconnects],
            [LANES, LANES, 1],
          );
        },
        {},
        { symbols: LANES * EACH, limits: { symbols: EACH } },
      ));
  }
});

/** Nothing else runs meanwhile. */
const block = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('listeners that misbehave', () => {
  it('FT32 one that takes long, one that throws and one that leaves with another harm nobody else, and no queue grows', () =>
    withBench(
      () => [],
      async (bench) => {
        const { stream, server, symbols } = bench;
        let calls = 0;
        let most = 0;
        const depth = REMEMBERED_LEVELS;
        const seen = new Map<string, string>();
        stream.subscribe(
          symbols,
          () => {
            block(20);
            most = Math.max(most, stream.metrics().buffered);
          },
          { depth },
        );
        stream.subscribe(
          symbols,
          () => {
            throw new Error('a mistake of the page');
          },
          { depth },
        );
        const leaveOther = stream.subscribe(symbols, () => {}, { depth });
        const leave = stream.subscribe(
          symbols,
          () => {
            leave();
            leaveOther();
          },
          { depth },
        );
        stream.subscribe(
          symbols,
          ({ symbol }) => {
            calls += 1;
            seen.set(symbol, levelsText(stream.book(symbol)));
            bench.look();
          },
          { depth },
        );
        const enough = bench.clock.now() + 15_000;
        await until(
          () => bench.clock.now() >= enough,
          () => 'fifteen seconds',
        );
        assert.ok(calls >= 20, `${calls} calls`);
        await end(bench);
        await until(
          () => symbols.every((symbol) => seen.get(symbol) === server.now(symbol)),
          () => 'the last state for the one that is well',
        );
        assert.deepEqual(
          bench.errors.map(({ code }) => code),
          ['listener_threw'],
        );
        // A symbol waits once for each listener, whatever comes.
        assert.ok(most <= 5 * symbols.length, `${most} waited`);
        assert.equal(server.links.length, 1);
      },
      {},
    ));
});
