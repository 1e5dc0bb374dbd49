import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from '../../../src/book/checksum.js';
import { okx } from '../../../src/stream/protocol/okx.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import type { VenueSession } from '../../../src/stream/venue/venue-protocol.js';
import { VenueLog } from '../../support/venue-log.js';

const BTC = 'BTC-USDT';

interface Data {
  readonly bids?: unknown;
  readonly asks?: unknown;
  readonly [name: string]: unknown;
}

const level = (price: string, size: string) => [price, size, '0', '1'];
const frame = (action: string, data: Data, channel = 'books', instId = BTC): string =>
  JSON.stringify({
    arg: { channel, instId },
    action,
    data: [{ asks: [], bids: [], ts: '1700000000000', ...data }],
  });

const SIDES = { bids: [level('100.10', '2'), level('100.00', '1.50')], asks: [level('100.20', '3.0')] };
const snapshot = (seqId: number, rest: Data = SIDES): string =>
  frame('snapshot', { ...rest, seqId, prevSeqId: -1, checksum: 0 });
const update = (prevSeqId: number, seqId: number, rest: Data = {}): string =>
  frame('update', { ...rest, seqId, prevSeqId, checksum: 0 });
const summed = (action: string, text: string, rest: Data): string =>
  frame(action, { ...rest, checksum: crc32(text) | 0 });

interface Desk {
  readonly log: VenueLog;
  readonly session: VenueSession;
  /** Reads frames and says what they led to. */
  readonly read: (...frames: string[]) => string[];
}

function makeDesk(): Desk {
  const log = new VenueLog();
  const session = okx.start(log);
  const read = (...frames: string[]) => {
    for (const text of frames) session.read(text);
    return log.take();
  };
  return { log, session, read };
}

/** A desk whose book stands at number 10. */
function makeBook(): Desk {
  const desk = makeDesk();
  assert.deepEqual(desk.read(snapshot(10)), [`snapshot ${BTC} applied`]);
  return desk;
}

describe('OKX', () => {
  it('VE105 a snapshot and the updates that name the message before them make a book, verified by sequence', () => {
    const { log, read } = makeBook();
    const calls = read(
      update(10, 17, { bids: [level('100.05', '4')] }),
      update(17, 29, { bids: [level('100.10', '0')], asks: [level('100.20', '1')] }),
    );
    assert.deepEqual(calls, [`delta ${BTC} applied`, `delta ${BTC} applied`]);
    assert.deepEqual(log.levels(BTC, 'bid'), ['100.05 4.0', '100.00 1.5']);
    assert.deepEqual(log.levels(BTC, 'ask'), ['100.20 1.0']);
    assert.deepEqual(log.book(BTC).verified, { by: 'sequence' });
    assert.equal(log.book(BTC).book?.eventTime, 1_700_000_000_000);
    assert.equal(log.book(BTC).book?.depthLimit, 400);
  });

  it('VE105 without numbers a book is verified by its checksum, without either by nothing', () => {
    const { log, read } = makeDesk();
    read(summed('snapshot', '100:1:101:1', { bids: [level('100', '1')], asks: [level('101', '1')] }));
    assert.deepEqual(log.book(BTC).verified, { by: 'checksum', depth: 25 });
    read(frame('snapshot', SIDES));
    assert.deepEqual(log.book(BTC).verified, { by: 'nothing' });
    assert.deepEqual(read(frame('update', { bids: [level('99', '1')] })), [`delta ${BTC} applied`]);
  });

  it('VE106 a missing message is noticed with the next one, and nothing more is taken until a snapshot', () => {
    const { log, read } = makeBook();
    assert.deepEqual(read(update(11, 12)), [`gap ${BTC} sequence`]);
    assert.equal(log.book(BTC).suspicion, 'sequence_gap');
    assert.deepEqual(read(update(12, 13)), [`skipped ${BTC} awaiting_snapshot`]);
    assert.deepEqual(read(snapshot(20), update(20, 21)), [`snapshot ${BTC} applied`, `delta ${BTC} applied`]);
    assert.equal(log.book(BTC).suspicion, undefined);
  });

  it('VE106 an update before any snapshot is skipped, and one that names no message before it is a gap', () => {
    assert.deepEqual(makeDesk().read(update(10, 11)), [`skipped ${BTC} awaiting_snapshot`]);
    assert.deepEqual(makeBook().read(frame('update', { seqId: 11 })), [`gap ${BTC} sequence`]);
    assert.deepEqual(makeBook().read(frame('update', { prevSeqId: 10 })), [`gap ${BTC} bad_message`]);
  });

  it('VE106 a repeated message changes nothing', () => {
    const { log, read } = makeBook();
    const once = update(10, 11, { bids: [level('100.05', '4')] });
    const calls = read(once, once, update(11, 12));
    assert.deepEqual(calls, [`delta ${BTC} applied`, `skipped ${BTC} old`, `delta ${BTC} applied`]);
    assert.equal(log.book(BTC).suspicion, undefined);
  });

  it('VE106 numbers beyond 2^53 are told apart to their last digit', () => {
    const text = (previous: string, id: string) =>
      frame('update', { prevSeqId: 1, seqId: 2 })
        .replace('"prevSeqId":1', `"prevSeqId":${previous}`)
        .replace('"seqId":2', `"seqId":${id}`);
    const { read } = makeDesk();
    read(snapshot(10).replace('"seqId":10', '"seqId":9007199254740993'));
    assert.deepEqual(read(text('9007199254740993', '9007199254740995')), [`delta ${BTC} applied`]);
    assert.deepEqual(read(text('9007199254740994', '9007199254740996')), [`gap ${BTC} sequence`]);
  });

  it('VE107 a message without levels may repeat the number before it', () => {
    const { read } = makeBook();
    assert.deepEqual(read(update(10, 10), update(10, 11)), [`delta ${BTC} applied`, `delta ${BTC} applied`]);
    assert.deepEqual(read(update(10, 10)), [`gap ${BTC} sequence`]);
  });

  it('VE107 numbers may fall once while the chain goes on', () => {
    const { read } = makeBook();
    const calls = read(update(10, 3), update(3, 4), update(10, 11));
    assert.deepEqual(calls, [`delta ${BTC} applied`, `delta ${BTC} applied`, `gap ${BTC} sequence`]);
  });

  it('VE108 the checksum is that of the texts as they were written', () => {
    const { log, read } = makeDesk();
    const calls = read(
      summed('snapshot', '100.10:2:100.20:3.0:100.00:1.50', SIDES),
      summed('update', '100.10:2:100.20:3.0:100.00:2.50', { bids: [level('100.00', '2.50')] }),
      summed('update', '100.10:2:100.20:3.0:100.00:9', { bids: [level('100.00', '8')] }),
    );
    assert.deepEqual(calls, [`snapshot ${BTC} applied`, `delta ${BTC} applied`, `delta ${BTC} bad_checksum`]);
    assert.equal(log.book(BTC).suspicion, 'bad_checksum');
    assert.deepEqual(read(frame('update', {})), [`skipped ${BTC} awaiting_snapshot`]);
  });

  it('VE108 where nothing else proves the book, a checksum of 0 or none is a fault, and one that cannot be read is wrong', () => {
    for (const [update, told] of [
      [{ checksum: 0 }, `gap ${BTC} bad_message`],
      [{}, `gap ${BTC} bad_message`],
      [{ checksum: 'x' }, `delta ${BTC} bad_checksum`],
    ] as const) {
      const { read } = makeDesk();
      const sum = summed('snapshot', '100.10:2:100.20:3.0:100.00:1.50', SIDES);
      assert.deepEqual(read(sum, frame('update', update)), [`snapshot ${BTC} applied`, told]);
    }
  });

  it('VE109 two channels of a symbol are never mixed: the first that brings a snapshot is the book', () => {
    const { log, read } = makeDesk();
    read(frame('snapshot', { ...SIDES, seqId: 5 }, 'books50-l2-tbt'));
    assert.equal(log.book(BTC).book?.depthLimit, 50);
    assert.deepEqual(read(snapshot(10), update(5, 6)), []);
    assert.deepEqual(read(frame('update', { seqId: 6, prevSeqId: 5 }, 'books50-l2-tbt')), [`delta ${BTC} applied`]);
  });

  it('VE109 the channel that was asked for is the book', () => {
    const { log, session, read } = makeDesk();
    session.subscribe([BTC], { depth: 10, trades: false });
    assert.deepEqual(read(frame('snapshot', SIDES, 'books50-l2-tbt'), snapshot(10)), [`snapshot ${BTC} applied`]);
    assert.equal(log.book(BTC).book?.depthLimit, 400);
  });

  it('VE110 a message of a known symbol that cannot be read voids its book', () => {
    const bad: [string, string][] = [
      ['a price that is no text', update(10, 11, { bids: [[null, '1']] })],
      ['a side that is no list', update(10, 11, { asks: 'none' })],
      ['no data', JSON.stringify({ arg: { channel: 'books', instId: BTC }, action: 'update', data: [] })],
      ['another action', frame('merge', { seqId: 11, prevSeqId: 10 })],
      ['a snapshot with half a level', snapshot(11, { bids: [['1']] })],
    ];
    for (const [what, text] of bad) {
      const { log, read } = makeBook();
      assert.deepEqual(read(text), [`gap ${BTC} bad_message`], what);
      assert.equal(log.book(BTC).suspicion, 'bad_message', what);
      assert.deepEqual(read(update(11, 12)), [`skipped ${BTC} awaiting_snapshot`], what);
    }
  });

  it('VE110 a level that makes no sense changes nothing and voids the book', () => {
    for (const size of ['-1', 'NaN', '1,5', '']) {
      const { log, read } = makeBook();
      assert.deepEqual(read(update(10, 11, { bids: [level('100.10', size)] })), [`delta ${BTC} bad_level`], size);
      assert.deepEqual(log.levels(BTC, 'bid'), ['100.1 2.0', '100.0 1.5'], size);
    }
  });

  it('VE110 what names no book is refused or passed over', () => {
    const { read } = makeBook();
    assert.deepEqual(read('{"arg":', '', 'ping'), ['refused any', 'refused any', 'refused any']);
    assert.deepEqual(read(JSON.stringify({ arg: { channel: 'books' }, action: 'update', data: [] })), ['refused any']);
    assert.deepEqual(read('1', 'null', '[]', '{}', '{"arg":{"channel":"tickers","instId":"X"},"data":[{}]}'), []);
    assert.deepEqual(read(update(10, 11)), [`delta ${BTC} applied`]);
  });

  it('VE111 trades are told, and a bad one leaves the book alone', () => {
    const { log, read } = makeBook();
    const trade = { instId: BTC, tradeId: '9', px: '100.1', sz: '0.5', side: 'sell', ts: '1700000000001' };
    const text = JSON.stringify({ arg: { channel: 'trades', instId: BTC }, data: [trade, { ...trade, px: null }] });
    assert.deepEqual(read(text), ['refused none']);
    assert.deepEqual(log.trades, [
      { symbol: BTC, tradeId: '9', price: '100.1', size: '0.5', aggressor: 'sell', eventTime: 1_700_000_000_001 },
    ]);
    assert.deepEqual(read(update(10, 11)), [`delta ${BTC} applied`]);
  });

  it('VE112 symbols are asked for, given up and asked for anew by channel', () => {
    const { session } = makeDesk();
    const books = (op: string, ...symbols: string[]) => ({
      op,
      args: symbols.map((instId) => ({ channel: 'books', instId })),
    });
    const [both] = session.subscribe([BTC], { depth: 10, trades: true }).map((text) => JSON.parse(text) as unknown);
    const trades = { channel: 'trades', instId: BTC };
    assert.deepEqual(both, { op: 'subscribe', args: [{ channel: 'books', instId: BTC }, trades] });
    assert.deepEqual(
      session.subscribe(['A', 'B'], { depth: 10, trades: false }).map((text) => JSON.parse(text) as unknown),
      [books('subscribe', 'A', 'B')],
    );
    assert.deepEqual(
      session.resync(BTC).map((text) => JSON.parse(text) as unknown),
      [books('unsubscribe', BTC), books('subscribe', BTC)],
    );
    assert.deepEqual(
      session.unsubscribe([BTC]).map((text) => JSON.parse(text) as unknown),
      [{ op: 'unsubscribe', args: [{ channel: 'books', instId: BTC }, trades] }],
    );
    assert.deepEqual(session.unsubscribe([BTC]), []);
    assert.equal(session.ping?.(), 'ping');
  });

  it('VE112 many symbols are asked for in several messages', () => {
    const names = Array.from({ length: 150 }, (_, i) => `S${i}`);
    const requests = makeDesk().session.subscribe(names, { depth: 10, trades: true });
    const sizes = requests.map((text) => (JSON.parse(text) as { args: unknown[] }).args.length);
    assert.deepEqual(sizes, [200, 100]);
  });

  it('VE113 an answer says that a symbol is served, or why not', () => {
    const { session, read } = makeDesk();
    session.subscribe([BTC, 'NONE'], { depth: 10, trades: true });
    session.subscribe(['TRADED'], { depth: 0, trades: true });
    const grant = (channel: string, instId: string) =>
      JSON.stringify({ event: 'subscribe', arg: { channel, instId }, connId: 'a' });
    assert.deepEqual(read(grant('books', BTC), grant('trades', BTC)), [`acknowledged ${BTC}`]);
    assert.deepEqual(read(grant('trades', 'TRADED')), ['acknowledged TRADED']);
    const refusal = (channel: string) =>
      JSON.stringify({
        event: 'error',
        code: '60018',
        msg: `Wrong URL or channel:${channel},instId:NONE doesn't exist.`,
      });
    assert.deepEqual(read(refusal('books'), refusal('trades')), ['rejected NONE unknown_symbol']);
    assert.deepEqual(read('{"event":"error","code":"60012","msg":"Invalid request"}'), ['complained 60012']);
    assert.deepEqual(read('pong', '{"event":"channel-conn-count","channel":"books","connCount":"1"}'), []);
    assert.deepEqual(read('{"event":"notice","code":"64008","msg":"Please reconnect."}'), ['leaving']);
  });

  it('VE114 what still comes after a symbol was given up belongs to no book', () => {
    const { session, read } = makeDesk();
    session.subscribe([BTC], { depth: 10, trades: false });
    read(snapshot(10));
    session.unsubscribe([BTC]);
    assert.deepEqual(read(update(10, 11)), [`skipped ${BTC} awaiting_snapshot`]);
  });

  it('VE114 it is recognised by its argument, from which Bitget differs by a type', () => {
    assert.equal(okx.recognises(parseExact(update(10, 11))), true);
    const other = parseExact('{"arg":{"instType":"sp","channel":"books","instId":"X"},"data":[]}');
    assert.equal(okx.recognises(other), false);
    assert.equal(okx.recognises(null), false);
    assert.deepEqual(okx.listing?.read('{"data":[{"instId":"A-B"},{}]}'), ['A-B']);
  });
});
