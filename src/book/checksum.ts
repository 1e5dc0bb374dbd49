/**
 * The checksum of the top of a book, as both ends of protocol 1 compute it.
 *
 * The text is `price:size` of the best levels, bids then asks, each best first, joined by `|`. Numbers stand in their
 * shortest exact form (`17.5`, never `17.50`), so that neither end need know how the other wrote them or which scale it
 * keeps. An empty book has the checksum of empty text, 0.
 */
import type { BookView, SideView } from './book-view.js';
import { formatDecimal, parseDecimal, unitsToShortText } from './decimal.js';

/** The polynomial of IEEE 802.3, bits reversed: the CRC-32 of zip, PNG and Ethernet. */
const POLYNOMIAL = 0xedb88320;

const TABLE = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/** CRC-32, unsigned, of the `levels` best levels of each side. */
export function crc32OfTop(book: BookView, levels: number): number {
  const parts: string[] = [];
  for (const side of [book.bids, book.asks]) appendTop(parts, book, side, levels);
  return crc32(parts.join('|'));
}

function appendTop(parts: string[], book: BookView, side: SideView, levels: number): void {
  for (let i = 0; i < Math.min(levels, side.length); i++) {
    parts.push(`${unitsToShortText(side.priceAt(i), book.priceScale)}:${sizeText(book, side, i)}`);
  }
}

function sizeText(book: BookView, side: SideView, i: number): string {
  const exact = book.hasRoundedSizes ? book.textAt(side.side, i) : undefined;
  const value = exact && parseDecimal(exact[1]);
  return value ? formatDecimal(value) : unitsToShortText(side.sizeAt(i), book.sizeScale);
}

/** CRC-32, unsigned. `text` holds ASCII only. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ text.charCodeAt(i)) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}
