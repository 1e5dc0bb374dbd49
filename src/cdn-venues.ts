/** What shows a market, with the protocols of exchanges: `venue="kraken"` and `src="replay:…"` work without a backend. */
import './define/market-stream.js';
import './define/feed-status.js';
import './define/order-book.js';

export * from './index-market.js';
