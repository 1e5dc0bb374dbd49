/**
 * The file for a script tag that puts streams in a worker. In a page it makes `<market-stream worker>` of a file that is
 * loaded after it work, and exports what a script needs; in a worker, which loads the same file, it serves the page.
 */
import { isInWorker, serveWorker } from './stream/worker/serve-worker.js';
import { createWorkerStream as create, type WorkerStreamOptions } from './stream/worker/worker-stream.js';
import type { OwnedMarketStream } from './stream/market-stream-core.js';

export type { WorkerStreamOptions } from './stream/worker/worker-stream.js';

/** As in `touchline/worker`; the worker's script is this file. */
export const createWorkerStream = (options: WorkerStreamOptions): OwnedMarketStream =>
  create({ ...options, workerUrl: options.workerUrl ?? import.meta.url });

if (isInWorker()) serveWorker();
else Object.assign(globalThis, { [Symbol.for('touchline.worker.v1')]: createWorkerStream });
