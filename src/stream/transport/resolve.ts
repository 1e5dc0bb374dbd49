/**
 * Which transport an address means. Schemes other than a socket's are loaded when they are first used, so that a page
 * pays only for what it names.
 */
import type { Clock } from '../clock.js';
import { ABNORMAL_CLOSURE, type Transport, type TransportEvents, type TransportFactory } from './transport.js';
import { createWebSocketTransport, webSocketAddress } from './websocket.js';

export type TransportLoader = () => Promise<TransportFactory>;

const loaders = new Map<string, TransportLoader>([
  ['demo:', async () => (await import('./demo.js')).demoTransport],
  ['replay:', async () => (await import('./replay.js')).replayTransport],
]);

/** Adds a scheme, e.g. `replay:`, or replaces one. `prefix` is what an address begins with, colon included. */
export const registerTransport = (prefix: string, loader: TransportLoader): void => {
  if (!/^[a-z][a-z0-9+.-]*:$/.test(prefix)) {
    throw new TypeError(`registerTransport: the prefix must be a scheme with its colon, got "${prefix}".`);
  }
  loaders.set(prefix, loader);
};

/** Opens once its code is here, unless it was closed meanwhile. */
const lazily =
  (load: TransportLoader): TransportFactory =>
  (src: string, events: TransportEvents, clock: Clock): Transport => {
    let inner: Transport | undefined;
    let isClosed = false;
    const start = (factory: TransportFactory): void => {
      if (isClosed) return;
      inner = factory(src, events, clock);
      inner.open();
    };
    // Code that could not be fetched may be there the next time: browsers say so with a `TypeError`. Code that refuses
    // to run will refuse again.
    const failed = (error: unknown): void => {
      if (!(error instanceof TypeError)) throw error;
      if (!isClosed) events.onClose(ABNORMAL_CLOSURE, error.message);
    };
    const unusable = (error: unknown): void => {
      if (!isClosed) events.onUnusable(error);
    };
    return {
      get isRecorded() {
        return inner?.isRecorded ?? false;
      },
      open: () => void Promise.resolve().then(load).then(start, failed).catch(unusable),
      close(code, reason) {
        isClosed = true;
        inner?.close(code, reason);
      },
      send: (text) => inner?.send(text) ?? false,
    };
  };

/** The transport of an address. Throws `TypeError`, with what was expected, for one that means nothing. */
export const transportFor = (src: string): TransportFactory => {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(src)?.[0].toLowerCase();
  const loader = scheme === undefined ? undefined : loaders.get(scheme);
  if (loader !== undefined) return lazily(loader);
  webSocketAddress(src);
  return createWebSocketTransport();
};

/** Resolves anew at each try, so that a scheme registered in between is found. */
export const resolvingTransport: TransportFactory = (src, events, clock) => transportFor(src)(src, events, clock);
