import { ContextConsumer } from '@lit/context';
import type { LitElement, ReactiveController } from 'lit';
import type { MarketStream, SubscribeOptions } from '../stream/market-stream.js';
import { streamContext } from './contexts.js';
import { ensureContextRoot } from './root.js';
import { NO_WISH, WishKeeper, type StreamWish } from './stream-wish.js';

export interface StreamControllerOptions {
  /** Where the stream comes from, asked anew with every update of the host. */
  readonly source: () => StreamWish;
  /** The symbols that the host shows now. Default: none, only the connection's status. */
  readonly symbols?: () => readonly string[];
  /** How they are wanted. Default: the stream's own defaults. */
  readonly subscription?: () => SubscribeOptions;
  /**
   * What the host's picture depends on, as a list that is compared item by item: the host updates when one of them has
   * changed, and not otherwise. Keep it cheap, it runs with every delivery.
   */
  readonly select: (stream: MarketStream) => readonly unknown[];
}

const NOTHING: readonly unknown[] = [];
/** How long an element may stand without a feed before it says so: a provider may be loaded after it. */
const LATE_PROVIDER_MS = 3000;

/**
 * Binds a Lit element to a market data stream: finds the stream, keeps the subscription as the host's wishes change,
 * selects, compares, and asks the host to update only when what it shows has changed.
 *
 * Timing: the host calls `refresh()` first thing in `willUpdate`; after that `stream` is the one to read. Between
 * updates the controller listens by itself. On disconnect everything is given back; on reconnect it is taken anew.
 */
export class StreamController implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: StreamControllerOptions;
  readonly #keeper = new WishKeeper();
  readonly #consumer: ContextConsumer<typeof streamContext, LitElement>;
  #stream: MarketStream | undefined;
  #selected: readonly unknown[] = NOTHING;
  #subscriptionKey = '';
  #unsubscribe: (() => void) | undefined;
  #unobserve: (() => void) | undefined;
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #isLate = false;

  constructor(host: LitElement, options: StreamControllerOptions) {
    this.#host = host;
    this.#options = options;
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
    return this.#stream === undefined && this.#isLate;
  }

  /** Takes the host's present wishes over. Call it first thing in `willUpdate`. */
  refresh(): void {
    // A stream handed in by property wins, then an address of the host's own, then the nearest provider above it.
    const stream = this.#host.isConnected
      ? (this.#keeper.follow(this.#options.source()) ?? this.#consumer.value)
      : undefined;
    if (stream !== this.#stream) this.#attach(stream);
    if (stream === undefined) return;
    const symbols = this.#options.symbols?.() ?? [];
    const subscription = this.#options.subscription?.() ?? {};
    const key = symbols.length === 0 ? '' : JSON.stringify([symbols, subscription]);
    if (key !== this.#subscriptionKey) {
      // The new subscription first: what both want stays subscribed.
      const old = this.#unsubscribe;
      this.#subscriptionKey = key;
      this.#unsubscribe = key === '' ? undefined : stream.subscribe(symbols, this.#compare, subscription);
      old?.();
    }
    this.#selected = this.#options.select(stream);
  }

  hostConnected(): void {
    this.#isLate = false;
    this.#lateTimer = setTimeout(() => {
      this.#isLate = true;
      if (this.#stream === undefined) this.#host.requestUpdate();
    }, LATE_PROVIDER_MS);
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    clearTimeout(this.#lateTimer);
    this.#keeper.follow(NO_WISH);
    this.#attach(undefined);
  }

  #attach(stream: MarketStream | undefined): void {
    this.#unsubscribe?.();
    this.#unobserve?.();
    this.#unsubscribe = undefined;
    this.#subscriptionKey = '';
    this.#selected = NOTHING;
    this.#stream = stream;
    this.#unobserve = stream?.observe(this.#compare);
  }

  readonly #compare = (): void => {
    if (this.#stream === undefined) return;
    const selected = this.#options.select(this.#stream);
    const before = this.#selected;
    if (selected.length === before.length && selected.every((item, i) => Object.is(item, before[i]))) return;
    this.#selected = selected;
    this.#host.requestUpdate();
  };
}
