/**
 * KuCoin spot: updates by socket, each covering the sequences from `sequenceStart` to `sequenceEnd`, and a snapshot by HTTP.
 * The address of a connection, with a token in it, is asked for before each one.
 *
 * An update may overlap what is known already. That harms nothing: it ends with the newest size of every price that
 * changed in its span, as long as the changes are applied in the order of their own sequences.
 *
 * Source: www.kucoin.com/docs, "Level2 - Market Data" and "Apply connect token".
 */
import type { LevelText } from '../../book/book.js';
import { BY_SEQUENCE } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevels, readMillis, readSide, tellTrade } from '../venue/fields.js';
import { SnapshotBridge, type BridgeRule } from '../venue/snapshot-bridge.js';
import { nextId, readId } from '../venue/venue-id.js';
import type { AskText, VenueId, VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

const REST = 'https://api.kucoin.com/api';
const URL_WITHOUT_TOKEN = 'wss://ws-api-spot.kucoin.com/';
/** Symbols in one topic. */
const SYMBOLS_A_REQUEST = 100;
/** Levels a side in the snapshot that needs no login. */
const PUBLIC_LEVELS = 100;

const OK = '200000';
const NO_SUCH_SYMBOL = '900001';
const NO_SUCH_TOPIC = '404';

const RULE: BridgeRule = {
  isOld: (update, id) => update.last <= id,
  reaches: (update, id) => update.first <= nextId(id) && nextId(id) <= update.last,
  follows: (update, last) => update.first <= nextId(last),
};

const TOPICS = { book: '/market/level2:', trades: '/market/match:' } as const;

type Topic = keyof typeof TOPICS;

interface Asked {
  readonly topic: Topic;
  readonly symbols: readonly string[];
}

export const kucoin: VenueProtocol = {
  name: 'kucoin',
  url: URL_WITHOUT_TOKEN,
  address,
  // Two topics a symbol, of 300; 100 messages in 10 s. A snapshot weighs 4 of 2,000 in 30 s.
  limits: { symbols: 100, messagesPerSecond: 10, snapshotsPerMinute: 300 },
  verified: BY_SEQUENCE,
  listing: {
    url: `${REST}/v2/symbols`,
    read: (text) => listAt(parseExact(text), 'data').flatMap((row) => textAt(row, 'symbol') ?? []),
  },
  recognises: (frame) => textAt(frame, 'type') === 'message' && textAt(frame, 'topic')?.startsWith('/market/') === true,
  start: (sink) => new KucoinSession(sink),
};

/** The venue names the server to speak to. Somebody who named one himself keeps it. */
async function address(url: string, ask: AskText): Promise<string> {
  const { text } = await ask(`${REST}/v1/bullet-public`, 'POST');
  const data = member(parseExact(text), 'data');
  const token = textAt(data, 'token');
  const server = url === URL_WITHOUT_TOKEN ? textAt(listAt(data, 'instanceServers')[0], 'endpoint') : url;
  if (token === undefined || server === undefined) throw new Error('KuCoin gave no token for a connection.');
  return `${server}?token=${encodeURIComponent(token)}&connectId=touchline`;
}

class KucoinSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #bridge: SnapshotBridge;
  readonly #wishes = new Map<string, VenueWish>();
  /** The subscriptions that have not been answered. */
  readonly #asked = new Map<string, Asked>();
  #requests = 0;

  constructor(sink: VenueSink) {
    this.#sink = sink;
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
    switch (textAt(frame, 'type')) {
      case 'message':
        return this.#readMessage(textAt(frame, 'subject'), member(frame, 'data'));
      case 'ack':
        return this.#acknowledge(textAt(frame, 'id') ?? '');
      case 'error':
        return this.#readError(frame);
      default:
    }
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) this.#bridge.begin(symbol);
    for (const symbol of symbols) this.#wishes.set(symbol, wish);
    return [
      ...(wish.depth > 0 ? this.#requestsFor('subscribe', 'book', symbols) : []),
      ...(wish.trades ? this.#requestsFor('subscribe', 'trades', symbols) : []),
    ];
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const withBook = symbols.filter((symbol) => this.#wishes.get(symbol)?.depth !== 0);
    const withTrades = symbols.filter((symbol) => this.#wishes.get(symbol)?.trades !== false);
    for (const symbol of symbols) {
      this.#bridge.forget(symbol);
      this.#wishes.delete(symbol);
    }
    return [
      ...this.#requestsFor('unsubscribe', 'book', withBook),
      ...this.#requestsFor('unsubscribe', 'trades', withTrades),
    ];
  }

  resync(): string[] {
    return [];
  }

  snapshotUrl(symbol: string): string {
    const asked = new URLSearchParams({ symbol });
    return `${REST}/v1/market/orderbook/level2_${PUBLIC_LEVELS}?${asked.toString()}`;
  }

  ping(): string {
    return JSON.stringify({ id: String(++this.#requests), type: 'ping' });
  }

  #readMessage(subject: string | undefined, data: Json | undefined): void {
    if (subject === 'trade.l2update') this.#readUpdate(data);
    else if (subject === 'trade.l3match') {
      tellTrade(
        this.#sink,
        textAt(data, 'symbol'),
        textAt(data, 'tradeId'),
        member(data, 'price'),
        member(data, 'size'),
        readSide(textAt(data, 'side')),
        readMillis(textAt(data, 'time'), 1_000_000),
      );
    }
  }

  #readUpdate(data: Json | undefined): void {
    const symbol = textAt(data, 'symbol');
    if (symbol === undefined) return this.#sink.refused('an update that names no symbol', true);
    const first = readId(textAt(data, 'sequenceStart'));
    const last = readId(textAt(data, 'sequenceEnd'));
    const changes = member(data, 'changes');
    const sides = bothSides(readChanges(member(changes, 'bids')), readChanges(member(changes, 'asks')));
    if (first === undefined || last === undefined || sides === undefined) {
      return this.#bridge.void(symbol, 'bad_message', 'an update that cannot be read');
    }
    this.#bridge.update(symbol, sides, { eventTime: readMillis(textAt(data, 'time')), span: { first, last } });
  }

  #readSnapshot(body: Json, url: string): void {
    const request = /\/orderbook\/level2(?:_(\d+))?\?/.exec(url);
    if (request === null) return;
    const symbol = new URLSearchParams(url.slice(url.indexOf('?'))).get('symbol');
    if (symbol === null) return this.#sink.refused('a snapshot whose request named no symbol', false);
    const code = textAt(body, 'code');
    if (code === NO_SUCH_SYMBOL) {
      return this.#sink.rejected(symbol, 'unknown_symbol', textAt(body, 'msg') ?? 'The symbol does not exist.');
    }
    const data = member(body, 'data');
    const id = readId(textAt(data, 'sequence'));
    const sides = bothSides(readLevels(member(data, 'bids')), readLevels(member(data, 'asks')));
    if (code !== OK || id === undefined || sides === undefined) {
      return this.#sink.refused(`a snapshot of ${symbol} that cannot be read`, false);
    }
    const eventTime = readMillis(textAt(data, 'time'));
    const covers = Number(request[1] ?? 0);
    this.#bridge.snapshot(symbol, id, sides, { eventTime, verified: BY_SEQUENCE, covers });
  }

  #acknowledge(id: string): void {
    const asked = this.#asked.get(id);
    if (this.#asked.delete(id) && asked !== undefined) this.#sink.acknowledged(asked.symbols);
  }

  /** One topic that the venue does not have fails its whole request: it is asked for in halves, until a refusal names one. */
  #readError(frame: Json): void {
    const id = textAt(frame, 'id') ?? '';
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    const code = textAt(frame, 'code') ?? 'error';
    const message = textAt(frame, 'data') ?? 'The venue refused a request.';
    if (asked === undefined || code !== NO_SUCH_TOPIC) return this.#sink.complained(code, message);
    const symbols = asked.symbols.filter((symbol) => this.#wishes.has(symbol));
    const [symbol] = symbols;
    if (symbol === undefined) return;
    if (symbols.length === 1) {
      this.#wishes.delete(symbol);
      return this.#sink.rejected(symbol, 'unknown_symbol', message);
    }
    const half = Math.ceil(symbols.length / 2);
    for (const some of [symbols.slice(0, half), symbols.slice(half)]) {
      this.#sink.reply(this.#request('subscribe', asked.topic, some));
    }
  }

  #requestsFor(type: 'subscribe' | 'unsubscribe', topic: Topic, symbols: readonly string[]): string[] {
    const requests: string[] = [];
    for (let at = 0; at < symbols.length; at += SYMBOLS_A_REQUEST) {
      requests.push(this.#request(type, topic, symbols.slice(at, at + SYMBOLS_A_REQUEST)));
    }
    return requests;
  }

  #request(type: 'subscribe' | 'unsubscribe', topic: Topic, symbols: readonly string[]): string {
    const id = String(++this.#requests);
    if (type === 'subscribe') this.#asked.set(id, { topic, symbols });
    return JSON.stringify({
      id,
      type,
      topic: TOPICS[topic] + symbols.join(','),
      privateChannel: false,
      response: true,
    });
  }
}

/** `[price, size, sequence]`, in the order of the sequences. A price of 0 is no level: only its sequence counts. */
function readChanges(list: Json | undefined): LevelText[] | undefined {
  const levels = readLevels(list);
  if (levels === undefined || !isList(list)) return undefined;
  const changes: { readonly level: LevelText; readonly sequence: VenueId }[] = [];
  for (const [i, level] of levels.entries()) {
    const sequence = readId(textAt(list[i], 2));
    if (sequence === undefined) return undefined;
    if (!isZero(level[0])) changes.push({ level, sequence });
  }
  changes.sort((a, b) => (a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : 0));
  return changes.map(({ level }) => level);
}

const isZero = (price: string): boolean => /^0+(?:\.0+)?$/.test(price);
