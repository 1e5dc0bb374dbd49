import type { StreamState, StreamStatus } from '../../stream/market-stream.js';

/** The connection's state has changed. Does not bubble: a page listens on the provider that it means. */
export class StreamStateChangeEvent extends Event {
  static readonly eventName = 'stream-state-change';

  constructor(
    /** The state now. */
    readonly state: StreamState,
    /** The state before. */
    readonly previous: StreamState,
    /** All that is known about it: reason, tries, next try. */
    readonly status: StreamStatus,
  ) {
    super(StreamStateChangeEvent.eventName);
  }
}

/** Something went wrong that the page may want to log. The stream goes on by itself. Does not bubble. */
export class StreamErrorEvent extends Event {
  static readonly eventName = 'stream-error';

  constructor(
    /** A stable code, as in docs/PROTOCOL.md. */
    readonly code: string,
    /** What happened, for people. */
    readonly message: string,
  ) {
    super(StreamErrorEvent.eventName);
  }
}
