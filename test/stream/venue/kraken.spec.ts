import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from '../../../src/book/checksum.js';
import { kraken } from '../../../src/stream/protocol/kraken.js';
import type { VenueOptions } from '../../../src/stream/venue/venue-protocol.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import { VenueLog } from '../../support/venue-log.js';

const begin = (options?: VenueOptions) => {
  const log = new VenueLog();
  return { log, session: kraken.start(log, options) };
};

/** `100.1 0.50, 100.0 1` as the venue writes levels: numbers with all their digits. */
const levels = (text: string): string =>
  text === ''
    ? '[]'
    : `[${text
        .split(', ')
        .map((level) => `{"price":${level.replace(' ', ',"qty":')}}`)
        .join(',')}]`;

const frame = (type: 'snapshot' | 'update', bids: string, asks: string, checksum: number | string): string =>
  `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD","bids":${levels(bids)},"asks":${levels(asks)},` +
  `"checksum":${checksum},"timestamp":"2024-05-01T10:00:00.250000Z"}]}`;

const SNAPSHOT = frame('snapshot', '100.1 0.50, 99.9 2.00', '100.2 1.25', crc32('1002125' + '100150' + '999200'));
const UPDATE = frame('update', '100.1 0.00', '100.3 0.05', crc32('1002125' + '10035' + '999200'));

const acknowledged = (channel: string, depth = 10): string =>
  `{"method":"subscribe","result":{"channel":"${channel}","depth":${depth},"symbol":"BTC/USD"},"success":true,"req_id":1}`;

describe('Kraken, second socket', () => {
  it('VE195 is known by its messages', () => {
    for (const text of [SNAPSHOT, UPDATE]) assert.ok(kraken.recognises(parseExact(text)), text);
    for (const text of ['{"channel":"book","market":"X","data":[]}', '{"channel":"l2_data","events":[]}', '[]', 'null'])
      assert.ok(!kraken.recognises(parseExact(text)), text);
  });

  it('VE150 keeps the book by snapshot and update, and takes the time of the venue', () => {
    const { log, session } = begin();
    session.read(SNAPSHOT);
    session.read(UPDATE);
    assert.deepEqual(log.take(), ['snapshot BTC/USD applied', 'delta BTC/USD applied']);
    assert.deepEqual(log.levels('BTC/USD', 'bid'), ['99.9 2.00']);
    assert.deepEqual(log.levels('BTC/USD', 'ask'), ['100.2 1.25', '100.3 0.05']);
    assert.equal(log.book('BTC/USD').book?.eventTime, Date.UTC(2024, 4, 1, 10, 0, 0, 250));
    assert.deepEqual(log.book('BTC/USD').verified, { by: 'checksum', depth: 10 });
  });

  it('VE150 cuts the book to the depth acknowledged, stated, or else the least on offer that holds the snapshot', () => {
    const depthOf = (options?: VenueOptions, first?: string) => {
      const { log, session } = begin(options);
      if (first !== undefined) session.read(first);
      session.read(SNAPSHOT);
      return log.book('BTC/USD').book?.depthLimit;
    };
    assert.equal(depthOf(), 10);
    assert.equal(depthOf({ depth: 25 }), 25);
    assert.equal(depthOf({ depth: 25 }, acknowledged('book', 100)), 100);
  });

  it('VE150 compares the checksum once the book is cut', () => {
    const { log, session } = begin({ depth: 1 });
    session.read(frame('snapshot', '100.10 0.50', '100.20 1.25', crc32('10020125' + '1001050')));
    session.read(frame('update', '100.15 3.00', '', crc32('10020125' + '10015300')));
    assert.deepEqual(log.take(), ['snapshot BTC/USD applied', 'delta BTC/USD applied']);
    assert.deepEqual(log.levels('BTC/USD', 'bid'), ['100.15 3.00']);
  });

  it('VE151 sums up numbers that lost their zeros with the most decimals since the snapshot', () => {
    const { log, session } = begin();
    session.read(frame('snapshot', '100 0.5, 99.9 2', '100.2 1.25', crc32('1002125' + '100050' + '999200')));
    session.read(frame('update', '', '100.3 1e-8', crc32('1002125000000' + '10031' + '100050000000' + '999200000000')));
    assert.deepEqual(log.take(), ['snapshot BTC/USD applied', 'delta BTC/USD applied']);
  });

  it('VE151 sums up with the decimals that the venue states', () => {
    const { log, session } = begin();
    session.read(
      '{"channel":"instrument","type":"snapshot","data":{"assets":[],"pairs":' +
        '[{"symbol":"BTC/USD","price_precision":2,"qty_precision":3}]}}',
    );
    session.read(frame('snapshot', '100.1 0.5', '100.2 1.25', crc32('100201250' + '10010500')));
    assert.deepEqual(log.take(), ['snapshot BTC/USD applied']);
  });

  it('VE152 gives the book up at a checksum that differs, until the next snapshot', () => {
    for (const checksum of ['1', '"none"', '-1', '0.5']) {
      const { log, session } = begin();
      session.read(SNAPSHOT);
      session.read(frame('update', '100.1 0.00', '', checksum));
      session.read(UPDATE);
      session.read(SNAPSHOT);
      assert.deepEqual(
        log.take().slice(1),
        ['delta BTC/USD bad_checksum', 'skipped BTC/USD awaiting_snapshot', 'snapshot BTC/USD applied'],
        checksum,
      );
      assert.equal(log.book('BTC/USD').suspicion, undefined);
    }
  });

  it('VE153 refuses what is no book message, and voids the book of one that it cannot read', () => {
    const { log, session } = begin();
    session.read(SNAPSHOT);
    session.read('{"channel":"book"');
    session.read('{"channel":"book","type":"update"}');
    session.read('{"channel":"book","type":"update","data":[{"bids":[],"asks":[]}]}');
    assert.deepEqual(log.take().slice(1), ['refused any', 'refused any', 'refused any']);
    for (const asks of ['{}', '[7]', '[{"price":1}]', '[{"price":true,"qty":1}]', 'null']) {
      session.read(SNAPSHOT);
      session.read(
        `{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":${asks},"checksum":0}]}`,
      );
      assert.deepEqual(log.take(), ['snapshot BTC/USD applied', 'gap BTC/USD bad_message'], asks);
    }
    session.read(SNAPSHOT);
    session.read(frame('update', '-1 1', '', 0));
    session.read(UPDATE);
    assert.deepEqual(log.take().slice(1), ['delta BTC/USD bad_level', 'skipped BTC/USD awaiting_snapshot']);
  });

  it('VE153 passes over what it does not know, whatever it holds', () => {
    const { log, session } = begin();
    for (const text of [
      '7',
      'null',
      '[]',
      '""',
      '{"channel":"__proto__"}',
      '{"channel":"heartbeat"}',
      '{"method":"pong"}',
    ]) {
      session.read(text);
    }
    session.read('{"channel":"status","data":7}');
    session.read('{"channel":"instrument","data":{"pairs":[7,{"symbol":"__proto__"}]}}');
    session.read('{"method":"subscribe","result":{"symbol":"__proto__"}}');
    assert.deepEqual(log.take(), []);
  });

  it('VE154 asks for the smallest depth on offer that has the levels, and for trades from now on', () => {
    const { session } = begin();
    const ask = (depth: number, trades: boolean) =>
      session.subscribe(['BTC/USD', 'ETH/USD'], { depth, trades }).map((text) => JSON.parse(text).params);
    const symbol = ['BTC/USD', 'ETH/USD'];
    assert.deepEqual(ask(11, false), [{ channel: 'book', symbol, depth: 25 }]);
    assert.deepEqual(ask(5000, false), [{ channel: 'book', symbol, depth: 1000 }]);
    assert.deepEqual(ask(0, true), [{ channel: 'trade', symbol, snapshot: false }]);
    assert.deepEqual(ask(10, true).length, 2);
  });

  it('VE154 ends the book of the depth it had, and passes over what still comes', () => {
    const { log, session } = begin();
    session.subscribe(['BTC/USD'], { depth: 100, trades: true });
    session.read(SNAPSHOT);
    const requests = session.unsubscribe(['BTC/USD', 'ETH/USD']).map((text) => JSON.parse(text));
    assert.deepEqual(
      requests.map(({ method, params }) => [method, params.channel, params.symbol, params.depth]),
      [
        ['unsubscribe', 'book', ['BTC/USD'], 100],
        ['unsubscribe', 'trade', ['BTC/USD'], undefined],
      ],
    );
    session.read(UPDATE);
    assert.deepEqual(log.take().slice(1), ['skipped BTC/USD awaiting_snapshot']);
  });

  it('VE154 gets a new snapshot by ending the book and asking for it again', () => {
    const { log, session } = begin();
    session.subscribe(['BTC/USD'], { depth: 10, trades: true });
    session.read(SNAPSHOT);
    const requests = session.resync('BTC/USD').map((text) => JSON.parse(text));
    assert.deepEqual(
      requests.map(({ method, params }) => [method, params]),
      ['unsubscribe', 'subscribe'].map((method) => [method, { channel: 'book', symbol: ['BTC/USD'], depth: 10 }]),
    );
    session.read(UPDATE);
    session.read(SNAPSHOT);
    assert.deepEqual(log.take().slice(1), ['skipped BTC/USD awaiting_snapshot', 'snapshot BTC/USD applied']);
  });

  it('VE155 acknowledges a symbol with its book, or with its trades where no book is wanted', () => {
    const { log, session } = begin();
    session.subscribe(['BTC/USD'], { depth: 10, trades: true });
    session.read(acknowledged('trade'));
    assert.deepEqual(log.take(), []);
    session.read(acknowledged('book'));
    assert.deepEqual(log.take(), ['acknowledged BTC/USD']);
    session.subscribe(['BTC/USD'], { depth: 0, trades: true });
    session.read(acknowledged('trade'));
    assert.deepEqual(log.take(), ['acknowledged BTC/USD']);
  });

  it('VE155 tells an unknown pair from other refusals, and neither from a complaint', () => {
    const { log, session } = begin();
    const refuse = (error: string, rest = ',"symbol":"XBT/USD"') =>
      session.read(`{"error":"${error}","method":"subscribe","success":false${rest}}`);
    refuse('Currency pair not supported XBT/USD');
    refuse('Market is closed to you');
    refuse('Already subscribed');
    refuse('Malformed request', '');
    assert.deepEqual(log.take(), [
      'rejected XBT/USD unknown_symbol',
      'rejected XBT/USD refused',
      'complained refused',
      'complained refused',
    ]);
  });

  it('VE156 voids a book whose updates the venue has ended by itself', () => {
    const { log, session } = begin();
    const ended = '{"method":"unsubscribe","result":{"channel":"book","symbol":"BTC/USD"},"success":true}';
    session.subscribe(['BTC/USD'], { depth: 10, trades: false });
    session.read(SNAPSHOT);
    session.read(ended);
    assert.deepEqual(log.take().slice(1), ['gap BTC/USD sequence']);
    session.read(SNAPSHOT);
    session.resync('BTC/USD');
    session.read(ended);
    session.read(SNAPSHOT);
    session.unsubscribe(['BTC/USD']);
    session.read(ended);
    assert.deepEqual(log.take(), ['snapshot BTC/USD applied', 'snapshot BTC/USD applied']);
  });

  it('VE157 tells trades, but not those from before the subscription', () => {
    const { log, session } = begin();
    const trade = (type: string, price: string) =>
      session.read(
        `{"channel":"trade","type":"${type}","data":[{"symbol":"BTC/USD","side":"sell","price":${price},"qty":0.10,` +
          '"ord_type":"market","trade_id":77,"timestamp":"2024-05-01T10:00:00.000001Z"}]}',
      );
    trade('snapshot', '100.1');
    trade('update', '100.1');
    trade('update', 'null');
    assert.deepEqual(log.trades, [
      {
        symbol: 'BTC/USD',
        tradeId: '77',
        price: '100.1',
        size: '0.10',
        aggressor: 'sell',
        eventTime: Date.UTC(2024, 4, 1, 10),
      },
    ]);
    assert.deepEqual(log.take(), ['refused none']);
  });

  it('VE158 asks for a sign of life, and passes on that the venue is under maintenance', () => {
    const { log, session } = begin();
    assert.equal(JSON.parse(session.ping!()).method, 'ping');
    session.read('{"channel":"status","type":"update","data":[{"system":"online"}]}');
    session.read('{"channel":"status","type":"update","data":[{"system":"maintenance"}]}');
    assert.deepEqual(log.take(), ['complained maintenance']);
  });

  it('VE158 lists the pairs by the names of this socket', () => {
    const list = '{"error":[],"result":{"XXBTZUSD":{"wsname":"XBT/USD"},"XDGEUR":{"wsname":"XDG/EUR"},"X":{}}}';
    assert.deepEqual(kraken.listing?.read(list), ['BTC/USD', 'DOGE/EUR']);
    assert.deepEqual(kraken.listing?.read('{"error":["EGeneral"]}'), []);
  });
});
