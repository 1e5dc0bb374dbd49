import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from '../../src/book/checksum.js';
import type { MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import { isTradable } from '../../src/stream/verdict.js';
import { levelsOf } from '../support/fake-server.js';
import { makeVenueBench, ok, settle, type VenueBench } from '../support/venue-wire.js';

type Levels = readonly (readonly [string, string])[];

const BIDS: Levels = [['100.00', '1']];
const ASKS: Levels = [['100.50', '2']];

const verdict = ({ stream }: VenueBench, symbol = 'BTCUSDT'): string => {
  const { state, reason, verified } = stream.verdict(symbol);
  return `${state} ${reason} ${verified.by}`;
};

/** One update of Binance's, made now. */
const push = ({ wire, clock }: VenueBench, U: number, u: number, b: Levels = [], a: Levels = [], s = 'BTCUSDT') =>
  wire.last.push({ e: 'depthUpdate', E: clock.now(), s, U, u, b, a });
const book = (lastUpdateId: number, bids = BIDS, asks = ASKS) => ok({ lastUpdateId, bids, asks });

const pass = async ({ clock }: VenueBench, ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 100) {
    clock.pass(Math.min(100, left));
    await settle();
  }
};

/** A Binance feed with one good book at number 11. */
async function makeBinance(options: Partial<MarketStreamOptions> = {}): Promise<VenueBench> {
  const bench = await makeVenueBench('binance', options);
  bench.answer = () => book(10);
  bench.stream.subscribe(['BTCUSDT'], () => {});
  bench.clock.pass(100);
  push(bench, 9, 11, [['99.00', '5']]);
  await pass(bench, 1_000);
  return bench;
}

describe('a stream to a venue', () => {
  it('VL1 speaks the venue’s words at its own address, and joins snapshot and updates', async () => {
    const bench = await makeBinance();
    assert.ok(bench.wire.last.sentTexts.some((text) => text.includes('"btcusdt@depth@100ms"')));
    assert.deepEqual(bench.asked, ['https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000']);
    assert.equal(verdict(bench), 'live ok sequence');
    assert.deepEqual(levelsOf(bench.stream, 'BTCUSDT').bids, [
      [100, 1],
      [99, 5],
    ]);
    assert.equal(bench.stream.status.dialect, 'venue');
    assert.deepEqual(bench.errors, []);
  });

  it('VL2 a lost update is noticed with the next one: the old book stays, marked, and the new one replaces it in one step', async () => {
    const bench = await makeBinance();
    push(bench, 13, 14, [['98.00', '7']]);
    assert.equal(verdict(bench), 'resyncing sequence_gap sequence');
    assert.equal(isTradable(bench.stream.verdict('BTCUSDT')), false);
    assert.equal(bench.stream.book('BTCUSDT')?.bids.length, 2, 'the old book is there to be looked at');
    bench.answer = () => book(14, [['100.00', '3']]);
    push(bench, 15, 16, [['97.00', '1']]);
    await pass(bench, 1_500);
    assert.equal(verdict(bench), 'live ok sequence');
    assert.deepEqual(levelsOf(bench.stream, 'BTCUSDT').bids, [
      [100, 3],
      [97, 1],
    ]);
    assert.deepEqual([bench.stream.metrics().gaps, bench.stream.metrics().resyncs], [1, 1]);
  });

  it('VL3 a snapshot older than what was kept is fetched again, spaced, never in a loop', async () => {
    const bench = await makeVenueBench('binance');
    bench.answer = () => book(5);
    bench.stream.subscribe(['BTCUSDT'], () => {});
    bench.clock.pass(100);
    push(bench, 9, 11);
    await pass(bench, 60_000);
    assert.ok(bench.asked.length >= 3 && bench.asked.length <= 12, `${bench.asked.length} requests in a minute`);
    assert.notEqual(bench.stream.verdict('BTCUSDT').state, 'live');
    bench.answer = () => book(10);
    await pass(bench, 60_000);
    assert.equal(bench.stream.book('BTCUSDT')?.bids.length, 1);
  });

  it('VL4 snapshots of many symbols are spaced within the venue’s limit, and a refusal pauses all', async () => {
    const bench = await makeVenueBench('binance');
    const symbols = Array.from({ length: 90 }, (_, i) => `S${i}`);
    bench.wire.last.onSent = (_message, socket) => socket.push({ result: null, id: 1 });
    bench.answer = () => book(10);
    bench.stream.subscribe(symbols, () => {});
    await pass(bench, 30_000);
    assert.ok(bench.asked.length <= 31, `${bench.asked.length} in half a minute, where 60 a minute are allowed`);
    bench.answer = () => ({ status: 429, text: '', retryAfterMs: 20_000 });
    await pass(bench, 2_000);
    const { length } = bench.asked;
    await pass(bench, 17_000);
    assert.equal(bench.asked.length, length, 'left alone for as long as it said');
    bench.answer = () => book(10);
    await pass(bench, 120_000);
    assert.equal(symbols.filter((symbol) => bench.stream.book(symbol) === undefined).length, 0);
  });

  it('VL5 a symbol that the venue does not know is said, with near ones', async () => {
    const bench = await makeVenueBench('binance');
    bench.answer = (url) =>
      url.includes('ticker/price')
        ? ok([{ symbol: 'BTCUSDT' }, { symbol: 'BTCUSDC' }, { symbol: 'ETHBTC' }])
        : { status: 400, text: '{"code":-1121,"msg":"Invalid symbol."}', retryAfterMs: 0 };
    bench.stream.subscribe(['BTC/USDT'], () => {});
    await pass(bench, 2_000);
    assert.equal(verdict(bench, 'BTC/USDT'), 'stale unknown_symbol sequence');
    assert.deepEqual(
      bench.errors.map(({ code, message }) => [code, message]),
      [['unknown_symbol', 'binance-spot does not know "BTC/USDT". Near ones: BTCUSDT, BTCUSDC.']],
    );
  });

  it('VL6 says no more to a venue in a second than it allows', async () => {
    const bench = await makeVenueBench('binance');
    for (let i = 0; i < 40; i++) bench.stream.subscribe([`S${i}`], () => {}, { depth: 50 + i });
    bench.clock.pass(900);
    assert.ok(bench.wire.last.sentTexts.length <= 5, `${bench.wire.last.sentTexts.length} frames in a second`);
    for (let second = 0; second < 20; second++) {
      bench.wire.last.push({ result: null, id: second });
      bench.clock.pass(1_000);
    }
    const all = bench.wire.last.sentTexts.join();
    for (let i = 0; i < 40; i++) assert.ok(all.includes(`"s${i}@depth@100ms"`), `S${i} was asked for`);
  });

  it('VL7 a symbol that nobody wants any more is given back, and late frames of it are only counted', async () => {
    const bench = await makeVenueBench('binance');
    bench.answer = () => book(10);
    const stop = bench.stream.subscribe(['BTCUSDT'], () => {});
    bench.stream.subscribe(['ETHUSDT'], () => {});
    bench.clock.pass(100);
    push(bench, 9, 11);
    await pass(bench, 1_000);
    stop();
    await pass(bench, 3_000);
    assert.ok(bench.wire.last.sentTexts.some((text) => text.includes('UNSUBSCRIBE') && text.includes('btcusdt@depth')));
    const { ignored } = bench.stream.metrics();
    push(bench, 12, 12);
    assert.equal(bench.stream.metrics().ignored, ignored + 1);
    assert.equal(bench.stream.book('BTCUSDT'), undefined);
    // Back again: everything anew.
    bench.stream.subscribe(['BTCUSDT'], () => {});
    bench.clock.pass(200);
    bench.answer = () => book(20);
    push(bench, 19, 21);
    await pass(bench, 2_000);
    assert.equal(verdict(bench), 'live ok sequence');
  });

  it('VL8 after a reconnect the old book is marked until the new one has come', async () => {
    const bench = await makeBinance();
    bench.answer = () => Promise.reject(new Error('no network'));
    bench.wire.last.drop();
    assert.equal(verdict(bench), 'disconnected reconnecting sequence');
    await pass(bench, 3_000);
    assert.equal(bench.wire.sockets.length, 2);
    assert.equal(verdict(bench), 'resyncing awaiting_snapshot sequence');
    assert.equal(bench.stream.book('BTCUSDT')?.bids.length, 2);
    bench.answer = () => book(30, [['101.00', '9']], [['102.00', '1']]);
    push(bench, 30, 31);
    await pass(bench, 6_000);
    assert.equal(verdict(bench), 'live ok sequence');
    assert.deepEqual(levelsOf(bench.stream, 'BTCUSDT').bids, [[101, 9]]);
  });

  it('VL9 a venue that falls silent is left, and one that announces its end is replaced before it', async () => {
    const bench = await makeBinance();
    bench.wire.onConnect = (socket) => {
      socket.onSent = () => socket.push({ result: null, id: 1 });
      socket.accept();
    };
    await pass(bench, 25_000);
    assert.equal(bench.wire.sockets.length, 2, 'nothing was heard, so it is taken for dead');
    const [, leaving] = bench.wire.sockets;
    leaving!.push({ e: 'serverShutdown', E: 1 });
    assert.equal(bench.stream.state, 'open');
    await pass(bench, 2_500);
    assert.equal(bench.stream.state, 'open');
    assert.equal(bench.wire.sockets.length, 3);
    leaving!.drop(1001);
    await pass(bench, 1_000);
    assert.equal(bench.stream.state, 'open');
    assert.deepEqual([bench.wire.sockets.length, bench.wire.alive], [3, 1]);
  });

  it('VL9 a close code means what the venue means by it', async () => {
    for (const [code, leastMs, said] of [
      [4008, 10_000, /than the venue allows/],
      [4401, 0, undefined],
      [1008, 10_000, /breach of its policy/],
    ] as const) {
      const bench = await makeVenueBench('okx');
      bench.wire.last.drop(code);
      const { state, retryAt } = bench.stream.status;
      assert.equal(state, 'reconnecting');
      assert.ok(retryAt - bench.clock.now() >= leastMs, `${code}: ${retryAt - bench.clock.now()} ms`);
      if (said === undefined) assert.deepEqual(bench.errors, []);
      else assert.match(bench.errors[0]!.message, said);
    }
  });

  it('VL10 what cannot be read is counted; numbered books wait for their own numbers to tell', async () => {
    const bench = await makeBinance();
    bench.wire.last.pushText('{"e":');
    bench.wire.last.push({ e: 'depthUpdate', U: 1, u: 2 });
    assert.equal(bench.stream.metrics().refused, 2);
    assert.equal(verdict(bench), 'live ok sequence');
    push(bench, 12, 13, [['99,00', '1']]);
    assert.equal(verdict(bench), 'resyncing bad_message sequence');
  });

  it('VL11 old data are said to be late', async () => {
    const bench = await makeBinance();
    bench.clock.sleep(7_000);
    bench.wire.last.push({ e: 'depthUpdate', E: bench.clock.now() - 7_000, s: 'BTCUSDT', U: 12, u: 12, b: [], a: [] });
    assert.equal(verdict(bench), 'delayed late_data sequence');
    push(bench, 13, 13);
    assert.equal(verdict(bench), 'live ok sequence');
  });

  it('VL12 trades are handed on, and give the last price', async () => {
    const bench = await makeBinance();
    bench.stream.subscribe(['BTCUSDT'], () => {}, { trades: true });
    bench.wire.last.push({ e: 'trade', s: 'BTCUSDT', t: 7, p: '100.10', q: '0.5', T: 5, m: true });
    assert.deepEqual(bench.stream.trades('BTCUSDT'), [
      { symbol: 'BTCUSDT', tradeId: '7', price: '100.10', size: '0.5', aggressor: 'sell', eventTime: 5 },
    ]);
    assert.equal(bench.stream.ticker('BTCUSDT')?.price, '100.10');
  });

  it('VL13 a name that is no venue closes the stream with the names that are', async () => {
    const { createMarketStream } = await import('../../src/stream/market-stream-core.js');
    const errors: string[] = [];
    const stream = createMarketStream({ src: '', venue: 'krakn', onError: ({ message }) => errors.push(message) });
    stream.connect();
    for (let i = 0; i < 500 && errors.length === 0; i++) await settle();
    assert.equal(stream.state, 'closed');
    assert.match(errors[0] ?? '', /no venue "krakn".*kraken/);
    stream.dispose();
  });

  it('VL14 nothing is left after the end: no timer, no socket', async () => {
    const bench = await makeBinance();
    bench.stream.dispose();
    await settle();
    assert.deepEqual([bench.wire.alive, bench.clock.size, bench.wake.size], [0, 0, 0]);
  });
});

describe('books of venues that prove little', () => {
  /** Coinbase's old socket numbers nothing and sums nothing up. */
  const makeCoinbase = (): Promise<VenueBench> =>
    makeVenueBench('coinbase', { src: 'wss://ws-feed.exchange.coinbase.com' });
  const whole = (price: string) => ({
    type: 'snapshot',
    product_id: 'BTC-USD',
    bids: [[price, '1']],
    asks: [['200', '1']],
  });
  const beat = { type: 'heartbeat', sequence: 1, product_id: 'BTC-USD' };
  const asks = ({ wire }: VenueBench): number =>
    wire.last.sentTexts.filter((text) => text.includes('"subscribe"') && text.includes('level2')).length;
  /** What the venue sends at each subscription to a book. */
  const answerBooks = ({ wire }: VenueBench, frame: () => unknown): void => {
    wire.last.onSent = (message, socket) => {
      const text = JSON.stringify(message);
      if (text.includes('"subscribe"') && /level2|"book"/.test(text)) socket.push(frame());
    };
  };

  it('VL15 a book that nothing proves says so, and is asked for anew every minute without being doubted', async () => {
    const bench = await makeCoinbase();
    let price = 100;
    answerBooks(bench, () => whole(String(price)));
    bench.stream.subscribe(['BTC-USD'], () => {});
    bench.clock.pass(100);
    assert.equal(verdict(bench, 'BTC-USD'), 'live ok nothing');
    price = 101;
    for (let second = 0; second < 125; second++) {
      bench.wire.last.push(beat);
      bench.clock.pass(1_000);
      assert.match(verdict(bench, 'BTC-USD'), /^(?:live|quiet) /);
    }
    assert.equal(asks(bench), 3, 'the first, and two in two minutes');
    assert.deepEqual(levelsOf(bench.stream, 'BTC-USD').bids, [[101, 1]], 'what was lost unseen is mended');
    assert.deepEqual([bench.stream.metrics().resyncs, bench.stream.metrics().gaps], [0, 0]);
  });

  it('VL15 one that does not come soon after it was asked for anew is doubted, since its updates were ended for it', async () => {
    const bench = await makeCoinbase();
    bench.stream.subscribe(['BTC-USD'], () => {});
    bench.clock.pass(100);
    bench.wire.last.push(whole('100'));
    for (let second = 0; second < 65; second++) {
      bench.wire.last.push(beat, { type: 'l2update', product_id: 'BTC-USD', changes: [['buy', '90', String(second)]] });
      bench.clock.pass(1_000);
    }
    assert.equal(verdict(bench, 'BTC-USD'), 'resyncing awaiting_snapshot nothing');
    bench.wire.last.push(whole('101'));
    assert.equal(verdict(bench, 'BTC-USD'), 'live ok nothing');
  });

  it('VL15 one whose checksum proves fewer levels than are wanted is asked for every five minutes', async () => {
    const bench = await makeVenueBench('kraken');
    const data = { symbol: 'BTC/USD', bids: [{ price: 100.5, qty: 1.25 }], asks: [], checksum: crc32('1005125') };
    answerBooks(bench, () => ({ channel: 'book', type: 'snapshot', data: [data] }));
    bench.stream.subscribe(['BTC/USD'], () => {}, { depth: 50 });
    bench.clock.pass(100);
    const books = (): number =>
      bench.wire.last.sentTexts.filter((text) => text.includes('"subscribe"') && text.includes('"book"')).length;
    for (let second = 0; second < 610; second++) {
      bench.wire.last.push({ channel: 'heartbeat' });
      bench.clock.pass(1_000);
    }
    assert.equal(books(), 3);
    assert.match(verdict(bench, 'BTC/USD'), /^quiet /);
  });

  it('VB16 numbers that fell, or one absurd one, do not freeze a book for long', async () => {
    const bench = await makeBinance();
    push(bench, 12, Number.MAX_SAFE_INTEGER);
    assert.equal(verdict(bench), 'live ok sequence');
    for (let id = 13; id < 33; id++) push(bench, id, id);
    assert.equal(verdict(bench), 'live ok sequence');
    push(bench, 33, 33);
    assert.equal(verdict(bench), 'resyncing sequence_gap sequence');
  });

  it('VL10 what cannot be read makes a book that nothing numbers suspect', async () => {
    const bench = await makeCoinbase();
    bench.stream.subscribe(['BTC-USD'], () => {});
    bench.clock.pass(100);
    bench.wire.last.push(whole('100'));
    bench.wire.last.pushText('{"type":"l2upd');
    assert.equal(verdict(bench, 'BTC-USD'), 'resyncing bad_message nothing');
    bench.clock.pass(1_500);
    assert.equal(asks(bench), 2);
  });

  it('VL16 a checksum that fails again and again is asked about once a minute at most', async () => {
    const bench = await makeVenueBench('kraken');
    bench.stream.subscribe(['BTC/USD'], () => {});
    bench.clock.pass(100);
    const subscriptions = (): number =>
      bench.wire.last.sentTexts.filter((text) => text.includes('"subscribe"') && text.includes('"book"')).length;
    const level = { price: 100.5, qty: 1.25 };
    const frame = (type: string, checksum: number) => ({
      channel: 'book',
      type,
      data: [
        { symbol: 'BTC/USD', bids: [level], asks: [], checksum, timestamp: new Date(bench.clock.now()).toISOString() },
      ],
    });
    const right = crc32('1005125');
    let served = 0;
    const perMinute: number[] = [];
    for (let second = 0; second < 900; second++) {
      if (second % 60 === 0) perMinute.push(-subscriptions());
      // The venue answers each time, is right for some seconds, and then wrong.
      if (subscriptions() > served) {
        served = subscriptions();
        bench.wire.last.push(frame('snapshot', right));
        assert.equal(verdict(bench, 'BTC/USD'), 'live ok checksum');
      } else if (second % 10 === 9) bench.wire.last.push(frame('update', 7));
      bench.wire.last.push({ channel: 'heartbeat' });
      bench.clock.pass(1_000);
      if (second % 60 === 59) perMinute.push(perMinute.pop()! + subscriptions());
    }
    assert.ok(Math.max(...perMinute.slice(5)) <= 1, `asked ${perMinute.join(' ')} times in each minute`);
    assert.ok(
      perMinute.slice(5).some((count) => count === 1),
      'and never given up',
    );
  });

  it('VL17 a partial book whose market has moved to its end is asked for anew', async () => {
    const bench = await makeVenueBench('binance');
    const many = (from: number): Levels => Array.from({ length: 1_000 }, (_, i) => [String(from - i), '1']);
    bench.answer = () => book(10, many(2_000), [['2001', '1']]);
    bench.stream.subscribe(['BTCUSDT'], () => {}, { depth: 50 });
    bench.clock.pass(100);
    push(bench, 9, 11);
    await pass(bench, 1_000);
    assert.equal(verdict(bench), 'live ok sequence');
    const { length } = bench.asked;
    // Everything above the last twenty levels that the snapshot knew is taken.
    push(
      bench,
      12,
      12,
      many(2_000)
        .slice(0, 980)
        .map(([price]) => [price, '0'] as const),
    );
    for (let second = 0; second < 62; second++) {
      push(bench, 13 + second, 13 + second, [], [['2001', String(second + 1)]]);
      await pass(bench, 1_000);
    }
    assert.equal(bench.asked.length, length + 1);
  });
});
