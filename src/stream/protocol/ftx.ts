/**
 * FTX `orderbook`, for recordings: the venue is no more. The best 100 levels a side as JSON numbers, whose text is kept. A
 * level pushed out is removed by message. Updates prove themselves by a checksum only.
 */
import type { Verification } from '../verdict.js';
import { listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readIsoTime, readLevels, readSeconds, readSide, tellTrade } from '../venue/fields.js';
import { FTX_LEVELS, ftxChecksum } from '../venue/level-checksums.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

const BOOK = 'orderbook';
const TRADES = 'trades';

const NO_SUCH_MARKET = '404';
/** The venue asks for another connection. */
const RECONNECT = '20001';
const BY_CHECKSUM: Verification = { by: 'checksum', depth: FTX_LEVELS };

export const ftx: VenueProtocol = {
  name: 'ftx',
  url: 'wss://ftx.com/ws/',
  limits: { symbols: 100, messagesPerSecond: 10 },
  verified: BY_CHECKSUM,
  recognises: (frame) =>
    textAt(frame, 'channel') !== undefined &&
    textAt(frame, 'market') !== undefined &&
    textAt(frame, 'type') !== undefined,
  start: (sink) => new FtxSession(sink),
};

class FtxSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #books: SnapshotFed;
  readonly #wishes = new Map<string, VenueWish>();

  constructor(sink: VenueSink) {
    this.#sink = sink;
    this.#books = new SnapshotFed(sink, { sumsAll: true });
  }

  read(text: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    const type = textAt(frame, 'type');
    const symbol = textAt(frame, 'market');
    const channel = textAt(frame, 'channel');
    if (type !== 'partial' && type !== 'update') this.#readAnswer(frame, type, channel, symbol);
    else if (channel === TRADES) this.#readTrades(frame, symbol);
    else if (channel !== BOOK) return;
    else if (symbol === undefined) this.#sink.refused('a book message that names no symbol', true);
    else this.#readBook(member(frame, 'data'), symbol, type === 'partial');
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#wishes.set(symbol, wish);
    return this.#requests('subscribe', symbols);
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const texts = this.#requests('unsubscribe', symbols);
    for (const symbol of symbols) {
      this.#wishes.delete(symbol);
      this.#books.forget(symbol);
    }
    return texts;
  }

  resync(symbol: string): string[] {
    return [request('unsubscribe', BOOK, symbol), request('subscribe', BOOK, symbol)];
  }

  ping(): string {
    return '{"op":"ping"}';
  }

  #readBook(data: Json | undefined, symbol: string, isSnapshot: boolean): void {
    const sides = bothSides(readLevels(member(data, 'bids')), readLevels(member(data, 'asks')));
    const checksum = textAt(data, 'checksum');
    // Every message has one: a number that cannot be read is no checksum's equal.
    const facts = {
      eventTime: readSeconds(textAt(data, 'time')),
      checksum: Number(checksum),
      checksumOf: ftxChecksum,
    };
    if (!isSnapshot) return this.#books.delta(symbol, sides, facts);
    const rest = { verified: BY_CHECKSUM, depth: FTX_LEVELS, keepsTexts: true };
    this.#books.snapshot(symbol, sides, { ...facts, ...rest });
  }

  #readTrades(frame: Json, symbol: string | undefined): void {
    for (const trade of listAt(frame, 'data')) {
      const side = readSide(textAt(trade, 'side'));
      const time = readIsoTime(textAt(trade, 'time'));
      tellTrade(this.#sink, symbol, textAt(trade, 'id'), member(trade, 'price'), member(trade, 'size'), side, time);
    }
  }

  #readAnswer(frame: Json, type: string | undefined, channel: string | undefined, market: string | undefined): void {
    const code = textAt(frame, 'code') ?? 'error';
    const message = textAt(frame, 'msg') ?? 'The venue refused a request.';
    if (type === 'subscribed' && market !== undefined) {
      if (channel === BOOK || this.#wishes.get(market)?.depth === 0) this.#sink.acknowledged([market]);
    } else if (type === 'info' && code === RECONNECT) {
      this.#sink.leaving(message);
    } else if (type === 'error') {
      const symbol = market ?? /^No such market: *(.+)$/.exec(message)?.[1];
      if (code !== NO_SUCH_MARKET || symbol === undefined) this.#sink.complained(code, message);
      // Each channel of the symbol is refused by itself.
      else if (this.#wishes.delete(symbol)) this.#sink.rejected(symbol, 'unknown_symbol', message);
    }
  }

  #requests(op: string, symbols: readonly string[]): string[] {
    return symbols.flatMap((symbol) => {
      const wish = this.#wishes.get(symbol);
      return [
        ...(wish !== undefined && wish.depth > 0 ? [request(op, BOOK, symbol)] : []),
        ...(wish?.trades === true ? [request(op, TRADES, symbol)] : []),
      ];
    });
  }
}

const request = (op: string, channel: string, market: string): string => JSON.stringify({ op, channel, market });
