import type { Instrument } from '../../book/instrument.js';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { machineClock } from '../../orders/clock.js';
import { isPaperGateway, type OrderGateway } from '../../orders/gateway.js';
import { memoryJournal, storageJournal, type OrderJournal, type StorageLike } from '../../orders/journal.js';
import { ledgerFor, type ReservationLedger } from '../../orders/ledger.js';
import { deskFor } from '../../orders/desks.js';
import type { DeskChange, OrderDeskOptions } from '../../orders/desk-types.js';
import { termsOfPlaced } from '../../orders/estimate.js';
import { showRestingOrders } from '../../orders/resting-orders.js';
import { OrderDesk } from '../../orders/order-desk.js';
import { streamGateway } from '../../orders/stream-gateway.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { claimGateway, type GatewayClaim } from './gateway-claims.js';
import { sharedNamesOf, shareReservations } from './page-reservations.js';

/** Where a ticket's orders belong. */
export interface DeskWish {
  readonly account: string;
  readonly stream: MarketStream | undefined;
  readonly gateway: OrderGateway | undefined;
  /** What the page says of one symbol, in place of the feed. */
  readonly instrument?: Instrument | undefined;
}

/** Binds a ticket to the desk that it shares with every other ticket of the same stream or gateway and account. */
export class DeskController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #onChange: (change: DeskChange) => void;
  #desk: OrderDesk | undefined;
  #unobserve: (() => void) | undefined;
  #claimed: Pick<DeskWish, 'account' | 'gateway'> | undefined;
  #claim: GatewayClaim | undefined;
  #shownOn: MarketStream | undefined;
  #unshow: (() => void) | undefined;

  constructor(host: ReactiveControllerHost & Element, onChange: (change: DeskChange) => void) {
    this.#host = host;
    this.#onChange = onChange;
    host.addController(this);
  }

  /** The desk, or undefined while there is neither a stream nor a gateway. */
  get desk(): OrderDesk | undefined {
    return this.#desk;
  }

  /** Takes the host's present wish over. Call it in `willUpdate`, after the stream is known. */
  refresh(wish: DeskWish): void {
    // An update that was asked for before the host left runs after it.
    if (!this.#host.isConnected) return;
    const { account, stream } = wish;
    const gateway = wish.gateway ?? undefined;
    const claim = this.#claim;
    if (gateway !== this.#claimed?.gateway || account !== this.#claimed?.account || claim?.isGranted !== true) {
      this.#claimed = { gateway, account };
      this.#claim = gateway && claimGateway(gateway, account, this, () => this.#host.requestUpdate());
      // What was refused before waits under the same name.
      if (claim?.isGranted === true || gateway === undefined) claim?.leave();
    }
    const isRefused = gateway !== undefined && this.#claim?.isGranted !== true;
    const owner = isRefused ? NOWHERE : (gateway ?? stream);
    const desk = owner && deskFor(owner, account, () => openDesk(isRefused ? { account } : wish));
    if (desk !== undefined && !isRefused) ledgerOf(wish);
    desk?.completeTerms((request) => termsOfPlaced(request, instrumentOf(request.symbol, wish)));
    if (desk === this.#desk && stream === this.#shownOn && this.#unobserve !== undefined) return;
    const unobserve = this.#unobserve;
    const unshow = this.#unshow;
    this.#desk = desk;
    this.#shownOn = stream;
    this.#unobserve = desk && this.#follow(desk, wish, isRefused);
    // What is on paper stands in no book.
    this.#unshow = desk && stream && !isPaperGateway(gateway) ? showRestingOrders(stream, desk) : undefined;
    // After the new ones, so that a desk that stays is observed throughout.
    unobserve?.();
    unshow?.();
  }

  /** Observes the desk, and what other pages hold back of the same money. */
  #follow(desk: OrderDesk, { stream, gateway }: DeskWish, isRefused: boolean): () => void {
    const { ledger } = desk;
    const names = isRefused || isPaperGateway(gateway) ? [] : sharedNamesOf(stream, gateway);
    const ends = [
      desk.observe(this.#onChange),
      ledger.watchForeign(() => this.#onChange({})),
      ...names.map((name) => shareReservations(ledger, name)),
    ];
    return () => ends.forEach((end) => end());
  }

  hostDisconnected(): void {
    this.#unobserve?.();
    this.#unshow?.();
    this.#claim?.leave();
    this.#claim = undefined;
    this.#unobserve = undefined;
    this.#unshow = undefined;
    this.#shownOn = undefined;
    this.#desk = undefined;
  }
}

const instrumentOf = (symbol: string, { instrument, stream }: DeskWish): Instrument | undefined =>
  instrument?.symbol === symbol ? instrument : stream?.instrument(symbol);

const nowhereOf = (account: string): string => `nowhere|${encodeURIComponent(account)}`;

/** The owner of desks over which nothing is sent: what is refused must not go to somebody else instead. */
const NOWHERE = {};

/**
 * By stream and by gateway: two gateways on one stream spend the same money, and so does one gateway with a stream and without,
 * whichever of its elements came first. Paper money is no such money.
 */
function ledgerOf({ stream, gateway }: DeskWish): ReservationLedger {
  if (isPaperGateway(gateway)) return ledgerFor(gateway);
  return ledgerFor(...[stream, gateway].filter((owner) => owner !== undefined));
}

function openDesk(wish: DeskWish | Pick<DeskWish, 'account'>): OrderDesk {
  const { account } = wish;
  if (!('gateway' in wish))
    return new OrderDesk({ account, ledger: ledgerFor(NOWHERE), journal: journalFor(nowhereOf(account)) });
  const { stream, gateway } = wish;
  return new OrderDesk({
    account,
    // Without an account there is nobody whose private stream could be asked for.
    gateway: gateway ?? (stream && account !== '' ? streamGateway(stream) : undefined),
    ledger: ledgerOf(wish),
    ...(gateway
      ? journalOf(gateway, account)
      : { journal: journalFor(`${stream?.src ?? ''}||${encodeURIComponent(account)}`) }),
    clock: stream ? { ...machineClock, now: () => stream.now() } : machineClock,
  });
}

/**
 * By gateway and account alone: its desk is everybody's, with a stream or without. Without a name the journal may be that of
 * another gateway's orders.
 */
function journalOf(
  { name = '' }: OrderGateway,
  account: string,
): Pick<OrderDeskOptions, 'journal' | 'isJournalShared'> {
  const scope = `|gateway ${encodeURIComponent(name)}|${encodeURIComponent(account)}`;
  // Earlier versions put the address of the stream in front.
  const earlier = `|gateway ${name}|${account}`;
  // What the page carries for a gateway that was refused, in case it is this one.
  const nowhere = nowhereOf(account);
  const isOurs = (kept: string): boolean => kept.endsWith(earlier) || (name === '' && kept === nowhere);
  return { journal: journalFor(scope, isOurs), isJournalShared: name === '' };
}

/** `sessionStorage` keeps the orders of each tab apart. Where a page may not have it, they last as long as the page. */
function journalFor(scope: string, isEarlier?: (scope: string) => boolean): OrderJournal {
  let storage: StorageLike | undefined;
  try {
    storage = globalThis.sessionStorage;
  } catch {
    // A sandboxed frame throws on the mere question; the venue's list of orders is then all that survives a reload.
  }
  return storage ? storageJournal(storage, scope, isEarlier) : memoryJournal();
}
