import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { binanceSpot, binanceUsdm } from '../../src/stream/protocol/binance.js';
import { registerTransport, resolvingTransport } from '../../src/stream/transport/resolve.js';
import { makeBench } from '../support/fake-server.js';
import { VenueLog } from '../support/venue-log.js';
import { makeVenueBench, ok, settle, type VenueBench } from '../support/venue-wire.js';
import type { HttpAnswer, VenueProtocol } from '../../src/stream/venue/venue-protocol.js';

const verdict = ({ stream }: Pick<VenueBench, 'stream'>, symbol: string): string => {
  const { state, reason } = stream.verdict(symbol);
  return `${state} ${reason}`;
};

const pass = async ({ clock }: VenueBench, ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 100) {
    clock.pass(Math.min(100, left));
    await settle();
  }
};

const bestBid = ({ stream }: VenueBench, symbol: string): string | undefined =>
  stream.book(symbol)?.textAt('bid', 0)?.[1];

/** Messages of OKX's book channel, and what was asked of it. */
const okxOf = (bench: VenueBench) => {
  const tell = (action: string, instId: string, seqId: number, prevSeqId: number, size: string): void => {
    const data = [{ bids: [['100', size]], asks: [['101', '1']], ts: String(bench.clock.now()), seqId, prevSeqId }];
    bench.wire.last.push({ arg: { channel: 'books', instId }, action, data });
  };
  return {
    snapshot: (symbol: string, id: number, size = '1') => tell('snapshot', symbol, id, -1, size),
    update: (symbol: string, id: number, size = '1') => tell('update', symbol, id, id - 1, size),
    acknowledge: (instId: string) => bench.wire.last.push({ event: 'subscribe', arg: { channel: 'books', instId } }),
    asksFor: (symbol: string): number =>
      bench.wire.last.sentTexts.filter((text) => text.includes('subscribe') && text.includes(symbol)).length,
    live: () => bench.wire.last.pushText('pong'),
  };
};

const push = ({ wire, clock }: VenueBench, id: number, size = '1'): void =>
  wire.last.push({ e: 'depthUpdate', E: clock.now(), s: 'BTCUSDT', U: id, u: id, b: [['100.00', size]], a: [] });
const book = (lastUpdateId: number): HttpAnswer =>
  ok({ lastUpdateId, bids: [['100.00', '1']], asks: [['100.50', '2']] });

/** A Binance feed with one good book at number 11, on a socket that answers pings. */
async function makeBinance(): Promise<VenueBench & { stop: () => void }> {
  const bench = await makeVenueBench('binance');
  bench.wire.last.onSent = (_message, socket) => socket.push({ result: null, id: 1 });
  bench.answer = () => book(10);
  const stop = bench.stream.subscribe(['BTCUSDT'], () => {}, { depth: 10 });
  bench.clock.pass(100);
  push(bench, 11);
  await pass(bench, 1_000);
  assert.equal(verdict(bench, 'BTCUSDT'), 'live ok');
  return Object.assign(bench, { stop });
}

describe('what is asked of a venue', () => {
  it('VL6 what is served is not asked for again because another symbol is not', async () => {
    const bench = await makeVenueBench('okx');
    const okx = okxOf(bench);
    bench.stream.subscribe(['A-USD', 'B-USD'], () => {});
    bench.clock.pass(100);
    okx.acknowledge('A-USD');
    okx.snapshot('A-USD', 1);
    for (let id = 2; id < 32; id++) {
      okx.update('A-USD', id, String(id));
      await pass(bench, 1_000);
      assert.equal(verdict(bench, 'A-USD'), 'live ok');
      assert.equal(bestBid(bench, 'A-USD'), String(id));
    }
    assert.equal(okx.asksFor('A-USD'), 1);
    assert.ok(okx.asksFor('B-USD') > 1);
  });

  it('VL6 a second holder who wants no more of the venue costs no frame and harms no book', async () => {
    const bench = await makeVenueBench('okx');
    const okx = okxOf(bench);
    bench.stream.subscribe(['A-USD'], () => {}, { depth: 10 });
    bench.clock.pass(100);
    okx.snapshot('A-USD', 1);
    bench.stream.subscribe(['A-USD'], () => {}, { depth: 10, trades: true });
    await pass(bench, 500);
    okx.update('A-USD', 2, '7');
    await pass(bench, 7_000);
    assert.equal(bestBid(bench, 'A-USD'), '7');
    assert.equal(okx.asksFor('A-USD'), 1);
  });

  it('VL6 what waits for its turn is not put in line again, and every book that is shown as good is kept up', async () => {
    const bench = await makeVenueBench('bitmex');
    const isServed = new Map<string, boolean>();
    bench.wire.last.onSent = (message, socket) => {
      const { op, args = [] } = message as unknown as { op: string; args?: string[] };
      for (const topic of args) {
        const [table, symbol = ''] = topic.split(':');
        if (table === 'trade') continue;
        isServed.set(symbol, op === 'subscribe');
        if (op !== 'subscribe') continue;
        const data = ['Buy', 'Sell'].map((side, id) => ({ symbol, id, side, size: 1, price: 10 + id }));
        socket.push({ success: true, subscribe: topic }, { table, action: 'partial', filter: { symbol }, data });
      }
    };
    const symbols = Array.from({ length: 100 }, (_, i) => `S${i}`);
    bench.stream.subscribe(symbols, () => {});
    for (let second = 0; second < 50; second++) {
      bench.wire.last.pushText('pong');
      await pass(bench, 1_000);
      const wrong = symbols.filter(
        (symbol) => isServed.get(symbol) !== true && bench.stream.verdict(symbol).state === 'live',
      );
      assert.deepEqual(wrong, []);
    }
    const requests = bench.wire.last.sentTexts.filter((text) => text.includes('subscribe'));
    assert.equal(requests.length, symbols.length);
  });

  it('VL7 a deeper book is begun anew: the one before is marked until the new one has come', async () => {
    const bench = await makeBinance();
    bench.answer = () => book(12);
    bench.stream.subscribe(['BTCUSDT'], () => {}, { depth: 100 });
    await pass(bench, 200);
    assert.equal(verdict(bench, 'BTCUSDT'), 'resyncing awaiting_snapshot');
    push(bench, 12);
    push(bench, 13, '7');
    await pass(bench, 1_000);
    assert.equal(verdict(bench, 'BTCUSDT'), 'live ok');
    assert.equal(bestBid(bench, 'BTCUSDT'), '7');
    assert.equal(bench.asked.length, 2);
  });

  it('VL7 a book that was given up beside the ticker, and is wanted again, begins anew', async () => {
    const bench = await makeBinance();
    bench.stream.subscribe(['BTCUSDT'], () => {}, { book: false });
    bench.stop();
    await pass(bench, 2_500);
    assert.equal(bench.stream.book('BTCUSDT'), undefined);
    bench.answer = () => book(20);
    bench.stream.subscribe(['BTCUSDT'], () => {}, { depth: 10 });
    await pass(bench, 300);
    push(bench, 21, '9');
    await pass(bench, 1_000);
    assert.equal(verdict(bench, 'BTCUSDT'), 'live ok');
    assert.equal(bestBid(bench, 'BTCUSDT'), '9');
  });

  it('VL7 a snapshot that was asked for before the symbol was given up is not taken for one of after', async () => {
    const bench = await makeBinance();
    let answerLate = (_answer: HttpAnswer): void => {};
    bench.answer = () => new Promise((resolve) => (answerLate = resolve));
    push(bench, 20);
    await pass(bench, 1_500);
    assert.equal(bench.asked.length, 2, 'under way');
    bench.stop();
    await pass(bench, 2_500);
    bench.stream.subscribe(['BTCUSDT'], () => {}, { depth: 10 });
    await pass(bench, 200);
    answerLate(book(20));
    await settle();
    assert.equal(verdict(bench, 'BTCUSDT'), 'resyncing awaiting_snapshot');
    assert.equal(bench.stream.book('BTCUSDT'), undefined);
  });

  it('VL5 a symbol that is refused is not asked for any more, so that others get their turn', async () => {
    const bench = await makeVenueBench('okx');
    const okx = okxOf(bench);
    bench.stream.subscribe(['NONE', 'A-USD'], () => {});
    bench.clock.pass(100);
    bench.wire.last.push({
      event: 'error',
      code: '60018',
      msg: "Wrong URL or channel:books,instId:NONE doesn't exist.",
    });
    okx.snapshot('A-USD', 1);
    for (let second = 0; second < 10; second++) {
      okx.live();
      await pass(bench, 1_000);
    }
    okx.update('A-USD', 9);
    assert.equal(verdict(bench, 'A-USD'), 'resyncing sequence_gap');
    await pass(bench, 2_000);
    assert.equal(okx.asksFor('A-USD'), 3, 'once, then its end and its begin');
    assert.equal(verdict(bench, 'NONE'), 'stale unknown_symbol');
  });

  it('VL5 Binance has its own word for a symbol with a letter that none has', async () => {
    const bench = await makeVenueBench('binance');
    bench.answer = (url) =>
      url.includes('ticker')
        ? ok([])
        : { status: 400, text: '{"code":-1100,"msg":"Illegal characters found in parameter"}', retryAfterMs: 0 };
    bench.stream.subscribe(['BTC/USDT'], () => {});
    await pass(bench, 2_000);
    assert.equal(verdict(bench, 'BTC/USDT'), 'stale unknown_symbol');
  });

  it('VL5 it is said too where the list of symbols cannot be read', async () => {
    const bench = await makeVenueBench('binance');
    bench.answer = (url) =>
      url.includes('ticker')
        ? { status: 403, text: '<html>', retryAfterMs: 0 }
        : { status: 400, text: '{"code":-1121,"msg":"Invalid symbol."}', retryAfterMs: 0 };
    bench.stream.subscribe(['NONE'], () => {});
    await pass(bench, 2_000);
    assert.deepEqual(
      bench.errors.map(({ message }) => message),
      ['binance-spot does not know "NONE".'],
    );
  });

  it('VL1 the snapshot comes from where the updates come from', () => {
    const restOf = (venue: VenueProtocol, url: string): string =>
      new URL(venue.start(new VenueLog(), { url }).snapshotUrl!('A')).origin;
    assert.equal(restOf(binanceSpot, 'wss://data-stream.binance.vision/ws'), 'https://api.binance.com');
    assert.equal(restOf(binanceSpot, 'wss://relay.example/ws'), 'https://api.binance.com');
    assert.equal(restOf(binanceSpot, 'wss://stream.binance.us:9443/ws'), 'https://api.binance.us');
    assert.equal(restOf(binanceSpot, 'wss://stream.testnet.binance.vision/ws'), 'https://testnet.binance.vision');
    assert.equal(restOf(binanceUsdm, 'wss://fstream.binancefuture.com/ws'), 'https://testnet.binancefuture.com');
  });

  it('VL12 Binance USD-M: trades are asked for where the books are, one by one', () => {
    const wish = { depth: 10, trades: true };
    const ask = (url: string): string => binanceUsdm.start(new VenueLog(), { url }).subscribe(['BTCUSDT'], wish).join();
    assert.match(ask(binanceUsdm.url), /"btcusdt@depth@100ms","btcusdt@trade"/);
    assert.match(ask('wss://fstream.binancefuture.com/ws'), /"btcusdt@aggTrade"/);
  });

  it('VL9 an answer by HTTP is no sign of life of the socket', async () => {
    const bench = await makeVenueBench('binance');
    bench.answer = () => ok({ code: 0 });
    bench.stream.subscribe(
      Array.from({ length: 30 }, (_, i) => `S${i}`),
      () => {},
    );
    await pass(bench, 20_000);
    assert.ok(bench.wire.sockets.length > 1);
  });

  it('VL4 a clock that was set back holds no snapshot up for long, and a page that is refused is told so', async () => {
    const bench = await makeBinance();
    bench.clock.set(-86_400_000);
    bench.answer = () => ({ status: 451, text: '{"code":0,"msg":"restricted location"}', retryAfterMs: 0 });
    push(bench, 20);
    await pass(bench, 370_000);
    assert.ok(bench.asked.length > 1);
    assert.match(bench.errors.map(({ message }) => message).join(), /No snapshot of BTCUSDT .* answered 451/);
  });

  it('EV4 nothing is asked of a venue while its recording plays', async () => {
    let isOpen = (): void => {};
    let receive = (_text: string): void => {};
    registerTransport('fake-recording:', async () => (_src, events) => {
      isOpen = () => events.onOpen();
      receive = (text) => events.onMessage(text);
      return { isRecorded: true, open: () => isOpen(), close: () => {}, send: () => true };
    });
    const asked: string[] = [];
    const { stream, clock } = makeBench({
      src: 'fake-recording:x',
      venue: 'binance',
      transport: resolvingTransport,
      ask: async (url) => {
        asked.push(url);
        return book(999_999);
      },
    });
    stream.subscribe(['BTCUSDT'], () => {});
    const end = Date.now() + 10_000;
    while (stream.state !== 'open' && Date.now() < end) await settle();
    receive(JSON.stringify({ e: 'depthUpdate', E: 1, s: 'BTCUSDT', U: 1, u: 1, b: [], a: [] }));
    for (let second = 0; second < 90; second++) {
      clock.pass(1_000);
      await settle();
    }
    assert.deepEqual(asked, []);
    assert.equal(stream.state, 'open', 'its silence proves nothing');
    stream.dispose();
  });
});
