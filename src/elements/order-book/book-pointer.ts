import { unitsToText } from '../../book/decimal.js';
import type { Side } from '../../book/side.js';
import type { LevelPick } from './order-book.events.js';
import type { SidePicture } from './side-picture.js';

/** How far a finger may slide between down and up and still mean the row it touched, in CSS pixels. */
const SLIP_PIXELS = 10;

export interface PaintedBook {
  readonly symbol: string;
  readonly sides: Readonly<Record<Side, SidePicture>>;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly sequence: number;
  /** When the painted numbers arrived, in the clock of `now`. */
  readonly dataAt: number;
  readonly groupingUnits: number;
}

/** What was picked: the numbers of one level as they stand painted at this moment. */
export function pickLevel(
  painted: PaintedBook,
  side: Side,
  level: number,
  field: LevelPick['field'],
  now: number,
): LevelPick | undefined {
  const { ladder } = painted.sides[side];
  if (level < 0 || level >= ladder.length) return undefined;
  const total = ladder.totals[level] ?? NaN;
  return {
    symbol: painted.symbol,
    side,
    price: unitsToText(ladder.prices[level] ?? 0, painted.priceScale),
    size: unitsToText(ladder.sizes[level] ?? 0, painted.sizeScale),
    cumulativeSize: Number.isSafeInteger(total) ? unitsToText(total, painted.sizeScale) : '',
    field,
    grouped: painted.groupingUnits > 0,
    sequence: painted.sequence,
    ageMs: Math.max(0, now - painted.dataAt),
  };
}

/** Row and column under a pointer, found by arithmetic: rows are lines of a text, not elements. */
export function locate(
  event: PointerEvent,
  depth: number,
): { side: Side; row: number; field: LevelPick['field'] } | undefined {
  const target = event.target instanceof Element ? event.target : undefined;
  const side = target?.closest<HTMLElement>('.side');
  if (!side) return undefined;
  const box = side.getBoundingClientRect();
  const row = Math.floor(((event.clientY - box.top) / box.height) * depth);
  const field = target?.closest<HTMLElement>('.col')?.dataset['field'] ?? 'price';
  return { side: side.classList.contains('bids') ? 'bid' : 'ask', row, field: field as LevelPick['field'] };
}

/**
 * Remembers what was painted under the pointer when it went down, so that a book that moves before it comes up cannot
 * change what was meant.
 */
export class PendingPick {
  #pick: LevelPick | undefined;
  #x = 0;
  #y = 0;

  press(event: PointerEvent, pick: LevelPick | undefined): void {
    this.#pick = event.isPrimary && event.button === 0 ? pick : undefined;
    this.#x = event.clientX;
    this.#y = event.clientY;
  }

  cancel(): void {
    this.#pick = undefined;
  }

  /** The pick that this release completes, if the pointer stayed where it was. */
  release(event: PointerEvent): LevelPick | undefined {
    const pick = this.#pick;
    this.#pick = undefined;
    const slipped = Math.abs(event.clientX - this.#x) > SLIP_PIXELS || Math.abs(event.clientY - this.#y) > SLIP_PIXELS;
    return slipped ? undefined : pick;
  }
}
