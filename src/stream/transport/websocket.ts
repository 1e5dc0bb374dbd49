/**
 * A WebSocket as a transport. It adds what browsers leave out: an end to endless connecting, an end to a socket that
 * is closed while it connects, and a limit to what may pile up unsent.
 */
import { MAX_SERVER_FRAME_LENGTH } from '../protocol/guards-server.js';
import { ABNORMAL_CLOSURE, type Transport, type TransportFactory } from './transport.js';

/** How long a connection may take to open. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Unsent bytes above which a socket is taken for stuck. What we send is small; an order must not wait behind a dead link. */
const MOST_BUFFERED_BYTES = 262_144;
const OPEN = 1;

/** The part of a browser's WebSocket that is used, so that a test or another environment may bring its own. */
export interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /**
   * The `Retry-After` of a refused handshake, in milliseconds. A browser hides that answer; whoever makes sockets of
   * another kind may set it before the close.
   */
  readonly retryAfterMs?: number | undefined;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface WebSocketTransportOptions {
  /** Default: the global `WebSocket`. */
  readonly makeSocket?: (url: string) => SocketLike;
  /** The address that relative ones start from. Default: the page's. */
  readonly base?: string | undefined;
}

/** The full `ws:` or `wss:` address of what a page wrote: one of these, `http(s):`, or a path of its own. Throws `TypeError`. */
export const webSocketAddress = (src: string, base = globalThis.location?.href): string => {
  let url: URL | undefined;
  try {
    // An empty address would be the page's own: no base makes it an error.
    url = new URL(src, src.trim() === '' ? undefined : base);
    url.protocol = url.protocol.replace(/^http/, 'ws');
  } catch {
    // Told below, with what can't be opened although it can be read.
  }
  if (url === undefined || !/^wss?:$/.test(url.protocol)) {
    throw new TypeError(`"${src}" is no address: expected wss://…, ws://… or a path such as /ws/market/.`);
  }
  // A fragment makes the constructor throw, and means nothing to a server.
  url.hash = '';
  return url.href;
};

/** A page may only send 1000 and 3000 to 4999. */
const sendableCode = (code: number | undefined): number | undefined =>
  code === 1000 || (code !== undefined && code >= 3000 && code <= 4999) ? code : undefined;

export const createWebSocketTransport =
  (options: WebSocketTransportOptions = {}): TransportFactory =>
  (src, events, clock): Transport => {
    const makeSocket = options.makeSocket ?? ((url: string): SocketLike => new WebSocket(url));
    let socket: SocketLike | undefined;
    let cancelTimeout = (): void => {};

    /** Lets go of the socket: whatever it still does is no longer heard. */
    const release = (): SocketLike | undefined => {
      const released = socket;
      socket = undefined;
      cancelTimeout();
      if (released !== undefined) released.onopen = released.onmessage = released.onclose = null;
      return released;
    };

    return {
      open() {
        const opened = makeSocket(webSocketAddress(src, options.base));
        socket = opened;
        cancelTimeout = clock.setTimer(() => {
          release()?.close();
          events.onClose(ABNORMAL_CLOSURE, 'The connection took too long to open.');
        }, CONNECT_TIMEOUT_MS);
        opened.onopen = () => {
          cancelTimeout();
          events.onOpen();
        };
        opened.onmessage = ({ data }: { data: unknown }) => {
          if (typeof data !== 'string') events.onRefused('binary', (data as Partial<Blob> | undefined)?.size);
          else if (data.length > MAX_SERVER_FRAME_LENGTH) events.onRefused('too_large', data.length);
          else events.onMessage(data);
        };
        // Always followed by a close. It stays when we let go: the socket of Node's `ws` ends the process with an error
        // that nobody listens to, and it has one for being let go while it connects.
        opened.onerror = () => {};
        opened.onclose = ({ code, reason }: { code: number; reason: string }) => {
          release();
          events.onClose(code, reason, opened.retryAfterMs);
        };
      },
      close(code, reason) {
        const allowed = sendableCode(code);
        if (allowed === undefined) release()?.close();
        else release()?.close(allowed, reason);
      },
      send(text) {
        if (socket?.readyState !== OPEN || socket.bufferedAmount > MOST_BUFFERED_BYTES) return false;
        socket.send(text);
        return true;
      },
    };
  };
