/**
 * The stream, put together: one connection, the wishes of the page, the symbols, and the listeners. Each part knows its
 * own business; here they only meet.
 */
import { Login } from './auth.js';
import type { TokenProvider } from './auth-token.js';
import type { Clock } from './clock.js';
import { fineTime, systemClock } from './clock.js';
import { Delivery } from './delivery.js';
import { ErrorDesk, warnOnConsole } from './error-desk.js';
import { Flight } from './flight.js';
import { type FrameScheduler, pageScheduler } from './frame-scheduler.js';
import { Listeners } from './listeners.js';
import type { Lane } from './lane.js';
import { Load } from './load.js';
import { Market, RESYNC_ID } from './market.js';
import type {
  MarketStream,
  MarketUpdate,
  PrivateEvent,
  RecordOptions,
  Reply,
  StreamMetrics,
  StreamStatus,
  SubscribeOptions,
} from './market-stream.js';
import { Meter } from './metrics.js';
import { OWN_PROTOCOL } from './own-protocol.js';
import { Pool } from './pool.js';
import { isPrivate } from './protocol/guards-server.js';
import type { ErrorMessage, PrivateMessage, ServerMessage } from './protocol/messages.js';
import { Requests } from './requests.js';
import { ServerPace } from './server-pace.js';
import { Settings, type StreamSettings } from './settings.js';
import type { ErrorListener } from './stream-error.js';
import { checkOptions, venueOf } from './stream-options.js';
import { checkSubscription } from './subscribe-options.js';
import { Subscriptions } from './subscriptions.js';
import { TimingSwitch } from './timing-switch.js';
import { resolvingTransport } from './transport/resolve.js';
import type { TransportFactory } from './transport/transport.js';
import { venueLinks } from './venue-links.js';
import type { AskText } from './venue/venue-protocol.js';
import { pageWake, type WakeSource } from './wake.js';
import { Waterfall } from './waterfall.js';

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
  /**
   * Gives a token to log in with, where the server speaks protocol 1 and knows logins. Asked at each connect, before the
   * login runs out, and after a refusal; market data do not wait for it. Default: nobody is logged in.
   */
  readonly token?: TokenProvider | undefined;
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
  /** Asks for a token anew and logs in with it on what is connected: somebody has logged in, or out. */
  login(): void;
  /** Ends everything: no timer, listener or socket is left. It can't be used again. */
  dispose(): void;
}

/**
 * Makes a stream. It connects with the first subscription, or when told to. Throws a `TypeError` or `RangeError` for
 * settings that make no sense; an address that can't be used is told through `onError` and the state `closed`.
 */
export const createMarketStream = (options: MarketStreamOptions): OwnedMarketStream => {
  const stream = makeStream(options);
  // Without a connection nobody is asked for a token; a file that has no login says so.
  if (options.token !== undefined) stream.login();
  return stream;
};

/** The same for whoever can't say yet whether there will be a token. */
export const makeStream = (options: MarketStreamOptions): OwnedMarketStream => new StreamCore(options);

/** A stream that serves pages by way of a port. */
export interface HostedStream extends OwnedMarketStream {
  /** One of the pages cannot keep up: less is asked for. */
  press(isPressed: boolean): void;
}

export const createHostedStream = (options: MarketStreamOptions, meter: Meter): HostedStream =>
  new StreamCore(options, meter);

class StreamCore implements HostedStream {
  readonly src: string;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #errors: ErrorDesk;
  readonly #meter: Meter;
  readonly #pool: Pool;
  readonly #subscriptions: Subscriptions;
  readonly #market: Market;
  readonly #delivery: Delivery;
  readonly #load: Load;
  readonly #requests: Requests;
  readonly #login: Login | undefined;
  readonly #timing: TimingSwitch;
  readonly #flight: Flight;
  readonly #observers = new Listeners<[]>((error) => this.#listenerThrew(error));
  readonly #privateListeners = new Listeners<[event: PrivateEvent]>((error) => this.#listenerThrew(error));
  #cancelPulse: (() => void) | undefined;
  #isDisposed = false;

  constructor(options: MarketStreamOptions, ownMeter?: Meter) {
    checkOptions(options);
    const {
      src,
      clock = systemClock,
      scheduler = pageScheduler,
      random = Math.random,
      transport = resolvingTransport,
      wake = pageWake,
      onError = warnOnConsole,
      token,
    } = options;
    const venue = venueOf(options);
    const settings = new Settings(options);
    const meter = ownMeter ?? new Meter(clock.now(), new Waterfall(fineTime(clock)));
    const errors = new ErrorDesk(onError);
    this.src = src;
    this.#clock = clock;
    this.#settings = settings;
    this.#meter = meter;
    this.#errors = errors;
    const flight = new Flight({
      src,
      venue,
      clock,
      settings,
      meter,
      status: () => this.#pool.status,
      lanes: () => this.#pool.lanes,
      states: () => this.#market.states,
    });
    this.#flight = flight;
    const overheard = flight.tap(transport);
    const load = new Load(clock.now(), () => {
      this.#pool.reconsider();
      this.#observers.call();
    });
    const delivery = new Delivery({
      clock,
      load,
      scheduler,
      settings,
      waterfall: meter.waterfall,
      onThrow: (error) => this.#listenerThrew(error),
      onTradesSeen: (symbol) => this.#market.get(symbol)?.tradesSeen(),
    });
    const login = token && new Login({ provider: token, clock, random, settings, errors });
    const linksOfLane =
      venue === OWN_PROTOCOL
        ? undefined
        : venueLinks(venue, src, { meter, ask: options.ask, onError: (error) => errors.tell(error) });
    const market = new Market(
      {
        settings,
        meter,
        errors,
        delivery,
        recorder: flight,
        lanes: () => this.#pool.lanes,
        takenOver: (symbol) => this.#pool.takenOver(symbol),
      },
      clock.now(),
    );
    this.#login = login;
    this.#load = load;
    this.#delivery = delivery;
    this.#market = market;
    this.#subscriptions = new Subscriptions(clock, {
      wanted: (symbols) => this.#pool.wanted(symbols),
      released: (symbols) => this.#pool.released(symbols),
    });
    this.#requests = new Requests(clock, () => this.#pool.main.connection);
    this.#pool = new Pool({
      clock,
      random,
      settings,
      market,
      laneOptions: (lane) => {
        const makeLink = linksOfLane?.((symbol, now) => market.askForBook(symbol, lane, now));
        return {
          src,
          settings,
          meter,
          clock,
          random,
          transport: overheard,
          wake,
          makeLink,
          login,
          lived: market.lived,
          symbols: () => market.statesOf(lane),
        };
      },
      pace: new ServerPace(load, settings),
      wishes: this.#subscriptions,
      requests: this.#requests,
      errors,
      onStatus: () => {
        flight.note('status', this.status);
        market.compareAll(clock.now());
        this.#observers.call();
      },
      onMessage: (message, lane, at) => this.#receive(message, lane, at),
    });
    this.#timing = new TimingSwitch(src, meter.waterfall, errors);
    this.#timing.set(settings.userTiming);
  }

  get state(): StreamStatus['state'] {
    return this.#pool.status.state;
  }

  get status(): StreamStatus {
    return this.#pool.status;
  }

  get features(): readonly string[] | undefined {
    return this.#pool.main.connection.welcome?.data.features;
  }

  get clockOffset(): number {
    return this.#pool.main.connection.pings.offsetMs ?? 0;
  }

  get throttled(): boolean {
    return this.#load.mode !== 'full';
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
    const { names, depth, leastDepth, trades, priority, throttle } = checkSubscription(symbols, listener, options);
    if (this.#isDisposed || names.length === 0) return () => {};
    const release = this.#subscriptions.hold(names, {
      ticker: 1,
      book: depth,
      trades: trades ? 1 : 0,
      throttleMs: throttle,
      leastDepth,
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

  painted(symbol: string): void {
    this.#delivery.painted(symbol);
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
      ...this.#delivery.figures(),
      mode: this.#load.mode,
      roundTripMs: this.#pool.main.connection.pings.roundTripMs,
    };
  }

  record(options?: RecordOptions): Promise<string> {
    return this.#flight.record(options);
  }

  connect(): void {
    if (!this.#isDisposed) this.#pool.connect();
  }

  disconnect(): void {
    this.#pool.disconnect();
    // What happens from here on was not missed.
    this.#market.forgetTradeMarks();
  }

  reconnect(): void {
    if (!this.#isDisposed) this.#pool.reconnect();
  }

  configure(settings: StreamSettings): void {
    this.#settings.change(settings);
    if (!this.#isDisposed) this.#pool.reconsider();
    this.#timing.set(this.#settings.userTiming);
  }

  login(): void {
    this.#login?.again();
  }

  press(isPressed: boolean): void {
    this.#load.press(isPressed);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#pool.dispose();
    this.#subscriptions.clear();
    this.#delivery.dispose();
    this.#timing.set(false);
    this.#cancelPulse?.();
    this.#cancelPulse = undefined;
    this.#observers.clear();
    this.#privateListeners.clear();
  }

  #receive(message: ServerMessage, lane: Lane, now: number): void {
    if (message.type === 'subscription_confirmed') lane.telling.confirmed(message);
    if (message.type === 'resumed') this.#market.resetTrades(Object.keys(message.data.reset));
    if (this.#market.receive(message, lane, now)) return;
    // Events first, so that an answer never overtakes what came before it.
    if (isPrivate(message)) this.#tellPrivate(message, lane);
    const isAnswer = this.#requests.answer(message);
    if (message.type === 'error' && !isAnswer && !lane.telling.failed(message)) this.#reportServerError(message);
  }

  #tellPrivate(message: PrivateMessage, lane: Lane): void {
    const { type, data } = message;
    // A refusal stands on no stream: it changes nothing that anyone could have missed.
    const place =
      'seq' in message
        ? { stream: message.stream, epoch: message.epoch, sequence: message.seq }
        : { stream: '', epoch: '', sequence: 0 };
    const event: PrivateEvent = { type, ...place, data: { ...data } };
    lane.resume.heard(event);
    this.#privateListeners.call(event);
  }

  #reportServerError({ id, data }: ErrorMessage): void {
    // A snapshot that was refused is asked for again by itself.
    if (id?.startsWith(RESYNC_ID) === true) return;
    const account = data.details?.['account'];
    // An account is heard of no more, which nothing on its own stream says.
    if (id === undefined && data.code === 'not_entitled' && typeof account === 'string') {
      const place = { stream: `private:${account}`, epoch: '', sequence: 0 };
      this.#privateListeners.call({ type: 'error', ...place, data: { ...data } });
    }
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
    this.#pool.pulse(now);
    this.#market.pulse(now);
    this.#load.pulse(now);
    this.#observers.call();
    if (this.#observers.size > 0 || this.#market.size > 0) this.#startPulse();
  }
}
