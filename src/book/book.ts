/**
 * The book of one symbol: a snapshot, and the deltas that may follow it.
 *
 * A delta is applied only when it follows what is already here: same epoch, and its `previousSequence` is the book's
 * `sequence`. Everything else is reported and changes nothing, so that what the book shows was at all times the venue's.
 * Prices and sizes are counted in units of the book's scales, which grow when a message needs more decimals.
 *
 * The book does not judge itself: after `'gap'`, `'crossed'`, `'bad_checksum'` or `'bad_level'` it is for the caller to
 * mark it and to ask for a new snapshot.
 */
import { BookSide } from './book-side.js';
import { crc32OfTop } from './checksum.js';
import { LevelReader, type LevelBuffer, type LevelText } from './level-buffer.js';
import type { Side } from './side.js';

export type { LevelText } from './level-buffer.js';

/** Levels that a checksum covers, on each side. */
export const CHECKSUM_LEVELS = 10;

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
}

/**
 * What became of a message.
 * - `applied`: the book is now what the venue's was.
 * - `duplicate`: not newer than the book; nothing changed.
 * - `gap`: something is missing before it; nothing changed.
 * - `bad_level`: a number is malformed, negative, or too large to be held exactly; nothing changed.
 * - `crossed`: applied, and the best bid is not below the best ask.
 * - `bad_checksum`: applied, and the result is not what the venue has.
 */
export type BookChange = 'applied' | 'duplicate' | 'gap' | 'crossed' | 'bad_checksum' | 'bad_level';

export interface SnapshotHeader {
  readonly epoch: string;
  readonly sequence: number;
  readonly eventTime: number;
  /** Levels a side that the source sends at most; 0 or absent when unknown. */
  readonly depth?: number | undefined;
}

export interface BookSnapshot extends SnapshotHeader {
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

export interface DeltaHeader {
  readonly epoch: string;
  readonly previousSequence: number;
  readonly sequence: number;
  readonly eventTime: number;
  /** What `crc32OfTop` must give for `CHECKSUM_LEVELS` levels once the delta is applied. */
  readonly checksum?: number | undefined;
}

/** A size is the new total at its price; 0 removes the level. */
export interface BookDelta extends DeltaHeader {
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

/** Shared by all books: a message is read and applied in one go, so that nothing is left in it between two calls. */
const reader = new LevelReader();

export class Book implements BookView {
  readonly symbol: string;
  readonly bids = new BookSide('bid');
  readonly asks = new BookSide('ask');
  readonly #initialPriceScale: number;
  readonly #initialSizeScale: number;
  #priceScale: number;
  #sizeScale: number;
  #version = 0;
  #hasSnapshot = false;
  #epoch = '';
  #sequence = 0;
  #eventTime = 0;
  #depthLimit = 0;

  /** `scales` are the instrument's decimals, so that no delta has to grow them; 0 by default. */
  constructor(symbol: string, scales: { readonly priceScale?: number; readonly sizeScale?: number } = {}) {
    this.symbol = symbol;
    this.#initialPriceScale = scales.priceScale ?? 0;
    this.#initialSizeScale = scales.sizeScale ?? 0;
    this.#priceScale = this.#initialPriceScale;
    this.#sizeScale = this.#initialSizeScale;
  }

  get priceScale(): number {
    return this.#priceScale;
  }

  get sizeScale(): number {
    return this.#sizeScale;
  }

  get version(): number {
    return this.#version;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get sequence(): number {
    return this.#sequence;
  }

  get eventTime(): number {
    return this.#eventTime;
  }

  get depthLimit(): number {
    return this.#depthLimit;
  }

  get isCrossed(): boolean {
    return this.bids.priceAt(0) > this.asks.priceAt(0);
  }

  get isLocked(): boolean {
    return this.bids.priceAt(0) === this.asks.priceAt(0);
  }

  get isEmpty(): boolean {
    return this.bids.length === 0 && this.asks.length === 0;
  }

  /**
   * Replaces the whole book. Levels may come in any order; of two at one price the later wins, and size 0 is no level.
   * The scales start anew from the instrument's, so that one odd message does not narrow the book for good.
   */
  applySnapshot(snapshot: BookSnapshot, allowCrossed = false): BookChange {
    if (!reader.read(snapshot.bids, snapshot.asks, this.#initialPriceScale, this.#initialSizeScale)) return 'bad_level';
    const { bids, asks, priceScale, sizeScale } = reader;
    return this.applySnapshotUnits(snapshot, bids, asks, priceScale, sizeScale, allowCrossed);
  }

  /** As `applySnapshot`, for a protocol that has read the digits itself; the scales are those of its units. */
  applySnapshotUnits(
    header: SnapshotHeader,
    bids: LevelBuffer,
    asks: LevelBuffer,
    priceScale: number,
    sizeScale: number,
    allowCrossed = false,
  ): BookChange {
    if (!bids.isValid() || !asks.isValid()) return 'bad_level';
    this.#priceScale = priceScale;
    this.#sizeScale = sizeScale;
    this.bids.load(bids);
    this.asks.load(asks);
    this.#hasSnapshot = true;
    this.#epoch = header.epoch;
    this.#depthLimit = header.depth ?? 0;
    return this.#finish(header.sequence, header.eventTime, undefined, allowCrossed);
  }

  /** Applies a delta whole or not at all. `allowCrossed` is for auctions, where a crossed book is legal. */
  applyDelta(delta: BookDelta, allowCrossed = false): BookChange {
    const refusal = this.#refusal(delta);
    if (refusal !== undefined) return refusal;
    const isRead = reader.read(delta.bids, delta.asks, this.#priceScale, this.#sizeScale);
    if (!isRead || !this.widen(reader.priceScale, reader.sizeScale)) return 'bad_level';
    return this.#write(delta, reader.bids, reader.asks, allowCrossed);
  }

  /** As `applyDelta`, for a protocol that has read the digits itself, in units of the book's present scales. */
  applyUnits(header: DeltaHeader, bids: LevelBuffer, asks: LevelBuffer, allowCrossed = false): BookChange {
    const refusal = this.#refusal(header);
    if (refusal !== undefined) return refusal;
    if (!bids.isValid() || !asks.isValid()) return 'bad_level';
    return this.#write(header, bids, asks, allowCrossed);
  }

  /**
   * Makes room for more decimals; scales never shrink here. Returns false, and changes nothing, when a price or a size
   * that is already in the book would leave the safe integers.
   */
  widen(priceScale: number, sizeScale: number): boolean {
    if (priceScale <= this.#priceScale && sizeScale <= this.#sizeScale) return true;
    const priceFactor = 10 ** Math.max(0, priceScale - this.#priceScale);
    const sizeFactor = 10 ** Math.max(0, sizeScale - this.#sizeScale);
    if (!this.bids.canRescale(priceFactor, sizeFactor) || !this.asks.canRescale(priceFactor, sizeFactor)) return false;
    this.bids.rescale(priceFactor, sizeFactor);
    this.asks.rescale(priceFactor, sizeFactor);
    this.#priceScale = Math.max(this.#priceScale, priceScale);
    this.#sizeScale = Math.max(this.#sizeScale, sizeScale);
    this.#version++;
    return true;
  }

  /** Forgets everything but the symbol. The next delta is a `'gap'` until a snapshot has come. */
  clear(): void {
    this.bids.clear();
    this.asks.clear();
    this.#priceScale = this.#initialPriceScale;
    this.#sizeScale = this.#initialSizeScale;
    this.#hasSnapshot = false;
    this.#epoch = '';
    this.#sequence = 0;
    this.#eventTime = 0;
    this.#depthLimit = 0;
    this.#version++;
  }

  #refusal(header: DeltaHeader): 'gap' | 'duplicate' | undefined {
    if (!this.#hasSnapshot || header.epoch !== this.#epoch) return 'gap';
    if (header.sequence <= this.#sequence) return 'duplicate';
    return header.previousSequence === this.#sequence ? undefined : 'gap';
  }

  #write(header: DeltaHeader, bids: LevelBuffer, asks: LevelBuffer, allowCrossed: boolean): BookChange {
    for (let i = 0; i < bids.length; i++) this.bids.set(bids.prices[i]!, bids.sizes[i]!);
    for (let i = 0; i < asks.length; i++) this.asks.set(asks.prices[i]!, asks.sizes[i]!);
    return this.#finish(header.sequence, header.eventTime, header.checksum, allowCrossed);
  }

  #finish(sequence: number, eventTime: number, checksum: number | undefined, allowCrossed: boolean): BookChange {
    this.#sequence = sequence;
    this.#eventTime = eventTime;
    this.#version++;
    if (this.#depthLimit > 0) {
      this.bids.cut(this.#depthLimit);
      this.asks.cut(this.#depthLimit);
    }
    if (checksum !== undefined && checksum !== crc32OfTop(this, CHECKSUM_LEVELS)) return 'bad_checksum';
    return !allowCrossed && (this.isCrossed || this.isLocked) ? 'crossed' : 'applied';
  }
}
