/**
 * The reference exchange: one port with the desk page over HTTP and the market over WebSocket. It owns the sockets, the
 * one timer that lets the market go on, and nothing else; what is said on a socket is the session's.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { type DayLengths, DEFAULT_RATE_PER_SYMBOL, Exchange, offerings } from '../src/sim/index.js';
import { MAX_CLIENT_FRAME_BYTES } from '../src/stream/protocol/messages.js';
import type { LoginArea, ServedMarket } from '../src/stream/protocol/session.js';
import { HttpLogins, MOST_LOGINS_OF_USER } from './http-logins.js';
import { createRoutes } from './http-routes.js';
import { type Journal, openJournal } from './journal/journal.js';
import { JournalError } from './journal/journal-error.js';
import { OrderRoutes } from './order-routes.js';
import { isLoopbackHost, phaseRoute } from './phase-route.js';
import { Sockets, type ServerDialect } from './sockets.js';
import { MOST_TICKETS_OF_USER, TicketOffice, type Visitor } from './ticket-office.js';

/** How often the market goes on and sessions look whether they have something to send. */
const STEP_MS = 20;
/** How long clients have for their goodbye before their sockets are cut. */
const CLOSE_MS = 1_000;
const SOCKET_PATHS: ReadonlySet<string> = new Set(['/', '/ws/market', '/ws/market/']);

/** How long a login lasts where nothing else is asked for. */
const LOGIN_LIFE_MS = 3_600_000;
/** More than anybody has pages open. */
const SOCKETS_PER_USER = 20;
/** Who comes where nobody looks: the reference exchange has no users of its own. */
const ANYBODY: Visitor = { user: 'anybody', accounts: ['A-1'], scopes: ['market', 'trade'] };

/** A login by tickets from `POST /api/ws-ticket`. */
export interface ExchangeLogin {
  /** What it is needed for. Default: `private` and `orders`. */
  readonly required?: readonly LoginArea[];
  /** How long it lasts, in milliseconds. Default: an hour. */
  readonly lifeMs?: number;
  /** Who asks for a ticket, from a cookie perhaps. Undefined: nobody who may have one. Default: everybody is one user. */
  readonly identify?: (request: IncomingMessage) => Visitor | undefined;
  /** How many connections one user may log in on at one time. Default: 20, without a bound where everybody is one user. */
  readonly socketsPerUser?: number;
}

/** A market that is told the time. */
export interface SteppedMarket extends ServedMarket {
  step(nowMs: number): void;
}

export interface ExchangeServerOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: the exchange is open to whoever reaches it. */
  readonly host?: string;
  /** What to serve. Default: a market of its own, made from the options that follow. */
  readonly market?: SteppedMarket;
  /** How many symbols. Default: the six Kenyan shares. */
  readonly symbols?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Changes of books a second, over all symbols. Default: 20 for each. */
  readonly rate?: number;
  /**
   * The market goes through days of these lengths. Default: it is in `continuous` from the start on, whatever phase it was kept
   * in.
   */
  readonly day?: DayLengths;
  /**
   * `POST /api/phase` puts a symbol into a phase, for drills, and kept phases stand at the start. Whoever has an account on this
   * computer can halt the market with it, so it needs a loopback `host` and a market of its own. Default false.
   */
  readonly control?: boolean;
  /**
   * A folder, made if need be: accounts, orders and fills are kept in it and are there again after any end, with private
   * streams that go on. Needs the symbols that it was used with, or more. Default: all lives as long as the exchange.
   */
  readonly data?: string;
  /** What is kept in `data` outlives a loss of power too: slower, as each act waits for the disk. */
  readonly fsync?: boolean;
  /** An act could not be kept in `data`, or another process has taken it. Nobody is told of it, and the exchange closes. */
  readonly onFailure?: (error: Error) => void;
  /** Told, in words for people, when a line of `data` had not been written to its end and was cut off. */
  readonly onNote?: (text: string) => void;
  /** `guide`: a server that knows the guide's dialect only. Default `any`. */
  readonly dialect?: ServerDialect;
  /** The project's folder, whose page and files are served. Default: the one this file is in. */
  readonly root?: string;
  /** Default: nobody can log in, and nobody has to. */
  readonly login?: ExchangeLogin;
  /** How many sockets one address may have open. Default: any number, as behind a proxy all have the same. */
  readonly socketsPerAddress?: number;
  /** The only pages that may connect or have a ticket, as their exact `Origin`. Default: all, and those without one. */
  readonly origins?: readonly string[];
}

export interface ExchangeServer {
  /** The market's WebSocket address. */
  readonly url: string;
  /** The desk page's address. */
  readonly pageUrl: string;
  readonly port: number;
  readonly market: ServedMarket;
  /** Ends every connection of a user with 4401, his logins over HTTP, and the tickets that he has not used yet. */
  logOut(user: string): void;
  /** Says goodbye to every client, closes with 1012 and stops. Safe to call twice. */
  close(): Promise<void>;
}

/** A name that no other run has. */
export const newEpoch = (): string => `e${Date.now().toString(36)}${randomUUID().slice(0, 4)}`;

/**
 * Rejects when the port cannot be had (`EADDRINUSE`, `EACCES`), with a RangeError at a rate or a length that is none, a symbol of
 * `data` that is not listed, or `control` without its needs, with a JournalError when `data` is in use or damaged.
 */
export const startExchange = async (options: ExchangeServerOptions = {}): Promise<ExchangeServer> => {
  if (options.market !== undefined || options.data === undefined) return serve(options);
  let server: ExchangeServer | undefined;
  const journal = openJournal({
    folder: options.data,
    epoch: `p${newEpoch()}`,
    ...(options.fsync !== undefined && { fsync: options.fsync }),
    onFailure: (error) => {
      // What asked for the act has its answer before the goodbye, and nothing that it says is heard after it.
      queueMicrotask(() => void server?.close());
      options.onFailure?.(error);
    },
  });
  try {
    if (journal.torn !== undefined) {
      const { bytes, path } = journal.torn;
      options.onNote?.(`The last act of the journal was not written to its end: ${bytes} bytes are now in ${path}.`);
    }
    server = await serve(options, journal);
    return server;
  } catch (error) {
    journal.close();
    throw error;
  }
};

const serve = async (options: ExchangeServerOptions, journal?: Journal): Promise<ExchangeServer> => {
  const { port = 0, host = '127.0.0.1', dialect = 'any' } = options;
  const root = options.root ?? fileURLToPath(new URL('..', import.meta.url));
  if (options.control === true && (options.market !== undefined || !isLoopbackHost(host))) {
    throw new RangeError('control needs a loopback host, and a market of its own');
  }
  const market = options.market ?? makeMarket(options, journal);
  const { login, origins } = options;
  // Where nobody says who somebody is, all are one user, and no stranger must push another out.
  const isOneUser = login !== undefined && login.identify === undefined;
  const office = login && new TicketOffice(login.lifeMs ?? LOGIN_LIFE_MS, isOneUser ? Infinity : MOST_TICKETS_OF_USER);
  const required = login?.required ?? ['private', 'orders'];
  const socketsPerUser = login?.socketsPerUser ?? (isOneUser ? Infinity : SOCKETS_PER_USER);
  const sockets = new Sockets(market, dialect, office && { office, required, socketsPerUser });
  const isPermitted = (origin: string | undefined): boolean =>
    origins === undefined || (origin !== undefined && origins.includes(origin));
  const startedMs = Date.now();
  const logins = office && new HttpLogins(office, isOneUser ? Infinity : MOST_LOGINS_OF_USER);
  const orders = new OrderRoutes({
    market,
    isPermitted,
    login: logins && { logins, required },
    now: () => Date.now(),
  });

  const routes = createRoutes({
    market,
    root,
    // A server that knows the guide's dialect only takes no orders by another way.
    orders: dialect === 'guide' ? undefined : orders,
    ticket: (request) => {
      const visitor = (login?.identify ?? (() => ANYBODY))(request);
      if (visitor === undefined || !isPermitted(request.headers.origin)) return 'refused';
      return office?.issue(visitor, request.headers.origin, Date.now());
    },
    ...(options.control === true && market instanceof Exchange && { phase: phaseRoute(market) }),
    health: () => ({ connections: sockets.size, symbols: market.symbols.length, uptimeMs: Date.now() - startedMs }),
  });
  const http = createServer(routes);
  const acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  let stopping: Promise<void> | undefined;
  http.on('upgrade', (request, socket, head) => {
    // Until the handshake is done the raw socket is ours, and a reset on it must not end the process.
    socket.on('error', () => socket.destroy());
    // Nobody would say goodbye to one that comes now, and nothing would end it.
    if (stopping !== undefined) {
      return turnAway(socket, '503 Service Unavailable');
    }
    const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!SOCKET_PATHS.has(pathname)) {
      return turnAway(socket, '404 Not Found');
    }
    if (!isPermitted(request.headers.origin)) {
      return turnAway(socket, '403 Forbidden');
    }
    const address = request.socket.remoteAddress;
    const most = options.socketsPerAddress;
    if (most !== undefined && sockets.countFrom(address) >= most) {
      return turnAway(socket, '429 Too Many Requests');
    }
    acceptor.handleUpgrade(request, socket, head, (webSocket) =>
      sockets.add(webSocket, request.headers.origin, address),
    );
  });

  http.listen(port, host);
  // Rejects with the error when listening fails.
  await once(http, 'listening');

  const stepping = setInterval(() => {
    try {
      market.step(Date.now());
      sockets.flush();
    } catch (error) {
      // The journal has told of it, and whoever was told closes.
      if (!(error instanceof JournalError)) throw error;
    }
  }, STEP_MS);

  const stop = async (): Promise<void> => {
    clearInterval(stepping);
    const closed = once(http, 'close');
    http.close();
    await sockets.goAway('shutdown', CLOSE_MS);
    orders.dispose();
    http.closeAllConnections();
    await closed;
    journal?.close();
  };
  const address = http.address() as AddressInfo;
  const authority = `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  return {
    url: `ws://${authority}/ws/market/`,
    pageUrl: `http://${authority}/`,
    port: address.port,
    market,
    logOut: (user) => {
      office?.logOut(user);
      sockets.logOut(user);
      logins?.logOut(user);
    },
    close: () => (stopping ??= stop()),
  };
};

/** Ends a handshake for good: whoever kept his half of the socket open would hold up the stop. */
const turnAway = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
};

const makeMarket = (
  { symbols, seed, rate, day, control }: ExchangeServerOptions,
  journal: Journal | undefined,
): Exchange => {
  const listed = offerings(symbols);
  const ratePerSymbol = rate === undefined ? DEFAULT_RATE_PER_SYMBOL : rate / listed.length;
  const startMs = Date.now();
  const exchange = new Exchange({
    symbols: listed,
    ...(seed !== undefined && { seed }),
    ratePerSymbol,
    startMs,
    epoch: newEpoch(),
    ...(journal && { journal }),
    ...(day && { day }),
  });
  // Nothing would ever end a phase that an earlier run was in.
  if (day === undefined && control !== true) {
    for (const symbol of exchange.symbols) {
      if (exchange.listing(symbol)?.phase !== 'continuous') exchange.setPhase(symbol, 'continuous', startMs);
    }
  }
  return exchange;
};
