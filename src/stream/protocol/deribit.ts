/**
 * Deribit: JSON-RPC over one socket, all numbers JSON numbers. A book message says of each level whether it is new, changed
 * or deleted, and names the change that it follows: `prev_change_id` is the `change_id` of the message before. So both the
 * chain and the levels show a loss.
 *
 * Source: docs.deribit.com, "book.{instrument_name}.{interval}", "public/set_heartbeat", "platform_state".
 */
import type { LevelText } from '../../book/book.js';
import { formatDecimal, parseDecimal } from '../../book/decimal.js';
import { BY_SEQUENCE } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { readMillis, readSide, tellTrade } from '../venue/fields.js';
import { KeyedLevels, type KeyedSides } from '../venue/keyed-levels.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import { readId } from '../venue/venue-id.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

/** `raw` is for those who log in. */
const INTERVAL = '100ms';
/** The venue then asks for a sign of life as often, and closes the connection when none comes. At least 10. */
const HEARTBEAT_SECONDS = 15;
const CHANNELS_A_REQUEST = 500;

export const deribit: VenueProtocol = {
  name: 'deribit',
  url: 'wss://www.deribit.com/ws/api/v2',
  // Two channels a symbol. Who has not logged in shares the allowance of his address.
  limits: { symbols: 250, messagesPerSecond: 10 },
  verified: BY_SEQUENCE,
  listing: {
    url: 'https://www.deribit.com/api/v2/public/get_instruments?currency=any&expired=false',
    read: (text) => listAt(parseExact(text), 'result').flatMap((row) => textAt(row, 'instrument_name') ?? []),
  },
  recognises: (frame) =>
    textAt(frame, 'jsonrpc') === '2.0' &&
    textAt(frame, 'method') === 'subscription' &&
    textAt(member(frame, 'params'), 'channel') !== undefined,
  start: (sink) => new DeribitSession(sink),
};

type Action = 'insert' | 'update' | 'delete';

const ACTIONS: ReadonlyMap<string | undefined, Action> = new Map([
  ['new', 'insert'],
  ['change', 'update'],
  ['delete', 'delete'],
]);

/** A message that contradicts the book it belongs to, or that makes no sense at all. */
type Fault = { readonly reason: 'key' | 'bad_message'; readonly detail: string };

const BAD_LEVELS: Fault = { reason: 'bad_message', detail: 'levels that cannot be read' };

class DeribitSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #books: SnapshotFed;
  readonly #keys = new Map<string, KeyedLevels>();
  readonly #wishes = new Map<string, VenueWish>();
  /** The symbols of each request that has not been answered. */
  readonly #asked = new Map<string, readonly string[]>();
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
    const method = textAt(frame, 'method');
    const params = member(frame, 'params');
    if (method === 'subscription') this.#readNotice(textAt(params, 'channel') ?? '', member(params, 'data'));
    else if (method === 'heartbeat') {
      if (textAt(params, 'type') === 'test_request') this.#sink.reply(this.ping());
    } else if (method === undefined) this.#readAnswer(frame);
  }

  greeting(): string[] {
    return [
      this.#request('public/set_heartbeat', { interval: HEARTBEAT_SECONDS }),
      this.#request('public/subscribe', { channels: ['platform_state'] }),
    ];
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#wishes.set(symbol, wish);
    return this.#requestsFor('public/subscribe', symbols);
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const requests = this.#requestsFor('public/unsubscribe', symbols);
    for (const symbol of symbols) {
      this.#books.forget(symbol);
      this.#keys.delete(symbol);
      this.#wishes.delete(symbol);
    }
    return requests;
  }

  resync(symbol: string): string[] {
    const channels = [`book.${symbol}.${INTERVAL}`];
    return [this.#request('public/unsubscribe', { channels }), this.#ask([symbol], channels)];
  }

  ping(): string {
    return this.#request('public/test', {});
  }

  #readNotice(channel: string, data: Json | undefined): void {
    if (channel.startsWith('book.')) this.#readBook(data);
    else if (channel.startsWith('trades.')) {
      if (isList(data)) for (const trade of data) this.#readTrade(trade);
    } else if (channel === 'platform_state' && isTrue(member(data, 'maintenance'))) {
      this.#sink.leaving('The venue begins a maintenance break.');
    }
  }

  #readBook(data: Json | undefined): void {
    const symbol = textAt(data, 'instrument_name');
    const type = textAt(data, 'type');
    // A grouped book has no type, and no chain.
    if (symbol !== undefined && type === undefined && textAt(data, 'prev_change_id') === undefined) return;
    if (symbol === undefined) return this.#sink.refused('a book that names no symbol', true);
    const id = readId(textAt(data, 'change_id'));
    if (id === undefined || (type !== 'snapshot' && type !== 'change')) {
      return this.#void(symbol, { reason: 'bad_message', detail: 'a book without its number or type' });
    }
    const eventTime = readMillis(textAt(data, 'timestamp'));
    if (type === 'snapshot') {
      const keys = new KeyedLevels();
      const sides = readSides(data, keys);
      if ('reason' in sides) return this.#void(symbol, sides);
      this.#keys.set(symbol, keys);
      return this.#books.snapshot(symbol, sides, { eventTime, verified: BY_SEQUENCE }, id);
    }
    const link = { id, previous: readId(textAt(data, 'prev_change_id')) };
    const last = this.#books.last(symbol);
    const keys = this.#keys.get(symbol);
    if (last !== undefined && id <= last) return this.#books.old(symbol);
    // One that does not follow is judged before its levels are: they belong to another book.
    if (keys === undefined || link.previous !== last) return this.#books.delta(symbol, undefined, { eventTime }, link);
    const sides = readSides(data, keys);
    if ('reason' in sides) this.#void(symbol, sides);
    else this.#books.delta(symbol, sides, { eventTime }, link);
  }

  #void(symbol: string, { reason, detail }: Fault): void {
    this.#keys.delete(symbol);
    this.#books.void(symbol, reason, detail);
  }

  #readTrade(trade: Json): void {
    tellTrade(
      this.#sink,
      textAt(trade, 'instrument_name'),
      textAt(trade, 'trade_id'),
      member(trade, 'price'),
      member(trade, 'amount'),
      readSide(textAt(trade, 'direction')),
      readMillis(textAt(trade, 'timestamp')),
    );
  }

  /** The answer to a subscription lists the channels that it brought: those the venue does not have are left out of it. */
  #readAnswer(frame: Json): void {
    const error = member(frame, 'error');
    const id = textAt(frame, 'id') ?? '';
    const symbols = this.#asked.get(id) ?? [];
    this.#asked.delete(id);
    if (error !== undefined) {
      const message = textAt(error, 'message') ?? 'The venue refused a request.';
      return this.#sink.complained(textAt(error, 'code') ?? 'error', message);
    }
    const served = new Set(listAt(frame, 'result'));
    const known = symbols.filter((symbol) => served.has(this.#channelsOf(symbol)[0] ?? ''));
    if (known.length > 0) this.#sink.acknowledged(known);
    for (const symbol of symbols) {
      if (!known.includes(symbol) && this.#wishes.delete(symbol)) {
        this.#sink.rejected(symbol, 'unknown_symbol', 'The venue has no such channel.');
      }
    }
  }

  #channelsOf(symbol: string): string[] {
    const { depth, trades } = this.#wishes.get(symbol) ?? { depth: 1, trades: true };
    return [...(depth > 0 ? [`book.${symbol}.${INTERVAL}`] : []), ...(trades ? [`trades.${symbol}.${INTERVAL}`] : [])];
  }

  #requestsFor(method: 'public/subscribe' | 'public/unsubscribe', symbols: readonly string[]): string[] {
    const requests: string[] = [];
    const symbolsARequest = CHANNELS_A_REQUEST / 2;
    for (let at = 0; at < symbols.length; at += symbolsARequest) {
      const some = symbols.slice(at, at + symbolsARequest);
      const channels = some.flatMap((symbol) => this.#channelsOf(symbol));
      if (channels.length === 0) continue;
      requests.push(method === 'public/subscribe' ? this.#ask(some, channels) : this.#request(method, { channels }));
    }
    return requests;
  }

  #ask(symbols: readonly string[], channels: readonly string[]): string {
    const request = this.#request('public/subscribe', { channels });
    this.#asked.set(String(this.#requests), symbols);
    return request;
  }

  #request(method: string, params: object): string {
    this.#requests++;
    return JSON.stringify({ jsonrpc: '2.0', id: this.#requests, method, params });
  }
}

/** Both sides of a message, once the keys have found nothing wrong with them. */
function readSides(data: Json | undefined, keys: KeyedLevels): KeyedSides | Fault {
  const sides: KeyedSides = { bids: [], asks: [] };
  for (const side of ['bids', 'asks'] as const) {
    const list = member(data, side);
    if (!isList(list)) return BAD_LEVELS;
    for (const entry of list) {
      const action = ACTIONS.get(textAt(entry, 0));
      const price = textAt(entry, 1);
      const key = keyOf(price);
      const size = action === 'delete' ? '0' : textAt(entry, 2);
      if (action === undefined || price === undefined || key === undefined || size === undefined) return BAD_LEVELS;
      const isBid = side === 'bids';
      const detail = keys.apply(action, [{ key: `${isBid ? 'bid' : 'ask'} ${key}`, isBid, price, size }], sides);
      if (detail !== undefined) return { reason: 'key', detail };
    }
  }
  return sides;
}

/** The same for `0.0005`, `5.0e-4` and `0.00050`, all of which the venue may write. */
function keyOf(price: LevelText[0] | undefined): string | undefined {
  const decimal = price === undefined ? undefined : parseDecimal(price);
  return decimal && formatDecimal(decimal);
}

const isTrue = (value: Json | undefined): boolean => value === true || value === 'true';
