import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Book } from '../../src/book/book.js';
import { Exchange } from '../../src/sim/index.js';
import type { ServedListing, ServedMarket } from '../../src/stream/protocol/session.js';
import { type Message, SessionWire, START } from './session-wire.js';

const types = (messages: readonly Message[]): string[] => messages.map(({ type }) => type);
const subscribe = (symbols: readonly unknown[], more: object = {}) => ({
  type: 'subscribe',
  id: '3',
  symbols,
  ...more,
});
const bookOnly = { channels: ['book'] };

/** Plays book messages into a client's book; everything must follow. */
const play = (book: Book, messages: readonly Message[]): void => {
  for (const { type, data, ...rest } of messages) {
    const header = {
      epoch: rest.epoch,
      sequence: rest.seq,
      eventTime: data.timestamp,
      bids: data.bids,
      asks: data.asks,
    };
    if (type === 'order_book_snapshot') assert.equal(book.applySnapshot({ ...header, depth: data.depth }), 'applied');
    if (type === 'order_book_delta') {
      const delta = { ...header, previousSequence: rest.prevSeq, checksum: data.checksum };
      assert.equal(book.applyDelta(delta), 'applied');
    }
  }
};

const levels = (view: { length: number; priceAt(i: number): number; sizeAt(i: number): number }, depth: number) =>
  Array.from({ length: Math.min(depth, view.length) }, (_, i) => [view.priceAt(i), view.sizeAt(i)]);

describe('ServerSession: the session', () => {
  it('SX30 hello is answered by a welcome with the features that both have', () => {
    const wire = new SessionWire();
    wire.say({
      type: 'hello',
      id: '1',
      data: { protocol: 1, client: 'kit/1', features: ['batch', 'orders', 'teleport'] },
    });
    const [welcome] = wire.take();
    assert.deepEqual(welcome, {
      type: 'welcome',
      id: '1',
      data: {
        protocol: 1,
        session: 's-1',
        serverTime: START,
        heartbeatMs: 15_000,
        features: ['batch', 'orders'],
        limits: { symbols: 200, messagesPerSecond: 50, ordersPerSecond: 10, messageBytes: 65_536 },
        authRequired: [],
      },
    });
  });

  it('SX31 another protocol is refused by name and the connection goes on; a second hello is a mistake', () => {
    const wire = new SessionWire();
    wire.say({ type: 'hello', id: '1', data: { protocol: 2, client: 'kit', features: [] } });
    wire.hello();
    wire.say({ type: 'hello', id: '2', data: { protocol: 1, client: 'kit', features: [] } });
    assert.equal(wire.texts.length, 3);
    const [refusal, , again] = wire.texts.map((text) => JSON.parse(text) as Message);
    assert.deepEqual([refusal?.data.code, refusal?.id, again?.data.code], ['unsupported_protocol', '1', 'bad_state']);
    assert.equal(wire.closed, undefined);
  });

  it('SX32 a ping is answered with its id and time and the server time, a bare one with nothing more', () => {
    const wire = new SessionWire();
    wire.say({ type: 'ping' });
    wire.say({ type: 'ping', id: '7', t: 5 });
    assert.deepEqual(wire.take(), [{ type: 'pong' }, { type: 'pong', id: '7', t: 5, serverTime: START }]);
  });

  it('SX33 an unknown type is named as such and counts as no mistake', () => {
    const wire = new SessionWire().hello();
    for (let i = 0; i < 10; i++) wire.say({ type: 'order_teleport', id: String(i) });
    assert.deepEqual(new Set(wire.take().map(({ data }) => data.code)), new Set(['unknown_type']));
    assert.equal(wire.closed, undefined);
  });

  it('SX34 five bad messages in ten seconds end the connection with 4400, five in more do not', () => {
    const wire = new SessionWire().hello();
    for (let i = 0; i < 8; i++) {
      wire.session.receive('{');
      wire.nowMs += 2_600;
    }
    assert.equal(wire.closed, undefined);
    wire.take();
    wire.nowMs += 20_000;
    for (const bad of ['{', '[]', 'null', '"ping"']) wire.session.receive(bad);
    wire.session.receiveBinary();
    const answers = wire.take();
    assert.deepEqual(
      answers.map(({ data }) => data.code),
      ['bad_json', 'bad_message', 'bad_message', 'bad_message', 'bad_json'],
    );
    assert.deepEqual(
      answers.map(({ data }) => data.fatal),
      [false, false, false, false, true],
    );
    assert.deepEqual(wire.closed, { code: 4400, reason: 'bad_json' });
    wire.say({ type: 'ping' });
    wire.pass(1_000);
    assert.deepEqual(wire.take(), [], 'silent after the close');
  });

  it('SX35 more than fifty messages a second are refused one by one, and a flood ends with 4429', () => {
    const wire = new SessionWire().hello();
    for (let i = 0; i < 49; i++) wire.say({ type: 'ping' });
    assert.deepEqual(new Set(types(wire.take())), new Set(['pong']));
    wire.say({ type: 'ping', id: 'x' });
    const [refusal] = wire.take();
    assert.deepEqual([refusal?.data.code, refusal?.id, refusal?.data.fatal], ['rate_limited', 'x', false]);
    assert.ok((refusal?.data.retryAfterMs ?? 0) > 0);
    wire.nowMs += 1_000;
    wire.say({ type: 'ping' });
    assert.deepEqual(types(wire.take()), ['pong']);
    for (let i = 0; i < 120; i++) wire.say({ type: 'ping' });
    assert.deepEqual(wire.closed, { code: 4429, reason: 'rate_limited' });
    assert.equal(wire.take().at(-1)?.data.fatal, true);
  });

  it('SX36 a message above 64 KiB ends with 1009', () => {
    const wire = new SessionWire().hello();
    wire.session.receive(`"${'x'.repeat(70_000)}"`);
    assert.equal(wire.take()[0]?.data.code, 'too_large');
    assert.equal(wire.closed?.code, 1009);
  });

  it('SX37 going away is announced with a time to come back, then closed with 1012', () => {
    const wire = new SessionWire().hello();
    wire.session.goAway('deploy');
    assert.deepEqual(wire.take(), [{ type: 'going_away', data: { reason: 'deploy', reconnectAfterMs: [500, 8000] } }]);
    assert.equal(wire.closed?.code, 1012);
  });

  const hostile = [
    '',
    ' ',
    '{',
    '[]',
    'null',
    '5',
    '"x"',
    '{}',
    '{"type":5}',
    '{"type":null}',
    '{"type":"__proto__"}',
    '{"__proto__":{"type":"ping"}}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","symbols":null}',
    '{"type":"subscribe","symbols":"KCB"}',
    '{"type":"subscribe","symbols":[{}]}',
    '{"type":"subscribe","symbols":[1e999]}',
    '{"type":"subscribe","symbols":["SCOM"],"symbols":["KCB"]}',
    '{"type":"subscribe","symbols":["\\ud800"]}',
    '{"type":"subscribe","symbols":["SCOM"],"depth":-1}',
    '{"type":"subscribe","symbols":["SCOM"],"depth":1e999}',
    '{"type":"subscribe","symbols":["SCOM"],"maxRateHz":"fast"}',
    '{"type":"unsubscribe","symbols":{}}',
    '{"type":"ping","t":"now"}',
    '{"type":"ping"}{"type":"ping"}',
    '['.repeat(20_000),
    `${'{"a":'.repeat(9_000)}1`,
    ...['NaN', 'Infinity', '', '1,5', '1e400', '٣', '0x10', ' 1', '1 ', '+1', '.5', '5.'].map((quantity) =>
      JSON.stringify({
        type: 'order_place',
        id: '1',
        data: {
          clientOrderId: 'order-0001',
          account: 'A',
          symbol: 'SCOM',
          side: 'buy',
          orderType: 'limit',
          quantity,
          limitPrice: '17.00',
          stopPrice: null,
          timeInForce: 'day',
        },
      }),
    ),
  ];
  it('SX38 nothing that a client can say throws, is believed, or reaches the market', () => {
    for (const text of hostile) {
      const exchange = new Exchange({ startMs: START, epoch: 'e1' });
      const wire = new SessionWire({ exchange }).hello();
      wire.session.receive(text);
      const accepted = types(wire.take()).filter((type) => type === 'order_ack');
      assert.deepEqual(accepted, [], text.slice(0, 60));
      assert.equal(exchange.audit().accountCash, exchange.audit().issuedCash);
    }
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constantFrom(...hostile)), { maxLength: 20 }),
        (texts) => {
          const wire = new SessionWire();
          for (const text of texts) wire.session.receive(text);
          wire.take();
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('ServerSession: subscriptions', () => {
  it('SX40 the confirmation says what was added and rejected, what is subscribed, and what each instrument is', () => {
    const wire = new SessionWire().hello();
    wire.say(subscribe(['SCOM', 'NOPE', 'KCB', 'SCOM'], { channels: ['ticker', 'book'] }));
    const [confirmed, ...rest] = wire.take();
    assert.equal(confirmed?.type, 'subscription_confirmed');
    assert.equal(confirmed?.id, '3');
    const { instruments, ...data } = confirmed.data;
    assert.deepEqual(data, {
      symbols: ['KCB', 'SCOM'],
      added: ['SCOM', 'KCB'],
      rejected: [{ symbol: 'NOPE', code: 'unknown_symbol' }],
      channels: { ticker: ['KCB', 'SCOM'], book: ['KCB', 'SCOM'], trades: [] },
    });
    assert.deepEqual(instruments[0], {
      symbol: 'SCOM',
      name: 'Safaricom PLC',
      currency: 'KES',
      tickTable: [
        ['0', '0.01'],
        ['5', '0.02'],
        ['10', '0.05'],
        ['50', '0.25'],
        ['500', '1'],
        ['1000', '5'],
      ],
      lotSize: '100',
      priceBand: ['15.75', '19.25'],
      phase: 'continuous',
      orderTypes: ['market', 'limit', 'stop', 'stop_limit'],
      timesInForce: ['day', 'gtc', 'ioc', 'fok'],
      takerFee: '0.0012',
      makerFee: '0',
      postOnly: true,
      icebergMinShare: '0.25',
      bracket: 'buy',
    });
    assert.deepEqual(types(rest).sort(), ['market_data', 'market_data', 'order_book_snapshot', 'order_book_snapshot']);
  });

  it('SX41 a symbol that is subscribed again comes again at once, changed or not', () => {
    const wire = new SessionWire().hello();
    for (let i = 0; i < 2; i++) {
      wire.say(subscribe(['SCOM'], { channels: ['ticker', 'book'] }));
      const messages = wire.take();
      assert.deepEqual(types(messages), ['subscription_confirmed', 'order_book_snapshot', 'market_data']);
      assert.deepEqual(messages[0]?.data.added, i === 0 ? ['SCOM'] : []);
    }
  });

  it('SX42 nothing of a channel follows the confirmation that it is removed', () => {
    const wire = new SessionWire().hello();
    wire.say(subscribe(['SCOM', 'KCB'], { channels: ['ticker', 'book', 'trades'] }));
    wire.pass(2_000);
    wire.take();
    wire.say({ type: 'unsubscribe', id: '4', symbols: ['SCOM', 'NOPE'], channels: ['book'] });
    const [confirmed] = wire.take();
    assert.deepEqual(confirmed?.data, {
      symbols: ['KCB', 'SCOM'],
      removed: ['SCOM'],
      channels: { ticker: ['KCB', 'SCOM'], book: ['KCB'], trades: ['KCB', 'SCOM'] },
    });
    wire.pass(3_000);
    const streams = new Set(wire.take().map(({ stream }) => stream));
    assert.ok(!streams.has('book:SCOM') && streams.has('book:KCB') && streams.has('ticker:SCOM'));
    wire.say({ type: 'unsubscribe', id: '5', symbols: ['SCOM', 'KCB'] });
    wire.take();
    wire.pass(2_000);
    assert.deepEqual(wire.take(), []);
  });

  it('SX43 more than two hundred symbols are refused, and nothing changes', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1', symbols: 220 });
    const wire = new SessionWire({ exchange }).hello();
    wire.say(subscribe(exchange.symbols.slice(0, 150)));
    wire.take();
    wire.say(subscribe(exchange.symbols.slice(120, 210)));
    assert.equal(wire.take()[0]?.data.code, 'too_many_symbols');
    wire.say(subscribe([]));
    assert.equal(wire.take()[0]?.data.symbols.length, 150);
  });

  it('SX44 a halt is told once, numbered in the stream of the ticker', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    const wire = new SessionWire({ exchange }).hello();
    wire.say(subscribe(['SCOM']));
    wire.pass(1_000);
    const before =
      wire
        .take()
        .filter(({ type }) => type === 'market_data')
        .at(-1)?.seq ?? 0;
    exchange.setPhase('SCOM', 'halted', wire.nowMs);
    wire.pass(500);
    const [status, ticker, ...rest] = wire.take();
    assert.deepEqual(
      [status?.type, status?.stream, status?.data.phase],
      ['instrument_status', 'ticker:SCOM', 'halted'],
    );
    assert.equal(ticker?.type, 'market_data');
    assert.ok(before < (status?.seq ?? 0) && (status?.seq ?? 0) < (ticker?.seq ?? 0));
    assert.deepEqual(rest, []);
  });

  it('SX45 a subscription to no channel is refused, and the symbol is not subscribed', () => {
    const wire = new SessionWire().hello();
    wire.say(subscribe(['SCOM'], { channels: [] }));
    wire.say({ type: 'unsubscribe', id: '4', symbols: ['SCOM'], channels: [] });
    assert.deepEqual(
      wire.take().map(({ type, data }) => [type, data.code]),
      [
        ['error', 'bad_message'],
        ['error', 'bad_message'],
      ],
    );
    wire.say(subscribe(['KCB']));
    assert.deepEqual(wire.take()[0]?.data.symbols, ['KCB']);
  });

  it('SX182 the end of an auction is told after the book that is crossed no more, as delta or snapshot, and before the rest', () => {
    for (const features of [['batch', 'decimal_strings'], []]) {
      for (const asSnapshot of [false, true]) {
        const exchange = new Exchange({ startMs: START, epoch: 'e1', symbols: 1, ratePerSymbol: 200 });
        const wire = new SessionWire({ exchange }).hello(features);
        wire.say(subscribe(['SCOM'], { channels: ['ticker', 'book', 'trades'] }));
        exchange.setPhase('SCOM', 'auction', wire.nowMs);
        wire.pass(2_000);
        wire.take();
        exchange.setPhase('SCOM', 'continuous', wire.nowMs);
        if (asSnapshot) wire.say({ type: 'order_book_resync', id: 'b1', data: { symbol: 'SCOM' } });
        else wire.pass(40);
        const said = types(wire.take());
        const book = asSnapshot ? 'order_book_snapshot' : 'order_book_delta';
        assert.deepEqual(said.slice(0, 4), [book, 'instrument_status', 'market_data', 'trade']);
      }
    }
  });

  it('SX46 a change of phase is told before the book of the same moment, and before the rest', () => {
    for (const features of [['batch', 'decimal_strings'], []]) {
      const exchange = new Exchange({ startMs: START, epoch: 'e1' });
      const wire = new SessionWire({ exchange }).hello(features);
      wire.say(subscribe(['SCOM'], { channels: ['ticker', 'book'] }));
      wire.pass(1_000);
      wire.take();
      exchange.setPhase('SCOM', 'halted', wire.nowMs);
      wire.say({ type: 'order_book_resync', id: 'b1', data: { symbol: 'SCOM' } });
      assert.deepEqual(types(wire.take()), ['instrument_status', 'order_book_snapshot', 'market_data']);
    }
  });
});

describe('ServerSession: market data', () => {
  it('SX50 a book built from what is sent is the window of the market at every moment, at any depth and rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(999),
        (depth, maxRateHz, seed) => {
          const exchange = new Exchange({ startMs: START, epoch: 'e1', seed, ratePerSymbol: 120 });
          const wire = new SessionWire({ exchange }).hello();
          wire.say(subscribe(['SCOM'], { ...bookOnly, depth, maxRateHz }));
          const book = new Book('SCOM', { priceScale: 2 });
          for (let i = 0; i < 30; i++) {
            wire.pass(1_000 / maxRateHz + 40);
            const messages = wire.take();
            play(book, messages);
            if (messages.length === 0) continue;
            // The flush was at most one step of the market ago: stop it and let the rest come.
            wire.nowMs += 2_000;
            wire.session.flush();
            play(book, wire.take());
            const served = exchange.listing('SCOM')?.book;
            assert.ok(served);
            assert.deepEqual(levels(book.bids, 99), levels(served.bids, depth));
            assert.deepEqual(levels(book.asks, 99), levels(served.asks, depth));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('SX51 a client that never cuts its book has no level that is not in the window', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1', ratePerSymbol: 120 });
    const wire = new SessionWire({ exchange }).hello();
    wire.say(subscribe(['SCOM'], { ...bookOnly, depth: 5, maxRateHz: 50 }));
    const bids = new Map<string, string>();
    for (let i = 0; i < 100; i++) {
      wire.pass(100);
      for (const { data } of wire.take().filter(({ stream }) => stream === 'book:SCOM')) {
        for (const [price, size] of data.bids) {
          if (size === '0') bids.delete(price);
          else bids.set(price, size);
        }
      }
      assert.ok(bids.size <= 5);
    }
  });

  it('SX52 deltas chain, carry absolute sizes as text, and a checksum at most once a second', () => {
    const wire = new SessionWire().hello();
    wire.say(subscribe(['SCOM'], { ...bookOnly, maxRateHz: 50 }));
    const [, snapshot] = wire.take();
    let last = snapshot?.seq;
    let checksums = 0;
    wire.pass(5_000);
    const deltas = wire.take();
    assert.ok(deltas.length > 20);
    for (const delta of deltas) {
      assert.equal(delta.type, 'order_book_delta');
      assert.equal(delta.prevSeq, last);
      assert.ok(delta.seq > delta.prevSeq);
      last = delta.seq;
      if (delta.data.checksum !== undefined) checksums++;
    }
    assert.ok(checksums >= 4 && checksums <= 5, `${checksums} checksums in 5 s`);
  });

  it('SX53 a connection gets at most its rate, and the first news after a pause at once', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1', ratePerSymbol: 200 });
    const wire = new SessionWire({ exchange }).hello();
    wire.say(subscribe(exchange.symbols, { ...bookOnly, maxRateHz: 5 }));
    wire.take();
    wire.pass(4_000);
    const frames = wire.takeFrames();
    assert.ok(frames.length >= 19 && frames.length <= 21, `${frames.length} frames in 4 s`);
    for (const symbol of exchange.symbols) exchange.setPhase(symbol, 'halted', wire.nowMs);
    wire.pass(4_000);
    wire.take();
    exchange.setPhase('SCOM', 'continuous', wire.nowMs);
    wire.pass(20);
    assert.equal(wire.takeFrames().length, 1);
  });

  it('SX54 with batch all events of a flush are one frame; without, one each', () => {
    const symbols = ['SCOM', 'KCB', 'EQTY'];
    const exchange = () => new Exchange({ startMs: START, epoch: 'e1', ratePerSymbol: 200 });
    const [batched, single] = [['batch', 'decimal_strings'], []].map((features) => {
      const wire = new SessionWire({ exchange: exchange() }).hello(features);
      wire.say(subscribe(symbols, { channels: ['ticker', 'book', 'trades'] }));
      wire.pass(100);
      wire.take();
      wire.pass(100);
      return wire.takeFrames();
    });
    assert.deepEqual(
      batched?.map(({ type }) => type),
      ['market_data_batch'],
    );
    const inside = batched?.[0]?.data as unknown as Message[];
    assert.deepEqual(types(inside), types(single ?? []));
    assert.ok(inside.every(({ sent }) => sent === undefined) && single?.every(({ sent }) => sent !== undefined));
    const ticker = (list: readonly Message[]) => list.find(({ type }) => type === 'market_data')?.data.price;
    assert.deepEqual([typeof ticker(inside), typeof ticker(single ?? [])], ['string', 'number']);
  });

  it('SX55 while the transport is busy nothing is sent and nothing is lost', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1', ratePerSymbol: 100 });
    const wire = new SessionWire({ exchange }).hello();
    wire.say(subscribe(['SCOM'], bookOnly));
    const book = new Book('SCOM', { priceScale: 2 });
    play(book, wire.take());
    wire.buffered = 1;
    wire.pass(10_000);
    assert.deepEqual(wire.take(), []);
    wire.buffered = 0;
    wire.session.flush();
    const messages = wire.take();
    assert.equal(messages.length, 1, 'ten seconds in one delta');
    play(book, messages);
    assert.deepEqual(levels(book.bids, 50), levels(exchange.listing('SCOM')?.book.bids ?? book.bids, 50));
  });

  it('SX56 a reader that takes nothing for thirty seconds is closed with 4408', () => {
    const wire = new SessionWire().hello();
    wire.say(subscribe(['SCOM'], bookOnly));
    wire.buffered = 1;
    const codes = [29_000, 2_000].map((ms) => {
      wire.pass(ms);
      return wire.closed?.code;
    });
    assert.deepEqual(codes, [undefined, 4408]);
  });

  it('SX57 trades are sent one by one, and those beyond a thousand leave a hole in the numbers', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1', ratePerSymbol: 400 });
    const wire = new SessionWire({ exchange }).hello();
    wire.say(subscribe(['SCOM'], { channels: ['trades'] }));
    wire.pass(5_000);
    const seqs = wire
      .take()
      .filter(({ type }) => type === 'trade')
      .map(({ seq }) => seq);
    assert.ok(seqs.length > 50);
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => (seqs[0] ?? 0) + i),
    );
    wire.buffered = 1;
    wire.pass(28_000);
    wire.buffered = 0;
    wire.session.flush();
    const late = wire.take().map(({ seq }) => seq);
    assert.equal(late.length, 1_000);
    assert.ok((late[0] ?? 0) > (seqs.at(-1) ?? 0) + 1);
  });

  it('SX58 a resync is a snapshot with the id that asked, at most one a second and symbol', () => {
    const wire = new SessionWire().hello();
    const ask = (id: string, symbol: string): Message | undefined => {
      wire.say({ type: 'order_book_resync', id, data: { symbol } });
      return wire.take()[0];
    };
    assert.equal(ask('1', 'NOPE')?.data.code, 'unknown_symbol');
    assert.equal(ask('2', 'SCOM')?.data.code, 'bad_state');
    wire.say(subscribe(['SCOM', 'KCB'], bookOnly));
    wire.take();
    assert.deepEqual([ask('3', 'SCOM')?.type, ask('4', 'KCB')?.type], ['order_book_snapshot', 'order_book_snapshot']);
    const refusal = ask('5', 'SCOM');
    assert.deepEqual([refusal?.id, refusal?.data.code, refusal?.data.retryAfterMs], ['5', 'rate_limited', 1_000]);
    wire.nowMs += 1_000;
    assert.equal(ask('6', 'SCOM')?.id, '6');
  });

  it('SX59 a book of another epoch comes as a snapshot', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    const listing = exchange.listing('SCOM');
    assert.ok(listing);
    let epoch = 'a';
    const { symbol, instrument, phase, phaseSequence, phaseTime, ticker, trades, book } = listing;
    const replaced = () => ({ ...book, epoch, sequence: 5, eventTime: START });
    const served: ServedListing = {
      symbol,
      instrument,
      phase,
      phaseSequence,
      phaseTime,
      ticker,
      trades,
      get book() {
        return replaced();
      },
    };
    const market: ServedMarket = { epoch: 'e1', symbols: ['SCOM'], listing: () => served };
    const wire = new SessionWire({ market }).hello();
    wire.say(subscribe(['SCOM'], bookOnly));
    assert.equal(wire.take()[1]?.epoch, 'a');
    epoch = 'b';
    wire.pass(200);
    assert.deepEqual(
      wire.take().map(({ type, epoch: of }) => [type, of]),
      [['order_book_snapshot', 'b']],
    );
  });
});

describe("ServerSession: the guide's dialect", () => {
  it('SX60 until hello the shapes are exactly those of the guide', () => {
    const wire = new SessionWire();
    wire.say({ type: 'subscribe', symbols: ['SCOM', 'NOPE', 'KCB'] });
    wire.pass(100);
    const [confirmed, ...rows] = wire.takeFrames();
    assert.deepEqual(confirmed, { type: 'subscription_confirmed', data: { symbols: ['KCB', 'SCOM'] } });
    assert.equal(rows.length, 2);
    for (const row of rows) {
      assert.deepEqual(Object.keys(row), ['type', 'data']);
      assert.deepEqual(Object.keys(row.data), [
        'symbol',
        'price',
        'volume',
        'high',
        'low',
        'change',
        'changePercent',
        'timestamp',
      ]);
      const { symbol, ...numbers } = row.data;
      assert.equal(typeof symbol, 'string');
      for (const value of Object.values(numbers)) assert.equal(typeof value, 'number');
    }
  });

  it('SX61 every row comes ten times a second, changed or not, and unsubscribe is not answered', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    exchange.setPhase('SCOM', 'halted', START);
    const wire = new SessionWire({ exchange });
    wire.say({ type: 'subscribe', symbols: ['SCOM'] });
    wire.take();
    wire.pass(2_000);
    assert.equal(wire.take().length, 20);
    wire.say({ type: 'unsubscribe', symbols: ['SCOM'] });
    wire.pass(2_000);
    assert.deepEqual(wire.take(), []);
  });

  it('SX62 an unknown type is passed over; one of protocol 1 is told to say hello first', () => {
    const wire = new SessionWire();
    wire.say({ type: 'authenticate' });
    assert.deepEqual(wire.take(), []);
    wire.say({ type: 'order_query', id: '9', data: { account: 'A', clientOrderId: 'order-0001' } });
    const [error] = wire.take();
    assert.deepEqual([error?.type, error?.id, error?.data.code], ['error', '9', 'bad_state']);
  });
});
