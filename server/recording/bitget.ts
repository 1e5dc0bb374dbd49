/**
 * Bitget v1 `books`: OKX's shape with a type of instrument beside the symbol. A snapshot, then updates that prove
 * themselves by a checksum only.
 */
import { listAt, member, textAt } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readLevels, readMillis, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue } from './venue.js';

export const bitget: Venue = {
  name: 'bitget',
  recognises(frame) {
    const arg = member(frame, 'arg');
    return textAt(arg, 'instType') !== undefined && textAt(arg, 'instId') !== undefined;
  },
  start(): FrameReader {
    const books = new SnapshotFed();
    return (frame) => {
      const arg = member(frame, 'arg');
      const channel = textAt(arg, 'channel');
      const symbol = textAt(arg, 'instId');
      const action = textAt(frame, 'action');
      if (symbol === undefined || action === undefined) return [];
      const data = listAt(frame, 'data');
      if (channel === 'trade') {
        // `[time, price, size, side]`, newest first, without an identifier.
        return data.toReversed().map((trade) => {
          const time = readMillis(textAt(trade, 0));
          return readTrade(symbol, undefined, member(trade, 1), member(trade, 2), readSide(textAt(trade, 3)), time);
        });
      }
      if (channel !== 'books') return [];
      return data.map((entry) => {
        const sides = { bids: readLevels(member(entry, 'bids')), asks: readLevels(member(entry, 'asks')) };
        const time = readMillis(textAt(entry, 'ts'));
        return action === 'snapshot' ? books.snapshot(symbol, sides, time, 0) : books.delta(symbol, sides, time);
      });
    };
  },
};
