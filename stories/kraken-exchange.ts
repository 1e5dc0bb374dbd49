/**
 * An exchange inside the page that speaks Kraken's second socket: subscriptions, snapshot, updates with their checksum,
 * heartbeat. The market behind it is the simulated one. With it the stories show `venue="kraken"` without a network:
 *
 *     <market-stream venue="kraken" src="kraken-demo:"></market-stream>
 *
 * `kraken-demo:?lose=25` loses every 25th update on the way, as a bad network might: the checksum finds it out.
 */
import { crc32 } from '../src/book/checksum.js';
import { unitsToText } from '../src/book/decimal.js';
import type { BookSide } from '../src/book/book-side.js';
import { Exchange } from '../src/sim/index.js';
import type { Clock } from '../src/stream/clock.js';
import { registerTransport } from '../src/stream/transport/resolve.js';
import type { TransportEvents, TransportFactory } from '../src/stream/transport/transport.js';

const STEP_MS = 50;
const CHECKSUM_LEVELS = 10;
const PAIRS: readonly (readonly [symbol: string, name: string, cents: number])[] = [
  ['BTC/USD', 'Bitcoin', 67_432_50],
  ['ETH/USD', 'Ether', 3_512_40],
];

type Level = readonly [price: string, quantity: string];

interface Subscription {
  readonly symbol: string;
  readonly depth: number;
  bids: readonly Level[];
  asks: readonly Level[];
  trades: number;
}

const exchangeOf = (nowMs: number): Exchange =>
  new Exchange({
    startMs: nowMs,
    epoch: 'story',
    seed: 11,
    ratePerSymbol: 12,
    symbols: PAIRS.map(([symbol, name, referencePrice]) => ({
      referencePrice,
      instrument: {
        symbol,
        name,
        currency: 'USD',
        tickTable: [['0', '0.10']],
        lotSize: '100',
        priceBand: [unitsToText(referencePrice / 2, 2), unitsToText(referencePrice * 2, 2)],
        phase: 'continuous',
      },
    })),
  });

/** The market counts shares; here a hundred of them are a thousandth of a coin. */
const levelsOf = (side: BookSide, depth: number): Level[] =>
  Array.from({ length: Math.min(depth, side.length) }, (_, i) => [
    unitsToText(side.priceAt(i) / 10, 1),
    unitsToText(side.sizeAt(i) * 1_000, 8),
  ]);

const digits = (levels: readonly Level[]): string =>
  levels
    .slice(0, CHECKSUM_LEVELS)
    .map(([price, quantity]) => [price, quantity].map((text) => text.replace('.', '').replace(/^0+/, '')).join(''))
    .join('');

// Numbers with all their decimals: `JSON.stringify` would lose the zeros that the checksum is made of.
const json = (levels: readonly Level[]): string =>
  `[${levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join()}]`;

/** What has to be sent so that who cuts to the depth has the new levels: a level that was pushed out is not removed. */
function changes(before: readonly Level[], after: readonly Level[], whole: BookSide): Level[] {
  const known = new Map(before);
  const kept = new Set(after.map(([price]) => price));
  const removed = before.filter(
    ([price]) => !kept.has(price) && whole.sizeOf(Number(price.replace('.', '')) * 10) === 0,
  );
  return [
    ...removed.map(([price]): Level => [price, '0.00000000']),
    ...after.filter(([price, quantity]) => known.get(price) !== quantity),
  ];
}

/** One client's connection: what it sends is received, what it is told goes to `onMessage`. */
export class KrakenConnection {
  readonly #events: Pick<TransportEvents, 'onMessage'>;
  readonly #clock: Clock;
  readonly #loseEvery: number;
  readonly #market: Exchange;
  readonly #subscriptions = new Map<string, Subscription>();
  #updates = 0;
  #isOpen = true;
  #cancelTimer: () => void;

  constructor(events: Pick<TransportEvents, 'onMessage'>, clock: Clock, loseEvery: number) {
    this.#events = events;
    this.#clock = clock;
    this.#loseEvery = loseEvery;
    this.#market = exchangeOf(clock.now());
    this.#cancelTimer = clock.setTimer(() => this.#step(), STEP_MS);
  }

  /** The best levels of a pair as they are now. */
  levels(symbol: string, depth: number): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
    const { book } = this.#market.listing(symbol)!;
    return { bids: levelsOf(book.bids, depth), asks: levelsOf(book.asks, depth) };
  }

  close(): void {
    this.#isOpen = false;
    this.#cancelTimer();
  }

  receive(text: string): void {
    const {
      method,
      params,
      req_id: id,
    } = JSON.parse(text) as {
      method: string;
      params?: { channel: string; symbol?: readonly string[]; depth?: number };
      req_id?: number;
    };
    if (method === 'ping') this.#tell(`{"method":"pong","req_id":${id ?? 0}}`);
    for (const symbol of params?.symbol ?? []) {
      const listing = this.#market.listing(symbol);
      const { channel = '', depth = 10 } = params ?? {};
      const isKnown = listing !== undefined;
      const result = isKnown
        ? `"success":true,"result":${JSON.stringify({ channel, symbol, ...(channel === 'book' && { depth }) })}`
        : `"success":false,"error":"Currency pair not supported ${symbol}","symbol":"${symbol}"`;
      this.#tell(`{"method":"${method}",${result}}`);
      if (!isKnown || channel !== 'book') continue;
      if (method === 'unsubscribe') this.#subscriptions.delete(symbol);
      else this.#snapshot(symbol, depth);
    }
  }

  #snapshot(symbol: string, depth: number): void {
    const { book, trades } = this.#market.listing(symbol)!;
    const bids = levelsOf(book.bids, depth);
    const asks = levelsOf(book.asks, depth);
    this.#subscriptions.set(symbol, { symbol, depth, bids, asks, trades: trades.lastSequence });
    this.#book('snapshot', symbol, bids, asks, bids, asks);
  }

  #step(): void {
    this.#market.step(this.#clock.now());
    for (const subscription of this.#subscriptions.values()) this.#update(subscription);
    if (this.#isOpen) this.#cancelTimer = this.#clock.setTimer(() => this.#step(), STEP_MS);
  }

  #update(subscription: Subscription): void {
    const { symbol, depth } = subscription;
    const { book } = this.#market.listing(symbol)!;
    const bids = levelsOf(book.bids, depth);
    const asks = levelsOf(book.asks, depth);
    const changedBids = changes(subscription.bids, bids, book.bids);
    const changedAsks = changes(subscription.asks, asks, book.asks);
    subscription.bids = bids;
    subscription.asks = asks;
    if (changedBids.length + changedAsks.length === 0) return;
    this.#updates += 1;
    if (this.#loseEvery > 0 && this.#updates % this.#loseEvery === 0) return;
    this.#book('update', symbol, changedBids, changedAsks, bids, asks);
  }

  #book(
    type: 'snapshot' | 'update',
    symbol: string,
    bids: readonly Level[],
    asks: readonly Level[],
    allBids: readonly Level[],
    allAsks: readonly Level[],
  ): void {
    const checksum = crc32(digits(allAsks) + digits(allBids));
    const timestamp = new Date(this.#clock.now()).toISOString();
    const data = `{"symbol":"${symbol}","bids":${json(bids)},"asks":${json(asks)},"checksum":${checksum},"timestamp":"${timestamp}"}`;
    this.#tell(`{"channel":"book","type":"${type}","data":[${data}]}`);
  }

  /** Like a network: nothing arrives during the call that caused it. */
  #tell(text: string): void {
    queueMicrotask(() => {
      if (this.#isOpen) this.#events.onMessage(text);
    });
  }
}

const krakenDemo: TransportFactory = (src, events, clock) => {
  const loseEvery = Number(new URLSearchParams(src.slice(src.indexOf('?') + 1)).get('lose') ?? 0);
  let connection: KrakenConnection | undefined;
  return {
    open() {
      queueMicrotask(() => {
        connection = new KrakenConnection(events, clock, loseEvery);
        events.onOpen();
      });
    },
    close: () => connection?.close(),
    send(text) {
      connection?.receive(text);
      return connection !== undefined;
    },
  };
};

registerTransport('kraken-demo:', async () => krakenDemo);
