/**
 * HitBTC, second version: a snapshot, then updates whose `sequence` rises by one for each symbol. A second snapshot may come
 * soon after the first and replaces it; updates that it already holds are dropped.
 *
 * Source: api.hitbtc.com, "Socket Market Data" of version 2.
 */
import { BY_SEQUENCE } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readIsoTime, readLevels, readSide, tellTrade } from '../venue/fields.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import { nextId, readId } from '../venue/venue-id.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

const METHOD = /^(?:snapshot|update)(?:Orderbook|Trades|Candles)$/;
const SYMBOL_NOT_FOUND = '2001';

export const hitbtc: VenueProtocol = {
  name: 'hitbtc',
  url: 'wss://api.hitbtc.com/api/2/ws/public',
  limits: { symbols: 100, messagesPerSecond: 10 },
  verified: BY_SEQUENCE,
  listing: { url: 'https://api.hitbtc.com/api/2/public/symbol', read: readListing },
  recognises: (frame) => METHOD.test(textAt(frame, 'method') ?? '') && member(frame, 'params') !== undefined,
  start: (sink) => new HitbtcSession(sink),
};

class HitbtcSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #books: SnapshotFed;
  readonly #wishes = new Map<string, VenueWish>();
  /** The symbol of each subscription that has not been answered. */
  readonly #asked = new Map<string, string>();
  #requests = 0;

  constructor(sink: VenueSink) {
    this.#sink = sink;
    this.#books = new SnapshotFed(sink);
  }

  read(text: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    const params = member(frame, 'params');
    switch (textAt(frame, 'method')) {
      case 'snapshotOrderbook':
        return this.#readBook(params, true);
      case 'updateOrderbook':
        return this.#readBook(params, false);
      // Those of `snapshotTrades` are of the past.
      case 'updateTrades':
        for (const trade of listAt(params, 'data')) this.#readTrade(textAt(params, 'symbol'), trade);
        return;
      case undefined:
        return this.#readAnswer(frame);
    }
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#wishes.set(symbol, wish);
    return symbols.flatMap((symbol) => this.#topicsOf(symbol).map((topic) => this.#ask(topic, symbol)));
  }

  unsubscribe(symbols: readonly string[]): string[] {
    return symbols.flatMap((symbol) => {
      const requests = this.#topicsOf(symbol).map((topic) => this.#request(`unsubscribe${topic}`, { symbol }));
      this.#books.forget(symbol);
      this.#wishes.delete(symbol);
      return requests;
    });
  }

  resync(symbol: string): string[] {
    return [this.#request('unsubscribeOrderbook', { symbol }), this.#ask('Orderbook', symbol)];
  }

  /** Any question will do: the venue has none that asks for nothing. */
  ping(): string {
    return this.#request('getCurrency', { currency: 'BTC' });
  }

  #readBook(params: Json | undefined, isSnapshot: boolean): void {
    const symbol = textAt(params, 'symbol');
    if (symbol === undefined) return this.#sink.refused('a book that names no symbol', true);
    const sequence = readId(textAt(params, 'sequence'));
    if (sequence === undefined) return this.#books.void(symbol, 'bad_message', 'a book without a sequence');
    const sides = bothSides(
      readLevels(member(params, 'bid'), 'price', 'size'),
      readLevels(member(params, 'ask'), 'price', 'size'),
    );
    const eventTime = readIsoTime(textAt(params, 'timestamp'));
    if (isSnapshot) return this.#books.snapshot(symbol, sides, { eventTime, verified: BY_SEQUENCE }, sequence);
    const last = this.#books.last(symbol);
    if (last !== undefined && sequence <= last) return this.#books.old(symbol);
    const isNext = last !== undefined && sequence === nextId(last);
    this.#books.delta(symbol, sides, { eventTime }, { id: sequence, previous: isNext ? last : undefined });
  }

  #readTrade(symbol: string | undefined, trade: Json): void {
    tellTrade(
      this.#sink,
      symbol,
      textAt(trade, 'id'),
      member(trade, 'price'),
      member(trade, 'quantity'),
      readSide(textAt(trade, 'side')),
      readIsoTime(textAt(trade, 'timestamp')),
    );
  }

  #readAnswer(frame: Json): void {
    const id = textAt(frame, 'id') ?? '';
    const symbol = this.#asked.get(id);
    this.#asked.delete(id);
    const error = member(frame, 'error');
    if (error === undefined) {
      if (symbol !== undefined && member(frame, 'result') === true) this.#sink.acknowledged([symbol]);
      return;
    }
    const code = textAt(error, 'code') ?? 'error';
    const message = textAt(error, 'message') ?? 'The venue refused a request.';
    if (symbol === undefined || code !== SYMBOL_NOT_FOUND) return this.#sink.complained(code, message);
    // The venue refuses the book and the trades of a symbol, one after the other.
    if (this.#wishes.delete(symbol)) this.#sink.rejected(symbol, 'unknown_symbol', message);
  }

  #topicsOf(symbol: string): string[] {
    const { depth, trades } = this.#wishes.get(symbol) ?? { depth: 1, trades: true };
    return [...(depth > 0 ? ['Orderbook'] : []), ...(trades ? ['Trades'] : [])];
  }

  #ask(topic: string, symbol: string): string {
    const request = this.#request(`subscribe${topic}`, { symbol });
    this.#asked.set(String(this.#requests), symbol);
    return request;
  }

  #request(method: string, params: object): string {
    this.#requests++;
    return JSON.stringify({ method, params, id: this.#requests });
  }
}

function readListing(text: string): string[] {
  const rows = parseExact(text);
  return isList(rows) ? rows.flatMap((row) => textAt(row, 'id') ?? []) : [];
}
