import { Book, type LevelText, type SnapshotHeader } from '../../src/book/book.js';
import type { Instrument, TradingPhase } from '../../src/book/instrument.js';
import type {
  MarketStream,
  MarketUpdate,
  PrivateEvent,
  RecordOptions,
  Reply,
  StreamMetrics,
  StreamState,
  StreamStatus,
  SubscribeOptions,
  Ticker,
  Trade,
} from '../../src/stream/market-stream.js';
import type { Verdict } from '../../src/stream/verdict.js';

const UNKNOWN = { p50: NaN, p95: NaN, p99: NaN, count: 0 };

/**
 * A stream whose data, verdicts, status and time are set by a test. It notifies at once, so that a test needs no frames:
 * what is conflated and when is the stream room's own affair, and tested there.
 */
export class FakeStream implements MarketStream {
  readonly src: string = 'fake:';
  clockOffset = 0;
  throttled = false;
  status: StreamStatus = {
    state: 'open',
    reason: 'ok',
    attempt: 0,
    maxAttempts: 10,
    retryAt: 0,
    dialect: 'touchline',
    closeCode: 0,
    connections: 1,
    openConnections: 1,
    since: 0,
  };
  /** The symbols that elements have said to be on the screen, in order. */
  readonly paintedSymbols: string[] = [];
  /** What the page asked for: `connect`, `disconnect`, `reconnect`, in order. */
  readonly calls: string[] = [];
  /** Requests sent, with their data, in order. Answer them through `answer`. */
  readonly requests: { type: string; data: Readonly<Record<string, unknown>> }[] = [];
  answer: (type: string, data: Readonly<Record<string, unknown>>) => Promise<Reply> = () =>
    Promise.reject(new Error('no answer was set'));
  metricsNow: StreamMetrics = {
    messageCount: 0,
    frameCount: 0,
    dataRate: 0,
    averageRate: 0,
    applied: 0,
    unchanged: 0,
    control: 0,
    activeSymbolCount: 0,
    delivered: 0,
    conflated: 0,
    conflationRatio: 1,
    painted: 0,
    queueAgeMs: 0,
    refused: 0,
    ignored: 0,
    dropped: 0,
    resyncs: 0,
    gaps: 0,
    reconnects: 0,
    latency: UNKNOWN,
    waterfall: { arrival: UNKNOWN, apply: UNKNOWN, delivery: UNKNOWN, paint: UNKNOWN, total: UNKNOWN },
    buffered: 0,
    mode: 'full',
    roundTripMs: NaN,
  };
  #now = 1_000_000;
  readonly #books = new Map<string, Book>();
  readonly #tickers = new Map<string, Ticker>();
  readonly #instruments = new Map<string, Instrument>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #subscriptions = new Set<{
    symbols: readonly string[];
    listener: (update: MarketUpdate) => void;
    options: SubscribeOptions;
  }>();
  readonly #observers = new Set<() => void>();
  readonly #privateListeners = new Set<(event: PrivateEvent) => void>();
  #sequence = 0;

  get state(): StreamState {
    return this.status.state;
  }

  /** Subscriptions alive now, as `SCOM+KCB`. */
  get subscribed(): readonly string[] {
    return [...this.#subscriptions].map(({ symbols }) => symbols.join('+'));
  }

  /** Listeners of any kind alive now. */
  get listenerCount(): number {
    return this.#subscriptions.size + this.#observers.size + this.#privateListeners.size;
  }

  now(): number {
    return this.#now;
  }

  /** Lets time pass and pulses the observers, as the real stream does four times a second. */
  pass(ms: number): void {
    this.#now += ms;
    for (const observer of [...this.#observers]) observer();
  }

  /** `facts` are what a snapshot may say besides, e.g. how many levels it covers. */
  pushBook(
    symbol: string,
    bids: readonly LevelText[],
    asks: readonly LevelText[],
    facts: Pick<SnapshotHeader, 'depth' | 'covers'> = {},
  ): void {
    const book = this.#books.get(symbol) ?? new Book(symbol);
    this.#books.set(symbol, book);
    this.#sequence += 1;
    book.applySnapshot({ epoch: 'fake', sequence: this.#sequence, bids, asks, eventTime: this.#now, ...facts }, true);
    if (!this.#verdicts.has(symbol)) this.setVerdict(symbol, { state: 'live', reason: 'ok' });
    this.setVerdict(symbol, { dataAt: this.#now });
    this.#notify(symbol, { book: true });
  }

  pushTicker(symbol: string, ticker: Partial<Ticker> & { price: string }): void {
    this.#tickers.set(symbol, { symbol, eventTime: this.#now, receiveTime: this.#now, ...ticker });
    this.#notify(symbol, { ticker: true });
  }

  setInstrument(instrument: Instrument): void {
    this.#instruments.set(instrument.symbol, instrument);
    this.#notify(instrument.symbol, {});
  }

  setVerdict(symbol: string, change: Partial<Verdict>): void {
    this.#verdicts.set(symbol, { ...this.verdict(symbol), ...change });
    this.#notify(symbol, { verdict: true });
  }

  setStatus(change: Partial<StreamStatus>): void {
    const { state = this.status.state } = change;
    this.status = { ...this.status, openConnections: state === 'open' ? 1 : 0, ...change };
    for (const observer of [...this.#observers]) observer();
  }

  pushPrivate(event: PrivateEvent): void {
    for (const listener of [...this.#privateListeners]) listener(event);
  }

  subscribe(
    symbols: readonly string[],
    listener: (update: MarketUpdate) => void,
    options: SubscribeOptions = {},
  ): () => void {
    const subscription = { symbols, listener, options };
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  observe(listener: () => void): () => void {
    this.#observers.add(listener);
    return () => this.#observers.delete(listener);
  }

  book(symbol: string): Book | undefined {
    return this.#books.get(symbol);
  }

  ticker(symbol: string): Ticker | undefined {
    return this.#tickers.get(symbol);
  }

  trades(): readonly Trade[] {
    return [];
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  phase(symbol: string): TradingPhase {
    return this.#instruments.get(symbol)?.phase ?? 'continuous';
  }

  verdict(symbol: string): Verdict {
    return (
      this.#verdicts.get(symbol) ?? {
        state: 'resyncing',
        reason: 'awaiting_snapshot',
        verified: { by: 'sequence' },
        since: 0,
        dataAt: 0,
      }
    );
  }

  get marketData(): readonly Ticker[] {
    return [...this.#tickers.values()];
  }

  get orderBooks(): readonly Book[] {
    return [...this.#books.values()];
  }

  painted(symbol: string): void {
    this.paintedSymbols.push(symbol);
  }

  /** What `record` gives; with what it was asked for. */
  recorded: (options?: RecordOptions) => Promise<string> = () => Promise.resolve('{"touchline-flight":1}\n');

  record(options?: RecordOptions): Promise<string> {
    this.calls.push(`record ${JSON.stringify(options)}`);
    return this.recorded(options);
  }

  metrics(): StreamMetrics {
    return this.metricsNow;
  }

  connect(): void {
    this.calls.push('connect');
  }

  disconnect(): void {
    this.calls.push('disconnect');
  }

  reconnect(): void {
    this.calls.push('reconnect');
  }

  request(type: string, data: Readonly<Record<string, unknown>>): Promise<Reply> {
    this.requests.push({ type, data });
    return this.answer(type, data);
  }

  onPrivate(listener: (event: PrivateEvent) => void): () => void {
    this.#privateListeners.add(listener);
    return () => this.#privateListeners.delete(listener);
  }

  #notify(symbol: string, change: Partial<MarketUpdate>): void {
    const update = { symbol, book: false, ticker: false, trades: false, verdict: false, ...change };
    for (const { symbols, listener } of [...this.#subscriptions]) if (symbols.includes(symbol)) listener(update);
  }
}
