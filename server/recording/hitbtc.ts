/**
 * HitBTC v2: a snapshot, then updates whose `sequence` rises by one for each symbol. A second snapshot may come soon
 * after the first and replaces it; updates that it already holds are dropped.
 */
import { listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readId, readIsoTime, readLevels, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

const METHOD = /^(?:snapshot|update)(?:Orderbook|Trades|Candles)$/;

export const hitbtc: Venue = {
  name: 'hitbtc',
  recognises: (frame) => METHOD.test(textAt(frame, 'method') ?? '') && member(frame, 'params') !== undefined,
  start(): FrameReader {
    const books = new SnapshotFed();

    const readBook = (params: Json, isSnapshot: boolean): VenueOperation => {
      const symbol = textAt(params, 'symbol');
      if (symbol === undefined) return { kind: 'refused', reason: 'a book that names no symbol' };
      const sequence = readId(textAt(params, 'sequence'));
      if (sequence === undefined) return books.void(symbol, 'bad_message', 'a book without a sequence');
      const sides = {
        bids: readLevels(member(params, 'bid'), 'price', 'size'),
        asks: readLevels(member(params, 'ask'), 'price', 'size'),
      };
      const time = readIsoTime(textAt(params, 'timestamp'));
      const id = String(sequence);
      if (isSnapshot) return books.snapshot(symbol, sides, time, 0, id);
      const last = books.last(symbol);
      if (last !== undefined && sequence <= BigInt(last)) return { kind: 'skipped', symbol, reason: 'old' };
      return books.delta(symbol, sides, time, { id, previous: String(sequence - 1n) });
    };

    return (frame) => {
      const params = member(frame, 'params');
      if (params === undefined) return [];
      switch (textAt(frame, 'method')) {
        case 'snapshotOrderbook':
          return [readBook(params, true)];
        case 'updateOrderbook':
          return [readBook(params, false)];
        case 'snapshotTrades':
        case 'updateTrades':
          return listAt(params, 'data').map((trade) => readHitbtcTrade(textAt(params, 'symbol'), trade));
        default:
          return [];
      }
    };
  },
};

const readHitbtcTrade = (symbol: string | undefined, trade: Json): VenueOperation =>
  readTrade(
    symbol,
    textAt(trade, 'id'),
    member(trade, 'price'),
    member(trade, 'quantity'),
    readSide(textAt(trade, 'side')),
    readIsoTime(textAt(trade, 'timestamp')),
  );
