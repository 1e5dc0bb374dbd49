import { ContextConsumer } from '@lit/context';
import type { LitElement, ReactiveController } from 'lit';
import type { BookView } from '../book/book-view.js';
import type { MarketStream, MarketUpdate, SubscribeOptions, Ticker } from '../stream/market-stream.js';
import { streamContext } from './contexts.js';
import { PaintWatch } from './paint-watch.js';
import { ensureContextRoot } from './root.js';
import { Sight, type SightWish } from './sight.js';
import { NO_WISH, WishKeeper, type StreamWish } from './stream-wish.js';

export interface StreamControllerOptions {
  /** Where the stream comes from, asked anew with every update of the host. Default: the nearest provider above it. */
  readonly source?: () => StreamWish;
  /** The symbols that the host shows now, besides those of `subscribe`. Default: none, only the connection's status. */
  readonly symbols?: () => readonly string[];
  /** How they are wanted. Default: the stream's own defaults. */
  readonly subscription?: () => SubscribeOptions;
  /**
   * What the host's picture depends on, as a list that is compared item by item: the host updates when one of them has
   * changed, and not otherwise. Keep it cheap, it runs with every delivery. Default: the connection, and of each symbol
   * its row, its book and its verdict; once a second what is counted.
   */
  readonly select?: (stream: MarketStream) => readonly unknown[];
  /**
   * Lets the host fall asleep while nobody sees it. It has to keep its own last picture then, and to mark it. Default: it
   * never does.
   */
  readonly sight?: SightWish;
}

const NOTHING: readonly unknown[] = [];
const NO_SYMBOLS: readonly string[] = [];
/** How long an element may stand without a feed before it says so: a provider may be loaded after it. */
const LATE_PROVIDER_MS = 3000;

/**
 * Binds a Lit element to a market data stream: finds the stream, keeps the subscription as the host's wishes change,
 * selects, compares, and asks the host to update only when what it shows has changed.
 *
 * Timing: it takes the host's wishes over before each `render`; a host that derives in `willUpdate` calls `refresh()` first
 * thing there. Between updates it listens by itself. On disconnect everything is given back; on reconnect it is taken anew.
 *
 * @example
 * class TradingPage extends LitElement {
 *   readonly #live = new StreamController(this, {
 *     source: () => ({ options: { src: '/ws/market/' } }),
 *     symbols: () => ['SCOM', 'KCB'],
 *     subscription: () => ({ book: true, throttle: 100 }),
 *   });
 *
 *   protected override render() {
 *     const { marketData, dataRate } = this.#live;
 *     return html`${marketData.map(({ symbol, price }) => html`<p>${symbol} ${price}</p>`)}
 *       <p>${dataRate} messages a second</p>
 *       <button @click=${() => this.#live.subscribe(['EQTY'])}>Equity too</button>`;
 *   }
 * }
 */
export class StreamController implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: StreamControllerOptions;
  readonly #keeper = new WishKeeper();
  readonly #sight: Sight | undefined;
  readonly #consumer: ContextConsumer<typeof streamContext, LitElement>;
  /** What `subscribe` and `unsubscribe` said last of a symbol; it wins over the options. */
  readonly #asked = new Map<string, boolean>();
  #stream: MarketStream | undefined;
  /** Those that are subscribed now. */
  #symbols: readonly string[] = NO_SYMBOLS;
  #isFresh = false;
  #selected: readonly unknown[] = NOTHING;
  #subscriptionKey = '';
  #unsubscribe: (() => void) | undefined;
  #unobserve: (() => void) | undefined;
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #isLate = false;
  readonly #paint: PaintWatch;

  constructor(host: LitElement, options: StreamControllerOptions = {}) {
    this.#host = host;
    this.#options = options;
    this.#paint = new PaintWatch(host);
    this.#sight =
      options.sight &&
      new Sight(
        host,
        options.sight,
        () => this.#stream?.now(),
        () => host.requestUpdate(),
      );
    ensureContextRoot();
    this.#consumer = new ContextConsumer(host, { context: streamContext, subscribe: true });
    host.addController(this);
  }

  /** The stream that the host reads, or undefined when there is none. */
  get stream(): MarketStream | undefined {
    return this.#stream;
  }

  /** Whether there is no stream although there was time enough for one to appear. */
  get isMissing(): boolean {
    return this.#isLate && this.#stream === undefined && this.#host.isConnected && !this.isAsleep;
  }

  /** Whether nobody sees the host, and nothing is asked for on its behalf. It wakes by an update. */
  get isAsleep(): boolean {
    return this.#sight?.isAsleep === true;
  }

  /** Tells the host's feed from any other, also while the host is asleep and has no stream. */
  get feed(): unknown {
    return this.#keeper.feed ?? this.#consumer.value;
  }

  get isConnected(): boolean {
    return this.#stream?.state === 'open';
  }

  /** The newest row of each symbol that has one. */
  get marketData(): readonly Ticker[] {
    return this.#each((symbol) => this.getMarketData(symbol));
  }

  /** The live book of each symbol that has one. It changes in place. */
  get orderBooks(): readonly BookView[] {
    return this.#each((symbol) => this.#stream?.book(symbol));
  }

  /** Messages in the last full second, of the whole connection. */
  get dataRate(): number {
    return this.#stream?.metrics().dataRate ?? 0;
  }

  /** Messages so far, of the whole connection. */
  get messageCount(): number {
    return this.#stream?.metrics().messageCount ?? 0;
  }

  /** How many symbols this host wants. */
  get activeSymbolCount(): number {
    return this.#symbols.length;
  }

  getMarketData(symbol: string): Ticker | undefined {
    return this.#stream?.ticker(symbol);
  }

  /** Wants these too, from the host's next update on, which it asks for. */
  subscribe(symbols: readonly string[]): void {
    this.#ask(symbols, true);
  }

  /** Wants these no more, those of the options included, until `subscribe` says otherwise. */
  unsubscribe(symbols: readonly string[]): void {
    this.#ask(symbols, false);
  }

  /** Takes the host's present wishes over. A host that reads in `willUpdate` calls it first thing there. */
  refresh(): void {
    this.#sight?.look();
    const stream = this.#host.isConnected ? this.#find() : undefined;
    this.#isFresh = true;
    if (stream !== this.#stream) this.#attach(stream);
    if (stream === undefined) return;
    const symbols = this.isAsleep ? NO_SYMBOLS : this.#wanted();
    const subscription = this.#options.subscription?.() ?? {};
    const key = symbols.length === 0 ? '' : JSON.stringify([symbols, subscription]);
    if (key !== this.#subscriptionKey) {
      // The new subscription first: what both want stays subscribed.
      const old = this.#unsubscribe;
      this.#subscriptionKey = key;
      this.#symbols = symbols;
      this.#unsubscribe = key === '' ? undefined : stream.subscribe(symbols, this.#compare, subscription);
      old?.();
    }
    this.#selected = this.#select(stream);
  }

  hostConnected(): void {
    this.#sight?.connect();
    this.#isLate = false;
    this.#lateTimer = setTimeout(() => {
      this.#isLate = true;
      if (this.#stream === undefined) this.#host.requestUpdate();
    }, LATE_PROVIDER_MS);
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    if (!this.#isFresh) this.refresh();
    this.#isFresh = false;
  }

  hostUpdated(): void {
    this.#paint.updated();
  }

  hostDisconnected(): void {
    clearTimeout(this.#lateTimer);
    this.#sight?.disconnect();
    this.#keeper.follow(NO_WISH);
    this.#attach(undefined);
  }

  /** A stream handed in by property wins, then an address of the host's own, then the nearest provider above it. */
  #find(): MarketStream | undefined {
    const isGivenBack = this.#sight?.isWithoutStream === true;
    const own = this.#keeper.follow(this.#options.source?.() ?? NO_WISH, isGivenBack);
    return isGivenBack ? undefined : (own ?? this.#consumer.value);
  }

  #attach(stream: MarketStream | undefined): void {
    this.#unsubscribe?.();
    this.#unobserve?.();
    this.#unsubscribe = undefined;
    this.#subscriptionKey = '';
    this.#symbols = NO_SYMBOLS;
    this.#selected = NOTHING;
    this.#stream = stream;
    this.#paint.follow(stream);
    this.#unobserve = stream?.observe(this.#pulse);
  }

  #ask(symbols: readonly string[], isWanted: boolean): void {
    // A text has characters that would pass for symbols.
    if (!Array.isArray(symbols)) throw new TypeError('symbols must be an array of text.');
    for (const symbol of symbols) this.#asked.set(symbol, isWanted);
    this.#host.requestUpdate();
  }

  #wanted(): readonly string[] {
    const symbols = new Set(this.#options.symbols?.());
    for (const [symbol, isWanted] of this.#asked) symbols[isWanted ? 'add' : 'delete'](symbol);
    return [...symbols];
  }

  #each<T>(read: (symbol: string) => T | undefined): readonly T[] {
    return this.#symbols.map(read).filter((found) => found !== undefined);
  }

  #select(stream: MarketStream): readonly unknown[] {
    const { select } = this.#options;
    if (select !== undefined) return select(stream);
    const ofSymbol = (symbol: string): unknown[] => [
      stream.ticker(symbol),
      stream.book(symbol)?.version,
      stream.verdict(symbol).state,
    ];
    return [stream.status, Math.floor(stream.now() / 1000), ...this.#symbols.flatMap(ofSymbol)];
  }

  readonly #pulse = (): void => {
    if (this.#sight?.look() === true) this.#host.requestUpdate();
    else if (!this.isAsleep) this.#compare();
  };

  /** Of a symbol, with its update, or of the connection. */
  readonly #compare = (update?: MarketUpdate): void => {
    if (this.#stream === undefined) return;
    const selected = this.#select(this.#stream);
    const before = this.#selected;
    if (selected.length === before.length && selected.every((item, i) => Object.is(item, before[i]))) return;
    this.#selected = selected;
    if (update !== undefined) this.#paint.expect(update.symbol);
    this.#host.requestUpdate();
  };
}
