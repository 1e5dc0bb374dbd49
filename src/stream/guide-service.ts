/**
 * `touchline/guide`: a stream under the guide's call shape, for pages that were written to it. Subscriptions have names, a
 * callback gets the newest row of a symbol, and the one with the highest priority is called first.
 */
import type { MarketStream, StreamMetrics, Ticker } from './market-stream.js';

export interface GuideService {
  /**
   * Calls back with each symbol's newest row: at once with what is known, at most once a throttle interval, and always with
   * the last one. A second subscription of a name takes the place of the first. Returns its undo, safe to call twice.
   */
  subscribe(
    id: string,
    symbols: readonly string[],
    callback: (row: Ticker) => void,
    /** Higher is called first. Default 0. */
    priority?: number,
  ): () => void;
  /** Ends the subscription of that name, if there is one. */
  unsubscribe(id: string): void;
  getMetrics(): StreamMetrics;
}

const services = new WeakMap<MarketStream, GuideService>();

/** One and the same service for each stream, so that names mean the same all over a page. */
export const guideService = (stream: MarketStream): GuideService => {
  let service = services.get(stream);
  if (service === undefined) services.set(stream, (service = makeService(stream)));
  return service;
};

const makeService = (stream: MarketStream): GuideService => {
  const undos = new Map<string, () => void>();
  return {
    subscribe(id, symbols, callback, priority = 0) {
      if (typeof id !== 'string') throw new TypeError(`subscribe: the name must be text, got ${typeof id}.`);
      if (typeof callback !== 'function') {
        throw new TypeError(`subscribe: the callback must be a function, got ${typeof callback}.`);
      }
      const tell = (symbol: string): void => {
        const row = stream.ticker(symbol);
        if (row !== undefined) callback(row);
      };
      // The new one before the old one goes: what both want stays subscribed.
      const end = stream.subscribe(symbols, ({ symbol, ticker }) => ticker && tell(symbol), { book: false, priority });
      undos.get(id)?.();
      undos.set(id, end);
      return () => {
        end();
        if (undos.get(id) === end) undos.delete(id);
      };
    },
    unsubscribe(id) {
      undos.get(id)?.();
      undos.delete(id);
    },
    getMetrics: () => stream.metrics(),
  };
};
