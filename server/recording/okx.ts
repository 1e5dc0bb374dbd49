/**
 * OKX, once OKEx, API v5 `books`: a snapshot of 400 levels, then updates. Newer messages are chained by `seqId` and
 * `prevSeqId`; after maintenance the ids may fall, the chain still holds. Older ones have a checksum only.
 */
import { listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readLevels, readMillis, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

/** Channels that are a snapshot and changes, with the levels a side that they keep. */
const DEPTHS: ReadonlyMap<string, number> = new Map([
  ['books', 400],
  ['books-l2-tbt', 400],
  ['books50-l2-tbt', 50],
]);

export const okx: Venue = {
  name: 'okx',
  recognises(frame) {
    const arg = member(frame, 'arg');
    // Bitget copied the shape, and adds the type of instrument.
    return (
      textAt(arg, 'channel') !== undefined &&
      textAt(arg, 'instId') !== undefined &&
      textAt(arg, 'instType') === undefined
    );
  },
  start(): FrameReader {
    const books = new SnapshotFed();
    const channels = new Map<string, string>();

    const readBook = (symbol: string, data: Json, isSnapshot: boolean, depth: number): VenueOperation => {
      const sides = { bids: readLevels(member(data, 'bids')), asks: readLevels(member(data, 'asks')) };
      const time = readMillis(textAt(data, 'ts'));
      const id = textAt(data, 'seqId');
      const previous = textAt(data, 'prevSeqId');
      if (isSnapshot) return books.snapshot(symbol, sides, time, depth, id);
      return books.delta(
        symbol,
        sides,
        time,
        id === undefined || previous === undefined ? undefined : { id, previous },
      );
    };

    return (frame) => {
      const arg = member(frame, 'arg');
      const channel = textAt(arg, 'channel');
      const symbol = textAt(arg, 'instId');
      if (channel === undefined || symbol === undefined) return [];
      const data = listAt(frame, 'data');
      if (channel === 'trades') return data.map((trade) => readOkxTrade(symbol, trade));

      const depth = DEPTHS.get(channel);
      const action = textAt(frame, 'action');
      if (depth === undefined || action === undefined) return [];
      // Two depths of one symbol are two chains: the first that brings a snapshot is the book.
      if (action === 'snapshot' && !channels.has(symbol)) channels.set(symbol, channel);
      if ((channels.get(symbol) ?? channel) !== channel) return [];
      return data.map((entry) => readBook(symbol, entry, action === 'snapshot', depth));
    };
  },
};

const readOkxTrade = (symbol: string, trade: Json): VenueOperation =>
  readTrade(
    symbol,
    textAt(trade, 'tradeId'),
    member(trade, 'px'),
    member(trade, 'sz'),
    readSide(textAt(trade, 'side')),
    readMillis(textAt(trade, 'ts')),
  );
