/**
 * A stream on real sockets to a server that misbehaves. Whatever happens: the books end equal to the server's, no book is
 * trusted that the market never showed, one connection and one subscription are left, and nothing after the end.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acquireStream } from '../../src/stream/shared-stream.js';
import type { WakeEvent } from '../../src/stream/wake.js';
import { endure, type FaultBench, until, withBench } from '../support/fault-bench.js';
import type { Fault, FaultyLink } from '../support/faulty-server.js';

/** Frame by frame what a link is sent: greeting, pong, confirmation, two snapshots, then changes. */
const GREETING = 0;
const PONG = 1;
const FIRST_CHANGE = 5;
const FRAMES = Array.from({ length: 13 }, (_, at) => at);
/** Without the greeting: what comes of its loss has a rule of its own. */
const AFTER_GREETING = FRAMES.slice(PONG);

/** What goes wrong with the first connections; those that follow are well. */
const first =
  (...connections: readonly (readonly Fault[])[]) =>
  (connection: number): readonly Fault[] =>
    connections[connection] ?? [];
/** Each wait is at least a third of a ceiling that doubles, from twice the bench's half second on. */
const mustGrow = (waits: readonly number[]): void => {
  for (const [i, wait] of waits.entries()) {
    const ceiling = 500 * 2 ** (i + 1);
    // Timers are a little early, and a handshake takes its time.
    assert.ok(wait >= ceiling / 3 - 30 && wait <= ceiling + 1_500, `${waits.join()} ms between the tries`);
  }
};
const isDelta = (text: string | undefined): boolean => text?.includes('order_book_delta') === true;
const metBy = ({ server }: FaultBench): FaultyLink['met'] => server.links.flatMap(({ met }) => met);

describe('a server that fails', { concurrency: 6 }, () => {
  for (const at of FRAMES) {
    it(`FT1 a link is reset in place of frame ${at}`, () => endure(first([{ do: 'kill', at }])));
    it(`FT1 a link ends in the middle of frame ${at}`, () => endure(first([{ do: 'tear', at }])));
  }

  it('FT1 a link is reset while a lost frame is made up for, and the next one at each of its first frames', () =>
    endure(
      first(
        [
          { do: 'drop', at: 6 },
          { do: 'kill', at: 8 },
        ],
        ...AFTER_GREETING.slice(0, 6).map((at): Fault[] => [{ do: 'kill', at }]),
      ),
      ({ server }) => assert.equal(server.links.length, 8),
    ));

  for (const kind of ['drop', 'repeat', 'swap', 'late'] as const) {
    for (const at of AFTER_GREETING) {
      it(`FT2 ${kind} of frame ${at}`, () =>
        endure(first([kind === 'late' ? { do: kind, at, by: 3 } : { do: kind, at }]), (bench) => {
          const { gaps, resyncs, reconnects } = bench.stream.metrics();
          assert.equal(reconnects, 0);
          if (kind === 'repeat') assert.deepEqual([gaps, resyncs], [0, 0], 'what is repeated disturbs nobody');
          // Of two that are swapped only such as speak of one book contradict each other.
          if (kind === 'drop' && isDelta(metBy(bench)[0])) assert.ok(gaps >= 1, 'noticed');
        }));
    }
  }

  it('FT3 a lost greeting costs the book of that link, and shows no other', () =>
    withBench(first([{ do: 'drop', at: GREETING }]), async (bench) => {
      bench.follow();
      const [symbol = ''] = bench.symbols;
      await until(
        () => bench.stream.ticker(symbol) !== undefined,
        () => 'a ticker',
      );
      assert.equal(bench.stream.status.dialect, 'guide');
      assert.deepEqual(bench.stream.verdict(symbol).verified, { by: 'nothing' });
      assert.equal(bench.stream.book(symbol), undefined);
      bench.stream.reconnect();
      await bench.settle();
      assert.equal(bench.stream.status.dialect, 'touchline');
    }));

  for (const at of [GREETING, PONG, FIRST_CHANGE - 1, 12]) {
    it(`FT4 a server that is gone from frame ${at} on, without a word, is stale in time and left in time`, () =>
      withBench(first([{ do: 'freeze', at }]), async (bench) => {
        let frozenAt = Number.NaN;
        bench.stream.observe(() => {
          if (bench.server.links[0]?.isFrozen === true) frozenAt ||= bench.clock.now();
        });
        bench.follow();
        await bench.settle();
        assert.equal(bench.server.links.length, 2);
        const doubtedAt = bench.firstAt(/^(stale|disconnected|resyncing)/, frozenAt - 250);
        const backAt = bench.firstAt(/^live/, doubtedAt);
        // Two heartbeats of 5 s until it is in doubt, one more until it is left, 5 s to be back; 2 s are the machine's.
        assert.ok(doubtedAt - frozenAt <= 12_000, `in doubt after ${doubtedAt - frozenAt} ms`);
        assert.ok(backAt - frozenAt <= 22_000, `back after ${backAt - frozenAt} ms`);
      }));
  }

  it('FT5 a server that takes connections and answers no handshake is given up after ten seconds, each time', () =>
    endure(first([{ do: 'hang' }], [{ do: 'hang' }]), async ({ server, errors }) => {
      for (const wait of server.waits) assert.ok(wait >= 10_000 && wait <= 15_000, `${wait} ms between two tries`);
      assert.equal(errors.filter(({ code }) => code === 'unreachable').length, 1);
      await until(
        () => server.tcpConnections === 1,
        () => 'the sockets that hung to be gone',
      );
    }));

  for (const fault of [
    { do: 'refuse', status: 500 },
    { do: 'refuse', status: 429, retryAfterS: 5 },
    { do: 'refuse', status: 403 },
    { do: 'cut' },
  ] as const satisfies readonly Fault[]) {
    const name = fault.do === 'cut' ? 'cut off' : `answered with ${fault.status}`;
    it(`FT6 a handshake that is ${name} is met with growing waits, told once, and got over`, () =>
      endure(first([fault], [fault], [fault], [fault]), ({ server, errors }) => {
        assert.equal(server.links.length, 5);
        mustGrow(server.waits);
        assert.deepEqual(
          errors.map(({ code }) => code),
          ['unreachable'],
        );
      }));
  }

  it('FT7 nobody at the address at all ends no process, and is told once', () =>
    withBench(first(), async (bench) => {
      await bench.server.stop();
      bench.follow();
      await until(
        () => bench.stream.status.attempt >= 3,
        () => 'three tries',
      );
      assert.deepEqual(
        bench.errors.map(({ code }) => code),
        ['unreachable'],
      );
    }));

  it('FT7 a socket that is let go while it connects ends no process', () =>
    withBench(first([{ do: 'hang' }]), async (bench) => {
      bench.stream.connect();
      await until(
        () => bench.server.links.length === 1,
        () => 'a handshake',
      );
    }));

  it('FT8 a server that is silent after the handshake is left, and does not pass for the guide’s for good', () =>
    endure(first([{ do: 'mute' }], [{ do: 'mute' }], [{ do: 'mute' }]), ({ server, stream }) => {
      for (const wait of server.waits) assert.ok(wait >= 10_000, `left after ${wait} ms`);
      assert.equal(stream.status.dialect, 'touchline');
    }));

  for (const code of [undefined, 1000, 1001, 1008, 1009, 1011, 1012, 1013, 3000, 4000, 4400, 4401, 4408, 4429, 4999]) {
    it(`FT9 a goodbye with ${code ?? 'no code'} in place of a frame is got over`, () =>
      withBench(first([{ do: 'close', at: 7, ...(code !== undefined && { code }) }]), async (bench) => {
        const seen = code ?? 1005;
        let lostAt = Number.NaN;
        bench.stream.observe(() => {
          const { closeCode, since } = bench.stream.status;
          if (closeCode === seen) lostAt ||= since;
        });
        bench.follow();
        await bench.settle();
        const waited = (bench.server.last?.askedAt ?? 0) - lostAt;
        // The timer starts a moment before the status says so: time moves by 150 ms at once at most.
        assert.ok(waited >= (code === 1008 || code === 4429 ? 9_800 : 0), `back after ${waited} ms`);
        assert.equal(bench.server.links.length, 2);
      }));
  }

  for (const code of [4403, 4409]) {
    it(`FT9 a goodbye with ${code} is final, with the server’s words`, () =>
      withBench(first([{ do: 'close', at: 7, code, reason: 'enough' }]), async (bench) => {
        bench.follow();
        await until(
          () => bench.stream.state === 'closed',
          () => 'the end',
        );
        assert.deepEqual([bench.stream.status.reason, bench.stream.status.closeCode], ['refused', code]);
        assert.match(bench.errors[0]?.message ?? '', /It says: enough/);
        bench.wake.send('online');
        assert.equal(bench.sockets.length, 1);
        assert.equal(bench.stream.verdict(bench.symbols[0] ?? '').state, 'disconnected');
        assert.deepEqual(bench.lies, []);
      }));
  }

  for (const at of [GREETING, PONG, FIRST_CHANGE - 1]) {
    it(`FT10 a server that closes each link with 1011 at frame ${at} is met with growing waits`, () => {
      const close: readonly Fault[] = [{ do: 'close', at, code: 1011 }];
      return endure(first(close, close, close, close, close, close), ({ server }) => mustGrow(server.waits));
    });
  }

  it('FT11 the wait that a server asks for before it hangs up is kept, wake or not', () => {
    const data = { code: 'overloaded', message: 'later', fatal: true, retryAfterMs: 20_000 };
    const plan = first([
      { do: 'say', at: 7, frame: JSON.stringify({ type: 'error', data }) },
      { do: 'close', at: 8, code: 1013 },
    ]);
    return withBench(plan, async (bench) => {
      bench.follow();
      await until(
        () => bench.stream.status.closeCode === 1013,
        () => 'the goodbye',
      );
      const lostAt = bench.clock.now();
      bench.wake.send('online');
      bench.wake.send('visible');
      await bench.settle();
      const waited = (bench.server.last?.askedAt ?? 0) - lostAt;
      assert.ok(waited >= 19_500 && waited <= 23_000, `came back after ${waited} ms`);
    });
  });

  it('FT12 a server that stops reading harms no book that it sends, and none is trusted that it was not asked for', () =>
    withBench(first([{ do: 'deafen', at: 8, ms: 20_000 }]), async (bench) => {
      const [held = '', wanted = ''] = bench.symbols;
      bench.stream.subscribe([held], () => bench.look(), { depth: 10, throttle: 0 });
      await until(
        () => bench.server.links[0]?.isSpent === true,
        () => 'the deaf ear',
      );
      bench.stream.subscribe([wanted], () => bench.look(), { depth: 10, throttle: 0 });
      const state = (symbol: string): string => bench.stream.verdict(symbol).state;
      await until(
        () => state(wanted) === 'stale',
        () => `stale, and not ${state(wanted)}`,
      );
      assert.equal(bench.stream.verdict(wanted).reason, 'feed_silent');
      assert.equal(state(held), 'live');
      await until(
        () => state(wanted) === 'live',
        () => 'what was asked for, once it is read',
      );
      assert.deepEqual(bench.lies, []);
      assert.equal(bench.server.links.length, 1);
    }));

  it('FT13 frames that were held up for eight seconds are told to be late, and then right again, on the same link', () =>
    endure(first([{ do: 'stall', at: 12, ms: 8_000 }]), (bench) => {
      assert.equal(bench.server.links.length, 1);
      assert.ok(bench.firstAt(/^(delayed late_data|stale heartbeat_missed)/) > 0, 'late is said');
      assert.deepEqual([bench.stream.metrics().gaps, bench.stream.metrics().resyncs], [0, 0]);
    }));
});

describe('frames that are none', { concurrency: 6 }, () => {
  const BAD: Readonly<Record<string, string | Buffer>> = {
    'nothing at all': '',
    junk: 'GET / HTTP/1.1',
    'half of a message': '{"type":"order_book_delta","data":{"symbol":"SCOM","bids":[["17',
    'two messages': '{"type":"pong"}{"type":"pong"}',
    'bytes in place of text': Buffer.from('{"type":"pong"}'),
    'a hundred thousand brackets': '['.repeat(100_000),
    'a poisoned prototype':
      '{"type":"order_book_delta","__proto__":{"seq":9},"constructor":{"prototype":{"seq":9}},"data":{"symbol":"SCOM"}}',
    'nine megabytes': `{"type":"pong","id":"${'x'.repeat(9 * 1024 * 1024)}"}`,
    'fifty megabytes': ' '.repeat(50 * 1024 * 1024),
  };
  for (const [name, frame] of Object.entries(BAD)) {
    for (const at of [PONG, 3, 9]) {
      // Once is enough for what is only large.
      if (typeof frame === 'string' && frame.length > 1e7 && at !== 9) continue;
      it(`FT14 ${name} before frame ${at} is counted, the books are asked for anew and the link goes on`, () =>
        endure(first([{ do: 'say', at, frame, binary: typeof frame !== 'string' }]), ({ stream, server, errors }) => {
          assert.equal(stream.metrics().refused, 1);
          assert.equal(server.links.length, 1);
          assert.deepEqual(
            errors.map(({ code }) => code),
            ['refused_message'],
          );
          assert.equal(({} as { seq?: number }).seq, undefined);
        }));
    }
  }

  const BROKEN: Readonly<Record<string, Buffer>> = {
    'text that is no UTF-8': Buffer.from([0x81, 4, 0xff, 0xfe, 0x22, 0x7b]),
    'a frame of no known kind': Buffer.from([0x8b, 0]),
    'a frame with reserved bits': Buffer.from([0xf1, 2, 0x7b, 0x7d]),
    'a masked frame': Buffer.from([0x81, 0x82, 1, 2, 3, 4, 0x7a, 0x7f]),
    'a continuation of nothing': Buffer.from([0x80, 2, 0x7b, 0x7d]),
    'a page of HTML': Buffer.from('<html>502 Bad Gateway</html>'),
  };
  for (const [name, bytes] of Object.entries(BROKEN)) {
    it(`FT15 ${name} costs the link and nothing else`, () =>
      endure(first([{ do: 'write', at: 9, bytes }]), ({ stream, server }) => {
        assert.equal(server.links.length, 2);
        assert.equal(stream.metrics().reconnects, 1);
        assert.equal(stream.metrics().refused, 0);
      }));
  }
});

describe('a page that comes and goes', { concurrency: 6 }, () => {
  /** Twenty times in ten seconds. */
  const flap = async (bench: FaultBench, events: readonly WakeEvent[]): Promise<void> => {
    for (let round = 0; round < 20; round += 1) {
      for (const event of events) bench.wake.send(event);
      const next = bench.clock.now() + 500;
      await until(
        () => bench.clock.now() >= next,
        () => 'half a second',
      );
    }
  };

  it('FT16 twenty flaps of the network in ten seconds leave the one connection that there was', () =>
    withBench(first(), async (bench) => {
      bench.follow();
      await flap(bench, ['offline', 'online', 'hidden', 'visible']);
      await bench.settle();
      assert.equal(bench.server.links.length, 1);
    }));

  it('FT16 flaps while the server is away make at most one try a second, and one connection in the end', () => {
    let isHealed = false;
    return withBench(
      () => (isHealed ? [] : [{ do: 'cut' }]),
      async (bench) => {
        bench.follow();
        const startedAt = bench.clock.now();
        await flap(bench, ['offline', 'online', 'visible']);
        const seconds = (bench.clock.now() - startedAt) / 1_000;
        assert.ok(bench.server.links.length <= seconds + 1, `${bench.server.links.length} tries in ${seconds} s`);
        isHealed = true;
        await bench.settle();
      },
    );
  });

  /** Waits until the books are there. */
  const live = (bench: FaultBench): Promise<void> =>
    until(
      () => bench.stream.verdict(bench.symbols[0] ?? '').state === 'live',
      () => 'a live book',
    );

  it('FT17 a page that is put away closes its socket, and is back with the same wish and the right books', () =>
    withBench(first(), async (bench) => {
      bench.follow();
      await live(bench);
      bench.wake.send('suspend');
      await until(
        () => bench.server.alive === 0 && bench.server.tcpConnections === 0,
        () => 'the socket to be gone',
      );
      bench.wake.send('resume');
      await bench.settle();
      assert.equal(bench.server.links.length, 2);
    }));

  for (const order of ['before', 'after']) {
    it(`FT17 a socket that a browser cut while the page was kept, told ${order} the return, is made anew once`, () =>
      withBench(first(), async (bench) => {
        bench.follow();
        await live(bench);
        if (order === 'after') bench.wake.send('resume');
        bench.server.last?.destroy();
        await until(
          () => bench.stream.state === 'reconnecting',
          () => 'the loss',
        );
        bench.wake.send('resume');
        bench.wake.send('visible');
        await bench.settle();
        assert.equal(bench.server.links.length, 2);
      }));
  }
});

describe('two copies of the kit on a page', () => {
  it('FT18 make one connection, and an element that is moved a hundred times between them one subscription', () =>
    withBench(first(), async (bench) => {
      const copy = (await import(new URL('../../src/stream/shared-stream.ts?second', import.meta.url).href)) as {
        acquireStream: typeof acquireStream;
      };
      const options = {
        src: `${bench.server.url}?shared`,
        clock: bench.clock,
        transport: bench.transport,
        wake: bench.wake.source,
      };
      const copies = [acquireStream, copy.acquireStream];
      let leave = (): void => {};
      for (let move = 0; move < 100; move += 1) {
        leave();
        const lease = copies[move % 2]!(options);
        const undo = lease.stream.subscribe(bench.symbols, () => {}, { depth: 10 });
        leave = () => {
          undo();
          lease.release();
        };
        await new Promise(setImmediate);
      }
      const { last } = bench.server;
      await until(
        () => (last?.made ?? 0) > 20,
        () => 'frames',
      );
      assert.equal(bench.server.links.length, 1);
      const forBooks = last
        ?.got('subscribe')
        .filter(({ channels }) => (channels as string[] | undefined)?.includes('book'));
      assert.deepEqual([forBooks?.length, last?.got('unsubscribe').length], [1, 0]);
      leave();
      await until(
        () => bench.clock.size === 1 && bench.server.alive === 0,
        () => 'the end of the shared stream',
      );
    }));
});
