/**
 * Which options go together in one order, and why not where they don't. A barred option is shown with its reason, never taken
 * back: what was chosen stays chosen until the person who chose it lets go of it.
 */
import { isGathering, type Instrument, type TradingPhase } from '../book/instrument.js';
import type { BracketOffer } from './exits.js';
import type { GatewayCapabilities } from './gateway.js';
import type { OrderType, TimeInForce } from './order.js';

export const TIMES_IN_FORCE: readonly TimeInForce[] = ['day', 'gtc', 'ioc', 'fok'];

/** What can be chosen: a type, a time in force, post-only, or to show a part only. */
export type OrderOption = OrderType | TimeInForce | 'postOnly' | 'displayQuantity';

/** Why an option cannot be chosen. */
export type Bar = 'not_offered' | 'auction' | 'market' | 'stop' | 'limit_only' | 'immediate' | 'post_only' | 'iceberg';

/** What instrument and gateway offer together. */
export interface Offer {
  /** Undefined: all that the ticket knows. */
  readonly orderTypes: readonly OrderType[] | undefined;
  /** Undefined: all that the ticket knows. */
  readonly timesInForce: readonly TimeInForce[] | undefined;
  readonly postOnly: boolean;
  /** The smallest share of an order that has to be shown, as decimal text; undefined: no icebergs. */
  readonly icebergMinShare: string | undefined;
  /** Whether an order may carry a take profit and a stop loss. Left out: no. */
  readonly bracket?: BracketOffer;
  /** Orders gather for an auction, which takes none that must trade at once or must not. Default: no. */
  readonly isAuction?: boolean;
}

/** An order's type and the options that are chosen. */
export interface Combination {
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly isIceberg: boolean;
}

/** An option has to be offered by both; where one of them says nothing, the other's word counts. `phase` default: `continuous`. */
export function offerOf(
  instrument: Instrument | undefined,
  gateway: GatewayCapabilities | undefined,
  phase: TradingPhase = 'continuous',
): Offer {
  const hasIcebergs = gateway?.iceberg ?? instrument?.icebergMinShare !== undefined;
  return {
    orderTypes: both(instrument?.orderTypes, gateway?.orderTypes),
    timesInForce: both(instrument?.timesInForce, gateway?.timesInForce),
    postOnly: gateway?.postOnly !== false && (instrument?.postOnly ?? gateway?.postOnly ?? false),
    icebergMinShare: hasIcebergs ? (instrument?.icebergMinShare ?? '0') : undefined,
    bracket: gateway?.bracket !== false && (instrument?.bracket ?? gateway?.bracket ?? false),
    isAuction: isGathering(phase),
  };
}

function both<Value>(
  one: readonly Value[] | undefined,
  other: readonly Value[] | undefined,
): readonly Value[] | undefined {
  return one && other ? one.filter((value) => other.includes(value)) : (one ?? other);
}

/** Why an option does not go with the rest of an order; undefined where it does. */
export function barOf(option: OrderOption, rest: Combination, offer: Offer): Bar | undefined {
  const { orderType, timeInForce, postOnly, isIceberg } = rest;
  const isImmediate = timeInForce === 'ioc' || timeInForce === 'fok';
  switch (option) {
    case 'limit':
    case 'market':
    case 'stop':
    case 'stop_limit':
      return offer.orderTypes?.includes(option) === false ? 'not_offered' : undefined;
    case 'postOnly':
      if (!offer.postOnly) return 'not_offered';
      if (offer.isAuction === true) return 'auction';
      // A stop becomes a market order.
      if (orderType === 'market' || orderType === 'stop') return 'market';
      return isImmediate ? 'immediate' : undefined;
    case 'displayQuantity':
      if (offer.icebergMinShare === undefined) return 'not_offered';
      if (orderType !== 'limit') return 'limit_only';
      return isImmediate ? 'immediate' : undefined;
    default:
      if (offer.timesInForce?.includes(option) === false) return 'not_offered';
      if (option === 'day') return undefined;
      if (option === 'gtc') return orderType === 'market' ? 'market' : undefined;
      if (offer.isAuction === true) return 'auction';
      if (orderType === 'stop' || orderType === 'stop_limit') return 'stop';
      return postOnly ? 'post_only' : isIceberg ? 'iceberg' : undefined;
  }
}

/** The type to stand on, of `types`: the wanted one where it is offered, else the first that is; the wanted one where none is. */
export function usualType(wanted: OrderType, types: readonly OrderType[], offer: Offer): OrderType | undefined {
  const offered = types.filter((type) => offer.orderTypes?.includes(type) !== false);
  const choice = offered.length > 0 ? offered : types;
  return choice.includes(wanted) ? wanted : choice[0];
}

/** The time that holds while none is chosen: the first that is not barred; `day` where all are. */
export function usualTime(rest: Omit<Combination, 'timeInForce'>, offer: Offer): TimeInForce {
  return TIMES_IN_FORCE.find((time) => !barOf(time, { ...rest, timeInForce: time }, offer)) ?? 'day';
}
