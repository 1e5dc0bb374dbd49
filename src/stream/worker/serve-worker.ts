/** Puts a host on the ports of the worker that this runs in. */
import { WorkerHost } from './worker-host.js';
import type { PageMessage } from './worker-messages.js';

/** The part of a message port that is used. A dedicated worker is one itself. */
interface Port {
  onmessage: ((event: MessageEvent<PageMessage>) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

interface WorkerScope extends Partial<Port> {
  readonly WorkerGlobalScope?: unknown;
  /** In a shared worker. */
  readonly SharedWorkerGlobalScope?: unknown;
  onconnect?: ((event: MessageEvent) => void) | null;
}

/** Whether this runs in a worker. */
export const isInWorker = (): boolean => (globalThis as WorkerScope).WorkerGlobalScope !== undefined;

const watchPresence = (name: string, onGone: () => void): (() => void) => {
  const callOff = new AbortController();
  // Granted once its holder is no more. A lock that cannot be asked for says nothing: silence is the sign then.
  void globalThis.navigator?.locks?.request(name, { signal: callOff.signal }, onGone).catch(() => {});
  return () => callOff.abort();
};

export const serveWorker = (): void => {
  if (!isInWorker()) return;
  const scope = globalThis as WorkerScope;
  const host = new WorkerHost({ watchPresence });
  const serve = (port: Port): void => {
    const receive = host.attach((message, transfer = []) => port.postMessage(message, transfer));
    port.onmessage = ({ data }) => receive(data);
  };
  if (scope.SharedWorkerGlobalScope === undefined) serve(scope as Port);
  else scope.onconnect = ({ ports: [port] }) => serve(port as unknown as Port);
};
