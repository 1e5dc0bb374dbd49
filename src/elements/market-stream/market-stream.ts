import { LitElement, css, html, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { StreamProvider } from '../../context/stream-provider.js';
import type { TokenProvider } from '../../stream/auth-token.js';
import type { MarketStream, StreamState } from '../../stream/market-stream.js';
import { StreamErrorEvent, StreamStateChangeEvent } from './market-stream.events.js';
import { streamWish } from './stream-attributes.js';

export type {} from '../event-map.js';

/**
 * Gives one market data stream to every element below it. All elements with the same address share one connection, on
 * the whole page; it is opened by the first and closed after the last.
 *
 * @summary One shared market data stream for everything below it.
 * @tag market-stream
 *
 * @example
 * <market-stream src="wss://feed.example/ws/market/">
 *   <feed-status></feed-status>
 *   <order-book symbol="SCOM"></order-book>
 * </market-stream>
 *
 * @slot - The elements that read the stream.
 *
 * @fires {StreamStateChangeEvent} stream-state-change - The connection's state has changed.
 * @fires {StreamErrorEvent} stream-error - Something went wrong that the page may want to log; the stream goes on by itself.
 */
export class MarketStreamElement extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
    :host([hidden]) {
      display: none;
    }
  `;

  /** Address of the feed: `wss://…`, a path on the page's own host, or `demo:` for a market inside the page. */
  @property() src = '';
  /**
   * Who speaks at the other end: `touchline`, which includes the guide's dialect, or an exchange: `binance`, `coinbase`,
   * `kraken`, `okx`, `bybit`, `bitfinex`, `deribit` and others. An exchange's own address stands for an empty `src`.
   */
  @property() venue = 'touchline';
  /** Shortest time between two deliveries of one symbol, in milliseconds; 0 is every frame. */
  @property({ type: Number }) throttle = 100;
  /** Deliveries a second over all symbols. Above it symbols are conflated for longer, low priority first; nothing is dropped. */
  @property({ type: Number, attribute: 'rate-limit' }) rateLimit = 1000;
  /** Trades kept for a symbol, and early deltas kept while its snapshot is awaited. */
  @property({ type: Number, attribute: 'buffer-size' }) bufferSize = 1000;
  /** Time between two pings in milliseconds; two without an answer end the connection. */
  @property({ type: Number }) heartbeat = 5000;
  /** First delay before a new try, in milliseconds; it grows with every try, with jitter, to 30 s. */
  @property({ type: Number, attribute: 'reconnect-delay' }) reconnectDelay = 1000;
  /** Quick tries before the state says `offline`; slow ones go on. */
  @property({ type: Number, attribute: 'reconnect-attempts' }) reconnectAttempts = 10;
  /** Sockets at most, where the other end takes fewer symbols on one than are wanted. */
  @property({ type: Number, attribute: 'max-connections' }) maxConnections = 10;
  /**
   * Tells the browser's profiler, and every `PerformanceObserver` for `measure`, how long each stage from the feed to the
   * screen took: entries `touchline:arrival`, `:apply`, `:delivery`, `:paint`, `:total`, at most ten of each a second.
   */
  @property({ type: Boolean, attribute: 'user-timing' }) userTiming = false;
  /**
   * Puts socket, decoding and books in a worker: empty or `dedicated` for one of the stream's own, `shared` for one that
   * all tabs of the origin share, with one connection. Where there can be none the stream is in the page, and says so
   * once. Read when the stream is made.
   */
  @property() worker: '' | 'dedicated' | 'shared' | undefined;
  /** Where the worker's script is, on the page's own origin. Default: beside the kit's own files. */
  @property({ attribute: 'worker-url' }) workerUrl = '';
  /** Closes the connection and keeps it closed. Every element with the same address is paused with it. */
  @property({ type: Boolean, reflect: true }) paused = false;
  /**
   * Gives a token to log in with, or a promise of one: a function, called at each connect, before the login runs out and
   * after a refusal. Never put a token in `src`. Elements with the same address share one connection, and so one login: the
   * function that was set last counts.
   */
  @property({ attribute: false }) token: TokenProvider | undefined;
  /** The stream. Set it to provide one that was made by script. */
  @property({ attribute: false })
  get stream(): MarketStream | undefined {
    return this.#given ?? this.#provider.stream;
  }
  set stream(stream: MarketStream | undefined) {
    const before = this.#given;
    this.#given = stream;
    this.requestUpdate('stream', before);
  }

  #given: MarketStream | undefined;
  #unobserve: (() => void) | undefined;
  #followed: MarketStream | undefined;
  #state: StreamState = 'idle';
  readonly #provider = new StreamProvider(
    this,
    () => streamWish(this, this.#given, (error) => this.dispatchEvent(new StreamErrorEvent(error.code, error.message))),
    (stream) => this.#follow(stream),
  );

  /** Opens the connection after `disconnect()`. */
  connect(): void {
    this.stream?.connect();
  }

  /** Closes the connection until `connect()`. */
  disconnect(): void {
    this.stream?.disconnect();
  }

  /** Drops the connection, if any, and tries at once. */
  reconnect(): void {
    this.stream?.reconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#provider.refresh();
    // Before the first update `#follow` has seen to it.
    if (changed.has('paused') && this.hasUpdated) this.#pause();
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  #pause(): void {
    if (this.paused) this.stream?.disconnect();
    else this.stream?.connect();
  }

  #follow(stream: MarketStream | undefined): void {
    this.#unobserve?.();
    // What was paused here is not left paused for the others who have the same address.
    if (this.paused) this.#followed?.connect();
    this.#followed = stream;
    this.#state = stream?.state ?? 'idle';
    if (this.paused) stream?.disconnect();
    this.#unobserve = stream?.observe(() => {
      const { state, status } = stream;
      if (state === this.#state) return;
      const previous = this.#state;
      this.#state = state;
      this.dispatchEvent(new StreamStateChangeEvent(state, previous, status));
    });
  }
}
