/**
 * What orders hold back: money of buys, pieces of sells, for every order that is in flight, unknown or working, and for what
 * has filled until the balance shows it. One ledger a stream, so that two tickets on a page cannot spend the same shilling.
 */
import { ZERO, add, compare, isZero, multiply, roundUp } from '../book/decimal.js';
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
  /** Whether the balance that the venue reports has it taken off already. */
  readonly isReflected: boolean;
}

/** What one order holds back, as other pages are told. */
export interface Held extends Entry {
  readonly account: string;
  /** The order, or the change of one. */
  readonly key: string;
}

interface Foreign {
  readonly held: readonly Held[];
  readonly until: number;
}

export class ReservationLedger {
  readonly #accounts = new Map<string, Map<string, Entry>>();
  /** By page. */
  readonly #foreign = new Map<string, Foreign>();
  readonly #ownListeners = new Set<() => void>();
  readonly #foreignListeners = new Set<() => void>();
  readonly #now: () => number;

  /** `now` ends what other pages hold back; default: it never ends by itself. */
  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /**
   * Holds this amount back for one order, in place of what it held before; zero frees it. `isReflected` says that the
   * balance that the venue reports has this order taken off already.
   */
  hold(account: string, clientOrderId: string, asset: Asset, amount: Decimal, isReflected: boolean): void {
    let entries = this.#accounts.get(account);
    const before = entries?.get(clientOrderId);
    if (isZero(amount)) {
      if (before === undefined) return;
      entries?.delete(clientOrderId);
    } else {
      if (before && before.isReflected === isReflected && compare(before.amount, amount) === 0) return;
      if (entries === undefined) this.#accounts.set(account, (entries = new Map()));
      entries.set(clientOrderId, { asset, amount, isReflected });
    }
    for (const listener of [...this.#ownListeners]) listener();
  }

  isHeld(account: string, clientOrderId: string): boolean {
    return this.#accounts.get(account)?.has(clientOrderId) === true;
  }

  /** Counts what another page holds back until that time, in place of what it held before. */
  holdForeign(page: string, held: readonly Held[], until: number): void {
    if (held.length > 0) this.#foreign.set(page, { held, until });
    else if (!this.#foreign.delete(page)) return;
    for (const listener of [...this.#foreignListeners]) listener();
  }

  /** What orders of this page hold back. */
  get held(): readonly Held[] {
    return [...this.#accounts].flatMap(([account, entries]) =>
      [...entries].map(([key, entry]) => ({ account, key, ...entry })),
    );
  }

  /** Calls after every change of what this page holds back, until the returned function is called. */
  watchOwn(listener: () => void): () => void {
    this.#ownListeners.add(listener);
    return () => void this.#ownListeners.delete(listener);
  }

  /** Calls after every change of what other pages hold back, until the returned function is called. */
  watchForeign(listener: () => void): () => void {
    this.#foreignListeners.add(listener);
    return () => void this.#foreignListeners.delete(listener);
  }

  /** The sum held back of an asset. `balanceExcludesOpenOrders` leaves out what the balance has taken off already. */
  reserved(account: string, asset: Asset, balanceExcludesOpenOrders: boolean): Decimal {
    const own = this.#accounts.get(account);
    let sum = ZERO;
    const count = (entry: Entry): void => {
      if (entry.asset === asset && !(balanceExcludesOpenOrders && entry.isReflected)) sum = add(sum, entry.amount);
    };
    for (const entry of own?.values() ?? []) count(entry);
    for (const [page, { held, until }] of this.#foreign) {
      if (until < this.#now()) this.#foreign.delete(page);
      else for (const entry of held) if (entry.account === account && own?.has(entry.key) !== true) count(entry);
    }
    return sum;
  }
}

const ledgers = new WeakMap<object, ReservationLedger>();

/** The ledger of everything that orders over this stream (or gateway), made when first asked for. */
export function ledgerFor(owner: object): ReservationLedger {
  let ledger = ledgers.get(owner);
  if (ledger === undefined) ledgers.set(owner, (ledger = new ReservationLedger(Date.now)));
  return ledger;
}
