/** A book as its readers see it: the sides, and where in the venue's numbering they stand. */
import type { LevelText } from './level-buffer.js';
import type { Side } from './side.js';

/** One side, to read. It changes in place. */
export interface SideView {
  readonly side: Side;
  readonly length: number;
  /** The price of level `i` in units, 0 being the best. NaN for no level. */
  priceAt(i: number): number;
  /** The size of level `i` in units, 0 being the best. NaN for no level. */
  sizeAt(i: number): number;
  /** The size at a price, 0 when there is no such level. */
  sizeOf(priceUnits: number): number;
  /** The worst price, in units, up to which every level is known: beyond is unknown, not empty. NaN when all is known. */
  readonly horizon: number;
  /** How many levels stand up to the horizon. Between those beyond it there may be others. */
  readonly knownLength: number;
}

/** A book, to read. It changes in place: compare `version` to know whether it did. */
export interface BookView {
  readonly symbol: string;
  readonly bids: SideView;
  readonly asks: SideView;
  /** A price is `units / 10^priceScale`. May change with any message. */
  readonly priceScale: number;
  /** A size is `units / 10^sizeScale`. May change with any message. */
  readonly sizeScale: number;
  /**
   * Whether the sizes differ by so many digits that no scale holds them all: those with more decimals than the scale
   * count rounded down, though never as nothing. `textAt` has them exact. So until the next snapshot.
   */
  readonly hasRoundedSizes: boolean;
  /** Rises with every change. */
  readonly version: number;
  /** The run of the venue's numbering; empty before the first snapshot. */
  readonly epoch: string;
  /** The number of the last message applied; 0 before the first snapshot. */
  readonly sequence: number;
  /** The venue's time of the last message applied, in milliseconds since 1970; 0 before the first. */
  readonly eventTime: number;
  /** Levels a side that the source sends at most; 0 when unknown. What lies beyond is unknown, not empty. */
  readonly depthLimit: number;
  /** Best bid above best ask. */
  readonly isCrossed: boolean;
  /** Best bid equal to best ask. */
  readonly isLocked: boolean;
  /** No level on either side. */
  readonly isEmpty: boolean;
  /** Exact texts of level `i` of a side, 0 being the best: the wire's own where the book keeps them. Undefined for no level. */
  textAt(side: Side, i: number): LevelText | undefined;
}
