/**
 * OKX, once OKEx, API v5: a snapshot of 400 levels, then updates, chained by `seqId` and `prevSeqId`. Steps are irregular;
 * when nothing changes a message without levels repeats the number, and after maintenance the numbers may fall while the
 * chain goes on. Recordings from before the chain have a checksum only, newer messages have 0 in its place.
 *
 * Source: www.okx.com/docs-v5, "Order book channel", and the recordings.
 */
import { BY_NOTHING, BY_SEQUENCE, type Verification } from '../verdict.js';
import { listAt, member, parseExact, textAt, type Json } from '../venue/exact-json.js';
import { bothSides, readLevels, readMillis, readSide, tellTrade } from '../venue/fields.js';
import { ALTERNATING_LEVELS, okxChecksum } from '../venue/level-checksums.js';
import { SnapshotFed, type ChainLink } from '../venue/snapshot-fed.js';
import { readId } from '../venue/venue-id.js';
import type { VenueProtocol, VenueSession, VenueSink, VenueWish } from '../venue/venue-protocol.js';

/** Channels that are a snapshot and changes, with the levels a side that they keep. All but the first ask for a login. */
const DEPTHS: ReadonlyMap<string | undefined, number> = new Map([
  ['books', 400],
  ['books-l2-tbt', 400],
  ['books50-l2-tbt', 50],
]);
const BOOK = 'books';
const TRADES = 'trades';

/** Keeps a request far below the 64 KB that the venue takes. */
const ARGUMENTS_A_MESSAGE = 200;

const UNKNOWN_CHANNEL = '60018';
const PATIENT_WAIT_MS = 10_000;
/** Those that name a limit want patience; the venue's own faults and silences have the usual wait. */
const CLOSE_CODES: VenueProtocol['closeCodes'] = {
  4002: { message: 'The venue did not understand a request of ours.' },
  4003: { message: 'Too many channels were asked for.', leastWaitMs: PATIENT_WAIT_MS },
  4005: { message: 'This page read too slowly.', leastWaitMs: PATIENT_WAIT_MS },
  4008: { message: 'More channels were asked for than the venue allows.', leastWaitMs: PATIENT_WAIT_MS },
  4009: { message: 'More channels were asked for than one connection may have.', leastWaitMs: PATIENT_WAIT_MS },
};

const BY_CHECKSUM: Verification = { by: 'checksum', depth: ALTERNATING_LEVELS };

export const okx: VenueProtocol = {
  name: 'okx',
  url: 'wss://ws.okx.com:8443/ws/v5/public',
  // 480 requests an hour to subscribe and unsubscribe.
  limits: { symbols: 200, messagesPerSecond: 3 },
  verified: BY_SEQUENCE,
  closeCodes: CLOSE_CODES,
  listing: { url: 'https://www.okx.com/api/v5/public/instruments?instType=SPOT', read: readListing },
  recognises(frame) {
    const arg = member(frame, 'arg');
    // Bitget copied the shape, and adds the type of instrument.
    return (
      textAt(arg, 'channel') !== undefined &&
      textAt(arg, 'instId') !== undefined &&
      textAt(arg, 'instType') === undefined
    );
  },
  start: (sink) => new OkxSession(sink),
};

class OkxSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #books: SnapshotFed;
  readonly #wishes = new Map<string, VenueWish>();
  /** The channel that a symbol's book is made of: two depths of one symbol are two chains. */
  readonly #channels = new Map<string, string>();
  /** Symbols whose snapshot has a place in a chain. */
  readonly #chained = new Set<string>();
  /** Symbols whose snapshot came with a checksum, and whose book therefore keeps the wire's texts. */
  readonly #summed = new Set<string>();

  constructor(sink: VenueSink) {
    this.#sink = sink;
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
    const event = textAt(frame, 'event');
    if (event !== undefined) return this.#readEvent(frame, event);
    const channel = textAt(member(frame, 'arg'), 'channel');
    const symbol = textAt(member(frame, 'arg'), 'instId');
    const depth = DEPTHS.get(channel);
    if (channel === TRADES) this.#readTrades(frame, symbol);
    else if (channel === undefined || depth === undefined) return;
    else if (symbol === undefined) this.#sink.refused('a book message that names no symbol', true);
    else this.#readBook(frame, symbol, channel, depth);
  }

  subscribe(symbols: readonly string[], wish: VenueWish): string[] {
    for (const symbol of symbols) {
      this.#wishes.set(symbol, wish);
      if (wish.depth > 0) this.#channels.set(symbol, BOOK);
    }
    return requestsFor('subscribe', symbols, wish);
  }

  unsubscribe(symbols: readonly string[]): string[] {
    const args = symbols.flatMap((symbol) => argumentsFor(symbol, this.#wishes.get(symbol)));
    for (const symbol of symbols) {
      this.#wishes.delete(symbol);
      this.#channels.delete(symbol);
      this.#books.forget(symbol);
    }
    return requests('unsubscribe', args);
  }

  resync(symbol: string): string[] {
    const wish = { depth: 1, trades: false };
    return [...requestsFor('unsubscribe', [symbol], wish), ...requestsFor('subscribe', [symbol], wish)];
  }

  ping(): string {
    return 'ping';
  }

  #readBook(frame: Json, symbol: string, channel: string, depth: number): void {
    const action = textAt(frame, 'action');
    // Without a wish, as in a recording, the first channel that brings a snapshot is the book.
    if (action === 'snapshot' && !this.#channels.has(symbol)) this.#channels.set(symbol, channel);
    if ((this.#channels.get(symbol) ?? channel) !== channel) return;
    const data = listAt(frame, 'data');
    if (data.length === 0) return this.#books.void(symbol, 'bad_message', 'a message without data');
    for (const entry of data) {
      if (action === 'snapshot') this.#readSnapshot(symbol, entry, depth);
      else if (action === 'update') this.#readUpdate(symbol, entry);
      else this.#books.void(symbol, 'bad_message', 'a message that is neither snapshot nor update');
    }
  }

  #readSnapshot(symbol: string, data: Json, depth: number): void {
    const sides = bothSides(readLevels(member(data, 'bids')), readLevels(member(data, 'asks')));
    const id = readId(textAt(data, 'seqId'));
    const checksum = readChecksum(data);
    if (id === undefined) this.#chained.delete(symbol);
    else this.#chained.add(symbol);
    if (checksum === undefined) this.#summed.delete(symbol);
    else this.#summed.add(symbol);
    const verified = id !== undefined ? BY_SEQUENCE : checksum !== undefined ? BY_CHECKSUM : BY_NOTHING;
    const keepsTexts = checksum !== undefined;
    const eventTime = readMillis(textAt(data, 'ts'));
    const facts = { eventTime, verified, depth, keepsTexts, checksum, checksumOf: okxChecksum };
    this.#books.snapshot(symbol, sides, facts, id);
  }

  #readUpdate(symbol: string, data: Json): void {
    const last = this.#books.last(symbol);
    let link: ChainLink | undefined;
    if (last !== undefined && this.#chained.has(symbol)) {
      const id = readId(textAt(data, 'seqId'));
      const previous = readId(textAt(data, 'prevSeqId'));
      if (id === undefined) return this.#books.void(symbol, 'bad_message', 'an update without its number');
      if (id === last && previous !== last) return this.#sink.skipped(symbol, 'old');
      link = { id, previous };
    }
    const sides = bothSides(readLevels(member(data, 'bids')), readLevels(member(data, 'asks')));
    const checksum = this.#summed.has(symbol) ? readChecksum(data) : undefined;
    const facts = { eventTime: readMillis(textAt(data, 'ts')), checksum, checksumOf: okxChecksum };
    this.#books.delta(symbol, sides, facts, link);
  }

  #readTrades(frame: Json, symbol: string | undefined): void {
    for (const trade of listAt(frame, 'data')) {
      const side = readSide(textAt(trade, 'side'));
      const time = readMillis(textAt(trade, 'ts'));
      tellTrade(this.#sink, symbol, textAt(trade, 'tradeId'), member(trade, 'px'), member(trade, 'sz'), side, time);
    }
  }

  #readEvent(frame: Json, event: string): void {
    const code = textAt(frame, 'code') ?? event;
    const message = textAt(frame, 'msg') ?? 'The venue refused a request.';
    const channel = textAt(member(frame, 'arg'), 'channel');
    const symbol = textAt(member(frame, 'arg'), 'instId') ?? namedIn(message);
    if (event === 'subscribe') {
      const isMain = DEPTHS.has(channel) || (symbol !== undefined && this.#wishes.get(symbol)?.depth === 0);
      if (symbol !== undefined && isMain) this.#sink.acknowledged([symbol]);
    } else if (event === 'notice') {
      this.#sink.leaving(message);
    } else if (event === 'error' && code === UNKNOWN_CHANNEL && symbol !== undefined) {
      // Each channel of the symbol is refused by itself.
      if (this.#wishes.delete(symbol)) this.#sink.rejected(symbol, 'unknown_symbol', message);
    } else if (event === 'error' || event === 'channel-conn-count-error') {
      this.#sink.complained(code, message);
    }
  }
}

interface Argument {
  readonly channel: string;
  readonly instId: string;
}

const argumentsFor = (instId: string, wish: VenueWish | undefined): Argument[] => [
  ...(wish !== undefined && wish.depth > 0 ? [{ channel: BOOK, instId }] : []),
  ...(wish?.trades === true ? [{ channel: TRADES, instId }] : []),
];

const requestsFor = (op: string, symbols: readonly string[], wish: VenueWish): string[] =>
  requests(
    op,
    symbols.flatMap((symbol) => argumentsFor(symbol, wish)),
  );

function requests(op: string, args: readonly Argument[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < args.length; at += ARGUMENTS_A_MESSAGE) {
    texts.push(JSON.stringify({ op, args: args.slice(at, at + ARGUMENTS_A_MESSAGE) }));
  }
  return texts;
}

/** Undefined where the venue gives none: it writes 0 then. Text that is no number is no checksum's equal. */
function readChecksum(data: Json): number | undefined {
  const text = textAt(data, 'checksum');
  return text === undefined || text === '0' ? undefined : Number(text);
}

/** `…channel:books,instId:XYZ doesn't exist…` */
const namedIn = (message: string): string | undefined => /instId:([^\s,]+)/.exec(message)?.[1];

function readListing(text: string): string[] {
  return listAt(parseExact(text), 'data').flatMap((row) => textAt(row, 'instId') ?? []);
}
