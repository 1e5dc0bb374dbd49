import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseExact } from '../../server/recording/exact-json.js';
import { readFrame } from '../../server/recording/venue.js';
import type { VenueOperation } from '../../server/recording/venue.js';
import { VENUES, venueNamed, venueOfFileName, venueOfFrame } from '../../server/recording/venues.js';

/** A session with a venue: frames in, all operations out. */
function session(venue: string): (frame: unknown, url?: string) => readonly VenueOperation[] {
  const reader = venueNamed(venue)!.start();
  return (frame, url) => readFrame(reader, typeof frame === 'string' ? frame : JSON.stringify(frame), url);
}

/** What happened, in short: `delta`, `skipped old`, `gap sequence`. */
const inShort = (operations: readonly VenueOperation[]): string[] =>
  operations.map((operation) => ('reason' in operation ? `${operation.kind} ${operation.reason}` : operation.kind));

const DEPTH_URL = 'https://api.binance.com/api/v3/depth?symbol=AB&limit=1000';
const spot = (first: number, last: number, price = '1'): object => ({
  stream: 'ab@depth',
  data: { e: 'depthUpdate', E: 5, s: 'AB', U: first, u: last, b: [[price, '2']], a: [] },
});
const futures = (first: number, last: number, previous: number): object => ({
  stream: 'ab@depth',
  data: { e: 'depthUpdate', E: 5, s: 'AB', U: first, u: last, pu: previous, b: [['1', '2']], a: [] },
});
const answer = (lastUpdateId: number): object => ({ lastUpdateId, bids: [['1', '1']], asks: [['2', '1']] });

describe('parseExact', () => {
  it('RC20 numbers keep their text, and strings are not touched', () => {
    const text = '{"a":1.10,"b":[-0.0,3e-08,12345678901234567890],"c":"1.10 \\" 2 \\\\","d":true,"5":null}';
    assert.deepEqual(parseExact(text), {
      a: '1.10',
      b: ['-0.0', '3e-08', '12345678901234567890'],
      c: '1.10 " 2 \\',
      d: true,
      '5': null,
    });
  });

  it('RC20 it takes exactly what JSON.parse takes, and gives the same but for numbers', () => {
    const asText = (_name: string, value: unknown): unknown => (typeof value === 'number' ? String(value) : value);
    fc.assert(
      fc.property(fc.json(), (text) => {
        const plain = JSON.stringify(JSON.parse(text), asText);
        const withNumbers = (_name: string, value: unknown): unknown =>
          typeof value === 'string' && /^-?\d/.test(value) && String(Number(value)) !== 'NaN'
            ? String(Number(value))
            : value;
        assert.equal(JSON.stringify(parseExact(text), withNumbers), JSON.stringify(JSON.parse(plain), withNumbers));
      }),
    );
    for (const bad of ['01', '1.', '.5', '--1', '1e', 'NaN', '-Infinity', '{"a":1', '"abc', '[1 2]', '+1', '']) {
      assert.throws(() => parseExact(bad), SyntaxError, bad);
    }
  });
});

describe('binance', () => {
  it('RC21 spot: early updates wait, old ones go, the first must reach across the snapshot, then ids join', () => {
    const read = session('binance');
    assert.deepEqual(inShort(read(spot(1, 4))), ['skipped early']);
    assert.deepEqual(inShort(read(spot(5, 10))), ['skipped early']);
    assert.deepEqual(inShort(read(spot(11, 12))), ['skipped early']);
    assert.deepEqual(inShort(read(answer(7), DEPTH_URL)), ['snapshot', 'skipped old', 'delta', 'delta']);
    assert.deepEqual(inShort(read(spot(13, 13))), ['delta']);
    assert.deepEqual(inShort(read(spot(12, 13))), ['skipped old']);
    assert.deepEqual(inShort(read(spot(15, 16))), ['gap sequence', 'skipped early']);
    assert.deepEqual(inShort(read(spot(17, 18))), ['skipped early']);
    assert.deepEqual(inShort(read(answer(16), DEPTH_URL)), ['snapshot', 'skipped old', 'delta']);
  });

  it('RC21 a snapshot older than what is at hand is not used', () => {
    const read = session('binance');
    read(spot(20, 25));
    assert.deepEqual(inShort(read(answer(18), DEPTH_URL)), ['skipped old_snapshot']);
    assert.deepEqual(inShort(read(answer(19), DEPTH_URL)), ['snapshot', 'delta']);
    assert.deepEqual(inShort(read(answer(22), DEPTH_URL)), ['skipped old_snapshot']);
  });

  it('RC22 futures: ids skip, so only pu joins; an update may begin exactly where the snapshot ends', () => {
    const read = session('binance');
    read(futures(10, 20, 5));
    assert.deepEqual(inShort(read(answer(20), DEPTH_URL)), ['snapshot', 'delta']);
    assert.deepEqual(inShort(read(futures(300, 310, 20))), ['delta']);
    assert.deepEqual(inShort(read(futures(311, 320, 309))), ['gap sequence', 'skipped early']);
    const late = session('binance');
    late(answer(20), DEPTH_URL);
    assert.deepEqual(inShort(late(futures(25, 30, 20))), ['delta']);
  });

  it('RC23 a snapshot without a name is the only symbol’s; among several it is refused', () => {
    const read = session('binance');
    assert.deepEqual(inShort(read(answer(4))), []);
    assert.deepEqual(inShort(read(spot(5, 6))), ['skipped early', 'snapshot', 'delta']);
    read({ e: 'depthUpdate', s: 'XY', U: 1, u: 2, b: [], a: [] });
    assert.deepEqual(inShort(read(answer(9))), ['refused a snapshot that names no symbol, among several symbols']);
  });

  it('RC24 ids beyond 2^53 are compared to the last digit', () => {
    const read = session('binance');
    read('{"lastUpdateId":9007199254740992,"bids":[],"asks":[]}', DEPTH_URL);
    const update = (first: string, last: string): string =>
      `{"e":"depthUpdate","s":"AB","U":${first},"u":${last},"b":[],"a":[]}`;
    assert.deepEqual(inShort(read(update('9007199254740993', '9007199254740993'))), ['delta']);
    assert.deepEqual(inShort(read(update('9007199254740995', '9007199254740995'))), ['gap sequence', 'skipped early']);
  });

  it('RC25 early updates are bounded, the oldest make room, and the rule sees the hole', () => {
    const read = session('binance');
    for (let id = 1; id <= 1000; id++) read(spot(id, id));
    assert.deepEqual(inShort(read(spot(1001, 1001))), ['skipped early', 'skipped overrun']);
    assert.deepEqual(inShort(read(answer(0), DEPTH_URL)), ['skipped old_snapshot']);
    assert.equal(read(answer(1), DEPTH_URL).length, 1001);
  });
});

describe('chains of other venues', () => {
  const gate = (first: number, last: number): object => ({
    channel: 'spot.order_book_update',
    event: 'update',
    result: { s: 'A_B', U: first, u: last, t: 5, b: [['1', '2']], a: [] },
  });
  const okx = (action: string, previous: number, id: number): object => ({
    arg: { channel: 'books', instId: 'A-B' },
    action,
    data: [{ bids: [], asks: [], ts: '5', prevSeqId: previous, seqId: id }],
  });
  const deribit = (type: string, id: number, previous?: number): object => ({
    jsonrpc: '2.0',
    method: 'subscription',
    params: {
      channel: 'book.A.raw',
      data: { type, instrument_name: 'A', change_id: id, prev_change_id: previous, bids: [['delete', 1, 0]], asks: [] },
    },
  });
  const hitbtc = (method: string, sequence: number): object => ({
    jsonrpc: '2.0',
    method,
    params: { symbol: 'AB', sequence, bid: [], ask: [{ price: '1', size: '0' }] },
  });

  it('RC26 gateio: U follows u', () => {
    const read = session('gateio');
    read(gate(5, 6));
    const url = 'https://api.gateio.ws/api/v4/spot/order_book?currency_pair=A_B&limit=100&with_id=true';
    assert.deepEqual(inShort(read({ id: 4, bids: [], asks: [] }, url)), ['snapshot', 'delta']);
    assert.deepEqual(inShort(read(gate(8, 8))), ['gap sequence', 'skipped early']);
  });

  it('RC27 okx: prevSeqId is the last seqId, also when ids fall or stand still', () => {
    const read = session('okx');
    assert.deepEqual(inShort(read(okx('update', 1, 2))), ['skipped awaiting_snapshot']);
    assert.deepEqual(inShort(read(okx('snapshot', -1, 10))), ['snapshot']);
    assert.deepEqual(inShort(read(okx('update', 10, 10))), ['delta']);
    assert.deepEqual(inShort(read(okx('update', 10, 3))), ['delta']);
    assert.deepEqual(inShort(read(okx('update', 4, 12))), ['gap sequence']);
    assert.deepEqual(inShort(read(okx('update', 12, 13))), ['skipped awaiting_snapshot']);
  });

  it('RC28 deribit: prev_change_id is the last change_id, and a delete is size 0', () => {
    const read = session('deribit');
    read(deribit('snapshot', 10));
    const [delta] = read(deribit('change', 17, 10));
    assert.deepEqual(delta?.kind === 'delta' && delta.bids, [['1', '0']]);
    assert.deepEqual(inShort(read(deribit('change', 30, 18))), ['gap sequence']);
  });

  it('RC29 hitbtc: the sequence rises by one; a second snapshot replaces, and what it holds is dropped', () => {
    const read = session('hitbtc');
    read(hitbtc('snapshotOrderbook', 10));
    assert.deepEqual(inShort(read(hitbtc('updateOrderbook', 11))), ['delta']);
    assert.deepEqual(inShort(read(hitbtc('snapshotOrderbook', 13))), ['snapshot']);
    assert.deepEqual(inShort(read(hitbtc('updateOrderbook', 13))), ['skipped old']);
    assert.deepEqual(inShort(read(hitbtc('updateOrderbook', 14))), ['delta']);
    assert.deepEqual(inShort(read(hitbtc('updateOrderbook', 16))), ['gap sequence']);
  });
});

describe('keyed and bounded books', () => {
  const bitmex = (action: string, ...rows: object[]): object => ({ table: 'orderBookL2', action, data: rows });
  const row = (id: number, more: object = {}): object => ({ symbol: 'X', id, side: 'Buy', ...more });

  it('RC30 bitmex: the price of an update or delete is that of its id; an id out of place is a gap', () => {
    const read = session('bitmex');
    assert.deepEqual(inShort(read(bitmex('update', row(1, { size: 1 })))), ['skipped awaiting_snapshot']);
    read(bitmex('partial', row(1, { size: 5, price: 2e-8 }), row(2, { size: 7, price: 3 })));
    const [update] = read(bitmex('update', row(1, { size: 6 })));
    assert.deepEqual(update?.kind === 'delta' && update.bids, [['2e-8', '6']]);
    const [removal] = read(bitmex('delete', row(1)));
    assert.deepEqual(removal?.kind === 'delta' && removal.bids, [['2e-8', '0']]);
    assert.deepEqual(inShort(read(bitmex('delete', row(1)))), ['gap key']);
    assert.deepEqual(inShort(read(bitmex('delete', row(2)))), ['skipped awaiting_snapshot']);
  });

  it('RC31 bybit: deletes come before inserts, and a level out of place is a gap', () => {
    const read = session('bybit');
    const level = (price: string, size?: number): object => ({ price, id: price, side: 'Buy', symbol: 'AB', size });
    const book = (type: string, data: object): object => ({ topic: 'orderBookL2_25.AB', type, data });
    const delta = (data: object): object => book('delta', { delete: [], update: [], insert: [], ...data });
    assert.deepEqual(inShort(read(book('snapshot', { order_book: [level('1', 2)] }))), ['snapshot']);
    const [swap] = read(delta({ insert: [level('1', 3)], delete: [level('1')] }));
    assert.deepEqual(swap?.kind === 'delta' && swap.bids, [
      ['1', '0'],
      ['1', '3'],
    ]);
    assert.deepEqual(inShort(read(delta({ insert: [level('1', 3)] }))), ['gap key']);
  });

  it('RC32 kraken: levels pushed out of the depth are removed, though no message says so', () => {
    const read = session('kraken');
    const shared = [7, 'book-2', 'X/Y'] as const;
    const frame = (...maps: object[]): unknown[] => [shared[0], ...maps, shared[1], shared[2]];
    read(
      frame({
        as: [
          ['5', '1', '1.5'],
          ['6.0', '1', '1.5'],
        ],
        bs: [
          ['3', '1', '1.5'],
          ['2', '1', '1.5'],
        ],
      }),
    );
    const [both] = read(
      frame(
        { a: [['4', '1', '1.5']] },
        {
          b: [
            ['3', '0', '2.5'],
            ['1', '1', '2.5'],
            ['2.5', '1', '2.5', 'r'],
          ],
          c: '1',
        },
      ),
    );
    assert.ok(both?.kind === 'delta');
    assert.deepEqual(both.asks, [
      ['4', '1'],
      ['6', '0'],
    ]);
    assert.deepEqual(both.bids, [
      ['3', '0'],
      ['1', '1'],
      ['2.5', '1'],
      ['1', '0'],
    ]);
    assert.equal(both.eventTime, 2500);
  });
});

describe('bad input', () => {
  it('RC33 a level that is no decimal voids the book instead of changing it', () => {
    for (const size of ['NaN', '', '-1', 'Infinity', '1,5', null, [], { size: 1 }]) {
      const read = session('coinbase');
      read({ type: 'snapshot', product_id: 'A-B', bids: [['1', '1']], asks: [] });
      assert.deepEqual(
        inShort(read({ type: 'l2update', product_id: 'A-B', changes: [['buy', '1', size]] })),
        ['gap bad_message'],
        JSON.stringify(size),
      );
    }
  });

  it('RC34 nothing that a frame may hold makes a reader throw', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const names = [
      'arg',
      'data',
      'params',
      'result',
      'channel',
      'type',
      'action',
      'method',
      'topic',
      'table',
      'e',
      's',
      'symbol',
    ];
    const words = [
      'books',
      'update',
      'snapshot',
      'partial',
      'book',
      'orderBookL2',
      'depthUpdate',
      'A',
      'subscribe',
      'trade',
    ];
    const frame = fc.oneof(
      value,
      fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.constantFrom(...words)), { maxKeys: 8 }),
      fc.tuple(fc.integer(), value, fc.constant('book-10'), fc.constant('A')),
    );
    for (const venue of VENUES) {
      fc.assert(
        fc.property(
          fc.array(frame, { maxLength: 6 }),
          fc.option(fc.constant(DEPTH_URL), { nil: undefined }),
          (frames, url) => {
            const read = session(venue.name);
            for (const one of frames) assert.ok(Array.isArray(read(JSON.stringify(one), url)), venue.name);
          },
        ),
        { numRuns: 60 },
      );
    }
  });
});

describe('venues', () => {
  it('RC35 a frame belongs to one venue or to none', () => {
    const okxFrame = { arg: { channel: 'books', instId: 'A' }, action: 'update', data: [] };
    assert.equal(venueOfFrame(parseExact(JSON.stringify(okxFrame)))?.name, 'okx');
    const bitgetFrame = { ...okxFrame, arg: { instType: 'sp', channel: 'books', instId: 'A' } };
    assert.equal(venueOfFrame(parseExact(JSON.stringify(bitgetFrame)))?.name, 'bitget');
    assert.equal(venueOfFrame({ jsonrpc: '2.0', result: true, id: '1' }), undefined);
    assert.equal(venueOfFileName('cf_okex_2021-07_ws1.txt.gz')?.name, 'okx');
    assert.equal(venueOfFileName('BINANCE_DELIVERY.ws.1.0')?.name, 'binance');
    assert.equal(venueOfFileName('notes.txt'), undefined);
  });
});
