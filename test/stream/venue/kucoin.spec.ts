import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kucoin } from '../../../src/stream/protocol/kucoin.js';
import { VenueLog } from '../../support/venue-log.js';

type Change = [price: string, size: string, sequence: string];

const URL = 'https://api.kucoin.com/api/v1/market/orderbook/level2_100?symbol=BTC-USDT';

const start = () => {
  const log = new VenueLog();
  return { log, session: kucoin.start(log) };
};

const message = (subject: string, data: unknown): string =>
  JSON.stringify({ type: 'message', topic: '/market/level2:BTC-USDT', subject, data });

const update = (first: number, last: number, bids: Change[], asks: Change[] = []): string =>
  message('trade.l2update', {
    sequenceStart: first,
    sequenceEnd: last,
    symbol: 'BTC-USDT',
    time: 1_700_000_000_000 + last,
    changes: { bids, asks },
  });

const snapshot = (sequence: number, bids = [['100', '1']], asks = [['101', '2']]): string =>
  JSON.stringify({ code: '200000', data: { time: 1_700_000_000_000, sequence: String(sequence), bids, asks } });

const sent = (frames: readonly string[]): { id: string; type: string; topic: string }[] =>
  frames.map((frame) => JSON.parse(frame));

describe('KuCoin', () => {
  it('VE230 updates wait for the snapshot, old ones are dropped, and the rest follow without a hole', () => {
    const { log, session } = start();
    session.read(update(10, 10, [['99', '5', '10']]));
    session.read(update(11, 12, [['99', '4', '12']]));
    session.read(snapshot(10), URL);
    session.read(update(13, 13, [], [['101', '0', '13']]));
    assert.deepEqual(log.calls, [
      'skipped BTC-USDT early',
      'skipped BTC-USDT early',
      'snapshot BTC-USDT applied',
      'skipped BTC-USDT old',
      'delta BTC-USDT applied',
      'delta BTC-USDT applied',
    ]);
    assert.deepEqual(log.levels('BTC-USDT', 'bid'), ['100 1', '99 4']);
    assert.deepEqual(log.levels('BTC-USDT', 'ask'), []);
    assert.deepEqual(log.book('BTC-USDT').verified, { by: 'sequence' });
    assert.equal(log.book('BTC-USDT').book?.eventTime, 1_700_000_000_013);
  });

  it('VE230 a change that the snapshot holds already does not undo it, whatever its place in the update', () => {
    const { log, session } = start();
    session.read(snapshot(10, [['100', '7']]), URL);
    session.read(
      update(8, 12, [
        ['100', '7', '10'],
        ['99', '3', '12'],
        ['100', '4', '8'],
        ['99', '1', '11'],
      ]),
    );
    assert.deepEqual(log.levels('BTC-USDT', 'bid'), ['100 7', '99 3']);
  });

  it('VE230 a price of 0 is no level, while its sequence counts', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read(update(11, 11, [['0', '0', '11']]));
    session.read(update(12, 12, [['0.000', '5', '12']]));
    session.read(update(13, 13, [['99', '2', '13']]));
    assert.deepEqual(log.calls.slice(1), [
      'delta BTC-USDT applied',
      'delta BTC-USDT applied',
      'delta BTC-USDT applied',
    ]);
    assert.deepEqual(log.levels('BTC-USDT', 'bid'), ['100 1', '99 2']);
  });

  it('VE230 a snapshot of 100 levels may go on beyond them, the full one is whole', () => {
    const { log, session } = start();
    const bids = Array.from({ length: 100 }, (_, i) => [String(200 - i), '1']);
    session.read(snapshot(10, bids, [['201', '1']]), URL);
    assert.equal(log.book('BTC-USDT').book?.bids.horizon, 101);
    assert.ok(Number.isNaN(log.book('BTC-USDT').book?.asks.horizon));
    session.read(snapshot(11, bids), 'https://api.kucoin.com/api/v3/market/orderbook/level2?symbol=BTC-USDT');
    assert.ok(Number.isNaN(log.book('BTC-USDT').book?.bids.horizon));
  });

  it('VE231 a hole in the sequences is a gap at once, and the update is kept for the next snapshot', () => {
    const { log, session } = start();
    session.read(snapshot(9), URL);
    session.read(update(10, 10, [['99', '2', '10']]));
    session.read(update(12, 13, [['99', '1', '13']]));
    assert.deepEqual(log.take().slice(2), ['gap BTC-USDT sequence', 'skipped BTC-USDT early']);
    session.read(snapshot(10), URL);
    session.read(snapshot(12), URL);
    assert.deepEqual(log.take(), [
      'skipped BTC-USDT old_snapshot',
      'snapshot BTC-USDT applied',
      'delta BTC-USDT applied',
    ]);
  });

  it('VE231 a repeated update is passed over, one that overlaps what is known is applied', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read(update(11, 12, [['99', '1', '12']]));
    session.read(update(11, 12, [['99', '1', '12']]));
    session.read(update(12, 14, [['99', '6', '14']]));
    assert.deepEqual(log.calls.slice(2), ['skipped BTC-USDT old', 'delta BTC-USDT applied']);
    assert.deepEqual(log.levels('BTC-USDT', 'bid'), ['100 1', '99 6']);
  });

  it('VE232 a frame that cannot be read changes no book: of a known symbol it is a gap, else it is refused', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read('{"type"');
    session.read(message('trade.l2update', { sequenceStart: 1 }));
    session.read(message('trade.l2update', null));
    assert.deepEqual(log.take().slice(1), ['refused any', 'refused any', 'refused any']);
    for (const broken of [
      { sequenceEnd: 12, changes: { bids: [], asks: [] } },
      { sequenceStart: 11, sequenceEnd: 12 },
      { sequenceStart: 11, sequenceEnd: 12, changes: { bids: [['99', '1']], asks: [] } },
      { sequenceStart: 11, sequenceEnd: 12, changes: { bids: [['99', null, '11']], asks: [] } },
    ]) {
      session.read(snapshot(10), URL);
      session.read(message('trade.l2update', { symbol: 'BTC-USDT', ...broken }));
      assert.deepEqual(log.take(), ['snapshot BTC-USDT applied', 'gap BTC-USDT bad_message']);
    }
  });

  it('VE232 a snapshot that cannot be read is refused and harms nothing', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.read('<html>', URL);
    session.read('{"code":"200000","data":{"sequence":null,"bids":null,"asks":null}}', URL);
    session.read(snapshot(12).replace('200000', '500000'), URL);
    session.read(snapshot(12), URL.replace('symbol', 'pair'));
    session.read('{}', 'https://api.kucoin.com/api/v2/symbols');
    assert.deepEqual(log.calls.slice(1), ['refused none', 'refused none', 'refused none', 'refused none']);
    assert.equal(log.book('BTC-USDT').suspicion, undefined);
  });

  it('VE233 trades are told with their taker, and a bad one harms no book', () => {
    const { log, session } = start();
    const trade = { symbol: 'BTC-USDT', tradeId: 't1', side: 'buy', time: '1700000000123456789' };
    session.read(message('trade.l3match', { ...trade, price: '100.10', size: '0.50' }));
    session.read(message('trade.l3match', trade));
    const eventTime = 1_700_000_000_123;
    assert.deepEqual(log.trades, [
      { symbol: 'BTC-USDT', tradeId: 't1', price: '100.10', size: '0.50', aggressor: 'buy', eventTime },
    ]);
    assert.deepEqual(log.calls, ['refused none']);
  });

  it('VE234 up to 100 symbols share a topic, books and trades apart', () => {
    const { session } = start();
    const symbols = Array.from({ length: 101 }, (_, i) => `S${i}-USDT`);
    const topics = sent(session.subscribe(symbols, { depth: 10, trades: true })).map(({ type, topic }) => [
      type,
      topic,
    ]);
    assert.deepEqual(topics, [
      ['subscribe', `/market/level2:${symbols.slice(0, 100).join(',')}`],
      ['subscribe', '/market/level2:S100-USDT'],
      ['subscribe', `/market/match:${symbols.slice(0, 100).join(',')}`],
      ['subscribe', '/market/match:S100-USDT'],
    ]);
    session.subscribe(['A-B'], { depth: 10, trades: false });
    session.subscribe(['C-D'], { depth: 0, trades: true });
    assert.deepEqual(
      sent(session.unsubscribe(['A-B', 'C-D'])).map(({ type, topic }) => [type, topic]),
      [
        ['unsubscribe', '/market/level2:A-B'],
        ['unsubscribe', '/market/match:C-D'],
      ],
    );
  });

  it('VE234 what comes after the end of a subscription changes no book', () => {
    const { log, session } = start();
    session.read(snapshot(10), URL);
    session.unsubscribe(['BTC-USDT']);
    session.read(update(11, 11, [['98', '1', '11']]));
    assert.deepEqual(log.calls.slice(1), ['skipped BTC-USDT awaiting_snapshot']);
  });

  it('VE235 the snapshot that needs no login is asked for', () => {
    const { session } = start();
    assert.equal(session.snapshotUrl?.('BTC-USDT'), URL);
    assert.deepEqual(session.resync('BTC-USDT'), []);
  });

  it('VE236 an answer belongs to the request with its number', () => {
    const { log, session } = start();
    const [asked] = sent(session.subscribe(['A-B', 'C-D'], { depth: 10, trades: false }));
    session.read(`{"id":"${asked?.id}","type":"ack"}`);
    session.read(`{"id":"${asked?.id}","type":"ack"}`);
    session.read('{"id":"x","type":"welcome"}');
    session.read('{"id":"9","type":"error","code":509,"data":"exceed max permits per second"}');
    assert.deepEqual(log.calls, ['acknowledged A-B C-D', 'complained 509']);
  });

  it('VE236 a refused topic is asked for in halves until the symbol is found that does not exist', () => {
    const { log, session } = start();
    let open = [...session.subscribe(['A-B', 'C-D', 'NO-PE'], { depth: 10, trades: false })];
    while (open.length > 0) {
      for (const { id, topic } of sent(open)) {
        const isBad = topic.includes('NO-PE');
        session.read(
          JSON.stringify(
            isBad ? { id, type: 'error', code: 404, data: `topic ${topic} is not found` } : { id, type: 'ack' },
          ),
        );
      }
      open = log.sent.splice(0);
    }
    assert.deepEqual(log.calls, ['acknowledged A-B C-D', 'rejected NO-PE unknown_symbol']);
  });

  it('VE236 a snapshot of a symbol that does not exist refuses it', () => {
    const { log, session } = start();
    session.read('{"code":"900001","msg":"symbol not exists"}', URL);
    assert.deepEqual(log.calls, ['rejected BTC-USDT unknown_symbol']);
  });

  it('VE237 a connection goes where the venue says, with its token', async () => {
    const asked: string[] = [];
    const answer = { token: 'a+b=', instanceServers: [{ endpoint: 'wss://one.example/', pingInterval: 18_000 }] };
    const ask = (url: string, method?: string) => {
      asked.push(`${method} ${url}`);
      return Promise.resolve({ status: 200, text: JSON.stringify({ code: '200000', data: answer }), retryAfterMs: 0 });
    };
    assert.equal(await kucoin.address?.(kucoin.url, ask), 'wss://one.example/?token=a%2Bb%3D&connectId=touchline');
    assert.deepEqual(asked, ['POST https://api.kucoin.com/api/v1/bullet-public']);
    assert.equal(
      await kucoin.address?.('wss://relay.example/', ask),
      'wss://relay.example/?token=a%2Bb%3D&connectId=touchline',
    );
  });

  it('VE237 an answer without a token, or that is none, is an error', async () => {
    const server = '{"data":{"instanceServers":[{"endpoint":"wss://one.example/"}]}}';
    for (const text of ['{"code":"429000","msg":"Too many requests"}', '{"data":{"token":"t"}}', server, '<html>']) {
      const ask = () => Promise.resolve({ status: 200, text, retryAfterMs: 0 });
      await assert.rejects(async () => kucoin.address?.(kucoin.url, ask), Error);
    }
  });

  it('VE238 a ping has a number, and its answer leaves no trace', () => {
    const { log, session } = start();
    assert.equal(session.ping?.(), '{"id":"1","type":"ping"}');
    for (const text of ['{"id":"1","type":"pong"}', 'null', '[]', '{}', message('trade.ticker', {})])
      session.read(text);
    assert.deepEqual(log.calls, []);
  });

  it('VE239 its frames are recognised, and its list of symbols is read', () => {
    assert.ok(kucoin.recognises(JSON.parse(update(1, 1, []))));
    assert.ok(!kucoin.recognises({ type: 'ack', id: '1' }));
    assert.deepEqual(kucoin.listing?.read('{"data":[{"symbol":"BTC-USDT"},{}]}'), ['BTC-USDT']);
  });
});
