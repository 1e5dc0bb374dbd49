/** Tells the books of a feed where the orders of a desk rest. */
import { parseDecimal } from '../book/decimal.js';
import type { OrderDesk } from './order-desk.js';
import { isWorking, type Order } from './order.js';
import { writeOwnLevels, type OwnLevel } from './own-levels.js';

interface Showing {
  count: number;
  readonly stop: () => void;
}

const shown = new WeakMap<object, Map<OrderDesk, Showing>>();

/**
 * Marks the desk's resting orders in every book of this feed, until the returned function is called; called twice for the
 * same two, until both are. It observes the desk.
 */
export function showRestingOrders(feed: object, desk: OrderDesk): () => void {
  let desks = shown.get(feed);
  if (desks === undefined) shown.set(feed, (desks = new Map()));
  let showing = desks.get(desk);
  if (showing === undefined) {
    const write = (): void => writeOwnLevels(feed, desk, levelsOf(desk.orders));
    showing = { count: 0, stop: desk.observe(write) };
    desks.set(desk, showing);
    write();
  }
  const { stop } = showing;
  const mine = showing;
  mine.count++;
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    if (--mine.count > 0) return;
    desks.delete(desk);
    stop();
    // Nobody follows them any more: where they rest now is not known.
    writeOwnLevels(feed, desk, new Map());
  };
}

function levelsOf(orders: readonly Order[]): ReadonlyMap<string, readonly OwnLevel[]> {
  const levels = new Map<string, OwnLevel[]>();
  for (const order of orders) {
    const { symbol, side, orderType } = order.request;
    // A stop waits beside the book until it is triggered.
    const price = isWorking(order) && orderType === 'limit' ? parseDecimal(order.limitPrice ?? '') : undefined;
    if (price === undefined) continue;
    const level: OwnLevel = { side: side === 'buy' ? 'bid' : 'ask', price, size: order.leaves };
    levels.set(symbol, [...(levels.get(symbol) ?? []), level]);
  }
  return levels;
}
