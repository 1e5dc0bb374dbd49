/**
 * The part of a book that one connection is shown: the best levels of each side. A window is itself a book, a copy that
 * never changes again: exactly what a client that missed nothing holds. What a client is sent is the difference between
 * the window it has and the window there is now, so that conflation cannot lose a level and needs no memory of events.
 *
 * Connections that look at the same moment share one window.
 */
import { Book } from '../../book/book.js';
import { LevelBuffer, type LevelText } from '../../book/level-buffer.js';
import { unitsToText } from '../../book/decimal.js';
import type { ServedBook, ServedSide } from './session-market.js';

interface NewestWindows {
  readonly epoch: string;
  readonly sequence: number;
  readonly byDepth: Map<number, Book>;
}

const newest = new WeakMap<ServedBook, NewestWindows>();
const bidLevels = new LevelBuffer();
const askLevels = new LevelBuffer();

/** The `depth` best levels of each side as they stand. */
export const windowOf = (symbol: string, book: ServedBook, depth: number): Book => {
  const { epoch, sequence, eventTime, priceScale, sizeScale } = book;
  let windows = newest.get(book);
  if (windows === undefined || windows.epoch !== epoch || windows.sequence !== sequence) {
    windows = { epoch, sequence, byDepth: new Map() };
    newest.set(book, windows);
  }
  const known = windows.byDepth.get(depth);
  if (known !== undefined) return known;

  copyTop(book.bids, depth, bidLevels);
  copyTop(book.asks, depth, askLevels);
  const window = new Book(symbol);
  const change = window.applySnapshotUnits(
    { epoch, sequence, eventTime, depth },
    bidLevels,
    askLevels,
    priceScale,
    sizeScale,
    true,
  );
  if (change !== 'applied') throw new Error(`the served book of ${symbol} holds what no book may: ${change}`);
  windows.byDepth.set(depth, window);
  return window;
};

/** Whether a delta can lead from one window to the other: same numbering, same scales, same depth. */
export const isContinuation = (from: Book, to: Book): boolean =>
  from.epoch === to.epoch &&
  from.sequence <= to.sequence &&
  from.priceScale === to.priceScale &&
  from.sizeScale === to.sizeScale &&
  from.depthLimit === to.depthLimit;

/** Every level of a side, best first. */
export const levelsOf = (book: Book, side: 'bids' | 'asks'): LevelText[] => {
  const view = book[side];
  const levels: LevelText[] = [];
  for (let i = 0; i < view.length; i++) levels.push(levelText(book, view.priceAt(i), view.sizeAt(i)));
  return levels;
};

/**
 * The levels of a side that differ, best first. A level that is no longer in the window has size 0, whether it was
 * removed or only fell below the depth: a client that does not cut its book must not keep it.
 */
export const changesOf = (from: Book, to: Book, side: 'bids' | 'asks'): LevelText[] => {
  const old = from[side];
  const now = to[side];
  const isBetter = side === 'bids' ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
  const changes: LevelText[] = [];
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    const oldPrice = old.priceAt(i);
    const price = now.priceAt(j);
    if (j === now.length || (i < old.length && isBetter(oldPrice, price))) {
      changes.push(levelText(to, oldPrice, 0));
      i++;
    } else {
      const isKnown = i < old.length && oldPrice === price;
      if (!isKnown || old.sizeAt(i) !== now.sizeAt(j)) changes.push(levelText(to, price, now.sizeAt(j)));
      if (isKnown) i++;
      j++;
    }
  }
  return changes;
};

const copyTop = (side: ServedSide, depth: number, into: LevelBuffer): void => {
  into.clear();
  for (let i = 0; i < Math.min(depth, side.length); i++) into.push(side.priceAt(i), side.sizeAt(i));
};

const levelText = ({ priceScale, sizeScale }: Book, price: number, size: number): LevelText => [
  unitsToText(price, priceScale),
  unitsToText(size, sizeScale),
];
