/**
 * The checksum of the top of a book, as both ends of protocol 1 compute it.
 *
 * The text is `price:size` of the best levels, bids then asks, each best first, joined by `|`. Numbers stand in their
 * shortest exact form (`17.5`, never `17.50`), so that neither end need know how the other wrote them or which scale it
 * keeps. An empty book has the checksum of empty text, 0.
 */
import type { BookView, SideView } from './book.js';
import { unitsToShortText } from './decimal.js';

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
  for (const side of [book.bids, book.asks]) appendTop(parts, side, levels, book.priceScale, book.sizeScale);
  return crc32(parts.join('|'));
}

function appendTop(parts: string[], side: SideView, levels: number, priceScale: number, sizeScale: number): void {
  for (let i = 0; i < Math.min(levels, side.length); i++) {
    parts.push(`${unitsToShortText(side.priceAt(i), priceScale)}:${unitsToShortText(side.sizeAt(i), sizeScale)}`);
  }
}

/** `text` holds ASCII only. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ text.charCodeAt(i)) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}
