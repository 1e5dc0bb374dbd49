/**
 * What a stream of our own protocol or of the guide's dialect knows between two frames, so that a recording can begin
 * there: the greeting, instruments, rows, good books, and the changes that wait for a snapshot. Books are copied as
 * numbers; texts are made of them only when a recording is written.
 */
import { Book } from '../book/book.js';
import { unitsToText } from '../book/decimal.js';
import type { LevelText } from '../book/level-buffer.js';
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
  /** Price and size in turn, best first: the bids, then the asks. */
  readonly levels: Float64Array;
  readonly bids: number;
  readonly facts: Pick<Book, 'symbol' | 'epoch' | 'sequence' | 'eventTime' | 'depthLimit' | 'priceScale' | 'sizeScale'>;
}

/** The last copy of each book: one that has not changed is not copied again. */
const copies = new WeakMap<Book, BookCopy>();

/** `isUp`: the link is there; without one nothing of what was known counts any more. */
export function flightBase(states: Iterable<SymbolState>, welcome: Welcome | undefined, isUp: boolean): FlightBase {
  const known = isUp ? [...states] : [];
  const rows = known.flatMap(({ ticker }) => ticker ?? []);
  const instruments = known.flatMap(({ instrument }) => instrument ?? []);
  const rejected = known.flatMap(({ symbol, rejected: code }) =>
    code === undefined || !isNameable(symbol) ? [] : [{ symbol, code }],
  );
  const books = known.flatMap(({ sync: { book, suspicion } }) =>
    // A venue's is of another kind, and no recording begins with it.
    book instanceof Book && suspicion === undefined ? [copyOf(book)] : [],
  );
  const early = known.flatMap(({ sync }) => sync.early ?? []);
  let size = ROW_LENGTH * (1 + rows.length + instruments.length + rejected.length);
  for (const { levels } of books) size += ROW_LENGTH + (levels.length * LEVEL_LENGTH) / 2;
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

function copyOf(book: Book): BookCopy {
  const known = copies.get(book);
  if (known?.version === book.version) return known;
  const { version, symbol, epoch, sequence, eventTime, depthLimit, priceScale, sizeScale } = book;
  const facts = { symbol, epoch, sequence, eventTime, depthLimit, priceScale, sizeScale };
  const levels = new Float64Array(2 * (book.bids.length + book.asks.length));
  book.asks.copyTo(levels, book.bids.copyTo(levels, 0));
  const copy = { version, levels, bids: book.bids.length, facts };
  copies.set(book, copy);
  return copy;
}

function snapshotOf({ facts, levels, bids }: BookCopy): ServerMessage {
  const { symbol, epoch, sequence: seq, eventTime: timestamp, depthLimit: depth, priceScale, sizeScale } = facts;
  const texts = Array.from({ length: levels.length / 2 }, (_, i): LevelText => [
    unitsToText(levels[2 * i]!, priceScale),
    unitsToText(levels[2 * i + 1]!, sizeScale),
  ]);
  return {
    type: 'order_book_snapshot',
    stream: `book:${symbol}`,
    epoch,
    seq,
    data: { symbol, depth, bids: texts.slice(0, bids), asks: texts.slice(bids), timestamp },
  };
}

function rowMessage(ticker: Ticker): ServerMessage {
  const { eventTime: timestamp, receiveTime: _, ...row } = ticker;
  return { type: 'market_data', data: { ...row, timestamp } };
}
