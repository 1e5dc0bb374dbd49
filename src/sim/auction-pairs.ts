/** Who trades with whom when an auction ends: on each side the best price first and, at one price, who came first. */
import type { Order } from './order.js';
import type { OrderQueue } from './order-queue.js';

/** A part of two orders. `first` came to the book before `later`. */
export interface AuctionPair {
  readonly first: Order;
  readonly later: Order;
  readonly quantity: number;
}

/** The pairs that make up a volume; both sides must have as much. Nothing is changed. */
export const pairsAt = (bids: OrderQueue, asks: OrderQueue, volume: number): AuctionPair[] => {
  const pairs: AuctionPair[] = [];
  const [buyers, sellers] = [partsOf(bids), partsOf(asks)];
  for (let left = volume; left > 0;) {
    const [buy, sell] = [buyers.current, sellers.current];
    const quantity = Math.min(left, buyers.left, sellers.left);
    const isBuyLater = buy.arrival > sell.arrival;
    pairs.push({ first: isBuyLater ? sell : buy, later: isBuyLater ? buy : sell, quantity });
    left -= quantity;
    if (left === 0) break;
    buyers.take(quantity);
    sellers.take(quantity);
  }
  return pairs;
};

/** A side order by order, and what is left of the one whose turn it is. */
const partsOf = (queue: OrderQueue) => {
  const orders = queue.orders();
  const next = (): Order => {
    const { value } = orders.next();
    if (value === undefined) throw new Error('a side has less than the volume of the auction');
    return value;
  };
  let current = next();
  let left = current.leaves;
  return {
    get current() {
      return current;
    },
    get left() {
      return left;
    },
    take(quantity: number) {
      left -= quantity;
      if (left > 0) return;
      current = next();
      left = current.leaves;
    },
  };
};
