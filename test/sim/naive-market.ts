/** The oracle: price-time priority as one would explain it, with a list that is sorted anew for every trade. */
import type { ChangedTerms, OrderTerms } from '../../src/sim/order.js';

export interface NaiveFill {
  readonly maker: number;
  readonly taker: number;
  readonly price: number;
  readonly quantity: number;
}

interface Entry {
  readonly key: number;
  terms: OrderTerms;
  arrived: number;
  leaves: number;
  state: 'waiting' | 'resting' | 'done';
}

export class NaiveMarket {
  readonly fills: NaiveFill[] = [];
  readonly ends: string[] = [];
  #entries: Entry[] = [];
  #clock = 0;
  #last: number;

  constructor(openingPrice: number) {
    this.#last = openingPrice;
  }

  submit(key: number, terms: OrderTerms): void {
    const entry: Entry = { key, terms, arrived: ++this.#clock, leaves: terms.quantity, state: 'waiting' };
    this.#entries.push(entry);
    this.#run(entry);
  }

  replace(key: number, change: ChangedTerms): void {
    const entry = this.#entries.find((e) => e.key === key && e.state !== 'done');
    if (entry === undefined) return;
    const { terms, state } = entry;
    const keepsPlace = change.limit === terms.limit && change.stop === terms.stop && change.quantity <= terms.quantity;
    entry.leaves += change.quantity - terms.quantity;
    entry.terms = { ...terms, ...change };
    if (keepsPlace) return;
    entry.arrived = ++this.#clock;
    this.#entries = [...this.#entries.filter((e) => e !== entry), entry];
    if (state === 'resting') {
      this.#enter(entry);
      this.#wake();
    } else this.#run(entry);
  }

  #run(entry: Entry): void {
    if (entry.terms.stop !== undefined && !this.#isDue(entry.terms)) return;
    this.#enter(entry);
    this.#wake();
  }

  #wake(): void {
    for (;;) {
      const due = this.#entries.find((e) => e.state === 'waiting' && this.#isDue(e.terms));
      if (due === undefined) break;
      due.arrived = ++this.#clock;
      this.#enter(due);
    }
  }

  cancel(key: number): void {
    const entry = this.#entries.find((e) => e.key === key && e.state !== 'done');
    if (entry !== undefined) this.#end(entry, 'requested');
  }

  levels(side: 'buy' | 'sell'): [number, number][] {
    const sums = new Map<number, number>();
    for (const { terms, leaves, state } of this.#entries) {
      if (state === 'resting' && terms.side === side) sums.set(terms.limit, (sums.get(terms.limit) ?? 0) + leaves);
    }
    return [...sums].sort((a, b) => (side === 'buy' ? b[0] - a[0] : a[0] - b[0]));
  }

  #enter(taker: Entry): void {
    taker.state = 'done';
    const { terms } = taker;
    if (terms.timeInForce === 'fok') {
      let reachable = 0;
      for (const maker of this.#makersFor(terms)) {
        if (maker.terms.owner !== undefined && maker.terms.owner === terms.owner) break;
        reachable += maker.leaves;
      }
      if (reachable < taker.leaves) return this.#end(taker, 'ioc');
    }
    while (taker.leaves > 0) {
      const maker = this.#makersFor(terms)[0];
      if (maker === undefined) break;
      if (maker.terms.owner !== undefined && maker.terms.owner === terms.owner) return this.#end(taker, 'self_trade');
      const quantity = Math.min(taker.leaves, maker.leaves);
      taker.leaves -= quantity;
      maker.leaves -= quantity;
      if (maker.leaves === 0) maker.state = 'done';
      this.#last = maker.terms.limit;
      this.fills.push({ maker: maker.key, taker: taker.key, price: maker.terms.limit, quantity });
    }
    if (taker.leaves === 0) return;
    const mayRest = terms.type.endsWith('limit') && (terms.timeInForce === 'day' || terms.timeInForce === 'gtc');
    if (mayRest) taker.state = 'resting';
    else this.#end(taker, 'ioc');
  }

  #makersFor({ side, limit }: OrderTerms): Entry[] {
    const sign = side === 'buy' ? 1 : -1;
    return this.#entries
      .filter((e) => e.state === 'resting' && e.terms.side !== side && (limit - e.terms.limit) * sign >= 0)
      .sort((a, b) => (a.terms.limit - b.terms.limit) * sign || a.arrived - b.arrived);
  }

  #isDue({ side, stop }: OrderTerms): boolean {
    return stop === undefined || (side === 'buy' ? this.#last >= stop : this.#last <= stop);
  }

  #end(entry: Entry, reason: string): void {
    entry.state = 'done';
    this.ends.push(`${entry.key}:${reason}:${entry.leaves}`);
  }
}
