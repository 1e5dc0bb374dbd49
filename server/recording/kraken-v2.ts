/**
 * Kraken's second socket. Prices and sizes are JSON numbers, whose text is kept. The book keeps its best levels only,
 * and levels pushed out are not removed by message. No numbering.
 */
import { DepthCut } from './depth-cut.js';
import { listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readIsoTime, readLevels, readSide, readTrade } from './venue.js';
import type { Dialect, FrameReader, VenueOperation } from './venue.js';

/** The depths that can be subscribed to. */
const DEPTHS = [10, 25, 100, 500, 1000];

export const krakenV2: Dialect = {
  recognises: (frame) =>
    (textAt(frame, 'channel') === 'book' || textAt(frame, 'channel') === 'status') &&
    textAt(frame, 'market') === undefined &&
    Array.isArray(member(frame, 'data')),
  start(): FrameReader {
    const books = new SnapshotFed();
    const cuts = new Map<string, DepthCut>();
    const subscribed = new Map<string, number>();

    const readBook = (entry: Json, isSnapshot: boolean): VenueOperation => {
      const symbol = textAt(entry, 'symbol');
      if (symbol === undefined) return { kind: 'refused', reason: 'a book that names no symbol' };
      const sides = {
        bids: readLevels(member(entry, 'bids'), 'price', 'qty'),
        asks: readLevels(member(entry, 'asks'), 'price', 'qty'),
      };
      const time = readIsoTime(textAt(entry, 'timestamp'));
      if (!isSnapshot) return books.delta(symbol, cuts.get(symbol)?.cut(sides) ?? sides, time);

      const shown = Math.max(sides.bids?.length ?? 0, sides.asks?.length ?? 0);
      // Without the acknowledgement the depth is the smallest one that holds the snapshot.
      const depth = subscribed.get(symbol) ?? DEPTHS.find((size) => size >= shown) ?? shown;
      const cut = new DepthCut(depth);
      cuts.set(symbol, cut);
      return books.snapshot(symbol, cut.cut(sides), time, depth);
    };

    return (frame) => {
      if (textAt(frame, 'method') === 'subscribe') {
        const result = member(frame, 'result');
        const symbol = textAt(result, 'symbol');
        const depth = Number(textAt(result, 'depth'));
        if (symbol !== undefined && Number.isSafeInteger(depth) && depth > 0) subscribed.set(symbol, depth);
        return [];
      }
      const isSnapshot = textAt(frame, 'type') === 'snapshot';
      switch (textAt(frame, 'channel')) {
        case 'book':
          return listAt(frame, 'data').map((entry) => readBook(entry, isSnapshot));
        case 'trade':
          return listAt(frame, 'data').map(readV2Trade);
        default:
          return [];
      }
    };
  },
};

const readV2Trade = (trade: Json): VenueOperation =>
  readTrade(
    textAt(trade, 'symbol'),
    textAt(trade, 'trade_id'),
    member(trade, 'price'),
    member(trade, 'qty'),
    readSide(textAt(trade, 'side')),
    readIsoTime(textAt(trade, 'timestamp')),
  );
