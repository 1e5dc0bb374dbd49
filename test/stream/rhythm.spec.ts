import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FeedSilence } from '../../src/stream/feed-silence.js';
import { Rhythm } from '../../src/stream/rhythm.js';
import { type Bench, delta, makeBench, row, serveTouchline, snapshot } from '../support/fake-server.js';
import { recordedSession } from '../support/recorded-session.js';
import { recordingsFolder } from '../support/recordings.js';
import { makeVenueBench } from '../support/venue-wire.js';

const verdict = ({ stream }: Bench, symbol = 'SCOM'): string => {
  const { state, reason } = stream.verdict(symbol);
  return `${state} ${reason}`;
};

/** A bench of protocol 1 with good books, and a way to let each tick at a rhythm of its own. */
const makeMarket = (...symbols: readonly string[]) => {
  const bench = makeBench();
  serveTouchline(bench);
  bench.stream.subscribe(symbols, () => {});
  bench.clock.pass(100);
  let price = 0;
  const sequences = new Map(symbols.map((symbol) => [symbol, 1]));
  const tick = (symbol: string): void => {
    const before = sequences.get(symbol) ?? 1;
    sequences.set(symbol, before + 1);
    price += 1;
    bench.wire.last.push(delta(symbol, before, before + 1, [['17.50', String(100 + (price % 50))]]));
  };
  /** Ticks each symbol every so many milliseconds. */
  const run = (ms: number, rhythms: Readonly<Record<string, number>>): void => {
    for (let at = 0; at < ms; at += 50) {
      for (const [symbol, every] of Object.entries(rhythms)) if (at % every === 0) tick(symbol);
      bench.clock.pass(50);
    }
  };
  return { ...bench, tick, run };
};

describe('a rhythm', () => {
  it('VD30 is not known before eight gaps, and then lies between 1.5 s and a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 200 }), (gaps) => {
        const rhythm = new Rhythm();
        let now = 1_000_000;
        let learnt = 0;
        rhythm.heard(now);
        for (const gap of gaps) {
          now += gap;
          rhythm.heard(now);
          learnt += gap >= 50 ? 1 : 0;
          if (!rhythm.isLearnt) assert.equal(rhythm.plausibleMs, 5_000);
          assert.ok(rhythm.plausibleMs >= 1_500 && rhythm.plausibleMs <= 60_000, String(rhythm.plausibleMs));
        }
        if (learnt >= 8) assert.ok(rhythm.isLearnt);
      }),
    );
  });

  it('VD30 of even gaps is three of them; what comes at once is one arrival', () => {
    for (const [gap, plausible] of [
      [100, 1_500],
      [1_000, 3_000],
      [10_000, 30_000],
      [50_000, 60_000],
    ] as const) {
      const rhythm = new Rhythm();
      for (let i = 0; i < 100; i += 1) for (let one = 0; one < 10; one += 1) rhythm.heard(i * gap + one);
      assert.ok(Math.abs(rhythm.plausibleMs - plausible) < 30, `${gap}: ${rhythm.plausibleMs}`);
    }
  });

  it('VD30 forgets one long pause within a few seconds of a quick market', () => {
    const rhythm = new Rhythm();
    let now = 0;
    const run = (count: number): void => {
      for (let i = 0; i < count; i += 1) rhythm.heard((now += 50));
    };
    run(200);
    now += 600_000;
    run(40);
    assert.ok(rhythm.plausibleMs <= 4_000, `${rhythm.plausibleMs} ms`);
  });
});

describe('liveness by its own rhythm', () => {
  it('VD32 a gap that was skipped teaches nothing', () => {
    const rhythm = new Rhythm();
    for (let i = 0; i < 20; i += 1) rhythm.heard(i * 1_000);
    const before = rhythm.plausibleMs;
    rhythm.skip();
    rhythm.heard(600_000);
    assert.equal(rhythm.plausibleMs, before);
  });

  it('VD31 a symbol that ticked twenty times a second is quiet within two seconds of its last tick', () => {
    const market = makeMarket('SCOM', 'KCB');
    market.run(10_000, { SCOM: 50, KCB: 50 });
    assert.equal(verdict(market), 'live ok');
    const told: number[] = [];
    const stoppedAt = market.clock.now();
    market.stream.subscribe(['SCOM'], ({ verdict: isVerdict }) => {
      if (isVerdict && market.stream.verdict('SCOM').state === 'quiet') told.push(market.clock.now() - stoppedAt);
    });
    // The other goes on: it is the symbol that is quiet, not the feed.
    market.run(3_000, { KCB: 50 });
    assert.equal(verdict(market), 'quiet no_news');
    assert.equal(verdict(market, 'KCB'), 'live ok');
    assert.ok((told[0] ?? Infinity) <= 2_000, `told after ${told[0]} ms`);
    market.tick('SCOM');
    assert.equal(verdict(market), 'live ok');
  });

  it('VD31 a thin symbol on a healthy link is live through its usual pauses, quiet after, and never stale', () => {
    const market = makeMarket('SCOM');
    const states = new Set<string>();
    for (let i = 0; i < 12; i += 1) {
      market.tick('SCOM');
      for (let s = 0; s < 8; s += 1) {
        market.clock.pass(1_000);
        if (i > 9) states.add(verdict(market));
      }
    }
    assert.deepEqual([...states], ['live ok']);
    for (let minute = 0; minute < 60; minute += 1) {
      market.clock.pass(60_000);
      assert.equal(verdict(market), 'quiet no_news');
    }
  });

  it('VD32 what was not lived through teaches no rhythm: a lost link, a sleep, a clock that is set', () => {
    for (const disturb of [
      ({ clock }: Bench) => clock.sleep(600_000),
      ({ clock }: Bench) => clock.set(3_600_000),
      ({ clock }: Bench) => clock.set(-3_600_000),
      ({ clock, wire }: Bench) => {
        wire.last.drop();
        clock.pass(5_000);
      },
    ]) {
      const market = makeMarket('SCOM', 'KCB');
      market.run(5_000, { SCOM: 100, KCB: 100 });
      disturb(market);
      market.clock.pass(300);
      market.wire.last.push(snapshot('SCOM', 1_000), snapshot('KCB', 1_000));
      for (let i = 0; i < 20; i += 1) {
        market.wire.last.push(delta('SCOM', 1_000 + i, 1_001 + i, [['17.50', String(i + 7)]]));
        market.wire.last.push(delta('KCB', 1_000 + i, 1_001 + i, [['17.50', String(i + 7)]]));
        market.clock.pass(250);
      }
      assert.equal(verdict(market), 'live ok');
      market.clock.pass(2_000);
      assert.equal(market.stream.verdict('SCOM').state, 'quiet');
    }
  });
});

describe('a feed that stands still', () => {
  it('VD33 is named once all busy symbols are overdue at one moment, and stale after ten seconds, while every pong comes', () => {
    const market = makeMarket('SCOM', 'KCB', 'EQTY', 'THIN');
    market.run(20_000, { SCOM: 50, KCB: 100, EQTY: 250, THIN: 8_000 });
    market.clock.pass(2_500);
    for (const symbol of ['SCOM', 'KCB', 'EQTY', 'THIN']) assert.equal(verdict(market, symbol), 'quiet feed_silent');
    market.clock.pass(8_000);
    assert.equal(market.stream.state, 'open');
    for (const symbol of ['SCOM', 'THIN']) assert.equal(verdict(market, symbol), 'stale feed_silent');
    market.clock.pass(600_000);
    assert.equal(verdict(market), 'stale feed_silent');
    market.tick('THIN');
    assert.equal(verdict(market), 'quiet no_news', 'the feed lives');
    assert.equal(verdict(market, 'THIN'), 'live ok');
  });

  it('VD33 one busy symbol alone is given thirty seconds', () => {
    const market = makeMarket('SCOM');
    market.run(40_000, { SCOM: 50 });
    market.clock.pass(2_000);
    assert.equal(verdict(market), 'quiet no_news');
    market.clock.pass(9_000);
    assert.equal(verdict(market), 'quiet feed_silent');
    market.clock.pass(18_000);
    assert.equal(verdict(market), 'quiet feed_silent');
    market.clock.pass(2_000);
    assert.equal(verdict(market), 'stale feed_silent');
  });

  it('VD33 a link that paused before is given three times that pause, and one that was hardly heard is not missed', () => {
    const paused = makeMarket('SCOM', 'KCB', 'EQTY');
    const rhythms = { SCOM: 50, KCB: 50, EQTY: 50 };
    paused.run(30_000, rhythms);
    paused.clock.pass(9_000);
    paused.run(30_000, rhythms);
    paused.clock.pass(20_000);
    assert.equal(verdict(paused), 'quiet feed_silent');
    paused.clock.pass(9_000);
    assert.equal(verdict(paused), 'stale feed_silent');

    const young = makeMarket('SCOM', 'KCB', 'EQTY');
    young.run(3_000, rhythms);
    young.clock.pass(60_000);
    assert.equal(verdict(young), 'quiet feed_silent');
  });

  it('VD33 a silence that the page did not live through is nobody’s', () => {
    const silence = new FeedSilence(0);
    const witness = { changedAt: 0, rhythm: { isLearnt: true, plausibleMs: 1_500 } };
    for (let at = 0; at <= 60_000; at += 100) silence.heard((witness.changedAt = at));
    const symbols = [witness, witness, witness];
    assert.equal(
      silence.judge(71_000, () => symbols),
      'standstill',
    );
    silence.skip(71_000);
    assert.equal(
      silence.judge(72_000, () => symbols),
      'none',
    );
  });

  it('VD34 a book that its venue repeats is stale when three repetitions are missing', async () => {
    const bench = await makeVenueBench('bybit');
    bench.stream.subscribe(['BTCUSDT'], () => {}, { depth: 1 });
    bench.clock.pass(100);
    const repeat = (): void =>
      bench.wire.last.push({
        topic: 'orderbook.1.BTCUSDT',
        type: 'snapshot',
        ts: bench.clock.now(),
        data: { s: 'BTCUSDT', b: [['100', '1']], a: [['101', '1']], u: 7, seq: 7 },
        cts: bench.clock.now(),
      });
    for (let i = 0; i < 20; i += 1) {
      repeat();
      bench.clock.pass(3_000);
      assert.notEqual(bench.stream.verdict('BTCUSDT').state, 'stale');
    }
    for (let s = 0; s < 6; s += 1) {
      bench.wire.last.pushText('{"op":"pong"}');
      bench.clock.pass(1_000);
    }
    assert.equal(verdict(bench, 'BTCUSDT'), 'stale feed_silent');
    repeat();
    assert.equal(verdict(bench, 'BTCUSDT'), 'live ok');
  });
});

const folder = recordingsFolder();
const RECORDINGS = [
  ['binance', 'binance/hftbt_usdm_ethusdt_20240808.gz'],
  ['bitget', 'bitget/cf_bitget_spot_ws.txt.gz'],
  ['bitmex', 'bitmex/cf_bitmex_ws.txt.gz'],
  ['bybit-v2', 'bybit/cf_bybit_v2_linear_ws.txt.gz'],
  ['coinbase', 'coinbase/cf_coinbase_ws.txt.gz'],
  ['ftx', 'ftx/cf_ftx_ws.txt.gz'],
  ['hitbtc', 'hitbtc/cf_hitbtc_ws.txt.gz'],
  ['okx', 'okx/cf_okex_2021-07_ws1.txt.gz'],
] as const;

describe('real markets', { skip: folder === undefined && 'no recordings beside the project' }, () => {
  for (const [venue, path] of RECORDINGS) {
    it(`VD35 ${venue} as it was recorded raises no alarm, together or one symbol at a time; stopped, it does`, async () => {
      const { frames, updates } = await recordedSession([new URL(path, folder)], venue);
      const names = new Set(updates.filter((symbol) => symbol !== undefined));
      for (const only of [undefined, ...names]) {
        const symbols = new Map<string, { changedAt: number; rhythm: Rhythm }>();
        let silence: FeedSilence | undefined;
        let now = Number.NaN;
        for (const [i, { atMs }] of frames.entries()) {
          const symbol = updates[i];
          if (symbol === undefined || atMs === undefined || (only !== undefined && symbol !== only)) continue;
          silence ??= new FeedSilence(atMs);
          for (now ||= atMs; now < atMs; now += 250) {
            assert.equal(
              silence.judge(now, () => symbols.values()),
              'none',
              `${symbol} after ${now - atMs} ms`,
            );
          }
          let state = symbols.get(symbol);
          if (state === undefined) symbols.set(symbol, (state = { changedAt: 0, rhythm: new Rhythm() }));
          state.changedAt = atMs;
          state.rhythm.heard(atMs);
          silence.heard(atMs);
        }
        const busy = [...symbols.values()].filter(({ rhythm }) => rhythm.isLearnt && rhythm.plausibleMs <= 5_000);
        if (busy.length >= 3)
          assert.equal(
            silence?.judge(now + 15_500, () => symbols.values()),
            'standstill',
          );
      }
    });
  }
});

describe('a page that was away', () => {
  it('VD36 what arrives in a burst after a freeze does not look live until a ping has been answered', () => {
    const market = makeMarket('SCOM');
    market.run(6_000, { SCOM: 100 });
    const [socket] = market.wire.sockets;
    assert.ok(socket !== undefined);
    const held: unknown[] = [];
    // The page froze without a word, and its socket kept what came: without times there is nothing else to go by.
    const answer = socket.onSent;
    socket.onSent = (message) =>
      message.type === 'ping' && held.push({ type: 'pong', id: message.id, t: message.t, serverTime: 0 });
    market.clock.sleep(8_000);
    for (let i = 0; i < 30; i += 1) {
      market.tick('SCOM');
      assert.equal(verdict(market), 'delayed late_data');
    }
    market.clock.pass(1_000);
    market.wake.send('resume');
    assert.equal(verdict(market), 'delayed late_data');
    assert.ok(held.length > 0, 'asked');
    socket.onSent = answer;
    for (const pong of held) market.wire.last.push(pong);
    market.tick('SCOM');
    assert.equal(verdict(market), 'live ok');
  });

  it('VD36 a venue without times is believed three seconds after it', async () => {
    const bench = await makeVenueBench('coinbase');
    bench.stream.subscribe(['BTC-USD'], () => {});
    bench.clock.pass(100);
    const change = (size: number): void =>
      bench.wire.last.push({ type: 'l2update', product_id: 'BTC-USD', changes: [['buy', '100', String(size)]] });
    bench.wire.last.push({ type: 'snapshot', product_id: 'BTC-USD', bids: [['100', '1']], asks: [['101', '1']] });
    bench.clock.pass(1_000);
    change(2);
    assert.equal(verdict(bench, 'BTC-USD'), 'live ok');
    bench.clock.sleep(8_000);
    change(3);
    assert.equal(verdict(bench, 'BTC-USD'), 'delayed late_data');
    bench.clock.pass(3_000);
    change(4);
    assert.equal(verdict(bench, 'BTC-USD'), 'live ok');
  });

  it('VD36 rows that say their time prove themselves', () => {
    const bench = makeBench();
    bench.wire.onConnect = (socket) => socket.accept();
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(2_100);
    for (let i = 0; i < 10; i += 1) {
      bench.wire.last.push(row('SCOM', i, bench.clock.now()));
      bench.clock.pass(100);
    }
    bench.clock.sleep(7_000);
    bench.wire.last.push(row('SCOM', 55, bench.clock.now() - 6_500));
    assert.equal(verdict(bench), 'delayed late_data');
    bench.wire.last.push(row('SCOM', 56, bench.clock.now()));
    assert.equal(verdict(bench), 'live ok');
  });

  it('ST11 a page that is frozen lets go of its link, and one that is put away while frozen comes back once', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(5_000);
    const [old] = bench.wire.sockets;
    // As a browser tells them: hidden, put away, frozen; then back.
    for (const event of ['hidden', 'suspend', 'suspend'] as const) bench.wake.send(event);
    assert.equal(bench.wire.alive, 0);
    assert.equal(bench.stream.verdict('SCOM').state, 'disconnected');
    bench.clock.sleep(600_000);
    if (old !== undefined) {
      // Chrome's 1006 of a socket that is long gone.
      old.isClosed = false;
      old.drop(1006);
    }
    for (const event of ['resume', 'resume', 'visible'] as const) bench.wake.send(event);
    bench.clock.pass(2_000);
    assert.equal(bench.wire.sockets.length, 2);
    assert.equal(bench.wire.alive, 1);
    assert.equal(bench.wire.last.got('subscribe').length, 1);
  });

  it('ST10 twenty flaps of the network in ten seconds leave a good link alone', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(15_000);
    for (let flap = 0; flap < 20; flap += 1) {
      bench.wake.send(flap % 2 === 0 ? 'offline' : 'online');
      bench.clock.pass(500);
    }
    assert.equal(bench.wire.sockets.length, 1);
    assert.equal(bench.wire.last.got('subscribe').length, 1);
    assert.equal(bench.stream.state, 'open');
  });
});
