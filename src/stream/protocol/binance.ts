/**
 * Binance: spot with its national sisters, USD-M and COIN-M futures. Updates by socket, the snapshot by HTTP. Sizes are
 * absolute, and removing a level that the snapshot did not reach is normal.
 *
 * Spot numbers every event: the first number of an update is the last of the one before plus one. Futures skip numbers
 * and send `pu`, the last number of the update before, instead.
 *
 * Source: developers.binance.com, "Diff. Depth Stream" and "How to manage a local order book correctly".
 */
import { LevelBuffer } from '../../book/level-buffer.js';
import { BY_SEQUENCE } from '../verdict.js';
import { member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevels, readMillis, tellTrade } from '../venue/fields.js';
import { Scanner } from '../venue/scanner.js';
import { SnapshotBridge, type BridgeRule } from '../venue/snapshot-bridge.js';
import { nextId, readId } from '../venue/venue-id.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

/** Levels a side in a snapshot. More cost five times the request weight. */
const SNAPSHOT_LEVELS = 1000;
/** Streams in one message. */
const STREAMS_A_MESSAGE = 200;

const SPOT: BridgeRule = {
  isOld: (update, id) => update.last <= id,
  reaches: (update, id) => update.first <= nextId(id) && nextId(id) <= update.last,
  follows: (update, last) => update.first === nextId(last),
};

const FUTURES: BridgeRule = {
  isOld: (update, id) => update.last < id,
  // An update may also begin exactly where the snapshot ends; the venue's text forgets that.
  reaches: (update, id) => (update.first <= id && id <= update.last) || update.previous === id,
  follows: (update, last) => update.previous === last,
};

interface Market {
  readonly name: string;
  readonly url: string;
  readonly rest: string;
  readonly rule: BridgeRule;
  readonly isFutures: boolean;
  readonly trades: TradeType;
  readonly messagesPerSecond: number;
  recognises(event: Json): boolean;
}

const protocolOf = (market: Market): VenueProtocol => ({
  name: market.name,
  url: market.url,
  // 1,024 streams a connection, two for each symbol. Requests with 1,000 levels weigh 20 to 50 of 2,400 to 6,000 a minute.
  limits: { symbols: 500, messagesPerSecond: market.messagesPerSecond, snapshotsPerMinute: 60, lifeMs: 86_400_000 },
  verified: BY_SEQUENCE,
  listing: { url: `${market.rest}/ticker/price`, read: readListing },
  recognises(frame) {
    const event = member(frame, 'data') ?? frame;
    return textAt(event, 'e') === 'depthUpdate' && market.recognises(event);
  },
  start: (sink, { url = '' } = {}) => {
    const trades = /^wss?:\/\/[^/]+\/public\//.test(url) ? 'trade' : market.trades;
    return new BinanceSession(sink, { ...market, trades, rest: restOf(market, url) });
  },
});

/**
 * Sisters of the venue, and its places to practise: the socket's host, and where snapshots of the same books are. Another
 * one's snapshot would look joined: all its numbers are far ahead, or far behind.
 */
const SISTERS: readonly (readonly [socket: RegExp, rest: string])[] = [
  [/\.binance\.us$/, 'https://api.binance.us'],
  [/^demo-stream\.binance\.com$/, 'https://demo-api.binance.com'],
  [/^demo-[fd]stream\.binance\.com$/, 'https://testnet.binancefuture.com'],
  [/\.binancefuture\.com$/, 'https://testnet.binancefuture.com'],
  [/testnet\.binance\.vision$/, 'https://testnet.binance.vision'],
];

/** Where snapshots are, given the address of the socket. */
function restOf({ rest }: Market, url: string): string {
  const [, host = ''] = /^\w+:\/\/([^/:?#]+)/.exec(url.toLowerCase()) ?? [];
  const sister = SISTERS.find(([socket]) => socket.test(host));
  return sister === undefined ? rest : sister[1] + new URL(rest).pathname;
}

export const binanceSpot = protocolOf({
  name: 'binance-spot',
  url: 'wss://stream.binance.com:9443/ws',
  rest: 'https://api.binance.com/api/v3',
  rule: SPOT,
  isFutures: false,
  trades: 'trade',
  messagesPerSecond: 4,
  recognises: (event) => textAt(event, 'pu') === undefined,
});

export const binanceUsdm = protocolOf({
  name: 'binance-usdm',
  // The books' entry; aggregated trades have another, and an entry sends nothing of what it has not, without a word.
  url: 'wss://fstream.binance.com/public/ws',
  rest: 'https://fapi.binance.com/fapi/v1',
  rule: FUTURES,
  isFutures: true,
  trades: 'aggTrade',
  messagesPerSecond: 10,
  recognises: (event) => textAt(event, 'pu') !== undefined && textAt(event, 'ps') === undefined,
});

export const binanceCoinm = protocolOf({
  name: 'binance-coinm',
  url: 'wss://dstream.binance.com/ws',
  rest: 'https://dapi.binance.com/dapi/v1',
  rule: FUTURES,
  isFutures: true,
  trades: 'aggTrade',
  messagesPerSecond: 10,
  recognises: (event) => textAt(event, 'pu') !== undefined && textAt(event, 'ps') !== undefined,
});

/** The second is for one with a letter that no symbol has, e.g. `BTC/USDT`. */
const UNKNOWN_SYMBOL: ReadonlySet<string | undefined> = new Set(['-1121', '-1100']);
/** Numbers of a trade that nobody asks for: first and last trade of an aggregate, buyer's and seller's order. */
const IDLE_TRADE_FIELDS = [',"f":', ',"l":', ',"b":', ',"a":'] as const;

/** Spot gives every trade. Futures give those of one order together, and single ones beside that without saying so. */
type TradeType = 'trade' | 'aggTrade';

class BinanceSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #market: Market;
  readonly #bridge: SnapshotBridge;
  readonly #scanner = new Scanner();
  readonly #bids = new LevelBuffer();
  readonly #asks = new LevelBuffer();
  readonly #symbols = new Set<string>();
  /** A snapshot that names no symbol, while there is none that it could mean. */
  #unnamed: Json | undefined;
  #requests = 0;

  constructor(sink: VenueSink, market: Market) {
    this.#sink = sink;
    this.#market = market;
    this.#bridge = new SnapshotBridge(sink, market.rule);
  }

  read(text: string, url?: string): void {
    if (url === undefined && this.#scan(this.#scanner.over(text))) return;
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    if (url !== undefined) return this.#readAnswer(frame, url);
    if (textAt(frame, 'lastUpdateId') !== undefined && textAt(frame, 'stream') === undefined) {
      return this.#readSnapshot(frame, textAt(frame, 'symbol') ?? this.#onlySymbol());
    }
    this.#readEvent(member(frame, 'data') ?? frame);
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#bridge.begin(symbol);
    return this.#requestsFor('SUBSCRIBE', symbols, wish);
  }

  unsubscribe(symbols: readonly string[]): string[] {
    for (const symbol of symbols) this.#bridge.forget(symbol);
    return this.#requestsFor('UNSUBSCRIBE', symbols, { depth: 1, trades: true });
  }

  resync(): string[] {
    return [];
  }

  snapshotUrl(symbol: string): string {
    const asked = new URLSearchParams({ symbol, limit: String(SNAPSHOT_LEVELS) });
    return `${this.#market.rest}/depth?${asked.toString()}`;
  }

  ping(): string {
    return this.#request('LIST_SUBSCRIPTIONS');
  }

  /** Frames of the shapes that come all the time. False: not one of them, and nothing has been told. */
  #scan(scanner: Scanner): boolean {
    const isWrapped = scanner.take('{"stream":"');
    if (isWrapped && (scanner.name() === undefined || !scanner.take(',"data":'))) return false;
    if (scanner.take('{"e":"depthUpdate","E":')) return this.#scanUpdate(scanner, isWrapped ? '}}' : '}');
    if (scanner.take('{"e":"trade","E":')) return this.#scanTrade(scanner, 'trade', isWrapped ? '}}' : '}');
    if (scanner.take('{"e":"aggTrade","E":')) return this.#scanTrade(scanner, 'aggTrade', isWrapped ? '}}' : '}');
    if (this.#sink.quote === undefined) return false;
    if (!scanner.take('{"u":') && !scanner.take('{"e":"bookTicker","u":')) return false;
    return this.#scanQuote(scanner, isWrapped ? '}}' : '}');
  }

  #scanUpdate(scanner: Scanner, end: string): boolean {
    const eventTime = scanner.integer();
    if (scanner.take(',"T":')) scanner.integer();
    if (!scanner.take(',"s":"')) return false;
    const symbol = scanner.name();
    if (symbol === undefined || !scanner.take(',"U":')) return false;
    const scales = this.#sink.scales(symbol);
    // The first update of a symbol goes the long way: it makes the symbol known, and a snapshot without a name may wait for it.
    if (scales === undefined || this.#bridge.isAwaiting(symbol) || !this.#symbols.has(symbol)) return false;
    const first = scanner.integer();
    if (!scanner.take(',"u":')) return false;
    const last = scanner.integer();
    let previous: number | undefined;
    if (this.#market.isFutures) {
      if (!scanner.take(',"pu":')) return false;
      previous = scanner.integer();
    }
    const { priceScale, sizeScale } = scales;
    if (!scanner.take(',"b":') || !scanner.levels(this.#bids, priceScale, sizeScale)) return false;
    if (!scanner.take(',"a":') || !scanner.levels(this.#asks, priceScale, sizeScale)) return false;
    // A number that could not be read is NaN, and makes the sum NaN.
    if (!scanner.take(end) || !scanner.isAtEnd || Number.isNaN(eventTime + first + last + (previous ?? 0)))
      return false;
    const facts = { eventTime, span: { first, last, previous } };
    return this.#bridge.updateUnits(symbol, this.#bids, this.#asks, facts);
  }

  #scanQuote(scanner: Scanner, end: string): boolean {
    const id = scanner.integer();
    if (Number.isNaN(id) || !scanner.take(',"s":"')) return false;
    const symbol = scanner.name();
    if (!scanner.take(',"b":"')) return false;
    const bid = scanner.name();
    if (!scanner.take(',"B":"')) return false;
    const bidSize = scanner.name();
    if (!scanner.take(',"a":"')) return false;
    const ask = scanner.name();
    if (!scanner.take(',"A":"')) return false;
    const askSize = scanner.name();
    if (scanner.take(',"T":')) scanner.integer();
    if (scanner.take(',"E":')) scanner.integer();
    if (!scanner.take(end) || !scanner.isAtEnd) return false;
    if (symbol === undefined || bid === undefined || bidSize === undefined) return false;
    if (ask === undefined || askSize === undefined) return false;
    this.#sink.quote?.({ symbol, id, bid: [bid, bidSize], ask: [ask, askSize] });
    return true;
  }

  #scanTrade(scanner: Scanner, type: TradeType, end: string): boolean {
    /** Of all numbers: NaN when one of them could not be read. */
    let sum = scanner.integer();
    let id = Number.NaN;
    let eventTime = 0;
    if (scanner.take(',"a":')) id = scanner.integer();
    if (scanner.take(',"T":')) eventTime = scanner.integer();
    if (!scanner.take(',"s":"')) return false;
    const symbol = scanner.name();
    if (type === 'trade' && scanner.take(',"t":')) id = scanner.integer();
    if (!scanner.take(',"p":"')) return false;
    const price = scanner.name();
    if (!scanner.take(',"q":"')) return false;
    const size = scanner.name();
    if (scanner.take(',"X":"') && scanner.name() === undefined) return false;
    for (const field of IDLE_TRADE_FIELDS) if (scanner.take(field)) sum += scanner.integer();
    if (scanner.take(',"T":')) eventTime = scanner.integer();
    const isSale = scanner.take(',"m":true');
    if (!isSale && !scanner.take(',"m":false')) return false;
    if (!scanner.take(',"M":true')) scanner.take(',"M":false');
    if (!scanner.take(end) || !scanner.isAtEnd || Number.isNaN(sum + id + eventTime)) return false;
    if (symbol === undefined || price === undefined || size === undefined) return false;
    if (type !== this.#market.trades || this.#sink.trade === undefined) return true;
    tellTrade(this.#sink, symbol, String(id), price, size, isSale ? 'sell' : 'buy', eventTime);
    return true;
  }

  #readEvent(event: Json): void {
    const symbol = textAt(event, 's');
    const type = textAt(event, 'e');
    if (type === 'serverShutdown') this.#sink.leaving('The venue restarts.');
    else if (type === 'depthUpdate') this.#readUpdate(event, symbol);
    else if (type === this.#market.trades) this.#readTrade(event, symbol);
    else if (symbol !== undefined && (type === 'bookTicker' || textAt(event, 'B') !== undefined)) {
      this.#readQuote(event, symbol);
    } else if (member(event, 'error') !== undefined || textAt(event, 'msg') !== undefined) {
      const error = member(event, 'error') ?? event;
      this.#sink.complained(textAt(error, 'code') ?? 'error', textAt(error, 'msg') ?? 'The venue refused a request.');
    }
  }

  #readUpdate(event: Json, symbol: string | undefined): void {
    if (symbol === undefined) return this.#sink.refused('an update that names no symbol', true);
    this.#symbols.add(symbol);
    const first = readId(textAt(event, 'U'));
    const last = readId(textAt(event, 'u'));
    const previous = this.#market.isFutures ? readId(textAt(event, 'pu')) : undefined;
    const sides = bothSides(readLevels(member(event, 'b')), readLevels(member(event, 'a')));
    const isPlaced = !this.#market.isFutures || previous !== undefined;
    if (first === undefined || last === undefined || sides === undefined || !isPlaced) {
      return this.#bridge.void(symbol, 'bad_message', 'an update that cannot be read');
    }
    const eventTime = readMillis(textAt(event, 'E'));
    this.#bridge.update(symbol, sides, { eventTime, span: { first, last, previous } });
    const held = this.#unnamed;
    this.#unnamed = undefined;
    if (held !== undefined) this.#readSnapshot(held, symbol);
  }

  #readTrade(event: Json, symbol: string | undefined): void {
    const isSale = member(event, 'm') === true;
    const id = textAt(event, this.#market.trades === 'trade' ? 't' : 'a');
    const time = readMillis(textAt(event, 'T'));
    tellTrade(this.#sink, symbol, id, member(event, 'p'), member(event, 'q'), isSale ? 'sell' : 'buy', time);
  }

  #readQuote(event: Json, symbol: string): void {
    const id = readId(textAt(event, 'u'));
    const [bid, bidSize, ask, askSize] = ['b', 'B', 'a', 'A'].map((name) => textAt(event, name));
    if (id === undefined || bid === undefined || bidSize === undefined) return;
    if (ask === undefined || askSize === undefined) return;
    this.#sink.quote?.({ symbol, id, bid: [bid, bidSize], ask: [ask, askSize] });
  }

  #readAnswer(body: Json, url: string): void {
    if (!url.includes('/depth')) return;
    const symbol = new URLSearchParams(url.slice(url.indexOf('?'))).get('symbol');
    if (symbol === null) return this.#sink.refused('a snapshot whose request named no symbol', false);
    if (UNKNOWN_SYMBOL.has(textAt(body, 'code'))) {
      this.#sink.rejected(symbol, 'unknown_symbol', textAt(body, 'msg') ?? 'Invalid symbol.');
    } else this.#readSnapshot(body, symbol, limitOf(url));
  }

  #readSnapshot(body: Json, symbol: string | undefined, covers = SNAPSHOT_LEVELS): void {
    if (symbol === undefined) {
      // A recording of one symbol may begin with its snapshot: the first update will name it.
      if (this.#symbols.size === 0) this.#unnamed = body;
      else this.#sink.refused('a snapshot that names no symbol, among several symbols', false);
      return;
    }
    const id = readId(textAt(body, 'lastUpdateId'));
    const sides = bothSides(readLevels(member(body, 'bids')), readLevels(member(body, 'asks')));
    if (id === undefined || sides === undefined) {
      return this.#sink.refused(`a snapshot of ${symbol} that cannot be read`, false);
    }
    const eventTime = readMillis(textAt(body, 'E'));
    this.#bridge.snapshot(symbol, id, sides, { eventTime, verified: BY_SEQUENCE, covers });
  }

  #onlySymbol(): string | undefined {
    const [first] = this.#symbols;
    return this.#symbols.size === 1 ? first : undefined;
  }

  #requestsFor(method: string, symbols: readonly string[], wish: VenueWish): string[] {
    const streams = symbols.flatMap((symbol) => {
      const name = symbol.toLowerCase();
      return [
        ...(wish.depth > 0 ? [`${name}@depth@100ms`] : []),
        ...(wish.trades ? [`${name}@${this.#market.trades}`] : []),
      ];
    });
    const requests: string[] = [];
    for (let at = 0; at < streams.length; at += STREAMS_A_MESSAGE) {
      requests.push(this.#request(method, streams.slice(at, at + STREAMS_A_MESSAGE)));
    }
    // The venue takes any name, and sends nothing for one that it does not know: the snapshot tells.
    if (method === 'SUBSCRIBE') this.#sink.acknowledged(symbols);
    return requests;
  }

  #request(method: string, params?: readonly string[]): string {
    this.#requests++;
    return JSON.stringify({ method, ...(params && { params }), id: this.#requests });
  }
}

/** Levels a side that a request asks for: 100 where it says nothing. */
function limitOf(url: string): number {
  const limit = Number(new URLSearchParams(url.slice(url.indexOf('?'))).get('limit') ?? 100);
  return Number.isSafeInteger(limit) && limit > 0 ? limit : SNAPSHOT_LEVELS;
}

function readListing(text: string): string[] {
  const rows = parseExact(text);
  return Array.isArray(rows) ? rows.flatMap((row: Json) => textAt(row, 'symbol') ?? []) : [];
}
