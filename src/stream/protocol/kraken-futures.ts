/**
 * Kraken's futures. A snapshot, then one level in each message; `seq` rises by one with each message of a product. Prices
 * and sizes are JSON numbers, whose text is kept.
 *
 * Source: docs.kraken.com, "Futures WebSocket", feeds `book`, `trade` and `heartbeat`.
 */
import { BY_SEQUENCE } from '../verdict.js';
import { listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevel, readLevels, readMillis, readSide, tellTrade } from '../venue/fields.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import { readId } from '../venue/venue-id.js';
import type { Sides, VenueId, VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

export const krakenFutures: VenueProtocol = {
  name: 'kraken-futures',
  url: 'wss://futures.kraken.com/ws/v1',
  // 100 requests a second are allowed; symbols are not limited.
  limits: { symbols: 200, messagesPerSecond: 20 },
  verified: BY_SEQUENCE,
  listing: { url: 'https://futures.kraken.com/derivatives/api/v3/instruments', read: readListing },
  recognises: (frame) =>
    (textAt(frame, 'feed') === 'book' || textAt(frame, 'feed') === 'book_snapshot') &&
    (textAt(frame, 'product_id') !== undefined || member(frame, 'product_ids') !== undefined),
  start: (sink) => new KrakenFuturesSession(sink),
};

class KrakenFuturesSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #fed: SnapshotFed;
  readonly #wishes = new Map<string, VenueWish>();

  constructor(sink: VenueSink) {
    this.#sink = sink;
    this.#fed = new SnapshotFed(sink);
  }

  read(text: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    if (textAt(frame, 'event') !== undefined) return this.#readEvent(frame);
    const symbol = textAt(frame, 'product_id');
    switch (textAt(frame, 'feed')) {
      case 'book_snapshot':
        return this.#readSnapshot(frame, symbol);
      case 'book':
        return this.#readUpdate(frame, symbol);
      case 'trade':
        return this.#readTrade(frame, symbol);
      default:
    }
  }

  greeting(): string[] {
    return ['{"event":"subscribe","feed":"heartbeat"}'];
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#wishes.set(symbol, wish);
    return this.#requestsFor('subscribe', symbols);
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const requests = this.#requestsFor('unsubscribe', symbols);
    for (const symbol of symbols) {
      this.#wishes.delete(symbol);
      this.#fed.forget(symbol);
    }
    return requests;
  }

  resync(symbol: string): string[] {
    this.#fed.forget(symbol);
    return ['unsubscribe', 'subscribe'].map((event) => requestFor(event, 'book', [symbol]));
  }

  ping(): string {
    return '{"event":"ping"}';
  }

  #readSnapshot(frame: Json, symbol: string | undefined): void {
    if (symbol === undefined) return this.#sink.refused('a snapshot that names no product', true);
    const id = readId(textAt(frame, 'seq'));
    const bids = readLevels(member(frame, 'bids'), 'price', 'qty');
    const asks = readLevels(member(frame, 'asks'), 'price', 'qty');
    const sides = bothSides(bids, asks);
    if (id === undefined) return this.#fed.void(symbol, 'bad_message', 'a snapshot without a number');
    const eventTime = readMillis(textAt(frame, 'timestamp'));
    this.#fed.snapshot(symbol, sides, { eventTime, verified: BY_SEQUENCE }, id);
  }

  #readUpdate(frame: Json, symbol: string | undefined): void {
    if (symbol === undefined) return this.#sink.refused('an update that names no product', true);
    const id = readId(textAt(frame, 'seq'));
    if (id !== undefined && id === this.#fed.last(symbol)) return this.#sink.skipped(symbol, 'old');
    const eventTime = readMillis(textAt(frame, 'timestamp'));
    // Without a number it follows nothing.
    const link = { id: id ?? 0, previous: id === undefined ? undefined : idBefore(id) };
    this.#fed.delta(symbol, sidesOf(frame), { eventTime }, link);
  }

  #readTrade(frame: Json, symbol: string | undefined): void {
    const side = readSide(textAt(frame, 'side'));
    const time = readMillis(textAt(frame, 'time'));
    tellTrade(this.#sink, symbol, textAt(frame, 'uid'), member(frame, 'price'), member(frame, 'qty'), side, time);
  }

  #readEvent(frame: Json): void {
    const symbols = listAt(frame, 'product_ids').filter((symbol) => typeof symbol === 'string');
    const message = textAt(frame, 'message') ?? 'The venue refused a request.';
    const isBook = textAt(frame, 'feed') === 'book';
    switch (textAt(frame, 'event')) {
      case 'subscribed': {
        const served = symbols.filter((symbol) => isBook || this.#wishes.get(symbol)?.depth === 0);
        if (served.length > 0) this.#sink.acknowledged(served);
        return;
      }
      case 'unsubscribed':
        if (isBook) for (const symbol of symbols) this.#end(symbol);
        return;
      case 'subscribed_failed':
        for (const symbol of symbols) this.#sink.rejected(symbol, 'subscribed_failed', message);
        return;
      case 'alert':
      case 'error':
        return this.#readAlert(message);
      default:
    }
  }

  /** A product that does not exist is named in the text only: "Couldn't subscribe to invalid product `FI_NONE`". */
  #readAlert(message: string): void {
    const [, symbol] = /invalid product `([^`]+)`/.exec(message) ?? [];
    if (symbol === undefined) this.#sink.complained('alert', message);
    else this.#sink.rejected(symbol, 'unknown_symbol', message);
  }

  /** No more updates: unless we have asked for that, the book can no longer be trusted. */
  #end(symbol: string): void {
    if (this.#fed.last(symbol) === undefined) return;
    if (this.#wishes.has(symbol)) this.#fed.void(symbol, 'sequence', 'the venue has ended the subscription');
    else this.#fed.forget(symbol);
  }

  #requestsFor(event: string, symbols: readonly string[]): string[] {
    const books = symbols.filter((symbol) => (this.#wishes.get(symbol)?.depth ?? 0) > 0);
    const traded = symbols.filter((symbol) => this.#wishes.get(symbol)?.trades === true);
    return [
      ...(books.length > 0 ? [requestFor(event, 'book', books)] : []),
      ...(traded.length > 0 ? [requestFor(event, 'trade', traded)] : []),
    ];
  }
}

const requestFor = (event: string, feed: string, symbols: readonly string[]): string =>
  JSON.stringify({ event, feed, product_ids: symbols });

/** The one level of an update; undefined when it cannot be read. */
function sidesOf(frame: Json): Sides | undefined {
  const level = readLevel(member(frame, 'price'), member(frame, 'qty'));
  if (level === undefined) return undefined;
  switch (textAt(frame, 'side')) {
    case 'buy':
      return { bids: [level], asks: [] };
    case 'sell':
      return { bids: [], asks: [level] };
    default:
      return undefined;
  }
}

const idBefore = (id: VenueId): VenueId | undefined => (typeof id === 'number' ? id - 1 : readId(String(id - 1n)));

function readListing(text: string): string[] {
  return listAt(parseExact(text), 'instruments').flatMap((instrument) => textAt(instrument, 'symbol') ?? []);
}
