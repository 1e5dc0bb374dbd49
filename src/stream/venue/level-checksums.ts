/**
 * The checksums by which venues prove the top of a book, each the CRC-32 of a text made of prices and sizes. All but FTX's
 * are made of the wire's own texts, trailing zeros and all, so that the book must keep them.
 */
import type { BookView, LevelText } from '../../book/book.js';
import { crc32 } from '../../book/checksum.js';
import { formatDecimal, parseDecimal } from '../../book/decimal.js';

/** Levels a side in the checksum of OKX, Bitget and Bitfinex. */
export const ALTERNATING_LEVELS = 25;
/** Levels a side in FTX's. */
export const FTX_LEVELS = 100;
/** Levels a side in Kraken's, whatever the depth of the book. */
export const KRAKEN_LEVELS = 10;

/** OKX and Bitget: signed, `bid:size:ask:size:…`. */
export const okxChecksum = (book: BookView): number => crc32(alternating(book, ALTERNATING_LEVELS, joinLevel)) | 0;

/** Bitfinex: as OKX, with the sizes of asks below zero. The book holds them without their sign. */
export const bitfinexChecksum = (book: BookView): number =>
  crc32(alternating(book, ALTERNATING_LEVELS, joinLevel, ([price, size]) => `${price}:-${size}`)) | 0;

/** FTX: unsigned, `bid:size:ask:size:…`, every number as Python writes a float. */
export const ftxChecksum = (book: BookView): number =>
  crc32(alternating(book, FTX_LEVELS, ([price, size]) => `${floatText(price)}:${floatText(size)}`));

/**
 * Kraken: unsigned; the asks, then the bids, each best first, as price and size without point and leading zeros. Texts with
 * fewer decimals than the instrument has are filled up with zeros: a number may have lost them on its way.
 */
export function krakenChecksum(book: BookView, priceDecimals = 0, sizeDecimals = 0): number {
  let text = '';
  for (const side of ['ask', 'bid'] as const) {
    for (let i = 0; i < KRAKEN_LEVELS; i++) {
      const level = book.textAt(side, i);
      if (level === undefined) break;
      text += digitsOf(level[0], priceDecimals) + digitsOf(level[1], sizeDecimals);
    }
  }
  return crc32(text);
}

const joinLevel = ([price, size]: LevelText): string => `${price}:${size}`;

/** Bid, ask, bid, ask and so on, best first, joined by `:`. Where one side ends the other goes on. */
function alternating(book: BookView, levels: number, bidText: (level: LevelText) => string, askText = bidText): string {
  const parts: string[] = [];
  for (let i = 0; i < levels; i++) {
    const bid = book.textAt('bid', i);
    const ask = book.textAt('ask', i);
    if (bid === undefined && ask === undefined) break;
    if (bid !== undefined) parts.push(bidText(bid));
    if (ask !== undefined) parts.push(askText(ask));
  }
  return parts.join(':');
}

/** The digits of a number that has at least so many decimals, from the first that is not 0. */
function digitsOf(text: string, decimals: number): string {
  const plain = /[eE]/.test(text) ? formatDecimal(parseDecimal(text)!) : text;
  const point = plain.indexOf('.');
  const written = point === -1 ? 0 : plain.length - point - 1;
  return (plain.replace('.', '') + '0'.repeat(Math.max(0, decimals - written))).replace(/^0+/, '');
}

/** Any decimal of so many digits is the shortest that reads back as its double. */
const DOUBLE_DIGITS = 15;
/** A float as Python writes it, without exponent and without a zero too many. */
const SHORTEST = /^(?:0|[1-9]\d*)\.(?!0000)(?:0|\d*[1-9])$/;

/**
 * The shortest text that reads back as the same double, in Python's manner: always with a decimal (`5.0`), and with an
 * exponent of at least two digits below 1e-4. What would need one above, no book holds. It is only ever summed up, never
 * shown or reckoned with.
 */
function floatText(text: string): string {
  if (text.length <= DOUBLE_DIGITS && SHORTEST.test(text)) return text;
  const [digits = '', exponent = '0'] = Number(text).toExponential().split('e');
  if (Number(exponent) < -4) return `${digits}e-${exponent.slice(1).padStart(2, '0')}`;
  const plain = formatDecimal(parseDecimal(`${digits}e${exponent}`)!);
  return plain.includes('.') ? plain : `${plain}.0`;
}
