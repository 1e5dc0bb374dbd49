import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coinbase } from '../../../src/stream/protocol/coinbase.js';
import { parseExact } from '../../../src/stream/venue/exact-json.js';
import { VenueLog } from '../../support/venue-log.js';

const EXCHANGE_URL = 'wss://ws-feed.exchange.coinbase.com';
const TIME = '2024-05-01T10:00:00.250000001Z';

const begin = (url?: string) => {
  const log = new VenueLog();
  return { log, session: coinbase.start(log, { url }) };
};

const message = (number: number | string | undefined, channel: string, ...events: object[]): string =>
  JSON.stringify({ channel, timestamp: TIME, sequence_num: number, events });

type Update = readonly [side: string, price: string, size: string];

const level2 = (type: string, product: string, ...updates: readonly Update[]): object => ({
  type,
  product_id: product,
  updates: updates.map(([side, price, size]) => ({
    side,
    event_time: TIME,
    price_level: price,
    new_quantity: size,
  })),
});

const SNAPSHOT: readonly Update[] = [
  ['bid', '100.10', '0.5'],
  ['bid', '99.90', '2'],
  ['offer', '100.20', '1.25'],
];
const snapshot = (number: number, product: string): string =>
  message(number, 'l2_data', level2('snapshot', product, ...SNAPSHOT));
const update = (number: number | undefined, product: string): string =>
  message(number, 'l2_data', level2('update', product, ['bid', '100.10', '0'], ['offer', '100.30', '3']));
const heartbeat = (number: number): string => message(number, 'heartbeats', { heartbeat_counter: 7 });

const parse = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text));

describe('Coinbase, Advanced Trade', () => {
  it('VE195 is known by its messages', () => {
    for (const text of [snapshot(0, 'BTC-USD'), '{"type":"l2update","product_id":"BTC-USD"}'])
      assert.ok(coinbase.recognises(parseExact(text)), text);
    for (const text of ['{"channel":"book","data":[]}', '{"type":"snapshot","data":[]}', '[]', 'null'])
      assert.ok(!coinbase.recognises(parseExact(text)), text);
  });

  it('VE172 keeps books by snapshot and update, and proves them by the numbers of the connection', () => {
    const { log, session } = begin();
    session.read(snapshot(0, 'BTC-USD'));
    session.read(heartbeat(1));
    session.read(
      message(2, 'l2_data', level2('snapshot', 'ETH-USD'), level2('update', 'BTC-USD', ['ask', '101', '1'])),
    );
    session.read(update(3, 'BTC-USD'));
    assert.deepEqual(log.levels('BTC-USD', 'bid'), ['99.9 2.00']);
    assert.deepEqual(log.levels('BTC-USD', 'ask'), ['100.2 1.25', '100.3 3.00', '101.0 1.00']);
    assert.equal(log.book('BTC-USD').book?.eventTime, Date.parse(TIME));
    assert.deepEqual(log.book('BTC-USD').verified, { by: 'sequence' });
    assert.deepEqual([log.book('BTC-USD').suspicion, log.book('ETH-USD').suspicion], [undefined, undefined]);
  });

  it('VE173 voids every book at a hole, whatever channel shows it, and goes on from what came', () => {
    const { log, session } = begin();
    session.read(snapshot(7, 'BTC-USD'));
    session.read(snapshot(8, 'ETH-USD'));
    session.read(heartbeat(10));
    assert.deepEqual(log.take().slice(2), ['gap BTC-USD sequence', 'gap ETH-USD sequence']);
    session.read(snapshot(11, 'BTC-USD'));
    session.read(update(12, 'BTC-USD'));
    session.read(update(13, 'ETH-USD'));
    assert.deepEqual(log.take(), [
      'snapshot BTC-USD applied',
      'delta BTC-USD applied',
      'skipped ETH-USD awaiting_snapshot',
    ]);
  });

  it('VE173 takes a number that falls, or none, for a hole', () => {
    for (const number of [6, undefined]) {
      const { log, session } = begin();
      session.read(snapshot(7, 'BTC-USD'));
      session.read(snapshot(8, 'ETH-USD'));
      session.read(update(number, 'BTC-USD'));
      assert.deepEqual(log.take().slice(2), [
        'gap BTC-USD sequence',
        'gap ETH-USD sequence',
        'skipped BTC-USD awaiting_snapshot',
      ]);
    }
  });

  it('VE173 voids a book that was promised too: its snapshot may have been in the hole', () => {
    const { log, session } = begin();
    session.subscribe(['BTC-USD'], { depth: 10, trades: false });
    session.read(heartbeat(0));
    session.read(heartbeat(2));
    session.unsubscribe(['BTC-USD']);
    session.read(heartbeat(4));
    assert.deepEqual(log.take(), ['gap BTC-USD sequence']);
  });

  it('VE173 passes over a message that comes twice', () => {
    const { log, session } = begin();
    session.read(snapshot(7, 'BTC-USD'));
    session.read(update(8, 'BTC-USD'));
    session.read(update(8, 'BTC-USD'));
    session.read(heartbeat(9));
    assert.deepEqual(log.take().slice(1), ['delta BTC-USD applied', 'skipped BTC-USD old']);
  });

  it('VE175 voids the book of what it cannot read, and refuses what names no product', () => {
    for (const updates of [null, [7], [{ side: 'bid' }], [{ side: 'x', price_level: '1', new_quantity: '1' }]]) {
      const { log, session } = begin();
      session.read(snapshot(0, 'BTC-USD'));
      session.read(message(1, 'l2_data', { type: 'update', product_id: 'BTC-USD', updates }));
      assert.deepEqual(log.take().slice(1), ['gap BTC-USD bad_message'], JSON.stringify(updates));
    }
    const { log, session } = begin();
    session.read('{"channel":"l2_data",');
    session.read(message(0, 'l2_data', { type: 'update', updates: [] }));
    assert.deepEqual(log.take(), ['refused any', 'refused any']);
    for (const text of [
      'null',
      '[]',
      '7',
      '{"channel":"__proto__"}',
      '{"channel":"subscriptions","events":[7]}',
      '{}',
    ]) {
      session.read(text);
    }
    assert.deepEqual(log.take(), []);
  });

  it('VE176 asks for heartbeats first, then for one channel a message', () => {
    const { session } = begin();
    const product_ids = ['BTC-USD', 'ETH-USD'];
    assert.deepEqual(parse(session.greeting!()), [{ type: 'subscribe', channel: 'heartbeats' }]);
    assert.deepEqual(parse(session.subscribe(product_ids, { depth: 10, trades: true })), [
      { type: 'subscribe', product_ids, channel: 'level2' },
      { type: 'subscribe', product_ids, channel: 'market_trades' },
    ]);
    assert.deepEqual(parse(session.unsubscribe(['ETH-USD'])), [
      { type: 'unsubscribe', product_ids: ['ETH-USD'], channel: 'level2' },
      { type: 'unsubscribe', product_ids: ['ETH-USD'], channel: 'market_trades' },
    ]);
    assert.deepEqual(session.subscribe(['SOL-USD'], { depth: 0, trades: false }), []);
  });

  it('VE176 gets a new snapshot by ending the book and asking for it again', () => {
    const { log, session } = begin();
    session.subscribe(['BTC-USD'], { depth: 10, trades: true });
    session.read(snapshot(0, 'BTC-USD'));
    assert.deepEqual(
      parse(session.resync('BTC-USD')),
      ['unsubscribe', 'subscribe'].map((type) => ({ type, product_ids: ['BTC-USD'], channel: 'level2' })),
    );
    session.read(update(1, 'BTC-USD'));
    session.unsubscribe(['BTC-USD']);
    session.read(update(2, 'BTC-USD'));
    const late = 'skipped BTC-USD awaiting_snapshot';
    assert.deepEqual(log.take().slice(1), [late, late]);
  });

  it('VE177 acknowledges once what the venue lists as served', () => {
    const { log, session } = begin();
    session.subscribe(['BTC-USD', 'ETH-USD'], { depth: 10, trades: true });
    session.subscribe(['SOL-USD'], { depth: 0, trades: true });
    const served = (number: number, subscriptions: object) =>
      session.read(message(number, 'subscriptions', { subscriptions }));
    served(0, { level2: ['BTC-USD'], market_trades: ['ETH-USD'], heartbeats: ['heartbeats'] });
    served(1, { level2: ['BTC-USD', 'ETH-USD'], market_trades: ['BTC-USD', 'SOL-USD'] });
    served(2, { level2: ['BTC-USD', 'ETH-USD'], market_trades: 7 });
    assert.deepEqual(log.take(), ['acknowledged BTC-USD', 'acknowledged ETH-USD SOL-USD']);
  });

  it('VE177 refuses the product that the complaint names, and asks again for the others', () => {
    const { log, session } = begin();
    session.subscribe(['BTC-USD', 'FOO-USD', 'ETH-USD'], { depth: 10, trades: false });
    session.read(message(0, 'subscriptions', { subscriptions: { level2: ['ETH-USD'] } }));
    session.read('{"type":"error","message":"Failed to subscribe","reason":"FOO-USD is not a valid product"}');
    session.read('{"type":"error","message":"Failed to subscribe","reason":"FOO-USD is not a valid product"}');
    session.read('{"type":"error"}');
    assert.deepEqual(log.take(), [
      'acknowledged ETH-USD',
      'rejected FOO-USD unknown_symbol',
      'complained error',
      'complained error',
    ]);
    assert.deepEqual(parse(log.sent), [{ type: 'subscribe', product_ids: ['BTC-USD'], channel: 'level2' }]);
  });

  it('VE178 hands what comes for a USD product to those who asked for the USDC one', () => {
    const { log, session } = begin();
    session.subscribe(['BTC-USDC'], { depth: 10, trades: false });
    session.read(snapshot(0, 'BTC-USD'));
    session.read(message(1, 'subscriptions', { subscriptions: { level2: ['BTC-USD'] } }));
    session.subscribe(['BTC-USD'], { depth: 10, trades: false });
    session.read(snapshot(2, 'BTC-USD'));
    assert.deepEqual(log.take(), [
      'snapshot BTC-USDC applied',
      'acknowledged BTC-USDC',
      'snapshot BTC-USD applied',
      'snapshot BTC-USDC applied',
    ]);
  });

  it('VE179 tells trades by the side of the aggressor, but not those from before the subscription', () => {
    const { log, session } = begin();
    const trade = { trade_id: '77', product_id: 'BTC-USD', price: '100.1', size: '0.2', side: 'SELL', time: TIME };
    session.read(message(0, 'market_trades', { type: 'snapshot', trades: [trade] }));
    session.read(message(1, 'market_trades', { type: 'update', trades: [trade] }));
    session.read(message(1, 'market_trades', { type: 'update', trades: [trade] }));
    const told = { symbol: 'BTC-USD', tradeId: '77', price: '100.1', size: '0.2', aggressor: 'buy' };
    assert.deepEqual(log.trades, [{ ...told, eventTime: Date.parse(TIME) }]);
  });
});

describe('Coinbase, Exchange', () => {
  const product = { product_id: 'BTC-USD', time: TIME };
  const whole = JSON.stringify({ type: 'snapshot', ...product, bids: [['100.1', '0.5']], asks: [['100.20', '1.25']] });
  const change = (changes: unknown) => JSON.stringify({ type: 'l2update', ...product, changes });

  it('VE174 keeps books by snapshot and changes, which prove nothing', () => {
    const { log, session } = begin(EXCHANGE_URL);
    session.read(change([['buy', '100.1', '1']]));
    session.read(whole);
    session.read(
      change([
        ['buy', '100.1', '0.0'],
        ['buy', '100.05', '2'],
        ['sell', '100.20', '7'],
      ]),
    );
    assert.deepEqual(log.levels('BTC-USD', 'bid'), ['100.05 2.00']);
    assert.deepEqual(log.levels('BTC-USD', 'ask'), ['100.20 7.00']);
    assert.deepEqual(log.book('BTC-USD').verified, { by: 'nothing' });
    const [early] = log.take();
    assert.equal(early, 'skipped BTC-USD awaiting_snapshot');
  });

  it('VE175 voids the book of changes that it cannot read, and refuses those of no product', () => {
    for (const changes of [undefined, [], 7, [7], [['x', '1', '1']], [['buy', '1', null]]]) {
      const { log, session } = begin(EXCHANGE_URL);
      session.read(whole);
      session.read(change(changes));
      assert.deepEqual(log.take().slice(1), ['gap BTC-USD bad_message'], JSON.stringify(changes));
    }
    const { log, session } = begin(EXCHANGE_URL);
    session.read('{"type":"l2update","changes":[]}');
    session.read('{"type":"snapshot"}');
    session.read('{"type":"ticker"}');
    assert.deepEqual(log.take(), ['refused any', 'refused any']);
  });

  it('VE176 asks in the words of the socket that the address names', () => {
    const { session } = begin(EXCHANGE_URL);
    const list = ['BTC-USD'];
    const channels = [
      { name: 'level2_batch', product_ids: list },
      { name: 'matches', product_ids: list },
      { name: 'heartbeat', product_ids: list },
    ];
    assert.deepEqual(session.greeting!(), []);
    assert.deepEqual(parse(session.subscribe(list, { depth: 10, trades: true })), [{ type: 'subscribe', channels }]);
    assert.deepEqual(parse(session.unsubscribe(list)), [{ type: 'unsubscribe', channels }]);
    assert.deepEqual(session.unsubscribe(['ETH-USD']), []);
  });

  it('VE177 acknowledges what the venue lists as served', () => {
    const { log, session } = begin(EXCHANGE_URL);
    session.subscribe(['BTC-USD'], { depth: 10, trades: true });
    session.subscribe(['ETH-USD'], { depth: 0, trades: true });
    const channels = [
      { name: 'level2_50', product_ids: ['BTC-USD'] },
      { name: 'matches', product_ids: ['BTC-USD', 'ETH-USD'] },
    ];
    session.read(JSON.stringify({ type: 'subscriptions', channels }));
    assert.deepEqual(log.take(), ['acknowledged BTC-USD ETH-USD']);
  });

  it('VE179 tells matches by the side of the aggressor, but not the last one from before the subscription', () => {
    const { log, session } = begin(EXCHANGE_URL);
    const match = { trade_id: 77, ...product, price: '100.1', size: '0.2', side: 'buy' };
    session.read(JSON.stringify({ type: 'last_match', ...match }));
    session.read(JSON.stringify({ type: 'match', ...match }));
    session.read(JSON.stringify({ type: 'match', ...match, price: null }));
    assert.deepEqual(
      log.trades.map(({ tradeId, aggressor }) => [tradeId, aggressor]),
      [['77', 'sell']],
    );
    assert.deepEqual(log.take(), ['refused none']);
  });

  it('VE179 lists the products', () => {
    assert.deepEqual(coinbase.listing?.read('[{"id":"BTC-USD"},{"id":"ETH-USD"},7]'), ['BTC-USD', 'ETH-USD']);
    assert.deepEqual(coinbase.listing?.read('{"message":"no"}'), []);
  });
});
