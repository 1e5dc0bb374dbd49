/**
 * What one desk knows of its account, and what its orders hold back of that. A balance that excludes open orders shows an
 * order from some moment on: until then the order holds its amount here, from then on the balance does.
 */
import { ZERO, add, compare, isZero, multiply, parseDecimal, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import { AccountState } from './account.js';
import type { AccountUpdate, Asset } from './account.js';
import { MARKET_BUFFER } from './estimate.js';
import { reservedBy } from './ledger.js';
import type { ReservationLedger, ReservationTerms } from './ledger.js';
import { isUnanswered } from './order.js';
import type { Order } from './order.js';
import type { Tracked } from './tracked-order.js';

export class Holdings {
  readonly #account: string;
  readonly #ledger: ReservationLedger;
  /** Whether the balances that are reported have open orders taken off already. */
  readonly #excludesOpenOrders: boolean;
  readonly #state = new AccountState();
  /** How often the account has been told. */
  revision = 0;

  constructor(account: string, ledger: ReservationLedger, excludesOpenOrders: boolean) {
    this.#account = account;
    this.#ledger = ledger;
    this.#excludesOpenOrders = excludesOpenOrders;
  }

  /** Takes new values in. False when they are older than what is known. */
  take(update: AccountUpdate): boolean {
    if (this.#state.apply(update) === 'late') return false;
    this.revision++;
    return true;
  }

  /** What the venue says may still be spent or sold, less what it does not show yet; undefined when it says nothing. */
  available(asset: Asset): Decimal | undefined {
    const available = this.#state.available(asset);
    return available && subtract(available, this.reserved(asset, this.#excludesOpenOrders));
  }

  reserved(asset: Asset, balanceExcludesOpenOrders: boolean): Decimal {
    return this.#ledger.reserved(this.#account, asset, balanceExcludesOpenOrders);
  }

  /** Brings what an order holds back up to date. What has filled stays held until the balance shows it. */
  hold(tracked: Tracked): void {
    const { order, terms } = tracked;
    if (terms === undefined) return;
    const isInBalance = this.#state.isKnown && this.#isInBalance(tracked);
    if (isInBalance) tracked.seenFilled = order.filled;
    const isShown = this.#excludesOpenOrders && this.#state.isKnown ? isInBalance : !isUnanswered(order);
    const unseen = this.#unseenOf(tracked, isInBalance);
    const amount = amountOf(termsAt(order, terms, order), add(order.leaves, unseen));
    const { clientOrderId } = order.request;
    this.#ledger.hold(this.#account, clientOrderId, terms.asset, amount, isShown);
    // No balance shows what a change may cost on top before the venue has taken it.
    const asked = order.asked && parseDecimal(order.asked.quantity);
    const left = asked === undefined ? ZERO : add(subtract(asked, order.filled), unseen);
    const wanted = order.asked && compare(left, ZERO) > 0 ? amountOf(termsAt(order, terms, order.asked), left) : ZERO;
    const extra = compare(wanted, amount) > 0 ? subtract(wanted, amount) : ZERO;
    this.#ledger.hold(this.#account, changeKey(clientOrderId), terms.asset, extra, false);
  }

  /** What has filled and is still to be taken off. A balance with open orders taken off that does not show an order shows none of it. */
  #unseenOf({ order, seenFilled }: Tracked, isInBalance: boolean): Decimal {
    if (!this.#state.isKnown || isInBalance) return ZERO;
    return this.#excludesOpenOrders ? order.filled : subtract(order.filled, seenFilled);
  }

  /** Whether an order holds anything back, be it only what it has filled. */
  isHolding({ order }: Tracked): boolean {
    return this.#ledger.isHeld(this.#account, order.request.clientOrderId);
  }

  free({ order, terms }: Tracked): void {
    if (terms === undefined) return;
    const { clientOrderId } = order.request;
    this.#ledger.hold(this.#account, clientOrderId, terms.asset, ZERO, false);
    this.#ledger.hold(this.#account, changeKey(clientOrderId), terms.asset, ZERO, false);
  }

  /** Whether the newest balance was told after the venue's last word of the order. */
  #isInBalance({ order, accountRevision, isMarked }: Tracked): boolean {
    if (isUnanswered(order)) return false;
    const balance = this.#state.mark;
    return balance && isMarked && order.mark && balance.epoch === order.mark.epoch
      ? balance.sequence >= order.mark.sequence
      : this.revision > accountRevision;
  }
}

/** Cannot be an order's id: those have no space in them. */
const changeKey = (clientOrderId: string): string => `${clientOrderId} change`;

const amountOf = (terms: ReservationTerms, pieces: Decimal): Decimal =>
  isZero(pieces) ? ZERO : reservedBy(terms, pieces);

/** The terms of a reservation at other prices than those it was made for. */
function termsAt(
  { request }: Order,
  terms: ReservationTerms,
  { limitPrice, stopPrice }: Pick<Order, 'limitPrice' | 'stopPrice'>,
): ReservationTerms {
  if (!terms.asset.startsWith('cash:')) return terms;
  const limit = limitPrice === request.limitPrice ? undefined : parseDecimal(limitPrice ?? '');
  if (limit !== undefined) return { ...terms, unit: limit };
  const stop = limitPrice !== null || stopPrice === request.stopPrice ? undefined : parseDecimal(stopPrice ?? '');
  return stop === undefined ? terms : { ...terms, unit: multiply(stop, add({ units: 1n, scale: 0 }, MARKET_BUFFER)) };
}
