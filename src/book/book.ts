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
import type { BookChange, BookDelta, BookSnapshot, DeltaHeader, SnapshotHeader } from './book-message.js';
import { BookSide } from './book-side.js';
import type { BookView } from './book-view.js';
import { crc32OfTop } from './checksum.js';
import { unitsToText } from './decimal.js';
import { LevelReader, type LevelBuffer, type LevelText, type ReadLevels } from './level-buffer.js';
import type { LevelTexts } from './level-texts.js';
import type { Side } from './side.js';

export type * from './book-message.js';
export type * from './book-view.js';
export type { LevelText } from './level-buffer.js';

/** Levels that a checksum covers, on each side. */
export const CHECKSUM_LEVELS = 10;

interface BookOptions {
  /** The instrument's decimals, so that no delta has to grow them. Default: 0. */
  readonly priceScale?: number;
  readonly sizeScale?: number;
  /** Texts beside the numbers, for exchanges. Without, a message with numbers that no scale holds together is refused. */
  readonly texts?: LevelTexts;
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
  readonly #texts: LevelTexts | undefined;

  constructor(symbol: string, options: BookOptions = {}) {
    this.symbol = symbol;
    this.#texts = options.texts;
    this.#initialPriceScale = options.priceScale ?? 0;
    this.#initialSizeScale = options.sizeScale ?? 0;
    this.#priceScale = this.#initialPriceScale;
    this.#sizeScale = this.#initialSizeScale;
  }

  get priceScale(): number {
    return this.#priceScale;
  }

  get sizeScale(): number {
    return this.#sizeScale;
  }

  get hasRoundedSizes(): boolean {
    return this.#texts?.isRounded ?? false;
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

  textAt(side: Side, i: number): LevelText | undefined {
    const view = side === 'bid' ? this.bids : this.asks;
    if (i < 0 || i >= view.length) return undefined;
    const price = view.priceAt(i);
    return this.#texts?.at(side, price) ?? this.#textOf(price, view.sizeAt(i));
  }

  /**
   * Replaces the whole book. Levels may come in any order; of two at one price the later wins, and size 0 is no level.
   * The scales start anew from the instrument's, so that one odd message does not narrow the book for good.
   */
  applySnapshot(snapshot: BookSnapshot, allowCrossed = false): BookChange {
    const { bids, asks } = snapshot;
    let levels: ReadLevels = reader;
    const isPlain = reader.read(bids, asks, this.#initialPriceScale, this.#initialSizeScale);
    if (!isPlain) {
      if (this.#texts?.readSnapshot(bids, asks, reader) !== true) return 'bad_level';
      levels = this.#texts;
    }
    return this.#load(snapshot, levels, isPlain, allowCrossed);
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
    return this.#load(header, { bids, asks, priceScale, sizeScale }, true, allowCrossed);
  }

  /** Applies a delta whole or not at all. `allowCrossed` is for phases other than `continuous`, in which a crossed book is legal. */
  applyDelta(delta: BookDelta, allowCrossed = false): BookChange {
    const refusal = this.#refusal(delta);
    if (refusal !== undefined) return refusal;
    const { bids, asks } = delta;
    let levels: ReadLevels = reader;
    const isPlain =
      reader.read(bids, asks, this.#priceScale, this.#sizeScale) && this.widen(reader.priceScale, reader.sizeScale);
    if (!isPlain) {
      if (this.#texts?.readDelta(bids, asks, this) !== true) return 'bad_level';
      levels = this.#texts;
      if (levels.sizeScale < this.#sizeScale) this.#narrow(levels.sizeScale, this.#texts);
    }
    return this.#write(delta, levels.bids, levels.asks, allowCrossed);
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
   * that is already in the book would leave the safe integers, or has been rounded.
   */
  widen(priceScale: number, sizeScale: number, mostPrice?: number): boolean {
    if (priceScale <= this.#priceScale && sizeScale <= this.#sizeScale) return true;
    if (this.hasRoundedSizes && sizeScale > this.#sizeScale) return false;
    const priceFactor = 10 ** Math.max(0, priceScale - this.#priceScale);
    const sizeFactor = 10 ** Math.max(0, sizeScale - this.#sizeScale);
    if (!this.bids.canRescale(priceFactor, sizeFactor)) return false;
    if (!this.asks.canRescale(priceFactor, sizeFactor, mostPrice)) return false;
    this.bids.rescale(priceFactor, sizeFactor);
    this.asks.rescale(priceFactor, sizeFactor);
    this.#texts?.rescale(priceFactor);
    this.#priceScale = Math.max(this.#priceScale, priceScale);
    this.#sizeScale = Math.max(this.#sizeScale, sizeScale);
    this.#version++;
    return true;
  }

  #refusal(header: DeltaHeader): 'gap' | 'duplicate' | undefined {
    if (!this.#hasSnapshot || header.epoch !== this.#epoch) return 'gap';
    if (header.sequence <= this.#sequence) return 'duplicate';
    return header.previousSequence === this.#sequence ? undefined : 'gap';
  }

  #load(
    header: SnapshotHeader,
    { bids, asks, priceScale, sizeScale }: ReadLevels,
    isPlain: boolean,
    allowCrossed: boolean,
  ): BookChange {
    this.#priceScale = priceScale;
    this.#sizeScale = sizeScale;
    const { depth = 0, covers = 0, keepsTexts = false } = header;
    this.bids.load(bids, covers);
    this.asks.load(asks, covers);
    this.#texts?.begin(keepsTexts, isPlain);
    this.#noteTexts(bids, asks);
    this.bids.limit(depth);
    this.asks.limit(depth);
    this.#hasSnapshot = true;
    this.#epoch = header.epoch;
    this.#depthLimit = depth;
    return this.#finish(header, allowCrossed);
  }

  #write(header: DeltaHeader, bids: LevelBuffer, asks: LevelBuffer, allowCrossed: boolean): BookChange {
    for (let i = 0; i < bids.length; i++) this.bids.set(bids.prices[i]!, bids.sizes[i]!);
    for (let i = 0; i < asks.length; i++) this.asks.set(asks.prices[i]!, asks.sizes[i]!);
    this.#noteTexts(bids, asks);
    return this.#finish(header, allowCrossed);
  }

  #noteTexts(bids: LevelBuffer, asks: LevelBuffer): void {
    const texts = this.#texts;
    if (texts?.isKept !== true) return;
    texts.note(this.bids, bids, (price, size) => this.#textOf(price, size));
    texts.note(this.asks, asks, (price, size) => this.#textOf(price, size));
  }

  #textOf(priceUnits: number, sizeUnits: number): LevelText {
    return [unitsToText(priceUnits, this.#priceScale), unitsToText(sizeUnits, this.#sizeScale)];
  }

  /** Takes decimals back from all sizes, rounded by their texts. */
  #narrow(sizeScale: number, texts: LevelTexts): void {
    for (const side of [this.bids, this.asks]) side.resize((price) => texts.sizeOf(side.side, price, sizeScale));
    this.#sizeScale = sizeScale;
  }

  #finish(header: SnapshotHeader | DeltaHeader, allowCrossed: boolean): BookChange {
    this.#sequence = header.sequence;
    this.#eventTime = header.eventTime;
    this.#version++;
    this.bids.cut();
    this.asks.cut();
    const { checksum } = header;
    if (checksum !== undefined && checksum !== (header.checksumOf ?? ownChecksum)(this)) return 'bad_checksum';
    return !allowCrossed && (this.isCrossed || this.isLocked) ? 'crossed' : 'applied';
  }
}

const ownChecksum = (book: BookView): number => crc32OfTop(book, CHECKSUM_LEVELS);
