/** Puts the stream of a handle in a real worker, or in the page where none can be had. */
import { createMarketStream } from '../market-stream-core.js';
import { openWorker } from './open-worker.js';
import type { SwitchedStream } from './switched-stream.js';
import { chooseWorker } from './worker-choice.js';
import type { WorkerStreamOptions } from './worker-stream.js';

export const putInWorker = (
  handle: SwitchedStream,
  { worker = 'dedicated', workerUrl, ...options }: WorkerStreamOptions,
): void =>
  chooseWorker(handle, options, {
    kind: worker,
    open: (kind) => openWorker(kind, workerUrl),
    createInPage: createMarketStream,
  });
