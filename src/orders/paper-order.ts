/** A paper order: its terms as they hold, what has filled, what that cost, and what it has bound for the rest. */
import {
  ZERO,
  add,
  compare,
  divideDown,
  formatDecimal,
  isZero,
  multiply,
  parseDecimal,
  roundUp,
  subtract,
} from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';
import type { Asset } from './account.js';
import { buffered, dearerRateOf, feeRateOf, makerRateOf } from './estimate.js';
import { minorDecimals } from './money.js';
import type { Mark, OrderChange, OrderFacts, OrderReason, OrderRequest, VenueState } from './order.js';
import type { PaperTerms } from './paper-check.js';

/** Decimals of an average beyond those of the prices it is made of. */
const AVERAGE_SCALE = 8;

export class PaperOrder {
  readonly request: OrderRequest;
  readonly orderId: string;
  /** Its place in time among all paper orders; a change may put it last. */
  rank: number;
  readonly currency: string;
  readonly cash: Asset;
  readonly position: Asset;
  quantity: Decimal;
  limit: Decimal | undefined;
  stop: Decimal | undefined;
  filled = ZERO;
  /** What it traded for in all. */
  notional = ZERO;
  /** Bound now: money of a buy, pieces of a sale. */
  bound = ZERO;
  /** It has a stop that was not reached yet. */
  isWaiting: boolean;
  mark: Mark | undefined;
  readonly #changes: OrderChange[] = [];
  readonly #rates: { readonly taker: Decimal; readonly maker: Decimal; readonly dearer: Decimal };
  readonly #decimals: number;
  #feeDue = ZERO;
  #end: 'cancelled' | 'expired' | undefined;
  #reason: OrderReason | undefined;

  constructor(request: OrderRequest, number: number, terms: PaperTerms, instrument: Instrument, currency: string) {
    this.request = request;
    this.rank = number;
    this.orderId = `paper-${number}`;
    this.currency = currency;
    this.cash = `cash:${currency}`;
    this.position = `position:${request.symbol}`;
    this.quantity = terms.quantity;
    this.limit = terms.limit;
    this.stop = terms.stop;
    this.isWaiting = terms.stop !== undefined;
    this.#decimals = minorDecimals(currency);
    this.#rates = { taker: feeRateOf(instrument), maker: makerRateOf(instrument), dearer: dearerRateOf(instrument) };
  }

  get leaves(): Decimal {
    return this.isEnded ? ZERO : subtract(this.quantity, this.filled);
  }

  get isEnded(): boolean {
    return this.#end !== undefined || compare(this.filled, this.quantity) >= 0;
  }

  get status(): VenueState {
    if (this.#end !== undefined) return this.#end;
    if (this.isEnded) return 'filled';
    return isZero(this.filled) ? 'open' : 'partially_filled';
  }

  get revision(): number {
    return this.#changes.length;
  }

  changeOf(revision: number): OrderChange | undefined {
    return this.#changes[revision - 1];
  }

  /** Whether it may rest in the book once it is awake. */
  get mayRest(): boolean {
    const { timeInForce } = this.request;
    return this.limit !== undefined && timeInForce !== 'ioc' && timeInForce !== 'fok';
  }

  /** What must be bound for so many pieces more: never less than they can come to, at the worst. */
  boundFor(leaves: Decimal, limit = this.limit, stop = this.stop): Decimal {
    if (this.request.side === 'sell') return leaves;
    const unit = limit ?? (this.isWaiting && stop ? buffered(stop) : ZERO);
    const rest = multiply(leaves, unit);
    const most = compare(this.#rates.dearer, ZERO) > 0 ? this.#rates.dearer : ZERO;
    const feeAfter = this.#round(add(this.#feeDue, multiply(rest, most)));
    return add(rest, subtract(feeAfter, this.#round(this.#feeDue)));
  }

  /** Books a trade and returns its fee: what is due on all trades is rounded up once, not trade by trade. */
  trade(price: Decimal, quantity: Decimal, isTaker: boolean): Decimal {
    const before = this.#fee();
    const notional = multiply(price, quantity);
    this.filled = add(this.filled, quantity);
    this.notional = add(this.notional, notional);
    this.#feeDue = add(this.#feeDue, multiply(notional, isTaker ? this.#rates.taker : this.#rates.maker));
    return subtract(this.#fee(), before);
  }

  /** The fee of a trade that is not made yet. */
  feeOf(notional: Decimal): Decimal {
    return this.#round(multiply(notional, this.#rates.taker));
  }

  change(change: OrderChange, { quantity, limit, stop }: PaperTerms): void {
    this.#changes.push(change);
    this.quantity = quantity;
    this.limit = limit;
    this.stop = stop;
  }

  end(as: 'cancelled' | 'expired', code: string): void {
    this.#end = as;
    this.#reason = { code, message: WORDS[code] ?? '', by: 'venue' };
  }

  facts(mark = this.mark): OrderFacts {
    const { status, orderId, filled, leaves, quantity, revision } = this;
    const { limitPrice, stopPrice } = this.#changes.at(-1) ?? this.request;
    return {
      ...{ status, orderId, filled, leaves, quantity, limitPrice, stopPrice, revision },
      ...(isZero(filled) ? {} : { averagePrice: trimmed(divideDown(this.notional, filled, AVERAGE_SCALE)) }),
      ...(this.#reason ? { reason: this.#reason } : {}),
      ...(mark ? { mark } : {}),
    };
  }

  /** A sale never costs more than it brought. */
  #fee(): Decimal {
    const due = this.#round(this.#feeDue);
    return this.request.side === 'sell' && compare(due, this.notional) > 0 ? this.notional : due;
  }

  #round(fee: Decimal): Decimal {
    return roundUp(fee, this.#decimals);
  }
}

/** Ends that a ticket has no words for. */
const WORDS: Readonly<Record<string, string>> = {
  fok: 'not all of it could be filled at once',
  insufficient_funds: 'when its trigger was reached there was not enough money',
};

const trimmed = (value: Decimal): Decimal => parseDecimal(formatDecimal(value)) ?? value;
