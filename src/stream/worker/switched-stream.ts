/**
 * A handle whose stream may be replaced by another while pages hold it: one that is still being loaded, one in a worker,
 * one in the page. Whatever was subscribed to, listened for, set and asked of it goes over to the next.
 */
import { type Clock, systemClock } from '../clock.js';
import type { MarketStreamOptions, OwnedMarketStream } from '../market-stream-core.js';
import {
  type MarketStream,
  type MarketUpdate,
  type PrivateEvent,
  type RecordOptions,
  type Reply,
  RequestError,
  type StreamMetrics,
  type StreamStatus,
  type StreamThread,
  type SubscribeOptions,
} from '../market-stream.js';
import { Settings, type StreamSettings } from '../settings.js';
import { checkOptions } from '../stream-options.js';
import { checkSubscription } from '../subscribe-options.js';
import { BY_NOTHING, type Verdict } from '../verdict.js';
import { checkRecorded, METRICS_BEFORE, recordingBefore, statusBefore } from './before-any.js';
import { settingsNow } from './settings-now.js';

/** Something that was begun on the stream, and is begun again on the next. */
interface Held {
  readonly symbols: readonly string[];
  begin(stream: MarketStream): () => void;
  undo(): void;
}

const nothing = (): void => {};

export class SwitchedStream implements OwnedMarketStream {
  readonly src: string;
  readonly #options: MarketStreamOptions;
  #thread: StreamThread | undefined;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #held = new Set<Held>();
  #inner: OwnedMarketStream | undefined;
  #waiting: StreamStatus;
  #isDisposed = false;

  /** Throws a `TypeError` or a `RangeError` for settings that make no sense. */
  constructor(options: MarketStreamOptions) {
    checkOptions(options);
    const { src, clock = systemClock } = options;
    this.src = src;
    this.#options = options;
    this.#clock = clock;
    this.#settings = new Settings(options);
    this.#waiting = statusBefore(this.#settings.reconnectAttempts, clock.now());
  }

  /** Goes over to this stream. The one before is ended. */
  use(stream: OwnedMarketStream): void {
    if (this.#isDisposed) {
      stream.dispose();
      return;
    }
    const old = this.#inner;
    const { state, reason } = this.status;
    this.#inner = stream;
    stream.configure(settingsNow(this.#settings));
    if (state === 'closed' && reason === 'closed_by_page') stream.disconnect();
    else if (state !== 'idle') stream.connect();
    for (const held of this.#held) {
      // One that failed at once has been replaced already, and everything went over to that one.
      if (this.#inner !== stream) break;
      held.undo();
      held.undo = held.begin(stream);
    }
    old?.dispose();
  }

  get state(): StreamStatus['state'] {
    return this.status.state;
  }

  get status(): StreamStatus {
    return this.#inner?.status ?? this.#waiting;
  }

  get thread(): StreamThread | undefined {
    return this.#inner?.thread ?? this.#thread;
  }
  set thread(thread: StreamThread | undefined) {
    this.#thread = thread;
  }

  get features(): readonly string[] | undefined {
    return this.#inner?.features;
  }

  get clockOffset(): number {
    return this.#inner?.clockOffset ?? 0;
  }

  get throttled(): boolean {
    return this.#inner?.throttled ?? false;
  }

  get marketData(): MarketStream['marketData'] {
    return this.#inner?.marketData ?? [];
  }

  get orderBooks(): MarketStream['orderBooks'] {
    return this.#inner?.orderBooks ?? [];
  }

  now(): number {
    return this.#clock.now();
  }

  subscribe(
    symbols: readonly string[],
    listener: (update: MarketUpdate) => void,
    options: SubscribeOptions = {},
  ): () => void {
    const { names } = checkSubscription(symbols, listener, options);
    if (this.#isDisposed || names.length === 0) return nothing;
    if (this.state === 'idle') this.connect();
    return this.#hold((stream) => stream.subscribe(names, listener, options), names);
  }

  observe(listener: () => void): () => void {
    return this.#hold((stream) => stream.observe(listener));
  }

  onPrivate(listener: (event: PrivateEvent) => void): () => void {
    return this.#hold((stream) => stream.onPrivate(listener));
  }

  async request(
    type: string,
    data: Readonly<Record<string, unknown>>,
    options?: { timeoutMs?: number },
  ): Promise<Reply> {
    if (this.#inner !== undefined) return this.#inner.request(type, data, options);
    throw new RequestError('not_connected', `${type} was not sent: there is no connection.`);
  }

  book(symbol: string): ReturnType<MarketStream['book']> {
    return this.#inner?.book(symbol);
  }

  ticker(symbol: string): ReturnType<MarketStream['ticker']> {
    return this.#inner?.ticker(symbol);
  }

  trades(symbol: string): ReturnType<MarketStream['trades']> {
    return this.#inner?.trades(symbol) ?? [];
  }

  instrument(symbol: string): ReturnType<MarketStream['instrument']> {
    return this.#inner?.instrument(symbol);
  }

  painted(symbol: string): void {
    this.#inner?.painted?.(symbol);
  }

  phase(symbol: string): ReturnType<MarketStream['phase']> {
    return this.#inner?.phase(symbol) ?? 'continuous';
  }

  verdict(symbol: string): Verdict {
    if (this.#inner !== undefined) return this.#inner.verdict(symbol);
    const { state, since } = this.#waiting;
    const isWanted = [...this.#held].some(({ symbols }) => symbols.includes(symbol));
    const reason = state === 'connecting' ? 'connecting' : 'idle';
    return {
      state: 'disconnected',
      reason: isWanted ? reason : 'not_subscribed',
      verified: BY_NOTHING,
      since: isWanted ? since : this.now(),
      dataAt: 0,
    };
  }

  metrics(): StreamMetrics {
    return this.#inner?.metrics() ?? METRICS_BEFORE;
  }

  async record(options: RecordOptions = {}): Promise<string> {
    if (this.#inner !== undefined) return this.#inner.record(options);
    checkRecorded(this.#settings);
    return recordingBefore(this.#options, options, this.#clock);
  }

  login(): void {
    this.#inner?.login();
  }

  connect(): void {
    if (this.#inner !== undefined) this.#inner.connect();
    else if (this.state !== 'connecting') this.#wait('connecting', 'connecting');
  }

  disconnect(): void {
    if (this.#inner !== undefined) this.#inner.disconnect();
    else this.#wait('closed', 'closed_by_page');
  }

  reconnect(): void {
    if (this.#inner !== undefined) this.#inner.reconnect();
    else this.connect();
  }

  configure(settings: StreamSettings): void {
    this.#settings.change(settings);
    this.#inner?.configure(settings);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.disconnect();
    this.#isDisposed = true;
    this.#held.clear();
    this.#inner?.dispose();
  }

  #hold(begin: Held['begin'], symbols: readonly string[] = []): () => void {
    if (this.#isDisposed) return nothing;
    const held: Held = { symbols, begin, undo: this.#inner === undefined ? nothing : begin(this.#inner) };
    this.#held.add(held);
    return () => {
      this.#held.delete(held);
      held.undo();
    };
  }

  #wait(state: 'connecting' | 'closed', reason: 'connecting' | 'closed_by_page'): void {
    this.#waiting = { ...this.#waiting, state, reason, since: this.#clock.now() };
  }
}
