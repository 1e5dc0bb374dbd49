/** The file for a script tag that shows a market: stream, status and book registered and exported, nothing further imported. */
import './define/market-stream.js';
import './define/feed-status.js';
import './define/order-book.js';

export * from './index-market.js';
