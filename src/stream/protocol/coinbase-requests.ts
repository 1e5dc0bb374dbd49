/** What Coinbase is asked, in the words of either of its sockets. */

export interface Asked {
  readonly books: readonly string[];
  readonly trades: readonly string[];
}

/** How one of the sockets is asked for things. */
export interface Wording {
  readonly greeting: readonly string[];
  ask(type: 'subscribe' | 'unsubscribe', asked: Asked): string[];
}

/** Advanced Trade: one message a channel. Heartbeats keep quiet channels from being closed. */
export const ADVANCED: Wording = {
  greeting: ['{"type":"subscribe","channel":"heartbeats"}'],
  ask: (type, { books, trades }) => [
    ...(books.length > 0 ? [JSON.stringify({ type, product_ids: books, channel: 'level2' })] : []),
    ...(trades.length > 0 ? [JSON.stringify({ type, product_ids: trades, channel: 'market_trades' })] : []),
  ],
};

/** Exchange: the channel with updates every 50 ms is the one that needs no login. A heartbeat is a product's own. */
export const EXCHANGE: Wording = {
  greeting: [],
  ask(type, { books, trades }) {
    const channels = [
      { name: 'level2_batch', product_ids: books },
      { name: 'matches', product_ids: trades },
      { name: 'heartbeat', product_ids: [...new Set([...books, ...trades])] },
    ].filter(({ product_ids: products }) => products.length > 0);
    return channels.length > 0 ? [JSON.stringify({ type, channels })] : [];
  },
};
