/**
 * What a client owns: cash in cents, shares, and how much of both is bound by working orders. All of it exact; nothing
 * ever falls below zero, and nothing is bound that is not there. Breaking that is our own mistake and throws.
 */
import { divideDown, formatDecimal, fromUnits } from '../book/decimal.js';
import type { AccountRecord } from './act.js';
import { CURRENCY, PRICE_SCALE } from './instruments.js';

export interface BalanceText {
  readonly currency: string;
  readonly total: string;
  readonly available: string;
  readonly reserved: string;
}

export interface PositionText {
  readonly symbol: string;
  readonly quantity: string;
  readonly available: string;
  readonly averageCost: string;
}

interface Holding {
  quantity: number;
  reserved: number;
  /** What the shares cost, fees apart, in cents. */
  cost: bigint;
}

export class Account {
  readonly name: string;
  #cash: bigint;
  #reservedCash = 0n;
  readonly #holdings = new Map<string, Holding>();
  /** Symbols whose holding is not yet in a journal as it is. */
  readonly #changed = new Set<string>();

  constructor(name: string, openingCash: bigint) {
    this.name = name;
    this.#cash = openingCash;
  }

  /** Cents, the reserved included. */
  get cash(): bigint {
    return this.#cash;
  }

  /** Cents that no order binds. */
  get availableCash(): bigint {
    return this.#cash - this.#reservedCash;
  }

  sharesOf(symbol: string): number {
    return this.#holdings.get(symbol)?.quantity ?? 0;
  }

  availableSharesOf(symbol: string): number {
    const holding = this.#holdings.get(symbol);
    return holding === undefined ? 0 : holding.quantity - holding.reserved;
  }

  /** Binds cash, or frees it with a negative amount. */
  reserveCash(cents: bigint): void {
    this.#reservedCash += cents;
    this.#check();
  }

  /** Binds shares, or frees them with a negative number. */
  reserveShares(symbol: string, quantity: number): void {
    const holding = this.#holding(symbol);
    holding.reserved += quantity;
    this.#checkHolding(symbol, holding);
  }

  /** Shares come in, for `cost` cents without the fee. */
  receive(symbol: string, quantity: number, cost: bigint): void {
    const holding = this.#holding(symbol);
    holding.quantity += quantity;
    holding.cost += cost;
    this.#changed.add(symbol);
  }

  /** Shares go out; what the rest cost on average stays as it was, to the cent below. */
  deliver(symbol: string, quantity: number): void {
    const holding = this.#holding(symbol);
    const left = holding.quantity - quantity;
    holding.cost = left === 0 ? 0n : (holding.cost * BigInt(left)) / BigInt(holding.quantity);
    holding.quantity = left;
    this.#changed.add(symbol);
    this.#checkHolding(symbol, holding);
  }

  /** Cash comes in, or goes out with a negative amount. */
  credit(cents: bigint): void {
    this.#cash += cents;
    this.#check();
  }

  /** Whether it ever held shares of a symbol. */
  knows(symbol: string): boolean {
    return this.#holdings.has(symbol);
  }

  /** Cash, and the holdings that changed since the last time. */
  takeChanges(): Pick<AccountRecord, 'cash' | 'holdings'> {
    const holdings = Object.fromEntries(
      [...this.#changed].map((symbol) => {
        const { quantity, cost } = this.#holding(symbol);
        return [symbol, [quantity, String(cost)] as const];
      }),
    );
    this.#changed.clear();
    return { cash: String(this.#cash), holdings };
  }

  /** Sets what it owns; what is bound is bound again by whoever binds it. */
  restore({ cash, holdings }: Pick<AccountRecord, 'cash' | 'holdings'>): void {
    this.#cash = BigInt(cash);
    for (const [symbol, [quantity, cost]] of Object.entries(holdings)) {
      const holding = this.#holding(symbol);
      holding.quantity = quantity;
      holding.cost = BigInt(cost);
    }
  }

  balances(): BalanceText[] {
    return [
      {
        currency: CURRENCY,
        total: moneyText(this.#cash),
        available: moneyText(this.availableCash),
        reserved: moneyText(this.#reservedCash),
      },
    ];
  }

  /** Every position that is not empty, or only the given one, even when it is. */
  positions(only?: string): PositionText[] {
    if (only !== undefined) return [positionText(only, this.#holding(only))];
    return [...this.#holdings]
      .filter(([, holding]) => holding.quantity > 0)
      .map(([symbol, h]) => positionText(symbol, h));
  }

  #holding(symbol: string): Holding {
    let holding = this.#holdings.get(symbol);
    if (holding === undefined) this.#holdings.set(symbol, (holding = { quantity: 0, reserved: 0, cost: 0n }));
    return holding;
  }

  #check(): void {
    if (this.#reservedCash < 0n || this.#reservedCash > this.#cash) {
      throw new Error(`account ${this.name}: ${this.#reservedCash} cents reserved of ${this.#cash}`);
    }
  }

  #checkHolding(symbol: string, { quantity, reserved }: Holding): void {
    if (reserved < 0 || reserved > quantity) {
      throw new Error(`account ${this.name}: ${reserved} ${symbol} reserved of ${quantity}`);
    }
  }
}

/** Exact text of an amount of cents. */
export const moneyText = (cents: bigint): string => formatDecimal({ units: cents, scale: PRICE_SCALE }, PRICE_SCALE);

/** `total / quantity` with up to four decimals, rounded down. */
export const averageText = (totalCents: bigint, quantity: number): string =>
  formatDecimal(divideDown({ units: totalCents, scale: PRICE_SCALE }, fromUnits(quantity, 0), 4), PRICE_SCALE);

const positionText = (symbol: string, { quantity, reserved, cost }: Holding): PositionText => ({
  symbol,
  quantity: String(quantity),
  available: String(quantity - reserved),
  averageCost: quantity === 0 ? '0.00' : averageText(cost, quantity),
});
