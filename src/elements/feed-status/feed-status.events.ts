/** The user asks for a new connection at once. Cancel it to keep the stream from reconnecting by itself. */
export class FeedReconnectEvent extends Event {
  static readonly eventName = 'feed-reconnect';

  constructor() {
    super(FeedReconnectEvent.eventName, { bubbles: true, composed: true, cancelable: true });
  }
}
