/** A stream on several connections, to real sessions in fake time, with a witness who looks at every book on every call. */
import assert from 'node:assert/strict';
import type { MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import { isTrusted } from '../../src/stream/verdict.js';
import { hasTop } from './book-levels.js';
import { type Bench, makeBench } from './fake-server.js';
import type { FakeSocket } from './fake-wire.js';
import { ServedWire } from './served-wire.js';

export interface PoolBench extends Bench {
  readonly served: ServedWire;
  readonly symbols: readonly string[];
}

/** A market of real sessions that take so many symbols each. */
export const makePool = (
  { symbols = 12, limit = 5, rate = 10 } = {},
  options: Partial<MarketStreamOptions> = {},
): PoolBench => {
  const bench = makeBench(options);
  const served = new ServedWire(bench, { symbols, rate, limits: { symbols: limit } });
  return { ...bench, served, symbols: served.market.symbols };
};

export const isRight = ({ stream, served }: PoolBench, symbol: string): boolean =>
  hasTop(stream.book(symbol), served.market.listing(symbol)?.book, 10);

/** The symbols that a server's end holds now, by what the client has said. */
export const heldBy = (socket: FakeSocket): Set<string> => {
  const held = new Set<string>();
  for (const message of socket.sent) {
    if (message.type === 'subscribe') for (const symbol of message.symbols) held.add(symbol);
    if (message.type === 'unsubscribe' && message.channels === undefined) {
      for (const symbol of message.symbols) held.delete(symbol);
    }
  }
  return held;
};

export const alive = ({ wire }: Bench): FakeSocket[] => wire.sockets.filter(({ isClosed }) => !isClosed);

/** Follows all symbols, and fails at once when a trusted book has the market's number and not its levels. */
export const follow = (bench: PoolBench, symbols = bench.symbols): void => {
  const { stream, served } = bench;
  const look = (): void => {
    for (const symbol of symbols) {
      const book = stream.book(symbol);
      if (book === undefined || !isTrusted(stream.verdict(symbol))) continue;
      if (book.sequence !== served.market.listing(symbol)?.book.sequence) continue;
      assert.ok(isRight(bench, symbol), `${symbol} ${book.sequence} is trusted and wrong`);
    }
  };
  stream.subscribe(symbols, look, { depth: 10 });
};

export const mustBeWhole = (bench: PoolBench, symbols = bench.symbols): void => {
  const { stream, served, clock, errors } = bench;
  const thrown = errors.find(({ code }) => code === 'listener_threw');
  if (thrown !== undefined) throw thrown.cause;
  served.pass(1_000);
  clock.pass(50);
  const held = alive(bench).flatMap((socket) => [...heldBy(socket)]);
  assert.deepEqual(held.toSorted(), symbols.toSorted(), 'each is subscribed to once');
  for (const symbol of symbols) {
    assert.ok(isTrusted(stream.verdict(symbol)), `${symbol} is ${stream.verdict(symbol).state}`);
    assert.ok(isRight(bench, symbol), symbol);
  }
};
