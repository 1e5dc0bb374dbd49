/** What every stream asks of its options, wherever it runs. */
import type { MarketStreamOptions } from './market-stream-core.js';
import { OWN_PROTOCOL } from './own-protocol.js';

type Given = Pick<MarketStreamOptions, 'src' | 'token' | 'venue'>;

/** Throws a `TypeError` for what no stream can be made with. */
export const checkOptions = ({ src, token }: Given): void => {
  if (typeof src !== 'string') throw new TypeError(`createMarketStream: src must be text, got ${typeof src}.`);
  if (token !== undefined && typeof token !== 'function') {
    throw new TypeError(`createMarketStream: token must be a function, got ${typeof token}.`);
  }
};

/** Who speaks at the other end; empty where a recording says so itself. */
export const venueOf = ({ src, venue }: Given): string => venue ?? (src.startsWith('replay:') ? '' : OWN_PROTOCOL);
