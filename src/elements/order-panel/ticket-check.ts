import type { BookView } from '../../book/book.js';
import { mostOf, quantityForMoney, type Most } from '../../orders/amount.js';
import {
  ZERO,
  add,
  compare,
  divideDown,
  formatDecimal,
  multiply,
  parseDecimal,
  subtract,
  type Decimal,
} from '../../book/decimal.js';
import { isGathering, type Instrument, type TradingPhase } from '../../book/instrument.js';
import { TickTable } from '../../book/tick-table.js';
import { readPageBalances, type Asset, type PageBalances } from '../../orders/account.js';
import { estimateOrder, reservationTerms, touchOf, type Estimate } from '../../orders/estimate.js';
import { offerOf, usualTime, type Offer } from '../../orders/combinations.js';
import { entryPrice, exitDirection, exitsIn } from '../../orders/exits.js';
import { reservedBy, type ReservationTerms } from '../../orders/ledger.js';
import type { NumberSeparators } from '../../orders/number-input.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import {
  lotOf,
  lotsAround,
  readDraft,
  steppedPrice,
  steppedQuantity,
  type DraftNumbers,
  type NumberField,
  type TicketDraft,
} from '../../orders/ticket.js';
import type { FromBook } from '../../orders/provenance.js';
import type { OrderRequest, TimeInForce } from '../../orders/order.js';
import { combinationOf, validateOrder, type OrderIssue } from '../../orders/validate.js';
import type { MarketStream } from '../../stream/market-stream.js';
import type { Verdict } from '../../stream/verdict.js';
import { keptVerdict } from '../internal/kept-verdict.js';
import type { Look } from './last-look.js';

const HUNDRED: Decimal = { units: 100n, scale: 0 };

/** Everything that a draft is judged by, at one moment. */
export interface TicketFacts {
  readonly symbol: string;
  readonly stream: MarketStream | undefined;
  readonly desk: OrderDesk | undefined;
  /** Whether the desk's gateway would carry the order: then its account has to be whole. */
  readonly isGatewayUsed: boolean;
  /** Handed in by the page, in place of the stream's. */
  readonly instrument: Instrument | undefined;
  readonly balances: PageBalances | undefined;
  readonly maxAgeMs: number | undefined;
  readonly separators: NumberSeparators;
  /** The quantity that was read, of a draft in money: it does not follow the book any more. */
  readonly readQuantity?: Decimal | undefined;
  /** Why nothing can be ordered here at all, in words; empty or left out where it can. */
  readonly refusal?: string;
  /** What the draft has from a row of the book. */
  readonly from?: FromBook | undefined;
  /** What was known before the ticket slept, while that is all there is. */
  readonly kept?: Look | undefined;
}

/** What a draft comes to, and what is wrong with it. */
export interface TicketCheck {
  readonly draft: TicketDraft;
  readonly numbers: DraftNumbers;
  readonly instrument: Instrument | undefined;
  readonly tickTable: TickTable | undefined;
  readonly verdict: Verdict | undefined;
  readonly bid: Decimal | undefined;
  readonly ask: Decimal | undefined;
  readonly estimate: Estimate | undefined;
  readonly terms: ReservationTerms | undefined;
  /** What the order would hold back, and what there is of it; undefined where not known. */
  readonly required: Decimal | undefined;
  readonly available: Decimal | undefined;
  /** The most that can be ordered with that. */
  readonly most: Most | undefined;
  readonly phase: TradingPhase;
  readonly offer: Offer;
  /** The time in force that holds: the chosen one, or the usual one of what is offered. */
  readonly timeInForce: TimeInForce;
  readonly issues: readonly OrderIssue[];
}

/** Judges a draft by the numbers of this very moment. Cheap enough for every frame; the submit handler calls it again. */
export function checkTicket(draft: TicketDraft, facts: TicketFacts): TicketCheck {
  const { symbol, stream, desk, kept } = facts;
  const read = readDraft(draft, facts.separators);
  const instrument = facts.instrument ?? stream?.instrument(symbol) ?? kept?.instrument;
  const tickTable = instrument && TickTable.of(instrument);
  const book: BookView | undefined = stream?.book(symbol);
  const found = stream?.verdict(symbol);
  const verdict = found && kept ? keptVerdict(found, kept.verdict) : found;
  // Of the page's word and the feed's the one that forbids: a page may have written its instrument down this morning.
  const phase =
    [stream?.phase(symbol), facts.instrument?.phase].find((named) => named && named !== 'continuous') ?? 'continuous';
  const isAuction = isGathering(phase);
  const offer = offerOf(instrument, facts.isGatewayUsed ? desk?.gateway?.capabilities : undefined, phase);
  const timeInForce = draft.timeInForce || usualTime(combinationOf(draft, 'day'), offer);
  const own = desk?.orders.filter(({ request }) => request.symbol === symbol) ?? [];
  // What is on paper stands in no book.
  const shown = desk?.gateway?.capabilities.paper === true ? [] : own;
  const { limitPrice, stopPrice } = read;
  const { side, orderType } = draft;
  const market = {
    input: { side, orderType, limitPrice, stopPrice, timeInForce, isAuction },
    book,
    instrument,
    own: shown,
  };
  const pieces = read.amount && (facts.readQuantity ?? quantityForMoney(read.amount, market));
  const numbers = pieces ? { ...read, quantity: pieces } : read;
  const quantity = numbers.quantity && compare(numbers.quantity, ZERO) > 0 ? numbers.quantity : undefined;
  const input = quantity && { ...draft, ...numbers, quantity, symbol, timeInForce, isAuction };
  const now = stream?.now() ?? 0;
  const ageMs = verdict && verdict.dataAt > 0 ? now - verdict.dataAt : undefined;
  const estimate = input && estimateOrder(input, book, instrument, { own: shown, ageMs });
  const terms = input && reservationTerms(input, estimate, instrument);
  const required = terms && quantity && reservedBy(terms, quantity);
  const asset = assetOf(draft, symbol, instrument);
  const available = asset && availableOf(asset, facts);
  const last = stream?.ticker(symbol)?.price;
  const most = available && mostOf(available, market);
  const judged = validateOrder(draft, numbers, {
    instrument,
    tickTable,
    offer,
    timeInForce,
    phase,
    book,
    lastPrice: last === undefined ? undefined : parseDecimal(last),
    verdict,
    now,
    maxAgeMs: facts.maxAgeMs,
    estimate,
    funds:
      required && available ? { required, available, asset: asset?.slice(asset.indexOf(':') + 1) ?? '' } : undefined,
    ownOrders: own,
    from: facts.from,
    isAccountReady: !facts.isGatewayUsed || desk?.isReady === true,
  });
  const issues = facts.refusal ? [refused(facts.refusal), ...judged] : judged;
  const bid = touchOf(book, 'bids') ?? kept?.bid;
  const ask = touchOf(book, 'asks') ?? kept?.ask;
  return {
    ...{ draft, numbers, instrument, tickTable, phase, offer, timeInForce },
    ...{ verdict, bid, ask, estimate, terms, required, available, most, issues },
  };
}

const refused = (text: string): OrderIssue => ({
  code: 'left_out',
  severity: 'error',
  field: 'order',
  params: { text },
});

function assetOf(draft: TicketDraft, symbol: string, instrument: Instrument | undefined): Asset | undefined {
  if (draft.side === 'sell') return `position:${symbol}`;
  return instrument?.currency === undefined ? undefined : `cash:${instrument.currency}`;
}

function availableOf(asset: Asset, { balances, desk }: TicketFacts): Decimal | undefined {
  if (balances === undefined) return desk?.available(asset);
  const available = readPageBalances(balances).available.get(asset);
  const reserved = desk?.reserved(asset, balances.excludesOpenOrders === true);
  return available && reserved ? subtract(available, reserved) : available;
}

/** The order that a checked draft asks for; undefined while it has no quantity. */
export function requestOf(
  { draft, numbers, tickTable, timeInForce }: TicketCheck,
  head: Pick<OrderRequest, 'clientOrderId' | 'account' | 'symbol' | 'createdAt'>,
): OrderRequest | undefined {
  if (numbers.quantity === undefined) return undefined;
  const price = (value: Decimal | undefined): string | null =>
    value ? formatDecimal(value, tickTable?.scale ?? 0) : null;
  return {
    ...head,
    side: draft.side,
    orderType: draft.orderType,
    quantity: formatDecimal(numbers.quantity),
    limitPrice: price(numbers.limitPrice),
    stopPrice: price(numbers.stopPrice),
    timeInForce,
    ...(draft.postOnly ? { postOnly: true } : {}),
    ...(numbers.displayQuantity ? { displayQuantity: formatDecimal(numbers.displayQuantity) } : {}),
    ...exitsIn(numbers, (exit) => formatDecimal(exit, tickTable?.scale ?? 0)),
  };
}

/** The number that one step up or down from what stands in a field leads to. */
export function steppedField(check: TicketCheck, field: NumberField, direction: 1 | -1): Decimal | undefined {
  const { draft, numbers, tickTable, instrument, bid, ask } = check;
  if (field === 'quantity' && draft.quantityIn === 'money') return steppedQuantity(numbers.amount, direction, '1');
  if (field === 'quantity' || field === 'displayQuantity')
    return steppedQuantity(numbers[field], direction, instrument?.lotSize);
  if (field === 'takeProfit' || field === 'stopLoss') {
    const entry = entryPrice(draft, numbers, draft.side === 'buy' ? ask : bid);
    // From an empty field the first price that would do.
    const isAbove = exitDirection(field, draft.side) === 'above';
    const first = entry && tickTable && (isAbove ? tickTable.stepUp(entry) : tickTable.stepDown(entry));
    return steppedPrice(numbers[field], direction, tickTable, first);
  }
  const touch = draft.side === 'buy' ? (bid ?? ask) : (ask ?? bid);
  return steppedPrice(numbers[field], direction, tickTable, touch);
}

/** The quantity in whole lots that a share of the most comes to, in percent. */
export function shareOfMost({ most, instrument }: TicketCheck, percent: number): Decimal | undefined {
  if (most === undefined) return undefined;
  if (percent >= 100) return most.quantity;
  const part = multiply(most.quantity, { units: BigInt(percent), scale: 2 });
  const lot = lotOf(instrument?.lotSize) ?? { units: 1n, scale: most.quantity.scale };
  return lotsAround(part, lot)[0];
}

/** One lot more or less of what can be ordered, from none to the most. */
export function steppedShare({ most, numbers, instrument }: TicketCheck, direction: 1 | -1): Decimal | undefined {
  if (most === undefined) return undefined;
  const lot = lotOf(instrument?.lotSize) ?? { units: 1n, scale: 0 };
  const now = numbers.quantity ?? ZERO;
  const [below, above] = lotsAround(now, lot);
  const nearest = direction === 1 ? above : below;
  const next = compare(nearest, now) !== 0 ? nearest : direction === 1 ? add(now, lot) : subtract(now, lot);
  if (compare(next, most.quantity) > 0) return most.quantity;
  return compare(next, ZERO) < 0 ? ZERO : next;
}

/** How many percent of the most the quantity is, cut to whole ones, 100 at most; undefined where one is not known. */
export function percentOfMost({ most, numbers }: TicketCheck): number | undefined {
  if (!most || compare(most.quantity, ZERO) <= 0) return undefined;
  const percent = divideDown(multiply(numbers.quantity ?? ZERO, HUNDRED), most.quantity, 0);
  return compare(percent, HUNDRED) > 0 ? 100 : Number(percent.units);
}
