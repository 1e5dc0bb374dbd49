/**
 * Which worker a stream is in: the one that was asked for, or the next best, or none. Each is tried once; what was tried
 * and why it failed is told with the one that serves.
 */
import { warnOnConsole } from '../error-desk.js';
import type { MarketStreamOptions, OwnedMarketStream } from '../market-stream-core.js';
import { webSocketAddress } from '../transport/websocket.js';
import type { WorkerKind } from './open-worker.js';
import { RemoteStream } from './remote-stream.js';
import type { OpenWorker } from './remote-worker.js';
import type { SwitchedStream } from './switched-stream.js';

export interface WorkerChoice {
  readonly kind: WorkerKind;
  readonly open: (kind: WorkerKind) => OpenWorker;
  readonly createInPage: (options: MarketStreamOptions) => OwnedMarketStream;
}

/** Puts the stream of a handle in a worker, or in the page. */
export const chooseWorker = (handle: SwitchedStream, options: MarketStreamOptions, choice: WorkerChoice): void => {
  const { onError = warnOnConsole } = options;
  const fallBack = (reason: string): void => {
    handle.thread = { kind: 'page', reason };
    onError({ code: 'worker', message: `The feed runs in the page and not in a worker: ${reason}.` });
    handle.use(choice.createInPage(options));
  };
  const tryKind = (kind: WorkerKind, earlier: string): void => {
    handle.thread = { kind: kind === 'shared' ? 'shared-worker' : 'worker', reason: earlier };
    const remote = new RemoteStream({
      ...options,
      workerSrc: addressInWorker(options.src),
      plain: plainOf(options),
      openWorker: choice.open(kind),
      onGivenUp: (reason) => {
        if (kind === 'shared') tryKind('dedicated', reason);
        else fallBack(reason);
      },
    });
    handle.use(remote);
  };
  const isBound = options.transport !== undefined || options.ask !== undefined;
  if (isBound) fallBack('a transport of the page’s own cannot go to a worker');
  else tryKind(choice.kind, '');
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

/** Whatever may cross as it is. A token is a function's answer, and is never among it. */
const plainOf = (options: object): Readonly<Record<string, string | number | boolean>> =>
  Object.fromEntries(
    Object.entries(options).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  ) as Readonly<Record<string, string | number | boolean>>;
