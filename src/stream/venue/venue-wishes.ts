/**
 * What a venue has been asked for on one link, in its own words. Confirmations of our protocol are made from what the
 * venue says of each symbol; a symbol whose data come is served, whether that was said or not.
 */
import type { ServerMessage, Subscribe } from '../protocol/messages.js';
import type { VenueSession, VenueWish } from './venue-protocol.js';

interface Asked {
  readonly id: string;
  readonly symbols: readonly string[];
  readonly open: Set<string>;
}

export class VenueWishes {
  readonly #session: VenueSession;
  readonly #mostSymbols: number;
  readonly #emit: (message: ServerMessage) => void;
  readonly #wishes = new Map<string, VenueWish>();
  readonly #asked = new Map<string, Asked>();

  constructor(session: VenueSession, mostSymbols: number, emit: (message: ServerMessage) => void) {
    this.#session = session;
    this.#mostSymbols = mostSymbols;
    this.#emit = emit;
  }

  has(symbol: string): boolean {
    return this.#wishes.has(symbol);
  }

  /** The frames that make the venue serve these symbols so. */
  subscribe({ id = '', symbols, channels = ['ticker'], depth = 0 }: Subscribe): string[] {
    const wish: VenueWish = {
      depth: channels.includes('book') ? depth : 0,
      // The last price comes from trades.
      trades: channels.includes('trades') || channels.includes('ticker'),
    };
    const others = symbols.filter((symbol) => this.#wishes.has(symbol));
    const room = this.#mostSymbols - this.#wishes.size;
    const fresh = symbols.filter((symbol) => !this.#wishes.has(symbol));
    const served = [...others, ...fresh.slice(0, Math.max(0, room))];
    const frames = others.length > 0 ? [...this.#session.unsubscribe(others)] : [];
    for (const symbol of served) this.#wishes.set(symbol, wish);
    this.#asked.set(id, { id, symbols: served, open: new Set(served) });
    if (served.length > 0) frames.push(...this.#session.subscribe(served, wish));
    for (const symbol of fresh.slice(Math.max(0, room))) this.#emitRejection(symbol, 'too_many_symbols');
    return frames;
  }

  unsubscribe(symbols: readonly string[]): readonly string[] {
    const known = symbols.filter((symbol) => this.#wishes.delete(symbol));
    return known.length > 0 ? this.#session.unsubscribe(known) : [];
  }

  /** The venue serves these. */
  settled(symbols: readonly string[]): void {
    if (this.#asked.size === 0) return;
    for (const asked of this.#asked.values()) {
      for (const symbol of symbols) asked.open.delete(symbol);
      if (asked.open.size > 0) continue;
      this.#asked.delete(asked.id);
      this.#emit({ type: 'subscription_confirmed', id: asked.id, data: { symbols: asked.symbols } });
    }
  }

  rejected(symbol: string, code: string): void {
    this.#wishes.delete(symbol);
    this.#emitRejection(symbol, code);
    this.settled([symbol]);
  }

  #emitRejection(symbol: string, code: string): void {
    this.#emit({
      type: 'subscription_confirmed',
      id: 'rejected',
      data: { symbols: [], rejected: [{ symbol, code }] },
    });
  }
}
