/**
 * What the guide calls the settings of its stream, where it means the same as we do. Changes within one frame are always
 * merged here, so that "uncompressed" is every frame; and nothing is ever lost for want of room, so that the size of a
 * batch is what may wait.
 */
import type { MarketStreamOptions } from './market-stream-core.js';

export interface GuideOptions {
  /** Sockets to one address at most, from 1. Default 10. There is one until the server takes fewer symbols than are wanted. */
  readonly maxConnections?: number | undefined;
  /** As `bufferSize`. */
  readonly batchSize?: number | undefined;
  /** As `throttle`. */
  readonly batchInterval?: number | undefined;
  /** False is a `throttle` of 0, whatever the `batchInterval`. Default true. */
  readonly compressionEnabled?: boolean | undefined;
  /** As `rateLimit`. */
  readonly rateLimitPerSecond?: number | undefined;
}

/** The guide's route, on the page's own host. */
const GUIDE_ROUTE = '/ws/market/';

/** Our options from a mixture of both; where both name one thing, ours stands. Throws a `RangeError` for what makes no sense. */
export const withGuideOptions = (options: Partial<MarketStreamOptions> & GuideOptions): MarketStreamOptions => {
  const { maxConnections, batchSize, batchInterval, compressionEnabled, rateLimitPerSecond, ...own } = options;
  if (maxConnections !== undefined && !(Number.isInteger(maxConnections) && maxConnections >= 1)) {
    throw new RangeError(`maxConnections must be a whole number from 1, got ${maxConnections}.`);
  }
  const interval = compressionEnabled === false ? 0 : batchInterval;
  return {
    ...own,
    src: own.src ?? (own.venue === undefined ? GUIDE_ROUTE : ''),
    maxConnections,
    throttle: own.throttle ?? interval,
    bufferSize: own.bufferSize ?? batchSize,
    rateLimit: own.rateLimit ?? rateLimitPerSecond,
  };
};
