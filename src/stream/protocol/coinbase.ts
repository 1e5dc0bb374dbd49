/**
 * Coinbase, which has two sockets with the same books. A session reads both, and asks in the words of the one that it is
 * connected to.
 *
 * Advanced Trade numbers all messages of a connection in one row, from 0: a hole may have held any product's update, so
 * that it makes every book void. Exchange numbers nothing and sums nothing: a lost frame cannot be seen, whatever one does.
 *
 * Source: docs.cdp.coinbase.com, "Advanced Trade WebSocket", channels `level2`, `market_trades` and `heartbeats`, and
 * "Exchange WebSocket", channels `level2_batch`, `matches` and `heartbeat`.
 */
import type { LevelText } from '../../book/book.js';
import { BY_NOTHING, BY_SEQUENCE } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readIsoTime, readLevel, readLevels, readSide, tellTrade } from '../venue/fields.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import { nextId, readId } from '../venue/venue-id.js';
import type {
  Sides,
  VenueId,
  VenueOptions,
  VenueProtocol,
  VenueSession,
  VenueSink,
  VenueWish,
} from '../venue/venue-protocol.js';
import { ADVANCED, EXCHANGE, type Asked, type Wording } from './coinbase-requests.js';

export const coinbase: VenueProtocol = {
  name: 'coinbase',
  url: 'wss://advanced-trade-ws.coinbase.com',
  // 8 messages a second without a login. Products are not limited; a snapshot of a large one has some megabytes.
  limits: { symbols: 50, messagesPerSecond: 8 },
  verified: BY_SEQUENCE,
  listing: { url: 'https://api.exchange.coinbase.com/products', read: readListing },
  recognises(frame) {
    if (textAt(frame, 'channel') === 'l2_data') return isList(member(frame, 'events'));
    const type = textAt(frame, 'type');
    if (type === 'subscriptions') return member(frame, 'channels') !== undefined;
    return textAt(frame, 'product_id') !== undefined && (type === 'snapshot' || type === 'l2update');
  },
  start: (sink, options) => new CoinbaseSession(sink, options),
};

class CoinbaseSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #fed: SnapshotFed;
  readonly #wording: Wording;
  readonly #wishes = new Map<string, VenueWish>();
  /** Asked for, and neither acknowledged nor refused. */
  readonly #pending = new Set<string>();
  /** Those that have a book, or were promised one. */
  readonly #symbols = new Set<string>();
  /** The number of the last message of the connection. */
  #last: VenueId | undefined;

  constructor(sink: VenueSink, options: VenueOptions = {}) {
    this.#sink = sink;
    this.#fed = new SnapshotFed(sink);
    this.#wording = options.url?.includes('exchange') === true ? EXCHANGE : ADVANCED;
  }

  read(text: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    if (textAt(frame, 'type') === 'error') this.#readError(frame);
    else if (textAt(frame, 'channel') !== undefined) this.#readAdvanced(frame);
    else this.#readExchange(frame);
  }

  greeting(): readonly string[] {
    return this.#wording.greeting;
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) {
      this.#wishes.set(symbol, wish);
      this.#pending.add(symbol);
      if (wish.depth > 0) this.#symbols.add(symbol);
    }
    return this.#wording.ask('subscribe', this.#asked(symbols));
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const requests = this.#wording.ask('unsubscribe', this.#asked(symbols));
    for (const symbol of symbols) {
      this.#wishes.delete(symbol);
      this.#pending.delete(symbol);
      this.#symbols.delete(symbol);
      this.#fed.forget(symbol);
    }
    return requests;
  }

  resync(symbol: string): string[] {
    this.#fed.forget(symbol);
    const asked = { books: [symbol], trades: [] };
    return [...this.#wording.ask('unsubscribe', asked), ...this.#wording.ask('subscribe', asked)];
  }

  #readAdvanced(frame: Json): void {
    const id = readId(textAt(frame, 'sequence_num'));
    const isRepeated = id !== undefined && id === this.#last;
    if (!isRepeated) this.#follow(id);
    const events = listAt(frame, 'events');
    switch (textAt(frame, 'channel')) {
      case 'l2_data': {
        const eventTime = readIsoTime(textAt(frame, 'timestamp'));
        if (!isList(member(frame, 'events'))) return this.#refuse('a level2 message without events');
        for (const event of events) this.#readLevel2(event, eventTime, isRepeated);
        return;
      }
      case 'market_trades':
        // A snapshot of trades are those from before the subscription.
        for (const event of events) {
          if (textAt(event, 'type') !== 'update' || isRepeated) continue;
          for (const trade of listAt(event, 'trades')) this.#readTrade(trade);
        }
        return;
      case 'subscriptions':
        for (const event of events) this.#readServed(member(event, 'subscriptions'));
        return;
      default:
    }
  }

  /** Takes a message's place in the row. After a hole the row goes on from what came. */
  #follow(id: VenueId | undefined): void {
    const last = this.#last;
    if (id !== undefined) this.#last = id;
    if (last === undefined || id === nextId(last)) return;
    for (const symbol of this.#symbols) {
      this.#fed.void(symbol, 'sequence', `message ${id ?? 'without a number'} of the connection after ${last}`);
    }
  }

  /** It may have held any product's update, and since its number has been counted no hole will show that. */
  #refuse(reason: string): void {
    this.#sink.refused(reason, true);
    for (const symbol of this.#symbols) this.#fed.void(symbol, 'bad_message', reason);
  }

  #readLevel2(event: Json, eventTime: number, isRepeated: boolean): void {
    const product = textAt(event, 'product_id');
    if (product === undefined) return this.#refuse('a level2 event that names no product');
    const sides = readUpdates(member(event, 'updates'));
    for (const symbol of this.#symbolsOf(product)) {
      if (isRepeated) this.#sink.skipped(symbol, 'old');
      else if (textAt(event, 'type') !== 'snapshot') this.#fed.delta(symbol, sides, { eventTime });
      else {
        this.#symbols.add(symbol);
        const verified = this.#last === undefined ? BY_NOTHING : BY_SEQUENCE;
        this.#fed.snapshot(symbol, sides, { eventTime, verified });
      }
    }
  }

  #readExchange(frame: Json): void {
    const product = textAt(frame, 'product_id');
    const eventTime = readIsoTime(textAt(frame, 'time'));
    switch (textAt(frame, 'type')) {
      case 'snapshot': {
        if (product === undefined) return this.#sink.refused('a snapshot that names no product', true);
        const sides = bothSides(readLevels(member(frame, 'bids')), readLevels(member(frame, 'asks')));
        return this.#fed.snapshot(product, sides, { eventTime, verified: BY_NOTHING });
      }
      case 'l2update':
        if (product === undefined) return this.#sink.refused('an update that names no product', true);
        return this.#fed.delta(product, readChanges(member(frame, 'changes')), { eventTime });
      case 'match':
        return this.#readTrade(frame);
      case 'subscriptions': {
        const served: Record<string, Json | undefined> = {};
        for (const channel of listAt(frame, 'channels')) {
          served[textAt(channel, 'name') ?? ''] = member(channel, 'product_ids');
        }
        return this.#readServed(served);
      }
      default:
    }
  }

  #readTrade(trade: Json): void {
    const product = textAt(trade, 'product_id');
    // The side is that of the order that rested; the aggressor is the other one.
    const side = readSide(textAt(trade, 'side'));
    const aggressor = side === 'buy' ? 'sell' : side === 'sell' ? 'buy' : 'unknown';
    const time = readIsoTime(textAt(trade, 'time'));
    for (const symbol of product === undefined ? [undefined] : this.#symbolsOf(product)) {
      const id = textAt(trade, 'trade_id');
      tellTrade(this.#sink, symbol, id, member(trade, 'price'), member(trade, 'size'), aggressor, time);
    }
  }

  /** All that the venue serves on this connection, as lists of products by channel. */
  #readServed(channels: Json | undefined): void {
    if (typeof channels !== 'object' || channels === null) return;
    const served: string[] = [];
    for (const [channel, products] of Object.entries(channels)) {
      const isBook = channel.startsWith('level2');
      if (!isBook && channel !== 'matches' && channel !== 'market_trades') continue;
      for (const product of isList(products) ? products : []) {
        if (typeof product !== 'string') continue;
        for (const symbol of this.#symbolsOf(product)) {
          const wantsBook = (this.#wishes.get(symbol)?.depth ?? 0) > 0;
          if (wantsBook === isBook && this.#pending.delete(symbol)) served.push(symbol);
        }
      }
    }
    if (served.length > 0) this.#sink.acknowledged(served);
  }

  /** A request with one wrong product is refused whole, and only the sentence says which it was. */
  #readError(frame: Json): void {
    const message = [textAt(frame, 'message'), textAt(frame, 'reason')].filter(Boolean).join(': ');
    const wrong = message.split(/[^\w-]+/).find((word) => this.#pending.has(word));
    if (wrong === undefined) return this.#sink.complained('error', message);
    this.#pending.delete(wrong);
    this.#wishes.delete(wrong);
    this.#symbols.delete(wrong);
    this.#sink.rejected(wrong, 'unknown_symbol', message);
    for (const request of this.#wording.ask('subscribe', this.#asked([...this.#pending]))) this.#sink.reply(request);
  }

  /** Advanced Trade sends the messages of `BTC-USD` to those who ask for `BTC-USDC`. */
  #symbolsOf(product: string): string[] {
    const alias = `${product}C`;
    if (!product.endsWith('-USD') || !this.#wishes.has(alias)) return [product];
    return this.#wishes.has(product) ? [product, alias] : [alias];
  }

  #asked(symbols: readonly string[]): Asked {
    return {
      books: symbols.filter((symbol) => (this.#wishes.get(symbol)?.depth ?? 0) > 0),
      trades: symbols.filter((symbol) => this.#wishes.get(symbol)?.trades === true),
    };
  }
}

/** `[{side, price_level, new_quantity}, …]` of Advanced Trade; undefined when one of them cannot be read. */
function readUpdates(updates: Json | undefined): Sides | undefined {
  if (!isList(updates)) return undefined;
  const bids: LevelText[] = [];
  const asks: LevelText[] = [];
  for (const update of updates) {
    const level = readLevel(member(update, 'price_level'), member(update, 'new_quantity'));
    const side = textAt(update, 'side');
    if (level === undefined) return undefined;
    if (side === 'bid') bids.push(level);
    else if (side === 'offer' || side === 'ask') asks.push(level);
    else return undefined;
  }
  return { bids, asks };
}

/** `[[side, price, size], …]` of Exchange; undefined when there are none, which no update has, or one cannot be read. */
function readChanges(changes: Json | undefined): Sides | undefined {
  if (!isList(changes) || changes.length === 0) return undefined;
  const bids: LevelText[] = [];
  const asks: LevelText[] = [];
  for (const change of changes) {
    const side = readSide(textAt(change, 0));
    const level = readLevel(member(change, 1), member(change, 2));
    if (level === undefined || side === 'unknown') return undefined;
    (side === 'buy' ? bids : asks).push(level);
  }
  return { bids, asks };
}

function readListing(text: string): string[] {
  const products = parseExact(text);
  return isList(products) ? products.flatMap((product) => textAt(product, 'id') ?? []) : [];
}
