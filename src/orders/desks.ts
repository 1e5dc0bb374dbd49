/** One desk for each owner and account, so that every ticket of a page sees the same orders. */
import type { OrderDesk } from './order-desk.js';

const desks = new WeakMap<object, Map<string, OrderDesk>>();

/** The desk of this owner (a stream or a gateway) and account, made when first asked for. */
export function deskFor(owner: object, account: string, create: () => OrderDesk): OrderDesk {
  let accounts = desks.get(owner);
  if (accounts === undefined) desks.set(owner, (accounts = new Map()));
  let desk = accounts.get(account);
  if (desk === undefined) accounts.set(account, (desk = create()));
  return desk;
}
