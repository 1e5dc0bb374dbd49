/**
 * What the exchange answers over HTTP: the desk page and its files, what is listed, how it is, and whole books to compare
 * with. All but orders, the ticket for a login, and the phases where they may be set, only reads.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unitsToText } from '../src/book/decimal.js';
import type { LevelText } from '../src/stream/protocol/messages.js';
import type { ServedBook, ServedMarket, ServedSide } from '../src/stream/protocol/session.js';
import { JournalError } from './journal/journal-error.js';
import { isOrderPath, type OrderRoutes } from './order-routes.js';
import type { PhaseRoute } from './phase-route.js';
import { fileFor, sendFile } from './static-files.js';

const DESK_PAGE = '/examples/html/desk.html';

export interface RouteOptions {
  readonly market: ServedMarket;
  /** The project's folder. */
  readonly root: string;
  /** A ticket for whoever asks; `refused` when he may have none; undefined when there are none, or none left. */
  readonly ticket: (request: IncomingMessage) => string | undefined;
  /** Answers `POST /api/phase`. Left out: the path is as any other. */
  readonly phase?: PhaseRoute;
  /** Undefined where no orders are taken over HTTP. */
  readonly orders: OrderRoutes | undefined;
  /** What `/health` says beside `status`. */
  readonly health: () => Readonly<Record<string, unknown>>;
}

export const createRoutes = (options: RouteOptions) => (request: IncomingMessage, response: ServerResponse) => {
  answer(options, request, response).catch((error: unknown) => {
    // Nobody can tell whether the act was kept, and any answer would.
    if (error instanceof JournalError) return void request.socket.destroy();
    // The reader went away, or the disk failed. Either way this answer is over, and the exchange goes on.
    if (!response.headersSent) sendJson(response, 500, { error: 'the file could not be read' });
    else response.destroy(error as Error);
  });
};

const answer = async (
  { market, root, health, ticket, orders, phase }: RouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method === 'POST' && pathname === '/api/ws-ticket') return sendTicket(ticket(request), response);
  if (request.method === 'POST' && pathname === '/api/phase' && phase !== undefined) return phase(request, response);
  if (orders !== undefined && isOrderPath(pathname)) return orders.answer(request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendJson(response, 405, { error: 'only GET and HEAD' });
  }
  if (pathname === '/health') return sendJson(response, 200, { status: 'ok', ...health() });
  if (pathname === '/symbols.json') return sendJson(response, 200, listedInstruments(market));
  const symbol = /^\/books\/([^/]+)\.json$/.exec(pathname)?.[1];
  if (symbol !== undefined) return sendBook(market, symbol, response);
  const file = await fileFor(root, pathname === '/' ? DESK_PAGE : pathname);
  if (file === undefined) return sendJson(response, 404, { error: 'not found' });
  await sendFile(file, request, response);
};

/** To the page that asks and no other: `sendJson` lets every page read. */
const sendTicket = (ticket: string | undefined, response: ServerResponse): void => {
  const [status, value] =
    ticket === undefined
      ? [503, { error: 'there are no tickets' }]
      : ticket === 'refused'
        ? [403, { error: 'no ticket for this page or user' }]
        : [200, { ticket }];
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
};

const listedInstruments = (market: ServedMarket) =>
  market.symbols.flatMap((symbol) => {
    const listing = market.listing(symbol);
    return listing === undefined ? [] : [{ ...listing.instrument, phase: listing.phase }];
  });

const sendBook = (market: ServedMarket, encoded: string, response: ServerResponse): void => {
  let symbol: string;
  try {
    symbol = decodeURIComponent(encoded);
  } catch {
    return sendJson(response, 404, { error: 'not found' });
  }
  const listing = market.listing(symbol);
  if (listing === undefined) return sendJson(response, 404, { error: `no symbol ${symbol} is listed` });
  const { book } = listing;
  if (book === undefined) return sendJson(response, 503, { error: `${symbol} has no book yet` });
  const { epoch, sequence: seq, eventTime: timestamp } = book;
  sendJson(response, 200, {
    symbol,
    epoch,
    seq,
    timestamp,
    bids: levelsOf(book, book.bids),
    asks: levelsOf(book, book.asks),
  });
};

const levelsOf = ({ priceScale, sizeScale }: ServedBook, side: ServedSide): LevelText[] =>
  Array.from({ length: side.length }, (_, i) => [
    unitsToText(side.priceAt(i), priceScale),
    unitsToText(side.sizeAt(i), sizeScale),
  ]);

const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    // Benches on other origins compare their books with ours.
    'access-control-allow-origin': '*',
  });
  response.end(text);
};
