/** What is counted of a replay, in all and by symbol. */
import type { BookSide } from '../../src/book/book-side.js';
import { toUnits } from '../../src/book/decimal.js';
import type { LevelBuffer, LevelText } from '../../src/book/level-buffer.js';
import type { Sides } from '../../src/stream/venue/venue-protocol.js';

export const COUNT_NAMES = [
  'snapshots',
  'snapshotsUsed',
  'deltas',
  'deltasApplied',
  'deltasDroppedOld',
  'deltasToMissingLevel',
  'emptyUpdates',
  'levelSets',
  'levelDeletes',
  'truncatedLevels',
  'checksumOk',
  'checksumBad',
  'sequenceOk',
  'gaps',
  'crossedStates',
  'bookTickers',
  'topVsBookTickerEqual',
  'topVsBookTickerDiffer',
] as const;

export type Counts = Record<(typeof COUNT_NAMES)[number], number>;

export const noCounts = (): Counts => Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as Counts;

export function addCounts(sum: Counts, counts: Counts): void {
  for (const name of COUNT_NAMES) sum[name] += counts[name];
}

/** What the levels of one side of a message would do to a side of a book. */
export interface Effect {
  readonly sets: number;
  readonly removals: number;
  /** Removals of levels that are not there. */
  readonly missed: number;
  /** By how many levels the side would grow, before its depth cuts it. */
  readonly growth: number;
}

/** Of levels as texts. */
export function effectOf(levels: readonly LevelText[], side: BookSide | undefined, priceScale: number): Effect {
  // A price with more decimals than the book has is no level of it, and NaN finds none.
  const price = (i: number): number => toUnits(levels[i]![0], priceScale);
  return countEffect(levels.length, side, price, (i) => isZero(levels[i]![1]));
}

/** Of levels in units. */
export const unitsEffect = ({ prices, sizes, length }: LevelBuffer, side: BookSide | undefined): Effect =>
  countEffect(
    length,
    side,
    (i) => prices[i]!,
    (i) => sizes[i] === 0,
  );

function countEffect(
  length: number,
  side: BookSide | undefined,
  priceAt: (i: number) => number,
  isRemoval: (i: number) => boolean,
): Effect {
  let removals = 0;
  let missed = 0;
  let added = 0;
  for (let i = 0; i < length; i++) {
    const isThere = side !== undefined && side.sizeOf(priceAt(i)) > 0;
    if (isRemoval(i)) {
      removals++;
      if (!isThere) missed++;
    } else if (!isThere) added++;
  }
  return { sets: length - removals, removals, missed, growth: added - (removals - missed) };
}

/** Counts the levels of a snapshot as those of an update. */
export function countLevels(counts: Counts, { bids, asks }: Sides): void {
  for (const side of [bids, asks]) {
    const { sets, removals } = effectOf(side, undefined, 0);
    counts.levelSets += sets;
    counts.levelDeletes += removals;
  }
}

/** `0`, `0.00000000`, `0e-8`: no digit but zeros before an exponent. */
const isZero = (size: string): boolean => !/[1-9]/.test(size.split(/[eE]/, 1)[0]!);
