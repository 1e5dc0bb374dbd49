/**
 * The server's side of one connection as the guide's own server has it, and nothing more: it knows `subscribe`,
 * `unsubscribe` and `ping`, ignores every other type without a word, and ends the connection with 1011 at anything that
 * is no JSON object with a list of symbols. A peer to prove a client against that must work with such servers.
 */
import { tickerData } from './session-feed.js';
import type { ServedMarket } from './session-market.js';
import { Pace } from './session-pace.js';
import type { ServerSessionOptions } from './session.js';
import { isRecord } from './shape.js';

export class GuideSession {
  readonly #options: ServerSessionOptions;
  readonly #market: ServedMarket;
  readonly #pace: Pace;
  /** Everything that was ever asked for, listed or not, text or not: so the guide's server confirms it. */
  readonly #symbols = new Set<unknown>();
  #isClosed = false;

  constructor(options: ServerSessionOptions) {
    this.#options = options;
    this.#market = options.market;
    this.#pace = new Pace(() => options.bufferedAmount?.() ?? 0);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  receive(text: string): void {
    if (this.#isClosed) return;
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return this.#close(1011, '');
    }
    if (!isRecord(message)) return this.#close(1011, '');
    if (message['type'] === 'ping') return this.#send({ type: 'pong' });
    if (message['type'] === 'subscribe') this.#change(message['symbols'], (symbol) => void this.#symbols.add(symbol));
    if (message['type'] === 'unsubscribe')
      this.#change(message['symbols'], (symbol) => void this.#symbols.delete(symbol));
    if (message['type'] === 'subscribe') {
      this.#send({ type: 'subscription_confirmed', data: { symbols: [...this.#symbols] } });
    }
  }

  receiveBinary(): void {
    this.#close(1011, '');
  }

  /** One round: the present row of every listed symbol, changed or not. */
  flush(): void {
    if (this.#isClosed) return;
    const nowMs = this.#options.now();
    if (!this.#pace.isDue(nowMs) || this.#pace.isBlocked(nowMs)) return;
    this.#pace.sent(nowMs);
    for (const symbol of this.#symbols) {
      const listing = typeof symbol === 'string' ? this.#market.listing(symbol) : undefined;
      if (listing?.ticker === undefined) continue;
      this.#send({ type: 'market_data', data: tickerData(listing.symbol, listing.ticker, false) });
    }
  }

  goAway(): void {
    this.#close(1012, '');
  }

  dispose(): void {
    this.#isClosed = true;
    this.#symbols.clear();
  }

  /** A text is the list of its letters there, and a map the list of its keys. */
  #change(symbols: unknown, act: (symbol: unknown) => void): void {
    const list = symbols === undefined ? [] : isRecord(symbols) ? Object.keys(symbols) : symbols;
    if (!Array.isArray(list) && typeof list !== 'string') return this.#close(1011, '');
    for (const symbol of list as Iterable<unknown>) {
      if (typeof symbol === 'object' && symbol !== null) return this.#close(1011, '');
      act(symbol);
    }
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    if (this.#isClosed) return;
    if (this.#options.send(JSON.stringify(message)) === false) this.dispose();
  }

  #close(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.dispose();
    this.#options.close(code, reason);
  }
}
