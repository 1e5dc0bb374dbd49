/** What holders want of a symbol, and how several wants are one on the wire. */
import type { Channel } from './protocol/messages.js';
import { MAX_NAME_LENGTH } from './protocol/shape.js';

/** How much is wanted of each channel: levels a side of the book, 1 of the others, 0 for nothing. */
export type Want = Readonly<Record<Channel, number>>;

const CHANNELS: readonly Channel[] = ['ticker', 'book', 'trades'];

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether a server could mean it. One lone surrogate keeps the guide's server from sending anything at all. */
export const isNameable = (symbol: string): boolean =>
  symbol.length > 0 && symbol.length <= MAX_NAME_LENGTH && !LONE_SURROGATE.test(symbol);

const each =
  (choose: (a: number, b: number) => number) =>
  (a: Want, b: Want): Want => ({
    ticker: choose(a.ticker, b.ticker),
    book: choose(a.book, b.book),
    trades: choose(a.trades, b.trades),
  });

/** Everything that either wants. */
export const most = each(Math.max);
/** What both want. */
export const least = each(Math.min);

export const covers = (told: Want, want: Want): boolean => CHANNELS.every((channel) => told[channel] >= want[channel]);

export const channelsOf = (want: Want): Channel[] => CHANNELS.filter((channel) => want[channel] > 0);

/** The channels that were asked for and are wanted no more. */
export const surplus = (told: Want, want: Want): Channel[] => channelsOf(told).filter((channel) => want[channel] === 0);

/** Longest list of symbols in one message, in characters: well below the server's 64 KiB of bytes. */
const LONGEST_LIST = 16_000;

interface Group<T> {
  readonly of: T;
  readonly symbols: string[];
  length: number;
}

/** Symbols that can share one message, as many as it may hold. */
export class Grouped<T> {
  readonly #open = new Map<string, Group<T>>();
  /** One for each message that is needed. */
  readonly groups: Group<T>[] = [];

  add(key: string, of: T, symbol: string): void {
    const length = symbol.length + 3;
    let group = this.#open.get(key);
    if (group === undefined || group.length + length > LONGEST_LIST) {
      group = { of, symbols: [], length: 0 };
      this.#open.set(key, group);
      this.groups.push(group);
    }
    group.symbols.push(symbol);
    group.length += length;
  }
}
