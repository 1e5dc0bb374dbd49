/**
 * Bitget `books`: OKX's shape with a type of instrument beside the symbol. A snapshot, then updates that prove themselves
 * by a checksum. Both versions of the interface are read; in the first a trade is a list, in the second an object.
 *
 * Source: www.bitget.com/api-doc, "Depth Channel", and the recordings.
 */
import { BY_NOTHING, type Verification } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevels, readMillis, readSide, tellTrade } from '../venue/fields.js';
import { ALTERNATING_LEVELS, okxChecksum } from '../venue/level-checksums.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

/** The only channel that has all levels and proves itself: the shorter ones repeat themselves whole. */
const BOOK = 'books';
const TRADES = 'trade';

const ARGUMENTS_A_MESSAGE = 50;

const UNKNOWN_CHANNEL = '30001';
const BY_CHECKSUM: Verification = { by: 'checksum', depth: ALTERNATING_LEVELS };

const URL_V2 = 'wss://ws.bitget.com/v2/ws/public';

export const bitget: VenueProtocol = {
  name: 'bitget',
  url: URL_V2,
  // The venue takes 1,000 channels and advises against more than 50 for a connection to be steady.
  limits: { symbols: 50, messagesPerSecond: 5 },
  verified: BY_CHECKSUM,
  listing: { url: 'https://api.bitget.com/api/v2/spot/public/symbols', read: readListing },
  recognises(frame) {
    const arg = member(frame, 'arg');
    return textAt(arg, 'instType') !== undefined && textAt(arg, 'instId') !== undefined;
  },
  start: (sink, options) => new BitgetSession(sink, instrumentType(options?.url ?? URL_V2)),
};

/** The second version serves all types at one address: `?instType=USDT-FUTURES` behind it chooses. */
function instrumentType(url: string): string {
  if (url.includes('/spot/v1/')) return 'sp';
  if (url.includes('/mix/v1/')) return 'mc';
  return /[?&]instType=([\w-]+)/.exec(url)?.[1] ?? 'SPOT';
}

class BitgetSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #instType: string;
  readonly #books: SnapshotFed;
  readonly #wishes = new Map<string, VenueWish>();

  constructor(sink: VenueSink, instType: string) {
    this.#sink = sink;
    this.#instType = instType;
    this.#books = new SnapshotFed(sink, { sumsAll: true });
  }

  read(text: string): void {
    if (text === 'pong') return;
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    if (textAt(frame, 'event') !== undefined) return this.#readEvent(frame);
    const channel = textAt(member(frame, 'arg'), 'channel');
    const symbol = textAt(member(frame, 'arg'), 'instId');
    if (channel === TRADES) this.#readTrades(frame, symbol);
    else if (channel !== BOOK) return;
    else if (symbol === undefined) this.#sink.refused('a book message that names no symbol', true);
    else this.#readBook(frame, symbol);
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
    const args = [this.#argument(BOOK, symbol)];
    return [JSON.stringify({ op: 'unsubscribe', args }), JSON.stringify({ op: 'subscribe', args })];
  }

  ping(): string {
    return 'ping';
  }

  #readBook(frame: Json, symbol: string): void {
    const action = textAt(frame, 'action');
    const data = listAt(frame, 'data');
    if (data.length === 0) return this.#books.void(symbol, 'bad_message', 'a message without data');
    for (const entry of data) {
      const sides = bothSides(readLevels(member(entry, 'bids')), readLevels(member(entry, 'asks')));
      const eventTime = readMillis(textAt(entry, 'ts'));
      const checksum = readChecksum(entry);
      const facts = { eventTime, checksum, checksumOf: okxChecksum };
      const verified = checksum === undefined ? BY_NOTHING : BY_CHECKSUM;
      if (action === 'snapshot') this.#books.snapshot(symbol, sides, { ...facts, verified, keepsTexts: true });
      else if (action === 'update') this.#books.delta(symbol, sides, facts);
      else this.#books.void(symbol, 'bad_message', 'a message that is neither snapshot nor update');
    }
  }

  /** Newest first on the wire. */
  #readTrades(frame: Json, symbol: string | undefined): void {
    for (const trade of listAt(frame, 'data').toReversed()) {
      // The first version: `[time, price, size, side]`, without an identifier.
      const [ts, price, size, side] = isList(trade) ? [0, 1, 2, 3] : ['ts', 'price', 'size', 'side'];
      const aggressor = readSide(textAt(trade, side!));
      const time = readMillis(textAt(trade, ts!));
      const id = textAt(trade, 'tradeId');
      tellTrade(this.#sink, symbol, id, member(trade, price!), member(trade, size!), aggressor, time);
    }
  }

  #readEvent(frame: Json): void {
    const event = textAt(frame, 'event');
    const code = textAt(frame, 'code') ?? 'error';
    const message = textAt(frame, 'msg') ?? 'The venue refused a request.';
    const channel = textAt(member(frame, 'arg'), 'channel');
    const symbol = textAt(member(frame, 'arg'), 'instId') ?? namedIn(message);
    if (event === 'subscribe') {
      const isMain = channel === BOOK || (symbol !== undefined && this.#wishes.get(symbol)?.depth === 0);
      if (symbol !== undefined && isMain) this.#sink.acknowledged([symbol]);
    } else if (event === 'error' && code === UNKNOWN_CHANNEL && symbol !== undefined) {
      // Each channel of the symbol is refused by itself.
      if (this.#wishes.delete(symbol)) this.#sink.rejected(symbol, 'unknown_symbol', message);
    } else if (event === 'error') {
      this.#sink.complained(code, message);
    }
  }

  #argument(channel: string, instId: string): Argument {
    return { instType: this.#instType, channel, instId };
  }

  #requests(op: string, symbols: readonly string[]): string[] {
    const args = symbols.flatMap((symbol) => {
      const wish = this.#wishes.get(symbol);
      return [
        ...(wish !== undefined && wish.depth > 0 ? [this.#argument(BOOK, symbol)] : []),
        ...(wish?.trades === true ? [this.#argument(TRADES, symbol)] : []),
      ];
    });
    const texts: string[] = [];
    for (let at = 0; at < args.length; at += ARGUMENTS_A_MESSAGE) {
      texts.push(JSON.stringify({ op, args: args.slice(at, at + ARGUMENTS_A_MESSAGE) }));
    }
    return texts;
  }
}

interface Argument {
  readonly instType: string;
  readonly channel: string;
  readonly instId: string;
}

/** Undefined where the venue gives none: it writes 0 then. Text that is no number is no checksum's equal. */
function readChecksum(data: Json): number | undefined {
  const text = textAt(data, 'checksum');
  return text === undefined || text === '0' ? undefined : Number(text);
}

/** `…channel:books,instId:XYZ doesn't exist` */
const namedIn = (message: string): string | undefined => /instId:([^\s,]+)/.exec(message)?.[1];

function readListing(text: string): string[] {
  return listAt(parseExact(text), 'data').flatMap((row) => textAt(row, 'symbol') ?? []);
}
