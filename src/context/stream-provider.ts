import { ContextProvider } from '@lit/context';
import type { LitElement } from 'lit';
import type { MarketStream } from '../stream/market-stream.js';
import { streamContext } from './contexts.js';
import { ensureContextRoot } from './root.js';
import { NO_WISH, WishKeeper, type StreamWish } from './stream-wish.js';

/** Provides one stream to everything below its host: the one handed in, or one leased for the host's address. */
export class StreamProvider {
  readonly #wish: () => StreamWish;
  readonly #onChange: (stream: MarketStream | undefined) => void;
  readonly #keeper = new WishKeeper();
  readonly #provider: ContextProvider<typeof streamContext, LitElement>;
  #connected = false;

  constructor(host: LitElement, wish: () => StreamWish, onChange: (stream: MarketStream | undefined) => void) {
    this.#wish = wish;
    this.#onChange = onChange;
    ensureContextRoot();
    this.#provider = new ContextProvider(host, { context: streamContext });
    host.addController(this);
  }

  /** The stream that is provided now. */
  get stream(): MarketStream | undefined {
    return this.#provider.value;
  }

  /** Takes the host's present wish over. Call it when an attribute has changed. */
  refresh(): void {
    const stream = this.#keeper.follow(this.#connected ? this.#wish() : NO_WISH);
    if (stream === this.#provider.value) return;
    this.#provider.setValue(stream);
    this.#onChange(stream);
  }

  hostConnected(): void {
    this.#connected = true;
    this.refresh();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.refresh();
  }
}
