/**
 * Opens a worker in a real page. Never from a blob: a page's policy names the scripts that it trusts, and this one is a
 * file on the page's own origin.
 */
import type { OpenWorker } from './remote-worker.js';
import type { WorkerMessage } from './worker-messages.js';

export type WorkerKind = 'dedicated' | 'shared';

/** The Trusted Types policy to allow where a page names the policies that it trusts. */
const POLICY = 'touchline#worker';
/** Two copies of the kit on one page make one policy: a second of the same name would be refused. */
const POLICY_AT = Symbol.for('touchline.worker-policy.v1');

interface ScriptPolicy {
  createScriptURL(url: string): unknown;
}

const page = globalThis as {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy;
  };
  [POLICY_AT]?: ScriptPolicy | undefined;
};

/** An address as a strict page takes it. It is the kit's own script, or what the page's author wrote. */
const trusted = (url: string): string => {
  try {
    page[POLICY_AT] ??= page.trustedTypes?.createPolicy(POLICY, { createScriptURL: (address) => address });
  } catch {
    // The page does not know the policy. Where it insists on one, the worker will be refused and the reason told.
  }
  return (page[POLICY_AT]?.createScriptURL(url) as string | undefined) ?? url;
};

/** The script beside this module, which bundlers find by this very expression. */
const ownScript = (): string => new URL('./worker-script.js', import.meta.url).href;

const NAME = 'touchline';
const UNLOADED = 'its script could not be loaded, or the page’s policy refuses it';

export const openWorker =
  (kind: WorkerKind, workerUrl?: string | URL): OpenWorker =>
  (events) => {
    const url = trusted(new URL(String(workerUrl ?? ownScript()), globalThis.location?.href).href);
    let hasSpoken = false;
    const onmessage = ({ data }: MessageEvent<WorkerMessage>): void => {
      hasSpoken = true;
      events.onMessage(data);
    };
    const onerror = (event: ErrorEvent | Event): void => {
      // The page has an own way to say it.
      event.preventDefault();
      if (hasSpoken) events.onThrew((event as ErrorEvent).message ?? 'unknown');
      else events.onFailed(UNLOADED);
    };
    if (kind === 'dedicated') {
      const worker = new Worker(url, { type: 'module', name: NAME });
      Object.assign(worker, { onmessage, onerror });
      // The caller has to have the port first.
      queueMicrotask(() => events.onReady(''));
      return {
        post: (message, transfer = []) => worker.postMessage(message, transfer),
        close: () => worker.terminate(),
      };
    }
    if (typeof SharedWorker !== 'function') throw new TypeError('this browser has no SharedWorker');
    const worker = new SharedWorker(url, { type: 'module', name: NAME });
    const { port } = worker;
    worker.onerror = onerror;
    port.onmessage = onmessage;
    const letGo = holdPresence((name) => events.onReady(name));
    return {
      post: (message, transfer = []) => port.postMessage(message, transfer),
      close: () => {
        port.close();
        letGo();
      },
    };
  };

/** Holds a lock for as long as this page lives: how a worker finds out that it does not, whatever it died of. */
const holdPresence = (onHeld: (name: string) => void): (() => void) => {
  let letGo = (): void => {};
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) {
    queueMicrotask(() => onHeld(''));
    return letGo;
  }
  const name = `touchline page ${crypto.randomUUID()}`;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  locks
    .request(name, () => {
      onHeld(name);
      return released;
    })
    .catch(() => onHeld(''));
  return () => letGo();
};
