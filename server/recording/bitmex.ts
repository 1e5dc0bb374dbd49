/**
 * BitMEX `orderBookL2`: a table of rows keyed by id. `partial` is the whole table of a symbol; updates carry no price
 * and deletes only the key. Nothing is numbered: only the keys show a loss, and not every one.
 */
import { isList, listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { KeyedLevels } from './keyed-levels.js';
import type { KeyedRow, KeyedSides } from './keyed-levels.js';
import { SnapshotFed } from './snapshot-fed.js';
import { readIsoTime, readLevel, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

/** Table name to levels a side; 0 is all of them. */
const TABLES: ReadonlyMap<string, number> = new Map([
  ['orderBookL2', 0],
  ['orderBookL2_25', 25],
]);

type Action = 'insert' | 'update' | 'delete';

export const bitmex: Venue = {
  name: 'bitmex',
  recognises: (frame) =>
    textAt(frame, 'table') !== undefined && textAt(frame, 'action') !== undefined && isList(member(frame, 'data')),
  start(): FrameReader {
    const books = new SnapshotFed();
    const keys = new Map<string, KeyedLevels>();

    const readBook = (
      symbol: string,
      action: Action | 'partial',
      entries: readonly Json[],
      depth: number,
    ): VenueOperation => {
      const isPartial = action === 'partial';
      const levels = isPartial ? new KeyedLevels() : keys.get(symbol);
      if (levels === undefined || (!isPartial && books.last(symbol) === undefined)) {
        return { kind: 'skipped', symbol, reason: 'awaiting_snapshot' };
      }
      const rowAction = isPartial ? 'insert' : action;
      const rows = readRows(entries, rowAction);
      if (rows === undefined) return books.void(symbol, 'bad_message', `${action} with bad rows`);
      const sides: KeyedSides = { bids: [], asks: [] };
      const fault = levels.apply(rowAction, rows, sides);
      if (fault !== undefined) return books.void(symbol, 'key', fault);
      const time = readIsoTime(textAt(entries[0], 'timestamp'));
      if (!isPartial) return books.delta(symbol, sides, time);
      keys.set(symbol, levels);
      return books.snapshot(symbol, sides, time, depth);
    };

    return (frame) => {
      const table = textAt(frame, 'table') ?? '';
      const action = textAt(frame, 'action');
      const data = listAt(frame, 'data');
      if (table === 'trade' && (action === 'insert' || action === 'partial')) return data.map(readBitmexTrade);
      const depth = TABLES.get(table);
      if (depth === undefined || !isAction(action)) return [];

      const bySymbol = new Map<string, Json[]>();
      // An empty table names its symbol in the filter only.
      const filtered = textAt(member(frame, 'filter'), 'symbol');
      if (action === 'partial' && filtered !== undefined) bySymbol.set(filtered, []);
      for (const entry of data) {
        const symbol = textAt(entry, 'symbol');
        if (symbol === undefined) return [{ kind: 'refused', reason: 'a row that names no symbol' }];
        const entries = bySymbol.get(symbol);
        if (entries === undefined) bySymbol.set(symbol, [entry]);
        else entries.push(entry);
      }
      return [...bySymbol].map(([symbol, entries]) => readBook(symbol, action, entries, depth));
    };
  },
};

const isAction = (action: string | undefined): action is Action | 'partial' =>
  action === 'partial' || action === 'insert' || action === 'update' || action === 'delete';

function readRows(entries: readonly Json[], action: Action): KeyedRow[] | undefined {
  const rows: KeyedRow[] = [];
  for (const entry of entries) {
    const side = readSide(textAt(entry, 'side'));
    const id = textAt(entry, 'id');
    const price = textAt(entry, 'price');
    const level = readLevel(price ?? '0', action === 'delete' ? '0' : member(entry, 'size'));
    if (level === undefined || id === undefined || side === 'unknown') return undefined;
    rows.push({ key: `${side} ${id}`, isBid: side === 'buy', price, size: level[1] });
  }
  return rows;
}

const readBitmexTrade = (trade: Json): VenueOperation =>
  readTrade(
    textAt(trade, 'symbol'),
    textAt(trade, 'trdMatchID'),
    member(trade, 'price'),
    member(trade, 'size'),
    readSide(textAt(trade, 'side')),
    readIsoTime(textAt(trade, 'timestamp')),
  );
