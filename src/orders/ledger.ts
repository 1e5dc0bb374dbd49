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

/** What one ledger knows. One that was joined to another has that one's from then on. */
interface Books {
  readonly accounts: Map<string, Map<string, Entry>>;
  /** By page. */
  readonly foreign: Map<string, Foreign>;
  readonly ownListeners: Set<() => void>;
  readonly foreignListeners: Set<() => void>;
  joinedTo: Books | undefined;
}

export class ReservationLedger {
  readonly #books: Books = {
    accounts: new Map(),
    foreign: new Map(),
    ownListeners: new Set(),
    foreignListeners: new Set(),
    joinedTo: undefined,
  };
  readonly #now: () => number;

  /** `now` ends what other pages hold back; default: it never ends by itself. */
  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  get #live(): Books {
    let books = this.#books;
    while (books.joinedTo !== undefined) books = books.joinedTo;
    return books;
  }

  /** Makes the two one, for good: what either holds back counts in both. */
  join(other: ReservationLedger): void {
    const kept = this.#live;
    const gone = other.#live;
    if (kept === gone) return;
    for (const [account, entries] of gone.accounts) {
      const own = kept.accounts.get(account);
      if (own === undefined) kept.accounts.set(account, entries);
      else for (const [key, entry] of entries) own.set(key, entry);
    }
    for (const [page, foreign] of gone.foreign) if (!kept.foreign.has(page)) kept.foreign.set(page, foreign);
    for (const listener of gone.ownListeners) kept.ownListeners.add(listener);
    for (const listener of gone.foreignListeners) kept.foreignListeners.add(listener);
    gone.joinedTo = kept;
    for (const listener of [...kept.ownListeners, ...kept.foreignListeners]) listener();
  }

  /**
   * Holds this amount back for one order, in place of what it held before; zero frees it. `isReflected` says that the
   * balance that the venue reports has this order taken off already.
   */
  hold(account: string, clientOrderId: string, asset: Asset, amount: Decimal, isReflected: boolean): void {
    const { accounts, ownListeners } = this.#live;
    let entries = accounts.get(account);
    const before = entries?.get(clientOrderId);
    if (isZero(amount)) {
      if (before === undefined) return;
      entries?.delete(clientOrderId);
    } else {
      if (before && before.isReflected === isReflected && compare(before.amount, amount) === 0) return;
      if (entries === undefined) accounts.set(account, (entries = new Map()));
      entries.set(clientOrderId, { asset, amount, isReflected });
    }
    for (const listener of [...ownListeners]) listener();
  }

  isHeld(account: string, clientOrderId: string): boolean {
    return this.#live.accounts.get(account)?.has(clientOrderId) === true;
  }

  /** Counts what another page holds back until that time, in place of what it held before. */
  holdForeign(page: string, held: readonly Held[], until: number): void {
    const { foreign, foreignListeners } = this.#live;
    if (held.length > 0) foreign.set(page, { held, until });
    else if (!foreign.delete(page)) return;
    for (const listener of [...foreignListeners]) listener();
  }

  /** What orders of this page hold back. */
  get held(): readonly Held[] {
    return [...this.#live.accounts].flatMap(([account, entries]) =>
      [...entries].map(([key, entry]) => ({ account, key, ...entry })),
    );
  }

  /** Calls after every change of what this page holds back, until the returned function is called. */
  watchOwn(listener: () => void): () => void {
    this.#live.ownListeners.add(listener);
    return () => void this.#live.ownListeners.delete(listener);
  }

  /** Calls after every change of what other pages hold back, until the returned function is called. */
  watchForeign(listener: () => void): () => void {
    this.#live.foreignListeners.add(listener);
    return () => void this.#live.foreignListeners.delete(listener);
  }

  /** The sum held back of an asset. `balanceExcludesOpenOrders` leaves out what the balance has taken off already. */
  reserved(account: string, asset: Asset, balanceExcludesOpenOrders: boolean): Decimal {
    const { accounts, foreign } = this.#live;
    const own = accounts.get(account);
    const isCounted = (entry: Entry): boolean =>
      entry.asset === asset && !(balanceExcludesOpenOrders && entry.isReflected);
    let sum = ZERO;
    for (const entry of own?.values() ?? []) if (isCounted(entry)) sum = add(sum, entry.amount);
    // An order that several pages tell of counts once, at the most that one of them says.
    const most = new Map<string, Decimal>();
    for (const [page, { held, until }] of foreign) {
      if (until < this.#now()) foreign.delete(page);
      else
        for (const entry of held) {
          if (entry.account !== account || own?.has(entry.key) === true || !isCounted(entry)) continue;
          const known = most.get(entry.key);
          if (known === undefined || compare(known, entry.amount) < 0) most.set(entry.key, entry.amount);
        }
    }
    for (const amount of most.values()) sum = add(sum, amount);
    return sum;
  }
}

const ledgers = new WeakMap<object, ReservationLedger>();

/**
 * The ledger of everything that orders over one of these (streams, gateways), made when first asked for. Where each had one of
 * its own they are made one: two gateways on one stream spend the same money, and so do two streams with one gateway.
 */
export function ledgerFor(...owners: readonly object[]): ReservationLedger {
  const known = owners.flatMap((owner) => ledgers.get(owner) ?? []);
  const [ledger = new ReservationLedger(Date.now), ...rest] = known;
  for (const other of rest) ledger.join(other);
  for (const owner of owners) if (!ledgers.has(owner)) ledgers.set(owner, ledger);
  return ledger;
}
