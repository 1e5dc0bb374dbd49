/** What a desk is made of, and what it says and is told. */
import type { DeskClock } from './clock.js';
import type { OrderGateway, PlaceResult } from './gateway.js';
import type { OrderJournal } from './journal.js';
import type { ReservationLedger } from './ledger.js';
import type { Order } from './order.js';

export interface OrderDeskOptions {
  readonly account: string;
  /** Who takes the orders that no page takes. Default: nobody. */
  readonly gateway?: OrderGateway | undefined;
  readonly journal: OrderJournal;
  /**
   * Whether orders of another gateway may stand in the journal. One that is found there then ends by the venue's word of it or a
   * person's, never by this gateway's not knowing it. Default false.
   */
  readonly isJournalShared?: boolean;
  readonly ledger: ReservationLedger;
  readonly clock?: DeskClock;
}

/** What happened: an order changed, or (with no order) the account or its readiness. */
export interface DeskChange {
  readonly order?: Order;
  readonly previous?: Order;
  /** A cancel or change of this order was refused, and why; the order itself stands as it did. */
  readonly refusal?: { readonly of: 'cancel' | 'replace'; readonly code: string };
}

/** What shall be changed of an order; what is left out stays. Exact decimal text. */
export interface WantedTerms {
  /** The whole quantity, with what has filled. */
  readonly quantity?: string;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
}

/**
 * Who carries an order, decided after it has been stored: the page, by a promise of what came of it; the gateway; or nobody,
 * because it was withdrawn before anything was sent.
 */
export type Carrier = Promise<PlaceResult> | 'gateway' | 'withdrawn';
