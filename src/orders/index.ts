/** The ticket's logic, for a page that draws its own: orders, validation, estimate, gateways. No DOM. */
export { formatDecimal, parseDecimal } from '../book/decimal.js';
export type { Decimal } from '../book/decimal.js';
export type { AccountUpdate, Asset, PageBalances } from './account.js';
export { TIMES_IN_FORCE, barOf, offerOf, usualTime } from './combinations.js';
export type { Bar, Combination, Offer, OrderOption } from './combinations.js';
export { mostOf, quantityForMoney } from './amount.js';
export type { Limit, Market, Most } from './amount.js';
export { bracketBar, entryOf, exitFieldOf, exitResult } from './exits.js';
export type { BracketOffer } from './exits.js';
export { newClientOrderId } from './client-order-id.js';
export { machineClock } from './clock.js';
export type { DeskClock } from './clock.js';
export { estimateOrder, reservationTerms } from './estimate.js';
export type { Estimate, EstimateFacts, EstimateInput } from './estimate.js';
export type {
  CancelResult,
  GatewayCapabilities,
  GatewayEvent,
  ListedOrder,
  OrderGateway,
  PlaceResult,
  QueryResult,
  ReplaceResult,
} from './gateway.js';
export { createHttpGateway } from './http-gateway.js';
export type { HttpGatewayOptions } from './http-gateway.js';
export type { HttpHeaders } from './http-wire.js';
export { memoryJournal, storageJournal } from './journal.js';
export type { JournalEntry, OrderJournal, StorageLike } from './journal.js';
export { ReservationLedger, ledgerFor } from './ledger.js';
export { createPaperGateway } from './paper-gateway.js';
export type { PaperGateway, PaperGatewayOptions } from './paper-gateway.js';
export type { PaperStream } from './paper-venue.js';
export { parseTyped, separatorsOf } from './number-input.js';
export { deskFor } from './desks.js';
export { OrderDesk } from './order-desk.js';
export { showRestingOrders } from './resting-orders.js';
export type { Carrier, DeskChange, OrderDeskOptions, WantedTerms } from './desk-types.js';
export { fixStatusOf } from './fix-status.js';
export type { FixOrderStatus } from './fix-status.js';
export { createOrder, isEnded, isUnanswered, isWorking, reduceOrder } from './order.js';
export type {
  Fill,
  Mark,
  Order,
  OrderChange,
  OrderEvent,
  OrderFacts,
  OrderReason,
  OrderRequest,
  OrderSide,
  OrderState,
  OrderType,
  TimeInForce,
  VenueState,
} from './order.js';
export type { OrderAnswer } from './promise-gateway.js';
export { StreamGateway, streamGateway, takesOrders } from './stream-gateway.js';
export type { ExitField, TicketDraft } from './ticket.js';
export { maySend, validateOrder } from './validate.js';
export type { IssueCode, OrderIssue, ValidationContext } from './validate.js';
