/**
 * What is known of a symbol before its first price: how it is counted, priced and traded.
 * All numbers are exact decimal text, as on the wire; `TickTable` and `Decimal` read them.
 */
export interface Instrument {
  /** The venue's spelling, e.g. `SCOM`. */
  readonly symbol: string;
  /** For people, e.g. `Safaricom PLC`. */
  readonly name?: string;
  /** ISO 4217 code or ticker that prices are quoted in, e.g. `KES`. */
  readonly currency?: string;
  /** Price bands, rising: from this price on, this tick. `[["0","0.01"],["5","0.02"]]`. */
  readonly tickTable?: readonly (readonly [from: string, tick: string])[];
  /** The one tick of an instrument without bands. A `tickTable` wins over it. */
  readonly tickSize?: string;
  /** The smallest step of a size. Default: any size that the wire sends. */
  readonly lotSize?: string;
  /** The day's lowest and highest price that an order may carry. */
  readonly priceBand?: readonly [low: string, high: string];
  /** The phase of trading. Default `continuous`. */
  readonly phase?: TradingPhase;
  /** Order types that may be placed. Default: all that the ticket knows. */
  readonly orderTypes?: readonly ('market' | 'limit' | 'stop' | 'stop_limit')[];
  /** Times in force that may be placed. */
  readonly timesInForce?: readonly ('day' | 'gtc' | 'ioc' | 'fok')[];
  /** The taker's fee as a share of the notional, e.g. `0.0012` for 0.12 %. */
  readonly takerFee?: string;
  /** The maker's fee, likewise. Where it is not told, a ticket counts the taker's. */
  readonly makerFee?: string;
  /** The smallest quantity of an order. Default: one lot. */
  readonly minQuantity?: string;
  /** The largest quantity of an order. Default: none. */
  readonly maxQuantity?: string;
  /** The smallest price times quantity of an order, in `currency`. Default: none. */
  readonly minNotional?: string;
  /** The largest price times quantity of an order, in `currency`. Default: none. */
  readonly maxNotional?: string;
  /** Whether orders may be placed that only ever add to the book. Default: no. */
  readonly postOnly?: boolean;
  /** The smallest share of a quantity that an iceberg order must show, e.g. `0.25`. Default: no icebergs. */
  readonly icebergMinShare?: string;
  /** Whether an entry may carry a take profit and a stop loss: `true` on both sides, `buy` on buys only. Default: no. */
  readonly bracket?: boolean | 'buy';
}

export type TradingPhase = 'pre_open' | 'auction' | 'continuous' | 'halted' | 'closed';

/** Whether orders gather for one price: none is filled before the auction has ended. */
export const isGathering = (phase: TradingPhase): phase is 'pre_open' | 'auction' =>
  phase === 'pre_open' || phase === 'auction';
