import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Exchange } from '../../src/sim/index.js';
import { createMarketStream } from '../../src/stream/market-stream-core.js';
import { ServerSession } from '../../src/stream/protocol/session.js';
import type { StreamError } from '../../src/stream/stream-error.js';
import { FakeClock, fakeScheduler, FakeWake } from '../support/fake-clock.js';
import { fixedRandom, levelsOf } from '../support/fake-server.js';
import { FakeWire } from '../support/fake-wire.js';

const makeDemo = (src: string) => {
  const clock = new FakeClock();
  const errors: StreamError[] = [];
  const stream = createMarketStream({
    src,
    clock,
    random: () => 0.5,
    scheduler: fakeScheduler(clock),
    wake: new FakeWake().source,
    onError: (error) => errors.push(error),
  });
  /** Time in small steps, with room in between for what the page's own network delivers. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 20) {
      clock.pass(Math.min(20, left));
      await new Promise(setImmediate);
    }
  };
  /** The time that loading takes is no part of the market's. */
  const opened = async (): Promise<void> => {
    while (stream.state !== 'open') await new Promise(setImmediate);
  };
  return { clock, stream, errors, pass, opened };
};

describe('the demo transport', () => {
  it('PR30 is a whole exchange in the page: live books, verified, without a gap', async () => {
    const { stream, errors, pass, opened, clock } = makeDemo('demo:?seed=7&rate=50');
    let updates = 0;
    stream.subscribe(['SCOM', 'KCB', 'NOPE'], () => (updates += 1), { trades: true, depth: 10 });
    await opened();
    await pass(5_000);
    assert.equal(stream.state, 'open');
    assert.equal(stream.status.dialect, 'touchline');
    for (const symbol of ['SCOM', 'KCB']) {
      assert.equal(stream.verdict(symbol).state, 'live');
      assert.deepEqual(stream.verdict(symbol).verified, { by: 'sequence' });
      const { bids, asks } = levelsOf(stream, symbol);
      assert.equal(bids.length, 10);
      assert.ok((bids[0]?.[0] ?? Infinity) < (asks[0]?.[0] ?? 0));
      assert.notEqual(stream.ticker(symbol), undefined);
      assert.notEqual(stream.instrument(symbol)?.tickTable, undefined);
    }
    assert.equal(stream.verdict('NOPE').reason, 'unknown_symbol');
    const { gaps, resyncs, refused, ignored } = stream.metrics();
    assert.deepEqual({ gaps, resyncs, refused, ignored }, { gaps: 0, resyncs: 0, refused: 0, ignored: 0 });
    assert.ok(updates > 50);
    assert.deepEqual(errors, []);
    stream.dispose();
    await pass(40);
    assert.equal(clock.size, 0);
  });

  it('PR31 the same address is the same market', async () => {
    const run = async (src: string) => {
      const { stream, pass, opened } = makeDemo(src);
      stream.subscribe(['SCOM'], () => {});
      await opened();
      await pass(3_000);
      const book = levelsOf(stream, 'SCOM');
      stream.dispose();
      return book;
    };
    const [one, two, other] = [await run('demo:?seed=7'), await run('demo:?seed=7'), await run('demo:?seed=8')];
    assert.deepEqual(one, two);
    assert.notDeepEqual(one, other);
  });

  it('PR32 a demo address that makes no sense is told', async () => {
    const { stream, errors, pass } = makeDemo('demo:?seed=many');
    stream.connect();
    while (stream.state === 'connecting') await new Promise(setImmediate);
    assert.equal(stream.status.reason, 'bad_address');
    await pass(8_000);
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['demo: seed must be a number from 0 to 9007199254740991, got "many".'],
    );
    stream.dispose();
  });
});

describe('the stream and the session', () => {
  it('PR33 with losses, reconnects and depth changes every book ends equal to the exchange’s', () => {
    const clock = new FakeClock();
    const wire = new FakeWire();
    const exchange = new Exchange({ symbols: 20, seed: 3, ratePerSymbol: 100, startMs: clock.now(), epoch: 'x' });
    const random = fixedRandom(9);
    let session: ServerSession | undefined;
    let isLossy = true;
    wire.onConnect = (socket) => {
      const served = new ServerSession({
        market: exchange,
        sessionId: 's',
        now: () => clock.now(),
        send: (text) => {
          // One frame in fifty is lost on the way.
          if (!isLossy || random() > 0.02 || text.includes('"welcome"')) socket.pushText(text);
        },
        close: (code, reason) => socket.drop(code, reason),
      });
      session = served;
      socket.onSent = (message) => served.receive(JSON.stringify(message));
      socket.accept();
    };
    const stream = createMarketStream({
      src: 'ws://fake/',
      clock,
      random,
      transport: wire.transport,
      scheduler: fakeScheduler(clock),
      wake: new FakeWake().source,
      onError: () => {},
    });
    const equal = (symbol: string, depth: number): boolean => {
      const ours = levelsOf(stream, symbol);
      const theirs = exchange.listing(symbol)?.book;
      const side = (name: 'bids' | 'asks'): number[][] =>
        Array.from({ length: Math.min(depth, theirs?.[name].length ?? 0) }, (_, i) => [
          (theirs?.[name].priceAt(i) ?? 0) / 10 ** (theirs?.priceScale ?? 0),
          (theirs?.[name].sizeAt(i) ?? 0) / 10 ** (theirs?.sizeScale ?? 0),
        ]);
      return JSON.stringify(ours) === JSON.stringify({ bids: side('bids'), asks: side('asks') });
    };
    const symbols = exchange.symbols;
    let undo = stream.subscribe(symbols, () => {}, { depth: 5 });
    let trusted = 0;
    for (let step = 0; step < 1_500; step += 1) {
      clock.pass(20);
      exchange.step(clock.now());
      session?.flush();
      // The last loss of all can only be found out by what follows it.
      if (step === 1_400) isLossy = false;
      if (step === 500) wire.last.drop();
      if (step === 1_000) {
        const deeper = stream.subscribe(symbols, () => {}, { depth: 10 });
        undo();
        undo = deeper;
      }
    }
    for (let round = 0; round < 400 && trusted < symbols.length; round += 1) {
      // The market stands still; what was lost is found out and repaired.
      exchange.setPhase(symbols[round % symbols.length] ?? '', 'halted', clock.now());
      clock.pass(500);
      session?.flush();
      trusted = symbols.filter((symbol) => equal(symbol, 10)).length;
    }
    assert.equal(trusted, symbols.length);
    assert.ok(stream.metrics().gaps > 20);
    stream.dispose();
    assert.equal(clock.size, 0);
  });
});
