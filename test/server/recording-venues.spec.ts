import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseExact } from '../../src/stream/venue/exact-json.js';
import type { VenueProtocol } from '../../src/stream/venue/venue-protocol.js';
import { loadVenue, VENUE_NAMES } from '../../src/stream/venue/venues.js';
import { Tally } from '../../server/replay/tally.js';
import { stateOf } from '../../server/replay/report.js';
import { VenueLog } from '../support/venue-log.js';

const venues = await Promise.all(VENUE_NAMES.map(loadVenue));
const venueNamed = (name: string): VenueProtocol => venues.find((venue) => venue.name === name)!;

/** A session with a venue of one symbol, `AB`: frames in; out comes what was told, in short: `delta`, `skipped old`. */
function session(name: string): (frame: unknown, url?: string) => readonly string[] {
  const log = new VenueLog();
  const reader = venueNamed(name).start(log);
  return (frame, url) => {
    reader.read(typeof frame === 'string' ? frame : JSON.stringify(frame), url);
    return log.take().map((call) => call.replace(' AB', '').replace(' applied', ''));
  };
}

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

describe('binance', () => {
  it('RC21 spot: early updates wait, old ones go, the first must reach across the snapshot, then ids join', () => {
    const read = session('binance-spot');
    assert.deepEqual(read(spot(1, 4)), ['skipped early']);
    assert.deepEqual(read(spot(5, 10)), ['skipped early']);
    assert.deepEqual(read(spot(11, 12)), ['skipped early']);
    assert.deepEqual(read(answer(7), DEPTH_URL), ['snapshot', 'skipped old', 'delta', 'delta']);
    assert.deepEqual(read(spot(13, 13)), ['delta']);
    assert.deepEqual(read(spot(12, 13)), ['skipped old']);
    assert.deepEqual(read(spot(15, 16)), ['gap sequence', 'skipped early']);
    assert.deepEqual(read(spot(17, 18)), ['skipped early']);
    assert.deepEqual(read(answer(16), DEPTH_URL), ['snapshot', 'skipped old', 'delta']);
  });

  it('RC21 a snapshot older than what is at hand is not used', () => {
    const read = session('binance-spot');
    read(spot(20, 25));
    assert.deepEqual(read(answer(18), DEPTH_URL), ['skipped old_snapshot']);
    assert.deepEqual(read(answer(19), DEPTH_URL), ['snapshot', 'delta']);
    assert.deepEqual(read(answer(22), DEPTH_URL), ['skipped old_snapshot']);
  });

  it('RC22 futures: ids skip, so only pu joins; an update may begin exactly where the snapshot ends', () => {
    const read = session('binance-usdm');
    read(futures(10, 20, 5));
    assert.deepEqual(read(answer(20), DEPTH_URL), ['snapshot', 'delta']);
    assert.deepEqual(read(futures(300, 310, 20)), ['delta']);
    assert.deepEqual(read(futures(311, 320, 309)), ['gap sequence', 'skipped early']);
    const late = session('binance-usdm');
    late(answer(20), DEPTH_URL);
    assert.deepEqual(late(futures(25, 30, 20)), ['delta']);
  });

  it('RC23 a snapshot without a name is the only symbol’s; among several it is refused', () => {
    const read = session('binance-spot');
    assert.deepEqual(read(answer(4)), []);
    assert.deepEqual(read(spot(5, 6)), ['skipped early', 'snapshot', 'delta']);
    read({ e: 'depthUpdate', s: 'XY', U: 1, u: 2, b: [], a: [] });
    assert.deepEqual(read(answer(9)), ['refused none']);
  });

  it('RC24 ids beyond 2^53 are compared to the last digit', () => {
    const read = session('binance-spot');
    read('{"lastUpdateId":9007199254740992,"bids":[],"asks":[]}', DEPTH_URL);
    const update = (first: string, last: string): string =>
      `{"e":"depthUpdate","s":"AB","U":${first},"u":${last},"b":[],"a":[]}`;
    assert.deepEqual(read(update('9007199254740993', '9007199254740993')), ['delta']);
    assert.deepEqual(read(update('9007199254740995', '9007199254740995')), ['gap sequence', 'skipped early']);
  });

  it('RC25 early updates are bounded, the oldest make room, and the rule sees the hole', () => {
    const read = session('binance-spot');
    for (let id = 1; id <= 1000; id++) read(spot(id, id));
    assert.deepEqual(read(spot(1001, 1001)), ['skipped early', 'skipped overrun']);
    assert.deepEqual(read(answer(0), DEPTH_URL), ['skipped old_snapshot']);
    assert.equal(read(answer(1), DEPTH_URL).length, 1001);
  });
});

describe('bad input', () => {
  it('RC33 a level that is no decimal voids the book instead of changing it', () => {
    for (const size of ['NaN', '', '-1', 'Infinity', '1,5', null, [], { size: 1 }]) {
      const tally = new Tally(venueNamed('coinbase'));
      const read = (frame: object): void => tally.read(JSON.stringify(frame));
      read({ type: 'snapshot', product_id: 'A-B', bids: [['1', '1']], asks: [] });
      read({ type: 'l2update', product_id: 'A-B', changes: [['buy', '1', size]] });
      const symbol = tally.symbols.get('A-B')!;
      assert.equal(stateOf(symbol), 'bad_message', JSON.stringify(size));
      read({ type: 'l2update', product_id: 'A-B', changes: [['buy', '1', '3']] });
      assert.deepEqual(symbol.state.book?.textAt('bid', 0), ['1', '1']);
    }
  });

  it('RC34 nothing that a frame may hold makes a session throw', () => {
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
    for (const { name } of venues) {
      fc.assert(
        fc.property(
          fc.array(frame, { maxLength: 6 }),
          fc.option(fc.constant(DEPTH_URL), { nil: undefined }),
          (frames, url) => {
            const read = session(name);
            for (const one of frames) assert.ok(Array.isArray(read(JSON.stringify(one), url)), name);
          },
        ),
        { numRuns: 60 },
      );
    }
  });
});

describe('venues', () => {
  const knowing = (frame: object): string[] => {
    const json = parseExact(JSON.stringify(frame));
    return venues.filter((venue) => venue.recognises(json)).map(({ name }) => name);
  };

  it('RC35 a frame belongs to one venue or to none', () => {
    const okx = { arg: { channel: 'books', instId: 'A' }, action: 'update', data: [] };
    assert.deepEqual(knowing(okx), ['okx']);
    assert.deepEqual(knowing({ ...okx, arg: { instType: 'sp', channel: 'books', instId: 'A' } }), ['bitget']);
    assert.deepEqual(knowing(spot(1, 2)), ['binance-spot']);
    assert.deepEqual(knowing(futures(1, 2, 0)), ['binance-usdm']);
    assert.deepEqual(knowing({ jsonrpc: '2.0', result: true, id: '1' }), []);
    assert.deepEqual(knowing({}), []);
    assert.deepEqual(knowing([]), []);
  });
});
