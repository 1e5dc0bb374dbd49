/**
 * One stream for each address on a page, however many elements and scripts want it. Each takes a lease; the last to give
 * its lease back ends the stream, one task later, so that an element that is moved in the page keeps it.
 */
import { systemClock } from './clock.js';
import { warnOnConsole } from './error-desk.js';
import { type GuideOptions, withGuideOptions } from './guide-options.js';
import { lateWorkerStream } from './late-worker-stream.js';
import { Listeners } from './listeners.js';
import type { MarketStream } from './market-stream.js';
import type { TokenProvider } from './auth-token.js';
import { createMarketStream, type MarketStreamOptions, type OwnedMarketStream } from './market-stream-core.js';
import type { ErrorListener, StreamError } from './stream-error.js';
import { webSocketAddress } from './transport/websocket.js';

/**
 * The first lease of an address makes its stream, in a worker where that one says so; settings of a later one change it
 * for all. Of several that bring a `token` the last one that is still held counts, for the whole connection.
 */
export interface SharedStreamOptions extends MarketStreamOptions {
  /** Puts socket, decoding and books in a worker, as `touchline/worker` does. Default: they are in the page. */
  readonly worker?: 'dedicated' | 'shared' | undefined;
  /** Where the worker's script is, on the page's own origin. */
  readonly workerUrl?: string | undefined;
}

export interface StreamLease {
  readonly stream: MarketStream;
  /** Gives the lease back. Safe to call twice. */
  release(): void;
}

interface Shared {
  readonly stream: OwnedMarketStream;
  readonly errorListeners: Listeners<[error: StreamError]>;
  /** Of those that hold a lease, the newest last. A copy of the kit from before there were any has none. */
  readonly tokens?: Set<{ readonly provider: TokenProvider }>;
  holders: number;
}

/** Where the streams of a page are found, by every copy of the kit on it: two script files still make one connection. */
const REGISTRY = Symbol.for('touchline.streams.v1');

const registry = (): Map<string, Shared> => {
  const page = globalThis as { [REGISTRY]?: Map<string, Shared> };
  return (page[REGISTRY] ??= new Map());
};

const permanent = new Map<string, StreamLease>();

/** One address may be written in several ways, and spoken to in several. */
const keyOf = ({ src, venue = '' }: SharedStreamOptions): string => `${venue} ${addressOf(src)}`.trimStart();

const addressOf = (src: string): string => {
  try {
    return webSocketAddress(src);
  } catch {
    // Another scheme, or no address at all: the stream itself says so.
    return src;
  }
};

const make = (options: SharedStreamOptions): Shared => {
  const errorListeners = new Listeners<[error: StreamError]>((cause) =>
    warnOnConsole({ code: 'listener_threw', message: 'An error listener threw.', cause }),
  );
  const onError: ErrorListener = (error) => {
    if (errorListeners.size === 0) warnOnConsole(error);
    else errorListeners.call(error);
  };
  const tokens = new Set<{ readonly provider: TokenProvider }>();
  const token: TokenProvider = (request) => [...tokens].at(-1)?.provider(request);
  const told = { ...options, onError, token };
  const isInPage = options.worker === undefined;
  const stream = isInPage ? createMarketStream(told) : lateWorkerStream(told, createMarketStream);
  return { stream, errorListeners, tokens, holders: 0 };
};

/** Joins the stream of an address, or makes it and connects it. Throws as `createMarketStream` does. */
export const acquireStream = (options: SharedStreamOptions): StreamLease => {
  const key = keyOf(options);
  const shared = registry();
  const known = shared.get(key);
  const entry = known ?? make(options);
  if (known === undefined) shared.set(key, entry);
  else known.stream.configure(options);
  entry.holders += 1;
  const token = options.token && { provider: options.token };
  if (token !== undefined && entry.tokens !== undefined) {
    entry.tokens.add(token);
    if (known !== undefined) entry.stream.login();
  }
  const stopErrors = options.onError === undefined ? undefined : entry.errorListeners.add(options.onError);
  if (known === undefined) entry.stream.connect();

  let isReleased = false;
  return {
    stream: entry.stream,
    release() {
      if (isReleased) return;
      isReleased = true;
      entry.holders -= 1;
      stopErrors?.();
      if (token !== undefined) entry.tokens?.delete(token);
      if (entry.holders > 0) return;
      (options.clock ?? systemClock).setTimer(() => {
        if (entry.holders > 0 || shared.get(key) !== entry) return;
        shared.delete(key);
        entry.stream.dispose();
      }, 0);
    },
  };
};

/**
 * The page's own stream of an address, for as long as the page lives, as in the guide, whose names for the settings do as
 * well. Without an address it is the guide's, `/ws/market/` on the page's own host. `touchline/guide` has its call shape.
 */
export const getMarketDataStream = (options: Partial<SharedStreamOptions> & GuideOptions = {}): MarketStream => {
  const ours = withGuideOptions(options);
  const key = keyOf(ours);
  let lease = permanent.get(key);
  if (lease === undefined) permanent.set(key, (lease = acquireStream(ours)));
  return lease.stream;
};
