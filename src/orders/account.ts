/**
 * What an account holds: absolute values, as last told. They are a help to the person who orders; the venue's own check is the rule.
 */
import { ZERO, parseDecimal } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Mark } from './order.js';

/** Money in one currency, or pieces of one symbol. */
export type Asset = `cash:${string}` | `position:${string}`;

export const isAsset = (value: unknown): value is Asset => typeof value === 'string' && /^(cash|position):/.test(value);

/** New absolute values of some assets. `isWhole` replaces everything known before. */
export interface AccountUpdate {
  readonly isWhole: boolean;
  readonly available: ReadonlyMap<Asset, Decimal>;
  readonly mark?: Mark;
}

/** Balances as a page hands them to the ticket: exact decimal text by currency and by symbol. */
export interface PageBalances {
  /** Money that may be spent, by currency: `{KES: '50000.00'}`. */
  readonly cash?: Readonly<Record<string, string>>;
  /** Pieces that may be sold, by symbol: `{SCOM: '300'}`. */
  readonly positions?: Readonly<Record<string, string>>;
  /** Whether open orders have been taken off already. Default false: the ticket takes them off. */
  readonly excludesOpenOrders?: boolean;
}

/** Reads a page's balances; what is no decimal is left out and named in `refused`. */
export function readPageBalances(balances: PageBalances): { available: Map<Asset, Decimal>; refused: string[] } {
  const available = new Map<Asset, Decimal>();
  const refused: string[] = [];
  const read = (kind: 'cash' | 'position', entries: Readonly<Record<string, string>> | undefined): void => {
    for (const [name, text] of Object.entries(entries ?? {})) {
      const value = parseDecimal(text);
      if (value === undefined) refused.push(`${kind} ${name}: ${text}`);
      else available.set(`${kind}:${name}`, value);
    }
  };
  read('cash', balances.cash);
  read('position', balances.positions);
  return { available, refused };
}

/** The last known values of one account. */
export class AccountState {
  readonly #available = new Map<Asset, Decimal>();
  #mark: Mark | undefined;
  #isKnown = false;
  #isWhole = false;

  /** Where in the private stream these values stand. */
  get mark(): Mark | undefined {
    return this.#mark;
  }

  /** Whether the account has ever been told. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Takes new values. Those of an older mark are dropped: absolute values never go back in time. */
  apply(update: AccountUpdate): 'applied' | 'late' {
    const { mark } = update;
    if (
      mark !== undefined &&
      this.#mark?.epoch === mark.epoch &&
      mark.sequence <= this.#mark.sequence &&
      !update.isWhole
    ) {
      return 'late';
    }
    if (update.isWhole) this.#available.clear();
    for (const [asset, amount] of update.available) this.#available.set(asset, amount);
    this.#mark = mark;
    this.#isKnown = true;
    this.#isWhole ||= update.isWhole;
    return 'applied';
  }

  /** What may be spent or sold; undefined when nothing is known of it. What a whole account does not list, it does not hold. */
  available(asset: Asset): Decimal | undefined {
    return this.#available.get(asset) ?? (this.#isWhole ? ZERO : undefined);
  }
}
