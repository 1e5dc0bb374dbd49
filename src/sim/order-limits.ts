/** What an instrument offers and allows of an order whose form and prices are good: kinds of it, and how large it may be. */
import { compare, type Decimal, fromUnits, multiply, parseDecimal, toUnits } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';
import type { OrderRequest, Rejection } from './desk-types.js';
import { PRICE_SCALE } from './instruments.js';
import { isWholeLots, type Listing } from './listing.js';
import type { OrderTerms } from './order.js';
import { reject } from './order-rejection.js';

type Limit = 'minQuantity' | 'maxQuantity' | 'minNotional' | 'maxNotional' | 'icebergMinShare';

export class OrderLimits {
  readonly #instrument: Instrument;
  readonly #limits: ReadonlyMap<Limit, Decimal>;

  /** Throws a TypeError when a limit of the instrument is no decimal. */
  constructor({ instrument }: Listing) {
    this.#instrument = instrument;
    const names: readonly Limit[] = ['minQuantity', 'maxQuantity', 'minNotional', 'maxNotional', 'icebergMinShare'];
    this.#limits = new Map(
      names.flatMap((name) => {
        const text = instrument[name];
        if (text === undefined) return [];
        const value = parseDecimal(text);
        if (value === undefined) throw new TypeError(`${instrument.symbol}: ${name} must be a decimal`);
        return [[name, value] as const];
      }),
    );
  }

  /** The rule that is broken, if any. */
  broken(request: OrderRequest, terms: OrderTerms): Rejection | undefined {
    return this.#brokenSize(terms) ?? this.#brokenPostOnly(request) ?? this.#brokenIceberg(request, terms);
  }

  /** A notional is counted at the limit, at the stop where there is none, and for a market order at the worst price of the book. */
  #brokenSize({ type, quantity, limit, stop }: OrderTerms): Rejection | undefined {
    const size = fromUnits(quantity, 0);
    const notional = multiply(size, fromUnits(type === 'stop' ? (stop ?? limit) : limit, PRICE_SCALE));
    const name =
      this.#isBelow(size, 'minQuantity') ??
      this.#isAbove(size, 'maxQuantity') ??
      this.#isBelow(notional, 'minNotional') ??
      this.#isAbove(notional, 'maxNotional');
    if (name === undefined) return undefined;
    return reject('bad_quantity', `The order is beyond the ${name} of ${this.#instrument.symbol}.`, {
      [name]: this.#instrument[name],
    });
  }

  #brokenPostOnly({ postOnly, orderType, timeInForce }: OrderRequest): Rejection | undefined {
    if (postOnly !== true || (this.#instrument.postOnly === true && isPassive(orderType, timeInForce)))
      return undefined;
    return reject('not_permitted', 'This order cannot be postOnly.', { field: 'postOnly' });
  }

  #brokenIceberg(
    { displayQuantity, orderType, timeInForce }: OrderRequest,
    { quantity }: OrderTerms,
  ): Rejection | undefined {
    if (displayQuantity === undefined) return undefined;
    const share = this.#limits.get('icebergMinShare');
    if (share === undefined || !isPassive(orderType, timeInForce)) {
      return reject('not_permitted', 'This order cannot show a part of itself.', { field: 'displayQuantity' });
    }
    const shown = toUnits(displayQuantity, 0);
    const least = multiply(fromUnits(quantity, 0), share);
    if (shown > 0 && isWholeLots(shown) && compare(fromUnits(shown, 0), least) >= 0) return undefined;
    const { lotSize, icebergMinShare } = this.#instrument;
    const message = `The displayQuantity is no whole number of lots of ${lotSize}, or below ${icebergMinShare} of the order.`;
    return reject('bad_quantity', message, { field: 'displayQuantity', lotSize, icebergMinShare });
  }

  #isBelow<Name extends Limit>(value: Decimal, name: Name): Name | undefined {
    const limit = this.#limits.get(name);
    return limit !== undefined && compare(value, limit) < 0 ? name : undefined;
  }

  #isAbove<Name extends Limit>(value: Decimal, name: Name): Name | undefined {
    const limit = this.#limits.get(name);
    return limit !== undefined && compare(value, limit) > 0 ? name : undefined;
  }
}

/** Whether it can rest in the book and does nothing else. */
const isPassive = (type: OrderRequest['orderType'], timeInForce: OrderRequest['timeInForce']): boolean =>
  type === 'limit' && (timeInForce === 'day' || timeInForce === 'gtc');
