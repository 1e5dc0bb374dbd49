import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bybitV2 } from '../../../src/stream/protocol/bybit-v2.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import type { VenueSession } from '../../../src/stream/venue/venue-protocol.js';
import { VenueLog } from '../../support/venue-log.js';

const EOS = 'EOSUSD';

interface Row {
  readonly price: string;
  readonly id: number;
  readonly side: string;
  readonly size?: number;
}

const bid = (price: number, size?: number): Row => row('Buy', price, size);
const ask = (price: number, size?: number): Row => row('Sell', price, size);
const row = (side: string, price: number, size?: number): Row => ({
  price: price.toFixed(1),
  id: price * 10,
  side,
  ...(size !== undefined && { size }),
});

/** So many levels a side: bids from 100 down, asks from 101 up. */
const rows = (bids: number, asks = bids): Row[] => [
  ...Array.from({ length: bids }, (_, i) => bid(100 - i, 1)),
  ...Array.from({ length: asks }, (_, i) => ask(101 + i, 1)),
];

const frame = (type: string, data: unknown, topic = `orderBookL2_25.${EOS}`): string =>
  JSON.stringify({ topic, type, data, cross_seq: 1, timestamp_e6: 1_600_000_000_000_000 });
const delta = (changes: { delete?: Row[]; update?: Row[]; insert?: Row[] }): string =>
  frame('delta', { delete: [], update: [], insert: [], ...changes });

interface Desk {
  readonly log: VenueLog;
  readonly session: VenueSession;
  readonly read: (...frames: string[]) => string[];
}

function makeDesk(): Desk {
  const log = new VenueLog();
  const session = bybitV2.start(log);
  const read = (...frames: string[]) => {
    for (const text of frames) session.read(text);
    return log.take();
  };
  return { log, session, read };
}

function makeBook(levels = rows(25)): Desk {
  const desk = makeDesk();
  assert.deepEqual(desk.read(frame('snapshot', levels)), [`snapshot ${EOS} applied`]);
  return desk;
}

const parsed = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text) as unknown);

describe('Bybit v2', () => {
  it('VE125 a snapshot and lists of deletes, updates and inserts make a book, verified by nothing', () => {
    const { log, read } = makeBook();
    const calls = read(
      delta({ delete: [bid(100), ask(125)], insert: [bid(75, 2), ask(100.5, 3)], update: [bid(99, 7)] }),
    );
    assert.deepEqual(calls, [`delta ${EOS} applied`]);
    assert.deepEqual(log.levels(EOS, 'bid').slice(0, 2), ['99.0 7', '98.0 1']);
    assert.deepEqual(log.levels(EOS, 'bid').at(-1), '75.0 2');
    assert.equal(log.levels(EOS, 'ask')[0], '100.5 3');
    assert.deepEqual(log.book(EOS).verified, { by: 'nothing' });
    assert.equal(log.book(EOS).book?.eventTime, 1_600_000_000_000);
  });

  it('VE125 a snapshot may come in an object, and a price may move from one side to the other', () => {
    const { log, read } = makeDesk();
    assert.deepEqual(read(frame('snapshot', { order_book: rows(25) })), [`snapshot ${EOS} applied`]);
    read(delta({ delete: [ask(101), bid(76)], insert: [bid(101, 4), ask(126, 1)] }));
    assert.equal(log.levels(EOS, 'bid')[0], '101 4');
    assert.equal(log.levels(EOS, 'ask')[0], '102 1');
    // Deletes come before inserts, whatever the order on the wire.
    assert.deepEqual(read(delta({ insert: [bid(99, 5)], delete: [bid(99)] })), [`delta ${EOS} applied`]);
    assert.ok(log.levels(EOS, 'bid').includes('99 5'));
  });

  it('VE126 a level that is not there, or is there already, means that a message was lost', () => {
    const lost = [
      delta({ update: [bid(50, 1)] }),
      delta({ delete: [ask(150)] }),
      delta({ insert: [bid(99, 1)] }),
      delta({ delete: [bid(99), bid(99)], insert: [bid(75, 1), bid(74, 1)] }),
    ];
    for (const text of lost) {
      const { log, read } = makeBook();
      assert.deepEqual(read(text), [`gap ${EOS} key`], text);
      assert.equal(log.levels(EOS, 'bid').length, 25);
      assert.deepEqual(read(delta({})), [`skipped ${EOS} awaiting_snapshot`], text);
      assert.deepEqual(read(frame('snapshot', rows(25))), [`snapshot ${EOS} applied`], text);
    }
  });

  it('VE126 a repeated message is noticed by the levels that it inserts or deletes again', () => {
    const { read } = makeBook();
    const text = delta({ delete: [bid(76)], insert: [bid(100.5, 1)] });
    assert.deepEqual(read(text, text), [`delta ${EOS} applied`, `gap ${EOS} key`]);
  });

  it('VE127 a side that was full has exactly its levels after each message', () => {
    for (const text of [delta({ delete: [bid(100)] }), delta({ insert: [ask(100.5, 1)] })]) {
      const { log, read } = makeBook();
      assert.deepEqual(read(text), [`gap ${EOS} key`]);
      assert.deepEqual([log.levels(EOS, 'bid').length, log.levels(EOS, 'ask').length], [25, 25]);
    }
  });

  it('VE127 a side that was never full may have fewer levels, a snapshot never more than there are', () => {
    const { read } = makeBook(rows(3, 25));
    const calls = read(delta({ delete: [bid(98)] }), delta({ insert: [bid(97, 1), bid(96, 1)] }));
    assert.deepEqual(calls, [`delta ${EOS} applied`, `delta ${EOS} applied`]);
    assert.deepEqual(read(frame('snapshot', rows(26, 25))), [`gap ${EOS} bad_message`]);
  });

  it('VE128 two depths of a symbol are never mixed: the first that brings a snapshot is the book', () => {
    const { log, read } = makeBook();
    const other = `orderBook_200.100ms.${EOS}`;
    assert.deepEqual(read(frame('snapshot', rows(200), other), frame('delta', {}, other)), []);
    assert.equal(log.levels(EOS, 'bid').length, 25);
    const deep = makeDesk();
    assert.deepEqual(deep.read(frame('snapshot', rows(90, 200), other)), [`snapshot ${EOS} applied`]);
    assert.equal(deep.log.book(EOS).book?.depthLimit, 200);
  });

  it('VE129 a message that cannot be read voids its book, or is refused where it names none', () => {
    const bad = [
      frame('delta', null),
      delta({ update: [{ ...bid(99), id: 990 }] }),
      delta({ update: [row('None', 99, 1)] }),
      frame('patch', {}),
      frame('snapshot', { order_book: [{ side: 'Buy' }] }),
      frame('snapshot', [bid(99, 1), bid(99, 1)]),
    ];
    for (const text of bad) {
      const { read } = makeBook();
      assert.deepEqual(read(text, delta({})), [`gap ${EOS} bad_message`, `skipped ${EOS} awaiting_snapshot`], text);
    }
    const { read } = makeDesk();
    assert.deepEqual(read('{'), ['refused any']);
    assert.deepEqual(read('null', '{"topic":"instrument_info.100ms.EOSUSD"}', '{"success":true}'), []);
    assert.deepEqual(read(delta({})), [`skipped ${EOS} awaiting_snapshot`]);
  });

  it('VE130 trades are told, and a bad one leaves the book alone', () => {
    const { log, read } = makeDesk();
    const trade = { symbol: EOS, trade_id: 'a-1', price: 4.5, size: 3, side: 'Sell', trade_time_ms: 1_600_000_000_001 };
    assert.deepEqual(read(JSON.stringify({ topic: `trade.${EOS}`, data: [trade, { symbol: EOS }] })), ['refused none']);
    assert.deepEqual(log.trades, [
      { symbol: EOS, tradeId: 'a-1', price: '4.5', size: '3', aggressor: 'sell', eventTime: 1_600_000_000_001 },
    ]);
  });

  it('VE131 topics are asked for by depth, given up and asked for anew', () => {
    const { session, read } = makeDesk();
    const args = [`orderBookL2_25.${EOS}`, `trade.${EOS}`];
    assert.deepEqual(parsed(session.subscribe([EOS], { depth: 25, trades: true })), [{ op: 'subscribe', args }]);
    assert.deepEqual(parsed(session.subscribe(['A'], { depth: 26, trades: false })), [
      { op: 'subscribe', args: ['orderBook_200.100ms.A'] },
    ]);
    assert.deepEqual(parsed(session.resync(EOS)), [
      { op: 'unsubscribe', args: args.slice(0, 1) },
      { op: 'subscribe', args: args.slice(0, 1) },
    ]);
    read(frame('snapshot', rows(25)));
    assert.deepEqual(parsed(session.unsubscribe([EOS])), [{ op: 'unsubscribe', args }]);
    assert.deepEqual(read(delta({})), [`skipped ${EOS} awaiting_snapshot`]);
    const deep = frame('snapshot', rows(90, 200), `orderBook_200.100ms.${EOS}`);
    assert.deepEqual(read(deep), [`snapshot ${EOS} applied`]);
    assert.equal(session.ping?.(), '{"op":"ping"}');
  });

  it('VE132 an answer says that symbols are served, or why not', () => {
    const { session, read } = makeDesk();
    session.subscribe(['TRADED'], { depth: 0, trades: true });
    const answer = (success: boolean, ...args: string[]) =>
      JSON.stringify({ success, ret_msg: 'error', request: { op: 'subscribe', args } });
    const topics = [`orderBookL2_25.${EOS}`, `trade.${EOS}`, 'orderBook_200.100ms.A'];
    assert.deepEqual(read(answer(true, ...topics)), [`acknowledged ${EOS} A`]);
    assert.deepEqual(read(answer(true, 'trade.TRADED'), answer(true, 'trade.B')), ['acknowledged TRADED']);
    assert.deepEqual(read(answer(false, ...topics)), ['complained subscribe']);
    assert.deepEqual(read('{"success":true,"ret_msg":"pong","request":{"op":"ping"}}'), []);
    assert.equal(bybitV2.recognises(parseExact(delta({}))), true);
    assert.equal(bybitV2.recognises(parseExact('{"topic":"orderbook.50.BTCUSDT"}')), false);
  });
});
