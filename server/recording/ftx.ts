/**
 * FTX `orderbook`: the best 100 levels a side as JSON numbers, whose text is kept. A level pushed out is removed by
 * message. Updates prove themselves by a checksum only.
 */
import { listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readIsoTime, readLevels, readSeconds, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

const DEPTH = 100;

export const ftx: Venue = {
  name: 'ftx',
  recognises: (frame) =>
    textAt(frame, 'channel') !== undefined &&
    textAt(frame, 'market') !== undefined &&
    textAt(frame, 'type') !== undefined,
  start(): FrameReader {
    const books = new SnapshotFed();
    return (frame) => {
      const symbol = textAt(frame, 'market');
      const type = textAt(frame, 'type');
      if (symbol === undefined || (type !== 'partial' && type !== 'update')) return [];
      const channel = textAt(frame, 'channel');
      if (channel === 'trades') return listAt(frame, 'data').map((trade) => readFtxTrade(symbol, trade));
      if (channel !== 'orderbook') return [];
      const data = member(frame, 'data');
      const sides = { bids: readLevels(member(data, 'bids')), asks: readLevels(member(data, 'asks')) };
      const time = readSeconds(textAt(data, 'time'));
      return [type === 'partial' ? books.snapshot(symbol, sides, time, DEPTH) : books.delta(symbol, sides, time)];
    };
  },
};

const readFtxTrade = (symbol: string, trade: Json): VenueOperation =>
  readTrade(
    symbol,
    textAt(trade, 'id'),
    member(trade, 'price'),
    member(trade, 'size'),
    readSide(textAt(trade, 'side')),
    readIsoTime(textAt(trade, 'time')),
  );
