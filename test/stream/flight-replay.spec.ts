import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'node:test';
import { makeBench, row, serveGuide, serveTouchline, snapshot, delta, type Bench } from '../support/fake-server.js';
import {
  bookOf,
  decisionsOf,
  linesOf,
  playFlight,
  recordingOf,
  startFlight,
  textsOf,
  untilOpen,
} from '../support/flight.js';
import { ServedWire } from '../support/served-wire.js';

const SYMBOLS = ['SCOM', 'KCB'];

/** A stream of our own protocol over a market that moves. */
function makeServed(options: Parameters<typeof makeBench>[0] = {}): { bench: Bench; served: ServedWire } {
  const bench = makeBench(options);
  const served = new ServedWire(bench, { symbols: 2, rate: 20 });
  bench.stream.subscribe([...SYMBOLS, 'NOPE'], () => {}, { trades: true, depth: 10 });
  served.pass(1_000);
  return { bench, served };
}

/** All that a recording is to bring back of a symbol. */
const shownOf = ({ stream }: Pick<Bench, 'stream'>, symbol: string): unknown => {
  const { receiveTime: _, ...ticker } = stream.ticker(symbol) ?? { receiveTime: 0 };
  return { book: bookOf(stream, symbol), ticker, phase: stream.phase(symbol), instrument: stream.instrument(symbol) };
};

/** The last verdict of a symbol before the recording ended and closed everything. */
const lastVerdict = (text: string, symbol: string): string => {
  const verdicts = decisionsOf(text, 'verdict') as [string, string, string][];
  const [, state, reason] =
    verdicts.filter(([name, state]) => name === symbol && state !== 'disconnected').at(-1) ?? [];
  return `${state} ${reason}`;
};

describe('a recording that is played', () => {
  it('FR9 a stream of our own protocol ends as the live one did, wherever the recording begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 150_000 }),
        fc.constantFrom(30_000, 200_000, 8_388_608),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom('lost', 'drop', 'phase')), {
          maxLength: 4,
        }),
        async (lengthMs, recorderSize, events) => {
          const { bench, served } = makeServed({ recorderSize });
          let passed = 0;
          for (const [at, what] of [...events].sort(([a], [b]) => a - b)) {
            served.pass(Math.max(0, Math.min(at, lengthMs) - passed));
            passed = Math.max(passed, Math.min(at, lengthMs));
            if (what === 'drop') bench.wire.last.drop();
            else if (what === 'phase')
              served.market.setPhase('SCOM', passed % 2 === 0 ? 'halted' : 'continuous', served.now());
            else {
              let lost = 0;
              served.onFrame = (frame) => (frame.includes('order_book_delta') && lost++ === 0 ? null : frame);
            }
          }
          served.pass(lengthMs - passed);
          const text = await recordingOf(bench);
          const played = await playFlight(text, [...SYMBOLS, 'NOPE']);
          const again = await recordingOf(played);
          assert.deepEqual(textsOf(again), textsOf(text, true), 'byte for byte');
          assert.deepEqual(linesOf(text)[0]?.['exactFrom'] === null, false);
          for (const symbol of [...SYMBOLS, 'NOPE']) {
            if (bench.stream.state !== 'open') continue;
            const { state, reason } = bench.stream.verdict(symbol);
            if (state === 'live' || state === 'closed')
              assert.deepEqual(shownOf(played, symbol), shownOf(bench, symbol));
            if (state !== 'quiet') assert.equal(lastVerdict(again, symbol), `${state} ${reason}`);
          }
          played.stream.dispose();
          bench.stream.dispose();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('FR9 changes that waited for their snapshot when the recording begins are not missing after it', async () => {
    const bench = makeBench();
    serveTouchline(bench, { snapshots: false });
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(200);
    bench.wire.last.push(delta('SCOM', 5, 6, [['17.40', '7']]));
    bench.clock.pass(120_000);
    bench.wire.last.push(snapshot('SCOM', 5));
    assert.equal(bench.stream.book('SCOM')?.sequence, 6);
    const text = await recordingOf(bench);
    assert.ok(!textsOf(text).some((frame) => frame.includes('order_book_delta')), 'it came before the beginning');
    const { stream } = await playFlight(text, ['SCOM']);
    assert.deepEqual(bookOf(stream, 'SCOM'), bookOf(bench.stream, 'SCOM'));
    bench.stream.dispose();
  });

  it("FR10 a stream of the guide's dialect ends with the live rows, wherever the recording begins", async () => {
    for (const recorderSize of [4_000, 8_388_608]) {
      const bench = makeBench({ recorderSize });
      serveGuide(bench);
      bench.stream.subscribe(SYMBOLS, () => {});
      bench.clock.pass(200);
      // One of them is never heard of again: what was known of it stands at the start.
      bench.wire.last.push(row('KCB', 30.1, bench.clock.now()));
      for (let i = 0; i < 1_000; i++, bench.clock.pass(100))
        bench.wire.last.push(row('SCOM', 17 + i / 100, bench.clock.now()));
      const text = await recordingOf(bench);
      assert.equal(linesOf(text)[0]?.['dialect'], 'guide');
      const played = await playFlight(text, SYMBOLS);
      assert.equal(played.stream.status.dialect, 'guide');
      for (const symbol of SYMBOLS) assert.deepEqual(shownOf(played, symbol), shownOf(bench, symbol));
      assert.deepEqual(textsOf(await recordingOf(played)), textsOf(text, true));
      bench.stream.dispose();
    }
  });

  it('FR6 every character of every frame comes back', async () => {
    const bench = makeBench({ recorderSize: 1e8 });
    bench.wire.onConnect = (socket) => socket.accept();
    bench.stream.connect();
    const frames = [
      '',
      ' ',
      'a\nb\r\nc',
      '\0',
      '\u2028\u2029',
      '\ud800',
      'x\udfff\ud800',
      '😀'.repeat(10),
      '"\\',
      '\ufeff',
      'y'.repeat(8 * 1024 * 1024),
    ];
    for (const frame of frames) bench.wire.last.pushText(frame);
    const text = await recordingOf(bench);
    assert.deepEqual(textsOf(text), frames);
    const { stream, clock } = await playFlight(text, []);
    assert.equal(stream.state, 'idle', 'nobody asked for anything');
    const played = startFlight(text, ['SCOM']);
    await untilOpen(played);
    for (let i = 0; i < 100 && played.stream.state === 'open'; i++) played.clock.pass(10);
    assert.deepEqual(textsOf(await recordingOf(played)), frames);
    assert.equal(clock.size, 0);
    // Of strings that a generator thinks of, too.
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (frame) => {
        const line = JSON.stringify({ at: 1, on: 1, in: frame });
        assert.equal((JSON.parse(line) as { in: string }).in, frame);
        assert.ok(!line.includes('\n'));
      }),
    );
  });

  it('FR9 frames come at their times, or so many times faster', async () => {
    const { bench, served } = makeServed();
    served.pass(3_000);
    const text = await recordingOf(bench);
    const heard = linesOf(text).filter((line) => Object.hasOwn(line, 'in'));
    const first = heard[0]!['at'] as number;
    for (const speed of [1, 10]) {
      const played = startFlight(text, SYMBOLS, { speed: String(speed) });
      await untilOpen(played);
      const startedAt = played.clock.now();
      while (played.stream.state === 'open') played.clock.pass(1);
      const again = linesOf(await recordingOf(played)).filter((line) => Object.hasOwn(line, 'in'));
      assert.equal(again.length, heard.length);
      for (const [i, line] of again.entries()) {
        const late = (line['at'] as number) - startedAt - ((heard[i]!['at'] as number) - first) / speed;
        assert.ok(late >= 0 && late <= 10, `frame ${i} came ${late} ms late`);
      }
    }
  });

  it('FR13 several connections are one stream: when the last has ended every book is doubted until its next snapshot', async () => {
    const at = 1_795_339_254_000;
    const line = (what: object): string => JSON.stringify(what);
    const greeting = JSON.stringify({
      type: 'welcome',
      id: 'hello',
      data: {
        protocol: 1,
        session: 's',
        serverTime: 0,
        heartbeatMs: 15_000,
        features: ['book'],
        limits: { symbols: 9, messagesPerSecond: 9, ordersPerSecond: 9, messageBytes: 9 },
        authRequired: [],
      },
    });
    const head = line({ 'touchline-flight': 1, venue: 'touchline' });
    const before = [
      { at, on: 1, in: greeting },
      { at, on: 1, in: JSON.stringify(snapshot('SCOM', 5)) },
      { at: at + 10, on: 2, in: greeting },
      { at: at + 10, on: 2, in: JSON.stringify(snapshot('KCB', 7)) },
      { at: at + 20, on: 2, close: [1006, ''] },
      { at: at + 20, on: 1, in: JSON.stringify(delta('SCOM', 5, 6)) },
      { at: at + 30, on: 1, close: [1006, ''] },
    ];
    const after = [
      { at: at + 40, on: 3, in: greeting },
      { at: at + 50, on: 3, in: JSON.stringify(delta('SCOM', 6, 7)) },
      { at: at + 60, on: 3, in: JSON.stringify(snapshot('SCOM', 7)) },
    ];
    const text = [head, ...[...before, ...after].map(line)].join('\n');
    const { stream, clock } = await playFlight(text, SYMBOLS);
    const verdicts = (decisionsOf(await recordingOf({ stream, clock }), 'verdict') as string[][]).map((each) =>
      each.join(' '),
    );
    const ofScom = verdicts.filter((verdict) => verdict.startsWith('SCOM') && !verdict.includes('disconnected'));
    assert.deepEqual(ofScom.filter((verdict, i) => verdict !== ofScom[i - 1]).slice(-3), [
      'SCOM live ok',
      'SCOM resyncing awaiting_snapshot',
      'SCOM live ok',
    ]);
    assert.equal(stream.book('SCOM')?.sequence, 7);
    // What comes next may speak another dialect.
    const last = { at: at + 40, on: 3, in: JSON.stringify(row('SCOM', 17.5, 1)) };
    const other = await playFlight([head, ...[...before, last].map(line)].join('\n'), SYMBOLS);
    assert.equal(other.stream.status.dialect, 'guide');
  });

  it('FR13 of a venue each connection is read by itself, and its end makes its own books doubted', async () => {
    const at = 1_795_339_254_000;
    const okx = (
      on: number,
      ms: number,
      instId: string,
      action: string,
      seqId: number,
      prevSeqId: number,
      size = '1',
    ) => ({
      at: at + ms,
      on,
      in: JSON.stringify({
        arg: { channel: 'books', instId },
        action,
        data: [{ bids: [['100', size]], asks: [['101', '1']], ts: String(at + ms), seqId, prevSeqId }],
      }),
    });
    const lines = [
      { 'touchline-flight': 1, venue: 'okx' },
      okx(1, 0, 'BTC-USDT', 'snapshot', 1, -1),
      okx(2, 1, 'ETH-USDT', 'snapshot', 50, -1),
      okx(1, 2, 'BTC-USDT', 'update', 2, 1),
      { at: at + 10, on: 1, close: [1006, ''] },
      okx(2, 20, 'ETH-USDT', 'update', 51, 50),
      // Follows what the other connection was told, but not on this one.
      okx(3, 30, 'BTC-USDT', 'update', 3, 2, '9'),
    ];
    const after = [okx(3, 40, 'BTC-USDT', 'snapshot', 4, -1, '7')];
    const play = async (of: readonly object[]) => {
      const played = await playFlight(of.map((each) => JSON.stringify(each)).join('\n'), ['BTC-USDT', 'ETH-USDT']);
      const verdicts = (decisionsOf(await recordingOf(played), 'verdict') as string[][]).filter(
        ([, state]) => state !== 'disconnected',
      );
      const last = (symbol: string) =>
        verdicts
          .filter(([name]) => name === symbol)
          .at(-1)!
          .join(' ');
      return { played, btc: last('BTC-USDT'), eth: last('ETH-USDT') };
    };
    const doubted = await play(lines);
    assert.deepEqual(
      [doubted.btc, doubted.eth, bookOf(doubted.played.stream, 'BTC-USDT')],
      [
        'BTC-USDT resyncing awaiting_snapshot',
        'ETH-USDT live ok',
        bookOf((await play(lines.slice(0, 5))).played.stream, 'BTC-USDT'),
      ],
    );
    const whole = await play([...lines, ...after]);
    assert.deepEqual([whole.btc, whole.eth], ['BTC-USDT live ok', 'ETH-USDT live ok']);
    assert.equal(whole.played.stream.book('BTC-USDT')?.textAt('bid', 0)?.[1], '7');
  });

  it('FR14 what is played takes no orders, asks for nothing and hears no answer that was another’s', async () => {
    const { bench, served } = makeServed();
    served.pass(2_000);
    const text = await recordingOf(bench);
    const played = startFlight(text, SYMBOLS, { speed: '1' });
    await untilOpen(played);
    played.clock.pass(1_000);
    await assert.rejects(played.stream.request('order_place', { clientOrderId: 'c1' }), { code: 'not_connected' });
    played.clock.pass(1_500);
    const said = linesOf(await recordingOf(played)).filter((line) => Object.hasOwn(line, 'out'));
    assert.deepEqual(said, [], 'a wish is not even said');
    assert.equal(played.stream.verdict('SCOM').state, 'live');
    await assert.rejects(played.stream.request('order_place', { clientOrderId: 'c1' }), { code: 'not_connected' });
    played.stream.dispose();
    assert.equal(played.clock.size, 0);
  });
});
