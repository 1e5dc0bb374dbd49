/**
 * What a venue's protocol is to the rest of the feed: a name, an address, limits, and sessions that turn the venue's text
 * into what happened to books, and wishes into the venue's text.
 *
 * A session has no clock, no chance, no socket: the same frames give the same calls. It never throws, whatever comes; what
 * it cannot read it refuses, and then no book has changed. It keeps the venue's own sequence rule, so that whoever follows
 * its calls holds the venue's book, or has been told that he does not.
 */
import type { BookChange, BookView, LevelText } from '../../book/book.js';
import type { LevelBuffer } from '../../book/level-buffer.js';
import type { CloseAdvice } from '../close-codes.js';
import type { Verification } from '../verdict.js';
import type { Json } from './exact-json.js';

/** The two sides of a message as they stand on the wire. Size 0 removes a level, in a delta. */
export interface Sides {
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

/** How a venue sums its book up, and what it says the sum is. */
export interface BookChecksum {
  readonly checksum: number | undefined;
  readonly checksumOf: ((book: BookView) => number) | undefined;
}

/** The events that an update covers, in the venue's numbering. */
export interface UpdateSpan {
  readonly first: VenueId;
  readonly last: VenueId;
  /** The `last` of the update before, where the venue sends it. */
  readonly previous?: VenueId | undefined;
}

export interface DeltaFacts extends Partial<BookChecksum> {
  /** The venue's time in milliseconds since 1970; 0 when the message has none. */
  readonly eventTime: number;
  /** Its place among quotes that are numbered with it. */
  readonly span?: UpdateSpan;
}

export interface SnapshotFacts extends DeltaFacts {
  /** What the venue gives to prove the updates that follow. */
  readonly verified: Verification;
  /** Levels a side that the venue keeps at most, and cuts off without a word; absent when it sets no bound. */
  readonly depth?: number;
  /** Levels a side that the snapshot has at most, while updates reach beyond; absent when it has all. */
  readonly covers?: number;
  /** How often the venue repeats it, changed or not, in milliseconds; absent where it does not. */
  readonly repeatsMs?: number;
  /** Whether the checksum is made of the wire's own texts, so that the book must keep them. */
  readonly keepsTexts?: boolean;
}

/**
 * Why a book message changed nothing. `early`: kept until the snapshot comes. `overrun`: was kept, and had to make room.
 * `old`: the book already holds it. `old_snapshot`: it cannot be joined to the updates at hand. `awaiting_snapshot`:
 * there is no book to apply it to, and the venue sends a snapshot by itself.
 */
export type SkipReason = 'early' | 'overrun' | 'old' | 'old_snapshot' | 'awaiting_snapshot';

/** `sequence`: a message is missing. `key`: a level was not there, or was. `bad_message`: it could not be read. */
export type GapReason = 'sequence' | 'key' | 'bad_message';

export interface VenueTrade {
  readonly symbol: string;
  /** Empty where the venue gives none. */
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly aggressor: 'buy' | 'sell' | 'unknown';
  readonly eventTime: number;
}

/** The best prices by another channel of the venue, at a place in the same numbering as the book's updates. */
export interface VenueQuote {
  readonly symbol: string;
  readonly id: VenueId;
  readonly bid: LevelText;
  readonly ask: LevelText;
}

/** A number that counts, exact at any length: safe integers are numbers, longer ones bigints, never the other way round. */
export type VenueId = number | bigint;

/** The decimals at which digits are read straight into a book. */
export interface BookScales {
  readonly priceScale: number;
  readonly sizeScale: number;
}

/** What a session tells. Everything in it is final: a book that was called void stays void until its next snapshot. */
export interface VenueSink {
  /** A whole book. It replaces what was there. Returns what became of it, as `Book.applySnapshot`. */
  snapshot(symbol: string, sides: Sides, facts: SnapshotFacts): BookChange;
  /** A change that follows what came before. Returns what became of it, as `Book.applyDelta`. */
  delta(symbol: string, sides: Sides, facts: DeltaFacts): BookChange;
  /** The scales for `deltaUnits`; undefined when there is no book to read digits into. */
  scales(symbol: string): BookScales | undefined;
  /** As `delta`, with the digits read at the book's present scales. The buffers are only looked at during the call. */
  deltaUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange;
  /** The book can no longer be trusted: it is void until the next snapshot. `detail` is for people. */
  gap(symbol: string, reason: GapReason, detail: string): void;
  /** A book message that changes nothing. */
  skipped(symbol: string, reason: SkipReason): void;
  /** A frame, or a part of one, that could not be read and names no symbol. `mayHoldBook`: a change of any book may have been in it. */
  refused(reason: string, mayHoldBook: boolean): void;
  /** Absent where nobody wants trades: a session then need not read them. */
  trade?(trade: VenueTrade): void;
  /** Absent where nobody compares quotes. */
  quote?(quote: VenueQuote): void;
  /** The venue serves these symbols from now on. */
  acknowledged(symbols: readonly string[]): void;
  /** The venue will not serve this symbol. `code` is `unknown_symbol` where it says so, else the venue's own. */
  rejected(symbol: string, code: string, message: string): void;
  /** The venue complains of something that is no symbol's alone. */
  complained(code: string, message: string): void;
  /** An answer that the venue wants now. */
  reply(text: string): void;
  /** The venue is going to end this connection, or asks for another one. */
  leaving(reason: string): void;
}

export interface VenueLimits {
  /** Symbols that one connection may hold. */
  readonly symbols: number;
  /** Frames that a client may send in a second, all kinds together. */
  readonly messagesPerSecond: number;
  /** How long a connection lasts at most, in milliseconds; absent where the venue names no limit. */
  readonly lifeMs?: number;
  /** Snapshots by HTTP in a minute; absent where there are none. */
  readonly snapshotsPerMinute?: number;
}

/** What is asked of a symbol. */
export interface VenueWish {
  /** Levels a side. 0 when no book is wanted. */
  readonly depth: number;
  readonly trades: boolean;
}

export interface VenueSession {
  /** One text frame of the socket, or the body of an HTTP answer when `url`, its request, is given. */
  read(text: string, url?: string): void;
  /** What to send first on a new connection. */
  greeting?(): readonly string[];
  /** The frames that ask for symbols, all of which have the same wish. */
  subscribe(symbols: readonly string[], wish: VenueWish): readonly string[];
  unsubscribe(symbols: readonly string[]): readonly string[];
  /** The frames that bring a new snapshot of one symbol. None where the snapshot comes by HTTP. */
  resync(symbol: string): readonly string[];
  /** The request for a snapshot, where the venue gives them by HTTP only. */
  snapshotUrl?(symbol: string): string;
  /** A frame that the venue answers. Absent where none is: then the venue sends something by itself while it lives. */
  ping?(): string;
}

/** An answer by HTTP, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** How long the venue wants to be left alone, in milliseconds; 0 when it does not say. */
  readonly retryAfterMs: number;
}

/** How to ask by HTTP: rejects with an `Error` when no answer came. */
export type AskText = (url: string, method?: 'GET' | 'POST') => Promise<HttpAnswer>;

export interface VenueProtocol {
  /** Lower case, as the `venue` attribute and `--venue` take it. */
  readonly name: string;
  /** Where the venue listens. */
  readonly url: string;
  /** The address of one connection, where the venue gives it out on demand. */
  address?(url: string, ask: AskText): Promise<string>;
  readonly limits: VenueLimits;
  /** How its books are proved, before the first snapshot has said so. */
  readonly verified: Verification;
  /** Close codes with a meaning of this venue's own. */
  readonly closeCodes?: Readonly<Record<number, CloseAdvice>>;
  /** A list of what can be asked for, to help with a misspelt symbol. */
  readonly listing?: { readonly url: string; read(text: string): readonly string[] };
  /** Whether a frame has this venue's shape. Acknowledgements that several venues share are nobody's. */
  recognises(frame: Json): boolean;
  /** A session for one connection, or one recording, with no books yet. */
  start(sink: VenueSink, options?: VenueOptions): VenueSession;
}

export interface VenueOptions {
  /** Levels a side, where the frames themselves do not say. */
  readonly depth?: number | undefined;
  /** The address that is spoken to, where a venue speaks in several ways. */
  readonly url?: string | undefined;
}
