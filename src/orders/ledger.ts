/**
 * What orders hold back: money of buys, pieces of sells, for every order that is in flight, unknown or working, and for what
 * has filled until the balance shows it. One ledger a stream, so that two tickets on a page cannot spend the same shilling.
 */
import { ZERO, add, isZero, multiply, roundUp } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Asset } from './account.js';

const ONE: Decimal = { units: 1n, scale: 0 };

/** How much of what one order holds back, fixed when it is submitted. */
export interface ReservationTerms {
  readonly asset: Asset;
  /** Held back for one piece, before the fee: the price that may have to be paid, or 1 for pieces. */
  readonly unit: Decimal;
  /** The fee as a share of the notional; 0 for pieces. */
  readonly feeRate: Decimal;
  /** Amounts are rounded up to so many decimals. */
  readonly decimals: number;
}

/** What `quantity` pieces hold back on these terms: never less than the venue may take. */
export function reservedBy(terms: ReservationTerms, quantity: Decimal): Decimal {
  return roundUp(multiply(multiply(quantity, terms.unit), add(ONE, terms.feeRate)), terms.decimals);
}

interface Entry {
  readonly asset: Asset;
  readonly amount: Decimal;
  readonly isReflected: boolean;
}

export class ReservationLedger {
  readonly #accounts = new Map<string, Map<string, Entry>>();

  /**
   * Holds this amount back for one order, in place of what it held before; zero frees it. `isReflected` says that the
   * balance that the venue reports has this order taken off already.
   */
  hold(account: string, clientOrderId: string, asset: Asset, amount: Decimal, isReflected: boolean): void {
    if (isZero(amount)) {
      this.#accounts.get(account)?.delete(clientOrderId);
      return;
    }
    let entries = this.#accounts.get(account);
    if (entries === undefined) this.#accounts.set(account, (entries = new Map()));
    entries.set(clientOrderId, { asset, amount, isReflected });
  }

  /** The sum held back of an asset. `balanceExcludesOpenOrders` leaves out what the balance has taken off already. */
  reserved(account: string, asset: Asset, balanceExcludesOpenOrders: boolean): Decimal {
    let sum = ZERO;
    for (const entry of this.#accounts.get(account)?.values() ?? []) {
      if (entry.asset === asset && !(balanceExcludesOpenOrders && entry.isReflected)) sum = add(sum, entry.amount);
    }
    return sum;
  }
}

const ledgers = new WeakMap<object, ReservationLedger>();

/** The ledger of everything that orders over this stream (or gateway), made when first asked for. */
export function ledgerFor(owner: object): ReservationLedger {
  let ledger = ledgers.get(owner);
  if (ledger === undefined) ledgers.set(owner, (ledger = new ReservationLedger()));
  return ledger;
}
