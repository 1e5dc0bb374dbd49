import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from '../../../src/book/checksum.js';
import { bitfinex } from '../../../src/stream/protocol/bitfinex.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import { VenueLog } from '../../support/venue-log.js';

const begin = () => {
  const log = new VenueLog();
  return { log, session: bitfinex.start(log) };
};

const subscribed = (id: number, symbol: string, channel = 'book', rest: object = { prec: 'P0', len: '25' }): string =>
  JSON.stringify({ event: 'subscribed', channel, chanId: id, symbol, ...rest });

const SNAPSHOT = '[[338.5,2,0.5],[338,1,2],[339,1,-1.25]]';

/** A session with a book of `tBTCUSD` on channel 11, whose messages are numbered from 1. */
const beginWithBook = () => {
  const started = begin();
  started.session.read(subscribed(11, 'tBTCUSD'));
  started.session.read(`[11,${SNAPSHOT},1]`);
  started.log.take();
  return started;
};

const parse = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text));

describe('Bitfinex', () => {
  it('VE195 is known by its messages', () => {
    const known = [subscribed(11, 'tBTCUSD'), `[11,${SNAPSHOT},1]`, '[11,[338.5,1,1],2]', '[11,"hb"]', '[11,"cs",7]'];
    for (const text of known) assert.ok(bitfinex.recognises(parseExact(text)), text);
    for (const text of ['[]', '[11,{},"book-10","XBT/USD"]', '{"event":"subscribed"}', '["a",[1],"7"]', 'null']) {
      assert.ok(!bitfinex.recognises(parseExact(text)), text);
    }
  });

  it('VE185 keeps the book by snapshot and single levels: asks below zero, a count of 0 removes', () => {
    const { log, session } = beginWithBook();
    session.read('[11,[338.5,0,1],2]');
    session.read('[11,[339.5,3,-1e-8],3]');
    session.read('[11,[337.5,3,0.25],4]');
    session.read('[11,[339,0,-1],5]');
    assert.deepEqual(log.take(), Array(4).fill('delta tBTCUSD applied'));
    assert.deepEqual(log.levels('tBTCUSD', 'bid'), ['338 2', '337.5 0.25']);
    assert.deepEqual(log.levels('tBTCUSD', 'ask'), ['339.5 1e-8']);
    assert.equal(log.book('tBTCUSD').suspicion, undefined);
  });

  it('VE185 takes an empty list for an empty book', () => {
    const { log, session } = begin();
    session.read(subscribed(11, 'tBTCUSD'));
    session.read('[11,[],1]');
    session.read('[11,[338.5,1,1],2]');
    assert.deepEqual(log.take().slice(1), ['snapshot tBTCUSD applied', 'delta tBTCUSD applied']);
  });

  it('VE186 voids every book at a hole in the numbers of the connection, also when a heartbeat shows it', () => {
    for (const number of [3, 0]) {
      const { log, session } = beginWithBook();
      session.read(subscribed(12, 'tETHUSD'));
      session.read('[99,"hb",2]'.replace('2', String(number)));
      assert.deepEqual(log.take().slice(1), ['gap tBTCUSD sequence', 'gap tETHUSD sequence']);
      session.read(`[11,[338.5,0,1],${number + 1}]`);
      session.read(`[11,${SNAPSHOT},${number + 2}]`);
      session.read(`[11,[338.5,0,1],${number + 3}]`);
      assert.deepEqual(log.take(), [
        'skipped tBTCUSD awaiting_snapshot',
        'snapshot tBTCUSD applied',
        'delta tBTCUSD applied',
      ]);
    }
  });

  it('VE186 counts heartbeats, trades and checksums with the rest', () => {
    const { log, session } = beginWithBook();
    session.read(subscribed(12, 'tBTCUSD', 'trades', {}));
    session.read('[12,[[1,1714557600000,1,338]],2]');
    session.read('[12,"te",[2,1714557600000,1,338],3]');
    session.read('[12,"tu",[2,1714557600000,1,338],4]');
    session.read('[11,"hb",5]');
    session.read('[11,[338.5,0,1],6]');
    assert.deepEqual(log.take(), ['delta tBTCUSD applied']);
  });

  it('VE186 passes over a message that comes twice, and takes one without a number for a hole', () => {
    const { log, session } = beginWithBook();
    session.read('[11,[338.5,0,1],2]');
    session.read('[11,[338.5,0,1],2]');
    session.read('[11,[338,0,1]]');
    assert.deepEqual(log.take(), [
      'delta tBTCUSD applied',
      'skipped tBTCUSD old',
      'gap tBTCUSD sequence',
      'skipped tBTCUSD awaiting_snapshot',
    ]);
  });

  it('VE187 compares the book with a checksum, which comes as a message of its own', () => {
    const checksum = crc32('338.5:0.5:339:-1.25:338:2') | 0;
    const { log, session } = beginWithBook();
    session.read(`[11,"cs",${checksum},2]`);
    session.read('[11,[338.5,0,1],3]');
    session.read(`[11,"cs",${checksum},4]`);
    session.read('[11,[338,0,1],5]');
    assert.deepEqual(log.take(), [
      'delta tBTCUSD applied',
      'delta tBTCUSD applied',
      'delta tBTCUSD bad_checksum',
      'skipped tBTCUSD awaiting_snapshot',
    ]);
  });

  it('VE187 proves a book by what the connection was set to', () => {
    const provenBy = (flags: number | undefined, number: string) => {
      const { log, session } = begin();
      if (flags !== undefined) session.read(`{"event":"conf","status":"OK","flags":${flags}}`);
      session.read(subscribed(11, 'tBTCUSD'));
      session.read(`[11,${SNAPSHOT}${number}]`);
      return log.book('tBTCUSD').verified;
    };
    assert.deepEqual(provenBy(196_608, ',1'), { by: 'sequence' });
    assert.deepEqual(provenBy(65_536, ',1'), { by: 'sequence' });
    assert.deepEqual(provenBy(131_072, ''), { by: 'checksum', depth: 25 });
    assert.deepEqual(provenBy(0, ''), { by: 'nothing' });
    assert.deepEqual(provenBy(undefined, ''), { by: 'nothing' });
  });

  it('VE187 learns from the first checksum that there are any', () => {
    const { log, session } = begin();
    session.read(subscribed(11, 'tBTCUSD'));
    session.read(`[11,${SNAPSHOT}]`);
    session.read(`[11,"cs",${crc32('338.5:0.5:339:-1.25:338:2') | 0}]`);
    session.read(`[11,${SNAPSHOT}]`);
    assert.deepEqual(log.take().slice(1), [
      'snapshot tBTCUSD applied',
      'delta tBTCUSD applied',
      'snapshot tBTCUSD applied',
    ]);
    assert.deepEqual(log.book('tBTCUSD').verified, { by: 'checksum', depth: 25 });
  });

  it('VE188 voids the book of what it cannot read', () => {
    for (const payload of [
      '7',
      'null',
      '"x"',
      '{}',
      '[338.5,1]',
      '[338.5,-1,1]',
      '[338.5,1,0]',
      '[338.5,1,-0.0]',
      '[null,1,1]',
      '[[338.5,1,1],7]',
    ]) {
      const { log, session } = beginWithBook();
      session.read(`[11,${payload},2]`);
      session.read('[11,[338.5,0,1],3]');
      const [voided, late] = log.take();
      assert.match(voided ?? '', /^gap tBTCUSD/, payload);
      assert.equal(late, 'skipped tBTCUSD awaiting_snapshot', payload);
    }
  });

  it('VE188 refuses what is no JSON, and passes over channels that are no books of levels', () => {
    const { log, session } = begin();
    session.read('[11,');
    session.read(subscribed(13, 'tBTCUSD', 'book', { prec: 'R0', len: '25' }));
    session.read(subscribed(14, 'tBTCUSD', 'ticker', {}));
    for (const text of [
      '[13,[[1,338,1]],1]',
      '[14,[1,2,3],2]',
      '[15,[1,2,3],3]',
      '[]',
      'null',
      '7',
      '{"event":"pong"}',
    ]) {
      session.read(text);
    }
    session.read('{"event":"unsubscribed","chanId":"__proto__"}');
    assert.deepEqual(log.take(), ['refused any']);
  });

  it('VE189 asks for numbers and checksums first, then for each symbol with the least length that holds its levels', () => {
    const { session } = begin();
    assert.deepEqual(parse(session.greeting!()), [{ event: 'conf', flags: 196_608 }]);
    const lengthFor = (depth: number) => JSON.parse(session.subscribe(['tBTCUSD'], { depth, trades: false })[0]!).len;
    assert.deepEqual([1, 25, 26, 101, 5000].map(lengthFor), ['25', '25', '100', '250', '250']);
    assert.deepEqual(parse(session.subscribe(['tBTCUSD', 'tETHUSD'], { depth: 0, trades: true })), [
      { event: 'subscribe', channel: 'trades', symbol: 'tBTCUSD' },
      { event: 'subscribe', channel: 'trades', symbol: 'tETHUSD' },
    ]);
    assert.equal(session.ping!(), '{"event":"ping"}');
  });

  it('VE189 ends channels by their numbers, also those that it learns of too late', () => {
    const { log, session } = beginWithBook();
    session.read(subscribed(12, 'tBTCUSD', 'trades', {}));
    assert.deepEqual(parse(session.unsubscribe(['tBTCUSD', 'tETHUSD'])), [
      { event: 'unsubscribe', chanId: 11 },
      { event: 'unsubscribe', chanId: 12 },
    ]);
    session.read(subscribed(15, 'tETHUSD'));
    assert.deepEqual(parse(log.sent), [{ event: 'unsubscribe', chanId: 15 }]);
    session.read('[11,[338.5,0,1],2]');
    session.read('{"event":"unsubscribed","status":"OK","chanId":11}');
    session.read('[11,[338.5,0,1],3]');
    assert.deepEqual(log.take(), ['skipped tBTCUSD awaiting_snapshot']);
  });

  it('VE189 gets a new snapshot by ending the book and, once it has ended, asking for it again', () => {
    const { log, session } = begin();
    const [request] = session.subscribe(['tBTCUSD'], { depth: 100, trades: false });
    assert.deepEqual(session.resync('tBTCUSD'), [request]);
    session.read(subscribed(11, 'tBTCUSD'));
    session.read(`[11,${SNAPSHOT},1]`);
    assert.deepEqual(parse(session.resync('tBTCUSD')), [{ event: 'unsubscribe', chanId: 11 }]);
    session.read('[11,[338.5,0,1],2]');
    session.read('{"event":"unsubscribed","status":"OK","chanId":11}');
    assert.deepEqual(log.sent, [request]);
    session.read(subscribed(16, 'tBTCUSD'));
    session.read(`[16,${SNAPSHOT},3]`);
    assert.deepEqual(log.take().slice(2), [
      'skipped tBTCUSD awaiting_snapshot',
      'acknowledged tBTCUSD',
      'snapshot tBTCUSD applied',
    ]);
  });

  it('VE190 acknowledges a symbol with its book, refuses an unknown one, and complains of the rest', () => {
    const { log, session } = begin();
    session.subscribe(['tBTCUSD'], { depth: 25, trades: true });
    session.subscribe(['tETHUSD'], { depth: 0, trades: true });
    session.read(subscribed(11, 'tBTCUSD', 'trades', {}));
    session.read(subscribed(12, 'tBTCUSD'));
    session.read(subscribed(13, 'tETHUSD', 'trades', {}));
    const fail = (code: number, msg: string, symbol?: string) =>
      session.read(JSON.stringify({ event: 'error', code, msg, channel: 'book', symbol }));
    fail(10300, 'symbol: invalid', 'tFOO');
    fail(10001, 'unknown pair', 'tFOO');
    fail(10305, 'reached limit of open channels', 'tXRPUSD');
    fail(10301, 'subscribe: dup', 'tBTCUSD');
    fail(10000, 'unknown event');
    assert.deepEqual(log.take(), [
      'acknowledged tBTCUSD',
      'acknowledged tETHUSD',
      'rejected tFOO unknown_symbol',
      'rejected tFOO unknown_symbol',
      'rejected tXRPUSD 10305',
      'complained 10301',
      'complained 10000',
    ]);
  });

  it('VE191 leaves when the venue restarts, and voids every book when it pauses and when it resumes', () => {
    const { log, session } = beginWithBook();
    session.read('{"event":"info","version":2,"platform":{"status":1}}');
    session.read('{"event":"info","code":20051,"msg":"Stopping. Please try to reconnect"}');
    session.read('{"event":"info","code":20060}');
    session.read('[11,[338.5,0,1],2]');
    session.read('{"event":"info","code":20061}');
    session.read('{"event":"info","version":2,"platform":{"status":0}}');
    assert.deepEqual(log.take(), [
      'leaving',
      'gap tBTCUSD sequence',
      'skipped tBTCUSD awaiting_snapshot',
      'gap tBTCUSD sequence',
      'complained maintenance',
    ]);
  });

  it('VE191 voids a book that the venue has ended by itself', () => {
    const { log, session } = begin();
    session.subscribe(['tBTCUSD'], { depth: 25, trades: false });
    session.read(subscribed(11, 'tBTCUSD'));
    session.read('{"event":"unsubscribed","status":"OK","chanId":11}');
    assert.deepEqual(log.take(), ['acknowledged tBTCUSD', 'gap tBTCUSD sequence']);
  });

  it('VE192 tells each trade once, as it happens, and lists the pairs by the names of their symbols', () => {
    const { log, session } = begin();
    session.read(subscribed(12, 'tBTCUSD', 'trades', {}));
    session.read('[12,[[1,1714557600000,1,338]],1]');
    session.read('[12,"te",[2,1714557600000,-0.50,338.5],2]');
    session.read('[12,"tu",[2,1714557600000,-0.50,338.5],3]');
    session.read('[12,"te",7,4]');
    const told = { symbol: 'tBTCUSD', tradeId: '2', price: '338.5', size: '0.50', aggressor: 'sell' };
    assert.deepEqual(log.trades, [{ ...told, eventTime: 1_714_557_600_000 }]);
    assert.deepEqual(log.take(), ['refused none']);
    assert.deepEqual(bitfinex.listing?.read('[["BTCUSD","DUSK:USD"]]'), ['tBTCUSD', 'tDUSK:USD']);
  });
});
