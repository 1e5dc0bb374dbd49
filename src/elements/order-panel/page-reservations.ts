import { machineClock } from '../../orders/clock.js';
import type { OrderGateway } from '../../orders/gateway.js';
import type { ReservationLedger } from '../../orders/ledger.js';
import { SharedReservations, type PageChannel } from '../../orders/shared-reservations.js';
import type { MarketStream } from '../../stream/market-stream.js';

interface Sharing {
  users: number;
  readonly stop: () => void;
}

const sharings = new WeakMap<ReservationLedger, Sharing>();

/**
 * What tells a feed from others in every page of the origin; undefined for a feed or gateway that is this page's alone, such
 * as `demo:`.
 */
export function sharedFeedOf(stream: MarketStream | undefined, gateway: OrderGateway | undefined): string | undefined {
  if (stream === undefined) return gateway?.name === undefined ? undefined : `gateway ${gateway.name}`;
  const address = URL.canParse(stream.src, document.baseURI) ? new URL(stream.src, document.baseURI) : undefined;
  return address && /^(wss?|https?):$/.test(address.protocol) ? address.href : undefined;
}

/**
 * Shares a ledger with the other pages of this origin that trade on the same feed, until the returned function is called. A
 * page that is left shares nothing, also while it is kept to be come back to.
 */
export function shareReservations(ledger: ReservationLedger, feed: string): () => void {
  let sharing = sharings.get(ledger);
  if (sharing === undefined) sharings.set(ledger, (sharing = { users: 0, stop: start(ledger, feed) }));
  const mine = sharing;
  mine.users++;
  return () => {
    if (--mine.users > 0) return;
    sharings.delete(ledger);
    mine.stop();
  };
}

function start(ledger: ReservationLedger, feed: string): () => void {
  const name = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const open = (): SharedReservations =>
    new SharedReservations(ledger, channelOf(`touchline.reservations.v1|${feed}`), machineClock, name);
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
