/**
 * What a venue's file gives: frames in, book operations out. A reader keeps the venue's own sequence rule, so that
 * whoever applies the operations in order holds exactly the venue's book, or has been told of a gap.
 *
 * A reader has no clock, no randomness and no input or output: the same frames give the same operations. It never
 * throws: what it cannot read becomes an operation that says so.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import { isList, member, parseExact } from './exact-json.js';
import type { Json } from './exact-json.js';

/** The whole book of a symbol. It replaces whatever was there. */
export interface BookSnapshot {
  readonly kind: 'snapshot';
  readonly symbol: string;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
  /** The venue's time in milliseconds since 1970; 0 when the message has none. */
  readonly eventTime: number;
  /** Levels a side that the venue keeps at most; 0 when it sets no bound. Beyond it is unknown, not empty. */
  readonly depth: number;
}

/** A change: absolute sizes in the order of the message, size 0 removes the level. Removing an unknown level is no error. */
export interface BookDelta {
  readonly kind: 'delta';
  readonly symbol: string;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
  readonly eventTime: number;
}

export interface VenueTrade {
  readonly kind: 'trade';
  readonly symbol: string;
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly aggressor: 'buy' | 'sell' | 'unknown';
  readonly eventTime: number;
}

/**
 * A book message that changes nothing. `early`: kept until the snapshot comes. `overrun`: was kept, and had to make
 * room. `old`: the book already holds it. `old_snapshot`: it cannot be joined to the updates at hand.
 * `awaiting_snapshot`: there is no book to apply it to, and the venue sends a snapshot by itself.
 */
export interface SkippedMessage {
  readonly kind: 'skipped';
  readonly symbol: string;
  readonly reason: 'early' | 'overrun' | 'old' | 'old_snapshot' | 'awaiting_snapshot';
}

/** The book of the symbol can no longer be trusted: it is void until the next snapshot. */
export interface BookGap {
  readonly kind: 'gap';
  readonly symbol: string;
  /** `sequence`: a message is missing. `key`: a level was not there, or was. `bad_message`: it could not be read. */
  readonly reason: 'sequence' | 'key' | 'bad_message';
  /** For people: what was expected and what came. */
  readonly detail: string;
}

/** A frame that could not be read and names no symbol. */
export interface RefusedFrame {
  readonly kind: 'refused';
  readonly reason: string;
}

export type VenueOperation = BookSnapshot | BookDelta | VenueTrade | SkippedMessage | BookGap | RefusedFrame;

/** Reads one parsed frame. `url` is there for the answer to an HTTP request, which often does not name its symbol. */
export type FrameReader = (frame: Json, url?: string) => readonly VenueOperation[];

/** One way of speaking of a venue. */
export interface Dialect {
  /** Whether a frame has this venue's shape. Acknowledgements that several venues share are nobody's. */
  recognises(frame: Json): boolean;
  /** A reader for one session, with no books yet. */
  start(): FrameReader;
}

export interface Venue extends Dialect {
  /** Lower case, as `--venue` takes it. */
  readonly name: string;
}

/** One frame through a reader: text that is no JSON is refused, not thrown. */
export function readFrame(reader: FrameReader, text: string, url?: string): readonly VenueOperation[] {
  let frame: Json;
  try {
    frame = parseExact(text);
  } catch (error) {
    return [{ kind: 'refused', reason: `not JSON: ${(error as SyntaxError).message}` }];
  }
  return reader(frame, url);
}

const PRICE = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const SIZE = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A price and a size that are decimals, the size not negative; undefined otherwise. */
export function readLevel(price: Json | undefined, size: Json | undefined): LevelText | undefined {
  if (typeof price !== 'string' || typeof size !== 'string') return undefined;
  return PRICE.test(price) && SIZE.test(size) ? [price, size] : undefined;
}

/** A list of levels, each a list or an object with its price and size under the given keys; undefined when one is bad. */
export function readLevels(
  list: Json | undefined,
  priceKey: string | number = 0,
  sizeKey: string | number = 1,
): LevelText[] | undefined {
  if (!isList(list)) return undefined;
  const levels: LevelText[] = [];
  for (const entry of list) {
    const level = readLevel(member(entry, priceKey), member(entry, sizeKey));
    if (level === undefined) return undefined;
    levels.push(level);
  }
  return levels;
}

/** A trade, or nothing when its price or size is no decimal: a bad trade leaves no mark on a book. */
export function readTrade(
  symbol: string | undefined,
  tradeId: string | undefined,
  price: Json | undefined,
  size: Json | undefined,
  aggressor: VenueTrade['aggressor'],
  eventTime: number,
): VenueOperation {
  const level = readLevel(price, size);
  if (symbol === undefined || level === undefined)
    return { kind: 'refused', reason: 'a trade without symbol, price or size' };
  return { kind: 'trade', symbol, tradeId: tradeId ?? '', price: level[0], size: level[1], aggressor, eventTime };
}

/** `Buy`, `b`, `sell` and so on. */
export function readSide(text: string | undefined): 'buy' | 'sell' | 'unknown' {
  const first = text?.[0]?.toLowerCase();
  return first === 'b' ? 'buy' : first === 's' ? 'sell' : 'unknown';
}

/** Milliseconds since 1970 from a count of `unitsPerMs`-ths of a millisecond; 0 when it is no time. */
export function readMillis(text: string | undefined, unitsPerMs = 1): number {
  const millis = Math.floor(Number(text) / unitsPerMs);
  return Number.isSafeInteger(millis) && millis > 0 ? millis : 0;
}

/** Milliseconds since 1970 from seconds with a fraction; 0 when it is no time. */
export const readSeconds = (text: string | undefined): number => readMillis(text, 0.001);

/** Milliseconds since 1970 from an ISO 8601 date; 0 when it is none. */
export function readIsoTime(text: string | undefined): number {
  const millis = Date.parse(text ?? '');
  return Number.isNaN(millis) ? 0 : millis;
}

/** An identifier that counts, exact at any length; undefined when it is no whole number. */
export const readId = (text: string | undefined): bigint | undefined =>
  text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
