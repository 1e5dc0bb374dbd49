/**
 * Bybit v2 `orderBookL2_25` and `orderBook_200`, for recordings: the venue has gone on to v5. A book of exactly so many
 * levels a side, changed by lists of deletes, updates and inserts. `cross_seq` counts over all symbols and proves nothing;
 * the keys of the levels do, and their number.
 */
import { BY_NOTHING } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { readLevel, readMillis, readSide, tellTrade } from '../venue/fields.js';
import { KeyedLevels, type KeyedRow, type KeyedSides } from '../venue/keyed-levels.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

const TOPIC = /^orderBook(?:L2)?_(25|200)\.(?:[^.]+\.)*([^.]+)$/;

/** The order in which a message must be applied. */
const ACTIONS = ['delete', 'update', 'insert'] as const;
type Action = (typeof ACTIONS)[number];

const ARGUMENTS_A_MESSAGE = 10;

export const bybitV2: VenueProtocol = {
  name: 'bybit-v2',
  url: 'wss://stream.bybit.com/realtime_public',
  limits: { symbols: 100, messagesPerSecond: 10 },
  verified: BY_NOTHING,
  recognises: (frame) => TOPIC.test(textAt(frame, 'topic') ?? ''),
  start: (sink) => new BybitV2Session(sink),
};

/** The levels of one book by their keys, counted a side. */
class CountedLevels {
  readonly depth: number;
  readonly #levels = new KeyedLevels();
  readonly #counts = { bids: 0, asks: 0 };
  readonly #wasFull = { bids: false, asks: false };

  constructor(depth: number) {
    this.depth = depth;
  }

  apply(action: Action, rows: readonly KeyedRow[], into: KeyedSides): string | undefined {
    const fault = this.#levels.apply(action, rows, into);
    if (fault !== undefined || action === 'update') return fault;
    for (const { isBid } of rows) this.#counts[isBid ? 'bids' : 'asks'] += action === 'insert' ? 1 : -1;
    return undefined;
  }

  /** What is wrong with the number of levels after a message: a side never has more than its depth, nor, once full, less. */
  get fault(): string | undefined {
    for (const side of ['bids', 'asks'] as const) {
      const count = this.#counts[side];
      if (count > this.depth || (count < this.depth && this.#wasFull[side]))
        return `${count} ${side}, not ${this.depth}`;
      if (count === this.depth) this.#wasFull[side] = true;
    }
    return undefined;
  }
}

class BybitV2Session implements VenueSession {
  readonly #sink: VenueSink;
  readonly #books: SnapshotFed;
  readonly #levels = new Map<string, CountedLevels>();
  readonly #wishes = new Map<string, VenueWish>();

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
    const topic = textAt(frame, 'topic');
    if (topic === undefined) return this.#readAnswer(frame);
    if (topic.startsWith('trade.')) return this.#readTrades(frame);
    const [, depthText, symbol] = TOPIC.exec(topic) ?? [];
    if (symbol === undefined) return;
    const depth = Number(depthText);
    const type = textAt(frame, 'type');
    const levels = this.#levels.get(symbol);
    // Two depths of one symbol are two books: the first that brings a snapshot counts.
    if (levels !== undefined && levels.depth !== depth) return;
    const time = readMillis(textAt(frame, 'timestamp_e6'), 1000);
    const data = member(frame, 'data');
    if (type === 'snapshot') this.#readSnapshot(symbol, data, time, depth);
    else if (type === 'delta') this.#readDelta(symbol, data, time, levels);
    else this.#books.void(symbol, 'bad_message', 'a message that is neither snapshot nor delta');
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#wishes.set(symbol, wish);
    return requests('subscribe', this.#topics(symbols));
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const topics = this.#topics(symbols);
    for (const symbol of symbols) {
      this.#wishes.delete(symbol);
      this.#levels.delete(symbol);
    }
    return requests('unsubscribe', topics);
  }

  resync(symbol: string): string[] {
    const topics = [bookTopic(symbol, this.#wishes.get(symbol)?.depth ?? 0)];
    return [...requests('unsubscribe', topics), ...requests('subscribe', topics)];
  }

  ping(): string {
    return '{"op":"ping"}';
  }

  #readSnapshot(symbol: string, data: Json | undefined, time: number, depth: number): void {
    // USDT contracts wrap the list in an object, inverse ones do not.
    const rows = readRows(isList(data) ? data : member(data, 'order_book'), 'insert');
    const levels = new CountedLevels(depth);
    const sides: KeyedSides = { bids: [], asks: [] };
    const fault = rows === undefined ? 'a snapshot with bad levels' : levels.apply('insert', rows, sides);
    if (fault !== undefined) return this.#books.void(symbol, 'bad_message', fault);
    const wrongCount = levels.fault;
    if (wrongCount !== undefined) return this.#books.void(symbol, 'bad_message', wrongCount);
    this.#levels.set(symbol, levels);
    this.#books.snapshot(symbol, sides, { eventTime: time, verified: BY_NOTHING, depth });
  }

  #readDelta(symbol: string, data: Json | undefined, time: number, levels: CountedLevels | undefined): void {
    if (levels === undefined || this.#books.last(symbol) === undefined) {
      return this.#sink.skipped(symbol, 'awaiting_snapshot');
    }
    const sides: KeyedSides = { bids: [], asks: [] };
    for (const action of ACTIONS) {
      const rows = readRows(member(data, action), action);
      if (rows === undefined) return this.#books.void(symbol, 'bad_message', `${action} with bad levels`);
      const fault = levels.apply(action, rows, sides);
      if (fault !== undefined) return this.#books.void(symbol, 'key', fault);
    }
    const wrongCount = levels.fault;
    if (wrongCount !== undefined) return this.#books.void(symbol, 'key', wrongCount);
    this.#books.delta(symbol, sides, { eventTime: time });
  }

  #readTrades(frame: Json): void {
    for (const trade of listAt(frame, 'data')) {
      const [symbol, id] = [textAt(trade, 'symbol'), textAt(trade, 'trade_id')];
      const side = readSide(textAt(trade, 'side'));
      const time = readMillis(textAt(trade, 'trade_time_ms'));
      tellTrade(this.#sink, symbol, id, member(trade, 'price'), member(trade, 'size'), side, time);
    }
  }

  #readAnswer(frame: Json): void {
    const isGranted = member(frame, 'success');
    const request = member(frame, 'request');
    if (typeof isGranted !== 'boolean' || textAt(request, 'op') !== 'subscribe') return;
    const topics = listAt(request, 'args').filter((topic) => typeof topic === 'string');
    const message = textAt(frame, 'ret_msg') ?? 'The venue refused a request.';
    if (!isGranted) return this.#sink.complained('subscribe', message);
    const symbols = topics.flatMap((topic) => {
      const symbol = topic.slice(topic.lastIndexOf('.') + 1);
      return TOPIC.test(topic) || this.#wishes.get(symbol)?.depth === 0 ? symbol : [];
    });
    if (symbols.length > 0) this.#sink.acknowledged(symbols);
  }

  #topics(symbols: readonly string[]): string[] {
    return symbols.flatMap((symbol) => {
      const wish = this.#wishes.get(symbol);
      return [
        ...(wish !== undefined && wish.depth > 0 ? [bookTopic(symbol, wish.depth)] : []),
        ...(wish?.trades === true ? [`trade.${symbol}`] : []),
      ];
    });
  }
}

const bookTopic = (symbol: string, depth: number): string =>
  depth <= 25 ? `orderBookL2_25.${symbol}` : `orderBook_200.100ms.${symbol}`;

function requests(op: string, topics: readonly string[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < topics.length; at += ARGUMENTS_A_MESSAGE) {
    texts.push(JSON.stringify({ op, args: topics.slice(at, at + ARGUMENTS_A_MESSAGE) }));
  }
  return texts;
}

function readRows(list: Json | undefined, action: Action): KeyedRow[] | undefined {
  if (!isList(list)) return undefined;
  const rows: KeyedRow[] = [];
  for (const entry of list) {
    const side = readSide(textAt(entry, 'side'));
    const level = readLevel(member(entry, 'price'), action === 'delete' ? '0' : member(entry, 'size'));
    const id = textAt(entry, 'id');
    if (level === undefined || id === undefined || side === 'unknown') return undefined;
    rows.push({ key: `${side} ${id}`, isBid: side === 'buy', price: level[0], size: level[1] });
  }
  return rows;
}
