/**
 * A market data stream whose socket, decoding and books are in a worker. What a page subscribes to is kept here as well as
 * told there, so that a worker that ends is followed by another that is told everything anew; meanwhile the last numbers
 * stay, and their verdict says that nothing is behind them.
 */
import { type Clock, fineTime, systemClock } from '../clock.js';
import { Delivery, VERDICT } from '../delivery.js';
import { ErrorDesk, warnOnConsole } from '../error-desk.js';
import { pageScheduler } from '../frame-scheduler.js';
import { Listeners } from '../listeners.js';
import { Load } from '../load.js';
import { PULSE_MS, type MarketStreamOptions, type OwnedMarketStream } from '../market-stream-core.js';
import type {
  MarketStream,
  MarketUpdate,
  PrivateEvent,
  RecordOptions,
  Reply,
  StreamMetrics,
  StreamStatus,
  SubscribeOptions,
} from '../market-stream.js';
import { ServerPace } from '../server-pace.js';
import { Settings, type StreamSettings } from '../settings.js';
import { checkSubscription } from '../subscribe-options.js';
import { TimingSwitch } from '../timing-switch.js';
import { BY_NOTHING, type Verdict } from '../verdict.js';
import { pageWake } from '../wake.js';
import { checkRecorded, recordingBefore, statusBefore } from './before-any.js';
import { RemoteFigures } from './remote-figures.js';
import { RemoteLogin } from './remote-login.js';
import { RemoteMarket } from './remote-market.js';
import { RemoteRecordings } from './remote-recordings.js';
import { RemoteRequests } from './remote-requests.js';
import type { PageHolder, RemoteEvidence, RemoteSymbol } from './remote-symbol.js';
import { RemoteWaterfall } from './remote-waterfall.js';
import { type OpenWorker, RemoteWorker } from './remote-worker.js';
import { settingsNow } from './settings-now.js';
import type { News, Tick, WorkerMessage } from './worker-messages.js';

export interface RemoteStreamOptions extends MarketStreamOptions {
  /** The address as it means the same in the worker. */
  readonly workerSrc: string;
  /** Options that are plain values, which the stream in the worker gets as well. */
  readonly plain: Readonly<Record<string, string | number | boolean>>;
  readonly openWorker: OpenWorker;
  /** There is no worker to be had. Nothing more will come. */
  readonly onGivenUp: (reason: string) => void;
}

export class RemoteStream implements OwnedMarketStream {
  readonly src: string;
  readonly #options: RemoteStreamOptions;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #errors: ErrorDesk;
  readonly #worker: RemoteWorker;
  readonly #delivery: Delivery;
  readonly #load: Load;
  readonly #pace: ServerPace;
  readonly #waterfall: RemoteWaterfall;
  readonly #timing: TimingSwitch;
  readonly #figures: RemoteFigures;
  readonly #requests: RemoteRequests;
  readonly #recordings: RemoteRecordings;
  readonly #login: RemoteLogin | undefined;
  readonly #observers = new Listeners<[]>((error) => this.#listenerThrew(error));
  readonly #privateListeners = new Listeners<[event: PrivateEvent]>((error) => this.#listenerThrew(error));
  readonly #market = new RemoteMarket();
  readonly #stopWake: () => void;
  #status: StreamStatus;
  #link: News['link'];
  /** Whether any worker has ever served. */
  #hasBeenUp = false;
  #cancelTell: (() => void) | undefined;
  #cancelPulse: (() => void) | undefined;
  #isPressedTold = false;
  #isSuspended = false;
  #isDisposed = false;

  constructor(options: RemoteStreamOptions) {
    const {
      src,
      token,
      clock = systemClock,
      scheduler = pageScheduler,
      wake = pageWake,
      onError = warnOnConsole,
    } = options;
    this.src = src;
    this.#options = options;
    this.#clock = clock;
    this.#settings = new Settings(options);
    this.#errors = new ErrorDesk(onError);
    this.#requests = new RemoteRequests(clock);
    this.#recordings = new RemoteRecordings(clock);
    this.#login = token && new RemoteLogin(token);
    this.#status = statusBefore(this.#settings.reconnectAttempts, clock.now());
    this.#load = new Load(clock.now(), () => {
      this.#planTell();
      this.#tellPressed();
      this.#observers.call();
    });
    this.#pace = new ServerPace(this.#load, this.#settings);
    this.#waterfall = new RemoteWaterfall(fineTime(clock));
    this.#figures = new RemoteFigures({ clock, load: this.#load, waterfall: this.#waterfall, market: this.#market });
    this.#timing = new TimingSwitch(src, this.#waterfall, this.#errors);
    this.#timing.set(this.#settings.userTiming);
    this.#delivery = new Delivery({
      clock,
      load: this.#load,
      scheduler,
      settings: this.#settings,
      waterfall: this.#waterfall,
      onThrow: (error) => this.#listenerThrew(error),
      onTradesSeen: (symbol) => this.#market.get(symbol)?.tradesSeen(),
    });
    this.#worker = new RemoteWorker(options.openWorker, clock, {
      hello: () => ({
        src: options.workerSrc,
        plain: options.plain,
        settings: settingsNow(this.#settings),
        hasToken: token !== undefined,
      }),
      onUp: () => {
        this.#hasBeenUp = true;
        this.#market.forgetTold();
        this.#tellWants();
        this.#tellPressed();
      },
      onDown: () => this.#down('reconnecting', 'reconnecting'),
      onGivenUp: (reason) => {
        this.#down('connecting', 'connecting');
        options.onGivenUp(reason);
      },
      onMessage: (message) => this.#receive(message),
      onThrew: (message) => this.#errors.once('worker', message, `Something in the worker threw: ${message}`),
    });
    this.#stopWake = wake((event) => {
      if (event === 'suspend' && this.#isOn) {
        // Until the page is back the worker need not know it: an open socket would forbid keeping the page.
        this.#isSuspended = true;
        this.#worker.leave();
        this.#down('reconnecting', 'idle');
      } else if (this.#isSuspended && event !== 'hidden' && event !== 'offline') {
        this.#start();
      } else this.#worker.post({ kind: 'wake', event });
    });
  }

  get state(): StreamStatus['state'] {
    return this.#status.state;
  }

  get status(): StreamStatus {
    return this.#status;
  }

  get features(): readonly string[] | undefined {
    return this.#link?.features;
  }

  get clockOffset(): number {
    return this.#link?.clockOffset ?? 0;
  }

  get throttled(): boolean {
    return this.#figures.mode !== 'full';
  }

  get marketData(): MarketStream['marketData'] {
    return [...this.#market.symbols].flatMap(({ ticker }) => ticker ?? []);
  }

  get orderBooks(): MarketStream['orderBooks'] {
    return [...this.#market.symbols].flatMap(({ book }) => book ?? []);
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
    const holder: PageHolder = {
      ticker: 1,
      book: depth,
      trades: trades ? 1 : 0,
      throttleMs: throttle,
      leastDepth,
      priority,
    };
    const release = this.#market.hold(names, holder, this.#clock);
    const unlisten = this.#delivery.add(names, listener, { priority, throttleMs: throttle }, (name) =>
      this.#market.known(name),
    );
    this.#planTell();
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
    // A worker that is late may sleep: what it is handed could be heard long after the page gave it up.
    const isReachable = this.#worker.isUp && !this.#worker.isLate(this.#clock.now());
    const post = isReachable ? this.#worker.post.bind(this.#worker) : undefined;
    return this.#requests.request(type, data, options?.timeoutMs, post);
  }

  book(symbol: string): ReturnType<MarketStream['book']> {
    return this.#market.get(symbol)?.book;
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
    return this.instrument(symbol)?.phase ?? 'continuous';
  }

  verdict(symbol: string): Verdict {
    const now = this.#clock.now();
    const known = this.#market.get(symbol);
    if (known !== undefined) return known.verdict(this.#evidence(now), now);
    return { state: 'disconnected', reason: 'not_subscribed', verified: BY_NOTHING, since: now, dataAt: 0 };
  }

  metrics(): StreamMetrics {
    return this.#figures.read(this.#delivery.figures());
  }

  async record(options: RecordOptions = {}): Promise<string> {
    checkRecorded(this.#settings);
    if (this.#worker.isUp) return this.#recordings.ask(options, (message) => this.#worker.post(message));
    if (this.#hasBeenUp) throw new Error('The worker that recorded has ended.');
    return recordingBefore(this.#options, options, this.#clock);
  }

  login(): void {
    this.#worker.post({ kind: 'login' });
  }

  connect(): void {
    if (this.#isDisposed || (this.state !== 'idle' && this.state !== 'closed')) return;
    if (this.#worker.isUp) this.#worker.post({ kind: 'connect' });
    else this.#start();
  }

  disconnect(): void {
    if (this.#status.reason === 'closed_by_page') return;
    this.#isSuspended = false;
    this.#worker.leave();
    this.#down('closed', 'closed_by_page');
  }

  reconnect(): void {
    if (this.#isDisposed) return;
    if (this.#worker.isUp) this.#worker.post({ kind: 'reconnect' });
    else this.#start();
  }

  configure(settings: StreamSettings): void {
    this.#settings.change(settings);
    this.#timing.set(this.#settings.userTiming);
    this.#worker.post({ kind: 'settings', settings: settingsNow(this.#settings) });
    this.#planTell();
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.disconnect();
    this.#isDisposed = true;
    this.#worker.dispose();
    this.#stopWake();
    this.#delivery.dispose();
    this.#timing.set(false);
    this.#cancelTell?.();
    this.#cancelPulse?.();
    this.#observers.clear();
    this.#privateListeners.clear();
  }

  get #isOn(): boolean {
    return this.state !== 'idle' && this.state !== 'closed';
  }

  #start(): void {
    this.#isSuspended = false;
    this.#change({ state: 'connecting', reason: 'connecting' });
    this.#startPulse();
    this.#worker.start();
  }

  /** Wishes of one task go to the worker as one message. */
  #planTell(): void {
    this.#cancelTell ??= this.#clock.setTimer(() => this.#tellWants(), 0);
  }

  #tellWants(): void {
    this.#cancelTell?.();
    this.#cancelTell = undefined;
    const wants = this.#market.wants(this.#pace, this.#clock.now());
    if (wants.length > 0) this.#worker.post({ kind: 'wants', wants });
  }

  #tellPressed(): void {
    const isPressed = this.#load.mode === 'shallower';
    if (isPressed === this.#isPressedTold) return;
    this.#isPressedTold = isPressed;
    this.#worker.post({ kind: 'pressed', isPressed });
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'tick':
        this.#take(message);
        return;
      case 'private':
        this.#privateListeners.call(message.event);
        return;
      case 'reply':
      case 'no_reply':
        this.#requests.answer(message);
        return;
      case 'ask':
        void this.#login?.ask(message.id, message.reason, (answer) => this.#worker.post(answer));
        return;
      case 'ask_off':
        this.#login?.callOff(message.id);
        return;
      case 'recording':
        this.#recordings.answer(message);
        return;
      case 'error':
        this.#errors.tell(message.error);
        return;
      default:
        // Those of the port itself have been dealt with.
        return;
    }
  }

  #take(tick: Tick): void {
    const { changes, spare } = this.#market.take(tick, this.#settings.bufferSize);
    // Before anyone is called: a listener that takes long delays no answer.
    this.#worker.post({ kind: 'done', spare }, spare === undefined ? [] : [spare.buffer]);
    const { status, link = this.#link } = tick.news ?? {};
    const wasThrottled = this.throttled;
    this.#link = link;
    this.#figures.take(tick, changes.size > 0);
    if (status !== undefined) this.#status = status;
    const now = this.#clock.now();
    const evidence = this.#evidence(now);
    const wayMs = this.#waterfall.wayMs(tick.at, now);
    for (const [symbol, { bits, lag }] of changes) {
      const [times, ageMs, waitedMs, venueMs] = lag;
      this.#waterfall.handedOver(waitedMs + wayMs, venueMs);
      const all = symbol.isVerdictNew(evidence, now) ? bits | VERDICT : bits;
      this.#delivery.mark(symbol.symbol, all, Math.max(1, times), ageMs + (wayMs || 0));
    }
    this.#waterfall.handedOver(Number.NaN, Number.NaN);
    if (status !== undefined) this.#compare(this.#market.symbols);
    if (status !== undefined || wasThrottled !== this.throttled) this.#observers.call();
  }

  /** There is no worker, or it is none of our business for now: whatever it said proves nothing any more. */
  #down(state: StreamStatus['state'], reason: StreamStatus['reason']): void {
    this.#requests.connectionLost();
    this.#recordings.lost();
    this.#login?.callOffAll();
    this.#link = undefined;
    this.#figures.lost();
    this.#isPressedTold = false;
    this.#change({ state, reason, attempt: 0, retryAt: 0, dialect: 'unknown', openConnections: 0 });
  }

  #change(change: Partial<StreamStatus>): void {
    const { state, reason, since } = this.#status;
    const isSame = state === (change.state ?? state) && reason === (change.reason ?? reason);
    this.#status = { ...this.#status, since: isSame ? since : this.#clock.now(), ...change };
    this.#compare(this.#market.symbols);
    this.#observers.call();
  }

  #evidence(now: number): RemoteEvidence {
    const { state, reason } = this.#status;
    const isLate = this.#worker.isLate(now);
    if (state === 'open') return { down: this.#worker.isUp ? undefined : 'reconnecting', isLate };
    if (state !== 'closed') return { down: state, isLate };
    return { down: reason === 'closed_by_page' ? 'idle' : 'refused', isLate };
  }

  /** Tells whose verdict has changed, if only by time. */
  #compare(symbols: Iterable<RemoteSymbol>): void {
    const now = this.#clock.now();
    const evidence = this.#evidence(now);
    for (const symbol of symbols) if (symbol.isVerdictNew(evidence, now)) this.#delivery.mark(symbol.symbol, VERDICT);
  }

  #listenerThrew(error: unknown): void {
    this.#errors.once('listener_threw', String(error), 'A listener of the stream threw.', error);
  }

  #startPulse(): void {
    if (!this.#isDisposed) this.#cancelPulse ??= this.#clock.setTimer(() => this.#pulse(), PULSE_MS);
  }

  /** Runs while anyone watches, anything is followed, or a worker is wanted. */
  #pulse(): void {
    this.#cancelPulse = undefined;
    const now = this.#clock.now();
    this.#load.pulse(now);
    this.#tellWants();
    this.#worker.look(now);
    this.#compare(this.#market.symbols);
    this.#observers.call();
    if (this.#observers.size > 0 || this.#market.size > 0 || this.#isOn) this.#startPulse();
  }
}
