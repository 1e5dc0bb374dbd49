/**
 * Keeps exits what they have to be: as large as what their entry has filled less what they have traded, both of a pair alike,
 * and both there or neither. It does so between two orders, when the engine is in the middle of nothing: whatever is too large
 * gets smaller before anything can trade again, so that a pair never trades more than its entry filled.
 */
import { toUnits, unitsToText } from '../book/decimal.js';
import { exitId, type ExitKind } from './bracket.js';
import { DeskOrder } from './desk-order.js';
import { PRICE_SCALE } from './instruments.js';
import type { Listing } from './listing.js';
import type { MatchingEngine } from './matching-engine.js';
import type { OrderTerms } from './order.js';

export class ExitDesk {
  readonly #nextOrderId: () => string;
  /** Entries whose exits may not be what they have to be. Between two acts there is none. */
  readonly #unsettled = new Set<DeskOrder>();

  constructor(nextOrderId: () => string) {
    this.#nextOrderId = nextOrderId;
  }

  /** Something has traded or ended that the exits of an entry follow. */
  changed(entry: DeskOrder): void {
    this.#unsettled.add(entry);
  }

  /** Puts all exits of a symbol right. The engine must be in the middle of nothing; what this sets off comes back here. */
  settle(listing: Listing, nowMs: number): void {
    for (const entry of this.#unsettled) shrink(entry, listing.engine, nowMs);
    for (const entry of this.#unsettled) {
      this.#unsettled.delete(entry);
      this.#grow(entry, listing, nowMs);
    }
  }

  #grow(entry: DeskOrder, listing: Listing, nowMs: number): void {
    const { bracket } = entry;
    if (bracket === undefined) return;
    const { due } = bracket;
    bracket.due = 0;
    if (due > 0 && bracket.pair === undefined) return this.#begin(entry, due, listing, nowMs);
    const { pair } = bracket;
    if (pair === undefined) return;
    pair.open += due;
    for (const exit of pair.exits) {
      // Growing one may trade, and what comes back here then has put the others right.
      const missing = pair.open - exit.leaves;
      if (bracket.pair === pair && missing > 0) resize(exit, missing, listing.engine, nowMs);
    }
  }

  #begin(entry: DeskOrder, quantity: number, listing: Listing, nowMs: number): void {
    const { bracket, client } = entry;
    if (bracket === undefined) return;
    bracket.pairs++;
    const make = (kind: ExitKind, price: string | undefined): DeskOrder[] =>
      price === undefined ? [] : [this.#make(entry, kind, price, quantity, listing, nowMs)];
    const { takeProfit, stopLoss } = entry.request;
    const made = [...make('takeProfit', takeProfit), ...make('stopLoss', stopLoss)];
    const exits = [...made].reverse();
    bracket.pair = { open: quantity, exits };
    for (const exit of made) {
      client.tickets.set(exit.request.clientOrderId, { request: exit.request, order: exit });
      client.working.add(exit);
      client.publish({ type: 'order_ack', data: exit.toAck(false) });
    }
    // A stop loss that the price has reached already goes off at once, and then takes its twin along.
    for (const exit of exits) if (exit.place === 'new') listing.engine.submit(exit, nowMs);
  }

  #make(
    entry: DeskOrder,
    kind: ExitKind,
    price: string,
    quantity: number,
    { instrument }: Listing,
    nowMs: number,
  ): DeskOrder {
    const { clientOrderId: parent, account, symbol, timeInForce } = entry.request;
    const place = { parent, pair: entry.bracket?.pairs ?? 1 };
    const request = {
      clientOrderId: exitId(kind, place),
      account,
      symbol,
      side: 'sell',
      orderType: kind === 'takeProfit' ? 'limit' : 'stop',
      quantity: unitsToText(quantity, 0),
      limitPrice: kind === 'takeProfit' ? price : null,
      stopPrice: kind === 'takeProfit' ? null : price,
      timeInForce: timeInForce === 'gtc' ? 'gtc' : 'day',
    } as const;
    const units = toUnits(price, PRICE_SCALE);
    const prices =
      kind === 'takeProfit'
        ? { limit: units }
        : { stop: units, limit: toUnits(instrument.priceBand?.[0] ?? '0', PRICE_SCALE) };
    const terms: OrderTerms = {
      side: 'sell',
      type: request.orderType,
      timeInForce: request.timeInForce,
      quantity,
      ...prices,
    };
    const exit = new DeskOrder(entry.client, this.#nextOrderId(), request, terms, entry.fees, nowMs, place);
    exit.entry = entry;
    return exit;
  }
}

/** Ends what is left of a pair of which one has ended, and makes both as small as they may be. Nothing trades by it. */
const shrink = ({ bracket }: DeskOrder, engine: MatchingEngine, nowMs: number): void => {
  const pair = bracket?.pair;
  if (bracket === undefined || pair === undefined) return;
  if (pair.exits.every(({ place }) => place !== 'done')) {
    for (const exit of pair.exits) if (exit.leaves > pair.open) resize(exit, pair.open - exit.leaves, engine, nowMs);
    return;
  }
  bracket.pair = undefined;
  bracket.due += pair.open;
  for (const exit of pair.exits) {
    if (exit.place === 'new') engine.refuse(exit, 'linked', nowMs);
    else engine.cancel(exit, 'linked', nowMs);
  }
};

const resize = (exit: DeskOrder, by: number, engine: MatchingEngine, nowMs: number): void => {
  const tell = (): void => {
    exit.follow(nowMs);
    exit.client.publish({ type: 'order_replaced', data: exit.toReplaced(false) });
  };
  const { limit, stop } = exit;
  const quantity = exit.quantity + by;
  if (exit.place !== 'new') return engine.replace(exit, { quantity, limit, stop }, nowMs, tell);
  exit.quantity = quantity;
  exit.leaves += by;
  tell();
};
