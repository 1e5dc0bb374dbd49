/**
 * Bybit v2 `orderBookL2_25` and `orderBook_200`: an order book of exactly so many levels a side, changed by lists of
 * deletes, updates and inserts. `cross_seq` counts over all symbols and proves nothing; the keys of the levels do.
 */
import { isList, listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { KeyedLevels } from './keyed-levels.js';
import type { KeyedRow, KeyedSides } from './keyed-levels.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readLevel, readMillis, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

const TOPIC = /^orderBook(?:L2)?_(25|200)\.(?:[^.]+\.)*([^.]+)$/;

/** The order in which a message must be applied. */
const ACTIONS = ['delete', 'update', 'insert'] as const;

export const bybit: Venue = {
  name: 'bybit',
  recognises: (frame) => TOPIC.test(textAt(frame, 'topic') ?? ''),
  start(): FrameReader {
    const books = new SnapshotFed();
    const keys = new Map<string, KeyedLevels>();

    const readSnapshot = (symbol: string, data: Json | undefined, time: number, depth: number): VenueOperation => {
      // USDT contracts wrap the list in an object, inverse ones do not.
      const rows = readRows(isList(data) ? data : member(data, 'order_book'), 'insert');
      const levels = new KeyedLevels();
      const sides: KeyedSides = { bids: [], asks: [] };
      const fault = rows === undefined ? 'a snapshot with bad levels' : levels.apply('insert', rows, sides);
      if (fault !== undefined) return books.void(symbol, 'bad_message', fault);
      keys.set(symbol, levels);
      return books.snapshot(symbol, sides, time, depth);
    };

    const readDelta = (symbol: string, data: Json | undefined, time: number): VenueOperation => {
      const levels = keys.get(symbol);
      if (levels === undefined || books.last(symbol) === undefined) {
        return { kind: 'skipped', symbol, reason: 'awaiting_snapshot' };
      }
      const sides: KeyedSides = { bids: [], asks: [] };
      for (const action of ACTIONS) {
        const rows = readRows(member(data, action), action);
        if (rows === undefined) return books.void(symbol, 'bad_message', `${action} with bad levels`);
        const fault = levels.apply(action, rows, sides);
        if (fault !== undefined) return books.void(symbol, 'key', fault);
      }
      return books.delta(symbol, sides, time);
    };

    return (frame) => {
      const topic = textAt(frame, 'topic') ?? '';
      if (topic.startsWith('trade.')) return listAt(frame, 'data').map(readBybitTrade);
      const [, depth, symbol] = TOPIC.exec(topic) ?? [];
      if (symbol === undefined) return [];
      const time = readMillis(textAt(frame, 'timestamp_e6'), 1000);
      const data = member(frame, 'data');
      return [
        textAt(frame, 'type') === 'snapshot'
          ? readSnapshot(symbol, data, time, Number(depth))
          : readDelta(symbol, data, time),
      ];
    };
  },
};

function readRows(list: Json | undefined, action: (typeof ACTIONS)[number]): KeyedRow[] | undefined {
  if (!isList(list)) return undefined;
  const rows: KeyedRow[] = [];
  for (const entry of list) {
    const side = readSide(textAt(entry, 'side'));
    const level = readLevel(member(entry, 'price'), action === 'delete' ? '0' : member(entry, 'size'));
    const id = textAt(entry, 'id');
    if (level === undefined || id === undefined || side === 'unknown') return undefined;
    rows.push({ key: `${side} ${id}`, isBid: side === 'buy', price: level[0], size: level[1] });
  }
  return rows;
}

const readBybitTrade = (trade: Json): VenueOperation =>
  readTrade(
    textAt(trade, 'symbol'),
    textAt(trade, 'trade_id'),
    member(trade, 'price'),
    member(trade, 'size'),
    readSide(textAt(trade, 'side')),
    readMillis(textAt(trade, 'trade_time_ms')),
  );
