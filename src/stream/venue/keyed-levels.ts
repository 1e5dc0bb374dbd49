/**
 * Levels known by a key: what venues that say "insert", "update" and "delete" leave to check. An insert of a known
 * level and a change of an unknown one mean that a message was lost.
 */
import type { LevelText } from '../../book/book.js';

/** One row of a message, not yet applied. */
export interface KeyedRow {
  readonly key: string;
  readonly isBid: boolean;
  /** Undefined where the venue leaves it out because the key says it. */
  readonly price: string | undefined;
  /** `0` for a removal. */
  readonly size: string;
}

export interface KeyedSides {
  readonly bids: LevelText[];
  readonly asks: LevelText[];
}

export class KeyedLevels {
  /** Key to price text. */
  readonly #prices = new Map<string, string>();

  /** Applies rows of one action to the keys and adds their levels to `into`. Returns what is wrong, if anything is. */
  apply(action: 'insert' | 'update' | 'delete', rows: readonly KeyedRow[], into: KeyedSides): string | undefined {
    for (const row of rows) {
      const known = this.#prices.get(row.key);
      if (action === 'insert' && known !== undefined) return `insert of ${row.key}, which is there`;
      if (action !== 'insert' && known === undefined) return `${action} of ${row.key}, which is not there`;
      const price = row.price ?? known;
      if (price === undefined) return `${action} of ${row.key} without a price`;
      if (action === 'delete') this.#prices.delete(row.key);
      else this.#prices.set(row.key, price);
      (row.isBid ? into.bids : into.asks).push([price, row.size]);
    }
    return undefined;
  }
}
