import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { machineClock } from '../../orders/clock.js';
import type { OrderGateway } from '../../orders/gateway.js';
import { memoryJournal, storageJournal, type OrderJournal, type StorageLike } from '../../orders/journal.js';
import { ledgerFor, type ReservationLedger } from '../../orders/ledger.js';
import { deskFor } from '../../orders/desks.js';
import type { DeskChange } from '../../orders/desk-types.js';
import { showRestingOrders } from '../../orders/resting-orders.js';
import { OrderDesk } from '../../orders/order-desk.js';
import { streamGateway } from '../../orders/stream-gateway.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { warnTextOnce } from '../internal/warn.js';
import { sharedFeedOf, shareReservations } from './page-reservations.js';

/** Where a ticket's orders belong. */
export interface DeskWish {
  readonly account: string;
  readonly stream: MarketStream | undefined;
  readonly gateway: OrderGateway | undefined;
}

/** Binds a ticket to the desk that it shares with every other ticket of the same stream or gateway and account. */
export class DeskController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #onChange: (change: DeskChange) => void;
  #desk: OrderDesk | undefined;
  #unobserve: (() => void) | undefined;
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
  refresh({ account, stream, gateway }: DeskWish): void {
    // An update that was asked for before the host left runs after it.
    if (!this.#host.isConnected) return;
    const owner = gateway ?? stream;
    const desk = owner && deskFor(owner, account, () => openDesk(owner, { account, stream, gateway }));
    if (desk === this.#desk && stream === this.#shownOn && this.#unobserve !== undefined) return;
    const unobserve = this.#unobserve;
    const unshow = this.#unshow;
    this.#desk = desk;
    this.#shownOn = stream;
    this.#unobserve = desk && this.#follow(desk, stream, gateway);
    // What is on paper stands in no book.
    this.#unshow = desk && stream && !isPaper(gateway) ? showRestingOrders(stream, desk) : undefined;
    // After the new ones, so that a desk that stays is observed throughout.
    unobserve?.();
    unshow?.();
  }

  /** Observes the desk, and what other pages hold back of the same money. */
  #follow(desk: OrderDesk, stream: MarketStream | undefined, gateway: OrderGateway | undefined): () => void {
    const { ledger } = desk;
    const feed = isPaper(gateway) ? undefined : sharedFeedOf(stream, gateway);
    const ends = [
      desk.observe(this.#onChange),
      ledger.watchForeign(() => this.#onChange({})),
      feed === undefined ? undefined : shareReservations(ledger, feed),
    ];
    return () => ends.forEach((end) => end?.());
  }

  hostDisconnected(): void {
    this.#unobserve?.();
    this.#unshow?.();
    this.#unobserve = undefined;
    this.#unshow = undefined;
    this.#shownOn = undefined;
    this.#desk = undefined;
  }
}

const isPaper = (gateway: OrderGateway | undefined): gateway is OrderGateway => gateway?.capabilities.paper === true;

/** By the stream where there is one: two gateways on one feed still spend the same money. Paper money is no such money. */
const ledgerOf = (owner: MarketStream | OrderGateway, { stream, gateway }: DeskWish): ReservationLedger =>
  ledgerFor(isPaper(gateway) ? gateway : (stream ?? owner));

function openDesk(owner: MarketStream | OrderGateway, { account, stream, gateway }: DeskWish): OrderDesk {
  if (gateway?.capabilities.events && gateway.observe === undefined) {
    warnTextOnce(
      'a gateway with `events: true` and no `observe` never says that its account is ready: nothing can be ordered. Set `events: false`, or report with `observe`.',
    );
  }
  const scope = [stream?.src ?? '', gateway === undefined ? '' : `gateway ${gateway.name ?? ''}`, account].join('|');
  return new OrderDesk({
    account,
    // Without an account there is nobody whose private stream could be asked for.
    gateway: gateway ?? (stream && account !== '' ? streamGateway(stream) : undefined),
    ledger: ledgerOf(owner, { account, stream, gateway }),
    journal: journalFor(scope),
    clock: stream ? { ...machineClock, now: () => stream.now() } : machineClock,
  });
}

/** `sessionStorage` keeps the orders of each tab apart. Where a page may not have it, they last as long as the page. */
function journalFor(scope: string): OrderJournal {
  let storage: StorageLike | undefined;
  try {
    storage = globalThis.sessionStorage;
  } catch {
    // A sandboxed frame throws on the mere question; the venue's list of orders is then all that survives a reload.
  }
  return storage ? storageJournal(storage, scope) : memoryJournal();
}
