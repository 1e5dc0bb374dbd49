/** The guide's own backend, with every fault that it was seen to have: real processes, real sockets, real time. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import type { MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import { DjangoPeer, peerRefusal, STILL } from '../support/django-peer.js';
import { until } from '../support/fault-bench.js';
import { PeerClient } from '../support/peer-client.js';

const BASE_MS = 100;
/** Of timers and of a machine that is busy. */
const SLACK_MS = 600;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes clients, lets a test act on them, and ends them; nothing untrue may have been trusted. */
async function withClients(
  peer: DjangoPeer,
  count: number,
  symbols: readonly string[],
  act: (clients: readonly [PeerClient, ...PeerClient[]]) => Promise<void>,
  options: Partial<MarketStreamOptions> = {},
): Promise<void> {
  const make = (): PeerClient => new PeerClient(peer, { reconnectDelay: BASE_MS, ...options });
  const clients: [PeerClient, ...PeerClient[]] = [make(), ...Array.from({ length: count - 1 }, make)];
  try {
    for (const client of clients) client.follow(symbols);
    await act(clients);
    for (const { lies } of clients) assert.deepEqual(lies, []);
  } finally {
    for (const client of clients) client.end();
  }
}

/** Waits until every client believes every symbol, on one connection that was asked once. */
async function untilWell(clients: readonly PeerClient[], symbols: readonly string[]): Promise<void> {
  await until(
    () => clients.every((client) => client.trusts(symbols)),
    () => clients.map((client) => `${client.stream.state}: ${symbols.map((s) => client.verdict(s)).join()}`).join('\n'),
  );
  for (const client of clients) {
    assert.equal(client.open, 1, 'one socket');
    assert.deepEqual(client.said('subscribe'), [{ type: 'subscribe', symbols }], 'one subscription');
  }
}

describe("the guide's own backend", { skip: peerRefusal() ?? false, concurrency: true }, () => {
  describe('at work', { concurrency: false }, () => {
    let peer: DjangoPeer;
    let few: readonly string[];
    before(async () => {
      peer = await DjangoPeer.start(106);
      few = peer.symbols.slice(0, 6);
    });
    after(() => peer.stop());

    describe('and well', { concurrency: true }, () => {
      it('PE1 is spoken to in its own dialect at once, and its rows are live, to the last figure', async () => {
        await withClients(peer, 1, few, async ([client]) => {
          await untilWell([client], few);
          const { openedAt, heard, said } = client.last!;
          assert.deepEqual(
            said.slice(0, 3).map(({ type }) => type),
            ['hello', 'ping', 'subscribe'],
          );
          assert.equal(client.stream.status.dialect, 'guide');
          const confirmedMs = heard.get('subscription_confirmed')!.at - openedAt;
          // Long before the two seconds in which a greeting could still have come.
          assert.ok(confirmedMs < 1_000, `${confirmedMs}`);
          assert.deepEqual(client.stream.verdict(STILL).verified, { by: 'nothing' });
          assert.equal(client.stream.book('SCOM'), undefined);
          assert.deepEqual(client.stream.metrics().refused, 0);
          assert.deepEqual(client.errors, []);
        });
      });

      it('PE2 symbols that it does not know, and names in lower case, are stale after five seconds; the others are live', async () => {
        const strangers = ['NOPE', 'scom'];
        await withClients(peer, 1, [...few, ...strangers], async ([client]) => {
          await untilWell([client], few).catch(() => {});
          assert.deepEqual(
            strangers.map((symbol) => client.verdict(symbol)),
            ['resyncing awaiting_snapshot', 'resyncing awaiting_snapshot'],
          );
          await until(
            () => strangers.every((symbol) => client.verdict(symbol) === 'stale feed_silent'),
            () => strangers.map((symbol) => client.verdict(symbol)).join(),
          );
          const began = client.verdicts('NOPE').at(-1)!.at - client.last!.openedAt;
          assert.ok(began >= 5_000 && began < 5_000 + SLACK_MS, `${began}`);
          assert.deepEqual(client.trusted(few), few);
          assert.equal(client.said('subscribe').length, 1);
        });
      });

      it("PE3 another client's bad message ends that client alone, up to a second later and with data in between", async () => {
        await withClients(peer, 1, few, async ([client]) => {
          await untilWell([client], few);
          const ends = await Promise.all(
            ['{', '[]', '{"type":"subscribe","symbols":5}', ''].map(async (bad, i) => {
              const other = new WebSocket(peer.url);
              await once(other, 'open');
              other.send('{"type":"subscribe","symbols":["SCOM"]}');
              await once(other, 'message');
              await sleep(250 * i);
              const badAt = Date.now();
              let rows = 0;
              other.on('message', () => (rows += 1));
              other.send(bad);
              const [code] = (await once(other, 'close')) as [number];
              return { code, rows, afterMs: Date.now() - badAt };
            }),
          );
          for (const { code, afterMs } of ends) {
            assert.equal(code, 1011);
            assert.ok(afterMs < 1_000 + SLACK_MS, `${afterMs}`);
          }
          assert.ok(
            ends.some(({ rows }) => rows > 0),
            'data in between',
          );
          assert.equal(client.tries.length, 1);
          assert.deepEqual(client.trusted(few), few);
        });
      });

      it('PE4 a link of ours that it ends with 1011 is made anew, with the whole wish once', async () => {
        await withClients(peer, 1, few, async ([client]) => {
          await untilWell([client], few);
          client.say('{');
          await until(
            () => client.stream.state === 'reconnecting',
            () => client.stream.state,
          );
          assert.equal(client.stream.status.closeCode, 1011);
          assert.deepEqual(client.trusted(few), []);
          await untilWell([client], few);
          assert.deepEqual(
            client.tries.map(({ code }) => code),
            [1011, 0],
          );
          assert.equal(client.stream.metrics().reconnects, 1);
        });
      });

      it('PE5 a confirmation that is not JSON is counted, one with strangers is taken, and the link stays', async () => {
        await withClients(peer, 1, few, async ([client]) => {
          await untilWell([client], few);
          client.say('{"type":"subscribe","symbols":[5,true,null,"NOBODYS"]}');
          client.say('{"type":"subscribe","symbols":[1e999]}');
          await until(
            () => client.stream.metrics().refused === 1,
            () => JSON.stringify(client.stream.metrics()),
          );
          assert.equal(client.heard('subscription_confirmed'), 3);
          assert.deepEqual(
            client.errors.map(({ code }) => code),
            ['refused_message'],
          );
          await untilWell([client], few);
          assert.equal(client.tries.length, 1);
        });
      });

      it('PE6 a symbol whose data stand still is stale after five seconds, whatever the pongs and the others do', async () => {
        await withClients(
          peer,
          1,
          ['S098', ...few],
          async ([client]) => {
            await untilWell([client], ['S098', ...few]);
            await peer.list('S098', false);
            const pongs = client.heard('pong');
            await until(
              () => client.verdict('S098') === 'stale feed_silent',
              () => client.verdict('S098'),
            );
            const [silent, stale] = client.verdicts('S098').slice(-2);
            assert.equal(silent?.text, 'quiet feed_silent');
            const ms = stale!.at - silent!.at;
            assert.ok(ms >= 4_000 - SLACK_MS && ms <= 4_000 + SLACK_MS, `${ms}`);
            assert.ok(client.heard('pong') - pongs >= 3, 'pongs meanwhile');
            assert.deepEqual(client.trusted(few), few);
            await peer.list('S098', true);
            await untilWell([client], ['S098', ...few]);
            assert.equal(client.tries.length, 1);
          },
          { heartbeat: 1_000 },
        );
      });

      it('PE7 rows that were held up on the way are delayed, not live, and live again once they are in time', async () => {
        await withClients(peer, 1, few, async ([client]) => {
          await untilWell([client], few);
          client.last!.socket.pause();
          await sleep(7_000);
          assert.equal(client.verdict('SCOM'), 'stale feed_silent');
          client.last!.socket.resume();
          await untilWell([client], few);
          const texts = client.verdicts('SCOM').map(({ text }) => text);
          assert.deepEqual(texts.slice(-4), ['quiet feed_silent', 'stale feed_silent', 'delayed late_data', 'live ok']);
          assert.ok(client.oldestTrusted < 5_000 + SLACK_MS, `${client.oldestTrusted}`);
          assert.equal(client.tries.length, 1);
        });
      });

      it('PE8 rows of a symbol that was given up change nothing, however often it is taken and given up', async () => {
        await withClients(peer, 1, ['SCOM'], async ([client]) => {
          await untilWell([client], ['SCOM']);
          for (let i = 0; i < 3; i += 1) {
            const undo = client.stream.subscribe(['KCB'], () => {});
            // A round that was under way may still bring a row before the server has heard of the new wish.
            await until(
              () => client.trusts(['KCB']) && client.said('subscribe').length === i + 2,
              () => client.verdict('KCB'),
            );
            undo();
            await until(
              () => client.said('unsubscribe').length === i + 1,
              () => JSON.stringify(client.said('unsubscribe')),
            );
            assert.equal(client.stream.ticker('KCB'), undefined);
            assert.equal(client.verdict('KCB'), 'disconnected not_subscribed');
          }
          await sleep(300);
          assert.equal(client.stream.ticker('KCB'), undefined);
          assert.deepEqual(client.trusted(['SCOM']), ['SCOM']);
          assert.equal(client.stream.metrics().refused, 0);
        });
      });

      it('PE9 changes of a watch list every 25 ms are gathered; they starve nobody once they end', async () => {
        await withClients(peer, 1, few, async ([client]) => {
          await untilWell([client], few);
          const many = peer.symbols.slice(6);
          const undo: (() => void)[] = [];
          const begunAt = Date.now();
          for (let i = 0; Date.now() < begunAt + 3_000; i += 1) {
            undo.push(client.stream.subscribe([many[i % many.length]!], () => {}));
            if (i >= 20) undo[i - 20]!();
            await sleep(25);
          }
          const rounds = (Date.now() - begunAt) / 100;
          const changes = client.said('subscribe').length + client.said('unsubscribe').length;
          assert.ok(client.said('subscribe').length <= rounds + 2, `${client.said('subscribe').length} in ${rounds}`);
          assert.ok(changes < undo.length, `${changes} messages for ${undo.length} changes`);
          await until(
            () => client.trusts(few) && client.verdict('SCOM') === 'live ok',
            () => client.verdict('SCOM'),
          );
          for (const end of undo) end();
        });
      });

      it('PE10 an address that it answers with HTTP 500 is met with growing waits and told once', async () => {
        const src = peer.url.replace('/ws/market/', '/ws/market');
        await withClients(
          peer,
          1,
          few,
          async ([client]) => {
            await until(
              () => client.tries.length >= 5,
              () => `${client.tries.length} tries`,
            );
            for (const [i, wait] of client.waits.slice(1).entries()) {
              assert.ok(wait >= (BASE_MS * 2 ** (i + 2)) / 3 - 50, `${client.waits.join()}`);
            }
            assert.deepEqual(
              client.errors.map(({ code }) => code),
              ['unreachable'],
            );
          },
          { src },
        );
      });
    });

    it('PE12 killed and started again it is back with what its table has, for every client', async () => {
      await withClients(peer, 10, few, async (clients) => {
        await untilWell(clients, few);
        await peer.daphne.end('SIGKILL');
        await until(
          () => clients.every(({ tries }) => tries[0]?.code === 1006 && Number.isNaN(tries[1]?.openedAt)),
          () => clients.map(({ tries }) => tries[0]?.code).join(),
        );
        for (const client of clients) assert.deepEqual(client.trusted(few), []);
        await sleep(1_500);
        await peer.daphne.start();
        await untilWell(clients, few);
        for (const { errors } of clients) {
          assert.deepEqual(
            errors.map(({ code }) => code),
            ['unreachable'],
          );
        }
        const table = await peer.rest();
        const isRight = ({ stream }: PeerClient): boolean =>
          few.every((symbol) => Number(stream.ticker(symbol)?.price) === table.get(symbol)?.price);
        await until(
          () => clients.every(isRight),
          () => `${clients.filter(isRight).length} of ${clients.length} are right`,
        );
        await peer.go();
      });
    });
  });

  describe('that is lost and comes back', { concurrency: false }, () => {
    let peer: DjangoPeer;
    before(async () => {
      peer = await DjangoPeer.start();
    });
    after(() => peer.stop());

    it('PE11 without Redis it accepts and hangs up with 1011: the waits grow, nothing old is believed, and all are back', async () => {
      await withClients(peer, 20, peer.symbols, async (clients) => {
        await untilWell(clients, peer.symbols);
        await peer.redis.end('SIGTERM');
        await until(
          () => clients.every(({ tries }) => tries[0]?.code === 1011),
          () => clients.map(({ tries }) => tries[0]?.code).join(),
        );
        const refusals = (client: PeerClient): number => client.tries.filter(({ code }) => code !== 0).length;
        await until(
          () => clients.every((client) => refusals(client) >= 4),
          () => clients.map(refusals).join(),
        );
        for (const { tries, waits, oldestTrusted } of clients) {
          const over = tries.filter(({ code }) => code !== 0);
          for (const { code, openedAt } of over) assert.ok(code === 1011 && openedAt > 0, `${code} ${openedAt}`);
          for (const [i, wait] of waits.slice(0, over.length - 1).entries()) {
            assert.ok(wait >= (BASE_MS * 2 ** (i + 1)) / 3 - 20, `wait ${i}: ${waits.join()}`);
          }
          // Before it hangs up it may answer, and even send a row.
          assert.ok(oldestTrusted < 2_000 + SLACK_MS, `${oldestTrusted}`);
        }
        await peer.redis.start();
        await untilWell(clients, peer.symbols);
        for (const { errors } of clients) assert.deepEqual(errors, []);
      });
    });
  });

  describe('that is slow', { concurrency: false }, () => {
    let peer: DjangoPeer;
    before(async () => {
      peer = await DjangoPeer.start(100);
    });
    after(() => peer.stop());

    it('PE13 frozen with its sockets open it is in doubt within a heartbeat or two, dropped, and found again', async () => {
      await withClients(
        peer,
        2,
        ['SCOM', STILL],
        async (clients) => {
          await untilWell(clients, ['SCOM', STILL]);
          process.kill(peer.daphne.pid!, 'SIGSTOP');
          await sleep(2_000 + SLACK_MS);
          for (const client of clients) assert.deepEqual(client.trusted(['SCOM', STILL]), []);
          await until(
            () => clients.every(({ stream }) => stream.state === 'reconnecting'),
            () => clients.map(({ stream }) => stream.state).join(),
          );
          process.kill(peer.daphne.pid!, 'SIGCONT');
          await untilWell(clients, ['SCOM', STILL]);
        },
        { heartbeat: 1_000 },
      );
    });

    it('PE14 under more load than it carries no symbol is stale while its rows come, and no late row is trusted', async () => {
      const busy = new WebSocket(peer.url);
      await once(busy, 'open');
      await withClients(peer, 5, peer.symbols, async (clients) => {
        await untilWell(clients, peer.symbols);
        busy.send(
          JSON.stringify({ type: 'subscribe', symbols: Array.from({ length: 2_000 }, (_, i) => `NOBODY${i}`) }),
        );
        await sleep(6_000);
        const wrong = clients.flatMap((client) => client.wronglyStale);
        assert.deepEqual(wrong, []);
        for (const { oldestTrusted, tries } of clients) {
          assert.ok(oldestTrusted < 10_000 + SLACK_MS, `${oldestTrusted}`);
          assert.equal(tries.length, 1);
        }
        busy.close();
        await untilWell(clients, peer.symbols);
      });
    });
  });
});
