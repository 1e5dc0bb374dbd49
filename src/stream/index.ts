/** `touchline/stream`: the feed without any element. Nothing happens when this is imported. */
export { systemClock, type Clock } from './clock.js';
export type { LatencyFigures } from './latency-histogram.js';
export { createFrameScheduler, pageScheduler, type FrameScheduler } from './frame-scheduler.js';
export {
  RequestError,
  type MarketStream,
  type MarketUpdate,
  type PrivateEvent,
  type RecordOptions,
  type Reply,
  type LoadMode,
  type StreamMetrics,
  type StreamState,
  type StreamStatus,
  type StreamThread,
  type SubscribeOptions,
  type Ticker,
  type Trade,
} from './market-stream.js';
export type { TokenProvider, TokenRequest } from './auth-token.js';
export { createMarketStream, type MarketStreamOptions, type OwnedMarketStream } from './market-stream-core.js';
export type { GuideOptions } from './guide-options.js';
export type { StreamSettings } from './settings.js';
export { acquireStream, getMarketDataStream, type SharedStreamOptions, type StreamLease } from './shared-stream.js';
export type { StreamError, StreamErrorCode } from './stream-error.js';
export { registerTransport, type TransportLoader } from './transport/resolve.js';
export { createWebSocketTransport, type WebSocketTransportOptions } from './transport/websocket.js';
export type { Transport, TransportEvents, TransportFactory } from './transport/transport.js';
export {
  isTradable,
  isTrusted,
  type Verdict,
  type VerdictReason,
  type VerdictState,
  type Verification,
} from './verdict.js';
export type { Stage } from './waterfall.js';
export { pageWake, type WakeEvent, type WakeSource } from './wake.js';
