/**
 * The reference exchange: one port with the desk page over HTTP and the market over WebSocket. It owns the sockets, the
 * one timer that lets the market go on, and nothing else; what is said on a socket is the session's.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { DEFAULT_RATE_PER_SYMBOL, Exchange, offerings } from '../src/sim/index.js';
import { MAX_CLIENT_FRAME_BYTES } from '../src/stream/protocol/messages.js';
import type { ServedMarket } from '../src/stream/protocol/session.js';
import { createRoutes } from './http-routes.js';
import { Sockets, type ServerDialect } from './sockets.js';

/** How often the market goes on and sessions look whether they have something to send. */
const STEP_MS = 20;
/** How long clients have for their goodbye before their sockets are cut. */
const CLOSE_MS = 1_000;
const SOCKET_PATHS: ReadonlySet<string> = new Set(['/', '/ws/market', '/ws/market/']);

/** A market that is told the time. */
export interface SteppedMarket extends ServedMarket {
  step(nowMs: number): void;
}

export interface ExchangeServerOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: the exchange is open to whoever reaches it. */
  readonly host?: string;
  /** What to serve. Default: a market of its own, made from the next three. */
  readonly market?: SteppedMarket;
  /** How many symbols. Default: the six Kenyan shares. */
  readonly symbols?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Changes of books a second, over all symbols. Default: 20 for each. */
  readonly rate?: number;
  /** `guide`: a server that knows the guide's dialect only. Default `any`. */
  readonly dialect?: ServerDialect;
  /** The project's folder, whose page and files are served. Default: the one this file is in. */
  readonly root?: string;
}

export interface ExchangeServer {
  /** The market's WebSocket address. */
  readonly url: string;
  /** The desk page's address. */
  readonly pageUrl: string;
  readonly port: number;
  readonly market: ServedMarket;
  /** Says goodbye to every client, closes with 1012 and stops. Safe to call twice. */
  close(): Promise<void>;
}

/** A name that no other run has. */
export const newEpoch = (): string => `e${Date.now().toString(36)}${randomUUID().slice(0, 4)}`;

/** Rejects when the port cannot be had (`EADDRINUSE`, `EACCES`); throws a RangeError at a rate that is none. */
export const startExchange = async (options: ExchangeServerOptions = {}): Promise<ExchangeServer> => {
  const { port = 0, host = '127.0.0.1', dialect = 'any' } = options;
  const root = options.root ?? fileURLToPath(new URL('..', import.meta.url));
  const market = options.market ?? makeMarket(options);
  const sockets = new Sockets(market, dialect);
  const startedMs = Date.now();

  const routes = createRoutes({
    market,
    root,
    health: () => ({ connections: sockets.size, symbols: market.symbols.length, uptimeMs: Date.now() - startedMs }),
  });
  const http = createServer(routes);
  const acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  http.on('upgrade', (request, socket, head) => {
    // Until the handshake is done the raw socket is ours, and a reset on it must not end the process.
    socket.on('error', () => socket.destroy());
    const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!SOCKET_PATHS.has(pathname)) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    acceptor.handleUpgrade(request, socket, head, (webSocket) => sockets.add(webSocket));
  });

  http.listen(port, host);
  // Rejects with the error when listening fails.
  await once(http, 'listening');

  const stepping = setInterval(() => {
    market.step(Date.now());
    sockets.flush();
  }, STEP_MS);

  const stop = async (): Promise<void> => {
    clearInterval(stepping);
    const closed = once(http, 'close');
    http.close();
    await sockets.goAway('shutdown', CLOSE_MS);
    http.closeAllConnections();
    await closed;
  };
  let stopping: Promise<void> | undefined;
  const address = http.address() as AddressInfo;
  const authority = `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  return {
    url: `ws://${authority}/ws/market/`,
    pageUrl: `http://${authority}/`,
    port: address.port,
    market,
    close: () => (stopping ??= stop()),
  };
};

const makeMarket = ({ symbols, seed, rate }: ExchangeServerOptions): SteppedMarket => {
  const listed = offerings(symbols);
  const ratePerSymbol = rate === undefined ? DEFAULT_RATE_PER_SYMBOL : rate / listed.length;
  return new Exchange({
    symbols: listed,
    ...(seed !== undefined && { seed }),
    ratePerSymbol,
    startMs: Date.now(),
    epoch: newEpoch(),
  });
};
