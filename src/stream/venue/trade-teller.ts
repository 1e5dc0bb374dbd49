/** Trades of a venue as messages of our own protocol: numbered by us, with the last price beside them as a ticker. */
import type { ServerMessage } from '../protocol/messages.js';
import type { VenueTrade } from './venue-protocol.js';

export class TradeTeller {
  readonly #epoch: string;
  readonly #emit: (message: ServerMessage) => void;
  readonly #counts = new Map<string, number>();

  /** `epoch`: another one for each link, since a new one begins to count anew. */
  constructor(epoch: string, emit: (message: ServerMessage) => void) {
    this.#epoch = epoch;
    this.#emit = emit;
  }

  tell({ symbol, tradeId, price, size, aggressor, eventTime }: VenueTrade): void {
    const seq = (this.#counts.get(symbol) ?? 0) + 1;
    this.#counts.set(symbol, seq);
    const place = { stream: `trades:${symbol}`, epoch: this.#epoch, seq };
    const data = { symbol, tradeId: tradeId || String(seq), price, quantity: size, aggressor, timestamp: eventTime };
    this.#emit({ type: 'trade', ...place, data });
    this.#emit({ type: 'market_data', data: { symbol, price, timestamp: eventTime } });
  }

  forget(symbol: string): void {
    this.#counts.delete(symbol);
  }
}
