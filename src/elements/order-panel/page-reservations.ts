import { machineClock } from '../../orders/clock.js';
import type { OrderGateway } from '../../orders/gateway.js';
import type { ReservationLedger } from '../../orders/ledger.js';
import { SharedReservations, type PageChannel } from '../../orders/shared-reservations.js';
import type { MarketStream } from '../../stream/market-stream.js';

interface Sharing {
  users: number;
  readonly stop: () => void;
}

const sharings = new WeakMap<ReservationLedger, Map<string, Sharing>>();

/**
 * What tells the feed and the gateway of orders from others in every page of the origin. None of it for a feed that is this
 * page's alone, such as `demo:`, nor for a gateway without a name.
 */
export function sharedNamesOf(stream: MarketStream | undefined, gateway: OrderGateway | undefined): readonly string[] {
  const address =
    stream && URL.canParse(stream.src, document.baseURI) ? new URL(stream.src, document.baseURI) : undefined;
  const feed = address && /^(wss?|https?):$/.test(address.protocol) ? [address.href] : [];
  return gateway?.name ? [...feed, `gateway ${gateway.name}`] : feed;
}

/**
 * Shares a ledger with the other pages of this origin that trade under the same name, until the returned function is called. A
 * page that is left shares nothing, also while it is kept to be come back to.
 */
export function shareReservations(ledger: ReservationLedger, name: string): () => void {
  let names = sharings.get(ledger);
  if (names === undefined) sharings.set(ledger, (names = new Map()));
  const mine = names.get(name) ?? { users: 0, stop: start(ledger, name) };
  names.set(name, mine);
  mine.users++;
  return () => {
    if (--mine.users > 0) return;
    names.delete(name);
    mine.stop();
  };
}

function start(ledger: ReservationLedger, name: string): () => void {
  const page = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const open = (): SharedReservations =>
    new SharedReservations(ledger, channelOf(`touchline.reservations.v1|${name}`), machineClock, page);
  let shared: SharedReservations | undefined = open();
  const leave = (): void => {
    shared?.close();
    shared = undefined;
  };
  const comeBack = (): void => {
    shared ??= open();
  };
  addEventListener('pagehide', leave);
  addEventListener('pageshow', comeBack);
  return () => {
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', comeBack);
    leave();
  };
}

const NO_CHANNEL: PageChannel = { post: () => undefined, listen: () => undefined, close: () => undefined };

/** Where a browser has no channel, or lets this page have none as it does with cookies blocked, nothing is shared. */
function channelOf(name: string): PageChannel {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return NO_CHANNEL;
  }
  return {
    post: (message) => channel.postMessage(message),
    listen: (receive) => channel.addEventListener('message', ({ data }) => receive(data)),
    close: () => channel.close(),
  };
}
