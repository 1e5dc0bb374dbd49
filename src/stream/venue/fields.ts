/**
 * What venues' messages have in common: levels, trades, times. Numbers stay the text they were; whether a level makes
 * sense is for the book to judge, which takes a message whole or not at all.
 */
import type { LevelText } from '../../book/book.js';
import { parseDecimal } from '../../book/decimal.js';
import { isList, member, type Json } from './exact-json.js';
import type { Sides, VenueSink, VenueTrade } from './venue-protocol.js';

/** A price and a size that are text; undefined otherwise. */
export function readLevel(price: Json | undefined, size: Json | undefined): LevelText | undefined {
  return typeof price === 'string' && typeof size === 'string' ? [price, size] : undefined;
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

/** Both sides, or undefined when either could not be read. */
export const bothSides = (bids: LevelText[] | undefined, asks: LevelText[] | undefined): Sides | undefined =>
  bids === undefined || asks === undefined ? undefined : { bids, asks };

/** Tells of a trade, or refuses it: a bad trade leaves no mark on a book. */
export function tellTrade(
  sink: VenueSink,
  symbol: string | undefined,
  tradeId: string | undefined,
  price: Json | undefined,
  size: Json | undefined,
  aggressor: VenueTrade['aggressor'],
  eventTime: number,
): void {
  const level = readLevel(price, size);
  const isSound = level !== undefined && level.every(isPositive);
  if (symbol === undefined || !isSound) sink.refused('a trade without symbol, price or size', false);
  else sink.trade?.({ symbol, tradeId: tradeId ?? '', price: level[0], size: level[1], aggressor, eventTime });
}

function isPositive(text: string): boolean {
  const value = parseDecimal(text);
  return value !== undefined && value.units > 0n;
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
