/**
 * A client's order: what the engine needs, and the money side of it.
 *
 * A buy binds cash for all that it leaves at the worst price it may trade at, with the higher of both fees: nobody knows
 * beforehand whether it will take or be taken. The fee of an order is counted on all that it traded so far and rounded up
 * once, not fill by fill: so many small fills never cost more than one large one, and what is bound always covers what is
 * left to pay.
 */
import { unitsToText } from '../book/decimal.js';
import { averageText } from './account.js';
import type { MadeChange, OrderRecord } from './act.js';
import { Bracket, type ExitPlace } from './bracket.js';
import type { ClientAccount } from './client-account.js';
import type { AckText, OrderChange, OrderRequest, OrderStatus, OrderText, ReplacedText } from './desk-types.js';
import type { CancelReason } from './matching-engine.js';
import { Order, type OrderTerms } from './order.js';

/** Both fees as whole fractions of one denominator, e.g. 12 and 2 of 10,000. Not below 0. */
export interface FeeRates {
  readonly taker: bigint;
  readonly maker: bigint;
  readonly denominator: bigint;
}

export class DeskOrder extends Order {
  readonly request: OrderRequest;
  readonly id: string;
  readonly client: ClientAccount;
  readonly fees: FeeRates;
  /** Of an order that was placed with exits. */
  readonly bracket: Bracket | undefined;
  /** Of an order that is an exit. */
  readonly exit: ExitPlace | undefined;
  /** The order whose exit it is. Set once, by whoever makes or restores it. */
  entry: DeskOrder | undefined;
  /** What it traded for in all, in cents. */
  #notional = 0n;
  /** The fee that is due on it, in cents times the denominator, not rounded yet. */
  #feeDue = 0n;
  #endedAs: 'cancelled' | 'expired' | undefined;
  #endedBy: CancelReason | undefined;
  #timestamp: number;
  /** Cents that its account has bound for it now. */
  boundCash = 0n;
  /** Every change that was made, the first at 0: what tells a repeated one from another of the same number. */
  readonly #changes: MadeChange[] = [];
  /** How many of them have been kept. */
  #keptChanges = 0;
  #revision = 0;

  constructor(
    client: ClientAccount,
    id: string,
    request: OrderRequest,
    terms: OrderTerms,
    fees: FeeRates,
    nowMs: number,
    exit?: ExitPlace,
  ) {
    super({ ...terms, owner: client });
    this.client = client;
    this.id = id;
    this.request = request;
    this.fees = fees;
    this.exit = exit;
    this.bracket = (request.takeProfit ?? request.stopLoss) === undefined ? undefined : new Bracket();
    this.#timestamp = nowMs;
  }

  get status(): OrderStatus {
    if (this.#endedAs !== undefined) return this.#endedAs;
    if (this.leaves === 0) return 'filled';
    return this.leaves < this.quantity ? 'partially_filled' : 'open';
  }

  /** How often its terms were changed. */
  get revision(): number {
    return this.#revision;
  }

  /** What it was asked to be by now: the request with the newest terms. */
  get terms(): Pick<OrderRequest, 'quantity' | 'limitPrice' | 'stopPrice'> {
    return this.#changes.at(-1) ?? this.request;
  }

  /** The change that made a revision; undefined for 0, for those to come and for those that the desk made by itself. */
  changeOf(revision: number): MadeChange | undefined {
    return this.#changes.find((change) => change.revision === revision);
  }

  get changes(): readonly MadeChange[] {
    return this.#changes;
  }

  /** Notes a change that the engine has taken. */
  addChange({ revision, quantity, limitPrice, stopPrice }: OrderChange, nowMs: number): void {
    this.#changes.push({ revision, quantity, limitPrice, stopPrice });
    this.#revision = revision;
    this.#timestamp = nowMs;
  }

  /** Notes that its quantity was changed by the desk itself. */
  follow(nowMs: number): void {
    this.#revision++;
    this.#timestamp = nowMs;
  }

  /** Cents that must be bound for what it leaves. A sell binds shares instead. */
  get cashToBind(): bigint {
    return this.#endedAs === undefined ? this.cashFor(this.leaves, this.limit) : 0n;
  }

  /** Cents that must be bound to buy so many more at a worst price; 0 for a sell. */
  cashFor(leaves: number, limit: number): bigint {
    if (this.side === 'sell') return 0n;
    const rest = BigInt(leaves) * BigInt(limit);
    const { taker, maker } = this.fees;
    const most = taker > maker ? taker : maker;
    return rest + this.#roundUp(this.#feeDue + rest * most) - this.#roundUp(this.#feeDue);
  }

  /** Books a fill, worth `notional` cents, that the engine has already taken off `leaves`. Returns its fee in cents. */
  addFill(notional: bigint, isTaker: boolean, nowMs: number): bigint {
    const feeBefore = this.#roundUp(this.#feeDue);
    this.#notional += notional;
    this.#feeDue += notional * (isTaker ? this.fees.taker : this.fees.maker);
    this.#timestamp = nowMs;
    return this.#roundUp(this.#feeDue) - feeBefore;
  }

  end(reason: CancelReason, nowMs: number): void {
    this.#endedAs = reason === 'expired' ? 'expired' : 'cancelled';
    this.#endedBy = reason;
    this.#timestamp = nowMs;
  }

  /** All that a journal keeps of it beside its request and its id. Each change is in one record, the next that is taken. */
  takeRecord(): OrderRecord {
    const { side, type, timeInForce, quantity, limit, stop, display, leaves, place } = this;
    // A stop that has woken never waits again.
    const waitsFor = place === 'waiting' && stop !== undefined ? { stop } : {};
    const changes = this.#changes.slice(this.#keptChanges);
    this.#keptChanges = this.#changes.length;
    return {
      terms: { side, type, timeInForce, quantity, limit, ...waitsFor, ...(display !== undefined && { display }) },
      leaves,
      isWorking: place !== 'done',
      notional: String(this.#notional),
      feeDue: String(this.#feeDue),
      changes,
      ...(this.#revision !== this.#changes.length && { revision: this.#revision }),
      endedAs: this.#endedAs ?? null,
      ...(this.#endedBy !== undefined && { endedBy: this.#endedBy }),
      timestamp: this.#timestamp,
    };
  }

  /** Takes over what was kept of it. One that still works is as new to the engine. */
  restore({ leaves, isWorking, notional, feeDue, changes, revision, endedAs, endedBy, timestamp }: OrderRecord): void {
    this.leaves = leaves;
    if (!isWorking) this.place = 'done';
    this.#notional = BigInt(notional);
    this.#feeDue = BigInt(feeDue);
    this.#changes.push(...changes);
    this.#keptChanges = changes.length;
    this.#revision = revision ?? changes.length;
    this.#endedAs = endedAs ?? undefined;
    this.#endedBy = endedBy;
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
      ...(this.exit && { parent: this.exit.parent }),
      status: this.status,
      duplicate,
      cumQuantity: this.cumQuantityText,
      leavesQuantity: this.leavesQuantityText,
      timestamp: this.#timestamp,
    };
  }

  /** The answer to a change, or to one that was made before. */
  toReplaced(duplicate: boolean): ReplacedText {
    const { limitPrice, stopPrice } = this.terms;
    return {
      clientOrderId: this.request.clientOrderId,
      orderId: this.id,
      revision: this.revision,
      quantity: unitsToText(this.quantity, 0),
      limitPrice,
      stopPrice,
      status: this.status,
      ...(duplicate && { duplicate }),
      cumQuantity: this.cumQuantityText,
      leavesQuantity: this.leavesQuantityText,
      timestamp: this.#timestamp,
    };
  }

  toText(): OrderText {
    const { clientOrderId, symbol, side, orderType, timeInForce, postOnly, displayQuantity, takeProfit, stopLoss } =
      this.request;
    const { limitPrice, stopPrice } = this.terms;
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
      revision: this.revision,
      ...(postOnly && { postOnly }),
      ...(displayQuantity !== undefined && { displayQuantity }),
      ...(takeProfit !== undefined && { takeProfit }),
      ...(stopLoss !== undefined && { stopLoss }),
      ...(this.exit && { parent: this.exit.parent }),
      status: this.status,
      ...(this.#endedBy !== undefined && { reason: this.#endedBy }),
      timestamp: this.#timestamp,
    };
  }

  /** Whole cents of a fee. */
  #roundUp(fee: bigint): bigint {
    const { denominator } = this.fees;
    return (fee + denominator - 1n) / denominator;
  }
}
