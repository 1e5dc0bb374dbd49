/**
 * Gate.io, fourth version: updates by socket, numbered from `U` to `u` without holes, and a snapshot with its `id` by HTTP.
 * Spot levels are lists of texts, those of futures objects with the contracts as a number.
 *
 * The documentation wants the time of day in every request and shows requests with a constant; the venue takes those
 * without one, which is what a session that knows no time sends.
 *
 * Source: www.gate.io/docs/developers/apiv4/ws and /futures/ws, "How to maintain local order book".
 */
import type { LevelText } from '../../book/book.js';
import { BY_SEQUENCE } from '../verdict.js';
import { isList, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevels, readMillis, readSeconds, readSide, tellTrade } from '../venue/fields.js';
import { SnapshotBridge, type BridgeRule } from '../venue/snapshot-bridge.js';
import { nextId, readId } from '../venue/venue-id.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

/** Levels a side that are asked for. Both markets are known to give as many. */
const SNAPSHOT_LEVELS = 100;
/** Levels a side when a request does not say how many. */
const DEFAULT_LEVELS = 10;

const RULE: BridgeRule = {
  isOld: (update, id) => update.last <= id,
  reaches: (update, id) => update.first <= nextId(id) && nextId(id) <= update.last,
  follows: (update, last) => update.first === nextId(last),
};

interface Market {
  readonly name: string;
  readonly url: string;
  /** What its channels begin with. */
  readonly prefix: 'spot' | 'futures';
  /** What the symbol is called in requests and listings. */
  readonly symbolName: 'currency_pair' | 'contract';
  readonly listing: { readonly path: string; readonly idName: string };
  /** Where snapshots are, given the address of the socket. */
  restOf(url: string): string;
}

const REST = 'https://api.gateio.ws/api/v4';

const protocolOf = (market: Market): VenueProtocol => ({
  name: market.name,
  url: market.url,
  // 200 requests in 10 s, by HTTP.
  limits: { symbols: 100, messagesPerSecond: 20, snapshotsPerMinute: 300 },
  verified: BY_SEQUENCE,
  listing: {
    url: `${market.restOf(market.url)}/${market.listing.path}`,
    read: (text) => {
      const rows = parseExact(text);
      return isList(rows) ? rows.flatMap((row) => textAt(row, market.listing.idName) ?? []) : [];
    },
  },
  recognises: (frame) =>
    textAt(frame, 'channel')?.startsWith(`${market.prefix}.`) === true && textAt(frame, 'event') !== undefined,
  start: (sink, options = {}) => new GateioSession(sink, market, options.url ?? market.url),
});

export const gateio = protocolOf({
  name: 'gateio',
  url: 'wss://api.gateio.ws/ws/v4/',
  prefix: 'spot',
  symbolName: 'currency_pair',
  listing: { path: 'currency_pairs', idName: 'id' },
  restOf: () => `${REST}/spot`,
});

/** Perpetual contracts settled in USDT; those settled in BTC, and dated ones, have addresses of their own. */
export const gateioFutures = protocolOf({
  name: 'gateio-futures',
  url: 'wss://fx-ws.gateio.ws/v4/ws/usdt',
  prefix: 'futures',
  symbolName: 'contract',
  listing: { path: 'contracts', idName: 'name' },
  restOf(url) {
    const [, delivery, settle] = /\/ws\/(delivery\/)?(usdt|btc|usd)\b/.exec(url) ?? [];
    return `${REST}/${delivery === undefined ? 'futures' : 'delivery'}/${settle ?? 'usdt'}`;
  },
});

class GateioSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #market: Market;
  readonly #rest: string;
  readonly #bridge: SnapshotBridge;
  readonly #wishes = new Map<string, VenueWish>();
  /** The symbol of each subscription that has not been answered. */
  readonly #asked = new Map<string, string>();
  #requests = 0;

  constructor(sink: VenueSink, market: Market, url: string) {
    this.#sink = sink;
    this.#market = market;
    this.#rest = market.restOf(url);
    this.#bridge = new SnapshotBridge(sink, RULE);
  }

  read(text: string, url?: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', url === undefined);
    }
    if (url !== undefined) return this.#readSnapshot(frame, url);
    const result = member(frame, 'result');
    const event = textAt(frame, 'event');
    if (event === 'subscribe') return this.#readAnswer(frame);
    if (event !== 'update') return;
    switch (textAt(frame, 'channel')) {
      case 'spot.order_book_update':
      case 'futures.order_book_update':
        return this.#readUpdate(result);
      case 'spot.trades':
        return this.#readSpotTrade(result);
      case 'futures.trades':
        for (const trade of isList(result) ? result : []) this.#readFuturesTrade(trade);
        return;
      default:
    }
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#bridge.begin(symbol);
    return symbols.flatMap((symbol) => {
      this.#wishes.set(symbol, wish);
      return this.#requestsFor('subscribe', symbol);
    });
  }

  unsubscribe(symbols: readonly string[]): string[] {
    return symbols.flatMap((symbol) => {
      const requests = this.#requestsFor('unsubscribe', symbol);
      this.#bridge.forget(symbol);
      this.#wishes.delete(symbol);
      return requests;
    });
  }

  resync(): string[] {
    return [];
  }

  snapshotUrl(symbol: string): string {
    const name = { [this.#market.symbolName]: symbol };
    const asked = new URLSearchParams({ ...name, limit: String(SNAPSHOT_LEVELS), with_id: 'true' });
    return `${this.#rest}/order_book?${asked.toString()}`;
  }

  ping(): string {
    return JSON.stringify({ channel: `${this.#market.prefix}.ping` });
  }

  #readUpdate(update: Json | undefined): void {
    const symbol = textAt(update, 's');
    if (symbol === undefined) return this.#sink.refused('an update that names no symbol', true);
    const first = readId(textAt(update, 'U'));
    const last = readId(textAt(update, 'u'));
    const sides = bothSides(readSideOf(member(update, 'b')), readSideOf(member(update, 'a')));
    if (first === undefined || last === undefined || sides === undefined) {
      return this.#bridge.void(symbol, 'bad_message', 'an update that cannot be read');
    }
    this.#bridge.update(symbol, sides, { eventTime: readMillis(textAt(update, 't')), span: { first, last } });
  }

  #readSnapshot(body: Json, url: string): void {
    if (!url.includes('/order_book')) return;
    const asked = new URLSearchParams(url.slice(url.indexOf('?')));
    const symbol = asked.get('currency_pair') ?? asked.get('contract');
    if (symbol === null) return this.#sink.refused('a snapshot whose request named no symbol', false);
    const label = textAt(body, 'label');
    if (label === 'INVALID_CURRENCY_PAIR' || label === 'INVALID_CURRENCY' || label === 'CONTRACT_NOT_FOUND') {
      return this.#sink.rejected(symbol, 'unknown_symbol', textAt(body, 'message') ?? label);
    }
    const id = readId(textAt(body, 'id'));
    const sides = bothSides(readSideOf(member(body, 'bids')), readSideOf(member(body, 'asks')));
    if (id === undefined || sides === undefined) {
      return this.#sink.refused(`a snapshot of ${symbol} that cannot be read`, false);
    }
    const covers = readMillis(asked.get('limit') ?? undefined) || DEFAULT_LEVELS;
    const eventTime = readSnapshotTime(textAt(body, 'current'));
    this.#bridge.snapshot(symbol, id, sides, { eventTime, verified: BY_SEQUENCE, covers });
  }

  #readSpotTrade(trade: Json | undefined): void {
    tellTrade(
      this.#sink,
      textAt(trade, 'currency_pair'),
      textAt(trade, 'id'),
      member(trade, 'price'),
      member(trade, 'amount'),
      readSide(textAt(trade, 'side')),
      readMillis(textAt(trade, 'create_time_ms')),
    );
  }

  /** Contracts sold have a negative size. */
  #readFuturesTrade(trade: Json): void {
    const size = textAt(trade, 'size');
    const isSale = size?.startsWith('-') === true;
    tellTrade(
      this.#sink,
      textAt(trade, 'contract'),
      textAt(trade, 'id'),
      member(trade, 'price'),
      isSale ? size?.slice(1) : size,
      isSale ? 'sell' : 'buy',
      readMillis(textAt(trade, 'create_time_ms')),
    );
  }

  #readAnswer(frame: Json): void {
    const id = textAt(frame, 'id') ?? '';
    const symbol = this.#asked.get(id) ?? textAt(member(frame, 'payload'), 0);
    this.#asked.delete(id);
    const error = member(frame, 'error') ?? null;
    if (error === null) {
      if (symbol !== undefined) this.#sink.acknowledged([symbol]);
      return;
    }
    const code = textAt(error, 'code') ?? 'error';
    const message = textAt(error, 'message') ?? 'The venue refused a request.';
    const isUnknown = /^unknown (?:currency pair|contract)/i.test(message);
    if (symbol === undefined || !isUnknown) return this.#sink.complained(code, message);
    // The venue refuses the book and the trades of a symbol, one after the other.
    if (this.#wishes.delete(symbol)) this.#sink.rejected(symbol, 'unknown_symbol', message);
  }

  #requestsFor(event: 'subscribe' | 'unsubscribe', symbol: string): string[] {
    const { depth, trades } = this.#wishes.get(symbol) ?? { depth: 1, trades: true };
    return [
      // Changes of all levels: a number of levels after the interval would leave out those beyond it.
      ...(depth > 0 ? [this.#request('order_book_update', event, symbol, [symbol, '100ms'])] : []),
      ...(trades ? [this.#request('trades', event, symbol, [symbol])] : []),
    ];
  }

  #request(channel: string, event: string, symbol: string, payload: readonly string[]): string {
    const id = ++this.#requests;
    if (event === 'subscribe') this.#asked.set(String(id), symbol);
    return JSON.stringify({ id, channel: `${this.#market.prefix}.${channel}`, event, payload });
  }
}

/** Lists of texts or objects, as the market has them. */
const readSideOf = (levels: Json | undefined): LevelText[] | undefined =>
  readLevels(levels) ?? readLevels(levels, 'p', 's');

/** Spot counts milliseconds here, futures seconds with a fraction. */
const readSnapshotTime = (current: string | undefined): number =>
  current?.includes('.') === true ? readSeconds(current) : readMillis(current);
