/** A stream on real sockets to a faulty server, with a witness who looks at every book after every event. */
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import {
  createMarketStream,
  type MarketStreamOptions,
  type OwnedMarketStream,
} from '../../src/stream/market-stream-core.js';
import { createFrameScheduler } from '../../src/stream/frame-scheduler.js';
import type { StreamError } from '../../src/stream/stream-error.js';
import type { TransportEvents, TransportFactory } from '../../src/stream/transport/transport.js';
import { createWebSocketTransport, type SocketLike } from '../../src/stream/transport/websocket.js';
import { isTrusted } from '../../src/stream/verdict.js';
import { levelsText } from './book-levels.js';
import { FakeWake } from './fake-clock.js';
import { fixedRandom } from './fake-server.js';
import { FastClock } from './fast-clock.js';
import { type Fault, FaultyServer, type FaultyServerOptions, REMEMBERED_LEVELS } from './faulty-server.js';

/** Ten times the wall's: what takes ten seconds in a page takes one here. */
const SPEED = 10;
/** How long a test waits for what must come, in real time. */
const PATIENCE_MS = 60_000;

/** Waits until something holds. */
export async function until(holds: () => boolean, what: () => string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

export class FaultBench {
  readonly server: FaultyServer;
  readonly clock: FastClock;
  readonly wake = new FakeWake();
  readonly stream: OwnedMarketStream;
  /** Real sockets, counted and watched. */
  readonly transport: TransportFactory;
  readonly errors: StreamError[] = [];
  /** Every socket that the stream ever made. */
  readonly sockets: WebSocket[] = [];
  /** The verdicts of the first symbol, each as it began, with the clock's time. */
  readonly verdicts: { readonly at: number; readonly text: string }[] = [];
  /** What was trusted and not so. */
  readonly lies: string[] = [];
  readonly #seen = new Map<string, string>();

  static async start(
    plan: (connection: number) => readonly Fault[],
    options: Partial<MarketStreamOptions>,
    market: Pick<FaultyServerOptions, 'symbols' | 'limits'>,
  ): Promise<FaultBench> {
    const clock = new FastClock(SPEED);
    const server = await new FaultyServer({ clock, ...market }).listen();
    server.plan = plan;
    return new FaultBench(server, clock, options);
  }

  private constructor(server: FaultyServer, clock: FastClock, options: Partial<MarketStreamOptions>) {
    this.server = server;
    this.clock = clock;
    this.transport = this.#watched(
      createWebSocketTransport({
        makeSocket: (url) => {
          const socket = new WebSocket(url, { perMessageDeflate: false });
          this.sockets.push(socket);
          return socket as unknown as SocketLike;
        },
      }),
    );
    this.stream = createMarketStream({
      src: server.url,
      clock,
      random: fixedRandom(),
      reconnectDelay: 500,
      transport: this.transport,
      scheduler: createFrameScheduler(() => undefined, clock),
      wake: this.wake.source,
      onError: (error) => this.errors.push(error),
      ...options,
    });
    this.stream.observe(() => this.look());
  }

  get symbols(): readonly string[] {
    return this.server.market.symbols;
  }

  /** Wants every book. */
  follow(): this {
    this.stream.subscribe(this.symbols, () => this.look(), { depth: REMEMBERED_LEVELS, throttle: 0 });
    return this;
  }

  /** Notes the verdict, and every book that is trusted although the market never looked like that. */
  look(): void {
    for (const [index, symbol] of this.symbols.entries()) {
      const verdict = this.stream.verdict(symbol);
      const text = `${verdict.state} ${verdict.reason}`;
      if (index === 0 && this.verdicts.at(-1)?.text !== text) this.verdicts.push({ at: this.clock.now(), text });
      const book = this.stream.book(symbol);
      if (book === undefined || !isTrusted(verdict)) continue;
      const key = `${book.epoch} ${book.sequence} ${book.version}`;
      if (this.#seen.get(symbol) === key) continue;
      this.#seen.set(symbol, key);
      const truth = this.server.asOf(symbol, book.epoch, book.sequence);
      if (levelsText(book) !== truth)
        this.lies.push(`${symbol} ${book.sequence}: ${levelsText(book)} and not ${truth}`);
    }
  }

  /** When a verdict of this kind first began after a moment; NaN when it never did. */
  firstAt(text: RegExp, after = 0): number {
    return this.verdicts.find((verdict) => verdict.at >= after && text.test(verdict.text))?.at ?? Number.NaN;
  }

  /** Waits until every fault has happened and the books are the server's; then nothing wrong may have been trusted. */
  async settle(): Promise<void> {
    const { server, stream, symbols } = this;
    const state = (): string =>
      `${stream.state} ${stream.status.reason}, ${server.links.length} links, ${this.verdicts
        .slice(-4)
        .map(({ text }) => text)
        .join(' > ')}, ${JSON.stringify(stream.metrics())}`;
    await until(
      () =>
        server.links.every(({ isSpent }) => isSpent) &&
        server.alive === 1 &&
        symbols.every((symbol) => (server.last?.clean(symbol) ?? 0) >= 2),
      () => `the faults, ${state()}`,
    );
    server.rest();
    await until(
      () =>
        symbols.every(
          (symbol) => isTrusted(stream.verdict(symbol)) && levelsText(stream.book(symbol)) === server.now(symbol),
        ),
      () =>
        `the books, ${state()} ${symbols.map((symbol) => `\n${symbol} ${stream.book(symbol)?.sequence} ${levelsText(stream.book(symbol))}\n  and ${server.market.listing(symbol)?.book?.sequence} ${server.now(symbol)}`).join('')} ${this.lies.join()}`,
    );
    this.look();
    assert.deepEqual(this.lies, []);
    assert.equal(server.alive, 1, 'one connection');
    assert.equal(this.sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length, 1, 'one socket');
    // Besides it there may be wishes for another rate: in time that runs ten times as fast, frames are late.
    const subscriptions = server.last
      ?.got('subscribe')
      .filter((wish) => (wish['channels'] as readonly string[] | undefined)?.includes('book') === true);
    assert.equal(subscriptions?.length, 1, 'one subscription');
  }

  /** Ends everything; nothing may be left. */
  async end(): Promise<void> {
    this.stream.dispose();
    assert.equal(this.clock.size, 0, 'timers');
    assert.equal(this.wake.size, 0, 'listeners of the page');
    for (const socket of this.sockets) {
      const handlers = [socket.onopen, socket.onmessage, socket.onclose];
      assert.deepEqual(handlers, [null, null, null], 'handlers of a socket');
    }
    await this.server.stop();
    await until(
      () => this.sockets.every(({ readyState }) => readyState === WebSocket.CLOSED),
      () => 'sockets that end',
    );
    await until(
      () => this.server.tcpConnections === 0,
      () => 'connections that end',
    );
  }

  /** The transport, with a look after everything that happens on it. */
  #watched(factory: TransportFactory): TransportFactory {
    return (src, events, clock) => {
      const watched = {} as Record<string, (...values: unknown[]) => void>;
      for (const name of ['onOpen', 'onMessage', 'onRefused', 'onClose', 'onUnusable'] as const) {
        watched[name] = (...values) => {
          (events[name] as (...values: unknown[]) => void)(...values);
          this.look();
        };
      }
      return factory(src, watched as unknown as TransportEvents, clock);
    };
  }
}

/** Makes a bench whose first connections go as planned, lets a test act on it, and sees that nothing is left of it. */
export async function withBench(
  plan: (connection: number) => readonly Fault[],
  act: (bench: FaultBench) => Promise<void>,
  options: Partial<MarketStreamOptions> = {},
  market: Pick<FaultyServerOptions, 'symbols' | 'limits'> = {},
): Promise<void> {
  const bench = await FaultBench.start(plan, options, market);
  try {
    await act(bench);
    await bench.end();
  } finally {
    bench.stream.dispose();
    await bench.server.stop();
  }
}

/** Follows every book through what is planned until all is well again; then the test may look. */
export const endure = (
  plan: (connection: number) => readonly Fault[],
  also: (bench: FaultBench) => void | Promise<void> = () => {},
): Promise<void> =>
  withBench(plan, async (bench) => {
    bench.follow();
    await bench.settle();
    await also(bench);
  });
