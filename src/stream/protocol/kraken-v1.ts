/**
 * Kraken's first socket: `[channel, {…}, "book-10", "XBT/USD"]`. There is no numbering: every update, though no snapshot,
 * carries a checksum of the best ten levels a side. A book holds its best levels only, and levels pushed out are not
 * removed by message. A level with a fourth field `r` comes into view again; it is a level like any other.
 *
 * Source: docs.kraken.com, "Spot WebSocket v1", channels `book` and `trade`, and "Book checksum (v1)".
 */
import type { LevelText } from '../../book/book.js';
import type { Verification } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevels, readSeconds, readSide, tellTrade } from '../venue/fields.js';
import { KRAKEN_LEVELS, krakenChecksum } from '../venue/level-checksums.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import type { Sides, VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';
import { refusalCode, symbolsByDepth } from './kraken-depths.js';

const VERIFIED: Verification = { by: 'checksum', depth: KRAKEN_LEVELS };

export const krakenV1: VenueProtocol = {
  name: 'kraken-v1',
  url: 'wss://ws.kraken.com',
  // The venue states neither: what its own client libraries stay below.
  limits: { symbols: 200, messagesPerSecond: 5 },
  verified: VERIFIED,
  listing: { url: 'https://api.kraken.com/0/public/AssetPairs', read: readListing },
  recognises(frame) {
    if (textAt(frame, 'event') === 'subscriptionStatus') return textAt(frame, 'pair') !== undefined;
    return isList(frame) && frame.length >= 4 && isBookChannel(frame.at(-2));
  },
  start: (sink) => new KrakenV1Session(sink),
};

class KrakenV1Session implements VenueSession {
  readonly #sink: VenueSink;
  readonly #fed: SnapshotFed;
  readonly #wishes = new Map<string, VenueWish>();

  constructor(sink: VenueSink) {
    this.#sink = sink;
    this.#fed = new SnapshotFed(sink, { sumsAll: true });
  }

  read(text: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    if (!isList(frame)) return this.#readEvent(frame);
    const channel = frame.at(-2);
    const symbol = frame.at(-1);
    if (frame.length < 3 || typeof symbol !== 'string') return;
    if (channel === 'trade') for (const trade of listAt(frame, 1)) this.#readTrade(symbol, trade);
    // An update of both sides comes as two objects in one frame.
    else if (isBookChannel(channel)) {
      this.#readBook(symbol, frame.slice(1, -2), Number(channel.slice('book-'.length)));
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
    return '{"event":"ping"}';
  }

  #readBook(symbol: string, maps: readonly Json[], depth: number): void {
    const eventTime = newestTime(maps);
    if (maps.some((map) => member(map, 'as') !== undefined || member(map, 'bs') !== undefined)) {
      const sides = bothSides(sideOf(maps, 'bs'), sideOf(maps, 'as'));
      return this.#fed.snapshot(symbol, sides, { eventTime, verified: VERIFIED, depth, keepsTexts: true });
    }
    const checksum = textAt(maps.at(-1), 'c');
    this.#fed.delta(symbol, updateOf(maps), {
      eventTime,
      // What is no number equals no checksum.
      checksum: checksum === undefined ? undefined : Number(checksum),
      checksumOf: (book) => krakenChecksum(book),
    });
  }

  #readTrade(symbol: string, trade: Json): void {
    const side = readSide(textAt(trade, 3));
    // Trades have no identifier here.
    tellTrade(this.#sink, symbol, undefined, member(trade, 0), member(trade, 1), side, readSeconds(textAt(trade, 2)));
  }

  #readEvent(frame: Json): void {
    const message = textAt(frame, 'errorMessage') ?? 'The venue refused a request.';
    switch (textAt(frame, 'event')) {
      case 'subscriptionStatus':
        return this.#readStatus(frame, textAt(frame, 'pair'), message);
      case 'error':
        return this.#sink.complained('refused', message);
      case 'systemStatus':
        if (textAt(frame, 'status') === 'maintenance') {
          this.#sink.complained('maintenance', 'The venue is under maintenance.');
        }
        return;
      default:
    }
  }

  #readStatus(frame: Json, symbol: string | undefined, message: string): void {
    const status = textAt(frame, 'status');
    if (symbol === undefined) {
      if (status === 'error') this.#sink.complained('refused', message);
      return;
    }
    const isBook = textAt(member(frame, 'subscription'), 'name') === 'book';
    if (status === 'error') this.#sink.rejected(symbol, refusalCode(message), message);
    else if (status === 'subscribed') {
      if (isBook || this.#wishes.get(symbol)?.depth === 0) this.#sink.acknowledged([symbol]);
    } else if (status === 'unsubscribed' && isBook) this.#end(symbol);
  }

  /** No more updates: unless we have asked for that, the book can no longer be trusted. */
  #end(symbol: string): void {
    if (this.#fed.last(symbol) === undefined) return;
    if (this.#wishes.has(symbol)) this.#fed.void(symbol, 'sequence', 'the venue has ended the subscription');
    else this.#fed.forget(symbol);
  }

  #requestsFor(event: string, symbols: readonly string[]): string[] {
    const requests = this.#bookRequests(event, symbols);
    const pair = symbols.filter((symbol) => this.#wishes.get(symbol)?.trades === true);
    if (pair.length > 0) requests.push(JSON.stringify({ event, pair, subscription: { name: 'trade' } }));
    return requests;
  }

  #bookRequests(event: string, symbols: readonly string[]): string[] {
    return [...symbolsByDepth(symbols, this.#wishes)].map(([depth, pair]) =>
      JSON.stringify({ event, pair, subscription: { name: 'book', depth } }),
    );
  }
}

const isBookChannel = (channel: Json | undefined): channel is string =>
  typeof channel === 'string' && /^book-[1-9]\d{0,4}$/.test(channel);

/** Undefined when the objects hold no update of either side, or one that cannot be read. */
function updateOf(maps: readonly Json[]): Sides | undefined {
  const isUpdate = maps.some((map) => member(map, 'a') !== undefined || member(map, 'b') !== undefined);
  return isUpdate ? bothSides(sideOf(maps, 'b'), sideOf(maps, 'a')) : undefined;
}

/** The levels under a name in all objects of the frame, empty when none has it, undefined when one cannot be read. */
function sideOf(maps: readonly Json[], name: string): LevelText[] | undefined {
  const levels: LevelText[] = [];
  for (const map of maps) {
    const list = member(map, name);
    if (list === undefined) continue;
    const side = readLevels(list);
    if (side === undefined) return undefined;
    levels.push(...side);
  }
  return levels;
}

/** Levels carry their own times, seconds with a fraction, in the third field; they are not in order. */
function newestTime(maps: readonly Json[]): number {
  let newest = 0;
  for (const map of maps) {
    for (const name of ['as', 'bs', 'a', 'b']) {
      for (const level of listAt(map, name)) newest = Math.max(newest, readSeconds(textAt(level, 2)));
    }
  }
  return newest;
}

function readListing(text: string): string[] {
  const pairs = member(parseExact(text), 'result');
  return Object.values(typeof pairs === 'object' && pairs !== null ? pairs : {}).flatMap(
    (pair: Json | undefined) => textAt(pair, 'wsname') ?? [],
  );
}
