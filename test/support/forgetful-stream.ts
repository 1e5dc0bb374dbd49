import type { LevelText } from '../../src/book/book.js';
import { FakeStream } from './fake-stream.js';

export const BIDS: LevelText[] = [
  ['17.50', '1200'],
  ['17.45', '800'],
];
export const ASKS: LevelText[] = [
  ['17.55', '900'],
  ['17.60', '400'],
];
const SCOM = {
  symbol: 'SCOM',
  name: 'Safaricom PLC',
  currency: 'KES',
  tickTable: [['0', '0.05']] as const,
  lotSize: '100',
  takerFee: '0.0012',
};

/** A fake stream that forgets what nobody is subscribed to, as the real one does after its grace. */
export class ForgetfulStream extends FakeStream {
  override book(symbol: string): ReturnType<FakeStream['book']> {
    return this.#isHeld(symbol) ? super.book(symbol) : undefined;
  }
  override ticker(symbol: string): ReturnType<FakeStream['ticker']> {
    return this.#isHeld(symbol) ? super.ticker(symbol) : undefined;
  }
  override instrument(symbol: string): ReturnType<FakeStream['instrument']> {
    return this.#isHeld(symbol) ? super.instrument(symbol) : undefined;
  }
  override verdict(symbol: string): ReturnType<FakeStream['verdict']> {
    if (this.#isHeld(symbol)) return super.verdict(symbol);
    const isWanted = this.subscribed.includes(symbol);
    const [state, reason] = isWanted
      ? (['resyncing', 'awaiting_snapshot'] as const)
      : (['disconnected', 'not_subscribed'] as const);
    return { state, reason, verified: { by: 'nothing' }, since: this.now(), dataAt: 0 };
  }

  readonly #held = new Set<string>();
  #isHeld(symbol: string): boolean {
    return this.#held.has(symbol);
  }

  override subscribe(...values: Parameters<FakeStream['subscribe']>): () => void {
    const undo = super.subscribe(...values);
    return () => {
      undo();
      for (const symbol of values[0]) if (!this.subscribed.includes(symbol)) this.#held.delete(symbol);
    };
  }

  /** The first data since somebody asked. */
  come(symbol = 'SCOM', bids = BIDS, asks = ASKS): void {
    this.#held.add(symbol);
    this.setInstrument({ ...SCOM, symbol });
    this.pushTicker(symbol, { price: '17.55', changePercent: '0.29' });
    this.pushBook(symbol, bids, asks);
  }
}
