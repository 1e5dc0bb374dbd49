/** What a book is told, and what it answers. */
import type { BookView } from './book-view.js';
import type { LevelText } from './level-buffer.js';

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

/** What every message of a book says of itself. */
interface MessageHeader {
  readonly epoch: string;
  readonly sequence: number;
  readonly eventTime: number;
  /** What `checksumOf` must give once the message is applied. */
  readonly checksum?: number | undefined;
  /** How the venue computes its checksum. Default: `crc32OfTop` of `CHECKSUM_LEVELS` levels. */
  readonly checksumOf?: ((book: BookView) => number) | undefined;
}

export interface SnapshotHeader extends MessageHeader {
  /** Levels a side that the source keeps at most, now and later; 0 or absent when unknown. */
  readonly depth?: number | undefined;
  /** Levels a side that this snapshot has at most, while later changes may reach beyond; 0 or absent when it has all. */
  readonly covers?: number | undefined;
  /** Whether the wire's own texts are kept from now on, for checksums that are made of them. Default false. */
  readonly keepsTexts?: boolean | undefined;
}

export interface BookSnapshot extends SnapshotHeader {
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

export interface DeltaHeader extends MessageHeader {
  readonly previousSequence: number;
}

/** A size is the new total at its price; 0 removes the level. */
export interface BookDelta extends DeltaHeader {
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}
