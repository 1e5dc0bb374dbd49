/**
 * What a page with books costs by itself: books that change ten times a second, as much as they would with a hundred
 * messages a second each, without a stream, a socket or a worker.
 */
import { FakeStream } from '../../test/support/fake-stream.js';

const TICK_MS = 100;
const PULSE_MS = 250;
const CHANGES = 20;
const SPAN = 100;

export class StillStream extends FakeStream {
  readonly #symbols: readonly string[];
  #count = 0;

  constructor(symbols: readonly string[]) {
    super();
    this.#symbols = symbols;
    const side = (sign: 1 | -1): [string, string][] =>
      Array.from({ length: SPAN }, (_, i) => [price(sign * (i + 1)), size()]);
    for (const symbol of symbols) this.pushBook(symbol, side(-1), side(1));
  }

  start(): void {
    setInterval(() => this.#tick(), TICK_MS);
    setInterval(() => this.pass(PULSE_MS), PULSE_MS);
  }

  #tick(): void {
    this.#count += 1;
    for (const symbol of this.#symbols) {
      const book = this.book(symbol);
      if (book === undefined) continue;
      const sides: Record<'bids' | 'asks', [string, string][]> = { bids: [], asks: [] };
      for (let i = 0; i < CHANGES; i += 1) {
        const distance = 1 + Math.min(SPAN - 1, Math.floor(-Math.log(1 - Math.random()) * 8));
        const isBid = Math.random() < 0.5;
        sides[isBid ? 'bids' : 'asks'].push([price(isBid ? -distance : distance), size()]);
      }
      const { epoch, sequence: previousSequence } = book;
      book.applyDelta({ epoch, previousSequence, sequence: previousSequence + 1, eventTime: this.#count, ...sides });
      this.setVerdict(symbol, { dataAt: this.now() });
    }
  }
}

const price = (distance: number): string => ((10_000 + distance) / 100).toFixed(2);
const size = (): string => (Math.random() < 0.23 ? '0' : String(100 + Math.floor(Math.random() * 9_000)));
