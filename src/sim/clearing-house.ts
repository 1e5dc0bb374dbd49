/**
 * Settles every fill to the cent and tells it to the accounts concerned: fill, then balance, on one private stream.
 *
 * Money and shares are only ever moved, never made: what the accounts hold, what the crowd took or gave, and the fees
 * always add up to what was issued when the accounts were opened (`audit`).
 */
import type { TradingPhase } from '../book/instrument.js';
import { moneyText } from './account.js';
import type { AccountRecord, ActJournal, HouseRecord } from './act.js';
import { ActKeeper } from './act-keeper.js';
import { ClientAccount } from './client-account.js';
import { DeskOrder } from './desk-order.js';
import { ExitDesk } from './exit-desk.js';
import { CURRENCY } from './instruments.js';
import { type Clearing, type FilledOrders, type Listing, priceText } from './listing.js';
import type { CancelReason } from './matching-engine.js';
import type { Order } from './order.js';

/** What a new account has: KES 5,000,000.00 and this many shares of every symbol. */
export const OPENING_CASH_CENTS = 500_000_000n;
export const OPENING_SHARES = 10_000;

/** Anybody may name an account, so their number is bounded. */
const MAX_ACCOUNTS = 1_000;

/** The books of the whole house, in cents and shares. */
export interface Audit {
  readonly issuedCash: bigint;
  readonly accountCash: bigint;
  /** What the crowd got from clients less what it paid them. */
  readonly crowdCash: bigint;
  readonly fees: bigint;
  readonly shares: readonly {
    readonly symbol: string;
    readonly issued: number;
    readonly accounts: number;
    readonly crowd: number;
  }[];
}

export class ClearingHouse implements Clearing {
  readonly #listings: ReadonlyMap<string, Listing>;
  readonly #epoch: string;
  readonly #clients = new Map<string, ClientAccount>();
  readonly #crowdShares = new Map<string, number>();
  readonly #changedCrowdShares = new Set<string>();
  readonly #changedPhases = new Map<string, TradingPhase>();
  readonly #keeper: ActKeeper;
  #crowdCash = 0n;
  #fees = 0n;
  #fillCount = 0;
  #orderCount = 0;
  readonly #exits = new ExitDesk(() => this.nextOrderId());

  /** `listings` may be filled later, but before the first account is opened. */
  constructor(listings: ReadonlyMap<string, Listing>, epoch: string, journal?: ActJournal) {
    this.#listings = listings;
    this.#epoch = epoch;
    this.#keeper = new ActKeeper(journal);
  }

  /** Whether an act may begin: not when it could not be kept. */
  get isReady(): boolean {
    return this.#keeper.isReady();
  }

  /** Whether an order may be ended: also with the last room that there is. */
  get isReadyToEnd(): boolean {
    return this.#keeper.isReady(true);
  }

  /** Whether an act could not be kept: what is in memory is not to be told any more. */
  get isBroken(): boolean {
    return this.#keeper.isBroken;
  }

  nextOrderId(): string {
    return `o-${++this.#orderCount}`;
  }

  /** Ids that are given out go on after all that are known. */
  knowOrderId(orderId: string): void {
    this.#orderCount = Math.max(this.#orderCount, numberOf(orderId));
  }

  /** Ends an act: it is kept, then told. False when it could not be kept. */
  endAct(): boolean {
    return this.#keeper.end((accounts) => this.#record(accounts));
  }

  get clients(): Iterable<ClientAccount> {
    return this.#clients.values();
  }

  find(name: string): ClientAccount | undefined {
    return this.#clients.get(name);
  }

  /** The account, opened if need be. Undefined when no more can be opened. */
  open(name: string): ClientAccount | undefined {
    const known = this.#clients.get(name);
    if (known !== undefined || this.#clients.size >= MAX_ACCOUNTS) return known;
    const client = this.#add(name);
    this.#issueShares(client);
    return client;
  }

  /** Puts a symbol into a phase, which is kept with the act. */
  setPhase(listing: Listing, phase: TradingPhase, nowMs: number): void {
    if (phase === listing.phase) return;
    this.#changedPhases.set(listing.symbol, phase);
    this.#keeper.houseChanged();
    listing.setPhase(phase, nowMs);
  }

  /** Takes over what was kept of the house. Phases and prices are the desk's to restore. */
  restore({ crowdCash, crowdShares, fees, fills, orders = 0 }: HouseRecord): void {
    this.#crowdCash = BigInt(crowdCash);
    for (const [symbol, shares] of Object.entries(crowdShares)) this.#crowdShares.set(symbol, shares);
    this.#fees = BigInt(fees);
    this.#fillCount = fills;
    this.#orderCount = Math.max(this.#orderCount, orders);
  }

  /** Takes over what was kept of an account. */
  restoreAccount(kept: AccountRecord): ClientAccount {
    const client = this.#clients.get(kept.name) ?? this.#add(kept.name);
    client.restore(kept);
    return client;
  }

  /** Gives every account its opening shares of what it has never heard of: symbols that were not listed before. */
  issueNewShares(): void {
    for (const client of this.#clients.values()) this.#issueShares(client);
  }

  /** Most fills are the crowd's own and move nothing here. */
  settle(listing: Listing, fill: FilledOrders): void {
    const { maker, taker } = fill;
    if (maker instanceof DeskOrder) this.#settleClient(listing, maker, fill);
    else if (taker instanceof DeskOrder) this.#settleCrowd(listing, taker, fill);
    if (taker instanceof DeskOrder) this.#settleClient(listing, taker, fill);
    else if (maker instanceof DeskOrder) this.#settleCrowd(listing, maker, fill);
  }

  cancelled(order: Order, reason: CancelReason, atMs: number): void {
    if (!(order instanceof DeskOrder)) return;
    const { client, request } = order;
    order.end(reason, atMs);
    client.working.delete(order);
    if (order.entry !== undefined) {
      client.account.reserveShares(request.symbol, -(order.entry.bracket?.release() ?? 0));
      this.#exits.changed(order.entry);
    } else if (order.side === 'sell') client.account.reserveShares(request.symbol, -order.leaves);
    bindCash(order);
    client.publish({
      type: 'order_cancelled',
      data: {
        clientOrderId: request.clientOrderId,
        orderId: order.id,
        reason,
        cumQuantity: order.cumQuantityText,
        leavesQuantity: order.leavesQuantityText,
        cancelledQuantity: String(order.leaves),
        status: order.status,
        timestamp: atMs,
      },
    });
    client.publishBalance(request.symbol, { orderId: order.id });
  }

  /** Nobody is told, but it must not wait again after a restart. */
  woken(order: Order): void {
    if (order instanceof DeskOrder) order.client.changed(order.request.clientOrderId);
  }

  /** Exits follow what has traded or ended. */
  settled(listing: Listing, nowMs: number): void {
    this.#exits.settle(listing, nowMs);
  }

  audit(): Audit {
    const clients = [...this.#clients.values()];
    return {
      issuedCash: BigInt(clients.length) * OPENING_CASH_CENTS,
      accountCash: clients.reduce((sum, { account }) => sum + account.cash, 0n),
      crowdCash: this.#crowdCash,
      fees: this.#fees,
      shares: [...this.#listings.keys()].map((symbol) => ({
        symbol,
        issued: clients.length * OPENING_SHARES,
        accounts: clients.reduce((sum, { account }) => sum + account.sharesOf(symbol), 0),
        crowd: this.#crowdShares.get(symbol) ?? 0,
      })),
    };
  }

  #settleClient(listing: Listing, order: DeskOrder, { taker, price, quantity, tradeId, atMs }: FilledOrders): void {
    const { client, request } = order;
    const { account } = client;
    const notional = BigInt(price) * BigInt(quantity);
    const fee = order.addFill(notional, order === taker, atMs);
    this.#fees += fee;
    if (order.side === 'buy') {
      bindCash(order);
      account.credit(-notional - fee);
      account.receive(listing.symbol, quantity, notional);
      this.#bindForExits(order, quantity);
    } else {
      account.reserveShares(listing.symbol, -quantity);
      account.deliver(listing.symbol, quantity);
      account.credit(notional - fee);
      if (order.entry !== undefined) {
        order.entry.bracket?.traded(quantity);
        this.#exits.changed(order.entry);
      }
    }
    if (order.leaves === 0) client.working.delete(order);
    const fillId = `f-${++this.#fillCount}`;
    client.publish({
      type: 'order_fill',
      data: {
        clientOrderId: request.clientOrderId,
        orderId: order.id,
        fillId,
        tradeId,
        price: priceText(price),
        quantity: String(quantity),
        cumQuantity: order.cumQuantityText,
        leavesQuantity: order.leavesQuantityText,
        averagePrice: order.averagePriceText ?? priceText(price),
        fee: moneyText(fee),
        feeCurrency: CURRENCY,
        liquidity: order === taker ? 'taker' : 'maker',
        status: order.status,
        timestamp: atMs,
      },
    });
    client.publishBalance(request.symbol, { fillId });
  }

  /** What has come in belongs to the exits at once, and is told as bound with the fill that brought it. */
  #bindForExits(entry: DeskOrder, quantity: number): void {
    if (entry.bracket === undefined) return;
    entry.client.account.reserveShares(entry.request.symbol, quantity);
    entry.bracket.due += quantity;
    this.#exits.changed(entry);
  }

  /** The crowd is the other side of a client's fill: it pays no fee and never runs out. */
  #settleCrowd({ symbol }: Listing, order: DeskOrder, { price, quantity }: FilledOrders): void {
    const notional = BigInt(price) * BigInt(quantity);
    const isCrowdSelling = order.side === 'buy';
    this.#crowdCash += isCrowdSelling ? notional : -notional;
    const shares = this.#crowdShares.get(symbol) ?? 0;
    this.#crowdShares.set(symbol, isCrowdSelling ? shares - quantity : shares + quantity);
    this.#changedCrowdShares.add(symbol);
  }

  #add(name: string): ClientAccount {
    const client = new ClientAccount(name, OPENING_CASH_CENTS, this.#epoch, this.#keeper);
    this.#clients.set(name, client);
    return client;
  }

  #issueShares(client: ClientAccount): void {
    const { account } = client;
    for (const { symbol, referencePrice } of this.#listings.values()) {
      if (account.knows(symbol)) continue;
      account.receive(symbol, OPENING_SHARES, BigInt(OPENING_SHARES) * BigInt(referencePrice));
      this.#keeper.changed(client);
    }
  }

  #record(accounts: readonly AccountRecord[]): HouseRecord {
    const crowdShares = Object.fromEntries(
      [...this.#changedCrowdShares].map((symbol) => [symbol, this.#crowdShares.get(symbol) ?? 0]),
    );
    this.#changedCrowdShares.clear();
    const phases = Object.fromEntries(this.#changedPhases);
    this.#changedPhases.clear();
    const symbols = new Set(accounts.flatMap(({ tickets }) => tickets.map(({ request }) => request.symbol)));
    const prices = Object.fromEntries(
      [...symbols].flatMap((symbol) => {
        const listing = this.#listings.get(symbol);
        return listing === undefined ? [] : [[symbol, listing.engine.lastPrice]];
      }),
    );
    return {
      crowdCash: String(this.#crowdCash),
      crowdShares,
      fees: String(this.#fees),
      fills: this.#fillCount,
      orders: this.#orderCount,
      ...(Object.keys(phases).length > 0 && { phases }),
      ...(Object.keys(prices).length > 0 && { prices }),
    };
  }
}

/** Order ids are counted. */
export const numberOf = (orderId: string): number => Number(orderId.slice('o-'.length));

/** Brings what is bound for an order to what it now needs. */
export const bindCash = (order: DeskOrder): void => {
  const needed = order.cashToBind;
  order.client.account.reserveCash(needed - order.boundCash);
  order.boundCash = needed;
};
