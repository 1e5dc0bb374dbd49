import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hitbtc } from '../../../src/stream/protocol/hitbtc.js';
import { VenueLog } from '../../support/venue-log.js';

type Level = [price: string, size: string];

const start = () => {
  const log = new VenueLog();
  return { log, session: hitbtc.start(log) };
};

const frame = (method: string, params: unknown): string => JSON.stringify({ jsonrpc: '2.0', method, params });

const levels = (list: Level[]) => list.map(([price, size]) => ({ price, size }));

const book = (method: string, sequence: number, bids: Level[], asks: Level[] = []): string =>
  frame(method, {
    ask: levels(asks),
    bid: levels(bids),
    symbol: 'ETHBTC',
    sequence,
    timestamp: '2024-05-01T10:00:00.250Z',
  });

const snapshot = (sequence: number): string =>
  book(
    'snapshotOrderbook',
    sequence,
    [
      ['0.0540', '5.0'],
      ['0.0539', '1.5'],
    ],
    [['0.0541', '2.0']],
  );

const update = (sequence: number, bids: Level[], asks: Level[] = []): string =>
  book('updateOrderbook', sequence, bids, asks);

describe('HitBTC', () => {
  it('VE240 a snapshot and the updates that follow it are the book', () => {
    const { log, session } = start();
    session.read(snapshot(10));
    session.read(
      update(
        11,
        [
          ['0.0540', '0'],
          ['0.0538', '4'],
        ],
        [['0.0541', '2.5']],
      ),
    );
    assert.deepEqual(log.calls, ['snapshot ETHBTC applied', 'delta ETHBTC applied']);
    assert.deepEqual(log.levels('ETHBTC', 'bid'), ['0.0539 1.5', '0.0538 4.0']);
    assert.deepEqual(log.levels('ETHBTC', 'ask'), ['0.0541 2.5']);
    assert.deepEqual(log.book('ETHBTC').verified, { by: 'sequence' });
    assert.equal(log.book('ETHBTC').book?.eventTime, Date.parse('2024-05-01T10:00:00.250Z'));
  });

  it('VE240 a second snapshot replaces the first, and updates that it holds already are dropped', () => {
    const { log, session } = start();
    session.read(snapshot(10));
    session.read(update(11, [['0.0500', '1']]));
    session.read(snapshot(12));
    session.read(update(12, [['0.0501', '1']]));
    session.read(update(13, [['0.0502', '1']]));
    assert.deepEqual(log.calls.slice(2), ['snapshot ETHBTC applied', 'skipped ETHBTC old', 'delta ETHBTC applied']);
    assert.deepEqual(log.levels('ETHBTC', 'bid'), ['0.0540 5.0', '0.0539 1.5', '0.0502 1.0']);
  });

  it('VE241 a hole in the sequence is a gap at once, and nothing is applied until a snapshot', () => {
    const { log, session } = start();
    session.read(update(9, []));
    session.read(snapshot(10));
    session.read(update(12, [['0.0540', '1']]));
    session.read(update(13, [['0.0540', '1']]));
    session.read(snapshot(13));
    assert.deepEqual(log.calls, [
      'skipped ETHBTC awaiting_snapshot',
      'snapshot ETHBTC applied',
      'gap ETHBTC sequence',
      'skipped ETHBTC awaiting_snapshot',
      'snapshot ETHBTC applied',
    ]);
  });

  it('VE241 a repeated update is passed over', () => {
    const { log, session } = start();
    session.read(snapshot(10));
    session.read(update(11, [['0.0540', '1']]));
    session.read(update(11, [['0.0540', '1']]));
    assert.deepEqual(log.calls.slice(2), ['skipped ETHBTC old']);
  });

  it('VE242 a frame that cannot be read changes no book: of a known symbol it is a gap, else it is refused', () => {
    const { log, session } = start();
    session.read(snapshot(10));
    session.read('{"method"');
    session.read(frame('updateOrderbook', { sequence: 11 }));
    session.read('{"method":"snapshotOrderbook"}');
    assert.deepEqual(log.take().slice(1), ['refused any', 'refused any', 'refused any']);
    for (const broken of [
      { bid: [], ask: [] },
      { sequence: 11, bid: [] },
      { sequence: 11, bid: [{ price: '1' }], ask: [] },
      { sequence: '1e1', bid: [], ask: [] },
    ]) {
      session.read(snapshot(10));
      session.read(frame('updateOrderbook', { symbol: 'ETHBTC', ...broken }));
      assert.deepEqual(log.take(), ['snapshot ETHBTC applied', 'gap ETHBTC bad_message']);
    }
    session.read(snapshot(10));
    session.read(update(11, [['zero', '1']]));
    session.read(update(12, []));
    assert.deepEqual(log.take().slice(1), ['delta ETHBTC bad_level', 'skipped ETHBTC awaiting_snapshot']);
    assert.deepEqual(log.levels('ETHBTC', 'bid'), ['0.0540 5.0', '0.0539 1.5']);
  });

  it('VE242 what is not meant for a book leaves no trace', () => {
    const { log, session } = start();
    for (const text of ['null', '[]', '7', '{}', frame('ticker', {}), frame('updateCandles', { symbol: 'ETHBTC' })]) {
      session.read(text);
    }
    assert.deepEqual(log.calls, []);
  });

  it('VE243 trades are told, those of the past are not, and a bad one harms no book', () => {
    const { log, session } = start();
    const trade = { id: 71, side: 'sell', timestamp: '2024-05-01T10:00:01.000Z' };
    const data = [{ ...trade, price: '0.0540', quantity: '1.50' }];
    session.read(frame('snapshotTrades', { symbol: 'ETHBTC', data }));
    assert.deepEqual(log.trades, []);
    session.read(frame('updateTrades', { symbol: 'ETHBTC', data: [...data, trade] }));
    const eventTime = Date.parse('2024-05-01T10:00:01.000Z');
    assert.deepEqual(log.trades, [
      { symbol: 'ETHBTC', tradeId: '71', price: '0.0540', size: '1.50', aggressor: 'sell', eventTime },
    ]);
    assert.deepEqual(log.calls, ['refused none']);
  });

  it('VE244 each channel of each symbol is a request of its own, and the book alone is asked for anew', () => {
    const { session } = start();
    assert.deepEqual(session.subscribe(['A', 'B'], { depth: 10, trades: true }), [
      '{"method":"subscribeOrderbook","params":{"symbol":"A"},"id":1}',
      '{"method":"subscribeTrades","params":{"symbol":"A"},"id":2}',
      '{"method":"subscribeOrderbook","params":{"symbol":"B"},"id":3}',
      '{"method":"subscribeTrades","params":{"symbol":"B"},"id":4}',
    ]);
    assert.deepEqual(session.resync('A'), [
      '{"method":"unsubscribeOrderbook","params":{"symbol":"A"},"id":5}',
      '{"method":"subscribeOrderbook","params":{"symbol":"A"},"id":6}',
    ]);
    session.subscribe(['C'], { depth: 0, trades: true });
    assert.deepEqual(session.unsubscribe(['A', 'C']), [
      '{"method":"unsubscribeOrderbook","params":{"symbol":"A"},"id":8}',
      '{"method":"unsubscribeTrades","params":{"symbol":"A"},"id":9}',
      '{"method":"unsubscribeTrades","params":{"symbol":"C"},"id":10}',
    ]);
  });

  it('VE244 what comes after the end of a subscription belongs to no book', () => {
    const { log, session } = start();
    session.read(snapshot(10));
    session.unsubscribe(['ETHBTC']);
    session.read(update(11, []));
    assert.deepEqual(log.calls.slice(1), ['skipped ETHBTC awaiting_snapshot']);
  });

  it('VE245 an answer belongs to the request with its number: acknowledged, unknown once, or a complaint', () => {
    const { log, session } = start();
    session.subscribe(['ETHBTC', 'NONE'], { depth: 10, trades: true });
    session.read('{"jsonrpc":"2.0","result":true,"id":1}');
    for (const id of [3, 4]) {
      session.read(`{"jsonrpc":"2.0","error":{"code":2001,"message":"Symbol not found","description":""},"id":${id}}`);
    }
    session.read('{"jsonrpc":"2.0","error":{"code":429,"message":"Too many requests"},"id":2}');
    session.unsubscribe(['ETHBTC']);
    session.read('{"jsonrpc":"2.0","result":true,"id":5}');
    assert.deepEqual(log.calls, ['acknowledged ETHBTC', 'rejected NONE unknown_symbol', 'complained 429']);
  });

  it('VE246 a ping is a question that costs nothing, and its answer leaves no trace', () => {
    const { log, session } = start();
    assert.equal(session.ping?.(), '{"method":"getCurrency","params":{"currency":"BTC"},"id":1}');
    session.read('{"jsonrpc":"2.0","result":{"id":"BTC"},"id":1}');
    assert.deepEqual(log.calls, []);
  });

  it('VE247 its frames are recognised, and its list of symbols is read', () => {
    assert.ok(hitbtc.recognises(JSON.parse(snapshot(1))));
    assert.ok(!hitbtc.recognises({ jsonrpc: '2.0', result: true, id: '1' }));
    assert.deepEqual(hitbtc.listing?.read('[{"id":"ETHBTC"},{}]'), ['ETHBTC']);
    assert.deepEqual(hitbtc.listing?.read('{}'), []);
  });
});
