/**
 * Where paper orders trade: against the live book of a stream, which never hears of it. What an order meets in the book when it
 * comes is taken level by level; what rests is filled at its own price when the other side's best comes to it. Nothing trades
 * unless the verdict is `live` or `quiet`, the market continuous and the book not crossed.
 */
import type { BookView } from '../book/book-view.js';
import { ZERO, add, compare, multiply, negate, subtract } from '../book/decimal.js';
import type { Decimal } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';
import type { MarketStream } from '../stream/market-stream.js';
import { isTradable } from '../stream/verdict.js';
import type { Asset } from './account.js';
import { touchOf } from './estimate.js';
import type { GatewayEvent } from './gateway.js';
import type { Mark, OrderChange, OrderEvent, OrderFacts, OrderRequest } from './order.js';
import { PaperAccount } from './paper-account.js';
import { checkPaperOrder, refusal, type PaperRefusal } from './paper-check.js';
import { isSameChange, isSameNumber, isSameWish } from './paper-repeat.js';
import { PaperLevels } from './paper-levels.js';
import { PaperOrder } from './paper-order.js';

/** What the venue reads of a stream. */
export type PaperStream = Pick<MarketStream, 'subscribe' | 'book' | 'verdict' | 'phase' | 'instrument'>;

/** Ids are kept for as long as the page lives, so their number is bounded. */
const MOST_ORDERS = 10_000;
const EPOCH = 'paper';

/** One account with its orders and the numbers of its events. */
export interface PaperClient {
  readonly name: string;
  readonly account: PaperAccount;
  readonly orders: Map<string, PaperOrder>;
  readonly working: Set<PaperOrder>;
  sequence: number;
}

export class PaperVenue {
  readonly #stream: PaperStream;
  readonly #instrumentOf: (symbol: string) => Instrument | undefined;
  readonly #tell: (account: string, event: GatewayEvent) => void;
  readonly #opening: Map<Asset, Decimal>;
  readonly #clients = new Map<string, PaperClient>();
  readonly #levels = new Map<string, { readonly bids: PaperLevels; readonly asks: PaperLevels }>();
  #orderCount = 0;
  #fillCount = 0;

  constructor(
    stream: PaperStream,
    opening: ReadonlyMap<Asset, Decimal>,
    instrumentOf: (symbol: string) => Instrument | undefined,
    tell: (account: string, event: GatewayEvent) => void,
  ) {
    this.#stream = stream;
    this.#opening = new Map(opening);
    this.#instrumentOf = instrumentOf;
    this.#tell = tell;
  }

  /** The account of this name, opened when first asked for. */
  client(name: string): PaperClient {
    let client = this.#clients.get(name);
    if (client === undefined) {
      const account = new PaperAccount(this.#opening);
      this.#clients.set(name, (client = { name, account, orders: new Map(), working: new Set(), sequence: 0 }));
    }
    return client;
  }

  /** Symbols with orders that may still trade. */
  get busy(): ReadonlySet<string> {
    return new Set([...this.#working].map(({ request }) => request.symbol));
  }

  /** The newest place in an account's events. */
  markOf({ sequence }: PaperClient): Mark {
    return { epoch: EPOCH, sequence };
  }

  /** Gives every account its first money of a currency. Does nothing where it has some, or had. */
  fund(asset: Asset, amount: Decimal): void {
    if (this.#opening.has(asset)) return;
    this.#opening.set(asset, amount);
    for (const client of this.#clients.values()) {
      if (client.account.knows(asset)) continue;
      client.account.add(asset, amount);
      this.#tellAccount(client, [asset]);
    }
  }

  place(request: OrderRequest): PaperOrder | PaperRefusal {
    const client = this.client(request.account);
    const known = client.orders.get(request.clientOrderId);
    if (known !== undefined) return isSameWish(known.request, request) ? known : refusal('duplicate_conflict');
    if (client.orders.size >= MOST_ORDERS) return refusal('overloaded');
    const { symbol } = request;
    const instrument = this.#instrumentOf(symbol);
    if (instrument === undefined) return refusal('unknown_symbol');
    if (instrument.currency === undefined) return refusal('not_permitted', 'the feed does not say what it is paid in');
    const terms = checkPaperOrder(request, instrument, this.#stream.phase(symbol));
    if ('code' in terms) return terms;
    const order = new PaperOrder(request, this.#orderCount + 1, terms, instrument, instrument.currency);
    const book = this.#openBook(symbol);
    const refused = this.#refusalOf(client, order, book);
    if (refused !== undefined) return refused;
    this.#orderCount++;
    client.orders.set(request.clientOrderId, order);
    client.working.add(order);
    this.#bind(client, order);
    this.#tellOrder(client, order, (facts) => ({ type: 'ack', facts }));
    if (book !== undefined) this.#start(client, order, book);
    return order;
  }

  /** The order as it is then, or the code of why it works on. */
  cancel({ account, clientOrderId }: OrderRequest): PaperOrder | string {
    const client = this.client(account);
    const order = client.orders.get(clientOrderId);
    if (order === undefined) return 'unknown_order';
    if (order.isEnded) return order.status === 'cancelled' ? 'already_cancelled' : 'too_late';
    this.#end(client, order, 'cancelled', 'requested');
    return order;
  }

  /** The order as it is then, or the code of why its terms stand. Idempotent by revision. */
  replace({ account, clientOrderId }: OrderRequest, change: OrderChange): PaperOrder | string {
    const client = this.client(account);
    const order = client.orders.get(clientOrderId);
    if (order === undefined) return 'unknown_order';
    const made = order.changeOf(change.revision);
    if (made !== undefined && isSameChange(made, change)) return order;
    if (change.revision <= order.revision) return 'revision_conflict';
    if (order.isEnded) return 'too_late';
    if (change.revision > order.revision + 1) return 'revision_conflict';
    const { symbol, side, postOnly } = order.request;
    const { quantity, limitPrice, stopPrice } = change;
    const wish = { ...order.request, quantity, limitPrice, stopPrice };
    const terms = checkPaperOrder(wish, this.#instrumentOf(symbol) ?? { symbol }, this.#stream.phase(symbol));
    if ('code' in terms) return terms.code;
    if (compare(terms.quantity, order.filled) <= 0) return 'too_late';
    // What is awake waits for nothing any more.
    if (!order.isWaiting && !isSameNumber(terms.stop, order.stop)) return 'bad_price';
    const book = this.#openBook(symbol);
    if (postOnly && (book === undefined || wouldTake(book, side, terms.limit))) return 'would_take';
    const needed = order.boundFor(subtract(terms.quantity, order.filled), terms.limit, terms.stop);
    const asset = side === 'buy' ? order.cash : order.position;
    if (!client.account.has(asset, subtract(needed, order.bound))) {
      return side === 'buy' ? 'insufficient_funds' : 'insufficient_position';
    }
    const isSmaller = compare(terms.quantity, order.quantity) <= 0;
    if (!isSmaller || !isSameNumber(terms.limit, order.limit)) order.rank = ++this.#orderCount;
    order.change(change, terms);
    this.#bind(client, order);
    this.#tellOrder(client, order, (facts) => ({ type: 'replaced', facts }));
    if (book !== undefined) this.#start(client, order, book);
    return order;
  }

  /** The market of a symbol has moved. */
  look(symbol: string): void {
    const orders = [...this.#working].filter(({ request }) => request.symbol === symbol);
    if (this.#stream.phase(symbol) === 'closed') {
      for (const order of orders) {
        if (order.request.timeInForce === 'day') this.#end(this.#ownerOf(order), order, 'expired', 'expired');
      }
    }
    const book = this.#openBook(symbol);
    if (book === undefined) return;
    for (const order of orders.sort((a, b) => a.rank - b.rank)) {
      if (order.isWaiting && !order.isEnded) this.#start(this.#ownerOf(order), order, book);
    }
    for (const order of orders.sort(byPriceThenTime)) {
      if (!order.isWaiting && !order.isEnded) this.#fillResting(this.#ownerOf(order), order, book);
    }
  }

  /** Why an order that is well formed is not taken all the same. */
  #refusalOf(client: PaperClient, order: PaperOrder, book: BookView | undefined): PaperRefusal | undefined {
    const { side, postOnly } = order.request;
    const isImmediate = !order.isWaiting && !order.mayRest;
    if (book === undefined && (isImmediate || postOnly)) return refusal('not_permitted', 'there are no live prices');
    if (postOnly && book && wouldTake(book, side, order.limit)) {
      return refusal('would_take', 'it would have traded at once');
    }
    const needed = order.boundFor(order.quantity);
    if (side === 'sell') {
      return client.account.has(order.position, needed) ? undefined : refusal('insufficient_position');
    }
    const cost = book && isImmediate && order.limit === undefined ? this.#costOf(order, book) : needed;
    return client.account.has(order.cash, cost) ? undefined : refusal('insufficient_funds');
  }

  /** Lets an order meet the book: wakes it where its trigger is reached, and takes what it may. */
  #start(client: PaperClient, order: PaperOrder, book: BookView): void {
    if (order.isWaiting) {
      if (!isReached(order, book)) return;
      order.isWaiting = false;
      this.#bind(client, order);
    }
    const { side, timeInForce } = order.request;
    const levels = this.#levelsFor(order, book);
    const met = levels.left(book, order.leaves, order.limit);
    if (timeInForce === 'fok' && compare(sum(met.map(({ size }) => size)), order.leaves) < 0) {
      return this.#end(client, order, 'cancelled', 'fok');
    }
    if (side === 'buy' && order.limit === undefined && !client.account.has(order.cash, this.#costOf(order, book))) {
      return this.#end(client, order, 'cancelled', 'insufficient_funds');
    }
    for (const level of met) {
      levels.take(book, level);
      this.#trade(client, order, level.price, level.size, 'taker');
    }
    if (!order.isEnded && !order.mayRest) this.#end(client, order, 'cancelled', 'ioc');
  }

  /** Somebody has come to a resting order: he gets its price, for as much as he shows. */
  #fillResting(client: PaperClient, order: PaperOrder, book: BookView): void {
    const { limit } = order;
    if (limit === undefined) return;
    const levels = this.#levelsFor(order, book);
    const met = levels.left(book, order.leaves, limit);
    if (met.length === 0) return;
    for (const level of met) levels.take(book, level);
    this.#trade(client, order, limit, sum(met.map(({ size }) => size)), 'maker');
  }

  #trade(
    client: PaperClient,
    order: PaperOrder,
    price: Decimal,
    quantity: Decimal,
    liquidity: 'maker' | 'taker',
  ): void {
    const { account } = client;
    const fee = order.trade(price, quantity, liquidity === 'taker');
    const notional = multiply(price, quantity);
    const isBuy = order.request.side === 'buy';
    account.add(order.cash, subtract(isBuy ? negate(notional) : notional, fee));
    account.add(order.position, isBuy ? quantity : negate(quantity));
    this.#bind(client, order);
    if (order.isEnded) client.working.delete(order);
    const fillId = `paper-${++this.#fillCount}`;
    const fill = { fillId, price, quantity, fee, feeCurrency: order.currency, liquidity };
    this.#tellOrder(client, order, (facts) => ({ type: 'fill', fill, facts }));
  }

  #end(client: PaperClient, order: PaperOrder, as: 'cancelled' | 'expired', code: string): void {
    order.end(as, code);
    client.working.delete(order);
    this.#bind(client, order);
    this.#tellOrder(client, order, (facts) => ({ type: 'cancelled', facts }));
  }

  /** Binds what the order needs from here on in place of what it has bound. */
  #bind(client: PaperClient, order: PaperOrder): void {
    const needed = order.boundFor(order.leaves);
    const asset = order.request.side === 'buy' ? order.cash : order.position;
    client.account.bind(asset, subtract(needed, order.bound));
    order.bound = needed;
  }

  /** An event of an order, and then what it did to the account. */
  #tellOrder(client: PaperClient, order: PaperOrder, event: (facts: OrderFacts) => OrderEvent): void {
    client.sequence++;
    order.mark = this.markOf(client);
    const { clientOrderId } = order.request;
    this.#tell(client.name, { type: 'order', clientOrderId, event: event(order.facts()) });
    this.#tellAccount(client, [order.cash, order.position]);
  }

  #tellAccount(client: PaperClient, assets: readonly Asset[]): void {
    client.sequence++;
    const available = client.account.holdings(assets);
    this.#tell(client.name, { type: 'account', update: { isWhole: false, available, mark: this.markOf(client) } });
  }

  /** What an order without a limit comes to in the book, with its fee. */
  #costOf(order: PaperOrder, book: BookView): Decimal {
    const met = this.#levelsFor(order, book).left(book, order.leaves);
    const notional = sum(met.map(({ price, size }) => multiply(price, size)));
    return add(notional, order.feeOf(notional));
  }

  #levelsFor({ request }: PaperOrder, book: BookView): PaperLevels {
    let levels = this.#levels.get(request.symbol);
    if (levels === undefined) {
      levels = { bids: new PaperLevels('bids'), asks: new PaperLevels('asks') };
      this.#levels.set(request.symbol, levels);
    }
    const side = levels[request.side === 'buy' ? 'asks' : 'bids'];
    side.look(book);
    return side;
  }

  #openBook(symbol: string): BookView | undefined {
    const book = this.#stream.book(symbol);
    const isOpen = isTradable(this.#stream.verdict(symbol)) && this.#stream.phase(symbol) === 'continuous';
    return book && isOpen && !book.isCrossed ? book : undefined;
  }

  get #working(): readonly PaperOrder[] {
    return [...this.#clients.values()].flatMap(({ working }) => [...working]);
  }

  #ownerOf({ request }: PaperOrder): PaperClient {
    return this.client(request.account);
  }
}

const sum = (values: readonly Decimal[]): Decimal => values.reduce(add, ZERO);

/** A buy is triggered when the best ask is at or above its stop, a sale when the best bid is at or below: the price it would get. */
function isReached({ request, stop }: PaperOrder, book: BookView): boolean {
  const isBuy = request.side === 'buy';
  const price = touchOf(book, isBuy ? 'asks' : 'bids');
  return price !== undefined && stop !== undefined && compare(price, stop) * (isBuy ? 1 : -1) >= 0;
}

/** Whether anybody stands at the limit or better, taken on paper before or not. */
function wouldTake(book: BookView, side: OrderRequest['side'], limit: Decimal | undefined): boolean {
  const price = touchOf(book, side === 'buy' ? 'asks' : 'bids');
  return price !== undefined && limit !== undefined && compare(price, limit) * (side === 'buy' ? 1 : -1) <= 0;
}

function byPriceThenTime(a: PaperOrder, b: PaperOrder): number {
  if (a.request.side !== b.request.side || !a.limit || !b.limit) return a.rank - b.rank;
  return compare(a.limit, b.limit) * (a.request.side === 'buy' ? -1 : 1) || a.rank - b.rank;
}
