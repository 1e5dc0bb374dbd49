import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { krakenFutures } from '../../../src/stream/protocol/kraken-futures.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import { VenueLog } from '../../support/venue-log.js';

const begin = () => {
  const log = new VenueLog();
  return { log, session: krakenFutures.start(log) };
};

const snapshot = (seq: string | number): string =>
  `{"feed":"book_snapshot","product_id":"PI_XBTUSD","timestamp":1714557600000,"seq":${seq},"tickSize":null,` +
  '"bids":[{"price":338.0,"qty":20.0},{"price":337.5,"qty":1.0}],"asks":[{"price":338.5,"qty":7.0}]}';
const update = (seq: string | number, side: string, price: string, qty: string): string =>
  `{"feed":"book","product_id":"PI_XBTUSD","side":"${side}","seq":${seq},"price":${price},"qty":${qty},"timestamp":1714557600500}`;

describe('Kraken futures', () => {
  it('VE195 is known by its messages', () => {
    for (const text of [snapshot(41), update(42, 'buy', '1', '1')])
      assert.ok(krakenFutures.recognises(parseExact(text)), text);
    for (const text of ['{"feed":"heartbeat"}', '{"feed":"book"}', '[]', 'null'])
      assert.ok(!krakenFutures.recognises(parseExact(text)), text);
  });

  it('VE165 keeps the book by a snapshot and single levels, numbered one by one', () => {
    const { log, session } = begin();
    session.read(snapshot(41));
    session.read(update(42, 'sell', '338.5', '0.0'));
    session.read(update(43, 'sell', '339.0', '5.0'));
    session.read(update(44, 'buy', '338.0', '3'));
    assert.deepEqual(log.levels('PI_XBTUSD', 'bid'), ['338.0 3', '337.5 1']);
    assert.deepEqual(log.levels('PI_XBTUSD', 'ask'), ['339.0 5']);
    assert.equal(log.book('PI_XBTUSD').book?.eventTime, 1_714_557_600_500);
    assert.deepEqual(log.book('PI_XBTUSD').verified, { by: 'sequence' });
    assert.equal(log.book('PI_XBTUSD').suspicion, undefined);
  });

  it('VE165 notices a hole in the numbers at once, and takes no update before the next snapshot', () => {
    for (const next of [43, 40, '"x"', 'null', '42.0']) {
      const { log, session } = begin();
      session.read(snapshot(41));
      session.read(update(next, 'buy', '338.0', '3'));
      session.read(update(42, 'buy', '338.0', '3'));
      session.read(snapshot(50));
      assert.deepEqual(
        log.take().slice(1),
        ['gap PI_XBTUSD sequence', 'skipped PI_XBTUSD awaiting_snapshot', 'snapshot PI_XBTUSD applied'],
        String(next),
      );
    }
  });

  it('VE165 passes over an update that comes twice, and keeps numbers of any length exact', () => {
    const { log, session } = begin();
    session.read(snapshot('9007199254740991'));
    session.read(update('9007199254740992', 'buy', '338.0', '4'));
    session.read(update('9007199254740993', 'buy', '338.0', '3'));
    session.read(update('9007199254740993', 'buy', '338.0', '3'));
    session.read(update('9007199254740994', 'buy', '338.0', '2'));
    session.read(update('9007199254740994', 'buy', '338.0', '2'));
    session.read(update('9007199254740996', 'buy', '338.0', '2'));
    assert.deepEqual(log.take().slice(1), [
      'delta PI_XBTUSD applied',
      'delta PI_XBTUSD applied',
      'skipped PI_XBTUSD old',
      'delta PI_XBTUSD applied',
      'skipped PI_XBTUSD old',
      'gap PI_XBTUSD sequence',
    ]);
  });

  it('VE166 refuses what names no product, voids the book of what it cannot read, and passes over the rest', () => {
    const { log, session } = begin();
    session.read('{"feed":"book","seq":7}');
    session.read('{"feed":"book_snapshot","seq":7}');
    session.read('not JSON');
    assert.deepEqual(log.take(), ['refused any', 'refused any', 'refused any']);
    for (const text of [
      update(42, 'short', '338.0', '1'),
      update(42, 'buy', 'null', '1'),
      update(42, 'buy', '338.0', '{}'),
      '{"feed":"book_snapshot","product_id":"PI_XBTUSD","bids":[],"asks":[]}',
      '{"feed":"book_snapshot","product_id":"PI_XBTUSD","seq":7,"bids":[],"asks":[{"price":1}]}',
    ]) {
      session.read(snapshot(41));
      session.read(text);
      session.read(update(43, 'buy', '338.0', '1'));
      const voided = ['gap PI_XBTUSD bad_message', 'skipped PI_XBTUSD awaiting_snapshot'];
      assert.deepEqual(log.take().slice(1), voided, text);
    }
    for (const text of ['[]', 'null', '7', '{"feed":"heartbeat","time":1}', '{"event":"info","version":1}'])
      session.read(text);
    session.read('{"feed":"trade_snapshot","product_id":"PI_XBTUSD","trades":[{"price":1,"qty":1}]}');
    assert.deepEqual([log.take(), log.trades], [[], []]);
  });

  it('VE167 asks for a heartbeat first, then for books and trades, and again for a new snapshot', () => {
    const { log, session } = begin();
    const parse = (texts: readonly string[]) => texts.map((text) => JSON.parse(text));
    const product_ids = ['PI_XBTUSD', 'PF_ETHUSD'];
    assert.deepEqual(parse(session.greeting!()), [{ event: 'subscribe', feed: 'heartbeat' }]);
    assert.deepEqual(parse(session.subscribe(product_ids, { depth: 25, trades: true })), [
      { event: 'subscribe', feed: 'book', product_ids },
      { event: 'subscribe', feed: 'trade', product_ids },
    ]);
    session.read(snapshot(41));
    assert.deepEqual(parse(session.resync('PI_XBTUSD')), [
      { event: 'unsubscribe', feed: 'book', product_ids: ['PI_XBTUSD'] },
      { event: 'subscribe', feed: 'book', product_ids: ['PI_XBTUSD'] },
    ]);
    session.read(update(42, 'buy', '338.0', '3'));
    assert.deepEqual(parse(session.unsubscribe(product_ids)), [
      { event: 'unsubscribe', feed: 'book', product_ids },
      { event: 'unsubscribe', feed: 'trade', product_ids },
    ]);
    assert.deepEqual(log.take().slice(1), ['skipped PI_XBTUSD awaiting_snapshot']);
    assert.deepEqual(session.subscribe(['X'], { depth: 0, trades: false }), []);
    assert.equal(session.ping!(), '{"event":"ping"}');
  });

  it('VE168 acknowledges, refuses by the name in the sentence, and complains', () => {
    const { log, session } = begin();
    session.subscribe(['PI_XBTUSD'], { depth: 25, trades: true });
    session.read('{"event":"subscribed","feed":"trade","product_ids":["PI_XBTUSD"]}');
    session.read('{"event":"subscribed","feed":"book","product_ids":["PI_XBTUSD"]}');
    session.read('{"event":"alert","message":"Couldn\'t subscribe to invalid product `PI_NONE`"}');
    session.read('{"event":"subscribed_failed","feed":"book","product_ids":["PI_XBTUSD"]}');
    session.read('{"event":"error","message":"Json Error"}');
    session.read('{"event":"alert"}');
    assert.deepEqual(log.take(), [
      'acknowledged PI_XBTUSD',
      'rejected PI_NONE unknown_symbol',
      'rejected PI_XBTUSD subscribed_failed',
      'complained alert',
      'complained alert',
    ]);
  });

  it('VE168 voids a book whose updates the venue has ended by itself', () => {
    const { log, session } = begin();
    session.subscribe(['PI_XBTUSD'], { depth: 25, trades: true });
    session.read(snapshot(41));
    session.read('{"event":"unsubscribed","feed":"trade","product_ids":["PI_XBTUSD"]}');
    session.read('{"event":"unsubscribed","feed":"book","product_ids":["PI_XBTUSD"]}');
    assert.deepEqual(log.take().slice(1), ['gap PI_XBTUSD sequence']);
  });

  it('VE169 tells trades, and lists the instruments', () => {
    const { log, session } = begin();
    session.read(
      '{"feed":"trade","product_id":"PI_XBTUSD","uid":"a-1","side":"sell","type":"fill","seq":9,"time":1714557600000,"qty":50.0,"price":338.5}',
    );
    session.read('{"feed":"trade","product_id":"PI_XBTUSD","side":"sell"}');
    assert.deepEqual(log.trades, [
      {
        symbol: 'PI_XBTUSD',
        tradeId: 'a-1',
        price: '338.5',
        size: '50.0',
        aggressor: 'sell',
        eventTime: 1_714_557_600_000,
      },
    ]);
    assert.deepEqual(log.take(), ['refused none']);
    assert.deepEqual(krakenFutures.listing?.read('{"instruments":[{"symbol":"PF_XBTUSD"},7]}'), ['PF_XBTUSD']);
  });
});
