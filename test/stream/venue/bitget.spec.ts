import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from '../../../src/book/checksum.js';
import { bitget } from '../../../src/stream/protocol/bitget.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import type { VenueSession } from '../../../src/stream/venue/venue-protocol.js';
import { VenueLog } from '../../support/venue-log.js';

const EOS = 'EOSUSDT';

const frame = (action: string, channel: string, data: unknown, instId = EOS): string =>
  JSON.stringify({ action, arg: { instType: 'sp', channel, instId }, data });
const book = (action: string, sum: string, data: object): string =>
  frame(action, 'books', [{ asks: [], bids: [], ts: '1700000000000', checksum: crc32(sum) | 0, ...data }]);

const SNAPSHOT = book('snapshot', '2.50:10:2.60:4.0', { bids: [['2.50', '10']], asks: [['2.60', '4.0']] });
const UPDATE = book('update', '2.50:10:2.55:1:2.40:7:2.60:4.0', { bids: [['2.40', '7']], asks: [['2.55', '1']] });

interface Desk {
  readonly log: VenueLog;
  readonly session: VenueSession;
  readonly read: (...frames: string[]) => string[];
}

function makeDesk(url?: string): Desk {
  const log = new VenueLog();
  const session = bitget.start(log, { url });
  const read = (...frames: string[]) => {
    for (const text of frames) session.read(text);
    return log.take();
  };
  return { log, session, read };
}

const parsed = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text) as unknown);

describe('Bitget', () => {
  it('VE115 a snapshot and updates make a book that each checksum proves', () => {
    const { log, read } = makeDesk();
    assert.deepEqual(read(SNAPSHOT, UPDATE), [`snapshot ${EOS} applied`, `delta ${EOS} applied`]);
    assert.deepEqual(log.levels(EOS, 'bid'), ['2.50 10', '2.40 7']);
    assert.deepEqual(log.levels(EOS, 'ask'), ['2.55 1', '2.60 4.0']);
    assert.deepEqual(log.book(EOS).verified, { by: 'checksum', depth: 25 });
    // An update without levels proves that nothing was lost before it.
    assert.deepEqual(read(book('update', '2.50:10:2.55:1:2.40:7:2.60:4.0', {})), [`delta ${EOS} applied`]);
  });

  it('VE115 a lost update shows in the next checksum, and nothing more is taken until a snapshot', () => {
    const { log, read } = makeDesk();
    read(SNAPSHOT);
    const next = book('update', '2.50:10:2.55:1:2.40:7:2.60:5', { asks: [['2.60', '5']] });
    assert.deepEqual(read(next), [`delta ${EOS} bad_checksum`]);
    assert.equal(log.book(EOS).suspicion, 'bad_checksum');
    assert.deepEqual(read(UPDATE), [`skipped ${EOS} awaiting_snapshot`]);
    assert.deepEqual(read(SNAPSHOT), [`snapshot ${EOS} applied`]);
  });

  it('VE115 a repeated update is harmless, and a book without checksums is verified by nothing', () => {
    const { log, read } = makeDesk();
    assert.deepEqual(read(SNAPSHOT, UPDATE, UPDATE).slice(1), [`delta ${EOS} applied`, `delta ${EOS} applied`]);
    read(frame('snapshot', 'books', [{ asks: [], bids: [['1', '1']], checksum: 0 }]));
    assert.deepEqual(log.book(EOS).verified, { by: 'nothing' });
  });

  it('VE116 a message of a known symbol that cannot be read voids its book', () => {
    const bad = [
      frame('update', 'books', []),
      frame('update', 'books', [{ bids: [['1']], asks: [] }]),
      frame('update', 'books', [{ bids: [] }]),
      frame('partial', 'books', [{ bids: [], asks: [] }]),
    ];
    for (const text of bad) {
      const { read } = makeDesk();
      read(SNAPSHOT);
      assert.deepEqual(read(text), [`gap ${EOS} bad_message`], text);
      assert.deepEqual(read(UPDATE), [`skipped ${EOS} awaiting_snapshot`], text);
    }
  });

  it('VE116 what names no book is refused or passed over', () => {
    const { read } = makeDesk();
    const nameless = JSON.stringify({ action: 'update', arg: { channel: 'books' }, data: [] });
    assert.deepEqual(read('{', nameless), ['refused any', 'refused any']);
    assert.deepEqual(read('null', '7', '{}', frame('snapshot', 'ticker', [{}]), frame('snapshot', 'books5', [{}])), []);
  });

  it('VE117 trades of both versions are told, the oldest first', () => {
    const { log, read } = makeDesk();
    read(
      frame('update', 'trade', [
        ['1700000000002', '2.51', '3', 'buy'],
        ['1700000000001', '2.50', '1', 'sell'],
      ]),
      frame('update', 'trade', [{ ts: '1700000000003', price: '2.52', size: '4', side: 'buy', tradeId: '77' }]),
    );
    const told = log.trades.map(({ tradeId, price, aggressor, eventTime }) => [tradeId, price, aggressor, eventTime]);
    assert.deepEqual(told, [
      ['', '2.50', 'sell', 1_700_000_000_001],
      ['', '2.51', 'buy', 1_700_000_000_002],
      ['77', '2.52', 'buy', 1_700_000_000_003],
    ]);
    assert.deepEqual(read(frame('update', 'trade', [['1700000000002', null, '3', 'buy']])), ['refused none']);
  });

  it('VE118 symbols are asked for, given up and asked for anew by channel', () => {
    const { session, read } = makeDesk();
    const args = ['books', 'trade'].map((channel) => ({ instType: 'SPOT', channel, instId: EOS }));
    assert.deepEqual(parsed(session.subscribe([EOS], { depth: 10, trades: true })), [{ op: 'subscribe', args }]);
    assert.deepEqual(parsed(session.resync(EOS)), [
      { op: 'unsubscribe', args: args.slice(0, 1) },
      { op: 'subscribe', args: args.slice(0, 1) },
    ]);
    read(SNAPSHOT);
    assert.deepEqual(parsed(session.unsubscribe([EOS])), [{ op: 'unsubscribe', args }]);
    assert.deepEqual(read(UPDATE), [`skipped ${EOS} awaiting_snapshot`]);
    assert.equal(session.ping?.(), 'ping');
    const many = session.subscribe(
      Array.from({ length: 60 }, (_, i) => `S${i}`),
      { depth: 1, trades: false },
    );
    assert.deepEqual(
      many.map((text) => text.split('instId').length - 1),
      [50, 10],
    );
  });

  it('VE118 the address says which type of instrument is meant', () => {
    const typeAt = (url?: string) =>
      /"instType":"([^"]+)"/.exec(makeDesk(url).session.subscribe([EOS], { depth: 1, trades: false })[0]!)?.[1];
    assert.equal(typeAt(), 'SPOT');
    assert.equal(typeAt('wss://ws.bitget.com/v2/ws/public?instType=USDT-FUTURES'), 'USDT-FUTURES');
    assert.equal(typeAt('wss://ws.bitget.com/spot/v1/stream'), 'sp');
    assert.equal(typeAt('wss://ws.bitget.com/mix/v1/stream'), 'mc');
  });

  it('VE119 an answer says that a symbol is served, or why not', () => {
    const { session, read } = makeDesk();
    session.subscribe([EOS, 'NONE'], { depth: 10, trades: true });
    session.subscribe(['TRADED'], { depth: 0, trades: true });
    const grant = (channel: string, instId: string) =>
      JSON.stringify({ event: 'subscribe', arg: { instType: 'sp', channel, instId } });
    assert.deepEqual(read(grant('books', EOS), grant('trade', EOS)), [`acknowledged ${EOS}`]);
    assert.deepEqual(read(grant('trade', 'TRADED')), ['acknowledged TRADED']);
    const refusal = (channel: string) =>
      JSON.stringify({ event: 'error', code: 30001, msg: `instType:sp,channel:${channel},instId:NONE doesn't exist` });
    assert.deepEqual(read(refusal('books'), refusal('trade')), ['rejected NONE unknown_symbol']);
    assert.deepEqual(read('{"event":"error","code":30003,"msg":"Invalid op"}', 'pong'), ['complained 30003']);
  });

  it('VE119 it is recognised by the type of instrument beside the symbol', () => {
    assert.equal(bitget.recognises(parseExact(SNAPSHOT)), true);
    assert.equal(bitget.recognises(parseExact('{"arg":{"channel":"books","instId":"X"}}')), false);
    assert.deepEqual(bitget.listing?.read('{"data":[{"symbol":"A"},{}]}'), ['A']);
  });
});
