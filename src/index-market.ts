/** What shows a market, without the ticket: the part of the public surface that every page needs. */
export { MarketStreamElement } from './elements/market-stream/market-stream.js';
export { StreamErrorEvent, StreamStateChangeEvent } from './elements/market-stream/market-stream.events.js';
export { OrderBookElement } from './elements/order-book/order-book.js';
export { GroupingChangeEvent, LevelSelectEvent, type LevelPick } from './elements/order-book/order-book.events.js';
export type { LevelInput } from './elements/order-book/hand-fed.js';
export type { OwnOrderInput } from './elements/order-book/own-orders.js';
export { FeedStatusElement } from './elements/feed-status/feed-status.js';
export { FeedReconnectEvent } from './elements/feed-status/feed-status.events.js';
export { streamContext } from './context/contexts.js';
export { StreamController, type StreamControllerOptions } from './context/stream-controller.js';
export { defineOnce } from './define/define-once.js';
export * from './stream/index.js';
