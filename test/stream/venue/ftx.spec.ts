import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from '../../../src/book/checksum.js';
import { ftx } from '../../../src/stream/protocol/ftx.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import type { VenueSession } from '../../../src/stream/venue/venue-protocol.js';
import { VenueLog } from '../../support/venue-log.js';

const SOL = 'SOL/USD';

/** `sides` is JSON as it stands on the wire: `"bids": …, "asks": …`. */
const book = (type: string, sum: string, sides: string): string =>
  `{"channel": "orderbook", "market": "${SOL}", "type": "${type}", "data": {"time": 1600000000.25, "checksum": ${crc32(sum)}, ${sides}, "action": "${type}"}}`;

const PARTIAL = book(
  'partial',
  '20.5:3.0:21.0:1.5:20.0:1e-05',
  '"bids": [[20.5, 3.0], [20.0, 1e-05]], "asks": [[21.0, 1.5]]',
);
const UPDATE = book('update', '20.5:3.0:20.75:2.0:21.0:1.5', '"bids": [[20.0, 0.0]], "asks": [[20.75, 2.0]]');

interface Desk {
  readonly log: VenueLog;
  readonly session: VenueSession;
  readonly read: (...frames: string[]) => string[];
}

function makeDesk(): Desk {
  const log = new VenueLog();
  const session = ftx.start(log);
  const read = (...frames: string[]) => {
    for (const text of frames) session.read(text);
    return log.take();
  };
  return { log, session, read };
}

const parsed = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text) as unknown);

describe('FTX', () => {
  it('VE120 a snapshot and updates make a book that each checksum proves', () => {
    const { log, read } = makeDesk();
    assert.deepEqual(read(PARTIAL, UPDATE), [`snapshot ${SOL} applied`, `delta ${SOL} applied`]);
    assert.deepEqual(log.levels(SOL, 'bid'), ['20.5 3.0']);
    assert.deepEqual(log.levels(SOL, 'ask'), ['20.75 2.0', '21.0 1.5']);
    assert.deepEqual(log.book(SOL).verified, { by: 'checksum', depth: 100 });
    assert.equal(log.book(SOL).book?.eventTime, 1_600_000_000_250);
  });

  it('VE120 a lost update shows in the next checksum, a repeated one is harmless', () => {
    const { log, read } = makeDesk();
    read(PARTIAL, UPDATE);
    assert.deepEqual(read(UPDATE), [`delta ${SOL} applied`]);
    const next = book('update', '20.5:3.0:20.75:2.0:21.0:9.0', '"bids": [], "asks": [[22.0, 1.0]]');
    assert.deepEqual(read(next, UPDATE), [`delta ${SOL} bad_checksum`, `skipped ${SOL} awaiting_snapshot`]);
    assert.equal(log.book(SOL).suspicion, 'bad_checksum');
    assert.deepEqual(read(PARTIAL), [`snapshot ${SOL} applied`]);
  });

  it('VE120 an update without a checksum is not believed', () => {
    const { read } = makeDesk();
    read(PARTIAL);
    assert.deepEqual(read(UPDATE.replace('checksum', 'sum')), [`delta ${SOL} bad_checksum`]);
  });

  it('VE121 a message that cannot be read voids its book, or is refused where it names none', () => {
    for (const sides of ['"bids": [], "asks": 1', '"bids": [[1.0]], "asks": []', '"bids": []']) {
      const { read } = makeDesk();
      read(PARTIAL);
      assert.deepEqual(read(book('update', '', sides), UPDATE), [
        `gap ${SOL} bad_message`,
        `skipped ${SOL} awaiting_snapshot`,
      ]);
    }
    const { read } = makeDesk();
    assert.deepEqual(read('{', '{"channel":"orderbook","type":"update"}'), ['refused any', 'refused any']);
    assert.deepEqual(read('null', '[]', '{"type":"pong"}', '{"channel":"ticker","market":"A","type":"update"}'), []);
  });

  it('VE122 trades are told, and a bad one leaves the book alone', () => {
    const { log, read } = makeDesk();
    const trade = `{"id": 7, "price": 20.5, "size": 1.0, "side": "buy", "time": "2020-09-13T12:26:40.5+00:00"}`;
    const text = `{"channel": "trades", "market": "${SOL}", "type": "update", "data": [${trade}, {"id": 8}]}`;
    assert.deepEqual(read(text), ['refused none']);
    assert.deepEqual(log.trades, [
      { symbol: SOL, tradeId: '7', price: '20.5', size: '1.0', aggressor: 'buy', eventTime: 1_600_000_000_500 },
    ]);
  });

  it('VE123 each channel of a symbol is asked for by itself', () => {
    const { session, read } = makeDesk();
    const ask = (op: string, channel: string) => ({ op, channel, market: SOL });
    assert.deepEqual(parsed(session.subscribe([SOL], { depth: 10, trades: true })), [
      ask('subscribe', 'orderbook'),
      ask('subscribe', 'trades'),
    ]);
    assert.deepEqual(parsed(session.resync(SOL)), [ask('unsubscribe', 'orderbook'), ask('subscribe', 'orderbook')]);
    read(PARTIAL);
    assert.deepEqual(parsed(session.unsubscribe([SOL])), [
      ask('unsubscribe', 'orderbook'),
      ask('unsubscribe', 'trades'),
    ]);
    assert.deepEqual(read(UPDATE), [`skipped ${SOL} awaiting_snapshot`]);
    assert.equal(session.ping?.(), '{"op":"ping"}');
  });

  it('VE124 an answer says that a symbol is served, or why not, or that the venue leaves', () => {
    const { session, read } = makeDesk();
    session.subscribe([SOL, 'NONE'], { depth: 10, trades: true });
    session.subscribe(['TRADED'], { depth: 0, trades: true });
    const grant = (channel: string, market: string) => JSON.stringify({ type: 'subscribed', channel, market });
    assert.deepEqual(read(grant('orderbook', SOL), grant('trades', SOL)), [`acknowledged ${SOL}`]);
    assert.deepEqual(read(grant('trades', 'TRADED')), ['acknowledged TRADED']);
    const refusal = '{"type": "error", "code": 404, "msg": "No such market: NONE"}';
    assert.deepEqual(read(refusal, refusal), ['rejected NONE unknown_symbol']);
    const other = `{"type": "error", "code": 400, "market": "${SOL}", "msg": "Already subscribed"}`;
    assert.deepEqual(read(other), ['complained 400']);
    assert.deepEqual(read('{"type": "info", "code": 20001, "msg": "Reconnect."}'), ['leaving']);
    assert.equal(ftx.recognises(parseExact(PARTIAL)), true);
    assert.equal(ftx.recognises(parseExact('{"channel":"orderbook"}')), false);
  });
});
