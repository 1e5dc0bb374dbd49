import { gatewayFlaw, type OrderGateway } from '../../orders/gateway.js';

interface Claim {
  readonly gateway: OrderGateway;
  readonly users: Set<object>;
}

/** By account. */
const claims = new Map<string, Claim>();
const told = new Set<string>();

/**
 * Takes a gateway into use for an account, and returns how to leave it; undefined where it may not be used, which its author is
 * told once. Gateways without a name cannot be told apart after a reload, so that an order of the one could be looked for at the
 * other and sent again: only one of them at a time takes orders of an account.
 */
export function claimGateway(gateway: OrderGateway, account: string, user: object): (() => void) | undefined {
  const flaw = gatewayFlaw(gateway);
  if (flaw !== undefined) return refuse(flaw);
  if (gateway.name) return () => undefined;
  const held = claims.get(account);
  if (held && held.gateway !== gateway && [...held.users].some((each) => each !== user)) {
    return refuse(
      `a second gateway without a name for account "${account}": nothing is sent over it. Give each gateway a name of its own`,
    );
  }
  const mine = held?.gateway === gateway ? held : { gateway, users: new Set<object>() };
  claims.set(account, mine);
  mine.users.add(user);
  return () => {
    mine.users.delete(user);
    if (mine.users.size === 0 && claims.get(account) === mine) claims.delete(account);
  };
}

/** By an error that ends nothing: a page that draws its tickets goes on. */
function refuse(text: string): undefined {
  if (told.has(text)) return;
  told.add(text);
  reportError(new TypeError(`touchline: ${text}`));
}
