/**
 * What a stream of our own protocol or of the guide's dialect knows between two frames, so that a recording can begin
 * there: the greeting, instruments, rows, good books, and the changes that wait for a snapshot. Books are copied as
 * numbers; texts are made of them only when a recording is written.
 */
import type { BookView } from '../book/book.js';
import { unitsToText } from '../book/decimal.js';
import type { SideView } from '../book/book-view.js';
import type { Ticker } from './market-stream.js';
import type { ServerMessage, Welcome } from './protocol/messages.js';
import type { SymbolState } from './symbol-state.js';
import { isNameable } from './want.js';

export interface FlightBase {
  /** Characters that it takes, about. */
  readonly size: number;
  /** The messages that say it, in the order in which a server might. */
  messages(): Iterable<ServerMessage>;
}

/** Characters that two numbers take, and a row or an instrument. */
const LEVEL_LENGTH = 8;
const ROW_LENGTH = 128;

interface BookCopy {
  readonly version: number;
  /** Price and size in turn, best first. */
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  readonly facts: Pick<
    BookView,
    'symbol' | 'epoch' | 'sequence' | 'eventTime' | 'depthLimit' | 'priceScale' | 'sizeScale'
  >;
}

/** The last copy of each book: one that has not changed is not copied again. */
const copies = new WeakMap<BookView, BookCopy>();

/** `isUp`: the link is there; without one nothing of what was known counts any more. */
export function flightBase(states: Iterable<SymbolState>, welcome: Welcome | undefined, isUp: boolean): FlightBase {
  const known = isUp ? [...states] : [];
  const rows = known.flatMap(({ ticker }) => ticker ?? []);
  const instruments = known.flatMap(({ instrument }) => instrument ?? []);
  const rejected = known.flatMap(({ symbol, rejected: code }) =>
    code === undefined || !isNameable(symbol) ? [] : [{ symbol, code }],
  );
  const books = known.flatMap(({ sync: { book, suspicion } }) =>
    book === undefined || suspicion !== undefined ? [] : [copyOf(book)],
  );
  const early = known.flatMap(({ sync }) => sync.early ?? []);
  let size = ROW_LENGTH * (1 + rows.length + instruments.length + rejected.length);
  for (const { bids, asks } of books) size += ROW_LENGTH + ((bids.length + asks.length) * LEVEL_LENGTH) / 2;
  for (const { data } of early) size += ROW_LENGTH + (data.bids.length + data.asks.length) * 2 * LEVEL_LENGTH;
  return {
    size,
    *messages() {
      if (welcome !== undefined) yield welcome;
      if (instruments.length + rejected.length > 0) {
        yield { type: 'subscription_confirmed', data: { symbols: [], instruments, rejected } };
      }
      for (const row of rows) yield rowMessage(row);
      for (const book of books) yield snapshotOf(book);
      yield* early;
    },
  };
}

function copyOf(book: BookView): BookCopy {
  const known = copies.get(book);
  if (known?.version === book.version) return known;
  const { version, symbol, epoch, sequence, eventTime, depthLimit, priceScale, sizeScale } = book;
  const facts = { symbol, epoch, sequence, eventTime, depthLimit, priceScale, sizeScale };
  const copy = { version, bids: levelsOf(book.bids), asks: levelsOf(book.asks), facts };
  copies.set(book, copy);
  return copy;
}

function levelsOf(side: SideView): Float64Array {
  const { length } = side;
  const levels = new Float64Array(2 * length);
  for (let i = 0; i < length; i++) {
    levels[2 * i] = side.priceAt(i);
    levels[2 * i + 1] = side.sizeAt(i);
  }
  return levels;
}

function snapshotOf({ facts, bids, asks }: BookCopy): ServerMessage {
  const { symbol, epoch, sequence: seq, eventTime: timestamp, depthLimit: depth, priceScale, sizeScale } = facts;
  const texts = (levels: Float64Array): [string, string][] =>
    Array.from({ length: levels.length / 2 }, (_, i) => [
      unitsToText(levels[2 * i]!, priceScale),
      unitsToText(levels[2 * i + 1]!, sizeScale),
    ]);
  return {
    type: 'order_book_snapshot',
    stream: `book:${symbol}`,
    epoch,
    seq,
    data: { symbol, depth, bids: texts(bids), asks: texts(asks), timestamp },
  };
}

function rowMessage(ticker: Ticker): ServerMessage {
  const { eventTime: timestamp, receiveTime: _, ...row } = ticker;
  return { type: 'market_data', data: { ...row, timestamp } };
}
