import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeBench, row, serveGuide, serveTouchline, type Bench } from '../support/fake-server.js';

const makeGuide = (): Bench => {
  const bench = makeBench();
  serveGuide(bench);
  bench.stream.subscribe(['SCOM', 'KCB'], () => {});
  bench.clock.pass(200);
  return bench;
};
const verdict = ({ stream }: Bench, symbol = 'SCOM'): string => {
  const { state, reason } = stream.verdict(symbol);
  return `${state} ${reason}`;
};
/** Rows as the guide's server sends them, ten times a second. */
const rows = (bench: Bench, seconds: number, price: (i: number) => number, timestamp: (i: number) => number): void => {
  for (let i = 0; i < seconds * 10; i += 1) {
    bench.wire.last.push(row('SCOM', price(i), timestamp(i)));
    bench.clock.pass(100);
  }
};

describe("the guide's dialect", () => {
  it('PR10 subscribes with its symbols at the top, and with nothing else', () => {
    const bench = makeGuide();
    assert.deepEqual(bench.wire.last.got('subscribe'), [{ type: 'subscribe', symbols: ['SCOM', 'KCB'] }]);
  });

  it('PR11 rows are exact text, live, and verified by nothing; there is no book', () => {
    const bench = makeGuide();
    bench.wire.last.push(
      row('SCOM', 32.85, bench.clock.now(), { low: 32.0, changePercent: 2.6562, volume: 98_200, high: null }),
    );
    assert.deepEqual(bench.stream.ticker('SCOM'), {
      symbol: 'SCOM',
      price: '32.85',
      volume: '98200',
      low: '32',
      change: '0',
      changePercent: '2.6562',
      eventTime: bench.clock.now(),
      receiveTime: bench.clock.now(),
    });
    assert.equal(verdict(bench), 'live ok');
    assert.deepEqual(bench.stream.verdict('SCOM').verified, { by: 'nothing' });
    assert.equal(bench.stream.book('SCOM'), undefined);
    assert.deepEqual(
      bench.stream.marketData.map(({ symbol }) => symbol),
      ['SCOM'],
    );
  });

  it('PR12 a confirmation may hold strangers and what is no text', () => {
    const bench = makeGuide();
    bench.wire.last.push({ type: 'subscription_confirmed', data: { symbols: ['ZZZ', 5, null, true, 'SCOM'] } });
    bench.wire.last.push(row('SCOM', 17, 1));
    assert.equal(verdict(bench), 'live ok');
    assert.equal(bench.stream.metrics().refused, 0);
  });

  it('PR13 a confirmation that is not JSON is counted, and the link goes on', () => {
    const bench = makeGuide();
    bench.wire.last.pushText('{"type":"subscription_confirmed","data":{"symbols":["SCOM", Infinity]}}');
    bench.wire.last.push(row('SCOM', 17, 1));
    assert.equal(bench.stream.metrics().refused, 1);
    assert.equal(verdict(bench), 'live ok');
    assert.equal(bench.wire.alive, 1);
  });

  it('VD20 an unknown symbol, which stays silent, is stale after five seconds', () => {
    const bench = makeGuide();
    bench.wire.last.push(row('SCOM', 17, 1));
    assert.equal(verdict(bench, 'KCB'), 'resyncing awaiting_snapshot');
    bench.clock.pass(5_000);
    assert.equal(verdict(bench, 'KCB'), 'stale feed_silent');
  });

  it('VD21 rows that stop are warned of after a second and stale after five, whatever the pongs say', () => {
    const bench = makeGuide();
    rows(
      bench,
      2,
      (i) => i,
      () => bench.clock.now(),
    );
    bench.clock.pass(800);
    assert.equal(verdict(bench), 'live ok');
    bench.clock.pass(200);
    assert.equal(verdict(bench), 'quiet feed_silent');
    bench.clock.pass(4_000);
    assert.equal(verdict(bench), 'stale feed_silent');
    assert.equal(bench.stream.state, 'open');
    bench.wire.last.push(row('SCOM', 99, bench.clock.now()));
    assert.equal(verdict(bench), 'live ok');
  });

  it('VD21 a row every four seconds, as under load, is never stale', () => {
    const bench = makeGuide();
    for (let i = 0; i < 10; i += 1) {
      bench.wire.last.push(row('SCOM', i, bench.clock.now()));
      bench.clock.pass(4_000);
      assert.notEqual(bench.stream.verdict('SCOM').state, 'stale');
    }
  });

  it('VD22 the same row again and again is quiet, and its age grows', () => {
    const bench = makeGuide();
    const saved = bench.clock.now() - 1_000;
    rows(
      bench,
      6,
      () => 17,
      () => saved,
    );
    assert.equal(verdict(bench), 'quiet no_news');
    assert.ok(bench.stream.now() - bench.stream.verdict('SCOM').dataAt >= 5_900);
  });

  it('VD23 rows that were made long ago are delayed, and live again when they are in time', () => {
    const bench = makeGuide();
    rows(
      bench,
      3,
      (i) => i,
      () => bench.clock.now() - 40,
    );
    assert.equal(verdict(bench), 'live ok');
    // A reader that was held up for 75 s gets everything at once, oldest first.
    const resumed = bench.clock.now() + 75_000;
    bench.clock.pass(4_000);
    bench.clock.sleep(71_000);
    for (let at = bench.clock.now() - 74_000; at < bench.clock.now() - 6_000; at += 1_000) {
      bench.wire.last.push(row('SCOM', at % 97, at));
      assert.equal(verdict(bench), 'delayed late_data');
    }
    bench.wire.last.push(row('SCOM', 7, resumed - 40));
    assert.equal(verdict(bench), 'live ok');
  });

  it('VD23 a late row that is then repeated is believed once a ping sent after it was answered', () => {
    const bench = makeGuide();
    rows(
      bench,
      3,
      (i) => i,
      () => bench.clock.now(),
    );
    const late = bench.clock.now() - 8_000;
    rows(
      bench,
      1,
      () => 55,
      () => late,
    );
    assert.equal(verdict(bench), 'delayed late_data');
    rows(
      bench,
      6,
      () => 55,
      () => late,
    );
    assert.equal(verdict(bench), 'quiet no_news');
  });

  it('VD23 rows that are held up right after the first one of a link are delayed', () => {
    const bench = makeGuide();
    for (const link of [1, 2]) {
      bench.wire.last.push(row('SCOM', link, bench.clock.now() - 40), row('KCB', link, bench.clock.now() - 3_600_000));
      assert.equal(verdict(bench), 'live ok');
      bench.clock.pass(9_000);
      bench.wire.last.push(row('SCOM', 7, bench.clock.now() - 8_900));
      assert.equal(verdict(bench), 'delayed late_data');
      bench.wire.last.push(row('SCOM', 8, bench.clock.now() - 40));
      assert.equal(verdict(bench), 'live ok');
      bench.wire.last.drop();
      bench.clock.pass(3_000);
    }
  });

  it('VD23 a row that is repeated after a silence is believed once a ping sent after it was answered', () => {
    const bench = makeGuide();
    const at = bench.clock.now();
    bench.wire.last.push(row('SCOM', 17, at), row('KCB', 1, at));
    bench.clock.pass(4_000);
    bench.wire.last.push(row('SCOM', 17, at));
    assert.equal(verdict(bench), 'live ok');
    bench.clock.pass(5_100);
    assert.equal(verdict(bench), 'stale feed_silent');
    bench.wire.last.push(row('SCOM', 17, at), row('SCOM', 17, at));
    assert.equal(verdict(bench), 'delayed late_data');
    bench.clock.pass(4_900);
    bench.wire.last.push(row('SCOM', 17, at));
    assert.equal(verdict(bench), 'quiet no_news');
    // One that has changed says when.
    bench.clock.pass(5_100);
    bench.wire.last.push(row('SCOM', 18, bench.clock.now()));
    assert.equal(verdict(bench), 'live ok');
  });

  it('VD24 a clock that is set forward does not make the feed late for good', () => {
    const bench = makeGuide();
    rows(
      bench,
      2,
      (i) => i,
      () => bench.clock.now(),
    );
    const offset = 3_600_000;
    bench.clock.set(offset);
    for (let i = 0; i < 700; i += 1) {
      bench.wire.last.push(row('SCOM', i, bench.clock.now() - offset));
      bench.clock.pass(1_000);
    }
    bench.wire.last.push(row('SCOM', 1, bench.clock.now() - offset));
    assert.equal(verdict(bench), 'live ok');
  });

  it('VD25 a lost link keeps the last data with their age', () => {
    const bench = makeGuide();
    bench.wire.last.push(row('SCOM', 17.55, 1));
    const { dataAt } = bench.stream.verdict('SCOM');
    bench.wire.onConnect = undefined;
    bench.wire.last.drop();
    assert.equal(verdict(bench), 'disconnected reconnecting');
    assert.equal(bench.stream.ticker('SCOM')?.price, '17.55');
    assert.equal(bench.stream.verdict('SCOM').dataAt, dataAt);
  });

  it('VD26 a book of protocol 1 does not outlive a change to the guide', () => {
    const bench = makeBench();
    serveTouchline(bench);
    bench.stream.subscribe(['SCOM'], () => {});
    bench.clock.pass(1_000);
    assert.notEqual(bench.stream.book('SCOM'), undefined);
    serveGuide(bench);
    bench.wire.last.drop();
    bench.clock.pass(5_000);
    bench.wire.last.push(row('SCOM', 17, 1));
    assert.equal(verdict(bench), 'live ok');
    assert.equal(bench.stream.book('SCOM'), undefined);
  });

  it('PR14 a request is refused at once: nobody would answer', async () => {
    const bench = makeGuide();
    await assert.rejects(bench.stream.request('order_place', {}), { code: 'unsupported' });
    assert.equal(
      bench.wire.last.sent.some(({ type }) => type === 'order_place'),
      false,
    );
  });
});
