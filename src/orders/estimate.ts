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
import type { BookView, SideView } from '../book/book-view.js';
import type { Decimal } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';
import { walkBook } from '../book/walk.js';
import type { ReservationTerms } from './ledger.js';
import { minorDecimals } from './money.js';
import type { Order, OrderRequest, OrderSide, OrderType, TimeInForce } from './order.js';
import { othersIn } from './others.js';

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
  /** `ioc` and `fok` leave nothing resting. Default: what is left rests. */
  readonly timeInForce?: TimeInForce;
  /** Orders gather for an auction, so nothing fills at once. Default: no. */
  readonly isAuction?: boolean;
}

export interface Estimate {
  /** Pieces that would trade at once against what the book shows, own orders left out. */
  readonly filled: Decimal;
  /** What is left over: it rests, waits, is cancelled, or is beyond the visible book. */
  readonly unfilled: Decimal;
  /** Average price of what fills at once, rounded against the one who orders. */
  readonly vwap: Decimal | undefined;
  /** The worst price of what fills at once. */
  readonly worst: Decimal | undefined;
  /** Price times quantity of what fills at once, exact. */
  readonly notional: Decimal;
  /** The taker's fee on what fills at once or is triggered, the maker's on what rests, in the quoted currency. */
  readonly fee: Decimal;
  /** Levels that would be touched. */
  readonly levels: number;
  /** It may take more than the levels that are shown: nothing is known of the rest. */
  readonly exceedsVisible: boolean;
  /** How old the book is, in milliseconds; undefined where that was not told. */
  readonly ageMs: number | undefined;
  /** Pieces that would rest at the limit or wait for the trigger. */
  readonly rests: Decimal;
  /** Where they would rest or be triggered. */
  readonly restsAt: Decimal | undefined;
  /** A buy costs about so much with fee (rounded up), a sale brings so much after it (rounded down). */
  readonly total: Decimal | undefined;
  /** How much worse than the mid the average is, as a share; undefined when nothing fills now or a side is empty. */
  readonly slippage: Decimal | undefined;
}

/** What an estimate may know beyond the order and the book. */
export interface EstimateFacts {
  /** Orders of the same account and symbol: what they show in the book is not there for this one. */
  readonly own?: readonly Order[];
  readonly ageMs?: number | undefined;
}

/** The estimate, or undefined while a number that the order type needs is missing, or there is no book to walk. */
export function estimateOrder(
  input: EstimateInput,
  book: BookView | undefined,
  instrument: Instrument | undefined,
  { own = [], ageMs }: EstimateFacts = {},
): Estimate | undefined {
  const { side, orderType, quantity, limitPrice, stopPrice, timeInForce, isAuction = false } = input;
  const waits = isStop(orderType);
  const restPrice = orderType === 'stop' ? stopPrice : limitPrice;
  if (orderType !== 'market' && restPrice === undefined) return undefined;
  if (waits && stopPrice === undefined) return undefined;
  if (!waits && book === undefined) return undefined;

  const opposite = !waits && !isAuction && book ? oppositeOf(side, book, own) : undefined;
  const met = opposite && book && walkBook(opposite, book, quantity, limitPrice);
  // Where all of a side is known there is nothing beyond it that a limit could take.
  const isAllKnown = opposite !== undefined && Number.isNaN(opposite.horizon);
  const exceedsVisible = met?.exceedsVisible === true && (orderType === 'market' || !isAllKnown);
  // All or nothing, and not all is there.
  const isNothing = timeInForce === 'fok' && limitPrice && met && !isZero(met.unfilled) && !exceedsVisible;
  const walk = isNothing ? undefined : met;
  const filled = walk?.filled ?? ZERO;
  const unfilled = subtract(quantity, filled);
  const isKept = waits || (orderType === 'limit' && timeInForce !== 'ioc' && timeInForce !== 'fok');
  const rests = isKept ? unfilled : ZERO;
  const vwap = side === 'buy' ? walk?.averageUp : walk?.averageDown;

  const notional = walk?.notional ?? ZERO;
  const resting = multiply(rests, restPrice ?? ZERO);
  const decimals = minorDecimals(instrument?.currency);
  const restRate = waits ? feeRateOf(instrument) : exceedsVisible ? dearerRateOf(instrument) : makerRateOf(instrument);
  const fee = roundUp(add(multiply(notional, feeRateOf(instrument)), multiply(resting, restRate)), decimals);
  const whole = add(notional, resting);
  const total = side === 'buy' ? roundUp(add(whole, fee), decimals) : roundDown(subtract(whole, fee), decimals);
  return {
    ...{ filled, unfilled, vwap, worst: walk?.worst, notional, fee, levels: walk?.levels ?? 0, exceedsVisible, ageMs },
    rests,
    restsAt: isZero(rests) ? undefined : restPrice,
    total: exceedsVisible ? undefined : total,
    slippage: vwap && slippageOf(side, vwap, book),
  };
}

/** Price times quantity by which a venue counts an order: at its limit, at its trigger, or as the book stands. */
export function notionalOf(
  orderType: OrderType,
  order: Pick<EstimateInput, 'quantity' | 'limitPrice' | 'stopPrice'>,
  estimate: Pick<Estimate, 'notional'> | undefined,
): Decimal | undefined {
  const price = order.limitPrice ?? order.stopPrice;
  return orderType === 'market' ? estimate?.notional : price && multiply(order.quantity, price);
}

/** From so much slippage against the mid on, a market order is refused. */
export const SLIPPAGE_REFUSAL: Decimal = { units: 10n, scale: 2 };

/** Whether an order waits for its trigger. */
export const isStop = (orderType: OrderType): boolean => orderType === 'stop' || orderType === 'stop_limit';

/** The side that an order takes from, without its owner's orders. */
export const oppositeOf = (side: OrderSide, book: BookView, own: readonly Order[]): SideView =>
  othersIn(side === 'buy' ? book.asks : book.bids, book, own);

/**
 * What the order must hold back until it is done, at the worst it may come to: a limit at its limit, a market order at the worst
 * price of its walk and a stop at its trigger, these two with `MARKET_BUFFER`. Undefined when that cannot be told.
 */
export function reservationTerms(
  input: EstimateInput & { readonly symbol: string },
  estimate: Estimate | undefined,
  instrument: Instrument | undefined,
): ReservationTerms | undefined {
  const feeRate = dearerRateOf(instrument);
  if (input.side === 'sell') {
    return { asset: `position:${input.symbol}`, unit: ONE, feeRate: ZERO, decimals: input.quantity.scale };
  }
  if (instrument?.currency === undefined) return undefined;
  const open = input.orderType === 'stop' ? input.stopPrice : estimate?.exceedsVisible ? undefined : estimate?.worst;
  const unit = input.limitPrice ?? (open && buffered(open));
  if (unit === undefined) return undefined;
  return { asset: `cash:${instrument.currency}`, unit, feeRate, decimals: minorDecimals(instrument.currency) };
}

/** What an order that was placed elsewhere, or before a reload, holds back. */
export function termsOfPlaced(
  { side, orderType, symbol, ...texts }: OrderRequest,
  instrument: Instrument | undefined,
): ReservationTerms | undefined {
  const [quantity, limitPrice, stopPrice] = [texts.quantity, texts.limitPrice, texts.stopPrice].map((text) =>
    parseDecimal(text ?? ''),
  );
  return (
    quantity && reservationTerms({ side, orderType, symbol, quantity, limitPrice, stopPrice }, undefined, instrument)
  );
}

/** The taker's fee as a share; 0 when the instrument names none. */
export function feeRateOf(instrument: Instrument | undefined): Decimal {
  return (instrument?.takerFee === undefined ? undefined : parseDecimal(instrument.takerFee)) ?? ZERO;
}

/** The maker's fee as a share; the taker's when the instrument names none. */
export const makerRateOf = (instrument: Instrument | undefined): Decimal =>
  (instrument?.makerFee === undefined ? undefined : parseDecimal(instrument.makerFee)) ?? feeRateOf(instrument);

/** What to hold back by, whoever it will have been that took. */
export function dearerRateOf(instrument: Instrument | undefined): Decimal {
  const [taker, maker] = [feeRateOf(instrument), makerRateOf(instrument)];
  return compare(taker, maker) < 0 ? maker : taker;
}

/** What may have to be paid for a piece where no limit bounds it. */
export const buffered = (price: Decimal): Decimal => multiply(price, add(ONE, MARKET_BUFFER));

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
