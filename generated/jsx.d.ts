import type { FeedReconnectEvent } from "../dist/elements/feed-status/feed-status.events.js";
import type { GroupingChangeEvent } from "../dist/elements/order-book/order-book.events.js";
import type { LevelSelectEvent } from "../dist/elements/order-book/order-book.events.js";
import type { OrderRejectEvent } from "../dist/elements/order-panel/order-panel.events.js";
import type { OrderSubmitEvent } from "../dist/elements/order-panel/order-panel.events.js";
import type { OrderUpdateEvent } from "../dist/elements/order-panel/order-panel.events.js";
import type { StreamErrorEvent } from "../dist/elements/market-stream/market-stream.events.js";
import type { StreamStateChangeEvent } from "../dist/elements/market-stream/market-stream.events.js";
import type { FeedStatusElement } from "../dist/elements/feed-status/feed-status.js";
import type { MarketStreamElement } from "../dist/elements/market-stream/market-stream.js";
import type { OpenOrdersElement } from "../dist/elements/open-orders/open-orders.js";
import type { OrderBookElement } from "../dist/elements/order-book/order-book.js";
import type { OrderPanelElement } from "../dist/elements/order-panel/order-panel.js";

/**
 * This type can be used to create scoped tags for your components.
 *
 * Usage:
 *
 * ```ts
 * import type { ScopedElements } from "path/to/library/jsx-integration";
 *
 * declare module "my-library" {
 *   namespace JSX {
 *     interface IntrinsicElements
 *       extends ScopedElements<'test-', ''> {}
 *   }
 * }
 * ```
 *
 * @deprecated Runtime scoped elements result in duplicate types and can confusing for developers. It is recommended to use the `prefix` and `suffix` options to generate new types instead.
 */
export type ScopedElements<
  Prefix extends string = "",
  Suffix extends string = "",
> = {
  [
    Key in keyof CustomElements as `${Prefix}${Key}${Suffix}`
  ]: CustomElements[Key];
};

type BaseProps<T extends HTMLElement> = {
  /** Content added between the opening and closing tags of the element */
  children?: any | undefined;
  /** Used for declaratively styling one or more elements using CSS (Cascading Stylesheets) */
  class?: string | undefined;
  /** Used for declaratively styling one or more elements using CSS (Cascading Stylesheets) */
  className?: string | undefined;
  /** Takes an object where the key is the class name(s) and the value is a boolean expression. When true, the class is applied, and when false, it is removed. */
  classList?: Record<string, boolean | undefined> | undefined;
  /** Specifies the text direction of the element. */
  dir?: "ltr" | "rtl" | undefined;
  /** Contains a space-separated list of the part names of the element that should be exposed on the host element. */
  exportparts?: string | undefined;
  /** For <label> and <output>, lets you associate the label with some control. */
  htmlFor?: string | undefined;
  /** Specifies whether the element should be hidden. */
  hidden?: boolean | string | undefined;
  /** A unique identifier for the element. */
  id?: string | undefined;
  /** Keys tell React which array item each component corresponds to */
  key?: string | number | undefined;
  /** Specifies the language of the element. */
  lang?: string | undefined;
  /** Defines the element's semantic role for accessibility APIs. */
  role?: string | undefined;
  /** Contains a space-separated list of the part names of the element. Part names allows CSS to select and style specific elements in a shadow tree via the ::part pseudo-element. */
  part?: string | undefined;
  /** Use the ref attribute with a variable to assign a DOM element to the variable once the element is rendered. */
  ref?: (T | ((e: T) => void)) | undefined;
  /** Adds a reference for a custom element slot */
  slot?: string | undefined;
  /** Prop for setting inline styles */
  style?: Record<string, string | number> | undefined;
  /** Overrides the default Tab button behavior. Avoid using values other than -1 and 0. */
  tabIndex?: number | undefined;
  /** Specifies the tooltip text for the element. */
  title?: string | undefined;
  /** Passing 'no' excludes the element content from being translated. */
  translate?: "yes" | "no" | undefined;
  /** The popover global attribute is used to designate an element as a popover element. */
  popover?: "auto" | "hint" | "manual" | undefined;
  /** Turns an element element into a popover control button; takes the ID of the popover element to control as its value. */
  popovertarget?: "top" | "bottom" | "left" | "right" | "auto" | undefined;
  /** Specifies the action to be performed on a popover element being controlled by a control element. */
  popovertargetaction?: "show" | "hide" | "toggle" | undefined;
};

type BaseEvents = {};

export type FeedStatusElementProps = {
  /** Judges this symbol too, and shows the age of its data; default: the connection alone. */
  symbol?: FeedStatusElement["symbol"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  src?: FeedStatusElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  venue?: FeedStatusElement["venue"] | undefined;
  /** Shows the further figures: where the time goes from the feed to the screen, and all that is counted. */
  detail?: FeedStatusElement["detail"] | undefined;
  /** When it asks for its feed. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport.
`lazy`: not before it is within a screen of the viewport, then as `auto`. `eager`: at once and for good. */
  loading?: FeedStatusElement["loading"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  theme?: FeedStatusElement["theme"] | undefined;
  /** Inner distances: `comfortable` or `compact`. */
  density?: FeedStatusElement["density"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  stream?: FeedStatusElement["stream"] | undefined;

  /** The button was pressed. Cancel it to keep the stream from reconnecting by itself. */
  "onfeed-reconnect"?: ((e: FeedReconnectEvent) => void) | undefined;
};

export type FeedStatusElementSolidJsProps = {
  /** Judges this symbol too, and shows the age of its data; default: the connection alone. */
  "prop:symbol"?: FeedStatusElement["symbol"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  "prop:src"?: FeedStatusElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  "prop:venue"?: FeedStatusElement["venue"] | undefined;
  /** Shows the further figures: where the time goes from the feed to the screen, and all that is counted. */
  "prop:detail"?: FeedStatusElement["detail"] | undefined;
  /** When it asks for its feed. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport.
`lazy`: not before it is within a screen of the viewport, then as `auto`. `eager`: at once and for good. */
  "prop:loading"?: FeedStatusElement["loading"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  "prop:theme"?: FeedStatusElement["theme"] | undefined;
  /** Inner distances: `comfortable` or `compact`. */
  "prop:density"?: FeedStatusElement["density"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  "prop:stream"?: FeedStatusElement["stream"] | undefined;
  /** The button was pressed. Cancel it to keep the stream from reconnecting by itself. */
  "on:feed-reconnect"?: ((e: FeedReconnectEvent) => void) | undefined;

  /** Set the innerHTML of the element */
  innerHTML?: string | undefined;
  /** Set the textContent of the element */
  textContent?: string | number | undefined;
};

export type MarketStreamElementProps = {
  /** Address of the feed: `wss://…`, a path on the page's own host, or `demo:` for a market inside the page. */
  src?: MarketStreamElement["src"] | undefined;
  /** Who speaks at the other end: `touchline`, which includes the guide's dialect, or an exchange: `binance`, `coinbase`,
`kraken`, `okx`, `bybit`, `bitfinex`, `deribit` and others. An exchange's own address stands for an empty `src`. */
  venue?: MarketStreamElement["venue"] | undefined;
  /** Shortest time between two deliveries of one symbol, in milliseconds; 0 is every frame. */
  throttle?: MarketStreamElement["throttle"] | undefined;
  /** Deliveries a second over all symbols. Above it symbols are conflated for longer, low priority first; nothing is dropped. */
  "rate-limit"?: MarketStreamElement["rateLimit"] | undefined;
  /** Deliveries a second over all symbols. Above it symbols are conflated for longer, low priority first; nothing is dropped. */
  rateLimit?: MarketStreamElement["rateLimit"] | undefined;
  /** Trades kept for a symbol, and early deltas kept while its snapshot is awaited. */
  "buffer-size"?: MarketStreamElement["bufferSize"] | undefined;
  /** Trades kept for a symbol, and early deltas kept while its snapshot is awaited. */
  bufferSize?: MarketStreamElement["bufferSize"] | undefined;
  /** Time between two pings in milliseconds; two without an answer end the connection. */
  heartbeat?: MarketStreamElement["heartbeat"] | undefined;
  /** First delay before a new try, in milliseconds; it grows with every try, with jitter, to 30 s. */
  "reconnect-delay"?: MarketStreamElement["reconnectDelay"] | undefined;
  /** First delay before a new try, in milliseconds; it grows with every try, with jitter, to 30 s. */
  reconnectDelay?: MarketStreamElement["reconnectDelay"] | undefined;
  /** Quick tries before the state says `offline`; slow ones go on. */
  "reconnect-attempts"?: MarketStreamElement["reconnectAttempts"] | undefined;
  /** Quick tries before the state says `offline`; slow ones go on. */
  reconnectAttempts?: MarketStreamElement["reconnectAttempts"] | undefined;
  /** Sockets at most, where the other end takes fewer symbols on one than are wanted. */
  "max-connections"?: MarketStreamElement["maxConnections"] | undefined;
  /** Sockets at most, where the other end takes fewer symbols on one than are wanted. */
  maxConnections?: MarketStreamElement["maxConnections"] | undefined;
  /** Tells the browser's profiler, and every `PerformanceObserver` for `measure`, how long each stage from the feed to the
screen took: entries `touchline:arrival`, `:apply`, `:delivery`, `:paint`, `:total`, at most ten of each a second. */
  "user-timing"?: MarketStreamElement["userTiming"] | undefined;
  /** Tells the browser's profiler, and every `PerformanceObserver` for `measure`, how long each stage from the feed to the
screen took: entries `touchline:arrival`, `:apply`, `:delivery`, `:paint`, `:total`, at most ten of each a second. */
  userTiming?: MarketStreamElement["userTiming"] | undefined;
  /** Puts socket, decoding and books in a worker: empty or `dedicated` for one of the stream's own, `shared` for one that
all tabs of the origin share, with one connection. Where there can be none the stream is in the page, and says so
once. Read when the stream is made. */
  worker?: MarketStreamElement["worker"] | undefined;
  /** Where the worker's script is, on the page's own origin. Default: beside the kit's own files. */
  "worker-url"?: MarketStreamElement["workerUrl"] | undefined;
  /** Where the worker's script is, on the page's own origin. Default: beside the kit's own files. */
  workerUrl?: MarketStreamElement["workerUrl"] | undefined;
  /** Closes the connection and keeps it closed. Every element with the same address is paused with it. */
  paused?: MarketStreamElement["paused"] | undefined;
  /** Gives a token to log in with, or a promise of one: a function, called at each connect, before the login runs out and
after a refusal. Never put a token in `src`. Elements with the same address share one connection, and so one login: the
function that was set last counts. */
  token?: MarketStreamElement["token"] | undefined;
  /** The stream. Set it to provide one that was made by script. */
  stream?: MarketStreamElement["stream"] | undefined;

  /** The connection's state has changed. */
  "onstream-state-change"?: ((e: StreamStateChangeEvent) => void) | undefined;
  /** Something went wrong that the page may want to log; the stream goes on by itself. */
  "onstream-error"?: ((e: StreamErrorEvent) => void) | undefined;
};

export type MarketStreamElementSolidJsProps = {
  /** Address of the feed: `wss://…`, a path on the page's own host, or `demo:` for a market inside the page. */
  "prop:src"?: MarketStreamElement["src"] | undefined;
  /** Who speaks at the other end: `touchline`, which includes the guide's dialect, or an exchange: `binance`, `coinbase`,
`kraken`, `okx`, `bybit`, `bitfinex`, `deribit` and others. An exchange's own address stands for an empty `src`. */
  "prop:venue"?: MarketStreamElement["venue"] | undefined;
  /** Shortest time between two deliveries of one symbol, in milliseconds; 0 is every frame. */
  "prop:throttle"?: MarketStreamElement["throttle"] | undefined;
  /** Deliveries a second over all symbols. Above it symbols are conflated for longer, low priority first; nothing is dropped. */
  "attr:rate-limit"?: MarketStreamElement["rateLimit"] | undefined;
  /** Deliveries a second over all symbols. Above it symbols are conflated for longer, low priority first; nothing is dropped. */
  "prop:rateLimit"?: MarketStreamElement["rateLimit"] | undefined;
  /** Trades kept for a symbol, and early deltas kept while its snapshot is awaited. */
  "attr:buffer-size"?: MarketStreamElement["bufferSize"] | undefined;
  /** Trades kept for a symbol, and early deltas kept while its snapshot is awaited. */
  "prop:bufferSize"?: MarketStreamElement["bufferSize"] | undefined;
  /** Time between two pings in milliseconds; two without an answer end the connection. */
  "prop:heartbeat"?: MarketStreamElement["heartbeat"] | undefined;
  /** First delay before a new try, in milliseconds; it grows with every try, with jitter, to 30 s. */
  "attr:reconnect-delay"?: MarketStreamElement["reconnectDelay"] | undefined;
  /** First delay before a new try, in milliseconds; it grows with every try, with jitter, to 30 s. */
  "prop:reconnectDelay"?: MarketStreamElement["reconnectDelay"] | undefined;
  /** Quick tries before the state says `offline`; slow ones go on. */
  "attr:reconnect-attempts"?:
    MarketStreamElement["reconnectAttempts"] | undefined;
  /** Quick tries before the state says `offline`; slow ones go on. */
  "prop:reconnectAttempts"?:
    MarketStreamElement["reconnectAttempts"] | undefined;
  /** Sockets at most, where the other end takes fewer symbols on one than are wanted. */
  "attr:max-connections"?: MarketStreamElement["maxConnections"] | undefined;
  /** Sockets at most, where the other end takes fewer symbols on one than are wanted. */
  "prop:maxConnections"?: MarketStreamElement["maxConnections"] | undefined;
  /** Tells the browser's profiler, and every `PerformanceObserver` for `measure`, how long each stage from the feed to the
screen took: entries `touchline:arrival`, `:apply`, `:delivery`, `:paint`, `:total`, at most ten of each a second. */
  "bool:user-timing"?: MarketStreamElement["userTiming"] | undefined;
  /** Tells the browser's profiler, and every `PerformanceObserver` for `measure`, how long each stage from the feed to the
screen took: entries `touchline:arrival`, `:apply`, `:delivery`, `:paint`, `:total`, at most ten of each a second. */
  "prop:userTiming"?: MarketStreamElement["userTiming"] | undefined;
  /** Puts socket, decoding and books in a worker: empty or `dedicated` for one of the stream's own, `shared` for one that
all tabs of the origin share, with one connection. Where there can be none the stream is in the page, and says so
once. Read when the stream is made. */
  "prop:worker"?: MarketStreamElement["worker"] | undefined;
  /** Where the worker's script is, on the page's own origin. Default: beside the kit's own files. */
  "attr:worker-url"?: MarketStreamElement["workerUrl"] | undefined;
  /** Where the worker's script is, on the page's own origin. Default: beside the kit's own files. */
  "prop:workerUrl"?: MarketStreamElement["workerUrl"] | undefined;
  /** Closes the connection and keeps it closed. Every element with the same address is paused with it. */
  "prop:paused"?: MarketStreamElement["paused"] | undefined;
  /** Gives a token to log in with, or a promise of one: a function, called at each connect, before the login runs out and
after a refusal. Never put a token in `src`. Elements with the same address share one connection, and so one login: the
function that was set last counts. */
  "prop:token"?: MarketStreamElement["token"] | undefined;
  /** The stream. Set it to provide one that was made by script. */
  "prop:stream"?: MarketStreamElement["stream"] | undefined;
  /** The connection's state has changed. */
  "on:stream-state-change"?: ((e: StreamStateChangeEvent) => void) | undefined;
  /** Something went wrong that the page may want to log; the stream goes on by itself. */
  "on:stream-error"?: ((e: StreamErrorEvent) => void) | undefined;

  /** Set the innerHTML of the element */
  innerHTML?: string | undefined;
  /** Set the textContent of the element */
  textContent?: string | number | undefined;
};

export type OpenOrdersElementProps = {
  /** Lists only orders of this symbol, and those of any other that have no answer or contradictory ones. Empty: all. */
  symbol?: OpenOrdersElement["symbol"] | undefined;
  /** The account whose orders are listed. */
  account?: OpenOrdersElement["account"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  src?: OpenOrdersElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  venue?: OpenOrdersElement["venue"] | undefined;
  /** Lists the paper orders of the tickets of the same feed whose `paper` is the same. It wins over `gateway` and `balances`. */
  paper?: OpenOrdersElement["paper"] | undefined;
  /** How many orders that have ended are listed, 0 to 50. */
  history?: OpenOrdersElement["history"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  theme?: OpenOrdersElement["theme"] | undefined;
  /** Row height: `comfortable` or `compact`. */
  density?: OpenOrdersElement["density"] | undefined;
  /** Who carries the orders; default: the feed's server, if there is an account. The same as that of the tickets. */
  gateway?: OpenOrdersElement["gateway"] | undefined;
  /** What may be spent and sold, by hand; default: what the gateway says. A changed order is judged by it. */
  balances?: OpenOrdersElement["balances"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  stream?: OpenOrdersElement["stream"] | undefined;

  /** An order in this list changed, whoever placed it. */
  "onorder-update"?: ((e: OrderUpdateEvent) => void) | undefined;
  /** An order in this list was rejected, or never left. */
  "onorder-reject"?: ((e: OrderRejectEvent) => void) | undefined;
};

export type OpenOrdersElementSolidJsProps = {
  /** Lists only orders of this symbol, and those of any other that have no answer or contradictory ones. Empty: all. */
  "prop:symbol"?: OpenOrdersElement["symbol"] | undefined;
  /** The account whose orders are listed. */
  "prop:account"?: OpenOrdersElement["account"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  "prop:src"?: OpenOrdersElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  "prop:venue"?: OpenOrdersElement["venue"] | undefined;
  /** Lists the paper orders of the tickets of the same feed whose `paper` is the same. It wins over `gateway` and `balances`. */
  "prop:paper"?: OpenOrdersElement["paper"] | undefined;
  /** How many orders that have ended are listed, 0 to 50. */
  "prop:history"?: OpenOrdersElement["history"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  "prop:theme"?: OpenOrdersElement["theme"] | undefined;
  /** Row height: `comfortable` or `compact`. */
  "prop:density"?: OpenOrdersElement["density"] | undefined;
  /** Who carries the orders; default: the feed's server, if there is an account. The same as that of the tickets. */
  "prop:gateway"?: OpenOrdersElement["gateway"] | undefined;
  /** What may be spent and sold, by hand; default: what the gateway says. A changed order is judged by it. */
  "prop:balances"?: OpenOrdersElement["balances"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  "prop:stream"?: OpenOrdersElement["stream"] | undefined;
  /** An order in this list changed, whoever placed it. */
  "on:order-update"?: ((e: OrderUpdateEvent) => void) | undefined;
  /** An order in this list was rejected, or never left. */
  "on:order-reject"?: ((e: OrderRejectEvent) => void) | undefined;

  /** Set the innerHTML of the element */
  innerHTML?: string | undefined;
  /** Set the textContent of the element */
  textContent?: string | number | undefined;
};

export type OrderBookElementProps = {
  /** The venue's spelling of the symbol, e.g. `SCOM`. */
  symbol?: OrderBookElement["symbol"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  src?: OrderBookElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  venue?: OrderBookElement["venue"] | undefined;
  /** Levels a side, 1 to 1000. */
  depth?: OrderBookElement["depth"] | undefined;
  /** Width of a price bucket as price text, a whole number of ticks; empty for none. */
  grouping?: OrderBookElement["grouping"] | undefined;
  /** Columns in this order: some of `price size total notional`. */
  columns?: OrderBookElement["columns"] | undefined;
  /** How the sides stand; `auto` goes by the element's own width. */
  layout?: OrderBookElement["layout"] | undefined;
  /** What the length of a bar stands for. */
  bar?: OrderBookElement["bar"] | undefined;
  /** Row height: `comfortable` (24 px) or `compact` (20 px). */
  density?: OrderBookElement["density"] | undefined;
  /** Leaves the row between the sides out. */
  "without-spread"?: OrderBookElement["withoutSpread"] | undefined;
  /** Leaves the row between the sides out. */
  withoutSpread?: OrderBookElement["withoutSpread"] | undefined;
  /** Leaves the tint of changed rows out. */
  "without-flash"?: OrderBookElement["withoutFlash"] | undefined;
  /** Leaves the tint of changed rows out. */
  withoutFlash?: OrderBookElement["withoutFlash"] | undefined;
  /** Freezes the picture. It is marked as frozen, and says how old it is. */
  paused?: OrderBookElement["paused"] | undefined;
  /** When its data are asked for. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport;
seen again, it shows its last numbers marked as stale, then live ones. `lazy`: not before it is within a screen of the
viewport, then as `auto`. `eager`: at once and for good. */
  loading?: OrderBookElement["loading"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  theme?: OrderBookElement["theme"] | undefined;
  /** Bids by hand, in any order: `{price, size}` or, as in the guide, `{price, quantity}`. */
  bids?: OrderBookElement["bids"] | undefined;
  /** Asks by hand. */
  asks?: OrderBookElement["asks"] | undefined;
  /** Last traded price by hand; default: the feed's. */
  lastPrice?: OrderBookElement["lastPrice"] | undefined;
  /** The page's own orders in this book, by hand: `{side, price, size}` each. Default: those of the tickets and order lists
on the same feed. */
  ownOrders?: OrderBookElement["ownOrders"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  stream?: OrderBookElement["stream"] | undefined;

  /** A level was picked, with the numbers that were painted when the pointer went down. */
  "onlevel-select"?: ((e: LevelSelectEvent) => void) | undefined;
  /** The user chose another grouping. */
  "ongrouping-change"?: ((e: GroupingChangeEvent) => void) | undefined;
};

export type OrderBookElementSolidJsProps = {
  /** The venue's spelling of the symbol, e.g. `SCOM`. */
  "prop:symbol"?: OrderBookElement["symbol"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  "prop:src"?: OrderBookElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  "prop:venue"?: OrderBookElement["venue"] | undefined;
  /** Levels a side, 1 to 1000. */
  "prop:depth"?: OrderBookElement["depth"] | undefined;
  /** Width of a price bucket as price text, a whole number of ticks; empty for none. */
  "prop:grouping"?: OrderBookElement["grouping"] | undefined;
  /** Columns in this order: some of `price size total notional`. */
  "prop:columns"?: OrderBookElement["columns"] | undefined;
  /** How the sides stand; `auto` goes by the element's own width. */
  "prop:layout"?: OrderBookElement["layout"] | undefined;
  /** What the length of a bar stands for. */
  "prop:bar"?: OrderBookElement["bar"] | undefined;
  /** Row height: `comfortable` (24 px) or `compact` (20 px). */
  "prop:density"?: OrderBookElement["density"] | undefined;
  /** Leaves the row between the sides out. */
  "bool:without-spread"?: OrderBookElement["withoutSpread"] | undefined;
  /** Leaves the row between the sides out. */
  "prop:withoutSpread"?: OrderBookElement["withoutSpread"] | undefined;
  /** Leaves the tint of changed rows out. */
  "bool:without-flash"?: OrderBookElement["withoutFlash"] | undefined;
  /** Leaves the tint of changed rows out. */
  "prop:withoutFlash"?: OrderBookElement["withoutFlash"] | undefined;
  /** Freezes the picture. It is marked as frozen, and says how old it is. */
  "prop:paused"?: OrderBookElement["paused"] | undefined;
  /** When its data are asked for. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport;
seen again, it shows its last numbers marked as stale, then live ones. `lazy`: not before it is within a screen of the
viewport, then as `auto`. `eager`: at once and for good. */
  "prop:loading"?: OrderBookElement["loading"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  "prop:theme"?: OrderBookElement["theme"] | undefined;
  /** Bids by hand, in any order: `{price, size}` or, as in the guide, `{price, quantity}`. */
  "prop:bids"?: OrderBookElement["bids"] | undefined;
  /** Asks by hand. */
  "prop:asks"?: OrderBookElement["asks"] | undefined;
  /** Last traded price by hand; default: the feed's. */
  "prop:lastPrice"?: OrderBookElement["lastPrice"] | undefined;
  /** The page's own orders in this book, by hand: `{side, price, size}` each. Default: those of the tickets and order lists
on the same feed. */
  "prop:ownOrders"?: OrderBookElement["ownOrders"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  "prop:stream"?: OrderBookElement["stream"] | undefined;
  /** A level was picked, with the numbers that were painted when the pointer went down. */
  "on:level-select"?: ((e: LevelSelectEvent) => void) | undefined;
  /** The user chose another grouping. */
  "on:grouping-change"?: ((e: GroupingChangeEvent) => void) | undefined;

  /** Set the innerHTML of the element */
  innerHTML?: string | undefined;
  /** Set the textContent of the element */
  textContent?: string | number | undefined;
};

export type OrderPanelElementProps = {
  /** The venue's spelling of the symbol, e.g. `SCOM`. */
  symbol?: OrderPanelElement["symbol"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  src?: OrderPanelElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  venue?: OrderPanelElement["venue"] | undefined;
  /** The account to order for. Without it, orders go to the page only. */
  account?: OrderPanelElement["account"] | undefined;
  /** Types offered, in this order: some of `limit market stop stop_limit`. */
  "order-types"?: OrderPanelElement["orderTypes"] | undefined;
  /** Types offered, in this order: some of `limit market stop stop_limit`. */
  orderTypes?: OrderPanelElement["orderTypes"] | undefined;
  /** Orders are simulated against the live book, go nowhere, and the page is not asked for them. The value is what the paper account
begins with in the symbol's currency, e.g. `50000`; empty: 100000. It wins over `gateway` and `balances`. */
  paper?: OrderPanelElement["paper"] | undefined;
  /** When to ask before sending: `always`; `unless-declined`, where a person may tick "Do not ask again" for an account and
order type, and take that back in the ticket; `unless-trivial`, which lets limit orders go of which nothing has to be
said; `armed`, where a person arms the ticket for a while in which one press sends; or `never`. What is doubtful is always
asked. */
  confirm?: OrderPanelElement["confirm"] | undefined;
  /** How long a ticket with `confirm="armed"` may lie unused until it is disarmed, in milliseconds. Default: a minute. */
  "armed-for"?: OrderPanelElement["armedFor"] | undefined;
  /** How long a ticket with `confirm="armed"` may lie unused until it is disarmed, in milliseconds. Default: a minute. */
  armedFor?: OrderPanelElement["armedFor"] | undefined;
  /** Oldest prices to order on, in milliseconds. Default: the verdict of the feed decides. */
  "max-age"?: OrderPanelElement["maxAge"] | undefined;
  /** Oldest prices to order on, in milliseconds. Default: the verdict of the feed decides. */
  maxAge?: OrderPanelElement["maxAge"] | undefined;
  /** Keeps the ticket from being used. Orders can still be cancelled. */
  disabled?: OrderPanelElement["disabled"] | undefined;
  /** The name under which a form sends the draft. With a name or without, an empty ticket keeps its form from being submitted. */
  name?: OrderPanelElement["name"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  theme?: OrderPanelElement["theme"] | undefined;
  /** Row height: `comfortable` or `compact`. */
  density?: OrderPanelElement["density"] | undefined;
  /** When its data are asked for: `auto`, `lazy` or `eager`, as with the book. With an entry or an open order it is awake. */
  loading?: OrderPanelElement["loading"] | undefined;
  /** Buying or selling. */
  side?: OrderPanelElement["side"] | undefined;
  /** What is traded, by hand; default: what the feed says. */
  instrument?: OrderPanelElement["instrument"] | undefined;
  /** What may be spent and sold, by hand; default: what the gateway says. */
  balances?: OrderPanelElement["balances"] | undefined;
  /** Who takes the orders that the page does not take; default: the feed's server, if it offers that and there is an account. */
  gateway?: OrderPanelElement["gateway"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  stream?: OrderPanelElement["stream"] | undefined;
  /** What was entered and not yet sent, as JSON: what a form sends and a browser restores. Anything else is told, and left out. */
  value?: OrderPanelElement["value"] | undefined;

  /** An order is wanted and confirmed. Answer with `respondWith(promise)`, or forbid it with `preventDefault()`. */
  "onorder-submit"?: ((e: OrderSubmitEvent) => void) | undefined;
  /** An order of this ticket changed. */
  "onorder-update"?: ((e: OrderUpdateEvent) => void) | undefined;
  /** An order of this ticket was rejected, or never left. */
  "onorder-reject"?: ((e: OrderRejectEvent) => void) | undefined;
};

export type OrderPanelElementSolidJsProps = {
  /** The venue's spelling of the symbol, e.g. `SCOM`. */
  "prop:symbol"?: OrderPanelElement["symbol"] | undefined;
  /** Address of a feed of the element's own; default: the nearest `<market-stream>`. */
  "prop:src"?: OrderPanelElement["src"] | undefined;
  /** Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`. */
  "prop:venue"?: OrderPanelElement["venue"] | undefined;
  /** The account to order for. Without it, orders go to the page only. */
  "prop:account"?: OrderPanelElement["account"] | undefined;
  /** Types offered, in this order: some of `limit market stop stop_limit`. */
  "attr:order-types"?: OrderPanelElement["orderTypes"] | undefined;
  /** Types offered, in this order: some of `limit market stop stop_limit`. */
  "prop:orderTypes"?: OrderPanelElement["orderTypes"] | undefined;
  /** Orders are simulated against the live book, go nowhere, and the page is not asked for them. The value is what the paper account
begins with in the symbol's currency, e.g. `50000`; empty: 100000. It wins over `gateway` and `balances`. */
  "prop:paper"?: OrderPanelElement["paper"] | undefined;
  /** When to ask before sending: `always`; `unless-declined`, where a person may tick "Do not ask again" for an account and
order type, and take that back in the ticket; `unless-trivial`, which lets limit orders go of which nothing has to be
said; `armed`, where a person arms the ticket for a while in which one press sends; or `never`. What is doubtful is always
asked. */
  "prop:confirm"?: OrderPanelElement["confirm"] | undefined;
  /** How long a ticket with `confirm="armed"` may lie unused until it is disarmed, in milliseconds. Default: a minute. */
  "attr:armed-for"?: OrderPanelElement["armedFor"] | undefined;
  /** How long a ticket with `confirm="armed"` may lie unused until it is disarmed, in milliseconds. Default: a minute. */
  "prop:armedFor"?: OrderPanelElement["armedFor"] | undefined;
  /** Oldest prices to order on, in milliseconds. Default: the verdict of the feed decides. */
  "attr:max-age"?: OrderPanelElement["maxAge"] | undefined;
  /** Oldest prices to order on, in milliseconds. Default: the verdict of the feed decides. */
  "prop:maxAge"?: OrderPanelElement["maxAge"] | undefined;
  /** Keeps the ticket from being used. Orders can still be cancelled. */
  "prop:disabled"?: OrderPanelElement["disabled"] | undefined;
  /** The name under which a form sends the draft. With a name or without, an empty ticket keeps its form from being submitted. */
  "prop:name"?: OrderPanelElement["name"] | undefined;
  /** Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page. */
  "prop:theme"?: OrderPanelElement["theme"] | undefined;
  /** Row height: `comfortable` or `compact`. */
  "prop:density"?: OrderPanelElement["density"] | undefined;
  /** When its data are asked for: `auto`, `lazy` or `eager`, as with the book. With an entry or an open order it is awake. */
  "prop:loading"?: OrderPanelElement["loading"] | undefined;
  /** Buying or selling. */
  "prop:side"?: OrderPanelElement["side"] | undefined;
  /** What is traded, by hand; default: what the feed says. */
  "prop:instrument"?: OrderPanelElement["instrument"] | undefined;
  /** What may be spent and sold, by hand; default: what the gateway says. */
  "prop:balances"?: OrderPanelElement["balances"] | undefined;
  /** Who takes the orders that the page does not take; default: the feed's server, if it offers that and there is an account. */
  "prop:gateway"?: OrderPanelElement["gateway"] | undefined;
  /** A stream made by script; it wins over `src` and over a provider. */
  "prop:stream"?: OrderPanelElement["stream"] | undefined;
  /** What was entered and not yet sent, as JSON: what a form sends and a browser restores. Anything else is told, and left out. */
  "prop:value"?: OrderPanelElement["value"] | undefined;
  /** An order is wanted and confirmed. Answer with `respondWith(promise)`, or forbid it with `preventDefault()`. */
  "on:order-submit"?: ((e: OrderSubmitEvent) => void) | undefined;
  /** An order of this ticket changed. */
  "on:order-update"?: ((e: OrderUpdateEvent) => void) | undefined;
  /** An order of this ticket was rejected, or never left. */
  "on:order-reject"?: ((e: OrderRejectEvent) => void) | undefined;

  /** Set the innerHTML of the element */
  innerHTML?: string | undefined;
  /** Set the textContent of the element */
  textContent?: string | number | undefined;
};

export type CustomElements = {
  /**
   * One quiet line about the feed: its state as a word, a shape and a colour; why; what is being done about it; the rate
   * and the age of the data; and a button to try at once.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: Judges this symbol too, and shows the age of its data; default: the connection alone.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `detail`: Shows the further figures: where the time goes from the feed to the screen, and all that is counted.
   * - `loading`: When it asks for its feed. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport.
   * `lazy`: not before it is within a screen of the viewport, then as `auto`. `eager`: at once and for good.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `density`: Inner distances: `comfortable` or `compact`.
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `feed-reconnect`: The button was pressed. Cancel it to keep the stream from reconnecting by itself.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of the button. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-up`: Colour of a good state. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-accent`: Focus. (default: `undefined`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance at the inline edges. (default: `14px`)
   * - `--tl-font-size`: Font size, which all others and the heights follow. (default: `14px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `state`: The word of the state.
   * - `reason`: Why it is so, and what is being done.
   * - `metrics`: Rate and age.
   * - `detail`: The further figures.
   * - `waterfall`: Where the time goes from the feed to the screen, in the further figures.
   * - `reconnect`: The button.
   * - `record`: The button that saves the last minute of the feed, in the detail.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: The feed is good.
   * - `quiet`: The link is good and the market has no news.
   * - `delayed`: The feed sends old data.
   * - `stale`: The numbers may be behind.
   * - `resyncing`: A book is being fetched anew.
   * - `crossed`: A book is crossed.
   * - `closed`: The market is closed or halted.
   * - `disconnected`: There is no connection.
   * - `error`: There is no feed on this page.
   */
  "feed-status": Partial<
    FeedStatusElementProps & BaseProps<FeedStatusElement> & BaseEvents
  >;

  /**
   * Gives one market data stream to every element below it. All elements with the same address share one connection, on
   * the whole page; it is opened by the first and closed after the last.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `src`: Address of the feed: `wss://…`, a path on the page's own host, or `demo:` for a market inside the page.
   * - `venue`: Who speaks at the other end: `touchline`, which includes the guide's dialect, or an exchange: `binance`, `coinbase`,
   * `kraken`, `okx`, `bybit`, `bitfinex`, `deribit` and others. An exchange's own address stands for an empty `src`.
   * - `throttle`: Shortest time between two deliveries of one symbol, in milliseconds; 0 is every frame.
   * - `rate-limit`/`rateLimit`: Deliveries a second over all symbols. Above it symbols are conflated for longer, low priority first; nothing is dropped.
   * - `buffer-size`/`bufferSize`: Trades kept for a symbol, and early deltas kept while its snapshot is awaited.
   * - `heartbeat`: Time between two pings in milliseconds; two without an answer end the connection.
   * - `reconnect-delay`/`reconnectDelay`: First delay before a new try, in milliseconds; it grows with every try, with jitter, to 30 s.
   * - `reconnect-attempts`/`reconnectAttempts`: Quick tries before the state says `offline`; slow ones go on.
   * - `max-connections`/`maxConnections`: Sockets at most, where the other end takes fewer symbols on one than are wanted.
   * - `user-timing`/`userTiming`: Tells the browser's profiler, and every `PerformanceObserver` for `measure`, how long each stage from the feed to the
   * screen took: entries `touchline:arrival`, `:apply`, `:delivery`, `:paint`, `:total`, at most ten of each a second.
   * - `worker`: Puts socket, decoding and books in a worker: empty or `dedicated` for one of the stream's own, `shared` for one that
   * all tabs of the origin share, with one connection. Where there can be none the stream is in the page, and says so
   * once. Read when the stream is made.
   * - `worker-url`/`workerUrl`: Where the worker's script is, on the page's own origin. Default: beside the kit's own files.
   * - `paused`: Closes the connection and keeps it closed. Every element with the same address is paused with it.
   * - `token`: Gives a token to log in with, or a promise of one: a function, called at each connect, before the login runs out and
   * after a refusal. Never put a token in `src`. Elements with the same address share one connection, and so one login: the
   * function that was set last counts. (property only)
   * - `stream`: The stream. Set it to provide one that was made by script. (property only)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `stream-state-change`: The connection's state has changed.
   * - `stream-error`: Something went wrong that the page may want to log; the stream goes on by itself.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: The elements that read the stream.
   *
   * ## Methods
   *
   * Methods that can be called to access component functionality.
   *
   * - `connect() => void`: Opens the connection after `disconnect()`.
   * - `disconnect() => void`: Closes the connection until `connect()`.
   * - `reconnect() => void`: Drops the connection, if any, and tries at once.
   */
  "market-stream": Partial<
    MarketStreamElementProps & BaseProps<MarketStreamElement> & BaseEvents
  >;

  /**
   * The orders of one account, wherever the page wants them: those that may still trade and the last that have ended, each
   * with what has filled, how it stands in words, and what can be done with it. It shares them with every ticket of the
   * same feed or gateway and account, and places none itself.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: Lists only orders of this symbol, and those of any other that have no answer or contradictory ones. Empty: all.
   * - `account`: The account whose orders are listed.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `paper`: Lists the paper orders of the tickets of the same feed whose `paper` is the same. It wins over `gateway` and `balances`.
   * - `history`: How many orders that have ended are listed, 0 to 50.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `density`: Row height: `comfortable` or `compact`.
   * - `gateway`: Who carries the orders; default: the feed's server, if there is an account. The same as that of the tickets. (property only)
   * - `balances`: What may be spent and sold, by hand; default: what the gateway says. A changed order is judged by it. (property only)
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   * - `orders`: The orders that are listed, newest first. (property only) (readonly)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `order-update`: An order in this list changed, whoever placed it.
   * - `order-reject`: An order in this list was rejected, or never left.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: Shown until the element is defined.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of controls and of the empty part of a bar. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-bid`: Colour of buying. (default: `undefined`)
   * - `--tl-ask`: Colour of selling, and of cancelling all. (default: `undefined`)
   * - `--tl-on-side`: Text on those two. (default: `undefined`)
   * - `--tl-accent`: Focus, and what has filled. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-warn-text`: Text of doubt. (default: `undefined`)
   * - `--tl-orders-height`: Height of the list, which it keeps while orders come and go. (default: `260px`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance. (default: `14px`)
   * - `--tl-font-size`: Base font size. (default: `14px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `header`: The line above the list.
   * - `paper`: The badge of a list whose orders are simulated, also where one is changed.
   * - `cancel-all`: The button that asks for all to be cancelled.
   * - `notice`: What is said when the list may be behind or is empty, or a cancel or change was refused.
   * - `orders`: The list.
   * - `order`: One order in it.
   * - `fill`: The bar of what has filled.
   * - `dialog`: The question before all are cancelled, and the place where one order is changed.
   * - `amend`: The form that changes an order.
   * - `field`: One of its numbers, with its label and the line below it.
   * - `input`: The box of that number.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: The list is whole.
   * - `stale`: The list may be behind.
   * - `disconnected`: There is neither a feed nor a gateway.
   * - `empty`: No order is listed.
   */
  "open-orders": Partial<
    OpenOrdersElementProps & BaseProps<OpenOrdersElement> & BaseEvents
  >;

  /**
   * A live order book: bids, asks, spread and last price of one symbol, with depth bars and a verdict that says whether
   * the numbers can be trusted. It reads the nearest `<market-stream>`, its own `src`, or levels that the page hands in.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: The venue's spelling of the symbol, e.g. `SCOM`.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `depth`: Levels a side, 1 to 1000.
   * - `grouping`: Width of a price bucket as price text, a whole number of ticks; empty for none.
   * - `columns`: Columns in this order: some of `price size total notional`.
   * - `layout`: How the sides stand; `auto` goes by the element's own width.
   * - `bar`: What the length of a bar stands for.
   * - `density`: Row height: `comfortable` (24 px) or `compact` (20 px).
   * - `without-spread`/`withoutSpread`: Leaves the row between the sides out.
   * - `without-flash`/`withoutFlash`: Leaves the tint of changed rows out.
   * - `paused`: Freezes the picture. It is marked as frozen, and says how old it is.
   * - `loading`: When its data are asked for. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport;
   * seen again, it shows its last numbers marked as stale, then live ones. `lazy`: not before it is within a screen of the
   * viewport, then as `auto`. `eager`: at once and for good.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `bids`: Bids by hand, in any order: `{price, size}` or, as in the guide, `{price, quantity}`. (property only)
   * - `asks`: Asks by hand. (property only)
   * - `lastPrice`: Last traded price by hand; default: the feed's. (property only)
   * - `ownOrders`: The page's own orders in this book, by hand: `{side, price, size}` each. Default: those of the tickets and order lists
   * on the same feed. (property only)
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `level-select`: A level was picked, with the numbers that were painted when the pointer went down.
   * - `grouping-change`: The user chose another grouping.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: Shown until the element is defined: a link or a price for pages without script.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of the spread row and of controls. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-bid`: Colour of the bid side. (default: `undefined`)
   * - `--tl-ask`: Colour of the ask side. (default: `undefined`)
   * - `--tl-up`: Colour of a rising price; default: that of bids. (default: `undefined`)
   * - `--tl-down`: Colour of a falling price; default: that of asks. (default: `undefined`)
   * - `--tl-bar-bid`: Bars of the bid side. (default: `undefined`)
   * - `--tl-bar-ask`: Bars of the ask side. (default: `undefined`)
   * - `--tl-accent`: Focus and cursor. (default: `undefined`)
   * - `--tl-own`: Marks of own orders; default: that of the focus. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-row-height`: Height of a row; it follows the font size. (default: `24px`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance at the inline edges. (default: `14px`)
   * - `--tl-font-size`: Font size, which all others and the heights follow. (default: `14px`)
   * - `--tl-book-font-size`: Font size of the rows; smaller where a number would not fit. (default: `13px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `header`: Symbol, name and grouping.
   * - `symbol`: The symbol.
   * - `status`: The line that says whether the numbers can be trusted.
   * - `columns`: The column heads.
   * - `asks`: The ask side.
   * - `bids`: The bid side.
   * - `bars`: The depth bars of a side.
   * - `price`: The price column of a side.
   * - `size`: The size column of a side.
   * - `total`: The column of sizes from the best price to the row.
   * - `notional`: The column of price times size.
   * - `spread`: The row between the sides.
   * - `last-price`: The last traded price.
   * - `cursor`: The row under the keyboard's cursor.
   * - `mark`: The marks of the rows on which the page's own orders rest.
   * - `lean`: The bar that compares the sizes of both sides.
   * - `notice`: What is said instead of rows.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: The numbers are verified or come by hand.
   * - `quiet`: The link is good and the market has no news.
   * - `delayed`: The feed sends old data.
   * - `stale`: The numbers may be behind.
   * - `resyncing`: A message was lost; a new snapshot is on its way.
   * - `crossed`: The best bid is not below the best ask.
   * - `closed`: The market is closed or halted.
   * - `disconnected`: There is no connection.
   * - `empty`: There are no rows to show.
   * - `error`: Nothing on this page will make the book appear.
   */
  "order-book": Partial<
    OrderBookElementProps & BaseProps<OrderBookElement> & BaseEvents
  >;

  /**
   * An order ticket: side, type, price and quantity of one symbol, checked against the live book, the venue's rules and the
   * account, and confirmed before anything leaves. It never sends by itself: it asks the page with `order-submit`, and only
   * if nobody there answers, its gateway.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: The venue's spelling of the symbol, e.g. `SCOM`.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `account`: The account to order for. Without it, orders go to the page only.
   * - `order-types`/`orderTypes`: Types offered, in this order: some of `limit market stop stop_limit`.
   * - `paper`: Orders are simulated against the live book, go nowhere, and the page is not asked for them. The value is what the paper account
   * begins with in the symbol's currency, e.g. `50000`; empty: 100000. It wins over `gateway` and `balances`.
   * - `confirm`: When to ask before sending: `always`; `unless-declined`, where a person may tick "Do not ask again" for an account and
   * order type, and take that back in the ticket; `unless-trivial`, which lets limit orders go of which nothing has to be
   * said; `armed`, where a person arms the ticket for a while in which one press sends; or `never`. What is doubtful is always
   * asked.
   * - `armed-for`/`armedFor`: How long a ticket with `confirm="armed"` may lie unused until it is disarmed, in milliseconds. Default: a minute.
   * - `max-age`/`maxAge`: Oldest prices to order on, in milliseconds. Default: the verdict of the feed decides.
   * - `disabled`: Keeps the ticket from being used. Orders can still be cancelled.
   * - `name`: The name under which a form sends the draft. With a name or without, an empty ticket keeps its form from being submitted.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `density`: Row height: `comfortable` or `compact`.
   * - `loading`: When its data are asked for: `auto`, `lazy` or `eager`, as with the book. With an entry or an open order it is awake.
   * - `side`: Buying or selling.
   * - `instrument`: What is traded, by hand; default: what the feed says. (property only)
   * - `balances`: What may be spent and sold, by hand; default: what the gateway says. (property only)
   * - `gateway`: Who takes the orders that the page does not take; default: the feed's server, if it offers that and there is an account. (property only)
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   * - `orders`: The orders of this account, newest first. (property only) (readonly)
   * - `value`: What was entered and not yet sent, as JSON: what a form sends and a browser restores. Anything else is told, and left out. (property only)
   * - `form`: The form that it belongs to, or null. (property only) (readonly)
   * - `labels`: The labels that name it. (property only) (readonly)
   * - `validity`: What is wrong with it, by kind. (property only) (readonly)
   * - `validationMessage`: What is wrong with it, in words; empty when nothing is. (property only) (readonly)
   * - `willValidate`: Whether a form asks it: not while it is disabled. (property only) (readonly)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `order-submit`: An order is wanted and confirmed. Answer with `respondWith(promise)`, or forbid it with `preventDefault()`.
   * - `order-update`: An order of this ticket changed.
   * - `order-reject`: An order of this ticket was rejected, or never left.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: Shown until the element is defined.
   *
   * ## Methods
   *
   * Methods that can be called to access component functionality.
   *
   * - `updateOrder(clientOrderId: string, answer: OrderAnswer) => void`: Tells what became of an order that the page carries: fills, an end, a rejection. Orders that are not known are left alone.
   * - `checkValidity() => boolean`: Whether nothing is wrong with it. Fires `invalid` otherwise, and moves no focus.
   * - `reportValidity() => boolean`: The same, and shows the person what is wrong.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of controls. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-bid`: Colour of buying. (default: `undefined`)
   * - `--tl-ask`: Colour of selling, and of errors. (default: `undefined`)
   * - `--tl-on-side`: Text on those two. (default: `undefined`)
   * - `--tl-accent`: Focus. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-warn-text`: Text of doubt. (default: `undefined`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance. (default: `14px`)
   * - `--tl-font-size`: Base font size. (default: `14px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `form`: The ticket.
   * - `paper`: The badge of a ticket whose orders are simulated, also in the confirmation.
   * - `market`: The state of the prices, the best two and the spread.
   * - `side`: Buy or sell.
   * - `type`: The order types.
   * - `field`: A number with its label, steps and line of explanation.
   * - `input`: The frame around a number and its steps.
   * - `share`: How much of what is available, as a slider.
   * - `options`: Time in force, post-only, shown quantity.
   * - `bracket`: Take profit and stop loss behind one line, and what they would come to in the confirmation.
   * - `sums`: What the order would do and cost.
   * - `submit`: The button, whose text says what will happen.
   * - `note`: The line under the button.
   * - `agree`: What has to be accepted by a tick, in the confirmation.
   * - `decline`: "Do not ask again", in the confirmation.
   * - `arm`: Whether one press sends, and the button for it.
   * - `consent`: What goes without asking, and the way back.
   * - `orders`: The list of orders.
   * - `order`: One order in it.
   * - `dialog`: The confirmation, and the place where one order is changed.
   * - `amend`: The form that changes an order.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: Prices are verified.
   * - `quiet`: The link is good and the market has no news.
   * - `delayed`: The feed sends old data.
   * - `stale`: Prices may be behind.
   * - `resyncing`: A message was lost.
   * - `crossed`: The best bid is not below the best ask.
   * - `closed`: The market is closed or halted.
   * - `disconnected`: There is no connection.
   * - `armed`: One press sends.
   */
  "order-panel": Partial<
    OrderPanelElementProps & BaseProps<OrderPanelElement> & BaseEvents
  >;
};

export type CustomElementsSolidJs = {
  /**
   * One quiet line about the feed: its state as a word, a shape and a colour; why; what is being done about it; the rate
   * and the age of the data; and a button to try at once.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: Judges this symbol too, and shows the age of its data; default: the connection alone.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `detail`: Shows the further figures: where the time goes from the feed to the screen, and all that is counted.
   * - `loading`: When it asks for its feed. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport.
   * `lazy`: not before it is within a screen of the viewport, then as `auto`. `eager`: at once and for good.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `density`: Inner distances: `comfortable` or `compact`.
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `feed-reconnect`: The button was pressed. Cancel it to keep the stream from reconnecting by itself.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of the button. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-up`: Colour of a good state. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-accent`: Focus. (default: `undefined`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance at the inline edges. (default: `14px`)
   * - `--tl-font-size`: Font size, which all others and the heights follow. (default: `14px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `state`: The word of the state.
   * - `reason`: Why it is so, and what is being done.
   * - `metrics`: Rate and age.
   * - `detail`: The further figures.
   * - `waterfall`: Where the time goes from the feed to the screen, in the further figures.
   * - `reconnect`: The button.
   * - `record`: The button that saves the last minute of the feed, in the detail.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: The feed is good.
   * - `quiet`: The link is good and the market has no news.
   * - `delayed`: The feed sends old data.
   * - `stale`: The numbers may be behind.
   * - `resyncing`: A book is being fetched anew.
   * - `crossed`: A book is crossed.
   * - `closed`: The market is closed or halted.
   * - `disconnected`: There is no connection.
   * - `error`: There is no feed on this page.
   */
  "feed-status": Partial<
    FeedStatusElementProps &
      FeedStatusElementSolidJsProps &
      BaseProps<FeedStatusElement> &
      BaseEvents
  >;

  /**
   * Gives one market data stream to every element below it. All elements with the same address share one connection, on
   * the whole page; it is opened by the first and closed after the last.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `src`: Address of the feed: `wss://…`, a path on the page's own host, or `demo:` for a market inside the page.
   * - `venue`: Who speaks at the other end: `touchline`, which includes the guide's dialect, or an exchange: `binance`, `coinbase`,
   * `kraken`, `okx`, `bybit`, `bitfinex`, `deribit` and others. An exchange's own address stands for an empty `src`.
   * - `throttle`: Shortest time between two deliveries of one symbol, in milliseconds; 0 is every frame.
   * - `rate-limit`/`rateLimit`: Deliveries a second over all symbols. Above it symbols are conflated for longer, low priority first; nothing is dropped.
   * - `buffer-size`/`bufferSize`: Trades kept for a symbol, and early deltas kept while its snapshot is awaited.
   * - `heartbeat`: Time between two pings in milliseconds; two without an answer end the connection.
   * - `reconnect-delay`/`reconnectDelay`: First delay before a new try, in milliseconds; it grows with every try, with jitter, to 30 s.
   * - `reconnect-attempts`/`reconnectAttempts`: Quick tries before the state says `offline`; slow ones go on.
   * - `max-connections`/`maxConnections`: Sockets at most, where the other end takes fewer symbols on one than are wanted.
   * - `user-timing`/`userTiming`: Tells the browser's profiler, and every `PerformanceObserver` for `measure`, how long each stage from the feed to the
   * screen took: entries `touchline:arrival`, `:apply`, `:delivery`, `:paint`, `:total`, at most ten of each a second.
   * - `worker`: Puts socket, decoding and books in a worker: empty or `dedicated` for one of the stream's own, `shared` for one that
   * all tabs of the origin share, with one connection. Where there can be none the stream is in the page, and says so
   * once. Read when the stream is made.
   * - `worker-url`/`workerUrl`: Where the worker's script is, on the page's own origin. Default: beside the kit's own files.
   * - `paused`: Closes the connection and keeps it closed. Every element with the same address is paused with it.
   * - `token`: Gives a token to log in with, or a promise of one: a function, called at each connect, before the login runs out and
   * after a refusal. Never put a token in `src`. Elements with the same address share one connection, and so one login: the
   * function that was set last counts. (property only)
   * - `stream`: The stream. Set it to provide one that was made by script. (property only)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `stream-state-change`: The connection's state has changed.
   * - `stream-error`: Something went wrong that the page may want to log; the stream goes on by itself.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: The elements that read the stream.
   *
   * ## Methods
   *
   * Methods that can be called to access component functionality.
   *
   * - `connect() => void`: Opens the connection after `disconnect()`.
   * - `disconnect() => void`: Closes the connection until `connect()`.
   * - `reconnect() => void`: Drops the connection, if any, and tries at once.
   */
  "market-stream": Partial<
    MarketStreamElementProps &
      MarketStreamElementSolidJsProps &
      BaseProps<MarketStreamElement> &
      BaseEvents
  >;

  /**
   * The orders of one account, wherever the page wants them: those that may still trade and the last that have ended, each
   * with what has filled, how it stands in words, and what can be done with it. It shares them with every ticket of the
   * same feed or gateway and account, and places none itself.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: Lists only orders of this symbol, and those of any other that have no answer or contradictory ones. Empty: all.
   * - `account`: The account whose orders are listed.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `paper`: Lists the paper orders of the tickets of the same feed whose `paper` is the same. It wins over `gateway` and `balances`.
   * - `history`: How many orders that have ended are listed, 0 to 50.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `density`: Row height: `comfortable` or `compact`.
   * - `gateway`: Who carries the orders; default: the feed's server, if there is an account. The same as that of the tickets. (property only)
   * - `balances`: What may be spent and sold, by hand; default: what the gateway says. A changed order is judged by it. (property only)
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   * - `orders`: The orders that are listed, newest first. (property only) (readonly)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `order-update`: An order in this list changed, whoever placed it.
   * - `order-reject`: An order in this list was rejected, or never left.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: Shown until the element is defined.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of controls and of the empty part of a bar. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-bid`: Colour of buying. (default: `undefined`)
   * - `--tl-ask`: Colour of selling, and of cancelling all. (default: `undefined`)
   * - `--tl-on-side`: Text on those two. (default: `undefined`)
   * - `--tl-accent`: Focus, and what has filled. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-warn-text`: Text of doubt. (default: `undefined`)
   * - `--tl-orders-height`: Height of the list, which it keeps while orders come and go. (default: `260px`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance. (default: `14px`)
   * - `--tl-font-size`: Base font size. (default: `14px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `header`: The line above the list.
   * - `paper`: The badge of a list whose orders are simulated, also where one is changed.
   * - `cancel-all`: The button that asks for all to be cancelled.
   * - `notice`: What is said when the list may be behind or is empty, or a cancel or change was refused.
   * - `orders`: The list.
   * - `order`: One order in it.
   * - `fill`: The bar of what has filled.
   * - `dialog`: The question before all are cancelled, and the place where one order is changed.
   * - `amend`: The form that changes an order.
   * - `field`: One of its numbers, with its label and the line below it.
   * - `input`: The box of that number.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: The list is whole.
   * - `stale`: The list may be behind.
   * - `disconnected`: There is neither a feed nor a gateway.
   * - `empty`: No order is listed.
   */
  "open-orders": Partial<
    OpenOrdersElementProps &
      OpenOrdersElementSolidJsProps &
      BaseProps<OpenOrdersElement> &
      BaseEvents
  >;

  /**
   * A live order book: bids, asks, spread and last price of one symbol, with depth bars and a verdict that says whether
   * the numbers can be trusted. It reads the nearest `<market-stream>`, its own `src`, or levels that the page hands in.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: The venue's spelling of the symbol, e.g. `SCOM`.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `depth`: Levels a side, 1 to 1000.
   * - `grouping`: Width of a price bucket as price text, a whole number of ticks; empty for none.
   * - `columns`: Columns in this order: some of `price size total notional`.
   * - `layout`: How the sides stand; `auto` goes by the element's own width.
   * - `bar`: What the length of a bar stands for.
   * - `density`: Row height: `comfortable` (24 px) or `compact` (20 px).
   * - `without-spread`/`withoutSpread`: Leaves the row between the sides out.
   * - `without-flash`/`withoutFlash`: Leaves the tint of changed rows out.
   * - `paused`: Freezes the picture. It is marked as frozen, and says how old it is.
   * - `loading`: When its data are asked for. `auto`: at once, until nobody has seen it for 30 s, in a hidden tab or out of the viewport;
   * seen again, it shows its last numbers marked as stale, then live ones. `lazy`: not before it is within a screen of the
   * viewport, then as `auto`. `eager`: at once and for good.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `bids`: Bids by hand, in any order: `{price, size}` or, as in the guide, `{price, quantity}`. (property only)
   * - `asks`: Asks by hand. (property only)
   * - `lastPrice`: Last traded price by hand; default: the feed's. (property only)
   * - `ownOrders`: The page's own orders in this book, by hand: `{side, price, size}` each. Default: those of the tickets and order lists
   * on the same feed. (property only)
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `level-select`: A level was picked, with the numbers that were painted when the pointer went down.
   * - `grouping-change`: The user chose another grouping.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: Shown until the element is defined: a link or a price for pages without script.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of the spread row and of controls. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-bid`: Colour of the bid side. (default: `undefined`)
   * - `--tl-ask`: Colour of the ask side. (default: `undefined`)
   * - `--tl-up`: Colour of a rising price; default: that of bids. (default: `undefined`)
   * - `--tl-down`: Colour of a falling price; default: that of asks. (default: `undefined`)
   * - `--tl-bar-bid`: Bars of the bid side. (default: `undefined`)
   * - `--tl-bar-ask`: Bars of the ask side. (default: `undefined`)
   * - `--tl-accent`: Focus and cursor. (default: `undefined`)
   * - `--tl-own`: Marks of own orders; default: that of the focus. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-row-height`: Height of a row; it follows the font size. (default: `24px`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance at the inline edges. (default: `14px`)
   * - `--tl-font-size`: Font size, which all others and the heights follow. (default: `14px`)
   * - `--tl-book-font-size`: Font size of the rows; smaller where a number would not fit. (default: `13px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `header`: Symbol, name and grouping.
   * - `symbol`: The symbol.
   * - `status`: The line that says whether the numbers can be trusted.
   * - `columns`: The column heads.
   * - `asks`: The ask side.
   * - `bids`: The bid side.
   * - `bars`: The depth bars of a side.
   * - `price`: The price column of a side.
   * - `size`: The size column of a side.
   * - `total`: The column of sizes from the best price to the row.
   * - `notional`: The column of price times size.
   * - `spread`: The row between the sides.
   * - `last-price`: The last traded price.
   * - `cursor`: The row under the keyboard's cursor.
   * - `mark`: The marks of the rows on which the page's own orders rest.
   * - `lean`: The bar that compares the sizes of both sides.
   * - `notice`: What is said instead of rows.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: The numbers are verified or come by hand.
   * - `quiet`: The link is good and the market has no news.
   * - `delayed`: The feed sends old data.
   * - `stale`: The numbers may be behind.
   * - `resyncing`: A message was lost; a new snapshot is on its way.
   * - `crossed`: The best bid is not below the best ask.
   * - `closed`: The market is closed or halted.
   * - `disconnected`: There is no connection.
   * - `empty`: There are no rows to show.
   * - `error`: Nothing on this page will make the book appear.
   */
  "order-book": Partial<
    OrderBookElementProps &
      OrderBookElementSolidJsProps &
      BaseProps<OrderBookElement> &
      BaseEvents
  >;

  /**
   * An order ticket: side, type, price and quantity of one symbol, checked against the live book, the venue's rules and the
   * account, and confirmed before anything leaves. It never sends by itself: it asks the page with `order-submit`, and only
   * if nobody there answers, its gateway.
   *
   * ## Attributes & Properties
   *
   * Component attributes and properties that can be applied to the element or by using JavaScript.
   *
   * - `symbol`: The venue's spelling of the symbol, e.g. `SCOM`.
   * - `src`: Address of a feed of the element's own; default: the nearest `<market-stream>`.
   * - `venue`: Who speaks at that address: `touchline`, or an exchange such as `kraken`, whose own address stands for an empty `src`.
   * - `account`: The account to order for. Without it, orders go to the page only.
   * - `order-types`/`orderTypes`: Types offered, in this order: some of `limit market stop stop_limit`.
   * - `paper`: Orders are simulated against the live book, go nowhere, and the page is not asked for them. The value is what the paper account
   * begins with in the symbol's currency, e.g. `50000`; empty: 100000. It wins over `gateway` and `balances`.
   * - `confirm`: When to ask before sending: `always`; `unless-declined`, where a person may tick "Do not ask again" for an account and
   * order type, and take that back in the ticket; `unless-trivial`, which lets limit orders go of which nothing has to be
   * said; `armed`, where a person arms the ticket for a while in which one press sends; or `never`. What is doubtful is always
   * asked.
   * - `armed-for`/`armedFor`: How long a ticket with `confirm="armed"` may lie unused until it is disarmed, in milliseconds. Default: a minute.
   * - `max-age`/`maxAge`: Oldest prices to order on, in milliseconds. Default: the verdict of the feed decides.
   * - `disabled`: Keeps the ticket from being used. Orders can still be cancelled.
   * - `name`: The name under which a form sends the draft. With a name or without, an empty ticket keeps its form from being submitted.
   * - `theme`: Colours: `light`, `dark`, `auto` by the user's preference, or empty to follow the page.
   * - `density`: Row height: `comfortable` or `compact`.
   * - `loading`: When its data are asked for: `auto`, `lazy` or `eager`, as with the book. With an entry or an open order it is awake.
   * - `side`: Buying or selling.
   * - `instrument`: What is traded, by hand; default: what the feed says. (property only)
   * - `balances`: What may be spent and sold, by hand; default: what the gateway says. (property only)
   * - `gateway`: Who takes the orders that the page does not take; default: the feed's server, if it offers that and there is an account. (property only)
   * - `stream`: A stream made by script; it wins over `src` and over a provider. (property only)
   * - `orders`: The orders of this account, newest first. (property only) (readonly)
   * - `value`: What was entered and not yet sent, as JSON: what a form sends and a browser restores. Anything else is told, and left out. (property only)
   * - `form`: The form that it belongs to, or null. (property only) (readonly)
   * - `labels`: The labels that name it. (property only) (readonly)
   * - `validity`: What is wrong with it, by kind. (property only) (readonly)
   * - `validationMessage`: What is wrong with it, in words; empty when nothing is. (property only) (readonly)
   * - `willValidate`: Whether a form asks it: not while it is disabled. (property only) (readonly)
   *
   * ## Events
   *
   * Events that will be emitted by the component.
   *
   * - `order-submit`: An order is wanted and confirmed. Answer with `respondWith(promise)`, or forbid it with `preventDefault()`.
   * - `order-update`: An order of this ticket changed.
   * - `order-reject`: An order of this ticket was rejected, or never left.
   *
   * ## Slots
   *
   * Areas where markup can be added to the component.
   *
   * - `(default)`: Shown until the element is defined.
   *
   * ## Methods
   *
   * Methods that can be called to access component functionality.
   *
   * - `updateOrder(clientOrderId: string, answer: OrderAnswer) => void`: Tells what became of an order that the page carries: fills, an end, a rejection. Orders that are not known are left alone.
   * - `checkValidity() => boolean`: Whether nothing is wrong with it. Fires `invalid` otherwise, and moves no focus.
   * - `reportValidity() => boolean`: The same, and shows the person what is wrong.
   *
   * ## CSS Custom Properties
   *
   * CSS variables available for styling the component.
   *
   * - `--tl-surface`: Background. (default: `undefined`)
   * - `--tl-raised`: Background of controls. (default: `undefined`)
   * - `--tl-line`: Thin lines. (default: `undefined`)
   * - `--tl-text`: Text. (default: `undefined`)
   * - `--tl-muted`: Quiet text. (default: `undefined`)
   * - `--tl-bid`: Colour of buying. (default: `undefined`)
   * - `--tl-ask`: Colour of selling, and of errors. (default: `undefined`)
   * - `--tl-on-side`: Text on those two. (default: `undefined`)
   * - `--tl-accent`: Focus. (default: `undefined`)
   * - `--tl-warn`: Colour of doubt. (default: `undefined`)
   * - `--tl-warn-text`: Text of doubt. (default: `undefined`)
   * - `--tl-radius`: Corner radius. (default: `12px`)
   * - `--tl-pad`: Inner distance. (default: `14px`)
   * - `--tl-font-size`: Base font size. (default: `14px`)
   *
   * ## CSS Parts
   *
   * Custom selectors for styling elements within the component.
   *
   * - `form`: The ticket.
   * - `paper`: The badge of a ticket whose orders are simulated, also in the confirmation.
   * - `market`: The state of the prices, the best two and the spread.
   * - `side`: Buy or sell.
   * - `type`: The order types.
   * - `field`: A number with its label, steps and line of explanation.
   * - `input`: The frame around a number and its steps.
   * - `share`: How much of what is available, as a slider.
   * - `options`: Time in force, post-only, shown quantity.
   * - `bracket`: Take profit and stop loss behind one line, and what they would come to in the confirmation.
   * - `sums`: What the order would do and cost.
   * - `submit`: The button, whose text says what will happen.
   * - `note`: The line under the button.
   * - `agree`: What has to be accepted by a tick, in the confirmation.
   * - `decline`: "Do not ask again", in the confirmation.
   * - `arm`: Whether one press sends, and the button for it.
   * - `consent`: What goes without asking, and the way back.
   * - `orders`: The list of orders.
   * - `order`: One order in it.
   * - `dialog`: The confirmation, and the place where one order is changed.
   * - `amend`: The form that changes an order.
   *
   * ## CSS States
   *
   * These can be used to apply styling when a component is in a given state.
   *
   * - `live`: Prices are verified.
   * - `quiet`: The link is good and the market has no news.
   * - `delayed`: The feed sends old data.
   * - `stale`: Prices may be behind.
   * - `resyncing`: A message was lost.
   * - `crossed`: The best bid is not below the best ask.
   * - `closed`: The market is closed or halted.
   * - `disconnected`: There is no connection.
   * - `armed`: One press sends.
   */
  "order-panel": Partial<
    OrderPanelElementProps &
      OrderPanelElementSolidJsProps &
      BaseProps<OrderPanelElement> &
      BaseEvents
  >;
};

export type CustomCssProperties = {
  /** Background. */
  "--tl-surface"?: string | undefined;
  /** Background of the button. */
  "--tl-raised"?: string | undefined;
  /** Thin lines. */
  "--tl-line"?: string | undefined;
  /** Text. */
  "--tl-text"?: string | undefined;
  /** Quiet text. */
  "--tl-muted"?: string | undefined;
  /** Colour of a good state. */
  "--tl-up"?: string | undefined;
  /** Colour of doubt. */
  "--tl-warn"?: string | undefined;
  /** Focus. */
  "--tl-accent"?: string | undefined;
  /** Corner radius. */
  "--tl-radius"?: string | undefined;
  /** Inner distance at the inline edges. */
  "--tl-pad"?: string | undefined;
  /** Font size, which all others and the heights follow. */
  "--tl-font-size"?: string | undefined;
  /** Colour of buying. */
  "--tl-bid"?: string | undefined;
  /** Colour of selling, and of cancelling all. */
  "--tl-ask"?: string | undefined;
  /** Text on those two. */
  "--tl-on-side"?: string | undefined;
  /** Text of doubt. */
  "--tl-warn-text"?: string | undefined;
  /** Height of the list, which it keeps while orders come and go. */
  "--tl-orders-height"?: string | undefined;
  /** Colour of a falling price; default: that of asks. */
  "--tl-down"?: string | undefined;
  /** Bars of the bid side. */
  "--tl-bar-bid"?: string | undefined;
  /** Bars of the ask side. */
  "--tl-bar-ask"?: string | undefined;
  /** Marks of own orders; default: that of the focus. */
  "--tl-own"?: string | undefined;
  /** Height of a row; it follows the font size. */
  "--tl-row-height"?: string | undefined;
  /** Font size of the rows; smaller where a number would not fit. */
  "--tl-book-font-size"?: string | undefined;
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "react/jsx-runtime" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "react/jsx-dev-runtime" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "@builder.io/qwik" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "@stencil/core" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "hono/jsx" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "react-native" {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare module "solid-js" {
  namespace JSX {
    interface IntrinsicElements extends CustomElementsSolidJs {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}

declare global {
  namespace JSX {
    interface IntrinsicElements extends CustomElements {}
  }
  export interface CSSProperties extends CustomCssProperties {}
}
