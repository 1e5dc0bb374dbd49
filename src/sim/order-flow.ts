/**
 * The crowd of one symbol: limit orders that gather behind the best price, cancels, market orders, now and then a sweep
 * through several levels, and bursts in which all of it comes five times as fast. Before and in an auction it only places limit
 * orders, which cross, and cancels.
 *
 * A fair value nobody sees wanders and is pulled back to the reference price. The crowd leans towards it, which is what
 * moves the market. Arrivals are a Poisson process: the flow is told the time and does all that was due until then, each
 * act at its own moment, so that it does not matter in what steps time is told.
 */
import type { MatchingEngine } from './matching-engine.js';
import { Order, type OrderSide } from './order.js';
import type { PriceGrid } from './price-grid.js';
import type { Random } from './random.js';
import { LOT_SIZE } from './instruments.js';

/** Orders that the crowd keeps in a book of `n` prices a side is about this many times `n`. */
const ORDERS_PER_PRICE = 3;
/** No more prices a side than this are kept filled. */
const MAX_DEPTH = 60;
/** A side thinner than this gets orders before anything else happens. */
const MIN_LEVELS = 4;

/** Of the acts that are not sweeps: how many take from the book. The rest is adding and cancelling in balance. */
const MARKET_SHARE = 0.08;
const SWEEP_SHARE = 0.004;
/** Orders are this likely to go no further from the best price, step by step. */
const NEARNESS = 0.16;
/** How often an order goes anywhere within the depth instead, so that the book is deep. */
const FAR_SHARE = 0.3;
/** How often a new order improves the best price when there is room. */
const IMPROVE_SHARE = 0.12;

/** Ticks that the fair value wanders in the root of a second. */
const WANDER = 0.45;
/** The time in which it has come back by two thirds, in seconds. */
const RETURN_SECONDS = 240;
/** The fair value keeps this share of the grid away from its ends. */
const EDGE_SHARE = 0.15;

/** How far apart opinions are before and in an auction, in ticks. */
const OPINION = 4;

const BURST_FACTOR = 5;
const BURST_SECONDS = 1.2;
const CALM_SECONDS = 25;
/** Bursts raise the mean; the base rate is lowered so that the mean is what was asked for. */
const MEAN_FACTOR = (CALM_SECONDS + BURST_FACTOR * BURST_SECONDS) / (CALM_SECONDS + BURST_SECONDS);

export interface FlowOptions {
  readonly engine: MatchingEngine;
  readonly grid: PriceGrid;
  readonly random: Random;
  readonly referencePrice: number;
  /** What it holds fair at the start. */
  readonly openingPrice: number;
  /** Acts a second, on average; each changes the book about once. */
  readonly ratePerSecond: number;
  readonly startMs: number;
}

export class OrderFlow {
  readonly #engine: MatchingEngine;
  readonly #grid: PriceGrid;
  readonly #random: Random;
  readonly #baseRate: number;
  readonly #referenceIndex: number;
  readonly #targetOrders: number;
  /** The crowd's own orders; those that are done are swept out when they are met. */
  readonly #orders: Order[] = [];
  #fairIndex: number;
  #fairAtMs: number;
  #nextAtMs: number;
  #isBurst = false;
  #burstPush = 0;
  #phaseEndsAtMs: number;

  constructor({ engine, grid, random, referencePrice, openingPrice, ratePerSecond, startMs }: FlowOptions) {
    if (!(ratePerSecond > 0) || !Number.isFinite(ratePerSecond)) {
      throw new RangeError(`ratePerSecond must be a number above 0, got ${ratePerSecond}`);
    }
    this.#engine = engine;
    this.#grid = grid;
    this.#random = random;
    this.#baseRate = ratePerSecond / MEAN_FACTOR;
    this.#referenceIndex = grid.indexAtOrBelow(referencePrice);
    this.#fairIndex = grid.indexAtOrBelow(openingPrice);
    this.#targetOrders = ORDERS_PER_PRICE * Math.min(grid.length, 2 * MAX_DEPTH);
    this.#fairAtMs = startMs;
    this.#phaseEndsAtMs = startMs + random.waitMs(1 / CALM_SECONDS);
    this.#fillBook(startMs);
    this.#nextAtMs = startMs + random.waitMs(this.#baseRate);
  }

  /** Does everything that was due until `nowMs`. `isGathering`: nothing trades yet, and the crowd says what it would pay. */
  step(nowMs: number, isGathering = false): void {
    while (this.#nextAtMs <= nowMs) {
      const atMs = this.#nextAtMs;
      if (atMs >= this.#phaseEndsAtMs) this.#turnPhase();
      this.#drift(atMs);
      if (isGathering) this.#gather(Math.floor(atMs));
      else this.#act(Math.floor(atMs));
      this.#nextAtMs += this.#random.waitMs(this.#isBurst ? this.#baseRate * BURST_FACTOR : this.#baseRate);
    }
  }

  /** Lets time pass in which nothing happens: after a halt, or when nobody told the time for long. */
  skip(toMs: number): void {
    const lostMs = toMs - this.#nextAtMs;
    if (lostMs <= 0) return;
    this.#nextAtMs += lostMs;
    this.#fairAtMs += lostMs;
    this.#phaseEndsAtMs += lostMs;
  }

  #fillBook(nowMs: number): void {
    const middle = this.#fairIndex;
    for (let distance = 1; distance <= MAX_DEPTH; distance++) {
      for (let i = 0; i < ORDERS_PER_PRICE; i++) {
        this.#addAt('buy', middle - distance, nowMs);
        this.#addAt('sell', middle + distance, nowMs);
      }
    }
  }

  #turnPhase(): void {
    this.#isBurst = !this.#isBurst;
    this.#burstPush = this.#isBurst ? (this.#random.isChance(0.5) ? 3 : -3) : 0;
    this.#phaseEndsAtMs += this.#random.waitMs(1 / (this.#isBurst ? BURST_SECONDS : CALM_SECONDS));
  }

  #drift(atMs: number): void {
    const seconds = (atMs - this.#fairAtMs) / 1000;
    this.#fairAtMs = atMs;
    const pull = (this.#referenceIndex - this.#fairIndex) * Math.min(1, seconds / RETURN_SECONDS);
    const moved = this.#fairIndex + pull + WANDER * Math.sqrt(seconds) * this.#random.normal();
    const edge = this.#grid.length * EDGE_SHARE;
    this.#fairIndex = Math.min(this.#grid.length - 1 - edge, Math.max(edge, moved));
  }

  /** Everybody has an opinion of what it is worth, so that some buyers bid more than some sellers ask. */
  #gather(atMs: number): void {
    if (this.#random.isChance(this.#cancelShare())) return this.#cancelOne(atMs);
    const opinion = Math.round(this.#fairIndex + OPINION * this.#random.normal());
    this.#addAt(this.#random.isChance(0.5) ? 'buy' : 'sell', opinion, atMs);
  }

  #act(atMs: number): void {
    const { bids, asks } = this.#engine;
    if (bids.length < MIN_LEVELS) return this.#add('buy', atMs);
    if (asks.length < MIN_LEVELS) return this.#add('sell', atMs);
    const draw = this.#random.uniform();
    const side = this.#leaningSide();
    if (draw < SWEEP_SHARE) return this.#take(side, this.#sizeOfLevels(side, 2 + this.#random.below(3)), atMs);
    if (draw < SWEEP_SHARE + MARKET_SHARE) return this.#take(side, this.#lots(0.9) * LOT_SIZE, atMs);
    if (this.#random.isChance(this.#cancelShare())) return this.#cancelOne(atMs);
    this.#add(this.#random.isChance(0.5) ? 'buy' : 'sell', atMs);
  }

  /** The fuller the book, the likelier a cancel, so that it neither fills up nor runs dry. */
  #cancelShare(): number {
    return Math.min(0.9, (0.48 * this.#orders.length) / this.#targetOrders);
  }

  /** Takers buy when the market is below what they hold fair. */
  #leaningSide(): OrderSide {
    const distance = this.#fairIndex + this.#burstPush - this.#middleIndex();
    return this.#random.isChance(0.5 + Math.min(0.4, Math.max(-0.4, distance * 0.15))) ? 'buy' : 'sell';
  }

  #middleIndex(): number {
    const { bids, asks } = this.#engine;
    return (this.#grid.indexAtOrBelow(bids.priceAt(0)) + this.#grid.indexAtOrBelow(asks.priceAt(0))) / 2;
  }

  /** A limit order that rests: never at or through the other side, and seldom beyond the fair value. */
  #add(side: OrderSide, atMs: number): void {
    const isBuy = side === 'buy';
    const toward = isBuy ? 1 : -1;
    const own = isBuy ? this.#engine.bids : this.#engine.asks;
    const other = isBuy ? this.#engine.asks : this.#engine.bids;
    const fair = isBuy ? Math.floor(this.#fairIndex) : Math.ceil(this.#fairIndex);
    const wall = other.length === 0 ? fair + toward : this.#grid.indexAtOrBelow(other.priceAt(0));
    const best = own.length === 0 ? fair - toward : this.#grid.indexAtOrBelow(own.priceAt(0));
    // Steps that are still free between the two best prices.
    const room = (wall - best) * toward - 1;
    const isFairBeyond = (fair - best) * toward > 0;
    const improves = room > 0 && (isFairBeyond || room > 2) && this.#random.isChance(room > 2 ? 0.5 : IMPROVE_SHARE);
    if (improves) return this.#addAt(side, best + toward * (1 + this.#random.below(room)), atMs);
    const isFar = this.#random.isChance(FAR_SHARE);
    const distance = isFar ? this.#random.below(MAX_DEPTH) : this.#random.geometric(NEARNESS);
    this.#addAt(side, best - toward * distance, atMs);
  }

  /** Orders off the grid are not placed: the crowd respects the band. */
  #addAt(side: OrderSide, index: number, atMs: number): void {
    if (index < 0 || index >= this.#grid.length) return;
    const order = new Order({
      side,
      type: 'limit',
      timeInForce: 'gtc',
      quantity: this.#lots(1.7) * LOT_SIZE,
      limit: this.#grid.priceAt(index),
    });
    this.#engine.submit(order, atMs);
    if (order.place === 'resting') this.#orders.push(order);
  }

  #take(side: OrderSide, quantity: number, atMs: number): void {
    const limit = this.#engine.worstPrice(side, quantity);
    if (limit === undefined) return;
    this.#engine.submit(new Order({ side, type: 'market', timeInForce: 'ioc', quantity, limit }), atMs);
  }

  #cancelOne(atMs: number): void {
    const order = this.#pickOrder();
    if (order !== undefined) this.#engine.cancel(order, 'requested', atMs);
  }

  /** A resting order of the crowd, taken off its list; those found to be filled are taken off on the way. */
  #pickOrder(): Order | undefined {
    while (this.#orders.length > 0) {
      const at = this.#random.below(this.#orders.length);
      const order = this.#orders[at];
      const last = this.#orders.pop();
      if (last !== undefined && at < this.#orders.length) this.#orders[at] = last;
      if (order?.place === 'resting') return order;
    }
    return undefined;
  }

  #sizeOfLevels(side: OrderSide, levels: number): number {
    const opposite = side === 'buy' ? this.#engine.asks : this.#engine.bids;
    let size = 0;
    for (let i = 0; i < Math.min(levels, opposite.length); i++) size += opposite.sizeAt(i);
    return size;
  }

  /** Mostly few, seldom many: `e^mean` lots in the middle. */
  #lots(mean: number): number {
    return 1 + Math.floor(Math.exp(mean + 0.9 * this.#random.normal()));
  }
}
