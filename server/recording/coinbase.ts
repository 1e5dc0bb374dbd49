/**
 * Coinbase Exchange `level2`: a snapshot, then changes. Nothing is numbered and nothing is summed: a lost frame cannot
 * be seen, whatever one does.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import { listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import type { Sides } from './snapshot-fed.js';
import { readIsoTime, readLevel, readLevels, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue } from './venue.js';

export const coinbase: Venue = {
  name: 'coinbase',
  recognises(frame) {
    const type = textAt(frame, 'type');
    if (type === 'subscriptions') return member(frame, 'channels') !== undefined;
    return textAt(frame, 'product_id') !== undefined && (type === 'snapshot' || type === 'l2update');
  },
  start(): FrameReader {
    const books = new SnapshotFed();
    return (frame) => {
      const symbol = textAt(frame, 'product_id');
      if (symbol === undefined) return [];
      const time = readIsoTime(textAt(frame, 'time'));
      switch (textAt(frame, 'type')) {
        case 'snapshot': {
          const sides = { bids: readLevels(member(frame, 'bids')), asks: readLevels(member(frame, 'asks')) };
          return [books.snapshot(symbol, sides, time, 0)];
        }
        case 'l2update':
          return [books.delta(symbol, readChanges(frame), time)];
        case 'match':
        case 'last_match': {
          // The side is that of the order that rested; the aggressor is the other one.
          const side = readSide(textAt(frame, 'side'));
          const aggressor = side === 'buy' ? 'sell' : side === 'sell' ? 'buy' : 'unknown';
          return [
            readTrade(
              symbol,
              textAt(frame, 'trade_id'),
              member(frame, 'price'),
              member(frame, 'size'),
              aggressor,
              time,
            ),
          ];
        }
        default:
          return [];
      }
    };
  },
};

/** `changes: [[side, price, size], …]` */
function readChanges(frame: Json): Sides {
  const bids: LevelText[] = [];
  const asks: LevelText[] = [];
  const changes = listAt(frame, 'changes');
  for (const change of changes) {
    const side = readSide(textAt(change, 0));
    const level = readLevel(member(change, 1), member(change, 2));
    if (level === undefined || side === 'unknown') return { bids: undefined, asks: undefined };
    (side === 'buy' ? bids : asks).push(level);
  }
  // No changes at all is no update that this venue sends.
  return changes.length === 0 ? { bids: undefined, asks: undefined } : { bids, asks };
}
