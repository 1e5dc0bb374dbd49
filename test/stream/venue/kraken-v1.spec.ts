import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from '../../../src/book/checksum.js';
import { krakenV1 } from '../../../src/stream/protocol/kraken-v1.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import { VenueLog } from '../../support/venue-log.js';

const begin = () => {
  const log = new VenueLog();
  return { log, session: krakenV1.start(log) };
};

const frame = (...maps: object[]): string => JSON.stringify([336, ...maps, 'book-10', 'XBT/USD']);

const SNAPSHOT = frame({
  as: [['100.20', '1.25000000', '1714557600.100000']],
  bs: [
    ['100.10', '0.50000000', '1714557600.250000'],
    ['99.90', '2.00000000', '1714557600.000000'],
  ],
});
const UPDATE = frame(
  { a: [['100.30', '0.05000000', '1714557601.000000', 'r']] },
  {
    b: [['100.10', '0.00000000', '1714557601.500000']],
    c: String(crc32('10020125000000' + '100305000000' + '9990200000000')),
  },
);

const status = (value: string, name = 'book', rest = {}): string =>
  JSON.stringify({ event: 'subscriptionStatus', pair: 'XBT/USD', status: value, subscription: { name }, ...rest });

describe('Kraken, first socket', () => {
  it('VE195 is known by its messages', () => {
    for (const text of [SNAPSHOT, UPDATE, status('subscribed')]) assert.ok(krakenV1.recognises(parseExact(text)), text);
    for (const text of ['[11,[[1,2,3]],7]', '{"event":"subscriptionStatus"}', '[]', 'null'])
      assert.ok(!krakenV1.recognises(parseExact(text)), text);
  });

  it('VE160 takes the two objects of a frame as one update, and a level that comes into view again as any other', () => {
    const { log, session } = begin();
    session.read(SNAPSHOT);
    session.read(UPDATE);
    assert.deepEqual(log.take(), ['snapshot XBT/USD applied', 'delta XBT/USD applied']);
    assert.deepEqual(log.levels('XBT/USD', 'bid'), ['99.90 2.00000000']);
    assert.deepEqual(log.levels('XBT/USD', 'ask'), ['100.20 1.25000000', '100.30 0.05000000']);
    assert.equal(log.book('XBT/USD').book?.eventTime, 1_714_557_601_500);
  });

  it('VE160 keeps as many levels as the name of the channel says', () => {
    const { log, session } = begin();
    session.read(SNAPSHOT.replace('book-10', 'book-1'));
    assert.deepEqual(log.levels('XBT/USD', 'bid'), ['100.10 0.50000000']);
    assert.deepEqual(log.book('XBT/USD').verified, { by: 'checksum', depth: 10 });
    const checksum = String(crc32('10020125000000' + '10015100000000'));
    session.read(frame({ b: [['100.15', '1.00000000', '1714557601.0']], c: checksum }).replace('book-10', 'book-1'));
    assert.deepEqual(log.take(), ['snapshot XBT/USD applied', 'delta XBT/USD applied']);
  });

  it('VE161 gives the book up at a wrong checksum, until the next snapshot', () => {
    for (const c of ['1', '', 'none']) {
      const { log, session } = begin();
      session.read(SNAPSHOT);
      session.read(frame({ a: [['100.30', '0.05000000', '1714557601.0']], c }));
      session.read(UPDATE);
      assert.deepEqual(log.take().slice(1), ['delta XBT/USD bad_checksum', 'skipped XBT/USD awaiting_snapshot']);
    }
  });

  it('VE161 finds the checksum in the last object of a frame', () => {
    const { log, session } = begin();
    session.read(SNAPSHOT);
    session.read(frame({ a: [['100.30', '1.0', '1714557601.0']] }, { b: [['99.80', '1.0', '1714557601.0']], c: '1' }));
    assert.deepEqual(log.take().slice(1), ['delta XBT/USD bad_checksum']);
  });

  it('VE161 voids the book of a message that it cannot read, and passes over what it does not know', () => {
    const { log, session } = begin();
    for (const maps of [[{}], [7], [{ a: 7 }], [{ b: [['1']] }], [{ a: [], b: [[1, null]] }], [{ as: [[]], bs: [] }]]) {
      session.read(SNAPSHOT);
      session.read(frame(...(maps as object[])));
      assert.deepEqual(log.take(), ['snapshot XBT/USD applied', 'gap XBT/USD bad_message'], JSON.stringify(maps));
    }
    session.read('[336,');
    assert.deepEqual(log.take(), ['refused any']);
    for (const text of [
      '[]',
      '[1,2,3,4]',
      '[1,{},"book-x","A"]',
      '[1,{},"spread","A"]',
      'null',
      '{"event":"heartbeat"}',
    ]) {
      session.read(text);
    }
    assert.deepEqual(log.take(), []);
  });

  it('VE162 asks for books and trades, ends them with the same depth, and asks again for a new snapshot', () => {
    const { log, session } = begin();
    const parse = (texts: readonly string[]) => texts.map((text) => JSON.parse(text));
    const book = { pair: ['XBT/USD'], subscription: { name: 'book', depth: 25 } };
    const trade = { pair: ['XBT/USD'], subscription: { name: 'trade' } };
    const asked = session.subscribe(['XBT/USD'], { depth: 20, trades: true });
    assert.deepEqual(parse(asked), [
      { event: 'subscribe', ...book },
      { event: 'subscribe', ...trade },
    ]);
    session.read(SNAPSHOT);
    assert.deepEqual(parse(session.resync('XBT/USD')), [
      { event: 'unsubscribe', ...book },
      { event: 'subscribe', ...book },
    ]);
    session.read(UPDATE);
    assert.deepEqual(parse(session.unsubscribe(['XBT/USD'])), [
      { event: 'unsubscribe', ...book },
      { event: 'unsubscribe', ...trade },
    ]);
    session.read(UPDATE);
    const late = 'skipped XBT/USD awaiting_snapshot';
    assert.deepEqual(log.take(), ['snapshot XBT/USD applied', late, late]);
    assert.equal(session.ping!(), '{"event":"ping"}');
  });

  it('VE163 acknowledges, refuses and complains as the venue does', () => {
    const { log, session } = begin();
    session.subscribe(['XBT/USD'], { depth: 10, trades: true });
    session.read(status('subscribed', 'trade'));
    session.read(status('subscribed'));
    session.read(status('error', 'book', { errorMessage: 'Currency pair not supported XBT/USD' }));
    session.read(status('error', 'book', { errorMessage: 'Subscription depth not supported' }));
    session.read('{"event":"subscriptionStatus","status":"error","errorMessage":"Exceeded msg rate"}');
    session.read('{"event":"error","errorMessage":"Malformed request"}');
    session.read('{"event":"systemStatus","status":"maintenance"}');
    assert.deepEqual(log.take(), [
      'acknowledged XBT/USD',
      'rejected XBT/USD unknown_symbol',
      'rejected XBT/USD refused',
      'complained refused',
      'complained refused',
      'complained maintenance',
    ]);
  });

  it('VE163 voids a book whose updates the venue has ended by itself', () => {
    const { log, session } = begin();
    session.subscribe(['XBT/USD'], { depth: 10, trades: false });
    session.read(SNAPSHOT);
    session.read(status('unsubscribed', 'trade'));
    session.read(status('unsubscribed'));
    assert.deepEqual(log.take().slice(1), ['gap XBT/USD sequence']);
  });

  it('VE164 tells trades, which have no identifier, and lists the pairs', () => {
    const { log, session } = begin();
    session.read('[337,[["100.10","0.30","1714557600.250000","b","l",""]],"trade","XBT/USD"]');
    assert.deepEqual(log.trades, [
      {
        symbol: 'XBT/USD',
        tradeId: '',
        price: '100.10',
        size: '0.30',
        aggressor: 'buy',
        eventTime: 1_714_557_600_250,
      },
    ]);
    assert.deepEqual(krakenV1.listing?.read('{"result":{"XXBTZUSD":{"wsname":"XBT/USD"},"X":7}}'), ['XBT/USD']);
  });
});
