/**
 * Deribit `book.<instrument>.<interval>`: `[action, price, amount]`, chained by `change_id` and `prev_change_id`.
 * All numbers are JSON numbers, whose text is kept.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import { isList, listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readLevel, readMillis, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

export const deribit: Venue = {
  name: 'deribit',
  recognises: (frame) =>
    textAt(frame, 'jsonrpc') === '2.0' &&
    textAt(frame, 'method') === 'subscription' &&
    textAt(member(frame, 'params'), 'channel') !== undefined,
  start(): FrameReader {
    const books = new SnapshotFed();

    const readBook = (data: Json): VenueOperation[] => {
      const symbol = textAt(data, 'instrument_name');
      const id = textAt(data, 'change_id');
      const type = textAt(data, 'type');
      // A grouped book has no type: it is not the raw one.
      if (type === undefined) return [];
      if (symbol === undefined || id === undefined)
        return [{ kind: 'refused', reason: 'a book without its name or id' }];
      const sides = { bids: readActions(member(data, 'bids')), asks: readActions(member(data, 'asks')) };
      const time = readMillis(textAt(data, 'timestamp'));
      if (type === 'snapshot') return [books.snapshot(symbol, sides, time, 0, id)];
      return [books.delta(symbol, sides, time, { id, previous: textAt(data, 'prev_change_id') ?? 'nothing' })];
    };

    return (frame) => {
      const params = member(frame, 'params');
      const channel = textAt(params, 'channel') ?? '';
      const data = member(params, 'data');
      if (channel.startsWith('book.') && data !== undefined) return readBook(data);
      if (channel.startsWith('trades.')) return listAt(params, 'data').map(readDeribitTrade);
      return [];
    };
  },
};

function readActions(list: Json | undefined): LevelText[] | undefined {
  if (!isList(list)) return undefined;
  const levels: LevelText[] = [];
  for (const entry of list) {
    const action = textAt(entry, 0);
    const level = readLevel(member(entry, 1), action === 'delete' ? '0' : member(entry, 2));
    if (level === undefined || (action !== 'new' && action !== 'change' && action !== 'delete')) return undefined;
    levels.push(level);
  }
  return levels;
}

const readDeribitTrade = (trade: Json): VenueOperation =>
  readTrade(
    textAt(trade, 'instrument_name'),
    textAt(trade, 'trade_id'),
    member(trade, 'price'),
    member(trade, 'amount'),
    readSide(textAt(trade, 'direction')),
    readMillis(textAt(trade, 'timestamp')),
  );
