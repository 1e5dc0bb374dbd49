/** What a subscription asks for, checked and with its defaults. */
import type { MarketUpdate, SubscribeOptions } from './market-stream.js';

/** Levels a side, where a subscription names none. */
const DEFAULT_DEPTH = 50;
/** A server refuses a whole message for one number that makes no sense, and every element shares the connection. */
const MAX_DEPTH = 10_000;

export interface CheckedSubscription {
  /** Each symbol once. */
  readonly names: readonly string[];
  /** Levels a side; 0 for no book. */
  readonly depth: number;
  /** Levels a side that it cannot do without. */
  readonly leastDepth: number;
  readonly trades: boolean;
  readonly priority: number;
  /** Undefined: the stream's. */
  readonly throttle: number | undefined;
}

/** Throws a `TypeError` or a `RangeError` for what makes no sense. */
export const checkSubscription = (
  symbols: readonly string[],
  listener: (update: MarketUpdate) => void,
  options: SubscribeOptions,
): CheckedSubscription => {
  if (!Array.isArray(symbols) || symbols.some((symbol) => typeof symbol !== 'string')) {
    throw new TypeError('subscribe: symbols must be an array of text.');
  }
  if (typeof listener !== 'function')
    throw new TypeError(`subscribe: listener must be a function, got ${typeof listener}.`);
  const { book = true, trades = false, depth = DEFAULT_DEPTH, leastDepth = depth, priority = 0, throttle } = options;
  for (const [name, levels] of Object.entries({ depth, leastDepth })) {
    if (Number.isInteger(levels) && levels >= 1 && levels <= MAX_DEPTH) continue;
    throw new RangeError(`subscribe: ${name} must be a whole number from 1 to ${MAX_DEPTH}, got ${levels}.`);
  }
  if (throttle !== undefined && !(throttle >= 0)) {
    throw new RangeError(`subscribe: throttle must be 0 or more milliseconds, got ${throttle}.`);
  }
  return { names: [...new Set<string>(symbols)], depth: book ? depth : 0, leastDepth, trades, priority, throttle };
};
