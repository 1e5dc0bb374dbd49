import { createContext } from '@lit/context';
import type { MarketStream } from '../stream/market-stream.js';

/**
 * The one context of the kit: a stable handle, never data. The key is a registered symbol, so that two copies of the
 * kit on one page, and a plain script that speaks the context protocol, share one provider.
 */
export const streamContext = createContext<MarketStream | undefined, symbol>(Symbol.for('touchline.stream.v1'));
