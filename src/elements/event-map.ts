import type { FeedReconnectEvent } from './feed-status/feed-status.events.js';
import type { StreamErrorEvent, StreamStateChangeEvent } from './market-stream/market-stream.events.js';
import type { GroupingChangeEvent, LevelSelectEvent } from './order-book/order-book.events.js';
import type { OrderRejectEvent, OrderSubmitEvent, OrderUpdateEvent } from './order-panel/order-panel.events.js';

/** What `addEventListener` hands over by an event's name. Every element's types lead here, so that no page has to ask for it. */
declare global {
  /** Of elements, document and window alike: these bubble and leave every shadow root. */
  interface GlobalEventHandlersEventMap {
    'feed-reconnect': FeedReconnectEvent;
    'grouping-change': GroupingChangeEvent;
    'level-select': LevelSelectEvent;
    'order-reject': OrderRejectEvent;
    'order-submit': OrderSubmitEvent;
    'order-update': OrderUpdateEvent;
  }
  /** These do not. */
  interface HTMLElementEventMap {
    'stream-error': StreamErrorEvent;
    'stream-state-change': StreamStateChangeEvent;
  }
}
