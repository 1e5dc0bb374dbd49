/**
 * `touchline/worker`: a market data stream whose socket, decoding and books are in a worker, behind the same handle. A
 * page that may have none gets a stream of its own, and is told which and why.
 */
import type { MarketStreamOptions, OwnedMarketStream } from '../market-stream-core.js';
import { putInWorker } from './in-worker.js';
import type { WorkerKind } from './open-worker.js';
import { SwitchedStream } from './switched-stream.js';

export type { StreamThread } from '../market-stream.js';
export type { WorkerKind } from './open-worker.js';

/**
 * As for `createMarketStream`. `clock`, `random`, `scheduler` and `wake` serve the page; a stream with a `transport` or an
 * `ask` of the page's own stays in the page, since functions cannot go to a worker.
 */
export interface WorkerStreamOptions extends MarketStreamOptions {
  /**
   * `dedicated` (default): one of this stream's own. `shared`: one for all tabs of the origin, with one connection; where
   * there are no shared workers, one of its own.
   */
  readonly worker?: WorkerKind | undefined;
  /** Where the worker's script is, on the page's own origin. Default: beside this module. */
  readonly workerUrl?: string | URL | undefined;
}

/**
 * Makes a stream in a worker, or in the page where no worker can be had; `thread` says which, and `onError` is told once.
 * Throws as `createMarketStream` does.
 */
export const createWorkerStream = (options: WorkerStreamOptions): OwnedMarketStream => {
  const handle = new SwitchedStream(options);
  putInWorker(handle, options);
  return handle;
};
