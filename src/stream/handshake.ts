/**
 * Which dialect does the server speak? We say `hello`, then `ping`. A server of protocol 1 answers `welcome` first; the
 * guide's knows only `ping`, so that its `pong`, coming without a welcome, gives it away at once. A server that answers
 * neither within two seconds is taken for the guide's too. A welcome that comes later still counts.
 */
import { type Hello, PROTOCOL_VERSION, type ResumeRequest } from './protocol/messages.js';

/** `venue`: an exchange's own. */
export type Dialect = 'touchline' | 'guide' | 'venue';

/** How long a server may take to say `welcome` or `pong`. */
export const HANDSHAKE_MS = 2_000;

/** The first message. `resume`: the session that was lost, where there is one. */
export const hello = (resume?: ResumeRequest): Hello => ({
  type: 'hello',
  id: 'hello',
  data: {
    protocol: PROTOCOL_VERSION,
    client: 'touchline',
    features: ['decimal_strings', 'batch', 'book', 'trades', 'orders'],
    ...(resume && { resume }),
  },
});

/** What `authRequired` calls the need that a request falls under. Others are the server's to judge. */
export const areaOf = (type: string): string =>
  type.startsWith('order_') ? 'orders' : type.startsWith('account_') ? 'private' : '';

/** What only the guide's server says before any `welcome`. */
export const GUIDE_TYPES: ReadonlySet<string> = new Set(['pong', 'market_data', 'subscription_confirmed']);
