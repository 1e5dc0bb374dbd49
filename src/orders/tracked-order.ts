/** An order on a desk, with what the desk has to remember of it beside its state. */
import { ZERO, type Decimal } from '../book/decimal.js';
import type { Route } from './journal.js';
import type { ReservationTerms } from './ledger.js';
import type { Order } from './order.js';

export interface Tracked {
  order: Order;
  route: Route;
  terms: ReservationTerms | undefined;
  /** How much of what it has filled the balance is known to show. */
  seenFilled: Decimal;
  readonly wish: string | undefined;
  /** It was found in the journal: another desk has sent it, on this page or the one before. */
  isInherited: boolean;
  /** The promise of its placing is still open: nothing else may judge it missing. */
  isPlacing: boolean;
  /** Its fate has to be asked for. */
  isDoubtful: boolean;
  isAsking: boolean;
  tries: number;
  /** How often its cancel was sent again. */
  cancelTries: number;
  /** It is to be sent again. */
  isCancelDue: boolean;
  callOffCancel: (() => void) | undefined;
  callOff: (() => void) | undefined;
  /** How often the account had been told when the order last changed. */
  accountRevision: number;
  /** Whether the news that changed it last said where it stands among those of the account. */
  isMarked: boolean;
}

export const trackOrder = (
  order: Order,
  route: Route,
  terms: ReservationTerms | undefined,
  accountRevision: number,
  wish?: string,
): Tracked => ({
  order,
  route,
  terms,
  seenFilled: ZERO,
  wish,
  isInherited: false,
  isPlacing: false,
  isDoubtful: false,
  isAsking: false,
  tries: 0,
  cancelTries: 0,
  isCancelDue: false,
  callOffCancel: undefined,
  callOff: undefined,
  accountRevision,
  isMarked: order.mark !== undefined,
});
