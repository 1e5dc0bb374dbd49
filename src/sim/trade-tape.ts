/** The newest trades of a symbol in a ring. A reader that falls behind it sees the hole in the sequence. */

/** Trades kept. */
export const TAPE_LENGTH = 1_000;

export interface TapeTrade {
  readonly tradeId: string;
  readonly price: string;
  readonly quantity: string;
  readonly aggressor: 'buy' | 'sell';
  /** Milliseconds since 1970. */
  readonly eventTime: number;
}

export class TradeTape {
  /** The number of the newest trade, counted from 1; 0 before the first. */
  lastSequence = 0;
  readonly #ring: TapeTrade[] = [];

  add(trade: TapeTrade): void {
    this.lastSequence++;
    this.#ring[this.lastSequence % TAPE_LENGTH] = trade;
  }

  /** The trade of a number, or undefined when it is not, or no longer, kept. */
  at(sequence: number): TapeTrade | undefined {
    const isKept = sequence > this.lastSequence - TAPE_LENGTH && sequence <= this.lastSequence;
    return isKept ? this.#ring[sequence % TAPE_LENGTH] : undefined;
  }
}
