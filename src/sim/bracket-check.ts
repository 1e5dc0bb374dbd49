/** Whether an entry may carry the exits it names. */
import type { ExitKind } from './bracket.js';
import type { OrderRequest, Rejection } from './desk-types.js';
import type { Listing } from './listing.js';
import type { PriceRules } from './order-check.js';
import type { OrderTerms } from './order.js';
import { reject } from './order-rejection.js';

/**
 * The rule that is broken, if any. What the exits must lie around is the limit of the entry, the stop of one that has only that,
 * and for a market order the best price, or the last where nobody is there.
 */
export const brokenBracket = (
  request: OrderRequest,
  terms: Pick<OrderTerms, 'limit' | 'stop'>,
  { instrument, engine }: Listing,
  rules: PriceRules,
): Rejection | undefined => {
  const { orderType, takeProfit, stopLoss } = request;
  if ((takeProfit ?? stopLoss) === undefined) return undefined;
  const field = takeProfit === undefined ? 'stopLoss' : 'takeProfit';
  if (instrument.bracket === undefined || instrument.bracket === false) {
    return reject('not_permitted', 'Orders in this symbol carry no exits.', { field });
  }
  if (request.side === 'sell') {
    // What a buy-back may cost is not known to be there when the sell is placed.
    return reject('not_permitted', 'Only a buy carries exits: what it bought is there to be sold.', { field });
  }
  const touch = engine.asks.length > 0 ? engine.asks.priceAt(0) : engine.lastPrice;
  const entry = orderType === 'market' ? touch : orderType === 'stop' ? (terms.stop ?? touch) : terms.limit;
  const judge = (kind: ExitKind, isRight: (price: number) => boolean): Rejection | undefined => {
    const text = request[kind];
    if (text === undefined) return undefined;
    const price = rules.read(text, kind);
    if (typeof price === 'object') return price;
    if (isRight(price)) return undefined;
    const side = kind === 'takeProfit' ? 'above' : 'below';
    return reject('bad_price', `The ${kind} of a buy must lie ${side} its price.`, { field: kind, price: text });
  };
  return judge('takeProfit', (price) => price > entry) ?? judge('stopLoss', (price) => price < entry);
};
