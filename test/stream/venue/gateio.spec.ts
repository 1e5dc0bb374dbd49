import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateio, gateioFutures } from '../../../src/stream/protocol/gateio.js';
import { VenueLog } from '../../support/venue-log.js';

type Level = [price: string, size: string];

const URL = 'https://api.gateio.ws/api/v4/spot/order_book?currency_pair=BTC_USDT&limit=3&with_id=true';
const FUTURES_URL = 'https://api.gateio.ws/api/v4/futures/usdt/order_book?contract=BTC_USDT&limit=3&with_id=true';

const start = () => {
  const log = new VenueLog();
  return { log, session: gateio.start(log) };
};

const startFutures = (url?: string) => {
  const log = new VenueLog();
  return { log, session: gateioFutures.start(log, { url }) };
};

const event = (channel: string, result: unknown): string =>
  JSON.stringify({ time: 1_700_000_000, channel, event: 'update', result });

const update = (first: number, last: number, b: Level[], a: Level[] = []): string =>
  event('spot.order_book_update', {
    t: 1_700_000_000_000 + last,
    e: 'depthUpdate',
    s: 'BTC_USDT',
    U: first,
    u: last,
    b,
    a,
  });

const snapshot = (id: number): string =>
  JSON.stringify({
    id,
    current: 1_700_000_000_000,
    bids: [
      ['100.0', '1'],
      ['99.5', '2'],
    ],
    asks: [
      ['101', '3'],
      ['102', '4'],
      ['103', '5'],
    ],
  });

describe('Gate.io', () => {
  it('VE220 updates wait for the snapshot, old ones are dropped, and the rest follow without a hole', () => {
    const { log, session } = start();
    session.read(update(5, 8, [['98', '7']]));
    session.read(update(9, 11, [['100.0', '6']]));
    session.read(update(12, 12, [['99.5', '0']]));
    session.read(snapshot(10), URL);
    session.read(update(13, 15, [], [['101', '0.5']]));
    assert.deepEqual(log.calls, [
      'skipped BTC_USDT early',
      'skipped BTC_USDT early',
      'skipped BTC_USDT early',
      'snapshot BTC_USDT applied',
      'skipped BTC_USDT old',
      'delta BTC_USDT applied',
      'delta BTC_USDT applied',
      'delta BTC_USDT applied',
    ]);
    assert.deepEqual(log.levels('BTC_USDT', 'bid'), ['100.0 6.0']);
    assert.deepEqual(log.levels('BTC_USDT', 'ask'), ['101.0 0.5', '102.0 4.0', '103.0 5.0']);
    assert.deepEqual(log.book('BTC_USDT').verified, { by: 'sequence' });
  });

  it('VE220 an update that ends where the snapshot does is old', () => {
    const { log, session } = start();
    session.read(update(9, 10, [['98', '7']]));
    session.read(update(11, 11, [['97', '7']]));
    session.read(snapshot(10), URL);
    assert.deepEqual(log.calls.slice(2), [
      'snapshot BTC_USDT applied',
      'skipped BTC_USDT old',
      'delta BTC_USDT applied',
    ]);
  });

  it('VE220 a side with as many levels as were asked for may go on beyond them, a shorter one is whole', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    const { book } = log.book('BTC_USDT');
    assert.equal(book?.asks.horizon, 1030);
    assert.ok(Number.isNaN(book?.bids.horizon));
    session.read(snapshot(11), URL.replace('&limit=3', ''));
    assert.ok(Number.isNaN(log.book('BTC_USDT').book?.asks.horizon));
  });

  it('VE221 a hole in the numbers is a gap at once, and the update is kept for the next snapshot', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read(update(11, 11, [['98', '1']]));
    session.read(update(13, 14, [['97', '1']]));
    assert.deepEqual(log.take().slice(2), ['gap BTC_USDT sequence', 'skipped BTC_USDT early']);
    session.read(snapshot(11), URL);
    assert.deepEqual(log.take(), ['skipped BTC_USDT old_snapshot']);
    session.read(snapshot(12), URL);
    assert.deepEqual(log.take(), ['snapshot BTC_USDT applied', 'delta BTC_USDT applied']);
  });

  it('VE221 a repeated update is passed over', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read(update(11, 12, [['98', '1']]));
    session.read(update(11, 12, [['98', '1']]));
    assert.deepEqual(log.calls.slice(2), ['skipped BTC_USDT old']);
  });

  it('VE222 futures have levels as objects, sizes as numbers and trades with a sign', () => {
    const { log, session } = startFutures();
    const bids = [{ p: '100.5', s: 30 }];
    session.read(JSON.stringify({ id: 7, current: 1_700_000_000.25, bids, asks: [{ p: '101', s: 4 }] }), FUTURES_URL);
    const change = {
      t: 1_700_000_000_300,
      s: 'BTC_USDT',
      U: 8,
      u: 9,
      b: [{ p: '100.5', s: 0 }],
      a: [{ p: '102', s: 9 }],
    };
    session.read(event('futures.order_book_update', change));
    assert.deepEqual(log.calls, ['snapshot BTC_USDT applied', 'delta BTC_USDT applied']);
    assert.deepEqual(log.levels('BTC_USDT', 'ask'), ['101.0 4', '102.0 9']);
    assert.deepEqual(log.levels('BTC_USDT', 'bid'), []);
    const trade = { id: 5, contract: 'BTC_USDT', price: '101', create_time_ms: 1_700_000_000_400 };
    session.read(
      event('futures.trades', [
        { ...trade, size: -12 },
        { ...trade, size: 3 },
      ]),
    );
    assert.deepEqual(
      log.trades.map(({ size, aggressor }) => [size, aggressor]),
      [
        ['12', 'sell'],
        ['3', 'buy'],
      ],
    );
  });

  it('VE222 the time of a snapshot counts milliseconds on spot and seconds for futures', () => {
    const spot = start();
    spot.session.read(snapshot(10), URL);
    assert.equal(spot.log.book('BTC_USDT').book?.eventTime, 1_700_000_000_000);
    const futures = startFutures();
    futures.session.read('{"id":7,"current":1700000000.25,"bids":[],"asks":[]}', FUTURES_URL);
    assert.equal(futures.log.book('BTC_USDT').book?.eventTime, 1_700_000_000_250);
  });

  it('VE223 a frame that cannot be read changes no book: of a known symbol it is a gap, else it is refused', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read('{"channel"');
    session.read(event('spot.order_book_update', { U: 1, u: 2, b: [], a: [] }));
    session.read(event('spot.order_book_update', null));
    assert.deepEqual(log.take().slice(1), ['refused any', 'refused any', 'refused any']);
    for (const broken of [
      { U: 11, u: 12, b: [['98']], a: [] },
      { U: 11, u: 12, b: [] },
      { U: 11, b: [], a: [] },
      { U: -1, u: 12, b: [], a: [] },
    ]) {
      session.read(snapshot(10), URL);
      session.read(event('spot.order_book_update', { s: 'BTC_USDT', ...broken }));
      assert.deepEqual(log.take(), ['snapshot BTC_USDT applied', 'gap BTC_USDT bad_message']);
    }
  });

  it('VE223 a snapshot that cannot be read is refused and harms nothing', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read('<html>', URL);
    session.read('{"bids":[],"asks":[]}', URL);
    session.read('{"id":12,"bids":[["1"]],"asks":[]}', URL);
    session.read(snapshot(12), URL.replace('currency_pair', 'pair'));
    session.read('{}', 'https://api.gateio.ws/api/v4/spot/currency_pairs');
    assert.deepEqual(log.calls.slice(1), ['refused none', 'refused none', 'refused none', 'refused none']);
    assert.equal(log.book('BTC_USDT').suspicion, undefined);
  });

  it('VE224 spot trades are told with their taker, and a bad one harms no book', () => {
    const { log, session } = start();
    const trade = { id: 31, create_time_ms: '1700000000123.4567', side: 'sell', currency_pair: 'BTC_USDT' };
    session.read(event('spot.trades', { ...trade, amount: '0.50', price: '100.10' }));
    session.read(event('spot.trades', trade));
    const eventTime = 1_700_000_000_123;
    assert.deepEqual(log.trades, [
      { symbol: 'BTC_USDT', tradeId: '31', price: '100.10', size: '0.50', aggressor: 'sell', eventTime },
    ]);
    assert.deepEqual(log.calls, ['refused none']);
  });

  it('VE225 each channel of each symbol is a request of its own, without a time', () => {
    const { session } = start();
    assert.deepEqual(session.subscribe(['A_B'], { depth: 10, trades: true }), [
      '{"id":1,"channel":"spot.order_book_update","event":"subscribe","payload":["A_B","100ms"]}',
      '{"id":2,"channel":"spot.trades","event":"subscribe","payload":["A_B"]}',
    ]);
    assert.deepEqual(session.subscribe(['C_D'], { depth: 0, trades: true }), [
      '{"id":3,"channel":"spot.trades","event":"subscribe","payload":["C_D"]}',
    ]);
    assert.deepEqual(session.unsubscribe(['A_B', 'C_D']), [
      '{"id":4,"channel":"spot.order_book_update","event":"unsubscribe","payload":["A_B","100ms"]}',
      '{"id":5,"channel":"spot.trades","event":"unsubscribe","payload":["A_B"]}',
      '{"id":6,"channel":"spot.trades","event":"unsubscribe","payload":["C_D"]}',
    ]);
    assert.deepEqual(startFutures().session.subscribe(['A_B'], { depth: 10, trades: false }), [
      '{"id":1,"channel":"futures.order_book_update","event":"subscribe","payload":["A_B","100ms"]}',
    ]);
  });

  it('VE225 what comes after the end of a subscription changes no book', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.unsubscribe(['BTC_USDT']);
    session.read(update(11, 11, [['98', '1']]));
    assert.deepEqual(log.calls.slice(1), ['skipped BTC_USDT awaiting_snapshot']);
  });

  it('VE226 the snapshot is asked for with its number, where the market of the address has it', () => {
    const { session } = start();
    const rest = 'https://api.gateio.ws/api/v4';
    assert.equal(session.snapshotUrl?.('A_B'), `${rest}/spot/order_book?currency_pair=A_B&limit=100&with_id=true`);
    assert.deepEqual(session.resync('A_B'), []);
    for (const [socket, path] of [
      [undefined, 'futures/usdt'],
      ['wss://fx-ws.gateio.ws/v4/ws/btc', 'futures/btc'],
      ['wss://fx-ws.gateio.ws/v4/ws/delivery/usdt', 'delivery/usdt'],
      ['wss://relay.example/gate', 'futures/usdt'],
    ] as const) {
      assert.equal(
        startFutures(socket).session.snapshotUrl?.('A_B'),
        `${rest}/${path}/order_book?contract=A_B&limit=100&with_id=true`,
      );
    }
  });

  it('VE227 an answer belongs to the request with its number: acknowledged, unknown, or a complaint', () => {
    const { log, session } = start();
    session.subscribe(['A_B', 'NOPE_USDT'], { depth: 10, trades: true });
    session.read(
      '{"id":1,"channel":"spot.order_book_update","event":"subscribe","error":null,"result":{"status":"success"}}',
    );
    const refusal = (id: number): string =>
      JSON.stringify({
        id,
        channel: 'spot.order_book_update',
        event: 'subscribe',
        error: { code: 2, message: 'unknown currency pair: NOPE_USDT' },
        result: { status: 'fail' },
      });
    session.read(refusal(3));
    session.read(refusal(4));
    session.read('{"id":2,"channel":"spot.trades","event":"subscribe","error":{"code":3,"message":"busy"}}');
    session.read('{"channel":"spot.trades","event":"subscribe","payload":["A_B"],"result":{"status":"success"}}');
    assert.deepEqual(log.calls, [
      'acknowledged A_B',
      'rejected NOPE_USDT unknown_symbol',
      'complained 3',
      'acknowledged A_B',
    ]);
  });

  it('VE227 a snapshot of a symbol that does not exist refuses it', () => {
    const { log, session } = start();
    session.read('{"label":"INVALID_CURRENCY_PAIR","message":"Invalid currency pair BTC_USDT"}', URL);
    assert.deepEqual(log.calls, ['rejected BTC_USDT unknown_symbol']);
  });

  it('VE228 a ping names the market, and its answer leaves no trace', () => {
    const { log, session } = start();
    assert.equal(session.ping?.(), '{"channel":"spot.ping"}');
    assert.equal(startFutures().session.ping?.(), '{"channel":"futures.ping"}');
    session.read('{"time":1700000000,"channel":"spot.pong","event":"","error":null,"result":null}');
    for (const text of ['null', '[]', '{}', '{"event":"update"}']) session.read(text);
    assert.deepEqual(log.calls, []);
  });

  it('VE229 each market recognises its own frames and reads its own list', () => {
    const frame = JSON.parse(update(1, 1, []));
    assert.ok(gateio.recognises(frame));
    assert.ok(!gateioFutures.recognises(frame));
    assert.ok(gateioFutures.recognises({ channel: 'futures.trades', event: 'update' }));
    assert.deepEqual(gateio.listing?.read('[{"id":"BTC_USDT"},{}]'), ['BTC_USDT']);
    assert.deepEqual(gateioFutures.listing?.read('[{"name":"BTC_USDT"}]'), ['BTC_USDT']);
    assert.deepEqual(gateio.listing?.read('{}'), []);
  });
});
