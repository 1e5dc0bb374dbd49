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

export interface WishesHost {
  /** Whether the venue has not been told everything yet, or nobody is there to be told. */
  readonly isUnsaid: boolean;
  /** What is known of these symbols' books is kept up no more: they have been asked for from the start. */
  begunAnew(symbols: readonly string[]): void;
  emit(message: ServerMessage): void;
}

export class VenueWishes {
  readonly #session: VenueSession;
  readonly #mostSymbols: number;
  readonly #host: WishesHost;
  readonly #wishes = new Map<string, VenueWish>();
  readonly #asked = new Map<string, Asked>();
  /** Those that the venue serves as wished. */
  readonly #served = new Set<string>();

  constructor(session: VenueSession, mostSymbols: number, host: WishesHost) {
    this.#session = session;
    this.#mostSymbols = mostSymbols;
    this.#host = host;
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
    // To end and begin again what is served would interrupt a good book.
    const kept = symbols.filter((symbol) => this.#isSettled(symbol, wish));
    const others = symbols.filter((symbol) => this.#wishes.has(symbol) && !kept.includes(symbol));
    const room = this.#mostSymbols - this.#wishes.size;
    const fresh = symbols.filter((symbol) => !this.#wishes.has(symbol));
    const begun = [...others, ...fresh.slice(0, Math.max(0, room))];
    const frames = others.length > 0 ? [...this.#session.unsubscribe(others)] : [];
    for (const symbol of begun) {
      this.#wishes.set(symbol, wish);
      this.#served.delete(symbol);
    }
    const open = new Set([...begun, ...kept.filter((symbol) => !this.#served.has(symbol))]);
    this.#asked.set(id, { id, symbols: [...kept, ...begun], open });
    if (others.length > 0) this.#host.begunAnew(others);
    if (begun.length > 0) frames.push(...this.#session.subscribe(begun, wish));
    if (open.size === 0) this.settled([]);
    for (const symbol of fresh.slice(Math.max(0, room))) this.#emitRejection(symbol, 'too_many_symbols');
    return frames;
  }

  unsubscribe(symbols: readonly string[]): readonly string[] {
    const known = symbols.filter((symbol) => this.#wishes.delete(symbol));
    for (const symbol of known) this.#served.delete(symbol);
    return known.length > 0 ? this.#session.unsubscribe(known) : [];
  }

  /** Nobody keeps the books of these any more, although the venue goes on with them: they would have to begin anew. */
  withoutBook(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const wish = this.#wishes.get(symbol);
      if (wish !== undefined) this.#wishes.set(symbol, { ...wish, depth: 0 });
    }
  }

  /** The venue serves these. */
  settled(symbols: readonly string[]): void {
    for (const symbol of symbols) if (this.#wishes.has(symbol)) this.#served.add(symbol);
    if (this.#asked.size === 0) return;
    for (const asked of this.#asked.values()) {
      for (const symbol of symbols) asked.open.delete(symbol);
      if (asked.open.size > 0) continue;
      this.#asked.delete(asked.id);
      this.#host.emit({ type: 'subscription_confirmed', id: asked.id, data: { symbols: asked.symbols } });
    }
  }

  rejected(symbol: string, code: string): void {
    this.#wishes.delete(symbol);
    this.#served.delete(symbol);
    this.#emitRejection(symbol, code);
    this.settled([symbol]);
  }

  /** Whether there is nothing to say of this wish: it is fulfilled already, or said and on its way. */
  #isSettled(symbol: string, { depth, trades }: VenueWish): boolean {
    const said = this.#wishes.get(symbol);
    if (said?.depth !== depth || said.trades !== trades) return false;
    return this.#served.has(symbol) || this.#host.isUnsaid;
  }

  #emitRejection(symbol: string, code: string): void {
    this.#host.emit({
      type: 'subscription_confirmed',
      id: 'rejected',
      data: { symbols: [], rejected: [{ symbol, code }] },
    });
  }
}
