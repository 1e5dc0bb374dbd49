/**
 * BitMEX: a book is a table of rows keyed by id and side. `partial` is the whole table of a symbol; updates carry no price,
 * deletes only the key. Nothing is numbered: only a key that is not where it should be shows a loss, and not every one, so
 * these books are never called proved.
 *
 * Source: www.bitmex.com/app/wsAPI.
 */
import { BY_NOTHING } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { readIsoTime, readLevel, readSide, tellTrade } from '../venue/fields.js';
import { KeyedLevels, type KeyedRow, type KeyedSides } from '../venue/keyed-levels.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

/**
 * Levels a side that a table begins with; 0 is all of them. The venue deletes rows that leave its best 25 and inserts those
 * that come in, so that nothing may be cut here.
 */
const TABLES: ReadonlyMap<string, number> = new Map([
  ['orderBookL2', 0],
  ['orderBookL2_25', 25],
]);
const SHORT_TABLE_LEVELS = 25;

type Action = 'insert' | 'update' | 'delete';

export const bitmex: VenueProtocol = {
  name: 'bitmex',
  url: 'wss://ws.bitmex.com/realtime',
  limits: { symbols: 100, messagesPerSecond: 5 },
  verified: BY_NOTHING,
  listing: { url: 'https://www.bitmex.com/api/v1/instrument/active', read: readListing },
  recognises: (frame) =>
    textAt(frame, 'table') !== undefined && textAt(frame, 'action') !== undefined && isList(member(frame, 'data')),
  start: (sink) => new BitmexSession(sink),
};

class BitmexSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #books: SnapshotFed;
  readonly #keys = new Map<string, KeyedLevels>();
  readonly #wishes = new Map<string, VenueWish>();

  constructor(sink: VenueSink) {
    this.#sink = sink;
    this.#books = new SnapshotFed(sink);
  }

  read(text: string): void {
    if (text === 'pong') return;
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    const table = textAt(frame, 'table');
    if (table === undefined) this.#readAnswer(frame);
    else if (table === 'trade') {
      // Its partial holds trades of the past.
      if (textAt(frame, 'action') === 'insert') for (const trade of listAt(frame, 'data')) this.#readTrade(trade);
    } else if (TABLES.has(table)) this.#readTable(frame, TABLES.get(table) ?? 0);
  }

  /** A request for each symbol, so that a refusal says whose it is. */
  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#wishes.set(symbol, wish);
    return symbols.flatMap((symbol) => request('subscribe', this.#topicsOf(symbol)));
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const requests = symbols.flatMap((symbol) => request('unsubscribe', this.#topicsOf(symbol)));
    for (const symbol of symbols) {
      this.#books.forget(symbol);
      this.#keys.delete(symbol);
      this.#wishes.delete(symbol);
    }
    return requests;
  }

  resync(symbol: string): string[] {
    const topics = [`${this.#tableOf(symbol)}:${symbol}`];
    return [...request('unsubscribe', topics), ...request('subscribe', topics)];
  }

  ping(): string {
    return 'ping';
  }

  #readTable(frame: Json, levels: number): void {
    const action = textAt(frame, 'action');
    if (!isAction(action)) return this.#sink.refused('a table without a known action', true);
    const rows = member(frame, 'data');
    if (!isList(rows)) return this.#sink.refused('a table without rows', true);
    const bySymbol = new Map<string, Json[]>();
    // An empty table names its symbol in the filter only.
    const filtered = textAt(member(frame, 'filter'), 'symbol');
    if (action === 'partial' && filtered !== undefined) bySymbol.set(filtered, []);
    for (const row of rows) {
      const symbol = textAt(row, 'symbol');
      if (symbol === undefined) return this.#sink.refused('a row that names no symbol', true);
      const entries = bySymbol.get(symbol);
      if (entries === undefined) bySymbol.set(symbol, [row]);
      else entries.push(row);
    }
    for (const [symbol, entries] of bySymbol) this.#readBook(symbol, action, entries, levels);
  }

  #readBook(symbol: string, action: Action | 'partial', entries: readonly Json[], levels: number): void {
    const isPartial = action === 'partial';
    const keys = isPartial ? new KeyedLevels() : this.#keys.get(symbol);
    if (keys === undefined || (!isPartial && this.#books.last(symbol) === undefined)) {
      return this.#sink.skipped(symbol, 'awaiting_snapshot');
    }
    const rows = readRows(entries, isPartial ? 'insert' : action);
    if (rows === undefined) return this.#books.void(symbol, 'bad_message', `${action} with rows that cannot be read`);
    const sides: KeyedSides = { bids: [], asks: [] };
    const fault = keys.apply(isPartial ? 'insert' : action, rows, sides);
    if (fault !== undefined) return this.#books.void(symbol, 'key', fault);
    const eventTime = readIsoTime(textAt(entries[0], 'timestamp'));
    if (!isPartial) return this.#books.delta(symbol, sides, { eventTime });
    this.#keys.set(symbol, keys);
    this.#books.snapshot(symbol, sides, { eventTime, verified: BY_NOTHING, covers: levels });
  }

  #readTrade(trade: Json): void {
    tellTrade(
      this.#sink,
      textAt(trade, 'symbol'),
      textAt(trade, 'trdMatchID'),
      member(trade, 'price'),
      member(trade, 'size'),
      readSide(textAt(trade, 'side')),
      readIsoTime(textAt(trade, 'timestamp')),
    );
  }

  #readAnswer(frame: Json): void {
    const topic = textAt(frame, 'subscribe');
    if (topic !== undefined && member(frame, 'success') === true) {
      return this.#sink.acknowledged([symbolOf(topic)]);
    }
    const message = textAt(frame, 'error');
    if (message === undefined) return;
    const code = textAt(frame, 'status') ?? 'error';
    const request = member(frame, 'request');
    const symbols = new Set(listAt(request, 'args').flatMap((arg) => (typeof arg === 'string' ? symbolOf(arg) : [])));
    const [symbol] = symbols;
    const isUnknown = textAt(request, 'op') === 'subscribe' && /^unknown or expired symbol/i.test(message);
    if (!isUnknown || symbol === undefined || symbols.size > 1) return this.#sink.complained(code, message);
    // The venue refuses each topic of a symbol, one after the other.
    if (this.#wishes.delete(symbol)) this.#sink.rejected(symbol, 'unknown_symbol', message);
  }

  #tableOf(symbol: string): string {
    const { depth } = this.#wishes.get(symbol) ?? { depth: 0 };
    return depth > 0 && depth <= SHORT_TABLE_LEVELS ? 'orderBookL2_25' : 'orderBookL2';
  }

  #topicsOf(symbol: string): string[] {
    const { depth, trades } = this.#wishes.get(symbol) ?? { depth: 1, trades: true };
    return [...(depth > 0 ? [`${this.#tableOf(symbol)}:${symbol}`] : []), ...(trades ? [`trade:${symbol}`] : [])];
  }
}

const request = (op: 'subscribe' | 'unsubscribe', args: readonly string[]): string[] =>
  args.length > 0 ? [JSON.stringify({ op, args })] : [];

const symbolOf = (topic: string): string => topic.slice(topic.indexOf(':') + 1);

const isAction = (action: string | undefined): action is Action | 'partial' =>
  action === 'partial' || action === 'insert' || action === 'update' || action === 'delete';

function readRows(entries: readonly Json[], action: Action): KeyedRow[] | undefined {
  const rows: KeyedRow[] = [];
  for (const entry of entries) {
    const side = readSide(textAt(entry, 'side'));
    const id = textAt(entry, 'id');
    const price = textAt(entry, 'price');
    const level = readLevel(price ?? '0', action === 'delete' ? '0' : member(entry, 'size'));
    if (level === undefined || id === undefined || side === 'unknown') return undefined;
    rows.push({ key: `${side} ${id}`, isBid: side === 'buy', price, size: level[1] });
  }
  return rows;
}

function readListing(text: string): string[] {
  const rows = parseExact(text);
  return isList(rows) ? rows.flatMap((row) => textAt(row, 'symbol') ?? []) : [];
}
