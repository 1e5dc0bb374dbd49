import type { LevelText } from '../../src/book/book.js';
import {
  createMarketStream,
  type MarketStreamOptions,
  type OwnedMarketStream,
} from '../../src/stream/market-stream-core.js';
import type { ClientMessage } from '../../src/stream/protocol/messages.js';
import type { StreamError } from '../../src/stream/stream-error.js';
import { FakeClock, fakeScheduler, FakeWake } from './fake-clock.js';
import { type FakeSocket, FakeWire } from './fake-wire.js';

/** A fixed sequence of chances, the same in every run. */
export const fixedRandom = (seed = 1): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

export interface Bench {
  readonly clock: FakeClock;
  readonly wire: FakeWire;
  readonly wake: FakeWake;
  readonly stream: OwnedMarketStream;
  readonly errors: StreamError[];
}

/** A stream on a fake wire in fake time. */
export const makeBench = (options: Partial<MarketStreamOptions> = {}): Bench => {
  const clock = new FakeClock();
  const wire = new FakeWire();
  const wake = new FakeWake();
  const errors: StreamError[] = [];
  const stream = createMarketStream({
    src: 'ws://fake/',
    clock,
    random: fixedRandom(),
    transport: wire.transport,
    scheduler: fakeScheduler(clock),
    wake: wake.source,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { clock, wire, wake, stream, errors };
};

export const welcome = (over: Readonly<Record<string, unknown>> = {}) => ({
  type: 'welcome',
  id: 'hello',
  data: {
    protocol: 1,
    session: 's-1',
    serverTime: 0,
    heartbeatMs: 15_000,
    features: ['decimal_strings', 'batch', 'book', 'trades', 'orders'],
    limits: { symbols: 200, messagesPerSecond: 50, ordersPerSecond: 10, messageBytes: 65_536 },
    authRequired: [],
    ...over,
  },
});

export const snapshot = (
  symbol: string,
  seq: number,
  bids: readonly LevelText[] = [['17.50', '100']],
  asks: readonly LevelText[] = [['17.55', '100']],
  { epoch = 'e1', depth = 50, timestamp = 0 } = {},
) => ({
  type: 'order_book_snapshot',
  stream: `book:${symbol}`,
  epoch,
  seq,
  data: { symbol, depth, bids, asks, timestamp },
});

export const delta = (
  symbol: string,
  prevSeq: number,
  seq: number,
  bids: readonly LevelText[] = [],
  asks: readonly LevelText[] = [],
  { epoch = 'e1', ...rest }: { epoch?: string; checksum?: number } = {},
) => ({
  type: 'order_book_delta',
  stream: `book:${symbol}`,
  epoch,
  prevSeq,
  seq,
  data: { symbol, bids, asks, timestamp: 0, ...rest },
});

export const row = (
  symbol: string,
  price: number,
  timestamp: number,
  over: Readonly<Record<string, unknown>> = {},
) => ({
  type: 'market_data',
  data: { symbol, price, volume: 1, high: price, low: price, change: 0, changePercent: 0, timestamp, ...over },
});

const confirm = (message: Extract<ClientMessage, { type: 'subscribe' }>) => ({
  type: 'subscription_confirmed',
  id: message.id,
  data: { symbols: message.symbols, added: message.symbols },
});

/** A server of protocol 1 that answers hello, ping and subscribe, and sends a snapshot for each book asked for. */
export const serveTouchline = (
  { wire, clock }: Pick<Bench, 'wire' | 'clock'>,
  {
    snapshots = true,
    ignores = [],
    over = {},
  }: { snapshots?: boolean; ignores?: readonly string[]; over?: Record<string, unknown> } = {},
): void => {
  wire.onConnect = (socket) => {
    socket.onSent = (message) => {
      if (ignores.includes(message.type)) return;
      if (message.type === 'hello') socket.push(welcome({ serverTime: clock.now(), ...over }));
      else if (message.type === 'ping') {
        socket.push({ type: 'pong', id: message.id, t: message.t, serverTime: clock.now() });
      } else if (message.type === 'subscribe') {
        socket.push(confirm(message));
        if (snapshots && message.channels?.includes('book') === true) {
          for (const symbol of message.symbols) socket.push(snapshot(symbol, 1));
        }
      }
    };
    socket.accept();
  };
};

/** The guide's server: it knows subscribe, unsubscribe and ping, and says nothing to anything else. */
export const serveGuide = ({ wire }: Pick<Bench, 'wire'>): void => {
  wire.onConnect = (socket: FakeSocket) => {
    const subscribed = new Set<string>();
    socket.onSent = (message) => {
      if (message.type === 'ping') socket.push({ type: 'pong' });
      if (message.type === 'subscribe') {
        for (const symbol of message.symbols) subscribed.add(symbol);
        socket.push({ type: 'subscription_confirmed', data: { symbols: [...subscribed] } });
      }
      if (message.type === 'unsubscribe') for (const symbol of message.symbols) subscribed.delete(symbol);
    };
    socket.accept();
  };
};

/** All levels of a side of the stream's book, as text of the book's scales. */
export const levelsOf = (stream: OwnedMarketStream, symbol: string): { bids: number[][]; asks: number[][] } => {
  const book = stream.book(symbol);
  const side = (view: 'bids' | 'asks'): number[][] =>
    book === undefined
      ? []
      : Array.from({ length: book[view].length }, (_, i) => [
          book[view].priceAt(i) / 10 ** book.priceScale,
          book[view].sizeAt(i) / 10 ** book.sizeScale,
        ]);
  return { bids: side('bids'), asks: side('asks') };
};
