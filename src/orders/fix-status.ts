/** How an order's state is called in FIX, for what speaks it: a blotter, a drop copy, a log. */
import type { Order, OrderState } from './order.js';

/** A value of FIX `OrdStatus` (tag 39) that an order of this kit can have. */
export type FixOrderStatus = '0' | '1' | '2' | '3' | '4' | '6' | '8' | '9' | 'A' | 'C' | 'E';

const FIX_STATUS: Readonly<Record<OrderState, FixOrderStatus>> = {
  submitting: 'A',
  pending_new: 'A',
  unknown: 'A',
  open: '0',
  partially_filled: '1',
  filled: '2',
  done_for_day: '3',
  cancelled: '4',
  pending_cancel: '6',
  rejected: '8',
  suspended: '9',
  expired: 'C',
  pending_replace: 'E',
};

/**
 * The `OrdStatus` (tag 39) of an order, as FIX 4.4 lists it: https://www.onixs.biz/fix-dictionary/4.4/tagnum_39.html.
 * An order without an answer is pending new (A), also where its outcome is unknown, for which FIX has no word. Stopped (7)
 * is a dealer's guarantee that no venue here reports.
 */
export const fixStatusOf = (order: Order): FixOrderStatus => FIX_STATUS[order.state];
