/**
 * `touchline/worker`: a market data stream whose socket, decoding and books are in a worker, behind the same handle. A
 * page that may have none gets a stream of its own, and is told which and why.
 */
import { warnOnConsole } from '../error-desk.js';
import { createMarketStream, type MarketStreamOptions, type OwnedMarketStream } from '../market-stream-core.js';
import { webSocketAddress } from '../transport/websocket.js';
import { openWorker, type WorkerKind } from './open-worker.js';
import { RemoteStream } from './remote-stream.js';
import type { OpenWorker } from './remote-worker.js';
import { SwitchedStream } from './switched-stream.js';

export type { StreamThread } from '../market-stream.js';
export type { WorkerKind } from './open-worker.js';

/**
 * As for `createMarketStream`. `random`, `scheduler`, `wake` and `clock` serve the page; a stream with a `transport` or an
 * `ask` of the page's own stays in the page, since functions cannot go to a worker.
 */
export interface WorkerStreamOptions extends MarketStreamOptions {
  /** `dedicated` (default): one for this stream. `shared`: one connection for all tabs of the origin, where there are such workers. */
  readonly worker?: WorkerKind | undefined;
  /** Where the worker's script is, on the page's own origin. Default: beside this module. */
  readonly workerUrl?: string | URL | undefined;
  /** How a worker is opened, e.g. by tests. */
  readonly openWorker?: ((kind: WorkerKind) => OpenWorker) | undefined;
}

/** The functions of a page that its worker may ask. */
const ANSWERS = ['token'];

/**
 * Makes a stream in a worker, or in the page where no worker can be had; `thread` says which, and `onError` is told once.
 * Throws as `createMarketStream` does.
 */
export const createWorkerStream = (options: WorkerStreamOptions): OwnedMarketStream => {
  const { worker = 'dedicated', workerUrl, onError = warnOnConsole, openWorker: open, ...pageOptions } = options;
  const handle = new SwitchedStream(options);
  const fallBack = (reason: string): void => {
    handle.thread = { kind: 'page', reason };
    onError({ code: 'worker', message: `The feed runs in the page and not in a worker: ${reason}.` });
    handle.use(createMarketStream({ ...pageOptions, onError }));
  };
  const tryKind = (kind: WorkerKind, earlier = ''): void => {
    handle.thread = { kind: kind === 'shared' ? 'shared-worker' : 'worker', reason: earlier };
    const remote = new RemoteStream({
      ...options,
      workerSrc: addressInWorker(options.src),
      openWorker: open?.(kind) ?? openWorker(kind, workerUrl),
      answers: answersOf(options),
      onGivenUp: (reason) => {
        if (kind === 'shared') tryKind('dedicated', reason);
        else fallBack(reason);
      },
    });
    handle.use(remote);
  };
  if (options.transport !== undefined || options.ask !== undefined) {
    fallBack('a transport of the page’s own cannot go to a worker');
  } else tryKind(worker);
  return handle;
};

/** A path means another address to a script that lies elsewhere. */
const addressInWorker = (src: string): string => {
  const base = globalThis.location?.href;
  if (/^replay:/i.test(src)) {
    const [files = '', ...fragment] = src.slice('replay:'.length).split('#');
    const full = files.split(/\s+/).map((file) => (URL.canParse(file, base) ? new URL(file, base).href : file));
    return ['replay:' + full.join(' '), ...fragment].join('#');
  }
  try {
    return webSocketAddress(src);
  } catch {
    // Another scheme, or a venue's own address, or none at all: the stream in the worker says so.
    return src;
  }
};

const answersOf = (options: object): Readonly<Record<string, () => unknown>> =>
  Object.fromEntries(
    ANSWERS.flatMap((name) => {
      const answer = (options as Record<string, unknown>)[name];
      return typeof answer === 'function' ? [[name, () => (answer as () => unknown)()]] : [];
    }),
  );
