import type { Side } from '../../book/side.js';
import type { MarketStream } from '../../stream/market-stream.js';

/** What was picked in the book, as it was painted when the pointer went down. */
export interface LevelPick {
  /** The book's symbol. */
  readonly symbol: string;
  /** The side that was picked: `bid` or `ask`. */
  readonly side: Side;
  /** Exact decimal text; on a grouped row the bucket's price, which is on the tick grid. */
  readonly price: string;
  /** Size of this row, exact decimal text. */
  readonly size: string;
  /** Size from the best price to this row, exact decimal text; empty when it could not be added exactly. */
  readonly cumulativeSize: string;
  /** Which column was picked. */
  readonly field: 'price' | 'size' | 'total' | 'notional';
  /** Whether the row stands for several prices. */
  readonly grouped: boolean;
  /** Sequence of the book that was painted. */
  readonly sequence: number;
  /** How old those numbers were at that moment, in milliseconds. */
  readonly ageMs: number;
}

/** A level was picked by pointer or keyboard. Bubbles and crosses shadow roots, so that a ticket on the page can hear it. */
export class LevelSelectEvent extends Event implements LevelPick {
  static readonly eventName = 'level-select';
  readonly symbol: string;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly cumulativeSize: string;
  readonly field: LevelPick['field'];
  readonly grouped: boolean;
  readonly sequence: number;
  readonly ageMs: number;

  constructor(
    pick: LevelPick,
    /** The feed of the book; undefined where the page hands the levels in. */
    readonly stream?: MarketStream,
  ) {
    super(LevelSelectEvent.eventName, { bubbles: true, composed: true });
    this.symbol = pick.symbol;
    this.side = pick.side;
    this.price = pick.price;
    this.size = pick.size;
    this.cumulativeSize = pick.cumulativeSize;
    this.field = pick.field;
    this.grouped = pick.grouped;
    this.sequence = pick.sequence;
    this.ageMs = pick.ageMs;
  }
}

/** The user chose another grouping; the page may want to remember it. */
export class GroupingChangeEvent extends Event {
  static readonly eventName = 'grouping-change';

  constructor(
    /** Bucket width as price text; empty for none. */
    readonly grouping: string,
  ) {
    super(GroupingChangeEvent.eventName, { bubbles: true, composed: true });
  }
}
