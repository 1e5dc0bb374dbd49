import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bitmex } from '../../../src/stream/protocol/bitmex.js';
import { VenueLog } from '../../support/venue-log.js';

interface Row {
  symbol?: string;
  id: number;
  side: 'Buy' | 'Sell';
  size?: number;
  price?: number;
}

const start = () => {
  const log = new VenueLog();
  return { log, session: bitmex.start(log) };
};

const table = (action: string, rows: Row[], name = 'orderBookL2'): string =>
  JSON.stringify({
    table: name,
    action,
    ...(action === 'partial' && { filter: { symbol: 'XBTUSD' } }),
    data: rows.map((row) => ({ symbol: 'XBTUSD', timestamp: '2024-05-01T10:00:00.250Z', ...row })),
  });

const PARTIAL = table('partial', [
  { id: 901, side: 'Sell', size: 30, price: 101.5 },
  { id: 900, side: 'Buy', size: 20, price: 101 },
  { id: 899, side: 'Buy', size: 5, price: 100.5 },
]);

describe('BitMEX', () => {
  it('VE210 a partial and the actions on its rows are the book, in which no proof is claimed', () => {
    const { log, session } = start();
    session.read(PARTIAL);
    session.read(table('update', [{ id: 900, side: 'Buy', size: 11 }]));
    session.read(table('delete', [{ id: 899, side: 'Buy' }]));
    session.read(table('insert', [{ id: 902, side: 'Sell', size: 4, price: 102 }]));
    assert.deepEqual(log.calls, [
      'snapshot XBTUSD applied',
      'delta XBTUSD applied',
      'delta XBTUSD applied',
      'delta XBTUSD applied',
    ]);
    assert.deepEqual(log.levels('XBTUSD', 'bid'), ['101.0 11']);
    assert.deepEqual(log.levels('XBTUSD', 'ask'), ['101.5 30', '102.0 4']);
    assert.deepEqual(log.book('XBTUSD').verified, { by: 'nothing' });
    assert.equal(log.book('XBTUSD').book?.eventTime, Date.parse('2024-05-01T10:00:00.250Z'));
  });

  it('VE210 an empty partial is an empty book, and a second one replaces the first', () => {
    const { log, session } = start();
    session.read(table('partial', []));
    assert.deepEqual(log.levels('XBTUSD', 'bid'), []);
    session.read(PARTIAL);
    session.read(table('partial', [{ id: 900, side: 'Buy', size: 1, price: 101 }]));
    assert.deepEqual(log.calls, ['snapshot XBTUSD applied', 'snapshot XBTUSD applied', 'snapshot XBTUSD applied']);
    assert.deepEqual(log.levels('XBTUSD', 'bid'), ['101 1']);
  });

  it('VE210 rows of several symbols in one frame go to their own books', () => {
    const { log, session } = start();
    session.read(PARTIAL);
    session.read(
      table('partial', [{ symbol: 'ETHUSD', id: 5, side: 'Buy', size: 9, price: 10 }]).replace('"XBTUSD"', '"ETHUSD"'),
    );
    session.read(
      table('update', [
        { id: 900, side: 'Buy', size: 12 },
        { symbol: 'ETHUSD', id: 5, side: 'Buy', size: 8 },
      ]),
    );
    assert.deepEqual(log.calls.slice(2), ['delta XBTUSD applied', 'delta ETHUSD applied']);
    assert.deepEqual(log.levels('ETHUSD', 'bid'), ['10 8']);
  });

  it('VE211 what comes before the partial is passed over', () => {
    const { log, session } = start();
    session.read(table('update', [{ id: 900, side: 'Buy', size: 1 }]));
    session.read(PARTIAL);
    assert.deepEqual(log.calls, ['skipped XBTUSD awaiting_snapshot', 'snapshot XBTUSD applied']);
  });

  it('VE211 a key that is not where it should be is a gap, also for a repeated insert or delete', () => {
    const wrong: [string, Row][] = [
      ['update', { id: 7, side: 'Buy', size: 1 }],
      ['update', { id: 900, side: 'Sell', size: 1 }],
      ['delete', { id: 7, side: 'Buy' }],
      ['insert', { id: 900, side: 'Buy', size: 1, price: 101 }],
      ['insert', { id: 8, side: 'Buy', size: 1 }],
    ];
    for (const [action, row] of wrong) {
      const { log, session } = start();
      session.read(PARTIAL);
      session.read(table(action, [row]));
      session.read(table('update', [{ id: 900, side: 'Buy', size: 1 }]));
      assert.deepEqual(log.calls.slice(1), ['gap XBTUSD key', 'skipped XBTUSD awaiting_snapshot']);
      assert.deepEqual(log.levels('XBTUSD', 'bid'), ['101.0 20', '100.5 5']);
    }
  });

  it('VE212 the table of 25 levels is not cut here, and is not taken for the whole book', () => {
    const { log, session } = start();
    const rows = Array.from({ length: 25 }, (_, i): Row => ({ id: 500 - i, side: 'Buy', size: 1, price: 500 - i }));
    session.read(table('partial', rows, 'orderBookL2_25'));
    session.read(table('insert', [{ id: 475, side: 'Buy', size: 1, price: 475 }], 'orderBookL2_25'));
    session.read(table('delete', [{ id: 499, side: 'Buy' }], 'orderBookL2_25'));
    const { book } = log.book('XBTUSD');
    assert.equal(book?.bids.length, 25);
    assert.equal(log.levels('XBTUSD', 'bid').at(-1), '475 1');
    assert.equal(book?.bids.horizon, 476);
  });

  it('VE213 a frame that cannot be read changes no book: of a known symbol it is a gap, else it is refused', () => {
    const { log, session } = start();
    session.read(PARTIAL);
    session.read('{"table"');
    session.read('{"table":"orderBookL2","action":"erase","data":[]}');
    session.read('{"table":"orderBookL2","action":"update"}');
    session.read('{"table":"orderBookL2","action":"update","data":[{"id":900}]}');
    assert.deepEqual(log.take().slice(1), ['refused any', 'refused any', 'refused any', 'refused any']);
    for (const row of ['{"symbol":"XBTUSD"}', '{"symbol":"XBTUSD","id":900,"side":"Left","size":1}']) {
      session.read(PARTIAL);
      session.read(`{"table":"orderBookL2","action":"update","data":[${row}]}`);
      assert.deepEqual(log.take(), ['snapshot XBTUSD applied', 'gap XBTUSD bad_message']);
    }
    session.read(PARTIAL);
    session.read(
      '{"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":900,"side":"Buy","size":-1}]}',
    );
    session.read(table('update', [{ id: 900, side: 'Buy', size: 1 }]));
    assert.deepEqual(log.take().slice(1), ['delta XBTUSD bad_level', 'skipped XBTUSD awaiting_snapshot']);
    assert.deepEqual(log.levels('XBTUSD', 'bid'), ['101.0 20', '100.5 5']);
  });

  it('VE213 what is not meant for a book leaves no trace', () => {
    const { log, session } = start();
    for (const text of [
      'null',
      '[]',
      '{"info":"Welcome"}',
      '{"table":"quote","action":"insert","data":[{}]}',
      'pong',
    ]) {
      session.read(text);
    }
    assert.deepEqual(log.calls, []);
  });

  it('VE214 trades are told, those of the past in a partial are not, and a bad one harms no book', () => {
    const { log, session } = start();
    session.read(PARTIAL);
    const trade = { symbol: 'XBTUSD', side: 'Sell', size: 100, price: 101, trdMatchID: 'm-1' };
    const data = [{ ...trade, timestamp: '2024-05-01T10:00:01.000Z' }];
    session.read(JSON.stringify({ table: 'trade', action: 'partial', data }));
    assert.deepEqual(log.trades, []);
    session.read(JSON.stringify({ table: 'trade', action: 'insert', data: [...data, { symbol: 'XBTUSD' }] }));
    const eventTime = Date.parse('2024-05-01T10:00:01.000Z');
    assert.deepEqual(log.trades, [
      { symbol: 'XBTUSD', tradeId: 'm-1', price: '101', size: '100', aggressor: 'sell', eventTime },
    ]);
    assert.deepEqual(log.calls.slice(1), ['refused none']);
  });

  it('VE215 the short table is asked for up to 25 levels, the long one beyond, in a request for each symbol', () => {
    const { session } = start();
    assert.deepEqual(session.subscribe(['A', 'B'], { depth: 25, trades: true }), [
      '{"op":"subscribe","args":["orderBookL2_25:A","trade:A"]}',
      '{"op":"subscribe","args":["orderBookL2_25:B","trade:B"]}',
    ]);
    assert.deepEqual(session.subscribe(['C'], { depth: 26, trades: false }), [
      '{"op":"subscribe","args":["orderBookL2:C"]}',
    ]);
    assert.deepEqual(session.subscribe(['D'], { depth: 0, trades: true }), ['{"op":"subscribe","args":["trade:D"]}']);
    assert.deepEqual(session.resync('A'), [
      '{"op":"unsubscribe","args":["orderBookL2_25:A"]}',
      '{"op":"subscribe","args":["orderBookL2_25:A"]}',
    ]);
    assert.deepEqual(session.unsubscribe(['A', 'D']), [
      '{"op":"unsubscribe","args":["orderBookL2_25:A","trade:A"]}',
      '{"op":"unsubscribe","args":["trade:D"]}',
    ]);
  });

  it('VE215 what comes after the end of a subscription belongs to no book', () => {
    const { log, session } = start();
    session.subscribe(['XBTUSD'], { depth: 50, trades: false });
    session.read(PARTIAL);
    session.unsubscribe(['XBTUSD']);
    session.read(table('update', [{ id: 900, side: 'Buy', size: 1 }]));
    assert.deepEqual(log.calls.slice(1), ['skipped XBTUSD awaiting_snapshot']);
  });

  it('VE216 a success is an acknowledgement, an unknown symbol is refused once, anything else is a complaint', () => {
    const { log, session } = start();
    session.subscribe(['XBTUSD', 'NONE'], { depth: 25, trades: true });
    session.read('{"success":true,"subscribe":"orderBookL2_25:XBTUSD","request":{"op":"subscribe","args":[]}}');
    session.read('{"success":true,"unsubscribe":"orderBookL2_25:XBTUSD"}');
    const refusal = JSON.stringify({
      status: 400,
      error: 'Unknown or expired symbol.',
      meta: {},
      request: { op: 'subscribe', args: ['orderBookL2_25:NONE', 'trade:NONE'] },
    });
    session.read(refusal);
    session.read(refusal);
    session.read('{"status":429,"error":"Rate limit exceeded","request":{"op":"subscribe","args":["trade:A"]}}');
    assert.deepEqual(log.calls, ['acknowledged XBTUSD', 'rejected NONE unknown_symbol', 'complained 429']);
  });

  it('VE217 a ping is a plain word, and so is its answer', () => {
    const { log, session } = start();
    assert.equal(session.ping?.(), 'ping');
    session.read('pong');
    assert.deepEqual(log.calls, []);
  });

  it('VE218 its frames are recognised, and its list of instruments is read', () => {
    assert.ok(bitmex.recognises(JSON.parse(PARTIAL)));
    assert.ok(!bitmex.recognises({ success: true, subscribe: 'trade:XBTUSD' }));
    assert.deepEqual(bitmex.listing?.read('[{"symbol":"XBTUSD"},{}]'), ['XBTUSD']);
    assert.deepEqual(bitmex.listing?.read('{"error":{}}'), []);
  });
});
