import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LevelText } from '../../../src/book/book.js';
import { bybit } from '../../../src/stream/protocol/bybit.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import type { VenueSession } from '../../../src/stream/venue/venue-protocol.js';
import { VenueLog } from '../../support/venue-log.js';

const BTC = 'BTCUSDT';
const TS = 1_700_000_000_000;

type Levels = readonly LevelText[];

const frame = (type: string, u: unknown, b: unknown = [], a: unknown = [], topic = `orderbook.50.${BTC}`): string => {
  const data = { s: topic.slice(topic.lastIndexOf('.') + 1), b, a, u, seq: 5 };
  return JSON.stringify({ topic, type, ts: TS, data, cts: TS - 2 });
};
const snapshot = (u: number, b: Levels = [['100.5', '2']], a: Levels = [['101.0', '3.5']]): string =>
  frame('snapshot', u, b, a);
const delta = (u: unknown, b: Levels = [], a: Levels = []): string => frame('delta', u, b, a);

interface Desk {
  readonly log: VenueLog;
  readonly session: VenueSession;
  readonly read: (...frames: string[]) => string[];
}

function makeDesk(): Desk {
  const log = new VenueLog();
  const session = bybit.start(log);
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

const parsed = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text) as unknown);

/** What no shortcut takes: the same message with a space before it. */
const slowly = (text: string): string => ` ${text}`;

describe('Bybit v5', () => {
  it('VE135 a snapshot and updates whose number rises by one make a book, verified by sequence', () => {
    const { log, read } = makeBook();
    const calls = read(
      delta(11, [
        ['100.6', '1'],
        ['100.5', '0'],
      ]),
      delta(12, [], [['100.9', '0.25']]),
    );
    assert.deepEqual(calls, [`delta ${BTC} applied`, `delta ${BTC} applied`]);
    assert.deepEqual(log.levels(BTC, 'bid'), ['100.6 1.00']);
    assert.deepEqual(log.levels(BTC, 'ask'), ['100.9 0.25', '101.0 3.50']);
    assert.deepEqual(log.book(BTC).verified, { by: 'sequence' });
    assert.equal(log.book(BTC).book?.depthLimit, 50);
  });

  it('VE135 the time is that of the matching engine, or of the message where there is no other', () => {
    const { log, read } = makeBook();
    const timeAfter = (text: string) => {
      read(text);
      return log.book(BTC).book?.eventTime;
    };
    assert.equal(log.book(BTC).book?.eventTime, TS - 2);
    assert.equal(timeAfter(delta(11).replace(`,"cts":${TS - 2}`, `,"cts":${TS + 3}`)), TS + 3);
    assert.equal(timeAfter(delta(12).replace(`,"cts":${TS - 2}`, '')), TS);
    assert.equal(timeAfter(slowly(delta(13).replace(`,"cts":${TS - 2}`, ''))), TS);
  });

  it('VE136 a missing message is noticed with the next one, and nothing more is taken until a snapshot', () => {
    for (const way of [String, slowly]) {
      const { log, read } = makeBook();
      assert.deepEqual(read(way(delta(12))), [`gap ${BTC} sequence`]);
      assert.equal(log.book(BTC).suspicion, 'sequence_gap');
      assert.deepEqual(read(way(delta(13))), [`skipped ${BTC} awaiting_snapshot`]);
      assert.deepEqual(read(snapshot(20), way(delta(21))), [`snapshot ${BTC} applied`, `delta ${BTC} applied`]);
    }
  });

  it('VE136 a repeated message changes nothing, an older one is a gap', () => {
    const { read } = makeBook();
    assert.deepEqual(read(delta(11), delta(11)), [`delta ${BTC} applied`, `skipped ${BTC} old`]);
    assert.deepEqual(read(delta(12), delta(11)), [`delta ${BTC} applied`, `gap ${BTC} sequence`]);
    assert.deepEqual(makeDesk().read(delta(11)), [`skipped ${BTC} awaiting_snapshot`]);
  });

  it('VE136 numbers beyond 2^53 are told apart to their last digit', () => {
    const { read } = makeDesk();
    const numbered = (text: string, u: string) => text.replace('"u":77', `"u":${u}`);
    assert.deepEqual(
      read(
        numbered(snapshot(77), '9007199254740991'),
        numbered(delta(77), '9007199254740992'),
        numbered(delta(77), '9007199254740993'),
        numbered(delta(77), '9007199254740995'),
      ),
      [`snapshot ${BTC} applied`, `delta ${BTC} applied`, `delta ${BTC} applied`, `gap ${BTC} sequence`],
    );
  });

  it('VE137 a later snapshot replaces the book, and so does number 1, whatever it is called', () => {
    const { log, read } = makeBook();
    assert.deepEqual(read(snapshot(500, [['99', '1']], [])), [`snapshot ${BTC} applied`]);
    assert.deepEqual(log.levels(BTC, 'bid'), ['99 1']);
    assert.deepEqual(read(delta(1, [['98', '4']]), delta(2)), [`snapshot ${BTC} applied`, `delta ${BTC} applied`]);
    assert.deepEqual(log.levels(BTC, 'bid'), ['98 4']);
  });

  it('VE138 depth 1 is snapshots only, which may repeat their number and are verified by nothing', () => {
    const { log, read } = makeDesk();
    const one = (u: number, size: string) =>
      frame('snapshot', u, [['100', size]], [['101', '1']], `orderbook.1.${BTC}`);
    const applied = `snapshot ${BTC} applied`;
    assert.deepEqual(read(one(7, '1'), one(7, '1'), one(9, '2')), [applied, applied, applied]);
    assert.deepEqual(log.levels(BTC, 'bid'), ['100 2']);
    assert.deepEqual(log.book(BTC).verified, { by: 'nothing' });
  });

  it('VE139 two depths of a symbol are never mixed', () => {
    const deep = `orderbook.200.${BTC}`;
    const { read } = makeBook();
    assert.deepEqual(read(frame('snapshot', 30, [], [], deep), frame('delta', 11, [], [], deep)), []);
    assert.deepEqual(read(delta(11)), [`delta ${BTC} applied`]);
    const { log, session, read: readAsked } = makeDesk();
    session.subscribe([BTC], { depth: 100, trades: false });
    assert.deepEqual(readAsked(snapshot(10), frame('snapshot', 30, [['1', '1']], [], deep)), [
      `snapshot ${BTC} applied`,
    ]);
    assert.deepEqual(readAsked(delta(11), frame('delta', 31, [], [], deep)), [`delta ${BTC} applied`]);
    assert.equal(log.book(BTC).book?.depthLimit, 200);
  });

  it('VE140 a message of a known symbol that cannot be read voids its book', () => {
    const bad = [
      delta(undefined),
      delta('x'),
      delta(-1),
      frame('delta', 11, 'none'),
      frame('delta', 11, [['100']]),
      frame('delta', 11, [[null, '1']]),
      frame('other', 11),
      frame('snapshot', 11, {}),
    ];
    for (const text of bad) {
      const { read } = makeBook();
      assert.deepEqual(read(text, delta(12)), [`gap ${BTC} bad_message`, `skipped ${BTC} awaiting_snapshot`], text);
    }
  });

  it('VE140 a level that makes no sense changes nothing and voids the book', () => {
    for (const size of ['-1', 'NaN', '', '1,5', ' 1', '1e400']) {
      const { log, read } = makeBook();
      assert.deepEqual(
        read(
          delta(11, [
            ['100.5', '9'],
            ['100.4', size],
          ]),
        ),
        [`delta ${BTC} bad_level`],
        size,
      );
      assert.deepEqual(log.levels(BTC, 'bid'), ['100.5 2.0'], size);
      assert.deepEqual(read(delta(12)), [`skipped ${BTC} awaiting_snapshot`], size);
    }
  });

  it('VE140 what names no book is refused or passed over', () => {
    const { read } = makeBook();
    assert.deepEqual(read('{"topic":', `${delta(11)}}`), ['refused any', 'refused any']);
    assert.deepEqual(read('null', '[]', '1', '{"topic":"tickers.BTCUSDT","data":{}}', '{"op":"pong"}'), []);
    assert.deepEqual(read(delta(11)), [`delta ${BTC} applied`]);
  });

  it('VE141 the shortcut for updates leads to what the long way leads to', () => {
    const number = fc.oneof(
      fc.nat(30).map(String),
      fc.tuple(fc.nat(30), fc.stringMatching(/^\d{1,3}$/)).map(([whole, rest]) => `${whole}.${rest}`),
      fc.constantFrom('0', '00', '1e1', '-1', '.5', '1.', '', '12345678901234567890', '0.000000000001'),
    );
    const levels = fc.array(fc.tuple(number, number), { maxLength: 3 });
    const step = fc.record({
      skip: fc.constantFrom(1, 1, 1, 1, 0, 2),
      bids: levels,
      asks: levels,
      again: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const [short, long] = [makeBook(), makeBook()];
        let u = 10;
        for (const { skip, bids, asks, again } of steps) {
          u += skip;
          const texts = [delta(u, bids, asks), ...(again ? [snapshot((u += 5))] : [])];
          assert.deepEqual(short.read(...texts), long.read(...texts.map(slowly)));
        }
        for (const side of ['bid', 'ask'] as const) {
          assert.deepEqual(short.log.levels(BTC, side), long.log.levels(BTC, side));
        }
        assert.equal(short.log.book(BTC).suspicion, long.log.book(BTC).suspicion);
      }),
    );
  });

  it('VE141 updates in order take the shortcut', () => {
    const { log, read } = makeBook();
    const deltaUnits = log.deltaUnits.bind(log);
    let taken = 0;
    log.deltaUnits = (...args) => {
      taken++;
      return deltaUnits(...args);
    };
    read(delta(11), slowly(delta(12)), delta(13, [['100.4', '1']]), delta(14, [['100.45', '1']]));
    assert.equal(taken, 2);
    assert.deepEqual(log.levels(BTC, 'bid'), ['100.50 2.0', '100.45 1.0', '100.40 1.0']);
  });

  it('VE141 spot has its time elsewhere, which makes no difference', () => {
    const { log, read } = makeBook();
    const data = { s: BTC, b: [['100.7', '1']], a: [], u: 11, seq: 6 };
    const text = JSON.stringify({ topic: `orderbook.50.${BTC}`, ts: TS, type: 'delta', data });
    assert.deepEqual(read(text), [`delta ${BTC} applied`]);
    assert.equal(log.book(BTC).book?.eventTime, TS);
    assert.equal(log.levels(BTC, 'bid')[0], '100.7 1.0');
  });

  it('VE142 trades are told, and a bad one leaves the book alone', () => {
    const { log, read } = makeBook();
    const trade = { T: TS, s: BTC, S: 'Buy', v: '0.001', p: '100.7', i: '229-1', BT: false };
    const text = JSON.stringify({ topic: `publicTrade.${BTC}`, type: 'snapshot', ts: TS, data: [trade, { T: TS }] });
    assert.deepEqual(read(text), ['refused none']);
    assert.deepEqual(log.trades, [
      { symbol: BTC, tradeId: '229-1', price: '100.7', size: '0.001', aggressor: 'buy', eventTime: TS },
    ]);
    assert.deepEqual(read(delta(11)), [`delta ${BTC} applied`]);
  });

  it('VE143 topics are asked for at the least depth that is enough, ten in a request', () => {
    const { session } = makeDesk();
    const topicOf = (depth: number) =>
      (JSON.parse(session.subscribe(['A'], { depth, trades: false })[0]!) as { args: string[] }).args[0];
    assert.deepEqual([1, 2, 50, 51, 200, 201, 5000].map(topicOf), [
      'orderbook.1.A',
      'orderbook.50.A',
      'orderbook.50.A',
      'orderbook.200.A',
      'orderbook.200.A',
      'orderbook.1000.A',
      'orderbook.1000.A',
    ]);
    const names = Array.from({ length: 12 }, (_, i) => `S${i}`);
    const requests = makeDesk().session.subscribe(names, { depth: 10, trades: true });
    assert.deepEqual(
      requests.map((text) => (JSON.parse(text) as { args: string[] }).args.length),
      [10, 10, 4],
    );
  });

  it('VE143 symbols are given up, and asked for anew at their depth', () => {
    const { session, read } = makeDesk();
    const topic = `orderbook.200.${BTC}`;
    session.subscribe([BTC], { depth: 60, trades: true });
    assert.deepEqual(parsed(session.resync(BTC)), [
      { op: 'unsubscribe', args: [topic] },
      { req_id: '2', op: 'subscribe', args: [topic] },
    ]);
    read(frame('snapshot', 10, [['1', '1']], [], topic));
    assert.deepEqual(parsed(session.unsubscribe([BTC])), [{ op: 'unsubscribe', args: [topic, `publicTrade.${BTC}`] }]);
    assert.deepEqual(read(frame('delta', 11, [], [], topic)), [`skipped ${BTC} awaiting_snapshot`]);
    assert.deepEqual(session.unsubscribe([BTC]), []);
    assert.equal(session.ping?.(), '{"op":"ping"}');
  });

  it('VE144 an answer is known by its number', () => {
    const { session, read } = makeDesk();
    session.subscribe([BTC, 'ETHUSDT'], { depth: 10, trades: true });
    session.subscribe(['TRADED'], { depth: 0, trades: true });
    const grant = (number: string) => JSON.stringify({ success: true, ret_msg: '', req_id: number, op: 'subscribe' });
    assert.deepEqual(read(grant('1'), grant('2')), [`acknowledged ${BTC} ETHUSDT`, 'acknowledged TRADED']);
    assert.deepEqual(read(grant('1'), '{"success":true,"ret_msg":"pong","req_id":"","op":"ping"}'), []);
    assert.deepEqual(read('{"success":false,"ret_msg":"args size >10","op":"subscribe"}'), ['complained subscribe']);
  });

  it('VE145 one unknown topic spoils a request: its symbol is refused, the others are asked for again', () => {
    const { log, session, read } = makeDesk();
    session.subscribe(['A', 'NONE', 'B', 'C'], { depth: 10, trades: true });
    session.unsubscribe(['C']);
    const refuse = (number: string, words: string) =>
      read(JSON.stringify({ success: false, ret_msg: words, req_id: number, op: 'subscribe' }));
    assert.deepEqual(refuse('1', 'error:handler not found,topic:orderbook.50.NONE'), ['rejected NONE unknown_symbol']);
    const rest = ['orderbook.50.A', 'publicTrade.A', 'orderbook.50.B', 'publicTrade.B'];
    assert.deepEqual(parsed(log.sent.splice(0)), [{ req_id: '2', op: 'subscribe', args: rest }]);
    assert.deepEqual(refuse('2', 'error:already subscribed,topic:orderbook.50.A'), ['acknowledged A']);
    assert.deepEqual(parsed(log.sent.splice(0)), [{ req_id: '3', op: 'subscribe', args: rest.slice(1) }]);
    assert.deepEqual(refuse('3', 'Invalid symbol :[orderbook.50.B]'), ['rejected B unknown_symbol']);
    assert.deepEqual(parsed(log.sent.splice(0)), [{ req_id: '4', op: 'subscribe', args: ['publicTrade.A'] }]);
    assert.deepEqual(refuse('4', 'Too many visits'), ['complained subscribe']);
    assert.deepEqual(log.sent, []);
  });

  it('VE146 it is recognised by its topics', () => {
    assert.equal(bybit.recognises(parseExact(delta(1))), true);
    assert.equal(bybit.recognises(parseExact('{"topic":"orderBookL2_25.BTCUSD","data":[]}')), false);
    assert.equal(bybit.recognises(null), false);
    assert.deepEqual(bybit.listing?.read('{"result":{"list":[{"symbol":"A"},{}]}}'), ['A']);
  });
});
