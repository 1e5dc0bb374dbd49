/**
 * Kraken's second socket. Prices and sizes are JSON numbers, whose text is kept. There is no numbering: every message
 * carries a checksum of the best ten levels a side, made of all the decimals that the instrument has. A book holds its
 * best levels only, and levels pushed out are not removed by message.
 *
 * Source: docs.kraken.com, "Spot WebSocket v2", channels `book`, `trade` and `instrument`, and "Book checksum (v2)".
 */
import type { LevelText } from '../../book/book.js';
import { MAX_DIGITS, parseDecimal } from '../../book/decimal.js';
import type { Verification } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readIsoTime, readLevels, readSide, tellTrade } from '../venue/fields.js';
import { KRAKEN_LEVELS, krakenChecksum } from '../venue/level-checksums.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import type {
  Sides,
  VenueOptions,
  VenueProtocol,
  VenueSession,
  VenueSink,
  VenueWish,
} from '../venue/venue-protocol.js';
import { depthFor, refusalCode, symbolsByDepth } from './kraken-depths.js';

const VERIFIED: Verification = { by: 'checksum', depth: KRAKEN_LEVELS };

export const kraken: VenueProtocol = {
  name: 'kraken',
  url: 'wss://ws.kraken.com/v2',
  // The venue states neither: what its own client libraries stay below.
  limits: { symbols: 200, messagesPerSecond: 5 },
  verified: VERIFIED,
  listing: { url: 'https://api.kraken.com/0/public/AssetPairs', read: readListing },
  recognises: (frame) =>
    (textAt(frame, 'channel') === 'book' || textAt(frame, 'channel') === 'status') &&
    textAt(frame, 'market') === undefined &&
    Array.isArray(member(frame, 'data')),
  start: (sink, options) => new KrakenSession(sink, options),
};

/** How many decimals an instrument's numbers have. */
interface Decimals {
  price: number;
  size: number;
}

class KrakenSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #fed: SnapshotFed;
  readonly #options: VenueOptions;
  readonly #wishes = new Map<string, VenueWish>();
  /** As the venue has acknowledged them. */
  readonly #depths = new Map<string, number>();
  /** As the venue has stated them. */
  readonly #instruments = new Map<string, Decimals>();
  /** As stated or, where the messages since the snapshot had more, as seen. */
  readonly #decimals = new Map<string, Decimals>();
  #requests = 0;

  constructor(sink: VenueSink, options: VenueOptions = {}) {
    this.#sink = sink;
    this.#fed = new SnapshotFed(sink, { sumsAll: true });
    this.#options = options;
  }

  read(text: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    const isSnapshot = textAt(frame, 'type') === 'snapshot';
    switch (textAt(frame, 'channel')) {
      case 'book':
        return this.#readBooks(member(frame, 'data'), isSnapshot);
      case 'trade':
        // A snapshot of trades are those from before the subscription.
        if (!isSnapshot) for (const trade of listAt(frame, 'data')) this.#readTrade(trade);
        return;
      case 'instrument':
        for (const pair of listAt(member(frame, 'data'), 'pairs')) this.#readInstrument(pair);
        return;
      case 'status':
        return this.#readStatus(textAt(listAt(frame, 'data')[0], 'system'));
      default:
        return this.#readAnswer(frame);
    }
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
    return [...this.#bookRequests('unsubscribe', [symbol]), ...this.#bookRequests('subscribe', [symbol])];
  }

  ping(): string {
    return this.#request('ping');
  }

  #readBooks(data: Json | undefined, isSnapshot: boolean): void {
    if (!isList(data) || data.length === 0) return this.#sink.refused('a book message without books', true);
    for (const book of data) this.#readBook(book, isSnapshot);
  }

  #readBook(book: Json, isSnapshot: boolean): void {
    const symbol = textAt(book, 'symbol');
    if (symbol === undefined) return this.#sink.refused('a book that names no symbol', true);
    const bids = readLevels(member(book, 'bids'), 'price', 'qty');
    const asks = readLevels(member(book, 'asks'), 'price', 'qty');
    const sides = bothSides(bids, asks);
    const decimals = this.#decimalsAfter(symbol, sides, isSnapshot);
    const checksum = textAt(book, 'checksum');
    const facts = {
      eventTime: readIsoTime(textAt(book, 'timestamp')),
      // What is no number equals no checksum.
      checksum: checksum === undefined ? undefined : Number(checksum),
      checksumOf: (view: Parameters<typeof krakenChecksum>[0]) => krakenChecksum(view, decimals.price, decimals.size),
    };
    if (!isSnapshot) return this.#fed.delta(symbol, sides, facts);
    const shown = Math.max(bids?.length ?? 0, asks?.length ?? 0);
    const depth = this.#depths.get(symbol) ?? this.#options.depth ?? depthFor(shown);
    this.#fed.snapshot(symbol, sides, { ...facts, verified: VERIFIED, depth, keepsTexts: true });
  }

  #decimalsAfter(symbol: string, sides: Sides | undefined, isSnapshot: boolean): Decimals {
    let decimals = this.#decimals.get(symbol);
    if (decimals === undefined || isSnapshot) {
      decimals = { ...(this.#instruments.get(symbol) ?? { price: 0, size: 0 }) };
      this.#decimals.set(symbol, decimals);
    }
    if (sides !== undefined) {
      raise(decimals, sides.bids);
      raise(decimals, sides.asks);
    }
    return decimals;
  }

  #readInstrument(pair: Json): void {
    const symbol = textAt(pair, 'symbol');
    const price = Number(textAt(pair, 'price_precision'));
    const size = Number(textAt(pair, 'qty_precision'));
    if (symbol === undefined || !isScale(price) || !isScale(size)) return;
    this.#instruments.set(symbol, { price, size });
  }

  #readTrade(trade: Json): void {
    const symbol = textAt(trade, 'symbol');
    const side = readSide(textAt(trade, 'side'));
    const time = readIsoTime(textAt(trade, 'timestamp'));
    tellTrade(this.#sink, symbol, textAt(trade, 'trade_id'), member(trade, 'price'), member(trade, 'qty'), side, time);
  }

  #readStatus(system: string | undefined): void {
    if (system === 'maintenance') this.#sink.complained('maintenance', 'The venue is under maintenance.');
  }

  #readAnswer(frame: Json): void {
    const method = textAt(frame, 'method');
    const error = textAt(frame, 'error');
    if (error !== undefined) return this.#readError(method, textAt(frame, 'symbol'), error);
    const result = member(frame, 'result');
    const symbol = textAt(result, 'symbol');
    if (symbol === undefined) return;
    const isBook = textAt(result, 'channel') === 'book';
    if (method === 'subscribe') {
      const depth = Number(textAt(result, 'depth'));
      if (isBook && Number.isSafeInteger(depth) && depth > 0) this.#depths.set(symbol, depth);
      if (isBook || this.#wishes.get(symbol)?.depth === 0) this.#sink.acknowledged([symbol]);
    } else if (method === 'unsubscribe' && isBook) this.#end(symbol);
  }

  #readError(method: string | undefined, symbol: string | undefined, error: string): void {
    const isSubscribed = /already subscribed/i.test(error);
    if (method !== 'subscribe' || symbol === undefined || isSubscribed) this.#sink.complained('refused', error);
    else this.#sink.rejected(symbol, refusalCode(error), error);
  }

  /** No more updates: unless we have asked for that, the book can no longer be trusted. */
  #end(symbol: string): void {
    if (this.#fed.last(symbol) === undefined) return;
    if (this.#wishes.has(symbol)) this.#fed.void(symbol, 'sequence', 'the venue has ended the subscription');
    else this.#fed.forget(symbol);
  }

  #requestsFor(method: string, symbols: readonly string[]): string[] {
    const requests = this.#bookRequests(method, symbols);
    const traded = symbols.filter((symbol) => this.#wishes.get(symbol)?.trades === true);
    if (traded.length > 0) requests.push(this.#request(method, { channel: 'trade', symbol: traded, snapshot: false }));
    return requests;
  }

  #bookRequests(method: string, symbols: readonly string[]): string[] {
    return [...symbolsByDepth(symbols, this.#wishes)].map(([depth, symbol]) =>
      this.#request(method, { channel: 'book', symbol, depth }),
    );
  }

  #request(method: string, params?: object): string {
    this.#requests++;
    return JSON.stringify({ method, ...(params && { params }), req_id: this.#requests });
  }
}

function raise(decimals: Decimals, levels: readonly LevelText[]): void {
  for (const [price, size] of levels) {
    decimals.price = Math.max(decimals.price, decimalsOf(price));
    decimals.size = Math.max(decimals.size, decimalsOf(size));
  }
}

/** A number of decimals that a decimal may have. */
const isScale = (decimals: number): boolean => Number.isInteger(decimals) && decimals >= 0 && decimals <= MAX_DIGITS;

/** The decimals as they are written, zeros and all. */
function decimalsOf(text: string): number {
  if (/[eE]/.test(text)) return parseDecimal(text)?.scale ?? 0;
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

/** The list has the names of the first socket: two currencies go by another name here. */
function readListing(text: string): string[] {
  const pairs = member(parseExact(text), 'result');
  return Object.values(typeof pairs === 'object' && pairs !== null ? pairs : {}).flatMap((pair: Json | undefined) => {
    const name = textAt(pair, 'wsname');
    return name === undefined ? [] : name.split('/').map(currencyName).join('/');
  });
}

const currencyName = (name: string): string => (name === 'XBT' ? 'BTC' : name === 'XDG' ? 'DOGE' : name);
