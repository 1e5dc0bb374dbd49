/**
 * Bybit v5 `orderbook.{depth}.{symbol}`, spot, linear and inverse by address. A snapshot, then updates whose `u` rises by one
 * in each topic. Any later snapshot replaces the book, and a `u` of 1 is one, whatever it is called: the venue has started
 * anew. Depth 1 has snapshots only, repeated with the same `u` every three seconds. `seq` orders messages of different
 * depths and proves nothing within one.
 *
 * Source: bybit-exchange.github.io/docs/v5, "Orderbook" and "Connect".
 */
import { LevelBuffer } from '../../book/level-buffer.js';
import { BY_NOTHING, BY_SEQUENCE } from '../verdict.js';
import { listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevels, readMillis, readSide, tellTrade } from '../venue/fields.js';
import { Scanner } from '../venue/scanner.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import { readId } from '../venue/venue-id.js';
import type { VenueId, VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

const BOOK_TOPIC = /^orderbook\.(\d+)\.(.+)$/;
const TRADE_TOPIC = /^publicTrade\.(.+)$/;

/** Levels a side that the venue offers in all its markets. */
const DEPTHS = [1, 50, 200, 1000];

/** How often the book of depth 1 comes, changed or not. */
const REPEATS_MS = 3_000;

/** Spot takes no more in one request. */
const ARGUMENTS_A_MESSAGE = 10;

export const bybit: VenueProtocol = {
  name: 'bybit',
  url: 'wss://stream.bybit.com/v5/public/spot',
  // 21,000 characters of topics a connection.
  limits: { symbols: 200, messagesPerSecond: 10 },
  verified: BY_SEQUENCE,
  listing: { url: 'https://api.bybit.com/v5/market/tickers?category=spot', read: readListing },
  recognises: (frame) => BOOK_TOPIC.test(textAt(frame, 'topic') ?? '') && member(frame, 'data') !== undefined,
  start: (sink) => new BybitSession(sink),
};

class BybitSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #books: SnapshotFed;
  readonly #scanner = new Scanner();
  readonly #bids = new LevelBuffer();
  readonly #asks = new LevelBuffer();
  readonly #wishes = new Map<string, VenueWish>();
  /** The topic that a symbol's book is made of: two depths of one symbol are two books. */
  readonly #topics = new Map<string, string>();
  /** Topics of the requests that are not answered yet: an answer gives no more than the request's number. */
  readonly #asked = new Map<string, readonly string[]>();
  #requests = 0;

  constructor(sink: VenueSink) {
    this.#sink = sink;
    this.#books = new SnapshotFed(sink);
  }

  read(text: string): void {
    if (this.#scan(this.#scanner.over(text))) return;
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    const topic = textAt(frame, 'topic');
    if (topic === undefined) return this.#readAnswer(frame);
    if (TRADE_TOPIC.test(topic)) return this.#readTrades(frame);
    const [, depth, symbol] = BOOK_TOPIC.exec(topic) ?? [];
    if (symbol !== undefined) this.#readBook(frame, topic, symbol, Number(depth));
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) {
      this.#wishes.set(symbol, wish);
      if (wish.depth > 0) this.#topics.set(symbol, bookTopic(symbol, wish.depth));
    }
    return this.#ask(symbols.flatMap((symbol) => topicsFor(symbol, wish)));
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const topics = symbols.flatMap((symbol) => topicsFor(symbol, this.#wishes.get(symbol)));
    for (const symbol of symbols) {
      this.#wishes.delete(symbol);
      this.#topics.delete(symbol);
      this.#books.forget(symbol);
    }
    return inGroups(topics).map((args) => JSON.stringify({ op: 'unsubscribe', args }));
  }

  resync(symbol: string): string[] {
    const args = [this.#topics.get(symbol) ?? bookTopic(symbol, this.#wishes.get(symbol)?.depth ?? 0)];
    return [JSON.stringify({ op: 'unsubscribe', args }), ...this.#ask(args)];
  }

  ping(): string {
    return '{"op":"ping"}';
  }

  /** An update of a book that is in order, as it comes all the time. False: something else, and nothing has been told. */
  #scan(scanner: Scanner): boolean {
    if (!scanner.take('{"topic":"')) return false;
    const topic = scanner.name();
    // Spot has its time before the type, the others after it.
    let time = scanner.take(',"ts":') ? scanner.integer() : undefined;
    if (topic === undefined || !scanner.take(',"type":"delta"')) return false;
    if (time === undefined && scanner.take(',"ts":')) time = scanner.integer();
    if (!scanner.take(',"data":{"s":"')) return false;
    const symbol = scanner.name();
    if (symbol === undefined || this.#topics.get(symbol) !== topic) return false;
    const last = this.#books.last(symbol);
    const scales = this.#sink.scales(symbol);
    if (last === undefined || scales === undefined) return false;
    const { priceScale, sizeScale } = scales;
    if (!scanner.take(',"b":') || !scanner.levels(this.#bids, priceScale, sizeScale)) return false;
    if (!scanner.take(',"a":') || !scanner.levels(this.#asks, priceScale, sizeScale)) return false;
    if (!scanner.take(',"u":')) return false;
    const id = scanner.integer();
    if (!scanner.take(',"seq":')) return false;
    const order = scanner.integer();
    if (!scanner.take('}')) return false;
    const matched = scanner.take(',"cts":') ? scanner.integer() : time;
    // A number that could not be read is NaN, and makes the sum NaN. A start anew and a repetition go the long way.
    if (time === undefined || matched === undefined || Number.isNaN(time + id + order + matched)) return false;
    if (id === 1 || id === last || !scanner.take('}') || !scanner.isAtEnd) return false;
    this.#books.deltaUnits(symbol, this.#bids, this.#asks, { eventTime: matched }, { id, previous: id - 1 });
    return true;
  }

  #readBook(frame: Json, topic: string, symbol: string, depth: number): void {
    const type = textAt(frame, 'type');
    const data = member(frame, 'data');
    const id = readId(textAt(data, 'u'));
    const isSnapshot = type === 'snapshot' || (type === 'delta' && id === 1);
    // Without a wish, as in a recording, the first topic that brings a snapshot is the book.
    if (isSnapshot && !this.#topics.has(symbol)) this.#topics.set(symbol, topic);
    if ((this.#topics.get(symbol) ?? topic) !== topic) return;
    if (id === undefined) return this.#books.void(symbol, 'bad_message', 'a message without its number');
    const sides = bothSides(readLevels(member(data, 'b')), readLevels(member(data, 'a')));
    const eventTime = readMillis(textAt(frame, 'cts') ?? textAt(frame, 'ts'));
    if (isSnapshot) {
      const proof = depth === 1 ? { verified: BY_NOTHING, repeatsMs: REPEATS_MS } : { verified: BY_SEQUENCE };
      this.#books.snapshot(symbol, sides, { eventTime, ...proof, depth }, id);
    } else if (type !== 'delta') {
      this.#books.void(symbol, 'bad_message', 'a message that is neither snapshot nor delta');
    } else if (this.#books.last(symbol) === id) {
      this.#sink.skipped(symbol, 'old');
    } else {
      this.#books.delta(symbol, sides, { eventTime }, { id, previous: idBefore(id) });
    }
  }

  #readTrades(frame: Json): void {
    for (const trade of listAt(frame, 'data')) {
      const [symbol, id] = [textAt(trade, 's'), textAt(trade, 'i')];
      const side = readSide(textAt(trade, 'S'));
      tellTrade(this.#sink, symbol, id, member(trade, 'p'), member(trade, 'v'), side, readMillis(textAt(trade, 'T')));
    }
  }

  #readAnswer(frame: Json): void {
    const number = textAt(frame, 'req_id') ?? '';
    const topics = this.#asked.get(number);
    const message = textAt(frame, 'ret_msg') ?? 'The venue refused a request.';
    const isGranted = member(frame, 'success');
    this.#asked.delete(number);
    if (topics !== undefined && isGranted === true) this.#granted(topics);
    else if (topics !== undefined && isGranted === false) this.#refused(topics, message);
    else if (isGranted === false && textAt(frame, 'op') === 'subscribe') this.#sink.complained('subscribe', message);
  }

  #granted(topics: readonly string[]): void {
    const symbols = topics.filter((topic) => this.#isMain(topic)).map(symbolOf);
    if (symbols.length > 0) this.#sink.acknowledged(symbols);
  }

  /** One topic spoils the whole request: the others are asked for again without it. */
  #refused(topics: readonly string[], message: string): void {
    const words = new Set(message.match(/(?:orderbook|publicTrade)\.[^\s,;\]"]+/g));
    const named = topics.filter((topic) => words.has(topic));
    if (named.length === 0) return this.#sink.complained('subscribe', message);
    if (message.includes('already subscribed')) this.#granted(named);
    else this.#reject(new Set(named.map(symbolOf)), message);
    const rest = topics.filter((topic) => !words.has(topic) && this.#wishes.has(symbolOf(topic)));
    for (const request of this.#ask(rest)) this.#sink.reply(request);
  }

  #reject(symbols: ReadonlySet<string>, message: string): void {
    for (const symbol of symbols) {
      if (this.#wishes.delete(symbol)) this.#sink.rejected(symbol, 'unknown_symbol', message);
    }
  }

  /** A symbol is served when its book is; its trades stand for it where no book is wanted. */
  #isMain(topic: string): boolean {
    return BOOK_TOPIC.test(topic) || this.#wishes.get(symbolOf(topic))?.depth === 0;
  }

  #ask(topics: readonly string[]): string[] {
    return inGroups(topics).map((args) => {
      const number = String(++this.#requests);
      this.#asked.set(number, args);
      return JSON.stringify({ req_id: number, op: 'subscribe', args });
    });
  }
}

function topicsFor(symbol: string, wish: VenueWish | undefined): string[] {
  return [
    ...(wish !== undefined && wish.depth > 0 ? [bookTopic(symbol, wish.depth)] : []),
    ...(wish?.trades === true ? [`publicTrade.${symbol}`] : []),
  ];
}

const bookTopic = (symbol: string, depth: number): string =>
  `orderbook.${DEPTHS.find((offered) => offered >= depth) ?? DEPTHS.at(-1)!}.${symbol}`;

const symbolOf = (topic: string): string => (BOOK_TOPIC.exec(topic)?.[2] ?? TRADE_TOPIC.exec(topic)?.[1])!;

function inGroups(topics: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (let at = 0; at < topics.length; at += ARGUMENTS_A_MESSAGE) {
    groups.push(topics.slice(at, at + ARGUMENTS_A_MESSAGE));
  }
  return groups;
}

/** The number before `id`. Before 0 there is none. */
const idBefore = (id: VenueId): VenueId | undefined =>
  typeof id === 'number' ? (id > 0 ? id - 1 : undefined) : readId(String(id - 1n));

function readListing(text: string): string[] {
  return listAt(member(parseExact(text), 'result'), 'list').flatMap((row) => textAt(row, 'symbol') ?? []);
}
