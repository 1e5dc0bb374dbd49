/**
 * The stream, put together: one connection, the wishes of the page, the symbols, and the listeners. Each part knows its
 * own business; here they only meet.
 */
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import { SLOW_READER } from './close-codes.js';
import { Connection } from './connection.js';
import { Delivery } from './delivery.js';
import { ErrorDesk, warnOnConsole } from './error-desk.js';
import { type FrameScheduler, pageScheduler } from './frame-scheduler.js';
import { Listeners } from './listeners.js';
import { Market, RESYNC_ID } from './market.js';
import type {
  MarketStream,
  MarketUpdate,
  PrivateEvent,
  Reply,
  StreamMetrics,
  StreamStatus,
  SubscribeOptions,
} from './market-stream.js';
import { Meter } from './metrics.js';
import { isPrivate } from './protocol/guards-server.js';
import type { ErrorMessage, PrivateMessage, ServerMessage } from './protocol/messages.js';
import { Requests } from './requests.js';
import { Settings, type StreamSettings } from './settings.js';
import type { ErrorListener } from './stream-error.js';
import { checkSubscription } from './subscribe-options.js';
import { Subscriptions } from './subscriptions.js';
import { resolvingTransport } from './transport/resolve.js';
import type { TransportFactory } from './transport/transport.js';
import { OWN_PROTOCOL } from './own-protocol.js';
import { venueLinks } from './venue-links.js';
import type { AskText } from './venue/venue-protocol.js';
import { pageWake, type WakeSource } from './wake.js';

/** How often time alone is looked at: ages, countdowns, verdicts. */
export const PULSE_MS = 250;
/** All but `src` have defaults. Time, chance and the network can be handed in, e.g. by tests. */
export interface MarketStreamOptions extends StreamSettings {
  /** `wss://…`, `ws://…`, a path such as `/ws/market/`, or a scheme that is registered, e.g. `demo:`. */
  readonly src: string;
  /**
   * Who speaks at the other end: `touchline` (default; with it the guide's dialect) or an exchange, e.g. `kraken`. With an
   * exchange `src` may be empty, which means the exchange's own address.
   */
  readonly venue?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Evenly from 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly transport?: TransportFactory | undefined;
  /** How a venue is asked by HTTP. Default: `fetch`. */
  readonly ask?: AskText | undefined;
  readonly scheduler?: FrameScheduler | undefined;
  readonly wake?: WakeSource | undefined;
  /** Told of what a page may want to know. Default: a warning on the console. */
  readonly onError?: ErrorListener | undefined;
}

/** A stream and its maker's rights over it. */
export interface OwnedMarketStream extends MarketStream {
  /** Changes settings from now on. Those that are left out stay. */
  configure(settings: StreamSettings): void;
  /** Ends everything: no timer, listener or socket is left. It can't be used again. */
  dispose(): void;
}

/**
 * Makes a stream. It connects with the first subscription, or when told to. Throws a `TypeError` or `RangeError` for
 * settings that make no sense; an address that can't be used is told through `onError` and the state `closed`.
 */
export const createMarketStream = (options: MarketStreamOptions): OwnedMarketStream => new StreamCore(options);

class StreamCore implements OwnedMarketStream {
  readonly src: string;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #errors: ErrorDesk;
  readonly #meter: Meter;
  readonly #connection: Connection;
  readonly #subscriptions: Subscriptions;
  readonly #market: Market;
  readonly #delivery: Delivery;
  readonly #requests: Requests;
  readonly #observers = new Listeners<[]>((error) => this.#listenerThrew(error));
  readonly #privateListeners = new Listeners<[event: PrivateEvent]>((error) => this.#listenerThrew(error));
  #cancelPulse: (() => void) | undefined;
  #isDisposed = false;

  constructor(options: MarketStreamOptions) {
    const {
      src,
      clock = systemClock,
      scheduler = pageScheduler,
      random = Math.random,
      transport = resolvingTransport,
      wake = pageWake,
      onError = warnOnConsole,
    } = options;
    if (typeof src !== 'string') throw new TypeError(`createMarketStream: src must be text, got ${typeof src}.`);
    const venue = options.venue ?? (src.startsWith('replay:') ? '' : OWN_PROTOCOL);
    const settings = new Settings(options);
    const meter = new Meter(clock.now());
    const errors = new ErrorDesk(onError);
    this.src = src;
    this.#clock = clock;
    this.#settings = settings;
    this.#meter = meter;
    this.#errors = errors;
    const makeLink =
      venue === OWN_PROTOCOL
        ? undefined
        : venueLinks(venue, src, {
            meter,
            ask: options.ask,
            onError: (error) => errors.tell(error),
            askForBook: (symbol, now) => this.#market.askForBook(symbol, now),
          });
    const connection = new Connection(
      { src, settings, meter, clock, random, transport, wake, makeLink },
      {
        onStatus: () => {
          this.#market.compareAll(clock.now());
          this.#observers.call();
        },
        onReady: () => {
          this.#market.linkReady(clock.now());
          this.#subscriptions.opened();
        },
        onMessage: (message, at) => this.#receive(message, at),
        onBook: (...news) => this.#market.bookHeard(...news),
        onRefused: (reason, suspect) => this.#market.refuse(reason, suspect, clock.now()),
        onDown: (code) => {
          if (code === SLOW_READER) this.#subscriptions.slowDown();
          this.#subscriptions.closed();
          this.#market.linkLost(clock.now());
          this.#requests.connectionLost();
        },
        onError: (error) => errors.tell(error),
      },
    );
    const delivery = new Delivery({
      clock,
      scheduler,
      settings,
      onThrow: (error) => this.#listenerThrew(error),
      onTradesSeen: (symbol) => this.#market.get(symbol)?.tradesSeen(),
    });
    this.#connection = connection;
    this.#delivery = delivery;
    this.#market = new Market({ settings, meter, errors, connection, delivery });
    this.#subscriptions = new Subscriptions(clock, connection, this.#market);
    this.#requests = new Requests(clock, connection);
  }

  get state(): StreamStatus['state'] {
    return this.#connection.status.state;
  }

  get status(): StreamStatus {
    return this.#connection.status;
  }

  get features(): readonly string[] | undefined {
    return this.#connection.welcome?.data.features;
  }

  get clockOffset(): number {
    return this.#connection.pings.offsetMs ?? 0;
  }

  get marketData(): MarketStream['marketData'] {
    return this.#market.tickers;
  }

  get orderBooks(): MarketStream['orderBooks'] {
    return this.#market.books;
  }

  now(): number {
    return this.#clock.now();
  }

  subscribe(
    symbols: readonly string[],
    listener: (update: MarketUpdate) => void,
    options: SubscribeOptions = {},
  ): () => void {
    const { names, depth, trades, priority, throttle } = checkSubscription(symbols, listener, options);
    if (this.#isDisposed || names.length === 0) return () => {};
    const now = this.#clock.now();
    for (const symbol of names) this.#market.follow(symbol, now);
    const release = this.#subscriptions.hold(names, {
      ticker: 1,
      book: depth,
      trades: trades ? 1 : 0,
    });
    const unlisten = this.#delivery.add(names, listener, { priority, throttleMs: throttle }, (symbol) =>
      this.#market.known(symbol),
    );
    this.#startPulse();
    if (this.state === 'idle') this.connect();
    return () => {
      unlisten();
      release();
    };
  }

  observe(listener: () => void): () => void {
    if (this.#isDisposed) return () => {};
    const undo = this.#observers.add(listener);
    this.#startPulse();
    return undo;
  }

  onPrivate(listener: (event: PrivateEvent) => void): () => void {
    return this.#isDisposed ? () => {} : this.#privateListeners.add(listener);
  }

  request(type: string, data: Readonly<Record<string, unknown>>, options?: { timeoutMs?: number }): Promise<Reply> {
    return this.#requests.request(type, data, options?.timeoutMs);
  }

  book(symbol: string): ReturnType<MarketStream['book']> {
    return this.#market.get(symbol)?.sync.book;
  }

  ticker(symbol: string): ReturnType<MarketStream['ticker']> {
    return this.#market.get(symbol)?.ticker;
  }

  trades(symbol: string): ReturnType<MarketStream['trades']> {
    return this.#market.get(symbol)?.trades ?? [];
  }

  instrument(symbol: string): ReturnType<MarketStream['instrument']> {
    return this.#market.get(symbol)?.instrument;
  }

  phase(symbol: string): ReturnType<MarketStream['phase']> {
    return this.#market.get(symbol)?.phase ?? 'continuous';
  }

  verdict(symbol: string): ReturnType<MarketStream['verdict']> {
    return this.#market.verdict(symbol, this.#clock.now());
  }

  metrics(): StreamMetrics {
    return {
      ...this.#meter.read(this.#clock.now()),
      activeSymbolCount: this.#subscriptions.size,
      conflationRatio: this.#delivery.conflationRatio,
      buffered: this.#delivery.buffered,
      roundTripMs: this.#connection.pings.roundTripMs,
    };
  }

  connect(): void {
    if (!this.#isDisposed) this.#connection.connect();
  }

  disconnect(): void {
    this.#connection.disconnect();
  }

  reconnect(): void {
    if (!this.#isDisposed) this.#connection.reconnect();
  }

  configure(settings: StreamSettings): void {
    this.#settings.change(settings);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#connection.dispose();
    this.#requests.connectionLost();
    this.#subscriptions.dispose();
    this.#delivery.dispose();
    this.#cancelPulse?.();
    this.#cancelPulse = undefined;
    this.#observers.clear();
    this.#privateListeners.clear();
  }

  #receive(message: ServerMessage, now: number): void {
    // A batch is counted by what is in it.
    if (message.type !== 'market_data_batch') this.#meter.countMessage(now);
    if (message.type === 'subscription_confirmed') this.#subscriptions.confirmed(message);
    if (this.#market.receive(message, now)) return;
    // Events first, so that an answer never overtakes what came before it.
    if (isPrivate(message)) this.#tellPrivate(message);
    const isAnswer = this.#requests.answer(message);
    if (message.type === 'error' && !isAnswer && !this.#subscriptions.failed(message)) this.#reportServerError(message);
  }

  #tellPrivate(message: PrivateMessage): void {
    const { type, data } = message;
    // A refusal stands on no stream: it changes nothing that anyone could have missed.
    const place =
      'seq' in message
        ? { stream: message.stream, epoch: message.epoch, sequence: message.seq }
        : { stream: '', epoch: '', sequence: 0 };
    const event: PrivateEvent = { type, ...place, data: { ...data } };
    this.#privateListeners.call(event);
  }

  #reportServerError({ id, data }: ErrorMessage): void {
    // A snapshot that was refused is asked for again by itself.
    if (id?.startsWith(RESYNC_ID) === true) return;
    this.#errors.once('server_error', data.code, `The server says: ${data.message} (${data.code})`);
  }

  #listenerThrew(error: unknown): void {
    this.#errors.once('listener_threw', String(error), 'A listener of the stream threw.', error);
  }

  #startPulse(): void {
    this.#cancelPulse ??= this.#clock.setTimer(() => this.#pulse(), PULSE_MS);
  }

  /** Runs while anyone watches or anything is followed. */
  #pulse(): void {
    this.#cancelPulse = undefined;
    const now = this.#clock.now();
    this.#subscriptions.pulse(now);
    this.#market.pulse(now);
    this.#observers.call();
    if (this.#observers.size > 0 || this.#market.size > 0) this.#startPulse();
  }
}
