/**
 * In place of `stream/late-worker-stream.ts`, in a file without workers. One that was loaded before has brought them into
 * the page; otherwise the feed runs in the page, and says so.
 */
import type { lateWorkerStream as realLateWorkerStream } from '../stream/late-worker-stream.js';

const WORKERS = Symbol.for('touchline.worker.v1');
const REASON = 'the feed runs in the page: load touchline-worker.js before this file for one in a worker';

export const lateWorkerStream: typeof realLateWorkerStream = (options, createInPage) => {
  const { [WORKERS]: inWorker } = globalThis as {
    [WORKERS]?: (told: typeof options) => ReturnType<typeof createInPage>;
  };
  if (inWorker !== undefined) return inWorker(options);
  options.onError?.({ code: 'worker', message: REASON });
  return Object.assign(createInPage(options), { thread: { kind: 'page', reason: REASON } as const });
};
