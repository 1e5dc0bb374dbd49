/** What a paper account has: money by currency and pieces by symbol, and how much of each its orders have bound. Exact. */
import { ZERO, add, compare, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Asset } from './account.js';

export class PaperAccount {
  readonly #total: Map<Asset, Decimal>;
  readonly #bound = new Map<Asset, Decimal>();

  constructor(opening: ReadonlyMap<Asset, Decimal>) {
    this.#total = new Map(opening);
  }

  /** What may be spent or sold: what is there less what is bound. */
  available(asset: Asset): Decimal {
    return subtract(this.#total.get(asset) ?? ZERO, this.#bound.get(asset) ?? ZERO);
  }

  has(asset: Asset, amount: Decimal): boolean {
    return compare(this.available(asset), amount) >= 0;
  }

  /** Whether anything is known of this asset. */
  knows(asset: Asset): boolean {
    return this.#total.has(asset);
  }

  add(asset: Asset, amount: Decimal): void {
    this.#total.set(asset, add(this.#total.get(asset) ?? ZERO, amount));
  }

  bind(asset: Asset, amount: Decimal): void {
    this.#bound.set(asset, add(this.#bound.get(asset) ?? ZERO, amount));
  }

  /** What is available of these assets; of all where none are named. */
  holdings(assets: Iterable<Asset> = this.#total.keys()): Map<Asset, Decimal> {
    return new Map([...assets].map((asset) => [asset, this.available(asset)]));
  }
}
