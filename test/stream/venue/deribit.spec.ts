import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deribit } from '../../../src/stream/protocol/deribit.js';
import { VenueLog } from '../../support/venue-log.js';

type Row = [action: string, price: number, amount: number];

const start = () => {
  const log = new VenueLog();
  return { log, session: deribit.start(log) };
};

const notice = (channel: string, data: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } });

const book = (type: string, id: number, previous: number | undefined, bids: Row[], asks: Row[]): string =>
  notice('book.BTC-PERPETUAL.100ms', {
    type,
    timestamp: 1_700_000_000_000 + id,
    instrument_name: 'BTC-PERPETUAL',
    prev_change_id: previous,
    change_id: id,
    bids,
    asks,
  });

const SNAPSHOT = book(
  'snapshot',
  10,
  undefined,
  [
    ['new', 100.5, 20],
    ['new', 100, 5],
  ],
  [['new', 101, 7]],
);

const change = (id: number, previous: number, bids: Row[], asks: Row[] = []): string =>
  book('change', id, previous, bids, asks);

const sent = (frames: readonly string[]): { id: number; method: string; params: { channels: string[] } }[] =>
  frames.map((frame) => JSON.parse(frame));

describe('Deribit', () => {
  it('VE200 a snapshot and the changes that follow it are the book', () => {
    const { log, session } = start();
    session.read(SNAPSHOT);
    assert.equal(log.book('BTC-PERPETUAL').book?.eventTime, 1_700_000_000_010);
    session.read(
      change(
        13,
        10,
        [
          ['change', 100.5, 8],
          ['delete', 100, 0],
          ['new', 99.5, 3],
        ],
        [['new', 102, 1]],
      ),
    );
    assert.deepEqual(log.calls, ['snapshot BTC-PERPETUAL applied', 'delta BTC-PERPETUAL applied']);
    assert.deepEqual(log.levels('BTC-PERPETUAL', 'bid'), ['100.5 8', '99.5 3']);
    assert.deepEqual(log.levels('BTC-PERPETUAL', 'ask'), ['101.0 7', '102.0 1']);
    assert.deepEqual(log.book('BTC-PERPETUAL').verified, { by: 'sequence' });
    assert.equal(log.book('BTC-PERPETUAL').book?.eventTime, 1_700_000_000_013);
  });

  it('VE200 a price is the same one however its number is written', () => {
    const { log, session } = start();
    session.read(
      '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"book.O.100ms","data":{"type":"snapshot",' +
        '"instrument_name":"O","change_id":1,"bids":[["new",5.0e-4,1.0]],"asks":[]}}}',
    );
    session.read(
      '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"book.O.100ms","data":{"type":"change",' +
        '"instrument_name":"O","change_id":2,"prev_change_id":1,"bids":[["delete",0.0005,0.0]],"asks":[]}}}',
    );
    assert.deepEqual(log.take(), ['snapshot O applied', 'delta O applied']);
    assert.deepEqual(log.levels('O', 'bid'), []);
  });

  it('VE201 a change that does not follow the one before is a gap at once, and nothing is applied until a snapshot', () => {
    const { log, session } = start();
    session.read(SNAPSHOT);
    session.read(change(14, 12, [['change', 98, 9]]));
    session.read(change(15, 14, [['change', 100, 9]]));
    session.read(SNAPSHOT);
    assert.deepEqual(log.calls, [
      'snapshot BTC-PERPETUAL applied',
      'gap BTC-PERPETUAL sequence',
      'skipped BTC-PERPETUAL awaiting_snapshot',
      'snapshot BTC-PERPETUAL applied',
    ]);
  });

  it('VE201 a change without the number of the one before is a gap', () => {
    const { log, session } = start();
    session.read(SNAPSHOT);
    session.read(book('change', 11, undefined, [['change', 100, 9]], []));
    assert.deepEqual(log.calls.slice(1), ['gap BTC-PERPETUAL sequence']);
  });

  it('VE201 a repeated change is passed over', () => {
    const { log, session } = start();
    session.read(SNAPSHOT);
    session.read(change(11, 10, [['change', 100, 9]]));
    session.read(change(11, 10, [['change', 100, 9]]));
    session.read(change(12, 11, [['change', 100, 8]]));
    assert.deepEqual(log.calls.slice(2), ['skipped BTC-PERPETUAL old', 'delta BTC-PERPETUAL applied']);
  });

  it('VE202 an action that contradicts the book is a gap by key', () => {
    for (const row of [
      ['new', 100, 1],
      ['change', 98, 1],
      ['delete', 98, 0],
    ] as Row[]) {
      const { log, session } = start();
      session.read(SNAPSHOT);
      session.read(change(11, 10, [row]));
      session.read(change(12, 11, []));
      assert.deepEqual(log.calls.slice(1), ['gap BTC-PERPETUAL key', 'skipped BTC-PERPETUAL awaiting_snapshot']);
      assert.deepEqual(log.levels('BTC-PERPETUAL', 'bid'), ['100.5 20', '100.0 5']);
    }
  });

  it('VE203 a frame that cannot be read changes no book: of a known symbol it is a gap, else it is refused', () => {
    const { log, session } = start();
    session.read(SNAPSHOT);
    session.read('{"jsonrpc":');
    session.read(notice('book.X.100ms', { type: 'change', change_id: 3 }));
    session.read(notice('book.X.100ms', null));
    assert.deepEqual(log.take().slice(1), ['refused any', 'refused any', 'refused any']);
    for (const bids of [null, [['moved', 100, 1]], [['change', 'x', 1]], [['change', 100]], [7]]) {
      session.read(SNAPSHOT);
      session.read(
        notice('book.BTC-PERPETUAL.100ms', {
          type: 'change',
          instrument_name: 'BTC-PERPETUAL',
          change_id: 11,
          prev_change_id: 10,
          bids,
          asks: [],
        }),
      );
      assert.deepEqual(log.take(), ['snapshot BTC-PERPETUAL applied', 'gap BTC-PERPETUAL bad_message']);
    }
    session.read(book('remake', 12, 11, [], []));
    assert.deepEqual(log.take(), ['gap BTC-PERPETUAL bad_message']);
    assert.deepEqual(log.levels('BTC-PERPETUAL', 'bid'), ['100.5 20', '100.0 5']);
  });

  it('VE203 what is not meant for a book leaves no trace', () => {
    const { log, session } = start();
    for (const text of ['null', '7', '[]', '{"method":"subscription"}', '{"method":"heartbeat","params":{}}', '{}']) {
      session.read(text);
    }
    session.read(notice('ticker.BTC-PERPETUAL.100ms', { instrument_name: 'BTC-PERPETUAL' }));
    session.read(notice('book.BTC-PERPETUAL.none.10.100ms', { instrument_name: 'BTC-PERPETUAL', change_id: 1 }));
    assert.deepEqual(log.calls, []);
  });

  it('VB16 numbers that fell do not freeze a book for long', () => {
    const { log, session } = start();
    session.read(SNAPSHOT);
    for (let i = 0; i < 20; i++) session.read(change(5, 4, [['change', 100.5, i + 1]]));
    assert.equal(log.book('BTC-PERPETUAL').suspicion, undefined);
    session.read(change(5, 4, []));
    assert.equal(log.book('BTC-PERPETUAL').suspicion, 'sequence_gap');
  });

  it('VE204 trades are told with their taker, and a bad one harms no book', () => {
    const { log, session } = start();
    session.read(SNAPSHOT);
    const trade = { instrument_name: 'BTC-PERPETUAL', trade_id: '77', direction: 'sell', timestamp: 1_700_000_000_500 };
    session.read(notice('trades.BTC-PERPETUAL.100ms', [{ ...trade, price: 100.5, amount: 10 }, trade]));
    assert.deepEqual(log.trades, [
      {
        symbol: 'BTC-PERPETUAL',
        tradeId: '77',
        price: '100.5',
        size: '10',
        aggressor: 'sell',
        eventTime: 1_700_000_000_500,
      },
    ]);
    assert.deepEqual(log.calls.slice(1), ['refused none']);
    assert.equal(log.book('BTC-PERPETUAL').suspicion, undefined);
  });

  it('VE205 book and trades are asked for at 100 ms, given up together, and the book alone is asked for anew', () => {
    const { session } = start();
    const both = ['book.A.100ms', 'trades.A.100ms', 'book.B.100ms', 'trades.B.100ms'];
    const [asked] = sent(session.subscribe(['A', 'B'], { depth: 10, trades: true }));
    assert.equal(asked?.method, 'public/subscribe');
    assert.deepEqual(asked?.params.channels, both);
    assert.deepEqual(sent(session.subscribe(['C'], { depth: 0, trades: true }))[0]?.params.channels, [
      'trades.C.100ms',
    ]);
    const again = sent(session.resync('A'));
    assert.deepEqual(
      again.map(({ method, params }) => [method, ...params.channels]),
      [
        ['public/unsubscribe', 'book.A.100ms'],
        ['public/subscribe', 'book.A.100ms'],
      ],
    );
    const [left] = sent(session.unsubscribe(['A', 'B', 'C']));
    assert.equal(left?.method, 'public/unsubscribe');
    assert.deepEqual(left?.params.channels, [...both, 'trades.C.100ms']);
  });

  it('VE205 no request has more than 500 channels', () => {
    const { session } = start();
    const symbols = Array.from({ length: 600 }, (_, i) => `S${i}`);
    const counts = sent(session.subscribe(symbols, { depth: 5, trades: true })).map(
      (one) => one.params.channels.length,
    );
    assert.deepEqual(counts, [500, 500, 200]);
  });

  it('VE205 what comes after the end of a subscription belongs to no book', () => {
    const { log, session } = start();
    session.subscribe(['BTC-PERPETUAL'], { depth: 10, trades: false });
    session.read(SNAPSHOT);
    session.unsubscribe(['BTC-PERPETUAL']);
    session.read(change(11, 10, [['change', 100, 9]]));
    assert.deepEqual(log.calls.slice(1), ['skipped BTC-PERPETUAL awaiting_snapshot']);
  });

  it('VE206 the channels in the answer are served, and those left out of it are unknown', () => {
    const { log, session } = start();
    const [asked] = sent(session.subscribe(['A', 'NONE'], { depth: 10, trades: true }));
    session.read(JSON.stringify({ jsonrpc: '2.0', id: asked?.id, result: ['trades.A.100ms', 'book.A.100ms'] }));
    session.read(JSON.stringify({ jsonrpc: '2.0', id: asked?.id, result: [] }));
    assert.deepEqual(log.calls, ['acknowledged A', 'rejected NONE unknown_symbol']);
  });

  it('VE206 an error is a complaint with its code', () => {
    const { log, session } = start();
    const [asked] = sent(session.subscribe(['A'], { depth: 10, trades: true }));
    session.read(
      JSON.stringify({ jsonrpc: '2.0', id: asked?.id, error: { code: 10_028, message: 'too_many_requests' } }),
    );
    assert.deepEqual(log.calls, ['complained 10028']);
  });

  it('VE207 a connection begins with the wish for heartbeats, and a test request is answered at once', () => {
    const { log, session } = start();
    const [first] = session.greeting?.() ?? [];
    const { method, params } = JSON.parse(first ?? '') as { method: string; params: { interval: number } };
    assert.equal(method, 'public/set_heartbeat');
    assert.ok(params.interval >= 10);
    session.read('{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}');
    assert.deepEqual(log.sent, []);
    session.read('{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}');
    assert.equal(sent(log.sent)[0]?.method, 'public/test');
    assert.equal(sent([session.ping?.() ?? ''])[0]?.method, 'public/test');
  });

  it('VE208 a maintenance break is the end of the connection', () => {
    const { log, session } = start();
    assert.deepEqual(sent(session.greeting?.() ?? [])[1]?.params.channels, ['platform_state']);
    session.read(notice('platform_state', { price_index: 'btc_usd', locked: true }));
    session.read(notice('platform_state', { maintenance: false }));
    assert.deepEqual(log.calls, []);
    session.read(notice('platform_state', { maintenance: true }));
    assert.deepEqual(log.calls, ['leaving']);
  });

  it('VE209 its frames are recognised, and its list of instruments is read', () => {
    assert.ok(deribit.recognises(JSON.parse(SNAPSHOT)));
    assert.ok(!deribit.recognises({ jsonrpc: '2.0', id: '1', result: [] }));
    assert.deepEqual(deribit.listing?.read('{"result":[{"instrument_name":"BTC-PERPETUAL"},{}]}'), ['BTC-PERPETUAL']);
  });
});
