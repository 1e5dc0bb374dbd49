/**
 * Where a page's own orders rest, by feed: who follows orders writes it, who draws a book reads it. A page without orders
 * has nothing here.
 */
import { compare, type Decimal } from '../book/decimal.js';
import type { Side } from '../book/side.js';

/** An order of the page's own that rests in a book. */
export interface OwnLevel {
  readonly side: Side;
  readonly price: Decimal;
  /** What of it has not traded. */
  readonly size: Decimal;
}

interface Entry extends OwnLevel {
  readonly by: object;
}

interface Board {
  readonly levels: Map<string, readonly Entry[]>;
  readonly listeners: Set<() => void>;
}

const boards = new WeakMap<object, Board>();
const NONE: readonly OwnLevel[] = [];

function boardOf(feed: object): Board {
  let board = boards.get(feed);
  if (board === undefined) boards.set(feed, (board = { levels: new Map(), listeners: new Set() }));
  return board;
}

/** What rests in the book of this symbol; the same list as long as nothing has changed. */
export const ownLevels = (feed: object, symbol: string): readonly OwnLevel[] =>
  boards.get(feed)?.levels.get(symbol) ?? NONE;

/** Calls after every change, of whatever symbol, until the returned function is called. */
export function watchOwnLevels(feed: object, listener: () => void): () => void {
  const { listeners } = boardOf(feed);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Puts these in the place of what `by` wrote before, of every symbol. */
export function writeOwnLevels(feed: object, by: object, levels: ReadonlyMap<string, readonly OwnLevel[]>): void {
  const board = boardOf(feed);
  let isNews = false;
  for (const symbol of new Set([...board.levels.keys(), ...levels.keys()])) {
    const before = board.levels.get(symbol) ?? [];
    const kept = before.filter((entry) => entry.by !== by);
    const after = [...kept, ...(levels.get(symbol) ?? []).map((level) => ({ ...level, by }))];
    if (after.length === before.length && after.every((entry, i) => isSame(entry, before[i]))) continue;
    isNews = true;
    if (after.length > 0) board.levels.set(symbol, after);
    else board.levels.delete(symbol);
  }
  if (isNews) for (const listener of [...board.listeners]) listener();
}

const isSame = (a: Entry, b: Entry | undefined): boolean =>
  b !== undefined &&
  a.by === b.by &&
  a.side === b.side &&
  compare(a.price, b.price) === 0 &&
  compare(a.size, b.size) === 0;
