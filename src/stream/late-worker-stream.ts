/**
 * A stream in a worker whose code is loaded when the first one is asked for, so that a page that has no worker carries
 * nothing of it. The handle is there at once. Files for a script tag have another module in this one's place.
 */
import { warnOnConsole } from './error-desk.js';
import type { MarketStreamOptions, OwnedMarketStream } from './market-stream-core.js';
import { SwitchedStream } from './worker/switched-stream.js';
import type { WorkerStreamOptions } from './worker/worker-stream.js';

/** `createInPage` makes a stream where the code for a worker cannot be had. */
export const lateWorkerStream = (
  options: WorkerStreamOptions,
  createInPage: (options: MarketStreamOptions) => OwnedMarketStream,
): OwnedMarketStream => {
  const handle = new SwitchedStream(options);
  import('./worker/in-worker.js').then(
    ({ putInWorker }) => putInWorker(handle, options),
    (cause: unknown) => {
      const reason = 'the code for it could not be loaded';
      handle.thread = { kind: 'page', reason };
      const message = `The feed runs in the page and not in a worker: ${reason}.`;
      (options.onError ?? warnOnConsole)({ code: 'worker', message, cause });
      handle.use(createInPage(options));
    },
  );
  return handle;
};
