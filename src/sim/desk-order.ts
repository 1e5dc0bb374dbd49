/**
 * A client's order: what the engine needs, and the money side of it.
 *
 * A buy binds cash for all that it leaves at the worst price it may trade at, fee included. The fee of an order is
 * counted on all that it took so far and rounded up once, not fill by fill: so many small fills never cost more than one
 * large one, and what is bound always covers what is left to pay.
 */
import { unitsToText } from '../book/decimal.js';
import { averageText } from './account.js';
import type { OrderRecord } from './act.js';
import type { ClientAccount } from './client-account.js';
import type { AckText, OrderRequest, OrderStatus, OrderText } from './desk-types.js';
import type { CancelReason } from './matching-engine.js';
import { Order, type OrderTerms } from './order.js';

/** The fee as a whole fraction, e.g. 12 of 10,000. */
export interface FeeRate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export class DeskOrder extends Order {
  readonly request: OrderRequest;
  readonly id: string;
  readonly client: ClientAccount;
  readonly #feeRate: FeeRate;
  /** What it traded for in all, in cents. */
  #notional = 0n;
  /** The part of it that it took from the book, on which the fee is due. */
  #takenNotional = 0n;
  #endedAs: 'cancelled' | 'expired' | undefined;
  #timestamp: number;
  /** Cents that its account has bound for it now. */
  boundCash = 0n;

  constructor(
    client: ClientAccount,
    id: string,
    request: OrderRequest,
    terms: OrderTerms,
    feeRate: FeeRate,
    nowMs: number,
  ) {
    super({ ...terms, owner: client });
    this.client = client;
    this.id = id;
    this.request = request;
    this.#feeRate = feeRate;
    this.#timestamp = nowMs;
  }

  get status(): OrderStatus {
    if (this.#endedAs !== undefined) return this.#endedAs;
    if (this.leaves === 0) return 'filled';
    return this.leaves < this.quantity ? 'partially_filled' : 'open';
  }

  /** Cents that must be bound for what it leaves. A sell binds shares instead. */
  get cashToBind(): bigint {
    if (this.side === 'sell' || this.#endedAs !== undefined) return 0n;
    const rest = BigInt(this.leaves) * BigInt(this.limit);
    return rest + this.#feeOn(this.#takenNotional + rest) - this.#feeOn(this.#takenNotional);
  }

  /** Books a fill, worth `notional` cents, that the engine has already taken off `leaves`. Returns its fee in cents. */
  addFill(notional: bigint, isTaker: boolean, nowMs: number): bigint {
    const feeBefore = this.#feeOn(this.#takenNotional);
    this.#notional += notional;
    if (isTaker) this.#takenNotional += notional;
    this.#timestamp = nowMs;
    return this.#feeOn(this.#takenNotional) - feeBefore;
  }

  end(reason: CancelReason, nowMs: number): void {
    this.#endedAs = reason === 'expired' ? 'expired' : 'cancelled';
    this.#timestamp = nowMs;
  }

  /** All that a journal keeps of it beside its request and its id. */
  record(): OrderRecord {
    const { side, type, timeInForce, quantity, limit, stop, leaves, place } = this;
    // A stop that has woken never waits again.
    const waitsFor = place === 'waiting' && stop !== undefined ? { stop } : {};
    return {
      terms: { side, type, timeInForce, quantity, limit, ...waitsFor },
      leaves,
      isWorking: place !== 'done',
      notional: String(this.#notional),
      takenNotional: String(this.#takenNotional),
      endedAs: this.#endedAs ?? null,
      timestamp: this.#timestamp,
    };
  }

  /** Takes over what was kept of it. One that still works is as new to the engine. */
  restore({ leaves, isWorking, notional, takenNotional, endedAs, timestamp }: OrderRecord): void {
    this.leaves = leaves;
    if (!isWorking) this.place = 'done';
    this.#notional = BigInt(notional);
    this.#takenNotional = BigInt(takenNotional);
    this.#endedAs = endedAs ?? undefined;
    this.#timestamp = timestamp;
  }

  get cumQuantityText(): string {
    return unitsToText(this.quantity - this.leaves, 0);
  }

  /** What may still trade: nothing once it has ended. */
  get leavesQuantityText(): string {
    return this.#endedAs === undefined ? unitsToText(this.leaves, 0) : '0';
  }

  /** Null before the first fill. */
  get averagePriceText(): string | null {
    const filled = this.quantity - this.leaves;
    return filled === 0 ? null : averageText(this.#notional, filled);
  }

  toAck(duplicate: boolean): AckText {
    return {
      clientOrderId: this.request.clientOrderId,
      orderId: this.id,
      status: this.status,
      duplicate,
      cumQuantity: this.cumQuantityText,
      leavesQuantity: this.leavesQuantityText,
      timestamp: this.#timestamp,
    };
  }

  toText(): OrderText {
    const { clientOrderId, symbol, side, orderType, limitPrice, stopPrice, timeInForce } = this.request;
    return {
      clientOrderId,
      orderId: this.id,
      symbol,
      side,
      orderType,
      quantity: unitsToText(this.quantity, 0),
      limitPrice,
      stopPrice,
      timeInForce,
      cumQuantity: this.cumQuantityText,
      leavesQuantity: this.leavesQuantityText,
      averagePrice: this.averagePriceText,
      status: this.status,
      timestamp: this.#timestamp,
    };
  }

  #feeOn(cents: bigint): bigint {
    const { numerator, denominator } = this.#feeRate;
    return (cents * numerator + denominator - 1n) / denominator;
  }
}
