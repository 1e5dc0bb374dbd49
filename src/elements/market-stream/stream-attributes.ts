import { addressWish, type StreamWish } from '../../context/stream-wish.js';
import type { TokenProvider } from '../../stream/auth-token.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { warnOnce } from '../internal/warn.js';

/** The attributes that shape a stream, as a page set them. */
export interface StreamAttributes extends Element {
  readonly src: string;
  readonly venue: string;
  readonly throttle: number;
  readonly rateLimit: number;
  readonly bufferSize: number;
  readonly heartbeat: number;
  readonly reconnectDelay: number;
  readonly reconnectAttempts: number;
  readonly maxConnections: number;
  readonly token: TokenProvider | undefined;
  readonly userTiming: boolean;
  readonly worker: string | null | undefined;
  readonly workerUrl: string;
}

/** What the provider wishes for. A number that makes no sense is told once; the stream's own default is used then. */
export function streamWish(
  element: StreamAttributes,
  given: MarketStream | undefined,
  onError: (error: { readonly code: string; readonly message: string }) => void,
): StreamWish {
  const address = addressWish(element.src, element.venue);
  if (given || address === undefined) return { stream: given };
  const number = (name: string, value: number, least: number): number | undefined => {
    if (Number.isFinite(value) && value >= least) return value;
    warnOnce(element, name, value, `a number from ${least}`);
    return undefined;
  };
  const entries = {
    throttle: number('throttle', element.throttle, 0),
    rateLimit: number('rate-limit', element.rateLimit, 1),
    bufferSize: number('buffer-size', element.bufferSize, 1),
    heartbeat: number('heartbeat', element.heartbeat, 100),
    reconnectDelay: number('reconnect-delay', element.reconnectDelay, 0),
    reconnectAttempts: number('reconnect-attempts', element.reconnectAttempts, 0),
    maxConnections: number('max-connections', element.maxConnections, 1),
  };
  const defined = Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
  // Read at each call: the page may replace its function at any time.
  const token: TokenProvider | undefined = element.token && ((request) => element.token?.(request));
  const { userTiming } = element;
  return { options: { ...address, ...defined, ...workerOf(element), userTiming, onError, ...(token && { token }) } };
}

function workerOf(element: StreamAttributes): Pick<NonNullable<StreamWish['options']>, 'worker' | 'workerUrl'> {
  const { worker, workerUrl } = element;
  // Lit takes an attribute that is removed for null.
  if (worker === undefined || worker === null) return {};
  const isShared = worker === 'shared';
  if (!isShared && worker !== '' && worker !== 'dedicated') warnOnce(element, 'worker', worker, 'dedicated or shared');
  return { worker: isShared ? worker : 'dedicated', workerUrl: workerUrl || undefined };
}
