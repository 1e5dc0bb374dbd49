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
  shown: number;
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
    const entry: Entry = { key, terms, arrived: ++this.#clock, leaves: terms.quantity, shown: 0, state: 'waiting' };
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
    if (keepsPlace) {
      entry.shown = Math.min(entry.shown, entry.leaves);
      return;
    }
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
    for (const { terms, shown, state } of this.#entries) {
      if (state === 'resting' && terms.side === side) sums.set(terms.limit, (sums.get(terms.limit) ?? 0) + shown);
    }
    return [...sums].sort((a, b) => (side === 'buy' ? b[0] - a[0] : a[0] - b[0]));
  }

  #enter(taker: Entry): void {
    taker.state = 'done';
    const { terms } = taker;
    if (terms.timeInForce === 'fok') {
      // Tried out on a copy: the one rule for what trades is then the same.
      const trial = this.#makersFor(terms).map(({ ...copy }) => copy);
      let left = taker.leaves;
      while (left > 0 && trial.length > 0) {
        trial.sort(byPriority(terms));
        const [maker] = trial;
        if (maker === undefined || isOwn(maker, terms)) break;
        left -= Math.min(left, maker.shown);
        maker.leaves -= maker.shown;
        if (maker.leaves === 0) trial.shift();
        else this.#show(maker);
      }
      if (left > 0) return this.#end(taker, 'ioc');
    }
    while (taker.leaves > 0) {
      const maker = this.#makersFor(terms)[0];
      if (maker === undefined) break;
      if (isOwn(maker, terms)) return this.#end(taker, 'self_trade');
      const quantity = Math.min(taker.leaves, maker.shown);
      taker.leaves -= quantity;
      maker.leaves -= quantity;
      maker.shown -= quantity;
      if (maker.leaves === 0) maker.state = 'done';
      else if (maker.shown === 0) this.#show(maker);
      this.#last = maker.terms.limit;
      this.fills.push({ maker: maker.key, taker: taker.key, price: maker.terms.limit, quantity });
    }
    if (taker.leaves === 0) return;
    const mayRest = terms.type.endsWith('limit') && (terms.timeInForce === 'day' || terms.timeInForce === 'gtc');
    if (!mayRest) return this.#end(taker, 'ioc');
    taker.state = 'resting';
    this.#show(taker);
  }

  /** The next part of it is shown, and comes last. */
  #show(entry: Entry): void {
    entry.shown = Math.min(entry.terms.display ?? entry.leaves, entry.leaves);
    entry.arrived = ++this.#clock;
  }

  #makersFor(terms: OrderTerms): Entry[] {
    const { side, limit } = terms;
    const sign = side === 'buy' ? 1 : -1;
    return this.#entries
      .filter((e) => e.state === 'resting' && e.terms.side !== side && (limit - e.terms.limit) * sign >= 0)
      .sort(byPriority(terms));
  }

  #isDue({ side, stop }: OrderTerms): boolean {
    return stop === undefined || (side === 'buy' ? this.#last >= stop : this.#last <= stop);
  }

  #end(entry: Entry, reason: string): void {
    entry.state = 'done';
    this.ends.push(`${entry.key}:${reason}:${entry.leaves}`);
  }
}

const isOwn = (maker: Entry, { owner }: OrderTerms): boolean => owner !== undefined && maker.terms.owner === owner;

/** Best price for the taker first, then who came first. */
const byPriority =
  ({ side }: OrderTerms) =>
  (a: Entry, b: Entry): number =>
    (a.terms.limit - b.terms.limit) * (side === 'buy' ? 1 : -1) || a.arrived - b.arrived;
