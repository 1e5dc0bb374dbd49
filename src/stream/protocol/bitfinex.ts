/**
 * Bitfinex, version 2: lists whose first entry is a channel's number, `[channel, [price, count, amount], sequence]`. An
 * amount above zero is a bid, one below an ask; a count of 0 removes the level. Numbers are JSON numbers, whose text is kept.
 *
 * A connection that asks for it gets its messages numbered, all channels and heartbeats in one row: a hole may have held
 * any symbol's update, so that it makes every book void. It also gets checksums, each a message of its own.
 *
 * Source: docs.bitfinex.com, "WebSocket General", "Books", "Trades" and "WebSocket Checksum".
 */
import type { LevelText } from '../../book/book.js';
import { BY_NOTHING, BY_SEQUENCE, type Verification } from '../verdict.js';
import { isList, listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { tellTrade, readMillis } from '../venue/fields.js';
import { ALTERNATING_LEVELS, bitfinexChecksum } from '../venue/level-checksums.js';
import { SnapshotFed } from '../venue/snapshot-fed.js';
import { nextId, readId } from '../venue/venue-id.js';
import type { Sides, VenueId, VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

const NUMBERED = 65_536;
const SUMMED = 131_072;

/** Levels a side that can be asked for. */
const LENGTHS = [25, 100, 250];
const LONGEST = 250;

const RESTARTS = '20051';
const PAUSES = '20060';
const RESUMES = '20061';

const UNKNOWN_PAIR = '10001';
const REFUSED = '10300';
const ALREADY_SUBSCRIBED = '10301';

const CHECKSUM: Verification = { by: 'checksum', depth: ALTERNATING_LEVELS };

export const bitfinex: VenueProtocol = {
  name: 'bitfinex',
  url: 'wss://api-pub.bitfinex.com/ws/2',
  // 25 channels a connection: a symbol has up to two.
  limits: { symbols: 12, messagesPerSecond: 5 },
  verified: BY_SEQUENCE,
  listing: { url: 'https://api-pub.bitfinex.com/v2/conf/pub:list:pair:exchange', read: readListing },
  recognises(frame) {
    if (!isList(frame)) return textAt(frame, 'event') === 'subscribed' && textAt(frame, 'chanId') !== undefined;
    const payload = frame[1];
    const isMessage = isList(payload) || payload === 'hb' || payload === 'cs' || payload === 'te' || payload === 'tu';
    return isMessage && readId(textAt(frame, 0)) !== undefined && typeof frame.at(-1) === 'string';
  },
  start: (sink) => new BitfinexSession(sink),
};

interface Channel {
  readonly id: string;
  readonly isBook: boolean;
  readonly symbol: string;
  /** Levels a side that a book was asked for with; 0 when the venue did not say. */
  readonly length: number;
}

class BitfinexSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #fed: SnapshotFed;
  readonly #wishes = new Map<string, VenueWish>();
  /** By their numbers. */
  readonly #channels = new Map<string, Channel>();
  /** Given up before the venue had given them a channel. */
  readonly #dropped = new Set<string>();
  /** Books to ask for again once the venue has ended them. */
  readonly #renewed = new Set<string>();
  /** What the connection was set to, as the venue has said or its messages show; undefined while neither has come. */
  #flags: number | undefined;
  /** The number of the last message of the connection. */
  #last: VenueId | undefined;

  constructor(sink: VenueSink) {
    this.#sink = sink;
    this.#fed = new SnapshotFed(sink);
  }

  read(text: string): void {
    let frame: Json;
    try {
      frame = parseExact(text);
    } catch {
      return this.#sink.refused('not JSON', true);
    }
    if (isList(frame)) this.#readMessage(frame);
    else this.#readEvent(frame);
  }

  greeting(): string[] {
    return [JSON.stringify({ event: 'conf', flags: NUMBERED | SUMMED })];
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    return symbols.flatMap((symbol) => {
      this.#wishes.set(symbol, wish);
      this.#dropped.delete(symbol);
      return [
        ...(wish.depth > 0 ? [bookRequest(symbol, wish)] : []),
        ...(wish.trades ? [JSON.stringify({ event: 'subscribe', channel: 'trades', symbol })] : []),
      ];
    });
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const requests: string[] = [];
    for (const symbol of symbols) {
      this.#wishes.delete(symbol);
      this.#dropped.add(symbol);
      this.#renewed.delete(symbol);
      this.#fed.forget(symbol);
      for (const channel of this.#channelsOf(symbol)) requests.push(endRequest(channel.id));
    }
    return requests;
  }

  resync(symbol: string): string[] {
    this.#fed.forget(symbol);
    const book = this.#channelsOf(symbol).find(({ isBook }) => isBook);
    if (book === undefined) return [bookRequest(symbol, this.#wishes.get(symbol))];
    // The venue refuses a second book of a symbol, so that the request has to wait until the first has ended.
    this.#renewed.add(symbol);
    return [endRequest(book.id)];
  }

  ping(): string {
    return '{"event":"ping"}';
  }

  #readMessage(frame: readonly Json[]): void {
    const payload = frame[1];
    const isNamed = typeof payload === 'string' && payload !== 'hb';
    const id = readId(textAt(frame, isNamed ? 3 : 2));
    const isRepeated = id !== undefined && id === this.#last;
    if (!isRepeated) this.#follow(id);
    const channel = this.#channels.get(textAt(frame, 0) ?? '');
    if (channel === undefined || payload === 'hb') return;
    if (!channel.isBook) {
      // A list alone is the trades from before the subscription; `tu` tells of a trade once more.
      if (payload === 'te' && !isRepeated) this.#readTrade(channel.symbol, frame[2]);
    } else if (isRepeated) this.#sink.skipped(channel.symbol, 'old');
    else if (payload === 'cs') this.#readChecksum(channel.symbol, textAt(frame, 2));
    else this.#readBook(channel, payload);
  }

  /** Takes a message's place in the row. After a hole the row goes on from what came. */
  #follow(id: VenueId | undefined): void {
    const last = this.#last;
    if (id !== undefined) this.#last = id;
    if (last === undefined || id === nextId(last)) return;
    this.#voidAll(`message ${id ?? 'without a number'} of the connection after ${last}`);
  }

  #readBook({ symbol, length }: Channel, payload: Json | undefined): void {
    const rows = isList(payload) ? payload : [];
    const isSnapshot = isList(payload) && (rows.length === 0 || isList(rows[0]));
    const sides = sidesOf(isSnapshot ? rows : [rows]);
    if (!isSnapshot) return this.#fed.delta(symbol, sides, { eventTime: 0 });
    this.#fed.snapshot(symbol, sides, {
      eventTime: 0,
      verified: this.#last !== undefined ? BY_SEQUENCE : ((this.#flags ?? 0) & SUMMED) !== 0 ? CHECKSUM : BY_NOTHING,
      // Checksums may come as long as it is not known that they will not.
      keepsTexts: ((this.#flags ?? SUMMED) & SUMMED) !== 0,
      ...(length > 0 && { covers: length }),
    });
  }

  /** It holds no levels: what it sums up is what came before. */
  #readChecksum(symbol: string, checksum: string | undefined): void {
    this.#flags ??= SUMMED;
    // What is no number equals no checksum.
    const facts = { eventTime: 0, checksum: Number(checksum), checksumOf: bitfinexChecksum };
    this.#fed.delta(symbol, { bids: [], asks: [] }, facts);
  }

  #readTrade(symbol: string, trade: Json | undefined): void {
    const amount = textAt(trade, 2);
    const time = readMillis(textAt(trade, 1));
    const isSale = amount?.startsWith('-') === true;
    const size = isSale ? amount.slice(1) : amount;
    tellTrade(this.#sink, symbol, textAt(trade, 0), member(trade, 3), size, isSale ? 'sell' : 'buy', time);
  }

  #readEvent(frame: Json): void {
    switch (textAt(frame, 'event')) {
      case 'subscribed':
        return this.#readSubscribed(frame);
      case 'unsubscribed':
        return this.#readUnsubscribed(textAt(frame, 'chanId'));
      case 'conf': {
        const flags = Number(textAt(frame, 'flags'));
        if (Number.isSafeInteger(flags)) this.#flags = flags;
        return;
      }
      case 'error':
        return this.#readError(frame);
      case 'info':
        return this.#readInfo(frame);
      default:
    }
  }

  #readSubscribed(frame: Json): void {
    const id = textAt(frame, 'chanId');
    const symbol = textAt(frame, 'symbol');
    const kind = textAt(frame, 'channel');
    const isBook = kind === 'book';
    // Raw books have orders instead of levels.
    if (id === undefined || symbol === undefined || textAt(frame, 'prec')?.startsWith('R') === true) return;
    if (!isBook && kind !== 'trades') return;
    if (this.#dropped.has(symbol)) return this.#sink.reply(endRequest(id));
    const length = Number(textAt(frame, 'len'));
    this.#channels.set(id, { id, isBook, symbol, length: Number.isSafeInteger(length) ? length : 0 });
    const wish = this.#wishes.get(symbol);
    if (isBook || wish?.depth === 0) this.#sink.acknowledged([symbol]);
  }

  #readUnsubscribed(id: string | undefined): void {
    const channel = this.#channels.get(id ?? '');
    if (channel === undefined) return;
    this.#channels.delete(channel.id);
    const { isBook, symbol } = channel;
    if (!isBook) return;
    const wish = this.#wishes.get(symbol);
    if (this.#renewed.delete(symbol)) this.#sink.reply(bookRequest(symbol, wish));
    else if (wish === undefined) this.#fed.forget(symbol);
    else this.#fed.void(symbol, 'sequence', 'the venue has ended the subscription');
  }

  #readError(frame: Json): void {
    const code = textAt(frame, 'code') ?? 'error';
    const message = textAt(frame, 'msg') ?? 'The venue refused a request.';
    const symbol = textAt(frame, 'symbol');
    if (symbol === undefined || code === ALREADY_SUBSCRIBED) return this.#sink.complained(code, message);
    const isUnknown = code === UNKNOWN_PAIR || (code === REFUSED && message.startsWith('symbol'));
    this.#sink.rejected(symbol, isUnknown ? 'unknown_symbol' : code, message);
  }

  #readInfo(frame: Json): void {
    const code = textAt(frame, 'code');
    const message = textAt(frame, 'msg') ?? '';
    if (code === RESTARTS) this.#sink.leaving(message || 'The venue restarts.');
    // The books of before the pause are not gone on with after it.
    else if (code === PAUSES) this.#voidAll('the venue pauses');
    else if (code === RESUMES) this.#voidAll('the venue has resumed, and wants to be asked again');
    else if (textAt(member(frame, 'platform'), 'status') === '0') {
      this.#sink.complained('maintenance', 'The venue is under maintenance.');
    }
  }

  #voidAll(detail: string): void {
    for (const { isBook, symbol } of this.#channels.values()) {
      if (isBook) this.#fed.void(symbol, 'sequence', detail);
    }
  }

  #channelsOf(symbol: string): Channel[] {
    return [...this.#channels.values()].filter((channel) => channel.symbol === symbol);
  }
}

const endRequest = (id: string): string => JSON.stringify({ event: 'unsubscribe', chanId: Number(id) });

function bookRequest(symbol: string, wish: VenueWish | undefined): string {
  const length = LENGTHS.find((levels) => levels >= (wish?.depth ?? 0)) ?? LONGEST;
  return JSON.stringify({ event: 'subscribe', channel: 'book', symbol, prec: 'P0', freq: 'F0', len: String(length) });
}

/** The levels of `[price, count, amount]` rows; undefined when one cannot be read. */
function sidesOf(rows: readonly Json[]): Sides | undefined {
  const bids: LevelText[] = [];
  const asks: LevelText[] = [];
  for (const row of rows) {
    const [price, count, amount] = [textAt(row, 0), textAt(row, 1), textAt(row, 2)];
    if (price === undefined || amount === undefined || !/^\d+$/.test(count ?? '')) return undefined;
    const isRemoval = count === '0';
    // An amount of nothing has no side.
    if (Number(amount) === 0) return undefined;
    const isAsk = amount.startsWith('-');
    const size = isRemoval ? '0' : isAsk ? amount.slice(1) : amount;
    (isAsk ? asks : bids).push([price, size]);
  }
  return { bids, asks };
}

/** `[["BTCUSD", …]]`. */
function readListing(text: string): string[] {
  return listAt(parseExact(text), 0).flatMap((pair) => (typeof pair === 'string' ? [`t${pair}`] : []));
}
