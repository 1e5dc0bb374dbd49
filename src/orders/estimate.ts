/**
 * What an order would do and cost if the book stood still: how much fills now, how much rests, the fee, the total. It walks the
 * raw levels of the opposite side. What the book does not show is never taken for granted: a market order that
 * runs out of visible levels has no total.
 */
import {
  ZERO,
  add,
  compare,
  divideDown,
  fromUnits,
  isZero,
  multiply,
  parseDecimal,
  roundDown,
  roundUp,
  subtract,
} from '../book/decimal.js';
import type { BookView } from '../book/book.js';
import type { Decimal } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';
import { walkBook } from '../book/walk.js';
import type { ReservationTerms } from './ledger.js';
import { minorDecimals } from './money.js';
import type { OrderSide, OrderType } from './order.js';

/** Room for the price to move between the estimate and the venue, as a share: what a market or stop buy holds back on top. */
export const MARKET_BUFFER: Decimal = { units: 2n, scale: 2 };

const ONE: Decimal = { units: 1n, scale: 0 };
const TWO: Decimal = { units: 2n, scale: 0 };
/** Decimals of an average price and of a share. */
const RATIO_SCALE = 8;

export interface EstimateInput {
  readonly side: OrderSide;
  readonly orderType: OrderType;
  readonly quantity: Decimal;
  readonly limitPrice: Decimal | undefined;
  readonly stopPrice: Decimal | undefined;
}

export interface Estimate {
  /** Pieces that would trade at once against what the book shows. */
  readonly fillsNow: Decimal;
  /** Pieces that would rest at the limit or wait for the trigger. */
  readonly rests: Decimal;
  /** Where they would rest or be triggered. */
  readonly restsAt: Decimal | undefined;
  /** Average price of what fills now, rounded against the one who orders. */
  readonly average: Decimal | undefined;
  /** The worst price of what fills now. */
  readonly worst: Decimal | undefined;
  /** The taker's fee on everything, in the quoted currency: a maker pays that or less. */
  readonly fee: Decimal;
  /** A buy costs about so much with fee (rounded up), a sale brings so much after it (rounded down). */
  readonly total: Decimal | undefined;
  /** How much worse than the mid the average is, as a share; undefined when nothing fills now or a side is empty. */
  readonly slippage: Decimal | undefined;
  /** A market order wants more than the levels that are shown. */
  readonly exceedsVisible: boolean;
}

/** The estimate, or undefined while a number that the order type needs is missing, or there is no book to walk. */
export function estimateOrder(
  input: EstimateInput,
  book: BookView | undefined,
  instrument: Instrument | undefined,
): Estimate | undefined {
  const { side, orderType, quantity, limitPrice, stopPrice } = input;
  const waits = orderType === 'stop' || orderType === 'stop_limit';
  const restsAt = orderType === 'stop' ? stopPrice : limitPrice;
  if (orderType !== 'market' && restsAt === undefined) return undefined;
  if (waits && stopPrice === undefined) return undefined;
  if (!waits && book === undefined) return undefined;

  const opposite = side === 'buy' ? book?.asks : book?.bids;
  const walk = waits || !book || !opposite ? undefined : walkBook(opposite, book, quantity, limitPrice);
  const fillsNow = walk?.filled ?? ZERO;
  const rests = orderType === 'market' ? ZERO : subtract(quantity, fillsNow);
  const exceedsVisible = orderType === 'market' && compare(fillsNow, quantity) < 0;
  const average = side === 'buy' ? walk?.averageUp : walk?.averageDown;

  const notional = add(walk?.notional ?? ZERO, multiply(rests, restsAt ?? ZERO));
  const round = side === 'buy' ? roundUp : roundDown;
  const decimals = minorDecimals(instrument?.currency);
  const fee = roundUp(multiply(notional, feeRateOf(instrument)), decimals);
  const total = round(side === 'buy' ? add(notional, fee) : subtract(notional, fee), decimals);
  return {
    fillsNow,
    rests,
    restsAt: isZero(rests) ? undefined : restsAt,
    average,
    worst: walk?.worst,
    fee,
    total: exceedsVisible ? undefined : total,
    slippage: average && slippageOf(side, average, book),
    exceedsVisible,
  };
}

/**
 * What the order must hold back until it is done, at the worst it may come to: a limit at its limit, a market order at the worst
 * price of its walk and a stop at its trigger, these two with `MARKET_BUFFER`. Undefined when that cannot be told.
 */
export function reservationTerms(
  input: EstimateInput & { readonly symbol: string },
  estimate: Estimate | undefined,
  instrument: Instrument | undefined,
): ReservationTerms | undefined {
  const feeRate = feeRateOf(instrument);
  if (input.side === 'sell') {
    return { asset: `position:${input.symbol}`, unit: ONE, feeRate: ZERO, decimals: input.quantity.scale };
  }
  if (instrument?.currency === undefined) return undefined;
  const unit =
    input.limitPrice ??
    (input.orderType === 'stop'
      ? buffered(input.stopPrice)
      : estimate?.exceedsVisible
        ? undefined
        : buffered(estimate?.worst));
  if (unit === undefined) return undefined;
  return { asset: `cash:${instrument.currency}`, unit, feeRate, decimals: minorDecimals(instrument.currency) };
}

/** The taker's fee as a share; 0 when the instrument names none. */
export function feeRateOf(instrument: Instrument | undefined): Decimal {
  return (instrument?.takerFee === undefined ? undefined : parseDecimal(instrument.takerFee)) ?? ZERO;
}

const buffered = (price: Decimal | undefined): Decimal | undefined => price && multiply(price, add(ONE, MARKET_BUFFER));

function slippageOf(side: OrderSide, average: Decimal, book: BookView | undefined): Decimal | undefined {
  const twiceMid = book && twiceMidOf(book);
  if (twiceMid === undefined || compare(twiceMid, ZERO) <= 0) return undefined;
  const distance = subtract(multiply(average, TWO), twiceMid);
  return divideDown(side === 'buy' ? distance : subtract(ZERO, distance), twiceMid, RATIO_SCALE);
}

function twiceMidOf(book: BookView): Decimal | undefined {
  const bid = touchOf(book, 'bids');
  const ask = touchOf(book, 'asks');
  return bid && ask && add(bid, ask);
}

/** The best price of a side, or undefined when it is empty or not known that far. */
export function touchOf(book: BookView | undefined, side: 'bids' | 'asks'): Decimal | undefined {
  const view = book?.[side];
  return book && view && view.knownLength > 0 ? fromUnits(view.priceAt(0), book.priceScale) : undefined;
}
