/** What a page may set of a `ReconnectingSocket`, with the defaults, and what makes no sense. */
import { systemClock, type Clock } from './clock.js';
import { closeAdvice, type CloseAdvice } from './close-codes.js';
import { warnOnConsole } from './error-desk.js';
import type { ErrorListener } from './stream-error.js';
import type { TransportFactory } from './transport/transport.js';
import { createWebSocketTransport } from './transport/websocket.js';
import { pageWake, type WakeSource } from './wake.js';

/** `offline`: the quick tries are used up; slow ones go on. `closed`: nothing happens until `reconnect`. */
export type SocketState = 'connecting' | 'open' | 'reconnecting' | 'offline' | 'closed';

export interface SocketStatus {
  readonly state: SocketState;
  /** Tries since the link was last good: 0 while it is open or closed. */
  readonly attempt: number;
  /** How many quick tries there are before `offline`. */
  readonly maxAttempts: number;
  /** When the next try starts, in the socket's clock, or 0 when none is planned. */
  readonly retryAt: number;
  /** The code of the last close, 0 before the first. */
  readonly closeCode: number;
  /** What was said with it, for people. */
  readonly closeReason: string;
}

export interface ReconnectingSocketOptions<Message = unknown> {
  /** `wss://…`, `ws://…`, `http(s)://…` or a path such as `/ws/market/`; or a function that says it anew for each try. */
  readonly url: string | (() => string);
  /** Told of each message. */
  readonly onMessage?: ((message: Message) => void) | undefined;
  /** Told whenever a link is open: the place to say who we are and what we want. `isReconnect`: there was one before. */
  readonly onOpen?: ((isReconnect: boolean) => void) | undefined;
  /** Told of each change of the status. */
  readonly onStatus?: ((status: SocketStatus) => void) | undefined;
  /** Told of what a page may want to know. Default: a warning on the console. */
  readonly onError?: ErrorListener | undefined;
  /** What the text of a frame means. What it throws at is refused and counted. Default `JSON.parse`. */
  readonly read?: ((text: string) => Message) | undefined;
  /**
   * Time between two heartbeats, in milliseconds; with two of them unanswered the link is dropped. Any frame is an answer.
   * Default 30,000; `Infinity` for a server that answers none.
   */
  readonly heartbeatInterval?: number | undefined;
  /** What a heartbeat says; a function makes each one anew. Default `{type: 'ping'}`. */
  readonly heartbeatMessage?: string | object | (() => string | object) | undefined;
  /** Whether a message only answers a heartbeat, and is nobody's business else. Default: its `type` is `pong`. */
  readonly isHeartbeatAnswer?: ((message: Message) => boolean) | undefined;
  /** About the first wait before a new try, in milliseconds; it doubles up to 30 s, with jitter. Default 1,000. */
  readonly reconnectInterval?: number | undefined;
  /** Quick tries before the state says `offline`; slow ones go on. Default 10; may be `Infinity`. */
  readonly reconnectAttempts?: number | undefined;
  /** What a close code of this server means. Default: docs/PROTOCOL.md, where 4403 and 4409 are final. */
  readonly closeAdvice?: ((code: number) => CloseAdvice | undefined) | undefined;
  /** Messages that may wait for a link; one more drops the oldest. Default 100. */
  readonly queueSize?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Evenly from 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly transport?: TransportFactory | undefined;
  readonly wake?: WakeSource | undefined;
}

/** The same with every default in its place. */
export interface SocketSettings<Message> {
  readonly url: () => string;
  readonly read: (text: string) => Message;
  readonly heartbeatInterval: number;
  /** Throws what the page's own function throws. */
  readonly heartbeatText: () => string | undefined;
  readonly isHeartbeatAnswer: (message: Message) => boolean;
  readonly reconnectInterval: number;
  readonly reconnectAttempts: number;
  readonly closeAdvice: (code: number) => CloseAdvice | undefined;
  readonly queueSize: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly transport: TransportFactory;
  readonly wake: WakeSource;
  readonly onError: ErrorListener;
}

/** Heartbeats above one a second are noise. */
const LEAST_HEARTBEAT_MS = 1_000;
/** A wait of zero would make every page try at once. */
const LEAST_INTERVAL_MS = 100;

/** A message as it goes over the wire: text as it is, anything else as JSON. Throws `TypeError` for what JSON has no words for. */
export const messageText = (message: unknown): string => {
  const text: unknown = typeof message === 'string' ? message : JSON.stringify(message);
  if (typeof text !== 'string') throw new TypeError(`A message must be text or JSON, got ${typeof message}.`);
  return text;
};

const isPong = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'pong';

const numberFrom = (least: number, name: string, value: number): number => {
  if (typeof value === 'number' && value >= least) return value;
  throw new RangeError(`${name} must be a number from ${least}, got ${String(value)}.`);
};

/** Throws a `TypeError` or a `RangeError` for what makes no sense. */
export const readSocketOptions = <Message>(options: ReconnectingSocketOptions<Message>): SocketSettings<Message> => {
  const { url, heartbeatMessage = { type: 'ping' } } = options;
  if (typeof url !== 'string' && typeof url !== 'function') {
    throw new TypeError(`ReconnectingSocket: url must be text or a function, got ${typeof url}.`);
  }
  // Said once at least: what can't be written should be known before the first heartbeat is due.
  if (typeof heartbeatMessage !== 'function') messageText(heartbeatMessage);
  return {
    url: typeof url === 'string' ? () => url : url,
    read: options.read ?? ((text) => JSON.parse(text) as Message),
    heartbeatInterval: Math.max(
      LEAST_HEARTBEAT_MS,
      numberFrom(1, 'heartbeatInterval', options.heartbeatInterval ?? 30_000),
    ),
    heartbeatText: () =>
      messageText(typeof heartbeatMessage === 'function' ? (heartbeatMessage as () => unknown)() : heartbeatMessage),
    isHeartbeatAnswer: options.isHeartbeatAnswer ?? isPong,
    reconnectInterval: Math.max(
      LEAST_INTERVAL_MS,
      numberFrom(0, 'reconnectInterval', options.reconnectInterval ?? 1_000),
    ),
    reconnectAttempts: numberFrom(0, 'reconnectAttempts', options.reconnectAttempts ?? 10),
    closeAdvice: options.closeAdvice ?? closeAdvice,
    queueSize: numberFrom(1, 'queueSize', options.queueSize ?? 100),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    transport: options.transport ?? createWebSocketTransport(),
    wake: options.wake ?? pageWake,
    onError: options.onError ?? warnOnConsole,
  };
};
