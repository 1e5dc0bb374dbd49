/** What a page may set of a stream. Read at each use, so that a change counts from then on. */

export interface StreamSettings {
  /** Shortest time between two calls of a listener for one symbol, in milliseconds. Default 100; 0 is every frame. */
  readonly throttle?: number | undefined;
  /** Time between two pings, in milliseconds; two of them without an answer end the connection. Default 5,000. */
  readonly heartbeat?: number | undefined;
  /** About the first wait before a new try, in milliseconds; it doubles up to 30 s, with jitter. Default 1,000. */
  readonly reconnectDelay?: number | undefined;
  /** Quick tries before the state says `offline`; slow ones go on. Default 10; may be `Infinity`. */
  readonly reconnectAttempts?: number | undefined;
  /** Calls of listeners a second, over all symbols. Above it they wait, low priority first. Default 1,000. */
  readonly rateLimit?: number | undefined;
  /** Trades kept for a symbol, and early deltas kept while its snapshot is awaited. Default 1,000. */
  readonly bufferSize?: number | undefined;
  /** Sockets at most, where the other end takes fewer symbols on one than are wanted. Default 10. */
  readonly maxConnections?: number | undefined;
  /** After how long without its row a symbol of the guide's feed is stale, in milliseconds. Default 5,000. */
  readonly staleAfter?: number | undefined;
  /**
   * Whether to tell the browser's user timing how long each stage took, as `performance.measure` entries named
   * `touchline:arrival`, `:apply`, `:delivery`, `:paint` and `:total`, each with `detail: {symbol, src}`, `symbol` empty
   * where it was many. At most ten of each a second; a `PerformanceObserver` sees them, and the page's timeline does not
   * keep them. Of a stream in a worker `arrival` and `apply` are in the worker's own timeline. Default false.
   */
  readonly userTiming?: boolean | undefined;
  /** Characters that the flight recorder may hold. Default 8 Mi (8,388,608); 0 switches it off. */
  readonly recorderSize?: number | undefined;
}

type NumberName = Exclude<keyof StreamSettings, 'userTiming'>;

/** The least that makes sense of each. */
const LEAST: Readonly<Record<NumberName, number>> = {
  throttle: 0,
  heartbeat: 1,
  reconnectDelay: 0,
  reconnectAttempts: 0,
  rateLimit: 1,
  bufferSize: 1,
  maxConnections: 1,
  staleAfter: 1,
  recorderSize: 0,
};
/** A wait of zero would make every page try at once. */
const LEAST_DELAY_MS = 100;

export class Settings {
  throttle = 100;
  heartbeat = 5_000;
  reconnectDelay = 1_000;
  reconnectAttempts = 10;
  rateLimit = 1_000;
  bufferSize = 1_000;
  maxConnections = 10;
  staleAfter = 5_000;
  recorderSize = 8_388_608;
  userTiming = false;

  constructor(settings: StreamSettings = {}) {
    this.change(settings);
  }

  /** Takes over what is given. Throws a `RangeError` for a value that makes no sense, and then changes nothing. */
  change(settings: StreamSettings): void {
    const names = (Object.keys(LEAST) as NumberName[]).filter((name) => settings[name] !== undefined);
    for (const name of names) {
      const value = settings[name];
      if (typeof value !== 'number' || !(value >= LEAST[name])) {
        throw new RangeError(`${name} must be a number from ${LEAST[name]}, got ${String(value)}.`);
      }
    }
    for (const name of names) this[name] = settings[name] ?? this[name];
    this.userTiming = settings.userTiming ?? this.userTiming;
    this.reconnectDelay = Math.max(LEAST_DELAY_MS, this.reconnectDelay);
  }
}
