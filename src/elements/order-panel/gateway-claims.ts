import { gatewayFlaw, type OrderGateway } from '../../orders/gateway.js';

interface Holder {
  readonly gateway: OrderGateway;
  readonly users: Set<object>;
}

/** What an asking user got. */
export interface GatewayClaim {
  /** Whether it may use the gateway. */
  readonly isGranted: boolean;
  /** Gives it back, or asks no more. */
  readonly leave: () => void;
}

/** By account. */
const holders = new Map<string, Holder>();
/** By account: who was refused, and how to tell them that it may be granted now. */
const refused = new Map<string, Map<object, () => void>>();
const told = new Set<string>();

const REFUSED: GatewayClaim = { isGranted: false, leave: () => undefined };

/**
 * Takes a gateway into use for an account. Gateways without a name cannot be told apart after a reload, so that an order of the
 * one could be looked for at the other and sent again: only one of them at a time takes orders of an account. Of a refusal that
 * stands the author is told once; `mayAsk` is called when another try may do better.
 */
export function claimGateway(gateway: OrderGateway, account: string, user: object, mayAsk: () => void): GatewayClaim {
  const flaw = gatewayFlaw(gateway);
  if (flaw !== undefined) {
    report(flaw);
    return REFUSED;
  }
  if (gateway.name) return { isGranted: true, leave: () => undefined };
  const held = holders.get(account);
  if (held && held.gateway !== gateway && [...held.users].some((each) => each !== user)) {
    return refuse(account, user, mayAsk);
  }
  refused.get(account)?.delete(user);
  const mine = held?.gateway === gateway ? held : { gateway, users: new Set<object>() };
  holders.set(account, mine);
  mine.users.add(user);
  if (mine !== held) wake(account, user);
  return {
    isGranted: true,
    leave: () => {
      mine.users.delete(user);
      if (mine.users.size > 0 || holders.get(account) !== mine) return;
      holders.delete(account);
      wake(account, user);
    },
  };
}

function refuse(account: string, user: object, mayAsk: () => void): GatewayClaim {
  const waiting = refused.get(account) ?? new Map<object, () => void>();
  refused.set(account, waiting.set(user, mayAsk));
  // Where a page changes the gateway of all its elements, the first of them is refused until the last has been told.
  setTimeout(() => {
    if (!waiting.has(user)) return;
    report(
      `a second gateway without a name for account "${account}": nothing is sent over it. Give each gateway a name of its own`,
    );
  });
  return { isGranted: false, leave: () => waiting.delete(user) };
}

function wake(account: string, user: object): void {
  for (const [each, mayAsk] of refused.get(account) ?? []) if (each !== user) mayAsk();
}

/** By an error that ends nothing: a page that draws its tickets goes on. */
function report(text: string): void {
  if (told.has(text)) return;
  told.add(text);
  reportError(new TypeError(`touchline: ${text}`));
}
