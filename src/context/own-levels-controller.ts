import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ownLevels, watchOwnLevels, type OwnLevel } from '../orders/own-levels.js';
import type { MarketStream } from '../stream/market-stream.js';

const NONE: readonly OwnLevel[] = [];

/** Where the page's own orders rest in the book that an element shows. It asks for an update when that has changed. */
export class OwnLevelsController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #stream: MarketStream | undefined;
  #symbol = '';
  #levels = NONE;
  #unwatch: (() => void) | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** Those of this symbol, as they are now. The same list as long as nothing has changed. */
  follow(stream: MarketStream | undefined, symbol: string): readonly OwnLevel[] {
    const wanted = this.#host.isConnected ? stream : undefined;
    if (wanted !== this.#stream) {
      this.#unwatch?.();
      this.#stream = wanted;
      this.#unwatch = wanted && watchOwnLevels(wanted, this.#compare);
    }
    this.#symbol = symbol;
    return (this.#levels = this.#read());
  }

  hostDisconnected(): void {
    this.follow(undefined, this.#symbol);
  }

  #read(): readonly OwnLevel[] {
    return this.#stream ? ownLevels(this.#stream, this.#symbol) : NONE;
  }

  readonly #compare = (): void => {
    if (this.#read() !== this.#levels) this.#host.requestUpdate();
  };
}
