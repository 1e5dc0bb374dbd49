/** All symbols that one connection has subscribed, and the wishes that change them. It sends nothing itself. */
import type {
  Channel,
  Resumed,
  StreamMark,
  Subscribe,
  SubscriptionConfirmed,
  Unsubscribe,
  UnsubscriptionConfirmed,
} from './messages.js';
import { type News, SymbolFeed, wireInstrument } from './session-feed.js';
import type { ServedListing, ServedMarket } from './session-market.js';

/** Levels a side where none are asked for, and at most. */
export const DEFAULT_DEPTH = 50;
export const MAX_DEPTH = 1_000;

const CHANNELS: readonly Channel[] = ['ticker', 'book', 'trades'];

export class SessionFeeds {
  readonly #market: ServedMarket;
  readonly #feeds = new Map<string, SymbolFeed>();

  constructor(market: ServedMarket) {
    this.#market = market;
  }

  /** Sorted. */
  get symbols(): string[] {
    return [...this.#feeds.keys()].sort();
  }

  get listings(): ServedListing[] {
    return [...this.#feeds.values()].map((feed) => feed.listing);
  }

  get(symbol: string): SymbolFeed | undefined {
    return this.#feeds.get(symbol);
  }

  /** How many symbols there would be; unknown ones count, as looking them up is work as well. */
  countWith(names: readonly string[]): number {
    const fresh = new Set(names.filter((name) => !this.#feeds.has(name)));
    return this.#feeds.size + fresh.size;
  }

  /** Takes a subscription in. Gives the answer to it and the feeds that it names. */
  subscribe({ symbols, channels = ['ticker'], depth = DEFAULT_DEPTH }: Subscribe): {
    readonly answer: SubscriptionConfirmed['data'];
    readonly feeds: readonly SymbolFeed[];
  } {
    const feeds: SymbolFeed[] = [];
    const added: string[] = [];
    const rejected: { symbol: string; code: string }[] = [];
    for (const symbol of new Set(symbols)) {
      const listing = this.#market.listing(symbol);
      if (listing === undefined) {
        rejected.push({ symbol, code: 'unknown_symbol' });
        continue;
      }
      const feed = this.#feedOf(listing);
      if (feed.subscribe(channels, Math.min(MAX_DEPTH, Math.max(1, depth)))) added.push(symbol);
      feeds.push(feed);
    }
    const instruments = feeds.map((feed) => wireInstrument(feed.listing));
    return { feeds, answer: { symbols: this.symbols, added, rejected, channels: this.#channelLists(), instruments } };
  }

  unsubscribe({ symbols, channels = CHANNELS }: Unsubscribe): UnsubscriptionConfirmed['data'] {
    const removed: string[] = [];
    for (const symbol of new Set(symbols)) {
      const feed = this.#feeds.get(symbol);
      if (feed === undefined) continue;
      const before = feed.channels.size;
      for (const channel of channels) feed.channels.delete(channel);
      if (feed.channels.size < before) removed.push(symbol);
      if (feed.channels.size === 0) this.#feeds.delete(symbol);
    }
    return { symbols: this.symbols, removed, channels: this.#channelLists() };
  }

  /**
   * Takes up what a lost session had of these symbols. `takeMark` gives where a stream stood, once. Undefined when it had
   * nothing of them.
   */
  resume(
    feeds: readonly SymbolFeed[],
    takeMark: (stream: string) => StreamMark | undefined,
  ): Resumed['data'] | undefined {
    const replayed: Record<string, readonly [number, number]> = {};
    const reset: Record<string, string> = {};
    for (const feed of feeds) {
      const { channels, listing } = feed;
      const [trades, book] = [`trades:${listing.symbol}`, `book:${listing.symbol}`];
      const tradeMark = channels.has('trades') ? takeMark(trades) : undefined;
      const range = tradeMark && feed.resumeTrades(this.#market.epoch, tradeMark);
      if (range !== undefined) replayed[trades] = range;
      else if (tradeMark !== undefined) reset[trades] = 'live';
      // A book changes too often to be told again.
      if (channels.has('book') && takeMark(book) !== undefined) reset[book] = 'snapshot';
    }
    return Object.keys(replayed).length + Object.keys(reset).length > 0 ? { replayed, reset } : undefined;
  }

  /** What these feeds (all of them by default) have to tell. */
  collect(asText: boolean, nowMs: number, feeds: Iterable<SymbolFeed> = this.#feeds.values()): News {
    const news: News = { statuses: [], snapshots: [], events: [] };
    for (const feed of feeds) feed.collect(this.#market.epoch, asText, nowMs, news);
    return news;
  }

  clear(): void {
    this.#feeds.clear();
  }

  #feedOf(listing: ServedListing): SymbolFeed {
    let feed = this.#feeds.get(listing.symbol);
    if (feed === undefined) this.#feeds.set(listing.symbol, (feed = new SymbolFeed(listing)));
    return feed;
  }

  #channelLists(): Record<Channel, string[]> {
    const listOf = (channel: Channel): string[] =>
      this.symbols.filter((symbol) => this.#feeds.get(symbol)?.channels.has(channel));
    return { ticker: listOf('ticker'), book: listOf('book'), trades: listOf('trades') };
  }
}
